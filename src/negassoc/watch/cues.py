"""How a mention speaks: of the author's own case, about a rumour, as news, in fun, against the brand. Words from `data/campaigns.toml`."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Final

import attrs

from negassoc.records import load_toml
from negassoc.text.legible import legible

# Figures that belong to one person's case: money, dates, clock times, spans, order numbers. They bind nobody else, so where a text has
# some that no other account repeats, its author speaks of an own experience.
_DETAIL: Final = re.compile(
    r"\d{1,2}月\d{1,2}[日号]?|\d{1,2}[.]\d{1,2}(?=[下收付买到号])|\d{1,2}号|\d{1,2}[:：]\d{2}|\d+(?:\.\d+)?\s?(?:元|块|件|单|台|盒|瓶|袋|天|小时|分钟|个月|公里|米|分|周|年)"
    r"|[¥￥]\s?\d+|尾号\s?\d+|\d{3,6}(?!\d)"
)
# "I" as somebody who buys, uses or waits; hearsay ("我朋友", "我同事") is nobody's own.
_OWN: Final = re.compile(r"(?:我|俺|本人)(?!们|朋友|同事|闺蜜|姐妹|亲戚|表|邻居|跟你|告诉你|劝|说|不说|就问|只认|来补)")


@attrs.frozen(kw_only=True)
class _CueTable:
    doubt: tuple[str, ...]
    first_hand: tuple[str, ...]
    news: tuple[str, ...]
    joke: tuple[str, ...]
    giveaway: tuple[str, ...]
    praise: tuple[str, ...]
    asking: tuple[str, ...]
    hostile: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Voice:
    """How many different words of each cue one text holds, the figures of its own (`details`), and whether it speaks of an `own` part."""

    doubt: int = 0
    first_hand: int = 0
    news: int = 0
    joke: int = 0
    giveaway: int = 0
    praise: int = 0
    asking: int = 0
    hostile: int = 0
    details: frozenset[str] = frozenset()
    own: bool = False

    @property
    def framed(self) -> bool:
        """Speaks about the wave, as news, in fun or for a prize."""
        return bool(self.doubt or self.giveaway or self.joke or self.news > 1)

    @property
    def aside(self) -> bool:
        """Speaks about the wave, as news, in fun, for a prize or in praise, rather than against the brand."""
        calm = self.hostile == 0 or self.praise > self.hostile
        return bool(self.doubt or self.giveaway or self.joke > self.hostile or self.news > 1 or (self.praise and calm))


class _Scanner:
    def __init__(self, table: _CueTable) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        pairs = [(word, name) for name in attrs.fields_dict(_CueTable) for word in getattr(table, name)]
        self.words = [word for word, _ in pairs]
        self.names = [name for _, name in pairs]
        self.automaton = AhoCorasick(self.words, matchkind=MatchKind.Standard)

    def __call__(self, text: str) -> Voice:
        folded = legible(text).casefold()  # half a character is nothing that words are searched in
        counts = dict.fromkeys(attrs.fields_dict(_CueTable), 0)
        for index in {hit[0] for hit in self.automaton.find_matches_as_indexes(folded, overlapping=True)}:
            counts[self.names[index]] += 1
        return Voice(details=frozenset(_DETAIL.findall(folded)), own=bool(_OWN.search(folded)), **counts)


@functools.cache
def _scanner() -> _Scanner:
    return _Scanner(load_toml(Path(__file__).parent.parent / "data" / "campaigns.toml", _CueTable))


def voice_of(text: str) -> Voice:
    """How `text` speaks.

    >>> voice_of("昨天下单的，客服说不退").first_hand, voice_of("千万别买").hostile
    (3, 2)
    """
    return _scanner()(text)
