"""To which of many brands a mention points, so that each is asked only about what may concern it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import attrs

from negassoc.brand import Brand
from negassoc.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negassoc.mention import Mention

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\\s]")
_LONGEST_LOOKED_AT = 20_000
"""Characters of one field that are searched for names: nobody names a brand first after the length of a short novel."""


def folded(text: str) -> str:
    """Text as names are compared: full and half width, letter case, spaces and invisible characters aside."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[:_LONGEST_LOOKED_AT]).casefold())


@attrs.frozen
class Pointing:
    """Finds the brands that a mention points to: by the brand it names, its own accounts, or a name in title, text or thread title.

    It is generous (a product's or company's name is enough): whether something is really said of the brand is for the classifier.
    `DataError` if two brands go by the same key.
    """

    brands: tuple[Brand, ...]
    _names: tuple[tuple[str, Brand], ...] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        keys = [brand_key(brand) for brand in self.brands]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise DataError(Problem("brands", f"two brands go by {key!r}; give each a name of its own") for key in sorted(twice))
        names = ((folded(name), brand) for brand in self.brands for name in _names_of(brand))
        object.__setattr__(self, "_names", tuple((name, brand) for name, brand in names if name))

    def of(self, mention: Mention, stated: str | None = None) -> tuple[Brand, ...]:
        """The brands to judge the mention for. `stated` is the brand that the source is about.

        With one brand, everything that names no other is judged for it. Empty: nobody here is meant.
        """
        if named := mention.brand or stated:
            return tuple(brand for brand in self.brands if brand.is_called(named))
        if len(self.brands) == 1:
            return self.brands
        return tuple(dict.fromkeys(self._found(mention)))

    def _found(self, mention: Mention) -> Iterator[Brand]:
        text = "\n".join(folded(part) for part in (mention.title, mention.text, mention.thread) if part)
        yield from (brand for name, brand in self._names if name in text)
        yield from (brand for brand in self.brands if brand.owns(mention.platform, mention.author) and not mention.author.official)


def brand_key(brand: Brand) -> str:
    """Under which name the store keeps what is said of the brand."""
    return brand.key or brand.name


def _names_of(brand: Brand) -> Sequence[str]:
    own = [account.nickname for account in brand.official_accounts if account.nickname]
    company = [brand.legal_entity.name] if brand.legal_entity else []
    return [*brand.names, *brand.products, *own, *company]
