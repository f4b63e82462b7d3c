"""What identifies a line of JSON without parsing it: on the first of two readings nothing else of it is needed.

A line is compared with the shape of one that was parsed: the same keys in the same order. That is exact where it answers: inside a JSON
string a quote is escaped, so what stands between bare quotes and before a colon can only be a key. A line that is in any way odd gets no
answer and is parsed.
"""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Protocol

from negassoc.mention import Kind
from negassoc.platform import platform_of
from negassoc.sources import fields
from negassoc.sources.own import OwnReader, time_of
from negassoc.sources.rows import Identity, RowReader, heading, opening

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negassoc.counts import Count
    from negassoc.sources.known import Row

_FLAT = rb'"[^"]*"|-?[\d.eE+-]+|null|true|false|\[[^\[\]{}]*\]'  # text, number, word, list of such
_OPENS_NOTHING = frozenset(
    b'"\\ \t-<Nn\xc2\xe1\xe2\xe3'
)  # an empty text, an escape, a space of any sort, and how "None", "nan" or "<NA>" start
_NO_TEXT = frozenset({b"", b'""', b"null"})
_BACKSLASH, _QUOTE = b"\\", ord('"')
_STAMP = 13  # digits of Unix milliseconds


class Glances:
    """What is known of the shapes of one file's lines."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[str, ...], _Glance | None] = {}
        self._begun: dict[bytes, _Glance] = {}  # by how a line begins, as far as its first colon: the shape last seen to begin so
        self._last: _Glance = _Never()

    def identity(self, line: bytes) -> Identity | None:
        """What identifies the row in this line; None if it has to be parsed to be sure."""
        try:
            return self._last.identity(line) or self._otherwise(line)
        except ValueError:  # not UTF-8, or an escape that is none
            return None

    def _otherwise(self, line: bytes) -> Identity | None:
        glance = self._begun.get(line[: line.find(b":")])
        if glance is None or glance is self._last:
            return None
        self._last = glance
        return glance.identity(line)

    def learn(self, reader: RowReader | OwnReader, row: Row, line: bytes) -> None:
        """A line had to be parsed: the next ones may be like it."""
        keys = tuple(row)
        if keys not in self._shapes:
            self._shapes[keys] = _glance(reader, row, line)
        if glance := self._shapes[keys]:
            self._begun[line[: line.find(b":")]] = self._last = glance


class _Glance(Protocol):
    def identity(self, line: bytes, /) -> Identity | None: ...


class _Never:
    def identity(self, _: bytes) -> Identity | None:
        return None


def _glance(reader: RowReader | OwnReader, row: Row, line: bytes) -> _Glance | None:
    if isinstance(reader, OwnReader):
        return _OwnGlance(row, line) if row.keys() >= _OF_OWN else None
    return _RowGlance(reader, row, line) if reader.glanced and {*reader.glanced[:3]} <= row.keys() else None


class _Shape:
    """The keys of `row`, in their order; the values of the `wanted` ones are taken out as written, `b""` for one that is not there.

    `kinds` says what the value of a key may be, `other` what that of any other key.
    """

    def __init__(self, row: Row, line: bytes, wanted: Sequence[str], kinds: Mapping[str, bytes] = {}, other: bytes = _FLAT) -> None:
        colon, comma = (b": ", b", ") if b'": ' in line else (b":", b",")
        members = [
            re.escape(json.dumps(name, ensure_ascii=False).encode() + colon)
            + (b"(" if name and name in wanted else b"(?:") + kinds.get(name, other) + b")"
            for name in row
        ]  # fmt: skip
        self._match = re.compile(rb"\{" + re.escape(comma).join(members) + rb"\}()\r?\n").fullmatch
        order = [name for name in row if name and name in wanted]
        self._groups = [order.index(name) + 1 if name in order else len(order) + 1 for name in wanted]

    def values(self, line: bytes) -> tuple[bytes, ...] | None:
        """The values of the wanted keys, in the order in which they are wanted; None where the line has another shape."""
        match = self._match(line)
        return match.group(*self._groups) if match else None


class _RowGlance:
    """A known tool's rows."""

    def __init__(self, reader: RowReader, row: Row, line: bytes) -> None:
        self._shape = _Shape(row, line, reader.glanced)
        self._platform, self._is_post = reader.layout.platform, not reader.answers

    def identity(self, line: bytes) -> Identity | None:
        values = self._shape.values(line)
        if values is None:
            return None
        named, text, fetched, title, query, comments = values
        own_id = named[1:-1]
        if text[0] != _QUOTE or text[1] in _OPENS_NOTHING or len(fetched) != _STAMP or not fetched.isdigit():
            return None
        if not own_id.isalnum() or own_id.isdigit() or len(own_id) <= 8:
            return None
        if not self._is_post:
            return Identity(own_id.decode(), False, self._platform, int(fetched))
        begun = _opening(text)
        head = _heading(title, text, begun)
        found = own_id.decode(), True, self._platform, int(fetched), _search(query)
        return Identity(*found, head, begun, _count(comments)) if head else None


