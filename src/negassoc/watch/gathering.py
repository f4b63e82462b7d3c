"""Groups that say one thing in their own words: from each suspect mention and what is most like it, a group grows until it no longer
changes, every mention judged by its likeness to the group as a whole, its stance, the rival it sends to, and what is told of an own case.

A mention alone is hardly ever like another one in other words; like a dozen of them it is. Cost is kept near-linear: only mentions that
may belong to a wave at all take part, and each looks only at those with which it shares its rarest pairs of syllables.
"""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Final

import attrs

from negassoc.records import load_toml
from negassoc.watch.traces import pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from negassoc.watch.rarity import Rarity
    from negassoc.watch.traces import Trace

_MAY: Final = 0.05  # chance, judged alone, from which a mention takes part
_START: Final = 6  # mentions a group starts with, of as many accounts
_LEAST: Final = 3  # accounts
# Likeness, of each to the two most like it, that strangers who attack one brand hardly reach (measured on 104 sets of mentions without
# coordination), by the number of accounts; less where most send to one rival.
_MANY: Final = 6
_NEAR: Final = {3: 0.12, 4: 0.09, 5: 0.08, _MANY: 0.065}
_NEAR_SENT: Final = 0.04
_SENT: Final = 0.6  # share that sends to one rival
_CHOICE: Final = 30  # suspects among whom that holds; the more to choose from, the more alike some are by chance
_YET: Final = 0.7  # share of it that a group must have while it grows
_LITTLE: Final = 700.0  # what some fourteen rare pairs of syllables weigh: of a text shorter than that, a shared word is not most
_MOST: Final = 0.35  # likeness beyond which more of it shows no more: a copy is a copy
_ONE_THREAD: Final = 0.6  # what likeness counts under one post: there everybody speaks of what the post is about
_TIGHT: Final = 0.15  # usual likeness beyond which more of it is asked of all: who copies does not paraphrase as well
_LULL_S: Final = 2 * 86400
_FLOOR: Final = 0.2  # share of the usual likeness without which nobody joins, however harsh
_BITING: Final = -1.0  # stance from which news is passed on to bite
_HOPE: Final = -1.0  # how far below standing it may be while it grows
_SEED: Final = 0.2  # chance, judged alone, from which a mention begins a group
_ROUNDS: Final = 8
_CROWD: Final = 12  # accounts beyond which more of them show no more: customers are many, too
_LARGE: Final = 24  # mentions of a group that others are compared with
_RAREST: Final = 24  # pairs of syllables asked for
_REMEMBERED: Final = 64  # mentions a pair of syllables leads to
_CONSIDERED: Final = 200  # mentions judged for one group


@attrs.frozen(kw_only=True)
class _Alone:
    start: float
    stance: float
    first_hand: float
    details: float
    aside: float
    praise: float
    asking: float
    hostile: float
    customer: float
    rival: float

    def of(self, trace: Trace) -> float:
        """For one mention, what speaks from itself; the rival only where no group shows which one counts."""
        voice = trace.voice
        return (
            self.start + self.stance * max(-4.0, min(4.0, trace.stance)) + self.first_hand * min(voice.first_hand, 3)
            + self.details * min(len(voice.details), 3) + self.aside * (voice.framed or trace.compares) + self.praise * bool(voice.praise)
            + self.asking * bool(voice.asking) + self.hostile * min(voice.hostile, 3) + self.customer * trace.customer
        )  # fmt: skip


@attrs.frozen(kw_only=True)
class _Joins(_Alone):
    likeness: float
    nearness: float


@attrs.frozen(kw_only=True)
class _Stands:
    start: float
    stance: float
    rival: float
    size: float
    likeness: float
    concerned: float
    details: float


@attrs.frozen(kw_only=True)
class _Weights:
    alone: _Alone
    joins: _Joins
    stands: _Stands


@functools.cache
def _weights() -> _Weights:
    return load_toml(Path(__file__).parent.parent / "data" / "campaigns_weights.toml", _Weights)


