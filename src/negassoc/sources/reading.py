"""Makes one file into units: rows that can become mentions, mentions from payloads, and what was skipped or damaged. No unit is lost."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sqlite3
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import attrs

from negassoc.errors import DataError, MissingExtraError, Problem
from negassoc.mention import Mention
from negassoc.sources import documents, tables
from negassoc.sources.fields import header
from negassoc.sources.files import UNREADABLE, Blob, BombError, Form, form_of, guarded, line_of, lines_of, raw_lines_of, text_of
from negassoc.sources.glance import Glances
from negassoc.sources.jsontext import json_values
from negassoc.sources.known import Row
from negassoc.sources.own import OwnReader, is_own
from negassoc.sources.page import Context
from negassoc.sources.profiles import Layout, Profile, check_profile, kind_of, layout_of
from negassoc.sources.rows import Identity, RowReader, Skipped
from negassoc.sources.written import is_written, record_of

_SAMPLE = 400
_OWN = OwnReader()
UNKNOWN = "no shape that is known, and no column that holds what people say"


@attrs.define(eq=False)
class RowUnit:
    """A row with the reader that knows its columns; nothing is built yet."""

    where: str
    row: Row
    reader: RowReader | OwnReader


Unit: TypeAlias = RowUnit | Identity | Mention | Skipped | Problem


@attrs.define
class FileNotes:
    """What is learnt about a file while it is read."""

    tools: Counter[str] = attrs.field(factory=Counter)
    platforms: set[str] = attrs.field(factory=set)
    guessed: dict[str, str] = attrs.field(factory=dict)

    def saw(self, layout: Layout) -> None:
        """A table or a row of this layout."""
        self.tools[layout.tool] += 1
        self.platforms |= {layout.platform} if layout.platform else set()
        self.guessed.update(layout.guessed)


def units_of(blob: Blob, notes: FileNotes, profile: Profile | None = None, *, glance: bool = False) -> Iterator[Unit]:
    """Everything in one file. A file that cannot be read at all is one problem, one that is none of ours one skip.

    With `glance`, a line of JSON like one before it is only identified, not parsed.
    """
    try:
        yield from _by_form(blob, notes, profile, glance)
    except (MissingExtraError, BombError) as error:
        yield Problem(blob.label, str(error))
    except DataError as error:
        yield from error.problems
    except (*UNREADABLE, sqlite3.Error, MemoryError) as error:
        yield Problem(blob.label, f"damaged, reading stopped here: {str(error)[:200] or type(error).__name__}")


def _by_form(blob: Blob, notes: FileNotes, profile: Profile | None, glance: bool) -> Iterator[Unit]:
    form = form_of(blob.head(), blob.label)
    if opened := _TABLES.get(form):
        return _table(blob, opened(blob), notes, profile)
    if form == "jsonl":
        return _jsonl(blob, notes, profile, glance)
    if form == "json":
        return _json(blob, notes, profile)
    if form == "html":
        return _html(blob, notes, profile)
    return _toml(blob, notes) if form == "toml" else iter([_refused(blob, form)])


_TABLES: dict[Form, Callable[[Blob], Iterator[tables.Table]]] = {
    "table": lambda blob: iter([table] if (table := tables.csv_table(blob)) else []),
    "zip": lambda blob: guarded(tables.workbook_tables(blob)),  # what is no workbook has been unpacked before
    "sqlite": tables.database_tables,
    "parquet": lambda blob: guarded(tables.parquet_tables(blob)),
}


def _refused(blob: Blob, form: Form) -> Unit:
    if form == "empty":
        return Problem(blob.label, "the file is empty")
    if form == "xls":
        return Problem(blob.label, "an old .xls workbook (or an encrypted one): open it and save it as .xlsx")
    return Skipped(blob.label, "not text, no workbook, no database: unrelated")


def _table(blob: Blob, found: Iterable[tables.Table], notes: FileNotes, profile: Profile | None) -> Iterator[Unit]:
    empty = True
    for table in found:
        for unit in table_units(table, notes, profile, hint=f"{Path(blob.label).name} {table.name}", label=blob.label):
            empty = False
            yield unit
    if empty:
        yield Skipped(blob.label, "no table in it: unrelated")


def table_units(table: tables.Table, notes: FileNotes, profile: Profile | None, *, hint: str = "", label: str = "rows") -> Iterator[Unit]:
    """The rows of one table by its layout; a table of another sort is one skip."""
    if profile is None and is_written(table.names):
        yield from _written_rows(table, notes)
        return
    opening = list(itertools.islice(table.rows, _SAMPLE))
    sample = [placed.row for placed in opening if isinstance(placed, tables.Placed)]
    place = f"{label}[{table.name}]" if table.name else label
    if profile is not None:
        check_profile(profile, table.names)
    if reason := documents.what_else(dict.fromkeys(table.names, 1)):
        yield from (Skipped(one.where, reason) for one in itertools.chain(opening, table.rows) if isinstance(one, tables.Placed))
        return
    if (layout := layout_of(table.names, sample, profile, hint)) is None:
        yield Skipped(place, f"{UNKNOWN} (columns: {', '.join(table.names)[:300]})")
        return
    reader, any_row = RowReader(layout), False
    for placed in itertools.chain(opening, table.rows):
        if not any_row:
            notes.saw(layout)
        any_row = True
        if isinstance(placed, Problem):
            yield placed
        elif not tables.is_blank(placed.row):
            yield RowUnit(placed.where, placed.row, reader)
    if not any_row:
        yield Skipped(place, f"a table of {layout.tool} with a header and no row")


def _written_rows(table: tables.Table, notes: FileNotes) -> Iterator[Unit]:
    notes.tools["negassoc"] += 1
    for placed in table.rows:
        if isinstance(placed, Problem):
            yield placed
        elif not tables.is_blank(placed.row):
            yield RowUnit(placed.where, record_of(placed.row, disarmed=table.is_text), _OWN)


class _Objects:
    """JSON objects one by one: each a row of a known layout, a record of this project, or a payload to be searched."""

    def __init__(self, label: str, notes: FileNotes, profile: Profile | None, sample: list[Row]) -> None:
        self._label, self._notes, self._profile, self._sample = label, notes, profile, sample
        self.readers: dict[tuple[str, ...], RowReader | OwnReader] = {}

    def units(self, value: object, where: str, *, alone: bool = False) -> Iterator[Unit]:
        """The units of one object. One that is `alone` in its file must be surely known: a settings file has a description, too."""
        if isinstance(value, Mapping):
            reader = self.readers.get(tuple(value))
            yield from [RowUnit(where, value, reader)] if reader else self._first_seen(value, where, alone)
        elif isinstance(value, list):
            yield from list(self._payload(value, where)) or list(self._listed(value, where)) or [Skipped(where, UNKNOWN)]
        elif self._notes.tools:
            yield Problem(where, f"expected an object, found {type(value).__name__}")
        else:
            yield Skipped(where, UNKNOWN)

    def _first_seen(self, value: Row, where: str, alone: bool) -> Iterator[Unit]:
        if isinstance(cells := value.get("fields"), Mapping) and "record_id" in value:  # a row of an online table
            yield from self.units({**cells}, where, alone=alone)
        elif is_own(value):
            self._notes.tools["negassoc"] += 1
            yield RowUnit(where, value, self.readers.setdefault(tuple(value), _OWN))
        elif found := list(self._payload(value, where)):
            yield from found
        elif reason := documents.what_else(value):
            yield Skipped(where, reason)
        elif (comments := _comments_in(value)) and (reader := self._reader(value, alone, keep=False)):
            yield RowUnit(where, value, reader)
            yield from self._under(value, where, reader, comments)
        elif found := list(self._listed(value, where)):
            yield from found
        elif reader := self._reader(value, alone):
            yield RowUnit(where, value, reader)
        else:
            yield Skipped(where, f"{UNKNOWN} (keys: {', '.join(map(str, value))[:200]})")

    def _payload(self, value: object, where: str) -> Iterator[Unit]:
        """A platform's units inside an object or list."""
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        if not any(isinstance(one, Mapping | list) for one in inner):
            return
        any_unit = False
        for unit in documents.units(value, Context(where=where)):
            if not any_unit:
                self._notes.tools[tool_of(value)] += 1
            any_unit = True
            yield unit

    def _under(self, row: Row, where: str, reader: RowReader | OwnReader, comments: Mapping[str, list[object]]) -> Iterator[Unit]:
        """The comments that a row holds in a list, objects or bare strings, tied to it."""
        post = reader.identity(row)
        beside = {"note_id": post.id, "thread_title": post.heading} if post else {}
        inner = _Objects(self._label, FileNotes(), None, [])
        for key, held in comments.items():
            for number, one in enumerate(held):
                cells = one if isinstance(one, Mapping) else {"content": one}
                said = {"comment_content" if header(str(name)) in _SAID else str(name): cell for name, cell in cells.items()}
                yield from inner.units({**said, **beside}, f"{where}.{key}[{number}]")

    def _listed(self, value: object, where: str) -> Iterator[Unit]:
        """Rows of a table that stand in a list somewhere inside, or as the values of an object."""
        for place, rows in _lists(value, where, 5):
            inner = _Objects(self._label, self._notes, self._profile, rows[:_SAMPLE])
            if inner.reader_for(rows[0]):
                for number, row in enumerate(rows):
                    yield from inner.units(row, f"{place}[{number}]")

    def reader_for(self, row: Row) -> bool:
        """Whether a row of a list can be read: a record of this project, or a table's row."""
        return is_own(row) or self._reader(row, alone=False) is not None

    def _reader(self, row: Row, alone: bool, *, keep: bool = True) -> RowReader | OwnReader | None:
        alike = [other for other in self._sample if other.keys() == row.keys()] or [row]
        layout = layout_of(tuple(map(str, row)), alike, self._profile, Path(self._label).name)
        if layout is None or (alone and layout.guessed and not layout.columns.keys() >= _SURE):
            return None
        self._notes.saw(layout)
        reader = RowReader(layout)
        return self.readers.setdefault(tuple(row), reader) if keep else reader


