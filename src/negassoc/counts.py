"""How many: numbers as platforms show them, with how exact they are."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import attrs

Exactness: TypeAlias = Literal["exact", "about", "at_least"]

_COUNTED = "点赞|赞|喜欢|收藏|评论|回复|转发|分享|播放|观看|阅读|浏览"
_COUNT = re.compile(
    rf"(?:{_COUNTED}|获赞)?\s*([≈≥约])?\s*([\d,]*\.?\d+)\s*(万|千|亿|百万|[wWkKmM])?\s*(\+|多|余)?\s*(?:[次个条人]|人次)?(?:{_COUNTED})?$"
)
_UNITS = {"千": 1e3, "k": 1e3, "万": 1e4, "w": 1e4, "百万": 1e6, "m": 1e6, "亿": 1e8}
_FULL_WIDTH = {ord("０") + i: str(i) for i in range(10)} | {ord("，"): ",", ord("＋"): "+", ord("．"): "."}


@attrs.frozen
class Count:
    """A number as a platform shows it: `"3642"` is exact, `"1.7万"` is about 17,000, `"10+"` is at least 10. `str` says so with a sign
    (`≈17000`, `≥10`), which `parse` reads as well.

    >>> Count.parse("1.7万"), Count.parse("10+"), Count.parse(None)
    (Count(value=17000, exactness='about'), Count(value=10, exactness='at_least'), None)
    """

    value: int
    exactness: Exactness = "exact"

    @classmethod
    def parse(cls, shown: object) -> Count | None:
        """A count from what an export or payload holds; None where it holds none (`""`, `"None"`, `"-"`, a button's label)."""
        if isinstance(shown, bool) or shown is None:
            return None
        if isinstance(shown, int | float):
            return cls(int(shown)) if shown >= 0 and shown == shown and shown != float("inf") else None  # noqa: PLR0124
        match = _COUNT.match(str(shown).strip().translate(_FULL_WIDTH))
        if not match:
            return None
        sign, digits, unit, plus = match.groups()
        number = float(digits.replace(",", "")) * _UNITS.get((unit or "").lower(), 1)
        return cls(round(number), "at_least" if plus or sign == "≥" else "about" if unit or sign else "exact")

    def __str__(self) -> str:
        return {"exact": "", "about": "≈", "at_least": "≥"}[self.exactness] + str(self.value)


def as_written(count: Count | None) -> int | str | None:
    """An exact count as a number; another as people write it, which `Count.parse` reads back to the same value."""
    if count is None or count.exactness == "exact":
        return count.value if count else None
    if count.exactness == "at_least":
        return f"{count.value}+"
    return f"{count.value / 10000:.12g}万" if count.value % 100 == 0 else f"{count.value / 1000:.3f}k"
