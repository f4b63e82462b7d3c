"""How a text sounds: toneless pinyin, one private character a syllable, so that homophones and half-spelt words are the same."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from negassoc.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping

NUMERALS: Final = "零一二三四五六七八九"
_NOISE: Final = re.compile(r"#[^#\s]{1,30}?\[话题\]#|#[^#\s]{1,20}#?|@[^\s@]{1,20}|\[[^\[\]\s]{1,8}\]|https?://\S+")
_LATIN: Final = re.compile(r"[a-z]+")
_FIRST_CODE: Final = 0xE000


def sound_of(text: str) -> str:
    """The text as one private character a syllable; hashtags, @names, emoji and punctuation left out. `MissingExtraError` without
    the extra `campaigns` (or `identity`, which brings the same).

    >>> sound_of("押今 ji素！") == sound_of("押金激素")
    True
    """
    folded = _NOISE.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    return _LATIN.sub(_spelt, folded.translate(_sounds())).replace(" ", "")


def coded(syllable: str) -> str:
    """The private character that stands for a syllable (`zhen`); what is no syllable stays as it is."""
    return _syllables().get(syllable, syllable)


def _spelt(match: re.Match[str]) -> str:
    return coded(match[0])


@functools.cache
def _syllables() -> Mapping[str, str]:
    readings = sorted(set(_readings().values()))
    return {reading: chr(_FIRST_CODE + i) for i, reading in enumerate(readings)}


@functools.cache
def _readings() -> Mapping[int, str]:
    """The first reading of each character of the basic block, without its tone."""
    try:
        from pypinyin.constants import PINYIN_DICT
    except ImportError:
        raise MissingExtraError("campaigns", "comparing texts by sound") from None
    return {code: _toneless(shown.split(",")[0]) for code, shown in PINYIN_DICT.items() if 0x4E00 <= code <= 0x9FFF}


def _toneless(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading.replace("ü", "v").replace("ǜ", "v").replace("ǚ", "v").replace("ǘ", "v"))
    return "".join(c for c in plain if not unicodedata.combining(c))


class _Sounds(dict[int, str]):
    """For `str.translate`: characters to syllables, Latin letters as they are, everything else dropped."""

    def __missing__(self, code: int) -> str:
        self[code] = chr(code) if 0x61 <= code <= 0x7A else " " if code <= 0x20 else ""
        return self[code]


@functools.cache
def _sounds() -> _Sounds:
    syllables = _syllables()
    table = _Sounds({code: syllables[reading] for code, reading in _readings().items()})
    table |= {ord(str(i)): table[ord(numeral)] for i, numeral in enumerate(NUMERALS)}
    return table
