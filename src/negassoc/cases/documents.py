"""The little Markdown that drafts are written in (headings, lists, tables, bold), as plain text and as a Word document."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from negassoc.errors import MissingExtraError
from negassoc.text.legible import legible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from docx.document import Document
    from docx.styles.style import ParagraphStyle

_STYLES = {"Normal": ("宋体", 12), "Title": ("黑体", 18), "Heading 1": ("黑体", 14), "Table Grid": ("宋体", 10.5)}
"""The font and size in points of each style used: what official letters in China are set in."""
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+$")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, or an empty text where there are no rows; line breaks and bars in a cell cannot end it.

    >>> print(table(("a", "b"), [("1", "x|y")]))
    | a | b |
    | --- | --- |
    | 1 | x／y |
    """
    lines = [" | ".join(_cell(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in (" | ".join(head), " | ".join("---" for _ in head), *lines)) if lines else ""


def plain_text(markdown: str) -> str:
    """The text without marks; a table's rows as `head：cell` lines."""
    return "\n".join(_plain_lines(markdown)).strip() + "\n"


def write_docx(path: str | Path, markdown: str) -> None:
    """Write a Word document: headings, paragraphs, lists, tables with a grid; Chinese fonts are set for East Asian text as well.

    `MissingExtraError` without the extra `drafts`.
    """
    try:
        import docx
        from docx.styles.style import ParagraphStyle
    except ImportError:
        raise MissingExtraError("drafts", "writing a Word document") from None
    document = docx.Document()
    for name, (font, points) in _STYLES.items():
        if isinstance(style := document.styles[name], ParagraphStyle):
            _set_font(style, font, points)
    for is_row, lines in groupby(legible(markdown).splitlines(), key=lambda line: line.startswith("|")):
        if is_row:
            _add_table(document, [_cells(line) for line in lines if not _RULE.match(line)])
        else:
            for line in lines:
                _add_line(document, line)
    document.save(str(path))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "／")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _plain_lines(markdown: str) -> Iterator[str]:
    head: list[str] = []
    for line in markdown.splitlines():
        if _RULE.match(line):
            continue
        if not line.startswith("|"):
            head = []
            yield _BOLD.sub(r"\1", re.sub(r"^#+\s*", "", line))
        elif not head:
            head = _cells(line)
        else:
            yield "；".join(f"{name}：{cell}" for name, cell in zip(head, _cells(line), strict=False))


def _set_font(style: ParagraphStyle, font: str, points: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.color.rgb = font, Pt(points), RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # Word takes the font of Chinese characters from eastAsia alone, and a theme font would win over it
    for key in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(key), None)
    fonts.set(qn("w:eastAsia"), font)


def _add_line(document: Document, line: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if line.startswith("# "):
        document.add_paragraph(line[2:], style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif line.startswith("## "):
        document.add_heading(line[3:], level=1)
    elif line.strip():
        paragraph = document.add_paragraph()
        for index, part in enumerate(_BOLD.split(line)):
            paragraph.add_run(part).bold = bool(index % 2)


def _add_table(document: Document, rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    made = document.add_table(rows=0, cols=width, style="Table Grid")
    for number, row in enumerate(rows):
        for cell, text in zip(made.add_row().cells, row, strict=False):
            cell.paragraphs[0].add_run(text).bold = number == 0
