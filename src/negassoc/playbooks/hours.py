"""When people work (上班时间): a deadline of the house that falls outside is moved inside, what is urgent stays where it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from negassoc.brand import working_span
from negassoc.classify import Grade
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from negassoc.brand import Brand

OpenOn: TypeAlias = Callable[[dt.date], bool]
"""Whether there is work on a day."""

_NONE: Final = dt.timedelta()
_SHARE: Final = 4
"""Of its time a step that is moved up keeps at least a quarter in hours of work, or a day of work."""


def every_day(day: dt.date) -> bool:
    """For what does not wait for a working day."""
    return True


@attrs.frozen(kw_only=True)
class Hours:
    """When people work, Beijing time (`open`, like `"09:00-18:00"`), and what does not wait until they do.

    By grade: what has at most `night` is done at any hour, what has at most `weekend` also on days off, in the hours of work. Where moving
    up would leave too little working time, a deadline is put off into the next hours of work: by half its amount, by `enough` at most.

    >>> friday = dt.datetime(2026, 11, 27, 20, 40, tzinfo=BEIJING)
    >>> hours = Hours(open="09:00-18:00", enough=dt.timedelta(hours=6))
    >>> hours.fitted(friday + dt.timedelta(hours=2), friday, dt.timedelta(hours=2), every_day).isoformat()
    '2026-11-28T10:00:00+08:00'
    """

    open: str
    enough: dt.timedelta
    night: Mapping[Grade, dt.timedelta] = attrs.field(factory=dict, hash=False)
    weekend: Mapping[Grade, dt.timedelta] = attrs.field(factory=dict, hash=False)

    def __attrs_post_init__(self) -> None:
        working_span(self.open)

    def of(self, brand: Brand) -> Hours:
        """These with the brand's own hours, where its file names them."""
        return attrs.evolve(self, open=brand.working_hours) if brand.working_hours else self

    def at_night(self, amount: dt.timedelta, grade: Grade) -> bool:
        """Whether a step of that grade that has so long is done at any hour."""
        return amount <= self.night.get(grade, _NONE)

    def on_days_off(self, amount: dt.timedelta, grade: Grade) -> bool:
        """Whether a step of that grade that has so long does not wait for a working day."""
        return amount <= self.weekend.get(grade, _NONE)

    @property
    def _day(self) -> dt.timedelta:
        opens, closes = (dt.datetime.combine(dt.date.min, at) for at in working_span(self.open))
        return closes - opens

    def holds(self, at: dt.datetime) -> bool:
        """Whether people work at that time of day."""
        opens, closes = working_span(self.open)
        return opens <= at.astimezone(BEIJING).time() <= closes

    def fitted(self, end: dt.datetime, start: dt.datetime, amount: dt.timedelta, open_on: OpenOn) -> dt.datetime:
        """The last working moment up to `end`; where that leaves too little working time after `start`, on into the next hours of work."""
        begun, ends = start.astimezone(BEIJING), end.astimezone(BEIJING)
        early = self._last(ends, open_on)
        if early >= self._after(begun, min(amount / _SHARE, self._day), open_on):
            return early
        return self._after(begun if early == ends else max(begun, early), min(amount / 2, self.enough), open_on)

    def _last(self, end: dt.datetime, open_on: OpenOn) -> dt.datetime:
        _, closes = working_span(self.open)
        day = end.date()
        if open_on(day) and self.holds(end):
            return end
        while not open_on(day) or dt.datetime.combine(day, closes, BEIJING) > end:
            day -= dt.timedelta(days=1)
        return dt.datetime.combine(day, closes, BEIJING)

    def _after(self, start: dt.datetime, amount: dt.timedelta, open_on: OpenOn) -> dt.datetime:
        """When so much working time has passed."""
        opens, closes = working_span(self.open)
        day, left = start.date(), amount
        while True:
            since, until = max(start, dt.datetime.combine(day, opens, BEIJING)), dt.datetime.combine(day, closes, BEIJING)
            if open_on(day) and since < until:
                if since + left <= until:
                    return since + left
                left -= until - since
            day += dt.timedelta(days=1)
