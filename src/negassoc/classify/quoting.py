"""The original as it is quoted: whole words, whole clauses, and whose name stands beside them."""

from __future__ import annotations

import bisect
import functools
import re
from typing import TYPE_CHECKING

import attrs

from negassoc.classify.finding import Hit, Span
from negassoc.classify.reading import LONGEST, Reading
from negassoc.classify.titles import phrases
from negassoc.text import OTHER, RIVAL, JiebaSegmenter, Roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negassoc.brand import Brand
    from negassoc.classify.finding import Field
    from negassoc.mention import Mention

MARKS = " ,.!?;:~，。！？；：、～…【】「」“”《》（）()#[]→｜|—"
_FACES = "\u200d\u2728\u2764\ufe0f\U0001f389\U0001f525\U0001f446-\U0001f450\U0001f493-\U0001f49f\U0001f600-\U0001f64f\U0001f910-\U0001f92f"
"""Faces, hands and hearts end a clause as a mark does; a picture that stands for a word does not."""
_CLAUSE = re.compile(rf"(?:[^{re.escape(MARKS)}{_FACES}\s]|(?<=\d)[.:](?=\d)|(?<=[A-Za-z])\.(?=[A-Za-z])|(?<=\d),(?=\d{{3}}(?!\d)))+")
_SENTENCE_END = re.compile(r"[。！？!?；;…\n]")
_PAIRS = {"”": "“", "」": "「", "』": "『"}
"""Marks that close a quotation, with those that open it."""
_CLOSES = {opens: closes for closes, opens in _PAIRS.items()}
_LONGEST_QUOTE, _REST = 24, 4
"""Characters of a clause that are quoted in one; a longer one is quoted in pieces, but for the sake of few is none cut."""
_DIGITS = "0123456789零一二两三四五六七八九十百千万几半"
_MORE = re.compile(rf"[{_DIGITS}多来]*(块钱|[块元钱])?")
_BEFORE, _AFTER = 12, 8
"""How much of a long clause is quoted around a word: what comes before says more of how it is meant than what comes after."""
_LEAST_SAID = 3
_NO_LETTERS = re.compile(r"[\W\d_]+")
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


def overlap(one: Span, other: Span) -> bool:
    """Whether they share a character."""
    return one.field == other.field and one.start < other.end and other.start < one.end


@functools.lru_cache(maxsize=64)
def _whole_clauses(text: str) -> tuple[tuple[int, int], ...]:
    """What stands between two marks, without the names of pictures: `[哭惹R]`, the `[话题]` behind a hashtag; what is quoted in it
    belongs to it."""
    found = [clause.span() for clause in _CLAUSE.finditer(text)]
    return tuple(_with_quoted(text, [each for each in found if text[each[0] - 1 : each[0]] != "[" or text[each[1] : each[1] + 1] != "]"]))


