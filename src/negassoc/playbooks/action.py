"""What to do (处置动作) and the plan (处置方案) it stands in: values, made by `plan.py` from the playbooks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import attrs

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Grade
from negassoc.records import Json, Title, unstructure

if TYPE_CHECKING:
    from collections.abc import Iterator


@attrs.frozen(kw_only=True)
class Action:
    """One thing for one role to do. `because` names the rules and facts that caused it; `never` is what not to do here.

    `kind` is the sort of act a guard judges (`evidence`, `contact`, `report`, `appeal`, `legal`, `remedy`, `publish`, …).
    `due_at` is aware UTC, None where it depends on something that has not happened; `due_basis` says counted from what, and why.
    """

    id: str
    order: int
    kind: str
    title: Title
    why: Title
    role: str
    channel: Title | None
    materials: tuple[Title, ...]
    due_at: dt.datetime | None
    due_basis: Title
    done_when: Title
    if_failed: Title
    basis: tuple[str, ...]
    never: tuple[Title, ...]
    because: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Blocked:
    """A step refused: by which guard, why, and which lawful step serves the same aim instead."""

    id: str
    title: Title
    guard: str
    reason: Title
    instead: Title


@attrs.frozen(kw_only=True)
class Plan:
    """Ordered actions for one incident; iterating gives the actions.

    `blocked` is what was refused, `first_find_out` the facts to get first."""

    type: AssociationType
    also: tuple[AssociationType, ...] = ()
    brand: Brand
    platform: str | None
    grade: Grade
    mentions: tuple[str, ...]
    about: str | None = None
    now: dt.datetime
    actions: tuple[Action, ...]
    blocked: tuple[Blocked, ...] = ()
    first_find_out: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Action]:
        return iter(self.actions)

    def __len__(self) -> int:
        return len(self.actions)

    def to_record(self) -> dict[str, Json]:
        """As `plan --format json` prints it."""
        return {
            "type": self.type.value,
            "also": [t.value for t in self.also],
            "brand": self.brand.name,
            "platform": self.platform,
            "grade": self.grade.value,
            "mentions": list(self.mentions),
            "about": self.about,
            "now": self.now.isoformat(),
            "actions": unstructure(self.actions),
            "blocked": unstructure(self.blocked),
            "first_find_out": list(self.first_find_out),
        }

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import plan_html

        return plan_html(self)
