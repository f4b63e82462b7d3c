"""A signal's name in words for people."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.records import Title, load_toml

if TYPE_CHECKING:
    from negassoc.classify.classifier import Knowledge


@attrs.frozen(kw_only=True)
class _Titles:
    places: Mapping[str, Title] = attrs.field(hash=False)
    sorts: Mapping[str, Title] = attrs.field(hash=False)
    signals: Mapping[str, Title] = attrs.field(hash=False)


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
