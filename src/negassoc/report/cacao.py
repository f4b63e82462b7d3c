"""Plans and cases as OASIS CACAO 2.0 playbooks (JSON), for tools of incident response that read them. Every step is a manual command.

Ids are derived from the plan's or case's key, so writing the same thing twice gives the same ids; a changed case is a newer version of
the same playbook. A deadline is not CACAO's `timeout` (which ends a machine's waiting): it stands in the step's variables and words.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, TypeAlias

from negassoc.playbooks import never_and_waiting
from negassoc.records import Title
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negassoc.cases import Case
    from negassoc.playbooks import Action, Plan
    from negassoc.records import Json

_Object: TypeAlias = "dict[str, Json]"
_NAMESPACE = uuid.UUID("5d1b7d58-8f0e-5a0c-9a57-6a5d0b7f7c11")
_SEVERITY = {"P0": 100, "P1": 75, "P2": 50, "P3": 25}
_PRIORITY = {"P0": 1, "P1": 25, "P2": 50, "P3": 75}
_LABELS = {
    "why": Title("为什么", "Why"), "channel": Title("渠道", "Channel"), "materials": Title("准备", "Materials"), "due": Title("最晚", "By"),
    "done": Title("做到什么算完成", "Done when"), "never": Title("不要", "Never"), "only_if": Title("遇到这种情况才做", "Only if"),
    "basis": Title("依据", "Basis"),
}  # fmt: skip


def plan_cacao(plan: Plan, *, key: str, lang: str = "zh") -> _Object:
    """A plan as a CACAO 2.0 playbook; `key` names it (its id is derived from it)."""
    return _playbook(plan, plan.actions, key=key, modified_at=plan.now, states={}, lang=lang)


def case_cacao(case: Case, *, lang: str = "zh") -> _Object:
    """A case as a CACAO 2.0 playbook: its steps in the case's order, each with its state in the variable `__state__`."""
    states = {task.id: task.state.value for task in case}
    actions = tuple(task.action for task in case)
    return _playbook(case.plan, actions, key=case.id, modified_at=case.log[-1].at, states=states, lang=lang)


def _playbook(  # noqa: PLR0913 - what a plan and a case differ in
    plan: Plan, actions: tuple[Action, ...], *, key: str, modified_at: dt.datetime, states: Mapping[str, str], lang: str
) -> _Object:
    start, end = _id("start", key), _id("end", key)
    created = min(plan.now, modified_at)
    agents = {_id("group", key, role): role_words(actions, role, lang) for role in dict.fromkeys(action.role for action in actions)}
    book: _Object = {
        "type": "playbook", "spec_version": "cacao-2.0", "id": _id("playbook", key),
        "name": f"{plan.brand.name} · {plan.type.words.of(lang)} · {plan.grade.value}", "description": _about(plan, lang),
        "playbook_types": ["investigation", "engagement", "remediation"],
        "playbook_activities": ["analyze-collected-data", "compose-content", "deliver-content", "eliminate-risk"],
        "playbook_processing_summary": {"manual_playbook": True},
        "created_by": _id("identity", plan.brand.name), "created": _stamp(created), "modified": _stamp(modified_at),
        "severity": _SEVERITY[plan.grade.value], "priority": _PRIORITY[plan.grade.value],
        "labels": list(dict.fromkeys(filter(None, (plan.type.value, *(t.value for t in plan.also), plan.platform)))),
        "workflow_start": start, "workflow": {start: {"type": "start", "on_completion": _first(actions, key, end)}},
    }  # fmt: skip
    if agents:
        book["agent_definitions"] = {name: {"type": "group", "name": title} for name, title in agents.items()}
    if references := list(dict.fromkeys(law for action in actions for law in action.basis)):
        book["external_references"] = [{"name": law, "description": law} for law in references]
    workflow = book["workflow"]
    if isinstance(workflow, dict):
        for index, action in enumerate(actions):
            workflow |= _steps(action, actions[index + 1 :], key=key, end=end, state=states.get(action.id), lang=lang)
        workflow[end] = {"type": "end", "name": Title("结束", "End").of(lang)}
    return book


def role_words(actions: tuple[Action, ...], role: str, lang: str) -> str:
    """A role's name for people, where the plan has one."""
    titles = (action.role_title for action in actions if action.role == role and action.role_title)
    return next((title.of(lang) for title in titles), role)


def _steps(  # noqa: PLR0913 - a step and where it stands
    action: Action, rest: tuple[Action, ...], *, key: str, end: str, state: str | None, lang: str
) -> _Object:
    """The step itself and what is done if it fails; both lead on, never back, so that every branch ends."""
    step, fallback, agent = _id("action", key, action.id), _id("action", key, action.id, "failed"), _id("group", key, action.role)
    after = _first(rest, key, end)
    named = any(later.id == action.if_failed_next for later in rest)
    instead = _id("action", key, action.if_failed_next or "") if named else after
    variables: _Object = {"__step_id__": _constant(action.id)}
    variables |= {"__due_at__": _constant(_stamp(action.due_at))} if action.due_at else {}
    variables |= {"__state__": _constant(state)} if state else {}
    return {
        step: {
            "type": "action", "name": f"{action.id} {action.titled(lang)}", "description": _details(action, lang),
            "step_variables": variables, "agent": agent, "commands": [{"type": "manual", "command": action.titled(lang)}],
            "on_success": after, "on_failure": fallback,
        },
        fallback: {
            "type": "action", "name": Title(f"{action.id} 未成功时", f"If {action.id} fails").of(lang), "agent": agent,
            "commands": [{"type": "manual", "command": action.if_failed.of(lang)}], "on_completion": instead,
        },
    }  # fmt: skip


def _first(actions: tuple[Action, ...], key: str, end: str) -> str:
    return _id("action", key, actions[0].id) if actions else end


def _constant(value: str | None) -> _Object:
    return {"type": "string", "value": value, "constant": True}


def _details(action: Action, lang: str) -> str:
    basis, by = action.due_basis.of(lang), action.due_at and action.due_at.astimezone(BEIJING)
    due = f"{by:%Y-%m-%d %H:%M}（{basis}）" if by else basis
    parts = {
        "why": action.why.of(lang), "only_if": action.only_if and action.only_if.of(lang), "due": due,
        "channel": action.channel and action.channel.of(lang), "materials": "；".join(t.of(lang) for t in action.materials),
        "done": action.done_when.of(lang), "never": "；".join(t.of(lang) for t in action.never), "basis": "；".join(action.basis),
    }  # fmt: skip
    return "\n".join(f"{_LABELS[name].of(lang)}：{text}" for name, text in parts.items() if text)


def _about(plan: Plan, lang: str) -> str:
    never, waiting = ("；".join(f"{one.named(lang)}（{one.guard}）" for one in found) for found in never_and_waiting(plan.blocked))
    note = Title("供内部工作使用，不是法律意见。", "For internal work; not legal advice.").of(lang)
    note += Title(f"绝不能做：{never}。", f" Never: {never}.").of(lang) if never else ""
    return note + (Title(f"条件未齐，先等：{waiting}。", f" Not yet: {waiting}.").of(lang) if waiting else "")


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _id(kind: str, *parts: str) -> str:
    name = "/".join((kind, *parts)).encode("utf-8", "backslashreplace").decode()
    return f"{kind}--{uuid.uuid5(_NAMESPACE, name)}"
