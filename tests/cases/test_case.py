from __future__ import annotations

import datetime as dt
import pickle

import attrs
import pytest

from negassoc.cases import (
    STAGES,
    STATES,
    AttemptLimit,
    Case,
    SqliteStore,
    Stage,
    State,
    add_step,
    appeal_limit,
    appeal_rules,
    escalate,
    open_store,
    own_step,
    replan,
)
from negassoc.cases.evidence import Evidence
from negassoc.errors import CaseError, DataError, UnknownNameError
from negassoc.facts import Facts
from negassoc.mention import BEIJING
from negassoc.playbooks import Blocked
from negassoc.records import Title

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FULL = ("C0", "C1", "MA1", "MA6", "OV8", "MA15")


def opened(plan):
    return Case.open(plan, who="王敏", at=NOW, id="case-1")


def done(case, *steps):
    for name in steps:
        case = case.move(name, "done", who="王敏", at=NOW)
    return case


def in_respond(plan):
    case = done(opened(plan), "C0").enter("评估", who="王敏", at=NOW)
    return done(case, "C1").enter("respond", who="王敏", at=NOW)


def test_every_stage_and_state_can_be_left():
    assert set(STAGES) == set(Stage)
    assert set(STATES) == set(State)
    assert all(STATES.values())
    assert all(STAGES.values())


def test_all_steps_are_there_from_the_start_with_their_stage(make_plan):
    case = opened(make_plan(*FULL))
    stages = {task.id: task.stage.words.zh for task in case}
    assert stages == {"C0": "发现", "C1": "评估", "MA1": "评估", "MA6": "解决", "OV8": "解决", "MA15": "复盘"}
    assert {task.state for task in case} == {State.NOT_STARTED}


def test_a_case_never_changes(make_plan):
    case = opened(make_plan(*FULL))
    after = case.move("C0", "done", who="王敏", at=NOW)
    assert case.task("C0").state is State.NOT_STARTED
    assert after.log[: len(case.log)] == case.log
    assert after.log[-1].who == "王敏"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        case.stage = Stage.CLOSED


def test_a_move_the_table_does_not_permit_names_those_it_does(make_plan):
    with pytest.raises(CaseError, match=r"未开始 cannot become 未成功") as caught:
        opened(make_plan(*FULL)).move("C0", "failed", who="王敏", at=NOW, why="x")
    assert caught.value.status == "not_started"
    assert set(caught.value.permitted) == {"in_progress", "done", "skipped"}


def test_contact_waits_for_evidence(make_plan):
    case = opened(make_plan("C0", "GC1"))
    with pytest.raises(CaseError, match="enter the next stage first"):
        case.move("GC1", "in_progress", who="王敏", at=NOW)
    case = done(case, "C0").move("C0", "in_progress", who="王敏", at=NOW, why="补拍")
    with pytest.raises(CaseError, match="C0"):
        case.enter("assess", who="王敏", at=NOW)


def test_evidence_that_stands_before_a_report_comes_first_in_any_stage(make_plan):
    plan = make_plan("C0", "C1", "GC1", "MA1", "MA6", "MA15")
    case = in_respond(plan)
    with pytest.raises(CaseError, match="evidence first: MA1"):
        case.move("MA6", "in_progress", who="王敏", at=NOW)
    assert case.permitted("MA6", at=NOW) == (State.SKIPPED,)
    assert done(case, "MA1").move("MA6", "in_progress", who="王敏", at=NOW).task("MA6").state is State.IN_PROGRESS


@pytest.mark.parametrize("to", ["failed", "skipped"])
def test_giving_up_needs_a_reason(make_plan, to):
    case = opened(make_plan(*FULL)).move("C0", "in_progress", who="王敏", at=NOW)
    with pytest.raises(CaseError, match="needs a reason"):
        case.move("C0", to, who="王敏", at=NOW, why=" ")
    assert case.move("C0", to, who="王敏", at=NOW, why="原帖已删").task("C0").why == "原帖已删"


def test_nobody_is_not_a_person(make_plan):
    with pytest.raises(DataError, match=r"^log: who did it"):
        opened(make_plan(*FULL)).move("C0", "done", who=" ", at=NOW)


