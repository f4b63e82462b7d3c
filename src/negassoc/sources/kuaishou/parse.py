"""Kuaishou's videos and comments, from every shape in which they travel: GraphQL, REST, gateways' app shape, official interfaces. Pure.

No web comment carries the video's id: the caller names it. In the app shape a comment's `user_id` is the *video's owner* and `author_id`
the one who wrote it; `reply_to` is an account, never a comment. `comment.us_c` of a search tells whether the viewer has commented, not how
many did. Legacy lists (`rootComments`) are mostly empty beside `rootCommentsV2`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from negassoc.counts import Count
from negassoc.errors import Problem
from negassoc.mention import Author, Engagement, Kind, Mention
from negassoc.platform import KUAISHOU
from negassoc.sources import fields
from negassoc.sources.page import Context, Node, Outcome, Page, body_of, each, first, list_in, rows, table
from negassoc.sources.rows import Skipped, heading, identified

_NOTHING_SAID = "neither title nor text"
_END = frozenset({"no_more", ""})
_FEEDS = ("feeds", "mix_feeds", "photos", "video_list", "list")


def parse_search(payload: object, *, query: str | None = None, where: str = "search") -> Page:
    """A search's page, GraphQL, REST or gateway. `PayloadError` for another shape.

    >>> parse_search({"result": 1, "feeds": [], "pcursor": "no_more"}).has_more
    False
    """
    return _feeds(payload, Context(where=where, query=query))


def parse_posts(payload: object, *, where: str = "posts") -> Page:
    """A page of one account's videos."""
    return _feeds(payload, Context(where=where))


def _feeds(payload: object, context: Context) -> Page:
    body, path = body_of(payload, KUAISHOU, *_FEEDS)
    items, at = list_in(body, path, KUAISHOU, *_FEEDS)
    outcomes = each(items, Context(where=f"{context.where} {at}", query=context.query), video_units)
    cursor = _cursor(body, "pcursor", "cursor")
    return Page.of(outcomes, cursor=cursor, has_more=cursor is not None)


def parse_detail(payload: object, *, where: str = "detail") -> Page:
    """One video; a page without mentions where the platform gave null, which does not say why."""
    body, path = body_of(payload, KUAISHOU, "photo", "photos", "vision_video_detail", "photo_info")
    if "photos" in body:
        items, at = list_in(body, path, KUAISHOU, "photos")
        return Page.of(each(items, Context(where=f"{where} {at}"), video_units), cursor=None, has_more=False)
    inner = next((key for key in ("vision_video_detail", "photo_info") if isinstance(body.get(key), Mapping)), None)
    node = table(body, inner) if inner else body
    outcomes = video_units(node, Context(where=f"{where} {path}")) if is_unit(node) else iter(())
    return Page.of(outcomes, cursor=None, has_more=False)


def parse_comments(payload: object, *, post_id: str | None = None, thread_title: str | None = None, where: str = "comments") -> Page:
    """A page of comments under the video `post_id`, each followed by the replies that came with it."""
    lists = ("root_comments_v2", "root_comments", "details")
    body, path = body_of(payload, KUAISHOU, *lists)
    items, at = list_in(body, path, KUAISHOU, *lists)
    context = Context(where=f"{where} {at}", post_id=post_id, heading=thread_title)
    cursor = _cursor(body, "pcursor_v2", "pcursor")
    total = Count.parse(first(body, "comment_count_v2", "comment_count", "total"))
    outcomes = _with_map(each(items, context, comment_units), table(body, "sub_comments_map"), context)
    return Page.of(outcomes, cursor=cursor, has_more=cursor is not None, total=total.value if total else None)


def parse_replies(
    payload: object, *, post_id: str | None = None, root_id: str | None = None, thread_title: str | None = None, where: str = "replies"
) -> Page:
    """A page of replies under the comment `root_id`, which becomes their `parent_id`: the platform names only the account replied to."""
    lists = ("sub_comments_v2", "sub_comments")
    body, path = body_of(payload, KUAISHOU, *lists)
    items, at = list_in(body, path, KUAISHOU, *lists)
    context = Context(where=f"{where} {at}", post_id=post_id, heading=thread_title, parent_id=root_id)
    cursor = _cursor(body, "pcursor_v2", "pcursor")
    return Page.of(each(items, context, comment_units), cursor=cursor, has_more=cursor is not None)


def _cursor(body: Node, *keys: str) -> str | None:
    cursor = fields.text(first(body, *keys))
    return None if cursor is None or cursor in _END else cursor


def _with_map(outcomes: Iterator[Outcome], below: Node, context: Context) -> Iterator[Outcome]:
    yield from outcomes
    for root_id, page in below.items():
        under = Context(
            where=f"{context.where}.subCommentsMap.{root_id}", post_id=context.post_id, heading=context.heading, parent_id=root_id
        )
        if isinstance(page, Mapping):
            yield from each(list(rows(page, "sub_comments")), under, comment_units)


def is_unit(node: Node) -> bool:
    """Whether an object (keys in snake case) is a video, an item around one, a comment or a review."""
    return is_video(node) or is_comment(node) or is_review(node) or isinstance(node.get("feed"), Mapping)


def units(node: Node, context: Context) -> Iterator[Outcome]:
    """What an object that `is_unit` holds."""
    if is_comment(node) or is_review(node):
        yield from comment_units(node, context)
    else:
        yield from video_units(node, context)


