"""Times only where they can be known, lengths of time without guessing."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.times import format_duration, parse_duration, parse_time

NOW = dt.datetime(2026, 11, 12, 12, 0, tzinfo=dt.UTC)  # 20:00 in Beijing


@pytest.mark.parametrize(
    ("shown", "time"),
    [
        (1721873091000, "2024-07-25T02:04:51+00:00"), ("1721873091", "2024-07-25T02:04:51+00:00"),
        (1721873091.5, "2024-07-25T02:04:51.500000+00:00"),
        ("2026-07-26T14:05:22+08:00", "2026-07-26T06:05:22+00:00"), ("2026年07月26日14时05分22秒", "2026-07-26T06:05:22+00:00"),
        ("2026-07-26 14:05", "2026-07-26T06:05:00+00:00"), ("2026/7/26", "2026-07-25T16:00:00+00:00"),
        ("昨天 19:20", "2026-11-11T11:20:00+00:00"), ("3天前", "2026-11-09T12:00:00+00:00"), ("刚刚", "2026-11-12T12:00:00+00:00"),
        ("5分钟前", "2026-11-12T11:55:00+00:00"), ("08-19", "2026-08-18T16:00:00+00:00"), ("12-01", "2025-11-30T16:00:00+00:00"),
        ("2026/11/20 7:05 PM", "2026-11-20T11:05:00+00:00"), ("2026-11-20 12:05:09 am", "2026-11-19T16:05:09+00:00"),
        ("2026/11/20 下午7:05", "2026-11-20T11:05:00+00:00"), ("2026年11月20日 上午 9:05", "2026-11-20T01:05:00+00:00"),
        ("昨天 下午3:05", "2026-11-11T07:05:00+00:00"), ("2026/11/20 19:05 PM", None), ("11月2日", "2026-11-01T16:00:00+00:00"),
        ("编辑于 2026-11-10 上海", "2026-11-09T16:00:00+00:00"), ("发布于 11-10 上海", "2026-11-09T16:00:00+00:00"),
        ("2天前 上海", "2026-11-10T12:00:00+00:00"), ("昨天 19:20 · IP属地上海", "2026-11-11T11:20:00+00:00"),
        ("编辑于 昨天 19:20 内蒙古", "2026-11-11T11:20:00+00:00"), ("编辑于 上海", None), ("2026-11-10 下午", None), ("5 分钟 上海", None),
        ("46000.5", "2025-12-09T04:00:00+00:00"), (46000.5, "2025-12-09T04:00:00+00:00"), ("12345.5", None),
        (dt.datetime(2026, 1, 1, 8), "2026-01-01T00:00:00+00:00"),
        (None, None), (0, None), ("", None), ("0", None), (True, None), ("很久以前", None), ("2026-13-01", None), ("02-30", None),
        ("9" * 14, None), (1e30, None), ("昨天 25:00", None),
    ],
)  # fmt: skip
def test_times(shown, time):
    found = parse_time(shown, now=NOW)
    assert (found.isoformat() if found else None) == time


@pytest.mark.parametrize("shown", ["昨天 19:20", "3天前", "08-19", "11月20日", "刚刚"])
def test_a_display_form_means_nothing_without_the_time_it_was_seen(shown):
    assert parse_time(shown) is None


@given(st.text(max_size=20) | st.integers() | st.floats() | st.none())
def test_no_input_makes_the_reader_of_times_fail(shown):
    found = parse_time(shown, now=NOW)
    assert found is None or found.tzinfo is dt.UTC


@given(st.integers(0, 10**9))
def test_durations_round_trip(seconds):
    value = dt.timedelta(seconds=seconds)
    assert parse_duration(format_duration(value)) == value


@pytest.mark.parametrize("text", ["", "h", "3", "3x", "1h1d", "-3d", "3 days"])
def test_what_is_no_duration(text):
    with pytest.raises(ValueError, match="is no duration"):
        parse_duration(text)
