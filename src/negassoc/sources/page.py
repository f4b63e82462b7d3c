"""What one reply of a platform holds, and how a parser says where a reply has another shape than any known one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import attrs

from negassoc.errors import PayloadError, Problem
from negassoc.mention import Mention
from negassoc.sources.fields import snake_keys
from negassoc.sources.rows import Skipped

Node: TypeAlias = Mapping[str, object]
Outcome: TypeAlias = Mention | Skipped | Problem


@attrs.frozen(kw_only=True)
class Page:
    """One page: its mentions in order, and how to go on.

    `cursor` resumes after it, None where the platform gave none; `has_more` is what the platform says. `total` is how many it claims
    to have in all. `skipped` are units that are no mentions, `problems` those that say nothing.
    """

    mentions: tuple[Mention, ...] = ()
    cursor: str | None = None
    has_more: bool = False
    total: int | None = None
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, outcomes: Iterator[Outcome], *, cursor: str | None, has_more: bool, total: int | None = None) -> Page:
        """Sort what a parser yields into a page."""
        found = list(outcomes)
        return cls(
            mentions=tuple(one for one in found if isinstance(one, Mention)), cursor=cursor, has_more=has_more, total=total,
            skipped=tuple(one for one in found if isinstance(one, Skipped)),
            problems=tuple(one for one in found if isinstance(one, Problem)),
        )  # fmt: skip


@attrs.frozen(kw_only=True)
class Context:
    """What stands around a unit and not in it: the post a comment is under, the search that found it, when it was fetched."""

    where: str = "payload"
    post_id: str | None = None
    heading: str | None = None
    parent_id: str | None = None
    query: str | None = None
    fetched_at: dt.datetime | None = None

    @property
    def queries(self) -> tuple[str, ...]:
        """The search as a mention keeps it."""
        return (self.query,) if self.query else ()

    def at(self, step: str | int) -> Context:
        """The same, one step further into the payload."""
        return attrs.evolve(self, where=f"{self.where}[{step}]" if isinstance(step, int) else f"{self.where}.{step}")


def table(node: Node, key: str) -> Node:
    """The object under `key`, empty where there is none."""
    value = node.get(key)
    return value if isinstance(value, Mapping) else {}


def rows(node: Node, key: str) -> list[Node]:
    """The objects in the list under `key`, empty where there is none."""
    value = node.get(key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def first(node: Node, *keys: str) -> object:
    """The first value under `keys` that is there and not None."""
    return next((value for key in keys if (value := node.get(key)) is not None), None)


def body_of(payload: object, platform: str, *markers: str) -> tuple[Node, str]:
    """The object inside a reply that holds one of `markers`, however many envelopes (`data`, an operation's name) are around it.

    Keys are in snake case. `PayloadError` names the place where none was found.
    """
    found = snake_keys(payload)
    if isinstance(found, list):
        return {markers[0]: found}, "$"
    for node, path in _envelopes(found, "$", 4):
        if any(marker in node for marker in markers):
            return node, path
    raise PayloadError(f"expected one of {', '.join(markers)}; found {_keys(found)}", platform=platform, path="$")


def _envelopes(value: object, path: str, depth: int) -> Iterator[tuple[Node, str]]:
    if not isinstance(value, Mapping) or depth < 0:
        return
    yield value, path
    for key, inner in value.items():
        yield from _envelopes(inner, f"{path}.{key}", depth - 1)


def _keys(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, Mapping) else type(value).__name__


def list_in(node: Node, path: str, platform: str, *keys: str) -> tuple[list[object], str]:
    """The list under the first of `keys` that is there and filled, and its path; `PayloadError` where it is something else than a list."""
    empty = f"{path}.{keys[0]}"
    for key in keys:
        value = node.get(key)
        if value is not None and not isinstance(value, list):
            raise PayloadError(f"expected a list, found {type(value).__name__}", platform=platform, path=f"{path}.{key}")
        if value:
            return value, f"{path}.{key}"
    return [], empty


Parse: TypeAlias = Callable[[Node, Context], Iterator[Outcome]]


def each(items: list[object], context: Context, parse: Parse) -> Iterator[Outcome]:
    """Parse every object of a list; anything else in it is a problem with its path."""
    for index, item in enumerate(items):
        here = context.at(index)
        if isinstance(item, Mapping):
            yield from parse(item, here)
        else:
            yield Problem(here.where, f"expected an object, found {type(item).__name__}")
