"""Everything that is data, together (规则包): a directory is a pack, laid over another by id, looked up, linted.

Each room reads its own part of the directory; here they are joined. A company's own pack holds only what differs:

    our-rules/
      pack.toml         optional: id, title, version
      lexicons/*.txt    words, one a line
      rules/*.toml      rules with their examples
      weights/          what the words and rules weigh
      playbooks/*.toml  steps; channels.toml, laws.toml what they refer to
      guards.toml       further guards, or the packaged ones sharpened
"""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import attrs

from negassoc.errors import DataError, Problem, UnknownNameError, nearest
from negassoc.playbooks.guards import Guard, Guards
from negassoc.playbooks.playbook import Channel, Playbooks, Step
from negassoc.records import Title, load_toml

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from negassoc.classify import Classification
    from negassoc.classify.rules import Rule, RuleSet  # noqa: TC004
    from negassoc.playbooks import Plan

T = TypeVar("T")

ENTRY_POINTS = "negassoc.packs"
"""The entry-point group in which an installed distribution names its pack directories or `Pack`s."""

PARTS = (
    "pack.toml", "lexicons", "rules", "weights", "playbooks", "channels.toml", "laws.toml", "guards.toml",
)  # fmt: skip
"""What a pack directory may hold; besides, documents (`*.md`, `LICENSE`) and files that begin with a dot."""

Entry: TypeAlias = "Rule | Step | Guard | Channel"


@attrs.frozen(kw_only=True)
class PackInfo:
    """What `pack.toml` says of a pack."""

    id: str
    title: Title | None = None
    version: str | None = None


@attrs.frozen(kw_only=True)
class Pack:
    """Rules, playbooks and guards that belong together.

    >>> Pack.default().get("GR-01").severity
    'block'
    """

    rules: RuleSet
    playbooks: Playbooks
    guards: Guards
    info: PackInfo = PackInfo(id="negassoc")

    @classmethod
    def default(cls) -> Pack:
        """The packaged pack."""
        from negassoc.classify.rules import RuleSet

        return cls(rules=RuleSet.default(), playbooks=Playbooks.default(), guards=Guards.default())

    @classmethod
    def load(cls, directory: str | Path) -> Pack:
        """What a directory holds. It need not be whole: `Pack.default() | Pack.load("our-rules/")`.

        `DataError` names every mistake of every part as `path:line`, and every file that is no part of a pack.
        """
        from negassoc.classify.rules import RuleSet

        root = Path(directory)
        problems = _strangers(root)
        rules, playbooks = _part(RuleSet.load, root, problems), _part(Playbooks.load, root, problems)
        guards, info = _part(Guards.load, root, problems), _part(_info, root, problems)
        if problems or rules is None or playbooks is None or guards is None or info is None:
            raise DataError(problems)
        return cls(rules=rules, playbooks=playbooks, guards=guards, info=info)

    @classmethod
    def installed(cls) -> Mapping[str, Pack]:
        """The packs that installed distributions offer, by name; looked for only when asked.

        An entry point of the group `negassoc.packs` names a `Pack`, or a path to a pack directory.
        """
        found = importlib.metadata.entry_points(group=ENTRY_POINTS)
        return {entry.name: value if isinstance(value := entry.load(), Pack) else cls.load(value) for entry in found}

    def __or__(self, other: Pack) -> Pack:
        """This pack with the other laid over it by id. A guard can be added or sharpened; `DataError` where one would be weakened."""
        return Pack(
            rules=self.rules | other.rules,
            playbooks=self.playbooks | other.playbooks,
            guards=self.guards.overlay(other.guards),
            info=other.info,
        )

    def plan(self, verdicts: Classification | Iterable[Classification], *, now: dt.datetime | None = None) -> Plan:
        """The plan for one verdict or for the verdicts of one incident; due times count from `now`, when it was detected."""
        return self.playbooks.plan(verdicts, now=now, guards=self.guards)

    def get(self, id: str) -> Entry:  # noqa: A002 - the record's own word
        """The rule, step, guard or channel of that id; `UnknownNameError` names the nearest."""
        entries = self.entries
        if id not in entries:
            raise UnknownNameError("entry", id, entries)
        return entries[id]

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Everything that has an id."""
        return {**self.playbooks.channels, **self.rules.by_id, **self.playbooks.steps, **self.guards.by_id}

    def check(self) -> tuple[Problem, ...]:
        """Everything wrong with it: each part's lint, and every rule example that does not come out as it must."""
        return (*self.rules.check(), *self.playbooks.lint(self.guards))


def _part(load: Callable[[Path], T], root: Path, problems: list[Problem]) -> T | None:
    """One room's part; its mistakes are added to `problems`, so that those of the other parts are told as well."""
    try:
        return load(root)
    except DataError as error:
        problems += error.problems
        return None


def _info(root: Path) -> PackInfo:
    path = root / "pack.toml"
    return load_toml(path, PackInfo) if path.exists() else PackInfo(id=root.resolve().name)


def _strangers(root: Path) -> list[Problem]:
    """Files that nothing reads: a misspelt folder must not pass unseen."""
    if not root.is_dir():
        return [Problem(str(root), "no such directory; a pack is a directory")]
    names = [path.name for path in sorted(root.iterdir()) if not path.name.startswith((".", "LICENSE")) and path.suffix != ".md"]
    return [
        Problem(str(root / name), f"no part of a pack{nearest(name, PARTS)} parts are {', '.join(PARTS)}")
        for name in names
        if name not in PARTS
    ]
