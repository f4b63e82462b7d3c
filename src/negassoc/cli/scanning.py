"""One scan: a stream of verdicts, counted as they pass, of which only those worth acting on are kept for the plans."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

import attrs
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from negassoc.classify import AssociationType, Classification, Grade
from negassoc.cli.console import Watched
from negassoc.errors import DataError, Problem
from negassoc.facts import FactFile
from negassoc.pack import Pack
from negassoc.playbooks.incidents import incidents
from negassoc.protocols import Classifier

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from negassoc.mention import Mention
    from negassoc.playbooks import Plan

T = TypeVar("T")
Counts = Counter[tuple[AssociationType, Grade | None]]


@attrs.define
class Scan:
    """The state of one run of `negassoc scan`."""

    watched: Watched
    facts: FactFile
    pack: Pack
    keep_all: bool = False
    full: bool = False
    kept: list[Classification] = attrs.field(factory=list, init=False)
    counts: Counts = attrs.field(factory=Counter, init=False)
    problems: list[Problem] = attrs.field(factory=list, init=False)
    known: set[str] = attrs.field(factory=set, init=False)
    _made: dict[str, Classifier] = attrs.field(factory=dict, init=False)

    def verdicts(self, mentions: Iterable[Mention]) -> Iterator[Classification]:
        """Each mention's verdict; one that is about no watched brand becomes a problem."""
        for mention in mentions:
            try:
                verdict = self._judge(mention)
            except DataError as error:
                self.problems += error.problems
                continue
            self.counts[verdict.type, verdict.grade] += 1
            if self.keep_all or verdict.type is not AssociationType.NONE:
                self.kept.append(verdict)
            yield verdict

    def plans(self, now: dt.datetime) -> list[Plan]:
        """A plan for each incident among the verdicts so far, gravest first; due times count from `now`."""
        return [self.pack.plan(incident.verdicts, now=now) for incident in incidents(self.kept)]

    def _judge(self, mention: Mention) -> Classification:
        from negassoc.classify.classifier import RuleClassifier

        if mention.id in self.facts.by_mention:
            self.known.add(mention.id)
        brand = self.watched.of(mention)
        name = brand.key or brand.name
        if name not in self._made:
            self._made[name] = RuleClassifier(brand, self.pack.knowledge)
        return self._made[name].classify(mention, self.facts.of(mention.id))


def tracked(items: Iterable[T], what: str) -> Iterator[T]:
    """The items, with a moving bar and their number on stderr while a person watches; it leaves no trace."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield from items
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield from progress.track(items, description=what)