_TEXTS = (
    "brand", "platform", "kind", "title", "text", "thread_title", "thread_text", "post_id", "parent_id", "url", "ip_location",
    "published_raw", "where", "query",
)  # fmt: skip
_KINDS: dict[str, bytes] = {
    **dict.fromkeys(_TEXTS, rb'"[^"]*"|null'), **dict.fromkeys(("author", "engagement"), rb"\{[^{}]*\}|null"),
    **dict.fromkeys(("queries", "topics", "at", "platform_flags"), rb"\[[^\[\]{}]*\]|null"),
}  # fmt: skip
_OF_OWN = frozenset({"id", "text"})
_CLAIMED = re.compile(rb'"comments": ?("[^"]*"|\d+)')


class _OwnGlance:
    """This project's own records."""

    def __init__(self, row: Row, line: bytes) -> None:
        wanted = ("id", "kind", "platform", "title", "text", "fetched_at", "queries", "query", "engagement")
        self._shape = _Shape(row, line, wanted, _KINDS, _FLAT + rb"|\{[^{}]*\}")

    def identity(self, line: bytes) -> Identity | None:
        values = self._shape.values(line)
        if values is None:
            return None
        named, kind, platform, title, text, fetched, queries, query, counts = values
        own_id, is_post = named[1:-1], _is_post(kind)
        if named[0] != _QUOTE or not own_id or own_id.startswith(b"c-") or _BACKSLASH in own_id or is_post is None:
            return None
        if text[0] != _QUOTE or text[1] in _OPENS_NOTHING:
            return None
        found = _searches(queries, query)
        if not is_post:
            return Identity(own_id.decode(), False, _platform(platform), _milliseconds(fetched), found)
        begun = _opening(text)
        head = heading(begun) if title in _NO_TEXT else _plain(title)
        claimed = _CLAIMED.search(counts)
        count = _count(claimed[1]) if claimed else None
        return Identity(own_id.decode(), True, _platform(platform), _milliseconds(fetched), found, head, begun, count) if head else None


@functools.lru_cache(maxsize=64)
def _is_post(kind: bytes) -> bool | None:
    """Whether that kind is no answer to anything; None where there is no such kind."""
    named = json.loads(kind or b"null") or Kind.NOTE
    return not Kind(named).is_answer if named in {*Kind} else None


@functools.lru_cache(maxsize=64)
def _platform(value: bytes) -> str | None:
    named = json.loads(value or b"null")
    return platform_of(named) if named else None


@functools.lru_cache(maxsize=4096)
def _search(value: bytes) -> tuple[str, ...]:
    """The search as a mention keeps it; most rows of a file were found by the same few."""
    held = json.loads(value or b"null")
    found = fields.text(held) if held else None
    return (found,) if found else ()


@functools.lru_cache(maxsize=4096)
def _searches(several: bytes, one: bytes) -> tuple[str, ...]:
    """The same for a record of this project."""
    found, asked = json.loads(several or b"null"), json.loads(one or b"null")
    return tuple(map(str, found or ([asked] if asked else ())))


@functools.lru_cache(maxsize=16384)
def _count(value: bytes) -> Count | None:
    return fields.count(json.loads(value or b"null"))


def _milliseconds(value: bytes) -> int:
    """When it was fetched, as `Identity.modified`."""
    if value in {b"", b"null"}:
        return 0
    plain = value.startswith(b'"') and _BACKSLASH not in value
    at = time_of(value[1:-1].decode() if plain else json.loads(value))
    return int(at.timestamp() * 1000) if at else 0


def _plain(value: bytes) -> str | None:
    """The text, if nothing in it is escaped."""
    return None if _BACKSLASH in value else value[1:-1].decode()


def _heading(title: bytes, text: bytes, told: str) -> str | None:
    """The title, or how the text begins where there is none or it only repeats that; None where a parser has to look."""
    if title in _NO_TEXT:
        return heading(told)
    begun = text[1 : len(title) - 1]
    if title[0] != _QUOTE or _BACKSLASH in title or _BACKSLASH in begun:
        return None
    return (None if begun == title[1:-1] else fields.title(title[1:-1].decode())) or heading(told)


def _opening(text: bytes) -> str:
    """`rows.opening` of a text that is not empty; `ValueError` where it is none."""
    said: str = json.loads(text) if _BACKSLASH in text else text[1:-1].decode()
    return opening(said) or ""
