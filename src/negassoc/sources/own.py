"""This project's own records, read as `Mention.from_record` reads them, only faster where a record is as plain as most are."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any, cast

from negassoc.errors import DataError
from negassoc.mention import Author, Engagement, Kind, Mention, parse_time
from negassoc.platform import platform_of
from negassoc.sources import fields
from negassoc.sources.profiles import Layout, kind_of
from negassoc.sources.rows import Identity, Row, heading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MARKS = frozenset(
    {"kind", "brand", "platform", "published_at", "published_raw", "thread_title", "engagement", "label", "post_id", "queries"}
)
_KINDS = {kind.value: kind for kind in Kind} | {None: Kind.NOTE, "": Kind.NOTE}
_TEXTS = (
    "text",
    "title",
    "brand",
    "platform",
    "thread_title",
    "post_id",
    "parent_id",
    "url",
    "ip_location",
    "published_raw",
    "where",
    "query",
)
_RARE = frozenset({"queries", "topics", "at", "platform_flags", "partial", "fetched_at"})
_AUTHOR = ("id", "id_hash", "nickname", "followers", "posts", "account_age_days", "verified", "official")
_COUNTS = ("likes", "comments", "collects", "shares", "views")
_NO_AUTHOR, _NO_COUNTS = Author(), Engagement()


def is_own(row: Row) -> bool:
    """Whether an object is a record of this project: it says something under its names, and has another mark, or nothing but those names.

    >>> is_own({"text": "没踩雷", "kind": "comment"}), is_own({"text": "x", "score": 1})
    (True, False)
    """
    keys = row.keys()
    if "text" not in keys and "title" not in keys:
        return False
    marked = keys & _MARKS
    return bool(marked if "text" in keys else "kind" in marked and len(marked) > 1) or keys <= {"id", "text", "title"}


class OwnReader:
    """The reader of such records, with the face of a `RowReader`."""

    layout = Layout("negassoc", None, Kind.NOTE, {})
    answers, varies = False, True

    def identity(self, row: Row) -> Identity | None:
        """What identifies the record; None if nothing can be made of it."""
        found = self._plain_parts(row)
        if found is not None:
            own_id, kind, said, title = found
            get = cast("Callable[[str], Any]", row.get)
            platform, asked, post = get("platform"), get("query"), not kind.is_answer
            counts = get("engagement") if post else None
            return Identity(
                own_id, post, _platform(platform) if platform else None, 0, (asked,) if asked else (),
                (title or heading(said)) if post else None, fields.count(counts.get("comments")) if counts else None,
            )  # fmt: skip
        mention = self._careful(row, "record", quiet=True)
        if mention is None:
            return None
        stamp = int(mention.fetched_at.timestamp() * 1000) if mention.fetched_at else 0
        post, given = not mention.kind.is_answer, None if mention.id.startswith("c-") else mention.id
        head, count = ((mention.title or heading(mention.text)), mention.engagement.comments) if post else (None, None)
        return Identity(given, post, mention.platform, stamp, mention.queries, head, count)

    def mention(self, row: Row, where: str, headings: Mapping[int, str] = {}, queries: tuple[str, ...] | None = None) -> Mention | None:
        """The record as a mention; `DataError` says what is wrong with it."""
        return self._plain(row, where, headings, queries) or self._careful(row, where, headings, queries)

    def damage(self, row: Row) -> str | None:
        """Records keep their ids as text: nothing to find."""
        return None

    def _careful(
        self, row: Row, where: str, headings: Mapping[int, str] = {}, queries: tuple[str, ...] | None = None, *, quiet: bool = False
    ) -> Mention | None:
        kind = row.get("kind")
        if isinstance(kind, str) and kind not in _KINDS and (known := kind_of(kind)):
            row = {**row, "kind": known.value}
        record = {**row, "queries": list(queries)} if queries else dict(row)
        if not record.get("thread_title") and isinstance(post := record.get("post_id"), str) and hash(post) in headings:
            record["thread_title"] = headings[hash(post)]
        try:
            return Mention.from_record(record, where=where)
        except DataError:
            if quiet:
                return None
            raise

    def _plain_parts(self, row: Row) -> tuple[str, Kind, str, str | None] | None:
        """Id, kind, text and title of a record without anything odd; None where something is."""
        get = cast("Callable[[str], Any]", row.get)
        said, title, own_id, kind = get("text"), get("title"), get("id"), _kind(get("kind"))
        if kind is None or type(own_id) is not str or own_id[:2] in {"", "c-"} or not row.keys().isdisjoint(_RARE):
            return None
        if not (type(said) is str and said and not said.isspace()) and not (type(title) is str and title and not title.isspace()):
            return None
        for name in _TEXTS:
            if (value := get(name)) is not None and type(value) is not str:
                return None
        for name in ("author", "engagement"):
            if (value := get(name)) is not None and type(value) is not dict:
                return None
        return own_id, kind, said or "", title

    def _plain(self, row: Row, where: str, headings: Mapping[int, str] = {}, queries: tuple[str, ...] | None = None) -> Mention | None:
        """A record without anything odd; None where something is."""
        found = self._plain_parts(row)
        if found is None:
            return None
        own_id, kind, said, title = found
        get = cast("Callable[[str], Any]", row.get)
        author, counts, platform, asked, shown, post_id = map(get, ("author", "engagement", "platform", "query", "published_at", "post_id"))
        return Mention(
            said, title=title, platform=_platform(platform) if platform else None, kind=kind, brand=get("brand"), post_id=post_id,
            parent_id=get("parent_id"), url=get("url"), ip_location=get("ip_location"), id=own_id, where=get("where") or where,
            thread_title=get("thread_title") or (headings.get(hash(post_id)) if post_id and kind.is_answer else None),
            author=_author(author) if author else _NO_AUTHOR, published_at=_time(shown) if shown else None,
            published_raw=get("published_raw") or (None if shown is None else str(shown)),
            engagement=_engagement(counts) if counts else _NO_COUNTS,
            queries=queries if queries is not None else (asked,) if asked else (),
        )  # fmt: skip


_platform = functools.lru_cache(maxsize=256)(platform_of)
_shown_time = functools.lru_cache(maxsize=4096)(parse_time)


def _kind(shown: object) -> Kind | None:
    return _KINDS.get(shown) if shown is None or isinstance(shown, str) else None


def _engagement(data: Mapping[str, object]) -> Engagement:
    likes, comments, collects, shares, views = (fields.count(data.get(name)) for name in _COUNTS)
    return Engagement(likes=likes, comments=comments, collects=collects, shares=shares, views=views)


def _time(shown: object) -> dt.datetime | None:
    if type(shown) is str and len(shown) == 25 and shown[10] == "T":
        try:
            return dt.datetime.fromisoformat(shown).astimezone(dt.UTC)
        except ValueError:
            return None
    return _shown_time(shown) if type(shown) is str else parse_time(shown)


def _author(data: Mapping[str, object]) -> Author:
    own_id, hashed, nickname, followers, posts, age, verified, official = (data.get(name) for name in _AUTHOR)
    return Author(
        id=_string(own_id), id_hash=_string(hashed), nickname=_string(nickname), followers=_whole(followers), posts=_whole(posts),
        account_age_days=_whole(age), verified=verified if isinstance(verified, bool) else None,
        official=official if isinstance(official, bool) else None,
    )  # fmt: skip


def _string(value: object) -> str | None:
    return value if type(value) is str and value else None if value is None or value == "" else str(value)


def _whole(value: object) -> int | None:
    if type(value) is int and value >= 0:
        return value
    found = fields.count(value)
    return found.value if found else None
