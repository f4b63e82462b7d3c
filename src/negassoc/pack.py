"""Everything that is data, together (规则包): a directory is a pack, laid over another by id, looked up, linted.

Each room reads its own part of the directory; here they are joined. A company's own pack holds only what differs:

    our-rules/
      pack.toml         optional: id, title, version
      lexicons/*.txt    words, one a line
      rules/*.toml      rules with their examples
      weights/          what words and rules weigh; decision.toml how it is decided
      playbooks/*.toml  steps; channels.toml, laws.toml what they refer to
      guards.toml       further guards, or the packaged ones sharpened
      drafts/, red_lines/, notices.toml, programme.toml, searches.toml
                        for the rooms that read them
"""

from __future__ import annotations

import functools
import importlib.metadata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import attrs

from negassoc.cases.drafts import load_skeletons
from negassoc.classify.classifier import Knowledge, own_rules
from negassoc.classify.decision import Decision
from negassoc.classify.notices import NoticeReader
from negassoc.classify.red_lines import RedLines
from negassoc.classify.rules import Rule, RuleSet
from negassoc.classify.weights import Weights
from negassoc.errors import DataError, Problem, UnknownNameError, nearest
from negassoc.playbooks.guards import Guard, Guards
from negassoc.playbooks.playbook import Channel, Playbooks, Step
from negassoc.playbooks.programme import Programme
from negassoc.records import Title, load_toml
from negassoc.text import ALIKE, SURROUNDINGS, Lexicon, TermIndex, load_lexicons
from negassoc.watch.searches import SearchWords

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from negassoc.classify import Classification
    from negassoc.playbooks import Plan

T = TypeVar("T")

ENTRY_POINTS = "negassoc.packs"
"""The entry-point group in which an installed distribution names its pack directories or `Pack`s."""

PARTS = (
    "pack.toml", "lexicons", "rules", "weights", "decision.toml", "playbooks", "channels.toml", "laws.toml", "guards.toml", "guards",
    "drafts", "red_lines", "notices.toml", "programme.toml", "searches.toml",
)  # fmt: skip
"""What a pack directory may hold; besides, documents (`*.md`, `LICENSE`) and files that begin with a dot.

`Pack` joins the parts up to the guards. The rest is only checked here and handed to the room that reads it: `load_skeletons("our-rules")`,
`RedLines.load`, `NoticeReader.load`, `Programme.load`, `SearchWords.load("our-rules/searches.toml")`.
"""

Entry: TypeAlias = Lexicon | Rule | Step | Guard | Channel


@attrs.frozen(kw_only=True)
class PackInfo:
    """What `pack.toml` says of a pack."""

    id: str
    title: Title | None = None
    version: str | None = None


def _rules_of(rules: RuleSet) -> object:
    return rules.rules, rules.longer


def _weights_of(weights: Weights | None) -> object:
    return weights and [(table.columns, table.signals, table.wordings) for table in (weights.negative, weights.types, weights.statements)]


def _decision_of(decision: Decision | None) -> object:
    return decision and attrs.astuple(decision, recurse=False)


