from __future__ import annotations

import string

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.brand import Brand, LegalEntity
from negassoc.errors import DataError
from negassoc.facts import Facts
from negassoc.watch.identity import Party, compare, name_likeness, uscc_is_consistent

OURS = Party(
    name="杭州示例青芍化妆品有限公司", uscc="91350100M000100Y43", legal_representative="甲某", address="杭州市某区一路1号",
    phones=("0571-8000 0001",), industry="护肤品", shareholders=("甲某",),
)  # fmt: skip
THEIRS = Party(
    name="示例青勺贸易有限公司", uscc="91110108MA01ABCD1X", legal_representative="乙某", address="北京市某区二路2号",
    phones=("01080000002",), industry="花卉", shareholders=("乙某",),
)  # fmt: skip
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_another_code_and_two_more_fields_prove_another_entity() -> None:
    report = compare(OURS, THEIRS)
    assert report.verdict == "different"
    assert report.facts == Facts(entity_mismatch=True, same_entity=False)
    assert {f.field for f in report.differences} >= {"uscc", "legal_representative", "address"}


@pytest.mark.parametrize("kept", [{"uscc"}, {"uscc", "industry"}, {"legal_representative", "address", "industry"}])
def test_less_than_that_is_unclear(kept: set[str]) -> None:
    blank = {f.name: None for f in attrs.fields(Party) if f.name in {"uscc", "legal_representative", "address", "industry"} - kept}
    report = compare(OURS, attrs.evolve(THEIRS, name=OURS.name, phones=(), shareholders=(), **blank))
    assert report.verdict == "unclear" and report.facts == Facts() and "待查" in report.table()


@pytest.mark.parametrize(
    ("link", "field"),
    [
        ({"uscc": "91350100 m000100y43"}, "uscc"), ({"legal_representative": "甲某"}, "legal_representative"),
        ({"phones": ("+86 057180000001",)}, "phones"), ({"affiliates": ("杭州示例青芍化妆品有限公司",)}, "affiliates"),
        ({"shareholders": ("丙某", "甲某")}, "shareholders"),
    ],
)  # fmt: skip
def test_a_real_link_is_said_and_no_misjudgment_may_be_claimed(link: dict[str, object], field: str) -> None:
    report = compare(OURS, attrs.evolve(THEIRS, **link))
    assert report.verdict == "same" and field in {f.field for f in report.links}
    assert report.facts == Facts(entity_mismatch=False, same_entity=True)
    assert "不能主张“误判”" in report.answer.zh and "rectify or disclose" in report.answer.en


def test_a_former_name_that_collides_is_a_likeness_and_no_link() -> None:
    report = compare(OURS, attrs.evolve(THEIRS, former_names=(OURS.name,)))
    assert report.verdict == "different"
    assert next(f for f in report.fields if f.field == "former_names").agreement == "same"


def test_a_namesake_and_a_mistyped_code_are_warned_of() -> None:
    report = compare(OURS, attrs.evolve(THEIRS, legal_representative="甲某"))
    warnings = " ".join(w.zh for w in report.warnings)
    assert "同名" in warnings and "校验位" in warnings


def test_a_brand_file_is_enough_for_our_side() -> None:
    brand = Brand("青芍集", legal_entity=LegalEntity("杭州青芍集有限公司", uscc=OURS.uscc, legal_representative="甲某"), industry="护肤品")
    report = compare(brand, Party(name="青勺集花艺"))
    assert report.verdict == "unclear"
    assert report.fields[0].agreement == "similar"


def test_names_are_compared_by_characters_and_by_sound() -> None:
    assert name_likeness("杭州青芍集有限公司", "青勺集") == (0.667, 1.0)
    assert name_likeness("北川相机", "老渡口酸菜鱼")[1] < 0.4


def test_the_table_survives_hostile_values() -> None:
    report = compare(OURS, attrs.evolve(THEIRS, name="a|b\n| c <script>", bio="x"))
    rows = report.table("en").splitlines()
    assert len(rows) == 2 + len(report.fields)
    assert all(row.replace("\\|", "").count("|") == 6 for row in rows)
    assert "<script>" not in report._repr_html_()


def test_an_unknown_key_is_an_error() -> None:
    assert Party.from_record({"name": "甲", "uscc": None}).uscc is None
    with pytest.raises(DataError, match="did you mean 'phones'"):
        Party.from_record({"name": "甲", "phone": "1"})


@given(st.text(alphabet=_ALPHABET, min_size=17, max_size=17))
def test_one_wrong_character_never_passes_the_check(head: str) -> None:
    (right,) = [c for c in _ALPHABET if uscc_is_consistent(head + c)]
    for i in range(17):
        other = next(c for c in _ALPHABET if c != head[i])
        assert not uscc_is_consistent(head[:i] + other + head[i + 1 :] + right)


@given(st.text(alphabet=string.printable, max_size=20))
def test_any_text_may_be_asked_about(text: str) -> None:
    assert uscc_is_consistent(text) in {True, False}


texts = st.one_of(st.none(), st.sampled_from(["甲", "乙", "9135"]))


@given(st.builds(Party, name=st.sampled_from(["甲店", "乙店"]), uscc=texts, legal_representative=texts, address=texts, industry=texts))
def test_nobody_differs_from_oneself(party: Party) -> None:
    report = compare(party, party)
    assert report.differences == () and report.verdict != "different"


def test_a_report_prints_its_answer_and_its_table() -> None:
    report = compare(OURS, THEIRS)
    assert str(report) == f"{report.answer.zh}\n\n{report.table('zh')}"
