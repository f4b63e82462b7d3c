"""Mentions: values, read from records and written back."""

from __future__ import annotations

import datetime as dt
import json
import pickle

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc import times
from negassoc.errors import DataError
from negassoc.mention import BEIJING, Author, Count, Engagement, Kind, Mention, Query, parse_time


def test_a_bare_string_is_a_note():
    assert Mention.of("踩雷了") == Mention("踩雷了")
    assert Mention.of(mention := Mention("x", kind=Kind.REVIEW)) is mention


def test_the_same_content_has_the_same_id_and_another_another():
    assert Mention("踩雷了").id == Mention("踩雷了").id
    assert Mention("踩雷了").id != Mention("踩雷了", platform="kuaishou").id
    assert Mention("\ud800").id.startswith("c-")


def test_a_record_needs_only_a_text():
    mention = Mention.from_record({"text": "踩雷了"}, where="a.jsonl:3")
    assert mention == Mention("踩雷了")
    assert mention.where == "a.jsonl:3"


def test_unknown_keys_are_ignored_and_a_null_is_a_key_left_out():
    assert Mention.from_record({"text": "x", "label": "none", "trap": None, "author": None, "engagement": None}) == Mention("x")


def test_a_whole_record():
    mention = Mention.from_record(
        {
            "id": 7, "brand": "tea", "platform": "XHS", "kind": "comment", "title": None, "text": "同款", "thread_title": "避雷", "thread_text": "去了一家店",
            "author": {"nickname": "路人", "followers": "1.2万", "posts": None, "verified": False, "id": 33, "official": None},
            "ip_location": "广东", "published_at": "3天前", "engagement": {"likes": "10+", "comments": 3, "shares": None},
            "query": "示例茶 避雷", "url": "https://example.org/1", "parent_id": "c1",
        }
    )  # fmt: skip
    assert (mention.id, mention.platform, mention.kind) == ("7", "xiaohongshu", Kind.COMMENT)
    assert (mention.thread_title, mention.thread_text) == ("避雷", "去了一家店")
    assert mention.author == Author(id="33", nickname="路人", followers=12000, verified=False)
    assert (mention.published_at, mention.published_raw) == (None, "3天前")
    assert mention.engagement == Engagement(likes=Count(10, "at_least"), comments=Count(3))
    assert mention.queries == ("示例茶 避雷",)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({}, "row 2: neither title nor text; at least one is required"),
        ({"text": " \n", "title": None}, "row 2: neither title nor text; at least one is required"),
        ({"text": ["x"]}, "row 2: text: expected text, found \"['x']\""),
        ({"text": "x", "kind": "tweet"}, "row 2: kind: expected one of note, video,"),
        ({"text": "x", "author": "路人"}, "row 2: author: expected an object, found '路人'"),
        ({"text": "x", "topics": "a,b"}, "row 2: topics: expected a list of texts, found 'a,b'"),
        ({"text": True}, "row 2: text: expected text, found 'True'"),
    ],
)
def test_a_wrong_field_is_named(record, message):
    with pytest.raises(DataError) as caught:
        Mention.from_record(record, where="row 2")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("title", "told", "thread"),
    [
        (None, None, ""), ("避雷", None, "避雷"), (None, "去了一家店", "去了一家店"), ("避雷", "去了一家店", "避雷\n去了一家店"),
        ("去了", "去了一家店", "去了一家店"),
    ],
)  # fmt: skip
def test_the_thread_is_title_and_beginning_in_one(title, told, thread):
    assert Mention("同款", kind=Kind.COMMENT, thread_title=title, thread_text=told).thread == thread


def test_kinds_know_their_place():
    assert [kind for kind in Kind if kind.by_place] == [Kind.REVIEW, Kind.NOTICE, Kind.ACCOUNT_LABEL, Kind.SEARCH_SUGGESTION]
    assert [kind for kind in Kind if kind.from_platform] == [Kind.NOTICE, Kind.ACCOUNT_LABEL, Kind.SEARCH_SUGGESTION]
    assert [kind for kind in Kind if kind.is_answer] == [Kind.COMMENT, Kind.REPLY, Kind.LIVE_COMMENT]


def test_every_kind_has_words_for_people_by_which_it_is_known():
    assert [Kind.of(name) for kind in Kind for name in (kind, kind.words.zh, kind.words.en)] == [kind for kind in Kind for _ in range(3)]


def test_an_author_is_told_apart_by_id_never_by_nickname():
    assert Author(nickname="路人").identity is None
    assert Author(id="1", id_hash="a").identity == "1"
    assert Author(id_hash="a").identity == "a"


