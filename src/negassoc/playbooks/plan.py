"""From a verdict, or a type, to a plan: which steps, which of them the guards refuse, in which order, by when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Classification, Grade
from negassoc.facts import Facts
from negassoc.platform import platform_of
from negassoc.playbooks.action import Plan
from negassoc.playbooks.guards import Guards
from negassoc.playbooks.planner import Planner
from negassoc.playbooks.playbook import Playbooks
from negassoc.playbooks.situation import AGAINST_AUTHOR, CUSTOMER_SIGNS, Situation, joint_facts, situation_of
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negassoc.playbooks.due import Workday

__all__ = ["AGAINST_AUTHOR", "CUSTOMER_SIGNS", "Situation", "joint_facts", "plan", "plan_for_type", "situation_of"]


def plan(
    verdicts: Classification | Iterable[Classification],
    *,
    playbooks: Playbooks | None = None,
    now: dt.datetime | None = None,
    guards: Guards | None = None,
    workday: Workday | None = None,
) -> Plan:
    """The plan for one verdict, or for those of one incident together (all of one brand; `ValueError` for none or for several brands).

    `now` (aware; the present unless given) is the time of detection, from which house deadlines run; the time of a notice is taken from
    the notice itself.
    """
    return _make(situation_of(verdicts), playbooks or Playbooks.default(), guards or Guards.default(), now, workday)


def plan_for_type(  # noqa: PLR0913 - each is one thing to state, by name
    type: AssociationType | str,  # noqa: A002 - the field's own word
    brand: Brand,
    *,
    platform: str | None = None,
    facts: Facts | None = None,
    grade: Grade | str | None = None,
    now: dt.datetime | None = None,
    playbooks: Playbooks | None = None,
    guards: Guards | None = None,
    workday: Workday | None = None,
) -> Plan:
    """The plan for a type without any mention. `grade` is P2 unless given, P1 where harm to people or extortion is stated.

    >>> made = plan_for_type("malicious_attack", Brand("示例茶"), facts=Facts(order_match=True, legal_signoff=True))
    >>> [item.guard for item in made.blocked if item.id == "MA6"], "GC1" in [action.id for action in made]
    (['GR-04'], True)
    """
    known = Facts.of(facts)
    level = Grade.of(grade) if grade else Grade.P1 if known.safety_harm or known.extortion else Grade.P2
    situation = Situation(
        type=AssociationType.of(type), brand=Brand.of(brand), platform=platform_of(platform) if platform else None, grade=level, facts=known
    )  # fmt: skip
    return _make(situation, playbooks or Playbooks.default(), guards or Guards.default(), now, workday)


def _make(situation: Situation, books: Playbooks, guards: Guards, now: dt.datetime | None, workday: Workday | None) -> Plan:
    at = (now or dt.datetime.now(BEIJING).replace(microsecond=0)).astimezone(BEIJING)
    planner = Planner(situation, books, guards, at, workday)
    nothing = not situation.types and situation.type is not AssociationType.UNDETERMINED
    asked = () if nothing else planner.asked()
    return Plan(
        type=situation.type,
        also=tuple(t for t in situation.types if t is not situation.type),
        brand=situation.brand,
        platform=situation.platform,
        grade=situation.grade,
        mentions=situation.mentions,
        about=situation.facets[0] if situation.facets else None,
        now=at,
        actions=() if nothing else planner.actions(asked),
        blocked=() if nothing else planner.blocked(),
        first_find_out=asked,
        reasons=situation.reasons,
        suspected=situation.suspected,
    )
