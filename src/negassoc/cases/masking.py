"""Personal data of other people, taken out of what we write (脱敏): who they are is nobody else's business.

This is for letters, where a reader must see at once that something was taken out, and what kind. Pages and tables mask with
`negassoc.text.legible`, which keeps every text's length so that the places of findings stay true.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_HALF_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F) if code != ord(":")}
# The commonest surnames: without them 这位女士 and 请先生 would lose a character.
_SURNAMES = (
    "欧阳|司马|上官|诸葛|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
)
_MASKS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ("mail", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), lambda m: f"{m[0][0]}***@***"),
    ("id_card", re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])"), lambda m: f"{m[0][:3]}***************"),
    ("order", re.compile(r"((?:订单|运单|快递|单)(?:编?号|号码)?\s*[:：是为]?\s*)([A-Za-z0-9-]{8,})"), lambda m: f"{m[1]}****{m[2][-2:]}"),
    ("bank_card", re.compile(r"(?<!\d)(?:\d{4}[ -]?){3}\d{4,7}(?!\d)"), lambda m: f"************{m[0][-2:]}"),
    ("phone", re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9](?:[- .·]?\d){9}(?!\d)"), lambda m: "1**********"),
    ("phone", re.compile(r"(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"), lambda m: "0**-********"),
    ("number", re.compile(r"(?<![0-9A-Za-z])\d{12,24}(?![0-9A-Za-z])"), lambda m: f"****{m[0][-2:]}"),
    ("chat", re.compile(r"((?:微信|薇信|[Vv][Xx]|[Ww]e[Cc]hat|QQ|[Qq]q)(?:号)?\s*[:：是]?\s*)([A-Za-z0-9_-]{5,})"), lambda m: f"{m[1]}***"),
    (
        "address",
        re.compile(
            r"((?:[\u4e00-\u9fff]{1,8}?(?:省|市|自治区))?[\u4e00-\u9fff]{1,7}?[区县市])"
            r"([\u4e00-\u9fff]{1,12}?[路街道巷村镇]\s*[\dA-Za-z\-号弄栋幢座单元室楼层#之]+)"
        ),
        lambda m: f"{m[1]}****",
    ),
    (
        "name",
        re.compile(r"((?:姓名|收件人|收货人|联系人|客户|顾客|买家|患者|家长)\s*[:：是为]\s*)([\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff])"),
        lambda m: f"{m[1]}{m[2][0]}{'*' * (len(m[2]) - 1)}",
    ),
    (
        "name",
        re.compile(rf"({_SURNAMES})([\u4e00-\u9fff]{{1,2}})(?=先生|女士|小姐)"),
        lambda m: f"{m[1]}{'*' * len(m[2])}",
    ),
)  # fmt: skip


@attrs.frozen
class Masked:
    """A text without personal data, and the `kinds` that were taken out, each once."""

    text: str
    kinds: tuple[str, ...] = attrs.field(default=(), kw_only=True)


def mask(text: str, people: Iterable[str] = ()) -> Masked:
    """The text with phone, identity, card, order and chat numbers, mail, street addresses and names of private persons starred.

    A name is found where a label stands before it (收件人：…) or a form of address behind; give others in `people`. Province, city and
    district stay. A mask can miss what no rule describes: read a text before it goes out.

    >>> mask("收件人：张小芳，13800138000，订单号 1234567890123").text
    '收件人：张**，1**********，订单号 ****23'
    """
    kinds = list[str]()
    for name in sorted({person for person in people if len(person) > 1}, key=len, reverse=True):
        if name in text:
            text, kinds = text.replace(name, name[0] + "*" * (len(name) - 1)), [*kinds, "name"]
    for kind, pattern, star in _MASKS:
        masked = _starred(text, pattern, star)
        kinds += [kind] * (masked != text)
        text = masked
    return Masked(text, kinds=tuple(dict.fromkeys(kinds)))


def _starred(text: str, pattern: re.Pattern[str], star: Callable[[re.Match[str]], str]) -> str:
    """The text with every match starred; full-width digits and letters count as plain ones, and stay as they are elsewhere."""
    pieces, last = list[str](), 0
    for match in pattern.finditer(text.translate(_HALF_WIDTH)):
        pieces += [text[last : match.start()], star(match)]
        last = match.end()
    return "".join([*pieces, text[last:]])
