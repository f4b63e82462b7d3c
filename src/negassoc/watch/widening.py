"""From the core of a campaign to all of it: what its accounts said besides. The core has to prove itself without it."""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from negassoc.watch.gathering import Gathering
    from negassoc.watch.traces import Trace

_CALM: Final = -2.8  # stance below which what an account said besides is no part of it,
_BITING: Final = -1.3  # and above which it is, even where it speaks of the wave
_NEAR: Final = 0.5  # nearness to the core from which an account's calmer words belong to it too


def by_account(traces: Sequence[Trace]) -> dict[str, list[int]]:
    """The places in the stream of all that each account wrote."""
    written = defaultdict[str, list[int]](list)
    for trace in traces:
        if trace.account and not trace.own:
            written[trace.account].append(trace.index)
    return written


def steadied(traces: Sequence[Trace], written: Mapping[str, Sequence[int]]) -> list[Trace]:
    """The traces with the stance of each half its own and half that of all its account wrote: who mostly speaks as customers do is read
    as one, and a short sneer is heard by the company it keeps."""
    usual = {account: fmean(traces[i].stance for i in indexes) for account, indexes in written.items() if len(indexes) > 1}
    return [
        attrs.evolve(t, stance=(t.stance + usual[t.account]) / 2) if t.account in usual and not t.own else t for t in traces
    ]  # fmt: skip


def widened(core: frozenset[int], taken: Set[int], gathering: Gathering, written: Mapping[str, Sequence[int]]) -> list[int]:
    """The core and what its accounts said besides unless it is an own case or harmless, in order of time; `taken` belongs to others."""
    traces = gathering.traces
    accounts = {account for i in core if (account := traces[i].account)}
    besides = (
        i for account in accounts for i in written[account]
        if i not in taken and (_stands_by(traces[i]) or (traces[i].acting and gathering.nearness(i, core) >= _NEAR))
    )  # fmt: skip
    return sorted({*core, *besides}, key=lambda i: (traces[i].at or 0.0, i))


def _stands_by(trace: Trace) -> bool:
    hard = trace.against and not trace.voice.framed
    return not trace.customer and (trace.stance > _BITING or hard or (trace.acting and trace.stance > _CALM))
