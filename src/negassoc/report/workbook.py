"""Tables as Excel workbooks: widths, wrapped text, a frozen heading, and no formula ever (extra `excel`)."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.errors import MissingExtraError, Problem
from negassoc.mention import BEIJING
from negassoc.report.cells import Column, Columns, Row, is_formula
from negassoc.text.legible import legible

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as BookCell
    from openpyxl.worksheet.worksheet import Worksheet

_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_CELL_LIMIT = 32_767  # Excel's own limits: characters in a cell, rows on a sheet
_ROW_LIMIT = 1_048_575


@attrs.frozen
class Sheet:
    """One sheet of a workbook. `lang` chooses the headings: `"zh"`, `"en"`, or None for the columns' names."""

    name: str
    columns: Columns = attrs.field(kw_only=True)
    rows: Iterable[Row] = attrs.field(kw_only=True)
    lang: str | None = attrs.field(default="zh", kw_only=True)


def write_xlsx(path: str | Path, sheets: Iterable[Sheet]) -> tuple[Problem, ...]:
    """Write a workbook that opens right: widths, wrapped text, a frozen heading with a filter, no formulas (extra `excel`).

    Texts keep every character that the file format permits; the result names each cell in which characters had to be replaced by `�`
    or that was cut at Excel's 32,767 characters. Times are written as Beijing time. A sheet of over 1,048,575 rows goes on in the next.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingExtraError("excel", "writing .xlsx files") from None
    book, problems = Workbook(write_only=True), list[Problem]()
    for sheet in sheets:
        _sheet(book, sheet, problems)
    if not book.worksheets:
        book.create_sheet("Sheet1")
    book.save(path)
    return tuple(problems)


def _sheet(book: Workbook, sheet: Sheet, problems: list[Problem]) -> None:
    columns, rows = [Column.of(column) for column in sheet.columns], iter(sheet.rows)
    for number in itertools.count(1):
        first = next(rows, None)
        if first is None and number > 1:
            return
        part = itertools.chain([first] if first is not None else [], itertools.islice(rows, _ROW_LIMIT - 1))
        page = _page(book, _sheet_name(sheet.name, number), columns, sheet.lang)
        _fill(page, columns, part, problems)


def _sheet_name(name: str, number: int) -> str:
    suffix = f" ({number})" if number > 1 else ""
    return (legible(_SHEET_NAME.sub(" ", name)).strip("' ") or "Sheet")[: 31 - len(suffix)] + suffix


def _page(book: Workbook, name: str, columns: Sequence[Column], lang: str | None) -> Worksheet:
    from openpyxl.utils import get_column_letter

    page: Worksheet = book.create_sheet(name)
    page.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    page.append([_heading(page, column.title.of(lang) if lang else column.name) for column in columns])
    return page


def _fill(page: Worksheet, columns: Sequence[Column], rows: Iterable[Row], problems: list[Problem]) -> None:
    from openpyxl.utils import get_column_letter

    count = 1
    for count, row in enumerate(rows, 2):
        page.append(list(_cells(page, columns, row, f"{page.title}:{count}", problems)))
    if columns:
        page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"


def _heading(page: Worksheet, title: str) -> BookCell:
    from openpyxl.styles import Font, PatternFill

    cell = _text_cell(page, title)
    cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F3A4D")
    return cell


def _cells(page: Worksheet, columns: Sequence[Column], row: Row, where: str, problems: list[Problem]) -> Iterator[BookCell]:
    for column in columns:
        value = row.get(column.name)
        if isinstance(value, str):
            problems += _losses(value, f"{where} {column.name}")
            yield _text_cell(page, legible(value[:_CELL_LIMIT]))
        else:
            yield _value_cell(page, value)


def _losses(text: str, where: str) -> Iterator[Problem]:
    if legible(text) != text:
        yield Problem(where, "holds control characters, direction marks or broken code points; each is written as �")
    if len(text) > _CELL_LIMIT:
        yield Problem(where, f"{len(text):,} characters, of which a cell holds the first {_CELL_LIMIT:,}")


def _text_cell(page: Worksheet, text: str) -> BookCell:
    cell = _cell(page, wrap=True)
    cell.value, cell.data_type = text, "s"  # never "f": a text that begins with = stays a text
    cell.quotePrefix = is_formula(text)  # and stays one when a person edits it
    return cell


def _value_cell(page: Worksheet, value: dt.datetime | dt.date | float | bool | None) -> BookCell:
    cell = _cell(page, wrap=False)
    if isinstance(value, dt.datetime):
        cell.value, cell.number_format = value.astimezone(BEIJING).replace(tzinfo=None), "yyyy-mm-dd hh:mm"
    else:
        cell.value = value
    return cell


def _cell(page: Worksheet, *, wrap: bool) -> BookCell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    cell = WriteOnlyCell(page)
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    return cell
