"""How a mention is read: which part is the head, what stands in a hashtag, where the brand is named, and the way back."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.brand import Account, Brand
from negassoc.classify.reading import Reading, situation_of
from negassoc.mention import Author, Kind, Mention
from negassoc.text import BRAND, Roles

BRAND_OF = Brand("示例茶", products=("示例乌龙",), competitors=("对手茶",), not_this_brand=("示例酒店",))
WITH_ACCOUNT = attrs.evolve(BRAND_OF, official_accounts=(Account(platform="xiaohongshu", id="own", nickname="示例茶官方"),))
ROLES = Roles(BRAND_OF)

any_text = st.text(st.one_of(st.characters(codec=None), st.sampled_from("示例茶乌龙#\u200b\n。[哭惹R]ＫＦＣ")), max_size=40)


def read(text: str, **fields: object) -> Reading:
    return Reading.of(Mention(text, **fields), ROLES)  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(any_text, st.one_of(st.none(), any_text), st.data())
def test_every_range_of_the_body_has_its_place_in_the_original(text, title, data):
    reading = read(text, title=title)
    size = len(reading.body)
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    span = reading.hit(start, end, "x").span
    assert 0 <= span.start <= span.end <= len((title if span.field == "title" else text) or "")
    assert 0 <= reading.head[0] <= max(reading.head[1], reading.head[0]) <= size
    assert list(reading.ours) == [i for i, char in enumerate(reading.body) if char in "〇□"]
    for place in range(size):
        assert reading.in_tag(place) == any(a <= place < b for a, b in reading.tags)
        assert reading.near(place, 5) == any(abs(place - p) < 5 for p in reading.ours)


def test_a_hit_in_title_or_text():
    reading = read("退\u200b款没到", title="ＫＦＣ避雷")
    at = reading.body.index("避雷")
    assert reading.hit(at, at + 2, "避雷").span == attrs.evolve(reading.hit(0, 1, "").span, start=3, end=5)
    at = reading.body.index("退款")
    span = reading.hit(at, at + 2, "退款").span
    assert (span.field, span.start, span.end) == ("text", 0, 3)


@pytest.mark.parametrize(
    ("text", "title", "head"),
    [
        ("第一句。第二句", None, "第一句"),
        ("第一句。第二句", "标题", "标题"),
        ("第一行\n第二行", " ", "第一行"),
        ("#示例茶# 第一句!第二句", None, "第一句"),
        ("长" + "一二三四五六七八九十" * 6, None, "长" + "一二三四五六七八九十" * 3 + "一二三四五六七八九"),
        ("", None, ""),
        ("。", None, ""),
    ],
)
def test_the_head_is_the_title_or_the_first_sentence(text, title, head):
    reading = read(text, title=title)
    assert reading.body[slice(*reading.head)] == head


def test_hashtags():
    reading = read("#避雷 示例茶很好#踩雷[话题]# #好喝")
    assert [reading.body[a:b] for a, b in reading.tags] == ["#避雷", "#踩雷#", "#好喝"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"text": "示例茶好喝"}, {"head", "body"}),
        ({"text": "第一句。示例乌龙好喝"}, {"body"}),
        ({"text": "好喝 #示例茶"}, {"tag", "head"}),
        ({"text": "好喝", "title": "示例茶"}, {"head", "body"}),
        ({"text": "同感", "thread_title": "示例茶避雷"}, {"thread"}),
        ({"text": "同感", "thread_title": "周末", "thread_text": "去喝了一杯 #示例茶[话题]#"}, {"thread"}),
        ({"text": "同感", "thread_text": "去示例茶喝了一杯"}, {"thread"}),
        ({"text": "同感", "thread_title": "周末", "thread_text": "去对手茶喝了一杯"}, set()),
        ({"text": "对手茶和示例酒店"}, set()),
    ],
)
def test_where_the_brand_is_named(fields, named):
    assert set(read(**fields).named) == named


def test_rivals_and_other_bearers():
    assert read("对手茶").rival
    assert not read("示例茶").rival
    assert read("示例酒店").other_bearer
    assert not read("示例茶").other_bearer


@pytest.mark.parametrize(
    ("mention", "brand", "situation"),
    [
        (Mention("x"), BRAND_OF, "post"),
        (Mention("x", kind=Kind.NOTICE), WITH_ACCOUNT, "platform"),
        (Mention("x", kind=Kind.ACCOUNT_LABEL), BRAND_OF, "platform"),
        (Mention("x", kind=Kind.REVIEW), BRAND_OF, "review"),
        (Mention("x", platform="xiaohongshu", author=Author(id="own")), WITH_ACCOUNT, "own"),
        (Mention("x", platform="kuaishou", author=Author(id="own")), WITH_ACCOUNT, "post"),
        (Mention("x", kind=Kind.COMMENT), WITH_ACCOUNT, "answer"),
        (Mention("x", kind=Kind.COMMENT, thread_title="示例茶"), WITH_ACCOUNT, "post"),
        (Mention("x", kind=Kind.COMMENT, thread_text="示例茶"), WITH_ACCOUNT, "post"),
        (Mention("x", kind=Kind.COMMENT), BRAND_OF, "post"),
    ],
)
def test_the_situation(mention, brand, situation):
    assert situation_of(mention, brand) == situation


def test_only_the_beginning_of_a_huge_text_is_read():
    reading = read("示例茶" + "好吃" * 100_000)
    assert len(reading.body) <= 20_000
    assert reading.body[0] == BRAND


SELLER = Roles(Brand("示例家电", products=("示例家电轻音破壁机B3", "示例家电会员礼盒"), industry="小家电连锁"))


@pytest.mark.parametrize(
    ("text", "queries", "about"),
    [
        ("买的破壁机漏水了", ("示例家电 漏水",), True),
        ("那台Ｂ３开机就冒烟", ("示例家电 漏水",), True),
        ("买的破壁机漏水了", ("破壁机 漏水",), False),  # the search was for no brand
        ("买的破壁机漏水了", (), False),
        ("会员礼盒过期了", ("示例家电 过期",), False),  # every trade has those
        ("他家老板跑了", ("示例家电 跑路",), False),
        ("示例家电跑了", (), True),
    ],
)
def test_what_a_search_for_the_brand_found_is_about_it_if_it_tells_of_its_goods(text, queries, about):
    assert Reading.of(Mention(text, queries=queries), SELLER).unnamed_post is not about


def test_a_brand_without_goods_is_found_by_its_name_alone():
    assert Reading.of(Mention("东西坏了", queries=("示例",)), Roles(Brand("示例"))).unnamed_post
