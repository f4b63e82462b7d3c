"""A chat copied out of a messenger (群聊记录): who said it and when, before the words or on a line above them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from negassoc.mention import Author, Kind, Mention
from negassoc.sources import fields
from negassoc.sources.files import Blob, lines_of
from negassoc.sources.rows import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.sources.units import Unit

_WHEN = r"[【(（]?(?P<when>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日? {1,3}\d{1,2}:\d{2}(?::\d{2})?)[】)）]?"
_HEADS = (
    re.compile(_WHEN + r" {1,3}(?P<who>[^:：]{1,30})[:：] ?(?P<said>.+)"),  # time, name: words
    re.compile(_WHEN + r" {1,3}(?P<who>[^:：]{1,30})[:：]?"),  # time, name; words below
    re.compile(r"(?P<who>[^:：]{1,30}?)[:：]? {1,3}" + _WHEN),  # name, time; words below
)
_NOT_SAID = re.compile(r"[\[【][^\]】]{1,12}[\]】]|.{0,40}(?:撤回了一条消息|加入了群聊|修改群名为.*)")
_LOOKED_AT, _LEAST = 400, 0.3  # lines; the share of them that begin a message


@attrs.frozen
class _Head:
    """How a message begins."""

    where: str
    who: str
    when: str
    said: list[str]


@attrs.frozen
class Chat:
    """Such a text; `guessed` says what was taken for what."""

    blob: Blob
    guessed: Mapping[str, str] = {"text": "each message, by its content", "kind": "comment"}

    def units(self) -> Iterator[Unit]:
        """A mention a message, under what stands above the first one: mostly the name of the group."""
        above = list[str]()
        head: _Head | None = None
        for number, line in enumerate(lines_of(self.blob), 1):
            words = line.strip("\ufeff\0 \t\r\n\u3000")
            if found := _head(words, f"{self.blob.label}:{number}"):
                yield from self._told(head, above)
                head = found
            elif words:
                (head.said if head else above).append(words)
        yield from self._told(head, above)

    def _told(self, head: _Head | None, above: list[str]) -> Iterator[Unit]:
        if head is None:
            return
        said = "\n".join(head.said)
        if not said or _NOT_SAID.fullmatch(said):
            yield Skipped(head.where, "a message without words: a picture, a sticker or a note of the messenger")
            return
        yield Mention(
            said, kind=Kind.COMMENT, where=head.where, author=Author(nickname=head.who), thread_title=above[0] if above else None,
            published_at=fields.when(head.when), published_raw=head.when,
        )  # fmt: skip


def _head(line: str, where: str) -> _Head | None:
    for pattern in _HEADS:
        if found := pattern.fullmatch(line):
            said = found.groupdict().get("said")
            return _Head(where, found["who"].strip(), found["when"], [said] if said else [])
    return None


def chat(blob: Blob) -> Chat | None:
    """The text as a chat, or None where too few of its lines begin a message."""
    opening = [line.strip("\ufeff \r\n") for line in itertools.islice(lines_of(blob), _LOOKED_AT) if line.strip()]
    begun = sum(_head(line, "") is not None for line in opening)
    return Chat(blob) if begun > 1 and begun >= _LEAST * len(opening) else None
