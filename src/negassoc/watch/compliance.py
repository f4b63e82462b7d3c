"""Self-check (自查): the brand's own posts, or one draft before it goes out, against advertising law and the platforms' red lines."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import attrs

from negassoc.brand import Brand
from negassoc.classify.red_lines import Breach, RedLines
from negassoc.mention import Mention
from negassoc.records import Json, unstructure

if TYPE_CHECKING:
    from negassoc.protocols import Source

NINETY_DAYS = dt.timedelta(days=90)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@attrs.frozen(kw_only=True)
class Checked:
    """One post and the red lines it crosses: where (`span`), why (`reason`), how to say it instead (`instead`)."""

    mention: Mention
    breaches: tuple[Breach, ...]

    def to_record(self) -> dict[str, Json]:
        """As `self-check --json` prints it."""
        return {"mention": self.mention.to_record(), "findings": [breach.to_record() for breach in self.breaches]}


@attrs.frozen(kw_only=True)
class SelfCheck:
    """What a self-check found; iterating gives the posts that cross a red line.

    `examined` posts were read, `undated` of them have no date (and were read all the same); `others` are not the brand's own and
    `older` lie before the period: neither was read.
    """

    brand: Brand
    examined: int
    undated: int = 0
    others: int = 0
    older: int = 0
    posts: tuple[Checked, ...]

    @property
    def clean(self) -> bool:
        """No red line crossed in what was read."""
        return not self.posts

    def by_line(self) -> dict[str, int]:
        """How many breaches of each red line, most first."""
        return dict(Counter(breach.red_line.id for post in self.posts for breach in post.breaches).most_common())

    def summary(self, lang: str = "zh") -> str:
        """Two or three sentences for a person; `lang` is `"zh"` or `"en"`."""
        titles = {breach.red_line.id: breach.red_line.title.of(lang) for post in self.posts for breach in post.breaches}
        if lang == "en":
            lines = ", ".join(f"{titles[name]} ({count})" for name, count in self.by_line().items())
            found = (
                f"{len(self.posts)} need a change: {lines}."
                if lines
                else "No red line crossed."
                if self.examined
                else "Nothing was checked."
            )
            left = f" Not read: {self.others} by others, {self.older} older." if self.others or self.older else ""
            dates = f" {self.undated} had no date." if self.undated else ""
            return f"{self.examined} posts of {self.brand.name} read. {found}{left}{dates}"
        lines = "、".join(f"{titles[name]}{count}处" for name, count in self.by_line().items())
        found = (
            f"其中{len(self.posts)}条需要修改：{lines}。" if lines else "没有发现触线内容。" if self.examined else "等于什么也没有检查。"
        )
        left = f"未检查：非本品牌发布{self.others}条，超出时间范围{self.older}条。" if self.others or self.older else ""
        dates = f"有{self.undated}条没有发布时间，也一并检查了。" if self.undated else ""
        return f"共检查{self.brand.name}发布的{self.examined}条内容，{found}{left}{dates}"

    def to_record(self) -> dict[str, Json]:
        """As plain JSON data."""
        return {
            "brand": self.brand.name, "examined": self.examined, "undated": self.undated, "others": self.others, "older": self.older,
            "by_line": unstructure(self.by_line()), "posts": [post.to_record() for post in self.posts],
        }  # fmt: skip

    def __iter__(self) -> Iterator[Checked]:
        return iter(self.posts)

    def __len__(self) -> int:
        return len(self.posts)

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import self_check_html

        return self_check_html(self)


def _lines_of(check: Compliance) -> RedLines:
    return check.red_lines.against(check.brand.competitors)


@attrs.frozen
class Compliance:
    """Checks what a brand publishes. `period` reaches back from the clock's now; `red_lines` are the packaged ones unless given.
    The brand's `competitors` may not be belittled by name.

    >>> check = Compliance(Brand("示例茶")).draft("全网最低价，加薇信 abc123 再减十块")
    >>> [breach.red_line.id for breach in check.posts[0].breaches]
    ['absolute-terms', 'off-platform']
    """

    brand: Brand
    red_lines: RedLines = attrs.field(factory=RedLines.default, kw_only=True)
    period: dt.timedelta = attrs.field(default=NINETY_DAYS, kw_only=True)
    clock: Callable[[], dt.datetime] = attrs.field(default=_now, kw_only=True, eq=False, repr=False)
    _lines: RedLines = attrs.field(default=attrs.Factory(_lines_of, takes_self=True), init=False, eq=False, repr=False)

    def draft(self, draft: Mention | str) -> SelfCheck:
        """One draft before it goes out, whoever its author is said to be."""
        post = self._checked(Mention.of(draft))
        return SelfCheck(brand=self.brand, examined=1, posts=(post,) if post.breaches else ())

    def check(self, source: Source | Iterable[Mention]) -> SelfCheck:
        """The brand's own posts of the period among the mentions of `source`; notices, labels and suggestions are no posts."""
        oldest = self.clock() - self.period
        counts, posts = Counter[str](), list[Checked]()
        for mention in source:
            if mention.kind.from_platform or not self.brand.owns(mention.platform, mention.author):
                counts["others"] += 1
                continue
            if mention.published_at is not None and mention.published_at < oldest:
                counts["older"] += 1
                continue
            counts["examined"] += 1
            counts["undated"] += mention.published_at is None
            post = self._checked(mention)
            posts += [post] if post.breaches else []
        return SelfCheck(
            brand=self.brand, examined=counts["examined"], undated=counts["undated"], others=counts["others"], older=counts["older"],
            posts=tuple(posts),
        )  # fmt: skip

    def _checked(self, mention: Mention) -> Checked:
        return Checked(mention=mention, breaches=self._lines.check_mention(mention, industry=self.brand.industry))
