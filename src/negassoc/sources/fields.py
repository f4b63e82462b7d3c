"""What single fields mean, whichever file or payload they come from: keys, ids, times, counts, addresses, topics."""

from __future__ import annotations

import datetime as dt
import functools
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeGuard

from negassoc.counts import Count
from negassoc.platform import KUAISHOU, XIAOHONGSHU
from negassoc.times import BEIJING, SHEET_DAY, parse_time, time_and_place

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HEADER_NOISE = re.compile(r"[\s_\-:：()（）\[\]【】/.]+")
_XHS_ID = re.compile(r"[0-9a-f]{24}")
_HTTP = re.compile(r"\s*(https?://)(?:[^/?#\s]*@)?([^?#\s]+)", re.IGNORECASE)
_XHS_URL = re.compile(r"(?:xiaohongshu|rednote)\.com/(?:explore|discovery/item|user/profile/[0-9a-f]+)/([0-9a-f]{24})")
_KS_URL = re.compile(r"(?:kuaishou|gifshow|chenzhongtech)\.com/(?:short-video|fw/photo|photo/[^/?]+)/([0-9A-Za-z_-]+)")
_USER_URL = re.compile(r"(?:(?:xiaohongshu|rednote)\.com/user/profile|kuaishou\.com/profile)/([0-9A-Za-z_-]+)/?(?:[?#]|$)")
_XHS_TOPIC = re.compile(r"#([^#\[\]\n]{1,60})\[话题\]#")
_TOPIC = re.compile(r"#([^#\s@\[\]]{1,60})")
_AT_KUAISHOU = re.compile(r"@([^@()\s]{1,40})\((O?3x[0-9a-z]+)\)")
_SPREADSHEET_ID = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+$|\d{16,}\.0*$")
_CONTROL = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOTHING = frozenset({"", "None", "null", "NULL", "nan", "NaN", "-", "--", "N/A", "未知", "NaT", "<NA>"})
_SAYABLE = frozenset({"-", "--", "N/A", "未知"})
_LABELS = frozenset({"赞", "点赞", "喜欢", "收藏", "评论", "回复", "抢首评", "分享", "转发"})
_SOME_DAY = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
_WITHIN_A_DAY = re.compile("刚刚|秒前|分钟前|小时前")
_PLAIN_URL = re.compile(r'https://www\.[!"$->A-~]+(?=\?|\Z)')  # the frequent case: no `#`, no `@`, nothing but ASCII before its query
_UTC, _from_seconds = dt.UTC, dt.datetime.fromtimestamp
_UNPLAIN_LIST = re.compile(r"""[\[\]【】'"#，;；、]""")
_LOCATED = re.compile(r"^(?:IP\s*(?:属地|归属地?|地址)|来自)\s*[:：]?\s*", re.IGNORECASE)
_UNTITLED = frozenset({"无标题", "Untitled"})
UNIX_MILLISECONDS = re.compile(r"1[0-9]{12}")


def snake(key: str) -> str:
    """A JSON key in snake case, whichever style it came in.

    >>> snake("likedCount"), snake("liked_count"), snake("noteCard")
    ('liked_count', 'liked_count', 'note_card')
    """
    return _CAMEL.sub("_", key).lower()


def snake_keys(value: object) -> object:
    """The same JSON value with every key, at every depth, in snake case; a snake key that is already there wins."""
    if isinstance(value, Mapping):
        done = {snake(str(k)): snake_keys(v) for k, v in value.items()}
        return (
            done | {k: snake_keys(v) for k, v in value.items() if isinstance(k, str) and snake(k) == k} if len(done) < len(value) else done
        )
    return [snake_keys(v) for v in value] if isinstance(value, list) else value


@functools.lru_cache(maxsize=4096)
def header(name: str) -> str:
    """A column's name as aliases are compared: width, case, spaces and brackets do not count.

    >>> header("笔记 ID"), header("Liked_Count"), header("点赞数（次）")
    ('笔记id', 'likedcount', '点赞数次')
    """
    return _HEADER_NOISE.sub("", unicodedata.normalize("NFKC", name).casefold().lstrip("\ufeff"))


