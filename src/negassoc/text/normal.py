"""The normal form: what a text is searched in, with the way back to every original character.

NFKC and casefold by character, traditional characters to simplified, invisible characters dropped, platform emoji codes
(`[哭惹R]`) to one sign each, words written to dodge filters (`tou诉`, `骗*子`) to the word meant, long runs shortened.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

import ahocorasick_rs
import attrs

_DATA = Path(__file__).parent.parent / "data" / "folding"
_CODE = re.compile(r"\[([㐀-鿿]{1,5})r?\]")
_RUN = re.compile(r"([^\s])\1{3,}")
_TOPIC_MARK = re.compile(r"\[话题\]")
_GAPS = ".*·。/、_|~-^ "
_DROPPED = {"Cf", "Mn", "Cc", "Cs", "Me"}


_ODD = set[str]()
"""The characters met so far that become none or several."""


class _Fold(dict[int, str]):
    """A table for `str.translate` that works out each character once."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        folded = "\n" if char == "\n" else " " if char.isspace() else self._letters(char)
        if len(folded) != 1:
            _ODD.add(char)
        self[point] = folded
        return folded

    def _letters(self, char: str) -> str:
        simple = _traditional().get(char, char)
        letters = unicodedata.normalize("NFKC", simple).casefold()
        return "".join(letter for letter in letters if unicodedata.category(letter) not in _DROPPED)


@attrs.frozen
class NormalText:
    """`text` is the normal form of `original`; `starts[i]` is where its character `i` began there (None: the same place).

    >>> n = NormalText.of("避\\u200b雷！ＫＦＣ")
    >>> n.text, n.span(0, 2)
    ('避雷!kfc', (0, 3))
    """

    original: str
    text: str
    starts: tuple[int, ...] | None = None

    @classmethod
    def of(cls, original: str) -> NormalText:
        """Bring any text, however broken, into its normal form."""
        text = original.translate(_FOLD)
        # equal length could still hide one character dropped and another doubled
        starts = None if len(text) == len(original) and _ODD.isdisjoint(original) else _spread(original)
        return _rewritten(cls(original, text, starts))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that `text[start:end]` stands for, as a half-open range."""
        if self.starts is None:
            return start, end
        size = len(self.original)
        first = self.starts[start] if start < len(self.starts) else size
        last = self.starts[end] if end < len(self.starts) else size
        return first, max(first, last)

    def replaced(self, edits: list[tuple[int, int, str]]) -> NormalText:
        """The same with `text[start:end]` exchanged for other characters; `edits` are in order and do not overlap."""
        if not edits:
            return self
        pieces, starts, done = list[str](), list[int](), 0
        known = self.starts or range(len(self.text))
        for start, end, new in edits:
            pieces += [self.text[done:start], new]
            starts += known[done:start]
            starts += [known[start]] * len(new)
            done = end
        pieces.append(self.text[done:])
        starts += known[done:]
        return NormalText(self.original, "".join(pieces), tuple(starts))


def normal(text: str) -> str:
    """Only the normal form, for terms and names."""
    return NormalText.of(text).text


def _spread(original: str) -> tuple[int, ...]:
    starts = list[int]()
    for place, char in enumerate(original):
        starts += [place] * len(_FOLD[ord(char)])
    return tuple(starts)


def _rewritten(text: NormalText) -> NormalText:
    if "[" in text.text:
        text = text.replaced([(m.start(), m.end(), "") for m in _TOPIC_MARK.finditer(text.text)])
        text = text.replaced([(m.start(), m.end(), code_sign(m[1])) for m in _CODE.finditer(text.text)])
    if _RUN.search(text.text):
        text = text.replaced([(m.start(), m.end(), m[1] * 3) for m in _RUN.finditer(text.text)])
    keys, words, index = _homophones()
    found = index.find_matches_as_indexes(text.text)
    if found:
        text = text.replaced([(s, e, words[k]) for k, s, e in found if words[k] != keys[k] and _apart(text.text, keys[k], s, e)])
    return text


def _apart(text: str, key: str, start: int, end: int) -> bool:
    """A folding that begins or ends in a Latin letter must not cut a Latin word in two."""
    before = start > 0 and key[0].isascii() and key[0].isalnum() and text[start - 1].isascii() and text[start - 1].isalnum()
    after = end < len(text) and key[-1].isascii() and key[-1].isalnum() and text[end].isascii() and text[end].isalnum()
    return not (before or after)


@functools.cache
def code_sign(code: str) -> str:
    """The one character that stands for a platform emoji code, the same in every run.

    >>> code_sign("哭惹") == code_sign("哭惹"), len(code_sign("捂脸"))
    (True, 1)
    """
    total = 0
    for char in code:
        total = (total * 131 + ord(char)) % 6000
    return chr(0xE100 + total)


def _lines(name: str) -> list[str]:
    return [line for line in (_DATA / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


@functools.cache
def _traditional() -> dict[str, str]:
    return {line[0]: line[1] for line in _lines("traditional.txt")}


@functools.cache
def _homophones() -> tuple[list[str], list[str], ahocorasick_rs.AhoCorasick]:
    pairs = dict(line.split("\t") for line in _lines("homophones.tsv"))
    for line in _lines("split.txt"):
        word, _, gaps = line.partition("\t")
        pairs |= {gap.join(word): word for gap in gaps or _GAPS}
    pairs |= {word: word for word in _lines("kept.txt")}
    keys = list(pairs)
    return keys, list(pairs.values()), ahocorasick_rs.AhoCorasick(keys, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


# the signs that stand for names (roles.py) are nobody's to write: 二〇二六年 names no brand
_FOLD = _Fold({ord("〇"): "○", ord("□"): "■", ord("△"): "▲", ord("◇"): "◆"})
