"""Rows out of CSV, workbooks, databases and Parquet: each a dict by column name, with its place, and with what is damaged named."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
import sqlite3
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import attrs

from negassoc.errors import MissingExtraError, Problem
from negassoc.sources.fields import is_nothing, text, unescape_cell
from negassoc.sources.files import FREE_SIZE, RATIO, Blob, BombError, guarded, lines_of
from negassoc.sources.known import Row
from negassoc.sources.profiles import is_text_name, known_columns

if TYPE_CHECKING:
    import pyarrow as pa

_DELIMITERS = ",\t;|"
_LONGEST_RECORD = 2000  # lines within one pair of quotes; beyond it the quote was never closed
_WHOLE = "the last ones are read as one text with its commas, which belongs in quotes"
_TOTAL = re.compile(r"[合总小]\s*计|(?:grand |sub)?totals?", re.IGNORECASE)
_FIGURE = re.compile(r"[-+]?[\d.,，]+\s*[%％万亿千kw]?\+?", re.IGNORECASE)
Cells: TypeAlias = Sequence[object]


@attrs.frozen
class Placed:
    """One row and where it stands; `odd` is what could not be read as it stands there."""

    where: str
    row: Row
    odd: str | None = None


@attrs.frozen
class Table:
    """One table of a file: its column names, and its rows or what is wrong with them. `name` is the sheet's or the table's.

    `is_text`: from a CSV, where what looks like a formula may have been disarmed.
    """

    names: tuple[str, ...]
    rows: Iterator[Placed | Problem]
    name: str = ""
    is_text: bool = False


def csv_table(blob: Blob) -> Table | None:
    """A CSV or TSV file; None where the text is no table (fewer than two columns and no known one)."""
    lines = iter(lines_of(blob))
    start = list(itertools.islice(lines, 60))
    delimiter = _delimiter(start)
    records = _records(itertools.chain(start, lines), delimiter)
    opening: list[tuple[int, list[str] | None]] = list(itertools.islice(records, 12))
    position, names = _header([cells or [] for _, cells in opening])
    if not names or not _is_table(names, opening[position + 1 :]):
        return None
    rest = itertools.chain(opening[position + 1 :], records)
    return Table(names, _csv_rows(blob.label, names, rest, delimiter), is_text=True)


def _is_table(names: Sequence[str], following: list[tuple[int, list[str] | None]]) -> bool:
    known = known_columns(names)
    if len(names) < 2:
        return known == 1
    even = sum(cells is not None and len(cells) == len(names) for _, cells in following)
    return known >= 2 or (bool(following) and even >= 0.8 * len(following)) or (known == 1 and not following)


def _delimiter(lines: list[str]) -> str:
    whole = [line for line in lines if line.strip()][:1]
    head = whole[0] if whole else ""
    return max(_DELIMITERS, key=lambda sign: len(_cells([(1, head)], sign)))


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with the line it starts on; None for a quote that is never closed, after which reading goes on with the next line."""
    opens = re.compile(f'(?:^|{re.escape(delimiter)})[ \ufeff]*"')
    waiting: list[tuple[int, str]] = []
    numbered = enumerate(lines, 1)
    while True:
        number, line = waiting.pop() if waiting else next(numbered, (0, ""))
        if not number:
            return
        gathered, quotes = (
            [(number, line)],
            line.count('"') if opens.search(line) else 0,
        )  # a quote within a bare field is a sign like others
        while quotes % 2 and len(gathered) <= _LONGEST_RECORD:
            more = waiting.pop() if waiting else next(numbered, None)
            if more is None:
                break
            gathered.append(more)
            quotes += more[1].count('"')
        if quotes % 2:
            yield number, None
            waiting.extend(reversed(gathered[1:]))
        elif cells := _cells(gathered, delimiter):
            yield number, cells


