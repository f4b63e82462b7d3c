"""Rules: which words must stand together, where and in what kind of mention, for a reason to hold. They are data (`rules/*.toml`).

A rule's weight for each question is learnt where it occurs in labelled mentions; `weight` is what it counts until then.
"""

from __future__ import annotations

import functools
import operator
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from negassoc.brand import Brand
from negassoc.classify.asking import Asked, Found, Items
from negassoc.classify.finding import AssociationType
from negassoc.classify.reading import Reading, Situation
from negassoc.errors import DataError, Problem, UnknownNameError
from negassoc.mention import Kind, Mention
from negassoc.records import Title, load_toml
from negassoc.text import Roles, TermIndex, beside_words, load_lexicons

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from negassoc.classify.places import Place
    from negassoc.classify.signals import Signals

_Where: TypeAlias = tuple[Kind, Situation, bool]
"""The kind of a mention, its situation, and whether the thread is known."""
Role: TypeAlias = Literal["brand", "product", "rival", "other"]

_MOST_REMEMBERED = 4096

_LIST: Final = "list:"
"""Before the name of a list of the rule's own file."""
_PACKAGED = Path(__file__).parent.parent / "data"
EXAMPLE_BRAND = Brand(
    "示例茶",
    aliases=("SHILI",),
    products=("示例乌龙",),
    competitors=("对手茶",),
    not_this_brand=("示例酒店",),
    key="example",
    industry="奶茶",
    city="杭州",
)
"""The made-up brand that rule examples speak of."""


_BESIDE = "{beside}"
_UNKNOWN_LIST = re.compile(r"(?<!\\)\{[a-z_]+\}")


def _all_spelled_out(groups: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(_spelled_out, groups))


def _spelled_out(items: tuple[str, ...]) -> tuple[str, ...]:
    """The items with the words of `data/trades.toml` in the place of `{beside}` in a pattern."""
    return tuple(map(_filled_in, items))


def _filled_in(item: str) -> str:
    return item.replace(_BESIDE, "|".join(map(re.escape, beside_words()))) if item.startswith("re:") and _BESIDE in item else item


@attrs.frozen(kw_only=True)
class Rule:
    """One rule. Each group of `all` must be found, within `within` characters of one another if that is given and all of them inside of
    one sentence (or clause) if `inside` says so; nothing of `none` may.

    An item is a word, `@lexicon` (or `@other_trade` and the like: `negassoc.text.SURROUNDINGS`, `ALIKE`), or `re:` and a regular
    expression over the normal form, in which `{beside}` is any word that makes the one before it only a landmark (旁, 对面: `beside` in
    `data/trades.toml`). In a file, `list:name` stands for all items of that list under its `[lists]`. `roles` must be named in the text.
    `thread`: words or patterns of which one must stand in the title or the beginning of the post above it.
    `longest`: in a longer text, title and all, it does not hold; of what was told at length a few words say little.
    `facet` is what a complaint of this sort is about (`health`, `refund`, …), where no word of the facet's own stands in the text.
    `least` is the least that it counts for its type (of a rule for `none`: against anything negative), for what is too rare to learn.
    `match` and `not_match` are examples about the made-up brand 示例茶; they are run as tests. With `thread` their first line is the
    title of the post above.
    """

    id: str
    type: AssociationType
    title: Title
    all: tuple[tuple[str, ...], ...] = attrs.field(converter=_all_spelled_out)
    none: tuple[str, ...] = attrs.field(default=(), converter=_spelled_out)
    within: int | None = None
    inside: Literal["sentence", "clause"] | None = None
    where: Literal["anywhere", "head", "thread"] = "anywhere"
    kinds: tuple[Kind, ...] = ()
    situations: tuple[Situation, ...] = ()
    roles: tuple[Role, ...] = ()
    thread: tuple[str, ...] = attrs.field(default=(), converter=_spelled_out)
    longest: int | None = None
    facet: str | None = None
    weight: float = 1.0
    least: float = 0.0
    match: tuple[str, ...]
    not_match: tuple[str, ...]

    def asked_of(self, kind: Kind, situation: Situation, in_thread: bool) -> bool:
        """Whether it can hold at all for such a mention."""
        right_kind = not self.kinds or kind in self.kinds
        return (
            right_kind
            and (not self.situations or situation in self.situations)
            and (in_thread or not (self.thread or self.where == "thread"))
        )


