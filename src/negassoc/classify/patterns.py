"""What a text must hold for a regular expression to be found in it: looked up in one pass for all rules, so that few are searched for."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DIGIT: Final = r"\d"
"""Stands among the alternatives for any digit."""

_UNIT = re.compile(
    r"(?P<look>\(\?<?!(?:[^()\[\]\\]|\\.|\[[^\]]*\])*\))|(?P<bar>\|)|(?P<set>\[[^\]]*\])|(?P<group>\((?:[^()\[\]\\]|\\.|\[[^\]]*\])*\))|(?P<digit>\\d)|(?P<other>\\.|[.^$])"
    r"|(?P<char>[^\\\[\](){}|?*+.^$])"
)
_TIMES = re.compile(r"[?*+]\??|\{\d*,?\d*\}\??")
_NOT_UNDERSTOOD = re.compile(r"\(\?(?!<?!)|\\[uUxN0-9\]]|\[\^?\]")
"""Groups that change the rules or look for what must be there, characters by number, brackets inside of brackets. What must not be there
(`(?!…)`, `(?<!…)`) asks for nothing."""
_PLAIN_SET = re.compile(r"[^\\^\-\[\]]+")
_PLAIN_WORDS = re.compile(r"[^\\\[\](){}|?*+.^$]+(?:\|[^\\\[\](){}|?*+.^$]+)*")
_OFTEN: Final = 4 / 30
"""A digit stands in as many texts as any of some four characters."""
_MOST: Final = 64
"""Alternatives that one piece may have when two are put together."""
_LITTLE: Final = 0.15
"""A piece that stands in more texts than this is only looked for where nothing rarer is known: it would cost more than it saves."""


@functools.lru_cache(maxsize=4096)
def pieces(source: str) -> tuple[frozenset[str], ...]:
    """Pieces of which each has one alternative in everything that fits; none where nothing is known.

    >>> [sorted(piece) for piece in pieces("(换|改用)了?.{0,4}对手")]
    [['对手'], ['换', '改用']]
    >>> [sorted(piece) for piece in pieces("(?<!没)摔了(?!手机)")]
    [['摔了']]
    >>> pieces("好?")
    ()
    """
    units = list(_units(source))
    if _NOT_UNDERSTOOD.search(source) or "".join(unit + times for _, unit, times in units) != source:
        return ()
    branches = [_of_branch(branch) for branch in _branches(units)]
    if len(branches) == 1:
        known = sorted(branches[0], key=_tells_least)
        return (*known[:1], *(piece for piece in known[1:] if _tells_least(piece) <= _LITTLE))
    return (frozenset[str]().union(*(branch[0] for branch in branches)),) if all(branches) else ()


def _tells_least(piece: frozenset[str]) -> float:
    """In how many texts one of its alternatives stands, roughly: one more character makes them a thirtieth."""
    return sum(_OFTEN if one == DIGIT else 30.0 ** -len(one) for one in piece)


def _units(source: str) -> Iterator[tuple[str, str, str]]:
    """`(sort, unit, how many times)` one after another, as far as they are understood."""
    at = 0
    while match := _UNIT.match(source, at):
        times = _TIMES.match(source, match.end())
        at = times.end() if times else match.end()
        yield match.lastgroup or "", match[0], times[0] if times else ""


def _branches(units: list[tuple[str, str, str]]) -> list[list[tuple[str, str, str]]]:
    branches = list[list[tuple[str, str, str]]]([[]])
    for unit in units:
        if unit[0] == "bar":
            branches.append([])
        else:
            branches[-1].append(unit)
    return branches


def _of_branch(units: list[tuple[str, str, str]]) -> list[frozenset[str]]:
    """The pieces of one branch, the most telling first; what follows on one another at once is one piece: 不(给|谈) is 不给 or 不谈."""
    found, run = list[frozenset[str]](), frozenset[str]()
    for sort, unit, times in units:
        alternatives = _plain(sort, unit) if not times else None
        if alternatives and run and len(run) * len(alternatives) <= _MOST:
            run = frozenset(before + after for before in run for after in alternatives)
            continue
        found += [run] if run else []
        run = alternatives or frozenset()
        if not alternatives and not times.startswith(("?", "*", "{0", "{,")):
            found += _of_unit(sort, unit)
    return sorted([*found, run] if run else found, key=_tells_least)


def _plain(sort: str, unit: str) -> frozenset[str] | None:
    """All that a unit can be, where that is a few words and nothing else."""
    if sort == "char":
        return frozenset((unit,))
    inner = unit[1:-1]
    if sort == "set" and _PLAIN_SET.fullmatch(inner):
        return frozenset(inner)
    return frozenset(inner.split("|")) if sort == "group" and _PLAIN_WORDS.fullmatch(inner) else None


def _of_unit(sort: str, unit: str) -> Sequence[frozenset[str]]:
    """What a unit that must be there at least once says."""
    if sort == "group":
        return pieces(unit[1:-1])
    if sort == "set":
        return [frozenset(unit[1:-1])] if _PLAIN_SET.fullmatch(unit[1:-1]) else []
    return [frozenset((DIGIT if sort == "digit" else unit,))] if sort in {"digit", "char"} else []