class Likeness:
    """How alike mentions are: the cosine of their pairs of syllables, each weighed by how rare it is."""

    def __init__(self, traces: Sequence[Trace], sounds: Sequence[str], rarity: Rarity) -> None:
        self.traces, self.sounds, self.rarity = traces, sounds, rarity
        self._pairs = dict[int, frozenset[str]]()
        self._squares = dict[str, float]()
        self._norms = dict[int, float]()
        self._known = dict[tuple[int, int], float]()

    def of(self, a: int, b: int) -> float:
        """0 to 1; 0 for two mentions of one account, which prove nothing about each other."""
        key = (a, b) if a < b else (b, a)
        if key not in self._known:
            same = self.traces[a].account is not None and self.traces[a].account == self.traces[b].account
            shared = 0.0 if same else sum(map(self.square, self.pairs(a) & self.pairs(b)))
            share = _ONE_THREAD if self.traces[a].thread == self.traces[b].thread else 1.0
            self._known[key] = share * shared / (self._norm(a) * self._norm(b)) if shared else 0.0
        return self._known[key]

    def pairs(self, index: int) -> frozenset[str]:
        """The pairs of syllables of one mention."""
        if index not in self._pairs:
            self._pairs[index] = pairs_of(self.sounds[index])
        return self._pairs[index]

    def square(self, pair: str) -> float:
        """What a shared pair of syllables counts."""
        if pair not in self._squares:
            self._squares[pair] = self.rarity.weight(pair) ** 2
        return self._squares[pair]

    def to(self, index: int, group: Iterable[int]) -> float:
        """Mean likeness to the mentions of other accounts in a group."""
        mine = self.traces[index].account
        others = [i for i in group if i != index and (mine is None or self.traces[i].account != mine)]
        return sum(min(_MOST, self.of(index, i)) for i in others) / (len(others) or 1)

    def centre(self, group: Iterable[int]) -> Mapping[str, float]:
        """What a pair of syllables adds to the likeness to a group as a whole, for `at_most`."""
        centre, members = defaultdict[str, float](float), list(group)
        for index in members:
            for pair in self.pairs(index):
                centre[pair] += self.square(pair) / (self._norm(index) * len(members))
        return centre

    def at_most(self, index: int, centre: Mapping[str, float]) -> float:
        """What the likeness to a group is at most for one that is not of it, quickly; its own account's words count here too."""
        return 1.25 * sum(centre[pair] for pair in self.pairs(index) if pair in centre) / self._norm(index)

    def _norm(self, index: int) -> float:
        if index not in self._norms:
            self._norms[index] = math.sqrt(max(_LITTLE, sum(map(self.square, self.pairs(index)))))
        return self._norms[index]


