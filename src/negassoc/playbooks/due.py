"""By when (时限): an amount of time, what it is counted from, on what basis; made concrete by a clock, a grade and the Chinese calendar."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

import attrs

from negassoc.classify import Grade
from negassoc.playbooks.hours import Hours, every_day
from negassoc.records import Title
from negassoc.times import BEIJING

Basis: TypeAlias = Literal["law", "platform_rule", "house_rule"]
Start: TypeAlias = Literal[
    "detection", "notice", "decision", "refusal", "filing", "acceptance", "remedy", "closing", "counter_notice", "authority", "return"
]
Workday: TypeAlias = Callable[[dt.date], bool | None]
"""Says of a date whether people work on it, or None if it cannot know."""

END_OF_WORK: Final = dt.time(18, 0)
"""A deadline in working days ends at this hour, Beijing time, of its last day."""

_START: Final[Mapping[str, Title]] = {
    "detection": Title("发现后", "after detection"), "notice": Title("收到平台通知后", "after the platform's notice"),
    "decision": Title("平台给出结果后", "after the platform's decision"), "refusal": Title("被驳回后", "after the refusal"),
    "filing": Title("提交后", "after filing"), "acceptance": Title("客户接受方案后", "after the customer accepts"),
    "remedy": Title("补救兑现后", "after the remedy"), "closing": Title("事情了结后", "after closing"),
    "counter_notice": Title("收到反通知后", "after the counter-notice"),
    "authority": Title("收到主管部门来函后", "after the authority's letter"),
    "return": Title("收到退货后", "after the goods came back"),
}  # fmt: skip
_BASIS: Final[Mapping[str, Title]] = {
    "law": Title("法律规定", "by law"), "platform_rule": Title("平台规则", "platform's rule"),
    "house_rule": Title("内部标准", "house rule"),
}  # fmt: skip
_GUESSED: Final = Title(
    "查不到当年放假安排，暂按周一至周五计，请核对", "no holiday list for that year: Monday to Friday assumed, please check"
)
_WINDOW_OVER: Final = Title(
    "期限可能已过，先问平台客服还能不能补交", "the window may be over: ask the platform whether it still accepts it"
)
_EARLIER: Final = Title("按时长到{}，为避开下班时间提前", "would end {}: moved up into working hours")
_LATER: Final = Title("按时长到{}，为避开下班时间顺延", "would end {}: put off to working hours")
_AT_NIGHT: Final = Title("夜间也要做，安排人值班", "to be done at night too: have somebody on duty")
_ON_A_DAY_OFF: Final = Title("休息日也要做，安排人值班", "to be done on a day off too: have somebody on duty")
_NO_NOTICE_TIME: Final = Title("未填通知时间，暂按发现时间算", "time of the notice unknown: counted from detection, please correct")


@attrs.frozen(kw_only=True)
class Window:
    """A limit that no deadline may pass: `within` of `counted_from`, less a `margin` to spare.

    `platform` None holds everywhere. `needs_notice` marks one that exists only where the platform has sent a notice, `shop` one that
    runs for shops there only, `trades` one for these trades. `source` is told in Chinese, `source_en` in English.
    """

    platform: str | None = None
    within: dt.timedelta
    margin: dt.timedelta = dt.timedelta()
    counted_from: Start
    basis: Basis
    what: Title
    source: str
    checked_on: dt.date
    source_en: str | None = None
    needs_notice: bool = False
    shop: bool = False
    trades: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Deadline:
    """A due made concrete: `at` is aware, in Beijing time, None where it is counted from something that has not happened yet.

    `on_duty` says that it falls into the night or on a day off and is to be done all the same.
    """

    at: dt.datetime | None
    basis: Title
    on_duty: bool = False


@attrs.frozen(kw_only=True)
class Due:
    """How long a step may take. Amounts of house rules are those of P2: P0 and P1 take half, P3 double, unless `fixed` or `by_grade`.

    One of `within`, `working_days`, `by_grade` is given. `caps` are the limits it never passes, whatever the grade. `any_hour` says of a
    step that it is done at night too (or never), whatever the grade; unless given the hours of work decide (`Hours.night`). `firm`: it may
    be moved up but not put off, because a window may run that only the notice names.
    """

    within: dt.timedelta | None = None
    working_days: int | None = None
    by_grade: Mapping[Grade, dt.timedelta] = attrs.field(factory=dict, hash=False)
    counted_from: Start
    fixed: bool = False
    basis: Basis = "house_rule"
    source: str | None = None
    source_en: str | None = None
    checked_on: dt.date | None = None
    note: Title | None = None
    any_hour: bool | None = None
    firm: bool = False
    caps: tuple[Window, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.within is None and self.working_days is None and not self.by_grade:
            raise ValueError("a due needs within, working_days or by_grade")
        if self.basis != "house_rule" and not (self.source and self.checked_on):
            raise ValueError(f"a due by {self.basis} needs source and checked_on")

    def deadline(  # noqa: PLR0913 - each is one thing to state, by name
        self,
        started: Mapping[Start, dt.datetime],
        *,
        grade: Grade = Grade.P2,
        platform: str | None = None,
        noticed: bool = False,
        workday: Workday | None = None,
        hours: Hours | None = None,
        not_before: dt.datetime | None = None,
        not_after: dt.datetime | None = None,
    ) -> Deadline:
        """When it ends, given when things started; for an unknown platform (None) the tightest window of any platform holds.

        `noticed` says that the platform has sent a notice, though its time may not be known. With `hours` a deadline of the house that
        falls outside of them is moved, not before `not_before` nor behind `not_after`; the law's and a platform's never move, nor does
        any pass them.

        >>> hour = Due(within=dt.timedelta(hours=2), counted_from="detection")
        >>> hour.deadline({"detection": dt.datetime(2025, 9, 30, 9, tzinfo=BEIJING)}, grade=Grade.P1).at.isoformat()
        '2025-09-30T10:00:00+08:00'
        """
        start, notes = started.get(self.counted_from), list[Title]()
        if start is None and self.counted_from == "notice":
            start = started.get("detection")
            notes.append(_NO_NOTICE_TIME)
        known, amount = workday or chinese_workday, self._amount(grade)
        at, guessed = _reach(start, amount, known) if start else (None, False)
        notes += [_GUESSED] if guessed else []
        limits = self._limits(started, platform, noticed=noticed or "notice" in started)
        for cap, end in limits:
            if at is None or end is None or end - cap.margin < at:
                at = end - cap.margin if end and at else at
                notes.append(_window_words(cap))
        if any(end and end < started.get("detection", end) for _, end in limits):
            notes.append(_WINDOW_OVER)
        if at is None or start is None or hours is None:
            return Deadline(at=at.astimezone(BEIJING) if at else None, basis=self._words(amount, grade, notes))
        fixed = [self.limit(started, platform, noticed=noticed), not_after, at if self.firm else None]
        place = _Place(hours, start, grade, known, min((end for end in fixed if end), default=None), not_before)
        when = place.of(at, amount, self.any_hour) if self.basis == "house_rule" else at
        notes += place.words(at, when)
        return Deadline(at=when.astimezone(BEIJING), basis=self._words(amount, grade, notes), on_duty=place.on_duty(when))

    def limit(self, started: Mapping[Start, dt.datetime], platform: str | None, *, noticed: bool = False) -> dt.datetime | None:
        """What it never passes by law or by a platform's rule, as far as that is known; the steps it builds on are due before it."""
        windows = self._limits(started, platform, noticed=noticed or "notice" in started)
        return min((end - cap.margin for cap, end in windows if end and cap.basis != "house_rule"), default=None)

    def _amount(self, grade: Grade) -> dt.timedelta | int:
        if grade in self.by_grade:
            return self.by_grade[grade]
        factor = 1.0 if self.fixed or self.basis != "house_rule" or self.by_grade else {"P0": 0.5, "P1": 0.5, "P3": 2.0}.get(grade, 1.0)
        if self.within is not None:
            return self.within * factor
        return math.ceil((self.working_days or 1) * factor)

    def _limits(
        self, started: Mapping[Start, dt.datetime], platform: str | None, *, noticed: bool
    ) -> list[tuple[Window, dt.datetime | None]]:
        """The windows that hold here, each with its end where its start is known."""
        found = list[tuple[Window, dt.datetime | None]]()
        for cap in self.caps:
            elsewhere = cap.platform and platform and cap.platform != platform
            if not elsewhere and (noticed or not cap.needs_notice):
                start = started.get(cap.counted_from) or (started.get("detection") if cap.counted_from == "notice" else None)
                found.append((cap, start + cap.within if start else None))
        return found

    def _words(self, amount: dt.timedelta | int, grade: Grade, notes: list[Title]) -> Title:
        plain = self.by_grade.get(Grade.P2, self.within) if self.within or self.by_grade else self.working_days
        scaled = plain is not None and amount != plain
        start, basis, long = _START[self.counted_from], _BASIS[self.basis], _long(amount)
        remarks = [basis] + ([_scale(grade, self.by_grade)] if scaled else []) + ([self.note] if self.note else []) + notes
        source = Title(f"依据：{self.source}", self.source_en or self.source) if self.source and self.basis != "house_rule" else None
        remarks += [source] if source else []
        return Title(
            f"{start.zh} {long.zh}内（{'；'.join(r.zh for r in remarks)}）",
            f"within {long.en} {start.en} ({'; '.join(r.en for r in remarks)})",
        )


