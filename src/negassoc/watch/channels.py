"""The ways in which coordination shows, each a list of groups: like texts, the same few accounts everywhere, a numbered series.

What one channel finds is a suspicion with its proof; `campaigns` joins the groups and widens them.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from statistics import median
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from negassoc.watch.gathering import rival_of
from negassoc.watch.widening import by_account

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from negassoc.watch.gathering import Gathering
    from negassoc.watch.traces import Trace

Node = TypeVar("Node", int, str)

_LEAST_ACCOUNTS: Final = 3
_NEWS: Final = 0.5  # nearness to a group that makes it the news that it passes on
_CHORUS: Final = 0.12  # customers who said it before, by nearness, for each account of a group, that make it theirs
_COLD: Final = -2.1  # mean stance of a group below which it says nothing bad
_HARSH: Final = -2.2  # mean stance from which an account or a pack speaks against the brand, whatever its words
_CALM: Final = -2.8  # mean stance below which it hardly does,
_MILD: Final = -3.0  # or below this with hard words
_FEW: Final = 10
_LOUD: Final = 0.3  # share that speaks against the brand in words known
_DAY_S: Final = 86400
_BEIJING_S: Final = 8 * 3600


@attrs.frozen(kw_only=True)
class Group:
    """Places in the stream that belong together, and by which channel (`texts`, `accounts`, `series`)."""

    channel: str
    members: frozenset[int]


def like_texts(gathering: Gathering) -> Iterator[Group]:
    """Groups of accounts that pass on the same content, copied, rewritten or in words of their own, and not merely the news."""
    for members in gathering.groups():
        accounts = {gathering.traces[i].account for i in members} - {None}
        stands = gathering.standing_of(members) >= 0 and _speaks_against(members, gathering)
        if len(accounts) >= _LEAST_ACCOUNTS and stands and not _echoes(members, gathering):
            yield Group(channel="texts", members=members)


def _speaks_against(members: frozenset[int], gathering: Gathering) -> bool:
    """However alike and however many: who neither speaks harshly nor says a hard word nor sends to a rival attacks nobody."""
    wave = [gathering.traces[i] for i in members]
    rival = rival_of(wave)
    hard, sent = sum(t.voice.hostile > 0 for t in wave), sum(rival in t.rivals for t in wave)
    return stance_of(wave) >= _COLD or max(hard, sent) >= len(wave) / 2


def _echoes(members: frozenset[int], gathering: Gathering) -> bool:
    """What they say was said before by customers of their own cases; or it was in the news, and they send nobody to a rival. Then it may
    be what everybody knows that they share."""
    wave, before = [gathering.traces[i] for i in members], gathering.others_before(members)
    rival, first = rival_of(wave), min(wave, key=lambda t: (t.at or 0.0, t.index))
    reports = [t.index for t in (*before, first) if t.voice.news > 1]
    if sum(rival in t.rivals for t in wave) < len(wave) / 2 and any(gathering.nearness(i, members) >= _NEWS for i in reports):
        return True
    voices = defaultdict[str | None, float](float)
    for trace in before:
        if trace.concerned or trace.customer:
            voices[trace.account] = max(voices[trace.account], gathering.nearness(trace.index, members))
    return sum(voices.values()) >= _CHORUS * len({t.account for t in wave})


def busy_accounts(traces: Sequence[Trace]) -> Iterator[Group]:
    """Accounts that speak against the brand over and over, and meet again and again: under other people's posts, or day by day."""
    written = {account: [traces[i] for i in places] for account, places in by_account(traces).items()}
    drummers = {account: ts for account, ts in written.items() if _drums(ts)}
    graph = _company_of(drummers)
    for accounts in _components(graph):
        pack = [t for a in sorted(accounts) for t in drummers[a] if t.acting]
        if _is_pack(pack, max(int(times) for a in accounts for times in graph[a].values())):
            yield Group(channel="accounts", members=frozenset(t.index for t in pack))


def _company_of(drummers: Mapping[str, Sequence[Trace]]) -> dict[str, dict[str, float]]:
    """Who meets whom at least twice; among those who speak harshly it is enough that each meets others of them twice in all."""
    harsh = {account for account, traces in drummers.items() if stance_of(traces) >= _HARSH}
    met = _meeting(drummers)
    often = Counter[str]()
    for (a, b), times in met.items():
        if {a, b} <= harsh:
            often[a] += times
            often[b] += times
    graph = defaultdict[str, dict[str, float]](dict)
    for (a, b), times in met.items():
        if times >= 2 or (times and {a, b} <= harsh and min(often[a], often[b]) >= 2):
            graph[a][b] = graph[b][a] = float(times)
    return graph


