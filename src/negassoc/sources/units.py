"""What a file is made into before anything is merged: units, of which each becomes a mention, or is skipped, or is a problem."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import attrs

from negassoc.errors import Problem
from negassoc.mention import Mention
from negassoc.sources.known import Row
from negassoc.sources.own import OwnReader
from negassoc.sources.rows import Identity, RowReader, Skipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negassoc.sources.profiles import Layout

UNKNOWN = "no shape that is known, and no column that holds what people say"
SAMPLE = 400  # rows of a file by which its columns are judged


@attrs.define(eq=False)
class RowUnit:
    """A row with the reader that knows its columns; nothing is built yet. `odd` is what to warn of if it is kept."""

    where: str
    row: Row
    reader: RowReader | OwnReader
    odd: str | None = None


Unit: TypeAlias = RowUnit | Identity | Mention | Skipped | Problem


@attrs.define
class FileNotes:
    """What is learnt about a file while it is read."""

    tools: Counter[str] = attrs.field(factory=Counter)
    platforms: set[str] = attrs.field(factory=set)
    guessed: dict[str, str] = attrs.field(factory=dict)

    def saw(self, layout: Layout) -> None:
        """A table or a row of this layout."""
        self.tools[layout.tool] += 1
        self.platforms |= {layout.platform} if layout.platform else set()
        self.guessed.update(layout.guessed)

    def guess(self, tool: str, guessed: Mapping[str, str]) -> None:
        """What was taken for what in something that no layout describes."""
        if not self.tools:
            self.tools[tool] += 1
        self.guessed.update(guessed)
