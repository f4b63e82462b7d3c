"""A local HTTP server that plays Xiaohongshu, Kuaishou, their official interfaces and two gateways, and misbehaves on demand.

What it sends is made up; the shapes are the platforms'. Every post, comment and reply has its number in its text, so that tests can say what came.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import threading
import time as real_time
import types
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import attrs
import httpx
import pytest

from negassoc.errors import NegassocError
from negassoc.mention import Mention
from negassoc.sources import AsyncClient, Client, Listing, Policy
from negassoc.testing import NoWaiting, no_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRETS = ("S3CRET-cookie", "S3CRET-bearer", "S3CRET-token", "S3CRET-xsec", "S3CRET-sign", "S3CRET-app", "S3CRET-access", "S3CRET-refresh")
NOTE = "66a1b2c3000000000d{:06d}"
COMMENT = "66a2c0de0000000011{:06d}"
USER = "5f00000000000000000000aa"


@attrs.define
class Seen:
    """A request as the server got it."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


@attrs.define
class Answer:
    """What the server sends: JSON unless it is bytes; `cut` promises more than comes; `delay` are real seconds."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = attrs.field(factory=dict)
    cut: bool = False
    delay: float = 0.0

    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()


class Stage:
    """The server, its requests so far, and the faults that come before the play goes on."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.faults: dict[str, list[Answer]] = defaultdict(list)
        self.always: dict[str, Answer] = {}
        stage = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                stage.play(self)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that hangs up is part of the play."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        raw = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        seen = Seen(handler.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), json.loads(raw) if raw else None,
                    {name.lower(): value for name, value in handler.headers.items()})  # fmt: skip
        self.requests.append(seen)
        queue = self.faults[parts.path]
        answer = queue.pop(0) if queue else self.always.get(parts.path) or Answer(PLAYS[parts.path](seen))
        self._send(handler, answer)

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        real_time.sleep(answer.delay)
        raw = answer.raw()
        with contextlib.suppress(ConnectionError):
            handler.send_response(answer.status)
            for name, value in answer.headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(raw) + (100 if answer.cut else 0)))
            handler.send_header("Set-Cookie", "web_session=S3CRET-cookie; Path=/")
            handler.end_headers()
            handler.wfile.write(raw)
        handler.close_connection = handler.close_connection or answer.cut

    def paths(self) -> list[str]:
        return [one.path for one in self.requests]


PLAYS: dict[str, Callable[[Seen], Any]] = {}


def plays(path: str) -> Callable[[Callable[[Seen], Any]], Callable[[Seen], Any]]:
    def enter(play: Callable[[Seen], Any]) -> Callable[[Seen], Any]:
        PLAYS[path] = play
        return play

    return enter


def xhs(data: Any) -> Any:
    return {"code": 0, "success": True, "msg": "成功", "data": data}


def note(number: int) -> Any:
    user = {"user_id": USER, "nickname": "路人", "xsec_token": "S3CRET-xsec"}
    card = {"type": "normal", "display_title": f"笔记{number}", "user": user, "interact_info": {"liked_count": "3642"}}
    return {"id": NOTE.format(number), "model_type": "note", "xsec_token": "S3CRET-xsec", "note_card": card}


def comment(number: int, **more: Any) -> Any:
    base = {"id": COMMENT.format(number), "note_id": NOTE.format(1), "content": f"评论{number}", "create_time": 1721942238000 + number,
            "like_count": "23", "user_info": {"user_id": "5f00000000000000000000cc", "nickname": "momo"}}  # fmt: skip
    return base | more


@plays("/api/sns/web/v1/search/notes")
def search(seen: Seen) -> Any:
    """Three pages of three, the last of each again as the first of the next, and something that is no note."""
    page = seen.body["page"]
    first = (page - 1) * 2
    return xhs({"has_more": page < 3, "items": [*(note(first + n) for n in range(3)), {"id": "q#1", "model_type": "rec_query"}]})


@plays("/api/sns/web/v1/feed")
def feed(seen: Seen) -> Any:
    card = {"note_id": seen.body["source_note_id"], "type": "normal", "title": "", "desc": "充电三次就鼓包", "time": 1721873091000,
            "user": {"user_id": USER, "nickname": "路人"}, "interact_info": {"comment_count": "4"}}  # fmt: skip
    return xhs({"items": [{"id": card["note_id"], "model_type": "note", "note_card": card}]})


