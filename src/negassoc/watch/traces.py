"""What a mention leaves that can be compared: how it sounds without names and hashtags, how it speaks, who wrote it where and when.

Texts are compared by toneless pinyin, so a homophone (`押今` for `押金`), a half-spelt word (`ji素`), emoji and punctuation change nothing.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Final

import attrs

from negassoc.watch.cues import Voice, voice_of
from negassoc.watch.sounds import NUMERALS, sound_of
from negassoc.watch.stance import Stance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negassoc.brand import Brand
    from negassoc.mention import Mention

GAP: Final = "\0"  # stands where a name stood, so that nothing is shared across it
_QUOTED: Final = re.compile(r"“[^”]{6,}”|「[^」]{6,}」|\"[^\"]{6,}\"")
_TITLE_END: Final = re.compile(r"(?<![\d.])(?P<g>\d{1,2})$")
_BITING: Final = -1.0  # stance from which a friendly word or a question in a text is not meant as one
_LONGEST: Final = 600  # characters of a text that are compared
# A name that the platform gives to everybody or that many choose in order to be nobody says nothing about who it is.
_NOBODY: Final = re.compile(r"momo|小红薯[0-9A-Fa-z]*|用户\d*|匿名.*|快手用户\d*|已注销.*|游客\d*", re.IGNORECASE)
_ORDINAL: Final = re.compile(
    r"第\s*(?P<a>[一二三四五六七八九十\d]{1,3})\s*(?P<unit>[期弹集天料棒篇波条宗桩回章夜更话罪问步场枪刀日])"
    r"|(?:day|part|vol|no|ep|d)\s*\.?\s*(?P<b>\d{1,2})(?!\d)"
    r"|[（(【\[](?P<c>[一二三四五六七八九十\d]{1,3}|[上中下终完])[)）】\]]"
    r"|之(?P<d>[二三四五六七八九十]{1,2})(?![家个次])"
    r"|(?P<e>[①②③④⑤⑥⑦⑧⑨⑩⑪⑫])"
    r"|(?<!\d)(?P<f>\d{1,2})/\d{1,2}(?!\d)"
    r"|[·・|｜—－_]\s*(?P<h>[一二三四五六七八九十]{1,3}|\d{1,2})(?=$|[\s（(【\[])",
    re.IGNORECASE,
)


@attrs.frozen(kw_only=True)
class Ordinal:
    """The number a post gives itself (`第三弹`, `（3）`, `day 3`) and what stands before it; `number` is None for 上/中/下/终."""

    number: int | None
    stem: str
    unit: str


@attrs.frozen(kw_only=True)
class Trace:
    """One mention as `kinship` and `channels` see it. `at` is in epoch seconds, `thread` the post it stands under or is itself.

    `own` marks the brand's and the platform's words, `account` is None where nobody can be told apart, `stance` is the odds (a
    logarithm) that it attacks rather than tells of an own case (see `stance`).
    """

    index: int
    id: str
    account: str | None
    thread: str
    at: float | None
    sound: str
    voice: Voice
    rivals: frozenset[str]
    own: bool
    is_answer: bool
    ordinal: Ordinal | None
    stance: float = 0.0

    @functools.cached_property
    def customer(self) -> bool:
        """Tells of an own case: then it is never evidence of coordination, however much it resembles others."""
        voice = self.voice
        told = voice.first_hand + min(len(voice.details), 2)
        return told >= (4 if self.rivals and voice.hostile else 2) and voice.first_hand > 0

    @property
    def compares(self) -> bool:
        """Sets several rivals beside each other and has no hard word for the brand."""
        return len(self.rivals) > 1 and not self.voice.hostile

    @functools.cached_property
    def acting(self) -> bool:
        """Speaks of the brand in its own right: neither the brand, nor a customer's case, nor an aside, a question or a comparison."""
        voice = self.voice
        friendly = (voice.aside or (voice.asking and not self.against)) and self.stance < _BITING
        return not (self.own or self.customer or voice.framed or self.compares or friendly)

    @functools.cached_property
    def concerned(self) -> bool:
        """Tells of something of the author's own or asks for a remedy: a customer's voice, however little it tells."""
        voice = self.voice
        told = voice.first_hand + bool(voice.details) > 1 and voice.first_hand > 0
        return not (self.own or voice.doubt) and bool(told or voice.asking)

    @functools.cached_property
    def against(self) -> bool:
        """Speaks against the brand, or for one rival; to name several is to compare. A long text holds a hard word by chance."""
        return self.voice.hostile > len(self.sound) // 150 or len(self.rivals) == 1