@attrs.frozen(kw_only=True)
class _RuleFile:
    rule: tuple[Rule, ...] = ()
    longer: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    lists: dict[str, tuple[str, ...]] = attrs.field(factory=dict)

    def rules(self, path: Path) -> tuple[list[Rule], list[Problem]]:
        """The rules with the items of the file's lists in the place of their names, and what names no list."""
        lists = {_LIST + name: items for name, items in self.lists.items()}
        named = [(rule.id, item) for rule in self.rule for item in _items(rule) if item.startswith(_LIST)]
        problems = [
            Problem(str(path), f"rule {rule}: {item!r} names no list under [lists] of this file", key=rule)
            for rule, item in named
            if item not in lists
        ]
        return [_with_lists(rule, lists) if lists else rule for rule in self.rule], problems


def _with_lists(rule: Rule, lists: Mapping[str, tuple[str, ...]]) -> Rule:
    def whole(items: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each for item in items for each in lists.get(item, (item,)))

    return attrs.evolve(rule, all=tuple(map(whole, rule.all)), none=whole(rule.none), thread=whole(rule.thread))


class Fired:
    """A rule that holds; the ranges that make it hold are looked up when somebody asks."""

    __slots__ = ("_asked", "_found", "name", "rule")

    def __init__(self, asked: Asked, found: Found) -> None:
        self.rule: Rule = asked.rule
        self.name: str = asked.name
        """The name of the signal it sets."""
        self._asked, self._found = asked, found

    @property
    def places(self) -> tuple[Place, ...]:
        """The ranges of the body (of the thread title where the rule looks there)."""
        return self._asked.places(self._found)


class RuleSet:
    """Rules by id, ready to be asked. `|` lays another set over this one: same id replaces, new ids are added.

    `longer` has, for a word, the longer words inside of which it is not meant: a rule that asks for 不认 does not find it in 不认识.
    """

    def __init__(self, rules: Sequence[Rule], longer: Mapping[str, Sequence[str]] | None = None) -> None:
        self.rules: dict[str, Rule] = {rule.id: rule for rule in rules}
        self.longer: dict[str, tuple[str, ...]] = {word: tuple(longs) for word, longs in (longer or {}).items()}
        groups = [group for rule in rules for group in (*rule.all, rule.none, rule.thread)]
        self._items = Items(dict.fromkeys(item for group in groups for item in group), self.longer)
        self._asked = tuple(Asked(rule, self._items) for rule in self.rules.values())
        self._askable = dict[_Where, list[Asked]]()
        self._candidates = dict[tuple[_Where, int], list[Asked]]()
        self._telling = functools.reduce(operator.or_, (asked.needs | asked.bars for asked in self._asked), 0)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (tuple(self.rules.values()), self.longer)

    def __len__(self) -> int:
        return len(self.rules)

    def __or__(self, other: RuleSet) -> RuleSet:
        return RuleSet(tuple((self.rules | other.rules).values()), _both(self.longer, other.longer))

    @classmethod
    def load(cls, pack: str | Path) -> RuleSet:
        """Read `rules/*.toml` of a pack directory; `DataError` with every mistake as `path:line`."""
        rules, longer, problems = list[Rule](), dict[str, tuple[str, ...]](), list[Problem]()
        for path in sorted((Path(pack) / "rules").glob("*.toml")):
            try:
                read = load_toml(path, _RuleFile)
                whole, unknown = read.rules(path)
                if path.parent != _PACKAGED / "rules":  # whose patterns the tests have tried
                    problems += [problem for rule in whole for problem in _bad_patterns(rule, path)]
                problems += [*unknown, *_bad_longer(read.longer, path)]
                rules += whole
                longer = _both(longer, read.longer)
            except DataError as error:
                problems += error.problems
        seen = set[str]()
        problems += [Problem(str(pack), f"rule id {r.id!r} is used twice", key=r.id) for r in rules if r.id in seen or seen.add(r.id)]  # type: ignore[func-returns-value]
        if problems:
            raise DataError(problems)
        return cls(rules, longer)

    def get(self, rule_id: str) -> Rule:
        """One rule; `UnknownNameError` if there is none of that id."""
        if rule_id not in self.rules:
            raise UnknownNameError("rule", rule_id, self.rules)
        return self.rules[rule_id]

    def asking(self, *lexicons: str) -> frozenset[str]:
        """The ids of the rules that ask for one of these lexicons.

        >>> sorted(packaged_rules().asking("name_sounds_alike"))
        ['like-name-by-sound']
        """
        asked = {f"@{lexicon}" for lexicon in lexicons}
        return frozenset(rule.id for rule in self.rules.values() if any(not asked.isdisjoint(group) for group in rule.all))

    def fired(self, reading: Reading, signals: Signals) -> list[Fired]:
        """The rules that hold for a reading, in the order of their ids' file."""
        found = Found(reading, signals.lexicons, self._items)
        candidates = self._possible((reading.mention.kind, reading.situation, bool(reading.thread)), found.groups)
        size = len(reading.body)
        return [Fired(asked, found) for asked in candidates if size <= asked.longest and (asked.settled or asked.holds(found))]

    def _possible(self, where: _Where, there: int) -> list[Asked]:
        """The rules that can hold where these groups are there; remembered, for in short texts the same few come again and again."""
        there &= self._telling
        known = self._candidates.get((where, there))
        if known is None:
            if len(self._candidates) >= _MOST_REMEMBERED:
                self._candidates.clear()
            known = [asked for asked in self._asked_of(where) if asked.needs & there == asked.needs and not asked.bars & there]
            self._candidates[where, there] = known
        return known

    def _asked_of(self, where: _Where) -> list[Asked]:
        """The rules that are asked of mentions of this kind in this situation; worked out once for each."""
        if where not in self._askable:
            self._askable[where] = [asked for asked in self._asked if asked.rule.asked_of(*where)]
        return self._askable[where]

    def check_examples(self) -> list[Problem]:
        """Every example that does not do what it stands for."""
        roles, index, problems = Roles(EXAMPLE_BRAND), TermIndex(load_lexicons()), list[Problem]()
        for rule in self.rules.values():
            problems += [Problem(rule.id, f"should match: {text}") for text in rule.match if not self._holds(rule, text, roles, index)]
            problems += [Problem(rule.id, f"should not match: {text}") for text in rule.not_match if self._holds(rule, text, roles, index)]
        return problems

    def _holds(self, rule: Rule, text: str, roles: Roles, index: TermIndex) -> bool:
        from negassoc.classify.signals import signals_of  # which are set by rules that hold

        reading = _reading_of_example(rule, text, roles)
        return any(fired.rule is rule for fired in self.fired(reading, signals_of(reading, index)))


