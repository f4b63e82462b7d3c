"""What identifies a line that holds a comment, without parsing it: on the first of two readings nothing else of it is needed.

Exact where it answers: inside a JSON string a quote is escaped, so `"content": ` with bare quotes can only be a key, and a line with one
brace has no object in it. A line that is not as plain as the one it is compared with gets no answer and is parsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc.sources.rows import Identity

if TYPE_CHECKING:
    from negassoc.sources.rows import Row, RowReader

_OPENS_NOTHING = frozenset(b'"\\ \t-Nn\xe3')  # an empty text, an escape, a space (U+3000 starts with E3), or how "None" and "nan" start


class Glance:
    """Looks at lines written like one that was parsed: a known tool's comments, one a line, the id first, times as numbers."""

    def __init__(self, reader: RowReader, row: Row, line: bytes) -> None:
        space = " " if b'": ' in line else ""
        own_id, text, fetched = reader.glanced
        self._start = f'{{"{own_id}":{space}"'.encode()
        self._text, self._fetched = (f'"{name}":{space}'.encode() for name in (text, fetched))
        self._platform = reader.layout.platform
        self.possible = line.startswith(self._start) and type(row.get(fetched)) is int

    def identity(self, line: bytes) -> Identity | None:
        """What identifies the comment in this line; None if it has to be parsed to be sure."""
        if not line.startswith(self._start) or line.count(b"{") != 1 or line[-2:] != b"}\n":
            return None
        at, said = len(self._start), line.find(self._text) + len(self._text)
        own_id, fetched = line[at : line.find(b'"', at)], line.rfind(self._fetched) + len(self._fetched)
        if line[said] != 0x22 or line[said + 1] in _OPENS_NOTHING or not own_id.isalnum() or own_id.isdigit() or len(own_id) <= 8:
            return None
        end = line.find(b",", fetched)
        stamp = line[fetched : end if end > 0 else -2]
        return Identity(own_id.decode(), False, self._platform, int(stamp)) if stamp.isdigit() and len(stamp) == 13 else None


def glance_at(reader: RowReader, row: Row, line: bytes) -> Glance | None:
    """A glance for lines like this one, or None if such lines have to be parsed."""
    glance = Glance(reader, row, line) if len(reader.glanced) == 3 else None
    return glance if glance is not None and glance.possible else None
