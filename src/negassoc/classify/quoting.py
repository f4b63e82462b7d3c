"""The original as it is quoted: whole words, whole clauses, and whose name stands beside them."""

from __future__ import annotations

import bisect
import functools
import re
from typing import TYPE_CHECKING

import attrs

from negassoc.classify.finding import Hit, Span
from negassoc.classify.reading import LONGEST, Reading
from negassoc.text import OTHER, RIVAL, JiebaSegmenter, Roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.brand import Brand
    from negassoc.classify.finding import Field
    from negassoc.mention import Mention

MARKS = " ,.!?;:~，。！？；：、～…【】「」“”（）()"
_CLAUSE = re.compile(rf"(?:[^{re.escape(MARKS)}\s]|(?<=\d)[.:](?=\d))+")
_SENTENCE_END = re.compile(r"[。！？!?；;…\n]")
_LONGEST_QUOTE = 20
"""Characters of a clause that are quoted in one; a longer one is quoted in pieces."""
_DIGITS = "0123456789零一二两三四五六七八九十百千万几半"
_MORE = re.compile(rf"[{_DIGITS}多来]*(块钱|[块元钱])?")
_FAR = 40
"""Characters from the brand's name at which what is said may be about something else."""


@functools.lru_cache(maxsize=64)
def _edges(text: str) -> frozenset[int]:
    return frozenset(edge for word in JiebaSegmenter().known(text) for edge in word)


@functools.lru_cache(maxsize=64)
def _roles(brand: Brand) -> Roles:
    """Made once a brand: it takes longer than to read a mention, and every verdict that says why asks for it."""
    return Roles(brand)


def whole(mention: Mention, span: Span) -> Span | None:
    """The span as it may be quoted: a number with all that belongs to it; None where it cuts a word in two.

    >>> from negassoc import Mention
    >>> whole(Mention("牛肉三百块"), Span("text", 0, 1)), whole(Mention("牛肉三百块"), Span("text", 2, 4)).end
    (None, 5)
    """
    text = read(mention, span.field)
    if text[span.start : span.start + 1] in _DIGITS:
        span = _with_its_digits(text, span)
    return span if not text or _edges(text) >= {span.start, span.end} else None


def widened(mention: Mention, span: Span) -> Span:
    """The whole words in which the span stands."""
    edges = _edges(read(mention, span.field))
    first = max((edge for edge in edges if edge <= span.start), default=span.start)
    return Span(span.field, first, min((edge for edge in edges if edge >= span.end), default=span.end))


def _with_its_digits(text: str, span: Span) -> Span:
    before = text[max(0, span.start - _LONGEST_QUOTE) : span.start]
    after = _MORE.match(text[span.end : span.end + _LONGEST_QUOTE]) if text[span.end - 1] in _DIGITS else None
    return Span(span.field, span.start - len(before) + len(before.rstrip(_DIGITS)), span.end + (after.end() if after else 0))


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """What stands between two marks; a long clause in pieces of whole words."""
    for clause in _CLAUSE.finditer(text):
        start, end = clause.span()
        while end - start > _LONGEST_QUOTE:
            stop = max((edge for edge in _edges(text) if start < edge <= start + _LONGEST_QUOTE), default=start + _LONGEST_QUOTE)
            yield start, stop
            start = stop
        yield start, end


@attrs.frozen
class Names:
    """Where the brand is named (other than by a hashtag), and where a competitor or another bearer of the name is: places in the title
    and text in one, as are the ends of its sentences."""

    offset: int
    ours: tuple[int, ...]
    others: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, mention: Mention, brand: Brand) -> Names:
        """Look for them."""
        reading, title = Reading.of(mention, _roles(brand)), read(mention, "title")
        ours = [at for at in reading.ours if not reading.in_tag(at)]
        others = [at for at, sign in enumerate(reading.body) if sign in (RIVAL, OTHER)]
        offset, body = len(title) + 1, f"{title}\n{read(mention, 'text')}"
        ends = tuple(m.end() for m in _SENTENCE_END.finditer(body))
        return cls(offset, _places(reading, ours, offset), _places(reading, others, offset), ends)

    def of_another(self, span: Span) -> bool:
        """Whether it stands in a sentence that names another and not the brand."""
        sentence = self._sentence(_place(span, self.offset))
        return self._named(self.others, sentence) and not self._named(self.ours, sentence)

    def far(self, hits: tuple[Hit, ...]) -> bool:
        """Whether the brand is named, and nowhere near any of them."""
        return bool(hits) and all(self.distance(hit) > _FAR for hit in hits)

    def distance(self, hit: Hit) -> int:
        """How far from the nearest place where the brand is named it stands; 0 where it is not named at all."""
        place = _place(hit.span, self.offset)
        after = bisect.bisect_left(self.ours, place)
        return min((abs(place - name) for name in self.ours[max(0, after - 1) : after + 1]), default=0)

    def _sentence(self, place: int) -> int:
        return bisect.bisect_right(self.ends, place)

    def _named(self, names: tuple[int, ...], sentence: int) -> bool:
        return any(self._sentence(name) == sentence for name in names)


def _places(reading: Reading, places: list[int], offset: int) -> tuple[int, ...]:
    return tuple(_place(reading.hit(at, at + 1, "").span, offset) for at in places)


def _place(span: Span, offset: int) -> int:
    return span.start if span.field == "title" else span.start + offset


def read(mention: Mention, field: Field) -> str:
    """What of a field is read at all."""
    return (getattr(mention, field) or "")[:LONGEST]