_SAID = frozenset({"content", "text", "body", "内容", "正文"})
_COMMENTS = frozenset({"comments", "comment", "commentlist", "评论", "评论列表", "replies", "回复"})


def _comments_in(row: Row) -> dict[str, list[object]]:
    return {key: held for key, held in row.items() if isinstance(held, list) and held and header(str(key)) in _COMMENTS}


_RICH_TEXT = frozenset({"text", "type", "link", "token", "mention_type"})  # a cell of an online table, in pieces
_SURE = frozenset({"text", "published", "author_name"})


def _lists(value: object, where: str, depth: int) -> Iterator[tuple[str, list[Row]]]:
    if isinstance(value, list):
        objects = [one for one in value if isinstance(one, Mapping) and not one.keys() <= _RICH_TEXT]
        if objects and len(objects) == len(value):
            yield where, objects
    elif isinstance(value, Mapping) and len(value) > 1 and all(isinstance(one, Mapping) and one.keys() & _SAID for one in value.values()):
        yield where, list(value.values())
    elif isinstance(value, Mapping) and depth:
        for key, inner in value.items():
            yield from _lists(inner, f"{where}.{key}", depth - 1)


def tool_of(document: object) -> str:
    """Which tool wrote a document in which a platform's units were found; "web payload" where nothing more is known."""
    if not isinstance(document, Mapping):
        return "web payload"
    keys, inner = document.keys(), [value.keys() for key in ("log", "data") if isinstance(value := document.get(key), Mapping)]
    for tool, outside, inside in _MARKS:
        if outside <= keys and (not inside or any(inside & have for have in inner)) and (tool != _MCP or keys <= {*outside, "message"}):
            return tool
    return "web payload"


