"""Which of the places where the groups of a rule stand belong together: near one another, in one sentence or one clause."""

from __future__ import annotations

import bisect
import re
from typing import TypeAlias

Place: TypeAlias = tuple[int, int]
_STOPS = {"sentence": re.compile(r"[\n。!?;]|\.{3}"), "clause": re.compile(r"[\n。!?;,:]|\.{3}")}


def stops(text: str, inside: str) -> list[int]:
    """Where the sentences or the clauses of a normal form end.

    >>> stops("好喝,不贵。再来", "sentence"), stops("好喝,不贵。再来", "clause")
    ([6], [3, 6])
    """
    return [stop.end() for stop in _STOPS[inside].finditer(text)]


def together(hits: list[list[Place]], within: int | None) -> tuple[Place, ...]:
    """One place a group, all within the given distance of the first group's; empty if there is no such choice."""
    if within is None:
        return tuple(places[0] for places in hits)
    for anchor in hits[0]:
        chosen = [anchor, *(_nearest(places, anchor[0]) for places in hits[1:])]
        if all(min(abs(p[0] - anchor[1]), abs(anchor[0] - p[1]), abs(p[0] - anchor[0])) <= within for p in chosen):
            return tuple(chosen)
    return ()


def in_one(hits: list[list[Place]], within: int | None, stops: list[int]) -> tuple[Place, ...]:
    """The same with all places between the same two stops, which are in order."""
    parts = [_by_part(places, stops) for places in hits]
    for part in parts[0]:
        if all(part in other for other in parts) and (chosen := together([other[part] for other in parts], within)):
            return chosen
    return ()


def _by_part(places: list[Place], stops: list[int]) -> dict[int, list[Place]]:
    parts = dict[int, list[Place]]()
    for place in places:
        parts.setdefault(bisect.bisect_right(stops, place[0]), []).append(place)
    return parts


def _nearest(places: list[Place], at: int) -> Place:
    """The place that begins nearest to `at`; `places` are in order, and of two as near the first is taken."""
    after = bisect.bisect_left(places, (at, 0))
    around = places[max(0, after - 1) : after + 1]
    return min(around, key=lambda place: abs(place[0] - at))
