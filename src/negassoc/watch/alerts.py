"""What a monitor tells people (预警): a frozen value that names the threshold, the reason and the mentions, with every person masked."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING

import attrs

from negassoc.cases.masking import mask
from negassoc.classify import AssociationType, Grade
from negassoc.platform import platform_title
from negassoc.records import Json, Title, unstructure
from negassoc.text.legible import cut, legible, masked, starred
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negassoc.watch.ledger import StoredMention

QUOTED = 5
"""How many mentions an alert quotes."""

_QUOTE_LENGTH, _THREAD_LENGTH = 80, 20
_ADDRESS = re.compile(r"https?://[\w.-]+(?:/[\w./?=&%:#~+-]*)?", re.ASCII)  # nothing that could end a line, a link or a tag


@attrs.frozen(kw_only=True)
class Alert:
    """One alert. `id` is the same each time it is sent, so that a receiver can drop a second copy.

    `text` quotes at most five mentions, with numbers, addresses and nicknames masked; `mentions` are their ids and those of the others,
    at most 200, the gravest first. `why` says which figure passed which limit. `at` is when it was raised, aware UTC.
    """

    id: str
    brand: str
    threshold: str
    grade: Grade
    title: Title
    text: Title
    why: Title
    mentions: tuple[str, ...]
    at: dt.datetime

    def to_record(self) -> dict[str, Json]:
        """As plain JSON data: what a webhook receives."""
        return {
            "id": self.id, "brand": self.brand, "threshold": self.threshold, "grade": self.grade.value, "title": unstructure(self.title),
            "text": unstructure(self.text), "why": unstructure(self.why), "mentions": list(self.mentions), "at": self.at.isoformat(),
        }  # fmt: skip

    def message(self, lang: str = "zh") -> str:
        """The whole alert as a few lines of text for people."""
        return "\n".join(filter(None, (self.title.of(lang), self.why.of(lang), self.text.of(lang))))

    def __str__(self) -> str:
        return self.message()

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import alert_html

        return alert_html(self)


def alert_id(brand: str, threshold: str, at: dt.datetime, mentions: Iterable[str]) -> str:
    """An id that is the same for the same threshold, brand, moment and mentions."""
    parts = "\x1f".join((brand, threshold, at.isoformat(), *mentions))
    return "a-" + hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def quotes(found: Sequence[StoredMention], total: int) -> Title:
    """The first few of `total` mentions, a line each, as far as strangers may be shown; then the number of those left off."""
    some = found[:QUOTED]
    zh, en = [_quote(one, "zh") for one in some], [_quote(one, "en") for one in some]
    if left := total - len(some):
        zh.append(f"……另有 {left} 条")
        en.append(f"… and {left} more")
    return Title("\n".join(zh), "\n".join(en))


def quotable(one: StoredMention) -> str:
    """The first words of a mention on one line, safe to send: controls replaced, persons masked."""
    mention = one.mention
    under = f"〔{mention.thread_title[:_THREAD_LENGTH]}〕" if mention.thread_title else None
    said = legible(" ".join(part for part in (under, mention.title, mention.text) if part)[: 20 * _QUOTE_LENGTH])
    people = [name for name in (mention.author.nickname, *mention.at) if name]
    # masked before cut, or the first half of a number would be left to read; the second mask takes @names and whatever looks like a number
    return cut(masked(mask(said, people).text, people), _QUOTE_LENGTH)


def address(one: StoredMention) -> str | None:
    """Where the mention can be opened; None where its source gave no web address."""
    url = one.mention.url or ""
    return url if _ADDRESS.fullmatch(url) else None


def _quote(one: StoredMention, lang: str) -> str:
    mention = one.mention
    who = legible(starred(mention.author.nickname)) if mention.author.nickname else ("作者未知" if lang == "zh" else "author unknown")
    when = mention.published_at.astimezone(BEIJING).strftime("%m-%d %H:%M") if mention.published_at else None
    place = " ".join(filter(None, (legible(platform_title(mention.platform, lang)), who, when)))
    grade = f"{one.grade} " if one.grade else ""
    line = f"· [{grade}{one.type.words.of(lang)}] {place}{'：' if lang == 'zh' else ': '}{quotable(one)}"
    return f"{line}\n  {url}" if (url := address(one)) else line


def gravest(grades: Iterable[Grade | None], otherwise: Grade) -> Grade:
    """The gravest of the grades, or `otherwise` where there is none.

    >>> gravest([Grade.P2, None, Grade.P1], Grade.P3)
    <Grade.P1: 'P1'>
    """
    return min((grade for grade in grades if grade), default=otherwise)


def in_words(types: Sequence[AssociationType]) -> Title:
    """What a threshold counts, for people: the four types together are "negative mentions"."""
    if all(kind.negative for kind in types) and len(types) == 4:
        return Title("负面提及", "negative mentions")
    return Title("、".join(kind.words.zh for kind in types), ", ".join(kind.words.en for kind in types))