texts = st.text(max_size=12)
filled = st.text(min_size=1, max_size=12).filter(str.strip)
exact = st.integers(0, 10**9).map(Count)
about = st.integers(1, 10**5).map(lambda n: Count(n * 100, "about"))
at_least = st.integers(0, 10**6).map(lambda n: Count(n, "at_least"))
counts = st.none() | exact | about | at_least
optional = st.none() | filled
mentions = st.builds(
    Mention, filled, title=st.none() | texts, platform=st.sampled_from([None, "xiaohongshu", "kuaishou", "douban"]),
    kind=st.sampled_from(Kind),
    brand=optional, thread_title=optional, thread_text=optional, post_id=optional, parent_id=optional, url=optional, ip_location=optional, id=filled,
    author=st.builds(Author, id=optional, nickname=optional, followers=st.none() | st.integers(0, 10**9),
                     verified=st.none() | st.booleans()),
    engagement=st.builds(Engagement, likes=counts, comments=counts, collects=counts, shares=counts, views=counts),
    published_at=st.none() | st.datetimes(dt.datetime(2010, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)),
    published_raw=st.just("3天前"), queries=st.lists(filled, max_size=2).map(tuple), topics=st.lists(texts, max_size=2).map(tuple),
    partial=st.booleans(),
)  # fmt: skip


@given(mentions)
def test_a_mention_survives_json_and_pickling(mention):
    record = json.loads(json.dumps(mention.to_record()))
    assert Mention.from_record(record) == mention
    assert pickle.loads(pickle.dumps(mention)) == mention


def test_a_mention_shows_what_is_known_of_it():
    mention = Mention("踩雷", author=Author(nickname="路人"), engagement=Engagement(likes=Count(3)), id="m1")
    shown = "author=Author(nickname='路人'), engagement=Engagement(likes=Count(value=3, exactness='exact')), id='m1'"
    assert repr(mention) == f"Mention(text='踩雷', {shown})"
    assert eval(repr(attrs.evolve(mention, kind="note"))) == mention


def test_mentions_and_queries_are_values():
    assert hash(Mention("x")) == hash(Mention("x", where="elsewhere"))
    assert Query("示例茶 退款", platform="kuaishou", why="退款") == Query("示例茶 退款", platform="kuaishou", why="退款")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Mention("x").text = "y"


@pytest.mark.parametrize("wrong", [None, ["踩雷"], "踩雷"])
def test_what_is_no_object_is_no_record(wrong):
    with pytest.raises(DataError, match=r"^row 2: expected one JSON object, found "):
        Mention.from_record(wrong, where="row 2")


def test_a_kind_may_be_given_by_its_name():
    assert Mention("x", kind="comment").kind is Kind.COMMENT
    assert Mention("x", kind=Kind.COMMENT).kind is Kind.COMMENT
    assert Mention("x", kind="搜索联想").kind is Mention.from_record({"text": "x", "kind": "搜索联想"}).kind is Kind.SEARCH_SUGGESTION
    with pytest.raises(DataError, match=r"kind 'coment' is unknown; it is one of note \(笔记\), video \(视频\), comment"):
        Mention("x", kind="coment")


@pytest.mark.parametrize(("said", "platform"), [("小红书", "xiaohongshu"), ("XHS", "xiaohongshu"), ("Douban", "douban"), (None, None)])
def test_a_platform_may_be_given_in_any_usual_spelling(said, platform):
    assert Mention("x", platform=said) == Mention("x", platform=platform)
    assert Mention("x", platform=said).id == Mention("x", platform=platform).id
    assert Query("x", platform=said).platform == platform


@pytest.mark.parametrize("wrong", [None, 3, b"x"])
def test_a_text_that_is_none_is_named_at_once(wrong):
    with pytest.raises(DataError, match="text: expected text"):
        Mention(wrong)
    with pytest.raises(DataError, match=r"Mention\.from_record"):
        Mention.of(wrong)


@pytest.mark.parametrize("found", ["2026-11-27", "", dt.datetime(2026, 11, 27), dt.date(2026, 11, 27), 1764201600])
@pytest.mark.parametrize("key", ["published_at", "fetched_at"])
def test_what_is_no_time_with_its_zone_is_refused_by_name(key, found):
    with pytest.raises(DataError, match=f"^mention: {key}: expected a time with its zone, found .*parse_time"):
        Mention("踩雷", **{key: found})


@pytest.mark.parametrize("shown", ["1.7万", "13938.88万", "123456.78万", "99999999.99万"])
def test_a_rounded_count_keeps_every_digit_it_has(shown):
    mention = Mention("好", engagement=Engagement(views=Count.parse(shown)))
    assert Mention.from_record(mention.to_record()).engagement.views == Count.parse(shown)


def test_what_times_are_read_with_is_had_from_here_too():
    assert (BEIJING, parse_time) == (times.BEIJING, times.parse_time)
