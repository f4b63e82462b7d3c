"""Asking rules: what of all their words, lexicons and patterns stands in a text, looked up once, and which rules hold for it.

The words of all rules are looked for in one go. Each group of a rule is one bit of a number, so that most rules are settled by comparing
two numbers; only what is left is asked where things stand.
"""

from __future__ import annotations

import functools
import re
import sys
from typing import TYPE_CHECKING

import ahocorasick_rs
import attrs

from negassoc.classify.patterns import DIGIT, pieces
from negassoc.classify.places import Place, in_one, stops, together
from negassoc.text import BRAND, OTHER, PRODUCT, RIVAL, normal, normals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from negassoc.classify.reading import Reading
    from negassoc.classify.rules import Rule

_SIGNS: Mapping[str, str] = {"brand": BRAND, "product": PRODUCT, "rival": RIVAL, "other": OTHER}
_DIGIT = re.compile(r"\d")


class Items:
    """The words and lexicons of all rules, each with the groups it stands in: a group is one bit of a number.

    After the words come the longer ones inside of which some of them are not meant; their bit is `LONGER`.
    """

    LONGER = 1

    def __init__(self, items: Collection[str], longer: Mapping[str, Sequence[str]]) -> None:
        plain = tuple(filter(_is_word, items))
        self._normal = dict(zip(plain, normals(plain), strict=True))
        words = tuple(dict.fromkeys((*self._normal.values(), *_pieces_of(items))))
        self.numbers = {word: number for number, word in enumerate(words)}
        inside = dict[str, list[tuple[int, int]]]()
        for word, outer in ((normal(short), normal(each)) for short, longs in longer.items() for each in longs):
            if word in self.numbers:
                inside.setdefault(outer, []).extend((self.numbers[word], m.start()) for m in re.finditer(f"(?={re.escape(word)})", outer))
        self._inside = dict(enumerate(inside.values(), len(words)))
        self._index = ahocorasick_rs.AhoCorasick((*words, *inside))
        self.groups_of_word = [0] * len(words) + [self.LONGER] * len(inside)
        self.groups_of_lexicon = dict[str, int]()
        self.always = self.digit = self.of_patterns = 0
        self._next = self.LONGER << 1

    def stand(self, text: str) -> tuple[list[tuple[int, int, int]], int]:
        """The words in a text as `(number, start, end)`, and the groups that they stand in."""
        found: list[tuple[int, int, int]] = self._index.find_matches_as_indexes(text, overlapping=True)
        groups = self._groups(found)
        if groups & self.LONGER:
            hidden = {(inner, start + at) for number, start, _ in found for inner, at in self._inside.get(number, ())}
            found = [hit for hit in found if hit[0] not in self._inside and hit[:2] not in hidden]
            # a piece of a pattern may be part of a longer word: what the pattern says of that is its own affair
            groups = self._groups(found) | groups & self.of_patterns
        return found, groups

    def _groups(self, found: list[tuple[int, int, int]]) -> int:
        groups, of_word = 0, self.groups_of_word
        for number, _, _ in found:
            groups |= of_word[number]
        return groups

    def group(self, items: Sequence[str]) -> _Group:
        """A new group of these items."""
        words = frozenset(self.numbers[self._normal[item]] for item in items if _is_word(item))
        lexicons = frozenset(item[1:] for item in items if item.startswith("@"))
        patterns = tuple(self._pattern(item[3:]) for item in items if item.startswith("re:"))
        found = self._bit(words, lexicons)
        needed = self._bit(words, lexicons) if patterns else found
        for pattern in patterns:
            self._set_by(needed, pattern.rarest)
        return _Group(found, needed, words, lexicons, patterns)

    def _pattern(self, source: str) -> _Pattern:
        """A pattern with a bit for each piece that it can not do without."""
        known, needs = pieces(source), 0
        for piece in known:
            bit, self._next = self._next, self._next << 1
            self._set_by(bit, piece)
            needs |= bit
        return _Pattern(source, needs, known[0] if known else None)

    def _set_by(self, bit: int, piece: frozenset[str] | None) -> None:
        """The bit is set by each alternative of a piece; where none is known, by every text."""
        self.of_patterns |= bit
        if piece is None:
            self.always |= bit
            return
        for one in piece:
            if one == DIGIT:
                self.digit |= bit
            else:
                self.groups_of_word[self.numbers[one]] |= bit

    def _bit(self, words: frozenset[int], lexicons: frozenset[str]) -> int:
        """A new bit, set by each of these words and lexicons."""
        bit, self._next = self._next, self._next << 1
        for word in words:
            self.groups_of_word[word] |= bit
        for lexicon in lexicons:
            self.groups_of_lexicon[lexicon] = self.groups_of_lexicon.get(lexicon, 0) | bit
        return bit


