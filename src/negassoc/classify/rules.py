"""Rules: which words must stand together, where and in what kind of mention, for a reason to hold. They are data (`rules/*.toml`).

A rule's weight for each question is learnt where it occurs in labelled mentions; `weight` is what it counts until then.
"""

from __future__ import annotations

import bisect
import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import ahocorasick_rs
import attrs

from negassoc.brand import Brand
from negassoc.classify.finding import AssociationType
from negassoc.classify.reading import Reading, Situation
from negassoc.errors import DataError, Problem, UnknownNameError
from negassoc.mention import Kind, Mention
from negassoc.records import Title, load_toml
from negassoc.text import BRAND, OTHER, PRODUCT, RIVAL, Roles, normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from negassoc.classify.signals import Signals

Place: TypeAlias = tuple[int, int]
Role: TypeAlias = Literal["brand", "product", "rival", "other"]

_SIGNS: Mapping[str, str] = {"brand": BRAND, "product": PRODUCT, "rival": RIVAL, "other": OTHER}

EXAMPLE_BRAND = Brand(
    "示例茶", aliases=("SHILI",), products=("示例乌龙",), competitors=("对手茶",), not_this_brand=("示例酒店",), key="example"
)
"""The made-up brand that rule examples speak of."""


@attrs.frozen(kw_only=True)
class Rule:
    """One rule. Each group of `all` must be found, within `within` characters of one another if that is given; nothing of `none` may.

    An item is a word, `@lexicon`, or `re:` and a regular expression over the normal form. `roles` must be named in the text.
    `least` is the least that it counts as a sign of something negative, for what a real stream is too poor in to learn from.
    `match` and `not_match` are examples about the made-up brand 示例茶; they are run as tests.
    """

    id: str
    type: AssociationType
    title: Title
    all: tuple[tuple[str, ...], ...]
    none: tuple[str, ...] = ()
    within: int | None = None
    where: Literal["anywhere", "head", "thread"] = "anywhere"
    kinds: tuple[Kind, ...] = ()
    situations: tuple[Situation, ...] = ()
    roles: tuple[Role, ...] = ()
    weight: float = 1.0
    least: float = 0.0
    match: tuple[str, ...]
    not_match: tuple[str, ...]

    def asked_of(self, kind: Kind, situation: Situation, in_thread: bool) -> bool:
        """Whether it can hold at all for such a mention."""
        right_kind = not self.kinds or kind in self.kinds
        return right_kind and (not self.situations or situation in self.situations) and (in_thread or self.where != "thread")


@attrs.frozen(kw_only=True)
class _RuleFile:
    rule: tuple[Rule, ...]


@attrs.frozen
class Fired:
    """A rule that holds, and the ranges of the body (of the thread title where the rule looks there) that make it hold."""

    rule: Rule
    places: tuple[Place, ...]

    @property
    def name(self) -> str:
        """The name of the signal it sets."""
        return "rule:" + self.rule.id