class TraceMaker:
    """Makes traces for one brand; raises `MissingExtraError` without the extra `campaigns`."""

    def __init__(self, brand: Brand) -> None:
        self.brand = brand
        self.stance = Stance(brand)
        self.rivals = {rival: rival.casefold() for rival in brand.competitors}
        names = (*brand.names, *brand.products, *brand.competitors, *(a.nickname or "" for a in brand.official_accounts))
        self.names = sorted({s for name in names if len(s := sound_of(name)) > 1}, key=lambda s: (-len(s), s))
        self.others = [name.split("（")[0].split("(")[0].casefold() for name in brand.not_this_brand]

    def trace(self, mention: Mention, index: int) -> Trace:
        """The trace of one mention; `index` is its place in the stream."""
        title, text = mention.title or "", mention.text
        whole = f"{title}\n{text}"
        return Trace(
            index=index, id=mention.id, account=account_of(mention), thread=mention.post_id or mention.parent_id or mention.id,
            at=mention.published_at.timestamp() if mention.published_at else None,
            sound=self._content(title, text), voice=voice_of(whole), rivals=self._rivals(whole.casefold()),
            own=mention.kind.from_platform or self.brand.owns(mention.platform, mention.author) or self._elsewhere(whole.casefold()),
            is_answer=mention.kind.is_answer, ordinal=ordinal_of(title, text, self.brand.names), stance=self.stance.of(title, text),
        )  # fmt: skip

    def _content(self, title: str, text: str) -> str:
        sound = GAP.join(sound_of(_QUOTED.sub(" ", part[:_LONGEST])) for part in (title, text))
        for name in self.names:
            sound = sound.replace(name, GAP)
        return sound

    def _rivals(self, folded: str) -> frozenset[str]:
        return frozenset(rival for rival, word in self.rivals.items() if word in folded)

    def _elsewhere(self, folded: str) -> bool:
        """About another bearer of the name (`not_this_brand`), hence none of this brand's business."""
        return any(other in folded for other in self.others if not self.brand.is_called(other))


def pairs_of(sound: str) -> frozenset[str]:
    """All pairs of syllables in a text, none across a name."""
    return frozenset(pair for i in range(len(sound) - 1) if GAP not in (pair := sound[i : i + 2]))


def account_of(mention: Mention) -> str | None:
    """Who wrote it: the id or its hash, else a nickname that tells somebody apart (marked `@`), else None."""
    if mention.author.identity:
        return mention.author.identity
    nickname = (mention.author.nickname or "").strip()
    return f"@{nickname}" if nickname and not _NOBODY.fullmatch(nickname) else None


def ordinal_of(title: str, text: str, names: Iterable[str]) -> Ordinal | None:
    """The number by which a post places itself in a series, sought in the title and the first words of the text."""
    for part, match in ((title, _ORDINAL.search(title) or _TITLE_END.search(title)), (text, _ORDINAL.search(text[:24]))):
        if match:
            groups = {key: value for key, value in match.groupdict().items() if value}
            unit, stem = groups.pop("unit", ""), part[: match.start()]
            for name in names:
                stem = stem.replace(name, "")
            return Ordinal(number=_number(next(iter(groups.values()))), stem=sound_of(stem), unit=unit)
    return None


def _number(shown: str) -> int | None:
    value = unicodedata.normalize("NFKC", shown)
    if value.isdecimal():
        return int(value)
    tens, ten, ones = value.rpartition("十")
    digits = {numeral: i for i, numeral in enumerate(NUMERALS)}
    if not all(part in digits or part == "" for part in (tens, ones)):
        return None
    return (digits.get(tens, 1) * 10 if ten else 0) + digits.get(ones, 0)
