from __future__ import annotations

import datetime as dt

from negassoc.cases import Case, replan
from negassoc.cases.kpi import kpi_definitions, measure

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def value(name, *cases, at=NOW):
    found = next(kpi for kpi in measure(cases, at=at) if kpi.definition.id == name)
    return found.value, found.count


def opened(plan):
    case = Case.open(plan, who="王敏", at=NOW)
    for step in ("C0", "C1"):
        case = case.move(step, "done", who="王敏", at=NOW)
    return case.enter("assess", who="王敏", at=NOW)


def test_nothing_is_known_of_no_case():
    assert [(kpi.value, kpi.count, kpi.met) for kpi in measure(())] == [(None, 0, None)] * len(kpi_definitions())


def test_the_first_answer_is_in_time_late_or_not_due_yet(make_plan):
    case = opened(make_plan("C0", "C1", "GC1", "GC4", kind="customer_complaint"))
    assert value("first_answer", case, at=NOW + HOUR) == (None, 0)
    assert value("first_answer", case, at=NOW + 9 * HOUR) == (0, 1)
    assert value("first_answer", case.move("GC1", "done", who="客服", at=NOW + 7 * HOUR), at=NOW + DAY) == (1, 1)
    assert value("first_answer", case.move("GC1", "done", who="客服", at=NOW + 9 * HOUR), at=NOW + DAY) == (0, 1)


def test_a_remedy_is_done_within_72_hours(make_plan):
    case = opened(make_plan("C0", "C1", "GC4", kind="customer_complaint"))
    assert value("remedy_72h", case, at=NOW + DAY) == (None, 0)
    assert value("remedy_72h", case.move("GC4", "done", who="客服", at=NOW + 2 * DAY), at=NOW + 9 * DAY) == (1, 1)
    assert value("remedy_72h", case, at=NOW + 4 * DAY) == (0, 1)
    assert value("remedy_72h", opened(make_plan("C0", "C1", "GC4")), at=NOW + 4 * DAY) == (None, 0)


def test_appeals_and_reports_are_counted_by_attempt(make_plan):
    case = opened(make_plan("C0", "C1", "OV8")).move("OV8", "in_progress", who="法务", at=NOW, evidence=("E1",))
    assert value("appeal_success", case) == (None, 0)
    case = case.move("OV8", "failed", who="法务", at=NOW, why="驳回").move(
        "OV8", "in_progress", who="法务", at=NOW, why="x", evidence=("E2",)
    )
    case = case.move("OV8", "done", who="法务", at=NOW)
    assert value("appeal_success", case) == (0.5, 2)
    assert value("appeal_attempts", case) == (2, 1)
    assert value("report_precision", opened(make_plan("C0", "C1", "MA6")).move("MA6", "done", who="法务", at=NOW)) == (1, 1)


def test_a_customer_handled_as_an_attacker_is_counted(make_plan):
    attack = opened(make_plan("C0", "C1", "MA6"))
    complaint = make_plan("C0", "C1", "GC4", kind="customer_complaint")
    in_time = replan(attack, complaint, who="客服", why="查到订单", at=NOW)
    too_late = replan(attack.move("MA6", "in_progress", who="法务", at=NOW), complaint, who="客服", why="查到订单", at=NOW)
    assert value("misrouted", in_time) == (0, 1)
    assert value("misrouted", in_time, too_late) == (1, 2)
    (misrouted,) = (kpi for kpi in measure([too_late], at=NOW) if kpi.definition.id == "misrouted")
    assert misrouted.met is False


def test_a_review_ends_within_a_week(make_plan):
    case = opened(make_plan("C0", "C1")).enter("respond", who="王敏", at=NOW).enter("review", who="王敏", at=NOW)
    assert value("review_7d", case, at=NOW + DAY) == (None, 0)
    assert value("review_7d", case, at=NOW + 8 * DAY) == (0, 1)
    assert value("review_7d", case.enter("closed", who="王敏", at=NOW + 6 * DAY), at=NOW + 9 * DAY) == (1, 1)
    assert value("review_7d", opened(make_plan("C0", "C1")), at=NOW + 9 * DAY) == (None, 0)
