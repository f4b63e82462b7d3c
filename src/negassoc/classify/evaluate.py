"""How good verdicts are, against labels that people gave: the figures of `negassoc evaluate`."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import attrs

from negassoc.classify.finding import FOUR_TYPES, AssociationType, Classification
from negassoc.classify.labelled import Labelled
from negassoc.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from negassoc.brand import Brand
    from negassoc.protocols import Classifier
    from negassoc.records import Json

Pair: TypeAlias = tuple[AssociationType, AssociationType]

_OWN, _ATTACK, _COMPLAINT, _MISJUDGED, _NONE, _OPEN = AssociationType
_COSTS: dict[Pair, float] = {
    (_COMPLAINT, _ATTACK): 10, (_OWN, _MISJUDGED): 6, (_MISJUDGED, _OWN): 5, (_NONE, _ATTACK): 5, (_ATTACK, _COMPLAINT): 2,
    (_NONE, _OWN): 3, (_NONE, _MISJUDGED): 3, (_NONE, _COMPLAINT): 2, **{(label, _NONE): 4 for label in FOUR_TYPES},
}  # fmt: skip
_OPEN_COST, _OTHER_COST = 1.0, 3.0
_BINS = 10


def cost(truth: AssociationType, said: AssociationType) -> float:
    """What it costs to say `said` where `truth` holds: the worst is to call a customer an attacker.

    >>> cost(AssociationType.CUSTOMER_COMPLAINT, AssociationType.MALICIOUS_ATTACK)
    10
    """
    if truth is said:
        return 0.0
    return _OPEN_COST if said is _OPEN else _COSTS.get((truth, said), _OTHER_COST)


@attrs.frozen
class Outcome:
    """One labelled mention, and the verdict on it."""

    record: Labelled
    verdict: Classification

    @property
    def pair(self) -> Pair:
        """The true label and what was said."""
        return self.record.label, self.verdict.type

    @property
    def cost(self) -> float:
        """What this verdict costs; 0 if it is right."""
        return cost(*self.pair)


@attrs.frozen(kw_only=True)
class LabelScore:
    """One label's figures, each 0…1; where nothing was given the label its precision is 0. `support` is how many truly have it."""

    precision: float
    recall: float
    f1: float
    support: int


