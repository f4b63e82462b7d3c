"""Lines broken as Chinese is: anywhere between characters, but never before a closing mark nor after an opening one, words whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.measure import Measurement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions
    from rich.text import Text

_PIECE = re.compile(r"[（《“‘〔【「(\[]*(?:[\w.@:/%+#=-]+|.)[，。！？；：、）》”’〕】」…,.!?;:)\]]*", re.ASCII | re.DOTALL)


class Folded:
    """A text for a table's cell, folded to whatever width it is given."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max((cell_len(line) for line in self.text.plain.splitlines()), default=0)
        return Measurement(min(2, widest), min(widest, options.max_width))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for line in self.text.split("\n", allow_blank=True):
            for start, end in folds(line.plain, options.max_width):
                part = line[start:end]
                part.rstrip()
                part.no_wrap = True
                yield part


def folds(line: str, width: int) -> list[tuple[int, int]]:
    """Where to break: the ranges of `line` that stand on a line each, none wider than `width` cells, spaces at its end aside.

    >>> [("“好的”，他说"[a:b]) for a, b in folds("“好的”，他说", 8)]
    ['“好的”，', '他说']
    """
    ranges, start, used = list[tuple[int, int]](), 0, 0
    for begin, end in _pieces(line, width):
        size = cell_len(line[begin:end])
        if used + size > width and begin > start:
            if line[begin:end].isspace():  # hangs over the edge, unseen; the next piece begins a line
                used = width
                continue
            ranges.append((start, begin))
            start, used = begin, 0
        used += size
    return [*ranges, (start, len(line))]


def _pieces(line: str, width: int) -> Iterator[tuple[int, int]]:
    for match in _PIECE.finditer(line):
        if cell_len(match[0]) <= width:
            yield match.span()
        else:
            yield from ((at, at + 1) for at in range(*match.span()))
