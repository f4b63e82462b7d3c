"""What is measured of a mention before it is weighed: which sort of word stands where, and what kind of thing it is.

A signal is a named number; its weight for each question is data (`weights/`), its words for people too.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import attrs

from negassoc.classify.finding import Hit
from negassoc.classify.reading import Reading
from negassoc.classify.rules import Fired
from negassoc.mention import Kind
from negassoc.text import BRAND, TermIndex

if TYPE_CHECKING:
    from negassoc.text import Home, Match

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
_SHORT, _VERY_SHORT = 40, 15
_BLAMING = frozenset(("complaint2", "complaint3"))
_NO_BLAME = "no-blame"
_ANSWERS = frozenset(kind for kind in Kind if kind.is_answer)
_KIND_NAMES = {kind: (f"kind:{kind.value}", f"unnamed:{kind.value}") for kind in Kind}


class _Names(dict[str, str]):
    """What a signal of one sort is called for each key of cues; put together once, which takes as long as to set it."""

    def __init__(self, sort: str) -> None:
        self._sort = sort

    def __missing__(self, key: str) -> str:
        self[key] = name = self._sort + key
        return name


_BODY, _ANY, _HEAD = _Names("body:"), _Names("any:"), _Names("head:")
_AMONG = {answers: _Names("answer:" if answers else "post:") for answers in (True, False)}


@attrs.define(eq=False)
class Signals:
    """`values` by name. `lexicons` says where the words of each stand, `facets` what a complaint is about, `fired` which rules hold.

    On which words a signal rests is worked out when somebody asks.
    """

    reading: Reading
    index: TermIndex
    values: dict[str, float] = attrs.field(factory=dict)
    lexicons: dict[str, list[tuple[int, int]]] = attrs.field(factory=dict)
    facets: tuple[str, ...] = ()
    hits: dict[str, tuple[Hit, ...]] = attrs.field(factory=dict)
    fired: list[Fired] = attrs.field(factory=list)
    rules: frozenset[str] = frozenset()
    """The ids of the rules that hold."""

    @property
    def blameless_post(self) -> bool:
        """Whether it is no answer, and no word of blame stands in it."""
        return _AMONG[False][_NO_BLAME] in self.values

    def add(self, name: str, value: float) -> None:
        """Set a signal; zero is no signal."""
        if value:
            self.values[name] = value

    def hold(self, fired: list[Fired]) -> None:
        """These rules hold: each sets a signal of its own."""
        self.fired = fired
        self.rules = frozenset([each.rule.id for each in fired])
        self.values.update(dict.fromkeys([each.name for each in fired], 1.0))

    @functools.cached_property
    def matches(self) -> dict[str, list[Match]]:
        """For each signal of words the terms it rests on."""
        return _matches(self.reading, self.index)

    @functools.cached_property
    def places(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """For each signal of a rule the ranges that make it hold."""
        return {fired.name: fired.places for fired in self.fired}


def signals_of(reading: Reading, index: TermIndex) -> Signals:
    """All signals of one reading."""
    signals = Signals(reading, index)
    _record_signals(reading, signals.values)
    _word_signals(reading, index, signals)
    if reading.home is not None:
        _add_surroundings(reading, reading.home, signals.lexicons)
    return signals


def _add_surroundings(reading: Reading, home: Home, lexicons: dict[str, list[tuple[int, int]]]) -> None:
    """Where it stands whose affair the text is."""
    if home.trades:
        named = [at for at in reading.ours if reading.body[at] == BRAND]
        products = [at for at in reading.ours if reading.body[at] != BRAND]
        original = f"{reading.mention.title or ''}\n{reading.mention.text}"
        lexicons |= home.stands(reading.body, named, products, original)
    lexicons |= home.namesakes.stands(reading.body)


def _record_signals(reading: Reading, values: dict[str, float]) -> None:
    body, size = reading.body, len(reading.body)
    values[_KIND_NAMES[reading.mention.kind][0]] = 1.0
    values["length"] = min(size, 600) / 200
    if size < _SHORT:
        values["short:40"] = 1.0
        if size < _VERY_SHORT:
            values["short:15"] = 1.0
    _naming_signals(reading, values)
    if "?" in body or "吗" in body:
        values["question"] = 1.0
        if size < _SHORT:
            values["question:short"] = 1.0
    _rarer_record_signals(reading, values)


def _naming_signals(reading: Reading, values: dict[str, float]) -> None:
    named = reading.named
    for place in named:
        values["named:" + place] = 1.0
    if not named:
        values["unnamed"] = values[_KIND_NAMES[reading.mention.kind][1]] = 1.0


def _rarer_record_signals(reading: Reading, values: dict[str, float]) -> None:
    if reading.mention.author.verified:
        values["verified"] = 1.0
    if reading.rival:
        values["rival"] = 1.0
    if reading.other_bearer:
        values["other-bearer"] = 1.0
    if reading.thread:
        values["in-thread"] = 1.0
    if "!!" in reading.body:
        values["exclaimed"] = 1.0
    if reading.tags:
        values["tags"] = min(len(reading.tags), 8) / 4


def _word_signals(reading: Reading, index: TermIndex, signals: Signals) -> None:
    counts, seen, facets = dict[str, float](), set[int](), dict[str, int]()
    found, phrases = index.find(reading.body)
    for number, start, end in found:
        if phrases and index.around(phrases, start, end) is not None:
            counts["suppressed"] = counts.get("suppressed", 0) + 1
            continue
        for cue in index.cues[number]:
            signals.lexicons.setdefault(cue.lexicon, []).append((start, end))
            if cue.use == "complaint" and cue.lexicon in FACETS:
                facets[cue.lexicon] = facets.get(cue.lexicon, 0) + cue.strength
        if reading.tags and reading.in_tag(start):
            signals.values |= dict.fromkeys(["tag:" + key for key in index.keys[number]], 1.0)
            continue
        _place_signals(reading, index.keys[number], start, signals.values)
        if number not in seen:
            seen.add(number)
            for key in index.keys[number]:
                counts[key] = counts.get(key, 0) + 1
    if facets:
        signals.facets = tuple(sorted(facets, key=lambda name: (-facets[name], name)))
    _sum_up(reading, counts, signals.values)


def _place_signals(reading: Reading, keys: tuple[str, ...], start: int, values: dict[str, float]) -> None:
    """Where a word stands: in the head, near the brand."""
    first, last = reading.head
    for key in keys:
        if first <= start < last:
            values[_HEAD[key]] = 1.0
        if key in _BLAMING and reading.ours and reading.near(start, _NEAR):
            values["near:" + key] = 1.0


def _sum_up(reading: Reading, counts: dict[str, float], values: dict[str, float]) -> None:
    # long posts hold more words of every sort; what counts is how many there are for the length
    scale = 1 / math.sqrt(1 + len(reading.body) / 80)
    for key, count in counts.items():
        values[_BODY[key]] = min(count, _MOST) * scale
        values[_ANY[key]] = 1.0
    answers = reading.mention.kind in _ANSWERS
    among = _AMONG[answers]
    strong, middling, praise = counts.get("complaint3", 0), counts.get("complaint2", 0), counts.get("praise2", 0)
    blame = 2 * strong + middling
    if blame != praise:
        values["balance"] = (blame - praise) / (blame + praise + 1.5)
    if not blame:
        values[among[_NO_BLAME]] = 1.0
    if strong:
        values[among["strong-blame"]] = 1.0
    if middling:
        values[among["blame"]] = 1.0
    if "head:complaint3" in values or "head:complaint2" in values:
        values[among["head-blame"]] = 1.0
    if answers and "named:thread" in values and "named:body" not in values:
        values["thread-only"] = 1.0
        if blame:
            values["thread-only:blame"] = 1.0


def _matches(reading: Reading, index: TermIndex) -> dict[str, list[Match]]:
    """The terms by the signals they make."""
    found: dict[str, list[Match]] = {}
    first, last = reading.head
    for match in index.scan(reading.body):
        if match.suppressed_by is not None:
            names = ["suppressed"]
        elif reading.in_tag(match.start):
            names = [f"tag:{key}" for key in match.keys]
        else:
            names = [f"body:{key}" for key in match.keys]
            names += [f"head:{key}" for key in match.keys if first <= match.start < last]
            names += [f"near:{key}" for key in match.keys if key in _BLAMING and reading.near(match.start, _NEAR)]
        for name in names:
            found.setdefault(name, []).append(match)
    return found
