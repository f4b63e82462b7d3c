"""Campaigns among the stored mentions of a brand, kept up to date from run to run and put in the words of an alert."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import attrs

from negassoc.watch.campaigns import CampaignFinder
from negassoc.watch.ledger import Ledger, Window
from negassoc.watch.pointing import brand_key

if TYPE_CHECKING:
    from negassoc.brand import Brand
    from negassoc.records import Title

_STALE: Final = 7
"""A finder is made anew once a seventh of its window has gone by; until then what has grown too old still counts."""


@attrs.define
class _Kept:
    finder: CampaignFinder
    made_at: dt.datetime
    seq: int = 0
    keys: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Concert:
    """Finds campaigns in the ledger; a later question about the same brand and window reads only what was judged since."""

    ledger: Ledger
    _kept: dict[tuple[str, dt.timedelta], _Kept] = attrs.field(factory=dict, init=False, repr=False)

    def campaigns(self, brand: Brand, window: dt.timedelta, now: dt.datetime) -> list[tuple[Title, tuple[str, ...]]]:
        """Each campaign within `window` before `now`: its proof in words and the keys of its mentions. `MissingExtraError` without
        the extra `campaigns`."""
        key = brand_key(brand)
        kept = self._kept.get((key, window))
        if kept is None or now - kept.made_at > window / _STALE:
            kept = self._kept[key, window] = _Kept(CampaignFinder(brand), now)
        self._bring_up(kept, Window(key, now - window, now + dt.timedelta(microseconds=1)))
        return [(one.why, tuple(kept.keys[mention] for mention in one.mentions)) for one in kept.finder.campaigns()]

    def _bring_up(self, kept: _Kept, window: Window) -> None:
        newest = self.ledger.newest_seq(window.brand)
        fresh = self.ledger.since(window.brand, kept.seq) if kept.seq else self.ledger.between(window)
        for one in fresh:
            if window.start <= one.at < window.end:
                kept.keys[one.mention.id] = one.key
                kept.finder.observe(one.mention)
        kept.seq = newest