def test_a_state_or_stage_that_is_none_names_the_nearest(make_plan):
    case = opened(make_plan(*FULL))
    assert case.move("C0", "完成", who="王敏", at=NOW) == case.move("C0", "done", who="王敏", at=NOW)
    with pytest.raises(UnknownNameError, match=r"unknown state 'don'; did you mean 'done'\? Known: not_started"):
        case.move("C0", "don", who="王敏", at=NOW)
    with pytest.raises(UnknownNameError, match=r"unknown stage 'asses'; did you mean 'assess'\?"):
        case.enter("asses", who="王敏", at=NOW)


@pytest.mark.parametrize("wrong", ["customer_complaint", None])
def test_a_case_is_opened_for_a_plan(wrong):
    with pytest.raises(DataError, match=r"^plan: expected a Plan, found .*; of a verdict: Pack\.default\(\)\.plan\(verdict\)"):
        Case.open(wrong, who="王敏")


def test_a_stage_is_left_only_when_settled(make_plan):
    case = opened(make_plan(*FULL))
    with pytest.raises(CaseError, match=r"not settled before 评估: C0"):
        case.enter("assess", who="王敏", at=NOW)
    with pytest.raises(CaseError, match="cannot go from 发现 to 复盘"):
        case.enter("复盘", who="王敏", at=NOW)
    with pytest.raises(CaseError, match="needs a reason"):
        in_respond(make_plan("C0", "C1", "OV8")).enter("assess", who="王敏", at=NOW)


def refused_once(plan, why="材料不足"):
    case = in_respond(plan).move("OV8", "in_progress", who="王敏", at=NOW, evidence=("E1",))
    case = case.move("OV8", "waiting_platform", who="王敏", at=NOW, ticket="T-1", until=NOW + DAY)
    return case.move("OV8", "failed", who="王敏", at=NOW + HOUR, why=why)


def test_a_refused_appeal_needs_new_evidence(make_plan):
    case = refused_once(make_plan("C0", "C1", "OV8"))
    with pytest.raises(CaseError, match="new evidence"):
        case.move("OV8", "in_progress", who="王敏", at=NOW, why="再试", evidence=("E1",))
    case = case.move("OV8", "in_progress", who="王敏", at=NOW, why="再试", evidence=("E1", "E2"))
    first, second = case.task("OV8").attempts
    assert (first.outcome, first.ticket, first.why) == (State.FAILED, "T-1", "材料不足")
    assert (second.number, second.outcome, second.evidence) == (2, None, ("E1", "E2"))


def test_asking_for_more_material_is_the_same_attempt(make_plan):
    case = in_respond(make_plan("C0", "C1", "OV8")).move("OV8", "in_progress", who="王敏", at=NOW)
    case = case.move("OV8", "waiting_platform", who="王敏", at=NOW).move("OV8", "in_progress", who="王敏", at=NOW, evidence=("E9",))
    assert [attempt.number for attempt in case.task("OV8").attempts] == [1]


def test_attempts_and_window_are_limited(make_plan):
    limit = AttemptLimit(max_attempts=2, window_ends_at=NOW + DAY)
    case = refused_once(make_plan("C0", "C1", "OV8")).limit("OV8", limit, who="法务", at=NOW)
    with pytest.raises(CaseError, match="window closed") as caught:
        case.move("OV8", "in_progress", who="王敏", at=NOW + 2 * DAY, why="再试", evidence=("E2",))
    assert caught.value.permitted == ("skipped",)
    case = case.move("OV8", "in_progress", who="王敏", at=NOW, why="再试", evidence=("E2",))
    case = case.move("OV8", "failed", who="王敏", at=NOW, why="维持原处罚")
    with pytest.raises(CaseError, match="all 2 attempts are used"):
        case.move("OV8", "in_progress", who="王敏", at=NOW, why="再试", evidence=("E3",))
    assert case.permitted("OV8", at=NOW) == (State.SKIPPED,)