@attrs.frozen(kw_only=True)
class Pack:
    """Words, rules, weights, playbooks and guards that belong together. One that was loaded may be partial: lay it over another.

    >>> Pack.default().get("GR-01").severity
    'block'
    """

    lexicons: Mapping[str, Lexicon] = attrs.field(hash=False)
    rules: RuleSet = attrs.field(eq=_rules_of, hash=False)
    weights: Weights | None = attrs.field(eq=_weights_of, hash=False)
    decision: Decision | None = attrs.field(eq=_decision_of, hash=False)
    playbooks: Playbooks
    guards: Guards
    info: PackInfo = PackInfo(id="negassoc")

    def __repr__(self) -> str:
        parts = (("rules", self.rules), ("lexicons", self.lexicons), ("steps", self.playbooks.steps), ("guards", self.guards.by_id))
        return f"<Pack {self.info.id}: {', '.join(f'{len(part)} {name}' for name, part in parts)}>"

    @classmethod
    def default(cls) -> Pack:
        """The packaged pack; put together once."""
        return _packaged()

    @classmethod
    def load(cls, directory: str | Path) -> Pack:
        """What a directory holds. It need not be whole: `Pack.default() | Pack.load("our-rules/")`.

        `DataError` names every mistake of every part as `path:line`, and every file that is no part of a pack.
        """
        root = Path(directory)
        problems = _strangers(root)
        lexicons, rules, weights, decision, playbooks, guards, info = (
            _part(load_lexicons, root, problems), _part(RuleSet.load, root, problems),
            _part(Weights.load, root, problems) if (root / "weights").is_dir() else None,
            _part(Decision.load, root, problems) if (root / "decision.toml").is_file() else None,
            _part(Playbooks.load, root, problems), _part(Guards.load, root, problems), _part(_info, root, problems),
        )  # fmt: skip
        _check_others(root, problems)
        if problems or lexicons is None or rules is None or playbooks is None or guards is None or info is None:
            raise DataError(problems)
        by_id = {lexicon.id: lexicon for lexicon in lexicons}
        return cls(lexicons=by_id, rules=rules, weights=weights, decision=decision, playbooks=playbooks, guards=guards, info=info)

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
            lexicons={**self.lexicons, **other.lexicons},
            rules=self.rules | other.rules if other.rules.rules else self.rules,
            weights=other.weights or self.weights,
            decision=other.decision or self.decision,
            playbooks=self.playbooks | other.playbooks,
            guards=self.guards.overlay(other.guards),
            info=other.info,
        )

    @functools.cached_property
    def knowledge(self) -> Knowledge:
        """What `RuleClassifier(brand, pack.knowledge)` judges by; `DataError` where a partial pack has no weights or no decision table."""
        if self.weights is None or self.decision is None:
            raise DataError([Problem(self.info.id, "has no weights or no decision table of its own: lay it over the packaged pack")])
        weights = self.weights.knowing(own_rules(self.rules, Knowledge.default().rules))
        return Knowledge(TermIndex(self.lexicons.values()), self.rules, weights, self.decision)

    def plan(self, verdicts: Classification | Iterable[Classification], *, now: dt.datetime | None = None) -> Plan:
        """The plan for one verdict or for the verdicts of one incident; due times count from `now`, when it was detected."""
        return self.playbooks.plan(verdicts, now=now, guards=self.guards)

    def get(self, id: str) -> Entry:  # noqa: A002 - the record's own word
        """The lexicon, rule, step, guard or channel of that id; `UnknownNameError` names the nearest."""
        entries = self.entries
        if id not in entries:
            raise UnknownNameError("entry", id, entries)
        return entries[id]

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Everything that has an id."""
        steps = self.playbooks.steps
        return {**self.lexicons, **self.playbooks.channels, **self.rules.rules, **steps, **self.guards.by_id}

    def check(self) -> tuple[Problem, ...]:
        """Everything wrong with it: rules that name a lexicon that is not there or whose examples do not come out, and each part's lint."""
        named = {
            item[1:]: rule.id for rule in self.rules.rules.values() for group in (*rule.all, rule.none) for item in group if item[0] == "@"
        }
        known = (*self.lexicons, *SURROUNDINGS, *ALIKE)
        lost = [Problem(rule, f"unknown lexicon {name!r}{nearest(name, known)}") for name, rule in named.items() if name not in known]
        return (*lost, *self._lost_rules(), *self.rules.check_examples(), *self.playbooks.lint(self.guards))

    def _lost_rules(self) -> Iterator[Problem]:
        """Rules that the decision table names and nobody has."""
        decision = self.decision
        named = decision.rules if decision else frozenset[str]()
        for name in sorted(named - set(self.rules.rules)):
            yield Problem("decision.toml", f"unknown rule {name!r}{nearest(name, self.rules.rules)}", key=name)


@functools.cache
def _packaged() -> Pack:
    known = Knowledge.default()
    return Pack(
        lexicons=known.index.lexicons, rules=known.rules, weights=known.weights, decision=known.decision,
        playbooks=Playbooks.default(), guards=Guards.default(),
    )  # fmt: skip


def _part(load: Callable[[Path], T], root: Path, problems: list[Problem]) -> T | None:
    """One room's part; its mistakes are added to `problems`, so that those of the other parts are told as well."""
    try:
        return load(root)
    except DataError as error:
        problems += error.problems
        return None


def _check_others(root: Path, problems: list[Problem]) -> None:
    """Find the mistakes in what a pack may hold for other rooms."""
    loaders: tuple[Callable[[Path], object], ...] = (load_skeletons, RedLines.load, Programme.load)
    for load in loaders:
        _part(load, root, problems)
    if (root / "notices.toml").is_file():
        _part(NoticeReader.load, root, problems)
    if (root / "searches.toml").is_file():
        _part(SearchWords.load, root / "searches.toml", problems)


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
