"""Counts as platforms show them, with how exact they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.counts import Count


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        ("3642", Count(3642)), (0, Count(0)), ("0", Count(0)), ("1,234", Count(1234)), (12.0, Count(12)), ("１２", Count(12)),
        ("1.7万", Count(17000, "about")), ("3.9w", Count(39000, "about")), ("2千", Count(2000, "about")), ("1.2k", Count(1200, "about")),
        ("1亿", Count(10**8, "about")), ("10+", Count(10, "at_least")), ("1万+", Count(10000, "at_least")),
        ("１０＋", Count(10, "at_least")),
        ("12.3万次播放", Count(123000, "about")), ("获赞1.2万", Count(12000, "about")), ("999赞", Count(999)), ("约300", Count(300, "about")),
        ("1万多", Count(10000, "at_least")), ("5 条评论", Count(5)), ("3天", None), ("播放", None), ("第3次", None),
        (None, None), ("", None), ("None", None), ("-", None), ("赞", None), (True, None), (-1, None), (float("nan"), None),
        (float("inf"), None), ("1.2.3", None), ([], None),
    ],
)  # fmt: skip
def test_counts(shown, count):
    assert Count.parse(shown) == count


@given(st.text(max_size=20) | st.integers() | st.floats() | st.none())
def test_no_input_makes_the_reader_of_counts_fail(shown):
    assert Count.parse(shown) is None or Count.parse(shown).value >= 0
