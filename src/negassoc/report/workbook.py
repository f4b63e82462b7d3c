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
from negassoc.report.cells import Column, Columns, Row
from negassoc.text.legible import is_formula, legible
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as BookCell  # noqa: TC004 - an extra; the value below is only annotated with it
    from openpyxl.worksheet.worksheet import Worksheet  # noqa: TC004

_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_CONTROL = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # what the format would read as a control character
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
        page = _page(book, _sheet_name(sheet.name, number), columns)
        _fill(page, columns, part, sheet.lang, problems)


def _sheet_name(name: str, number: int) -> str:
    suffix = f" ({number})" if number > 1 else ""
    return (legible(_SHEET_NAME.sub(" ", name)).strip("' ") or "Sheet")[: 31 - len(suffix)] + suffix


def _page(book: Workbook, name: str, columns: Sequence[Column]) -> Worksheet:
    from openpyxl.utils import get_column_letter

    page: Worksheet = book.create_sheet(name)
    page.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    return page


def _fill(page: Worksheet, columns: Sequence[Column], rows: Iterable[Row], lang: str | None, problems: list[Problem]) -> None:
    from openpyxl.utils import get_column_letter

    looks, count = _Looks.on(page), 1
    page.append([looks.text(column.title.of(lang) if lang else column.name, looks.head) for column in columns])
    for count, row in enumerate(rows, 2):
        page.append(list(_cells(looks, columns, row, f"{page.title}:{count}", problems)))
    if columns:
        page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"


def _cells(looks: _Looks, columns: Sequence[Column], row: Row, where: str, problems: list[Problem]) -> Iterator[BookCell | None]:
    for column in columns:
        value = row.get(column.name)
        if isinstance(value, str):
            problems += _losses(value, f"{where} {column.name}")
            yield looks.text(_CONTROL.sub("_x005F_", legible(value[:_CELL_LIMIT])), looks.quoted if is_formula(value) else looks.wrapped)
        else:
            yield None if value is None else looks.value(value)


def _losses(text: str, where: str) -> Iterator[Problem]:
    if legible(text) != text:
        yield Problem(where, "holds control characters, direction marks or broken code points; each is written as �")
    if len(text) > _CELL_LIMIT:
        yield Problem(where, f"{len(text):,} characters, of which a cell holds the first {_CELL_LIMIT:,}")


@attrs.frozen(kw_only=True)
class _Looks:
    """The cells' looks, made once a sheet: a style set anew on every cell takes ten times as long as the cell."""

    page: Worksheet
    head: BookCell
    wrapped: BookCell
    quoted: BookCell
    plain: BookCell
    moment: BookCell

    @classmethod
    def on(cls, page: Worksheet) -> _Looks:
        """The looks for the cells of one sheet."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font, PatternFill

        head, wrapped, quoted, plain, moment = (WriteOnlyCell(page) for _ in range(5))
        for cell in (head, wrapped, quoted, plain, moment):
            cell.alignment = Alignment(vertical="top", wrap_text=cell not in {plain, moment})
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F3A4D")
        quoted.quotePrefix = True  # so that what looks like a formula stays a text when a person edits it
        moment.number_format = "yyyy-mm-dd hh:mm"
        return cls(page=page, head=head, wrapped=wrapped, quoted=quoted, plain=plain, moment=moment)

    def text(self, text: str, look: BookCell) -> BookCell:
        """A cell of text; never a formula, whatever it begins with."""
        cell = self._like(look)
        cell.value, cell.data_type = text, "s"
        return cell

    def value(self, value: dt.datetime | dt.date | float | bool) -> BookCell:
        """A number, a truth value, or a time as Beijing time."""
        is_time = isinstance(value, dt.datetime)
        cell = self._like(self.moment if is_time else self.plain)
        cell.value = value.astimezone(BEIJING).replace(tzinfo=None) if isinstance(value, dt.datetime) else value
        return cell

    def _like(self, look: BookCell) -> BookCell:
        from openpyxl.cell.cell import Cell as BookCell

        return BookCell(self.page, row=1, column=1, style_array=look._style)  # type: ignore[attr-defined]  # as openpyxl documents it for copies