def test_limits_are_dated_data_and_unverified_ones_are_not_there():
    assert all(rule.source and rule.checked_on.year >= 2026 for rule in appeal_rules())
    limit = appeal_limit("小红书", "shop_general", notified_at=NOW)
    assert (limit.max_attempts, limit.window_ends_at) == (3, NOW + 7 * DAY)
    assert appeal_limit("ks", "shop", notified_at=NOW).max_attempts is None
    with pytest.raises(UnknownNameError, match="read the notice itself"):
        appeal_limit("xhs", "note", notified_at=NOW)


def test_silence_of_the_platform_is_seen(make_plan):
    case = in_respond(make_plan("C0", "C1", "OV8")).move("OV8", "in_progress", who="王敏", at=NOW)
    case = case.move("OV8", "waiting_platform", who="王敏", at=NOW, until=NOW + 3 * DAY)
    assert case.overdue(NOW + 2 * DAY) == ()
    assert case.silent(NOW + 2 * DAY) == ()
    assert [task.id for task in case.silent(NOW + 4 * DAY)] == ["OV8"]
    assert case.move("OV8", "failed", who="王敏", at=NOW + 4 * DAY, why="逾期未答复").silent(NOW + 4 * DAY) == ()


def test_what_failed_is_handed_on(make_plan):
    case = escalate(refused_once(make_plan("C0", "C1", "OV8", "MA15")), "OV8", who="法务", why="两次被拒", at=NOW)
    follow_up = case.task("OV8-E1")
    assert follow_up.origin == "follow_up"
    assert case.task("OV8").settled
    assert [task.id for task in case.unsettled()] == ["OV8-E1"]
    case = case.move("OV8-E1", "in_progress", who="法务", at=NOW).move("OV8-E1", "failed", who="法务", at=NOW, why="无果")
    case = escalate(case, "OV8-E1", who="法务", why="到底", at=NOW)
    assert "OV8-E1-E1" in {task.id for task in case}
    with pytest.raises(CaseError, match="has not failed"):
        escalate(case, "MA15", who="法务", why="x", at=NOW)


def test_what_failed_may_be_handed_to_a_step_of_the_plan(make_plan):
    case = refused_once(make_plan("C0", "C1", "OV8", "GC4"))
    assert escalate(case, "OV8", who="法务", why="改走补救", at=NOW, to="GC4").task("OV8").followed_by == "GC4"
    with pytest.raises(CaseError, match="settled or the same"):
        escalate(case, "OV8", who="法务", why="x", at=NOW, to="C0")


def test_due_and_overdue_at_a_time(make_plan):
    case = opened(make_plan("C0", "C1", "OV8"))
    assert [task.id for task in case.overdue(NOW + 90 * dt.timedelta(minutes=1))] == ["C0"]
    assert [task.id for task in case.due(NOW, within=2 * HOUR)] == ["C0", "C1"]
    assert done(case, "C0").overdue(NOW + 90 * dt.timedelta(minutes=1)) == ()
    with pytest.raises(ValueError, match="no time zone"):
        case.overdue(dt.datetime(2026, 11, 2, 1))


def test_a_step_of_ones_own(make_plan):
    case = opened(make_plan("C0", "C1", "OV8"))
    case = add_step(case, own_step("X1", "打电话给供应商", role="QA"), who="王敏", why="查批次", at=NOW, after="C1")
    assert [task.id for task in case] == ["C0", "C1", "X1", "OV8"]
    assert (case.task("X1").origin, case.task("X1").stage) == ("by_hand", Stage.ASSESS)
    with pytest.raises(CaseError, match="already"):
        add_step(case, own_step("X1", "再打", role="QA"), who="王敏", why="查", at=NOW)


@pytest.mark.parametrize("kind", ["paid_deletion", "fake_praise", "mass_report", "hide_criticism", "pay_extortion", "pressure"])
def test_no_unlawful_step_is_added_by_hand(make_plan, kind):
    with pytest.raises(CaseError, match=r"refused by GR-\d+"):
        add_step(opened(make_plan("C0")), own_step("X", "x", role="PR", kind=kind), who="王敏", why="老板要求", at=NOW)


FREE = Facts(order_match=False, falsity_proven=True, legal_signoff=True)