_MCP = "xiaohongshu-mcp"
_MARKS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    ("Zeeschuimer", frozenset({"source_platform", "item_id"}), frozenset()),
    ("HAR", frozenset({"log"}), frozenset({"entries"})),
    ("TikHub", frozenset({"router", "request_id"}), frozenset()),
    ("JustOneAPI", frozenset({"recordTime"}), frozenset()),
    ("Kuaishou marketing API", frozenset({"data"}), frozenset({"details"})),
    ("Kwaishop", frozenset({"data"}), frozenset({"rootComment"})),
    (_MCP, frozenset({"success", "data"}), frozenset({"feeds", "data", "items", "feed_id"})),
)


def _jsonl(blob: Blob, notes: FileNotes, profile: Profile | None, glance: bool) -> Iterator[Unit]:
    lines = raw_lines_of(blob)
    opening = list(itertools.islice(lines, _SAMPLE))
    sample: list[Row] = [row for line in opening if isinstance(row := _loads(line), dict)]
    objects, alone = _Objects(blob.label, notes, profile, sample), sum(not line.isspace() for line in opening) == 1
    label, readers = blob.label, objects.readers
    known: tuple[str, ...] = ()  # the keys of the last line with a `reader`
    reader: RowReader | OwnReader | None = None
    glances = Glances() if glance else None
    for number, line in enumerate(itertools.chain(opening, lines), 1):
        if glances and (found := glances.identity(line)):
            yield found
            continue
        value = _loads(line)
        if type(value) is dict and (keys := tuple(value)) != known:
            reader = readers.get(keys)
            known = keys if reader else ()
        if type(value) is dict and reader:
            if glances:
                glances.learn(reader, value, line)
            yield RowUnit(f"{label}:{number}", value, reader)
        elif not isinstance(value, Exception):
            yield from objects.units(value, f"{label}:{number}", alone=alone)
        elif not line.isspace():
            yield Problem(f"{label}:{number}", _damage(line, value))


