"""Xiaohongshu's notes and comments, from every shape in which they travel: web API, page state, MCP server, gateways. Pure.

The shapes differ in key style (`noteCard`, `note_card`), in names (`user`/`user_info`, `userid`/`user_id`, `time`/`create_time`,
`comments_count`/`comment_count`, `share_count`/`shared_count`) and in units (seconds, milliseconds); all go through one reader.
Where a payload gives no time, the id does: its first 8 hex digits are Unix seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from negassoc.counts import Count
from negassoc.errors import Problem
from negassoc.mention import Author, Engagement, Kind, Mention
from negassoc.platform import XIAOHONGSHU
from negassoc.sources import fields
from negassoc.sources.page import Context, Node, Outcome, Page, body_of, each, first, list_in, rows, table
from negassoc.sources.rows import Skipped, heading, identified

if TYPE_CHECKING:
    import datetime as dt

_NOTHING_SAID = "neither title nor text"
_BESIDE_A_NOTE = frozenset({"liked_count", "likes", "time", "image_list"})
_BESIDE_A_COMMENT = frozenset({"note_id", "like_count", "sub_comments", "target_comment"})


def parse_search(payload: object, *, query: str | None = None, where: str = "search") -> Page:
    """A search's page: notes without text (`partial`), other items skipped. `PayloadError` for another shape.

    >>> parse_search({"data": {"items": [], "has_more": False}}).has_more
    False
    """
    body, path = body_of(payload, XIAOHONGSHU, "items", "feeds")
    items, at = list_in(body, path, XIAOHONGSHU, "items", "feeds")
    outcomes = each(items, Context(where=f"{where} {at}", query=query), note_units)
    return Page.of(outcomes, cursor=None, has_more=body.get("has_more") is True)


def parse_detail(payload: object, *, query: str | None = None, where: str = "feed") -> Page:
    """A note in full (and, where they came along, its comments). An empty list is a page without mentions: throttled or gone, the reply
    does not say which. `PayloadError` for another shape."""
    body, path = body_of(payload, XIAOHONGSHU, "items", "note", "note_card", "note_list", "note_id")
    context = Context(where=f"{where} {path}", query=query)
    if "items" in body or "note_list" in body:
        items, at = list_in(body, path, XIAOHONGSHU, "items", "note_list")
        return Page.of(each(items, Context(where=f"{where} {at}", query=query), note_units), cursor=None, has_more=False)
    return Page.of(note_units(body, context), cursor=None, has_more=False)


def parse_comments(payload: object, *, post_id: str | None = None, thread_title: str | None = None, where: str = "comments") -> Page:
    """A page of comments, each followed by the replies that came with it; `data.user_id` is the viewer and is not read."""
    body, path = body_of(payload, XIAOHONGSHU, "comments", "list")
    if isinstance(body.get("comments"), Mapping):
        body, path = table(body, "comments"), f"{path}.comments"
    items, at = list_in(body, path, XIAOHONGSHU, "comments", "list")
    outcomes = each(items, Context(where=f"{where} {at}", post_id=post_id, heading=thread_title), comment_units)
    total = Count.parse(body.get("comment_count"))
    return Page.of(outcomes, cursor=_cursor(body), has_more=body.get("has_more") is True, total=total.value if total else None)


def parse_replies(
    payload: object, *, post_id: str | None = None, root_id: str | None = None, thread_title: str | None = None, where: str = "replies"
) -> Page:
    """A page of replies under the comment `root_id`; each keeps its immediate target as `parent_id`."""
    body, path = body_of(payload, XIAOHONGSHU, "comments", "sub_comments", "list")
    items, at = list_in(body, path, XIAOHONGSHU, "comments", "sub_comments", "list")
    context = Context(where=f"{where} {at}", post_id=post_id, parent_id=root_id, heading=thread_title)
    return Page.of(each(items, context, comment_units), cursor=_cursor(body), has_more=body.get("has_more") is True)


def parse_posts(payload: object, *, where: str = "posts") -> Page:
    """A page of one account's notes; the cursor is the last note's id where the reply names none."""
    body, path = body_of(payload, XIAOHONGSHU, "notes", "feeds", "items")
    items, at = list_in(body, path, XIAOHONGSHU, "notes", "feeds", "items")
    page = Page.of(each(items, Context(where=f"{where} {at}"), note_units), cursor=None, has_more=body.get("has_more") is True)
    cursor = _cursor(body) or (page.mentions[-1].id if page.mentions else None)
    return Page(mentions=page.mentions, cursor=cursor, has_more=page.has_more, skipped=page.skipped, problems=page.problems)


def _cursor(body: Node) -> str | None:
    return fields.text(body.get("cursor"))


def is_unit(node: Node) -> bool:
    """Whether an object (keys in snake case) is a note, an item around one, a comment, a notification, or an item that is none."""
    return (
        "note_card" in node or _is_item(node) or is_note(node) or is_comment(node) or _is_notification(node)
        or (isinstance(node.get("note"), Mapping) and is_note(table(node, "note")))
    )  # fmt: skip


def units(node: Node, context: Context) -> Iterator[Outcome]:
    """What an object that `is_unit` holds; a thing that is none of ours is skipped with its reason."""
    if _is_notification(node):
        yield _notification(node, context)
    elif is_comment(node):
        yield from comment_units(node, context)
    else:
        yield from note_units(node, context)


def is_note(node: Node) -> bool:
    """A note itself: it has an id, a title or text, and counts or an author beside them."""
    said = "desc" in node or "title" in node or "display_title" in node
    known = "interact_info" in node or ("user" in node and not node.keys().isdisjoint(_BESIDE_A_NOTE))
    return said and known and bool(_note_id(node) or "note_id" in node)


def is_comment(node: Node) -> bool:
    """A comment itself, of the web API, the page state or a gateway."""
    author = isinstance(node.get("user_info"), Mapping) or isinstance(node.get("user"), Mapping)
    return "content" in node and author and not node.keys().isdisjoint(_BESIDE_A_COMMENT)


def _is_item(node: Node) -> bool:
    return isinstance(node.get("model_type"), str) and "id" in node


def _is_notification(node: Node) -> bool:
    return "comment_text" in node and isinstance(node.get("from"), Mapping)


def note_units(node: Node, context: Context) -> Iterator[Outcome]:
    """A note, bare or inside its item, with the comments that came along."""
    kind = node.get("model_type")
    if isinstance(kind, str) and kind != "note":
        yield Skipped(context.where, f"no note but {kind}")
        return
    inner = next((key for key in ("note_card", "note") if isinstance(node.get(key), Mapping)), None)
    card = table(node, inner) if inner else node
    here = context.at(inner) if inner else context
    note = _note(card, _note_id(card) or _note_id(node), here)
    yield note or Problem(here.where, _NOTHING_SAID)
    yield from _comments_beside(node, note, context)


def _comments_beside(node: Node, note: Mention | None, context: Context) -> Iterator[Outcome]:
    beside = node.get("comments")
    if isinstance(beside, Mapping):
        beside = beside.get("list") or beside.get("comments")
    if isinstance(beside, list) and note is not None:
        head = note.title or heading(note.text)
        under = Context(where=f"{context.where}.comments", post_id=note.id, heading=head, fetched_at=context.fetched_at)
        yield from each(beside, under, comment_units)


def _note_id(node: Node) -> str | None:
    return fields.identity(first(node, "note_id", "id"))


def _note(card: Node, note_id: str | None, context: Context) -> Mention | None:
    said, head = fields.said(card.get("desc")), fields.title(first(card, "title", "display_title"))
    if not said and not head:
        return None
    said = said or ""
    counts = table(card, "interact_info") or card
    author = _author(table(card, "user"))
    video = card.get("type") == "video" or isinstance(card.get("video"), Mapping)
    return identified(Mention(
        said, title=None if fields.is_same_start(head, said) else head, platform=XIAOHONGSHU, kind=Kind.VIDEO if video else Kind.NOTE,
        url=fields.post_url(XIAOHONGSHU, note_id), author=author, ip_location=fields.text(card.get("ip_location")),
        published_at=_time(card, note_id, "time", "timestamp", "create_time"), fetched_at=context.fetched_at,
        engagement=Engagement(
            likes=fields.count(first(counts, "liked_count", "likes")),
            comments=fields.count(first(counts, "comment_count", "comments_count")),
            collects=fields.count(counts.get("collected_count")), shares=fields.count(first(counts, "share_count", "shared_count")),
            views=_views(counts),
        ),
        queries=context.queries, topics=_topics(card, said), at=_named(card, "at_user_list", "at_users"), partial="desc" not in card,
        where=context.where, id=note_id or "",
    ))  # fmt: skip


def _views(counts: Node) -> Count | None:
    """Gateways fill an unknown number of views with 0, which no seen note can have."""
    views = fields.count(counts.get("view_count"))
    return views if views and views.value else None


def _topics(card: Node, said: str) -> tuple[str, ...]:
    tags = [tag for key in ("tag_list", "topics", "hash_tag") for tag in rows(card, key) if tag.get("type", "topic") == "topic"]
    listed = (fields.text(tag.get("name")) for tag in tags)
    return tuple(dict.fromkeys(name for name in listed if name)) or fields.topics_in(said, XIAOHONGSHU)


def _named(node: Node, *keys: str) -> tuple[str, ...]:
    people = (fields.identity(first(person, "user_id", "userid", "id")) for key in keys for person in rows(node, key))
    return tuple(dict.fromkeys(person for person in people if person))


def _author(user: Node) -> Author:
    return Author(
        id=fields.identity(first(user, "user_id", "userid", "id")), nickname=fields.text(first(user, "nickname", "nick_name", "name")),
        verified=True if user.get("red_official_verified") is True else None,
    )  # fmt: skip


def _time(node: Node, own_id: str | None, *keys: str) -> dt.datetime | None:
    return next((at for key in keys if (at := fields.when(node.get(key)))), None) or fields.xhs_id_time(own_id)


def comment_units(node: Node, context: Context) -> Iterator[Outcome]:
    """A comment, then the replies that came with it, each with the comment as its root."""
    own_id = fields.identity(first(node, "id", "comment_id"))
    said = fields.said(node.get("content"))
    yield _comment(node, own_id, said, context) if said else Problem(context.where, _NOTHING_SAID)
    below = node.get("sub_comments")
    if isinstance(below, list):
        under = Context(
            where=f"{context.where}.sub_comments", post_id=_post_id(node, context), heading=context.heading, parent_id=own_id,
            fetched_at=context.fetched_at,
        )  # fmt: skip
        yield from each(below, under, comment_units)


def _post_id(node: Node, context: Context) -> str | None:
    return fields.identity(node.get("note_id")) or context.post_id


def _comment(node: Node, own_id: str | None, said: str, context: Context) -> Mention:
    target = fields.identity(first(table(node, "target_comment"), "id", "comment_id")) or context.parent_id
    return identified(Mention(
        said, platform=XIAOHONGSHU, kind=Kind.REPLY if target else Kind.COMMENT, thread_title=context.heading,
        post_id=_post_id(node, context), parent_id=target, author=_author(table(node, "user_info") or table(node, "user")),
        ip_location=fields.text(node.get("ip_location")), published_at=_time(node, own_id, "create_time", "time", "timestamp"),
        fetched_at=context.fetched_at,
        engagement=Engagement(likes=fields.count(node.get("like_count")), comments=fields.count(node.get("sub_comment_count"))),
        topics=fields.topics_in(said, XIAOHONGSHU), at=_named(node, "at_users"), where=context.where, id=own_id or "",
    ))  # fmt: skip


def _notification(node: Node, context: Context) -> Outcome:
    """An entry of the account's own tab 评论和@: somebody commented on, or named, the brand."""
    said, own_id = fields.said(node.get("comment_text")), fields.identity(first(node, "comment_id", "id"))
    if not said:
        return Skipped(context.where, f"a notification without a comment ({node.get('type')})")
    return identified(Mention(
        said, platform=XIAOHONGSHU, kind=Kind.COMMENT, thread_title=fields.text(node.get("feed_title")),
        post_id=fields.identity(node.get("feed_id")), author=_author(table(node, "from")), published_at=_time(node, own_id, "time"),
        fetched_at=context.fetched_at, topics=fields.topics_in(said, XIAOHONGSHU), where=context.where, id=own_id or "",
    ))  # fmt: skip
