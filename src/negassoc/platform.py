"""The platforms' names, which are open lower-case strings: a platform that nobody here has heard of is still a platform."""

from __future__ import annotations

import difflib
from typing import Final

XIAOHONGSHU: Final = "xiaohongshu"
KUAISHOU: Final = "kuaishou"

_ALSO: Final = {
    "xhs": XIAOHONGSHU, "小红书": XIAOHONGSHU, "rednote": XIAOHONGSHU, "red": XIAOHONGSHU, "redbook": XIAOHONGSHU,
    "ks": KUAISHOU, "快手": KUAISHOU, "kwai": KUAISHOU,
    "微博": "weibo", "抖音": "douyin", "dy": "douyin", "知乎": "zhihu", "哔哩哔哩": "bilibili", "b站": "bilibili",
}  # fmt: skip
_TITLES: Final = {
    XIAOHONGSHU: ("小红书", "Xiaohongshu"), KUAISHOU: ("快手", "Kuaishou"), "weibo": ("微博", "Weibo"),
    "douyin": ("抖音", "Douyin"), "zhihu": ("知乎", "Zhihu"), "bilibili": ("哔哩哔哩", "Bilibili"),
}  # fmt: skip


def platform_of(name: str) -> str:
    """The platform's name as this library writes it, from any usual spelling.

    >>> platform_of("XHS"), platform_of("快手"), platform_of("Douban")
    ('xiaohongshu', 'kuaishou', 'douban')
    """
    key = name.strip().casefold()
    return _ALSO.get(key, key)


def platform_meant(name: str) -> str | None:
    """The platform that a misspelt name comes close to; None for a known one, and for one that is like none.

    >>> platform_meant("xiaohongsh"), platform_meant("xhs"), platform_meant("douban")
    ('xiaohongshu', None, None)
    """
    known = {*_TITLES, *_ALSO}
    key = name.strip().casefold()
    close = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.75) if key not in known else []
    return platform_of(close[0]) if close else None


def platform_title(name: str | None, lang: str = "zh") -> str:
    """How people write the platform, in Chinese (`"zh"`) or English (`"en"`).

    >>> platform_title("kuaishou"), platform_title(None, "en")
    ('快手', 'unknown platform')
    """
    if name is None:
        return "平台未知" if lang == "zh" else "unknown platform"
    zh, en = _TITLES.get(name, (name, name))
    return zh if lang == "zh" else en
