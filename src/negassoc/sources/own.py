"""This project's own records, read as `Mention.from_record` reads them, only faster where a record is as plain as most are."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any, cast

from negassoc.errors import DataError
from negassoc.mention import Author, Engagement, Kind, Mention
from negassoc.platform import platform_of
from negassoc.sources import fields
from negassoc.sources.coverage import NO_THREAD, Thread, told_of_its_post
from negassoc.sources.known import Row, counts_of_answer
from negassoc.sources.profiles import Layout, kind_of
from negassoc.sources.rows import Identity, heading, opening
from negassoc.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_MARKS = frozenset({
    "kind", "brand", "platform", "published_at", "published_raw", "thread_title", "thread_text", "engagement", "label", "post_id",
    "queries",
})  # fmt: skip
_KINDS = {kind.value: kind for kind in Kind} | {None: Kind.NOTE, "": Kind.NOTE}
_TEXTS = (
    "text", "title", "brand", "platform", "thread_title", "thread_text", "post_id", "parent_id", "url", "ip_location", "published_raw",
    "where", "query",
)  # fmt: skip
_LISTS = ("queries", "topics", "at", "platform_flags")
_TABLES = ("author", "engagement")
_AUTHOR = ("id", "id_hash", "nickname", "followers", "posts", "account_age_days", "verified", "official")
_COUNTS = ("likes", "comments", "collects", "shares", "views")
_A_TEXT, _A_LIST, _A_TABLE = (frozenset({type(None), kind}) for kind in (str, list, dict))
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
        mention = _plain(row, "record") or self._careful(row, "record", quiet=True)
        if mention is None:
            return None
        stamp = max(0, int(mention.fetched_at.timestamp() * 1000)) if mention.fetched_at else 0
        post, given = not mention.kind.is_answer, None if mention.id.startswith("c-") else mention.id
        if not post:
            return Identity(given, post, mention.platform, stamp, mention.queries)
        head, begun = mention.title or heading(mention.text), opening(mention.text)
        return Identity(given, post, mention.platform, stamp, mention.queries, head, begun, mention.engagement.comments)

    def mention(self, row: Row, where: str, threads: Mapping[int, Thread] = {}, queries: tuple[str, ...] | None = None) -> Mention | None:
        """The record as a mention; `DataError` says what is wrong with it."""
        return _plain(row, where, threads, queries) or self._careful(row, where, threads, queries)

    def expected(self, mention: Mention) -> tuple[object, ...]:
        """The values of which one should be there: the time, and counts where there are any."""
        counts = mention.engagement
        return mention.published_at, counts is _NO_COUNTS or (counts.likes and counts.comments)

    def oddities(self, row: Row) -> Iterator[str]:
        """What is no time or count where one belongs."""
        if fields.is_no_time(at := row.get("published_at")):
            yield f"published_at: {at!r:.60} is no time; write it like 2026-01-31T09:00:00+08:00"
        counts = row.get("engagement")
        for name, found in counts.items() if isinstance(counts, dict) else ():
            if name in _COUNTS and fields.is_no_count(found):
                yield f"{name}: {found!r:.60} is no number; the record is kept without it"

    def _careful(
        self, row: Row, where: str, threads: Mapping[int, Thread] = {}, queries: tuple[str, ...] | None = None, *, quiet: bool = False
    ) -> Mention | None:
        kind = row.get("kind")
        if isinstance(kind, str) and kind not in _KINDS and (known := kind_of(kind)):
            row = {**row, "kind": known.value}
        record = {**row, "queries": list(queries)} if queries else dict(row)
        try:
            return told_of_its_post(Mention.from_record(record, where=where), threads)
        except DataError:
            if quiet:
                return None
            raise


def _plain(row: Row, where: str, threads: Mapping[int, Thread] = {}, queries: tuple[str, ...] | None = None) -> Mention | None:
    """What `Mention.from_record` makes of a record, with fewer calls; None where something in it is odd."""
    get = cast("Callable[[str], Any]", row.get)
    texts = (said, title, brand, platform, thread, told, post_id, parent_id, url, place, raw, own_where, asked) = list(map(get, _TEXTS))
    lists = (found, topics, at, flags) = list(map(get, _LISTS))
    author, counts = tables = list(map(get, _TABLES))
    if not (_A_TEXT.issuperset(map(type, texts)) and _A_LIST.issuperset(map(type, lists)) and _A_TABLE.issuperset(map(type, tables))):
        return None
    kind, own_id, shown, fetched = _kind(get("kind")), get("id"), get("published_at"), get("fetched_at")
    if kind is None or type(own_id) is not str or own_id[:2] in {"", "c-"}:
        return None
    if not (said and not said.isspace()) and not (title and not title.isspace()):
        return None
    if post_id and kind.is_answer and not (thread and told):
        known = threads.get(hash(post_id), NO_THREAD)
        thread, told = thread or known[0], told or known[1]
    if shown is not None and "published_raw" not in row:
        raw = str(shown)
    if queries is None:
        queries = tuple(map(str, found)) if found else (asked,) if asked else ()
    return Mention(
        said or "", title=title, platform=_platform(platform) if platform else None, kind=kind, brand=brand, thread_title=thread,
        thread_text=told, post_id=post_id, parent_id=parent_id, url=url, author=_author(author) if author else _NO_AUTHOR,
        ip_location=place, published_at=time_of(shown) if shown else None, published_raw=raw or None,
        fetched_at=time_of(fetched) if fetched else None, queries=queries,
        engagement=counts_of_answer(*map(counts.get, _COUNTS)) if counts else _NO_COUNTS,
        topics=tuple(map(str, topics)) if topics else (), at=tuple(map(str, at)) if at else (),
        platform_flags=tuple(map(str, flags)) if flags else (), partial=get("partial") is True, where=own_where or where, id=own_id,
    )  # fmt: skip


_platform = functools.lru_cache(maxsize=256)(platform_of)
_shown_time = functools.lru_cache(maxsize=4096)(parse_time)


def _kind(shown: object) -> Kind | None:
    return _KINDS.get(shown) if shown is None or isinstance(shown, str) else None


def time_of(shown: object) -> dt.datetime | None:
    """`parse_time`, with the form in which records are written first."""
    if type(shown) is str and len(shown) > 24 and shown[10] == "T":
        try:
            at = dt.datetime.fromisoformat(shown)
        except ValueError:
            return None
        return at if at.tzinfo is dt.UTC else parse_time(at)
    return _shown_time(shown) if type(shown) is str else parse_time(shown)


def _author(data: Mapping[str, object]) -> Author:
    own_id, hashed, nickname, followers, posts, age, verified, official = map(data.get, _AUTHOR)
    return Author(
        id=None if own_id is None else _string(own_id), id_hash=None if hashed is None else _string(hashed),
        nickname=None if nickname is None else _string(nickname), followers=None if followers is None else _whole(followers),
        posts=None if posts is None else _whole(posts), account_age_days=None if age is None else _whole(age),
        verified=verified if isinstance(verified, bool) else None, official=official if isinstance(official, bool) else None,
    )  # fmt: skip


def _string(value: object) -> str | None:
    return value or None if type(value) is str else str(value)


def _whole(value: object) -> int | None:
    if type(value) is int and value >= 0:
        return value
    found = fields.count(value)
    return found.value if found else None