@attrs.frozen(slots=False)
class _Pattern:
    """A regular expression, the bits of the pieces that it needs, and the piece that is found in the fewest texts."""

    source: str
    needs: int
    rarest: frozenset[str] | None

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text first holds its pieces: most never are."""
        return re.compile(self.source)


@attrs.frozen
class _Group:
    """The alternatives of one group, by sort.

    `found` is the bit set where one of its words or lexicons is there, `needed` the bit without which it can not hold.
    """

    found: int
    needed: int
    words: frozenset[int]
    lexicons: frozenset[str]
    patterns: tuple[_Pattern, ...]


class Asked:
    """One rule ready to be asked. It can only hold where all groups that it `needs` are there and none that it `bars`; where that
    is all that it asks it is `settled`."""

    __slots__ = ("_groups", "_none", "_placed", "_searched", "_signs", "_thread", "bars", "longest", "name", "needs", "rule", "settled")

    def __init__(self, rule: Rule, items: Items) -> None:
        self.rule, self.name, self.longest = rule, "rule:" + rule.id, rule.longest or sys.maxsize
        self._groups, self._none = [items.group(group) for group in rule.all], items.group(rule.none)
        self._signs = tuple(_SIGNS[role] for role in rule.roles)
        self._thread = items.group(rule.thread) if rule.thread else None
        self._searched = [group for group in self._groups if group.patterns]
        in_body = rule.where != "thread"
        self.needs = sum(group.needed for group in self._groups if in_body)
        self.bars = self._none.found
        self._placed = rule.within is not None or rule.inside is not None or rule.where != "anywhere"
        self.settled = not (self._signs or self._thread or self._searched or self._placed or self._none.patterns)

    def holds(self, found: Found) -> bool:
        """Whether it does, where `needs` and `bars` do not speak against it."""
        if self._signs and not all(sign in found.reading.body for sign in self._signs):
            return False
        if self._none.patterns and found.has(self._none):
            return False
        if self._thread and not found.places(self._thread, "thread"):
            return False
        if self._placed:
            return bool(self.places(found))
        return all(map(found.has, self._searched))

    def places(self, found: Found) -> tuple[Place, ...]:
        """One place a group, as near together as the rule asks for; empty where there is no such choice."""
        hits = list[list[Place]]()
        for group in self._groups:
            places = found.places(group, self.rule.where)
            if not places:
                return ()
            hits.append(places)
        if self.rule.inside is None:
            return together(hits, self.rule.within)
        return in_one(hits, self.rule.within, found.stops(self.rule.inside, self.rule.where))


class Found:
    """What of all rules' items stands in one reading; looked up once. `groups` has the bit of every group of which one is there."""

    __slots__ = ("_items", "_lexicons", "_stops", "_words", "groups", "reading")

    def __init__(self, reading: Reading, lexicons: Mapping[str, list[Place]], items: Items) -> None:
        self.reading, self._lexicons, self._items = reading, lexicons, items
        self._stops = dict[tuple[str, str], list[int]]()
        self._words, groups = items.stand(reading.body)
        for lexicon in lexicons:
            groups |= items.groups_of_lexicon.get(lexicon, 0)
        groups |= items.always | items.digit if _DIGIT.search(reading.body) else items.always
        self.groups = groups

    def has(self, group: _Group) -> bool:
        """Whether one of a group's alternatives stands in the body."""
        if self.groups & group.found:
            return True
        for each in group.patterns:  # noqa: SIM110 - a generator takes longer than the search
            if self.groups & each.needs == each.needs and each.pattern.search(self.reading.body):
                return True
        return False

    def places(self, group: _Group, where: str) -> list[Place]:
        """Where they stand, in order."""
        if where == "thread":
            return self._thread_places(group)
        places = [(start, end) for number, start, end in self._words if number in group.words] if group.words else []
        for lexicon, stands in self._lexicons.items():
            if lexicon in group.lexicons:
                places += stands
        for each in group.patterns:
            places += [m.span() for m in each.pattern.finditer(self.reading.body)]
        if where == "head" and places:
            first, last = self.reading.head
            places = [p for p in places if first <= p[0] < last]
        return sorted(places)

    def stops(self, inside: str, where: str) -> list[int]:
        """Where sentences or clauses end; looked up once."""
        if (inside, where) not in self._stops:
            text = self.reading.thread if where == "thread" else self.reading.body
            self._stops[inside, where] = stops(text, inside)
        return self._stops[inside, where]

    def _thread_places(self, group: _Group) -> list[Place]:
        thread = self.reading.thread
        words, _ = self._items.stand(thread)
        places = [(start, end) for number, start, end in words if number in group.words]
        return sorted(places + [m.span() for each in group.patterns for m in each.pattern.finditer(thread)])


def _pieces_of(items: Collection[str]) -> Iterator[str]:
    """The words to look for in a text on account of the patterns among the items: what they can not do without."""
    for item in items:
        if item.startswith("re:"):
            yield from sorted(one for piece in pieces(item[3:]) for one in piece if one != DIGIT)


def _is_word(item: str) -> bool:
    return not item.startswith(("@", "re:"))
