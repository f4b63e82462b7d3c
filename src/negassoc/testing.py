"""For people who build on this library: sources in memory, time that does not pass, and the contracts as code.

>>> [mention.text for mention in Memory("没踩雷", "别信")]
['没踩雷', '别信']
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from negassoc.mention import Mention

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from negassoc.pack import Pack

_BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Memory:
    """A `Source`, and an `AsyncSource`, that yields what it is given, again each time; then it raises `error`, if one is given.

    >>> list(Memory("a", "b")) == list(Memory("a", "b"))
    True
    """

    def __init__(self, *mentions: Mention | str, error: Exception | None = None) -> None:
        self.mentions = tuple(map(Mention.of, mentions))
        self._error = error

    def __iter__(self) -> Iterator[Mention]:
        yield from self.mentions
        if self._error:
            raise self._error

    async def __aiter__(self) -> AsyncIterator[Mention]:
        for mention in self:
            yield mention


class NoWaiting:
    """A clock that stands still but for the sleeping it is asked for: hand in its methods where a clock or a sleep is an argument.

    `slept` are the seconds of each sleep, in order; `now()` is aware UTC, `clock()` seconds since the beginning.
    """

    def __init__(self, now: dt.datetime = _BEGIN) -> None:
        self.slept: list[float] = []
        self._began = now

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)

    async def asleep(self, seconds: float) -> None:
        """The same for programs with an event loop."""
        self.sleep(seconds)

    def clock(self) -> float:
        """Seconds slept so far."""
        return sum(self.slept)

    def now(self) -> dt.datetime:
        """The time it is by this clock."""
        return self._began + dt.timedelta(seconds=self.clock())


def no_waiting(now: dt.datetime = _BEGIN) -> NoWaiting:
    """Time that passes only by sleeping, and then at once; it begins at `now`.

    >>> time = no_waiting()
    >>> time.sleep(90); time.now().isoformat(), time.slept
    ('2026-01-01T00:01:30+00:00', [90])
    """
    return NoWaiting(now)


def check_pack(pack: Pack) -> None:
    """For a test of a pack of one's own: `AssertionError` names everything that `pack.check()` finds.

    Lay it over the packaged one first, if it is meant to be used so: `check_pack(Pack.default() | Pack.load("our-rules"))`.
    """
    problems = pack.check()
    if problems:
        raise AssertionError("\n".join(map(str, problems)))
