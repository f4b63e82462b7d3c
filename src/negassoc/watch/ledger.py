"""What the monitor has seen, in the store's own table for mentions: looked up and written in bulk, counted by index."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
from typing import TYPE_CHECKING, Final

import attrs

from negassoc.cases.store import PAGE, from_key, to_body, to_key
from negassoc.cases.task import aware
from negassoc.classify import AssociationType, Classification, Grade
from negassoc.mention import Kind, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from negassoc.cases.store import Row, SqlStore

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_LONGEST_NAME: Final = 200
_DAY_MICROS: Final = 86_400_000_000
_COLUMNS: Final = (
    "brand, key, id, platform, kind, at, published_at, first_seen_at, last_seen_at, not_seen_since, fetched_at, hash, counts, partial, "
    "type, grade, facets, edits, seq, body"
)
_ROW: Final = "key, at, first_seen_at, last_seen_at, not_seen_since, type, grade, facets, edits, seq, body"
_KNOWN: Final = "key, hash, counts, partial, fetched_at, first_seen_at, not_seen_since, edits"
_UPSERT: Final = (
    f"INSERT INTO mentions ({_COLUMNS}) VALUES ({', '.join('?' * 20)}) ON CONFLICT (brand, key) DO UPDATE SET "  # noqa: S608 - constants only
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", ") if name not in {"brand", "key", "first_seen_at"})
)


@attrs.frozen(kw_only=True)
class Known:
    """What has to be known of a stored mention to tell whether the one that has just arrived says anything new."""

    hash: str
    counts: str
    partial: bool
    fetched_at: int | None
    first_seen_at: int
    not_seen_since: int | None
    edits: int


@attrs.frozen(kw_only=True)
class Judged:
    """A mention that has just been judged, what was stored of it before, and whether it is another text under the same id."""

    key: str
    verdict: Classification
    known: Known | None
    edited: bool


@attrs.frozen
class StoredMention:
    """A mention with its verdict as the store holds it. `at` is when it was published, or first seen where that is unknown;
    `not_seen_since` is when a source that covers its place fully first failed to show it (which does not prove a deletion)."""

    mention: Mention
    brand: str = attrs.field(kw_only=True)
    key: str = attrs.field(kw_only=True)
    type: AssociationType = attrs.field(kw_only=True)
    grade: Grade | None = attrs.field(kw_only=True)
    facets: tuple[str, ...] = attrs.field(kw_only=True)
    at: dt.datetime = attrs.field(kw_only=True)
    first_seen_at: dt.datetime = attrs.field(kw_only=True)
    last_seen_at: dt.datetime = attrs.field(kw_only=True)
    not_seen_since: dt.datetime | None = attrs.field(kw_only=True)
    edits: int = attrs.field(kw_only=True)
    seq: int = attrs.field(kw_only=True)


@attrs.frozen
class Tally:
    """How many mentions of one type, grade and platform."""

    type: AssociationType
    grade: Grade | None
    platform: str | None
    count: int


@attrs.frozen
class Window:
    """A stretch of time, `start` inclusive and `end` exclusive, for one brand; of some types and platforms only, where these are given."""

    brand: str
    start: dt.datetime
    end: dt.datetime
    types: tuple[AssociationType, ...] = ()
    platforms: tuple[str, ...] = ()


class Ledger:
    """The mentions of a store. Every write is part of the transaction around it."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store

    def known(self, brand: str, keys: Sequence[str]) -> dict[str, Known]:
        """What is stored of these keys, by key."""
        found = dict[str, Known]()
        for some in _pages(keys):
            sql = f"SELECT {_KNOWN} FROM mentions WHERE brand = ? AND key IN ({_marks(some)})"  # noqa: S608 - question marks only
            for row in self.store.query(sql, (to_key(brand), *map(to_key, some))):
                found[from_key(row[0])] = Known(
                    hash=row[1], counts=row[2], partial=bool(row[3]), fetched_at=row[4], first_seen_at=row[5], not_seen_since=row[6],
                    edits=row[7],
                )  # fmt: skip
        return found

    def earlier(self, brand: str, keys: Sequence[str]) -> dict[str, set[str]]:
        """The hashes of earlier versions of these keys."""
        found = dict[str, set[str]]()
        for some in _pages(keys):
            sql = f"SELECT key, hash FROM versions WHERE brand = ? AND key IN ({_marks(some)})"  # noqa: S608 - question marks only
            for key, version in self.store.query(sql, (to_key(brand), *map(to_key, some))):
                found.setdefault(from_key(key), set()).add(version)
        return found

    def write(self, brand: str, judged: Sequence[Judged], now: dt.datetime) -> None:
        """New and changed mentions; the version that an edit replaces is kept in `versions`."""
        if not judged:
            return
        self._keep_versions(brand, [one.key for one in judged if one.edited], now)
        first = self.store.next_seq(len(judged))
        rows = [_row(to_key(brand), one, micros(now) or 0, first + n) for n, one in enumerate(judged)]
        self.store.run_many(_UPSERT, rows)

    def _keep_versions(self, brand: str, keys: Sequence[str], now: dt.datetime) -> None:
        sql = (
            "INSERT INTO versions (brand, key, hash, until_at, type, grade, body) "
            "SELECT brand, key, hash, ?, type, grade, body FROM mentions WHERE brand = ? AND key = ? "
            "ON CONFLICT (brand, key, hash) DO UPDATE SET until_at = excluded.until_at"
        )
        self.store.run_many(sql, [(micros(now), to_key(brand), to_key(key)) for key in keys])

    def correct(self, brand: str, verdicts: Sequence[Classification]) -> None:
        """Another verdict on the same text; one that has been edited meanwhile keeps the verdict on its new text."""
        sql = "UPDATE mentions SET type = ?, grade = ?, facets = ?, seq = ? WHERE brand = ? AND key = ? AND hash = ?"
        with self.store.transaction():
            first = self.store.next_seq(len(verdicts))
            rows = [
                (*_of_verdict(one), first + n, to_key(brand), to_key(key_of(one.mention)), hash_of(one.mention))
                for n, one in enumerate(verdicts)
            ]
            self.store.run_many(sql, rows)

    def touch(self, brand: str, keys: Sequence[str], now: dt.datetime) -> None:
        """These were seen again and say nothing new."""
        sql = "UPDATE mentions SET last_seen_at = ?, not_seen_since = NULL WHERE brand = ? AND key = ?"
        self.store.run_many(sql, [(micros(now), to_key(brand), to_key(key)) for key in keys])

    def recount(self, brand: str, mentions: Sequence[tuple[str, Mention]]) -> None:
        """The same text with other counts of likes, comments and so on."""
        sql = "UPDATE mentions SET counts = ?, fetched_at = ?, body = ? WHERE brand = ? AND key = ? AND body <> ''"
        rows = [(counts_of(m), micros(m.fetched_at), body_of(m), to_key(brand), to_key(key)) for key, m in mentions]
        self.store.run_many(sql, rows)

    def cover(self, source: str, brand: str, keys: Sequence[str], now: dt.datetime) -> None:
        """A source that covers its place fully has shown these."""
        sql = (
            "INSERT INTO covered (source, brand, key, seen_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (source, brand, key) DO UPDATE SET seen_at = excluded.seen_at"
        )
        self.store.run_many(sql, [(to_key(source), to_key(brand), to_key(key), micros(now)) for key in keys])

    def miss(self, source: str, since: dt.datetime, now: dt.datetime) -> int:
        """Mark what such a source has shown before but not since `since`; how many became "not seen" by it."""
        sql = (
            "UPDATE mentions SET not_seen_since = ? WHERE not_seen_since IS NULL AND last_seen_at < ? AND EXISTS (SELECT 1 FROM covered c "
            "WHERE c.source = ? AND c.brand = mentions.brand AND c.key = mentions.key AND c.seen_at < ?)"
        )
        return self.store.run(sql, (micros(now), micros(since), to_key(source), micros(since)))

    def tally(self, window: Window) -> list[Tally]:
        """How many mentions of each type, grade and platform there are in the window."""
        where, values = _where(window)
        sql = f"SELECT type, grade, platform, count(*) FROM mentions WHERE {where} GROUP BY type, grade, platform"  # noqa: S608
        rows = self.store.query(sql, values)
        return [Tally(AssociationType(t), Grade(g) if g else None, from_key(p) if p else None, int(n)) for t, g, p, n in rows]

    def earliest(self, brand: str) -> dt.datetime | None:
        """When the oldest mention of the brand was published; None where there is none."""
        found = self.store.query("SELECT min(at) FROM mentions WHERE brand = ?", (to_key(brand),))[0][0]
        return None if found is None else moment(found)

    def since(self, brand: str, seq: int, *, kinds: Sequence[Kind] = (), grade: Grade = Grade.P3) -> Iterator[StoredMention]:
        """What was judged after number `seq`, in that order; only of the `kinds`, where some are given, and with a `grade` below P3
        only what is as grave or graver."""
        only = (f"AND kind IN ({_marks(kinds)}) " if kinds else "") + ("AND grade <= ? " if grade is not Grade.P3 else "")
        values = [*(kind.value for kind in kinds), *([grade.value] if grade is not Grade.P3 else [])]
        while True:
            sql = f"SELECT {_ROW} FROM mentions WHERE brand = ? AND seq > ? AND body <> '' {only}ORDER BY seq LIMIT ?"  # noqa: S608 - constants only
            rows = self.store.query(sql, (to_key(brand), seq, *values, PAGE))
            yield from (_stored(brand, row) for row in rows)
            if len(rows) < PAGE:
                return
            seq = rows[-1][9]

    def newest_seq(self, brand: str) -> int:
        """The number of the latest judgement; 0 where there is none."""
        return int(self.store.query("SELECT max(seq) FROM mentions WHERE brand = ?", (to_key(brand),))[0][0] or 0)

    def newest_in(self, window: Window) -> int:
        """The number of the latest judgement in the window; 0 where there is none."""
        where, values = _where(window)
        return int(self.store.query(f"SELECT max(seq) FROM mentions WHERE {where}", values)[0][0] or 0)  # noqa: S608

    def gravest(self, window: Window, limit: int) -> list[StoredMention]:
        """At most `limit` mentions in the window: gravest first, then newest."""
        where, values = _where(window)
        # the keys first: a database would otherwise carry every body, however long, through its sorting
        order = "ORDER BY COALESCE(grade, 'P9'), at DESC, key LIMIT ?"
        keys = [row[0] for row in self.store.query(f"SELECT key FROM mentions WHERE {where} AND body <> '' {order}", (*values, limit))]  # noqa: S608
        found = (self.get(window.brand, from_key(key)) for key in keys)
        return [one for one in found if one]

    def between(self, window: Window) -> Iterator[StoredMention]:
        """The mentions in the window, oldest first."""
        where, values = _where(window)
        last: tuple[object, ...] = ()
        while True:
            after = "AND (at, key) > (?, ?) " if last else ""
            sql = f"SELECT {_ROW} FROM mentions WHERE {where} AND body <> '' {after}ORDER BY at, key LIMIT ?"  # noqa: S608
            rows = self.store.query(sql, (*values, *last, PAGE))
            yield from (_stored(window.brand, row) for row in rows)
            if len(rows) < PAGE:
                return
            last = (rows[-1][1], rows[-1][0])

    def by_day(self, window: Window) -> dict[int, dict[AssociationType, int]]:
        """How many mentions of each type there are in each stretch of 24 hours, counted from the window's start."""
        where, values = _where(window)
        start = micros(window.start)
        sql = f"SELECT (at - ?) / {_DAY_MICROS}, type, count(*) FROM mentions WHERE {where} GROUP BY 1, 2"  # noqa: S608
        found = dict[int, dict[AssociationType, int]]()
        for day, kind, count in self.store.query(sql, (start, *values)):
            found.setdefault(int(day), {})[AssociationType(kind)] = int(count)
        return found

    def first_seen(self, window: Window) -> int:
        """How many mentions the monitor saw for the first time in the window, whenever they were published."""
        return self._noticed("SELECT count(*) FROM mentions WHERE brand = ? AND first_seen_at >= ? AND first_seen_at < ?", window)

    def undated(self, window: Window) -> int:
        """How many mentions of the window are in it by their first sight, since nobody knows when they were published."""
        where, values = _where(window)
        return int(self.store.query(f"SELECT count(*) FROM mentions WHERE {where} AND published_at IS NULL", values)[0][0])  # noqa: S608

    def edited(self, window: Window) -> int:
        """How many mentions were found in the window to read otherwise than before."""
        return self._noticed("SELECT count(DISTINCT key) FROM versions WHERE brand = ? AND until_at >= ? AND until_at < ?", window)

    def missed(self, window: Window) -> int:
        """How many mentions ceased in the window to be shown by a source that shows everything, and have not come back."""
        return self._noticed("SELECT count(*) FROM mentions WHERE brand = ? AND not_seen_since >= ? AND not_seen_since < ?", window)

    def _noticed(self, sql: str, window: Window) -> int:
        return int(self.store.query(sql, (to_key(window.brand), micros(window.start), micros(window.end)))[0][0])

    def get(self, brand: str, key: str) -> StoredMention | None:
        """One stored mention; None if it is not there or its content has been forgotten."""
        rows = self.store.query(f"SELECT {_ROW} FROM mentions WHERE brand = ? AND key = ? AND body <> ''", (to_key(brand), to_key(key)))  # noqa: S608
        return _stored(brand, rows[0]) if rows else None

    def forget(self, brand: str, before: dt.datetime, keep: Iterable[str] = ()) -> int:
        """Drop what was said and by whom of mentions that no source has shown since `before`, their earlier versions, and old alerts; how
        many mentions. Type, grade, platform and time stay for the statistics, and a digest by which the mention is not taken for new when
        an old file shows it again. Mentions whose id is in `keep` (those of open cases) are kept whole."""
        kept, limit = set(keep), micros(before)
        sql = "SELECT key, id FROM mentions WHERE brand = ? AND last_seen_at < ? AND body <> ''"
        rows = self.store.query(sql, (to_key(brand), limit))
        gone = [(to_key(brand), key) for key, name in rows if from_key(name) not in kept]
        with self.store.transaction():
            self.store.run_many("UPDATE mentions SET body = '' WHERE brand = ? AND key = ?", gone)
            self.store.run_many("DELETE FROM versions WHERE brand = ? AND key = ?", gone)
            old = "SELECT id FROM alerts WHERE brand = ? AND at < ?"
            self.store.run(f"DELETE FROM deliveries WHERE alert IN ({old})", (to_key(brand), limit))  # noqa: S608 - constants only
            self.store.run("DELETE FROM alerts WHERE brand = ? AND at < ?", (to_key(brand), limit))
        return len(gone)

    def versions(self, brand: str, key: str) -> list[tuple[dt.datetime, AssociationType, Mention]]:
        """Earlier versions of an edited mention, oldest first: until when it read so, what it was judged to be, and its text."""
        sql = "SELECT until_at, type, body FROM versions WHERE brand = ? AND key = ? ORDER BY until_at"
        rows = self.store.query(sql, (to_key(brand), to_key(key)))
        return [(moment(until), AssociationType(kind), _mention(body)) for until, kind, body in rows]

    def count(self) -> int:
        """How many mentions are stored, those of all brands together."""
        return int(self.store.query("SELECT count(*) FROM mentions")[0][0])


