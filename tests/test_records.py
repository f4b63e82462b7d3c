"""The one strict converter: nothing is guessed, and every mistake has its line."""

from __future__ import annotations

import datetime as dt
import enum
import json
from typing import Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.errors import DataError
from negassoc.records import (
    Title,
    dump_json,
    load_json,
    load_toml,
    read_text,
    structure,
    unstructure,
    without_nulls,
)


class Colour(enum.StrEnum):
    RED = "red"
    GREEN = "green"


@attrs.frozen(kw_only=True)
class Step:
    id: str
    within: dt.timedelta | None = None
    title: Title | None = None


@attrs.frozen(kw_only=True)
class Sheet:
    name: str
    words: tuple[str, ...] = ()
    weight: float = 0.0
    count: int = 0
    on: bool = False
    colour: Colour = Colour.RED
    side: Literal["left", "right"] = "left"
    at: dt.datetime | None = None
    day: dt.date | None = None
    step: tuple[Step, ...] = ()
    key: str | None = attrs.field(default=None, metadata={"unread": True})


FULL = """\
name = "单子"
words = ["踩雷", "退款"]
weight = 2
count = 3
on = true
colour = "green"
side = "right"
at = 2026-01-31T09:00:00+08:00
day = 2026-01-31

[[step]]
id = "a"
within = "1d12h"
title = { zh = "固定现场", en = "Freeze" }

[[step]]
id = "b"
"""


def test_a_good_file_is_read_whole(tmp_path):
    path = tmp_path / "sheet.toml"
    path.write_text("\ufeff" + FULL, "utf-8")
    assert load_toml(path, Sheet) == Sheet(
        name="单子", words=("踩雷", "退款"), weight=2, count=3, on=True, colour=Colour.GREEN, side="right",
        at=dt.datetime(2026, 1, 31, 1, tzinfo=dt.UTC), day=dt.date(2026, 1, 31),
        step=(Step(id="a", within=dt.timedelta(hours=36), title=Title("固定现场", "Freeze")), Step(id="b")),
    )  # fmt: skip