def test_a_complainant_is_never_reported_on_the_side(make_plan):
    report = own_step("X", "举报发帖人", role="LEG", kind="report")
    with pytest.raises(CaseError, match="GR-04"):
        add_step(opened(make_plan("C0")), report, who="王敏", why="x", at=NOW)
    assert add_step(opened(make_plan("C0")), report, who="王敏", why="x", at=NOW, facts=FREE).task("X")
    complaint = opened(make_plan("C0", "GC4", kind="customer_complaint"))
    with pytest.raises(CaseError, match="GR-04"):
        add_step(complaint, report, who="王敏", why="x", at=NOW, facts=FREE)


REFUSED = Blocked(
    id="MA6", title=Title("平台通知", "notice"), guard="GR-04", reason=Title("查到订单，是真实客户", "an order was found"),
    instead=Title("按投诉处理", "treat as a complaint"),
)  # fmt: skip


def test_a_changed_plan_keeps_what_was_done(make_plan):
    case = in_respond(make_plan("C0", "C1", "OV8", "MA15")).move("OV8", "in_progress", who="王敏", at=NOW)
    after = replan(case, make_plan("C0", "C1", "GC1", "GC4", kind="customer_complaint"), who="王敏", why="查到订单", at=NOW)
    assert [task.id for task in after] == ["C0", "C1", "GC1", "GC4", "OV8", "MA15"]
    assert after.task("C0").state is State.DONE
    assert after.task("OV8").state is State.IN_PROGRESS
    assert (after.task("MA15").state, after.task("MA15").by_plan) == (State.SKIPPED, True)
    assert "新增 GC1、GC4；取消 MA15" in (after.log[-1].why or "")
    assert replan(after, make_plan("C0", "C1", "MA15"), who="王敏", why="又变", at=NOW).task("MA15").state is State.NOT_STARTED


def test_a_report_under_way_is_stopped_and_withdrawn_when_the_author_proves_a_customer(make_plan):
    case = in_respond(make_plan("C0", "C1", "MA6", "MA15")).move("MA6", "in_progress", who="法务", at=NOW)
    case = case.move("MA6", "waiting_platform", who="法务", at=NOW, ticket="T-9")
    changed = make_plan("C0", "C1", "GC4", "MA15", kind="customer_complaint", blocked=(REFUSED,))
    after = replan(case, changed, who="法务", why="查到订单", at=NOW)
    assert after.task("MA6").state is State.SKIPPED
    assert "GR-04" in (after.task("MA6").why or "")
    assert after.task("MA6-W1").title.zh == "向平台撤回已提交的“步骤MA6”"
    with pytest.raises(CaseError, match="the plan took it out"):
        after.move("MA6", "in_progress", who="法务", at=NOW, why="还是想举报", evidence=("E5",))
    again = replan(after.move("MA6-W1", "done", who="法务", at=NOW), changed, who="法务", why="再看", at=NOW)
    assert again.task("MA6-W1").state is State.DONE


def test_a_report_added_by_hand_or_under_way_stops_when_a_complaint_comes_to_light(make_plan):
    case = in_respond(make_plan("C0", "C1", "MA6")).move("MA6", "in_progress", who="法务", at=NOW)
    case = add_step(case, own_step("X", "举报转载号", role="LEG", kind="report"), who="王敏", why="x", at=NOW, facts=FREE)
    after = replan(case, make_plan("C0", "C1", "GC4", kind="customer_complaint"), who="客服", why="查到订单", at=NOW)
    assert {task.state for task in after if task.action.kind == "report"} == {State.SKIPPED}
    assert all("GR-04" in (task.why or "") for task in after if task.action.kind == "report")


def test_json_and_pickle_round_trip(make_plan):
    case = refused_once(make_plan("C0", "C1", "OV8", blocked=(REFUSED,))).limit("OV8", AttemptLimit(max_attempts=3), who="法务", at=NOW)
    again = Case.from_json(case.to_json())
    assert again == case
    assert again.plan.brand.key == "ruimi"
    assert {type(task.state) for task in again} == {State}
    assert type(again.plan.type) is type(case.plan.type)
    assert pickle.loads(pickle.dumps(case)) == case


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 1}', '{"id": "x", "plan": null}'])
def test_what_is_no_case_is_a_data_error(text):
    with pytest.raises(DataError):
        Case.from_json(text)


