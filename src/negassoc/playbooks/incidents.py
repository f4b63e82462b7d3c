"""One incident, one plan: verdicts that belong together, and what changes in a plan when more becomes known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Classification
from negassoc.playbooks.action import Action, Blocked, Plan
from negassoc.playbooks.situation import CUSTOMER_SIGNS
from negassoc.records import Title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_COMPARED: Final[dict[str, Title]] = {
    "due_at": Title("时限", "deadline"), "depends_on": Title("先后", "order"), "needs": Title("动手前要具备的条件", "what is needed first"),
    "only_if": Title("什么时候做", "in which case"), "channel": Title("渠道", "channel"), "because": Title("缘由", "cause"),
}  # fmt: skip


@attrs.frozen(kw_only=True)
class Incident:
    """Verdicts of one brand, platform and type about one thing; hand it to `plan()`, and the plan serves them all.

    `about` is the chief facet (`refund`, `health`, …), None where none is known.
    """

    brand: Brand
    type: AssociationType
    platform: str | None
    about: str | None
    verdicts: tuple[Classification, ...]

    def __iter__(self) -> Iterator[Classification]:
        return iter(self.verdicts)

    def __repr__(self) -> str:
        about = f" ({self.about})" if self.about else ""
        return f"<Incident {self.type}{about}, {self.brand.name}: {len(self.verdicts)} verdicts>"


def incidents(verdicts: Iterable[Classification]) -> tuple[Incident, ...]:
    """The verdicts grouped into incidents, the gravest first and the larger before the smaller; those of type `none` are left out.

    An "attack" whose author is shown to be a customer is never grouped with other attacks: its protection must not be diluted, nor
    keep a notice from the false ones.
    """
    groups: dict[tuple[str, str, str, str, bool], list[Classification]] = {}
    for verdict in verdicts:
        if verdict.type is AssociationType.NONE and not verdict.also:
            continue
        customer = any(verdict.facts.get(name) for name in CUSTOMER_SIGNS)
        about = verdict.facets[0] if verdict.facets else ""
        key = (verdict.brand.key or verdict.brand.name, verdict.type.value, verdict.mention.platform or "", about, customer)
        groups.setdefault(key, []).append(verdict)
    found = [_incident(group) for group in groups.values()]
    return tuple(sorted(found, key=lambda i: (min((v.grade.value for v in i.verdicts if v.grade), default="P9"), -len(i.verdicts))))


def _incident(group: list[Classification]) -> Incident:
    first = group[0]
    about = first.facets[0] if first.facets else None
    return Incident(brand=first.brand, type=first.type, platform=first.mention.platform, about=about, verdicts=tuple(group))


@attrs.frozen(kw_only=True)
class Change:
    """An action that stands in both plans but differs in `fields`."""

    old: Action
    new: Action
    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class PlanDiff:
    """What became different between two plans: steps that came, went or changed, and what is newly refused or free."""

    added: tuple[Action, ...]
    removed: tuple[Action, ...]
    changed: tuple[Change, ...]
    newly_blocked: tuple[Blocked, ...]
    unblocked: tuple[Blocked, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any(attrs.astuple(self, recurse=False))

    def to_markdown(self, lang: str = "zh") -> str:
        """The difference for people, a line each; empty when there is none."""
        words = _DIFF_WORDS
        lines = [f"- {words['added'].of(lang)}{a.title.of(lang)}" for a in self.added]
        lines += [f"- {words['removed'].of(lang)}{a.title.of(lang)}" for a in self.removed]
        refused = [(words["waits" if b.until else "blocked"], b) for b in self.newly_blocked]
        lines += [f"- {head.of(lang)}{b.title.of(lang)} — {b.reason.of(lang)}" for head, b in refused]
        lines += [f"- {words['free'].of(lang)}{b.title.of(lang)}" for b in self.unblocked]
        comma = "、" if lang == "zh" else ", "
        named = [(c, comma.join(_COMPARED[name].of(lang) for name in c.fields)) for c in self.changed]
        lines += [f"- {words['changed'].of(lang)}{c.new.title.of(lang)}{'：' if lang == 'zh' else ': '}{fields}" for c, fields in named]
        return "\n".join(lines)


_DIFF_WORDS: Final = {
    "added": Title("新增：", "added: "), "removed": Title("不再需要：", "no longer needed: "),
    "blocked": Title("不能做了：", "now refused: "), "waits": Title("要先等：", "now waits: "),
    "free": Title("不再受阻：", "no longer refused: "),
    "changed": Title("有变化：", "changed: "),
}  # fmt: skip


def diff(old: Plan, new: Plan) -> PlanDiff:
    """What changes when `new` takes the place of `old`."""
    before, after = {a.id: a for a in old}, {a.id: a for a in new}
    was, now = {b.id: b for b in old.blocked}, {b.id: b for b in new.blocked}
    both = [(before[key], action) for key, action in after.items() if key in before]
    changed = [Change(old=a, new=b, fields=fields) for a, b in both if (fields := _differing(a, b))]
    return PlanDiff(
        added=tuple(a for key, a in after.items() if key not in before),
        removed=tuple(a for key, a in before.items() if key not in after),
        changed=tuple(changed),
        newly_blocked=tuple(b for key, b in now.items() if key not in was),
        unblocked=tuple(b for key, b in was.items() if key not in now),
    )


def _differing(old: Action, new: Action) -> tuple[str, ...]:
    return tuple(name for name in _COMPARED if getattr(old, name) != getattr(new, name))
