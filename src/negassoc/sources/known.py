"""The short way from a known tool's row to a mention. It gives what `RowReader.at_length` gives, in half the time: exports have millions
of such rows, few of the fields, and nearly always a plain text where a text belongs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TypeAlias

import attrs

from negassoc.mention import Author, Engagement, Kind, Mention
from negassoc.platform import KUAISHOU, XIAOHONGSHU
from negassoc.sources.coverage import NO_THREAD, Thread
from negassoc.sources.fields import (
    as_shown,
    at_kuaishou,
    came_out,
    clean_url,
    count,
    id_in_url,
    identity,
    post_url,
    said,
    split_list,
    text,
    topics_in,
    unquoted,
    when,
    wrote_from,
)
from negassoc.sources.fields import title as title_of
from negassoc.sources.profiles import Layout, kind_of

Row: TypeAlias = Mapping[str, object]
Read: TypeAlias = Callable[[Row, str, Mapping[int, Thread], tuple[str, ...] | None], Mention | None]
"""Row, its place, what is known of posts by `hash(id)`, the searches of all rows that are this mention; None if the row says nothing."""

_ABOUT_IT = ("text", "published", "fetched", "author_name", "author_id", "author_hash", "ip_location", "likes")
_OF_A_COMMENT = ("comment_id", "post_id", "parent_id", "replies")
_OF_A_POST = ("post_id", "url", "title", "collects", "comments", "shares", "views", "query", "topics", "kind")
_ANSWERS = frozenset({*_ABOUT_IT, *_OF_A_COMMENT})
_POSTS = frozenset({*_ABOUT_IT, *_OF_A_POST})


def short_way(layout: Layout) -> Read | None:
    """The short way for the rows of a layout, or None where they take the long one."""
    columns = layout.columns.keys()
    if is_plain_comment(layout):
        return _comments(layout)
    if layout.kind in {Kind.NOTE, Kind.VIDEO} and not layout.guessed and not layout.partial and columns <= _POSTS:
        return _posts(layout)
    return None


def is_plain_comment(layout: Layout) -> bool:
    """Whether the rows of a layout are a known tool's comments, with nothing but what such comments have."""
    return layout.kind is Kind.COMMENT and not layout.guessed and layout.columns.keys() <= _ANSWERS


def named_by_content(mention: Mention) -> Mention:
    """The mention with an id made from what it says, where its source gives none."""
    return attrs.evolve(mention, id=attrs.NOTHING)  # type: ignore[arg-type] # as if none had been given


def _columns(layout: Layout, names: tuple[str, ...]) -> list[str]:
    """The column for each field; `""`, which no table has, where there is none."""
    return [layout.columns.get(name, "") for name in names]


def _author(own_id: object, hashed: object, nickname: object) -> Author:
    return Author(id=identity(own_id) if own_id else None, id_hash=text(hashed), nickname=text(nickname))


@functools.lru_cache(maxsize=16384, typed=True)
def _counts_of(likes: object, comments: object, collects: object, shares: object, views: object) -> Engagement:
    return counts_of_post(likes, comments, collects, shares, views)


def counts_of_answer(likes: object, comments: object, collects: object = None, shares: object = None, views: object = None) -> Engagement:
    """The counts as they are shown; most comments have the same few."""
    try:
        return _counts_of(likes, comments, collects, shares, views)
    except TypeError:  # a list or an object where a count belongs
        return counts_of_post(likes, comments, collects, shares, views)


def counts_of_post(likes: object, comments: object, collects: object, shares: object, views: object) -> Engagement:
    """The counts as they are shown; posts hardly ever have the same."""
    return Engagement(
        likes=count(likes), comments=count(comments), collects=count(collects), shares=count(shares), views=count(views)
    )  # fmt: skip


def _comments(layout: Layout) -> Read:
    said_in, published, fetched, name, author_id, author_hash, located, likes = _columns(layout, _ABOUT_IT)
    comment_id, post_id, parent_id, replies = _columns(layout, _OF_A_COMMENT)
    platform = layout.platform
    is_xhs, is_ks = platform == XIAOHONGSHU, platform == KUAISHOU

    def read(row: Row, where: str, threads: Mapping[int, Thread], queries: tuple[str, ...] | None) -> Mention | None:
        get = row.get
        written = said(get(said_in))
        if not written:
            return None
        own_id, post, parent, shown = identity(get(comment_id)), identity(get(post_id)), get(parent_id), get(published)
        answered = identity(parent) if parent else None
        above, told = threads.get(hash(post), NO_THREAD) if post else NO_THREAD
        mention = Mention(
            written, platform=platform, kind=Kind.REPLY if answered else Kind.COMMENT, id=own_id or "", where=where, post_id=post,
            parent_id=answered, author=_author(get(author_id), get(author_hash), get(name)), queries=queries or (),
            ip_location=wrote_from(get(located), shown),
            published_at=came_out(shown, own_id, get(fetched), on_xhs=is_xhs),
            published_raw=as_shown(shown) if type(shown) is str else None, fetched_at=when(get(fetched)),
            engagement=counts_of_answer(get(likes), get(replies)), thread_title=above, thread_text=told,
            topics=topics_in(written, platform) if "#" in written else (), at=at_kuaishou(written) if is_ks else (),
        )  # fmt: skip
        return mention if own_id else named_by_content(mention)

    return read


def _posts(layout: Layout) -> Read:
    said_in, published, fetched, name, author_id, author_hash, located, likes = _columns(layout, _ABOUT_IT)
    post_id, address, titled, collects, comments, shares, views, query, topics, kinds = _columns(layout, _OF_A_POST)
    platform, kind, quotes = layout.platform, layout.kind, layout.quotes_lists
    is_xhs, is_ks = platform == XIAOHONGSHU, platform == KUAISHOU

    def read(row: Row, where: str, threads: Mapping[int, Thread], queries: tuple[str, ...] | None) -> Mention | None:
        get = row.get
        written, title, shown, listed = said(get(said_in)) or "", title_of(get(titled)), get(published), get(topics)
        if not written and not title:
            return None
        own_id, asked = identity(get(post_id)) or _id_in_address(get(address), platform), get(query) if queries is None else None
        if quotes and listed:
            listed = unquoted(listed)
        mention = Mention(
            written, title=None if title and written.startswith(title) else title, platform=platform,
            kind=(kind_of(get(kinds)) or kind) if kinds else kind, id=own_id or "", where=where,
            author=_author(get(author_id), get(author_hash), get(name)), url=clean_url(get(address)) or post_url(platform, own_id),
            ip_location=wrote_from(get(located), shown),
            published_at=came_out(shown, own_id, get(fetched), on_xhs=is_xhs),
            published_raw=as_shown(shown) if type(shown) is str else None, fetched_at=when(get(fetched)),
            engagement=counts_of_post(get(likes), get(comments), get(collects), get(shares), get(views)),
            queries=queries if queries is not None else (found,) if asked and (found := text(asked)) else (),
            topics=(split_list(listed) if listed else ()) or (topics_in(written, platform) if "#" in written else ()),
            at=at_kuaishou(written) if is_ks else (),
        )  # fmt: skip
        return mention if own_id else named_by_content(mention)

    return read


def _id_in_address(address: object, platform: str | None) -> str | None:
    named = id_in_url(text(address)) if address else None
    return named[1] if named and platform in {None, named[0]} else None
