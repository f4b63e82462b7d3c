"""Where a monitor's mentions come from: sources with a name and what is known about them, and sources made of searches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias, cast

import attrs

from negassoc.errors import DataError, Problem, RefusedError, SourceError
from negassoc.mention import Mention, Query
from negassoc.protocols import Source


@attrs.frozen
class Feed:
    """A source and what is known about it.

    `brand` is the key or name of the one brand it is about; None lets each mention be judged for every brand it points to. `complete`
    states that the source shows everything in its place (all comments under a post, say): only then is what it no longer shows
    marked "not seen". `fingerprint`, where given, returns a text that changes when the source has something new; a feed that
    has not changed since it was last read to its end is not read again. `DataError` for what yields no mentions, like a path.
    """

    source: Source
    name: str = attrs.field(kw_only=True)
    brand: str | None = attrs.field(default=None, kw_only=True)
    complete: bool = attrs.field(default=False, kw_only=True)
    fingerprint: Callable[[], str] | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if found := tuple(_mistakes(self.source, self.name, self.brand)):
            raise DataError(Problem(f"feed {self.name!r}", what) for what in found)


Given: TypeAlias = Feed | Iterable[Feed | Source | Mention]  # a lone source is an `Iterable[Mention]`


def feeds_of(given: Given) -> Iterator[Feed]:
    """What a monitor is given as feeds; a bare source gets its number for a name, and one that stands alone is one source."""
    several = isinstance(given, Collection | Iterator) and not isinstance(given, str)
    for number, one in enumerate(cast("Iterable[object]", given) if several else [given], 1):
        yield one if isinstance(one, Feed) else Feed(cast("Source", one), name=f"{number}")


def _mistakes(source: object, name: object, brand: object) -> Iterator[str]:
    if isinstance(source, str | Path):
        yield f"{str(source)!r} is no source of mentions; of files: Export({str(source)!r})"
    elif not isinstance(source, Iterable):
        yield f"expected what yields mentions, like Export(path) or a list of them, found {source!r:.60}"
    if not isinstance(name, str) or not name:
        yield "name: expected a text by which the store knows the feed again"
    if not isinstance(brand, str | None):
        yield f"brand: expected the name of a brand or its key, found {brand!r:.60}"


@attrs.frozen
class SearchFeed:
    """A source made of searches: runs each query and notes on each mention which one found it.

    `search` takes a `Query` and yields mentions, as a client's search does. A search that fails with a `SourceError` other than a
    refusal is kept in `problems`, and the next one is run.
    """

    search: Callable[[Query], Iterable[Mention]]
    queries: Sequence[Query]
    problems: list[Problem] = attrs.field(factory=list, kw_only=True)

    def __iter__(self) -> Iterator[Mention]:
        self.problems.clear()
        for query in self.queries:
            try:
                for mention in self.search(query):
                    yield attrs.evolve(mention, queries=tuple(dict.fromkeys((*mention.queries, query.text))))
            except RefusedError:
                raise
            except SourceError as error:
                self.problems.append(Problem(f"search {query.text!r}", str(error)))


class Reading:
    """The mentions of a feed, up to the first error of the source, which becomes a problem. Errors of the reader pass through."""

    def __init__(self, feed: Feed) -> None:
        self.feed, self.ended, self.problems = feed, False, list[Problem]()

    def __iter__(self) -> Iterator[Mention]:
        try:
            yield from map(Mention.of, self.feed.source)
        except Exception as error:  # a source may be anybody's code; the other feeds go on
            self.problems.append(Problem(f"feed {self.feed.name}", f"{type(error).__name__}: {error}"))
            return
        self.ended = True
