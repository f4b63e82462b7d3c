"""How a client behaves: at what pace, how often it tries again, when it stops, and that no secret gets into a log."""

from __future__ import annotations

import copy
import datetime as dt
import logging
import threading
import zlib
from typing import TYPE_CHECKING

import attrs
from attrs import validators

from negassoc.errors import PayloadError, RateLimitedError, RefusedError, SourceError, TransientError, VerificationRequiredError
from negassoc.events import Event, Hook, Waiting
from negassoc.sources.flow import Call
from negassoc.sources.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import tenacity

_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks")
LONGEST = 500


@attrs.frozen(kw_only=True)
class Policy:
    """How hard a client may try. The defaults are polite; none may be faster than one request a second to one host.

    `pace` seconds lie between two requests to a host, and up to `jitter` more. `pages` and `reply_pages` cap a listing and each thread in
    it. What is transient is tried `attempts` times, after `backoff`, twice that and so on, or after what `Retry-After` of a 503 says,
    unless that is more than `longest_wait`. `deadline` is for one whole iteration. A body of more than `max_bytes`, unpacked, is refused.
    """

    pace: float = attrs.field(default=1.0, validator=validators.ge(1.0))
    jitter: float = attrs.field(default=0.5, validator=validators.ge(0.0))
    pages: int = attrs.field(default=20, validator=validators.ge(1))
    reply_pages: int = attrs.field(default=5, validator=validators.ge(1))
    attempts: int = attrs.field(default=3, validator=validators.in_(range(1, 11)))
    backoff: float = attrs.field(default=2.0, validator=validators.ge(1.0))
    longest_wait: float = attrs.field(default=120.0, validator=validators.ge(0.0))
    deadline: dt.timedelta | None = None
    max_bytes: int = attrs.field(default=8 << 20, validator=validators.ge(1))


