"""What a client's searches and readings give: mentions as they come, and where to go on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING

from negassoc.errors import Problem
from negassoc.mention import Mention
from negassoc.sources.flow import Listing, Walk
from negassoc.sources.page import Page
from negassoc.sources.redact import redacted

if TYPE_CHECKING:
    from negassoc.sources.client import AsyncClient, Client


class _Result:
    """What both results share: where the walk stands."""

    def __init__(self, listing: Listing, walk: Callable[[], Walk]) -> None:
        self.listing, self._new_walk = listing, walk
        self._walk = walk()

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
    def ended(self) -> bool:
        """Whether the last iteration ran to its end (or its cap: then `problems` says so)."""
        return self._walk.ended

    def __repr__(self) -> str:
        return f"{type(self).__name__}({redacted(self.listing.what)!r}, {self.listing.platform})"


class Found(_Result):
    """Mentions of a listing, fetched as you iterate: a `Source`. Each iteration begins anew; what it yields is yours whatever comes after.

    Any typed error ends the iteration; `resume()` then gives the rest.
    """

    def __init__(self, client: Client, listing: Listing, walk: Callable[[], Walk]) -> None:
        super().__init__(listing, walk)
        self._client = client

    def __iter__(self) -> Iterator[Mention]:
        for page in self.pages():
            yield from page.mentions

    def pages(self) -> Iterator[Page]:
        """The same page by page."""
        self._walk = self._new_walk()
        yield from self._client.walk(self._walk)

    def resume(self) -> Found:
        """What is left after `cursor`, without the mentions that were given before."""
        return self._client.read(self.listing, cursor=self._walk.cursor, seen=self._walk.seen)


class AsyncFound(_Result):
    """The same for programs with an event loop: an `AsyncSource`."""

    def __init__(self, client: AsyncClient, listing: Listing, walk: Callable[[], Walk]) -> None:
        super().__init__(listing, walk)
        self._client = client

    async def __aiter__(self) -> AsyncIterator[Mention]:
        async for page in self.pages():
            for mention in page.mentions:
                yield mention

    async def pages(self) -> AsyncIterator[Page]:
        """The same page by page."""
        self._walk = self._new_walk()
        async for page in self._client.walk(self._walk):
            yield page

    def resume(self) -> AsyncFound:
        """What is left after `cursor`, without the mentions that were given before."""
        return self._client.read(self.listing, cursor=self._walk.cursor, seen=self._walk.seen)
