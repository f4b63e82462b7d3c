"""How much it tells that two texts share a pair of syllables: the rarer it is in everyday writing and in the stream, the more."""

from __future__ import annotations

import functools
import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from negassoc.records import read_text
from negassoc.watch.sounds import coded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DATA: Final = Path(__file__).parent.parent / "data" / "campaigns_pairs.tsv"
_COUNTED: Final = 3076  # mentions in which the packaged pairs were counted


class Rarity:
    """Counts pairs of syllables over a stream, on top of how common they are anyway (`campaigns_pairs.tsv`)."""

    def __init__(self) -> None:
        self.mentions = 0
        self.seen = Counter[str]()

    def add(self, pairs: Iterable[str]) -> None:
        """One more mention with these pairs."""
        self.mentions += 1
        self.seen.update(pairs)

    def weight(self, pair: str) -> float:
        """The logarithm of one mention in how many has it: about 8 for what nobody else says, near 0 for what everybody says."""
        return math.log((_COUNTED + self.mentions) / (1 + _everyday().get(pair, 0) + self.seen[pair]))


@functools.cache
def _everyday() -> Mapping[str, int]:
    lines = [line.split("\t") for line in read_text(_DATA).split("\n")[2:] if line]
    return {"".join(map(coded, pair.split(" "))): int(count) for pair, count in lines}
