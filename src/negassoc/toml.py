"""TOML as it is written: what it holds, on which line each key stands, and what is wrong where it is none."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, TypeAlias

from negassoc.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KeyPath: TypeAlias = tuple[str | int, ...]

_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=\s*(.*)$""")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
_HEAD = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


def parse_toml(text: str, path: str | Path) -> dict[str, Any]:
    """TOML as plain data; `DataError` with the line of `path` where it is not valid."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError([_not_toml(text, path, str(error))]) from None


def _not_toml(text: str, path: str | Path, error: str) -> Problem:
    """Where it is no TOML and why, in plainer words where a sign of a Chinese keyboard stands in place of a plain one."""
    lines = text.rstrip().split("\n")
    named = re.search(r"line (\d+)", error)
    wrong = _signs_in(lines[int(named[1]) - 1]) if named else []
    number = int(named[1]) if named else len(lines)
    if not named and error.startswith("Un"):  # what is opened and never closed is noticed only at the end
        number, wrong = next(((at, found) for at, line in enumerate(lines, 1) if (found := _signs_in(line))), (number, []))
    return Problem(f"{path}:{number}", f"not valid TOML: {': '.join((error, *wrong[:1]))}")


_TYPED_IN_CHINESE = (
    (re.compile("[“”‘’„「」『』＂＇]"), 'the quotes must be the straight ones ", not {}'),
    (re.compile("[，、]"), "the comma must be a plain one , not {}"),
    (re.compile("＝"), "the equals sign must be a plain one = not {}"),
    (re.compile("[【】［］]"), "the brackets must be plain ones [ ] not {}"),
)


def _signs_in(line: str) -> list[str]:
    """What to say of the signs of a Chinese keyboard in a line, outside of what is quoted."""
    bare = _QUOTED.sub("", line)
    return [what.format(found[0]) for signs, what in _TYPED_IN_CHINESE if (found := signs.search(bare))]


def toml_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) on which each key of a TOML document stands, list items included where they have a line each."""
    return dict(_toml_keys(text))


def _toml_keys(text: str) -> Iterator[tuple[KeyPath, int]]:
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    open_list: KeyPath | None = None
    item, depth, fence = 0, 0, ""
    # TOML knows no other ends of lines; `splitlines` would also cut at NEL or U+2028 within a text
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if fence:
            fence = "" if fence in line else fence
            continue
        if open_list is not None:
            if depth == 1 and line.strip()[:1] not in {"", "#", "]"}:
                yield (*open_list, item), number
                item += 1
            depth += _opened(line)
            open_list = open_list if depth > 0 else None
            continue
        if head := _HEAD.match(line):
            table = _resolve(_parts(head[2]), counts, is_list=head[1] == "[[")
            yield table, number
        elif pair := _KEY.match(line):
            keys = (*table, *_parts(pair[1]))
            yield keys, number
            fence = next((f for f in ('"""', "'''") if pair[2].startswith(f) and pair[2].count(f) == 1), "")
            if not fence and (depth := _opened(pair[2])) > 0:
                open_list, item = keys, 0


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _resolve(parts: KeyPath, counts: dict[KeyPath, int], *, is_list: bool) -> KeyPath:
    path: KeyPath = ()
    for part in parts[:-1]:
        path = (*path, part)
        path = (*path, counts[path] - 1) if path in counts else path
    path = (*path, parts[-1])
    if is_list:
        counts[path] = counts.get(path, 0) + 1
        return (*path, counts[path] - 1)
    return path


def _opened(line: str) -> int:
    bare = _QUOTED.sub("", line)
    return bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
