"""Plain facts are counted on the side that they speak for, whether told or denied."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc import Brand, Mention, RuleClassifier
from negassoc.classify.signals import Signals, fact_values, signals_of
from negassoc.classify.weights import FACTS
from negassoc.records import Title
from negassoc.text import Lexicon, TermIndex

CLASSIFIER = RuleClassifier(Brand("示例杯"))
INDEX = TermIndex(
    (
        Lexicon("bad", Title("毛病", "faults"), "fault", {"掉漆": 2}),
        Lexicon("good", Title("好处", "merits"), "merit", {"准时送到": 2, "牢固": 2}),
        Lexicon("blame", Title("不满", "blame"), "complaint", {"失望": 2}),
    )
)


def measured(text: str, kind: str = "note") -> Signals:
    return signals_of(CLASSIFIER.read(Mention(text, kind=kind)), INDEX)


def facts(text: str) -> dict[str, float]:
    return {name: value for name, value in measured(text).values.items() if name.startswith("facts")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("示例杯用了一周就掉漆", {"facts:more-faults": 2 / 3.5, "facts:faults-alone": 1, "facts:brief-faults": 1}),
        ("示例杯" + "今天带去爬山" * 10 + "掉漆", {"facts:more-faults": 2 / 3.5, "facts:faults-alone": 1}),
        ("示例杯用了一年没掉漆", {"facts:more-merits": 1 / 2.5, "facts:merits-alone": 1}),
        ("示例杯准时送到", {"facts:more-merits": 2 / 3.5, "facts:merits-alone": 1}),
        ("示例杯准时送到，就是掉漆", {}),
        ("示例杯今天带去爬山", {}),
    ],
)
def test_faults_are_held_against_merits(text, expected):
    assert facts(text) == pytest.approx(expected)


def test_a_merit_that_is_denied_is_a_fault():
    told = measured("示例杯的盖子不牢固")
    assert told.values["any:unmerit"] == 1 and "any:merit2" not in told.values
    assert "facts:more-faults" in told.values and [m.term for m in told.matches["facts:more-faults"]] == ["不牢固"]


def test_what_is_told_of_facts_rests_on_their_words():
    told = measured("示例杯掉漆，客服有耐心地听完，准时送到")
    assert [m.term for m in told.matches["body:fault2"]] == ["掉漆"]
    assert "准时送到" in [m.term for m in told.matches["facts:more-merits"]]


def test_a_post_with_a_plain_fault_is_not_blameless():
    assert measured("示例杯今天带去爬山").blameless_post
    assert not measured("示例杯用了一周就掉漆").blameless_post
    assert not measured("今天带去爬山", kind="comment").blameless_post


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("掉漆准时送到牢固失望没不,示例杯#"), max_size=30))
def test_the_facts_alone_are_the_facts_of_the_whole(text):
    reading = CLASSIFIER.read(Mention(text, kind="review"))
    whole = signals_of(reading, INDEX).values
    assert fact_values(reading, INDEX) == {name: value for name, value in whole.items() if name.startswith(FACTS)}
