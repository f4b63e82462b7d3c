"""Facts: three-valued, from files that are checked to the line."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.brand import Brand
from negassoc.classify import RuleClassifier
from negassoc.errors import DataError, UnknownNameError
from negassoc.facts import FactFile, Facts, fact_definitions
from negassoc.playbooks import plan_for_type

facts = st.builds(Facts, **{name: st.sampled_from([True, False, None]) for name in Facts.names()})


@given(facts)
def test_stated_facts_make_the_same_facts_again(given_facts):
    assert Facts.from_record(given_facts.stated()) == given_facts


@given(facts, facts)
def test_what_became_known_later_wins(first, later):
    both = first | later
    for name in Facts.names():
        assert both.get(name) is (first.get(name) if later.get(name) is None else later.get(name))


@given(facts, facts, facts)
def test_joining_is_associative_and_nothing_known_changes_nothing(a, b, c):
    assert (a | b) | c == a | (b | c)
    assert a | Facts() == a == Facts() | a


def test_facts_show_what_is_stated():
    assert repr(Facts(order_match=False)) == "Facts(order_match=False)"


def test_unknown_is_not_no():
    assert Facts().stated() == {}
    assert Facts().order_match is None
    assert Facts(order_match=False) != Facts()


@pytest.mark.parametrize("value", [0, 1, "yes", "", []])
def test_a_fact_in_code_is_true_false_or_none(value):
    with pytest.raises(TypeError, match="a fact is True, False or None"):
        Facts(order_match=value)


@pytest.mark.parametrize(("word", "value"), [("yes", True), ("是", True), (" No ", False), ("否", False), (True, True), (None, None)])
def test_words_in_records(word, value):
    assert Facts.from_record({"order_match": word}).order_match is value


@pytest.mark.parametrize("value", [1, 0, "perhaps", "", [], {}])
def test_other_values_in_records_are_problems(value):
    with pytest.raises(DataError, match="facts: order_match: expected yes, no or nothing, found"):
        Facts.from_record({"order_match": value})


@pytest.mark.parametrize("wrong", [{}, {"order_match": True}, True, "order_match"])
def test_what_is_given_in_place_of_facts_is_named_with_its_remedy(wrong):
    brand = Brand("示例茶")
    for take in (
        Facts.of,
        Facts().__or__,
        lambda facts: RuleClassifier(brand).classify("x", facts),
        lambda facts: plan_for_type("none", brand, facts=facts),
    ):
        with pytest.raises(DataError, match=r"^facts: expected Facts, found .*; of a dictionary: Facts\.from_record"):
            take(wrong)


def test_an_unknown_fact_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"unknown fact 'order_mach'; did you mean 'order_match'\?"):
        Facts().get("order_mach")
    with pytest.raises(DataError, match=r"unknown fact 'order_mach'; did you mean 'order_match'\? `negassoc facts` lists them"):
        Facts.from_record({"order_mach": True})


FILE = """\
evidence_archived = true
order_match = "否"

[mention."c-1"]
order_match = true

[mention.c-2]
extortion = "yes"
"""


def test_a_file_states_facts_for_all_and_for_one(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(FILE, "utf-8")
    file = FactFile.load(path)
    assert file.of("other").stated() == {"order_match": False, "evidence_archived": True}
    assert file.of("c-1").stated() == {"order_match": True, "evidence_archived": True}
    assert file.of("c-2").stated() == {"order_match": False, "extortion": True, "evidence_archived": True}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("order_mach = true", "1: unknown fact 'order_mach'; did you mean 'order_match'? `negassoc facts` lists them"),
        ('\n\norder_match = "maybe"', "3: order_match: expected yes, no or nothing, found 'maybe'"),
        ('[mention."c-1"]\norder_match = true\nextorsion = true', "3: unknown fact 'extorsion'; did you mean 'extortion'?"),
        ("[mention]\nc-1 = true", "2: expected a table [mention.\"ID\"] of facts, found True"),
        ("mention = 3", "1: expected a table [mention.\"ID\"] of facts, found 3"),
        ("order_match = yes", "1: not valid TOML: "),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(tmp_path, text, message):
    path = tmp_path / "facts.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        FactFile.load(path)
    assert str(caught.value).startswith(f"{path}:{message}")


def test_all_mistakes_are_told_at_once(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text('order_mach = true\nextortion = 3\n[mention."c-1"]\nx = true', "utf-8")
    with pytest.raises(DataError) as caught:
        FactFile.load(path)
    assert [p.where.rpartition(":")[2] for p in caught.value.problems] == ["1", "2", "4"]


def test_every_fact_is_explained_in_both_languages():
    definitions = fact_definitions()
    assert set(definitions) == set(Facts.names())
    for definition in definitions.values():
        for title in (definition.title, definition.asks, definition.how, definition.changes):
            assert title.zh
            assert title.en
            assert any("\u4e00" <= c <= "\u9fff" for c in title.zh)
        assert definition.asks.zh.endswith("？")


def test_facts_are_values():
    assert hash(Facts(order_match=True)) == hash(Facts(order_match=True))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Facts().order_match = True
