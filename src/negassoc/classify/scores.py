"""Scores and probabilities, worked out when somebody looks: of nine mentions in ten nobody asks which type they would be."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from negassoc.classify.decision import probability, shares
from negassoc.classify.finding import FOUR_TYPES, AssociationType
from negassoc.facts import Facts

if TYPE_CHECKING:
    from negassoc.classify.classifier import Knowledge
    from negassoc.classify.reading import Reading
    from negassoc.classify.signals import Signals

_NONE = AssociationType.NONE
NOTHING_KNOWN: Final = Facts()
"""No fact at all, which is what is known of most."""


@attrs.frozen
class Answer:
    """What the first question came to: which column was asked in the end, the score, and the margin it had to overcome."""

    column: str
    score: float
    margin: float = 0.0


def scores_of(knowledge: Knowledge, reading: Reading, signals: Signals, facts: Facts, negative: float) -> dict[AssociationType, float]:
    """The five sums of one verdict."""
    scores = dict(zip(FOUR_TYPES, knowledge.weights.kinds.totals(signals.values, reading.body), strict=True))
    for kind, weight in knowledge.decision.added_by(facts).items() if facts is not NOTHING_KNOWN else ():
        scores[kind] += weight
    scores[_NONE] = -negative
    return scores


class _Lazy(Mapping[AssociationType, float]):
    """A number for each of the four types and `none`; equal to and pickled as the plain dictionary."""

    @functools.cached_property
    def _numbers(self) -> Mapping[AssociationType, float]:
        return self._worked_out()

    def _worked_out(self) -> Mapping[AssociationType, float]:
        raise NotImplementedError

    def __getitem__(self, kind: AssociationType) -> float:
        return self._numbers[kind]

    def __iter__(self) -> Iterator[AssociationType]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __eq__(self, other: object) -> bool:
        return dict(self._numbers) == dict(other) if isinstance(other, Mapping) else NotImplemented

    def __reduce__(self) -> tuple[object, ...]:
        return dict, (dict(self._numbers),)

    def __repr__(self) -> str:
        return repr(dict(self._numbers))

    __hash__ = None  # type: ignore[assignment]  # a mapping, like a dictionary


class Scores(_Lazy):
    """The five sums of a verdict on something harmless."""

    def __init__(self, knowledge: Knowledge, reading: Reading, signals: Signals | None, facts: Facts, negative: float) -> None:
        self._made_of, self._negative = (knowledge, reading, signals, facts), negative

    def __getitem__(self, kind: AssociationType) -> float:
        return -self._negative if kind is _NONE else self._numbers[kind]

    def _worked_out(self) -> Mapping[AssociationType, float]:
        knowledge, reading, signals, facts = self._made_of
        return scores_of(knowledge, reading, signals or knowledge.measure(reading), facts, self._negative)


class Chances(_Lazy):
    """The five probabilities: that nothing negative is said, and the rest shared out among the four types."""

    def __init__(self, scores: Mapping[AssociationType, float]) -> None:
        self._scores = scores

    def _worked_out(self) -> Mapping[AssociationType, float]:
        return chances_of(probability(-self._scores[_NONE]), shares(self._scores))


def chances_of(negative: float, by_type: Mapping[AssociationType, float]) -> dict[AssociationType, float]:
    """The chance that something negative is said, shared out among the four types, and that nothing is."""
    chances = {t: negative * share for t, share in by_type.items()}
    chances[_NONE] = 1 - negative
    return chances
