"""How a case's list of steps changes: a step of one's own, what takes up a failed one, and a plan that has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from negassoc.cases.moves import Stage, State, stages_of
from negassoc.cases.task import Details, Task, aware
from negassoc.classify import AssociationType
from negassoc.errors import CaseError
from negassoc.facts import Facts
from negassoc.playbooks import Action, Blocked, Plan
from negassoc.playbooks.guards import Guard, Guards
from negassoc.playbooks.situation import AGAINST_AUTHOR
from negassoc.records import Title

if TYPE_CHECKING:
    import datetime as dt

    from negassoc.cases.case import Case

_SAME = Title("同上一步", "as for the step before")
_NONE = Title("另行商定", "to be agreed")


def own_step(  # noqa: PLR0913 - the parts of a step that a person says
    id: str, title: str, *, role: str, kind: str = "task", due_at: dt.datetime | None = None, why: str = "",  # noqa: A002
) -> Action:  # fmt: skip
    """A step of one's own in a few words; `kind` is judged by the guards when it is added to a case.

    >>> own_step("X1", "致电供应商核对批次", role="QA").title.zh
    '致电供应商核对批次'
    """
    return Action(
        id=id, order=0, kind=kind, title=Title(title, title), why=Title(why, why), role=role, channel=None, materials=(), due_at=due_at,
        due_basis=_NONE, done_when=_NONE, if_failed=_NONE, basis=(), never=(), because=(),
    )  # fmt: skip


def add_step(  # noqa: PLR0913 - who, when, why, where and on which facts
    case: Case, action: Action, *, who: str, why: str, at: dt.datetime | None = None, after: str | None = None, facts: Facts | None = None,
) -> Case:  # fmt: skip
    """The case with one more step, after the step `after` or behind everything of the present stage.

    The guards judge it by its kind and the stated `facts`, as they judge a plan: `CaseError` with the guard's words if one refuses.
    While a complaint is in remedy no report, letter or suit is added, whatever the facts say.
    """
    at = aware(at)
    if case.stage is Stage.CLOSED:
        raise CaseError(f"case {case.id} is closed", status=case.stage, permitted=[Stage.RESPOND])
    if any(task.id == action.id for task in case.tasks):
        raise CaseError(f"case {case.id} has a step {action.id!r} already", status=case.stage, permitted=["another id"])
    _judge(case, action, facts or Facts())
    place = case.tasks.index(case.task(after)) + 1 if after else _end_of(case.tasks, case.stage)
    stage = case.tasks[place - 1].stage if after else case.stage
    task = Task(action=action, stage=stage, origin="by_hand")
    grown = attrs.evolve(case, tasks=(*case.tasks[:place], task, *case.tasks[place:]))
    return grown.logged("added", action.id, who=who, at=at, new=State.NOT_STARTED, why=why)


def escalate(  # noqa: PLR0913 - who, when, why and to what
    case: Case, step: str, *, who: str, why: str, at: dt.datetime | None = None, to: str | Action | None = None,
) -> Case:  # fmt: skip
    """Hand a failed step on: to a step of the case (`to="MA8"`), to a new one, or to what its own "if it fails" says.

    Unless `to` is given it goes to the step that the playbook names for this, where the case has it open. The failed step stays failed,
    and counts as settled once another takes it up.
    """
    at, failed = aware(at), case.task(step)
    to = to or _named_by_playbook(case, failed)
    if failed.state is not State.FAILED or case.stage is Stage.CLOSED:
        raise CaseError(f"step {step} has not failed; only a failed step is escalated", status=failed.state, permitted=case.permitted(step))
    if isinstance(to, str) and (case.task(to).settled or to == step):
        message = f"step {to} cannot take up {step}: it is settled or the same"
        raise CaseError(message, status=case.task(to).state, permitted=["another step"])
    if not isinstance(to, str):
        follow_up = to or _fallback(case, failed)
        case = add_step(case, follow_up, who=who, why=why, at=at, after=step)
        case = _replace(case, attrs.evolve(case.task(follow_up.id), origin="follow_up"))
        to = follow_up.id
    linked = _replace(case, attrs.evolve(case.task(step), followed_by=to))
    return linked.logged("escalated", step, who=who, at=at, new=to, why=why)


def replan(case: Case, plan: Plan, *, who: str, why: str, at: dt.datetime | None = None) -> Case:
    """The case under a changed plan: what was done, failed or is under way stays as it is, new steps come in, others leave.

    A step not begun that the new plan no longer has is skipped with that reason. One that the new plan's guards refuse is stopped even
    under way, with the guard's words; if it already lies with a platform, a step to withdraw it is added.
    """
    at = aware(at)
    if case.stage is Stage.CLOSED:
        raise CaseError(f"case {case.id} is closed", status=case.stage, permitted=[Stage.RESPOND])
    old = {task.id: task for task in case.tasks}
    planned = [_renewed(old.get(action.id), action, stage) for action, stage in zip(plan.actions, stages_of(plan.actions), strict=True)]
    ids = {task.id for task in planned}
    blocked = {**_against_a_customer(case, plan), **{step.id: step for step in plan.blocked}}
    rest: dict[str, Task] = {}
    for task in case.tasks:
        for left in _left_over(task, blocked.get(task.id), at) if task.id not in ids else ():
            rest[left.id] = old.get(left.id, left) if left.id != task.id else left
    merged = attrs.evolve(case, plan=plan, tasks=_merged(planned, list(rest.values())))
    return merged.logged("replanned", case.id, who=who, at=at, why=f"{why}（{_difference(case, merged)}）")


def _judge(case: Case, action: Action, facts: Facts) -> None:
    guards = Guards.default()
    refusing = guards.refusing(action.kind, facts) or _spoken(guards, action)
    in_remedy = case.is_complaint and action.kind in AGAINST_AUTHOR
    if refusing or in_remedy:
        guard = refusing[0] if refusing else guards.get("GR-04")
        message = f"step {action.id} is refused by {guard.id}: {guard.reason.zh}。可改为：{guard.instead.zh}"
        raise CaseError(message, status=case.stage, permitted=["a step of another kind", "replan with new facts"])


def _spoken(guards: Guards, action: Action) -> tuple[Guard, ...]:
    said = guards.review(f"{action.title.zh}。{action.why.zh}")
    return tuple(guards.get(spoken.id) for spoken in said.guards) if said.verdict == "blocked" else ()


def _named_by_playbook(case: Case, failed: Task) -> str | None:
    name = failed.action.if_failed_next
    return name if any(task.id == name and not task.settled for task in case) and name != failed.id else None


def _fallback(case: Case, failed: Task) -> Action:
    taken, number = {task.id for task in case.tasks}, 1
    while (name := f"{failed.id}-E{number}") in taken:
        number += 1
    action, prefix = failed.action, Title("升级处理：", "Escalation: ")
    return attrs.evolve(
        action, id=name, kind="escalate", title=Title(prefix.zh + action.if_failed.zh, prefix.en + action.if_failed.en),
        why=Title(f"{failed.id} {action.title.zh} 未成功", f"{failed.id} {action.title.en} failed"),
        channel=None, due_at=None, due_basis=_NONE, done_when=_SAME,
        if_failed=Title("报负责人决定", "the owner decides"), because=(failed.id,),
    )  # fmt: skip


def _end_of(tasks: tuple[Task, ...], stage: Stage) -> int:
    return max((index + 1 for index, task in enumerate(tasks) if task.stage.rank <= stage.rank), default=0)


def _replace(case: Case, task: Task) -> Case:
    return attrs.evolve(case, tasks=tuple(task if old.id == task.id else old for old in case.tasks))


def _renewed(task: Task | None, action: Action, stage: Stage) -> Task:
    if task is None:
        return Task(action=action, stage=stage)
    if task.state is State.SKIPPED and task.by_plan:
        return attrs.evolve(task, action=action, stage=stage, state=State.NOT_STARTED, why=None, by_plan=False)
    return attrs.evolve(task, action=action, stage=stage) if task.state.open else attrs.evolve(task, stage=stage)


def _against_a_customer(case: Case, plan: Plan) -> dict[str, Blocked]:
    """Where a complaint comes to light, every step against an author that the new plan does not itself allow is refused by GR-04."""
    if AssociationType.CUSTOMER_COMPLAINT not in {plan.type, *plan.also}:
        return {}
    guard = Guards.default().get("GR-04")
    against = (task for task in case if task.action.kind in AGAINST_AUTHOR)
    return {t.id: Blocked(id=t.id, title=t.title, guard=guard.id, reason=guard.reason, instead=guard.instead) for t in against}


def _left_over(task: Task, blocked: Blocked | None, at: dt.datetime) -> list[Task]:
    """A step that the new plan does not have: kept if anything was done on it, skipped otherwise, stopped if a guard now refuses it."""
    if blocked and task.state is State.DONE and task.action.kind in AGAINST_AUTHOR:
        return [task, _withdrawal(task, blocked)]
    if not task.state.open:
        return [task]
    if blocked:
        why = f"{blocked.guard}: {blocked.reason.zh}"
        stopped = attrs.evolve(task.moved(State.SKIPPED, at, Details(why=why)), by_plan=True)
        return [stopped, _withdrawal(task, blocked)] if task.state is State.WAITING else [stopped]
    if task.state is State.NOT_STARTED and task.origin == "plan":
        return [attrs.evolve(task, state=State.SKIPPED, why="方案已变更，不再需要", by_plan=True)]
    return [task]


def _withdrawal(task: Task, blocked: Blocked) -> Task:
    words = Title(f"向平台撤回已提交的“{task.title.zh}”", f"Withdraw from the platform: {task.title.en}")
    action = attrs.evolve(
        own_step(f"{task.id}-W{len(task.attempts)}", words.zh, role=task.action.role, kind="withdraw"),
        title=words, why=blocked.reason, channel=task.action.channel, because=(blocked.guard,),
        done_when=Title("平台确认撤回，凭证归档", "the platform confirms, proof on file"),
    )  # fmt: skip
    return Task(action=action, stage=Stage.RESPOND, origin="follow_up")


def _merged(planned: list[Task], rest: list[Task]) -> tuple[Task, ...]:
    """The plan's order; what is left over stands at the end of its stage."""
    tasks = tuple(planned)
    for task in rest:
        place = _end_of(tasks, task.stage)
        tasks = (*tasks[:place], task, *tasks[place:])
    return tasks


def _difference(before: Case, after: Case) -> str:
    had = {task.id: task.state for task in before.tasks}
    new = [task.id for task in after.tasks if task.id not in had]
    out = [task.id for task in after.tasks if had.get(task.id, State.SKIPPED).open and task.state is State.SKIPPED]
    back = [task.id for task in after.tasks if had.get(task.id) is State.SKIPPED and task.state.open]
    parts = [f"{word} {'、'.join(ids)}" for word, ids in (("新增", new), ("取消", out), ("恢复", back)) if ids]
    return "；".join(parts) or "步骤没有变化"