def is_nothing(value: object) -> bool:
    """Whether a cell or field holds nothing: None, `""`, `"None"`, `"nan"`, `"-"` and the like.

    >>> is_nothing("None"), is_nothing(0), is_nothing("0")
    (True, False, False)
    """
    return value is None or (isinstance(value, str) and value.strip() in _NOTHING) or (isinstance(value, float) and math.isnan(value))


def text(value: object) -> str | None:
    """Text exactly as it was sent, a number as text, None where there is nothing.

    >>> text(" 很好 "), text(5), text("None"), text(float("nan"))
    (' 很好 ', '5', None, None)
    """
    if isinstance(value, str):
        if len(value) > 4:  # longer than anything that stands for nothing
            return None if value.isspace() else value
        return None if value.strip() in _NOTHING else value
    if value is None or is_nothing(value) or isinstance(value, Mapping | list | tuple):
        return _rich_text(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def said(value: object) -> str | None:
    """What somebody said, exactly: here a dash or `"未知"` is something, and only what tools write for nothing is nothing.

    >>> said("未知"), said("None"), said("  ")
    ('未知', None, None)
    """
    return value if isinstance(value, str) and value in _SAYABLE else text(value)


def as_shown(shown: object) -> str | None:
    """What a table shows as time, unless it is a bare number."""
    return text(shown) if isinstance(shown, str) and not shown.isdigit() and not SHEET_DAY.fullmatch(shown.strip()) else None


def _rich_text(value: object) -> str | None:
    """Cells of online tables come as `[{"text": …, "type": …}]`."""
    if isinstance(value, list) and value and all(isinstance(part, Mapping) and isinstance(part.get("text"), str) for part in value):
        return "".join(part["text"] for part in value) or None
    return None


def place(value: object) -> str | None:
    """Where somebody wrote from, without the words that some tools put before it.

    >>> place("IP属地：四川"), place("浙江"), place("未知")
    ('四川', '浙江', None)
    """
    found = text(value)
    return text(_LOCATED.sub("", found)) if found and found.startswith(("IP", "ip", "来自")) else found


def wrote_from(value: object, shown: object) -> str | None:
    """Where somebody wrote from: as its column says, else as it stands behind the time (`编辑于 2天前 上海`).

    >>> wrote_from(None, "编辑于 2天前 上海"), wrote_from("IP属地：四川", "11-20 上海"), wrote_from(None, "2026-11-20 09:00")
    ('上海', '四川', None)
    """
    found = place(value) if value else None
    if found or type(shown) is not str or shown[-1:] < "一":  # the frequent case: a time ends in a digit
        return found
    at, behind = time_and_place(shown)
    return behind if behind and parse_time(at, now=_SOME_DAY) else None


def title(value: object) -> str | None:
    """A title, or None where a tool wrote that there is none (`"无标题"`)."""
    found = text(value)
    return None if found in _UNTITLED else found


def identity(value: object) -> str | None:
    """An id as text; None for nothing, for 0, and for one that a spreadsheet has damaged (see `damaged_id`).

    >>> identity(5200000000000000123), identity(0), identity("5.2E+18")
    ('5200000000000000123', None, None)
    """
    if type(value) is str and len(value) > 8 and value.isalnum() and not value.isdigit():
        return value  # the frequent case
    if isinstance(value, bool | float):
        return str(int(value)) if not isinstance(value, bool) and 0 < value < 1e15 else None
    found = text(value)
    found = found.strip() if found else None
    return None if not found or found == "0" or damaged_id(found) else found


def damaged_id(value: object) -> bool:
    """Whether a long numeric id has lost its last digits on its way through a spreadsheet (15 significant digits) or a float.

    >>> damaged_id("5.2E+18"), damaged_id("5200000000000000123"), damaged_id("5212345678901230000")
    (True, False, True)
    """
    if isinstance(value, float):
        return value >= 1e15
    if not isinstance(value, str):
        return False
    found = value.strip()
    return bool(_SPREADSHEET_ID.match(found)) or (found.isdigit() and len(found) > 16 and found.endswith("0" * (len(found) - 15)))


def count(value: object) -> Count | None:
    """`Count.parse`, remembering what was shown often."""
    if value is None:
        return None
    return _shown_count(value) if type(value) is str or type(value) is int else Count.parse(value)


@functools.lru_cache(maxsize=16384)
def _shown_count(shown: str | int) -> Count | None:
    return Count.parse(shown)


def when(value: object) -> dt.datetime | None:
    """`parse_time`, with the frequent case (Unix milliseconds) first; a day is a time too."""
    if type(value) is int and 1_000_000_000_000 < value < 4_000_000_000_000:
        return _from_seconds(value / 1000, _UTC)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return parse_time(value.isoformat())
    return parse_time(value)


def seen(shown: object, fetched: object) -> dt.datetime | None:
    """When it was said, of a display form (`昨天 12:30`, `3天前`, `11-18`), counted from when it was fetched; None where that is unknown.

    >>> seen("昨天 12:30", "2026-11-20 10:00").isoformat(), seen("昨天 12:30", None)
    ('2026-11-19T04:30:00+00:00', None)
    """
    at = when(fetched) if shown and type(shown) is str else None
    if at is None or (
        _WITHIN_A_DAY.search(str(shown)) and at.astimezone(BEIJING).time() == dt.time()
    ):  # a bare day: which hour is not known
        return None
    return parse_time(shown, now=at)


def came_out(shown: object, own_id: str | None, fetched: object, *, on_xhs: bool) -> dt.datetime | None:
    """When a post or comment came out: as it is shown, else by its id, which tells on Xiaohongshu, else counted from the fetch."""
    return when(shown) or (xhs_id_time(own_id) if on_xhs else None) or seen(shown, fetched)


def is_no_time(value: object) -> bool:
    """Whether a cell holds something that should be a time and is none. What a platform shows (`3天前`) is one.

    >>> is_no_time("2026-13-45"), is_no_time("昨天 19:20"), is_no_time("-"), is_no_time(0)
    (True, False, False, False)
    """
    if not isinstance(value, str | int | float) or not says(value) or str(value).strip() == "0":
        return False
    return when(value) is None and parse_time(value, now=_SOME_DAY) is None


def is_no_count(value: object) -> bool:
    """Whether a cell holds a text that should be a count and is none; a button's label (`赞`) stands for none.

    >>> is_no_count("abc"), is_no_count("1.7万"), is_no_count("赞"), is_no_count("")
    (True, False, False, False)
    """
    return isinstance(value, str) and says(value) and count(value) is None and value.strip() not in _LABELS


def says(value: object) -> bool:
    """Whether there is more in a cell than nothing, or signs (`—`) that stand for it."""
    return not is_nothing(value) and any(sign.isalnum() for sign in str(value))


def xhs_id_time(value: str | None) -> dt.datetime | None:
    """When a Xiaohongshu note or comment was made: the first 8 hex digits of its id are Unix seconds.

    >>> xhs_id_time("66a1b2c3000000000d00abcd").isoformat()
    '2024-07-25T02:04:51+00:00'
    """
    if value is None or not _XHS_ID.fullmatch(value):
        return None
    seconds = int(value[:8], 16)
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if 1_350_000_000 < seconds < 2_200_000_000 else None


def is_xhs_id(value: object) -> TypeGuard[str]:
    """Whether `value` has the form of a Xiaohongshu id: 24 hex digits."""
    return isinstance(value, str) and bool(_XHS_ID.fullmatch(value))


def is_ks_id(value: object) -> TypeGuard[str]:
    """Whether `value` has the form of an id of Kuaishou's web pages: `3x` and letters or digits."""
    return isinstance(value, str) and value.startswith("3x") and value.isalnum()


def clean_url(value: object) -> str | None:
    """An address without its query and fragment, where platforms and gateways put tokens; None where there is none.

    >>> clean_url("https://www.xiaohongshu.com/explore/66a1b2c3000000000d00abcd?xsec_token=ABC")
    'https://www.xiaohongshu.com/explore/66a1b2c3000000000d00abcd'
    """
    if type(value) is str and (plain := _PLAIN_URL.match(value)):
        return plain[0]
    if isinstance(value, Mapping):  # a link of an online table
        value = value.get("link")
    match = _HTTP.match(value) if isinstance(value, str) else None
    return f"{match[1].lower()}{match[2]}" if match else None


def id_in_url(url: str | None) -> tuple[str, str] | None:
    """The platform and the post's id that an address names, or None.

    >>> id_in_url("https://www.kuaishou.com/short-video/3xexamplephoto01")
    ('kuaishou', '3xexamplephoto01')
    """
    if not url:
        return None
    if match := _XHS_URL.search(url):
        return XIAOHONGSHU, match[1]
    match = _KS_URL.search(url)
    return (KUAISHOU, match[1]) if match else None


def user_in_url(url: str | None) -> str | None:
    """The account's id that the address of a profile names, or None."""
    match = _USER_URL.search(url) if url else None
    return match[1] if match else None


def post_url(platform: str | None, post_id: str | None) -> str | None:
    """The address of a post that has none with it, without any token."""
    if platform == XIAOHONGSHU and is_xhs_id(post_id):
        return f"https://www.xiaohongshu.com/explore/{post_id}"
    return f"https://www.kuaishou.com/short-video/{post_id}" if platform == KUAISHOU and is_ks_id(post_id) else None


def topics_in(said: str, platform: str | None) -> tuple[str, ...]:
    """The hashtags in a text, without their signs, each once.

    >>> topics_in("充电鼓包 #示例品牌[话题]# #避雷[话题]#", "xiaohongshu")
    ('示例品牌', '避雷')
    """
    if "#" not in said:
        return ()
    found = _XHS_TOPIC.findall(said) if platform == XIAOHONGSHU else ()
    return tuple(dict.fromkeys(topic.strip() for topic in found or _TOPIC.findall(said)))


def at_kuaishou(said: str) -> tuple[str, ...]:
    """The accounts that a Kuaishou text names as `@nick(O3x…)`: their ids, without the letter O.

    >>> at_kuaishou("找 @示例官方(O3xexampleoffi01) 退款")
    ('3xexampleoffi01',)
    """
    return tuple(found.removeprefix("O") for _, found in _AT_KUAISHOU.findall(said)) if "(" in said else ()


def unquoted(value: object) -> object:
    """A list as the tool meant it: databases hold one as `json.dumps` of the comma-joined text."""
    if not isinstance(value, str) or value[:1] not in {'"', "["}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def split_list(value: object) -> tuple[str, ...]:
    """A list that a tool wrote as one text: comma-joined, JSON or Python's repr.

    >>> split_list("避雷,退款"), split_list("['避雷', '退款']")
    (('避雷', '退款'), ('避雷', '退款'))
    """
    if type(value) is str and not _UNPLAIN_LIST.search(value):
        plain = dict.fromkeys(map(str.strip, value.split(",") if "," in value else value.split()))
        return tuple(plain if _NOTHING.isdisjoint(plain) else (part for part in plain if part not in _NOTHING))
    if isinstance(value, list | tuple):
        parts: Iterable[object] = value
    else:
        found = text(value)
        parts = re.split(r"[,，;；、]", found.strip("[]【】")) if found else ()
    cleaned = (str(part.get("name") if isinstance(part, Mapping) else part).strip(" '\"#") for part in parts)
    return tuple(dict.fromkeys(part for part in cleaned if part and part not in _NOTHING))


def unescape_cell(value: object) -> object:
    """Text of a workbook with `_x000D_` and its like turned back into the control characters they stand for."""
    if isinstance(value, str) and "_x" in value:
        return _CONTROL.sub(lambda match: chr(int(match[1], 16)), value)
    return value


def is_same_start(short: str | None, long: str) -> bool:
    """Whether a title only repeats how the text begins, as exporters write it for posts that have none."""
    return bool(short) and bool(long) and long.startswith(str(short).rstrip("…."))
