"""How scores and stated facts become a verdict: one literal table (`decision.toml`) over facts, then costs over probabilities."""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

import attrs

from negassoc.classify.finding import FOUR_TYPES, AssociationType, Grade
from negassoc.errors import DataError, Problem
from negassoc.facts import Facts, fact_definitions
from negassoc.mention import Kind, Mention
from negassoc.records import Title, load_toml

COMPLAINT = AssociationType.CUSTOMER_COMPLAINT
WAYS = frozenset(("post", "answer", "own", "platform", "statement", "close", "between", "chatter", "incident", "contested", "review"))
"""The ways to a verdict, each with thresholds of its own in `[negative]`, `[open]` and `[types]`."""


@attrs.frozen(kw_only=True)
class Row:
    """Where every fact in `when` is stated so and none in `unless` is, the type is `type`.

    `text`: only if the text says something negative, for that a person has bought does not make praise a complaint.
    """

    when: Mapping[str, bool] = attrs.field(hash=False)
    type: AssociationType
    unless: Mapping[str, bool] = attrs.field(factory=dict, hash=False)
    also: tuple[AssociationType, ...] = ()
    text: bool = False

    def fits(self, facts: Facts, *, harmless: bool) -> bool:
        """Whether this row decides; `harmless`: the text says nothing negative."""
        if self.text and harmless:
            return False
        stated = facts.stated()
        return all(stated.get(k) is v for k, v in self.when.items()) and not any(stated.get(k) is v for k, v in self.unless.items())


@attrs.frozen(kw_only=True)
class FactWeight:
    """What a stated fact weighs where it does not decide."""

    fact: str
    value: bool
    type: AssociationType
    weight: float


@attrs.frozen(kw_only=True)
class RuleWeight:
    """What a rule weighs among the four types beside what was learnt of it, once something negative is said at all."""

    rule: str
    type: AssociationType
    weight: float


@attrs.frozen(kw_only=True)
class GradeRow:
    """One reason for a grade; every condition given must hold, of `views` and `interactions` one is enough."""

    grade: Grade
    title: Title
    lexicons: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    types: tuple[AssociationType, ...] = ()
    kinds: tuple[Kind, ...] = ()
    views: int | None = None
    interactions: int | None = None
    followers: int | None = None

    def fits(self, where: Kind, kind: AssociationType, facts: Facts, rules: Container[str], lexicons: Container[str]) -> bool:
        """Whether this reason holds."""
        return (
            (not self.lexicons or any(name in lexicons for name in self.lexicons))
            and (not self.rules or any(name in rules for name in self.rules))
            and (not self.facts or all(facts.get(name) for name in self.facts))
            and (not self.types or kind in self.types)
            and (not self.kinds or where in self.kinds)
        )

    def reached_by(self, reach: tuple[int, int, int]) -> bool:
        """Whether views, interactions or followers are as many as this reason asks for."""
        limits = self.views, self.interactions, self.followers
        if limits == (None, None, None):
            return True
        return any(limit is not None and shown >= limit for shown, limit in zip(reach, limits, strict=True))


@attrs.frozen(kw_only=True)
class Incident:
    """What is told with one of these rules is a statement already below this probability of chatter: harm and dealings with staff are
    told in few and plain words, and missing them is dear. `limit` from 0 (never) to 1, `rules` their ids."""

    limit: float = 0.0
    rules: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class Doubt:
    """What is no statement is harmless where the five sums call it negative with less than `sums`, unless the careful question does with
    `careful` or more; both from 0 (never) to 1."""

    sums: float = 0.0
    careful: float = 0.0


@attrs.frozen(kw_only=True)
class Unnamed:
    """A post that names nobody is weighed only below this probability of chatter (`limit`, from 0, never, to 1), and that it names nobody
    speaks with `weight` for `none`."""

    limit: float = 0.0
    weight: float = 0.0


@attrs.frozen(kw_only=True)
class Customer:
    """Who tells with one of `rules` of a purchase, a payment or a harm of their own, and with none of `unless`, speaks as a customer."""

    rules: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()

    def speaks(self, rules: Iterable[str]) -> bool:
        """Whether these rules together say so."""
        return not self.rules.isdisjoint(rules) and self.unless.isdisjoint(rules)


@attrs.frozen(kw_only=True)
class Hint:
    """A fact that is worth finding out only where the text hints at it by one of these rules or lexicons."""

    fact: str
    rules: frozenset[str] = frozenset()
    lexicons: frozenset[str] = frozenset()

    def given(self, rules: Iterable[str], lexicons: Iterable[str]) -> bool:
        """Whether it does."""
        return not (self.rules.isdisjoint(rules) and self.lexicons.isdisjoint(lexicons))


