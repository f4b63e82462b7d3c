"""The turns of phrase a wave is known by: used by several of its accounts and by hardly anybody else.

A stock phrase of customers ("送到都凉了") ties many complaints together too, but half the town uses it; what a wave was given to say is
its own. So a group of like texts without such turns is no wave, and a further text with enough of them belongs to it.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from negassoc.watch.traces import GAP

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negassoc.watch.traces import Trace

_TURN: Final = 3  # syllables


def signatures(cores: Sequence[Iterable[int]], traces: Sequence[Trace]) -> tuple[list[frozenset[str]], dict[str, list[int]]]:
    """For each core (places in the stream) its turns of phrase, said by a fifth of its accounts, at least two, and by fewer outside; and
    for each turn that any core uses, which mentions say it."""
    insides = [frozenset(core) for core in cores]
    users = [_users([traces[i] for i in inside]) for inside in insides]
    wanted = frozenset(itertools.chain.from_iterable(users))
    speakers = defaultdict[str, list[int]](list)
    for trace in traces if wanted else ():
        for turn in turns_of(trace.sound) & wanted if not trace.own else ():
            speakers[turn].append(trace.index)
    own = [
        frozenset(turn for turn, who in shares.items() if sum(i not in inside for i in speakers[turn]) <= len(who) / 2)
        for shares, inside in zip(users, insides, strict=True)
    ]
    return own, speakers


def turns_of(sound: str) -> frozenset[str]:
    """All turns of three syllables in a text, none across a name."""
    return frozenset(turn for i in range(len(sound) - _TURN + 1) if GAP not in (turn := sound[i : i + _TURN]))


def _users(core: Sequence[Trace]) -> dict[str, set[str]]:
    users = defaultdict[str, set[str]](set)
    for trace in core:
        for turn in turns_of(trace.sound):
            users[turn].add(trace.account or f"?{trace.index}")
    need = max(2.0, 0.2 * len({trace.account or trace.index for trace in core}))
    return {turn: who for turn, who in users.items() if len(who) >= need}
