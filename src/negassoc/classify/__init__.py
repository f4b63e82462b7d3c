"""3 · Why does it hang on us?

In: a `Mention`, a `Brand`, stated `Facts`. Out: a `Classification`, which is the sum of its `Finding`s.
Words, rules, weights and thresholds are data in `data/`; a new kind of proof is a finding made here.
"""

from negassoc.classify.finding import FOUR_TYPES, AssociationType, Classification, Finding, Grade, Hit, Span

__all__ = ["FOUR_TYPES", "AssociationType", "Classification", "Finding", "Grade", "Hit", "Span"]