def is_video(node: Node) -> bool:
    """A web feed item (`photo` beside `author`), or a video of the app or of the Open Platform (`photo_id` with its caption)."""
    photo = node.get("photo")
    return (isinstance(photo, Mapping) and ("caption" in photo or "original_caption" in photo or "origin_caption" in photo)) or (
        "photo_id" in node and "caption" in node
    )


def is_comment(node: Node) -> bool:
    """A comment of the web (three shapes), the app or the marketing interface."""
    web = "comment_id" in node and "content" in node and ("author_id" in node or "author_name" in node)
    return web or ("comment_id" in node and "comment_content" in node)


def is_review(node: Node) -> bool:
    """A product review of Kwaishop."""
    return "comment_id" in node and "item_id" in node and ("content" in node or "comment_content" in node)


def video_units(node: Node, context: Context) -> Iterator[Outcome]:
    """A video, bare or inside its feed item; an advertisement or a live room in the feed is skipped."""
    if isinstance(node.get("feed"), Mapping):
        yield from video_units(table(node, "feed"), context.at("feed"))
    elif not is_video(node):
        yield Skipped(context.where, f"no video but {node.get('item_type') or node.get('type') or 'another item'}")
    else:
        yield _video(node, context)


def _video(node: Node, context: Context) -> Outcome:
    photo = table(node, "photo") or node
    said = fields.said(first(photo, "origin_caption", "original_caption", "caption"))
    if not said:
        return Problem(context.where, _NOTHING_SAID)
    own_id = fields.identity(first(photo, "id", "photo_id"))
    risk = fields.text(photo.get("risk_tag_content"))
    return identified(Mention(
        said, platform=KUAISHOU, kind=Kind.VIDEO, url=fields.post_url(KUAISHOU, own_id), author=_owner(node, photo),
        published_at=fields.when(first(photo, "timestamp", "create_time", "time")), fetched_at=context.fetched_at,
        engagement=Engagement(
            likes=fields.count(first(photo, "real_like_count", "like_count")), comments=fields.count(photo.get("comment_count")),
            collects=fields.count(photo.get("collect_count")), shares=fields.count(first(photo, "share_count", "forward_count")),
            views=fields.count(photo.get("view_count")),
        ),
        queries=context.queries, topics=fields.topics_in(said, KUAISHOU) or _tags(node), at=fields.at_kuaishou(said),
        platform_flags=(risk,) if risk else (), where=context.where, id=own_id or "",
    ))  # fmt: skip


def _owner(node: Node, photo: Node) -> Author:
    author = table(node, "author") or table(photo, "author")
    if author:
        return Author(id=fields.identity(author.get("id")), nickname=fields.text(author.get("name")))
    verified = True if photo.get("verified") is True else None
    return Author(id=fields.identity(photo.get("user_id")), nickname=fields.text(photo.get("user_name")), verified=verified)


def _tags(node: Node) -> tuple[str, ...]:
    return tuple(name for tag in rows(node, "tags") if (name := fields.text(tag.get("name"))))


def comment_units(node: Node, context: Context) -> Iterator[Outcome]:
    """A comment, then the replies that came with it."""
    said = fields.said(first(node, "content", "comment_content"))
    own_id = fields.identity(node.get("comment_id"))
    yield _comment(node, own_id, said, context) if said else Problem(context.where, _NOTHING_SAID)
    below = node.get("sub_comments") or node.get("sub_comments_v2")
    if isinstance(below, list):
        under = Context(
            where=f"{context.where}.subComments", post_id=_post_id(node, context), heading=context.heading, parent_id=own_id,
            fetched_at=context.fetched_at,
        )  # fmt: skip
        yield from each(below, under, comment_units)


def _post_id(node: Node, context: Context) -> str | None:
    return fields.identity(first(node, "photo_id", "item_id")) or context.post_id


def _comment(node: Node, own_id: str | None, said: str, context: Context) -> Mention:
    root = fields.identity(node.get("root_comment_id"))
    parent = context.parent_id or (root if root != own_id else None)
    replies = fields.is_nothing(reply_to := node.get("reply_to")) or str(reply_to) == "0"
    kind = Kind.REVIEW if is_review(node) else Kind.COMMENT if parent is None and replies else Kind.REPLY
    hidden = ("shielded",) if str(node.get("shield_status")) == "2" else ()
    return identified(Mention(
        said, platform=KUAISHOU, kind=kind, thread_title=context.heading, post_id=_post_id(node, context), parent_id=parent,
        author=Author(
            id=fields.identity(first(node, "author_id", "comment_author_id", "buyer_id")),
            nickname=fields.text(first(node, "author_name", "nick_name", "buyer_nick")),
            verified=True if node.get("author_verified") is True else None,
        ),
        ip_location=fields.text(node.get("author_area")),
        published_at=fields.when(first(node, "timestamp", "post_time", "create_time", "time")), fetched_at=context.fetched_at,
        engagement=Engagement(
            likes=fields.count(first(node, "real_liked_count", "liked_count", "like_count", "fav_num")),
            comments=fields.count(first(node, "sub_comment_count", "comment_count")),
        ),
        topics=fields.topics_in(said, KUAISHOU), at=fields.at_kuaishou(said), platform_flags=hidden, where=context.where, id=own_id or "",
    ))  # fmt: skip


def heading_of(mention: Mention) -> str:
    """What stands as `thread_title` over a video's comments: its caption's first line."""
    return mention.title or heading(mention.text)
