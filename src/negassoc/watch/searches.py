"""What to search for: the brand's names with the words under which trouble is found, as `Query` values that a person or a source runs.

The weekly sweep of the programme (M-W1): full name, short names, products, company, legal representative and misspellings, each with the
words that suit it and the brand's industry, the most telling first. Words and their worth are data (`data/searches.toml`).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from negassoc.errors import MissingExtraError
from negassoc.mention import Query
from negassoc.platform import KUAISHOU, XIAOHONGSHU
from negassoc.records import Title, load_toml
from negassoc.text import trades_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negassoc.brand import Brand

NameKind: TypeAlias = Literal["brand", "alias", "product", "company", "misspelling", "person"]

LIMIT: Final = 60
"""Searches for one platform, unless told otherwise: about what one person reads through in a morning, twenty results each."""
_MISSPELLINGS: Final = 4
_LEAST_LATIN: Final = 5  # letters; a shorter spelling in pinyin finds everything


@attrs.frozen(kw_only=True)
class SearchGroup:
    """Words for one purpose. `worth` (0 to 1) is that of its first word; what is given of the rest says whom it is for.

    `industries` are parts of an industry's name, `trades` ids of `data/trades.toml`: one of either is enough. A brand all of whose
    trades are in `without` is left out; `names` are the kinds of name.
    """

    id: str
    title: Title
    worth: float
    words: tuple[str, ...]
    industries: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    names: tuple[NameKind, ...] = ()

    def suits(self, kind: NameKind, industry: str | None) -> bool:
        """Whether to search a name of this kind with it; with an unknown industry every group is tried."""
        return (not self.names or kind in self.names) and (industry is None or self._is_for(industry, trades_of(industry)))

    def _is_for(self, industry: str, trades: frozenset[str]) -> bool:
        if trades and trades.issubset(self.without):
            return False
        everybody = not self.industries and not self.trades
        return everybody or not trades.isdisjoint(self.trades) or any(part in industry for part in self.industries)


@attrs.frozen(kw_only=True)
class SearchWords:
    """The words to search with, the worth of each kind of name, and common characters by sound."""

    names: Mapping[str, float]
    group: tuple[SearchGroup, ...]
    homophones: Mapping[str, str] = attrs.field(factory=dict)

    @classmethod
    def default(cls) -> SearchWords:
        """The packaged ones."""
        return _packaged()

    @classmethod
    def load(cls, path: str | Path) -> SearchWords:
        """Your own, from a TOML file of the same shape as the packaged one; `DataError` with every mistake as `path:line`."""
        return load_toml(path, cls)


@functools.cache
def _packaged() -> SearchWords:
    return SearchWords.load(Path(__file__).parent.parent / "data" / "searches.toml")


def searches(
    brand: Brand,
    platforms: str | Iterable[str] = (XIAOHONGSHU, KUAISHOU),
    *,
    limit: int = LIMIT,
    lang: str = "zh",
    words: SearchWords | None = None,
) -> tuple[Query, ...]:
    """At most `limit` searches for each platform (or the one that is named), the most telling first, each once; `why` is in `lang`.

    The bare names come first. Misspellings by sound need the extra `identity`; without it only the rest is searched.

    >>> from negassoc.brand import Brand
    >>> [query.text for query in searches(Brand("示例茶"), ["xiaohongshu"], limit=3)]
    ['示例茶', '示例茶 投诉', '示例茶 避雷']
    """
    found = sorted(_weighed(brand, words or SearchWords.default()), key=lambda item: -item[0])
    best = list({text: (text, why) for _, text, why in reversed(found)}.values())[::-1]
    named = [platforms] if isinstance(platforms, str) else platforms
    return tuple(Query(text, platform=platform, why=why.of(lang)) for platform in named for text, why in best[: max(limit, 0)])


def misspellings(name: str, words: SearchWords | None = None) -> tuple[str, ...]:
    """How people misspell a Chinese name: one character for another of the same sound, and the whole in pinyin.

    `MissingExtraError` without the extra `identity`.
    """
    try:
        from pypinyin import lazy_pinyin
    except ImportError:
        raise MissingExtraError("identity", "misspellings by sound") from None
    table = (words or SearchWords.default()).homophones
    spelt = [lazy_pinyin(c, errors="ignore") for c in name]
    swaps = [
        name[:i] + other + name[i + 1 :]
        for rank in range(2)
        for i, syllable in enumerate(spelt)
        for other in [c for c in table.get(syllable[0] if syllable else "", "") if c != name[i]][rank : rank + 1]
    ]
    latin = "".join(s[0] for s in spelt if s)
    whole = [latin] if all(spelt) and len(latin) >= _LEAST_LATIN else []
    return tuple(dict.fromkeys([*swaps[: _MISSPELLINGS - len(whole)], *whole]))


def _weighed(brand: Brand, words: SearchWords) -> Iterator[tuple[float, str, Title]]:
    for kind, name in _names(brand, words):
        weight = words.names.get(kind, 0.0)
        if kind not in {"person", "product"}:  # a person's or product's bare name brings too much that is none of this
            whole = Title(f"{_KINDS[kind].zh}，看整体与联想词", f"{_KINDS[kind].en}: the whole picture and the suggestions")
            yield weight * 1.01, name, whole
        for group in words.group:
            if group.suits(kind, brand.industry):
                why = Title(f"{_KINDS[kind].zh} × {group.title.zh}", f"{_KINDS[kind].en} × {group.title.en}")
                yield from ((weight * group.worth * 0.86**rank, f"{name} {word}", why) for rank, word in enumerate(group.words))


def _names(brand: Brand, words: SearchWords) -> Iterator[tuple[NameKind, str]]:
    entity = brand.legal_entity
    yield "brand", brand.name
    for name in brand.names[1:]:
        yield "alias", name
    for product in brand.products:
        yield "product", product if brand.name in product else f"{brand.name} {product}"
    if entity:
        yield "company", entity.name
        if entity.legal_representative:
            yield "person", f"{brand.name} {entity.legal_representative}"
    try:
        variants = misspellings(brand.name, words)
    except MissingExtraError:
        return  # documented: the rest is searched all the same
    for variant in variants:
        yield "misspelling", variant


_KINDS: Final[Mapping[NameKind, Title]] = {
    "brand": Title("品牌全称", "full name"),
    "alias": Title("简称或别名", "short name or alias"),
    "product": Title("产品名", "product"),
    "company": Title("公司全称", "company name"),
    "misspelling": Title("错别字或拼音", "misspelling or pinyin"),
    "person": Title("法定代表人", "legal representative"),
}
