"""Drives flows over your own HTTP client: at a polite pace, retrying only what is not a refusal, and stopping at the first refusal.

Whose session it is, and what it may do, is yours: the `httpx.Client` that you hand in carries it (cookies, headers, an `httpx.Auth`).
Nothing here logs in, signs, solves a captcha, changes its address or hides what it is.
"""

from __future__ import annotations

import abc
import asyncio
import datetime as dt
import random
import time
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import attrs
import httpx
import tenacity

from negassoc.errors import PayloadError, RefusedError, SourceError, TransientError
from negassoc.events import CallSent, Hook, PageRead, Stopped
from negassoc.sources.conduct import LONGEST, Body, Conduct, Policy, Retries, clean, placed
from negassoc.sources.flow import Call, Inquiry, Keys, Listing, Reply, Walk, error_of_status, objects_in
from negassoc.sources.found import AsyncFound, Found
from negassoc.sources.page import Page
from negassoc.sources.redact import redacted, secret_values

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator

    from negassoc.mention import Mention, Query

T = TypeVar("T")
F = TypeVar("F", Found, AsyncFound)
_BARE = {"accept-encoding": "gzip"}  # only what can be unpacked piece by piece
_TROUBLE = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, httpx.CookieConflict, UnicodeError)  # the last: half a character


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


def secrets_in(request: httpx.Request | None, call: Call) -> frozenset[str]:
    """The secret values that went out with a request, whoever put them there."""
    sent = [*request.headers.items(), *request.url.params.items()] if request is not None else []
    codes = [("token", value) for name, value in sent if name == "code"]  # the one-time code of OAuth
    inside = [(key, value) for node in objects_in(call.json) for key, value in node.items() if isinstance(value, str)]
    return secret_values([*sent, *codes, *inside, *call.params.items(), *(call.form or {}).items()])


def translated(error: Exception, call: Call) -> SourceError:
    """The typed error for any exception of the HTTP library; its text is redacted, and the request in it is left behind.

    Timeouts, no or a broken connection: `TransientError`. A status that somebody's event hook raised for is judged as any status.
    A body that cannot be decoded, endless redirects: `PayloadError`. Everything else is a mistake on this side: `SourceError`.
    """
    what = redacted(f"{type(error).__name__}: {error}".rstrip(": "), secrets_in(_request_of(error), call))[:LONGEST]
    if isinstance(error, httpx.HTTPStatusError):
        response = error.response
        reply = Reply(call, response.status_code, dict(response.headers), b"", _utc_now())
        return error_of_status(reply) or SourceError(what, **call.place)
    if isinstance(error, (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError)):
        return TransientError(what, **call.place)
    if isinstance(error, (httpx.DecodingError, httpx.TooManyRedirects)):
        return PayloadError(what, **call.place, path="$")
    return SourceError(what, **call.place)


