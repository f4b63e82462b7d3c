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
    from collections.abc import Iterator, Mapping

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
_BRIEF, _SHORT, _VERY_SHORT = 60, 40, 15
_BLAMING = frozenset(("complaint2", "complaint3"))
_NO_BLAME = "no-blame"
_FAULTS, _MERITS = ("facts:more-faults", "facts:faults-alone", "facts:brief-faults"), ("facts:more-merits", "facts:merits-alone")
"""The signals that all plain facts of one side make together."""
_ARE_FAULTS, _ARE_MERITS = frozenset(("fault1", "fault2", "unmerit")), frozenset(("merit1", "merit2", "unfault"))
_TOLD_WHOLE = frozenset((*_FAULTS, *_MERITS, "body:unmerit"))
"""What rests on a denied fact is quoted with its denial."""
_DENIED = {"fault1": "unfault", "fault2": "unfault", "merit1": "unmerit", "merit2": "unmerit"}
"""A plain fact that is denied is one of the other side; of all else only that it was there is left."""
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
        """Whether it is no answer, no word of blame stands in it, and no plain fault that merits do not outweigh."""
        return _AMONG[False][_NO_BLAME] in self.values and "facts:more-faults" not in self.values

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


def fact_values(reading: Reading, index: TermIndex) -> dict[str, float]:
    """The signals of plain facts alone, which are all that a review is asked for: in a fraction of the time."""
    found, phrases = index.facts(reading.body)
    if not found:
        return {}
    counts, values, seen = dict[str, float](), dict[str, float](), set[int]()
    for number, start, end in found:
        names = index.fact_keys[number]
        if phrases and index.around(phrases, start, end) is not None:
            names = _denied(names)
        elif number in seen or (reading.tags and reading.in_tag(start)):
            continue
        else:
            seen.add(number)
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    _count(len(reading.body), counts, values)
    return values


@functools.cache
def _denied(keys: tuple[str, ...]) -> tuple[str, ...]:
    """What is left of a term that is denied: a fact of the other side, of all else only that it was there."""
    return tuple(dict.fromkeys([_DENIED.get(key, "suppressed") for key in keys]))


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
            for name in _denied(index.keys[number]):
                counts[name] = counts.get(name, 0) + 1
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
    _count(len(reading.body), counts, values)
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


def _count(size: int, counts: Mapping[str, float], values: dict[str, float]) -> None:
    # long posts hold more words of every sort; what counts is how many there are for the length
    scale = 1 / math.sqrt(1 + size / 80)
    for key, count in counts.items():
        values[_BODY[key]] = min(count, _MOST) * scale
        values[_ANY[key]] = 1.0
    _weigh_facts(size, counts, values)


def _weigh_facts(size: int, counts: Mapping[str, float], values: dict[str, float]) -> None:
    """Whether plain faults or plain merits are told, and how they stand to one another."""
    faults = 2 * counts.get("fault2", 0) + counts.get("fault1", 0) + counts.get("unmerit", 0)
    merits = 2 * counts.get("merit2", 0) + counts.get("merit1", 0) + counts.get("unfault", 0)
    if faults != merits:
        values["facts:more-faults" if faults > merits else "facts:more-merits"] = abs(faults - merits) / (faults + merits + 1.5)
    if faults and not merits:
        values["facts:faults-alone"] = 1.0
        if size < _BRIEF:
            values["facts:brief-faults"] = 1.0
    if merits and not faults:
        values["facts:merits-alone"] = 1.0


def _matches(reading: Reading, index: TermIndex) -> dict[str, list[Match]]:
    """The terms by the signals they make."""
    found: dict[str, list[Match]] = {}
    for match in index.scan(reading.body):
        for name in _signals_by(match, reading):
            found.setdefault(name, []).append(_with_denial(match) if name in _TOLD_WHOLE else match)
    return found


def _signals_by(match: Match, reading: Reading) -> Iterator[str]:
    """The signals that a term makes where it stands."""
    if match.suppressed_by is None and reading.in_tag(match.start):
        yield from (f"tag:{key}" for key in match.keys)
        return
    for key in match.keys:
        told = key if match.suppressed_by is None else _DENIED.get(key, "suppressed")
        yield "suppressed" if told == "suppressed" else f"body:{told}"
        yield from _FAULTS if told in _ARE_FAULTS else _MERITS if told in _ARE_MERITS else ()
        if match.suppressed_by is None:
            yield from _by_place(key, match.start, reading)


def _by_place(key: str, start: int, reading: Reading) -> Iterator[str]:
    first, last = reading.head
    if first <= start < last:
        yield f"head:{key}"
    if key in _BLAMING and reading.near(start, _NEAR):
        yield f"near:{key}"


def _with_denial(match: Match) -> Match:
    """A fact that is denied, with the denial: 不新鲜 is the fault and not 新鲜, 没掉漆 the merit."""
    denied = match.suppressed_by or ""
    if not denied.endswith(match.term):
        return match
    return attrs.evolve(match, start=match.end - len(denied), term=denied, suppressed_by=None)
