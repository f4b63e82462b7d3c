"""Phrases: patterns that people can read and write in data files, and the folded text they are looked for in.

A phrase is a regular expression with two additions: `{name}` stands for any word of a word set, `~12` for a gap of up to twelve
characters in which no sentence ends. It is written for folded text: NFKC, lower case, `,` `:` `!` `?` half-width.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CJK = "\u3400-\u9fff\U00020000-\U0003134f"
_DROPPED = re.compile(rf"(?<=[{_CJK}])[ \t\u00a0.*_|^`·•\-]{{1,3}}(?=[{_CJK}])")
_SENTENCE = re.compile(r"[。!?;\n…]+|\.(?=\s|$)")
_WORD_SET = re.compile(r"\{([a-z_]+)\}")
_GAP = re.compile(r"~(\d+)")


@attrs.frozen
class Folded:
    """A text folded for searching; `at[i]` is the place in the original of the folded character `i`, with one more for the end."""

    text: str
    at: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Code points of the original, end exclusive, for folded characters `start` to `end` (at least one character)."""
        return self.at[start], self.at[end - 1] + 1

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Where each sentence starts and ends, in folded characters; empty ones are left out."""
        start = 0
        for stop in _SENTENCE.finditer(self.text):
            if start < stop.start():
                yield start, stop.end()
            start = stop.end()
        if start < len(self.text):
            yield start, len(self.text)


def fold(text: str) -> Folded:
    """NFKC and case folding, invisible characters dropped, separators between two Chinese characters (`删.帖`) dropped.

    >>> folded = fold("Ｖ 信 删.帖")
    >>> folded.text, folded.original(3, 5)
    ('v 信删帖', (4, 7))
    """
    pairs = [(c, i) for i, char in enumerate(text) if not _invisible(char) for c in unicodedata.normalize("NFKC", char).casefold()]
    joined = "".join(c for c, _ in pairs)
    gone = {i for match in _DROPPED.finditer(joined) for i in range(*match.span())}
    kept = [pair for i, pair in enumerate(pairs) if i not in gone]
    return Folded("".join(c for c, _ in kept), (*(i for _, i in kept), len(text)))


def _invisible(char: str) -> bool:
    return char in "\ufe0e\ufe0f" or unicodedata.category(char) == "Cf"


def phrase(template: str, words: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    """The pattern a phrase stands for; `KeyError` names a word set that is not there, `re.error` what is wrong in it.

    >>> bool(phrase("{remove}~4{post}", {"remove": ("删", "撤"), "post": ("帖",)}).search("花钱删个帖"))
    True
    """
    filled = _WORD_SET.sub(lambda name: "(?:" + "|".join(words[name[1]]) + ")", template)
    # ASCII: between a Chinese character and a Latin one there is a word boundary ("加我v")
    return re.compile(_GAP.sub(lambda gap: rf"[^。!?;\n…]{{0,{gap[1]}}}?", filled), re.ASCII)
