"""Tables with two columns of what was said: a comment in one, an answer to it in the other (`一级评论`, `二级评论`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from negassoc.mention import Kind
from negassoc.sources import fields
from negassoc.sources.rows import RowReader
from negassoc.sources.units import RowUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.sources.profiles import Layout
    from negassoc.sources.tables import Placed

_OF_BOTH = ("text", "thread_title", "thread_text", "post_id", "url", "platform", "query", "brand")


class Levels:
    """Reads the rows of such a table: the answer of a row where there is one, and its comment unless a row before it told it.

    A row that holds both is the answer's: its author, time and likes are not the comment's.
    """

    def __init__(self, layout: Layout) -> None:
        columns = {field: name for field, name in layout.columns.items() if field != "reply_text"}
        self._said, self._answered = layout.columns["text"], layout.columns["reply_text"]
        self._comments = RowReader(attrs.evolve(layout, columns=columns))
        self._answers = RowReader(attrs.evolve(layout, kind=Kind.REPLY, columns={**columns, "text": self._answered}))
        self._shared = tuple(columns[field] for field in _OF_BOTH if field in columns)
        self._told: set[str | None] = set()

    def units(self, placed: Placed) -> Iterator[RowUnit]:
        """What one row says."""
        said, row = fields.said(placed.row.get(self._said)), placed.row
        if not fields.said(row.get(self._answered)):
            yield RowUnit(placed.where, row, self._comments, placed.odd)
        else:
            if said and said not in self._told:
                yield RowUnit(placed.where, {name: row.get(name) for name in self._shared}, self._comments)
            yield RowUnit(placed.where, row, self._answers, placed.odd)
        self._told.add(said)
