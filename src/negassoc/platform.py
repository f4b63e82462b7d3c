"""The platforms' names, which are open lower-case strings: a platform that nobody here has heard of is still a platform."""

from __future__ import annotations

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


def platform_title(name: str | None, lang: str = "zh") -> str:
    """How people write the platform, in Chinese (`"zh"`) or English (`"en"`).

    >>> platform_title("kuaishou"), platform_title(None, "en")
    ('快手', 'unknown platform')
    """
    if name is None:
        return "平台未知" if lang == "zh" else "unknown platform"
    zh, en = _TITLES.get(name, (name, name))
    return zh if lang == "zh" else en
