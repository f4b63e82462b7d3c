"""Which mentions resemble which: an index over pairs of syllables, rare ones first, that grows with the stream and stays near-linear.

Every text asks for its rarest pairs of syllables only, and every pair of syllables remembers only the last few texts that held it,
so the cost of a text does not depend on how many there are. A wave of copies still hangs together: each is tied to the last few.
"""

from __future__ import annotations

import functools
import math
from collections import Counter, deque
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from negassoc.errors import MissingExtraError
from negassoc.watch.rarity import Rarity
from negassoc.watch.traces import GAP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negassoc.watch.traces import Trace

LinkKind: TypeAlias = Literal["copy", "rewrite", "phrase", "theme"]

_RAREST: Final = 18  # pairs of syllables a text asks for
_REMEMBERED: Final = 16  # texts a pair of syllables remembers
_COMPARED: Final = 12  # candidates compared in full
_CHANT: Final = 12  # a text no longer than this that is wholly shared is a chant, a wish or a greeting
_TELLING: Final = 1.8  # how much the shared must tell, in units of the logarithm of the stream's length: chance grows with the stream
_SHORT: Final = 150  # pairs of syllables; two longer texts share a few turns anyway
_RUN: Final = 6  # syllables in a row that two people hardly share by chance


@attrs.frozen(kw_only=True)
class Link:
    """Two mentions of different accounts that resemble each other: places in the stream, how much (0 to 1), and in which way.

    `copy`: most of the shorter text stands in the other. `rewrite`: the same rare content in other words or order. `phrase`: one long
    turn of phrase and little else. `theme`: a few rare turns in common; two people may well do that by chance, a dozen accounts do not.
    """

    a: int
    b: int
    similarity: float
    kind: LinkKind

    @property
    def strength(self) -> float:
        """What the link counts for: a theme half."""
        return 0.5 if self.kind == "theme" else 1.0


class Kinship:
    """The growing index; `add` gives the links of a new trace to earlier ones."""

    def __init__(self) -> None:
        self.sounds: list[str] = []
        self.traces: list[Trace] = []
        self.rarity = Rarity()
        self.last: dict[str, deque[int]] = {}
        self.owned: set[str] = set()

    def add(self, trace: Trace) -> list[Link]:
        """Take in one trace (in the order of the stream) and link it; the brand's own words are remembered as nobody's evidence."""
        sound = "" if trace.own else self._without_owned(trace.sound)
        self.sounds.append(sound)
        self.traces.append(trace)
        if trace.own:
            self.owned.update(_grams(trace.sound, _RUN))
            return []
        grams = _grams(sound, 2)
        self.rarity.add(grams)
        links = list(self._links(trace.index, grams))
        for gram in grams:
            self.last.setdefault(gram, deque(maxlen=_REMEMBERED)).append(trace.index)
        return links

    def weight(self, gram: str) -> float:
        """How telling it is that two texts share a pair of syllables: the rarer in the stream, the more."""
        return math.log(1 + len(self.sounds) / (self.rarity.seen[gram] or 1))

    def _without_owned(self, sound: str) -> str:
        if not self.owned:
            return sound
        masked = list(sound)
        for i in range(len(sound) - _RUN + 1):
            if sound[i : i + _RUN] in self.owned:
                masked[i : i + _RUN] = GAP * _RUN
        return "".join(masked)

    def _links(self, index: int, grams: frozenset[str]) -> Iterator[Link]:
        if len(grams) < 4:
            return
        mine = {gram: self.weight(gram) for gram in grams}
        for other in self._candidates(index, mine):
            if link := self._compare(other, index, mine):
                yield link

    def _candidates(self, index: int, mine: dict[str, float]) -> Iterable[int]:
        shared: Counter[int] = Counter()
        known = sorted((gram for gram in mine if gram in self.last), key=lambda g: (self.rarity.seen[g], g))
        for gram in known[:_RAREST]:
            shared.update(self.last[gram])
        me = self.traces[index]
        near = [o for o, n in shared.items() if n > 1 and n >= _least_shared(me, self.traces[o])]
        return sorted(near, key=lambda o: (-shared[o], -o))[:_COMPARED]

    def _compare(self, a: int, b: int, mine: dict[str, float]) -> Link | None:
        theirs = _grams(self.sounds[a], 2)
        common = theirs & mine.keys()
        if len(common) < 4:
            return None
        shorter = min(len(theirs), len(mine))
        held = len(common) / shorter
        if held > 0.7 and shorter < _CHANT:
            return None
        told = sum(mine[g] for g in common) / math.log(len(self.sounds))
        if told < _TELLING:
            return None
        squares = sum(self.weight(g) ** 2 for g in theirs) * sum(w * w for w in mine.values())
        cosine = sum(mine[g] ** 2 for g in common) / math.sqrt(squares)
        run = bool(_grams(self.sounds[a], _RUN) & _grams(self.sounds[b], _RUN))
        kind = _kind_of(held, cosine, len(common), run=run, short=shorter <= _SHORT)
        return Link(a=a, b=b, similarity=similarity_of(self.sounds[a], self.sounds[b], held), kind=kind) if kind else None


def _least_shared(a: Trace, b: Trace) -> float:
    """Rare pairs of syllables two texts must share to be compared: many unless both may be part of a wave; one author is no wave."""
    if a.account is not None and a.account == b.account:
        return math.inf
    if a.acting and b.acting:
        return 2
    return 4 if (a.acting and b.concerned) or (b.acting and a.concerned) else 9


def _kind_of(held: float, cosine: float, common: int, *, run: bool, short: bool) -> LinkKind | None:
    if held >= 0.6 and common >= 10:
        return "copy"
    if cosine >= 0.12 and (common >= 6 or (common >= 4 and cosine >= 0.18)):
        return "rewrite"
    if run:
        return "phrase"
    return "theme" if short and common >= 4 and cosine >= 0.035 else None


def similarity_of(a: str, b: str, held: float | None = None) -> float:
    """How alike two sounds are, 0 to 1: in order (rapidfuzz) or by shared content, whichever shows more, for order is easily changed."""
    try:
        from rapidfuzz import fuzz
    except ImportError:
        raise MissingExtraError("campaigns", "comparing texts") from None
    if held is None:
        theirs, mine = _grams(a, 2), _grams(b, 2)
        held = len(theirs & mine) / (min(len(theirs), len(mine)) or 1)
    return round(max(fuzz.ratio(a.replace(GAP, ""), b.replace(GAP, "")) / 100, held), 3)


@functools.lru_cache(maxsize=4096)
def _grams(sound: str, size: int) -> frozenset[str]:
    return frozenset(gram for i in range(len(sound) - size + 1) if GAP not in (gram := sound[i : i + size]))
