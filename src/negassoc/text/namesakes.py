"""Names that sound or look like the brand's own: beside it they stand where two bearers are told apart, or mixed up."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from negassoc.text.normal import normal
from negassoc.text.segment import is_ordinary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ALIKE: Final = ("name_sounds_alike", "name_looks_alike")
"""What `Namesakes.stands` finds, by the names under which rules ask for it."""
_CHINESE: Final = re.compile("[\u4e00-\u9fff]{2,6}")
_SHORTEST_LOOK: Final = 3
"""Two characters of which one is another are mostly no name at all: 电话 beside 电鲤."""
_NO_NAME: Final = frozenset("的一是了在和某像到有被说又才没也都很就还我你他她它这那哪叫里以及与从给把让吃喝买用看去来不")
"""In place of a character of a name they make a phrase of the rest."""

Place = tuple[int, int]


@attrs.frozen
class _Gap:
    """A name with one of its characters left open: what stands before and after it, and how it sounds."""

    missing: str
    before: str
    after: str

    @functools.cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(f"{self.before}([\u4e00-\u9fff]){self.after}")

    def filled_in(self, text: str) -> Iterator[tuple[str, Place]]:
        """Where the rest of the name stands about another character, and how that makes it alike."""
        if self.before not in text or self.after not in text:
            return
        for found in self._pattern.finditer(text):
            how = self._alike(found[1])
            if how and not is_ordinary(found[0]):
                yield how, found.span()

    def _alike(self, char: str) -> str | None:
        if char == self.missing:
            return None
        if char in _homophones(self.missing):
            return "name_sounds_alike"
        long = len(self.before) + len(self.after) + 1 >= _SHORTEST_LOOK
        return "name_looks_alike" if long and char not in _NO_NAME else None


@attrs.frozen
class Namesakes:
    """Finds names that differ from a brand's in one character: of the same sound, or, of longer names, in any.

    A word of the dictionary is none; nor is what the brand file lists under `not_this_brand`, which is known for certain.

    >>> Namesakes(("电鲤", "椒老幺")).stands("出事的是电狸，不是〇；椒老五也不是")
    {'name_sounds_alike': [(4, 6)], 'name_looks_alike': [(11, 14)]}
    """

    names: tuple[str, ...]

    def stands(self, body: str) -> Mapping[str, list[Place]]:
        """Where such names stand in a text in which the brand's own are signs, by the names in `ALIKE`."""
        found: dict[str, list[Place]] = {}
        for gap in self._gaps:
            for how, place in gap.filled_in(body):
                found.setdefault(how, []).append(place)
        return found

    @functools.cached_property
    def _gaps(self) -> tuple[_Gap, ...]:
        plain = dict.fromkeys(normal(name).strip() for name in self.names)
        names = [name for name in plain if _CHINESE.fullmatch(name)]
        return tuple(_Gap(name[i], name[:i], name[i + 1 :]) for name in names for i in range(len(name)))


def _homophones(char: str) -> frozenset[str]:
    return _by_sound().get(char, frozenset())


@functools.cache
def _by_sound() -> Mapping[str, frozenset[str]]:
    """For each character those that are read like it, itself included."""
    path = Path(__file__).parent.parent / "data" / "folding" / "syllables.tsv"
    groups = [frozenset(line.partition("\t")[2]) for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {char: group for group in groups for char in group}
