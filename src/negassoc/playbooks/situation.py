"""What a plan answers to: the verdicts of one incident as one situation, and which facts hold for all of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Classification, Grade
from negassoc.facts import Facts
from negassoc.mention import Kind, Mention
from negassoc.records import Title

CUSTOMER_SIGNS: Final = ("order_match", "service_contact", "in_remedy")
"""Any of these facts makes the author a customer, against whom nothing is ever reported or sued."""

AGAINST_AUTHOR: Final = frozenset({"report", "legal", "extortion_report", "impersonation_report"})
"""Kinds of step that go against the author of a mention."""

PREPARED: Final = frozenset({"evidence_archived", "content_labelled", "consent_documented"})
"""Facts that a plan's own work makes true; the others are found, or decided by somebody with the right to."""

GRANTED: Final = PREPARED | {"falsity_proven", "legal_signoff", "resolved"}
"""Facts that open doors: of several mentions each must have it. Of the rest one mention is enough."""


@attrs.frozen(kw_only=True)
class Situation:
    """What a plan answers to: one incident, seen from the verdicts on its mentions or stated without any."""

    type: AssociationType
    also: tuple[AssociationType, ...] = ()
    brand: Brand
    platform: str | None = None
    grade: Grade = Grade.P2
    facts: Facts = attrs.field(factory=Facts)
    facets: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    because: Mapping[AssociationType, tuple[str, ...]] = attrs.field(factory=dict)
    reasons: tuple[Title, ...] = ()
    wanted: tuple[str, ...] = ()
    suspected: bool = False
    notice_at: dt.datetime | None = None

    @property
    def customer(self) -> bool:
        """Whether a stated fact makes the author a customer."""
        return any(self.facts.get(name) for name in CUSTOMER_SIGNS)

    @property
    def types(self) -> tuple[AssociationType, ...]:
        """The types to act on: those of the verdict, and complaint where an "attacker" is a customer."""
        found = [t for t in (self.type, *self.also) if t.negative]
        if AssociationType.MALICIOUS_ATTACK in found and self.customer:
            found.append(AssociationType.CUSTOMER_COMPLAINT)
        return tuple(dict.fromkeys(found))


def situation_of(verdicts: Classification | Iterable[Classification]) -> Situation:
    """What the verdicts of one incident come to: gravest grade, types in order, facts that hold for all of it."""
    given = [verdicts] if isinstance(verdicts, Classification | Mention | str) else list(verdicts)
    if wrong := [v for v in given if not isinstance(v, Classification)]:
        raise TypeError(f"a plan is made from verdicts, not from {wrong[0]!r:.60}; without a mention: plan_for_type(type, brand)")
    if not given:
        raise ValueError("a plan needs a verdict, and none was given; without a mention: plan_for_type(type, brand)")
    if len({v.brand.name for v in given}) > 1:
        raise ValueError("a plan is for the verdicts of one brand; group them with incidents() first")
    types = tuple(dict.fromkeys([v.type for v in given] + [t for v in given for t in v.also]))
    main = next((t for t in types if t.negative), AssociationType.UNDETERMINED if AssociationType.UNDETERMINED in types else types[0])
    platforms = {v.mention.platform for v in given}
    return Situation(
        type=main,
        also=tuple(t for t in types if t is not main and t.negative),
        brand=given[0].brand,
        platform=platforms.pop() if len(platforms) == 1 else None,
        grade=min((v.grade for v in given if v.grade), default=Grade.P3),
        facts=joint_facts([v.facts for v in given]),
        facets=tuple(dict.fromkeys(facet for v in given for facet in v.facets)),
        mentions=tuple(dict.fromkeys(v.mention.id for v in given)),
        because={t: _rules(given, t) for t in types},
        reasons=_reasons(given, main),
        wanted=tuple(dict.fromkeys(name for v in given for name in v.wanted)),
        suspected=any(v.suspected for v in given),
        notice_at=min((v.mention.published_at for v in given if v.mention.kind is Kind.NOTICE and v.mention.published_at), default=None),
    )


def joint_facts(facts: Sequence[Facts]) -> Facts:
    """Facts of several mentions as facts of one incident: what warns holds if one has it, what permits only if every one has it."""
    return Facts(**{name: _joint(name, [f.get(name) for f in facts]) for name in Facts.names()})


def _joint(name: str, values: list[bool | None]) -> bool | None:
    if name in GRANTED:
        return False if False in values else None if None in values else True
    return True if True in values else None if None in values else False


def _findings(verdicts: list[Classification], type: AssociationType) -> Iterator[tuple[float, str, Title, str | None]]:  # noqa: A002
    for verdict in verdicts:
        for finding in verdict.findings:
            if finding.type is type and finding.weight > 0 and (finding.hits or finding.fact):
                yield -finding.weight, finding.rule, finding.title, finding.fact


def _rules(verdicts: list[Classification], type: AssociationType) -> tuple[str, ...]:  # noqa: A002
    found = sorted(_findings(verdicts, type), key=lambda f: (f[0], f[1]))
    names = dict.fromkeys(f"fact:{fact}" if fact else f"rule:{rule}" for _, rule, _, fact in found)
    return tuple(names)[:3]


def _reasons(verdicts: list[Classification], type: AssociationType) -> tuple[Title, ...]:  # noqa: A002
    found = sorted(_findings(verdicts, type), key=lambda f: (f[0], f[1]))
    return tuple(dict.fromkeys(title for _, _, title, _ in found))[:5]