def _reading_of_example(rule: Rule, text: str, roles: Roles) -> Reading:
    """An example as the kind of mention, in the place and the situation, that the rule asks for."""
    if rule.where == "thread" or rule.thread:
        thread, _, said = text.partition("\n")
        mention = Mention(said or "。", thread_title=thread, kind=Kind.COMMENT)
    else:
        kind = rule.kinds[0] if rule.kinds else Kind.NOTICE if rule.situations == ("platform",) else Kind.NOTE
        mention = Mention(text, kind=kind, platform="xiaohongshu")
    reading = Reading.of(mention, roles)
    if rule.situations and reading.situation not in rule.situations:
        return attrs.evolve(reading, situation=rule.situations[0])
    return reading


def _items(rule: Rule) -> Iterator[str]:
    """All that it asks for, in order."""
    for group in (*rule.all, rule.none, rule.thread):
        yield from group


def _bad_patterns(rule: Rule, path: Path) -> Iterator[Problem]:
    for item in (item for item in _items(rule) if item.startswith("re:")):
        try:
            re.compile(item[3:])
        except re.error as error:
            yield Problem(str(path), f"rule {rule.id}: {item!r} is no regular expression: {error}", key=rule.id)
        if unknown := _UNKNOWN_LIST.search(item):
            yield Problem(str(path), f"rule {rule.id}: {unknown[0]} stands for no list of words; known is {_BESIDE}", key=rule.id)


def _both(one: Mapping[str, Sequence[str]], other: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The longer words of both, for every word."""
    return {word: tuple(dict.fromkeys((*one.get(word, ()), *other.get(word, ())))) for word in (*one, *other)}


def _bad_longer(longer: Mapping[str, Sequence[str]], path: Path) -> Iterator[Problem]:
    for word, longs in longer.items():
        for outer in (each for each in longs if word == each or word not in each):
            yield Problem(str(path), f"{outer!r} does not hold {word!r} and more", key=word)


@functools.cache
def packaged_rules() -> RuleSet:
    """The rules of the packaged pack; read once."""
    return RuleSet.load(_PACKAGED)
