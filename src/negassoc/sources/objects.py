"""JSON objects one by one: rows of a known layout, records of this project, payloads of a platform, and what lies in lists within them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from negassoc.errors import Problem
from negassoc.sources import documents
from negassoc.sources.fields import header, id_in_url
from negassoc.sources.own import OwnReader, is_own
from negassoc.sources.page import Context
from negassoc.sources.profiles import layout_of
from negassoc.sources.rows import RowReader, Skipped
from negassoc.sources.units import SAMPLE, UNKNOWN, FileNotes, RowUnit

if TYPE_CHECKING:
    from negassoc.sources.known import Row
    from negassoc.sources.profiles import Profile
    from negassoc.sources.rows import Identity
    from negassoc.sources.units import Unit

_OWN = OwnReader()


class Objects:
    """JSON objects one by one: each a row of a known layout, a record of this project, or a payload to be searched."""

    def __init__(self, label: str, notes: FileNotes, profile: Profile | None, sample: list[Row]) -> None:
        self._label, self._notes, self._profile, self._sample = label, notes, profile, sample
        self.readers: dict[tuple[str, ...], RowReader | OwnReader] = {}

    def units(self, value: object, where: str, *, alone: bool = False) -> Iterator[Unit]:
        """The units of one object. One that is `alone` in its file must be surely known: a settings file has a description, too."""
        if isinstance(value, Mapping):
            reader = self.readers.get(tuple(value))
            yield from [RowUnit(where, value, reader)] if reader else self._first_seen(value, where, alone)
        elif isinstance(value, list):
            yield from list(self._payload(value, where)) or list(self._listed(value, where)) or [Skipped(where, UNKNOWN)]
        elif self._notes.tools:
            yield Problem(where, f"expected an object, found {type(value).__name__}")
        else:
            yield Skipped(where, UNKNOWN)

    def _first_seen(self, value: Row, where: str, alone: bool) -> Iterator[Unit]:
        if isinstance(cells := value.get("fields"), Mapping) and "record_id" in value:  # a row of an online table
            yield from self.units({**cells}, where, alone=alone)
        elif is_own(value):
            self._notes.tools["negassoc"] += 1
            yield RowUnit(where, value, self.readers.setdefault(tuple(value), _OWN))
        elif found := list(self._payload(value, where)):
            yield from found
        elif reason := documents.what_else(value):
            yield Skipped(where, reason)
        elif (comments := _comments_in(value)) and (reader := self._reader(value, alone, keep=False)):
            yield RowUnit(where, value, reader)
            yield from under(value, where, reader, comments)
        elif found := list(self._listed(value, where)):
            yield from found
        elif reader := self._reader(value, alone):
            yield RowUnit(where, value, reader)
        else:
            yield Skipped(where, f"{UNKNOWN} (keys: {', '.join(map(str, value))[:200]})")

    def _payload(self, value: object, where: str) -> Iterator[Unit]:
        """A platform's units inside an object or list."""
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        if not any(isinstance(one, Mapping | list) for one in inner):
            return
        any_unit = False
        for unit in documents.units(value, Context(where=where)):
            if not any_unit:
                self._notes.tools[tool_of(value)] += 1
            any_unit = True
            yield unit

    def _listed(self, value: object, where: str) -> Iterator[Unit]:
        """Rows of a table that stand in a list somewhere inside, or as the values of an object."""
        for place, rows in _lists(value, where, 5):
            inner = Objects(self._label, self._notes, self._profile, rows[:SAMPLE])
            if inner.reader_for(rows[0]):
                for number, row in enumerate(rows):
                    yield from inner.units(row, f"{place}[{number}]")

    def reader_for(self, row: Row) -> bool:
        """Whether a row of a list can be read: a record of this project, or a table's row."""
        return is_own(row) or self._reader(row, alone=False) is not None

    def _reader(self, row: Row, alone: bool, *, keep: bool = True) -> RowReader | OwnReader | None:
        alike = [other for other in self._sample if other.keys() == row.keys()] or [row]
        layout = layout_of(tuple(map(str, row)), alike, self._profile, Path(self._label).name)
        if layout is None or (alone and layout.guessed and not layout.columns.keys() >= _SURE):
            return None
        self._notes.saw(layout)
        reader = RowReader(layout)
        return self.readers.setdefault(tuple(row), reader) if keep else reader


