"""The ways in which coordination shows, each a list of groups: like texts, the same few accounts everywhere, a numbered series.

What one channel finds is a suspicion with its proof; `campaigns` joins the groups and widens them.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from statistics import median
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from negassoc.watch.kinship import Link
    from negassoc.watch.traces import Trace

Node = TypeVar("Node", int, str)

_LEAST_ACCOUNTS: Final = 3
_CLOSE: Final = 1.0  # links, by strength and over distinct accounts, that a member of a group of like texts must have
_OVERLAP: Final = 0.6  # of the circles of two mentions, for the tie between them to count
_DENSE: Final = 3.0  # links a member, by strength, with which a group needs no hard words to be seen
_FEW: Final = 10
_LOUD: Final = 0.3  # share of a group that must speak against the brand in words known; a group that says nothing bad is no attack
_BURST_S: Final = 24 * 3600
_DAY_S: Final = 86400
_BEIJING_S: Final = 8 * 3600


@attrs.frozen(kw_only=True)
class Group:
    """Places in the stream that belong together, and by which channel (`texts`, `accounts`, `series`).

    Like texts need `least_turns` turns of phrase of their own, a member on average: more where neither a burst nor a rival speaks too.
    """

    channel: str
    members: frozenset[int]
    least_turns: float = 0.0
    steers: bool = False


def like_texts(traces: Sequence[Trace], links: Iterable[Link]) -> Iterator[Group]:
    """Groups of accounts that pass on the same content, copied, rewritten or in the same turns of phrase."""
    ties = list(links)
    spoilt = _passed_on(traces, ties)
    kept = [t for t in ties if traces[t.a].acting and traces[t.b].acting and not {t.a, t.b} & spoilt]
    graph = _pruned(_supported(_graph(kept)), traces)
    for members in _components(graph):
        wave = [traces[i] for i in sorted(members)]
        if _is_wave(wave, graph):
            steers = _steers(wave)
            yield Group(channel="texts", members=members, least_turns=2.0 if steers or _bursts(wave) else 8.0, steers=steers)


def busy_accounts(traces: Sequence[Trace]) -> Iterator[Group]:
    """Accounts that speak against the brand over and over, and meet again and again: under other people's posts, or day by day."""
    by_account = defaultdict[str, list["Trace"]](list)
    for trace in traces:
        if trace.account and not trace.own:
            by_account[trace.account].append(trace)
    drummers = {account: ts for account, ts in by_account.items() if _drums(ts)}
    graph = defaultdict[str, dict[str, float]](dict)
    for (a, b), times in _meeting(drummers).items():
        if times >= 2:
            graph[a][b] = graph[b][a] = float(times)
    for accounts in _components(graph):
        pack = [t for a in sorted(accounts) for t in drummers[a] if t.acting]
        if _is_pack(pack, max(int(times) for a in accounts for times in graph[a].values())):
            yield Group(channel="accounts", members=frozenset(t.index for t in pack))


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


def _passed_on(traces: Sequence[Trace], links: Iterable[Link]) -> frozenset[int]:
    """Members of copied bodies that mostly customers, media, jokers or the brand's friends pass on: a template, a news item, a joke."""
    graph = _graph(link for link in links if link.kind == "copy")
    bodies = (body for body in _components(graph) if sum(traces[i].acting for i in body) <= len(body) / 2)
    return frozenset(itertools.chain.from_iterable(bodies))


def _graph(links: Iterable[Link]) -> dict[int, dict[int, float]]:
    graph = defaultdict[int, dict[int, float]](dict)
    for link in links:
        graph[link.a][link.b] = graph[link.b][link.a] = link.strength
    return graph


def _supported(graph: dict[int, dict[int, float]]) -> dict[int, dict[int, float]]:
    """The graph without ties between mentions whose circles hardly overlap (structural similarity, as SCAN has it): two waves that
    share a turn of phrase stay two, and a chain of chance resemblances falls apart."""
    circles = {node: {node, *edges} for node, edges in graph.items()}
    kept = {
        node: {
            other: strength for other, strength in edges.items()
            if len(circles[node] & circles[other]) >= _OVERLAP * math.sqrt(len(circles[node]) * len(circles[other]))
        }
        for node, edges in graph.items()
    }  # fmt: skip
    return {node: edges for node, edges in kept.items() if edges}


def _pruned(graph: Mapping[int, Mapping[int, float]], traces: Sequence[Trace]) -> dict[int, dict[int, float]]:
    """The graph without those that too few other accounts resemble, over and over until nothing falls away."""
    kept = {node: dict(edges) for node, edges in graph.items()}
    loose = list(kept)
    while loose:
        node = loose.pop()
        if node in kept and _closeness(node, kept, traces) < _CLOSE:
            for other in kept.pop(node):
                kept[other].pop(node, None)
                loose.append(other)
    return kept


