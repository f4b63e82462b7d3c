"""Flows without any client: walks end whatever a platform says, give nothing twice, and an import brings in no HTTP library."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import negassoc.sources
from negassoc.brand import Brand
from negassoc.cases import open_store
from negassoc.errors import PayloadError, SourceError, TransientError, UnavailableError
from negassoc.mention import Kind, Mention, Query
from negassoc.sources import (
    Call,
    Client,
    JustOneApi,
    Kuaishou,
    KuaishouOpen,
    Kwaishop,
    Listing,
    Magnetic,
    Page,
    Reply,
    TikHub,
    Turn,
    Xiaohongshu,
)
from negassoc.sources.flow import Walk, check_http, once, pack, unpack
from negassoc.watch import Monitor
from negassoc.watch.feeds import SearchFeed

CALL = Call("GET", "https://example.invalid/a", platform="xiaohongshu", purpose="x")
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def reply(content=b"{}", status=200, **headers):
    return Reply(CALL, status, headers, content, NOW)


def through(walk):
    """All pages of a walk whose calls are all answered, and how many calls there were."""
    pages, calls, step = [], 0, walk.advance()
    while step is not None:
        if isinstance(step, Page):
            pages.append(step)
            step = walk.advance()
        else:
            calls += 1
            step = walk.advance(reply())
    return pages, calls


MENTION = st.builds(lambda n, kind: Mention(f"{n}", id=str(n), kind=kind), st.integers(0, 9), st.sampled_from([Kind.NOTE, Kind.COMMENT]))
PAGE = st.builds(
    lambda mentions, cursor, more: Page(mentions=tuple(mentions), cursor=cursor, has_more=more),
    st.lists(MENTION, max_size=4), st.sampled_from([None, "a", "b", "c"]), st.booleans(),
)  # fmt: skip
BOOK = st.dictionaries(st.sampled_from([None, "a", "b", "c"]), PAGE, min_size=4, max_size=4)


def listing(book, below=()):
    def turn(cursor):
        yield CALL
        return Turn(book[cursor], below)

    return Listing("x", platform="xiaohongshu", turn=turn)


@given(BOOK, BOOK, st.integers(1, 5), st.integers(1, 3))
def test_a_walk_ends_and_gives_nothing_twice(book, replies, pages, reply_pages):
    walk = Walk(listing(book, (listing(replies),)), cursor=None, pages=pages, reply_pages=reply_pages)
    given_pages, calls = through(walk)
    keys = [(one.kind.is_answer, one.id) for page in given_pages for one in page.mentions]
    assert len(keys) == len(set(keys))
    assert calls <= pages * (1 + reply_pages)
    assert walk.ended
    assert walk.advance() is None


@given(BOOK, st.integers(1, 5), st.data())
def test_a_walk_broken_off_anywhere_and_resumed_gives_the_same_as_one(book, pages, data):
    whole = [one.id for page in through(Walk(listing(book), cursor=None, pages=9, reply_pages=1))[0] for one in page.mentions]
    walk = Walk(listing(book), cursor=None, pages=pages, reply_pages=1)
    parts, _ = through(walk)
    cut = data.draw(st.integers(0, sum(len(page.mentions) for page in parts)))
    first = [one for page in parts for one in page.mentions][:cut]
    again = Walk(listing(book), cursor=None, pages=9, reply_pages=1, given={(one.kind.is_answer, one.id) for one in first})
    rest = [one.id for page in through(again)[0] for one in page.mentions]
    assert [one.id for one in first] + rest == whole


def test_an_error_thrown_in_comes_out_of_a_listing_but_not_of_a_thread():
    gone = UnavailableError("gone")
    walk = Walk(listing({None: Page()}), cursor=None, pages=1, reply_pages=1)
    walk.advance()
    with pytest.raises(UnavailableError):
        walk.advance(gone)
    walk = Walk(listing({None: Page()}, (listing({None: Page()}),)), cursor=None, pages=1, reply_pages=1)
    assert isinstance(walk.advance(), Call)
    assert isinstance(walk.advance(reply()), Page)
    assert isinstance(walk.advance(), Call)
    assert walk.advance(gone) is None
    assert [stop.what for stop in walk.stops] == ["gone"]


def test_cursors_are_packed_and_unpacked():
    assert unpack(pack(page=2, search_id=None, word="词")) == {"page": "2", "word": "词"}
    assert unpack(None) == {}
    for bad in ("x", "[]", '{"a": 1}', ""):
        with pytest.raises(ValueError, match="no cursor"):
            unpack(bad)


def test_a_query_for_another_platform_is_not_run():
    for source in (Kuaishou(), TikHub("kuaishou"), Xiaohongshu(), JustOneApi("xiaohongshu")):
        assert source.search(Query("示例品牌", platform=source.platform)).what == "search 示例品牌"
        with pytest.raises(ValueError, match="is for weibo"):
            source.search(Query("示例品牌", platform="weibo"))


def test_a_listing_of_one_page():
    def page():
        yield CALL
        return Page(mentions=(Mention("好"),))

    pages, calls = through(Walk(once("x", "xiaohongshu", page), cursor=None, pages=5, reply_pages=1))
    assert (len(pages), calls) == (1, 1)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("", None), ("soon", None), ("-3", None), ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0), ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0), ("٣", None)],
)  # fmt: skip
def test_when_a_server_wants_to_be_asked_again(value, seconds):
    assert reply(**{"retry-after": value}).retry_after == seconds


@pytest.mark.parametrize("content", [b"null", b"3", b'"x"', b"[]", b"", b"  ", b"<p>", b"{", b"\x00"])
def test_only_objects_are_payloads(content):
    with pytest.raises(PayloadError) as caught:
        reply(content).json()
    assert caught.value.path == "$"
    assert caught.value.__context__ is None


@given(st.integers(100, 599))
def test_every_status_but_2xx_is_an_error(status):
    if 200 <= status < 300:
        check_http(reply(status=status))
    else:
        with pytest.raises(TransientError if status >= 500 else Exception) as caught:
            check_http(reply(status=status))
        assert caught.value.platform == "xiaohongshu"


def test_what_the_room_offers_is_there():
    for name in negassoc.sources.__all__:
        assert getattr(negassoc.sources, name).__doc__ or name == "Flow"
    with pytest.raises(AttributeError, match="Clinet"):
        _ = negassoc.sources.Clinet


@pytest.mark.parametrize(
    "what", ["negassoc.sources", "negassoc.sources.xiaohongshu", "negassoc.sources.kuaishou", "negassoc.sources.gateways"]
)
def test_no_http_library_before_it_is_used(what):
    code = f"import sys, {what}; from negassoc.sources import Xiaohongshu, Magnetic, TikHub, Policy, Call; print({{'httpx', 'tenacity', 'jieba'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_monitor_reads_searches_and_stops_at_a_refusal(stage, answer, world, tmp_path):
    import httpx

    from negassoc.testing import no_waiting

    time = no_waiting(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with httpx.Client(verify=False, trust_env=False) as http:
        client = Client(http, clock=time.clock, sleep=time.sleep, now=time.now, draw=lambda: 0.0)
        source = Kuaishou(base=stage.base)
        feed = SearchFeed(lambda query: client.search(source, query), [Query("示例品牌"), Query("示例品牌 避雷")])
        store = open_store(str(tmp_path / "w.db"))
        monitor = Monitor([feed], [Brand("示例品牌")], store=store, thresholds=(), clock=time.now)
        run = monitor.run()
        assert (run.seen, run.new) == (8, 4)
        stage.always["/rest/v/search/feed"] = answer({"result": 400002, "url": "https://captcha.example.invalid/x"})
        before = len(stage.requests)
        run = monitor.run()
        assert len(stage.requests) == before + 1
        assert "captcha" in str(run.problems[0])
        monitor.run()
        assert len(stage.requests) == before + 1
        store.close()


KEYS = st.sampled_from([
    "code", "success", "data", "msg", "items", "comments", "has_more", "cursor", "note_card", "model_type", "id", "note_id", "content", "user",
    "user_info", "sub_comments", "sub_comment_has_more", "sub_comment_count", "sub_comment_cursor", "xsec_token", "result", "feeds", "pcursor",
    "pcursorV2", "rootCommentsV2", "rootComments", "hasSubComments", "comment_id", "subCommentsV2", "subComments", "subCommentsMap", "photo",
    "caption", "searchSessionId", "details", "total", "rootComment", "video_list", "notes", "list", "errors", "captcha", "url", "visionX",
    "root_comment_detail", "child_comment_detail_list", "note_list", "search_id", "index", "user_id", "title", "desc", "timestamp", "code",
])  # fmt: skip
LEAF = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["0", "1", "no_more", "66a1b2c3000000000d000001", 1, 0, 200]),
)
JSON = st.recursive(LEAF, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=6)), max_leaves=25)
WELL = st.dictionaries(KEYS, JSON, max_size=6).map(
    lambda d: d | {k: v for k, v in (("code", 0), ("success", True), ("result", 1)) if k in d}
)


def all_listings():
    comment = Mention("x", id="1", kind=Kind.COMMENT, post_id="2")
    yield from (
        Xiaohongshu().search("x"),
        Xiaohongshu().detail("1"),
        Xiaohongshu().comments("1"),
        Xiaohongshu().replies(comment),
        Xiaohongshu().posts("1"),
    )
    yield from (Kuaishou().search("x"), Kuaishou().comments("1"), Kuaishou().replies(comment), Kuaishou().posts("1"))
    yield from (Magnetic(1).comments(), Magnetic(1).thread(comment), KuaishouOpen().posts(), Kwaishop().reviews())
    for gateway in (TikHub("xiaohongshu"), TikHub("kuaishou")):
        yield from (gateway.search("x"), gateway.detail("1"), gateway.comments("1"), gateway.replies(comment), gateway.posts("1"))
    justone = JustOneApi("xiaohongshu")
    yield from (justone.search("x"), justone.detail("1"), justone.comments("1"), justone.replies(comment))
    yield from (JustOneApi("kuaishou").comments("1"), JustOneApi("kuaishou").posts("1"))


@given(
    st.sampled_from(list(all_listings())),
    st.lists(st.one_of(WELL, WELL.map(lambda d: {"code": 0, "data": d}), JSON), max_size=4),
    st.integers(0, 3),
)
def test_whatever_comes_is_mentions_problems_or_a_typed_error(found, replies, wrap):
    walk = Walk(found, cursor=None, pages=3, reply_pages=2)
    step, queue = walk.advance(), list(replies)
    for _ in range(40):
        if step is None:
            return
        if isinstance(step, Page):
            assert all(one.id for one in step.mentions)
            step = walk.advance()
            continue
        payload = queue.pop(0) if queue else {}
        for _ in range(wrap):
            payload = {"code": 200 if "tikhub" in step.url else 0, "data": payload}
        answer = Reply(step, 200, {}, json.dumps(payload).encode(), NOW)
        try:
            step.check(answer)
            step = walk.advance(answer)
        except SourceError as error:
            assert error.platform
            return
    raise AssertionError("no end")


def spoilt(value, rng, leaf):
    """The same JSON value with one node, anywhere in it, made another or left out."""
    if isinstance(value, dict | list) and value and rng.random() < 0.85:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = rng.choice(list(keys))
        copy = dict(value) if isinstance(value, dict) else list(value)
        if rng.random() < 0.15:
            copy.pop(key)
        else:
            copy[key] = spoilt(copy[key], rng, leaf)
        return copy
    return leaf


@given(st.randoms(use_true_random=False), st.lists(JSON, min_size=4, max_size=4))
def test_a_good_answer_with_one_thing_wrong_is_never_a_crash(world, rng, leaves):
    good = rng.choice(world.answers)
    for found in all_listings():
        walk = Walk(found, cursor=None, pages=3, reply_pages=1)
        step = walk.advance()
        try:
            for leaf in leaves:
                if isinstance(step, Page):
                    step = walk.advance()
                elif step is not None:
                    answer = Reply(step, 200, {}, json.dumps(spoilt(good, rng, leaf)).encode(), NOW)
                    step.check(answer)
                    step = walk.advance(answer)
        except SourceError as error:
            assert error.platform
