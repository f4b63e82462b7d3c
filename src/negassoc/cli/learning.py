"""One `fit`: weights learnt from labelled mentions, and how these are judged before, after, and by weights that have not seen them."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from negassoc.brand import Brand
from negassoc.classify import AssociationType
from negassoc.classify.classifier import Knowledge, RuleClassifier
from negassoc.classify.evaluate import Evaluation, Outcome, evaluate
from negassoc.classify.fit import Example, fit_weights, folds_of
from negassoc.classify.labelled import Labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.classify.weights import Weights

FOLDS, ENOUGH = 3, 30
"""Into how many parts the mentions are divided for the estimate, and from how many mentions on there is one."""
_FEW_RIGHT = 0.2
"""Below this share of right verdicts the mentions were surely picked because the verdicts were wrong."""


@attrs.frozen
class Lesson:
    """Labelled mentions, each naming its brand by key, and the knowledge to start from."""

    records: Sequence[Labelled]
    brands: Mapping[str, Brand] = attrs.field(hash=False)
    knowledge: Knowledge

    @functools.cached_property
    def examples(self) -> tuple[Example, ...]:
        """The mentions as the learner sees them."""
        readers = {key: RuleClassifier(brand, self.knowledge) for key, brand in self.brands.items()}
        return tuple(self._example(record, readers[record.mention.brand or ""]) for record in self.records)

    def _example(self, record: Labelled, reader: RuleClassifier) -> Example:
        reading = reader.read(record.mention)
        signals = self.knowledge.measure(reading)
        return Example(reading, signals.values, record.label, asked=self.knowledge.way(reading, signals))

    @functools.cached_property
    def weights(self) -> Weights:
        """What is learnt from all of them."""
        return fit_weights(self.examples, start=self.knowledge.weights)

    @property
    def before(self) -> Evaluation:
        """How they are judged by the weights there were."""
        return self._judged(self.records, self.knowledge.weights)

    @property
    def after(self) -> Evaluation:
        """How they are judged by the weights learnt from them."""
        return self._judged(self.records, self.weights)

    @property
    def left_out(self) -> Evaluation | None:
        """How each is judged by weights learnt from the other folds; None where there are too few mentions to tell."""
        if len(self.records) < ENOUGH:
            return None
        parts = zip(self.records, self.examples, folds_of(self.examples, FOLDS), strict=True)
        pairs = [(record, example, fold) for record, example, fold in parts]
        outcomes = list[Outcome]()
        for fold in range(FOLDS):
            learnt = fit_weights([example for _, example, other in pairs if other != fold], start=self.knowledge.weights)
            outcomes += self._judged([record for record, _, own in pairs if own == fold], learnt).outcomes
        return Evaluation(tuple(outcomes))

    def _judged(self, records: Sequence[Labelled], weights: Weights) -> Evaluation:
        knowledge = attrs.evolve(self.knowledge, weights=weights)
        return evaluate(records, self.brands, lambda brand: RuleClassifier(brand, knowledge))

    def told(self, lang: str) -> Iterator[str]:
        """The figures side by side, and what they are worth."""
        zh, before, left_out = lang == "zh", self.before, self.left_out
        yield _line("原来的规则包" if zh else "the pack before", before, lang)
        yield _line("学过之后，这些提及本身" if zh else "the new pack, on what it learnt from", self.after, lang)
        yield _FLATTERS[lang]
        if left_out is None:
            yield _TOO_FEW[lang]
        else:
            yield _line(_LEFT_OUT[lang], left_out, lang)
            yield _changes(before, left_out, lang)
        if (before.accuracy or 0) < _FEW_RIGHT:
            yield _ONLY_WRONG[lang]


_LEFT_OUT = {
    "zh": f"分 {FOLDS} 份，每条由没学过它的权重判",
    "en": f"left out, each judged by what was learnt from the others ({FOLDS} folds)",
}
_FLATTERS = {
    "zh": "  上一行是在学过的文字上量的，偏好看，不能说明对新的提及也这么准。",
    "en": "  The line above is measured on the texts that were learnt from: it flatters, and does not hold for new mentions.",
}
_TOO_FEW = {
    "zh": f"  不足 {ENOUGH} 条，留一部分不学来估计不可靠，故不给；请用另外标注的提及量：negassoc evaluate … --pack",
    "en": f"  Fewer than {ENOUGH} mentions are too few to leave some out for an estimate; measure on others: negassoc evaluate … --pack",
}
_ONLY_WRONG = {
    "zh": "  标注的几乎全是判错的：请也放进一些判对的，否则看不出学了之后哪些会变差。",
    "en": "  Nearly all of these were judged wrong before: add some that were right, else nothing shows what gets worse.",
}


def _line(name: str, found: Evaluation, lang: str) -> str:
    pairs = [outcome.pair for outcome in found.outcomes]
    right = sum(truth is said for truth, said in pairs)
    complaints = [said for truth, said in pairs if truth is AssociationType.CUSTOMER_COMPLAINT]
    harmless = [said for truth, said in pairs if truth is AssociationType.NONE]
    attacked, mixed = (complaints.count(kind) for kind in (AssociationType.MALICIOUS_ATTACK, AssociationType.ALGORITHM_MISJUDGMENT))
    alarms = sum(said.negative for said in harmless)
    if lang == "zh":
        taken = f"投诉当成攻击 {attacked}/{len(complaints)}，当成误判 {mixed}/{len(complaints)}"
        return f"{name}：{len(pairs)} 条判对 {right} 条；{taken}；误报 {alarms}/{len(harmless)}"
    taken = f"complaints called attacks {attacked} of {len(complaints)}, called mix-ups {mixed} of {len(complaints)}"
    return f"{name}: {right} of {len(pairs)} right, {taken}, false alarms {alarms} of {len(harmless)}"


def _changes(before: Evaluation, after: Evaluation, lang: str) -> str:
    """How many verdicts became right and how many wrong, a mention at a time."""
    was = {id(outcome.record): outcome.cost == 0 for outcome in before.outcomes}
    now = [(was[id(outcome.record)], outcome.cost == 0) for outcome in after.outcomes]
    mended, spoilt = now.count((False, True)), now.count((True, False))
    if lang == "zh":
        return f"  与原来相比，没学过的提及里 {mended} 条改对，{spoilt} 条改错。"
    return f"  Of mentions not learnt from, {mended} become right and {spoilt} wrong."