def batches(stored: Iterable[StoredMention], size: int) -> Iterator[list[StoredMention]]:
    """Mentions in lists of `size`, the last one shorter."""
    mentions = iter(stored)
    while batch := list(itertools.islice(mentions, size)):
        yield batch


def key_of(mention: Mention) -> str:
    """What tells one mention from another: the platform and its id there, both shortened where they are longer than an index bears."""
    return f"{_short(mention.platform or '')}/{_short(mention.id)}"


def hash_of(mention: Mention) -> str:
    """A digest of what was said: two versions of a mention differ in it, other counts under the same text do not."""
    parts = json.dumps([mention.title, mention.text, mention.platform_flags])
    return hashlib.sha256(parts.encode()).hexdigest()[:32]


def counts_of(mention: Mention) -> str:
    """The counts under a mention as one short text."""
    return " ".join(str(value or "") for value in attrs.astuple(mention.engagement, recurse=False))


def body_of(mention: Mention) -> str:
    """The mention as the store keeps it; `ValueError` where it is not fit to be read back."""
    return to_body(json.dumps(mention.to_record(), ensure_ascii=False))


def readable(mention: Mention) -> str | None:
    """None if the mention can be stored and read back; otherwise what keeps it from that (neither title nor text, a number too large)."""
    try:
        _mention(body_of(mention))
        micros(mention.fetched_at)
    except (ValueError, OverflowError, TypeError) as error:
        return str(error)
    return None