def test_the_second_of_two_writers_is_told(make_plan, tmp_path):
    with SqliteStore(tmp_path / "s.db") as one, SqliteStore(tmp_path / "s.db") as two:
        opened(make_plan("C0", "C1")).save(one)
        mine, theirs = Case.load(one, "case-1"), Case.load(two, "case-1")
        mine = done(mine, "C0").save(one)
        with pytest.raises(CaseError, match="another writer was first"):
            theirs.move("C0", "skipped", who="李雷", at=NOW, why="不用").save(two)
        assert Case.load(two, "case-1") == mine
        assert Case.load(two, "case-1").version == 2
        with pytest.raises(UnknownNameError):
            Case.load(one, "case-2")


def test_a_new_case_under_an_id_that_is_taken_is_told_how_to_open_the_old_one(make_plan):
    first = opened(make_plan("C0", "C1"))
    with open_store(":memory:") as store:
        first.save(store)
        for again in (opened(make_plan("C0")), done(first, "C0")):
            with pytest.raises(CaseError, match=r"case 'case-1' is there already: .*Case.load\(store, 'case-1'\)"):
                again.save(store)
        assert Case.load(store, "case-1") == first


def test_a_path_in_place_of_a_store_is_refused_by_name(make_plan):
    with pytest.raises(DataError, match=r"expected an open store, found 'x.db'; open it with open_store\('x.db'\)"):
        opened(make_plan("C0")).save("x.db")
    with pytest.raises(DataError, match="expected an open store"):
        Case.load("x.db", "case-1")


def test_a_lone_text_is_one_id_of_evidence(make_plan):
    case = opened(make_plan("C0")).move("C0", "done", who="王敏", at=NOW, evidence="E1")
    assert case.task("C0").seen_evidence() == {"E1"}


@pytest.mark.parametrize("wrong", [("E1", ""), [" "], (1,)])
def test_what_is_no_id_of_evidence_is_refused(make_plan, wrong):
    with pytest.raises(DataError, match="evidence: expected ids of evidence, found"):
        opened(make_plan("C0")).move("C0", "done", who="王敏", at=NOW, evidence=wrong)


def test_an_id_that_the_register_lacks_is_refused_with_the_nearest(make_plan):
    case, register = opened(make_plan("C0")), [Evidence(id=name, captured_at=NOW, capturer="王敏") for name in ("E1", "E2")]
    with pytest.raises(UnknownNameError, match="unknown evidence 'E12'; did you mean 'E"):
        case.move("C0", "done", who="王敏", at=NOW, evidence=("E1", "E12"), register=register)
    assert case.move("C0", "done", who="王敏", at=NOW, evidence="E2", register=register).task("C0").seen_evidence() == {"E2"}


@pytest.mark.postgres
def test_the_second_of_two_writers_to_postgresql_is_told(make_plan, postgres_url):
    with open_store(postgres_url) as one, open_store(postgres_url) as two:
        opened(make_plan("C0", "C1")).save(one)
        theirs = Case.load(two, "case-1")
        mine = done(Case.load(one, "case-1"), "C0").save(one)
        with pytest.raises(CaseError, match="another writer was first"):
            done(theirs, "C0").save(two)
        assert Case.load(two, "case-1") == mine


def test_the_record_says_where_the_case_stands(make_plan):
    record = done(opened(make_plan("C0", "C1", "OV8")), "C0").to_record(NOW + 150 * dt.timedelta(minutes=1))
    assert (record["open"], record["overdue"], record["stage"]) == (["C1", "OV8"], ["C1"], "detect")
    assert record["next_due_at"] == (NOW + 2 * HOUR).astimezone(BEIJING).isoformat()


def test_what_is_printed_of_a_case_are_the_steps_still_to_be_settled(make_plan):
    shown = str(done(opened(make_plan("C0", "C1")), "C0")).splitlines()
    assert shown[0].startswith("案件 case-1：")
    assert [line for line in shown if "步骤C0" in line] == []
    assert len([line for line in shown if "步骤C1" in line]) == 1
    assert shown[-1].startswith("共 2 步，还有 1 步未了结")
