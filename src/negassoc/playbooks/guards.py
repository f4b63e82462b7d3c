"""What must never be advised: the guards (护栏), as a judge of steps and, through `negassoc.playbooks.wording`, of free text.

A guard is data (`data/guards.toml`). It judges the steps of its `kinds` by stated facts alone: a step that is unlawful in itself is
refused always, one that is lawful in order waits for the facts it `needs`, and is refused for good by a fact in `closed_by`.
"""

from __future__ import annotations

import collections
import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from negassoc.classify import Span
from negassoc.errors import DataError, Problem, UnknownNameError, nearest
from negassoc.facts import Facts
from negassoc.playbooks.suspicion import Suspect, Suspicion, Thresholds
from negassoc.playbooks.wording import Heard, Spoken, TextReview, Verdict, Wording
from negassoc.records import Title, load_toml
from negassoc.text.phrases import Folded, fold

Severity: TypeAlias = Literal["block", "gate", "warn"]
_RANK: Mapping[str, int] = {"warn": 0, "gate": 1, "block": 2}
DOUBT = "GR-26"
"""The guard that speaks where a text only sounds like a breach: a person of the legal department looks at it."""

_VERDICT: tuple[Verdict, ...] = ("ok", "gated", "blocked")


@attrs.frozen(kw_only=True)
class Guard:
    """One thing never to do, or only in order (护栏).

    `kinds` are the sorts of step it judges, `needs` the facts that must be stated with this value first, `closed_by` the facts that
    refuse the step for good, or until what `opens` tells. `reason` and `instead` are for people; `basis` names the law or rule,
    `checked_on` when it was read.
    """

    id: str
    severity: Severity
    title: Title
    reason: Title
    instead: Title
    basis: tuple[str, ...]
    kinds: tuple[str, ...]
    needs: Mapping[str, bool] = attrs.field(factory=dict, hash=False)
    closed_by: Mapping[str, bool] = attrs.field(factory=dict, hash=False)
    opens: Title | None = None
    checked_on: dt.date

    @property
    def conditional(self) -> bool:
        """Whether facts can open it."""
        return bool(self.needs or self.closed_by)

    def missing(self, facts: Facts) -> tuple[str, ...]:
        """The facts it still needs, not yet stated as they must be."""
        return tuple(name for name, value in self.needs.items() if facts.get(name) is not value)

    def refuses(self, facts: Facts) -> bool:
        """Whether a step of its kinds may not run now. A gate without facts of its own reminds and never refuses."""
        if not self.conditional:
            return self.severity == "block"
        return self.severity != "warn" and (self.closed(facts) or bool(self.missing(facts)))

    def closed(self, facts: Facts) -> bool:
        """Whether a stated fact refuses its steps, whatever else is known."""
        return any(facts.get(name) is value for name, value in self.closed_by.items())

    def weaker_than(self, other: Guard) -> str | None:
        """In what this guard is weaker than `other`, or None."""
        if _RANK[self.severity] < _RANK[other.severity]:
            return f"severity {self.severity!r} is weaker than {other.severity!r}"
        if lost := set(other.kinds) - set(self.kinds):
            return f"no longer judges {', '.join(sorted(lost))}"
        for key in ("needs", "closed_by"):
            if lost := {name for name, value in getattr(other, key).items() if getattr(self, key).get(name) is not value}:
                return f"{key} no longer has {', '.join(sorted(lost))}"
        if self.conditional and not other.conditional and other.severity == "block":
            return "facts would open what is always refused"
        return None


@attrs.frozen(kw_only=True)
class _GuardFile:
    guard: tuple[Guard, ...]


