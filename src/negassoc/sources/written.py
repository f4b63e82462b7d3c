"""Tables that `negassoc convert` wrote (CSV, XLSX, Parquet, data frames): each row is a record of this project, spread over columns."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from negassoc.text.legible import rearmed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negassoc.sources.known import Row

_NEEDED = frozenset({"id", "kind", "text", "thread_title", "published_raw", "inexact_counts"})
_COUNTS = ("likes", "comments", "collects", "shares", "views")
_LISTS = ("queries", "topics", "platform_flags", "at")
_AUTHOR = {
    "author": "nickname", "author_id": "id", "author_hash": "id_hash", "followers": "followers", "author_posts": "posts",
    "account_age_days": "account_age_days",
}  # fmt: skip
_FLAGS = ("verified", "official")
_EMPTY = frozenset({"nan", "NaT", "<NA>"})  # how a data frame shows that there is nothing
_INEXACT = re.compile(r"(\w+)([≈≥]\d+)")


def is_written(names: Iterable[str]) -> bool:
    """Whether a table with these columns is one of ours."""
    return {*names} >= _NEEDED


def record_of(row: Row, *, disarmed: bool = False) -> dict[str, object]:
    """The record that a row was written from. `disarmed`: an apostrophe stands before what looks like a formula."""
    cells = {name: rearmed(cell) if disarmed and isinstance(cell, str) else cell for name, cell in row.items() if not _is_empty(cell)}
    shown = dict(_INEXACT.findall(str(cells.get("inexact_counts", ""))))
    author = {field: cells[name] for name, field in _AUTHOR.items() if name in cells}
    if author.get("id") == author.get("id_hash"):
        author.pop("id", None)
    author |= {name: str(cells[name]).casefold() == "true" for name in _FLAGS if name in cells}
    return {
        **{name: cell for name, cell in cells.items() if name not in _AUTHOR and name not in _FLAGS},
        "published_raw": cells.get("published_raw"), "author": author, "partial": str(cells.get("partial")).casefold() == "true",
        "engagement": {name: shown.get(name, cells[name]) for name in _COUNTS if name in cells},
        **{name: _parts(str(cells[name])) for name in _LISTS if name in cells},
    }  # fmt: skip


def _is_empty(cell: object) -> bool:
    return not cell if isinstance(cell, str) else cell is None or str(cell) in _EMPTY


def _parts(joined: str) -> list[str]:
    if joined.startswith("["):
        try:
            listed = json.loads(joined)
        except ValueError:
            listed = None
        if isinstance(listed, list) and all(isinstance(part, str) for part in listed):
            return listed
    return joined.split("; ")
