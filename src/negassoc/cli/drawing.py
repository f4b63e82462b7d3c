"""What is put on a terminal is made of these: words in the language asked for and fit to be shown, headings, tables, times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from negassoc.cli.folding import Folded
from negassoc.text.legible import legible
from negassoc.times import BEIJING

if TYPE_CHECKING:
    import datetime as dt

    from rich.console import Console


def shown(text: str, style: str = "") -> Text:
    """A stranger's words, fit for a terminal: no control sequence passes."""
    return Text(legible(text), style=style)


def shown_time(at: dt.datetime | None) -> str | None:
    """A time as people in China read it."""
    return at.astimezone(BEIJING).strftime("%m-%d %H:%M") if at else None


def heading(screen: Console, words: str) -> None:
    """A line across the screen."""
    screen.print()
    screen.rule(shown(words, "bold"), align="left", characters="─", style="dim")


def plain_table() -> Table:
    """A table without rules but one under its head."""
    return Table(box=box.SIMPLE_HEAD, expand=True, padding=(0, 1), show_lines=False, header_style="dim")


def pointed(head: str, words: str) -> Table:
    """A word and what it is about, folded beside it."""
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(style="bold")
    grid.add_column(ratio=1)
    grid.add_row(f" {head}", Folded(shown(words)))
    return grid


def either(lang: str, zh: str, en: str) -> str:
    """The words in the language asked for."""
    return en if lang == "en" else zh