def _request_of(error: Exception) -> httpx.Request | None:
    try:
        return error.request if isinstance(error, httpx.HTTPError) else None
    except RuntimeError:  # raised without one
        return None


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class _Both(abc.ABC, Generic[F]):
    """What both clients have in common: everything but the waiting. `F` is what they find: `Found` or `AsyncFound`."""

    def __init__(self, policy: Policy | None, conduct: Conduct) -> None:
        self.policy, self._conduct = policy or conduct.policy, conduct

    def search(self, source: Searchable, query: Query | str, *, cursor: str | None = None) -> F:
        """What `source` finds for `query`, from `cursor` on."""
        return self.read(source.search(query), cursor=cursor)

    def comments(self, source: Discussed, post: Mention | str, *, cursor: str | None = None) -> F:
        """The comments under `post` with their replies. `post` is a mention, an id or an address."""
        return self.read(source.comments(post), cursor=cursor)

    def replies(self, source: Answered, comment: Mention, *, cursor: str | None = None) -> F:
        """The replies to `comment`."""
        return self.read(source.replies(comment), cursor=cursor)

    @abc.abstractmethod
    def read(self, listing: Listing, *, cursor: str | None = None, given: Keys = frozenset()) -> F:
        """Any listing of any adapter, `client.read(source.posts(account))`, without what was `given` before."""

    def readmit(self, host: str | None = None) -> None:
        """Ask a host again that has refused, or all of them: after a person has sorted it out with the platform."""
        self._conduct.readmit(host)

    def _walker(self, listing: Listing, cursor: str | None, given: Keys) -> Callable[[], Walk]:
        return lambda: Walk(listing, cursor=cursor, pages=self.policy.pages, reply_pages=self.policy.reply_pages, given=given)

    def _request(self, http: httpx.Client | httpx.AsyncClient, call: Call, until: float | None) -> httpx.Request:
        request = http.build_request(
            call.method, call.url, params=dict(call.params) or None, json=call.json,
            data=dict(call.form) if call.form is not None else None, headers={**call.headers, **_BARE},
        )  # fmt: skip
        if until is not None:
            left = max(until - self._conduct.clock(), 0.001)
            limits = request.extensions.get("timeout", {})
            request.extensions["timeout"] = {key: left if value is None else min(value, left) for key, value in limits.items()}
        return request

    def _body(self, response: httpx.Response, call: Call, until: float | None) -> Body:
        encoding = response.headers.get("content-encoding", "")
        return Body(encoding, self.policy.max_bytes, self._conduct.in_time(call, until))

    def _checked(self, call: Call, answer: tuple[httpx.Response, bytes] | SourceError) -> Reply:
        """The reply, if it is no refusal. Whatever its check raises is cleaned of the secrets that were sent, whoever put them there."""
        if isinstance(answer, SourceError):
            raise answer
        response, content = answer
        reply = Reply(
            call, response.status_code, {name.lower(): value for name, value in response.headers.items()}, content, self._conduct.now()
        )
        try:
            call.check(reply)
        except SourceError as error:
            clean(error, secrets_in(response.request, call))
            raise
        return reply

    def _arrived(self, walk: Walk, page: Page) -> Page:
        at, listing = self._conduct.now(), walk.listing
        done = attrs.evolve(page, mentions=tuple(attrs.evolve(one, fetched_at=one.fetched_at or at) for one in page.mentions))
        self._conduct.tell(
            PageRead(platform=listing.platform, call=redacted(listing.what), mentions=len(done.mentions), cursor=page.cursor)
        )
        return done

    def _stopped(self, walk: Walk, why: str) -> None:
        self._conduct.tell(Stopped(platform=walk.listing.platform, call=redacted(walk.listing.what), why=redacted(why)))

    def _ended(self, walk: Walk) -> None:
        for stop in walk.stops:
            self._stopped(walk, str(stop))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.policy})"


class Client(_Both[Found]):
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
        super().__init__(policy, Conduct(policy or Policy(), clock, now, draw, hooks))
        self._http, self._sleep = http, sleep

    def read(self, listing: Listing, *, cursor: str | None = None, given: Keys = frozenset()) -> Found:
        """Any listing of any adapter, `client.read(source.posts(account))`, without what was `given` before."""
        return Found(self, listing, self._walker(listing, cursor, given), given)

    def resume(self, found: Found) -> Found:
        """The rest of what was broken off."""
        return found.resume()

    def ask(self, inquiry: Inquiry[T]) -> T:
        """The answer to something that has one."""
        flow, until = inquiry.flow(), self._conduct.until()
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
        return self._exchange(call, self._conduct.until()) if execute else None

    def walk(self, walk: Walk) -> Iterator[Page]:
        """Drive one way through a listing; what `Found` does for you."""
        until, step = self._conduct.until(), walk.advance()
        while step is not None:
            if isinstance(step, Page):
                yield self._arrived(walk, step)
                step = walk.advance()
                continue
            call, answer = step, self._answer(step, until)
            try:
                step = walk.advance(answer)
            except SourceError as error:
                self._stopped(walk, str(placed(error, call)))
                raise
        self._ended(walk)

    def _answer(self, call: Call, until: float | None) -> Reply | SourceError:
        try:
            return self._exchange(call, until)
        except SourceError as error:
            return error

    def _exchange(self, call: Call, until: float | None) -> Reply:
        rules = Retries(self._conduct, call, until)
        attempts = tenacity.Retrying(
            retry=rules.retry, wait=rules.wait, stop=rules.stop, before_sleep=rules.told, sleep=self._sleep, reraise=True
        )
        try:
            for attempt in attempts:
                with attempt:
                    return self._once(call, until, attempt.retry_state.attempt_number)
        except RefusedError as error:
            self._conduct.bar(call, error)
            raise
        raise AssertionError("tenacity neither returned nor raised")

    def _once(self, call: Call, until: float | None, number: int) -> Reply:
        self._conduct.admit(call)
        if pause := self._conduct.pause(call, until):
            self._sleep(pause)
            self._conduct.admit(call)  # somebody else may have been refused meanwhile
        self._conduct.tell(CallSent(platform=call.platform, call=str(call), attempt=number))
        return self._checked(call, self._fetch(call, until))

    def _fetch(self, call: Call, until: float | None) -> tuple[httpx.Response, bytes] | SourceError:
        """A failure is returned, and raised by the caller: raised here it would carry the request, and its secrets, as its context."""
        try:
            response = self._http.send(self._request(self._http, call, until), stream=True, follow_redirects=False)
            try:
                body = self._body(response, call, until)
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
            return placed(error, call)


