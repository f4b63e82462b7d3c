"""Rows of tables and flat JSON objects: from one layout a reader that makes each row a mention."""

from __future__ import annotations

import functools
import operator
import re
from typing import TYPE_CHECKING, NamedTuple

import attrs

from negassoc.mention import Author, Engagement, Kind, Mention
from negassoc.platform import KUAISHOU, XIAOHONGSHU, platform_of
from negassoc.sources import fields
from negassoc.sources.coverage import NO_THREAD, Thread
from negassoc.sources.known import Read, Row, is_plain_comment, named_by_content, short_way
from negassoc.sources.profiles import Layout, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from negassoc.counts import Count

HEADING, OPENING, TAGS = 60, 200, 100
_TAG = re.compile(r"#[^#\s]{1,30}")


@attrs.frozen
class Skipped:
    """A unit that is no mention, with the reason: a creator's profile, an advertisement, an unrelated file."""

    where: str
    why: str


class Identity(NamedTuple):
    """What tells whether two rows are the same thing, and which is newer, without building a mention.

    `id` is None where the row has none. `modified` is when it was fetched, in Unix milliseconds; 0 is unknown. `heading` is a post's
    title, `opening` how its text begins.
    """

    id: str | None
    is_post: bool
    platform: str | None
    modified: int
    queries: tuple[str, ...] = ()
    heading: str | None = None
    opening: str | None = None
    comments: Count | None = None


