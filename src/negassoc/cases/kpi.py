"""How well cases were handled (指标): what their logs and attempts can answer, and nothing that they cannot."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.cases.moves import Stage, State
from negassoc.classify import AssociationType, Grade
from negassoc.playbooks.situation import AGAINST_AUTHOR
from negassoc.records import Title, load_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from negassoc.cases.case import Case
    from negassoc.cases.task import Attempt, Task

_ANSWER_WITHIN = {Grade.P0: 2, Grade.P1: 4, Grade.P2: 8, Grade.P3: 24}
_DECIDED = frozenset({State.DONE, State.FAILED})


@attrs.frozen(kw_only=True)
class KpiDefinition:
    """One measure: what it is, how it is counted, the `target` of the house, and whether `more` is better."""

    id: str
    title: Title
    how: Title
    target: float
    more: bool


@attrs.frozen(kw_only=True)
class Kpi:
    """One measure of some cases. `value` is None and `count` 0 where no case answers it; `met` is then None too."""

    definition: KpiDefinition
    value: float | None
    count: int

    @property
    def met(self) -> bool | None:
        """Whether the target is reached."""
        if self.value is None:
            return None
        return self.value >= self.definition.target if self.definition.more else self.value <= self.definition.target


@attrs.frozen(kw_only=True)
class _KpiFile:
    checked_on: dt.date
    kpi: tuple[KpiDefinition, ...]


@functools.cache
def kpi_definitions() -> tuple[KpiDefinition, ...]:
    """The measures, in the order in which they are shown."""
    return load_toml(Path(__file__).parent.parent / "data" / "kpi.toml", _KpiFile).kpi


def measure(cases: Iterable[Case], *, at: dt.datetime | None = None) -> tuple[Kpi, ...]:
    """Every measure over the cases as they stand at `at` (now unless given). A deadline that has not passed yet counts neither way.

    >>> [kpi.value for kpi in measure(())] == [None] * len(kpi_definitions())
    True
    """
    given, now = tuple(cases), at or dt.datetime.now(dt.UTC)
    return tuple(_kpi(definition, _MEASURES[definition.id](given, now)) for definition in kpi_definitions())


def _kpi(definition: KpiDefinition, values: Sequence[float | None]) -> Kpi:
    known = [value for value in values if value is not None]
    whole = sum(known) if definition.id == "misrouted" else sum(known) / len(known) if known else 0.0
    return Kpi(definition=definition, value=whole if known else None, count=len(known))


def _first_answers(cases: Sequence[Case], now: dt.datetime) -> list[float | None]:
    return [_in_time(case, "reply", dt.timedelta(hours=_ANSWER_WITHIN[case.plan.grade]), now, every=False) for case in cases]


def _remedies(cases: Sequence[Case], now: dt.datetime) -> list[float | None]:
    return [_in_time(case, "remedy", dt.timedelta(hours=72), now, every=True) for case in cases if case.is_complaint]


def _in_time(case: Case, kind: str, within: dt.timedelta, now: dt.datetime, *, every: bool) -> float | None:
    """1 if the first (or every) step of the kind was done in time, 0 if not, None if there is none or it may still be."""
    tasks = [task for task in case if task.action.kind == kind and task.state is not State.SKIPPED]
    limit, times = case.opened_at + within, [_done_at(task) for task in tasks]
    done = [at for at in times if at is not None]
    if not tasks or (not done and now <= limit):
        return None
    if every:
        return float(len(done) == len(tasks) and max(done) <= limit) if len(done) == len(tasks) or now > limit else None
    return float(bool(done) and min(done) <= limit)


def _done_at(task: Task) -> dt.datetime | None:
    return task.attempts[-1].ended_at if task.attempts and task.state is State.DONE else None


def _reports(cases: Sequence[Case], _: dt.datetime) -> list[float | None]:
    return [float(attempt.outcome is State.DONE) for attempt in _decided(cases, frozenset({"report"}))]


def _appeals(cases: Sequence[Case], _: dt.datetime) -> list[float | None]:
    return [float(attempt.outcome is State.DONE) for attempt in _decided(cases, frozenset({"appeal"}))]


def _decided(cases: Sequence[Case], kinds: frozenset[str]) -> list[Attempt]:
    return [a for case in cases for task in case if task.action.kind in kinds for a in task.attempts if a.outcome in _DECIDED]


def _attempts(cases: Sequence[Case], _: dt.datetime) -> list[float | None]:
    appeals = [task for case in cases for task in case if task.action.kind == "appeal"]
    return [float(len(task.attempts)) for task in appeals if task.state in _DECIDED and task.attempts]


def _misrouted(cases: Sequence[Case], _: dt.datetime) -> list[float | None]:
    return [float(case.plan.type is AssociationType.CUSTOMER_COMPLAINT and _was_against_somebody(case)) for case in cases]


def _was_against_somebody(case: Case) -> bool:
    return any(task.action.kind in AGAINST_AUTHOR and task.attempts for task in case)


def _reviews(cases: Sequence[Case], now: dt.datetime) -> list[float | None]:
    return [_reviewed(case, now) for case in cases]


def _reviewed(case: Case, now: dt.datetime) -> float | None:
    entered = {entry.new: entry.at for entry in case.log if entry.what == "entered"}
    began = entered.get(Stage.REVIEW)
    if began is None:
        return None
    closed = entered.get(Stage.CLOSED) if case.stage is Stage.CLOSED else None
    if closed is None and now <= began + dt.timedelta(days=7):
        return None
    return float(closed is not None and closed <= began + dt.timedelta(days=7))


_MEASURES: dict[str, Callable[[Sequence[Case], dt.datetime], list[float | None]]] = {
    "first_answer": _first_answers, "remedy_72h": _remedies, "report_precision": _reports, "misrouted": _misrouted,
    "appeal_success": _appeals, "appeal_attempts": _attempts, "review_7d": _reviews,
}  # fmt: skip
