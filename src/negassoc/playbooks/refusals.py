"""What a plan refuses, in the two lists that people must not confuse: what is never done, and what merely waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from negassoc.records import Title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negassoc.playbooks.action import Blocked


@attrs.frozen(kw_only=True)
class Refusal:
    """Steps that one guard refuses in the same words: for ever, or until what `missing` names is there."""

    titles: tuple[Title, ...]
    guard: str
    reason: Title
    instead: Title
    missing: tuple[Title, ...] = ()

    def named(self, lang: str) -> str:
        """The steps, one after another."""
        return ("；" if lang == "zh" else "; ").join(title.of(lang) for title in self.titles)

    def lacking(self, lang: str) -> str:
        """What must be there first; several incidents may lack different things."""
        return ("；或：" if lang == "zh" else "; or: ").join(title.of(lang) for title in self.missing)


def never_and_waiting(blocked: Iterable[Blocked]) -> tuple[tuple[Refusal, ...], tuple[Refusal, ...]]:
    """What is never done, and what waits for a condition; the same words of a guard stand once.

    >>> from negassoc.brand import Brand
    >>> from negassoc.playbooks import plan_for_type
    >>> never, waiting = never_and_waiting(plan_for_type("malicious_attack", Brand("示例茶")).blocked)
    >>> never[0].named("zh"), waiting[0].lacking("zh")
    ('花钱找人删帖；组织员工或找人集体举报', '查到对应订单＝否（客服写明）、有不实证据＝是（法务写明）、法务已签字＝是（法务写明）')
    """
    groups: dict[tuple[bool, str, Title, Title], list[Blocked]] = {}
    for step in blocked:
        groups.setdefault((step.until is None, step.guard, step.rule, step.instead), []).append(step)
    found = [(final, _refusal(steps)) for (final, *_), steps in groups.items()]
    return tuple(one for final, one in found if final), tuple(one for final, one in found if not final)


def _refusal(steps: list[Blocked]) -> Refusal:
    first = steps[0]
    titles = tuple({step.title.zh: step.title for step in steps}.values())
    missing = tuple({step.until.zh: step.until for step in steps if step.until}.values())
    return Refusal(titles=titles, guard=first.guard, reason=first.rule, instead=first.instead, missing=missing)