class AsyncClient(_Both[AsyncFound]):
    """The same over your own `httpx.AsyncClient`; `sleep` is awaited."""

    def __init__(  # noqa: PLR0913 - each can be replaced in a test
        self, http: httpx.AsyncClient, *, policy: Policy | None = None, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, now: Callable[[], dt.datetime] = _utc_now,
        draw: Callable[[], float] = random.random, hooks: Iterable[Hook] = (),
    ) -> None:  # fmt: skip
        super().__init__(policy, Conduct(policy or Policy(), clock, now, draw, hooks))
        self._http, self._sleep = http, sleep

    def read(self, listing: Listing, *, cursor: str | None = None, given: Keys = frozenset()) -> AsyncFound:
        """Any listing of any adapter, without what was `given` before."""
        return AsyncFound(self, listing, self._walker(listing, cursor, given), given)

    def resume(self, found: AsyncFound) -> AsyncFound:
        """The rest of what was broken off."""
        return found.resume()

    async def ask(self, inquiry: Inquiry[T]) -> T:
        """The answer to something that has one."""
        flow, until = inquiry.flow(), self._conduct.until()
        try:
            call = next(flow)
            while True:
                call = flow.send(await self._exchange(call, until))
        except StopIteration as done:
            answer: T = done.value
            return answer

    async def send(self, call: Call, *, execute: bool = False) -> Reply | None:
        """Carry out a call that changes something, once and without retry, but only with `execute=True`; otherwise nothing is sent."""
        return await self._exchange(call, self._conduct.until()) if execute else None

    async def walk(self, walk: Walk) -> AsyncGenerator[Page, None]:
        """Drive one way through a listing; what `AsyncFound` does for you."""
        until, step = self._conduct.until(), walk.advance()
        while step is not None:
            if isinstance(step, Page):
                yield self._arrived(walk, step)
                step = walk.advance()
                continue
            call, answer = step, await self._answer(step, until)
            try:
                step = walk.advance(answer)
            except SourceError as error:
                self._stopped(walk, str(placed(error, call)))
                raise
        self._ended(walk)

    async def _answer(self, call: Call, until: float | None) -> Reply | SourceError:
        try:
            return await self._exchange(call, until)
        except SourceError as error:
            return error

    async def _exchange(self, call: Call, until: float | None) -> Reply:
        rules = Retries(self._conduct, call, until)
        attempts = tenacity.AsyncRetrying(
            retry=rules.retry, wait=rules.wait, stop=rules.stop, before_sleep=rules.told, sleep=self._sleep, reraise=True
        )
        try:
            async for attempt in attempts:
                with attempt:
                    return await self._once(call, until, attempt.retry_state.attempt_number)
        except RefusedError as error:
            self._conduct.bar(call, error)
            raise
        raise AssertionError("tenacity neither returned nor raised")

    async def _once(self, call: Call, until: float | None, number: int) -> Reply:
        self._conduct.admit(call)
        if pause := self._conduct.pause(call, until):
            await self._sleep(pause)
            self._conduct.admit(call)
        self._conduct.tell(CallSent(platform=call.platform, call=str(call), attempt=number))
        return self._checked(call, await self._fetch(call, until))

    async def _fetch(self, call: Call, until: float | None) -> tuple[httpx.Response, bytes] | SourceError:
        """As in `Client`."""
        try:
            response = await self._http.send(self._request(self._http, call, until), stream=True, follow_redirects=False)
            try:
                body = self._body(response, call, until)
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
            return placed(error, call)
