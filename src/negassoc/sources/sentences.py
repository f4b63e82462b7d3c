"""A plain text in which each line is what somebody said."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

import attrs

from negassoc.mention import Mention
from negassoc.sources.files import Blob, lines_of
from negassoc.sources.tables import csv_table

if TYPE_CHECKING:
    from negassoc.sources.units import Unit

_HAN = re.compile(r"[\u3400-\u9fff]")
_DOCUMENT = re.compile("说明|指南|教程|手册|协议|须知|readme|license|notice|changelog|todo", re.IGNORECASE)  # in a file's name
_LOOKED_AT = 400
# headings, lists, and what introduces them
_STRUCTURED = re.compile(r"\s*(?:[#>*+-]|\d+[.、)）]|[一二三四五六七八九十]+[、.]|[（(]\d+[)）]|.*[:：]\s*$)")
_A_SENTENCE = 6  # Chinese characters in the middle line: lists of words have fewer
_A_PAGE = 2000  # characters in the longest line of a text that is one post or comment a line


@attrs.frozen
class Sentences:
    """Such a text; `guessed` says what was taken for what."""

    blob: Blob
    guessed: Mapping[str, str] = {"text": "each line, by its content", "kind": "note"}

    def units(self) -> Iterator[Unit]:
        """A mention a line."""
        for number, line in enumerate(lines_of(self.blob), 1):
            if line.strip("\ufeff\0 \t\r\n\u3000"):
                where = f"{self.blob.label}:{number}"
                yield Mention(line.strip("\ufeff\r\n"), where=where)


def is_plain_text(blob: Blob) -> bool:
    """Whether a file is called a text."""
    return blob.label.casefold().removesuffix(".gz").endswith(".txt")


def sentences(blob: Blob) -> Sentences | None:
    """The text as sentences, or None where it is a table, a list of words, or nothing in Chinese.

    Only a `.txt` is taken for such a text: anything else without columns is more likely a document of another sort.
    """
    if not is_plain_text(blob) or _DOCUMENT.search(PurePath(blob.label).name) or csv_table(blob):
        return None
    opening = [line for line in itertools.islice(lines_of(blob), _LOOKED_AT) if line.strip()]
    middle = statistics.median(len(_HAN.findall(line)) for line in opening) if opening else 0
    if middle < _A_SENTENCE or max(map(len, opening)) > _A_PAGE:
        return None
    return Sentences(blob) if sum(bool(_STRUCTURED.match(line)) for line in opening) <= len(opening) / 4 else None