@attrs.frozen
class Guards:
    """All guards, by id, in the order of the file.

    >>> guards = Guards.default()
    >>> [guard.id for guard in guards.refusing("report", Facts())]
    ['GR-04']
    >>> guards.refusing("paid_deletion", Facts(legal_signoff=True))[0].severity
    'block'
    """

    by_id: Mapping[str, Guard] = attrs.field(hash=False)
    wording: Wording = attrs.field(factory=Wording, eq=False, repr=False, kw_only=True)
    suspicion: Suspicion | None = attrs.field(default=None, eq=False, repr=False, kw_only=True)

    def __repr__(self) -> str:
        return f"<Guards {', '.join(self.by_id)}>"

    @classmethod
    def default(cls) -> Guards:
        """The packaged guards."""
        return _default()

    @classmethod
    def load(cls, directory: str | Path) -> Guards:
        """The guards of a pack directory (`guards.toml`, `guards/*.toml` and `guards/model/` in it); none where there is no such file.

        `DataError` names path and line of every mistake.
        """
        path = Path(directory) / "guards.toml"
        guards = load_toml(path, _GuardFile).guard if path.exists() else ()
        problems = [*_repeated(guards, path), *(p for guard in guards for p in _unknown_facts(guard, path))]
        if problems:
            raise DataError(problems)
        model, wording, by_id = Path(directory) / "guards" / "model", Wording.load(directory), {guard.id: guard for guard in guards}
        return cls(by_id, wording=wording, suspicion=Suspicion.load(model) if model.exists() else None)

    def overlay(self, other: Guards) -> Guards:
        """These guards and the other's. One with an id that is here already may only sharpen it: `DataError` if it weakens."""
        weaker = [(guard.id, how) for guard in other if guard.id in self.by_id and (how := guard.weaker_than(self.by_id[guard.id]))]
        if weaker:
            raise DataError(
                Problem("guards.toml", f"{name}: a guard can be sharpened, not weakened: {how}", key=name) for name, how in weaker
            )
        by_id = {**self.by_id, **other.by_id}
        unknown = [(i.id, i.guard) for i in other.wording.said if i.guard not in by_id]
        if unknown:
            raise DataError(
                Problem("guards/", f"{name}: unknown guard {guard!r}{nearest(guard, by_id)}", key=name) for name, guard in unknown
            )
        return Guards(by_id, wording=self.wording.overlay(other.wording), suspicion=self.suspicion)

    def get(self, id: str) -> Guard:  # noqa: A002 - the record's own word
        """One guard; `UnknownNameError` if there is none of that id."""
        if id not in self.by_id:
            raise UnknownNameError("guard", id, self.by_id)
        return self.by_id[id]

    def judging(self, kind: str) -> tuple[Guard, ...]:
        """The guards that judge steps of this kind, whether or not they refuse."""
        return tuple(guard for guard in self if kind in guard.kinds)

    def refusing(self, kind: str, facts: Facts) -> tuple[Guard, ...]:
        """The guards that refuse such a step with what is known now, the strictest first."""
        found = (guard for guard in self.judging(kind) if guard.refuses(facts))
        return tuple(sorted(found, key=lambda guard: -_RANK[guard.severity]))

    def review(self, text: str) -> TextReview:
        """What the guards say of an instruction, an offer or a draft; spans are code points of `text`.

        >>> Guards.default().review("找人刷点好评压一压").verdict
        'blocked'
        >>> Guards.default().review("员工不得刷好评，违者按制度处理").verdict
        'ok'
        """
        folded = fold(text)
        spoken = list[Spoken]()
        for name, start, end in self._speaking(folded):
            guard, span = self.get(name), Span("text", *folded.original(start, end))
            if not any(said.id == name and said.span.start < span.end and span.start < said.span.end for said in spoken):
                spoken.append(Spoken(name, span=span, reason=guard.reason, instead=guard.instead))
        found = sorted(spoken, key=lambda said: (-_RANK[self.get(said.id).severity], said.span.start))
        strongest = max((_RANK[self.get(said.id).severity] for said in found), default=0)
        return TextReview(text, verdict=_VERDICT[strongest], guards=tuple(found))

    def _speaking(self, folded: Folded) -> Iterator[tuple[str, int, int]]:
        heard = collections.deque(self.wording.find(folded))
        if self.suspicion is None:
            yield from ((h.guard, h.start, h.end) for h in heard if not h.excused)
            return
        for suspect in self.suspicion.weigh(folded):
            inside = list[Heard]()
            while heard and heard[0].start < suspect.stretch:
                inside.append(heard.popleft())
            yield from ((h.guard, h.start, h.end) for h in inside if h.sure and not h.excused)
            yield from self._judged(suspect, tuple(h for h in inside if not h.sure), self.suspicion.weights.thresholds)

    def _judged(self, suspect: Suspect, found: tuple[Heard, ...], thresholds: Thresholds) -> Iterator[tuple[str, int, int]]:
        heard = tuple(h for h in found if not h.excused)
        spoken = {h.intent for h in heard}
        excused = {h.intent for h in found} - spoken
        score = suspect.score + thresholds.rule * min(len(spoken), 2) - thresholds.excused * min(len(excused), 2)
        if score >= thresholds.block:
            yield from ((h.guard, h.start, h.end) for h in heard)
            if not heard:
                yield suspect.guard, suspect.start, suspect.end
        elif score >= thresholds.gate:
            gates = [h for h in heard if self.get(h.guard).severity != "block"]
            yield from ((h.guard, h.start, h.end) for h in gates)
            if not gates:
                yield DOUBT, suspect.start, suspect.end

    def __iter__(self) -> Iterator[Guard]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)


@functools.cache
def _default() -> Guards:
    return Guards.load(Path(__file__).parents[1] / "data")


def _repeated(guards: tuple[Guard, ...], path: Path) -> Iterator[Problem]:
    seen = set[str]()
    for guard in guards:
        if guard.id in seen:
            yield Problem(str(path), f"guard {guard.id} stands here twice", key=guard.id)
        seen.add(guard.id)


def _unknown_facts(guard: Guard, path: Path) -> Iterator[Problem]:
    for name in (*guard.needs, *guard.closed_by):
        if name not in Facts.names():
            yield Problem(
                str(path), f"{guard.id}: unknown fact {name!r}{nearest(name, Facts.names())} `negassoc facts` lists them", key=name
            )
