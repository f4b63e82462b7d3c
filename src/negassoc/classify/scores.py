"""Scores and probabilities, worked out when somebody looks: of nine mentions in ten nobody asks which type they would be."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
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


@attrs.frozen(slots=False)  # made faster so, and many are made
class Answer:
    """Whether something negative is said: the log-odds of it, and which column was asked in the end.

    Of a statement all five sums are taken at once, in the order of `STATEMENT`; the log-odds follow from them. `kind` is by which
    thresholds it is decided. `unnamed`: how much of the score of `none` is that nothing points to the brand.
    """

    kind: str
    column: str
    score: float
    sums: tuple[float, ...] | None = None
    unnamed: float = 0.0

    @property
    def none(self) -> float:
        """The score of `none`."""
        return self.sums[-1] if self.sums else -self.score

    @classmethod
    def at_once(cls, kind: str, sums: Sequence[float], unnamed: float = 0.0) -> Answer:
        """The answer that the five sums of a statement give."""
        *types, none = sums
        top = max(types)
        return cls(kind, "statement", top + math.log(sum(math.exp(t - top) for t in types)) - none, sums=tuple(sums), unnamed=unnamed)


def scores_of(knowledge: Knowledge, reading: Reading, signals: Signals, facts: Facts, answer: Answer) -> dict[AssociationType, float]:
    """The five sums of one verdict."""
    by_text = answer.sums or knowledge.weights.kinds.totals(signals.values, reading.body)
    scores = dict(zip(FOUR_TYPES, by_text, strict=False))
    for entry in knowledge.decision.added_by_rules(signals.rules):
        scores[entry.type] += entry.weight
    for kind, weight in knowledge.decision.added_by(facts).items() if facts is not NOTHING_KNOWN else ():
        scores[kind] += weight
    scores[_NONE] = answer.none
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

    def __init__(self, knowledge: Knowledge, reading: Reading, signals: Signals | None, facts: Facts, answer: Answer) -> None:
        self._made_of, self.answer = (knowledge, reading, signals, facts), answer

    def __getitem__(self, kind: AssociationType) -> float:
        return self.answer.none if kind is _NONE else self._numbers[kind]

    def _worked_out(self) -> Mapping[AssociationType, float]:
        knowledge, reading, signals, facts = self._made_of
        return scores_of(knowledge, reading, signals or knowledge.measure(reading), facts, self.answer)


class Chances(_Lazy):
    """The five probabilities: that nothing negative is said, and the rest shared out among the four types."""

    def __init__(self, scores: Scores) -> None:
        self._scores = scores

    def _worked_out(self) -> Mapping[AssociationType, float]:
        return chances_of(probability(self._scores.answer.score), shares(self._scores))


def chances_of(negative: float, by_type: Mapping[AssociationType, float]) -> dict[AssociationType, float]:
    """The chance that something negative is said, shared out among the four types, and that nothing is."""
    chances = {t: negative * share for t, share in by_type.items()}
    chances[_NONE] = 1 - negative
    return chances
