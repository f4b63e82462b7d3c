"""Makes one file into units: rows that can become mentions, mentions from payloads, and what was skipped or damaged. No unit is lost."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sqlite3
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from negassoc.errors import DataError, MissingExtraError, Problem
from negassoc.mention import Mention
from negassoc.sources import documents, tables
from negassoc.sources.chat import chat
from negassoc.sources.files import (
    DOCUMENT,
    READABLE,
    UNREADABLE,
    Blob,
    BombError,
    Form,
    form_of,
    guarded,
    line_of,
    lines_of,
    raw_lines_of,
    text_of,
)
from negassoc.sources.glance import Glances
from negassoc.sources.jsontext import json_values
from negassoc.sources.levels import Levels
from negassoc.sources.objects import Objects, under
from negassoc.sources.own import OwnReader
from negassoc.sources.profiles import Profile, check_profile, kind_of, layout_of
from negassoc.sources.rows import RowReader, Skipped
from negassoc.sources.sentences import is_plain_text, sentences
from negassoc.sources.units import SAMPLE, UNKNOWN, FileNotes, RowUnit, Unit
from negassoc.sources.webtables import web_tables
from negassoc.sources.wide import Wide, wide_of
from negassoc.sources.written import is_written, record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from negassoc.sources.known import Row

_OWN = OwnReader()


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
    if form == "table" and (found := (chat(blob) if is_plain_text(blob) else None) or sentences(blob)):
        notes.guess("plain text", found.guessed)
        return found.units()
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
    if form == "xls" and blob.label.casefold().endswith((".doc", ".ppt", ".wps")):
        return Skipped(blob.label, DOCUMENT)
    if form == "xls":
        return Problem(blob.label, "an old .xls workbook (or an encrypted one): open it and save it as .xlsx")
    return Skipped(blob.label, f"not text, no workbook, no database: unrelated; readable are {READABLE}")


def _table(blob: Blob, found: Iterable[tables.Table], notes: FileNotes, profile: Profile | None) -> Iterator[Unit]:
    empty = True
    for table in found:
        for unit in table_units(table, notes, profile, hint=f"{Path(blob.label).name} {table.name}", label=blob.label):
            empty = False
            yield unit
    if empty:
        yield Skipped(blob.label, _NO_SENTENCES if is_plain_text(blob) else "no table in it: unrelated")


_NO_SENTENCES = "a text without columns, and not a sentence a line: put one post or comment in each line, or names of columns in the first"

_TOTALS = "a row of totals, said by nobody"


def table_units(table: tables.Table, notes: FileNotes, profile: Profile | None, *, hint: str = "", label: str = "rows") -> Iterator[Unit]:
    """The rows of one table by its layout; a table of another sort is one skip."""
    if profile is None and is_written(table.names):
        yield from _written_rows(table, notes)
        return
    opening = list(itertools.islice(table.rows, SAMPLE))
    sample = [placed.row for placed in opening if isinstance(placed, tables.Placed)]
    place = f"{label}[{table.name}]" if table.name else label
    if profile is not None:
        check_profile(profile, table.names)
    if reason := documents.what_else(dict.fromkeys(table.names, 1)):
        yield from (Skipped(one.where, reason) for one in itertools.chain(opening, table.rows) if isinstance(one, tables.Placed))
        return
    wide = wide_of(table.names, sample) if profile is None else None
    names = [name for name in table.names if wide is None or name not in wide]
    layout = layout_of(names, sample, profile, hint)
    if layout is None and wide is None:
        remedy = "name it in a profile: negassoc convert --profile; if the first line is no header, put one above it"
        yield Skipped(place, f"{UNKNOWN} (columns: {', '.join(table.names)[:300]}); {remedy}")
        return
    reader, any_row = RowReader(layout) if layout else None, False
    levels = Levels(layout) if layout and "reply_text" in layout.columns else None
    for placed in itertools.chain(opening, table.rows):
        if not any_row and layout:
            notes.saw(layout)
        if not any_row and wide:
            notes.guess("table", {"comments beside": str(wide)})
        any_row = True
        if isinstance(placed, Problem):
            yield placed
        elif tables.is_total(placed.row):
            yield Skipped(placed.where, _TOTALS)
        elif not tables.is_blank(placed.row):
            yield from levels.units(placed) if levels else _row_units(placed, reader, wide)
    if not any_row:
        yield Skipped(place, f"a table with a header and no row ({', '.join(table.names)[:300]})")


def _row_units(placed: tables.Placed, reader: RowReader | None, wide: Wide | None) -> Iterator[Unit]:
    """A row, and the comments that stand beside it."""
    if reader:
        yield RowUnit(placed.where, placed.row, reader, placed.odd)
    if wide:
        yield from under(placed.row, placed.where, reader, wide.comments(placed.row))


def _written_rows(table: tables.Table, notes: FileNotes) -> Iterator[Unit]:
    notes.tools["negassoc"] += 1
    for placed in table.rows:
        if isinstance(placed, Problem):
            yield placed
        elif tables.is_total(placed.row):
            yield Skipped(placed.where, _TOTALS)
        elif not tables.is_blank(placed.row):
            yield RowUnit(placed.where, record_of(placed.row, disarmed=table.is_text), _OWN, placed.odd)


def _jsonl(blob: Blob, notes: FileNotes, profile: Profile | None, glance: bool) -> Iterator[Unit]:
    lines = raw_lines_of(blob)
    opening = list(itertools.islice(lines, SAMPLE))
    sample: list[Row] = [row for line in opening if isinstance(row := _loads(line), dict)]
    objects, alone = Objects(blob.label, notes, profile, sample), sum(not line.isspace() for line in opening) == 1
    label, readers = blob.label, objects.readers
    known: tuple[str, ...] = ()  # the keys of the last line with a `reader`
    reader: RowReader | OwnReader | None = None
    glances = Glances() if glance else None
    for number, line in enumerate(itertools.chain(opening, lines), 1):
        if glances and (found := glances.identity(line)):
            yield found
            continue
        value = _loads(line)
        if type(value) is dict:
            if (keys := tuple(value)) != known:
                reader = readers.get(keys)
                known = keys if reader else ()
            if reader:
                if glances:
                    glances.learn(reader, value, line)
                yield RowUnit(f"{label}:{number}", value, reader)
                continue
        if not isinstance(value, Exception):
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
    opening = list(itertools.islice(values, SAMPLE))
    objects = Objects(blob.label, notes, profile, [value for _, value, _ in opening if isinstance(value, dict)])
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
    found = list(Objects(blob.label, notes, profile, []).units(state, f"{blob.label}:$", alone=True)) if state is not None else []
    notes.tools = Counter({"saved page": 1}) if any(not isinstance(unit, Skipped) for unit in found) else Counter()
    if notes.tools:
        yield from found
    elif shown := list(web_tables(page, blob.label)):
        yield from _table(blob, shown, notes, profile)
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
    objects = Objects(name, notes, profile, [one for one in values[:SAMPLE] if isinstance(one, dict)])
    for number, value in enumerate(values, 1):
        if isinstance(value, str | Mention):
            notes.tools["negassoc"] += 1
            said = Mention.of(value)
            yield said if said.text.strip() or said.title else Problem(f"{name}:{number}", "neither title nor text")
        else:
            yield from objects.units(value, f"{name}:{number}")
