"""TikHub: app interfaces of both platforms behind one key. Behind its success the platform may have refused: that is checked too."""

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
    UnavailableError,
)
from negassoc.mention import Kind, Mention
from negassoc.platform import KUAISHOU, XIAOHONGSHU
from negassoc.sources import fields, kuaishou, xiaohongshu
from negassoc.sources.flow import Call, Flow, Listing, Reply, Turn, check_http, once, pack, unpack, words_of
from negassoc.sources.kuaishou.check import check_payload as check_kuaishou
from negassoc.sources.kuaishou.fetch import account_id, post_of
from negassoc.sources.kuaishou.fetch import open_threads as kuaishou_threads
from negassoc.sources.page import Node, Page, body_of, first, rows
from negassoc.sources.redact import redacted
from negassoc.sources.xiaohongshu.check import check_payload as check_xiaohongshu
from negassoc.sources.xiaohongshu.fetch import open_threads as xiaohongshu_threads

if TYPE_CHECKING:
    from negassoc.brand import Account
    from negassoc.mention import Query

Platform: TypeAlias = Literal["xiaohongshu", "kuaishou"]
_Params: TypeAlias = dict[str, str]


def check(reply: Reply) -> None:
    """HTTP or outer code 401: `LoginRequiredError` (key). 402 (balance), 403: `AccessDeniedError`. 429: `RateLimitedError`. 404:
    `UnavailableError`. 5xx: `TransientError`. Then whatever the platform inside says, by its own table."""
    if 200 <= reply.status < 300:
        payload = reply.json()
        _check_code(str(payload.get("code", "200")), redacted(str(payload.get("message") or "")), reply)
        inner = payload.get("data")
        if isinstance(inner, Mapping):
            (check_xiaohongshu if reply.call.platform == XIAOHONGSHU else check_kuaishou)(inner, reply)
        return
    _check_code(str(reply.status), "", reply)
    check_http(reply)


def _check_code(code: str, said: str, reply: Reply) -> None:
    words = f"code {code}{': ' + said if said else ''}"
    if code in ("200", "0"):
        return
    if code == "401":
        raise LoginRequiredError(f"the key is not valid; {words}", **reply.place)
    if code in ("402", "403"):
        raise AccessDeniedError(f"no balance, or no permission for this; {words}", **reply.place)
    if code == "429":
        raise RateLimitedError(f"too many requests; {words}", **reply.place, retry_after=reply.retry_after)
    if code == "404":
        raise UnavailableError(f"not found; {words}", **reply.place, reason="not_found")
    if code.startswith("5"):
        raise TransientError(f"the gateway failed; {words}", **reply.place, retry_after=reply.retry_after)
    if code in ("400", "422"):
        raise PayloadError(f"the gateway does not accept the request; {words}", **reply.place, path="$")
    raise RefusedError(f"not accepted; {words}", **reply.place)


@attrs.frozen
class _Reading:
    """How one kind of list is read: the path, the first parameters, the parser, how the parameters of the next page follow from a reply."""

    path: str
    params: _Params
    parse: Callable[[object], Page]
    onward: Callable[[object, _Params], _Params]
    below: Callable[[object], Iterator[Listing]] | None = None


