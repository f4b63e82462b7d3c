"""Labelled mentions from the files that people hold: lines of JSON, and tables (CSV, workbooks) in which a column says what each row is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.classify.labelled import Labelled, label_of, read_labelled
from negassoc.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negassoc.sources.units import RowUnit, Unit

TABLES = frozenset({".csv", ".tsv", ".xlsx"})
_COLUMNS = ("label", "标注", "标注类型", "人工标注")


def labelled_in(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Labelled]:
    """The labelled mentions of all files, one after another; what cannot be used is added to `problems`."""
    for path in paths:
        yield from _in_table(path, problems) if path.suffix.casefold() in TABLES else read_labelled([path], problems)


def _in_table(path: Path, problems: list[Problem]) -> Iterator[Labelled]:
    for unit in _units(path):
        try:
            if (found := _labelled(unit)) is not None:
                yield found
        except DataError as error:
            problems += error.problems


def _units(path: Path) -> Iterator[Unit]:
    from negassoc.sources.files import Blob, walk
    from negassoc.sources.reading import units_of
    from negassoc.sources.units import FileNotes

    for found in walk(path):
        yield from units_of(found, FileNotes()) if isinstance(found, Blob) else [found]


def _labelled(unit: Unit) -> Labelled | None:
    """The row with its label; `DataError` where it has none, or says nothing."""
    from negassoc.sources.units import RowUnit

    if isinstance(unit, Problem):
        raise DataError([unit])
    if not isinstance(unit, RowUnit):
        return None
    mention = unit.reader.mention(unit.row, unit.where, {}, None)
    if mention is None:
        raise DataError([Problem(unit.where, "neither title nor text")])
    return Labelled(attrs.evolve(mention, where=unit.where), label=label_of(_cell(unit), unit.where))


def _cell(unit: RowUnit) -> str | None:
    cells = (unit.row.get(name) for name in _COLUMNS)
    return next((str(cell).strip() for cell in cells if cell is not None and str(cell).strip()), None)
