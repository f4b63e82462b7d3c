"""Which findings speak for a verdict and which against it, and where in the text they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from negassoc.classify import FOUR_TYPES, AssociationType, Finding, Hit
from negassoc.classify.explain import quote
from negassoc.classify.quoting import whole, widened
from negassoc.classify.telling import contrary
from negassoc.report.markup import Mark, Side
from negassoc.report.words import word

if TYPE_CHECKING:
    from negassoc.classify import Classification
    from negassoc.classify.finding import Field, Span

_LEAST = 0.005  # what would be shown as 0.00
_SHOWN = 6  # a text in which everything is highlighted says nothing


@attrs.frozen
class Reason:
    """A finding seen from the verdict: `support` is above zero where it speaks for it, below where it speaks against it."""

    finding: Finding
    support: float

    @property
    def tells(self) -> bool:
        """Rests on a stated fact, or on words that a rule or a lexicon knows; not on length, place or mere wording."""
        return self.finding.fact is not None or (bool(self.finding.hits) and self.finding.rule != "wording")

    @property
    def side(self) -> Side:
        """For or against, as marks are coloured."""
        return "for" if self.support > 0 else "against"


def likeliest(verdict: Classification) -> AssociationType:
    """The verdict's type, or the likeliest of the four where it is undetermined."""
    if verdict.type is not AssociationType.UNDETERMINED:
        return verdict.type
    return max(FOUR_TYPES, key=lambda kind: verdict.probabilities.get(kind, 0.0))


def reasons(verdict: Classification) -> list[Reason]:
    """What moves the verdict, each proof once: those that stand in the text or on a fact first, then by strength.

    A proof counts by what it says against `none`, and by how much more it gives to the verdict's type than to the others on average.
    What weighs against its own meaning is left out, and words that speak for the verdict are not shown as speaking against it too.
    """
    groups = dict[tuple[str, tuple[Hit, ...]], list[Finding]]()
    for finding in verdict.findings:
        groups.setdefault((finding.rule, finding.hits), []).append(finding)
    kind = likeliest(verdict)
    found = [Reason(group[0], _support(group, verdict)) for group in groups.values()]
    found = [reason for reason in found if abs(reason.support) > _LEAST and not contrary(reason.finding, kind, reason.support)]
    said = {hit.span for reason in found if reason.support > 0 and reason.tells for hit in reason.finding.hits}
    found = [reason for reason in found if reason.support > 0 or not _already(reason.finding, said)]
    return sorted(found, key=lambda reason: (not reason.tells, -abs(reason.support)))


def _already(finding: Finding, said: set[Span]) -> bool:
    return bool(finding.hits) and all(hit.span in said for hit in finding.hits)


def marks(verdict: Classification, field: Field, lang: str) -> list[Mark]:
    """What to highlight in one field: the hits of the few reasons that tell most, and hits that an allowed phrase disarmed.

    Mere wording is highlighted only where nothing else is.
    """
    found = reasons(verdict)
    telling = ([reason for reason in found if reason.tells] or found)[:_SHOWN]
    here = [_mark(hit, reason.side, reason.finding, lang) for reason in telling for hit in reason.finding.hits if hit.span.field == field]
    disarmed = ((hit, finding) for finding in verdict.findings for hit in finding.hits if hit.suppressed_by and hit.span.field == field)
    return [*here, *(_mark(hit, "mute", finding, lang) for hit, finding in disarmed)]


def _mark(hit: Hit, side: Side, finding: Finding, lang: str) -> Mark:
    if hit.suppressed_by:
        return Mark(hit.span.start, hit.span.end, "mute", word("disarmed", lang, phrase=hit.suppressed_by))
    return Mark(hit.span.start, hit.span.end, side, finding.title.of(lang))


def quotes(finding: Finding, verdict: Classification, limit: int = 3) -> list[str]:
    """The original words a finding rests on, each once, in whole words as `why()` quotes them."""
    mention = verdict.mention
    hits = (attrs.evolve(hit, span=whole(mention, hit.span) or widened(mention, hit.span)) for hit in finding.hits)
    return list(dict.fromkeys(filter(None, (quote(verdict, hit) for hit in hits))))[:limit]


def _support(group: list[Finding], verdict: Classification) -> float:
    kind, weights = likeliest(verdict), dict.fromkeys(AssociationType, 0.0)
    for finding in group:
        weights[finding.type] += finding.weight
    if kind is AssociationType.NONE:
        return weights[kind]
    own = {kind, *verdict.also}
    others = [weights[other] for other in FOUR_TYPES if other not in own]
    return max(weights[each] for each in own) - sum(others) / max(len(others), 1) - weights[AssociationType.NONE]
