"""Thresholds say at once what is wrong with them, in Python as in a file."""

from __future__ import annotations

import datetime as dt

import pytest

from negassoc.classify import AssociationType, Grade
from negassoc.errors import DataError
from negassoc.watch import Threshold


def test_grades_durations_types_and_platforms_may_be_texts() -> None:
    limit = Threshold(
        "food", kind="grade", from_grade="P1", grade="P0", window="2d", cool_down="90m", types="customer_complaint", platforms="小红书"
    )
    assert (limit.from_grade, limit.grade) == (Grade.P1, Grade.P0)
    assert (limit.window, limit.cool_down) == (dt.timedelta(days=2), dt.timedelta(minutes=90))
    assert (limit.types, limit.platforms) == ((AssociationType.CUSTOMER_COMPLAINT,), ("xiaohongshu",))


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"kind": "cout"}, "kind: 'cout' is unknown; did you mean 'count'\\? it is one of count, share, growth"),
        ({"from_grade": "P9"}, "from_grade: expected one of P0, P1, P2, P3, found 'P9'"),
        ({"window": "soon"}, r"window: expected a duration like '36h' or timedelta\(hours=36\), found 'soon'"),
        ({"cool_down": 4}, "cool_down: expected a duration like '36h'"),
        ({"at_least": "3"}, "at_least: expected a number, found '3'"),
        ({"minimum": 0}, "`minimum` is 0; it is 1 or more"),
        ({"types": ["complaint"]}, "types: 'complaint' is unknown; did you mean 'customer_complaint'"),
        ({"platforms": [3]}, "platforms: expected names"),
        ({"title": "太多"}, "title: expected a Title"),
        ({"at_least": 0}, "needs `at_least`, a number above 0"),
        ({"kind": "share", "at_least": 30}, "a share is a number from 0 to 1"),
        ({"kind": "grade"}, "needs `from_grade`: P0, P1, P2 or P3"),
        ({"baseline": dt.timedelta()}, "must be longer than nothing"),
    ],
)
def test_what_is_not_possible_is_refused_with_the_thresholds_name(given: dict[str, object], what: str) -> None:
    with pytest.raises(DataError, match=f"^threshold 'food': .*{what}"):
        Threshold("food", **({"kind": "count", "at_least": 1} | given))  # type: ignore[arg-type]


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(DataError) as caught:
        Threshold("food", kind="grade", from_grade="P9", window="soon")
    assert len(caught.value.problems) == 2
