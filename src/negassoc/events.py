"""What hooks are told: frozen values, one a kind of thing that happened. A hook is any callable that takes one.

Nothing in this library prints or logs by itself; hand `log_events` (or your own callable) to what accepts `hooks`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeAlias

import attrs


@attrs.frozen(kw_only=True)
class Progress:
    """`done` units of `total` (None where the end is not known) of the work named `what`."""

    what: str
    done: int
    total: int | None = None


@attrs.frozen(kw_only=True)
class CallSent:
    """A request is about to go out; `call` is redacted, `attempt` counts from 1."""

    platform: str
    call: str
    attempt: int


@attrs.frozen(kw_only=True)
class PageRead:
    """A page of `mentions` mentions arrived; `cursor` resumes after it."""

    platform: str
    call: str
    mentions: int
    cursor: str | None


@attrs.frozen(kw_only=True)
class Waiting:
    """The client pauses for `seconds`; `why` is `pace`, `retry` or `retry_after`."""

    platform: str
    seconds: float
    why: str


@attrs.frozen(kw_only=True)
class Stopped:
    """A flow ended before its end; `why` says what stopped it."""

    platform: str
    call: str
    why: str


@attrs.frozen(kw_only=True)
class MonitorRan:
    """A monitor finished one run over its sources."""

    seen: int
    new: int
    edited: int
    alerts: int


Event: TypeAlias = Progress | CallSent | PageRead | Waiting | Stopped | MonitorRan
Hook: TypeAlias = Callable[[Event], None]


def log_events(event: Event) -> None:
    """A hook that hands each event to the standard library's `logging`, logger `negassoc`, level INFO.

    >>> log_events(Progress(what="scan", done=1, total=2))
    """
    logging.getLogger("negassoc").info("%s", event)