def _cells(gathered: list[tuple[int, str]], delimiter: str) -> list[str]:
    record = "".join(line for _, line in gathered).replace("\0", "")
    if not record.strip():
        return []
    try:
        rows = list(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter))
        return rows[0] if len(rows) == 1 else [cell for row in rows for cell in row]
    except csv.Error:
        return record.rstrip("\r\n").split(delimiter)


def _csv_rows(
    label: str, names: tuple[str, ...], records: Iterable[tuple[int, list[str] | None]], delimiter: str
) -> Iterator[Placed | Problem]:
    width, ends_in_text = len(names), is_text_name(names[-1])
    for number, cells in records:
        where = f"{label}:{number}"
        if cells is None:
            yield Problem(where, "a quote is opened and never closed: the row is cut off or damaged")
        elif len(cells) == width:
            yield Placed(where, dict(zip(names, cells, strict=True)))
        elif len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            yield Placed(where, dict(zip(names, cells, strict=False)))
        elif len(cells) > width and ends_in_text:  # a text with commas that nobody quoted
            whole = [*cells[: width - 1], delimiter.join(cells[width - 1 :])]
            odd = f"{names[-1]}: {len(cells)} fields where the header has {width}; {_WHOLE}"
            yield Placed(where, dict(zip(names, whole, strict=True)), odd)
        else:
            yield Problem(where, f"{len(cells)} fields where the header has {width}: cut off, or written by another version of the tool")


def _header(rows: Sequence[Cells]) -> tuple[int, tuple[str, ...]]:
    """Which of the first rows names the columns: the one with the most known names; a banner above it repeats one text."""
    if not rows:
        return 0, ()
    scored = [(known_columns(_names(row)), -index) for index, row in enumerate(rows[:10])]
    best, negative = max(scored)
    position = (
        -negative if best else next((i for i, row in enumerate(rows) if len({*map(str, row)} - {"", "None"}) > 1 or len(row) == 1), 0)
    )
    return position, _unique(_names(rows[position]))


def _names(row: Cells) -> list[str]:
    return ["" if is_nothing(cell) else str(cell).strip().lstrip("\ufeff") for cell in row]


