"""What is measured of a mention before it is weighed: which sort of word stands where, and what kind of thing it is.

A signal is a named number; its weight for each question is data (`weights/signals.tsv`), its words for people too.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

from negassoc.classify.finding import Hit
from negassoc.text import Match, TermIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.classify.reading import Reading

FACETS = frozenset(
    (
        "quality",
        "service",
        "refund",
        "logistics",
        "fraud",
        "price",
        "false_advertising",
        "food_safety",
        "health",
        "privacy",
        "prepaid",
        "home_car_travel",
        "apps_games",
    )
)
"""The lexicons that say what a complaint is about."""
_NEAR = 25
_MOST = 5


@attrs.define
class Signals:
    """`values` by name, and for those that stand in the text the `matches` they rest on; `lexicons` says where the words of each stand."""

    values: dict[str, float] = attrs.field(factory=dict)
    matches: dict[str, list[Match]] = attrs.field(factory=dict)
    places: dict[str, tuple[tuple[int, int], ...]] = attrs.field(factory=dict)
    hits: dict[str, tuple[Hit, ...]] = attrs.field(factory=dict)
    lexicons: dict[str, list[tuple[int, int]]] = attrs.field(factory=dict)
    facets: tuple[str, ...] = ()

    def add(self, name: str, value: float, match: Match | None = None) -> None:
        """Set a signal; zero is no signal."""
        if value:
            self.values[name] = value
        if match is not None:
            self.matches.setdefault(name, []).append(match)

    @property
    def rules(self) -> set[str]:
        """The ids of the rules that hold."""
        return {name.removeprefix("rule:") for name in self.values if name.startswith("rule:")}


def signals_of(reading: Reading, index: TermIndex) -> Signals:
    """All signals of one reading."""
    signals = Signals()
    _record_signals(reading, signals)
    _word_signals(reading, index, signals)
    return signals


def _record_signals(reading: Reading, signals: Signals) -> None:
    mention, values, size = reading.mention, signals.values, len(reading.body)
    kind = mention.kind.value
    values[f"kind:{kind}"] = 1.0
    values["length"] = min(size, 600) / 200
    if size < 40:
        values["short:40"] = 1.0
        if size < 15:
            values["short:15"] = 1.0
    named = False
    for place, here in reading.named.items():
        if here:
            values[f"named:{place}"] = 1.0
            named = True
    if not named:
        values["unnamed"] = values[f"unnamed:{kind}"] = 1.0
        if reading.situation == "post":
            values["not-named"] = 1.0
    if "?" in reading.body or "吗" in reading.body:
        values["question"] = 1.0
        if size < 40:
            values["question:short"] = 1.0
    _rarer_record_signals(reading, signals)


def _rarer_record_signals(reading: Reading, signals: Signals) -> None:
    signals.add("verified", float(bool(reading.mention.author.verified)))
    signals.add("rival", float(reading.rival))
    signals.add("other-bearer", float(reading.other_bearer))
    signals.add("in-thread", float(bool(reading.thread)))
    signals.add("exclaimed", float("!!" in reading.body))
    signals.add("tags", min(len(reading.tags), 8) / 4)


def _word_signals(reading: Reading, index: TermIndex, signals: Signals) -> None:
    counts = dict[str, float]()
    seen = set[tuple[str, str]]()
    facets = dict[str, int]()
    first, last = reading.head
    for match in index.scan(reading.body):
        if match.suppressed_by is not None:
            counts["suppressed"] = counts.get("suppressed", 0) + 1
            signals.add("suppressed", 0, match)
            continue
        tagged = reading.in_tag(match.start)
        for cue in match.cues:
            signals.lexicons.setdefault(cue.lexicon, []).append((match.start, match.end))
            if cue.use == "complaint" and cue.lexicon in FACETS:
                facets[cue.lexicon] = facets.get(cue.lexicon, 0) + cue.strength
        for key in _keys(match):
            if tagged:
                signals.add(f"tag:{key}", 1.0, match)
                continue
            if (match.term, key) not in seen:
                seen.add((match.term, key))
                counts[key] = counts.get(key, 0) + 1
            signals.add(f"body:{key}", 0, match)
            if first <= match.start < last:
                signals.add(f"head:{key}", 1.0, match)
            if key in {"complaint2", "complaint3"} and reading.near(match.start, _NEAR):
                signals.add(f"near:{key}", 1.0, match)
    signals.facets = tuple(sorted(facets, key=lambda name: (-facets[name], name)))
    _sum_up(reading, counts, signals)


def _keys(match: Match) -> Iterator[str]:
    if len(match.cues) == 1:
        yield match.cues[0].key
    else:
        yield from dict.fromkeys(cue.key for cue in match.cues)


def _sum_up(reading: Reading, counts: dict[str, float], signals: Signals) -> None:
    # long posts hold more words of every sort; what counts is how many there are for the length
    scale = 1 / math.sqrt(1 + len(reading.body) / 80)
    for key, count in counts.items():
        signals.add(f"body:{key}", min(count, _MOST) * scale)
        signals.add(f"any:{key}", 1.0)
    strong, middling, praise = (counts.get(key, 0) for key in ("complaint3", "complaint2", "praise2"))
    blame = 2 * strong + middling
    signals.add("balance", (blame - praise) / (blame + praise + 1.5))
    place = "answer" if reading.mention.kind.is_answer else "post"
    signals.add(f"{place}:no-blame", float(blame == 0))
    signals.add(f"{place}:strong-blame", float(strong > 0))
    signals.add(f"{place}:blame", float(middling > 0))
    signals.add(f"{place}:head-blame", float("head:complaint3" in signals.values or "head:complaint2" in signals.values))
    named = signals.values
    if place == "answer" and named.get("named:thread") and not named.get("named:body"):
        signals.add("thread-only", 1.0)
        signals.add("thread-only:blame", float(blame > 0))