def under(row: Row, where: str, reader: RowReader | OwnReader | None, comments: Mapping[str, list[object]]) -> Iterator[Unit]:
    """The comments that a row holds beside itself, objects or bare strings, tied to it."""
    post = reader.identity(row) if reader else None
    beside = _told_of(post) if post else _post_named_in(row)
    inner = Objects("", FileNotes(), None, [])
    for key, held in comments.items():
        for number, one in enumerate(held):
            cells = one if isinstance(one, Mapping) else {"content": one}
            said = {"comment_content" if header(str(name)) in _SAID else str(name): cell for name, cell in cells.items()}
            yield from inner.units({**said, **beside}, f"{where}.{key}[{number}]")


def _told_of(post: Identity) -> dict[str, object]:
    return {"note_id": post.id, "thread_title": post.heading, "thread_text": post.opening, "platform": post.platform}


def _post_named_in(row: Row) -> dict[str, object]:
    """The post whose address a row has."""
    named = next((found for cell in row.values() if isinstance(cell, str) and (found := id_in_url(cell))), None)
    return {"note_id": named[1], "platform": named[0]} if named else {}


_SAID = frozenset({"content", "text", "body", "内容", "正文"})
_COMMENTS = frozenset({"comments", "comment", "commentlist", "评论", "评论列表", "replies", "回复"})


def _comments_in(row: Row) -> dict[str, list[object]]:
    return {key: held for key, held in row.items() if isinstance(held, list) and held and header(str(key)) in _COMMENTS}


_RICH_TEXT = frozenset({"text", "type", "link", "token", "mention_type"})  # a cell of an online table, in pieces
_SURE = frozenset({"text", "published", "author_name"})


def _lists(value: object, where: str, depth: int) -> Iterator[tuple[str, list[Row]]]:
    if isinstance(value, list):
        objects = [one for one in value if isinstance(one, Mapping) and not one.keys() <= _RICH_TEXT]
        if objects and len(objects) == len(value):
            yield where, objects
    elif isinstance(value, Mapping) and len(value) > 1 and all(isinstance(one, Mapping) and _says(one) for one in value.values()):
        yield where, list(value.values())
    elif isinstance(value, Mapping) and depth:
        for key, inner in value.items():
            yield from _lists(inner, f"{where}.{key}", depth - 1)


def _says(row: Row) -> bool:
    return any(isinstance(row.get(name), str) for name in _SAID)


def tool_of(document: object) -> str:
    """Which tool wrote a document in which a platform's units were found; "web payload" where nothing more is known."""
    if not isinstance(document, Mapping):
        return "web payload"
    keys, inner = document.keys(), [value.keys() for key in ("log", "data") if isinstance(value := document.get(key), Mapping)]
    for tool, outside, inside in _MARKS:
        if outside <= keys and (not inside or any(inside & have for have in inner)) and (tool != _MCP or keys <= {*outside, "message"}):
            return tool
    return "web payload"


_MCP = "xiaohongshu-mcp"
_MARKS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    ("Zeeschuimer", frozenset({"source_platform", "item_id"}), frozenset()),
    ("HAR", frozenset({"log"}), frozenset({"entries"})),
    ("TikHub", frozenset({"router", "request_id"}), frozenset()),
    ("JustOneAPI", frozenset({"recordTime"}), frozenset()),
    ("Kuaishou marketing API", frozenset({"data"}), frozenset({"details"})),
    ("Kwaishop", frozenset({"data"}), frozenset({"rootComment"})),
    (_MCP, frozenset({"success", "data"}), frozenset({"feeds", "data", "items", "feed_id"})),
)