class _Quiet(logging.Filter):
    """HTTP libraries log whole addresses: this takes the secrets out before anybody's log has them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), ()
        return True


_QUIET = _Quiet()


class Body:
    """Collects a body piece by piece, unpacks it, and refuses more than a cap or the deadline allows."""

    def __init__(self, encoding: str, cap: int, in_time: Callable[[], None]) -> None:
        packing = encoding.strip().lower()
        self._packed = zlib.decompressobj(16 + zlib.MAX_WBITS) if packing in ("gzip", "x-gzip") else None
        self._strange = packing if packing not in ("gzip", "x-gzip", "identity", "") else None
        self._cap, self._in_time, self._parts, self._size = cap, in_time, list[bytes](), 0

    def feed(self, chunk: bytes, *, packed: bool = True) -> None:
        """One more piece, `packed` as it came over the wire. `PayloadError` for too much, damaged or strangely packed data."""
        self._in_time()
        if packed and self._strange:
            raise PayloadError(f"a body packed with {self._strange[:20]!r}, which was not asked for", path="$")
        try:
            piece = self._packed.decompress(chunk, self._cap - self._size + 1) if packed and self._packed else chunk
        except zlib.error:
            raise PayloadError("a damaged gzip body", path="$") from None
        self._parts.append(piece)
        self._size += len(piece)
        if self._size > self._cap:
            raise PayloadError(f"a body of more than {self._cap:,} bytes, unpacked; not read further", path="$")

    @property
    def content(self) -> bytes:
        """All of it, unpacked; `TransientError` where the end is missing."""
        if self._packed and self._size and not self._packed.eof:
            raise TransientError("the connection was cut in the middle of a gzip body")
        return b"".join(self._parts)


class Conduct:
    """Pace, refusals, deadlines and events of one client."""

    def __init__(
        self, policy: Policy, clock: Callable[[], float], now: Callable[[], dt.datetime], draw: Callable[[], float], hooks: Iterable[Hook]
    ) -> None:
        self.policy, self.clock, self.now, self._draw, self._hooks = policy, clock, now, draw, tuple(hooks)
        self._next: dict[str, float] = {}
        self._refused: dict[str, tuple[RefusedError, float | None]] = {}
        self._lock = threading.Lock()
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(_QUIET)

    def tell(self, event: Event) -> None:
        """Tell the hooks."""
        for hook in self._hooks:
            hook(event)

    def until(self) -> float | None:
        """When an iteration that begins now must be done."""
        deadline = self.policy.deadline
        return self.clock() + deadline.total_seconds() if deadline is not None else None

    def admit(self, call: Call) -> None:
        """No request after a refusal: the host that refused is asked no more, unless it said when to come back and that time is past."""
        with self._lock:
            refusal = self._refused.get(call.host)
        if refusal is None:
            return
        error, until = refusal
        if until is None or self.clock() < until:
            again = copy.copy(error)
            again.message, again.call = f"not sent, {call.host} has refused before: {error.message}", str(call)
            raise again
        self.readmit(call.host)

    def bar(self, call: Call, error: RefusedError) -> None:
        """Remember a refusal."""
        wait = error.retry_after if isinstance(error, RateLimitedError) else None
        with self._lock:
            self._refused.setdefault(call.host, (error, self.clock() + wait if wait is not None else None))

    def readmit(self, host: str | None) -> None:
        """Forget that a host has refused, or that any has."""
        with self._lock:
            for one in [host] if host is not None else list(self._refused):
                self._refused.pop(one, None)

    def pause(self, call: Call, until: float | None) -> float:
        """Seconds to wait before `call` may go out; its place in the queue is taken. `TransientError` if the deadline comes first."""
        with self._lock:
            now = self.clock()
            at = max(now, self._next.get(call.host, now))
            if until is not None and at >= until:
                raise self._late(call)
            self._next[call.host] = at + self.policy.pace + self.policy.jitter * self._draw()
        if at > now:
            self.tell(Waiting(platform=call.platform, seconds=at - now, why="pace"))
        return at - now

    def _late(self, call: Call) -> TransientError:
        return TransientError("the deadline has passed; what arrived is kept, .resume() goes on", platform=call.platform, call=str(call))

    def in_time(self, call: Call, until: float | None) -> Callable[[], None]:
        """A check that raises `TransientError` once the deadline has passed."""

        def check() -> None:
            if until is not None and self.clock() >= until:
                raise self._late(call)

        return check


@attrs.frozen
class Retries:
    """When and after how long a call is tried again: only what is transient, never what writes, never past the deadline."""

    conduct: Conduct
    call: Call
    until: float | None

    def retry(self, state: tenacity.RetryCallState) -> bool:
        """Whether the failure is of the sort that passes."""
        return bool(state.outcome and isinstance(state.outcome.exception(), TransientError))

    def wait(self, state: tenacity.RetryCallState) -> float:
        """Seconds to wait: what the server asked for, but no less than the backoff."""
        return max(self.conduct.policy.backoff * 2.0 ** (state.attempt_number - 1), _asked(state) or 0.0)

    def stop(self, state: tenacity.RetryCallState) -> bool:
        """Whether it is given up."""
        policy, pause = self.conduct.policy, self.wait(state)
        late = self.until is not None and self.conduct.clock() + pause >= self.until
        return self.call.writes or late or state.attempt_number >= policy.attempts or pause > policy.longest_wait

    def told(self, state: tenacity.RetryCallState) -> None:
        """Say that there is a pause."""
        why = "retry_after" if _asked(state) else "retry"
        self.conduct.tell(Waiting(platform=self.call.platform, seconds=state.upcoming_sleep, why=why))


def _asked(state: tenacity.RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, TransientError) else None


def clean(error: SourceError, secrets: Iterable[str] = ()) -> None:
    """Take the secrets out of an error's message, in place."""
    error.message = redacted(error.message, secrets)[:LONGEST]  # cut last: half a secret would not be recognised
    error.args = (error.message,)
    if isinstance(error, VerificationRequiredError) and error.url:
        error.url = redacted(error.url, secrets)


def placed(error: SourceError, call: Call) -> SourceError:
    """The error with its place, where it knew none, and without secrets."""
    error.platform, error.call = error.platform or call.platform, error.call or str(call)
    clean(error)
    return error
