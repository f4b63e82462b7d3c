"""A signal's name in words for people, and of which types it tells them anything."""

from __future__ import annotations

import functools
import re
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
class Together:
    """Sorts of words and rules that are told as one reason: blame mild and strong, or (`detail`) what only makes an account credible.
    `denied_by` are the words that take its sense where they stand right before it."""

    parts: tuple[str, ...]
    title: Title
    detail: bool = False
    denied_by: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Phrases:
    """The words by which it is told how a clause may be quoted, as patterns: what is not told alone, what says nothing by itself, what
    blame is seldom without (but for what only looks like it), and what denies or only supposes what comes after it, or undoes what comes
    before."""

    untold: re.Pattern[str]
    empty: re.Pattern[str]
    blaming: re.Pattern[str]
    unlike_blame: re.Pattern[str]
    hedging: re.Pattern[str]
    undoing: re.Pattern[str]


@attrs.frozen(kw_only=True)
class _Titles:
    places: Mapping[str, Title] = attrs.field(hash=False)
    sorts: Mapping[str, Title] = attrs.field(hash=False)
    signals: Mapping[str, Title] = attrs.field(hash=False)
    speaks: Mapping[str, Speaks] = attrs.field(hash=False)
    together: tuple[Together, ...] = ()
    phrases: Mapping[str, tuple[str, ...]] = attrs.field(hash=False)


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
        return place_title(place, titles.sorts[sort])
    return Title(name, name)


def place_title(place: str, what: Title) -> Title:
    """A sort of word with the place where it stands."""
    where = _titles().places[place]
    return Title(where.zh + what.zh, f"{what.en} {where.en}")


def together_with(subject: str) -> Together | None:
    """With what a sort of word (`complaint2`) or a rule (`rule:own-purchase`) is told as one reason, if with anything."""
    return _parts().get(subject) or _parts().get(subject.rstrip("0123"))


@functools.cache
def _parts() -> Mapping[str, Together]:
    return {part: group for group in _titles().together for part in group.parts}


def speaks(sort: str) -> Speaks | None:
    """What a sort of word (`complaint2`, or a rule) speaks for and against; None for what says what it says of any type.

    A word of strength 0 is only a topic, and speaks for nothing.
    """
    known = _titles().speaks.get(sort.rstrip("0123"))
    return Speaks() if known and sort.endswith("0") else known


@functools.cache
def phrases() -> Phrases:
    """The packaged phrases; the longer ones are looked for first."""
    words = {name: re.compile("|".join(sorted(map(re.escape, each), key=len, reverse=True))) for name, each in _titles().phrases.items()}
    return Phrases(**words)
