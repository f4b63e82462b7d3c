"""When, and how long: what platforms, exports and files show as a time, as aware UTC times; and lengths of time as files write them."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")

_AGO = re.compile(r"(\d+)\s*(秒|分钟|小时|天|周|个?月|年)前")
_AGO_SIZE = {"秒": 1, "分钟": 60, "小时": 3600, "天": 86400, "周": 604800}
_DAY = {"今天": 0, "昨天": 1, "前天": 2}
_ISO_LIKE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]*(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})秒?)?分?)?(?:\.\d+)?$")
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?(?:[ T]*(\d{1,2}):(\d{1,2}))?$")
_HALF_DAY = re.compile(r"(上午|下午)?\s*(?<!\d)(1[0-2]|0?[0-9])(:\d{2}(?::\d{2})?)\s*([ap]m)?", re.IGNORECASE)

_SHEET_EPOCH = dt.datetime(1899, 12, 30)
SHEET_DAY = re.compile(r"[45]\d{4}(?:\.\d+)?")  # a spreadsheet's day number: 2009 to 2064
_AROUND = re.compile(
    r"(?:(?:编辑|发布|发表|更新)于\s*[:：]?\s*)?(\S.*?)"
    r"(?:[\s·・]+(?:IP\s*(?:属地|归属地?|地址)\s*[:：]?\s*|来自\s*)?((?!星期|周[一二三四五六日天]|[上中下]午|凌晨|晚上)[一-鿿]{2,8}))?"
)

_DURATION = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$")


def parse_time(shown: object, *, now: dt.datetime | None = None) -> dt.datetime | None:
    """An aware UTC time from what a platform or export shows, or None where it cannot be known.

    Takes Unix seconds or milliseconds, ISO 8601, `2026年07月26日14时05分22秒`, `2026-07-26 14:05`, `2026/7/26 2:05 PM`, and, only if `now`
    (when it was seen) is given, display forms: `3天前`, `昨天 19:20`, `08-19`; a spreadsheet's day number (`46000.5`); and what platforms
    show around a time (`编辑于 2026-11-20 上海`). Times without an offset are Beijing time; 0 is unknown.

    >>> parse_time(1721873091000).isoformat()
    '2024-07-25T02:04:51+00:00'
    >>> parse_time("昨天 19:20") is None
    True
    """
    if isinstance(shown, dt.datetime):
        return _in_utc(shown)
    if isinstance(shown, bool) or shown is None:
        return None
    if isinstance(shown, int | float):
        return _from_sheet(shown) if 30_000 < shown < 80_000 else _epoch(float(shown))
    text = str(shown).strip()
    if SHEET_DAY.fullmatch(text):
        return _from_sheet(float(text))
    if "午" in text or text[-1:] in {"m", "M"}:
        text = _HALF_DAY.sub(_of_24_hours, text)
    if re.fullmatch(r"\d{9,14}(\.\d+)?", text):
        return _epoch(float(text))
    found = _written(text, now)
    return found if found or (bare := time_and_place(text)[0]) == text else _written(bare, now)


def time_and_place(shown: str) -> tuple[str, str | None]:
    """What is shown as a time, without the word before it and the place behind it, and that place.

    >>> time_and_place("编辑于 2天前 上海"), time_and_place("11-20 IP属地：四川")
    (('2天前', '上海'), ('11-20', '四川'))
    """
    match = _AROUND.fullmatch(shown.strip())
    return (match[1], match[2]) if match else (shown, None)


def _written(text: str, now: dt.datetime | None) -> dt.datetime | None:
    try:
        return _absolute(text) or (_relative(text, now.astimezone(BEIJING)) if now else None)
    except (ValueError, OverflowError):
        return None


def _of_24_hours(shown: re.Match[str]) -> str:
    """`7:05 PM` and `下午7:05` as `19:05`; what names no half of the day stays."""
    before, hour, minutes, behind = shown.groups()
    if not before and not behind:
        return shown[0]
    later = before == "下午" or (behind or "").casefold() == "pm"
    return f" {int(hour) % 12 + 12 * later:02}{minutes}"


def _in_utc(at: dt.datetime) -> dt.datetime | None:
    try:
        return (at if at.tzinfo else at.replace(tzinfo=BEIJING)).astimezone(dt.UTC)
    except (ValueError, OverflowError):  # what a data frame holds for "no time" is a time by its type
        return None


def _from_sheet(days: float) -> dt.datetime | None:
    """The time of a spreadsheet's day number, to the second: the fraction is not exact beyond that."""
    return _in_utc(_SHEET_EPOCH + dt.timedelta(seconds=round(days * 86400)))


def _epoch(value: float) -> dt.datetime | None:
    seconds = value / 1000 if value >= 1e11 else value
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if 1e8 < seconds < 5e9 else None


def _absolute(text: str) -> dt.datetime | None:
    if match := _ISO_LIKE.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=BEIJING).astimezone(dt.UTC)
    try:
        return _in_utc(dt.datetime.fromisoformat(text))
    except ValueError:
        return None


def _relative(text: str, now: dt.datetime) -> dt.datetime | None:
    if text == "刚刚":
        return now.astimezone(dt.UTC)
    if match := _AGO.match(text):
        unit = match[2]
        days = 30 if unit.endswith("月") else 365 if unit == "年" else 0
        seconds = _AGO_SIZE.get(unit, days * 86400)
        return (now - dt.timedelta(seconds=int(match[1]) * seconds)).astimezone(dt.UTC)
    for word, back in _DAY.items():
        if text.startswith(word):
            hour, _, minute = text[len(word) :].strip().partition(":")
            day = now - dt.timedelta(days=back)
            return day.replace(hour=int(hour or 0), minute=int(minute or 0), second=0, microsecond=0).astimezone(dt.UTC)
    if match := _MONTH_DAY.match(text):
        month, day_, hour_, minute_ = (int(part or 0) for part in match.groups())
        then = dt.datetime(now.year, month, day_, hour_, minute_, tzinfo=BEIJING)
        return (then if then <= now else then.replace(year=now.year - 1)).astimezone(dt.UTC)
    return None


def parse_duration(text: str) -> dt.timedelta:
    """`"36h"`, `"1d12h"`, `"2w"`, `"90m"` as a `timedelta`; `ValueError` for anything else.

    >>> parse_duration("1d12h")
    datetime.timedelta(days=1, seconds=43200)
    """
    match = _DURATION.match(text.strip())
    if not match or not any(match.groups()):
        raise ValueError(f"{text!r} is no duration; write it like '36h', '3d', '1d12h' or '2w'")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def format_duration(value: dt.timedelta) -> str:
    """The inverse of `parse_duration`.

    >>> format_duration(dt.timedelta(hours=36))
    '1d12h'
    """
    rest, parts = int(value.total_seconds()), []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
