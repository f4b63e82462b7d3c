"""One step of a case: the action from the plan, where it stands, every attempt at it; and the lines of the log."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from negassoc.cases.limits import AttemptLimit
from negassoc.cases.moves import Stage, State
from negassoc.errors import DataError, Problem
from negassoc.playbooks import Action
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from negassoc.records import Title

Origin: TypeAlias = Literal["plan", "by_hand", "follow_up"]


@attrs.frozen(kw_only=True)
class Attempt:
    """One try at a step. `ended_at` and `outcome` are None while it runs; `ticket` is the platform's or authority's number."""

    number: int
    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    outcome: State | None = None
    why: str | None = None
    ticket: str | None = None
    evidence: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class LogEntry:
    """One line of the audit log: who did what to which step (or to the case), when, from what to what, and why."""

    seq: int
    at: dt.datetime
    who: str
    what: str
    target: str
    old: str | None = None
    new: str | None = None
    why: str | None = None

    def __str__(self) -> str:
        change = f" {self.old or '∅'} → {self.new}" if self.new else ""
        return f"{self.seq}. {self.at.isoformat()} {self.who}: {self.what} {self.target}{change}{f' ({self.why})' if self.why else ''}"


@attrs.frozen(kw_only=True)
class Details:
    """What is said with a move: `why`, the platform's `ticket`, the ids of the `evidence` used, `until` when an answer is due."""

    why: str | None = None
    ticket: str | None = None
    evidence: tuple[str, ...] = ()
    until: dt.datetime | None = None


@attrs.frozen(kw_only=True)
class Task:
    """A step of a case. `why` is the reason given for the last state; `by_plan` is True where a changed plan took the step out.

    `waiting_until` is when the platform's answer is due; `followed_by` names the step that takes up a failed one.
    """

    action: Action
    stage: Stage
    state: State = State.NOT_STARTED
    origin: Origin = "plan"
    attempts: tuple[Attempt, ...] = ()
    limit: AttemptLimit | None = None
    waiting_until: dt.datetime | None = None
    why: str | None = None
    by_plan: bool = False
    followed_by: str | None = None
    assignee: str | None = None

    @property
    def id(self) -> str:
        """The action's id."""
        return self.action.id

    @property
    def title(self) -> Title:
        """The action's title."""
        return self.action.title

    @property
    def settled(self) -> bool:
        """Done, skipped, or failed and taken up by another step."""
        return not self.state.open or (self.state is State.FAILED and self.followed_by is not None)

    @property
    def deadline_at(self) -> dt.datetime | None:
        """When something has to happen next: the platform's answer while we wait for it, otherwise the step itself; None if settled."""
        if self.settled:
            return None
        waiting = self.waiting_until.astimezone(BEIJING) if self.waiting_until else None
        return waiting if self.state is State.WAITING else self.action.due_at

    @property
    def running(self) -> Attempt | None:
        """The attempt that has not ended, if any."""
        return self.attempts[-1] if self.attempts and self.attempts[-1].ended_at is None else None

    def seen_evidence(self) -> frozenset[str]:
        """Ids of all evidence that any attempt has used."""
        return frozenset(item for attempt in self.attempts for item in attempt.evidence)

    def moved(self, to: State, at: dt.datetime, details: Details) -> Task:
        """The step in its new state, with its attempts kept in step; which moves are permitted is the case's affair."""
        attempts = self._begun(to, at)
        if attempts:
            attempts = (*attempts[:-1], _updated(attempts[-1], to, at, details))
        waiting = details.until if to is State.WAITING else None
        return attrs.evolve(self, state=to, attempts=attempts, waiting_until=waiting, why=details.why, by_plan=False)

    def _begun(self, to: State, at: dt.datetime) -> tuple[Attempt, ...]:
        begins = to is State.IN_PROGRESS or (to is State.DONE and self.state is State.NOT_STARTED)
        if not begins or self.running:
            return self.attempts
        return (*self.attempts, Attempt(number=len(self.attempts) + 1, started_at=at))


def _updated(attempt: Attempt, to: State, at: dt.datetime, details: Details) -> Attempt:
    if attempt.ended_at is not None:
        return attempt
    evidence = tuple(dict.fromkeys((*attempt.evidence, *details.evidence)))
    kept = attrs.evolve(attempt, ticket=details.ticket or attempt.ticket, why=details.why or attempt.why, evidence=evidence)
    return attrs.evolve(kept, ended_at=at, outcome=to) if to in {State.DONE, State.FAILED, State.SKIPPED} else kept


def aware(at: dt.datetime | None) -> dt.datetime:
    """A time in UTC, now if None; `DataError` if it has no time zone or is no time."""
    if at is None:
        return dt.datetime.now(dt.UTC)
    if not isinstance(at, dt.datetime) or at.tzinfo is None:
        raise DataError([Problem("time", f"{at} has no time zone; give an aware time, like datetime.now(timezone.utc)")])
    return at.astimezone(dt.UTC)
