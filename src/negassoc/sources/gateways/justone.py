"""JustOneAPI: a gateway with its token in the address. Of each platform it offers less than TikHub; what it does not, is refused by
name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from negassoc.errors import (
    AccessDeniedError,
    LoginRequiredError,
    PayloadError,
    RateLimitedError,
    RefusedError,
    TransientError,
    UnknownNameError,
)
from negassoc.platform import KUAISHOU, XIAOHONGSHU
from negassoc.sources import kuaishou, xiaohongshu
from negassoc.sources.flow import Call, Flow, Listing, Reply, Turn, check_http, once, pack, unpack, words_of
from negassoc.sources.kuaishou.check import check_payload as check_kuaishou
from negassoc.sources.kuaishou.fetch import account_id, post_of
from negassoc.sources.redact import redacted
from negassoc.sources.xiaohongshu.check import check_payload as check_xiaohongshu
from negassoc.sources.xiaohongshu.fetch import open_threads

if TYPE_CHECKING:
    from negassoc.brand import Account
    from negassoc.mention import Mention, Query
    from negassoc.sources.page import Page

Platform: TypeAlias = Literal["xiaohongshu", "kuaishou"]
_OFFERED = {XIAOHONGSHU: ("search", "detail", "comments", "replies"), KUAISHOU: ("comments", "posts")}


def check(reply: Reply) -> None:
    """Code 100: `LoginRequiredError` (token). 301 (try again) and 500: `TransientError`. 302: `RateLimitedError`. 600 (permission), 601
    (balance): `AccessDeniedError`. 300 (no such interface), 400 (parameters): `PayloadError`. Then the platform's own table."""
    check_http(reply)
    payload = reply.json()
    code = str(payload.get("code", "0"))
    words = f"code {code}: {redacted(str(payload.get('message') or ''))}"
    if code == "100":
        raise LoginRequiredError(f"the token is not valid; {words}", **reply.place)
    if code in ("301", "500"):
        raise TransientError(f"the gateway failed; {words}", **reply.place, retry_after=reply.retry_after)
    if code == "302":
        raise RateLimitedError(f"too many requests; {words}", **reply.place, retry_after=reply.retry_after)
    if code in ("600", "601"):
        raise AccessDeniedError(f"no permission, or no balance; {words}", **reply.place)
    if code in ("300", "400"):
        raise PayloadError(f"the gateway does not accept the request; {words}", **reply.place, path="$")
    if code != "0":
        raise RefusedError(f"not accepted; {words}", **reply.place)
    inner = payload.get("data")
    if isinstance(inner, Mapping):
        (check_xiaohongshu if reply.call.platform == XIAOHONGSHU else check_kuaishou)(inner, reply)


class JustOneApi:
    """The gateway for one platform. Authorised by `gateways.auth.JustOneAuth`; each page is a paid call, so mind `Policy.pages`.

    Xiaohongshu: `search`, `detail`, `comments`, `replies`. Kuaishou: `comments`, `posts`. `UnknownNameError` for any other. With `replies`,
    the replies under each comment of Xiaohongshu are read too.
    """

    def __init__(self, platform: Platform, *, base: str = "https://api.justoneapi.com", replies: bool = True) -> None:
        self.platform: Platform = platform
        self._base, self._with_replies = base.rstrip("/"), replies

    def search(self, query: Query | str) -> Listing:
        """Notes found for `query`."""
        self._offers("search")
        words = words_of(query, self.platform)

        def turn(cursor: str | None) -> Flow[Turn]:
            number = int(unpack(cursor).get("page", 1))
            reply = yield self._call("search-note/v4", f"search {words}", {"keyword": words, "page": str(number)})
            page = xiaohongshu.parse_search(reply.json(), query=words)
            return Turn(attrs.evolve(page, cursor=pack(page=number + 1)))

        return Listing(f"search {words}", platform=self.platform, turn=turn)

    def detail(self, post: Mention | str) -> Listing:
        """One note in full."""
        self._offers("detail")
        own_id, _ = post_of(post)

        def page() -> Flow[Page]:
            reply = yield self._call("get-note-detail/v6", f"note {own_id}", {"noteId": own_id})
            return xiaohongshu.parse_detail(reply.json())

        return once(f"note {own_id}", self.platform, page)

    def comments(self, post: Mention | str) -> Listing:
        """The comments under a post: a mention, an id or an address."""
        own_id, title = post_of(post)
        if self.platform == KUAISHOU:
            return self._pages(f"comments {own_id}", "get-video-comment/v1", {"videoId": own_id}, "pcursor",
                               lambda payload: kuaishou.parse_comments(payload, post_id=own_id, thread_title=title))  # fmt: skip
        return self._pages(
            f"comments {own_id}", "get-note-comment/v4", {"noteId": own_id}, "lastCursor",
            lambda payload: xiaohongshu.parse_comments(payload, post_id=own_id, thread_title=title),
            lambda payload: (self._replies(own_id, root, title) for root, _ in open_threads(payload)) if self._with_replies else iter(()),
        )  # fmt: skip

    def replies(self, comment: Mention) -> Listing:
        """The replies under a comment of a note."""
        self._offers("replies")
        if comment.post_id is None:
            raise ValueError(f"comment {comment.id} does not say under which post it stands (post_id)")
        return self._replies(comment.post_id, comment.id, comment.thread_title)

    def _replies(self, post_id: str, root_id: str, title: str | None) -> Listing:
        return self._pages(
            f"replies {root_id}", "get-note-sub-comment/v2", {"noteId": post_id, "commentId": root_id}, "lastCursor",
            lambda payload: xiaohongshu.parse_replies(payload, post_id=post_id, root_id=root_id, thread_title=title),
        )  # fmt: skip

    def posts(self, account: Account | str) -> Listing:
        """The videos of an account."""
        self._offers("posts")
        own_id = account_id(account)
        return self._pages(f"posts of {own_id}", "get-user-video-list/v2", {"userId": own_id}, "pcursor", kuaishou.parse_posts)

    def _offers(self, what: str) -> None:
        if what not in _OFFERED[self.platform]:
            raise UnknownNameError(f"JustOneAPI interface for {self.platform}", what, _OFFERED[self.platform])

    def _pages(  # noqa: PLR0913, PLR0917 - what tells one list from another
        self, what: str, path: str, params: dict[str, str], cursor_name: str, parse: Callable[[object], Page],
        below: Callable[[object], Iterator[Listing]] = lambda _: iter(()),
    ) -> Listing:  # fmt: skip
        def turn(cursor: str | None) -> Flow[Turn]:
            reply = yield self._call(path, what, {**params, **({cursor_name: cursor} if cursor else {})})
            payload = reply.json()
            return Turn(parse(payload), tuple(below(payload)))

        return Listing(what, platform=self.platform, turn=turn)

    def _call(self, path: str, purpose: str, params: dict[str, str]) -> Call:
        return Call("GET", f"{self._base}/api/{self.platform}/{path}", params=params, platform=self.platform, purpose=purpose, check=check)
