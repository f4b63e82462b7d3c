"""A case (案件): one plan being carried out, from 发现 through 评估 and 解决 to 复盘, with a log of who did what, when and why."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import TYPE_CHECKING, Self

import attrs

from negassoc.cases.moves import ATTEMPTED, NEEDS_REASON, STAGES, STATES, Stage, State, keeps_evidence, stages_of, touches_others
from negassoc.cases.store import not_open
from negassoc.cases.task import Details, LogEntry, Task, aware
from negassoc.classify import AssociationType
from negassoc.errors import CaseError, DataError, Problem, UnknownNameError
from negassoc.playbooks import Plan
from negassoc.playbooks.due import add_working_days
from negassoc.protocols import Store
from negassoc.records import Json, structure, unstructure
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from negassoc.cases.evidence import Evidence
    from negassoc.cases.limits import AttemptLimit

KIND = "case"
"""Under which a store keeps cases."""
_SHOWN = 5  # steps in the short form of a case
ANSWER_WITHIN = 3
"""Working days to wait for a platform where nobody says otherwise (house rule, not law)."""


@attrs.frozen(kw_only=True)
class Case:
    """One incident being handled. A case never changes: every move gives a new case whose log is one line longer.

    `tasks` are all steps from the start, in order. A step may begin in its own stage or one stage early (a public answer cannot wait until
    every question of the assessment is settled), once what it builds on is settled, and never before the evidence if it touches others.
    `version` is that of the stored document (0: never stored).
    Open one with `Case.open`; `move` a step, `enter` the next stage, `escalate` what failed, `add` a step of your own, `limit` its
    attempts; `replan` (in `negassoc.cases`) follows a plan that has changed.
    """

    id: str
    plan: Plan
    stage: Stage
    tasks: tuple[Task, ...]
    log: tuple[LogEntry, ...]
    version: int = attrs.field(default=0, eq=False)

    @classmethod
    def open(cls, plan: Plan, *, who: str, at: dt.datetime | None = None, id: str | None = None) -> Self:  # noqa: A002 - the record's word
        """A case for `plan`, in 发现, with nothing done yet. `at` is now and `id` a new one unless given."""
        at = aware(at)
        if not isinstance(plan, Plan):
            raise DataError([Problem("plan", f"expected a Plan, found {plan!r:.60}; of a verdict: Pack.default().plan(verdict)")])
        name = id or f"{at.astimezone(BEIJING):%Y%m%d}-{secrets.token_hex(3)}"
        stages = stages_of(plan.actions)
        tasks = tuple(Task(action=action, stage=stage) for action, stage in zip(plan.actions, stages, strict=True))
        empty = cls(id=name, plan=plan, stage=Stage.DETECT, tasks=tasks, log=())
        return empty.logged("opened", name, who=who, at=at, new=Stage.DETECT)

    @property
    def opened_at(self) -> dt.datetime:
        """When it was opened."""
        return self.log[0].at

    def __iter__(self) -> Iterator[Task]:
        return iter(self.tasks)

    def __repr__(self) -> str:
        plan, ahead = self.plan, sum(not task.settled for task in self.tasks)
        return f"<Case {self.id} {plan.type} {plan.grade}, {plan.brand.name}: {self.stage}, {ahead} of {len(self.tasks)} tasks ahead>"

    def __str__(self) -> str:
        plan, ahead = self.plan, [task for task in self.tasks if not task.settled]
        types = "＋".join(kind.words.zh for kind in (plan.type, *plan.also))
        return "\n".join([
            f"案件 {self.id}：{plan.brand.name} · {types} · {plan.grade.value} · {self.stage.words.zh}",
            *(f"{task.action} · {task.state.words.zh}" for task in ahead[:_SHOWN]),
            f"共 {len(self.tasks)} 步，还有 {len(ahead)} 步未了结；处理记录 {len(self.log)} 条",
        ])  # fmt: skip

    def task(self, step: str) -> Task:
        """One step by id; `UnknownNameError` if the case has none such."""
        found = next((task for task in self.tasks if task.id == step), None)
        if found is None:
            raise UnknownNameError("step", step, [task.id for task in self.tasks])
        return found

    def permitted(self, step: str, *, at: dt.datetime | None = None) -> tuple[State, ...]:
        """The states the step may go to now, by the table and by what must come first."""
        task = self.task(step)
        return tuple(to for to in STATES[task.state] if self._obstacle(task, to, aware(at)) is None)

    def move(  # noqa: PLR0913 - what is known of one move, each by its name
        self, step: str, to: State | str, *, who: str, at: dt.datetime | None = None, why: str | None = None,
        ticket: str | None = None, evidence: str | Iterable[str] = (), until: dt.datetime | None = None,
        register: Iterable[Evidence] | None = None,
    ) -> Self:  # fmt: skip
        """Move one step to `not_started`, `in_progress`, `waiting_platform`, `done`, `failed` or `skipped`.

        `why` is required for failed and skipped, and to take up again what was settled. `ticket` is the platform's number and
        `until` when its answer is due (three working days on, unless given). A new attempt at an appeal or report names new `evidence`, by
        id; a lone text is one id. With a `register` (`EvidenceFolder.register()`) an id that is not in it is an `UnknownNameError`.
        `CaseError` says which moves are permitted instead.
        """
        task, target, at, ids = self.task(step), State.of(str(to)), aware(at), _evidence_ids(evidence, register)
        reason = self._obstacle(task, target, at) or self._lacking(task, target, why, ids)
        if reason:
            raise CaseError(f"step {step}: {reason}", status=task.state, permitted=self.permitted(step, at=at))
        until = aware(until) if until else aware(add_working_days(at, ANSWER_WITHIN)[0])
        moved = task.moved(target, at, Details(why=why, ticket=ticket, evidence=ids, until=until))
        return self._with(moved).logged("moved", step, who=who, at=at, old=task.state, new=target, why=why)

    def enter(self, stage: Stage | str, *, who: str, at: dt.datetime | None = None, why: str | None = None) -> Self:
        """Go to the next stage (everything up to here must be settled) or back to an earlier one (with a reason); or close the case."""
        target = Stage.of(str(stage))
        if target not in STAGES[self.stage]:
            raise self._refused(f"cannot go from {self.stage.words} to {target.words}")
        if target.rank < self.stage.rank and not (why or "").strip():
            raise self._refused(f"going back to {target.words} needs a reason")
        if target.rank > self.stage.rank and (left := self.unsettled()):
            steps = ", ".join(f"{task.id} ({task.state.words.zh})" for task in left)
            raise self._refused(f"not settled before {target.words}: {steps}; finish, skip with a reason, or escalate what failed")
        moved = attrs.evolve(self, stage=target)
        return moved.logged("entered", self.id, who=who, at=aware(at), old=self.stage, new=target, why=why)

    def unsettled(self) -> tuple[Task, ...]:
        """The steps of this stage and those before it that are neither done, skipped nor taken up by another."""
        return tuple(task for task in self.tasks if task.stage.rank <= self.stage.rank and not task.settled)

    def limit(self, step: str, limit: AttemptLimit, *, who: str, at: dt.datetime | None = None) -> Self:
        """State how many attempts the platform allows for a step, and until when (see `appeal_limit`, or read the notice)."""
        self._must_be_open()
        most = f"最多 {limit.max_attempts} 次" if limit.max_attempts else ""
        ends = f"{limit.window_ends_at.astimezone(BEIJING):%Y-%m-%d %H:%M} 前" if limit.window_ends_at else ""
        words = "，".join(filter(None, (most, ends)))
        return self._with(attrs.evolve(self.task(step), limit=limit)).logged("limited", step, who=who, at=aware(at), why=words)

    def assign(self, step: str, assignee: str, *, who: str, at: dt.datetime | None = None) -> Self:
        """Say which person does the step."""
        self._must_be_open()
        task = self.task(step)
        return self._with(attrs.evolve(task, assignee=assignee)).logged(
            "assigned", step, who=who, at=aware(at), old=task.assignee, new=assignee
        )

    def due(self, at: dt.datetime | None = None, *, within: dt.timedelta = dt.timedelta(days=1)) -> tuple[Task, ...]:
        """The open steps whose deadline is past or comes within `within` after `at`, most urgent first."""
        return self._by_deadline(lambda deadline: deadline <= aware(at) + within)

    def overdue(self, at: dt.datetime | None = None) -> tuple[Task, ...]:
        """The open steps whose deadline lies before `at`; while we wait for a platform, its answer's deadline counts."""
        return self._by_deadline(lambda deadline: deadline < aware(at))

    def silent(self, at: dt.datetime | None = None) -> tuple[Task, ...]:
        """The steps for which a platform's answer is overdue: move them to failed, then try anew or escalate."""
        return tuple(task for task in self.overdue(at) if task.state is State.WAITING)

    def next(self, at: dt.datetime | None = None) -> tuple[Task, ...]:
        """What can be taken up now: steps not started or failed that nothing stands in the way of, and those under way, in order."""
        left = (task for task in self.tasks if not task.settled)
        return tuple(task for task in left if task.running or State.IN_PROGRESS in self.permitted(task.id, at=at))

    @property
    def is_complaint(self) -> bool:
        """Whether a genuine complaint is part of it, so that nobody in it may be reported on the side."""
        return AssociationType.CUSTOMER_COMPLAINT in {self.plan.type, *self.plan.also}

    def to_json(self) -> str:
        """The whole case as one line of JSON; `from_json` gives it back."""
        record = unstructure(attrs.evolve(self, version=0))
        if not isinstance(record, dict) or not isinstance(plan := record["plan"], dict) or not isinstance(brand := plan["brand"], dict):
            raise TypeError("a case unstructures to nested objects")
        del record["version"]
        record["brand_key"] = brand.pop("key", None)
        return json.dumps(record, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str, *, version: int = 0, where: str = "case") -> Self:
        """A case from what `to_json` wrote; `DataError` if it is something else."""
        try:
            record = json.loads(text)
        except json.JSONDecodeError as error:
            raise DataError([Problem(where, f"not valid JSON: {error.msg}")]) from None
        key = record.pop("brand_key", None) if isinstance(record, dict) else None
        case = structure(record, cls, where=where)
        brand = attrs.evolve(case.plan.brand, key=key)
        return attrs.evolve(case, plan=attrs.evolve(case.plan, brand=brand), version=version)

    def save(self, store: Store) -> Self:
        """Write it to a store; the case with its new version, to go on with. `CaseError` where another writer was first (load again, then
        redo), and for a new case under an id that the store has already."""
        held = _open(store).load(KIND, self.id) if not self.version else None
        if held:
            how = f"go on with what save returned, or open it with Case.load(store, {self.id!r})"
            raise CaseError(f"case {self.id!r} is there already: {how}", status=f"version {held[0]}", permitted=["load", "another id"])
        return attrs.evolve(self, version=store.save(KIND, self.id, self.to_json(), self.version))

    @classmethod
    def load(cls, store: Store, id: str) -> Self:  # noqa: A002 - the record's word
        """One case from a store; `UnknownNameError` if it is not there."""
        found = _open(store).load(KIND, id)
        if found is None:
            raise UnknownNameError("case", id, ())
        return cls.from_json(found[1], version=found[0], where=f"case {id}")

    def to_record(self, at: dt.datetime | None = None) -> dict[str, Json]:
        """As `case list --json` prints it: where it stands, what is open, overdue and due next at `at`."""
        deadlines = [task.deadline_at for task in self.tasks if task.deadline_at]
        return {
            "id": self.id, "brand": self.plan.brand.name, "type": self.plan.type.value, "also": [t.value for t in self.plan.also],
            "platform": self.plan.platform, "grade": self.plan.grade.value, "stage": self.stage.value,
            "opened_at": self.opened_at.isoformat(), "mentions": list(self.plan.mentions), "steps": len(self.tasks),
            "open": [task.id for task in self.tasks if not task.settled], "overdue": [task.id for task in self.overdue(at)],
            "next_due_at": min(deadlines).isoformat() if deadlines else None, "version": self.version,
        }  # fmt: skip

    def logged(  # noqa: PLR0913 - the columns of the log
        self, what: str, target: str, *, who: str, at: dt.datetime, old: str | None = None, new: str | None = None, why: str | None = None,
    ) -> Self:  # fmt: skip
        """The case with one more line in its log; `DataError` if nobody is named."""
        if not who.strip():
            raise DataError([Problem("log", "who did it? every entry in the log of a case names a person or a role", key="who")])
        seq, was, now = len(self.log) + 1, old and str(old), new and str(new)
        entry = LogEntry(seq=seq, at=at, who=who, what=what, target=target, old=was, new=now, why=why)
        return attrs.evolve(self, log=(*self.log, entry))

    def _with(self, task: Task) -> Self:
        return attrs.evolve(self, tasks=tuple(task if old.id == task.id else old for old in self.tasks))

    def _by_deadline(self, holds: Callable[[dt.datetime], bool]) -> tuple[Task, ...]:
        timed = [(task.deadline_at, index, task) for index, task in enumerate(self.tasks) if task.deadline_at and holds(task.deadline_at)]
        return tuple(task for _, _, task in sorted(timed, key=lambda entry: entry[:2]))

    def _obstacle(self, task: Task, to: State, at: dt.datetime) -> str | None:
        """Why the step may not go there now, or None."""
        if self.stage is Stage.CLOSED:
            return "the case is closed; go back to 解决 first"
        if task.by_plan and to is State.IN_PROGRESS:
            return f"the plan took it out ({task.why}); state what has become known and replan"
        if to not in STATES[task.state]:
            return f"{task.state.words.zh} cannot become {to.words.zh}"
        if to in {State.IN_PROGRESS, State.DONE} and not task.running:
            return self._not_yet(task) or (task.limit.refuses(len(task.attempts), at) if task.limit else None)
        return None

    def _not_yet(self, task: Task) -> str | None:
        if task.stage.rank > self.stage.rank + 1:
            return f"it belongs to {task.stage.words.zh}, the case is only in {self.stage.words.zh}; enter the next stage first"
        if undone := [name for name in task.action.depends_on if not self._is_settled(name)]:
            return f"first finish or skip what it builds on: {', '.join(undone)}"
        before = self.tasks[: self.tasks.index(task)]
        if touches_others(task.action.kind) and (missing := [e.id for e in before if keeps_evidence(e.action.kind) and not e.settled]):
            return f"evidence first: {', '.join(missing)} is not settled"
        return None

    def _is_settled(self, step: str) -> bool:
        return all(task.settled for task in self.tasks if task.id == step)

    def _lacking(self, task: Task, to: State, why: str | None, evidence: tuple[str, ...]) -> str | None:
        again = not task.state.open
        if (to in NEEDS_REASON or again) and not (why or "").strip():
            return f"{to.words.zh} needs a reason (why=…)"
        renewed = to is State.IN_PROGRESS and task.attempts and not task.running and task.action.kind in ATTEMPTED
        if renewed and not set(evidence) - task.seen_evidence():
            return "a new attempt needs new evidence (evidence=…); the same text again uses up an attempt"
        return None

    def _must_be_open(self) -> None:
        if self.stage is Stage.CLOSED:
            raise self._refused("the case is closed")

    def _refused(self, message: str) -> CaseError:
        return CaseError(f"case {self.id}: {message}", status=self.stage, permitted=STAGES[self.stage])

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import case_html

        return case_html(self)


def _evidence_ids(said: str | Iterable[str], register: Iterable[Evidence] | None) -> tuple[str, ...]:
    """A lone text is one id, not a row of characters; `DataError` for what is no id, `UnknownNameError` for what the register lacks."""
    ids = (said,) if isinstance(said, str) else tuple(said)
    if wrong := [one for one in ids if not isinstance(one, str) or not one.strip()]:
        raise DataError([Problem("evidence", f"expected ids of evidence, found {wrong[0]!r:.60}; of an Evidence: its id", key="evidence")])
    known = ids if register is None else tuple(item.id for item in register)
    for name in ids:
        if name not in known:
            raise UnknownNameError("evidence", name, known)
    return ids


def _open(store: Store) -> Store:
    if not isinstance(store, Store):
        raise not_open(store)
    return store
