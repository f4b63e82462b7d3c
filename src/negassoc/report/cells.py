"""What a table consists of: columns, rows and cells, and how a cell is kept from becoming a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import attrs

from negassoc.records import Title
from negassoc.text.legible import disarmed, legible

Cell: TypeAlias = str | int | float | bool | dt.datetime | dt.date | None
Row: TypeAlias = Mapping[str, Cell]
Holds: TypeAlias = Literal["text", "whole", "number", "flag", "time"]


@attrs.frozen
class Column:
    """A column: its `name` for programs, its `title` for people, what it `holds`, its `width` in characters, and what it `says`."""

    name: str
    title: Title = attrs.field(kw_only=True)
    holds: Holds = attrs.field(default="text", kw_only=True)
    width: int = attrs.field(default=16, kw_only=True)
    says: str = attrs.field(default="", kw_only=True)

    @classmethod
    def of(cls, column: Column | str) -> Column:
        """The column itself, or a plain name as a column of text with that name for a title."""
        return column if isinstance(column, Column) else cls(column, title=Title(column, column))


Columns: TypeAlias = Sequence[Column | str]


def neutral(cell: Cell) -> Cell:
    """The cell as a spreadsheet program may read it: a text that it would take for a formula gets an apostrophe in front.

    Numbers, truth values and times are left alone; control characters and lone surrogates become `�`.

    >>> neutral("=1+1"), neutral("＠SUM(A1)"), neutral(-3), neutral("退款")
    ("'=1+1", "'＠SUM(A1)", -3, '退款')
    """
    if not isinstance(cell, str):
        return cell
    return legible(disarmed(cell))
