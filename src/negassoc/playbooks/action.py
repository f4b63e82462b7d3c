"""What to do (处置动作) and the plan (处置方案) it stands in: values, made by `plan.py` from the playbooks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, overload

import attrs

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Grade
from negassoc.platform import platform_title
from negassoc.records import Json, Title, unstructure
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN: Final = 5
"""Steps in the short form of a plan."""


def _in_beijing(at: dt.datetime) -> dt.datetime:
    """A time with the offset +08:00, as people in China read it, whatever offset it was stored with."""
    return at.astimezone(BEIJING) if at.tzinfo else at


@attrs.frozen(kw_only=True)
class Action:
    """One thing for one role to do. `because` names the rules and facts that caused it; `never` is what not to do here.

    `kind` is the sort of act a guard judges (`evidence`, `contact`, `report`, `appeal`, `legal`, `remedy`, `publish`, …).
    `due_at` is aware, in Beijing time, None where it depends on something that has not happened; `due_basis` says counted from what, and
    why. `on_duty`: it falls into the night or on a day off and is done all the same, so somebody must be on duty.
    `role` is a code (`OPS`, `CS`, …), `role_title` its name, `helpers` who helps. `depends_on` are the actions of the same plan to be
    done before, `needs` the facts that must be true by then, `only_if` the case in which it is to be done at all (None: always).
    `if_failed_next` is the id of the step of this plan to go to on failure. `guards` are the ids of the guards that watch it,
    `finds_out` the facts it establishes, `channels` the parts of `channel` one by one.
    """

    id: str
    order: int
    kind: str
    title: Title
    why: Title
    role: str
    channel: Title | None
    materials: tuple[Title, ...]
    due_at: dt.datetime | None = attrs.field(converter=attrs.converters.optional(_in_beijing))
    due_basis: Title
    done_when: Title
    if_failed: Title
    basis: tuple[str, ...]
    never: tuple[Title, ...]
    because: tuple[str, ...]
    role_title: Title | None = None
    helpers: tuple[str, ...] = ()
    helper_titles: tuple[Title, ...] = ()
    basis_en: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    only_if: Title | None = None
    if_failed_next: str | None = None
    guards: tuple[str, ...] = ()
    finds_out: tuple[str, ...] = ()
    channels: tuple[Title, ...] = ()
    on_duty: bool = False

    @property
    def case(self) -> Title:
        """The case in which alone it is to be done, as it stands behind its title; empty where it is to be done always.

        A title without it ("stop selling") reads as an order to everybody.
        """
        return Title(f"（仅当：{self.only_if.zh}）", f" (only if: {self.only_if.en})") if self.only_if else Title("", "")

    def titled(self, lang: str) -> str:
        """What to do, and in which case only."""
        return self.title.of(lang) + self.case.of(lang)

    def __repr__(self) -> str:
        return f"<Action {self.id}: {self}>"

    def __str__(self) -> str:
        due = f"{self.due_at.astimezone(BEIJING):%m-%d %H:%M} 前" if self.due_at else self.due_basis.zh
        return f"{self.order}. {self.titled('zh')} · {self.role_title or self.role} · {due}"


@attrs.frozen(kw_only=True)
class Blocked:
    """A step refused: by which guard, why, and which lawful step serves the same aim instead.

    `until` is what must be there first, in words, and `reason` says it too; None: it is never done here.
    """

    id: str
    title: Title
    guard: str
    reason: Title
    instead: Title
    until: Title | None = None

    @property
    def rule(self) -> Title:
        """The guard's own words, without what is missing."""
        if self.until is None:
            return self.reason
        tail = still_needed(self.until)
        return Title(self.reason.zh.removesuffix(tail.zh), self.reason.en.removesuffix(tail.en))


def still_needed(until: Title) -> Title:
    """What is missing, as it stands at the end of a reason."""
    return Title(f"（还缺：{until.zh}）", f" (still needed: {until.en})")


@attrs.frozen(kw_only=True)
class Plan:
    """Ordered actions for one incident: iterating gives the actions, `plan[0]` the first, `plan[:3]` the first three.

    `blocked` is what was refused, `first_find_out` the facts to get first, `reasons` why the type was said. `suspected` is True where
    no stated fact decided the type."""

    type: AssociationType
    also: tuple[AssociationType, ...] = ()
    brand: Brand
    platform: str | None
    grade: Grade
    mentions: tuple[str, ...]
    about: str | None = None
    now: dt.datetime = attrs.field(converter=_in_beijing)
    actions: tuple[Action, ...]
    blocked: tuple[Blocked, ...] = ()
    first_find_out: tuple[str, ...] = ()
    reasons: tuple[Title, ...] = ()
    suspected: bool = False

    def __iter__(self) -> Iterator[Action]:
        return iter(self.actions)

    def __len__(self) -> int:
        return len(self.actions)

    @overload
    def __getitem__(self, at: int) -> Action: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Action, ...]: ...

    def __getitem__(self, at: int | slice) -> Action | tuple[Action, ...]:
        return self.actions[at]

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
            "reasons": unstructure(self.reasons),
            "suspected": self.suspected,
        }

    def to_markdown(self, lang: str = "zh") -> str:
        """A checklist to work by, in Chinese (`"zh"`) or English (`"en"`): what first, by when, who, where, with what, and what never."""
        from negassoc.playbooks.checklist import plan_markdown

        return plan_markdown(self, lang)

    def __repr__(self) -> str:
        return f"<Plan {self.type} {self.grade}, {self.brand.name}: {len(self)} actions, {len(self.blocked)} blocked>"

    def __str__(self) -> str:
        types = "＋".join(kind.words.zh for kind in (self.type, *self.also))
        parts = (self.brand.name, types, platform_title(self.platform, "zh"), self.grade.value, f"{len(self.mentions)} 条提及")
        waiting = sum(step.until is not None for step in self.blocked)
        return "\n".join([
            f"处置方案：{' · '.join(parts)}{' · 疑似' if self.suspected else ''}",
            *map(str, self.actions[:_SHOWN]),
            f"共 {len(self)} 步；条件未齐先等 {waiting} 项，绝不能做 {len(self.blocked) - waiting} 项（全文：to_markdown()）",
        ])  # fmt: skip

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import plan_html

        return plan_html(self)
