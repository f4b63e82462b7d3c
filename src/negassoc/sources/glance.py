"""What identifies a line of JSON without parsing it: on the first of two readings nothing else of it is needed.

Exact where it answers: inside a JSON string a quote is escaped, so `"content": ` with bare quotes can only be a key, and a line with one
brace has no object in it. A line that is not as plain as the one it is compared with gets no answer and is parsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc.sources import fields
from negassoc.sources.rows import Identity

if TYPE_CHECKING:
    from negassoc.sources.rows import Row, RowReader

_QUOTE, _BACKSLASH = 0x22, b"\\"
_OPENS_NOTHING = frozenset(b'"\\ \t-Nn\xe3')  # an empty text, an escape, a space (U+3000 starts with E3), or how "None" and "nan" start
_TEXT, _FETCHED, _TITLE, _QUERY, _COMMENTS = range(5)


class Glance:
    """Looks at lines written like one that was parsed: a known tool's rows, the id first, the same keys in order, times as numbers."""

    def __init__(self, reader: RowReader, row: Row, line: bytes) -> None:
        space = " " if b'": ' in line else ""
        own_id, *columns = reader.glanced
        roles = {name: role for role, name in enumerate(columns) if name}
        self._wanted = [(f'"{name}":{space}'.encode(), roles[name]) for name in row if name in roles]
        self._start = f'{{"{own_id}":{space}"'.encode()
        self._text, self._fetched = (next((key for key, kept in self._wanted if kept == role), b"") for role in (_TEXT, _FETCHED))
        self._platform, self._is_post = reader.layout.platform, not reader.answers
        found = {role for _, role in self._wanted}
        needed = {_TEXT, _FETCHED, _TITLE} if self._is_post else {_TEXT, _FETCHED}
        self.possible = bool(own_id) and line.startswith(self._start) and found >= needed and type(row[columns[_FETCHED]]) is int

    def identity(self, line: bytes) -> Identity | None:
        """What identifies the row in this line; None if it has to be parsed to be sure."""
        at = len(self._start)
        if not line.startswith(self._start) or line.find(b"{", 1) >= 0 or line[-2:] != b"}\n":
            return None
        own_id = line[at : line.find(b'"', at)]
        if not own_id.isalnum() or own_id.isdigit() or len(own_id) <= 8:
            return None
        if not self._is_post:
            return self._answer(line, own_id, at)
        found: list[bytes] = [b"", b"", b"", b"", b""]
        for key, role in self._wanted:
            at = line.find(key, at) + len(key)
            value = _value(line, at, role) if at >= len(key) else None
            if value is None:
                return None
            found[role] = value
        text, fetched, title, query, comments = found
        head = fields.title(title.decode())
        if head is None or text.startswith(title[:_SEEN]):
            return None
        asked = fields.text(query.decode()) if query else None
        return Identity(
            own_id.decode(), True, self._platform, int(fetched), (asked,) if asked else (), head, fields.count(comments.decode() or None)
        )  # fmt: skip

    def _answer(self, line: bytes, own_id: bytes, at: int) -> Identity | None:
        said, stamped = line.find(self._text, at) + len(self._text), line.rfind(self._fetched) + len(self._fetched)
        end = line.find(b",", stamped)
        stamp = line[stamped : end if end > 0 else -2]
        if said < at or line[said] != _QUOTE or line[said + 1] in _OPENS_NOTHING or len(stamp) != 13 or not stamp.isdigit():
            return None
        return Identity(own_id.decode(), False, self._platform, int(stamp))


_SEEN = 60


def _value(line: bytes, at: int, role: int) -> bytes | None:
    """What stands after a key: digits, a plain string, or how the text begins; None where a parser has to look."""
    if role == _FETCHED:
        end = line.find(b",", at)
        stamp = line[at : end if end > 0 else -2]
        return stamp if len(stamp) == 13 and stamp.isdigit() else None
    if line[at] != _QUOTE:
        return None
    if role == _TEXT:
        return None if line[at + 1] in _OPENS_NOTHING else line[at + 1 : at + 1 + _SEEN]
    found = line[at + 1 : line.find(b'"', at + 1)]
    return None if _BACKSLASH in found else found


def glance_at(reader: RowReader, row: Row, line: bytes) -> Glance | None:
    """A glance for lines like this one, or None if such lines have to be parsed."""
    glance = Glance(reader, row, line) if reader.glanced else None
    return glance if glance is not None and glance.possible else None
