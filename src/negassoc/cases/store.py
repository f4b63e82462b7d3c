"""Where cases, mentions and alerts are kept: SQLite by default, PostgreSQL by URL, the same code for both.

Every write is one transaction, so a process killed at any moment leaves either all of it or nothing of it. Two writers never
overwrite each other: who saves a document says which version was read, and the later of two gets a `CaseError`.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from negassoc.cases.schema import MIGRATIONS
from negassoc.errors import CaseError, DataError, MissingExtraError, NegassocError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

Row = tuple[Any, ...]
PAGE = 500
"""How many rows one statement asks for or looks up: well under what either database allows."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_KEY_ESCAPE = re.compile(r"%([0-9a-f]{4})")
_LAST_CHARACTER = "\U0010ffff"
_WAIT_SECONDS = 30.0


class _Cursor(Protocol):
    @property
    def rowcount(self) -> int: ...

    def fetchall(self) -> list[Row]: ...


class _Connection(Protocol):
    def execute(self, sql: str, values: Any = ..., /) -> _Cursor: ...

    def cursor(self) -> Any: ...

    def close(self) -> None: ...


def open_store(where: str | Path) -> SqlStore:
    """The store at a file path (SQLite, made if it is not there), `":memory:"`, or a `postgresql://` URL (extra `postgres`).

    `NegassocError` if it cannot be opened or was written by a newer version of this library; `MissingExtraError` without psycopg.

    >>> with open_store(":memory:") as store:
    ...     version = store.save("note", "1", '{"a": 1}', 0)
    ...     store.load("note", "1")
    (1, '{"a": 1}')
    """
    if isinstance(where, str) and where.startswith(("postgresql://", "postgres://")):
        return PostgresStore(where)
    return SqliteStore(where)


def not_open(store: object) -> DataError:
    """What is wrong with a path, or anything else, where an open store belongs."""
    shown = repr(_without_password(str(store))) if isinstance(store, str | Path) else None
    how = f"open_store({shown or 'path'}) of negassoc.cases"
    return DataError([Problem("store", f"expected an open store, found {shown or f'{store!r:.60}'}; open it with {how}")])


