"""Rows of tables and flat JSON objects: from one layout a reader that makes each row a mention."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import TypeAlias

import attrs

from negassoc.mention import Author, Count, Engagement, Kind, Mention
from negassoc.platform import KUAISHOU, XIAOHONGSHU, platform_of
from negassoc.sources import fields
from negassoc.sources.profiles import Layout, kind_of

Row: TypeAlias = Mapping[str, object]


@attrs.frozen
class Skipped:
    """A unit that is no mention, with the reason: a creator's profile, an advertisement, an unrelated file."""

    where: str
    why: str


@attrs.frozen
class Identity:
    """What tells whether two rows are the same thing, and which is newer, without building a mention.

    `id` is None where the row has none. `modified` is when it was fetched, in Unix milliseconds; 0 is unknown. For a post, `heading` is its title.
    """

    id: str | None
    is_post: bool
    platform: str | None
    modified: int
    queries: tuple[str, ...]
    heading: str | None
    comments: Count | None


class RowReader:
    """Reads the rows of one layout. `identity` is cheap; `mention` builds the value.

    >>> from negassoc.sources.profiles import layout_of
    >>> row = {"评论内容": "退款拖了一个月", "点赞数": "10+"}
    >>> reader = RowReader(layout_of(list(row), [row]))
    >>> reader.mention(row, "t.csv:2").engagement.likes
    Count(value=10, exactness='at_least')
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        get = layout.columns.get
        self._answers = layout.kind.is_answer
        self._id = get("comment_id") if self._answers else get("post_id")
        self._post = get("post_id") if self._answers else None
        self._text, self._title, self._url, self._query = get("text"), get("title"), get("url"), get("query")
        self._kind, self._level, self._platform = get("kind"), get("level"), get("platform")
        self._fetched, self._comments = get("fetched"), get("replies") or get("comments") if self._answers else get("comments")
        self._parent, self._raw_time, self._published = get("parent_id"), get("published_raw"), get("published")
        self._likes, self._collects, self._shares, self._views = get("likes"), get("collects"), get("shares"), get("views")
        self._author = _author_reader(layout)
        self._quoted_json = layout.tool.startswith("MediaCrawler")
        self._topics, self._ip = get("topics"), get("ip_location")
        self._thread, self._brand, self._flags = get("thread_title"), get("brand"), get("topic_flags")

    def identity(self, row: Row) -> Identity | None:
        """What identifies the row; None if it says nothing (neither title nor text)."""
        said, head = self._said(row)
        if not said and not head:
            return None
        kind, platform = self._kind_of(row), self._platform_of(row)
        post = not kind.is_answer
        return Identity(
            self._id_of(row, platform), post, platform, self._modified(row), self._queries(row), (head or heading(said)) if post else None,
            fields.count(row.get(self._comments)) if post and self._comments else None,
        )  # fmt: skip

    def mention(self, row: Row, where: str, headings: Mapping[int, str] = {}, queries: tuple[str, ...] | None = None) -> Mention | None:  # noqa: B006
        """The row as a mention; None if it says nothing.

        `headings` are the titles of known posts by `hash(id)`; `queries` replace the row's own where several rows are one mention.
        """
        said, head = self._said(row)
        if not said and not head:
            return None
        kind, platform = self._kind_of(row), self._platform_of(row)
        url = fields.clean_url(row.get(self._url)) if self._url else None
        own_id = self._id_of(row, platform)
        post_id = self._post_of(row, url)
        mention = Mention(
            said, title=head, platform=platform, kind=kind, id=own_id or "", where=where, post_id=post_id,
            parent_id=fields.identity(row.get(self._parent)) if self._parent else None, author=self._author(row),
            url=url or (fields.post_url(platform, own_id) if platform and not kind.is_answer else None),
            ip_location=fields.text(row.get(self._ip)) if self._ip else None, published_at=self._time(row, own_id, platform),
            published_raw=self._shown_time(row), fetched_at=fields.when(row.get(self._fetched)) if self._fetched else None,
            engagement=self._engagement(row, kind), queries=self._queries(row) if queries is None else queries, topics=self._topics_of(row, said, platform),
            at=fields.at_kuaishou(said) if platform == KUAISHOU else (), partial=self.layout.partial,
            thread_title=(fields.text(row.get(self._thread)) if self._thread else None) or (headings.get(hash(post_id)) if post_id else None),
            brand=fields.text(row.get(self._brand)) if self._brand else None,
            platform_flags=fields.split_list(row.get(self._flags)) if self._flags else (),
        )  # fmt: skip
        return mention if own_id else named_by_content(mention)

    def says(self, row: Row) -> bool:
        """Whether the row has a title or a text."""
        said, head = self._said(row)
        return bool(said or head)

    def damage(self, row: Row) -> str | None:
        """What a spreadsheet did to the row's ids, if it did."""
        for column in (self._id, self._post):
            if column and fields.damaged_id(row.get(column)):
                return f"{column}: the id {row.get(column)!r} has lost digits in a spreadsheet; the row is kept without it (re-export ids as text)"
        return None

    def _said(self, row: Row) -> tuple[str, str | None]:
        said = fields.text(row.get(self._text)) if self._text else None
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
        if found or not self._answers:
            return found
        named = fields.id_in_url(url)
        return named[1] if named else None

    def _kind_of(self, row: Row) -> Kind:
        kind = self.layout.kind
        if self._answers:
            nested = self._parent is not None and fields.identity(row.get(self._parent)) is not None
            return Kind.REPLY if kind is Kind.COMMENT and (nested or self._is_second_level(row)) else kind
        return (kind_of(row.get(self._kind)) or kind) if self._kind else kind

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
            return value if value < 1 << 44 else 0
        found = fields.when(value)
        return int(found.timestamp() * 1000) if found else 0

    def _time(self, row: Row, own_id: str | None, platform: str | None) -> dt.datetime | None:
        shown = fields.when(row.get(self._published)) if self._published else None
        return shown or (fields.xhs_id_time(own_id) if platform == XIAOHONGSHU else None)

    def _shown_time(self, row: Row) -> str | None:
        shown = row.get(self._raw_time) if self._raw_time else row.get(self._published) if self._published else None
        return fields.text(shown) if isinstance(shown, str) and not shown.isdigit() else None

    def _engagement(self, row: Row, kind: Kind) -> Engagement:
        comments = fields.count(row.get(self._comments)) if self._comments else None
        likes = fields.count(row.get(self._likes)) if self._likes else None
        if kind.is_answer:
            return Engagement(likes=likes, comments=comments)
        return Engagement(
            likes=likes, comments=comments, collects=fields.count(row.get(self._collects)) if self._collects else None,
            shares=fields.count(row.get(self._shares)) if self._shares else None, views=fields.count(row.get(self._views)) if self._views else None,
        )  # fmt: skip

    def _queries(self, row: Row) -> tuple[str, ...]:
        query = fields.text(row.get(self._query)) if self._query else None
        return (query,) if query else ()

    def _topics_of(self, row: Row, said: str, platform: str | None) -> tuple[str, ...]:
        value = row.get(self._topics) if self._topics else None
        if self._quoted_json and isinstance(value, str) and value[:1] in {'"', "["}:
            value = _unquoted(value)
        return (fields.split_list(value) if value else ()) or fields.topics_in(said, platform)


