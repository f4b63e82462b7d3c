"""Who is who in a text: the brand, its products, its competitors, other bearers of its name, each by one sign.

What is learnt from texts in which the names are signs holds for other brands too.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Final

import ahocorasick_rs
import attrs

from negassoc.brand import Brand
from negassoc.protocols import Segmenter
from negassoc.text.normal import NormalText, normal
from negassoc.text.segment import JiebaSegmenter

BRAND: Final = "〇"
PRODUCT: Final = "□"
RIVAL: Final = "△"
OTHER: Final = "◇"


def _names(brand: Brand) -> dict[str, str]:
    """Each name in normal form with its sign; where one name serves two roles the surer role wins."""
    legal = (brand.legal_entity.name,) if brand.legal_entity else ()
    accounts = tuple(account.nickname for account in brand.official_accounts if account.nickname)
    roles = (
        (PRODUCT, brand.products),
        (RIVAL, brand.competitors),
        (BRAND, (*accounts, *legal, *brand.names)),
        (OTHER, brand.not_this_brand),
    )
    return {name: sign for sign, group in roles for word in group if (name := normal(word).strip())}


@functools.cache
def _ordinary() -> frozenset[str]:
    path = Path(__file__).parent.parent / "data" / "lexicons" / "ordinary_words.list"
    return frozenset(line.strip() for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))


@attrs.define
class Roles:
    """Puts signs for the names of one brand into normal texts. A name that is also an ordinary word counts only where the
    segmenter sees a word boundary on both sides."""

    brand: Brand
    segmenter: Segmenter | None = None
    _signs: dict[str, str] = attrs.field(init=False)
    _keys: tuple[str, ...] = attrs.field(init=False)
    _index: ahocorasick_rs.AhoCorasick = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._signs = _names(self.brand)
        self._keys = tuple(self._signs)
        self._index = ahocorasick_rs.AhoCorasick(self._keys, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
        self.segmenter = self.segmenter or JiebaSegmenter(tuple(self.brand.names))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.brand, self.segmenter)

    def marked(self, text: NormalText) -> NormalText:
        """The same text with a sign in place of each name."""
        found = self._index.find_matches_as_indexes(text.text)
        return text.replaced([(s, e, self._signs[self._keys[k]]) for k, s, e in found if self._stands_alone(text.text, k, s, e)])

    def _stands_alone(self, text: str, key: int, start: int, end: int) -> bool:
        name = self._keys[key]
        if name[0].isascii() and name[0].isalnum() and start and text[start - 1].isascii() and text[start - 1].isalnum():
            return False
        if name[-1].isascii() and name[-1].isalnum() and end < len(text) and text[end].isascii() and text[end].isalnum():
            return False
        return name not in _ordinary() or self._is_word(text, start, end)

    def _is_word(self, text: str, start: int, end: int) -> bool:
        left = max(0, start - 6)
        spans = self.segmenter.cut(text[left : end + 6]) if self.segmenter else []
        edges = {left + edge for span in spans for edge in span}
        return start in edges and end in edges
