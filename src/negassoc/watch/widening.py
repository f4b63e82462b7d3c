"""From the core of a campaign to all of it: what its accounts said besides, what is tied to several of its posts, who speaks its words.

The core has to prove itself without these; they are looked for only once it stands, and never among the core of another campaign.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set

    from negassoc.watch.kinship import Link
    from negassoc.watch.traces import Trace

_TURNS: Final = 3  # turns of phrase that make a further mention part of a wave
_TIES: Final = 0.15  # links to so large a share of the core do the same


class Surroundings:
    """What lies around the cores found in one stream: who wrote what, what is tied to what, who says which turn of phrase."""

    def __init__(self, traces: Sequence[Trace], links: Iterable[Link], speakers: Mapping[str, Sequence[int]]) -> None:
        self.traces, self.speakers = traces, speakers
        self.by_account = defaultdict[str, list[int]](list)
        for trace in traces:
            if trace.account and not trace.own:
                self.by_account[trace.account].append(trace.index)
        self.ties = defaultdict[int, list[tuple[int, float]]](list)
        for link in links:
            self.ties[link.a].append((link.b, link.strength))
            self.ties[link.b].append((link.a, link.strength))

    def tied(self, members: Set[int]) -> dict[int, float]:
        """How strongly each mention outside is tied to those inside."""
        strength = defaultdict[int, float](float)
        for index in members:
            for other, one in self.ties.get(index, ()):
                if other not in members:
                    strength[other] += one
        return strength

    def widened(self, core: Set[int], turns: frozenset[str], taken: Set[int]) -> list[int]:
        """The core and what belongs to it besides, in order of time; `taken` belongs to others."""
        said = Counter(index for turn in turns for index in self.speakers.get(turn, ()))
        tied, rival = self.tied(core), rival_of([self.traces[i] for i in core])
        near = {*said, *tied} - taken
        members = {*core, *(i for i in near if self._joins(self.traces[i], said[i], tied.get(i, 0.0) / len(core), rival))}
        for account in {account for i in members if (account := self.traces[i].account)}:
            members.update(i for i in self.by_account[account] if i not in taken and _stands_by(self.traces[i], said[i]))
        return sorted(members, key=lambda i: (self.traces[i].at or 0.0, i))

    def _joins(self, trace: Trace, said: int, tied: float, rival: str | None) -> bool:
        """A stranger belongs if it acts and says what the core says, or is tied to enough of it; less is needed to send to its rival."""
        if trace.own or not trace.acting or trace.voice.asking:
            return False
        if tied >= _TIES and (trace.against or said):
            return True
        return said >= (1 if rival in trace.rivals and trace.voice.hostile else _TURNS if trace.against else 2 * _TURNS)


def rival_of(members: Sequence[Trace]) -> str | None:
    """The rival that at least half of them name."""
    named = Counter(rival for t in members for rival in sorted(t.rivals)).most_common(1)
    return named[0][0] if named and named[0][1] >= len(members) / 2 else None


def _stands_by(trace: Trace, said: int) -> bool:
    """What an account of the core said besides counts unless it is an own case or harmless."""
    return trace.acting or (not trace.customer and (trace.against or said > 0))