@attrs.frozen
class _Place:
    """Where a deadline of the house comes to stand among the hours of work; never behind `limit`, which is the law's or a platform's."""

    hours: Hours
    start: dt.datetime
    grade: Grade
    workday: Workday
    limit: dt.datetime | None
    not_before: dt.datetime | None

    def of(self, at: dt.datetime, amount: dt.timedelta | int, any_hour: bool | None) -> dt.datetime:
        """The same time where it is in hours, where the step is done at any hour, and where it ends with a working day anyway."""
        if isinstance(amount, int):
            return at
        if any_hour if any_hour is not None else self.hours.at_night(amount, self.grade):
            return self._within_limits(at)
        days = every_day if self.hours.on_days_off(amount, self.grade) else self._works
        found = self._behind(self.hours.fitted(at, self.start, amount, days))
        if self.limit is None or found <= self.limit:
            return found
        return self._within_limits(self.hours.fitted(at, self.start, amount, every_day))  # it does not wait for a working day

    def _behind(self, at: dt.datetime) -> dt.datetime:
        return max(at, self.not_before) if self.not_before else at

    def _within_limits(self, at: dt.datetime) -> dt.datetime:
        return min(self._behind(at), self.limit) if self.limit else self._behind(at)

    def on_duty(self, at: dt.datetime) -> bool:
        """Whether nobody works then as a rule."""
        return not self.hours.holds(at) or not self._works(at.astimezone(BEIJING).date())

    def words(self, at: dt.datetime, when: dt.datetime) -> list[Title]:
        """That it was moved, and that somebody must be on duty."""
        moved = [] if when == at else [_EARLIER if when < at else _LATER]
        night = _AT_NIGHT if not self.hours.holds(when) else _ON_A_DAY_OFF
        return [Title(m.zh.format(beijing(at)), m.en.format(beijing(at, "en"))) for m in moved] + ([night] if self.on_duty(when) else [])

    def _works(self, day: dt.date) -> bool:
        return _is_workday(day, self.workday)


