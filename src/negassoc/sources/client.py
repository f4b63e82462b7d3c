"""Drives flows over your own HTTP client: at a polite pace, retrying only what is not a refusal, and stopping at the first refusal.

Whose session it is, and what it may do, is yours: the `httpx.Client` that you hand in carries it (cookies, headers, an `httpx.Auth`). Nothing
here logs in, signs, solves a captcha, changes its address or hides what it is.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Protocol, TypeVar

import attrs
import httpx
import tenacity

from negassoc.errors import PayloadError, RefusedError, SourceError, TransientError
from negassoc.events import CallSent, Hook, PageRead, Stopped
from negassoc.mention import Mention, Query
from negassoc.sources.conduct import Body, Conduct, Policy, Retries, clean, placed
from negassoc.sources.flow import Call, Inquiry, Listing, Reply, Walk, check_http
from negassoc.sources.found import AsyncFound, Found
from negassoc.sources.page import Page
from negassoc.sources.redact import redacted, secret_values

T = TypeVar("T")
_BARE = {"accept-encoding": "gzip"}  # only what can be unpacked piece by piece
_TROUBLE = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, httpx.CookieConflict)


class Searchable(Protocol):
    """An adapter that can search."""

    def search(self, query: Query | str) -> Listing:
        """The pages found for `query`."""
        ...


class Discussed(Protocol):
    """An adapter that can read the comments under a post."""

    def comments(self, post: Mention | str) -> Listing:
        """The pages of comments under `post`."""
        ...


class Answered(Protocol):
    """An adapter that can read the replies to a comment."""

    def replies(self, comment: Mention) -> Listing:
        """The pages of replies to `comment`."""
        ...


def secrets_in(request: httpx.Request) -> frozenset[str]:
    """The secret values that went out with a request, whoever put them there."""
    return secret_values([*request.headers.items(), *request.url.params.items()])


def translated(error: Exception, call: Call) -> SourceError:
    """The typed error for any exception of the HTTP library; its text is redacted, and the request in it is left behind.

    Timeouts, no or a broken connection: `TransientError`. A status that somebody's event hook raised for is judged as any status.
    A body that cannot be decoded, endless redirects: `PayloadError`. Everything else is a mistake on this side: `SourceError`.
    """
    place = {"platform": call.platform, "call": str(call)}
    what = redacted(f"{type(error).__name__}: {error}".rstrip(": "))
    if isinstance(error, httpx.HTTPStatusError):
        return _of_status(error.response, call) or SourceError(what, **place)
    if isinstance(error, (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError)):
        return TransientError(what, **place)
    if isinstance(error, (httpx.DecodingError, httpx.TooManyRedirects)):
        return PayloadError(what, **place, path="$")
    return SourceError(what, **place)


def _of_status(response: httpx.Response, call: Call) -> SourceError | None:
    try:
        check_http(Reply(call, response.status_code, dict(response.headers), b"", dt.datetime.now(dt.UTC)))
    except SourceError as error:
        return error
    return None


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class _Shared:
    """What both clients have in common but for the waiting."""

    def __init__(
        self, policy: Policy | None, clock: Callable[[], float], now: Callable[[], dt.datetime], draw: Callable[[], float], hooks: Iterable[Hook]
    ) -> None:
        self.policy = policy or Policy()
        self._desk = _Desk(self.policy, clock, now, draw, hooks)

    def readmit(self, host: str | None = None) -> None:
        """Ask a host again that has refused, or all of them: after a person has sorted it out with the platform."""
        self._desk.readmit(host)

    def _walker(self, listing: Listing, cursor: str | None, seen: _Seen) -> Callable[[], Walk]:
        def walk() -> Walk:
            before = set(seen) if seen is not None else None
            return Walk(listing, cursor=cursor, pages=self.policy.pages, reply_pages=self.policy.reply_pages, seen=before)

        return walk

    def _arrived(self, walk: Walk, page: Page) -> Page:
        at, listing = self._desk.now(), walk.listing
        done = attrs.evolve(page, mentions=tuple(attrs.evolve(one, fetched_at=one.fetched_at or at) for one in page.mentions))
        self._desk.tell(PageRead(platform=listing.platform, call=redacted(listing.what), mentions=len(done.mentions), cursor=page.cursor))
        return done

    def _stopped(self, walk: Walk, why: str) -> None:
        self._desk.tell(Stopped(platform=walk.listing.platform, call=redacted(walk.listing.what), why=redacted(why)))

    def _finished(self, walk: Walk) -> None:
        for problem in walk.problems:
            if problem.where == redacted(walk.listing.what):
                self._stopped(walk, problem.what)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.policy})"


class Client(_Shared):
    """Fetches over `http`, your own `httpx.Client` with your own session in it.

    `clock` (seconds), `sleep`, `now` (aware UTC) and `draw` (0 to 1, for the jitter) are real unless given. `hooks` are told what is sent,
    waited for, read and stopped. After a `RefusedError` the host is not asked again by this client until `readmit`, or until the time
    is past that it named.
    """

    def __init__(  # noqa: PLR0913 - each can be replaced in a test
        self, http: httpx.Client, *, policy: Policy | None = None, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep, now: Callable[[], dt.datetime] = _utc_now, draw: Callable[[], float] = random.random,
        hooks: Iterable[Hook] = (),
    ) -> None:  # fmt: skip
        super().__init__(policy, clock, now, draw, hooks)
        self._http, self._sleep = http, sleep

    def search(self, source: Searchable, query: Query | str, *, cursor: str | None = None) -> Found:
        """What `source` finds for `query`, from `cursor` on."""
        return self.read(source.search(query), cursor=cursor)

    def comments(self, source: Discussed, post: Mention | str, *, cursor: str | None = None) -> Found:
        """The comments under `post` with their replies. `post` is a mention, an id or an address."""
        return self.read(source.comments(post), cursor=cursor)

    def replies(self, source: Answered, comment: Mention, *, cursor: str | None = None) -> Found:
        """The replies to `comment`."""
        return self.read(source.replies(comment), cursor=cursor)

    def read(self, listing: Listing, *, cursor: str | None = None) -> Found:
        """Any listing of any adapter: `client.read(source.posts(account))`."""
        return self._found(listing, cursor, None)

    def resume(self, found: Found) -> Found:
        """The rest of what was broken off."""
        return found.resume()

    def ask(self, inquiry: Inquiry[T]) -> T:
        """The answer to something that has one."""
        flow, until = inquiry.flow(), self._desk.until()
        try:
            call = next(flow)
            while True:
                call = flow.send(self._exchange(call, until))
        except StopIteration as done:
            answer: T = done.value
            return answer

    def send(self, call: Call, *, execute: bool = False) -> Reply | None:
        """Carry out a call that changes something, once and without retry, but only with `execute=True`; otherwise nothing is sent and None
        is returned. `call.to_record()` shows what would be sent."""
        return self._exchange(call, self._desk.until()) if execute else None

    def _found(self, listing: Listing, cursor: str | None, seen: _Seen) -> Found:
        return Found(self, listing, self._walker(listing, cursor, seen))

    def _pages(self, walk: Walk) -> Iterator[Page]:
        steps, until = walk.steps(), self._desk.until()
        step = next(steps, None)
        try:
            while step is not None:
                if isinstance(step, Page):
                    yield self._arrived(walk, step)
                    step = next(steps, None)
                    continue
                answer = self._answer(step, until)
                step = steps.send(answer) if isinstance(answer, Reply) else steps.throw(answer)
        except StopIteration:
            pass
        except SourceError as error:
            self._stopped(walk, str(error))
            raise
        self._finished(walk)

    def _answer(self, call: Call, until: float | None) -> Reply | SourceError:
        _only_reads(call)
        try:
            return self._exchange(call, until)
        except SourceError as error:
            return error

    def _exchange(self, call: Call, until: float | None) -> Reply:
        self._desk.admit(call)
        attempts = tenacity.Retrying(sleep=self._sleep, **self._desk.retrying(call, until))  # type: ignore[arg-type]
        try:
            for attempt in attempts:
                with attempt:
                    return self._once(call, until, attempt.retry_state.attempt_number)
        except RefusedError as error:
            self._desk.bar(call, error)
            raise
        raise AssertionError("tenacity neither returned nor raised")

    def _once(self, call: Call, until: float | None, number: int) -> Reply:
        if pause := self._desk.pause(call, until):
            self._sleep(pause)
            self._desk.admit(call)
        self._desk.tell(CallSent(platform=call.platform, call=str(call), attempt=number))
        answer = self._fetch(call, until)
        if isinstance(answer, SourceError):
            raise answer
        response, content = answer
        return self._desk.reply(call, response, content)

    def _fetch(self, call: Call, until: float | None) -> tuple[httpx.Response, bytes] | SourceError:
        """A failure is returned and raised by the caller: raised here it would carry the request, and its secrets, as its context."""
        try:
            response = self._http.send(self._desk.request(self._http, call, until), stream=True, follow_redirects=False)
            try:
                body = self._desk.body(call, response, until)
                if response.is_stream_consumed:  # a transport that had it all at once
                    body.feed(response.content, packed=False)
                    return response, response.content
                for chunk in response.iter_raw():
                    body.feed(chunk)
                return response, body.content
            finally:
                response.close()
        except _TROUBLE as error:
            return translated(error, call)
        except SourceError as error:
            return _placed(error, call)


class AsyncClient(_Shared):
    """The same over your own `httpx.AsyncClient`; `sleep` is awaited."""

    def __init__(  # noqa: PLR0913 - each can be replaced in a test
        self, http: httpx.AsyncClient, *, policy: Policy | None = None, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, now: Callable[[], dt.datetime] = _utc_now,
        draw: Callable[[], float] = random.random, hooks: Iterable[Hook] = (),
    ) -> None:  # fmt: skip
        super().__init__(policy, clock, now, draw, hooks)
        self._http, self._sleep = http, sleep

    def search(self, source: Searchable, query: Query | str, *, cursor: str | None = None) -> AsyncFound:
        """What `source` finds for `query`, from `cursor` on."""
        return self.read(source.search(query), cursor=cursor)

    def comments(self, source: Discussed, post: Mention | str, *, cursor: str | None = None) -> AsyncFound:
        """The comments under `post` with their replies. `post` is a mention, an id or an address."""
        return self.read(source.comments(post), cursor=cursor)

    def replies(self, source: Answered, comment: Mention, *, cursor: str | None = None) -> AsyncFound:
        """The replies to `comment`."""
        return self.read(source.replies(comment), cursor=cursor)

    def read(self, listing: Listing, *, cursor: str | None = None) -> AsyncFound:
        """Any listing of any adapter."""
        return self._found(listing, cursor, None)

    def resume(self, found: AsyncFound) -> AsyncFound:
        """The rest of what was broken off."""
        return found.resume()

    async def ask(self, inquiry: Inquiry[T]) -> T:
        """The answer to something that has one."""
        flow, until = inquiry.flow(), self._desk.until()
        try:
            call = next(flow)
            while True:
                call = flow.send(await self._exchange(call, until))
        except StopIteration as done:
            answer: T = done.value
            return answer

    async def send(self, call: Call, *, execute: bool = False) -> Reply | None:
        """Carry out a call that changes something, once and without retry, but only with `execute=True`; otherwise nothing is sent."""
        return await self._exchange(call, self._desk.until()) if execute else None

    def _found(self, listing: Listing, cursor: str | None, seen: _Seen) -> AsyncFound:
        return AsyncFound(self, listing, self._walker(listing, cursor, seen))

    async def _pages(self, walk: Walk) -> AsyncIterator[Page]:
        steps, until = walk.steps(), self._desk.until()
        step = next(steps, None)
        try:
            while step is not None:
                if isinstance(step, Page):
                    yield self._arrived(walk, step)
                    step = next(steps, None)
                    continue
                answer = await self._answer(step, until)
                step = _next(steps.send, answer) if isinstance(answer, Reply) else _next(steps.throw, answer)
        except SourceError as error:
            self._stopped(walk, str(error))
            raise
        self._finished(walk)

    async def _answer(self, call: Call, until: float | None) -> Reply | SourceError:
        _only_reads(call)
        try:
            return await self._exchange(call, until)
        except SourceError as error:
            return error

    async def _exchange(self, call: Call, until: float | None) -> Reply:
        self._desk.admit(call)
        attempts = tenacity.AsyncRetrying(sleep=self._sleep, **self._desk.retrying(call, until))  # type: ignore[arg-type]
        try:
            async for attempt in attempts:
                with attempt:
                    return await self._once(call, until, attempt.retry_state.attempt_number)
        except RefusedError as error:
            self._desk.bar(call, error)
            raise
        raise AssertionError("tenacity neither returned nor raised")

    async def _once(self, call: Call, until: float | None, number: int) -> Reply:
        if pause := self._desk.pause(call, until):
            await self._sleep(pause)
            self._desk.admit(call)
        self._desk.tell(CallSent(platform=call.platform, call=str(call), attempt=number))
        answer = await self._fetch(call, until)
        if isinstance(answer, SourceError):
            raise answer
        response, content = answer
        return self._desk.reply(call, response, content)

    async def _fetch(self, call: Call, until: float | None) -> tuple[httpx.Response, bytes] | SourceError:
        """As in `Client`."""
        try:
            response = await self._http.send(self._desk.request(self._http, call, until), stream=True, follow_redirects=False)
            try:
                body = self._desk.body(call, response, until)
                if response.is_stream_consumed:
                    body.feed(response.content, packed=False)
                    return response, response.content
                async for chunk in response.aiter_raw():
                    body.feed(chunk)
                return response, body.content
            finally:
                await response.aclose()
        except _TROUBLE as error:
            return translated(error, call)
        except SourceError as error:
            return _placed(error, call)