def _with_quoted(text: str, found: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Clauses joined to what stands in quotes inside them, where it is no longer than may be quoted in one."""
    joined = list[tuple[int, int]]()
    for start, end in found:
        if joined and _goes_on(text, joined[-1], start, end):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    yield from (_balanced(text, *each) for each in joined)


def _goes_on(text: str, last: tuple[int, int], start: int, end: int) -> bool:
    """Whether a clause belongs to the one before: as what is quoted in it, to the closing mark, or as what comes after that."""
    between = text[last[1] : start]
    if between in _CLOSES:
        end = text.find(_CLOSES[between], start)
        return 0 <= end - last[0] <= _LONGEST_QUOTE
    inside = text[last[0] : last[1]]
    unclosed = between[:1] not in _PAIRS and any(inside.count(opens) > inside.count(closes) for closes, opens in _PAIRS.items())
    return (unclosed or between in _PAIRS) and end - last[0] <= _LONGEST_QUOTE


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """With the mark before or behind that opens or closes what is quoted inside."""
    inside = text[start:end]
    opens, closes = _PAIRS.get(text[end : end + 1], ""), _CLOSES.get(text[max(0, start - 1) : start], "")
    end += bool(opens) and inside.count(opens) > inside.count(text[end])
    start -= bool(closes) and inside.count(closes) > inside.count(text[start - 1])
    return start, end


def trimmed(text: str) -> str:
    """Without the marks around it, but for those that open or close what is quoted in it.

    >>> trimmed("，店家说“不退”。"), trimmed("“不退”"), trimmed("店家说“")
    ('店家说“不退”', '不退', '店家说')
    """
    kept = text.strip(MARKS)
    start, end = _balanced(text, at := text.find(kept), at + len(kept))
    return text[start:end]


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """What stands between two marks; a long clause in pieces of whole words."""
    for begin, end in _whole_clauses(text):
        start = begin
        while end - start > _LONGEST_QUOTE + _REST:
            stop = max((edge for edge in _edges(text) if start < edge <= start + _LONGEST_QUOTE), default=start + _LONGEST_QUOTE)
            yield start, stop
            start = stop
        yield start, end


def in_context(mention: Mention, spans: Iterable[Span]) -> list[Span]:
    """The clauses in which these stand, in the order of what they hold, each once; of a long clause what stands around them.

    >>> from negassoc import Mention
    >>> [(s.start, s.end) for s in in_context(Mention("好喝，但是没有退款，气死"), [Span("text", 7, 9), Span("text", 5, 6)])]
    [(3, 9)]
    """
    found = list[Span]()
    for span in spans:
        around = _context(read(mention, span.field), span)
        joined = [each for each in found if overlap(each, around)]
        whole_of_it = Span(span.field, min(s.start for s in (around, *joined)), max(s.end for s in (around, *joined)))
        found = [whole_of_it if each in joined[:1] else each for each in found if each not in joined[1:]]
        found += [] if joined else [around]
    return found


def _context(text: str, span: Span) -> Span:
    around = [(a, b) for a, b in _whole_clauses(text) if a < span.end and span.start < b]
    if not around:
        return span
    start, end = around[0][0], around[-1][1]
    if end - start > _LONGEST_QUOTE + _REST:
        start, end = max(start, span.start - _BEFORE), min(end, span.end + _AFTER)
        edges = sorted(_edges(text))
        start = next((edge for edge in edges if edge >= start), start) if start > around[0][0] else start
        end = max((edge for edge in edges if edge <= end), default=end) if end < around[-1][1] else end
    return Span(span.field, min(start, max(span.start, around[0][0])), max(end, min(span.end, around[-1][1])))


def says_something(text: str) -> bool:
    """Whether a clause says anything by itself: more than numbers and words like 但是现在."""
    return len(_NO_LETTERS.sub("", phrases().empty.sub("", text))) >= _LEAST_SAID


def sounds_like_blame(text: str) -> bool:
    """Whether a clause has something in it that blame is seldom told without (a no, too much, a thing that is broken), and no hedge."""
    return bool(phrases().blaming.search(phrases().unlike_blame.sub("", text))) and not phrases().hedging.search(text)


def hedged(mention: Mention, span: Span, denied_by: tuple[str, ...] = ()) -> bool:
    """Whether its clause denies it, only supposes it, lays it in others' mouths or says that it is over, or a word of `denied_by` stands
    right before it.

    >>> from negassoc import Mention
    >>> [hedged(Mention(text), Span("text", 4, 5)) for text in ("再也不会痒", "好像有点痒", "如果会太痒", "偶尔会会痒得到缓解")]
    [True, False, True, True]
    """
    text = read(mention, span.field)
    start, end = next((each for each in _whole_clauses(text) if each[0] <= span.start < each[1]), (span.start, span.end))
    denied = text[start : span.start].endswith(denied_by)
    return denied or bool(phrases().hedging.search(text, start, span.start) or phrases().undoing.search(text, span.end, end))


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
        """Whether it stands in a sentence that names another and not the brand, or names the brand only after it."""
        place = _place(span, self.offset)
        sentence = self._sentence(place)
        ours = [name for name in self.ours if self._sentence(name) == sentence]
        others = [name for name in self.others if self._sentence(name) == sentence]
        return bool(others) and min(ours, default=place) >= place and (not ours or min(others) < place)

    def stand_in(self, span: Span) -> bool:
        """Whether the brand's name stands in it."""
        start = _place(span, self.offset)
        return any(start <= name < start + span.end - span.start for name in self.ours)

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


def _places(reading: Reading, places: list[int], offset: int) -> tuple[int, ...]:
    return tuple(_place(reading.hit(at, at + 1, "").span, offset) for at in places)


def _place(span: Span, offset: int) -> int:
    return span.start if span.field == "title" else span.start + offset


def read(mention: Mention, field: Field) -> str:
    """What of a field is read at all."""
    return (getattr(mention, field) or "")[:LONGEST]