class RuleSet:
    """Rules by id, ready to be asked. `|` lays another set over this one: same id replaces, new ids are added."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules: dict[str, Rule] = {rule.id: rule for rule in rules}
        words = dict.fromkeys(normal(item) for rule in rules for group in (*rule.all, rule.none) for item in group if _is_word(item))
        self._words = tuple(words)
        self._index = ahocorasick_rs.AhoCorasick(self._words)
        self._groups = {rule.id: ([_Group(g) for g in rule.all], _Group(rule.none)) for rule in rules}
        self._triggers, self._always = self._sorted_by_trigger()
        self._askable = dict[tuple[Kind, Situation, bool], frozenset[int]]()

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (tuple(self.rules.values()),)

    def __len__(self) -> int:
        return len(self.rules)

    def __or__(self, other: RuleSet) -> RuleSet:
        return RuleSet(tuple((self.rules | other.rules).values()))

    @classmethod
    def load(cls, pack: str | Path) -> RuleSet:
        """Read `rules/*.toml` of a pack directory; `DataError` with every mistake as `path:line`."""
        rules, problems = list[Rule](), list[Problem]()
        for path in sorted((Path(pack) / "rules").glob("*.toml")):
            try:
                read = load_toml(path, _RuleFile).rule
                problems += [problem for rule in read for problem in _bad_patterns(rule, path)]
                rules += read
            except DataError as error:
                problems += error.problems
        seen = set[str]()
        problems += [Problem(str(pack), f"rule id {r.id!r} is used twice", key=r.id) for r in rules if r.id in seen or seen.add(r.id)]  # type: ignore[func-returns-value]
        if problems:
            raise DataError(problems)
        return cls(rules)

    def get(self, rule_id: str) -> Rule:
        """One rule; `UnknownNameError` if there is none of that id."""
        if rule_id not in self.rules:
            raise UnknownNameError("rule", rule_id, self.rules)
        return self.rules[rule_id]

    def fired(self, reading: Reading, signals: Signals) -> list[Fired]:
        """The rules that hold for a reading, in the order of their ids' file."""
        found = _Found(reading, signals, self._words, self._index)
        possible = set(self._always)
        for key in found.triggers():
            possible.update(self._triggers.get(key, ()))
        possible &= self._asked_of(reading)
        return [fired for number in sorted(possible) if (fired := self._try(self._ordered[number], reading, found))]

    def _asked_of(self, reading: Reading) -> frozenset[int]:
        """The rules that are asked of mentions of this kind in this situation; worked out once for each."""
        key = reading.mention.kind, reading.situation, bool(reading.thread)
        if key not in self._askable:
            self._askable[key] = frozenset(number for number, rule in enumerate(self._ordered) if rule.asked_of(*key))
        return self._askable[key]

    def _sorted_by_trigger(self) -> tuple[dict[str, list[int]], list[int]]:
        """For each word and lexicon the rules that need one of its group; the rest must always be tried."""
        triggers, always = dict[str, list[int]](), list[int]()
        self._ordered = tuple(self.rules.values())
        for number, rule in enumerate(self._ordered):
            group = next((g for g in self._groups[rule.id][0] if not g.patterns), None)
            if group is None or rule.where == "thread":
                always.append(number)
                continue
            for key in (*group.words, *("@" + name for name in group.lexicons)):
                triggers.setdefault(key, []).append(number)
        return triggers, always

    def _try(self, rule: Rule, reading: Reading, found: _Found) -> Fired | None:
        if rule.roles and any(_SIGNS[role] not in reading.body for role in rule.roles):
            return None
        groups, none = self._groups[rule.id]
        if rule.where != "thread" and not all(map(found.may_hold, groups)):
            return None
        hits = list[list[Place]]()
        for group in groups:
            places = found.places(group, rule.where)
            if not places:
                return None
            hits.append(places)
        if found.places(none, "anywhere"):
            return None
        together = _together(hits, rule.within)
        return Fired(rule, together) if together else None

    def check_examples(self) -> list[Problem]:
        """Every example that does not do what it stands for."""
        from negassoc.text import TermIndex, load_lexicons

        roles, index, problems = Roles(EXAMPLE_BRAND), TermIndex(load_lexicons()), list[Problem]()
        for rule in self.rules.values():
            problems += [Problem(rule.id, f"should match: {text}") for text in rule.match if not self._holds(rule, text, roles, index)]
            problems += [Problem(rule.id, f"should not match: {text}") for text in rule.not_match if self._holds(rule, text, roles, index)]
        return problems

    def _holds(self, rule: Rule, text: str, roles: Roles, index: object) -> bool:
        from negassoc.classify.signals import signals_of
        from negassoc.text import TermIndex

        kind = rule.kinds[0] if rule.kinds else Kind.NOTICE if rule.situations == ("platform",) else Kind.NOTE
        mention = Mention(text, kind=kind, platform="xiaohongshu")
        if rule.where == "thread":
            mention = Mention("。", thread_title=text, kind=Kind.COMMENT)
        reading = Reading.of(mention, roles)
        if rule.situations and reading.situation not in rule.situations:
            reading = attrs.evolve(reading, situation=rule.situations[0])
        signals = signals_of(reading, index) if isinstance(index, TermIndex) else None
        return signals is not None and any(fired.rule is rule for fired in self.fired(reading, signals))


