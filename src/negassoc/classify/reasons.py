"""Findings, worked out when somebody looks: every part of every score, so that for each type they sum to it exactly."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload

from negassoc.classify.finding import FOUR_TYPES, AssociationType, Finding, Hit
from negassoc.classify.titles import signal_title
from negassoc.facts import fact_definitions
from negassoc.records import Title
from negassoc.text import OTHER, RIVAL

if TYPE_CHECKING:
    from negassoc.classify.classifier import Knowledge
    from negassoc.classify.reading import Reading
    from negassoc.classify.scores import Answer
    from negassoc.classify.signals import Signals
    from negassoc.classify.weights import Question, Sum
    from negassoc.facts import Facts
    from negassoc.text import Match

_NONE = AssociationType.NONE
WORDING = Title("整体措辞", "the wording as a whole")
"""What a turn of phrase is called that no rule and no word list knows."""
_WORDING_REST = Title("其余措辞", "the rest of the wording")
_MOST_SPANS = 8
_SIGNS = {"rival": RIVAL, "other-bearer": OTHER}
"""Signals that say of whom a name stands in the text."""


class Reasons(Sequence[Finding]):
    """The findings of one verdict; computed on first use and then kept. Equal and picklable as the tuple of them."""

    def __init__(self, knowledge: Knowledge, reading: Reading, signals: Signals | None, facts: Facts, answer: Answer) -> None:
        self._knowledge, self._reading, self._given, self._facts, self._answer = knowledge, reading, signals, facts, answer

    @functools.cached_property
    def _signals(self) -> Signals:
        return self._given or self._knowledge.measure(self._reading)

    @functools.cached_property
    def _all(self) -> tuple[Finding, ...]:
        found = [*self._for_none(), *(f for i, t in enumerate(FOUR_TYPES) for f in self._for_type(i, t))]
        return tuple(sorted(found, key=lambda f: -abs(f.weight)))

    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (self._all,)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._all)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        return self._all[index]

    def __eq__(self, other: object) -> bool:
        return self._all == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._all)

    def __repr__(self) -> str:
        return repr(self._all)

    @property
    def _types(self) -> Question:
        return self._knowledge.weights.statement if self._answer.sums else self._knowledge.weights.kinds

    def _for_none(self) -> Iterator[Finding]:
        if weight := self._answer.unnamed:
            yield Finding(rule="not-named", type=_NONE, weight=weight, title=signal_title("not-named", self._knowledge))
        if weight and not self._answer.sums:
            return
        if self._answer.sums:
            yield from self._findings(_NONE, self._types, self._types.parts(self._signals.values, self._reading.body, len(FOUR_TYPES)), 1.0)
            return
        question = self._knowledge.weights.questions[self._answer.column]
        # the first question is asked as "is something negative said?"; a reason for `none` is one against that
        yield from self._findings(_NONE, question, question.parts(self._signals.values, self._reading.body), -1.0)

    def _for_type(self, column: int, kind: AssociationType) -> Iterator[Finding]:
        question = self._types
        yield from self._findings(kind, question, question.parts(self._signals.values, self._reading.body, column), 1.0)
        for entry in self._knowledge.decision.added_by_rules(self._signals.rules):
            if entry.type is kind:
                name = f"rule:{entry.rule}"
                title = signal_title(name, self._knowledge)
                yield Finding(rule=name, type=kind, weight=entry.weight, title=title, hits=self._hits(name))
        stated = self._facts.stated()
        for weight in self._knowledge.decision.weight:
            if weight.type is kind and stated.get(weight.fact) is weight.value:
                title = fact_definitions()[weight.fact].title
                yield Finding(rule=f"fact:{weight.fact}", type=kind, weight=weight.weight, title=title, fact=weight.fact)

    def _findings(self, kind: AssociationType, question: Question, parts: Sum, sign: float) -> Iterator[Finding]:
        for name, weight in parts.signals:
            if weight:
                yield Finding(rule=name, type=kind, weight=sign * weight, title=signal_title(name, self._knowledge), hits=self._hits(name))
        yield from self._wordings(kind, question, parts, sign)

    def _hits(self, name: str) -> tuple[Hit, ...]:
        if hits := self._signals.hits.get(name):
            return hits
        if places := self._signals.places.get(name):
            return tuple(self._reading.hit(start, end, self._reading.body[start:end]) for start, end in places)
        if sign := _SIGNS.get(name):
            body = self._reading.body
            return tuple(self._reading.hit(at, at + 1, sign) for at, each in enumerate(body) if each == sign)[:_MOST_SPANS]
        sort = name.partition(":")[2]
        key = next((k for k in (name, f"body:{sort}", sort) if k in self._signals.matches), name)
        found = [m for m in self._signals.matches.get(key, ()) if m.suppressed_by is None or not _praises(m)]
        return tuple(self._reading.hit(m.start, m.end, m.term, m.suppressed_by) for m in found[:_MOST_SPANS])

    def _wordings(self, kind: AssociationType, question: Question, parts: Sum, sign: float) -> Iterator[Finding]:
        """Neighbouring runs of characters make one finding, with the sum of their weights; what is too small is gathered in one."""
        if question.index is None or not parts.wordings:
            return
        weights = dict(parts.wordings)
        shares = self._by_character(question, weights)
        rest = sum(weights.values())
        for start, end, weight in stretches(shares):
            rest -= weight
            hit = self._reading.hit(start, end, self._reading.body[start:end])
            yield Finding(rule="wording", type=kind, weight=sign * weight, title=WORDING, hits=(hit,))
        if rest:
            yield Finding(rule="wording-rest", type=kind, weight=sign * rest, title=_WORDING_REST)

    def _by_character(self, question: Question, weights: dict[str, float]) -> list[float]:
        """What each character of the body contributes: a run's weight is split over its places and their characters."""
        shares = [0.0] * len(self._reading.body)
        if question.index is None:
            return shares
        places = list(question.index.places(self._reading.body, frozenset(weights)))
        times = dict[str, int]()
        for run, _, _ in places:
            times[run] = times.get(run, 0) + 1
        for run, start, end in places:
            each = weights[run] / times[run] / (end - start)
            for at in range(start, end):
                shares[at] += each
        return shares


def _praises(match: Match) -> bool:
    """Whether it is nothing but praise: without its force it is no blame that was denied."""
    return all(key.startswith("praise") for key in match.keys)


def stretches(shares: list[float]) -> Iterator[tuple[int, int, float]]:
    """The strongest stretches of one sign, at most as many as a person reads."""
    found, start = list[tuple[int, int, float]](), 0
    signs = [(share > 0) - (share < 0) for share in shares]
    for at in range(1, len(shares) + 1):
        if at == len(shares) or signs[at] != signs[start]:
            if signs[start]:
                found.append((start, at, sum(shares[start:at])))
            start = at
    yield from sorted(found, key=lambda s: -abs(s[2]))[:_MOST_SPANS]
