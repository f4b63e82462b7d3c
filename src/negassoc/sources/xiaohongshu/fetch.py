"""How Xiaohongshu's pages are asked for. The session is the caller's; nothing here signs, and a reply that refuses ends the run."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from negassoc.brand import Account
from negassoc.errors import UnavailableError
from negassoc.mention import Mention, Query
from negassoc.platform import XIAOHONGSHU
from negassoc.sources import fields
from negassoc.sources.flow import Call, Flow, Listing, Reply, Turn, objects_in, once, pack, unpack, words_of
from negassoc.sources.page import Node, Page, body_of, list_in, rows
from negassoc.sources.rows import heading
from negassoc.sources.xiaohongshu.check import check
from negassoc.sources.xiaohongshu.parse import parse_comments, parse_detail, parse_posts, parse_replies, parse_search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from negassoc.records import Json

_FORMATS = ("jpg", "webp", "avif")
_PAGE = 20
_MOST_TOKENS = 20_000


class Tokens:
    """The `xsec_token` of each note and account seen, which the platform wants back; never shown, never pickled, the oldest forgotten."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, str] = OrderedDict()

    def learn(self, payload: object) -> None:
        """Remember what a reply gives."""
        for node in objects_in(payload):
            token = node.get("xsec_token")
            if isinstance(token, str) and token:
                for key in ("id", "note_id", "user_id"):
                    self._keep(node.get(key), token)

    def learn_from(self, address: str, own_id: str) -> None:
        """Remember what an address carries."""
        for token in parse_qs(urlsplit(address).query).get("xsec_token", []):
            self._keep(own_id, token)

    def _keep(self, own_id: object, token: str) -> None:
        if isinstance(own_id, str) and own_id:
            self._held[own_id] = token
            self._held.move_to_end(own_id)
            if len(self._held) > _MOST_TOKENS:
                self._held.popitem(last=False)

    def of(self, own_id: str) -> dict[str, str]:
        """The parameter, where one is known."""
        token = self._held.get(own_id)
        return {"xsec_token": token, "xsec_source": "pc_search"} if token else {}

    def __repr__(self) -> str:
        return f"Tokens({len(self._held)})"

    def __reduce__(self) -> tuple[object, ...]:
        return Tokens, ()