def _is_workday(day: dt.date, workday: Workday) -> bool:
    """By the calendar; Monday to Friday where it does not know."""
    known = workday(day)
    return day.weekday() < 5 if known is None else known


def chinese_workday(day: dt.date) -> bool | None:
    """Whether people in China work on `day`, by the State Council's calendar; None where the year is not in the data.

    Needs the extra `calendar`; without it nothing is known. The data end with the last year whose holidays are published.
    """
    try:
        import chinese_calendar
    except ImportError:
        return None
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def add_working_days(start: dt.datetime, days: int, workday: Workday = chinese_workday) -> tuple[dt.datetime, bool]:
    """The end of the `days`-th working day after the day of `start` (that day is not counted), Beijing time, and whether any day was
    guessed to be Monday-to-Friday because the calendar did not know it.

    >>> before_holidays = dt.datetime(2025, 9, 29, 15, tzinfo=BEIJING)
    >>> add_working_days(before_holidays, 2)[0].date().isoformat()  # 1 to 8 October 2025 are free
    '2025-10-09'
    """
    day, guessed = start.astimezone(BEIJING).date(), False
    while days > 0:
        day += dt.timedelta(days=1)
        guessed = guessed or workday(day) is None
        days -= _is_workday(day, workday)
    return dt.datetime.combine(day, END_OF_WORK, BEIJING), guessed


def beijing(at: dt.datetime, lang: str = "zh") -> str:
    """A time as people in China read it: date, weekday, hour; `lang` is `"zh"` or `"en"`.

    >>> beijing(dt.datetime(2026, 11, 27, 1, 30, tzinfo=dt.UTC))
    '11月27日（周五）09:30'
    """
    local = at.astimezone(BEIJING)
    if lang == "en":
        return f"{local:%a %d %b %Y, %H:%M} Beijing time"
    return f"{local.month}月{local.day}日（周{'一二三四五六日'[local.weekday()]}）{local:%H:%M}"


def _scale(grade: Grade, by_grade: Mapping[Grade, dt.timedelta]) -> Title:
    """Why the amount differs from that of P2."""
    if grade in by_grade:
        return Title(f"{grade} 级", f"for {grade}")
    zh, en = ("加倍", "double") if grade is Grade.P3 else ("减半", "half")
    return Title(f"{grade} 级{zh}", f"{en} for {grade}")


def _reach(start: dt.datetime, amount: dt.timedelta | int, workday: Workday) -> tuple[dt.datetime, bool]:
    return add_working_days(start, amount, workday) if isinstance(amount, int) else (start + amount, False)


def _window_words(cap: Window) -> Title:
    spare = Title(f"，留出 {_long(cap.margin).zh}", f", less {_long(cap.margin).en}") if cap.margin else Title("", "")
    read = Title(f"（{cap.source}，{cap.checked_on} 查证）", f" ({cap.source_en or cap.source}, checked {cap.checked_on})")
    read = read if cap.basis != "house_rule" else Title("", "")
    return Title(f"不得晚于：{cap.what.zh}{spare.zh}{read.zh}", f"never later than: {cap.what.en}{spare.en}{read.en}")


def _long(amount: dt.timedelta | int) -> Title:
    """An amount of time in words."""
    if isinstance(amount, int):
        return Title(f" {amount} 个工作日".strip(), f"{amount} working day{'s' if amount > 1 else ''}")
    minutes = int(amount.total_seconds() // 60)
    for size, zh, en in ((1440, "天", "day"), (60, "小时", "hour")):
        if minutes % size == 0 and minutes >= size and (size == 60 or minutes >= 5 * 1440):
            return Title(f"{minutes // size} {zh}", f"{minutes // size} {en}{'s' if minutes // size > 1 else ''}")
    return Title(f"{minutes} 分钟", f"{minutes} minutes")
