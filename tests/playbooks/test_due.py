"""Deadlines: grades, windows, weekends, holidays, time zones, and years whose holidays nobody knows yet."""

import builtins
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.classify import Grade
from negassoc.errors import DataError
from negassoc.mention import BEIJING
from negassoc.playbooks import Due, Playbooks, Window, add_working_days, beijing, chinese_workday
from negassoc.records import Title, structure

HOUR = dt.timedelta(hours=1)
BOOKS = Playbooks.default()


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=BEIJING)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (at(2025, 9, 29, 15), 1, at(2025, 9, 30, 18)),
        (at(2025, 9, 30, 9), 1, at(2025, 10, 9, 18)),  # 1 to 8 October are free
        (at(2025, 9, 30, 9), 3, at(2025, 10, 11, 18)),  # Saturday the 11th is worked
        (at(2025, 9, 26, 9), 1, at(2025, 9, 28, 18)),  # Sunday the 28th is worked
        (at(2025, 10, 3, 12), 1, at(2025, 10, 9, 18)),
        (at(2025, 11, 21, 23, 59), 1, at(2025, 11, 24, 18)),  # an ordinary weekend
        (at(2025, 1, 27, 9), 2, at(2025, 2, 6, 18)),  # Spring Festival, 28 January to 4 February
    ],
)
def test_working_days_by_the_chinese_calendar(start: dt.datetime, days: int, end: dt.datetime) -> None:
    assert add_working_days(start, days) == (end, False)


def test_the_day_is_that_of_beijing_not_of_the_caller() -> None:
    evening_in_paris = dt.datetime(2025, 9, 29, 19, 0, tzinfo=ZoneInfo("Europe/Paris"))  # 01:00 on the 30th in Beijing
    assert add_working_days(evening_in_paris, 1)[0] == at(2025, 10, 9, 18)


def test_a_year_without_data_is_counted_monday_to_friday_and_says_so() -> None:
    assert chinese_workday(dt.date(2099, 10, 1)) is None
    end, guessed = add_working_days(at(2099, 9, 30, 9), 2)
    assert (end.date(), guessed) == (dt.date(2099, 10, 2), True)
    due = Due(working_days=2, counted_from="filing")
    found = due.deadline({"filing": at(2099, 9, 30, 9)})
    assert "暂按周一至周五计" in found.basis.zh
    assert "Monday to Friday assumed" in found.basis.en


