"""Mentions: read from records, counts with exactness, times only where they can be known."""

from __future__ import annotations

import datetime as dt
import json
import pickle

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.errors import DataError
from negassoc.mention import Author, Count, Engagement, Kind, Mention, Query, parse_time

NOW = dt.datetime(2026, 11, 12, 12, 0, tzinfo=dt.UTC)  # 20:00 in Beijing


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        ("3642", Count(3642)), (0, Count(0)), ("0", Count(0)), ("1,234", Count(1234)), (12.0, Count(12)), ("１２", Count(12)),
        ("1.7万", Count(17000, "about")), ("3.9w", Count(39000, "about")), ("2千", Count(2000, "about")), ("1.2k", Count(1200, "about")),
        ("1亿", Count(10**8, "about")), ("10+", Count(10, "at_least")), ("1万+", Count(10000, "at_least")),
        ("１０＋", Count(10, "at_least")),
        ("12.3万次播放", Count(123000, "about")), ("获赞1.2万", Count(12000, "about")), ("999赞", Count(999)), ("约300", Count(300, "about")),
        ("1万多", Count(10000, "at_least")), ("5 条评论", Count(5)), ("3天", None), ("播放", None), ("第3次", None),
        (None, None), ("", None), ("None", None), ("-", None), ("赞", None), (True, None), (-1, None), (float("nan"), None),
        (float("inf"), None), ("1.2.3", None), ([], None),
    ],
)  # fmt: skip
def test_counts(shown, count):
    assert Count.parse(shown) == count


@pytest.mark.parametrize(
    ("shown", "time"),
    [
        (1721873091000, "2024-07-25T02:04:51+00:00"), ("1721873091", "2024-07-25T02:04:51+00:00"),
        (1721873091.5, "2024-07-25T02:04:51.500000+00:00"),
        ("2026-07-26T14:05:22+08:00", "2026-07-26T06:05:22+00:00"), ("2026年07月26日14时05分22秒", "2026-07-26T06:05:22+00:00"),
        ("2026-07-26 14:05", "2026-07-26T06:05:00+00:00"), ("2026/7/26", "2026-07-25T16:00:00+00:00"),
        ("昨天 19:20", "2026-11-11T11:20:00+00:00"), ("3天前", "2026-11-09T12:00:00+00:00"), ("刚刚", "2026-11-12T12:00:00+00:00"),
        ("5分钟前", "2026-11-12T11:55:00+00:00"), ("08-19", "2026-08-18T16:00:00+00:00"), ("12-01", "2025-11-30T16:00:00+00:00"),
        ("2026/11/20 7:05 PM", "2026-11-20T11:05:00+00:00"), ("2026-11-20 12:05:09 am", "2026-11-19T16:05:09+00:00"),
        ("2026/11/20 下午7:05", "2026-11-20T11:05:00+00:00"), ("2026年11月20日 上午 9:05", "2026-11-20T01:05:00+00:00"),
        ("昨天 下午3:05", "2026-11-11T07:05:00+00:00"), ("2026/11/20 19:05 PM", None), ("11月2日", "2026-11-01T16:00:00+00:00"),
        ("编辑于 2026-11-10 上海", "2026-11-09T16:00:00+00:00"), ("发布于 11-10 上海", "2026-11-09T16:00:00+00:00"),
        ("2天前 上海", "2026-11-10T12:00:00+00:00"), ("昨天 19:20 · IP属地上海", "2026-11-11T11:20:00+00:00"),
        ("编辑于 昨天 19:20 内蒙古", "2026-11-11T11:20:00+00:00"), ("编辑于 上海", None), ("2026-11-10 下午", None), ("5 分钟 上海", None),
        ("46000.5", "2025-12-09T04:00:00+00:00"), (46000.5, "2025-12-09T04:00:00+00:00"), ("12345.5", None),
        (dt.datetime(2026, 1, 1, 8), "2026-01-01T00:00:00+00:00"),
        (None, None), (0, None), ("", None), ("0", None), (True, None), ("很久以前", None), ("2026-13-01", None), ("02-30", None),
        ("9" * 14, None), (1e30, None), ("昨天 25:00", None),
    ],
)  # fmt: skip
def test_times(shown, time):
    found = parse_time(shown, now=NOW)
    assert (found.isoformat() if found else None) == time


@pytest.mark.parametrize("shown", ["昨天 19:20", "3天前", "08-19", "11月20日", "刚刚"])
def test_a_display_form_means_nothing_without_the_time_it_was_seen(shown):
    assert parse_time(shown) is None


@given(st.text(max_size=20) | st.integers() | st.floats() | st.none())
def test_no_input_makes_the_readers_fail(shown):
    Count.parse(shown)
    found = parse_time(shown, now=NOW)
    assert found is None or found.tzinfo is dt.UTC


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