class RowReader:
    """Reads the rows of one layout. `identity` is cheap; `mention` builds the value, None if the row says nothing.

    >>> from negassoc.sources.profiles import layout_of
    >>> row = {"评论内容": "退款拖了一个月", "点赞数": "10+"}
    >>> reader = RowReader(layout_of(list(row), [row]))
    >>> reader.mention(row, "t.csv:2", {}, None).engagement.likes
    Count(value=10, exactness='at_least')
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        get = functools.partial(_column, layout)
        self.answers = self._answers = layout.kind.is_answer
        self.varies = "kind" in layout.columns and (bool(layout.guessed) or "id" in layout.columns)  # rows of several kinds in one table
        self._id = get("id") or get("comment_id" if self._answers else "post_id")
        self._post = get("post_id") if self._answers or "id" in layout.columns or self.varies else ""
        self._text, self._title, self._url, self._query = get("text"), get("title"), get("url"), get("query")
        self._comment = get("comment_id")
        self._kind, self._level, self._platform = get("kind"), get("level"), get("platform")
        self._fetched, self._comments = get("fetched"), get("replies") or get("comments") if self._answers else get("comments")
        self._parent, self._raw_time, self._published = get("parent_id"), get("published_raw"), get("published")
        self._likes, self._collects, self._shares, self._views = get("likes"), get("collects"), get("shares"), get("views")
        counts = {
            "likes": self._likes,
            "comments": self._comments,
            "collects": self._collects,
            "shares": self._shares,
            "views": self._views,
        }
        self._counted = tuple(filter(None, counts.values()))
        self.expected = _getter("published_at" if self._published else "", *(f"engagement.{name}" for name in counts if counts[name]))
        self._author = _author_reader(layout)
        uneven = layout.guessed or self.varies or layout.partial or self._platform
        beside = ("", "", "") if self._answers else (self._title, self._query, self._comments)
        self.glanced: tuple[str, ...] = () if uneven else (self._id, self._text, self._fetched, *beside)
        self.mention: Read = short_way(layout) or self.at_length
        self._plain = is_plain_comment(layout)
        self._topics, self._ip = get("topics"), get("ip_location")
        self._thread, self._told, self._brand, self._flags = get("thread_title"), get("thread_text"), get("brand"), get("topic_flags")

    def identity(self, row: Row) -> Identity | None:
        """What identifies the row; None if it says nothing (neither title nor text)."""
        return (self._plain_identity(row) if self._plain else None) or self.identity_at_length(row)

    def identity_at_length(self, row: Row) -> Identity | None:
        """What `identity` does, for any row of any layout."""
        said, head = self._said(row)
        if not said and not head:
            return None
        platform, post = self._platform_of(row) if self._platform else self.layout.platform, self._is_post(row)
        own_id = self._id_of(row, platform)
        if self.varies and not post and not self._answers and self._id == self._post:
            own_id = fields.identity(row.get(self._comment)) if self._comment else None
        return Identity(
            own_id, post, platform, self._modified(row), self._queries(row) if self._query else (),
            (head or heading(said)) if post else None, opening(said) if post else None,
            fields.count(row.get(self._comments)) if post and self._comments else None,
        )  # fmt: skip

    def _plain_identity(self, row: Row) -> Identity | None:
        """The frequent case: a known tool's comment with an id, a text and a time of its kind; None if it takes a closer look."""
        said, own_id, modified = row.get(self._text), row.get(self._id), row.get(self._fetched)
        if not (type(said) is str and len(said) > 4 and not said[0].isspace() and type(modified) is int and 0 < modified < 1 << 44):
            return None
        if not (type(own_id) is str and len(own_id) > 8 and own_id.isalnum() and not own_id.isdigit()):
            return None
        return Identity(own_id, False, self.layout.platform, modified)

    def at_length(self, row: Row, where: str, threads: Mapping[int, Thread], queries: tuple[str, ...] | None) -> Mention | None:
        """What `mention` does, for any layout."""
        said, head = self._said(row)
        if not said and not head:
            return None
        get, answers = row.get, self._answers
        platform = self._platform_of(row) if self._platform else self.layout.platform
        url = fields.clean_url(get(self._url)) if self._url else None
        own_id = self._id_of(row, platform)
        parent = get(self._parent) if self._parent else None
        kind = self._kind_of(row, parent)
        answers = kind.is_answer if self.varies else answers
        if self.varies and not self._answers and answers and self._id == self._post:
            own_id = fields.identity(get(self._comment)) if self._comment else None
        post_id = self._post_of(row, url) if answers else None
        shown, fetched = get(self._published) if self._published else None, get(self._fetched) if self._fetched else None
        thread = fields.text(get(self._thread)) if self._thread else None
        told = opening(fields.text(get(self._told))) if self._told else None
        known = threads.get(hash(post_id), NO_THREAD) if post_id else NO_THREAD
        return identified(Mention(
            said, title=head, platform=platform, kind=kind, id=own_id or "", where=where, post_id=post_id,
            parent_id=fields.identity(parent) if parent else None, author=self._author(row),
            url=url or (fields.post_url(platform, own_id) if platform and not answers else None),
            ip_location=fields.wrote_from(get(self._ip) if self._ip else None, shown),
            published_at=fields.came_out(shown, own_id, fetched, on_xhs=platform == XIAOHONGSHU),
            published_raw=fields.as_shown(get(self._raw_time) if self._raw_time else shown),
            fetched_at=fields.when(fetched) if self._fetched else None, engagement=self._engagement(row),
            queries=queries if queries is not None else self._queries(row) if self._query else (),
            topics=self._topics_of(row, said, platform) if self._topics else fields.topics_in(said, platform),
            at=fields.at_kuaishou(said) if platform == KUAISHOU else (), partial=self.layout.partial,
            thread_title=thread or known[0], thread_text=told or known[1],
            brand=fields.text(get(self._brand)) if self._brand else None,
            platform_flags=fields.split_list(get(self._flags)) if self._flags else (),
        ))  # fmt: skip

    def oddities(self, row: Row) -> Iterator[str]:
        """What cannot be right in a row that is kept: ids that a spreadsheet damaged, a kind that nobody knows, no time or count where
        one belongs."""
        for column in (self._id, self._post):
            if column and fields.damaged_id(row.get(column)):
                yield f"{column}: the id {row.get(column)!r} has lost digits in a spreadsheet; the row is kept without it"
                break
        shown = fields.text(row.get(self._kind)) if self._kind and self.layout.guessed else None
        if shown and kind_of(shown) is None:
            yield f"{self._kind}: the kind {shown!r} is not known; the row is read as a {self.layout.kind}"
        if self._published and fields.is_no_time(at := row.get(self._published)):
            yield f"{self._published}: {at!r:.60} is no time; write it like 2026-01-31 09:00"
        for column in self._counted:
            if fields.is_no_count(found := row.get(column)):
                yield f"{column}: {found!r:.60} is no number; the row is kept without it"

    def _said(self, row: Row) -> tuple[str, str | None]:
        said = fields.said(row.get(self._text)) if self._text else None
        head = fields.title(row.get(self._title)) if self._title else None
        if said and head and said.startswith(head):
            return said, None
        return said or "", head

    def _id_of(self, row: Row, platform: str | None) -> str | None:
        found = fields.identity(row.get(self._id)) if self._id else None
        if found or self._answers or not self._url:
            return found
        named = fields.id_in_url(fields.text(row.get(self._url)))
        return named[1] if named and platform in {None, named[0]} else None

    def _post_of(self, row: Row, url: str | None) -> str | None:
        found = fields.identity(row.get(self._post)) if self._post else None
        if found:
            return found
        named = fields.id_in_url(url)
        return named[1] if named else None

    def _kind_of(self, row: Row, parent: object) -> Kind:
        kind = self.layout.kind
        if kind is Kind.COMMENT:
            nested = bool(parent) and parent != "0" and fields.identity(parent) is not None
            return Kind.REPLY if nested or (self._level and self._is_second_level(row)) else kind
        return (kind_of(row.get(self._kind)) or kind) if self._kind else kind

    def _is_post(self, row: Row) -> bool:
        if self._answers or not self.varies:
            return not self._answers
        return not (kind_of(row.get(self._kind)) or self.layout.kind).is_answer

    def _is_second_level(self, row: Row) -> bool:
        shown = str(row.get(self._level)) if self._level else ""
        return shown in {"2", "二级"} or kind_of(shown) is Kind.REPLY

    def _platform_of(self, row: Row) -> str | None:
        shown = fields.text(row.get(self._platform)) if self._platform else None
        if shown is None:
            return self.layout.platform
        return next((platform_of(name) for name in _PLATFORM_WORDS if name in shown), platform_of(shown))

    def _modified(self, row: Row) -> int:
        value = row.get(self._fetched) if self._fetched else None
        if type(value) is int:
            return value if 0 < value < 1 << 44 else 0
        found = fields.when(value)
        return int(found.timestamp() * 1000) if found else 0

    def _engagement(self, row: Row) -> Engagement:
        get = row.get
        comments = fields.count(get(self._comments)) if self._comments else None
        likes = fields.count(get(self._likes)) if self._likes else None
        return Engagement(
            likes=likes, comments=comments, collects=fields.count(get(self._collects)) if self._collects else None,
            shares=fields.count(get(self._shares)) if self._shares else None, views=fields.count(get(self._views)) if self._views else None,
        )  # fmt: skip

    def _queries(self, row: Row) -> tuple[str, ...]:
        query = row.get(self._query)
        found = fields.text(query) if query else None
        return (found,) if found else ()

    def _topics_of(self, row: Row, said: str, platform: str | None) -> tuple[str, ...]:
        value = row.get(self._topics) if self._topics else None
        if self.layout.quotes_lists:
            value = fields.unquoted(value)
        return (fields.split_list(value) if value else ()) or fields.topics_in(said, platform)