class _Group:
    """The alternatives of one group, by sort."""

    def __init__(self, items: Sequence[str]) -> None:
        self.words = frozenset(normal(item) for item in items if _is_word(item))
        self.lexicons = frozenset(item[1:] for item in items if item.startswith("@"))
        self.patterns = tuple(re.compile(item[3:]) for item in items if item.startswith("re:"))


class _Found:
    """What of all rules' items stands in one reading; looked up once."""

    def __init__(self, reading: Reading, signals: Signals, words: tuple[str, ...], index: ahocorasick_rs.AhoCorasick) -> None:
        self._reading, self._words, self._index = reading, words, index
        self._by_word = self._scan(reading.body)
        self._in_thread: dict[str, list[Place]] | None = None
        self._by_lexicon = signals.lexicons

    def triggers(self) -> list[str]:
        """The words found, and the lexicons with an @ before them."""
        return [*self._by_word, *("@" + name for name in self._by_lexicon)]

    def _scan(self, text: str) -> dict[str, list[Place]]:
        found = dict[str, list[Place]]()
        for key, start, end in self._index.find_matches_as_indexes(text, overlapping=True):
            found.setdefault(self._words[key], []).append((start, end))
        return found

    def may_hold(self, group: _Group) -> bool:
        """The quick no: none of a group's words is there, and it has no pattern."""
        return bool(group.patterns) or not group.words.isdisjoint(self._by_word) or not group.lexicons.isdisjoint(self._by_lexicon)

    def places(self, group: _Group, where: str) -> list[Place]:
        if where == "thread":
            return self._thread_places(group)
        places = [place for word in self._by_word.keys() & group.words for place in self._by_word[word]]
        places += [place for lexicon in self._by_lexicon.keys() & group.lexicons for place in self._by_lexicon[lexicon]]
        places += [m.span() for pattern in group.patterns for m in pattern.finditer(self._reading.body)]
        if where == "head" and places:
            first, last = self._reading.head
            places = [p for p in places if first <= p[0] < last]
        return sorted(places)

    def _thread_places(self, group: _Group) -> list[Place]:
        if self._in_thread is None:
            self._in_thread = self._scan(self._reading.thread)
        places = [place for word in group.words if word in self._in_thread for place in self._in_thread[word]]
        return sorted(places + [m.span() for pattern in group.patterns for m in pattern.finditer(self._reading.thread)])


def _bad_patterns(rule: Rule, path: Path) -> Iterator[Problem]:
    for item in (item for group in (*rule.all, rule.none) for item in group if item.startswith("re:")):
        try:
            re.compile(item[3:])
        except re.error as error:
            yield Problem(str(path), f"rule {rule.id}: {item!r} is no regular expression: {error}", key=rule.id)


def _is_word(item: str) -> bool:
    return not item.startswith(("@", "re:"))


def _together(hits: list[list[Place]], within: int | None) -> tuple[Place, ...]:
    """One place a group, all within the given distance of the first group's; empty if there is no such choice."""
    if within is None:
        return tuple(places[0] for places in hits)
    for anchor in hits[0]:
        chosen = [anchor, *(_nearest(places, anchor[0]) for places in hits[1:])]
        if all(min(abs(p[0] - anchor[1]), abs(anchor[0] - p[1]), abs(p[0] - anchor[0])) <= within for p in chosen):
            return tuple(chosen)
    return ()


def _nearest(places: list[Place], at: int) -> Place:
    """The place that begins nearest to `at`; `places` are in order, and of two as near the first is taken."""
    after = bisect.bisect_left(places, (at, 0))
    around = places[max(0, after - 1) : after + 1]
    return min(around, key=lambda place: abs(place[0] - at))


@functools.cache
def packaged_rules() -> RuleSet:
    """The rules of the packaged pack; read once."""
    return RuleSet.load(Path(__file__).parent.parent / "data")
