"""What can be wrong with playbooks taken together, each found as a problem with the step's file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from negassoc.errors import Problem, nearest
from negassoc.facts import Facts
from negassoc.playbooks.guards import Guards
from negassoc.text import known_trades

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negassoc.playbooks.playbook import Playbook, Playbooks, Step

OUTWARD: Final = frozenset({
    "contact", "reply", "report", "appeal", "legal", "extortion_report", "impersonation_report", "disambiguate", "invite", "escalate",
})  # fmt: skip
"""Kinds of step that reach an author, a platform or an authority: never before the evidence is kept."""

KINDS: Final = OUTWARD | {
    "evidence", "safety", "classify", "grade", "owner", "assess", "decide", "find_out", "statement", "publish", "promote", "user_content",
    "remedy", "delete", "edit", "answer", "observe", "review", "prevent",
}  # fmt: skip
"""The kinds a step may have."""


def lint(books: Playbooks, guards: Guards | None = None) -> tuple[Problem, ...]:
    """Every problem: names that nothing has, order, evidence, branches, guards, channels and deadlines."""
    checker = _Checker(books, guards or Guards.default())
    return tuple(problem for book in books.by_id.values() for problem in checker.of_book(book))


class _Checker:
    def __init__(self, books: Playbooks, guards: Guards) -> None:
        self.books, self.guards, self.steps = books, guards, books.steps
        self.first = [step.id for book in books.for_type(None) for step in book.steps]

    def of_book(self, book: Playbook) -> Iterator[Problem]:
        before = set[str]() if book.type is None else set(self.first)
        for fact in book.asks:
            yield from self._names(f"{book.id}: asks", f"playbook {book.id}", "fact", [fact], Facts.names())
            if fact not in self.books.askings:
                yield Problem(f"playbook {book.id}", f"asks {fact!r}, but no [[find_out]] says who answers it", key=fact)
        for item in book.tempting:
            yield from self._names(item.id, f"playbook {book.id}", "guard", [item.guard], self.guards.by_id)
        for step in book.steps:
            if step.id in before:
                yield Problem(step.where, f"{step.id}: a step of this id stands before it", key=step.id)
            yield from self._references(step)
            yield from self._order(step, before)
            yield from self._guarded(step)
            before.add(step.id)

    def _names(self, label: str, where: str, kind: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
        known = list(known)
        for name in names:
            if name not in known:
                yield Problem(where, f"{label}: unknown {kind} {name!r}{nearest(name, known)}".rstrip(";"), key=name)

    def _references(self, step: Step) -> Iterator[Problem]:
        facts = (word.removeprefix("not ") for word in (*step.when, *step.unless, *step.finds_out, *step.supplies))
        used = [name for names in step.channel.values() for name in names]
        yield from self._names(step.id, step.where, "fact", facts, Facts.names())
        yield from self._names(step.id, step.where, "channel", used, self.books.channels)
        yield from self._names(step.id, step.where, "law", step.basis, self.books.laws)
        yield from self._names(step.id, step.where, "guard", step.guards, self.guards.by_id)
        yield from self._names(step.id, step.where, "role", (step.role, *step.helpers), self.books.roles)
        trades = [trade for line in (*step.materials, *step.never) for trade in line.trades]
        trades += [trade for name in step.basis if name in self.books.laws for trade in self.books.laws[name].trades]
        yield from self._names(step.id, step.where, "trade", trades, known_trades())
        yield from self._names(step.id, step.where, "kind of step", step.kinds, KINDS)
        if not step.channel.get("other"):
            yield Problem(step.where, f"{step.id}: no channel for other platforms (`other`)", key="channel")

    def _order(self, step: Step, before: set[str]) -> Iterator[Problem]:
        for name in step.after:
            if name not in before:
                yield Problem(step.where, f"{step.id}: comes after {name!r}, which does not stand before it", key="after")
        if OUTWARD & set(step.kinds) and not any(self.steps[name].kind == "evidence" for name in self._all_before(step)):
            yield Problem(step.where, f"{step.id}: reaches out ({step.kind}) with no evidence step among those it comes after", key="after")
        chain, at = [step.id], step.if_failed.next
        while at is not None and at in self.steps and at not in chain:
            chain.append(at)
            at = self.steps[at].if_failed.next
        if at is not None:
            what = "leads in a circle" if at in chain else "leads to an unknown step"
            yield Problem(step.where, f"{step.id}: its branch on failure {what}: {' → '.join([*chain, at])}", key="if_failed")

    def _all_before(self, step: Step) -> set[str]:
        seen, todo = set[str](), list(step.after)
        while todo:
            name = todo.pop()
            if name in self.steps and name not in seen:
                seen.add(name)
                todo += self.steps[name].after
        return seen

    def _guarded(self, step: Step) -> Iterator[Problem]:
        for kind in step.kinds:
            for guard in self.guards.judging(kind):
                if guard.severity == "block" and not guard.conditional:
                    yield Problem(step.where, f"{step.id}: {guard.id} refuses steps of kind {kind!r}", key="kind")
                elif guard.id not in step.guards:
                    yield Problem(step.where, f"{step.id}: {guard.id} judges {kind!r} but is not among its guards", key="guards")