@attrs.frozen
class Evaluation:
    """Verdicts held against labels. `undetermined` is a wrong answer; what a set cannot tell (no complaint in it) is None.

    `seconds` is the time that classifying took, None if it was not measured.
    """

    outcomes: tuple[Outcome, ...]
    seconds: float | None = attrs.field(default=None, kw_only=True)

    @property
    def n(self) -> int:
        """How many mentions."""
        return len(self.outcomes)

    @property
    def labels(self) -> tuple[AssociationType, ...]:
        """The labels that occur, in the order of the types."""
        true = {outcome.record.label for outcome in self.outcomes}
        return tuple(label for label in AssociationType if label in true)

    @property
    def accuracy(self) -> float | None:
        """Share of right answers."""
        return _share(self.outcomes, lambda truth, said: truth is said)

    @property
    def by_label(self) -> dict[AssociationType, LabelScore]:
        """Precision, recall and F1 of each label that occurs."""
        pairs = Counter(outcome.pair for outcome in self.outcomes)
        return {label: _score(label, pairs) for label in self.labels}

    @property
    def macro_f1(self) -> float | None:
        """Mean F1 over the labels that occur."""
        return _mean([score.f1 for score in self.by_label.values()])

    @property
    def confusion(self) -> dict[AssociationType, dict[AssociationType, int]]:
        """For each label that occurs, how often each answer was given, `undetermined` included."""
        pairs = Counter(outcome.pair for outcome in self.outcomes)
        return {truth: {said: pairs[truth, said] for said in AssociationType} for truth in self.labels}

    @property
    def complaint_as_attack(self) -> float | None:
        """Share of true complaints called an attack, the worst error."""
        return _share(self.outcomes, lambda _, said: said is _ATTACK, among=lambda truth, _: truth is _COMPLAINT)

    @property
    def false_alarms(self) -> float | None:
        """Share of the harmless that were given one of the four types."""
        return _share(self.outcomes, lambda _, said: said.negative, among=lambda truth, _: truth is _NONE)

    @property
    def undetermined(self) -> float | None:
        """Share left undecided."""
        return _share(self.outcomes, lambda _, said: said is _OPEN)

    @property
    def decided_accuracy(self) -> float | None:
        """Share of right answers among those decided."""
        return _share(self.outcomes, lambda truth, said: truth is said, among=lambda _, said: said is not _OPEN)

    @property
    def ece(self) -> float | None:
        """Expected calibration error of what was decided: how far confidence and accuracy lie apart, over ten equal bins."""
        bins: dict[int, list[tuple[float, bool]]] = {}
        for outcome in self.outcomes:
            truth, said = outcome.pair
            if said is not _OPEN:
                confidence = outcome.verdict.probability
                bins.setdefault(min(int(confidence * _BINS), _BINS - 1), []).append((confidence, truth is said))
        decided = sum(map(len, bins.values()))
        return sum(abs(sum(right - confidence for confidence, right in part)) for part in bins.values()) / decided if decided else None

    @property
    def mean_cost(self) -> float | None:
        """Mean cost of a verdict, by `cost`."""
        return _mean([outcome.cost for outcome in self.outcomes])

    @property
    def mentions_per_second(self) -> float | None:
        """Verdicts a second, classifying alone."""
        return self.n / self.seconds if self.seconds else None

    def worst(self, count: int = 10) -> list[Outcome]:
        """The costliest errors, the surest of them first."""
        wrong = [outcome for outcome in self.outcomes if outcome.cost]
        return sorted(wrong, key=lambda o: (-o.cost, -o.verdict.probability, o.record.mention.id))[:count]

    def to_record(self) -> dict[str, Json]:
        """As `evaluate --json` prints it."""
        return {
            "n": self.n, "accuracy": self.accuracy, "macro_f1": self.macro_f1,
            "by_label": {label.value: attrs.asdict(score) for label, score in self.by_label.items()},
            "confusion": {truth.value: {said.value: n for said, n in row.items()} for truth, row in self.confusion.items()},
            "complaint_as_attack": self.complaint_as_attack, "false_alarms": self.false_alarms, "undetermined": self.undetermined,
            "decided_accuracy": self.decided_accuracy, "ece": self.ece, "mean_cost": self.mean_cost,
            "mentions_per_second": self.mentions_per_second,
        }  # fmt: skip


def evaluate(
    records: Iterable[Labelled],
    brands: Mapping[str, Brand],
    classifier: Callable[[Brand], Classifier],
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> Evaluation:
    """Classify each record for the brand it names, with `classifier(brand)` made once a brand, and hold the verdicts against the labels.

    No fact is stated. Duplicates are not merged. `UnknownNameError` where a record names a brand that is not among `brands`.
    """
    made: dict[str, Classifier] = {}
    outcomes, seconds = list[Outcome](), 0.0
    for record in records:
        key = record.mention.brand or ""
        if key not in brands:
            raise UnknownNameError("brand", key, brands)
        judge = made[key] if key in made else made.setdefault(key, classifier(brands[key]))
        began = clock()
        verdict = judge.classify(record.mention)
        seconds += clock() - began
        outcomes.append(Outcome(record, verdict))
    return Evaluation(tuple(outcomes), seconds=seconds)


def _score(label: AssociationType, pairs: Counter[Pair]) -> LabelScore:
    hit = pairs[label, label]
    given = sum(n for (_, said), n in pairs.items() if said is label)
    support = sum(n for (truth, _), n in pairs.items() if truth is label)
    return LabelScore(precision=hit / given if given else 0.0, recall=hit / support, f1=2 * hit / (given + support), support=support)


def _share(
    outcomes: Sequence[Outcome],
    wanted: Callable[[AssociationType, AssociationType], bool],
    *,
    among: Callable[[AssociationType, AssociationType], bool] = lambda _truth, _said: True,
) -> float | None:
    return _mean([float(wanted(*outcome.pair)) for outcome in outcomes if among(*outcome.pair)])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
