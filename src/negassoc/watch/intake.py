"""How mentions enter the store: a batch at a time, each told apart into new, edited, seen before; judged once; written together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from negassoc.errors import Problem
from negassoc.facts import FactFile
from negassoc.mention import Mention
from negassoc.protocols import Classifier
from negassoc.watch.ledger import Judged, Known, Ledger, StoredMention, counts_of, hash_of, key_of, micros, readable

if TYPE_CHECKING:
    import datetime as dt

    from negassoc.classify import Classification

News: TypeAlias = Literal["new", "edited", "completed", "same", "older"]
_WRITTEN: Final = frozenset({"new", "edited", "completed"})


@attrs.define
class Taken:
    """What became of the mentions taken in so far."""

    seen: int = 0
    unassigned: int = 0
    new: int = 0
    edited: int = 0
    rejudged: int = 0
    recounted: int = 0
    reappeared: int = 0
    negative: int = 0

    def add(self, written: Sequence[Judged], *, recounted: int, reappeared: int) -> None:
        """Count in what one batch brought."""
        self.new += sum(one.known is None for one in written)
        self.edited += sum(one.edited for one in written)
        self.negative += sum(one.verdict.type.negative for one in written)
        self.recounted += recounted
        self.reappeared += reappeared


def news(mention: Mention, known: Known | None, earlier: frozenset[str] | set[str] = frozenset()) -> News:
    """What an arriving mention is, compared with what is stored of it.

    An excerpt (`partial`) never replaces a whole text; a whole text completes an excerpt. Another text is an edit, unless it was fetched
    before the stored one, or is a version that an edit has already replaced and nothing says that it was fetched since: old export
    files lie about for long, and must not undo an edit at every run.
    """
    if known is None:
        return "new"
    text = hash_of(mention)
    if text == known.hash:
        return "same" if mention.partial or not known.partial else "completed"
    if mention.partial != known.partial:
        return "older" if mention.partial else "completed"
    fetched = micros(mention.fetched_at)
    if fetched is not None and known.fetched_at is not None:
        return "edited" if fetched > known.fetched_at else "older"
    return "older" if text in earlier else "edited"


@attrs.frozen
class Intake:
    """Judges mentions for brands and keeps them. `judges` are the classifiers by the brand's key."""

    ledger: Ledger
    judges: Mapping[str, Classifier]
    facts: FactFile

    def take(self, batch: Sequence[tuple[str, Mention]], now: dt.datetime, taken: Taken, complete: str | None = None) -> list[Problem]:
        """Take in `(brand key, mention)` pairs, one transaction a brand; what could not be judged or stored is named.

        `complete` is the name of the feed, if it shows everything in its place.
        """
        problems = list[Problem]()
        by_brand = dict[str, list[Mention]]()
        for brand, mention in batch:
            by_brand.setdefault(brand, []).append(mention)
        for brand, mentions in by_brand.items():
            problems += self._take(brand, mentions, now, taken, complete)
        return problems

    def _take(self, brand: str, mentions: Sequence[Mention], now: dt.datetime, taken: Taken, complete: str | None) -> list[Problem]:
        problems = list[Problem]()
        arrived = _Batch(mentions, problems)
        verdicts = self._judge(brand, arrived.changed(self.ledger, brand), problems)
        with self.ledger.store.transaction():
            # looked up once more, inside: another monitor on the same store may have been here while this one was thinking
            self.ledger.store.next_seq(0)
            written = [
                Judged(key=key, verdict=verdicts[key], known=known, edited=kind == "edited")
                for key, known, kind in arrived.compared(self.ledger, brand)
                if kind in _WRITTEN and key in verdicts
            ]
            self.ledger.write(brand, written, now)
            again = arrived.again({one.key for one in written})
            recounted = arrived.recounted(again)
            self.ledger.touch(brand, list(again), now)
            self.ledger.recount(brand, recounted)
            if complete:
                self.ledger.cover(complete, brand, [*again, *(one.key for one in written)], now)
        taken.add(written, recounted=len(recounted), reappeared=sum(known.not_seen_since is not None for known in again.values()))
        return problems

    def rejudge(self, brand: str, stored: Sequence[StoredMention], taken: Taken) -> list[Problem]:
        """Judge stored mentions again, and write those whose type, grade or facets have changed; nothing else about them changes."""
        problems, old = list[Problem](), {one.key: one for one in stored}
        verdicts = self._judge(brand, {key: one.mention for key, one in old.items()}, problems)
        other = [verdict for key, verdict in verdicts.items() if _verdict(verdict) != _verdict(old[key])]
        self.ledger.correct(brand, other)
        taken.rejudged += len(other)
        taken.negative += sum(verdict.type.negative for verdict in other)
        return problems

    def _judge(self, brand: str, changed: Mapping[str, Mention], problems: list[Problem]) -> dict[str, Classification]:
        verdicts, judge = dict[str, "Classification"](), self.judges[brand]
        for key, mention in changed.items():
            try:
                verdicts[key] = judge.classify(mention, self.facts.of(mention.id))
            except Exception as error:  # one text that a classifier chokes on must not lose the others
                what = f"could not be judged for {brand}: {type(error).__name__}: {error}; it is tried again in the next run"
                problems.append(Problem(mention.where or key, what[:300]))
        return verdicts