class Gathering:
    """The groups among those mentions of a stream that may belong to a wave at all."""

    def __init__(self, traces: Sequence[Trace], likeness: Likeness) -> None:
        self.traces, self.likeness = traces, likeness
        alone = _weights().alone
        chances = {t.index: alone.of(t) + alone.rival * (len(t.rivals) == 1) for t in traces if not (t.own or _reports(t))}
        may = math.log(_MAY / (1 - _MAY))
        self.suspects = [i for i, chance in chances.items() if chance > may]
        self.chance = {i: 1 / (1 + math.exp(-chances[i])) for i in self.suspects}
        self.standing = {i: _weights().joins.of(traces[i]) for i in self.suspects}
        self.holders = defaultdict[str, list[int]](list)
        for index in self.suspects:
            for pair in likeness.pairs(index):
                self.holders[pair].append(index)

    def groups(self) -> Iterator[frozenset[int]]:
        """Each group that no longer changes, the most suspect beginnings first; members of one group begin no other."""
        found = set[frozenset[int]]()
        covered = set[int]()
        for seed in sorted((i for i in self.suspects if self.chance[i] >= _SEED), key=lambda i: (-self.chance[i], i)):
            if seed in covered:
                continue
            group, stands = self._grown(self._start(seed))
            if stands or len(group) > _LARGE:
                covered |= group
            if stands and group not in found:
                found.add(group)
                yield group

    def standing_of(self, members: frozenset[int]) -> float:
        """How much more speaks for a wave than for chance, above 0 if anything: how its texts speak, that they send to one rival, how many
        and how alike they are; against it, that they tell of own cases or ask for a remedy."""
        weights, some = _weights().stands, _some(members)
        traces = [self.traces[i] for i in some]
        rival, size = rival_of(traces), len(some)
        return (
            weights.start + weights.stance * sum(max(-4.0, min(4.0, t.stance)) for t in traces) / size
            + weights.rival * sum(rival in t.rivals for t in traces) / size
            + weights.size * math.log2(min(_CROWD, len({self._account(i) for i in members})) / _LEAST)
            + weights.likeness * sum(self.likeness.to(i, some) for i in some) / size
            + weights.concerned * sum(t.concerned for t in traces) / size
            + weights.details * sum(min(len(t.voice.details), 3) for t in traces) / size
        )  # fmt: skip

    def others_before(self, group: frozenset[int]) -> list[Trace]:
        """What others wrote from a little before the group began until half of it was out, the brand and the platform aside."""
        times = sorted(at for i in group if (at := self.traces[i].at) is not None)
        if not times:
            return []
        accounts, early, half = {self._account(i) for i in group}, self._span(group)[0], median(times)
        return [
            t for t in self.traces
            if t.at is not None and early <= t.at <= half and not t.own and t.index not in group and self._account(t.index) not in accounts
        ]  # fmt: skip

    def nearness(self, index: int, group: frozenset[int]) -> float:
        """Likeness to a group as a share of what its own have."""
        some = _some(group)
        return self.likeness.to(index, some) / (median(self.likeness.to(i, some) for i in some) or 1.0)

    def _start(self, seed: int) -> frozenset[int]:
        """A mention and the most suspect of those most like it, each of another account."""
        scored = [(self.likeness.of(seed, i) * math.sqrt(self.chance[i]), i) for i in self._near(seed)]
        group = {self._account(seed): seed}
        for _, index in sorted(((s, i) for s, i in scored if s), key=lambda x: (-x[0], x[1])):
            group.setdefault(self._account(index), index)
            if len(group) == _START:
                break
        return frozenset(group.values())

    def _grown(self, group: frozenset[int]) -> tuple[frozenset[int], bool]:
        """The group that comes of it, and whether it no longer changes and still holds together."""
        before = set[frozenset[int]]()
        while self.closeness(group) >= _YET and self.standing_of(group) >= _HOPE:
            if group in before or len(before) == _ROUNDS:
                return group, self.closeness(group) >= 1
            before.add(group)
            group = self._joining(group)
        return group, False

    def closeness(self, group: frozenset[int]) -> float:
        """How alike its mentions are, each to the two most like it, as a share of what it takes; 0 for too few accounts."""
        accounts, members = len({self._account(i) for i in group}), _some(group)
        if accounts < _LEAST:
            return 0.0
        best = [fmean(sorted((self.likeness.of(a, b) for b in members if b != a), reverse=True)[:2]) for a in members]
        rival = rival_of([self.traces[i] for i in members])
        sent = accounts > _LEAST and sum(rival in self.traces[i].rivals for i in members) >= _SENT * len(members)
        need = _NEAR_SENT if sent else _NEAR[min(accounts, _MANY)]
        return fmean(best) / (need * max(1.0, math.log(len(self.suspects)) / math.log(_CHOICE)))

    def _joining(self, group: frozenset[int]) -> frozenset[int]:
        """Whoever belongs to the group as it stands, itself included."""
        some = _some(group)
        rival, usual = rival_of([self.traces[i] for i in some]), median(self.likeness.to(i, some) for i in some) or 1.0
        centre, floor = self.likeness.centre(some), _FLOOR * usual * max(1.0, usual / _TIGHT)

        def belongs(index: int, likeness: float) -> bool:
            weights = _weights().joins
            sends = weights.rival * (rival in self.traces[index].rivals)
            close = weights.likeness * likeness + weights.nearness * min(likeness / usual, 1.5)
            return likeness >= floor and self.standing[index] + close + sends > 0

        near = [i for i in self._around(group) if i in group or belongs(i, self.likeness.at_most(i, centre))]
        return frozenset(i for i in near if belongs(i, self.likeness.to(i, some)))

    def _span(self, group: frozenset[int]) -> tuple[float, float]:
        """From when to when further mentions may belong: as long before and after as the group lasts itself, at least two days."""
        times = sorted(at for i in group if (at := self.traces[i].at) is not None)
        if not times:
            return -math.inf, math.inf
        lasts = max(_LULL_S, times[-1] - times[0])
        return times[0] - lasts, times[-1] + lasts

    def _near(self, seed: int) -> Iterable[int]:
        if len(self.suspects) <= _CONSIDERED:
            return [i for i in self.suspects if i != seed]
        rarest = sorted(self.likeness.pairs(seed), key=lambda p: (-self.likeness.square(p), p))
        asked = [p for p in rarest if len(self.holders[p]) > 1][:_RAREST]
        shared = Counter(i for p in asked for i in self.holders[p][-_REMEMBERED:] if i != seed)
        return [i for i, _ in shared.most_common(4 * _START)]

    def _around(self, group: frozenset[int]) -> Iterable[int]:
        """Whoever may join: everybody in its time while they are few, else those who say most of what several of the group say."""
        early, late = self._span(group)
        if len(self.suspects) <= _CONSIDERED:
            return [i for i in self.suspects if early <= (self.traces[i].at or early) <= late]
        said = Counter(pair for i in _some(group) for pair in self.likeness.pairs(i))
        common = [(n * self.likeness.square(p), p) for p, n in said.items() if n > 1 and len(self.holders[p]) <= 4 * _REMEMBERED]
        shared = defaultdict[int, float](float)
        for weight, pair in sorted(common, reverse=True)[: 4 * _RAREST]:
            for index in self.holders[pair]:
                if early <= (self.traces[index].at or early) <= late:
                    shared[index] += weight
        return {*group, *sorted(shared, key=lambda i: (-shared[i], i))[:_CONSIDERED]}

    def _account(self, index: int) -> str:
        return self.traces[index].account or f"?{index}"


def rival_of(members: Sequence[Trace]) -> str | None:
    """The rival that at least a third of them name."""
    named = Counter(rival for t in members for rival in sorted(t.rivals)).most_common(1)
    return named[0][0] if named and named[0][1] >= len(members) / 3 else None


def _reports(trace: Trace) -> bool:
    """Passes on news, and not as attackers do."""
    return trace.voice.news > 1 and trace.stance < _BITING


def _some(group: frozenset[int]) -> list[int]:
    """Not more of a group than can be compared with each other, spread evenly."""
    return sorted(group)[:: -(-len(group) // _LARGE)]