def _unique(names: list[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    done = []
    for index, name in enumerate(names):
        own = name or f"column {index + 1}"
        seen[own] += 1
        done.append(own if seen[own] == 1 else f"{own} ({seen[own]})")
    while done and done[-1].startswith("column "):
        done.pop()
    return tuple(done)


def workbook_tables(blob: Blob) -> Iterator[Table]:
    """The sheets of an .xlsx workbook, header row found, merged banners passed over, wrong dimensions ignored."""
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError("excel", "reading .xlsx files") from None
    with blob.open() as stream:
        data = io.BytesIO(stream.read())
    _refuse_bomb(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know; we read values only
        book = openpyxl.load_workbook(data, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                yield from _sheet(f"{blob.label}[{sheet.title}]", sheet.title, guarded(sheet.iter_rows(values_only=True)))
        finally:
            book.close()


def _refuse_bomb(data: io.BytesIO) -> None:
    with zipfile.ZipFile(data) as archive:
        size = sum(info.file_size for info in archive.infolist())
    limit = max(FREE_SIZE * 8, len(data.getbuffer()) * RATIO)
    if size > limit:
        raise BombError(f"unpacks to {size >> 20} MB (limit: {RATIO} times its size); unpack it yourself if you trust it")
    data.seek(0)


def _sheet(label: str, title: str, cells: Iterable[Cells]) -> Iterator[Table]:
    rows = ((number, tuple(map(unescape_cell, row))) for number, row in enumerate(cells, 1))
    filled = ((number, row) for number, row in rows if any(not is_nothing(cell) for cell in row))
    opening = list(itertools.islice(filled, 12))
    position, names = _header([row for _, row in opening])
    if names:
        rest = itertools.chain(opening[position + 1 :], filled)
        yield Table(names, (_placed(f"{label}:{number}", names, row) for number, row in rest), title)


def table_of(rows: Sequence[Cells], label: str) -> Table | None:
    """Rows of cells as a table, the row that names the columns found among the first; None where there is none."""
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(not is_nothing(cell) for cell in row)]
    position, names = _header([row for _, row in filled[:12]])
    placed = (_placed(f"{label}:{number}", names, row) for number, row in filled[position + 1 :])
    return Table(names, placed, is_text=True) if names else None


def _placed(where: str, names: tuple[str, ...], row: Cells) -> Placed:
    beyond = next((cell for cell in row[len(names) :] if not is_nothing(cell)), None)
    odd = None if beyond is None else f"beyond the header: {str(beyond)!r:.60} stands in a column without a name and is not read"
    return Placed(where, dict(zip(names, row, strict=False)), odd)


def database_tables(blob: Blob) -> Iterator[Table]:
    """The tables of an SQLite database, opened read-only; one inside an archive is copied to a temporary file first."""
    with contextlib.ExitStack() as stack:
        path = blob.path or stack.enter_context(_copied(blob))
        connection = stack.enter_context(contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)))
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        names = [
            str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'")
        ]
        for name in names:
            quoted = name.replace('"', '""')
            cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 (a name that the database itself gave)
            columns = tuple(column[0] for column in cursor.description)
            yield Table(columns, _database_rows(f"{blob.label}[{name}]", columns, cursor), name)


def _database_rows(label: str, names: tuple[str, ...], cursor: sqlite3.Cursor) -> Iterator[Placed | Problem]:
    number = 0
    try:
        for number, row in enumerate(cursor, 1):
            yield Placed(f"{label}:{number}", dict(zip(names, row, strict=True)))
    except sqlite3.DatabaseError as error:
        yield Problem(f"{label}:{number + 1}", f"the database is damaged from here: {error}")


@contextlib.contextmanager
def _copied(blob: Blob) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(suffix=".db") as copy, blob.open() as stream:
        while chunk := stream.read(1 << 20):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def parquet_tables(blob: Blob) -> Iterator[Table]:
    """A Parquet file, in batches."""
    try:
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("dataframe", "reading Parquet files") from None
    with blob.open() as stream:
        file = parquet.ParquetFile(io.BytesIO(stream.read()))
    yield Table(tuple(file.schema_arrow.names), _parquet_rows(blob.label, guarded(file.iter_batches())))


def _parquet_rows(label: str, batches: Iterable[pa.RecordBatch]) -> Iterator[Placed | Problem]:
    number = 0
    for batch in batches:
        for row in batch.to_pylist():
            number += 1
            yield Placed(f"{label}:{number}", row)


def frame_table(frame: object, label: str) -> Table | None:
    """A pandas or polars DataFrame as a table, without importing either; None for anything else."""
    columns, polars, pandas = (getattr(frame, name, None) for name in ("columns", "iter_rows", "to_dict"))
    if columns is None or not (polars or pandas):
        return None
    rows: Iterable[Row] = polars(named=True) if polars else pandas("records") if pandas else ()
    names = tuple(str(name) for name in columns)
    return Table(names, (Placed(f"{label}:{number}", {str(k): v for k, v in row.items()}) for number, row in enumerate(rows, 1)))


def is_blank(row: Row) -> bool:
    """Whether a row holds nothing at all: spreadsheets keep many of those below the last filled one."""
    return all(text(cell) is None for cell in row.values())


def is_total(row: Row) -> bool:
    """Whether a row is one of totals: its first filled cell says so, and all others are figures.

    >>> is_total({"标题": "合计", "点赞": "1.2万", "占比": 0.5}), is_total({"标题": "合计多收了我两块", "点赞": 3})
    (True, False)
    """
    cells = (cell for cell in row.values() if not is_nothing(cell))
    first = next(cells, None)
    if not isinstance(first, str) or not _TOTAL.fullmatch(first.strip(" \t\r\n:：")):
        return False
    return all(isinstance(cell, int | float) or bool(_FIGURE.fullmatch(str(cell).strip())) for cell in cells)
