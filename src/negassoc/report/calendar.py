"""Deadlines and the maintenance programme as a calendar file (ICS) that phones and office calendars read. Extra `calendar`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import attrs

from negassoc.errors import MissingExtraError
from negassoc.playbooks import Programme
from negassoc.records import Title
from negassoc.text.legible import legible
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icalendar import Event

    from negassoc.cases import Case, Task
    from negassoc.playbooks import Plan

_LENGTH = dt.timedelta(minutes=30)
_DUE = Title("截止：", "Due: ")
_ANSWER = Title("平台应在此前答复：", "Platform's answer due: ")


@attrs.frozen(kw_only=True)
class Entry:
    """One entry of a calendar: it ends at `due_at` and reminds `remind` before. `uid` must stay the same for the same thing.

    `revision` rises when the entry changes; `cancelled` takes it out of calendars that have it.
    """

    uid: str
    title: str
    text: str
    due_at: dt.datetime
    stamp_at: dt.datetime
    revision: int = 0
    remind: dt.timedelta = dt.timedelta(hours=1)
    cancelled: bool = False


def to_ics(entries: Iterable[Entry]) -> bytes:
    """The entries as an iCalendar file in Beijing time, each with a reminder; `MissingExtraError` without the extra `calendar`."""
    try:
        from icalendar import Calendar
    except ImportError:
        raise MissingExtraError("calendar", "writing a calendar file") from None
    calendar = Calendar()
    calendar.add("prodid", "-//negassoc//negassoc//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def case_calendar(case: Case, *, lang: str = "zh") -> bytes:
    """The deadlines of a case. Reading a newer file over an older one moves what moved and removes what is settled."""
    return to_ics(entry for task in case if (entry := _of_task(case, task, lang)))


def plan_calendar(plan: Plan, *, key: str, lang: str = "zh") -> bytes:
    """The deadlines of a plan that no case follows yet; `key` names the plan, and keeps its entries apart from others'."""
    return to_ics(
        Entry(
            uid=_uid(key, action.id), title=_DUE.of(lang) + action.titled(lang), text=_words(action.why, action.done_when, lang),
            due_at=action.due_at, stamp_at=plan.now,
        )
        for action in plan
        if action.due_at
    )  # fmt: skip


def programme_calendar(first: dt.date, days: int, *, programme: Programme | None = None, lang: str = "zh") -> bytes:
    """What the maintenance programme asks for on `days` days from `first` on, moved off holidays."""
    due = (programme or Programme.default()).between(first, days)
    stamp = dt.datetime.combine(first, dt.time(), BEIJING)
    return to_ics(
        Entry(
            uid=_uid(each.task.id, f"{each.at.astimezone(BEIJING):%Y%m%dT%H%M}"), title=each.task.title.of(lang),
            text=_words(each.task.detail, each.task.output, lang), due_at=each.at + _LENGTH, stamp_at=stamp, remind=_LENGTH,
        )
        for each in due
    )  # fmt: skip


def _of_task(case: Case, task: Task, lang: str) -> Entry | None:
    due_at = task.deadline_at or task.action.due_at
    if due_at is None:
        return None
    head = _ANSWER if task.waiting_until else _DUE
    return Entry(
        uid=_uid(case.id, task.id), title=f"{head.of(lang)}{task.action.titled(lang)}（{case.plan.brand.name} {case.plan.grade.value}）",
        text=_words(task.action.why, task.action.done_when, lang), due_at=due_at, stamp_at=case.log[-1].at, revision=len(case.log),
        cancelled=task.settled,
    )  # fmt: skip


def _words(why: Title, done_when: Title, lang: str) -> str:
    done = Title(f"做到什么算完成：{done_when.zh}", f"Done when: {done_when.en}")
    return f"{why.of(lang)}\n{done.of(lang)}"


def _uid(*parts: str) -> str:
    return "-".join(parts) + "@negassoc"


def _event(entry: Entry) -> Event:
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp_at.astimezone(dt.UTC))
    event.add("sequence", entry.revision)
    event.add("summary", legible(entry.title))
    event.add("description", legible(entry.text))
    event.add("dtstart", (entry.due_at - _LENGTH).astimezone(BEIJING))
    event.add("dtend", entry.due_at.astimezone(BEIJING))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if not entry.cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", legible(entry.title))
        alarm.add("trigger", -entry.remind)
        event.add_component(alarm)
    return event
