"""Tables in a page of HTML: what many back ends write when they are asked for an Excel file, and call `.xls`."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from negassoc.sources.profiles import known_columns
from negassoc.sources.tables import Table, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_KNOWN = 2  # names of columns without which a table is a page's layout
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_CELLS = frozenset({"td", "th"})


def web_tables(page: str, label: str) -> Iterator[Table]:
    """The tables of a page of which at least two columns are known by name."""
    if not _TABLE.search(page):
        return
    reader = _Reader()
    reader.feed(page)
    for number, rows in enumerate(reader.tables, 1):
        place = f"{label}:table[{number}]"
        table = table_of(rows, place)
        if table and known_columns(table.names) >= _KNOWN:
            yield table


class _Reader(HTMLParser):
    """Gathers the cells of every table, row by row; a table within a table is one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._said: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "table":
            self._open.append([])
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._shut()
            self._open[-1].append([])
        elif tag in _CELLS and self._open and self._open[-1]:
            self._shut()
            self._said = []
        elif tag == "br" and self._said is not None:
            self._said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS or tag in {"tr", "table"}:
            self._shut()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._said is not None:
            self._said.append(data)

    def _shut(self) -> None:
        if self._said is not None and self._open and self._open[-1]:
            self._open[-1][-1].append("".join(self._said).strip())
        self._said = None
