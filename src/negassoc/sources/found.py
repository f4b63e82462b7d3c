"""What a client's searches and readings give: mentions as they come, and where to go on."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from negassoc.sources.flow import Keys, Listing, Walk, key_of
from negassoc.sources.redact import redacted

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

    from negassoc.errors import Problem
    from negassoc.mention import Mention
    from negassoc.sources.client import AsyncClient, Client
    from negassoc.sources.coverage import Coverage
    from negassoc.sources.page import Page


class _Result:
    """What both results share: where the walk stands, and what was handed over."""

    def __init__(self, listing: Listing, walk: Callable[[], Walk], given: Keys) -> None:
        self.listing, self._new_walk, self._before = listing, walk, given
        self._walk, self._given = walk(), set(given)

    @property
    def cursor(self) -> str | None:
        """Resumes after the last page that was read with all its replies; None is the beginning."""
        return self._walk.cursor

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Units that could not be read, and what kept the last iteration from the end."""
        return (*self._walk.problems, *self._walk.stops)

    @property
    def skipped(self) -> int:
        """Units that are no mentions, like advertisements."""
        return self._walk.skipped

    @property
    def coverage(self) -> Coverage:
        """How many posts and comments the last iteration read, against the comments that the platform claims to have."""
        return self._walk.coverage

    @property
    def ended(self) -> bool:
        """Whether the last iteration ran to its end (or its cap: then `problems` says so)."""
        return self._walk.ended

    def _begin(self) -> Walk:
        self._walk, self._given = self._new_walk(), set(self._before)
        return self._walk

    def __repr__(self) -> str:
        return f"{type(self).__name__}({redacted(self.listing.what)!r}, {self.listing.platform})"


class Found(_Result):
    """Mentions of a listing, fetched as you iterate: a `Source`. Each iteration begins anew; what it yields is yours whatever comes after.

    Any typed error ends the iteration; `resume()` then gives the rest.
    """

    def __init__(self, client: Client, listing: Listing, walk: Callable[[], Walk], given: Keys) -> None:
        super().__init__(listing, walk, given)
        self._client = client

    def __iter__(self) -> Iterator[Mention]:
        for page in self._client.walk(self._begin()):
            for mention in page.mentions:
                self._given.add(key_of(mention))
                yield mention

    def pages(self) -> Iterator[Page]:
        """The same page by page."""
        for page in self._client.walk(self._begin()):
            self._given.update(map(key_of, page.mentions))
            yield page

    def resume(self) -> Found:
        """What is left, without the mentions that were given before: reads again only the page that was broken off."""
        return self._client.read(self.listing, cursor=self._walk.cursor, given=frozenset(self._given))


class AsyncFound(_Result):
    """The same for programs with an event loop: an `AsyncSource`."""

    def __init__(self, client: AsyncClient, listing: Listing, walk: Callable[[], Walk], given: Keys) -> None:
        super().__init__(listing, walk, given)
        self._client = client

    async def __aiter__(self) -> AsyncGenerator[Mention, None]:
        async with aclosing(self._client.walk(self._begin())) as pages:
            async for page in pages:
                for mention in page.mentions:
                    self._given.add(key_of(mention))
                    yield mention

    async def pages(self) -> AsyncGenerator[Page, None]:
        """The same page by page."""
        async with aclosing(self._client.walk(self._begin())) as pages:
            async for page in pages:
                self._given.update(map(key_of, page.mentions))
                yield page

    def resume(self) -> AsyncFound:
        """What is left, without the mentions that were given before: reads again only the page that was broken off."""
        return self._client.read(self.listing, cursor=self._walk.cursor, given=frozenset(self._given))