@attrs.frozen(kw_only=True)
class TypeLimits:
    """Shares among the four types: what counts as `also`, below what nothing is decided, what the type that caution chose must have."""

    also_at: float
    said_at: float
    decided_at: float


@attrs.frozen(kw_only=True, eq=False)
class Decision:
    """The whole of `decision.toml`; two are the same only if they are one, so that what it says of the same facts is worked out once.

    Chatter that the careful question calls negative with a probability below `chatter_floor` is not weighed any further.
    """

    checked_on: dt.date
    chatter_floor: float = 0.0
    negative: Mapping[str, float] = attrs.field(hash=False)
    open: Mapping[str, float] = attrs.field(hash=False)
    statement: Mapping[str, float] = attrs.field(hash=False)
    types: Mapping[str, dict[str, float]] = attrs.field(hash=False)
    limits: TypeLimits
    row: tuple[Row, ...]
    weight: tuple[FactWeight, ...] = ()
    whose: tuple[RuleWeight, ...] = ()
    grade: tuple[GradeRow, ...]
    hint: tuple[Hint, ...] = ()
    incident: Incident = Incident()
    doubt: Doubt = Doubt()
    unnamed: Unnamed = Unnamed()
    customer: Customer = Customer()

    @classmethod
    def load(cls, pack: Path) -> Decision:
        """Read `decision.toml` of a pack directory; `DataError` with every mistake, unknown facts included."""
        path = pack / "decision.toml"
        decision = load_toml(path, cls)
        named = {name for row in decision.row for name in (*row.when, *row.unless)}
        named |= {weight.fact for weight in decision.weight} | {hint.fact for hint in decision.hint}
        unknown = named - set(Facts.names())
        problems = [Problem(str(path), f"unknown fact {name!r}", key=name) for name in sorted(unknown)]
        for table, given in (("negative", decision.negative), ("open", decision.open), ("types", decision.types)):
            missing = sorted((WAYS | {"customer"} if table == "types" else WAYS) - given.keys())
            problems += [Problem(str(path), f"[{table}] lacks {name!r}", key=f"{table}.{name}") for name in missing]
        if problems:
            raise DataError(problems)
        return decision

    @property
    def rules(self) -> frozenset[str]:
        """The ids of all rules that the table names."""
        named = self.incident.rules | self.customer.rules | self.customer.unless | self._graded_by[0] | self._hinted_by[0]
        return named | {entry.rule for entry in self.whose}

    def by_facts(self, facts: Facts, *, harmless: bool = False) -> Row | None:
        """The first row that the stated facts fit, None where they decide nothing."""
        return next((row for row in self.row if row.fits(facts, harmless=harmless)), None) if facts.stated() else None

    def added_by(self, facts: Facts) -> Mapping[AssociationType, float]:
        """What the stated facts that do not decide alone add to the score of each type."""
        stated, added = facts.stated(), dict[AssociationType, float]()
        for entry in self.weight if stated else ():
            if stated.get(entry.fact) is entry.value:
                added[entry.type] = added.get(entry.type, 0.0) + entry.weight
        return added

    def added_by_rules(self, rules: Container[str]) -> Sequence[RuleWeight]:
        """What the rules that hold add to the scores of the types: whose affair it is, if something negative is said."""
        return [entry for entry in self.whose if entry.rule in rules]

    def by_text(
        self, kind: str, negative: float, shares: Mapping[AssociationType, float], rules: Iterable[str] = ()
    ) -> tuple[AssociationType, tuple[AssociationType, ...]]:
        """Type and `also` by the thresholds of `kind`: `negative` is the probability that something negative is said, `shares` are those
        of the four types if so, `rules` the ids of those that hold: who speaks as a customer is the harder to call an attacker."""
        if negative < self.open[kind]:
            return AssociationType.NONE, ()
        ranked = sorted(FOUR_TYPES, key=shares.__getitem__, reverse=True)
        needs = self.types[kind] | self.types["customer"] if self.customer.speaks(rules) else self.types[kind]
        # what may come from a customer is treated as a customer's until the evidence is strong
        first = next((t for t in ranked if shares[t] >= needs.get(t, 0.0)), COMPLAINT)
        too_little = shares[ranked[0]] < self.limits.decided_at or shares[first] < self.limits.said_at
        if negative < self.negative[kind] or too_little:
            return AssociationType.UNDETERMINED, ()
        return first, tuple([t for t in ranked if t is not first and shares[t] >= self.limits.also_at])

    def wanted(
        self,
        facts: Facts,
        kind: AssociationType,
        likely: Iterable[AssociationType],
        rules: Iterable[str] = (),
        lexicons: Iterable[str] = (),
    ) -> tuple[str, ...]:
        """The unknown facts that would prove the type or change it to another likely one, those first that it pays to find out. A fact
        with a `[[hint]]` is among them only where the rules or lexicons of the text hint at it."""
        some_rules, some_lexicons = self._hinted_by
        return _wanted(self, facts, kind, tuple(likely), some_rules.intersection(rules), some_lexicons.intersection(lexicons))

    @functools.cached_property
    def _hinted_by(self) -> tuple[frozenset[str], frozenset[str]]:
        """The rules and the lexicons that may hint at a fact."""
        return frozenset[str]().union(*(h.rules for h in self.hint)), frozenset[str]().union(*(h.lexicons for h in self.hint))

    def grade_of(
        self, mention: Mention, kind: AssociationType, facts: Facts, rules: Iterable[str], lexicons: Iterable[str]
    ) -> tuple[Grade | None, tuple[Title, ...]]:
        """Severity and why; None where nothing negative is said. What is settled counts one grade lower."""
        if kind is AssociationType.NONE:
            return None, ()
        reach, (some_rules, some_lexicons) = _reach(mention), self._graded_by
        reached = self._reached(reach) if any(reach) else self._unseen
        return _grade(self, reached, mention.kind, kind, facts, some_rules.intersection(rules), some_lexicons.intersection(lexicons))

    @functools.cached_property
    def _graded_by(self) -> tuple[frozenset[str], frozenset[str]]:
        """The rules and the lexicons that a grade may rest on."""
        rules, lexicons = (name for row in self.grade for name in row.rules), (name for row in self.grade for name in row.lexicons)
        return frozenset(rules), frozenset(lexicons)

    def _reached(self, reach: tuple[int, int, int]) -> tuple[int, ...]:
        """The numbers of the reasons for which the reach is enough."""
        return tuple([number for number, row in enumerate(self.grade) if row.reached_by(reach)])

    @functools.cached_property
    def _unseen(self) -> tuple[int, ...]:
        """Those that no reach is needed for."""
        return self._reached((0, 0, 0))


