"""The deadlines of the cases in a store, as thresholds and digests look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negassoc.brand import Brand
    from negassoc.cases.store import SqlStore
    from negassoc.watch.thresholds import Deadline


def deadlines_of(store: SqlStore, brand: Brand) -> list[Deadline]:
    """The open steps of the brand's open cases that have a deadline, most urgent first."""
    return []