def micros(at: dt.datetime | None) -> int | None:
    """A time as the store counts it; `DataError` for one without a time zone."""
    try:
        return None if at is None else (at - _EPOCH) // _MICROSECOND
    except TypeError:
        return (aware(at) - _EPOCH) // _MICROSECOND


def moment(value: int) -> dt.datetime:
    """The inverse of `micros`."""
    return _EPOCH + value * _MICROSECOND


def _mention(body: str) -> Mention:
    record = json.loads(body)
    mention = Mention.from_record(record, where="store")
    # a record's reader takes the time itself for what was shown, where nothing was
    return mention if record["published_raw"] else attrs.evolve(mention, published_raw=None)


def _stored(brand: str, row: Row) -> StoredMention:
    key, at, first, last, not_seen, kind, grade, facets, edits, seq, body = row
    return StoredMention(
        _mention(body), brand=brand, key=from_key(key), type=AssociationType(kind), grade=Grade(grade) if grade else None,
        facets=tuple(json.loads(facets)), at=moment(at), first_seen_at=moment(first), last_seen_at=moment(last),
        not_seen_since=None if not_seen is None else moment(not_seen), edits=edits, seq=seq,
    )  # fmt: skip


def _row(brand: str, one: Judged, now: int, seq: int) -> Row:
    verdict, mention = one.verdict, one.verdict.mention
    first_seen = one.known.first_seen_at if one.known else now
    published = micros(mention.published_at)
    return (
        brand, to_key(one.key), to_key(mention.id), to_key(_short(mention.platform)) if mention.platform else None, mention.kind.value,
        first_seen if published is None else published, published, first_seen, now, None, micros(mention.fetched_at),
        hash_of(mention), counts_of(mention), int(mention.partial), *_of_verdict(verdict),
        (one.known.edits if one.known else 0) + one.edited, seq, body_of(mention),
    )  # fmt: skip


def _of_verdict(verdict: Classification) -> tuple[str, str | None, str]:
    return verdict.type.value, verdict.grade.value if verdict.grade else None, to_body(json.dumps(verdict.facets))


def _short(name: str) -> str:
    if len(name) <= _LONGEST_NAME:
        return name
    return name[: _LONGEST_NAME // 2] + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _where(window: Window) -> tuple[str, list[object]]:
    """The condition of a window, in question marks, and their values."""
    where, values = "brand = ? AND at >= ? AND at < ?", [to_key(window.brand), micros(window.start), micros(window.end)]
    if window.types:
        where, values = f"{where} AND type IN ({_marks(window.types)})", [*values, *(kind.value for kind in window.types)]
    if window.platforms:
        where, values = f"{where} AND platform IN ({_marks(window.platforms)})", [*values, *map(to_key, window.platforms)]
    return where, list(values)


def _pages(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + PAGE] for start in range(0, len(keys), PAGE))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