class Xiaohongshu:
    """The web interface of Xiaohongshu: give what it returns to a `Client`, whose HTTP client carries your own, permitted session.

    `sort` is `general`, `popularity_descending` or `time_descending`. With `replies`, the replies under each comment are read too. `base`
    is the interface's address. `ids` makes the id that a search keeps over its pages. A note's access token is remembered as it is seen in
    a search, or taken from an address; it appears in no mention, log or error.
    """

    platform = XIAOHONGSHU

    def __init__(
        self, *, base: str = "https://edith.xiaohongshu.com", sort: str = "general", replies: bool = True,
        ids: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:  # fmt: skip
        self._base, self._sort, self._with_replies, self._ids = base.rstrip("/"), sort, replies, ids
        self._tokens = Tokens()

    def search(self, query: Query | str) -> Listing:
        """Notes found for `query`: titles without text (`partial`), which `detail` completes."""
        words = words_of(query, XIAOHONGSHU)

        def turn(cursor: str | None) -> Flow[Turn]:
            at = unpack(cursor)
            number, search_id = int(at.get("page", 1)), at.get("search_id") or self._ids()
            body: dict[str, Json] = {
                "keyword": words, "page": number, "page_size": _PAGE, "search_id": search_id, "sort": self._sort, "note_type": 0,
            }  # fmt: skip
            reply = yield self._post("/api/sns/web/v1/search/notes", f"search {words}", body)
            page = parse_search(self._payload(reply), query=words)
            return Turn(_onward(page, pack(page=number + 1, search_id=search_id)))

        return Listing(f"search {words}", platform=XIAOHONGSHU, turn=turn)

    def detail(self, post: Mention | str) -> Listing:
        """One note in full. `UnavailableError` where the platform shows nothing, which does not say why."""
        own_id, _ = self._post_of(post)

        def page() -> Flow[Page]:
            body: dict[str, Json] = {
                "source_note_id": own_id, "image_formats": list(_FORMATS), "extra": {"need_body_topic": 1}, **self._tokens.of(own_id),
            }  # fmt: skip
            reply = yield self._post("/api/sns/web/v1/feed", f"note {own_id}", body)
            found = parse_detail(self._payload(reply))
            if not found.mentions and not found.problems:
                raise UnavailableError("an empty answer: gone, private or throttled; the platform does not say", **reply.place)
            return found

        return once(f"note {own_id}", XIAOHONGSHU, page)

    def comments(self, post: Mention | str) -> Listing:
        """The comments under a note: a mention, an id or an address."""
        own_id, title = self._post_of(post)

        def turn(cursor: str | None) -> Flow[Turn]:
            reply = yield self._get("/api/sns/web/v2/comment/page", f"comments {own_id}", {
                "note_id": own_id, "cursor": cursor or "", "top_comment_id": "", "image_formats": ",".join(_FORMATS),
                **self._tokens.of(own_id),
            })  # fmt: skip
            payload = self._payload(reply)
            page = parse_comments(payload, post_id=own_id, thread_title=title)
            below = self._threads(payload, own_id, title) if self._with_replies else ()
            return Turn(page, tuple(below))

        return Listing(f"comments {own_id}", platform=XIAOHONGSHU, turn=turn)

    def _threads(self, payload: object, post_id: str, title: str | None) -> Iterator[Listing]:
        for root_id, start in open_threads(payload):
            yield self._replies(post_id, root_id, title, start)

    def replies(self, comment: Mention) -> Listing:
        """The replies under a comment of a note."""
        if comment.post_id is None:
            raise ValueError(f"comment {comment.id} does not say which note it stands under (post_id)")
        return self._replies(comment.post_id, comment.id, comment.thread_title, None)

    def _replies(self, post_id: str, root_id: str, title: str | None, start: str | None) -> Listing:
        def turn(cursor: str | None) -> Flow[Turn]:
            reply = yield self._get("/api/sns/web/v2/comment/sub/page", f"replies {root_id}", {
                "note_id": post_id, "root_comment_id": root_id, "num": "10", "cursor": cursor or "", "image_formats": ",".join(_FORMATS),
                "top_comment_id": "", **self._tokens.of(post_id),
            })  # fmt: skip
            return Turn(parse_replies(self._payload(reply), post_id=post_id, root_id=root_id, thread_title=title))

        return Listing(f"replies {root_id}", platform=XIAOHONGSHU, turn=turn, start=start)

    def posts(self, account: Account | str) -> Listing:
        """The notes of an account: an `Account` with an id, an id, or the address of its profile."""
        own_id = account_id(account)
        if isinstance(account, str):
            self._tokens.learn_from(account, own_id)

        def turn(cursor: str | None) -> Flow[Turn]:
            reply = yield self._get("/api/sns/web/v1/user_posted", f"posts of {own_id}", {
                "num": "30", "cursor": cursor or "", "user_id": own_id, "image_formats": ",".join(_FORMATS), **self._tokens.of(own_id),
            })  # fmt: skip
            return Turn(parse_posts(self._payload(reply)))

        return Listing(f"posts of {own_id}", platform=XIAOHONGSHU, turn=turn)

    def _post_of(self, post: Mention | str) -> tuple[str, str | None]:
        if isinstance(post, Mention):
            return post.id, post.title or heading(post.text) or None
        named = fields.id_in_url(post)
        own_id = named[1] if named else post
        self._tokens.learn_from(post, own_id)
        return own_id, None

    def _payload(self, reply: Reply) -> object:
        payload = reply.json()
        self._tokens.learn(payload)
        return payload

    def _post(self, path: str, purpose: str, body: dict[str, Json]) -> Call:
        return Call("POST", self._base + path, json=body, platform=XIAOHONGSHU, purpose=purpose, check=check)

    def _get(self, path: str, purpose: str, params: dict[str, str]) -> Call:
        return Call("GET", self._base + path, params=params, platform=XIAOHONGSHU, purpose=purpose, check=check)


def _onward(page: Page, cursor: str) -> Page:
    return Page(mentions=page.mentions, cursor=cursor, has_more=page.has_more, skipped=page.skipped, problems=page.problems)


def open_threads(payload: object) -> Iterator[tuple[str, str | None]]:
    """The comments on a page that have more replies than came along: their ids, and the cursor at which the rest begins."""
    body, path = body_of(payload, XIAOHONGSHU, "comments")
    items, _ = list_in(body, path, XIAOHONGSHU, "comments")
    for item in rows({"comments": items}, "comments"):
        own_id = fields.identity(item.get("id"))
        if own_id and _has_more(item):
            yield own_id, fields.text(item.get("sub_comment_cursor"))


def _has_more(item: Node) -> bool:
    said = item.get("sub_comment_has_more")
    many = fields.count(item.get("sub_comment_count"))
    return said if isinstance(said, bool) else bool(many) and many.value > len(rows(item, "sub_comments")) if many else False


def account_id(account: Account | str) -> str:
    """The id of an account; `ValueError` where it is known by nickname only, which tells nobody apart."""
    own_id = account.id if isinstance(account, Account) else fields.user_in_url(account) or account
    if not own_id:
        raise ValueError(f"{account!r} has no id; a nickname does not tell accounts apart")
    return own_id
