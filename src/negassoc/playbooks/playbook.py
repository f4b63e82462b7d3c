"""Playbooks (预案) and their steps (步骤) as data: read from a pack directory, laid over each other, linted."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from negassoc.classify import AssociationType, Grade
from negassoc.errors import DataError, Problem, UnknownNameError
from negassoc.playbooks.due import Due, Workday
from negassoc.playbooks.hours import Hours
from negassoc.records import Title, load_toml, read_text

if TYPE_CHECKING:
    from negassoc.brand import Brand
    from negassoc.classify import Classification
    from negassoc.facts import Facts
    from negassoc.playbooks.action import Plan
    from negassoc.playbooks.guards import Guards

Stage: TypeAlias = Literal[
    "safety", "evidence", "assess", "window", "remedy", "correct", "notice", "entity", "follow", "clarify", "restore", "review"
]
"""Where a step stands among those of other playbooks, first to last."""


@attrs.frozen(kw_only=True)
class Failure(Title):
    """What to do if a step fails, and the id of the step to go to, None where the branch ends here."""

    next: str | None = None


@attrs.frozen(kw_only=True)
class Line(Title):
    """A line of a step. With `trades` (ids of `data/trades.toml`) it is for brands of these, and for those of no known trade; with
    `platform` for mentions there, and where the platform is not known; with `shop` not for those that have none."""

    trades: tuple[str, ...] = ()
    platform: str | None = None
    shop: bool = False


@attrs.frozen(kw_only=True)
class Channel:
    """Where a step is carried out (渠道): a menu path or an entry, which is a hint that may have changed since `checked_on`.

    `shop`: only who has a shop on the platform comes there; `account`: only who has an account of their own.
    """

    id: str
    platform: str
    title: Title
    source: str
    checked_on: dt.date
    shop: bool = False
    account: bool = False


@attrs.frozen(kw_only=True)
class Law:
    """A norm that steps rest on; `confidence` is H (text read, or two sources) or M (one decent source): nothing weaker is kept.

    `platform` is set for a platform's own rule, which says nothing elsewhere; `trades` for a norm that binds these trades only.
    """

    zh: str
    en: str
    confidence: Literal["H", "M"]
    platform: str | None = None
    trades: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Step:
    """One step of a playbook (步骤).

    `kind` (and `also_kinds`) is what the guards judge. `after` are the steps to be done before. A step stands in a plan if every fact
    of `when` holds (unknown: only in that case) and none of `unless` does; `"not order_match"` is the fact stated as no. One of `facets`
    in the mention also satisfies `when`. `only_if` is a case told in words. Outside `grades` it waits for the case `grade_else`.
    With `premises` it is for brands with shops (not known whether there are any: in the case `only_if`).
    `finds_out` are facts the step establishes, `supplies` facts that are true once it is done. `covers` are rows of the checklist that
    docs/playbooks.md maps. `channel` is by platform, with `other` for all the rest.
    """

    id: str
    kind: str
    also_kinds: tuple[str, ...] = ()
    stage: Stage
    title: Title
    why: Title
    role: str
    helpers: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    only_if: Title | None = None
    premises: bool = False
    grades: tuple[Grade, ...] = tuple(Grade)
    grade_else: Title | None = None
    channel: Mapping[str, tuple[str, ...]] = attrs.field(hash=False)
    materials: tuple[Line, ...]
    due: Due
    done_when: Title
    if_failed: Failure
    basis: tuple[str, ...]
    never: tuple[Line, ...]
    guards: tuple[str, ...]
    finds_out: tuple[str, ...] = ()
    supplies: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    where: str = attrs.field(default="", eq=False, metadata={"unread": True})

    @property
    def kinds(self) -> tuple[str, ...]:
        """All its kinds."""
        return (self.kind, *self.also_kinds)


@attrs.frozen(kw_only=True)
class Tempting:
    """What people under pressure ask for and a guard refuses; a plan says so beside what it advises."""

    id: str
    kind: str
    guard: str
    title: Title


@attrs.frozen(kw_only=True)
class Asking:
    """Who finds out a fact, and within what time (that of P2)."""

    fact: str
    role: str
    within: dt.timedelta


@attrs.frozen(kw_only=True)
class Role:
    """Who does it: a code and its name."""

    id: str
    title: Title


@attrs.frozen(kw_only=True)
class Undecided:
    """What to do where the type is not decided: the facts that tell it, and the steps that are safe for a possible customer."""

    asks: tuple[str, ...]
    steps: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Playbook:
    """The steps for one type, in order; `type` is None for the steps that always come first. `asks` are the facts it turns on."""

    id: str
    type: AssociationType | None = None
    title: Title
    checked_on: dt.date
    asks: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    tempting: tuple[Tempting, ...] = ()

    def over(self, under: Playbook) -> Playbook:
        """`under` with this one's steps in the place of those of the same id, and its new ones at the end.

        A step keeps the kinds of the one it replaces, so that no guard is lost by calling a report something else.
        """
        asks, tempting = tuple(dict.fromkeys((*under.asks, *self.asks))), {t.id: t for t in (*under.tempting, *self.tempting)}
        steps = {step.id: step for step in under.steps}
        for step in self.steps:
            kinds = steps[step.id].kinds if step.id in steps else ()
            steps[step.id] = attrs.evolve(step, also_kinds=tuple(k for k in dict.fromkeys((*step.also_kinds, *kinds)) if k != step.kind))
        return attrs.evolve(self, asks=asks, steps=tuple(steps.values()), tempting=tuple(tempting.values()))


@attrs.frozen(kw_only=True)
class _PlaybookFile:
    id: str
    type: AssociationType | None = None
    title: Title
    checked_on: dt.date
    asks: tuple[str, ...] = ()
    step: tuple[Step, ...] = ()
    tempting: tuple[Tempting, ...] = ()
    find_out: tuple[Asking, ...] = ()
    role: tuple[Role, ...] = ()
    undetermined: Undecided | None = None
    hours: Hours | None = None


@attrs.frozen(kw_only=True)
class _ChannelFile:
    channel: tuple[Channel, ...]


@attrs.frozen(kw_only=True)
class _LawFile:
    checked_on: dt.date
    law: Mapping[str, Law]


@attrs.frozen(kw_only=True)
class Playbooks:
    """All playbooks of a pack, with the channels, laws, roles and questions they refer to.

    `hours` are those of work; without them no deadline is moved.

    >>> Playbooks.default().step("C0").title.en
    'Freeze and capture'
    """

    by_id: Mapping[str, Playbook] = attrs.field(hash=False)
    channels: Mapping[str, Channel] = attrs.field(factory=dict, hash=False)
    laws: Mapping[str, Law] = attrs.field(factory=dict, hash=False)
    roles: Mapping[str, Title] = attrs.field(factory=dict, hash=False)
    askings: Mapping[str, Asking] = attrs.field(factory=dict, hash=False)
    undecided: Undecided = Undecided(asks=(), steps=())
    hours: Hours | None = None

    def __repr__(self) -> str:
        return f"<Playbooks {', '.join(self.by_id)}: {len(self.steps)} steps>"

    @classmethod
    def default(cls) -> Playbooks:
        """The packaged playbooks."""
        return _default()

    @classmethod
    def load(cls, directory: str | Path) -> Playbooks:
        """What a pack directory holds of `playbooks/*.toml`, `channels.toml` and `laws.toml`; `DataError` names each path and line.

        A pack may hold part of it and be laid over another with `|`; `lint()` the result.
        """
        root, read, problems = Path(directory), list[_PlaybookFile](), list[Problem]()
        for path in sorted((root / "playbooks").glob("*.toml")):
            try:
                read.append(_placed(load_toml(path, _PlaybookFile), path))
            except DataError as error:
                problems += error.problems
        if problems:
            raise DataError(problems)
        channels = load_toml(root / "channels.toml", _ChannelFile).channel if (root / "channels.toml").exists() else ()
        laws = load_toml(root / "laws.toml", _LawFile).law if (root / "laws.toml").exists() else {}
        return cls(
            by_id={file.id: _playbook(file) for file in sorted(read, key=_place)},
            channels={channel.id: channel for channel in channels},
            laws=dict(laws),
            roles={role.id: role.title for file in read for role in file.role},
            askings={asking.fact: asking for file in read for asking in file.find_out},
            undecided=next((file.undetermined for file in read if file.undetermined), Undecided(asks=(), steps=())),
            hours=next((file.hours for file in read if file.hours), None),
        )

    def __or__(self, other: Playbooks) -> Playbooks:
        """These, with what `other` holds laid over them by id."""
        books = {key: book.over(self.by_id[key]) if key in self.by_id else book for key, book in other.by_id.items()}
        return Playbooks(
            by_id={**self.by_id, **books},
            channels={**self.channels, **other.channels},
            laws={**self.laws, **other.laws},
            roles={**self.roles, **other.roles},
            askings={**self.askings, **other.askings},
            undecided=other.undecided if other.undecided.steps else self.undecided,
            hours=other.hours or self.hours,
        )

    def for_type(self, type: AssociationType | None) -> tuple[Playbook, ...]:  # noqa: A002 - the field's own word
        """The playbooks of one type; None asks for those that always come first."""
        return tuple(book for book in self.by_id.values() if book.type is type)

    @property
    def steps(self) -> Mapping[str, Step]:
        """Every step by id."""
        return {step.id: step for book in self.by_id.values() for step in book.steps}

    def step(self, id: str) -> Step:  # noqa: A002 - the record's own word
        """One step; `UnknownNameError` if there is none of that id."""
        steps = self.steps
        if id not in steps:
            raise UnknownNameError("step", id, steps)
        return steps[id]

    def role_title(self, role: str) -> Title:
        """A role's name for people; the code itself where the pack does not name it."""
        return self.roles.get(role, Title(role, role))

    def channel_of(self, step: Step, platform: str | None) -> tuple[Channel, ...]:
        """Where the step is carried out: on that platform; on each known one where the platform is not known (None)."""
        known = [key for key in step.channel if key != "other"]
        keys = known if platform is None else [platform if platform in step.channel else "other"]
        names = dict.fromkeys(name for key in keys for name in step.channel.get(key, ()))
        return tuple(self.channels[name] for name in names if name in self.channels)

    def lint(self, guards: Guards | None = None) -> tuple[Problem, ...]:
        """Everything wrong with these playbooks taken together; empty when all is well."""
        from negassoc.playbooks.lint import lint

        return lint(self, guards)

    def plan(
        self,
        verdicts: Classification | Iterable[Classification],
        *,
        now: dt.datetime | None = None,
        guards: Guards | None = None,
        workday: Workday | None = None,
    ) -> Plan:
        """The plan for one verdict, or for the verdicts of one incident taken together. `now` is when it was detected (aware)."""
        from negassoc.playbooks.plan import plan

        return plan(verdicts, playbooks=self, now=now, guards=guards, workday=workday)

    def plan_for_type(  # noqa: PLR0913 - each is one thing to state, by name
        self,
        type: AssociationType | str,  # noqa: A002 - the field's own word
        brand: Brand,
        *,
        platform: str | None = None,
        facts: Facts | None = None,
        grade: Grade | str | None = None,
        now: dt.datetime | None = None,
        guards: Guards | None = None,
        workday: Workday | None = None,
    ) -> Plan:
        """A type's playbook made concrete without any mention: what `negassoc plan TYPE` prints."""
        from negassoc.playbooks.plan import plan_for_type

        return plan_for_type(
            type, brand, platform=platform, facts=facts, grade=grade, now=now, playbooks=self, guards=guards, workday=workday
        )  # fmt: skip


@functools.cache
def _default() -> Playbooks:
    return Playbooks.load(Path(__file__).parents[1] / "data")


def _playbook(file: _PlaybookFile) -> Playbook:
    return Playbook(
        id=file.id, type=file.type, title=file.title, checked_on=file.checked_on, asks=file.asks, steps=file.step, tempting=file.tempting
    )  # fmt: skip


def _place(file: _PlaybookFile) -> int:
    """What always comes first stands first, then the types in their order."""
    return -1 if file.type is None else list(AssociationType).index(file.type)


def _placed(file: _PlaybookFile, path: Path) -> _PlaybookFile:
    """The file with each step knowing the line it stands on, for lint."""
    lines = {
        match[1]: number for number, line in enumerate(read_text(path).splitlines(), 1) if (match := re.match(r'id = "([^"]+)"', line))
    }
    return attrs.evolve(file, step=tuple(attrs.evolve(step, where=f"{path}:{lines.get(step.id, 1)}") for step in file.step))