_PLATFORM_WORDS = ("小红书", "快手", "微博", "抖音", "知乎", "哔哩哔哩", "B站", "b站")


def heading(said: str) -> str:
    """What stands for the title of a post that has none: the first line of its text, 60 characters at most."""
    return said.lstrip().partition("\n")[0][:60]


def named_by_content(mention: Mention) -> Mention:
    """The mention with an id made from what it says, where its source gives none."""
    values = {a.name: getattr(mention, a.name) for a in attrs.fields(Mention) if a.name != "id"}
    said = values.pop("text")
    return Mention(said, **values)


def _unquoted(value: str) -> object:
    """Databases hold lists as `json.dumps` of the comma-joined text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def _author_reader(layout: Layout) -> Callable[[Row], Author]:
    get = layout.columns.get
    own_id, hashed, name, page = get("author_id"), get("author_hash"), get("author_name"), get("author_url")
    followers, official = get("followers"), get("official")

    def read(row: Row) -> Author:
        found = fields.identity(row.get(own_id)) if own_id else None
        fans = fields.count(row.get(followers)) if followers else None
        return Author(
            id=found or (fields.user_in_url(fields.text(row.get(page))) if page else None),
            id_hash=fields.text(row.get(hashed)) if hashed else None, nickname=fields.text(row.get(name)) if name else None,
            followers=fans.value if fans else None, official=True if layout.own or (official and row.get(official) is True) else None,
        )  # fmt: skip

    return read
