"""How pages are fetched, without fetching: flows yield `Call`s, are sent `Reply`s and give pages of mentions.

A flow is a generator (`Flow[T]`), as the auth flows of HTTP libraries are; the two clients drive the same ones. A `Listing` is something
that has pages (a search, the comments under a post); `Walk` goes through it: page after page, the replies under each comment, until the
platform says that it ends, gives a cursor for the second time, shows nothing new, or the page cap is reached.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
from collections.abc import Callable, Generator, Iterator, Mapping, Set
from typing import TYPE_CHECKING, Generic, TypeAlias, TypedDict, TypeVar
from urllib.parse import urlencode, urlsplit

import attrs

from negassoc.counts import Count
from negassoc.errors import (
    AccessDeniedError,
    LoginRequiredError,
    PayloadError,
    Problem,
    RateLimitedError,
    SourceError,
    TransientError,
    UnavailableError,
    VerificationRequiredError,
)
from negassoc.platform import platform_of
from negassoc.records import Json
from negassoc.sources.coverage import Coverage
from negassoc.sources.page import Page
from negassoc.sources.redact import HIDDEN, is_secret, redacted, redacted_json

if TYPE_CHECKING:
    from negassoc.mention import Mention, Query

T = TypeVar("T")
_CHALLENGE = (b"captcha", "验证码".encode(), "滑块".encode(), "安全验证".encode())


class Place(TypedDict):
    """Where an error happened."""

    platform: str
    call: str


@attrs.frozen(repr=False)
class Reply:
    """What came back for `call`: the status, the headers (names in lower case), the body as bytes, and when. Shows only its size."""

    call: Call
    status: int
    headers: Mapping[str, str] = attrs.field(hash=False)
    content: bytes
    received_at: dt.datetime

    def json(self) -> Mapping[str, Json]:
        """The JSON object in the body. `PayloadError` for HTML, nothing, or another thing than an object; `VerificationRequiredError` where
        the page that came instead asks for a captcha."""
        value = self._value()
        if value is None:
            raise self._no_json()
        if isinstance(value, dict):
            return value
        raise PayloadError(f"expected a JSON object, found {type(value).__name__}", **self.place, path="$")

    def _value(self) -> Json:
        try:
            value: Json = json.loads(self.content)
        except (ValueError, RecursionError):  # not raised from here: the decoder's error holds the whole body
            return None
        return value

    def _no_json(self) -> SourceError:
        start = self.content[:4096].lstrip().lower()
        if not start:
            return PayloadError("an empty body where JSON should be: a challenge or a proxy between", **self.place, path="$")
        if start[:1] != b"<":
            return PayloadError("neither JSON nor HTML, or JSON that is cut off", **self.place, path="$")
        if any(word in self.content.lower() for word in _CHALLENGE):
            return VerificationRequiredError("a verification page instead of JSON; open the platform in a browser", **self.place)
        return PayloadError("HTML instead of JSON: a challenge page or a proxy; open the address in a browser", **self.place, path="$")

    @property
    def place(self) -> Place:
        """The platform and the call, as errors take them."""
        return self.call.place

    @property
    def retry_after(self) -> float | None:
        """Seconds after which the server wants to be asked again, None where it does not say."""
        value = self.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit():
            return float(value)
        try:
            return max(0.0, (email.utils.parsedate_to_datetime(value) - self.received_at).total_seconds())
        except (ValueError, TypeError):
            return None

    def __repr__(self) -> str:
        return f"Reply({self.status}, {len(self.content)} bytes, {self.call})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Reply holds a session's data and is not pickled; keep the mentions")


def check_http(reply: Reply) -> None:
    """What the status alone says, for every platform: 5xx `TransientError`, 429 `RateLimitedError`, 401 and 403 `AccessDeniedError`,
    a redirect to a login or a captcha `LoginRequiredError` or `VerificationRequiredError`, any other but 2xx `PayloadError`."""
    if error := error_of_status(reply):
        raise error


def error_of_status(reply: Reply) -> SourceError | None:
    """The error that `check_http` raises, None for 2xx."""
    status, place = reply.status, reply.place
    if status >= 500:
        return TransientError(f"HTTP {status}", **place, retry_after=reply.retry_after)
    if status == 429:
        return RateLimitedError("HTTP 429: too many requests; wait before the next run", **place, retry_after=reply.retry_after)
    if status in (401, 403):
        return AccessDeniedError(f"HTTP {status}: access refused; check the session or key in a browser", **place)
    if 200 <= status < 300:
        return None
    return _error_of_move(status, redacted(reply.headers.get("location", "")), place)


def _error_of_move(status: int, moved: str, place: Place) -> SourceError:
    """A reply that sends the caller elsewhere: to a login or a captcha it is a refusal."""
    words, where = f"HTTP {status}{' to ' + moved if moved else ''}", moved.lower()
    if "captcha" in where or "verify" in where:
        return VerificationRequiredError(f"{words}: a captcha is asked for; give it in a browser", **place, url=moved)
    if "login" in where or "passport" in where:
        return LoginRequiredError(f"{words}: not logged in", **place)
    return PayloadError(words, **place, path="$")


Check: TypeAlias = Callable[[Reply], None]


@attrs.frozen(repr=False)
class Call:
    """A request as a value. `purpose` says what it is for, in words; `check` raises a typed error for a reply that is a refusal.

    `json` or `form` is the body. One that `writes` changes something on the platform and is only sent by `client.send(call, execute=True)`.
    Shown and pickled, it has `***` in place of secrets.

    >>> Call("GET", "https://example.com/a", params={"note_id": "1", "xsec_token": "AB12"}, platform="xiaohongshu", purpose="comments")
    Call(GET https://example.com/a?note_id=1&xsec_token=***, comments)
    """

    method: str
    url: str
    platform: str = attrs.field(kw_only=True)
    purpose: str = attrs.field(kw_only=True)
    params: Mapping[str, str] = attrs.field(factory=dict, kw_only=True, hash=False)
    json: Json = attrs.field(default=None, kw_only=True, hash=False)
    form: Mapping[str, str] | None = attrs.field(default=None, kw_only=True, hash=False)
    headers: Mapping[str, str] = attrs.field(factory=dict, kw_only=True, hash=False)
    writes: bool = attrs.field(default=False, kw_only=True)
    check: Check = attrs.field(default=check_http, kw_only=True, eq=False)

    @property
    def host(self) -> str:
        """Whom it asks: pace and refusals count by this."""
        return urlsplit(self.url).netloc

    @property
    def place(self) -> Place:
        """The platform and the call, as errors take them."""
        return {"platform": self.platform, "call": str(self)}

    def __str__(self) -> str:
        shown = urlencode({key: HIDDEN if is_secret(key) else value for key, value in self.params.items()}, safe="*,:/", errors="replace")
        return redacted(f"{self.method} {self.url}{'?' if shown else ''}{shown}")

    def __repr__(self) -> str:
        return f"Call({self}, {redacted(self.purpose)})"

    def __reduce__(self) -> tuple[object, ...]:
        return _call_without_secrets, (self.method, redacted(self.url), self.to_record() | {"check": self.check, "platform": self.platform})

    def to_record(self) -> dict[str, Json]:
        """As plain JSON data for a person to read and approve, secrets hidden."""
        return {
            "method": self.method, "url": redacted(self.url), "purpose": redacted(self.purpose), "params": _hidden(self.params),
            "json": redacted_json(self.json), "form": None if self.form is None else _hidden(self.form),
            "headers": _hidden(self.headers), "writes": self.writes,
        }  # fmt: skip


def _hidden(pairs: Mapping[str, str]) -> dict[str, Json]:
    return {key: HIDDEN if is_secret(key) else redacted(value) for key, value in pairs.items()}


def _call_without_secrets(method: str, url: str, rest: dict[str, object]) -> Call:
    return Call(method, url, **{key: value for key, value in rest.items() if key not in {"method", "url"}})  # type: ignore[arg-type]


Flow: TypeAlias = Generator[Call, Reply, T]


@attrs.frozen
class Turn:
    """One page, and what hangs below it: the replies of comments that have more than came along."""

    page: Page
    below: tuple[Listing, ...] = ()


@attrs.frozen
class Listing:
    """Something with pages. `turn` gives the flow for the page after a cursor; None is the first page, unless `start` names another."""

    what: str
    turn: Callable[[str | None], Flow[Turn]] = attrs.field(kw_only=True, repr=False)
    platform: str = attrs.field(kw_only=True)
    start: str | None = attrs.field(default=None, kw_only=True, repr=False)


@attrs.frozen
class Inquiry(Generic[T]):
    """Something with one answer."""

    what: str
    flow: Callable[[], Flow[T]] = attrs.field(kw_only=True, repr=False)
    platform: str = attrs.field(kw_only=True)


Step: TypeAlias = Call | Page
_Steps: TypeAlias = Generator[Step, Reply, None]
Keys: TypeAlias = Set[tuple[bool, str]]


class Walk:
    """One way through a listing. `advance` gives what is next: a call to be answered, a page to be taken, None at the end.

    `cursor` resumes after the last page that was read with all below it. `problems` says what could not be read, `stops` what kept it from
    the end; `skipped` counts what was no mention. What was seen before (a preview among the replies, a page that overlaps) is not given
    again, nor are the mentions `given` by an earlier walk.
    """

    def __init__(self, listing: Listing, *, cursor: str | None, pages: int, reply_pages: int, given: Keys = frozenset()) -> None:
        self.listing, self.cursor = listing, cursor if cursor is not None else listing.start
        self.pages, self.reply_pages = pages, reply_pages
        self._given, self._seen = given, set[tuple[bool, str]]()
        self.problems, self.stops, self.skipped, self.ended = list[Problem](), list[Problem](), 0, False
        self._claimed: int | None = None
        self._steps = self._through(listing, self.cursor, pages, top=True)

    def advance(self, answer: Reply | SourceError | None = None) -> Step | None:
        """The next step, after the answer to the last one if that was a call. An error that ends the walk is raised again."""
        try:
            step = self._go(answer)
        except StopIteration:
            self.ended = True
            return None
        if isinstance(step, Call) and step.writes:
            raise ValueError(f"{step!r} writes; only client.send(call, execute=True) may send it")
        return step

    @property
    def coverage(self) -> Coverage:
        """How much was read, against what the platform claims to have."""
        comments = sum(is_answer for is_answer, _ in self._seen)
        claimed = Count(self._claimed) if self._claimed is not None else None
        return Coverage(posts=len(self._seen) - comments, comments=comments, claimed=claimed)

    def _go(self, answer: Reply | SourceError | None) -> Step:
        if isinstance(answer, SourceError):
            return self._steps.throw(answer)
        return next(self._steps) if answer is None else self._steps.send(answer)

    def _through(self, listing: Listing, cursor: str | None, cap: int, *, top: bool) -> _Steps:
        been, shown = {cursor}, set[tuple[bool, str]]()
        for _ in range(cap):
            turn = yield from listing.turn(cursor)
            # with page numbers in place of cursors, repetition shows in pages that hold nothing but what this listing has shown
            stale = not turn.page.skipped and {key_of(one) for one in turn.page.mentions} <= shown
            shown |= {key_of(one) for one in turn.page.mentions}
            yield self._fresh(turn.page)
            for below in turn.below:
                yield from self._below(below)
            cursor = turn.page.cursor
            if not turn.page.has_more:
                return
            if cursor is None or cursor in been or stale:
                self._stopped(listing, "the platform repeats itself though it says that there is more; stopped")
                return
            been.add(cursor)
            self.cursor = cursor if top else self.cursor
        self._stopped(listing, f"stopped at the cap of {cap} pages; there is more")

    def _below(self, listing: Listing) -> _Steps:
        try:
            yield from self._through(listing, listing.start, self.reply_pages, top=False)
        except UnavailableError as error:
            self._stopped(listing, str(error))

    def _stopped(self, listing: Listing, what: str) -> None:
        self.stops.append(Problem(redacted(listing.what), what))

    def _fresh(self, page: Page) -> Page:
        fresh: dict[tuple[bool, str], Mention] = {}
        for one in page.mentions:
            if key_of(one) not in self._seen and key_of(one) not in self._given:
                fresh.setdefault(key_of(one), one)
        self._seen |= {key_of(one) for one in page.mentions}
        self._claimed = page.total if page.total is not None else self._claimed
        self.problems += page.problems
        self.skipped += len(page.skipped)
        return attrs.evolve(page, mentions=tuple(fresh.values()))


def key_of(mention: Mention) -> tuple[bool, str]:
    """What tells mentions of one listing apart."""
    return mention.kind.is_answer, mention.id


def pack(**parts: str | int | None) -> str:
    """Several values as one cursor.

    >>> unpack(pack(page=2, search_id="s1"))
    {'page': '2', 'search_id': 's1'}
    """
    return json.dumps({key: str(value) for key, value in parts.items() if value is not None}, separators=(",", ":"), ensure_ascii=False)


def unpack(cursor: str | None) -> dict[str, str]:
    """The values of a cursor that `pack` made, none for None; `ValueError` for one that is not ours."""
    try:
        parts = json.loads(cursor) if cursor is not None else {}
    except ValueError:
        parts = None
    if not isinstance(parts, dict) or not all(isinstance(value, str) for value in parts.values()):
        raise ValueError(f"{cursor!r} is no cursor of this listing; take it from `.cursor` of an earlier run")
    return parts


def words_of(query: Query | str, platform: str) -> str:
    """The words to search for; `ValueError` for a query that is meant for another platform.

    >>> words_of("示例品牌 避雷", "kuaishou")
    '示例品牌 避雷'
    """
    if isinstance(query, str):
        return query
    if query.platform is not None and platform_of(query.platform) != platform:
        raise ValueError(f"the query {query.text!r} is for {query.platform}, and this searches {platform}")
    return query.text


def once(listing_what: str, platform: str, page: Callable[[], Flow[Page]]) -> Listing:
    """A listing that has one page."""

    def turn(_: str | None) -> Flow[Turn]:
        return Turn((yield from page()))

    return Listing(listing_what, platform=platform, turn=turn)


def objects_in(value: object, depth: int = 12) -> Iterator[Mapping[str, object]]:
    """Every object inside a JSON value."""
    if isinstance(value, Mapping):
        yield value
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for one in inner if depth else ():
        yield from objects_in(one, depth - 1)
