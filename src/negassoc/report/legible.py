"""Text from strangers made fit to show: nothing that a browser, a spreadsheet or an encoder chokes on, and people masked.

Every function here keeps the length of the text in code points, so the spans of findings stay true.
"""

from __future__ import annotations

import re

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_PERSONAL = re.compile(
    r"(?P<mail>[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4})"
    r"|(?<![0-9A-Za-z])(?P<card>[1-9]\d{16}[\dXx])(?![0-9A-Za-z])"
    r"|(?<!\d)(?P<phone>1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)"
    r"|(?<![A-Za-z0-9_@.])@(?P<at>[^\s@,，。.!！?？:：;；、()（）]{1,30})"
    r"|(?:微信号?|[Vv][Xx]|[Ww]e[Cc]hat|QQ|[Qq]q)[号:： ]{0,3}(?P<chat>[A-Za-z0-9_-]{5,20})"
)


def legible(text: str) -> str:
    """The text with control characters, lone surrogates and non-characters each replaced by `�`; line breaks and tabs stay.

    >>> legible("a" + chr(0) + "b")
    'a�b'
    """
    return _UNFIT.sub("\ufffd", text)


def is_legible(text: str) -> bool:
    """Whether `legible` would leave the text as it is."""
    return _UNFIT.search(text) is None


def masked(text: str) -> str:
    """The text with mobile numbers, identity numbers, mail and chat addresses and `@names` starred, length kept.

    >>> masked("打13800138000找@小王")
    '打138********找@**'
    """
    return _PERSONAL.sub(_star, text)


def masked_name(nickname: str | None) -> str | None:
    """A nickname of which only the first character is shown; None stays None.

    >>> masked_name("爱喝茶的小王"), masked_name(None)
    ('爱***', None)
    """
    return None if nickname is None else legible(nickname[:1]) + "***"


def cut(text: str, limit: int) -> str:
    """The first `limit` characters, with `…` where something was left off.

    >>> cut("退款一个月没到账", 4)
    '退款一个…'
    """
    return text if len(text) <= limit else text[:limit] + "…"


def _star(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    shown = 3 if kind in {"phone", "card"} else 0
    secret = match[kind]
    return match[0].replace(secret, secret[:shown] + "*" * (len(secret) - shown))
