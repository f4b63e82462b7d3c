"""Text from strangers made fit to show and to send: nothing that an encoder or a screen chokes on, and people masked.

`legible`, `masked` and `starred` keep the length in code points, so the spans of findings stay true.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# controls but line break and tab, lone surrogates, non-characters, and the marks that make text run backwards on a screen
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# What a spreadsheet program takes for the start of a formula, wide forms too; blanks and invisible marks before it do not disarm it.
_FORMULA = re.compile("[\\s\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00-\x1f]*[=+\\-@＝＋－﹣﹢﹦＠﹫]|[\t\r\n]")
_PERSONAL = re.compile(
    r"(?P<mail>[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4})"
    r"|(?<![0-9A-Za-z])(?P<card>[1-9]\d{16}[\dXx])(?![0-9A-Za-z])"
    r"|(?<!\d)(?P<phone>1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)"
    r"|(?<![\d.])(?P<number>\d(?:[ -]?\d){9,22})(?![\d.])"
    r"|(?<!\d)(?P<line>0\d{2,3}[- ]?\d{7,8})(?!\d)"
    r"|(?<![A-Za-z0-9_@.])@(?P<at>[^\s@,，。.!！?？:：;；、()（）]{1,30})"
    r"|(?:微信号?|[Vv][Xx]|[Ww]e[Cc]hat|QQ|[Qq]q)[号:： ]{0,3}(?P<chat>[A-Za-z0-9_-]{5,20})",
    re.ASCII,
)
_SHOWN = {"card": 3, "phone": 3, "number": 3, "at": 1}
_SHORTEST_NAME = 2


def legible(text: str) -> str:
    """The text with control characters, lone surrogates, non-characters and direction overrides each replaced by `�`.

    >>> legible("a" + chr(0) + "b")
    'a�b'
    """
    return _UNFIT.sub("\ufffd", text)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program may take the text for a formula or a command.

    >>> is_formula(" =cmd|' /C calc'!A0"), is_formula("退款=要的")
    (True, False)
    """
    return _FORMULA.match(text) is not None


def disarmed(text: str) -> str:
    """The text with an apostrophe in front if a spreadsheet program would take it for a formula, or if it looks as if that had been done.

    >>> disarmed("=1+1"), disarmed("'=1+1"), disarmed("退款")
    ("'=1+1", "''=1+1", '退款')
    """
    return "'" + text if is_formula(text.lstrip("'")) else text


def rearmed(text: str) -> str:
    """What was disarmed, as it was.

    >>> rearmed(disarmed("'=1+1")), rearmed("'退款")
    ("'=1+1", "'退款")
    """
    return text[1:] if text.startswith("'") and is_formula(text.lstrip("'")) else text


def masked(text: str, people: Iterable[str | None] = ()) -> str:
    """The text with mobile, landline, identity, bank and other long numbers, mail and chat addresses, `@names` and the `people`
    named (nicknames of two characters and more) starred.

    >>> masked("打13800138000找@小王，或问爱喝茶的小王", ["爱喝茶的小王"])
    '打138********找@小*，或问爱*****'
    """
    hidden = _PERSONAL.sub(_star, text)
    for name in sorted({name for name in people if name and len(name) >= _SHORTEST_NAME}, key=len, reverse=True):
        hidden = hidden.replace(name, starred(name))
    return hidden


def starred(name: str) -> str:
    """A name of which only the first character is shown.

    >>> starred("爱喝茶的小王")
    '爱*****'
    """
    return name[:1] + "*" * (len(name) - 1)


def cut(text: str, limit: int) -> str:
    """The first `limit` characters on one line, with `…` where something was left off.

    >>> cut("退款一个月没到账", 4)
    '退款一个…'
    """
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit and len(text) <= 4 * limit else line[:limit] + "…"


def _star(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    secret, shown = match[kind], _SHOWN.get(kind, 0)
    return match[0].replace(secret, secret[:shown] + "*" * (len(secret) - shown))