def _closeness(node: int, graph: Mapping[int, Mapping[int, float]], traces: Sequence[Trace]) -> float:
    best = defaultdict[str, float](float)
    for other, strength in graph[node].items():
        account = traces[other].account or f"?{other}"
        best[account] = max(best[account], strength)
    return sum(best.values())


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


def _is_wave(members: Sequence[Trace], graph: Mapping[int, Mapping[int, float]]) -> bool:
    accounts = {t.account for t in members if t.account}
    degree = sum(sum(graph[t.index].values()) for t in members) / len(members)
    loud = _steers(members) or sum(t.against and t.voice.hostile > 0 for t in members) >= _LOUD * len(members)
    if len(accounts) < _LEAST_ACCOUNTS or not (loud or (degree >= _DENSE and _no_leaflet(members))):
        return False
    if degree >= 2 and len(members) > 3:
        strong = sum(1 for t in members for s in graph[t.index].values() if s == 1) / len(members)
        return strong >= 1 or _steers(members) or _bursts(members)
    return degree >= 1.5 and (_steers(members) or _bursts(members))


def _no_leaflet(members: Sequence[Trace]) -> bool:
    """Nobody praises anything and few figures are passed on: no advertisement, programme or price list."""
    return not any(t.voice.praise for t in members) and sum(len(t.voice.details) for t in members) <= len(members)


def _steers(members: Sequence[Trace]) -> bool:
    """At least half of them send readers to one rival."""
    rivals = Counter(rival for t in members for rival in sorted(t.rivals))
    return bool(rivals) and rivals.most_common(1)[0][1] >= len(members) / 2


def _bursts(members: Sequence[Trace]) -> bool:
    """At least half of them within a day."""
    times = sorted(t.at for t in members if t.at is not None)
    need = max(3, -(-len(members) // 2))
    return any(late - early <= _BURST_S for early, late in zip(times, times[need - 1 :], strict=False))


def _drums(traces: Sequence[Trace]) -> bool:
    """One account: speaks in at least three threads, hardly ever calmly, and never of an experience of its own."""
    spoken = [t for t in traces if t.acting]
    told = any(t.customer for t in traces) or sum(t.voice.first_hand > 0 or t.voice.own for t in traces) > 0.34 * len(traces)
    return not told and len({t.thread for t in spoken}) >= 3 and len(spoken) >= 0.75 * len(traces)


def _is_pack(members: Sequence[Trace], meetings: int) -> bool:
    """Accounts that meet are a pack if what they say is against the brand; where words show less of that, only if they are few and
    inseparable, for the regulars of a brand meet too, but they are many and have nothing against it."""
    loud = sum(t.against for t in members) / len(members)
    shared = sum(len(who) > 1 for who in _visitors(members).values())
    few = _LEAST_ACCOUNTS <= len({t.account for t in members}) <= _FEW
    return loud >= 0.5 or (few and ((loud >= 0.25 and meetings >= 3) or (loud >= 0.15 and shared >= 4)))


def _visitors(members: Sequence[Trace]) -> Mapping[str, set[str | None]]:
    visitors = defaultdict[str, set[str | None]](set)
    for trace in members:
        visitors[trace.thread].add(trace.account)
    return visitors


def _meeting(drummers: Mapping[str, Sequence[Trace]]) -> dict[tuple[str, str], int]:
    """How often each pair of such accounts turns up in one thread within a day of each other, or posts of its own on one day."""
    present = defaultdict[str, dict[str, float | None]](dict)
    for account, traces in drummers.items():
        loud = sum(t.against for t in traces) >= _LOUD * len(traces)
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
    loud = sum(t.against for t in parts) / len(parts)
    in_order = sum(a <= b for a, b in itertools.pairwise(numbers)) >= 0.8 * (len(numbers) - 1)
    if len(accounts) > 1:
        return in_order and loud >= 0.3
    return in_order and loud >= 0.3 and len(parts) >= 4 and _regular([t.at for t in parts if t.at is not None])


def _regular(times: Sequence[float]) -> bool:
    """At steady gaps, or at the same time of day."""
    gaps = [b - a for a, b in itertools.pairwise(sorted(times))]
    if len(gaps) < 2:
        return False
    middle = median(gaps)
    clock = [min((t - times[0]) % _DAY_S, -(t - times[0]) % _DAY_S) for t in times]
    return sum(abs(g - middle) <= 0.15 * middle for g in gaps) >= 0.7 * len(gaps) or sum(c <= 1800 for c in clock) >= 0.8 * len(clock)