def numbered_series(traces: Sequence[Trace]) -> Iterator[Group]:
    """Exposures that number themselves and keep to a schedule, by one account or handed on among several."""
    by_stem = defaultdict[tuple[str, str], list["Trace"]](list)
    for trace in traces:
        if trace.ordinal and trace.account and not (trace.own or trace.is_answer):
            stem = trace.ordinal.stem
            by_stem[("stem", stem[-6:]) if len(stem) > 1 else ("account", trace.account)].append(trace)
    for parts in by_stem.values():
        if _is_series(parts):
            yield Group(channel="series", members=frozenset(t.index for t in parts))


def _components(graph: Mapping[Node, Mapping[Node, float]]) -> Iterator[frozenset[Node]]:
    seen = set[Node]()
    for start in graph:
        if start in seen:
            continue
        found, edge = {start}, [start]
        while edge:
            fresh = [n for n in graph[edge.pop()] if n not in found]
            found.update(fresh)
            edge += fresh
        seen |= found
        yield frozenset(found)


def _drums(traces: Sequence[Trace]) -> bool:
    """One account: speaks in at least three threads, hardly ever calmly, and never of an experience of its own."""
    spoken = [t for t in traces if t.acting]
    if len({t.thread for t in spoken}) < 3:
        return False
    if stance_of(traces) >= _HARSH:
        return len(spoken) >= 0.65 * len(traces) and sum(t.concerned or t.customer for t in traces) <= 0.34 * len(traces)
    told = sum(t.voice.first_hand > 0 or t.voice.own for t in traces) > 0.34 * len(traces) or any(t.customer for t in traces)
    least = _MILD if _loudness(traces) >= 0.5 else _CALM
    return not told and len(spoken) >= 0.75 * len(traces) and stance_of(traces) >= least


def _is_pack(members: Sequence[Trace], meetings: int) -> bool:
    """Accounts that meet are a pack if what they say is against the brand; where words show less of that, only if they are few and
    inseparable, for the regulars of a brand meet too, but they are many and have nothing against it."""
    loud, harsh = _loudness(members), stance_of(members)
    few = len({t.account for t in members}) <= _FEW
    return len({t.account for t in members}) >= _LEAST_ACCOUNTS and (
        loud >= 0.5 or (few and (harsh >= _HARSH or (loud >= 0.25 and meetings >= 3)))
    )


def _loudness(traces: Sequence[Trace]) -> float:
    return sum(t.against for t in traces) / len(traces)


def stance_of(traces: Sequence[Trace]) -> float:
    """Their mean stance; a single outburst or a single friendly word does not decide it."""
    return sum(max(-4.0, min(3.0, t.stance)) for t in traces) / len(traces)


def _meeting(drummers: Mapping[str, Sequence[Trace]]) -> dict[tuple[str, str], int]:
    """How often each pair of such accounts turns up in one thread within a day of each other, or posts of its own on one day."""
    present = defaultdict[str, dict[str, float | None]](dict)
    for account, traces in drummers.items():
        loud = _loudness(traces) >= _LOUD or stance_of(traces) >= _HARSH
        for trace in traces:
            present[trace.thread].setdefault(account, trace.at)
            if loud and trace.at is not None and not trace.is_answer:
                present[f"day {int((trace.at + _BEIJING_S) // _DAY_S)}"].setdefault(account, trace.at)
    met = Counter[tuple[str, str]]()
    for there in present.values():
        for (a, at), (b, bt) in itertools.combinations(sorted(there.items(), key=lambda i: i[0])[:50], 2):
            met[a, b] += at is None or bt is None or abs(at - bt) <= _DAY_S
    return met


def _is_series(parts: Sequence[Trace]) -> bool:
    numbers = [t.ordinal.number for t in parts if t.ordinal and t.ordinal.number is not None]
    told = sum(t.customer for t in parts)
    if len(set(numbers)) < 3 or told > 0.25 * len(parts) or sum(t.acting for t in parts) < 0.7 * len(parts):
        return False
    accounts = {t.account for t in parts}
    loud = _loudness(parts) >= _LOUD or stance_of(parts) >= _CALM
    in_order = sum(a <= b for a, b in itertools.pairwise(numbers)) >= 0.8 * (len(numbers) - 1)
    if len(accounts) > 1:
        return in_order and loud
    return in_order and loud and len(parts) >= 4 and _regular([t.at for t in parts if t.at is not None])


def _regular(times: Sequence[float]) -> bool:
    """At steady gaps, or at the same time of day."""
    gaps = [b - a for a, b in itertools.pairwise(sorted(times))]
    if len(gaps) < 2:
        return False
    middle = median(gaps)
    clock = [min((t - times[0]) % _DAY_S, -(t - times[0]) % _DAY_S) for t in times]
    return sum(abs(g - middle) <= 0.15 * middle for g in gaps) >= 0.7 * len(gaps) or sum(c <= 1800 for c in clock) >= 0.8 * len(clock)
