"""Which findings speak for a verdict and which against it, and where in the text they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from negassoc.classify import FOUR_TYPES, AssociationType, Finding
from negassoc.report.markup import Mark, Side
from negassoc.report.words import word

if TYPE_CHECKING:
    from negassoc.classify import Classification, Hit
    from negassoc.classify.finding import Field


@attrs.frozen
class Reason:
    """A finding seen from the verdict: `support` is above zero where it speaks for it, below where it speaks against it."""

    finding: Finding
    support: float

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
    """The findings that move the verdict, strongest first."""
    found = [Reason(finding, support) for finding in verdict.findings if (support := _support(finding, verdict))]
    return sorted(found, key=lambda reason: -abs(reason.support))


def marks(verdict: Classification, field: Field, lang: str) -> list[Mark]:
    """What to highlight in one field: the hits of every reason, strongest first, and hits that an allowed phrase disarmed."""
    found = ((hit, reason) for reason in reasons(verdict) for hit in reason.finding.hits if hit.span.field == field)
    return [_mark(hit, reason, lang) for hit, reason in found]


def _mark(hit: Hit, reason: Reason, lang: str) -> Mark:
    start, end = hit.span.start, hit.span.end
    if hit.suppressed_by:
        return Mark(start, end, "mute", word("disarmed", lang, phrase=hit.suppressed_by))
    return Mark(start, end, reason.side, reason.finding.title.of(lang))


def quotes(finding: Finding, verdict: Classification, limit: int = 3) -> list[str]:
    """The original words a finding rests on, each once."""
    fields = {"title": verdict.mention.title, "text": verdict.mention.text, "thread_title": verdict.mention.thread_title}
    found = ((fields[span.field] or "")[span.start : span.end] for span in finding.spans)
    return list(dict.fromkeys(filter(None, found)))[:limit]


def _support(finding: Finding, verdict: Classification) -> float:
    kind = likeliest(verdict)
    if finding.type in {kind, *verdict.also}:
        return finding.weight
    return -finding.weight if finding.weight > 0 or AssociationType.NONE in {finding.type, kind} else 0.0
