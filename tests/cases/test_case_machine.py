"""Whatever people do with a case, in whatever order: it stays sound, and it can reach its end."""

from __future__ import annotations

import datetime as dt

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from negassoc.brand import Brand
from negassoc.cases import STAGES, AttemptLimit, Case, Stage, State, add_step, escalate, own_step, replan
from negassoc.classify import AssociationType, Grade
from negassoc.errors import CaseError
from negassoc.playbooks import Blocked, Plan
from negassoc.records import Title

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
STEPS = {
    "C0": "evidence", "C1": "safety", "C2": "classify", "GC1": "reply", "GC4": "remedy", "MA1": "evidence", "MA6": "report",
    "OV8": "appeal", "AM5": "disambiguate", "MA10": "legal", "MA15": "review",
}  # fmt: skip
AGAINST = {"report", "legal"}
WORDS = Title("护栏", "guard")
names = st.lists(st.sampled_from(sorted(STEPS)), unique=True, max_size=8)


def plan_of(steps: list[str], kind: AssociationType, *, refuse: bool) -> Plan:
    ordered = [name for name in STEPS if name in steps]
    kept = [name for name in ordered if not (refuse and STEPS[name] in AGAINST)]
    actions = tuple(own_step(name, name, role="OPS", kind=STEPS[name], due_at=NOW + dt.timedelta(hours=i)) for i, name in enumerate(kept))
    blocked = tuple(Blocked(id=n, title=WORDS, guard="GR-04", reason=WORDS, instead=WORDS) for n in ordered if n not in kept)
    return Plan(
        type=kind, brand=Brand("芮弥"), platform="xiaohongshu", grade=Grade.P2, mentions=("m",), now=NOW, actions=actions, blocked=blocked
    )


class CaseLife(RuleBasedStateMachine):
    """Random moves by random people; `hours` passes between them."""

    case: Case
    hours: int = 0

    @initialize(steps=names, refuse=st.booleans())
    def open_it(self, steps: list[str], refuse: bool) -> None:
        self.case = Case.open(plan_of(steps, AssociationType.MALICIOUS_ATTACK, refuse=refuse), who="甲", at=NOW, id="c")

    @property
    def at(self) -> dt.datetime:
        return NOW + dt.timedelta(hours=self.hours)

    def adopt(self, after: Case) -> None:
        assert after.log[: len(self.case.log)] == self.case.log
        assert len(after.log) > len(self.case.log)
        before = {task.id: task for task in self.case if task.state is State.DONE}
        kept = {task.id: task for task in after}
        assert all(name in kept and kept[name].attempts[: len(task.attempts)] == task.attempts for name, task in before.items())
        self.case = after

    @rule(index=st.integers(0, 30), to=st.sampled_from(State), passed=st.integers(0, 30), proof=st.integers(0, 4))
    def move(self, index: int, to: State, passed: int, proof: int) -> None:
        if not self.case.tasks:
            return
        self.hours += passed
        task = self.case.tasks[index % len(self.case.tasks)]
        promised = self.case.permitted(task.id, at=self.at)
        try:
            self.adopt(self.case.move(task.id, to, who="乙", at=self.at, why="因为", evidence=(f"E{proof}",)))
            assert to in promised
        except CaseError as error:
            assert tuple(error.permitted) == promised
            assert to not in promised or "new evidence" in str(error)

    @rule(to=st.sampled_from(Stage))
    def enter(self, to: Stage) -> None:
        try:
            self.adopt(self.case.enter(to, who="乙", at=self.at, why="因为"))
        except CaseError as error:
            assert to not in STAGES[self.case.stage] or self.case.unsettled()
            assert error.status == self.case.stage

    @rule(index=st.integers(0, 30), most=st.integers(1, 3))
    def limit(self, index: int, most: int) -> None:
        if self.case.tasks and self.case.stage is not Stage.CLOSED:
            name = self.case.tasks[index % len(self.case.tasks)].id
            limit = AttemptLimit(max_attempts=most, window_ends_at=NOW + dt.timedelta(days=3))
            self.adopt(self.case.limit(name, limit, who="乙", at=self.at))

    @precondition(lambda self: len(self.case.tasks) < 25)
    @rule(number=st.integers(0, 5), kind=st.sampled_from(["task", "evidence", "reply", "report", "paid_deletion"]))
    def add(self, number: int, kind: str) -> None:
        try:
            self.adopt(add_step(self.case, own_step(f"X{number}", "自加", role="PR", kind=kind), who="乙", why="因为", at=self.at))
            assert kind not in {"report", "paid_deletion"}
        except CaseError:
            known = {task.id for task in self.case}
            assert kind in {"report", "paid_deletion"} or f"X{number}" in known or self.case.stage is Stage.CLOSED

    @precondition(lambda self: len(self.case.tasks) < 25)
    @rule(index=st.integers(0, 30))
    def escalate(self, index: int) -> None:
        failed = [task.id for task in self.case if task.state is State.FAILED]
        if failed and self.case.stage is not Stage.CLOSED:
            self.adopt(escalate(self.case, failed[index % len(failed)], who="乙", why="因为", at=self.at))

    @rule(steps=names, kind=st.sampled_from([AssociationType.CUSTOMER_COMPLAINT, AssociationType.MALICIOUS_ATTACK]), refuse=st.booleans())
    def replan(self, steps: list[str], kind: AssociationType, refuse: bool) -> None:
        if self.case.stage is not Stage.CLOSED:
            self.adopt(replan(self.case, plan_of(steps, kind, refuse=refuse), who="乙", why="事实变了", at=self.at))
            if kind is AssociationType.CUSTOMER_COMPLAINT:
                allowed = {action.id for action in self.case.plan}
                assert not [t for t in self.case if t.action.kind in AGAINST and t.id not in allowed and t.state.open]
            refused = {step.id for step in self.case.plan.blocked}
            assert not [task for task in self.case if task.id in refused and task.state in {State.IN_PROGRESS, State.WAITING}]

    @invariant()
    def sound(self) -> None:
        ids = [task.id for task in self.case]
        assert len(ids) == len(set(ids))
        assert [entry.seq for entry in self.case.log] == list(range(1, len(self.case.log) + 1))
        assert all(task.why for task in self.case if task.state in {State.FAILED, State.SKIPPED})
        assert all([a.number for a in task.attempts] == list(range(1, len(task.attempts) + 1)) for task in self.case)
        assert all(a.ended_at is not None for task in self.case for a in task.attempts[:-1])
        assert all((task.running is not None) == (task.state in {State.IN_PROGRESS, State.WAITING}) for task in self.case)
        if self.case.stage is Stage.CLOSED:
            assert not self.case.unsettled()
        assert Case.from_json(self.case.to_json()) == self.case

    def teardown(self) -> None:
        if not hasattr(self, "case"):
            return
        case = self.case
        while case.stage is not Stage.CLOSED:
            for task in case.unsettled():
                case = case.move(task.id, "skipped", who="甲", at=self.at, why="收尾")
            ahead = max(STAGES[case.stage], key=lambda stage: stage.rank)
            case = case.enter(ahead, who="甲", at=self.at)
        assert all(task.settled for task in case)


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
