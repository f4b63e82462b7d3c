"""How Kuaishou's pages are asked for. The session is the caller's; nothing here signs, and a reply that refuses ends the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc.brand import Account
from negassoc.mention import Mention, Query
from negassoc.platform import KUAISHOU
from negassoc.sources import fields
from negassoc.sources.flow import Call, Flow, Listing, Turn, pack, unpack, words_of
from negassoc.sources.kuaishou.check import check
from negassoc.sources.kuaishou.parse import parse_comments, parse_posts, parse_replies, parse_search
from negassoc.sources.page import Node, Page, body_of, list_in, rows
from negassoc.sources.rows import heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.records import Json

_ROOTS = ("root_comments_v2", "root_comments")


class Kuaishou:
    """The web interface of Kuaishou: give what it returns to a `Client`, whose HTTP client carries your own, permitted session.

    With `replies`, the replies under each comment are read too. `base` is the site's address. Searches and an account's posts need a
    signature that only the platform's own pages make; this library makes none, and without one the platform refuses (result 50).
    """

    platform = KUAISHOU

    def __init__(self, *, base: str = "https://www.kuaishou.com", replies: bool = True) -> None:
        self._base, self._with_replies = base.rstrip("/"), replies

    def search(self, query: Query | str) -> Listing:
        """Videos found for `query`."""
        words = words_of(query, KUAISHOU)

        def turn(cursor: str | None) -> Flow[Turn]:
            at = unpack(cursor)
            session: dict[str, Json] = {"searchSessionId": at["session"]} if "session" in at else {}
            body: dict[str, Json] = {"keyword": words, "pcursor": at.get("pcursor", "1"), "page": "search", **session}
            reply = yield self._call("/rest/v/search/feed", f"search {words}", body)
            payload = reply.json()
            page = parse_search(payload, query=words)
            body_, _ = body_of(payload, KUAISHOU, "feeds", "pcursor")
            return Turn(_onward(page, fields.text(body_.get("search_session_id")) or at.get("session")))

        return Listing(f"search {words}", platform=KUAISHOU, turn=turn)

    def comments(self, post: Mention | str) -> Listing:
        """The comments under a video: a mention, an id (`3x…`) or an address."""
        own_id, title = post_of(post)

        def turn(cursor: str | None) -> Flow[Turn]:
            reply = yield self._call("/rest/v/photo/comment/list", f"comments {own_id}", {"photoId": own_id, "pcursor": cursor or ""})
            payload = reply.json()
            page = parse_comments(payload, post_id=own_id, thread_title=title)
            below = (self._replies(own_id, root_id, title) for root_id in open_threads(payload)) if self._with_replies else ()
            return Turn(page, tuple(below))

        return Listing(f"comments {own_id}", platform=KUAISHOU, turn=turn)

    def replies(self, comment: Mention) -> Listing:
        """The replies under a comment of a video."""
        if comment.post_id is None:
            raise ValueError(f"comment {comment.id} does not say which video it stands under (post_id)")
        return self._replies(comment.post_id, comment.id, comment.thread_title)

    def _replies(self, post_id: str, root_id: str, title: str | None) -> Listing:
        def turn(cursor: str | None) -> Flow[Turn]:
            body: dict[str, Json] = {
                "photoId": post_id,
                "pcursor": cursor or "",
                "rootCommentId": int(root_id) if root_id.isdigit() else root_id,
            }
            reply = yield self._call("/rest/v/photo/comment/sublist", f"replies {root_id}", body)
            return Turn(parse_replies(reply.json(), post_id=post_id, root_id=root_id, thread_title=title))

        return Listing(f"replies {root_id}", platform=KUAISHOU, turn=turn)

    def posts(self, account: Account | str) -> Listing:
        """The videos of an account: an `Account` with an id, an id (`3x…`), or the address of its profile."""
        own_id = account_id(account)

        def turn(cursor: str | None) -> Flow[Turn]:
            body: dict[str, Json] = {"user_id": own_id, "pcursor": cursor or "", "page": "profile"}
            reply = yield self._call("/rest/v/profile/feed", f"posts of {own_id}", body)
            return Turn(parse_posts(reply.json()))

        return Listing(f"posts of {own_id}", platform=KUAISHOU, turn=turn)

    def _call(self, path: str, purpose: str, body: dict[str, Json]) -> Call:
        return Call("POST", self._base + path, json=body, platform=KUAISHOU, purpose=purpose, check=check)


def _onward(page: Page, session: str | None) -> Page:
    cursor = pack(pcursor=page.cursor, session=session) if page.cursor else None
    return Page(mentions=page.mentions, cursor=cursor, has_more=page.has_more, skipped=page.skipped, problems=page.problems)


def open_threads(payload: object) -> Iterator[str]:
    """The ids of the comments on a page that have more replies than came along."""
    body, path = body_of(payload, KUAISHOU, *_ROOTS)
    items, _ = list_in(body, path, KUAISHOU, *_ROOTS)
    along = body.get("sub_comments_map")
    for item in rows({"items": items}, "items"):
        own_id = fields.identity(item.get("comment_id"))
        if own_id and _has_more(item) and not (isinstance(along, dict) and _ends(along.get(own_id))):
            yield own_id


def _ends(page: object) -> bool:
    return isinstance(page, dict) and page.get("pcursor") in (None, "", "no_more")


def _has_more(item: Node) -> bool:
    said = item.get("has_sub_comments")
    many = fields.count(item.get("sub_comment_count"))
    came = len(rows(item, "sub_comments"))
    return many.value > came if many else said is True


def post_of(post: Mention | str) -> tuple[str, str | None]:
    """The id of a video and what stands as title over its comments."""
    if isinstance(post, Mention):
        return post.id, post.title or heading(post.text) or None
    named = fields.id_in_url(post)
    return (named[1] if named else post), None


def account_id(account: Account | str) -> str:
    """The id of an account; `ValueError` where it is known by nickname only, which tells nobody apart."""
    own_id = account.id if isinstance(account, Account) else fields.user_in_url(account) or account
    if not own_id:
        raise ValueError(f"{account!r} has no id; a nickname does not tell accounts apart")
    return own_id
