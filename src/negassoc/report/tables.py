"""Tables as text: CSV that Excel opens as text, Markdown, JSON lines. and, from `workbook`, Excel workbooks.

In: columns and rows (mappings from a column's name to a cell; a missing cell is empty). What the rows of mentions, verdicts, findings,
actions, campaigns and alerts hold is said in `rows`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from negassoc.report.cells import Cell, Column, Columns, Row, neutral
from negassoc.report.workbook import Sheet, write_xlsx
from negassoc.text.legible import is_formula, legible
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "Cell",
    "Column",
    "Columns",
    "Row",
    "Sheet",
    "is_formula",
    "json_line",
    "markdown",
    "markdown_text",
    "neutral",
    "to_csv",
    "write_csv",
    "write_jsonl",
    "write_xlsx",
]

_SURROGATE = re.compile("[\ud800-\udfff]")


def write_csv(path: str | Path, columns: Columns, rows: Iterable[Row]) -> None:
    """Write a UTF-8 CSV with a byte-order mark, so that Excel shows Chinese; the first line holds the columns' names.

    Texts that look like formulas are disarmed (`neutral`); times are ISO 8601 with offset; truth values are `true` and `false`.
    """
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        _csv(file, [Column.of(column) for column in columns], rows)


def to_csv(columns: Columns, rows: Iterable[Row]) -> str:
    """What `write_csv` writes, as a string without the mark."""
    text = io.StringIO(newline="")
    _csv(text, [Column.of(column) for column in columns], rows)
    return text.getvalue()


def write_jsonl(path: str | Path, records: Iterable[Mapping[str, object]]) -> None:
    """One JSON object a line, UTF-8, characters kept as they are; a lone surrogate is written as its escape, so nothing is lost."""
    with Path(path).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json_line(record) + "\n" for record in records)


def json_line(record: Mapping[str, object]) -> str:
    """One record as a line of JSON; times as ISO 8601.

    >>> json_line({"text": "没踩雷", "likes": None})
    '{"text": "没踩雷", "likes": null}'
    """
    line = json.dumps(record, ensure_ascii=False, default=_plain)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def markdown(columns: Columns, rows: Iterable[Row], *, lang: str = "zh") -> str:
    """A Markdown table. Whatever could end a cell or start a tag, a link or an emphasis is escaped; line breaks become `<br>`.

    >>> print(markdown(["a"], [{"a": "x|y <b>"}]))
    | a |
    | --- |
    | x\\|y &lt;b&gt; |
    """
    parts = [Column.of(column) for column in columns]
    lines = [" | ".join(markdown_text(part.title.of(lang)) for part in parts), " | ".join("---" for _ in parts)]
    lines += [" | ".join(markdown_text(_shown(row.get(part.name))) for part in parts) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def markdown_text(text: str) -> str:
    """Text so that Markdown shows it as it is, on one line."""
    safe = legible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = re.sub(r"([\\`*_{}\[\]|#~!$])", r"\\\1", safe).replace("://", ":&#47;&#47;")
    return re.sub(r"\r\n|[\r\n\u2028\u2029]", "<br>", safe)


def _csv(file: io.TextIOBase | io.StringIO | io.TextIOWrapper, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([neutral(column.name) for column in columns])
    writer.writerows([_written(row.get(column.name)) for column in columns] for row in rows)


def _written(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, dt.date) else neutral(cell)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    return ("✓" if cell else "✗") if isinstance(cell, bool) else str(cell)
