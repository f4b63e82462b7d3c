"""Values as rows and data frames: documented columns, missing stays missing."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from negassoc.cases import Case
from negassoc.errors import UnknownNameError
from negassoc.mention import Count, Engagement, Mention
from negassoc.report import TABLES, to_arrow, to_dataframe, to_polars, to_rows
from negassoc.report.rows import finding_rows, people_masked, verdict_rows


def test_a_mention_is_one_flat_row(factory):
    said = factory.mention("退款", id="m1", engagement=Engagement(likes=Count(128), views=Count(17000, "about")))
    [row] = to_rows([said])
    assert row["id"] == "m1"
    assert row["likes"] == 128
    assert row["views"] == 17000
    assert row["comments"] is None, "not known is not zero"
    assert row["inexact_counts"] == "views≈17000"
    assert list(row) == [column.name for column in TABLES["mentions"].columns]


def test_rows_have_exactly_the_documented_columns(factory):
    campaign = factory.campaign(factory.verdicts(40))
    case = Case.open(factory.plan(), who="甲", at=factory.NOW, id="c1")
    values = {
        "mentions": [factory.mention()], "records": [factory.mention()], "verdicts": factory.verdicts(9), "findings": factory.verdicts(9), "actions": [factory.plan()],
        "tasks": [case], "blocked": [factory.plan()], "campaigns": [campaign], "alerts": [factory.alert()],
    }  # fmt: skip
    assert set(values) == set(TABLES)
    for name, some in values.items():
        documented = {column.name for column in TABLES[name].columns}
        made = list(TABLES[name].rows(some))
        assert made, name
        assert all(set(row) <= documented for row in made), name
        of_a_case = {"case_id", "state"} if name == "actions" else set()
        assert documented - of_a_case == {key for row in made for key in row}, f"{name}: a documented column that nothing fills"


def test_findings_say_where_in_the_original(factory):
    verdict = factory.verdict("客服不回，退款也没到账", factory.T.CUSTOMER_COMPLAINT, "退款也没到账")
    rows = to_rows([verdict], ["quote", "field", "start", "end", "weight"], table="findings")
    assert {"quote": "退款也没到账", "field": "text", "start": 5, "end": 11, "weight": 2.4} in rows
    assert {"quote": None, "field": None, "start": None, "end": None, "weight": 0.8} in rows, "the prior rests on nothing written"


def test_pandas_knows_missing_from_zero(factory):
    frame = to_dataframe([factory.mention(engagement=Engagement(likes=Count(0)))])
    assert frame["likes"].tolist() == [0]
    assert frame["comments"].isna().all()
    assert str(frame["likes"].dtype) == "Int64"
    assert str(frame["partial"].dtype) == "boolean"
    assert str(frame["published_at"].dtype) == "datetime64[us, UTC]"
    assert frame["published_at"][0] == pd.Timestamp(factory.NOW) - pd.Timedelta(days=1)


def test_an_empty_frame_has_its_columns_and_types():
    frame = to_dataframe([], table="actions")
    assert list(frame.columns) == [column.name for column in TABLES["actions"].columns]
    assert str(frame["due_at"].dtype) == "datetime64[us, UTC]"


def test_polars_through_arrow(factory):
    verdicts = factory.verdicts(30)
    frame = to_polars(verdicts, ["mention_id", "type", "suspected", "published_at"])
    assert frame.schema == {"mention_id": pl.String, "type": pl.String, "suspected": pl.Boolean, "published_at": pl.Datetime("us", "UTC")}
    assert frame["type"].to_list() == [verdict.type.value for verdict in verdicts]
    assert to_arrow(verdicts).num_rows == 30


def test_hostile_values_become_frames(factory):
    hostile = factory.hostile(200)
    for table in ("verdicts", "findings"):
        assert len(to_dataframe(hostile, table=table)) == to_polars(hostile, table=table).height > 0


def test_a_lone_plan_or_case_is_one(factory):
    plan = factory.plan()
    case = Case.open(plan, who="甲", at=factory.NOW, id="c1")
    assert to_rows(plan) == to_rows([plan]) != []
    assert to_rows(case) == to_rows([case]) != []


def test_what_does_not_exist_is_named(factory):
    with pytest.raises(UnknownNameError, match="did you mean 'findings'"):
        to_rows(factory.verdicts(1), table="finding")
    with pytest.raises(UnknownNameError, match="unknown column 'txt'; did you mean 'text'"):
        to_rows([factory.mention()], ["txt"])
    with pytest.raises(TypeError, match="no table is made of int"):
        to_rows([1])
    with pytest.raises(TypeError, match="made of Mention values, not of Classification"):
        to_rows([factory.mention(), factory.verdict()])
    with pytest.raises(TypeError, match="name it"):
        to_rows([])


def test_people_are_masked_for_a_report(factory):
    said = factory.mention(
        "爱喝茶的小满 让我打 13800138000", author=factory.Author(id="u1", nickname="爱喝茶的小满"), thread_text="打 13800138000 预约"
    )
    [row] = people_masked(verdict_rows([factory.verdict(said)]))
    assert row["author"] == "爱*****"
    assert row["author_id"] is None
    assert row["text"] == "爱***** 让我打 138********"
    assert row["thread_text"] == "打 138******** 预约"


def test_a_generator_will_do():
    assert to_rows((Mention(text, id=text) for text in "ab"), ["text"]) == [{"text": "a"}, {"text": "b"}]


def test_the_strongest_findings_come_first_and_no_more_than_asked_for(factory):
    found = factory.verdicts(9)
    every = TABLES["findings"].rows(found)
    few = list(finding_rows(found, strongest=3))
    assert {row["mention_id"] for row in few} == {row["mention_id"] for row in every}
    for verdict in found:
        weights = [abs(row["weight"]) for row in few if row["mention_id"] == verdict.mention.id]
        assert len(weights) <= 3
        assert weights == sorted(weights, reverse=True)
        assert max(weights, default=0) == max((abs(finding.weight) for finding in verdict.findings), default=0)
