"""Whether a text speaks as attackers do rather than as customers and passers-by do: a soft sign, learnt, never enough by itself."""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from negassoc.classify.weights import Question, Table
from negassoc.text.legible import legible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negassoc.brand import Brand

_DATA: Final = Path(__file__).parent.parent / "data" / "campaigns_stance.tsv"
_NOISE: Final = re.compile(r"#[^#\s]{1,30}?\[话题\]#|#[^#\s]{1,20}#?|@[^\s@]{1,20}|https?://\S+")
_LONGEST: Final = 1000  # characters that are read
_FIGURE: Final = re.compile(r"\d+")


class Stance:
    """Reads texts about one brand. A text is read by its characters and pairs of characters; the brand's and its rivals' names, all
    figures, hashtags and @names are put out of sight first, so that no brand is better or worse for its name.

    >>> from negassoc import Brand
    >>> stance = Stance(Brand("示例茶"))
    >>> stance.of("", "三毛钱的料也好意思卖三十，谁买谁傻") > stance.of("", "昨天买的，客服说周三给我退款")
    True
    """

    def __init__(self, brand: Brand) -> None:
        own = {*brand.names, *brand.products, *(a.nickname or "" for a in brand.official_accounts)}
        self._names = [*_longest_first(own, "B"), *_longest_first(brand.competitors, "R")]

    def of(self, title: str, text: str) -> float:
        """The logarithm of the odds, about -8 to 4; below -3 for most of what anybody writes."""
        return _question().total({}, self.read(title, text))

    def read(self, title: str, text: str) -> str:
        """What is looked at of a text, and what is learnt from; a line a word, since no pair of characters was learnt across a blank."""
        body = _NOISE.sub(" ", unicodedata.normalize("NFKC", legible(f"{title[:_LONGEST]}\n{text[:_LONGEST]}")).casefold())
        for name, mark in self._names:
            body = body.replace(name, mark)
        return "\n".join(_FIGURE.sub("0", body).split())


def _longest_first(names: Iterable[str], mark: str) -> list[tuple[str, str]]:
    folded = {unicodedata.normalize("NFKC", name).casefold() for name in names} - {""}
    return [(name, mark) for name in sorted(folded, key=lambda n: (-len(n), n))]


@functools.cache
def _question() -> Question:
    return Table.load(_DATA).column("attack")