def _verdict(one: Classification | StoredMention) -> tuple[object, ...]:
    return one.type, one.grade, one.facets


class _Batch:
    """The mentions of one brand that arrived together, one a key."""

    def __init__(self, mentions: Sequence[Mention], problems: list[Problem]) -> None:
        self.by_key = dict[str, Mention]()
        self.known = dict[str, Known]()
        for mention in mentions:
            if error := readable(mention):
                problems.append(Problem(mention.where or key_of(mention), f"cannot be stored: {error}"))
                continue
            key = key_of(mention)
            self.by_key[key] = _fuller(self.by_key.get(key), mention)

    def compared(self, ledger: Ledger, brand: str) -> list[tuple[str, Known | None, News]]:
        """Each key with what is stored of it now, and what the arriving mention is beside it."""
        self.known = ledger.known(brand, list(self.by_key))
        edited = [key for key, known in self.known.items() if known.edits]
        earlier = ledger.earlier(brand, edited)
        return [
            (key, self.known.get(key), news(mention, self.known.get(key), earlier.get(key, set()))) for key, mention in self.by_key.items()
        ]

    def changed(self, ledger: Ledger, brand: str) -> dict[str, Mention]:
        """Those that have to be judged."""
        return {key: self.by_key[key] for key, _, kind in self.compared(ledger, brand) if kind in _WRITTEN}

    def again(self, written: set[str]) -> dict[str, Known]:
        """Those that were stored before and say nothing new."""
        return {key: known for key, known in self.known.items() if key not in written}

    def recounted(self, again: Mapping[str, Known]) -> list[tuple[str, Mention]]:
        """Those of them whose counts have changed, unless they are excerpts or were fetched before the stored ones."""
        return [(key, self.by_key[key]) for key, known in again.items() if _newer_counts(self.by_key[key], known)]


def _newer_counts(mention: Mention, known: Known) -> bool:
    if hash_of(mention) != known.hash or mention.partial != known.partial:
        return False
    counts, fetched = counts_of(mention), micros(mention.fetched_at)
    older = fetched is not None and known.fetched_at is not None and fetched < known.fetched_at
    return bool(counts.strip()) and counts != known.counts and not older


def _fuller(one: Mention | None, other: Mention) -> Mention:
    """Of two copies of one mention: the whole before the excerpt, the one fetched later, the one that came later; the searches of both."""
    if one is None:
        return other
    better = max((other, one), key=lambda m: (not m.partial, micros(m.fetched_at) or 0))
    queries = tuple(dict.fromkeys((*one.queries, *other.queries)))
    return attrs.evolve(better, queries=queries) if queries != better.queries else better
