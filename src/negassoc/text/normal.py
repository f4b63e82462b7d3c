"""The normal form: what a text is searched in, with the way back to every original character.

NFKC and casefold by character, traditional characters to simplified, invisible characters dropped, platform emoji codes
(`[哭惹R]`) to one sign each, words written to dodge filters (`tou诉`, `骗*子`) to the word meant, long runs shortened.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import ahocorasick_rs
import attrs

_DATA = Path(__file__).parent.parent / "data" / "folding"
_CODE = re.compile(r"\[([㐀-鿿]{1,5})r?\]")
_RUN = re.compile(r"(\S)\1\1\1+")
_REPEATED = re.compile(r"(.)\1\1\1")
"""Finds a run of anything, blanks too, in half the time."""
_TOPIC_MARK = re.compile(r"\[话题\]")
_GAPS = ".*·。/、_|~-^ "
_DROPPED = {"Cf", "Mn", "Cc", "Cs", "Me"}
_SIGNS = {ord("〇"): "○", ord("□"): "■", ord("△"): "▲", ord("◇"): "◆"}
"""The signs that stand for names (roles.py) are nobody's to write: 二〇二六年 names no brand."""

Edit: TypeAlias = tuple[int, int, str]


class _Fold(dict[int, str]):
    """What each character becomes, by code point; worked out once."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        self[point] = "\n" if char == "\n" else " " if char.isspace() else self._letters(char)
        return self[point]

    def _letters(self, char: str) -> str:
        simple = _traditional().get(char, char)
        letters = unicodedata.normalize("NFKC", simple).casefold()
        return "".join(letter for letter in letters if unicodedata.category(letter) not in _DROPPED)


_KEYCAP = 0x20E3
"""Makes a key of the digit before it, as in lists: what follows is a word of its own."""
_FOLD = _Fold({**_SIGNS, _KEYCAP: " "})


@functools.cache
def _to_fold() -> re.Pattern[str]:
    """Any character that may become another, or none, or several: all but plain Latin and what is most frequent in Chinese."""
    common, traditional = [], sorted(map(ord, _traditional()))
    for before, after in itertools.pairwise([0x33FF, *traditional, 0xA000]):
        if after - before > 1:
            common.append(f"{chr(before + 1)}-{chr(after - 1)}")
    return re.compile(rf"[^\n -@\[-~、。“”‘’《》【】{''.join(common)}]")


def _folded_char(match: re.Match[str]) -> str:
    return _FOLD[ord(match[0])]


def _folded(original: str) -> str:
    return _to_fold().sub(_folded_char, original.replace("，", ",").replace("！", "!").replace("？", "?"))


@attrs.frozen(slots=False)  # made faster so, and many are made
class NormalText:
    """`text` is the normal form of `original`, made by folding every character and then the `edits` one after another.

    >>> n = NormalText.of("避\\u200b雷！ＫＦＣ")
    >>> n.text, n.span(0, 2)
    ('避雷!kfc', (0, 3))
    """

    original: str
    text: str
    edits: tuple[Sequence[Edit], ...] = ()

    @classmethod
    def of(cls, original: str) -> NormalText:
        """Bring any text, however broken, into its normal form."""
        return _rewritten(cls(original, _folded(original)))

    @functools.cached_property
    def starts(self) -> Sequence[int]:
        """Where each character of `text` began in the original; asked for only where somebody wants to see the place."""
        starts = _spread(self.original)
        for edits in self.edits:
            starts = _moved(starts, edits)
        return starts

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that `text[start:end]` stands for, as a half-open range."""
        size, known = len(self.original), len(self.starts)
        first = self.starts[start] if start < known else size
        # several characters may stand for the same ones of the original (退k, read as 退款)
        while start < end < known and self.starts[end] == self.starts[end - 1]:
            end += 1
        last = self.starts[end] if end < known else size
        return first, max(first, last)

    def replaced(self, edits: Sequence[Edit]) -> NormalText:
        """The same with `text[start:end]` exchanged for other characters; `edits` are in order and do not overlap."""
        if not edits:
            return self
        pieces, done = list[str](), 0
        for start, end, new in edits:
            pieces += (self.text[done:start], new)
            done = end
        pieces.append(self.text[done:])
        return NormalText(self.original, "".join(pieces), (*self.edits, edits))


def normal(text: str) -> str:
    """Only the normal form, for terms and names."""
    return NormalText.of(text).text


def normals(terms: Sequence[str]) -> list[str]:
    """The normal forms of many terms, in a fifth of the time that asking for each takes: as the lines of one text.

    >>> normals(["ＫＦＣ", "tou诉"])
    ['kfc', '投诉']
    """
    lines = normal("\n".join(terms)).split("\n") if terms else []
    return lines if len(lines) == len(terms) else [normal(term) for term in terms]


def _spread(original: str) -> list[int]:
    starts = list[int]()
    for place, char in enumerate(original):
        starts += [place] * len(_FOLD[ord(char)])
    return starts


def _moved(starts: list[int], edits: Sequence[Edit]) -> list[int]:
    """The places after the edits: what is put in begins where the first character it replaces began."""
    moved, done = list[int](), 0
    for start, end, new in edits:
        moved += starts[done:start]
        moved += [starts[start]] * len(new)
        done = end
    return moved + starts[done:]


def _rewritten(text: NormalText) -> NormalText:
    if "[" in text.text:
        text = text.replaced([(m.start(), m.end(), "") for m in _TOPIC_MARK.finditer(text.text)])
        text = text.replaced([(m.start(), m.end(), code_sign(m[1])) for m in _CODE.finditer(text.text)])
    if _REPEATED.search(text.text):
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