KNOWN = "known are name, words, weight, count, on, colour, side, at, day, step"
WRONG = [
    ('name = "x"\nwords = "虫子"', "2: words: expected a list, found '虫子'"),
    ('name = "x"\nwords = [\n  "a",\n  3,\n]', "4: words.1: expected text, found 3"),
    ('name = "x"\nweight = "3"', "2: weight: expected a number, found '3'"),
    ('name = "x"\nweight = true', "2: weight: expected a number, found True"),
    ('name = "x"\ncount = 1.5', "2: count: expected a whole number, found 1.5"),
    ('name = "x"\non = "false"', "2: on: expected true or false, found 'false'"),
    ('name = "x"\non = 0', "2: on: expected true or false, found 0"),
    ('name = "x"\ncolour = "blue"', "2: colour: 'blue' is not one of red, green"),
    ('name = "x"\nside = "up"', "2: side: 'up' is not one of left, right"),
    ('name = "x"\nat = 2026-01-31T09:00:00', "2: at: expected a time with its offset, like 2026-01-31T09:00:00+08:00"),
    ('name = "x"\nat = "2026-13-45"', "2: at: expected a time with its offset, like 2026-01-31T09:00:00+08:00, found 2026-13-45"),
    ('name = "x"\nday = 2026-01-31T09:00:00Z', "2: day: expected a date like 2026-01-31, found 2026-01-31 09:00:00+00:00"),
    ('name = "x"\nwrods = []', "2: wrods: unknown key; did you mean 'words'? " + KNOWN),
    ('name = "x"\nkey = "k"', "2: key: unknown key; " + KNOWN),
    ("weight = 1", "1: name: required key missing"),
    ('name = "x"\n\n[[step]]\nid = "a"\n\n[[step]]\nwithin = "3d"', "6: step.1.id: required key missing"),
    ('name = "x"\n[[step]]\nid = "a"\ntitle = {}', "4: step.0.title: required keys missing: zh, en"),
    ('name = "x"\n[[step]]\nid = "a"\nwithin = "soon"', "4: step.0.within: 'soon' is no duration; write it like '36h'"),
    ('name = "x"\n[[step]]\nid = "a"\ntitle = "Freeze"', "4: step.0.title: expected a table, found 'Freeze'"),
    ('name = "x"\nname = "y"', "2: not valid TOML: Cannot overwrite a value (at end of document)"),
    ('name = “炉边记”\n', '1: not valid TOML: Invalid value (at line 1, column 8): the quotes must be the straight ones ", not “'),
    ('name = "炉边记”\nx = 1', "1: not valid TOML: "), ('name = "x”', '1: not valid TOML: Unterminated string (at end of document): the quotes'),
    ('name = "x"\ntags = ["甲"，"乙"]', "2: not valid TOML: Unclosed array (at line 2, column 12): the comma must be a plain one , not ，"),
    ('name = """甲，\n乙"""\nname = "他说“好”"', "3: not valid TOML: Cannot overwrite a value (at end of document)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[message.split(": ", 2)[1] + str(i) for i, (_, message) in enumerate(WRONG)])
def test_each_mistake_has_its_line(tmp_path, text, message):
    path = tmp_path / "sheet.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        load_toml(path, Sheet)
    assert str(caught.value).startswith(f"{path}:{message}")
    assert len(caught.value.problems) == 1


def test_all_mistakes_are_told_at_once(tmp_path):
    path = tmp_path / "sheet.toml"
    path.write_text('weight = "3"\ncount = "4"\nwrods = []\n[[step]]\nid = 7', "utf-8")
    with pytest.raises(DataError) as caught:
        load_toml(path, Sheet)
    assert sorted(p.where.removeprefix(f"{path}:") for p in caught.value.problems) == ["1", "1", "2", "3", "5"]


def test_json_mistakes_have_lines_too(tmp_path):
    path = tmp_path / "sheet.json"
    path.write_text('{\n "name": "x",\n "count": null,\n "weight": "3"\n}', "utf-8")
    with pytest.raises(DataError, match=r"sheet\.json:4: weight: expected a number, found '3'"):
        load_json(path, Sheet)
    path.write_text('{\n "name": }', "utf-8")
    with pytest.raises(DataError, match=r"sheet\.json:2: not valid JSON: Expecting value"):
        load_json(path, Sheet)


def test_a_file_in_another_encoding_or_absent_is_named(tmp_path):
    path = tmp_path / "gbk.toml"
    path.write_bytes('name = "青芒屿"'.encode("gbk"))
    with pytest.raises(DataError, match=r"gbk\.toml: not a UTF-8 text file; save it as UTF-8"):
        load_toml(path, Sheet)
    with pytest.raises(DataError, match="cannot be read: No such file"):
        read_text(tmp_path / "none.toml")
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        read_text(tmp_path)


def test_a_null_is_a_key_left_out():
    assert without_nulls({"a": None, "b": [{"c": None, "d": 1}]}) == {"b": [{"d": 1}]}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
steps = st.builds(
    Step,
    id=texts,
    within=st.none() | st.integers(0, 10**7).map(lambda s: dt.timedelta(seconds=s)),
    title=st.none() | st.builds(Title, texts, texts),
)
sheets = st.builds(
    Sheet, name=texts, words=st.lists(texts).map(tuple), weight=st.floats(allow_nan=False, allow_infinity=False), count=st.integers(),
    on=st.booleans(), colour=st.sampled_from(Colour), side=st.sampled_from(["left", "right"]),
    at=st.none() | st.datetimes(timezones=st.just(dt.UTC)), day=st.none() | st.dates(), step=st.lists(steps, max_size=3).map(tuple),
)  # fmt: skip


@given(sheets)
def test_what_is_written_is_read_back(sheet):
    record = without_nulls(json.loads(dump_json(sheet)))
    record.pop("key", None)
    assert structure(record, Sheet, where="x") == sheet


def test_unstructured_values_are_plain():
    assert unstructure(Step(id="a", within=dt.timedelta(hours=36))) == {"id": "a", "within": "1d12h", "title": None}
