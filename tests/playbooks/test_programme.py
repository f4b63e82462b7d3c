"""The maintenance programme: what falls on which day, holidays, recurrence, and the review that needs two people."""

import datetime as dt
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.errors import CaseError, DataError, UnknownNameError
from negassoc.mention import BEIJING
from negassoc.playbooks import Playbooks, Programme, Review

PROGRAMME = Programme.default()
IDS = [
    "M-D1",
    "M-D2",
    "M-D3",
    "M-W1",
    "M-W2",
    "M-W3",
    "M-W4",
    "M-W5",
    "M-M1",
    "M-M2",
    "M-M3",
    "M-Q1",
    "M-Q2",
    "M-Q3",
    "M-Y1",
    "M-E1",
    "M-E2",
]


def test_every_task_is_there_in_both_languages_with_a_known_role() -> None:
    assert [task.id for task in PROGRAMME] == IDS
    assert len(PROGRAMME) == len(IDS)
    roles = Playbooks.default().roles
    for task in PROGRAMME:
        assert task.title.zh and task.title.en and task.detail.zh and task.detail.en and task.output.zh and task.output.en
        assert {task.role, *task.helpers} <= set(roles)


def on(year: int, month: int, day: int) -> list[str]:
    return [due.task.id for due in PROGRAMME.due_on(dt.date(year, month, day))]


def test_an_ordinary_monday() -> None:
    assert on(2025, 11, 24) == ["M-D2", "M-D1", "M-W1", "M-W2", "M-D1"]


def test_times_are_beijing_times_in_utc() -> None:
    first = PROGRAMME.due_on(dt.date(2025, 11, 24))[0]
    assert first.at == dt.datetime(2025, 11, 24, 9, 30, tzinfo=BEIJING)
    assert first.at.tzinfo is dt.UTC


def test_on_a_holiday_only_the_daily_ones_and_the_rest_on_the_day_after() -> None:
    assert on(2025, 10, 6) == ["M-D2", "M-D1", "M-D1"]
    after = {due.task.id: due.moved_from for due in PROGRAMME.due_on(dt.date(2025, 10, 9))}
    assert after["M-W1"] == dt.date(2025, 10, 6)
    assert after["M-M1"] == dt.date(2025, 10, 5)
    assert after["M-D1"] is None


def test_quarters_years_and_short_months() -> None:
    assert "M-Q1" in on(2025, 1, 15)
    assert "M-Q1" not in on(2025, 2, 15)
    assert "M-Y1" in on(2025, 3, 3)  # 1 March 2025 is a Saturday
    end = attrs.evolve(PROGRAMME.task("M-M1"), day=31)
    assert end.nominal(dt.date(2025, 2, 28))
    assert not end.nominal(dt.date(2025, 3, 30))


@settings(max_examples=30, deadline=None)
@given(st.dates(dt.date(2024, 1, 1), dt.date(2025, 11, 1)))
def test_nothing_of_a_quarter_is_lost_or_doubled_by_holidays(first: dt.date) -> None:
    weeks = PROGRAMME.between(first, 56)
    nominal = [t for n in range(56) for t in ("M-W1",) if PROGRAMME.task(t).nominal(first + dt.timedelta(days=n))]
    origins = [due.moved_from or due.at.astimezone(BEIJING).date() for due in weeks if due.task.id == "M-W1"]
    assert len(origins) == len(set(origins))
    assert abs(len(origins) - len(nominal)) <= 1  # one may have moved over either end


def test_a_year_without_holidays_known_is_still_served() -> None:
    assert "M-W1" in on(2099, 11, 23)


def test_as_a_record() -> None:
    record = PROGRAMME.due_on(dt.date(2025, 10, 9))[2].to_record()
    assert record["moved_from"] == "2025-10-05"
    assert record["role_title"] == {"zh": "合规审核", "en": "Compliance reviewer"}


def test_a_wrong_programme_is_told(tmp_path: Path) -> None:
    task = 'title = { zh = "x", en = "x" }\ndetail = { zh = "x", en = "x" }\nrole = "CS"\noutput = { zh = "x", en = "x" }\n'
    head = 'checked_on = 2026-11-24\nsource = "x"\n'
    (tmp_path / "programme.toml").write_text(f'{head}[[task]]\nid = "T"\nevery = "week"\nat = ["25:00"]\n{task}', "utf-8")
    with pytest.raises(DataError) as caught:
        Programme.load(tmp_path)
    assert [p.what for p in caught.value.problems] == ["T: every week needs weekday", "T: '25:00' is no time of day like 09:30"]


def test_an_unknown_task_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="unknown task 'M-W9'; did you mean"):
        PROGRAMME.task("M-W9")


def test_an_overlay_moves_a_task(tmp_path: Path) -> None:
    assert len(PROGRAMME | Programme.load(tmp_path)) == len(PROGRAMME)
    ours = Programme(tasks=(attrs.evolve(PROGRAMME.task("M-W1"), weekday=2),))
    assert (PROGRAMME | ours).task("M-W1").weekday == 2
    assert len(PROGRAMME | ours) == len(PROGRAMME)


def test_a_review_passes_with_two_people_and_no_objection() -> None:
    review = Review(post="笔记一")
    assert not review.passed
    half = review.sign_content("小李")
    assert not half.passed
    assert half.sign_compliance("小王").passed
    assert not half.sign_compliance("小王").object("含绝对化用语").passed
    assert review == Review(post="笔记一"), "it never changes in place"


@pytest.mark.parametrize("again", ["小李", " 小李 "])
def test_one_person_cannot_be_both(again: str) -> None:
    with pytest.raises(CaseError, match="two people"):
        Review(post="笔记一").sign_content("小李").sign_compliance(again)
    with pytest.raises(CaseError, match="two people"):
        Review(post="笔记一", content_by="小李", compliance_by=again)


def test_a_signature_is_a_name_and_is_given_once() -> None:
    with pytest.raises(CaseError, match="needs the name"):
        Review(post="笔记一").sign_content(" ")
    with pytest.raises(CaseError, match="has signed"):
        Review(post="笔记一").sign_content("小李").sign_content("小王")
