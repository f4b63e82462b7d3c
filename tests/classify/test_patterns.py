"""What a regular expression can not do without is in every text that fits it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.classify.patterns import DIGIT, pieces
from negassoc.classify.rules import packaged_rules

PACKAGED = sorted(
    {
        item[3:]
        for rule in packaged_rules().rules.values()
        for group in (*rule.all, rule.none, rule.thread)
        for item in group
        if item.startswith("re:")
    }
)
A_TO_Z = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("source", "known"),
    [
        (r"\d+(\.\d+)?\s?(元|块)", [["元", "块"], [DIGIT]]),
        (r"[¥￥]\s?\d+", [[DIGIT], ["¥", "￥"]]),
        (r"1[3-9]\d{9}", [["1"], [DIGIT]]),
        (r"[一二]\s?(天|\d月)", [["一", "二"], ["天", "月"]]),
        (r"元|\d", [["元", DIGIT]]),
        (r"元|.", []),
        (r"\d*元?", []),
        (r"\d{0,2}元{,3}", []),
        (r"好{2}", [["好"]]),
        (r"(吊打|完爆).{0,6}(〇|□)", [["吊打", "完爆"], ["〇", "□"]]),
        (r"(换了|没有?|还是[喝吃])〇", [["〇"], ["换了", "没", "还是吃", "还是喝"]]),
        (r"不(给|谈).{0,4}发", [["不给", "不谈"], ["发"]]),
        (r"收到了[,。]", [["收到了,", "收到了。"]]),
        (r"去了?(店里|家|\d家)", [["去"], ["家", "店里"]]),
        (f"[{A_TO_Z}](退款)[{A_TO_Z}]", [sorted(f"{letter}退款" for letter in A_TO_Z)]),
        ("退款.{0,3}[一二三四五]", [["退款"]]),
        ("退款.{0,3}[一二三四]", [["退款"], ["一", "二", "三", "四"]]),
        ("[一二三四五六]", [[*"一三二五六四"]]),
        (r"[^甲]乙", [["乙"]]),
        (r"(?i)OK", []),
        (r"((甲)乙)", []),
        ("◇?", []),
        (r"\u4e0d认", []),
        (r"\x41好", []),
        (r"[\]退[赔]", []),
        (r"[]a[b]", []),
        (r"(?<!特)别", [["别"]]),
        (r"摔了(?!手机|碗)[,。]", [["摔了"], [",", "。"]]),
        (r"(?=特)别", []),
        (r"[(?!]别(买)", [["!别买", "(别买", "?别买"]]),
    ],
)
def test_the_pieces_of_a_pattern(source, known):
    assert sorted(map(sorted, pieces(source))) == sorted(map(sorted, known))


def test_the_first_piece_is_the_one_in_the_fewest_texts():
    """One single character among long words is rarer than two single characters."""
    assert pieces(r"(不|没).{0,4}(打钱|打款|谈).{0,4}\d")[0] == {"打钱", "打款", "谈"}
    assert pieces(r"\d+块")[0] == {"块"}


@given(st.data(), st.sampled_from(PACKAGED))
def test_each_piece_of_a_packaged_pattern_is_in_whatever_fits_it(data, source):
    text = data.draw(st.from_regex(source))
    for piece in pieces(source):
        assert any(re.search(r"\d", text) if one == DIGIT else one in text for one in piece), (source, text, piece)


@pytest.mark.parametrize("source", PACKAGED)
def test_every_packaged_pattern_is_a_regular_expression(source):
    """They are not tried when the pack is loaded."""
    assert re.compile(source)


def test_most_packaged_patterns_are_known_to_need_something():
    assert [source for source in PACKAGED if not pieces(source)] == ["."]