@plays("/api/sns/web/v2/comment/page")
def comments(seen: Seen) -> Any:
    """Two pages of two comments; the first comment has three replies, of which one comes along."""
    if seen.query["cursor"] == "":
        along = [comment(10, target_comment={"id": COMMENT.format(1)})]
        many = comment(1, sub_comment_count="3", sub_comment_has_more=True, sub_comment_cursor="sub-1", sub_comments=along)
        return xhs({"comments": [many, comment(2, sub_comment_has_more=False)], "cursor": "c-2", "has_more": True, "user_id": "viewer"})
    return xhs({"comments": [comment(2), comment(3)], "cursor": "", "has_more": False})


@plays("/api/sns/web/v2/comment/sub/page")
def replies(seen: Seen) -> Any:
    assert seen.query["root_comment_id"] == COMMENT.format(1)
    if seen.query["cursor"] == "sub-1":
        found = [comment(10, target_comment={"id": COMMENT.format(1)}), comment(11, target_comment={"id": COMMENT.format(10)})]
        return xhs({"comments": found, "cursor": "sub-2", "has_more": True})
    return xhs({"comments": [comment(12)], "cursor": "", "has_more": False})


@plays("/api/sns/web/v1/user_posted")
def user_posted(seen: Seen) -> Any:
    start = 0 if seen.query["cursor"] == "" else 2
    notes = [note(start + n)["note_card"] | {"note_id": NOTE.format(start + n)} for n in range(2)]
    return xhs({"notes": notes, "cursor": notes[-1]["note_id"], "has_more": start == 0})


def video(number: int) -> Any:
    photo = {"id": f"3xexamplephoto{number:02d}", "caption": f"视频{number} #示例品牌", "timestamp": 1721873091000, "realLikeCount": 12}
    return {"type": 1, "author": {"id": "3xexampleauthor1", "name": "示例车主"}, "photo": photo}


def ks_comment(number: int, **more: Any) -> Any:
    return {"comment_id": 900000000000000000 + number, "author_id": "3xexampleauthor2", "author_name": "老铁", "content": f"评论{number}",
            "timestamp": 1721942238000, "likeCount": 3, "hasSubComments": False} | more  # fmt: skip


@plays("/rest/v/search/feed")
def ks_search(seen: Seen) -> Any:
    at = seen.body["pcursor"]
    assert (seen.body.get("searchSessionId") == "session-1") is (at != "1")
    start = 0 if at == "1" else 2
    return {
        "result": 1,
        "feeds": [video(start), video(start + 1)],
        "pcursor": "2" if start == 0 else "no_more",
        "searchSessionId": "session-1",
    }


@plays("/rest/v/profile/feed")
def ks_posts(seen: Seen) -> Any:
    first = seen.body["pcursor"] == ""
    return {"result": 1, "feeds": [video(7 if first else 8)], "pcursor": "p-2" if first else "no_more"}


@plays("/rest/v/photo/comment/list")
def ks_comments(seen: Seen) -> Any:
    if seen.body["pcursor"] == "":
        return {"result": 1, "rootCommentsV2": [ks_comment(1, hasSubComments=True, commentCount=2), ks_comment(2)], "pcursorV2": "k-2",
                "commentCountV2": 5}  # fmt: skip
    return {"result": 1, "rootCommentsV2": [ks_comment(3)], "pcursorV2": "no_more", "commentCountV2": 5}


@plays("/rest/v/photo/comment/sublist")
def ks_replies(seen: Seen) -> Any:
    assert seen.body["rootCommentId"] == 900000000000000001
    first = seen.body["pcursor"] == ""
    return {
        "result": 1,
        "subCommentsV2": [ks_comment(11 if first else 12, reply_to="3xexampleauthor2")],
        "pcursorV2": "r-2" if first else "no_more",
    }


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


@attrs.define
class Outcome:
    """What came of driving a listing: the mentions that arrived, the error that ended it, and what was left behind."""

    mentions: list[Mention]
    error: NegassocError | None
    found: Any
    events: list[Any]
    time: NoWaiting

    def texts(self) -> list[str]:
        return [one.text or one.title or "" for one in self.mentions]


