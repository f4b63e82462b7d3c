"""A mention as the classifier reads it: normal form with the names as signs, and which part of it is what."""

from __future__ import annotations

import bisect
import functools
import re
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from negassoc.classify.finding import Hit, Span
from negassoc.mention import Kind, Mention
from negassoc.text import BRAND, OTHER, PRODUCT, RIVAL, Home, NormalText, Roles

if TYPE_CHECKING:
    from negassoc.brand import Brand

Situation: TypeAlias = Literal["post", "answer", "own", "platform", "review"]

_TAG = re.compile(r"#[^#\s]{1,30}#?")
_STOP = re.compile(r"[\n。!?;…]")
_OURS = re.compile(f"[{BRAND}{PRODUCT}]")
_HEAD_LIMIT = 40
LONGEST = 20_000
"""Characters of one field that are read; what a person must judge stands at the beginning of a longer text."""

_EMPTY = NormalText("", "")
_FROM_PLATFORM = frozenset(kind for kind in Kind if kind.from_platform)


@attrs.frozen(slots=False)  # made faster so, and many are made
class Reading:
    """`body` is title and text in one; `tags` are ranges in it, `ours` the places of the brand and its products.

    `thread` is the title of the post it stands under and how that post's text begins. `sought`: it names nobody, but was found by a
    search for the brand and tells of its goods.
    """

    mention: Mention
    situation: Situation
    title: NormalText
    text: NormalText
    thread: str
    body: str
    tags: tuple[tuple[int, int], ...]
    ours: tuple[int, ...]
    sought: bool = False
    home: Home | None = attrs.field(default=None, eq=False, repr=False)

    @classmethod
    def of(cls, mention: Mention, roles: Roles) -> Reading:
        """Read a mention for the brand whose names `roles` knows."""
        title = _read(mention.title, roles) if mention.title else _EMPTY
        text = _read(mention.text, roles)
        thread = _read(above, roles).text if (above := mention.thread) else ""
        body = f"{title.text}\n{text.text}" if title.text else text.text
        tags = tuple([m.span() for m in _TAG.finditer(body)]) if "#" in body else ()
        ours = tuple([m.start() for m in _OURS.finditer(body)]) if BRAND in body or PRODUCT in body else ()
        sought = not ours and bool(mention.queries) and _sought(mention, body, roles)
        return cls(mention, situation_of(mention, roles.brand), title, text, thread, body, tags, ours, sought, roles.home)

    @functools.cached_property
    def head(self) -> tuple[int, int]:
        """The title, or where there is none the first sentence: what a reader sees before opening the post."""
        return _head(self.title.text, self.body, self.tags)

    @property
    def named(self) -> list[str]:
        """Where the brand or one of its products stands: `head`, `body`, `tag`, `thread`."""
        places = self._named_in_body() if self.ours else []
        if BRAND in self.thread or PRODUCT in self.thread:
            places.append("thread")
        return places

    def _named_in_body(self) -> list[str]:
        first, last = self.head
        tagged = [self.in_tag(place) for place in self.ours] if self.tags else [False]
        here = (any(first <= place < last for place in self.ours), not all(tagged), any(tagged))
        return [place for place, named in zip(("head", "body", "tag"), here, strict=True) if named]

    @property
    def unnamed_post(self) -> bool:
        """A post that nothing ties to the brand."""
        return self.situation == "post" and not self.ours and not self.sought and not self.named

    @property
    def rival(self) -> bool:
        """A competitor is named."""
        return RIVAL in self.body

    @property
    def other_bearer(self) -> bool:
        """Another bearer of the name is named."""
        return OTHER in self.body

    def in_tag(self, place: int) -> bool:
        """Whether a character of `body` belongs to a hashtag."""
        before = bisect.bisect_left(self.tags, (place + 1, 0))
        return before > 0 and place < self.tags[before - 1][1]

    def near(self, place: int, distance: int) -> bool:
        """Whether the brand or a product stands less than `distance` characters away."""
        after = bisect.bisect_right(self.ours, place - distance)
        return after < len(self.ours) and self.ours[after] < place + distance

    def hit(self, start: int, end: int, term: str, suppressed_by: str | None = None) -> Hit:
        """A range of `body` as a hit in the characters of the original."""
        offset = len(self.title.text) + 1 if self.title.text else 0
        if start < offset - 1:
            return Hit(term, Span("title", *self.title.span(start, min(end, offset - 1))), suppressed_by=suppressed_by)
        start = max(start, offset)
        return Hit(term, Span("text", *self.text.span(start - offset, max(end, start) - offset)), suppressed_by=suppressed_by)


def _read(text: str, roles: Roles) -> NormalText:
    return roles.marked(NormalText.of(text[:LONGEST]))


def _sought(mention: Mention, body: str, roles: Roles) -> bool:
    # a search brings up much that has nothing to do with the brand: only with the goods it sells it points to it
    return any(_OURS.search(_read(query, roles).text) for query in mention.queries) and roles.sells(body)


def situation_of(mention: Mention, brand: Brand) -> Situation:
    """Which question is asked: the platform speaks, the brand itself speaks, a buyer reviews, somebody comments where the thread is
    not known (it may be the brand's own, if it has accounts), or anybody posts."""
    kind = mention.kind
    if kind in _FROM_PLATFORM:
        return "platform"
    if (mention.author.official or brand.official_accounts) and brand.owns(mention.platform, mention.author):
        return "own"
    if kind is Kind.REVIEW:
        return "review"
    return "answer" if brand.official_accounts and kind.is_answer and not mention.thread else "post"


def _head(title: str, body: str, tags: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """The title, or where there is none the first sentence: what a reader sees before opening the post."""
    if title.strip():
        return 0, len(title)
    start = next((e for s, e in tags if s == 0), 0)
    if body[start : start + 1].isspace():
        start = len(body) - len(body[start:].lstrip())
    stop = _STOP.search(body, start)
    return start, min(stop.start() if stop else len(body), start + _HEAD_LIMIT)
