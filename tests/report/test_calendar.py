from __future__ import annotations

import datetime as dt

import pytest

from negassoc.brand import Brand
from negassoc.cases import Case, own_step
from negassoc.classify import AssociationType, Grade
from negassoc.playbooks import Plan, Programme
from negassoc.report.calendar import case_calendar, plan_calendar, programme_calendar

icalendar = pytest.importorskip("icalendar")
NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)


def plan():
    actions = (
        own_step("C0", "固定现场", role="OPS", kind="evidence", due_at=NOW + dt.timedelta(hours=1), why="内容会被删；先录屏，再动手"),
        own_step("OV8", "提交申诉", role="OPS", kind="appeal", due_at=NOW + dt.timedelta(days=2)),
        own_step("OV9", "跟踪", role="DATA", kind="observe"),
    )
    return Plan(
        type=AssociationType.OWN_VIOLATION, brand=Brand("芮弥"), platform="kuaishou", grade=Grade.P2, mentions=(), now=NOW, actions=actions
    )


def events(data):
    calendar = icalendar.Calendar.from_ical(data)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_a_case_has_an_entry_for_each_deadline_in_beijing_time():
    found = events(case_calendar(Case.open(plan(), who="王敏", at=NOW, id="case-1")))
    assert set(found) == {"case-1-C0@negassoc", "case-1-OV8@negassoc"}
    first = found["case-1-C0@negassoc"]
    assert str(first["SUMMARY"]) == "截止：固定现场（芮弥 P2）"
    assert first.decoded("DTEND") == NOW + dt.timedelta(hours=1)
    assert str(first.decoded("DTEND").tzinfo) == "Asia/Shanghai"
    assert "内容会被删；先录屏，再动手" in str(first["DESCRIPTION"])
    (alarm,) = first.walk("VALARM")
    assert alarm.decoded("TRIGGER") == -dt.timedelta(hours=1)


def test_reading_it_again_moves_and_removes():
    case = Case.open(plan(), who="王敏", at=NOW, id="case-1")
    later = case.move("C0", "done", who="王敏", at=NOW)
    before, after = events(case_calendar(case)), events(case_calendar(later))
    assert set(before) == set(after)
    assert (before["case-1-C0@negassoc"]["STATUS"], after["case-1-C0@negassoc"]["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert after["case-1-C0@negassoc"]["SEQUENCE"] > before["case-1-C0@negassoc"]["SEQUENCE"]
    assert after["case-1-C0@negassoc"].walk("VALARM") == []


def test_while_we_wait_the_platforms_deadline_counts():
    case = Case.open(plan(), who="王敏", at=NOW, id="c").move("C0", "done", who="王敏", at=NOW)
    for stage in ("assess", "respond"):
        case = case.enter(stage, who="王敏", at=NOW)
    case = case.move("OV8", "in_progress", who="王敏", at=NOW)
    case = case.move("OV8", "waiting_platform", who="王敏", at=NOW, until=NOW + dt.timedelta(days=5))
    event = events(case_calendar(case))["c-OV8@negassoc"]
    assert str(event["SUMMARY"]).startswith("平台应在此前答复")
    assert event.decoded("DTEND") == NOW + dt.timedelta(days=5)


def test_writing_twice_gives_the_same_file():
    case = Case.open(plan(), who="王敏", at=NOW, id="c")
    assert case_calendar(case) == case_calendar(case)
    assert plan_calendar(plan(), key="p", lang="en") == plan_calendar(plan(), key="p", lang="en")


def test_the_programme_keeps_off_holidays():
    pytest.importorskip("chinese_calendar")
    found = events(programme_calendar(dt.date(2025, 9, 29), 14))
    weekly = [uid for uid in found if uid.startswith("M-W1-")]
    # Monday 6 October 2025 is a holiday: the sweep moves to Thursday 9 October, the first working day
    assert sorted(uid[5:13] for uid in weekly) == ["20250929", "20251009"]
    assert len(found) == len({(task.task.id, task.at) for task in Programme.default().between(dt.date(2025, 9, 29), 14)})
    daily = next(event for uid, event in found.items() if uid.startswith("M-D1-20250929T1000"))
    assert daily.decoded("DTSTART") == dt.datetime(2025, 9, 29, 2, tzinfo=dt.UTC)