def _damage(line: bytes, error: Exception) -> str:
    return f"not valid JSON: {error}" if line.endswith(b"\n") else f"the file ends in the middle of this line ({error})"


_scan_once: Callable[[str, int], tuple[object, int]] = vars(json.JSONDecoder())["scan_once"]


_LINE_ENDS = frozenset({"\n", "\r\n", ""})


def _loads(raw: bytes) -> object:
    """The line's value, or what is wrong with it."""
    try:
        line = raw.decode()
    except UnicodeDecodeError:
        line = line_of(raw)
    try:
        value, end = _scan_once(line, 0)
    except (StopIteration, ValueError, RecursionError):
        return _loads_anyway(line)
    return value if line[end:] in _LINE_ENDS else _loads_anyway(line)


def _loads_anyway(line: str) -> object:
    for text in (line, line.replace("\0", "").strip("\ufeff, \t\r\n")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as found:
            error = found
    return error


def _json(blob: Blob, notes: FileNotes, profile: Profile | None) -> Iterator[Unit]:
    values = json_values(lines_of(blob))
    opening = list(itertools.islice(values, _SAMPLE))
    objects = _Objects(blob.label, notes, profile, [value for _, value, _ in opening if isinstance(value, dict)])
    any_unit = False
    for place, value, whole in itertools.chain(opening, values):
        any_unit, where = True, f"{blob.label}:{place}"
        if isinstance(value, Exception):
            yield Problem(where, str(value))
        elif whole:
            yield from objects.units(value, where, alone=place == "$")
        else:
            yield from (unit for unit in objects.units(value, where, alone=True) if not isinstance(unit, Skipped))
    if not any_unit:
        yield Skipped(blob.label, "an empty list")


def _html(blob: Blob, notes: FileNotes, profile: Profile | None) -> Iterator[Unit]:
    page = text_of(blob)
    state = documents.page_state(page)
    found = list(_Objects(blob.label, notes, profile, []).units(state, f"{blob.label}:$", alone=True)) if state is not None else []
    notes.tools = Counter({"saved page": 1}) if any(not isinstance(unit, Skipped) for unit in found) else Counter()
    if notes.tools:
        yield from found
    else:
        gone = documents.gone_because(page)
        yield Skipped(blob.label, f"the saved page says: {gone}" if gone else "a web page without the state of a note: unrelated")


def _toml(blob: Blob, notes: FileNotes) -> Iterator[Unit]:
    """Notices and other records that a person wrote down: every list of tables in which each has a `text` or a `title`."""
    try:
        data = tomllib.loads(text_of(blob))
    except tomllib.TOMLDecodeError as error:
        yield Problem(blob.label, f"not valid TOML: {error}")
        return
    common = {key: value for key, value in data.items() if isinstance(value, str)}
    found = [
        (key, number, one)
        for key, many in data.items()
        if isinstance(many, list)
        for number, one in enumerate(many, 1)
        if isinstance(one, dict)
    ]
    if not any("text" in one or "title" in one for _, _, one in found):
        yield Skipped(blob.label, "settings, no mentions: unrelated")
        return
    notes.tools["negassoc"] += 1
    for key, number, one in found:
        yield _written(f"{blob.label}:{key}[{number}]", {"kind": kind.value} if (kind := kind_of(key)) else {}, common, one)


def _written(where: str, kind: Mapping[str, object], common: Mapping[str, object], record: Mapping[str, object]) -> Unit:
    shown = {key: value.isoformat() if isinstance(value, dt.date | dt.time) else value for key, value in record.items()}
    named = kind_of(shown.get("kind"))
    try:
        return Mention.from_record({**kind, **common, **shown, **({"kind": named.value} if named else {})}, where=where)
    except DataError as error:
        return Problem(where, "; ".join(problem.what for problem in error.problems))


def records_units(held: object, name: str, notes: FileNotes, profile: Profile | None) -> Iterator[Unit]:
    """What is already in memory: a DataFrame's rows, dicts, JSON documents, bare strings."""
    if table := tables.frame_table(held, name):
        yield from table_units(table, notes, profile, hint=name, label=name)
        return
    values = held if isinstance(held, list) else [held]
    objects = _Objects(name, notes, profile, [one for one in values[:_SAMPLE] if isinstance(one, dict)])
    for number, value in enumerate(values, 1):
        if isinstance(value, str | Mention):
            notes.tools["negassoc"] += 1
            said = Mention.of(value)
            yield said if said.text.strip() or said.title else Problem(f"{name}:{number}", "neither title nor text")
        else:
            yield from objects.units(value, f"{name}:{number}")
