"""3 · Why does it hang on us?

In: a `Mention`, a `Brand`, stated `Facts`. Out: a `Classification`, which is the sum of its `Finding`s.
Words, rules, weights and thresholds are data in `data/`; a new kind of proof is a finding made here.
"""

from negassoc.classify.classifier import Knowledge, RuleClassifier
from negassoc.classify.finding import FOUR_TYPES, AssociationType, Classification, Finding, Grade, Hit, Span
from negassoc.classify.notices import Notice, NoticeReader
from negassoc.classify.red_lines import Breach, RedLine, RedLines
from negassoc.classify.rules import Rule, RuleSet

__all__ = [
    "FOUR_TYPES", "AssociationType", "Breach", "Classification", "Finding", "Grade", "Hit", "Knowledge", "Notice", "NoticeReader",
    "RedLine", "RedLines", "Rule", "RuleClassifier", "RuleSet", "Span",
]  # fmt: skip