def test_without_the_calendar_extra_it_is_a_guess_too(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name == "chinese_calendar":
            raise ImportError(name)
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    assert chinese_workday(dt.date(2025, 10, 1)) is None


@pytest.mark.parametrize(("grade", "hours"), [(Grade.P0, 6), (Grade.P1, 6), (Grade.P2, 12), (Grade.P3, 24)])
def test_grades_halve_and_double(grade: Grade, hours: int) -> None:
    start = at(2026, 11, 27, 9)
    found = Due(within=12 * HOUR, counted_from="detection").deadline({"detection": start}, grade=grade)
    assert found.at == start + hours * HOUR
    assert found.at.isoformat().endswith("+08:00")
    assert (f"{grade.value} 级" in found.basis.zh) is (grade is not Grade.P2)


def test_what_is_law_or_fixed_is_never_stretched() -> None:
    start = {"authority": at(2025, 11, 24, 9), "detection": at(2025, 11, 24, 9)}
    legal = Due(working_days=7, counted_from="authority", basis="law", source="某法", checked_on=dt.date(2026, 11, 24))
    fixed = Due(within=28 * 24 * HOUR, counted_from="detection", fixed=True)
    assert {legal.deadline(start, grade=g).at for g in Grade} == {at(2025, 12, 3, 18)}
    assert {fixed.deadline(start, grade=g).at for g in Grade} == {at(2025, 12, 22, 9)}
    assert "依据：某法" in legal.deadline(start).basis.zh


def test_half_a_working_day_is_a_whole_one() -> None:
    due = Due(working_days=3, counted_from="filing")
    assert due.deadline({"filing": at(2025, 11, 24, 9)}, grade=Grade.P1).at == at(2025, 11, 26, 18)


def test_the_first_word_has_an_hour_for_each_grade() -> None:
    due = BOOKS.step("C5").due
    start = at(2026, 11, 27, 9)
    hours = [(due.deadline({"detection": start}, grade=g).at or start) - start for g in Grade]
    assert hours == [2 * HOUR, 4 * HOUR, 8 * HOUR, 24 * HOUR]


def test_what_has_not_happened_has_no_time_but_words() -> None:
    found = Due(within=48 * HOUR, counted_from="refusal").deadline({"detection": at(2026, 11, 27, 9)})
    assert found.at is None
    assert found.basis == Title("被驳回后 48 小时内（内部标准）", "within 48 hours after the refusal (house rule)")
    later = Due(within=48 * HOUR, counted_from="refusal").deadline({"refusal": at(2026, 11, 28, 9)})
    assert later.at == at(2026, 11, 30, 9)


@given(grade=st.sampled_from(Grade), hours=st.integers(0, 400), platform=st.sampled_from(["xiaohongshu", "kuaishou", None]))
def test_no_appeal_is_due_after_its_window(grade: Grade, hours: int, platform: str | None) -> None:
    notice = at(2026, 11, 20, 9)
    started = {"notice": notice, "detection": notice + hours * HOUR}
    end = notice + dt.timedelta(days=7 if platform == "kuaishou" else 3)
    for step in ("OV8", "AM5"):
        found = BOOKS.step(step).due.deadline(started, grade=grade, platform=platform)  # type: ignore[arg-type]
        assert found.at is not None
        assert found.at <= end - 24 * HOUR


def test_another_platform_has_no_window_of_these() -> None:
    notice = at(2026, 11, 20, 9)
    found = BOOKS.step("OV8").due.deadline({"notice": notice, "detection": notice}, grade=Grade.P3, platform="weibo")
    assert found.at == notice + 96 * HOUR


def test_a_cap_that_holds_is_named_with_source_and_date() -> None:
    notice = at(2026, 11, 20, 9)
    found = BOOKS.step("OV8").due.deadline({"notice": notice, "detection": notice}, grade=Grade.P3, platform="xiaohongshu")
    assert found.at == notice + 48 * HOUR
    assert "小红书店铺严重违规申诉期 3 天" in found.basis.zh
    assert "2026-11-24 查证" in found.basis.zh


def test_a_notice_without_its_time_counts_from_detection_and_says_so() -> None:
    found = BOOKS.step("OV8").due.deadline({"detection": at(2026, 11, 27, 9)}, platform="xiaohongshu")
    assert found.at == at(2026, 11, 29, 9)
    assert "未填通知时间" in found.basis.zh


def test_a_window_that_is_over_is_told() -> None:
    notice = at(2026, 11, 20, 9)
    found = BOOKS.step("OV8").due.deadline({"notice": notice, "detection": notice + 100 * HOUR}, platform="xiaohongshu")
    assert "期限可能已过" in found.basis.zh
    in_time = BOOKS.step("OV8").due.deadline({"notice": notice, "detection": notice + 60 * HOUR}, platform="xiaohongshu")
    assert "期限可能已过" not in in_time.basis.zh


def test_the_window_of_an_appeal_against_an_error_needs_a_notice() -> None:
    start = at(2026, 11, 27, 9)
    free = BOOKS.step("AM5").due.deadline({"detection": start}, grade=Grade.P3, platform="xiaohongshu")
    assert free.at == start + 144 * HOUR
    noticed = BOOKS.step("AM5").due.deadline({"detection": start}, grade=Grade.P3, platform="xiaohongshu", noticed=True)
    assert noticed.at == start + 48 * HOUR


@given(
    st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2025, 12, 1)),
    st.integers(1, 12),
    st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]),
)
def test_working_days_move_on_and_end_on_a_working_day(naive: dt.datetime, days: int, zone: str) -> None:
    start = naive.replace(tzinfo=ZoneInfo(zone))
    end, guessed = add_working_days(start, days)
    assert not guessed
    assert end > start
    assert chinese_workday(end.date())
    assert add_working_days(start, days + 1)[0] > end
    assert add_working_days(start.astimezone(dt.UTC), days)[0] == end


def test_a_due_without_an_amount_or_a_source_is_an_error() -> None:
    with pytest.raises(DataError, match="needs within, working_days or by_grade"):
        structure({"counted_from": "detection"}, Due, where="x")
    with pytest.raises(DataError, match="by law needs source and checked_on"):
        structure({"counted_from": "detection", "within": "1h", "basis": "law"}, Due, where="x")
    with pytest.raises(DataError, match="not one of detection, notice"):
        structure({"counted_from": "birth", "within": "1h"}, Due, where="x")


def test_a_window_without_a_date_is_an_error() -> None:
    record = {"within": "3d", "counted_from": "notice", "basis": "platform_rule", "what": {"zh": "x", "en": "x"}, "source": "x"}
    with pytest.raises(DataError, match="checked_on"):
        structure(record, Window, where="x")


def test_times_for_people() -> None:
    moment = dt.datetime(2026, 11, 27, 23, 5, tzinfo=dt.UTC)
    assert beijing(moment) == "11月28日（周六）07:05"
    assert beijing(moment, "en") == "Sat 28 Nov 2026, 07:05 Beijing time"
