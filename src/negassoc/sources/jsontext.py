"""JSON text value by value: the items of a list one at a time, a whole object, and of damaged text what can still be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SPACE = " \t\r\n\0\ufeff"
_BETWEEN = _SPACE + ",[]"
_MOST_FAILURES = 400  # each may cost a pass over the rest of the text
_CHUNK = 1 << 20
Value: TypeAlias = tuple[str, object, bool]
"""Its place (`"7"` for the seventh item of the list, `"$"` for the whole document), the value or the error, and whether it stood where
a value should stand (False: picked out of damaged text)."""


def json_values(lines: Iterable[str]) -> Iterator[Value]:
    """The items of a top-level list, or the one top-level value; an error in place of what is damaged, and reading goes on after it.

    >>> [value for _, value, _ in json_values(['[{"a": 1},', '{"b": 2}, {"c": '])][:2]
    [{'a': 1}, {'b': 2}]
    """
    text = _Text(lines)
    text.more()
    start = text.at(0)
    if text.buffer[start : start + 1] == "[":
        yield from _list_items(text, start + 1)
        return
    text.all()
    yield from _picked(text.buffer, start, 0, whole="$")


class _Text:
    """A text that grows as it is read and forgets what is done with."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self.buffer, self.ended, self._chunk = iter(lines), "", False, _CHUNK

    def more(self) -> None:
        parts, size = [self.buffer], 0
        for line in self._lines:
            parts.append(line)
            size += len(line)
            if size >= self._chunk:
                break
        else:
            self.ended = True
        self.buffer = "".join(parts)

    def all(self) -> None:
        self.buffer = "".join([self.buffer, *self._lines])
        self.ended = True

    def at(self, position: int, skipping: str = _SPACE) -> int:
        while position < len(self.buffer) and self.buffer[position] in skipping:
            position += 1
        return position

    def forget(self, position: int) -> int:
        if position < 4 * _CHUNK:
            return position
        self.buffer = self.buffer[position:]
        return 0


def _list_items(text: _Text, position: int) -> Iterator[Value]:
    decoder, number = json.JSONDecoder(), 0
    while True:
        position = text.at(text.forget(position), _SPACE + ",")
        if position >= len(text.buffer) and not text.ended:
            text.more()
            continue
        if text.buffer[position : position + 1] == "]":
            return
        try:
            value, position = decoder.raw_decode(text.buffer, position)
        except (ValueError, RecursionError):
            if text.ended:
                yield from _picked(text.buffer, position, number, whole=None)
                return
            text.more()
            continue
        number += 1
        yield str(number), value, True


def _picked(text: str, position: int, number: int, whole: str | None) -> Iterator[Value]:
    """Every object that can be read from here on, and one error for each stretch that cannot."""
    decoder, damaged, failures = json.JSONDecoder(), False, 0
    while failures < _MOST_FAILURES:
        start = text.find("{", position)
        if not damaged and text[position : start if start >= 0 else len(text)].strip(_BETWEEN):
            damaged = True
            yield f"{number + 1}", ValueError(_damage(text, position)), False
        if start < 0:
            if not damaged and whole is None and position >= len(text.rstrip(_SPACE)):
                yield f"{number + 1}", ValueError("the file ends before its list does"), False
            return
        try:
            value, position = decoder.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            if not damaged:
                yield f"{number + 1}", ValueError(_damage(text, start, str(error))), False
            damaged, position, failures = True, start + 1, failures + 1
            continue
        number += 1
        clean = not damaged and whole is not None
        yield whole if clean and number == 1 and whole else str(number), value, not damaged
        damaged = False


def _damage(text: str, position: int, error: str = "") -> str:
    line = text.count("\n", 0, position) + 1
    return f"damaged JSON near line {line}{': ' + error if error else ''}; what can be read after it is kept"