@functools.lru_cache(maxsize=1024)
def _grade(  # noqa: PLR0913, PLR0917 - what it is remembered by
    decision: Decision,
    reached: tuple[int, ...],
    where: Kind,
    kind: AssociationType,
    facts: Facts,
    rules: frozenset[str],
    lexicons: frozenset[str],
) -> tuple[Grade, tuple[Title, ...]]:
    row = next(row for row in map(decision.grade.__getitem__, reached) if row.fits(where, kind, facts, rules, lexicons))
    grades = tuple(Grade)
    lower = 1 if facts.resolved else 0
    return grades[min(grades.index(row.grade) + lower, 3)], (row.title,)


@functools.lru_cache(maxsize=1024)
def _wanted(  # noqa: PLR0913, PLR0917 - what it is remembered by
    decision: Decision,
    facts: Facts,
    kind: AssociationType,
    likely: tuple[AssociationType, ...],
    rules: frozenset[str],
    lexicons: frozenset[str],
) -> tuple[str, ...]:
    stated, hinted = facts.stated(), {hint.fact for hint in decision.hint if hint.given(rules, lexicons)}
    unhinted = {hint.fact for hint in decision.hint} - hinted
    asked = {kind, *likely}
    rows = [
        row for row in decision.row if asked.issuperset((row.type, *row.also)) and all(stated.get(k, v) is v for k, v in row.when.items())
    ]
    names = {name for row in rows for name in row.when if name not in stated} - unhinted
    return tuple(name for name in fact_definitions() if name in names)


def probability(score: float) -> float:
    """The logistic function, safe at both ends."""
    return 1 / (1 + math.exp(-score)) if score > -700 else 0.0


def shares(scores: Mapping[AssociationType, float]) -> dict[AssociationType, float]:
    """Softmax over the four types."""
    known = [scores[t] for t in FOUR_TYPES]
    top = max(known)
    raw = [math.exp(score - top) for score in known]
    total = sum(raw)
    return {t: value / total for t, value in zip(FOUR_TYPES, raw, strict=True)}


def _reach(mention: Mention) -> tuple[int, int, int]:
    """Views, interactions and followers as far as they are shown; what is not shown can not raise a grade."""
    counts = mention.engagement
    interactions = sum([c.value for c in (counts.likes, counts.comments, counts.collects, counts.shares) if c])
    return counts.views.value if counts.views else 0, interactions, mention.author.followers or 0


@functools.cache
def packaged_decision() -> Decision:
    """The decision table of the packaged pack."""
    return Decision.load(Path(__file__).parent.parent / "data")