_PLATFORM_WORDS = ("小红书", "快手", "微博", "抖音", "知乎", "哔哩哔哩", "B站", "b站")


def heading(said: str) -> str:
    """What stands for the title of a post that has none: the first line of its text, `HEADING` characters at most."""
    return said.lstrip().partition("\n")[0][:HEADING]


def opening(said: str | None) -> str | None:
    """What comments under a post are told of it: how its text begins, `OPENING` characters at most, and the hashtags further down, `TAGS`
    characters at most, since they mostly stand at the end."""
    if not said or len(said) <= OPENING:
        return said or None
    tags = " ".join(_TAG.findall(said, OPENING))[:TAGS] if "#" in said else ""
    return f"{said[:OPENING]} {tags}" if tags else said[:OPENING]


def identified(mention: Mention) -> Mention:
    """The mention, with an id made from what it says where its source gives none (`""`)."""
    return mention if mention.id else named_by_content(mention)


def _getter(*paths: str) -> Callable[[Mention], tuple[object, ...]]:
    """The values for which a table has a column: only where one of them is missing is it worth asking for `oddities`."""
    known = [path for path in paths if path]
    return operator.attrgetter(known[0], *known) if known else lambda _: ()


def _column(layout: Layout, field: str) -> str:
    """The column that holds a field; `""`, which no table has, where none does."""
    return layout.columns.get(field, "")


def _author_reader(layout: Layout) -> Callable[[Row], Author]:
    get = functools.partial(_column, layout)
    own_id, hashed, name, page = get("author_id"), get("author_hash"), get("author_name"), get("author_url")
    followers, official = get("followers"), get("official")

    def read_plain(row: Row) -> Author:
        found = row.get(own_id)
        return Author(
            id=fields.identity(found) if found else None, id_hash=fields.text(row.get(hashed)), nickname=fields.text(row.get(name))
        )

    def read(row: Row) -> Author:
        found = fields.identity(row.get(own_id)) if own_id else None
        fans = fields.count(row.get(followers)) if followers else None
        return Author(
            id=found or (fields.user_in_url(fields.text(row.get(page))) if page else None),
            id_hash=fields.text(row.get(hashed)) if hashed else None, nickname=fields.text(row.get(name)) if name else None,
            followers=fans.value if fans else None, official=True if layout.own or (official and row.get(official) is True) else None,
        )  # fmt: skip

    return read if page or followers or official or layout.own else read_plain
