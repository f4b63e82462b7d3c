"""Cases opened for the packaged playbooks: each can be worked through in order, step by step, without skipping anything."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from negassoc.brand import Brand
from negassoc.cases import STAGES, Case, Stage, State, add_step, escalate, own_step, replan
from negassoc.classify import FOUR_TYPES
from negassoc.errors import CaseError
from negassoc.facts import Facts
from negassoc.playbooks import plan_for_type

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
ATTACK = Facts(order_match=False, service_contact=False, falsity_proven=True, legal_signoff=True, evidence_archived=True, coordination=True)


def opened(kind, facts=None, platform="xiaohongshu"):
    return Case.open(plan_for_type(kind, Brand("芮弥"), platform=platform, facts=facts, now=NOW), who="王敏", at=NOW, id="c")


def worked_through(case):
    while case.stage is not Stage.CLOSED:
        while ready := case.next(NOW):
            case = case.move(ready[0].id, "done", who="王敏", at=NOW)
        ahead = max(STAGES[case.stage], key=lambda stage: stage.rank)
        case = case.enter(ahead, who="王敏", at=NOW)
    return case


@pytest.mark.parametrize("platform", ["xiaohongshu", "kuaishou", None])
@pytest.mark.parametrize("facts", [None, ATTACK, Facts(order_match=True, in_remedy=True), Facts(official_notice=True, own_breach=True)])
@pytest.mark.parametrize("kind", FOUR_TYPES)
def test_every_playbook_can_be_worked_through(kind, facts, platform):
    case = worked_through(opened(kind, facts, platform))
    assert {task.state for task in case} == {State.DONE}
    order = [entry.target for entry in case.log if entry.what == "moved"]
    reached = {name: index for index, name in enumerate(order)}
    assert all(reached[before] < reached[task.id] for task in case for before in task.action.depends_on if before in reached)
    assert Case.from_json(case.to_json()) == case


def test_a_step_waits_for_what_it_builds_on_and_may_begin_one_stage_early():
    case = opened("customer_complaint")
    with pytest.raises(CaseError, match="enter the next stage first"):
        case.move("GC1", "done", who="王敏", at=NOW)
    with pytest.raises(CaseError, match="builds on: C0"):
        case.move("C1", "done", who="王敏", at=NOW)
    case = case.move("C0", "done", who="王敏", at=NOW).move("C1", "done", who="王敏", at=NOW).enter("assess", who="王敏", at=NOW)
    case = case.move("C2", "done", who="王敏", at=NOW)
    assert case.move("GC1", "done", who="王敏", at=NOW).task("GC1").state is State.DONE, "the answer does not wait for every question"


def test_a_failed_step_goes_where_the_playbook_says():
    case = opened("malicious_attack", ATTACK)
    named = [task for task in case if task.action.if_failed_next and any(t.id == task.action.if_failed_next for t in case)]
    assert named
    task = named[0]
    tasks = tuple(attrs.evolve(t, state=State.FAILED, why="被拒") if t.id == task.id else t for t in case)
    after = escalate(attrs.evolve(case, tasks=tasks), task.id, who="法务", why="平台不处理", at=NOW)
    assert after.task(task.id).followed_by == task.action.if_failed_next


def test_an_order_found_later_turns_the_attack_into_a_complaint():
    case = opened("malicious_attack", ATTACK)
    assert any(task.action.kind == "report" for task in case)
    customer = Facts(order_match=True, in_remedy=True)
    known = plan_for_type("customer_complaint", Brand("芮弥"), platform="xiaohongshu", facts=customer, now=NOW)
    after = replan(case, known, who="客服", why="查到订单", at=NOW)
    assert not [task for task in after if task.action.kind in {"report", "legal"} and task.state.open]
    assert any(task.action.kind == "remedy" and task.state is State.NOT_STARTED for task in after)


def test_words_that_ask_for_something_unlawful_are_no_step():
    with pytest.raises(CaseError, match=r"refused by GR-\d+"):
        add_step(opened("malicious_attack"), own_step("X", "找人刷点好评压一压", role="PR"), who="王敏", why="老板要求", at=NOW)
