"""Wide tables: one row a post, and its comments beside it, one a column (`评论1`, `评论2` …) or all in one cell as a list."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import attrs

from negassoc.sources.fields import header, is_nothing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negassoc.sources.known import Row

_NUMBERED = re.compile(
    r"((?:热门|精选|热|神|用户|一级|第)?(?:条?评论|回复|热评|神评|comment|reply)(?:内容|文本|正文|text|content)?)(\d{0,3})"
)
_LISTED = re.compile(r"(?:全部|热门|精选|所有|top|all)?(?:评论|热评|回复|comments?|repl(?:y|ies))(?:列表|内容|集|list|s)?")
_NUMBER = re.compile(r"[\d.,，+万千亿wk]*")
_LONGEST = 1 << 20
_MOSTLY = 0.8


@attrs.frozen
class Wide:
    """The columns of a table in which comments stand: `single` hold one each, `lists` hold several."""

    single: tuple[str, ...]
    lists: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.single or name in self.lists

    def comments(self, row: Row) -> dict[str, list[object]]:
        """The comments of one row, by column."""
        one = {name: [cell] for name in self.single if not is_nothing(cell := row.get(name))}
        return one | {name: found for name in self.lists if (found := listed(row.get(name)))}

    def __str__(self) -> str:
        many = f"{self.single[0]!r} … {self.single[-1]!r}, one comment each" if self.single else ""
        return "; ".join(filter(None, [many, *(f"{name!r}, a list of comments" for name in self.lists)]))


def wide_of(names: Sequence[str], sample: Sequence[Row]) -> Wide | None:
    """The columns of comments in a table where each row is a post, or None where there are none."""
    stems: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if match := _NUMBERED.fullmatch(header(name)):
            stems[match[1]].append(name)
    single = [name for many in stems.values() if len(many) > 1 for name in many if _is_said(name, sample)]
    lists = [name for name in names if name not in single and _LISTED.fullmatch(header(name)) and _holds_lists(name, sample)]
    return Wide(tuple(single) if len(single) > 1 else (), tuple(lists)) if len(single) > 1 or lists else None


def _is_said(name: str, sample: Sequence[Row]) -> bool:
    cells = [cell for row in sample if not is_nothing(cell := row.get(name))]
    return sum(bool(_NUMBER.fullmatch(str(cell).strip())) for cell in cells) <= len(cells) / 2


def _holds_lists(name: str, sample: Sequence[Row]) -> bool:
    cells = [cell for row in sample if not is_nothing(cell := row.get(name))]
    return bool(cells) and sum(listed(cell) is not None for cell in cells) >= _MOSTLY * len(cells)


def listed(cell: object) -> list[object] | None:
    """The list in a cell: JSON, Python's repr, or as it is; None where there is none.

    >>> listed('["没人管", "退款"]'), listed("['没人管']"), listed("[捂脸R]")
    (['没人管', '退款'], ['没人管'], None)
    """
    if isinstance(cell, list):
        return cell
    if not isinstance(cell, str) or not cell.lstrip().startswith("[") or len(cell) > _LONGEST:
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(cell.strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return found if isinstance(found, list) else None
    return None
