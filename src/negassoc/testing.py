"""For people who build on this library: sources in memory, time that does not pass, and the contracts as code.

>>> [mention.text for mention in Memory("没踩雷", "别信")]
['没踩雷', '别信']
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import attrs

from negassoc.mention import Mention

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from negassoc.pack import Pack
    from negassoc.protocols import Source

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


def check_source(source: Source) -> None:
    """For a test of an adapter of one's own: `AssertionError` names every breach of what holds for each `Source`.

    It can be iterated twice with the same result. Each mention says something; its id is its own among those of its platform and sort; it
    is the same after `to_record` and `from_record`; times are aware UTC; what is unknown is None and never `"None"`, `""` or 0; no address
    or id carries a token; a post has no parent.

    >>> check_source(Memory("没踩雷", "别信"))
    """
    first, second = list[object](source), list[object](source)
    breaches = [] if first == second else [f"the second iteration gives something else than the first: {_parting(first, second)}"]
    seen: set[tuple[str | None, bool, str]] = set()
    for number, mention in enumerate(first):
        if not isinstance(mention, Mention):
            breaches.append(f"{number}: {type(mention).__name__} is no Mention")
            continue
        key = mention.platform, mention.kind.is_answer, mention.id
        breaches += [f"{number} ({mention.id}): {what}" for what in _breaches(mention)]
        breaches += [f"{number} ({mention.id}): came before with the same id"] if key in seen else []
        seen.add(key)
    if breaches:
        raise AssertionError("\n".join(breaches))


def _parting(first: list[object], second: list[object]) -> str:
    """The first place where two lists part, and what differs there."""
    if len(first) != len(second):
        return f"{len(second)} mentions after {len(first)}"
    number = next(number for number, (one, other) in enumerate(zip(first, second, strict=True)) if one != other)
    one, other = first[number], second[number]
    if isinstance(one, Mention) and isinstance(other, Mention):
        name = next(field.name for field in attrs.fields(Mention) if field.eq and getattr(one, field.name) != getattr(other, field.name))
        return f"{number} ({one.id}): {name} {getattr(other, name)!r:.60} after {getattr(one, name)!r:.60}"
    return f"{number}: {other!r:.60} after {one!r:.60}"


_NOTHING = ("", "None", "null", "nan", "0")
_SECRETS = re.compile(r"xsec_token|[?&](?:token|access_token|sign|__NS_\w+)=", re.IGNORECASE)


def _breaches(mention: Mention) -> Iterator[str]:
    if not (mention.text.strip() or (mention.title or "").strip()):
        yield "neither title nor text"
        return
    for name in ("id", "post_id", "parent_id", "url", "thread_title", "thread_text", "ip_location", "title"):
        if (value := getattr(mention, name)) is not None and value in _NOTHING:
            yield f"{name} is {value!r} where it should be None"
    for name in ("published_at", "fetched_at"):
        if (at := getattr(mention, name)) is not None and at.utcoffset() != dt.timedelta(0):
            yield f"{name} is not aware UTC"
    if _SECRETS.search(f"{mention.url} {mention.id} {mention.post_id}"):
        yield "an address or id carries a token"
    if mention.parent_id is not None and not mention.kind.is_answer:
        yield f"a {mention.kind} has a parent"
    again = Mention.from_record(mention.to_record(), where=mention.where or "record")
    if attrs.evolve(again, published_raw=mention.published_raw) != mention:
        yield "is another after to_record and from_record"
