"""The normal form: any text has one, and every character of it knows where it came from."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.brand import Brand
from negassoc.records import Title
from negassoc.text import BRAND, Lexicon, NormalText, Roles, TermIndex, code_sign, normal
from negassoc.text.normal import _FOLD, _homophones, _to_fold

ODD = "\u200b\u200d\ufeff\u202e\u202c\u0301\u0327\ud800\udfff\ufe0f\u00ad\ufb01\ufdfa㎏ß İ\n\t\r\u2028\x00\x85👩‍👩‍👧🏳️‍🌈ＫＦＣ！？，。[]哭惹R#话题見關退款tou诉骗*子避⚡tuikuanp子"
any_text = st.text(st.one_of(st.characters(codec=None), st.sampled_from(ODD)), max_size=60)


@settings(max_examples=400, deadline=None)
@given(any_text)
def test_any_text_has_a_normal_form_whose_characters_know_their_origin(original):
    n = NormalText.of(original)
    spans = [n.span(i, i + 1) for i in range(len(n.text))]
    assert all(0 <= start < end <= len(original) for start, end in spans)
    assert spans == sorted(spans)
    assert n.span(0, len(n.text))[1] == len(original) or not n.text
    assert n.starts is None or len(n.starts) == len(n.text)
    assert n.text == normal(original)


@settings(max_examples=200, deadline=None)
@given(any_text)
def test_what_is_once_folded_character_by_character_holds_no_invisible_or_upper_case_character(original):
    text = normal(original)
    assert not set(text) & set("\u200b\u200d\ufeff\u202e\u0301\ud800\x00ＫＦＣ！\t\r")


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("他们说很好的一二\n \u200b\u0301，！"), max_size=12),
    st.sampled_from(["避雷", "退款", "假货", "投诉"]),
    any_text,
)
def test_a_word_is_found_where_it_stands_in_the_original(before, word, after):
    n = NormalText.of(before + word + "，" + after)
    at = n.text.index(word)
    start, end = n.span(at, at + len(word))
    assert word in n.original[start:end]
    assert start == n.original.index(word)


@pytest.mark.parametrize(
    ("written", "meant", "shown"),
    [
        ("買到假貨了", "假货", "假貨"),
        ("別踩雷啊", "踩雷", "踩雷"),
        ("ＫＦＣ不好", "kfc", "ＫＦＣ"),
        ("我要tou诉他们", "投诉", "tou诉"),
        ("就是p子", "骗子", "p子"),
        ("纯骗孑", "骗子", "骗孑"),
        ("打12三15", "12315", "12三15"),
        ("不给退k", "退款", "退k"),
        ("不给退/款", "退款", "退/款"),
        ("垃.圾店", "垃圾", "垃.圾"),
        ("就是骗*子", "骗子", "骗*子"),
        ("避\u200b雷", "避雷", "避\u200b雷"),
        ("避⚡了", "避雷", "避⚡"),
        ("不给退💰", "退款", "退💰"),
        ("避\u202e雷\u202c", "避雷", "避\u202e雷\u202c"),
        ("TOU诉", "投诉", "TOU诉"),
    ],
)
def test_how_people_write_a_word_so_that_filters_miss_it(written, meant, shown):
    n = NormalText.of(written)
    at = n.text.index(meant)
    start, end = n.span(at, at + len(meant))
    assert n.original[start:end] == shown


def test_an_emoji_code_is_one_sign_however_the_platform_marks_it():
    assert normal("[哭惹R]好吃[哭惹]") == f"{code_sign('哭惹')}好吃{code_sign('哭惹')}"
    assert code_sign("哭惹") != code_sign("笑哭")
    assert normal("#避雷[话题]#") == "#避雷#"
    n = NormalText.of("[捂脸R]避雷")
    assert n.span(0, 1) == (0, 5)
    assert n.span(1, 3) == (5, 7)


@pytest.mark.parametrize("text", ["[]", "[", "]", "[[哭惹R]]", "[这不是表情代码]", "[话题", "[哭惹RR]"])
def test_brackets_that_are_no_code_stay(text):
    assert normal(text).count("[") == text.count("[") - ("[哭惹R]" in text)


def test_nested_brackets():
    assert normal("[" * 500 + "]" * 500) == "[[[]]]"


def test_a_key_of_a_list_is_no_part_of_the_word_behind_it():
    text = NormalText.of("1\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}KFC难吃")
    assert text.text == "1 kfc难吃"
    assert Roles(Brand("KFC")).marked(text).text == f"1 {BRAND}难吃"
    assert text.original[slice(*text.span(2, 5))] == "KFC"


def test_long_runs_become_three():
    n = NormalText.of("好" + "啊" * 20 + "！！！！！")
    assert n.text == "好啊啊啊!!!"
    assert n.span(1, 4) == (1, 21)
    assert n.span(4, 7) == (21, 26)


@pytest.mark.parametrize("text", ["king of pop子", "app子", "加vip会员", "过mac专柜", "赛过mp3", "okbi雷", "xtmdx", "ajubaoz"])
def test_latin_words_are_not_cut(text):
    assert normal(text) == text


ORDINARY = """
麻辣鸡丝 香辣鸡腿堡 酸辣鸡爪 辣鸡翅 沙拉基本都是水果 弗拉基米尔 主推款 推款式 爆推款 推款项 奶茶评测 喝茶评论 茶评师 狗东西 某宝宝 某宝妈 桃宝宝 老头诉苦 从头诉说 关闭雷达
在线流媒体 流水线流程 视线流转 矿泉水君 山水君子 增加威信 参加v型比赛 v信号 更加v脸 肠胃信号 超过m码 e心电图 j货架 美甲货架 指甲货 甲货币 特么么哒 独特么 模特么 加薇诺娜 很好。评价一下 很好，评价
质量差。评分不低 很好 评价 质量差 评论区 宣传、销售 宣传/销售 宣传·销售 能退。款式好看 不骗。人家 细微、信任 有限。流量 密封 号码 黑/心形 刷/单刷 略微。信了 不退 款式 打卡退款险 apple pay kpop
"""


@pytest.mark.parametrize("words", [line for line in ORDINARY.split("\n") if line])
def test_ordinary_words_are_left_as_they_are(words):
    changed = {word: normal(word) for word in words.split() if normal(word) != word.replace("，", ",")}
    assert not changed


@pytest.mark.parametrize("sentence", ["很好 评价", "质量差 评论区", "密封 号码"])
def test_a_space_between_two_words_does_not_make_a_third(sentence):
    assert normal(sentence) == sentence


def test_every_folding_leads_to_the_word_meant_and_the_word_is_stable():
    keys, words, _ = _homophones()
    wrong = {key: normal(key) for key, word in zip(keys, words, strict=True) if normal(key) != word}
    assert not wrong
    assert not {word for word in words if normal(word) != word}


def test_a_folded_word_is_found_as_a_term_with_the_characters_of_the_original():
    index = TermIndex([Lexicon("pit", Title("坑", "pit"), "complaint", {"投诉": 3, "垃圾": 3})])
    n = NormalText.of("垃.圾！！！！我要TOU诉")
    found = [n.original[slice(*n.span(m.start, m.end))] for m in index.scan(n.text)]
    assert found == ["垃.圾", "TOU诉"]


def test_edits_keep_the_way_back():
    n = NormalText.of("避\u200b雷示例茶真坑").replaced([(2, 5, "〇")])
    assert n.text == "避雷〇真坑"
    assert n.span(2, 3) == (3, 6)
    assert n.span(3, 5) == (6, 8)
    assert n.replaced([]) is n


def test_only_characters_that_nothing_is_done_to_are_passed_over():
    passed_over = [char for char in map(chr, range(sys.maxunicode + 1)) if not _to_fold().match(char)]
    assert len(passed_over) > 20_000
    assert all(_FOLD[ord(char)] == char for char in passed_over)
