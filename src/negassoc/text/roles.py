"""Who is who in a text: the brand, its products, its competitors, other bearers of its name, each by one sign.

What is learnt from texts in which the names are signs holds for other brands too.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ahocorasick_rs
import attrs

from negassoc.brand import Brand
from negassoc.protocols import Segmenter
from negassoc.text.normal import NormalText, normal
from negassoc.text.segment import JiebaSegmenter
from negassoc.text.trades import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

BRAND: Final = "〇"
PRODUCT: Final = "□"
RIVAL: Final = "△"
OTHER: Final = "◇"
_CHINESE: Final = re.compile("[\u4e00-\u9fff]{2,6}")
_CHINESE_RUN: Final = re.compile("[\u4e00-\u9fff]{2,}")
_MODEL: Final = re.compile("(?:[a-z]+-?[0-9]+|[0-9]+[a-z]+)[a-z0-9]*")
_MASKS: Final = ("x", "*", "o")
_QUOTES: Final = ("", "”", "」", '"')
_OPENINGS: Final = ("字头", "字开头", "字打头", "开头的")
_AFTER_SOME: Final = frozenset("家人店天日地个种些年月位次处方点时站号城院校园馆厂牌款品国省市县区")
"""After 某 these are mostly words of their own: 某家, 某天, 某地."""


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
    plain = {name: sign for sign, group in roles for word in group if (name := normal(word).strip())}
    return (
        {veil: BRAND for name in brand.names for said in veils(normal(name).strip()) if (veil := normal(said))}
        | _bare_products(brand)
        | plain
    )


def _bare_products(brand: Brand) -> dict[str, str]:
    """Products without the brand before them, 云裹裤 for 软骨头 云裹裤: only where a space says that it is a name of its own."""
    parts = [normal(product).strip().partition(" ") for product in brand.products]
    own = {normal(name).strip() for name in brand.names}
    return {rest: PRODUCT for first, _, rest in parts if first in own and len(rest) > 1 and rest not in _ordinary()}


def veils(name: str) -> Iterator[str]:
    """How people name a brand without naming it: 某东, 拼某多, 拼xx, 拼*多, 拼什么多, 拼字头, 拼 多 多.

    >>> {"某多多", "拼xx", "拼*多", "拼字头"} <= set(veils("拼多多"))
    True
    """
    if not _CHINESE.fullmatch(name):
        return
    yield from ("某" + name[i:] for i in range(1, len(name)) if name[i:] not in _AFTER_SOME)
    yield from (name[0] + quote + said for quote in _QUOTES for said in _OPENINGS)
    yield " ".join(name)
    if len(name) > 2:
        yield from (name[0] + mask * (len(name) - 1) for mask in _MASKS)
        yield from (name[0] + mask * (len(name) - 2) + name[-1] for mask in (*_MASKS, "某"))
        yield f"{name[0]}什么{name[-1]}"


def _goods(brand: Brand) -> Iterator[str]:
    """What tells of a brand's goods without their whole name: its end (精华 of 雪藻精华), any three characters in a row, a model (b3)."""
    own = [normal(name).strip() for name in brand.names]
    for said in (*brand.products, *([brand.industry] if brand.industry else [])):
        words = normal(said)
        for name in own:
            words = words.replace(name, " ")
        yield from _MODEL.findall(words)
        for run in _CHINESE_RUN.findall(words):
            yield from {run[-2:], *(run[i : i + 3] for i in range(len(run) - 2))}


@functools.cache
def _ordinary() -> frozenset[str]:
    return _listed("ordinary_words")


@functools.cache
def _general() -> frozenset[str]:
    return _listed("general_goods")


def _listed(name: str) -> frozenset[str]:
    path = Path(__file__).parent.parent / "data" / "lexicons" / f"{name}.list"
    return frozenset(line.strip() for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))


@attrs.define(slots=False)
class Roles:
    """Puts signs for the names of one brand into normal texts. A name that is also an ordinary word counts only where the
    segmenter sees a word boundary on both sides."""

    brand: Brand
    segmenter: Segmenter | None = None
    _signs: dict[str, str] = attrs.field(init=False)
    _keys: tuple[str, ...] = attrs.field(init=False)
    _index: ahocorasick_rs.AhoCorasick = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._signs = _names(Brand.of(self.brand))
        self._keys = tuple(self._signs)
        self._index = ahocorasick_rs.AhoCorasick(self._keys, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
        self.segmenter = self.segmenter or JiebaSegmenter(tuple(self.brand.names))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.brand, self.segmenter)

    def marked(self, text: NormalText) -> NormalText:
        """The same text with a sign in place of each name."""
        return text.replaced([(s, e, self._signs[self._keys[k]]) for k, s, e in self._standing(text.text)])

    def sells(self, text: str) -> bool:
        """Whether a normal text holds a piece of the name of the brand's goods or trade that not every trade has.

        >>> roles = Roles(Brand("示例家电", products=("轻音破壁机B3",)))
        >>> roles.sells("那台b3开机就漏水"), roles.sells("买的破壁机"), roles.sells("买的机票")
        (True, True, False)
        """
        return any(piece in text for piece in self._pieces)

    @functools.cached_property
    def _pieces(self) -> frozenset[str]:
        return frozenset(piece for piece in _goods(self.brand) if not any(word in piece for word in _general()))

    @functools.cached_property
    def home(self) -> Home:
        """Of which trades and cities the brand is."""
        return Home(self.brand, self._pieces)

    def _standing(self, text: str) -> list[tuple[int, int, int]]:
        """The names in the text, leftmost and longest first; where one is only part of a word, another that overlaps it may stand."""
        found = self._index.find_matches_as_indexes(text)
        if not found or all(self._stands_alone(text, *match) for match in found):
            return found
        chosen, after = list[tuple[int, int, int]](), 0
        for key, start, end in sorted(self._overlapping.find_matches_as_indexes(text, overlapping=True), key=lambda m: (m[1], -m[2])):
            if start >= after and self._stands_alone(text, key, start, end):
                chosen.append((key, start, end))
                after = end
        return chosen

    @functools.cached_property
    def _overlapping(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(self._keys)

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
