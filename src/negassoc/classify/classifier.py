"""The classifier: reads a mention, weighs its signals, rules and wordings, and decides, facts first."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.classify.decision import Decision, probability, shares
from negassoc.classify.finding import FOUR_TYPES, AssociationType, Classification
from negassoc.classify.official import notice_signals, red_line_signals
from negassoc.classify.reading import Reading
from negassoc.classify.reasons import Reasons
from negassoc.classify.rules import Rule, RuleSet
from negassoc.classify.scores import NOTHING_KNOWN, Answer, Chances, Scores, chances_of, scores_of
from negassoc.classify.signals import Signals, fact_values, signals_of
from negassoc.classify.weights import CHATTER, DATA, Weights
from negassoc.errors import DataError, Problem
from negassoc.facts import Facts
from negassoc.mention import Mention
from negassoc.text import Roles, TermIndex, load_lexicons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negassoc.brand import Brand
    from negassoc.protocols import Segmenter

_NONE = AssociationType.NONE
_ATTACK = FOUR_TYPES.index(AssociationType.MALICIOUS_ATTACK)
_MIX_UP = AssociationType.ALGORITHM_MISJUDGMENT
_WORTH_ASKING = 0.25
"""A type with less than this share is not worth finding out facts for."""
_LONG = 60
"""Characters from which a post is long."""
_GRAVE = frozenset(("health", "food_safety", "safety"))
"""What a mention is about first, whatever else it is about."""
NOT_NAMED = 12.0
"""What it weighs for `none` that nothing points to the brand: more than any words can."""


@attrs.frozen(eq=False)
class Knowledge:
    """What a classifier knows: lexicons, rules, weights and the decision table of one pack, ready for use."""

    index: TermIndex
    rules: RuleSet
    weights: Weights
    decision: Decision

    def __repr__(self) -> str:
        return f"<Knowledge: {len(self.rules)} rules, {len(self.index.lexicons)} lexicons>"

    def measure(self, reading: Reading) -> Signals:
        """All signals of a reading, with a signal for each rule that holds."""
        signals = signals_of(reading, self.index)
        if reading.situation == "own":
            red_line_signals(reading, signals)
        elif reading.situation == "platform":
            notice_signals(reading, signals)
        if fired := self.rules.fired(reading, signals):
            signals.hold(fired)
            if facets := [each.rule.facet for each in fired if each.rule.facet]:
                signals.facets = tuple(dict.fromkeys(sorted((*signals.facets, *facets), key=lambda facet: facet not in _GRAVE)))
        return signals

    def answer(self, reading: Reading, signals: Signals | None = None) -> tuple[Answer, Signals | None]:
        """Whether something negative is said, and the signals if they had to be measured for it (or were given)."""
        if reading.unnamed_post:
            return self._unnamed(reading, signals)
        if reading.situation == "review":
            return self._one_by_one(reading, signals)
        chatter = self._chatter(reading)
        if chatter < self._limit(reading):
            return self._statement(reading, signals or self.measure(reading))
        return self._told_as_chatter(reading, signals or self.measure(reading), chatter)

    def _unnamed(self, reading: Reading, signals: Signals | None) -> tuple[Answer, Signals | None]:
        """A post that names nobody, or only another bearer of the name, is the brand's affair only where it is surely negative, in the
        first case told like a statement too, and its blame is not the rival's who is named. What stands under a thread about somebody
        else never is."""
        limits = self.decision.unnamed
        if not reading.mention.kind.is_answer and (reading.other_bearer or self._chatter(reading) < limits.limit):
            signals = signals or self.measure(reading)
            *types, none = self.weights.statement.totals(signals.values, reading.body)
            answer = Answer.at_once("statement", (*types, none + limits.weight), unnamed=limits.weight)
            about_rival = reading.rival and max(types) != types[_ATTACK]
            if probability(answer.score) >= self.decision.open[answer.kind] and not about_rival:
                return answer, signals
        return Answer("post", "post", -NOT_NAMED, unnamed=NOT_NAMED), signals

    def way(self, reading: Reading, signals: Signals) -> str:
        """How it is judged: `statement` (at once), `post` or `review` (is anything negative said, and then of which type).

        A statement about the brand is told otherwise than the chatter that a stream is full of. `signals` are what `measure` gave for it.
        """
        answer, _ = self.answer(reading, signals)
        return "review" if reading.situation == "review" else "statement" if answer.sums else "post"

    def _limit(self, reading: Reading) -> float:
        """Below which probability of chatter it is a statement; in a long post how it is told can be heard more surely."""
        limits, long = self.decision.statement, reading.situation == "post" and len(reading.body) >= _LONG
        usual = limits.get(reading.situation, 0.0)
        return limits.get("long", usual) if long else usual

    def _chatter(self, reading: Reading) -> float:
        """How likely it is told like chatter; what the platform and the brand itself say never is."""
        if reading.situation in {"own", "platform"}:
            return 0.0
        return probability(self.weights.questions[CHATTER].total({}, reading.body))

    def _tells_incident(self, signals: Signals) -> bool:
        rules = self.decision.incident.rules
        return any(fired.rule.id in rules for fired in signals.fired)

    def _statement(self, reading: Reading, signals: Signals) -> tuple[Answer, Signals]:
        """What is told like a statement, by the thresholds of what it tells or of who says it."""
        if reading.situation not in {"post", "answer"}:
            return self._at_once(reading, signals, reading.situation)
        return self._incident(reading, signals) if self._tells_incident(signals) else self._at_once(reading, signals, "statement")

    def _at_once(self, reading: Reading, signals: Signals, kind: str) -> tuple[Answer, Signals]:
        return Answer.at_once(kind, self.weights.statement.totals(signals.values, reading.body)), signals

    def _incident(self, reading: Reading, signals: Signals) -> tuple[Answer, Signals]:
        """By the five sums; where they find it harmless and the careful question does not, it is contested, and a person looks."""
        at_once, _ = self._at_once(reading, signals, "incident")
        limits = self.decision.open
        if probability(at_once.score) >= limits["incident"]:
            return at_once, signals
        careful, _ = self._one_by_one(reading, signals)
        contested = probability(careful.score) >= limits["contested"]
        return (attrs.evolve(careful, kind="contested") if contested else at_once), signals

    def _told_as_chatter(self, reading: Reading, signals: Signals, chatter: float) -> tuple[Answer, Signals | None]:
        """At once if an incident is told, or if the five sums are sure enough to outweigh the careful question, which decides else. They
        are not even added up for chatter that it finds plainly harmless, or for a post of chatter without a word of blame."""
        if chatter < self.decision.incident.limit and self._tells_incident(signals):
            return self._incident(reading, signals)
        careful, _ = self._one_by_one(reading, signals)
        chance, kind = probability(careful.score), self._manner(reading, chatter)
        if kind == CHATTER and (chance < self.decision.chatter_floor or signals.blameless_post):
            return careful, signals
        at_once, _ = self._at_once(reading, signals, kind)
        return (at_once if self._outweighs(at_once, careful) else careful), signals

    def _outweighs(self, at_once: Answer, careful: Answer) -> bool:
        """Whether the five sums are so sure of something negative, or of nothing, that the careful question is not asked."""
        sums, chance, limits = probability(at_once.score), probability(careful.score), self.decision
        if chance >= limits.open[careful.kind]:
            return sums >= limits.negative[at_once.kind] or (sums < limits.doubt.sums and chance < limits.doubt.careful)
        return sums >= limits.open[at_once.kind]

    def _manner(self, reading: Reading, chatter: float) -> str:
        """How it is told that is no statement: `close` to one, `between` the two, or like chatter. What is not listed is never so told."""
        ways = ("long_between",) if len(reading.body) >= _LONG else ("close", "between")
        limits = self.decision.statement if reading.situation == "post" else {}
        told = next((way for way in ways if chatter < limits.get(way, 0.0)), CHATTER)
        return told.removeprefix("long_")

    def _one_by_one(self, reading: Reading, signals: Signals | None) -> tuple[Answer, Signals | None]:
        """Chatter and reviews: first whether anything negative is said; of which type is another question."""
        column = "review" if reading.situation == "review" else "post"
        question = self.weights.questions[column]
        signals = signals or (self.measure(reading) if question.asks_for_more else None)
        values = signals.values if signals else fact_values(reading, self.index) if question.asks_signals else {}
        return Answer(reading.situation, column, question.total(values, reading.body)), signals

    @classmethod
    def default(cls) -> Knowledge:
        """The packaged pack; loaded once."""
        return _packaged()

    @classmethod
    def load(cls, pack: str | Path) -> Knowledge:
        """A pack directory laid over the packaged one: its lexicons and rules are added (same id replaces), its weights and decision
        table, where it has them, take the place of the packaged ones. `DataError` with every mistake."""
        path, base = Path(pack), cls.default()
        if not path.is_dir():
            raise DataError([Problem(str(path), "no such pack: a directory with lexicons/, rules/ or weights/ is expected")])
        own = load_lexicons(path)
        index = TermIndex((*(x for x in base.index.lexicons.values() if x.id not in {o.id for o in own}), *own)) if own else base.index
        rules = base.rules | RuleSet.load(path) if (path / "rules").is_dir() else base.rules
        weights = Weights.load(path) if (path / "weights").is_dir() else base.weights
        decision = Decision.load(path) if (path / "decision.toml").is_file() else base.decision
        return cls(index, rules, weights.knowing(own_rules(rules, base.rules)), decision)


def own_rules(rules: RuleSet, packaged: RuleSet) -> list[Rule]:
    """The rules that the packaged pack does not have."""
    return [rule for rule in rules.rules.values() if rule.id not in packaged.rules]


@functools.cache
def _packaged() -> Knowledge:
    return Knowledge(TermIndex(load_lexicons()), RuleSet.load(DATA), Weights.load(DATA), Decision.load(DATA))


def _known(given: Knowledge | str | Path | None) -> Knowledge:
    if isinstance(given, str | Path):
        return Knowledge.load(given)
    if given is not None and not isinstance(given, Knowledge):
        raise DataError([Problem("knowledge", f"expected a pack's directory or its `knowledge`, found a {type(given).__name__}")])
    return given or Knowledge.default()


class RuleClassifier:
    """Decides why a mention hangs on one brand. Thread-safe, picklable, and the same verdict every time.

    >>> from negassoc import Brand
    >>> classifier = RuleClassifier(Brand("示例茶"))
    >>> classifier.classify("示例茶喝完拉肚子，客服已读不回，要求退款").type.value
    'customer_complaint'
    >>> classifier.classify("示例茶真好喝，闭眼入不踩雷").type.value
    'none'
    """

    def __init__(self, brand: Brand, knowledge: Knowledge | str | Path | None = None, *, segmenter: Segmenter | None = None) -> None:
        """`knowledge` is the packaged pack unless one, or the path of one, is given; `segmenter` finds word boundaries (jieba)."""
        self.brand = brand
        self.knowledge = _known(knowledge)
        self.roles = Roles(brand, segmenter)

    def __repr__(self) -> str:
        return f"<RuleClassifier {self.brand.name}>"

    def read(self, mention: Mention | str) -> Reading:
        """How a mention is read for this brand; `knowledge.measure(reading)` is what is measured of it, and what `fit` learns from."""
        return Reading.of(Mention.of(mention), self.roles)

    def classify(self, mention: Mention | str, facts: Facts | None = None) -> Classification:
        """The verdict on one mention (a bare string is a note), with what is known beyond the text."""
        reading = self.read(mention)
        answer, signals = self.knowledge.answer(reading)
        return self._verdict(reading, signals, NOTHING_KNOWN if facts is None else Facts.of(facts), answer)

    def classify_all(self, mentions: Iterable[Mention | str], facts: Mapping[str, Facts] | None = None) -> list[Classification]:
        """The verdicts on many, in order (a lone text is one); `facts` by mention id.

        For a stream too long for a list: `map(classifier.classify, …)`.
        """
        known, several = facts or {}, [mentions] if isinstance(mentions, str) else mentions
        return [self.classify(mention, known.get(mention.id)) for mention in map(Mention.of, several)]

    def _verdict(self, reading: Reading, signals: Signals | None, facts: Facts, answer: Answer) -> Classification:
        decision, negative = self.knowledge.decision, probability(answer.score)
        harmless = negative < decision.open[answer.kind]
        row = decision.by_facts(facts, harmless=harmless) if facts is not NOTHING_KNOWN else None
        if row is None and harmless:
            return self._harmless(reading, signals, facts, answer)
        signals = signals or self.knowledge.measure(reading)
        scores = scores_of(self.knowledge, reading, signals, facts, answer)
        by_type = shares(scores)
        chances = chances_of(negative, by_type)
        kind, also = (row.type, row.also) if row else decision.by_text(answer.kind, negative, by_type, signals.rules)
        likely = tuple([t for t in FOUR_TYPES if by_type[t] >= _WORTH_ASKING or (answer.unnamed and t is _MIX_UP)]) if row is None else ()
        grade, why = decision.grade_of(reading.mention, kind, facts, signals.rules, signals.lexicons)
        return Classification(
            mention=reading.mention,
            brand=self.brand,
            type=kind,
            also=also,
            suspected=row is None,
            probability=1.0 if row else chances[kind] if kind in chances else max(chances.values()),
            probabilities=chances,
            scores=scores,
            grade=grade,
            grade_reasons=why,
            facets=signals.facets,
            findings=Reasons(self.knowledge, reading, signals, facts, answer),
            wanted=decision.wanted(facts, kind, likely, signals.rules, signals.lexicons) if row is None else (),
            facts=facts,
        )

    def _harmless(self, reading: Reading, signals: Signals | None, facts: Facts, answer: Answer) -> Classification:
        scores = Scores(self.knowledge, reading, signals, facts, answer)
        return Classification(
            mention=reading.mention, brand=self.brand, type=_NONE, suspected=False, probability=1 - probability(answer.score),
            probabilities=Chances(scores), scores=scores, grade=None,
            findings=Reasons(self.knowledge, reading, signals, facts, answer), facts=facts,
        )  # fmt: skip