class SqlStore:
    """What both databases share; open one with `open_store`. A store is a context manager and may be shared between threads.

    It satisfies `protocols.Store`. Bodies are JSON text: what no database can hold (a NUL, half of a surrogate pair) is kept as
    its JSON escape, which means the same.
    """

    _begin: ClassVar[str] = "BEGIN"
    _text: ClassVar[str] = "TEXT"
    _errors: tuple[type[Exception], ...] = ()
    _busy: tuple[type[Exception], ...] = ()

    def __init__(self, name: str, connection: _Connection) -> None:
        self._name, self._connection = name, connection
        self._lock, self._depth = threading.RLock(), 0
        try:
            self._migrate()
        except BaseException:
            connection.close()
            raise

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._name!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; the store is of no use afterwards."""
        self._connection.close()

    def load(self, kind: str, key: str) -> tuple[int, str] | None:
        """`(version, body)` of one document, or None."""
        rows = self.query("SELECT version, body FROM documents WHERE kind = ? AND key = ?", (to_key(kind), to_key(key)))
        return (int(rows[0][0]), str(rows[0][1])) if rows else None

    def save(self, kind: str, key: str, body: str, version: int) -> int:
        """Write `body` if the stored version is `version` (0: there must be none yet); the new version. `CaseError` if it is not."""
        where = (to_key(kind), to_key(key))
        if version:
            sql = "UPDATE documents SET version = version + 1, body = ? WHERE kind = ? AND key = ? AND version = ?"
            written = self.run(sql, (to_body(body), *where, version))
        else:
            sql = "INSERT INTO documents (kind, key, version, body) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING"
            written = self.run(sql, (*where, to_body(body)))
        if not written:
            raise self._first(kind, key, version)
        return version + 1

    def delete(self, kind: str, key: str, version: int) -> None:
        """Remove a document if the stored version is `version`; `CaseError` if it is not."""
        if not self.run("DELETE FROM documents WHERE kind = ? AND key = ? AND version = ?", (to_key(kind), to_key(key), version)):
            raise self._first(kind, key, version)

    def keys(self, kind: str, *, prefix: str = "", after: str | None = None, limit: int | None = None) -> Iterator[str]:
        """The keys of one kind in order of code points: those that begin with `prefix`, from the first after `after`, at most `limit`."""
        start, left = to_key(prefix), limit
        compare, last = (">=", start) if after is None else (">", max(to_key(after), start))
        while left is None or left > 0:
            page = PAGE if left is None else min(PAGE, left)
            sql = f"SELECT key FROM documents WHERE kind = ? AND key {compare} ? AND key < ? ORDER BY key LIMIT ?"  # noqa: S608 - no input in it
            rows = self.query(sql, (to_key(kind), last, start + _LAST_CHARACTER, page))
            yield from (from_key(row[0]) for row in rows)
            if len(rows) < page:
                return
            compare, last, left = ">", rows[-1][0], None if left is None else left - page

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen together or not at all; a transaction inside a transaction is part of it."""
        with self._lock:
            if self._depth:
                yield
                return
            self._revive()
            self._call(self._begin)
            self._depth = 1
            try:
                yield
                self._call("COMMIT")
            except BaseException:
                with contextlib.suppress(*self._errors):
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def query(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """The rows of a SELECT; `?` stands for a value in both databases."""
        with self._lock:
            if not self._depth:
                self._revive()
            return self._call(sql, values).fetchall()

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """One statement that writes; how many rows it changed."""
        with self.transaction():
            return self._call(sql, values).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """One statement for many rows, in one transaction."""
        with self.transaction(), self._translated():
            self._connection.cursor().executemany(self._sql(sql), rows)

    def next_seq(self, count: int) -> int:
        """Reserve `count` numbers; the first of them. Call it inside a transaction: numbers then rise in the order of commits."""
        self.run("UPDATE counters SET value = value + ? WHERE name = 'seq'", (count,))
        return int(self.query("SELECT value FROM counters WHERE name = 'seq'")[0][0]) - count + 1

    def _revive(self) -> None:
        """Connect again, where the connection was lost since it was last used."""

    def _sql(self, sql: str) -> str:
        return sql

    def _call(self, sql: str, values: Sequence[object] = ()) -> _Cursor:
        with self._translated():
            return self._connection.execute(self._sql(sql), values)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            if self._is_busy(error):
                raise CaseError(f"{self._name}: another writer holds the store; try again", status="busy", permitted=["retry"]) from error
            raise NegassocError(f"{self._name}: {error}") from error

    def _is_busy(self, error: Exception) -> bool:
        return isinstance(error, self._busy)

    def _first(self, kind: str, key: str, version: int) -> CaseError:
        found = self.load(kind, key)
        message = f"{kind} {key!r}: version {version} is out of date, another writer was first"
        return CaseError(message, status=f"version {found[0]}" if found else "absent", permitted=["load again"])

    def _migrate(self) -> None:
        with self.transaction():
            self._exclude_others()
            self._call("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
            rows = self.query("SELECT version FROM schema_version")
            have = int(rows[0][0]) if rows else 0
            if have > len(MIGRATIONS):
                raise NegassocError(f"{self._name}: written by a newer negassoc (schema {have}, known {len(MIGRATIONS)}); upgrade negassoc")
            for statement in (s for step in MIGRATIONS[have:] for s in step):
                self._call(statement.format(text=self._text))
            if not rows:
                self._call("INSERT INTO schema_version (version) VALUES (?)", (len(MIGRATIONS),))
            elif have < len(MIGRATIONS):
                self._call("UPDATE schema_version SET version = ?", (len(MIGRATIONS),))

    def _exclude_others(self) -> None:
        """Keep a second process from making the tables at the same moment."""


class SqliteStore(SqlStore):
    """A store in one SQLite file, in WAL mode with a full sync at each commit: what was saved survives a kill and a power cut."""

    _begin = "BEGIN IMMEDIATE"
    _errors = (sqlite3.Error,)

    def __init__(self, path: str | Path = ":memory:") -> None:
        try:
            connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise NegassocError(f"{path}: cannot be opened as a store: {error}; does its folder exist?") from error
        try:
            self._prepare(connection)
        except sqlite3.Error as error:
            connection.close()
            raise NegassocError(f"{path}: cannot be opened as a store: {error}") from error
        super().__init__(str(path), connection)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        until = time.monotonic() + _WAIT_SECONDS
        while self._held(connection, until):
            time.sleep(0.01)
        for pragma in ("synchronous = FULL", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")

    def _held(self, connection: sqlite3.Connection, until: float) -> bool:
        """Whether another keeps the file from WAL mode just now: SQLite refuses that at once, however long it was told to wait."""
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not self._is_busy(error) or time.monotonic() > until:
                raise
            return True
        return False

    def _is_busy(self, error: Exception) -> bool:
        # only SQLITE_BUSY (5) and SQLITE_LOCKED (6), extended codes included; Python gives them no class of their own
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in {5, 6}


class PostgresStore(SqlStore):
    """A store in a PostgreSQL database, by URL; the tables are made in the schema that the URL's user works in."""

    # the C collation sorts by code point, as SQLite does, whatever the database's own locale is
    _text = 'TEXT COLLATE "C"'
    _closed = False

    def __init__(self, url: str) -> None:
        try:
            import psycopg
        except ImportError:
            raise MissingExtraError("postgres", "a store in PostgreSQL") from None
        self._url, self._psycopg = url, psycopg
        self._errors = (psycopg.Error,)
        self._busy = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure, psycopg.errors.LockNotAvailable)
        super().__init__(_without_password(url), self._connect())

    def _connect(self) -> _Connection:
        try:
            connection: Any = self._psycopg.connect(self._url, autocommit=True)
        except self._psycopg.Error as error:
            raise NegassocError(f"{_without_password(self._url)}: cannot be opened as a store: {str(error).strip()}") from None
        opened: _Connection = connection
        return opened

    def close(self) -> None:
        """Let go of the database; the store is of no use afterwards."""
        self._closed = True
        super().close()

    def _revive(self) -> None:
        if getattr(self._connection, "broken", False) and not self._closed:
            self._connection = self._connect()

    def _sql(self, sql: str) -> str:
        return sql.replace("?", "%s")

    def _exclude_others(self) -> None:
        self._call("SELECT pg_advisory_xact_lock(71940527)")


def to_body(body: str) -> str:
    """JSON text as a database can hold it: a NUL and half of a surrogate pair become their JSON escapes."""
    return _UNSTORABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", body)


def to_key(key: str) -> str:
    r"""Any text as a key that a database can hold; `from_key` gives the text back.

    >>> to_key("a\x00%"), from_key(to_key("a\x00%"))
    ('a%0000%0025', 'a\x00%')
    """
    return _UNSTORABLE.sub(lambda match: f"%{ord(match[0]):04x}", key.replace("%", "%0025"))


def from_key(key: str) -> str:
    """The inverse of `to_key`."""
    return _KEY_ESCAPE.sub(lambda match: chr(int(match[1], 16)), key)


def _without_password(url: str) -> str:
    return re.sub(r"(?<=://)([^:@/]*):[^@/]*@", r"\1:***@", url)
