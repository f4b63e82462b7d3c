"""A signal's name in words for people, and of which types it tells them anything."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.classify.finding import AssociationType
from negassoc.records import Title, load_toml

if TYPE_CHECKING:
    from negassoc.classify.classifier import Knowledge


@attrs.frozen(kw_only=True)
class Speaks:
    """Of which types a sort of word is a reason that a person can follow, and against which."""

    pro: tuple[AssociationType, ...] = ()
    con: tuple[AssociationType, ...] = ()

    def tells(self, kind: AssociationType, weight: float) -> bool:
        """Whether to weigh so much for `kind` (below zero: against it) is in its own sense."""
        return kind in (self.pro if weight > 0 else self.con)


@attrs.frozen(kw_only=True)
class _Titles:
    places: Mapping[str, Title] = attrs.field(hash=False)
    sorts: Mapping[str, Title] = attrs.field(hash=False)
    signals: Mapping[str, Title] = attrs.field(hash=False)
    speaks: Mapping[str, Speaks] = attrs.field(hash=False)


@functools.cache
def _titles() -> _Titles:
    return load_toml(Path(__file__).parent.parent / "data" / "signals.toml", _Titles)


def signal_title(name: str, knowledge: Knowledge) -> Title:
    """What a signal or rule says, in words; a name nobody has words for is shown as it is."""
    if name.startswith("rule:"):
        return knowledge.rules.get(name.removeprefix("rule:")).title
    titles = _titles()
    if name in titles.signals:
        return titles.signals[name]
    place, _, sort = name.partition(":")
    if place in titles.places and sort in titles.sorts:
        where, what = titles.places[place], titles.sorts[sort]
        return Title(where.zh + what.zh, f"{what.en} {where.en}")
    return Title(name, name)


def speaks(sort: str) -> Speaks | None:
    """What a sort of word (`complaint2`, or a rule) speaks for and against; None for what says what it says of any type.

    A word of strength 0 is only a topic, and speaks for nothing.
    """
    known = _titles().speaks.get(sort.rstrip("0123"))
    return Speaks() if known and sort.endswith("0") else known