class Driver:
    """Drives listings with one client, the synchronous or the asynchronous one, on time that does not pass by itself."""

    def __init__(self, mode: str, **more: Any) -> None:
        self.mode, self.time, self.events = mode, no_waiting(), list[Any]()
        self._more = {"cookies": {"web_session": "S3CRET-cookie"}, "timeout": 5.0, "verify": False, "trust_env": False} | {
            key: value for key, value in more.items() if key != "policy"
        }
        self._policy = more.get("policy", Policy(jitter=0.0))
        self._client: Any = None

    def client(self, http: Any) -> Any:
        if self._client is None:
            kind, sleep = (Client, self.time.sleep) if self.mode == "sync" else (AsyncClient, self.time.asleep)
            self._client = kind(http, policy=self._policy, clock=self.time.clock, sleep=sleep, now=self.time.now, draw=lambda: 0.0,
                                hooks=[self.events.append])  # fmt: skip
        self._client._http = http
        return self._client

    def __call__(self, listing: Listing, *, cursor: str | None = None, most: int | None = None) -> Outcome:
        return asyncio.run(self._async(listing, cursor, most)) if self.mode == "async" else self._sync(listing, cursor, most)

    def _sync(self, listing: Listing, cursor: str | None, most: int | None) -> Outcome:
        got: list[Mention] = []
        with httpx.Client(**self._more) as http:
            found = self.client(http).read(listing, cursor=cursor)
            try:
                for one in found:
                    got.append(one)
                    if len(got) == most:
                        break
            except NegassocError as error:
                return Outcome(got, error, found, self.events, self.time)
        return Outcome(got, None, found, self.events, self.time)

    async def _async(self, listing: Listing, cursor: str | None, most: int | None) -> Outcome:
        got: list[Mention] = []
        async with httpx.AsyncClient(**self._more) as http:
            found = self.client(http).read(listing, cursor=cursor)
            stream = aiter(found)
            try:
                async for one in stream:
                    got.append(one)
                    if len(got) == most:
                        break
            except NegassocError as error:
                return Outcome(got, error, found, self.events, self.time)
            finally:
                await stream.aclose()
        return Outcome(got, None, found, self.events, self.time)

    def once(self, act: Callable[[Any], Any]) -> Any:
        """`act` on the client, awaited where it must be."""

        async def go() -> Any:
            async with httpx.AsyncClient(**self._more) as http:
                return await act(self.client(http))

        if self.mode == "async":
            return asyncio.run(go())
        with httpx.Client(**self._more) as http:
            return act(self.client(http))


@pytest.fixture(params=["sync", "async"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def drive(mode: str) -> Driver:
    return Driver(mode)


@pytest.fixture
def driver(mode: str) -> Callable[..., Driver]:
    """Makes a driver with options of one's own."""
    return lambda **more: Driver(mode, **more)


@pytest.fixture(scope="session")
def world() -> types.SimpleNamespace:
    """The pieces of the play, to make an answer by hand, and the good answers themselves."""
    detail = Seen("POST", "", {}, {"source_note_id": NOTE.format(1)}, {})
    roots, below = (
        Seen("GET", "", {"cursor": ""}, None, {}),
        Seen("GET", "", {"root_comment_id": COMMENT.format(1), "cursor": "sub-1"}, None, {}),
    )
    ks, ks_below = Seen("POST", "", {}, {"pcursor": ""}, {}), Seen("POST", "", {}, {"rootCommentId": 900000000000000001, "pcursor": ""}, {})
    good = [search(Seen("POST", "", {}, {"page": 1}, {})), feed(detail), comments(roots), replies(below), user_posted(roots), ks_posts(ks)]
    good += [ks_comments(ks), ks_replies(ks_below), ks_search(Seen("POST", "", {}, {"pcursor": "1"}, {}))]
    good += [{"code": 0, "data": one} for one in good] + [{"code": 200, "data": {"code": 0, "result": 1, "data": one}} for one in good]
    return types.SimpleNamespace(
        xhs=xhs,
        note=note,
        comment=comment,
        video=video,
        ks_comment=ks_comment,
        answers=good,
        first_page=search(Seen("POST", "", {}, {"page": 1}, {})),
        Driver=Driver,
    )


@pytest.fixture
def answer() -> type[Answer]:
    return Answer


@pytest.fixture
def secrets() -> tuple[str, ...]:
    return SECRETS


def gzipped(raw: bytes) -> Answer:
    return Answer(gzip.compress(raw), headers={"Content-Encoding": "gzip"})


@pytest.fixture
def packed() -> Callable[[bytes], Answer]:
    return gzipped
