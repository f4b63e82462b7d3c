"""Campaigns among the stored mentions of a brand, in the words of an alert."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from negassoc.brand import Brand
    from negassoc.records import Title
    from negassoc.watch.ledger import Ledger


def campaigns_of(ledger: Ledger, brand: Brand, start: dt.datetime, end: dt.datetime) -> list[tuple[Title, tuple[str, ...]]]:
    """Each campaign from `start` to `end`: its proof in words and the keys of its mentions."""
    return []