class TikHub:
    """The gateway for one platform. Authorised by `gateways.auth.TikHubAuth`; each page is a paid call, so mind `Policy.pages`.

    `base` is `https://api.tikhub.dev` within mainland China. With `replies`, the replies under each comment are read too.
    """

    def __init__(self, platform: Platform, *, base: str = "https://api.tikhub.io", replies: bool = True) -> None:
        self.platform: Platform = platform
        self._base, self._with_replies = base.rstrip("/"), replies

    def search(self, query: Query | str) -> Listing:
        """Posts found for `query`."""
        words = words_of(query, self.platform)
        if self.platform == XIAOHONGSHU:
            path, params, onward = "xiaohongshu/app_v2/search_notes", {"keyword": words, "page": "1"}, _next_page
            return self._listing(f"search {words}", _Reading(path, params, lambda p: xiaohongshu.parse_search(p, query=words), onward))
        path, params = "kuaishou/app/search_video_v2", {"keyword": words, "pcursor": ""}
        return self._listing(f"search {words}", _Reading(path, params, lambda p: kuaishou.parse_search(p, query=words), _next_pcursor))

    def detail(self, post: Mention | str) -> Listing:
        """One post in full. Of Xiaohongshu, a video is asked for as such where the mention says that it is one."""
        own_id, _ = post_of(post)
        is_video = isinstance(post, Mention) and post.kind is Kind.VIDEO
        path = f"xiaohongshu/app_v2/get_{'video' if is_video else 'image'}_note_detail"

        def page() -> Flow[Page]:
            if self.platform == XIAOHONGSHU:
                reply = yield self._call(path, f"note {own_id}", {"note_id": own_id})
                return xiaohongshu.parse_detail({"items": list(_notes(reply.json()))})
            reply = yield self._call("kuaishou/app/fetch_one_video", f"video {own_id}", {"photo_id": own_id})
            return kuaishou.parse_detail(reply.json())

        return once(f"post {own_id}", self.platform, page)

    def comments(self, post: Mention | str) -> Listing:
        """The comments under a post: a mention, an id or an address."""
        own_id, title = post_of(post)
        if self.platform == XIAOHONGSHU:
            return self._listing(f"comments {own_id}", _Reading(
                "xiaohongshu/app_v2/get_note_comments", {"note_id": own_id, "cursor": ""},
                lambda p: xiaohongshu.parse_comments(p, post_id=own_id, thread_title=title), _next_cursor,
                lambda p: (self._replies(own_id, root, title) for root, _ in xiaohongshu_threads(p)),
            ))  # fmt: skip
        return self._listing(f"comments {own_id}", _Reading(
            "kuaishou/app/fetch_video_comment", {"photo_id": own_id, "pcursor": ""},
            lambda p: kuaishou.parse_comments(p, post_id=own_id, thread_title=title), _next_pcursor,
            lambda p: (self._replies(own_id, root, title) for root in kuaishou_threads(p)),
        ))  # fmt: skip

    def replies(self, comment: Mention) -> Listing:
        """The replies under a comment."""
        if comment.post_id is None:
            raise ValueError(f"comment {comment.id} does not say under which post it stands (post_id)")
        return self._replies(comment.post_id, comment.id, comment.thread_title)

    def _replies(self, post_id: str, root_id: str, title: str | None) -> Listing:
        if self.platform == XIAOHONGSHU:
            return self._listing(f"replies {root_id}", _Reading(
                "xiaohongshu/app_v2/get_note_sub_comments", {"note_id": post_id, "comment_id": root_id, "cursor": ""},
                lambda p: xiaohongshu.parse_replies(p, post_id=post_id, root_id=root_id, thread_title=title), _next_cursor,
            ))  # fmt: skip
        return self._listing(f"replies {root_id}", _Reading(
            "kuaishou/app/fetch_video_sub_comments", {"photo_id": post_id, "root_comment_id": root_id, "pcursor": ""},
            lambda p: kuaishou.parse_replies(p, post_id=post_id, root_id=root_id, thread_title=title), _next_pcursor,
        ))  # fmt: skip

    def posts(self, account: Account | str) -> Listing:
        """The posts of an account: an `Account` with an id, an id, or the address of its profile."""
        own_id = account_id(account)
        if self.platform == XIAOHONGSHU:
            path, params = "xiaohongshu/app_v2/get_user_posted_notes", {"user_id": own_id, "cursor": ""}
            return self._listing(f"posts of {own_id}", _Reading(path, params, xiaohongshu.parse_posts, _next_note))
        path, params = "kuaishou/app/fetch_user_post_v2", {"user_id": own_id, "pcursor": ""}
        return self._listing(f"posts of {own_id}", _Reading(path, params, kuaishou.parse_posts, _next_pcursor))

    def _listing(self, what: str, reading: _Reading) -> Listing:
        def turn(cursor: str | None) -> Flow[Turn]:
            params = reading.params | unpack(cursor)
            reply = yield self._call(reading.path, what, params)
            payload = reply.json()
            page, following = reading.parse(payload), reading.onward(payload, params)
            below = tuple(reading.below(payload)) if reading.below and self._with_replies else ()
            return Turn(attrs.evolve(page, cursor=pack(**following) if following else None), below)

        return Listing(what, platform=self.platform, turn=turn)

    def _call(self, path: str, purpose: str, params: _Params) -> Call:
        return Call("GET", f"{self._base}/api/v1/{path}", params=params, platform=self.platform, purpose=purpose, check=check)


def _notes(payload: object) -> Iterator[object]:
    """The notes of a detail, which stand in lists within lists; a note may be the list's item itself."""
    for node in _outer_first(payload):
        inner = node.get("data")
        for item in inner if isinstance(inner, list) else ():
            listed = item.get("note_list") if isinstance(item, Mapping) else None
            yield from listed if isinstance(listed, list) else [item]


def _next_page(payload: object, params: _Params) -> _Params:
    """Xiaohongshu's search: the next page, and the search's ids that the first reply gave."""
    kept = {key: params[key] for key in ("search_id", "search_session_id") if key in params}
    for node in _outer_first(payload):
        kept |= {key: value for key in ("search_id", "search_session_id") if (value := fields.text(node.get(key)))}
    return kept | {"page": str(int(params["page"]) + 1)}


def _next_cursor(payload: object, _: _Params) -> _Params:
    """Xiaohongshu's comments: the cursor goes back as it came; where it is an object, its parts do."""
    body, _path = body_of(payload, XIAOHONGSHU, "comments", "sub_comments")
    cursor = body.get("cursor")
    inner: Node = cursor if isinstance(cursor, Mapping) else {}
    found = {
        "cursor": first(inner, "cursor") if inner else cursor, "index": first(inner, "index") or body.get("index"),
        "pageArea": first(inner, "page_area") or body.get("page_area"),
    }  # fmt: skip
    texts = {key: text for key, value in found.items() if (text := fields.text(value))}
    return texts if "cursor" in texts else {}


def _next_note(payload: object, _: _Params) -> _Params:
    """Xiaohongshu's posts of an account: the cursor of the last note."""
    body, _path = body_of(payload, XIAOHONGSHU, "notes")
    notes = rows(body, "notes")
    last = fields.text(first(notes[-1], "cursor", "note_id", "id")) if notes else None
    return {"cursor": last} if last else {}


def _next_pcursor(payload: object, _: _Params) -> _Params:
    body, _path = body_of(payload, KUAISHOU, "pcursor", "mix_feeds", "feeds", "root_comments", "sub_comments")
    cursor = fields.text(first(body, "pcursor_v2", "pcursor"))
    return {"pcursor": cursor} if cursor and cursor != "no_more" else {}


def _outer_first(payload: object) -> Iterator[Node]:
    node = payload
    while isinstance(node, Mapping):
        yield node
        node = node.get("data")
