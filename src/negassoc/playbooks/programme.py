"""The long-term programme (长期维护) as a schedule: which tasks fall on a day, and the review of a post that needs two people."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import attrs

from negassoc.errors import CaseError, DataError, Problem, UnknownNameError
from negassoc.playbooks.due import Workday, chinese_workday
from negassoc.playbooks.playbook import Playbooks
from negassoc.records import Json, Title, load_toml, unstructure
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOVED_AT_MOST: Final = 15
"""Days: the longest run of days off in China is shorter than this."""


@attrs.frozen(kw_only=True)
class Task:
    """A recurring task. `every` says how often; `at` are times of day in Beijing; `weekday` counts from 1 (Monday).

    Tasks of a `post` or an `event` have no date of their own; `event` says in words when they are due.
    """

    id: str
    every: Literal["day", "week", "month", "quarter", "year", "post", "event"]
    at: tuple[str, ...] = ()
    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    event: Title | None = None
    title: Title
    detail: Title
    role: str
    helpers: tuple[str, ...] = ()
    output: Title
    guards: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()

    def times(self) -> tuple[dt.time, ...]:
        """Its times of day."""
        return tuple(dt.time.fromisoformat(text) for text in self.at)

    def nominal(self, day: dt.date) -> bool:
        """Whether it falls on this date before holidays are looked at."""
        last = calendar.monthrange(day.year, day.month)[1]
        on_day = self.day is not None and day.day == min(self.day, last)
        match self.every:
            case "day":
                return True
            case "week":
                return day.isoweekday() == self.weekday
            case "month":
                return on_day
            case "quarter":
                return on_day and day.month % 3 == 1
            case "year":
                return on_day and day.month == self.month
            case _:
                return False


@attrs.frozen(kw_only=True)
class DueTask:
    """A task that falls on a date: `at` is aware UTC; `moved_from` is the day it would be without the holiday, if it was moved."""

    task: Task
    at: dt.datetime
    moved_from: dt.date | None = None

    def to_record(self) -> dict[str, Json]:
        """As `negassoc programme --json` prints it."""
        role = Playbooks.default().role_title(self.task.role)
        record = {"id": self.task.id, "at": self.at, "title": self.task.title, "detail": self.task.detail, "role": self.task.role}
        record |= {"role_title": role, "output": self.task.output, "guards": self.task.guards, "moved_from": self.moved_from}
        plain = unstructure(record)
        return plain if isinstance(plain, dict) else {}


@attrs.frozen(kw_only=True)
class _ProgrammeFile:
    checked_on: dt.date
    source: str
    task: tuple[Task, ...]


@attrs.frozen(kw_only=True)
class Programme:
    """The schedule: iterating gives its tasks."""

    tasks: tuple[Task, ...]

    @classmethod
    def default(cls) -> Programme:
        """The packaged programme."""
        return _default()

    @classmethod
    def load(cls, directory: str | Path) -> Programme:
        """The `programme.toml` of a pack directory, empty where there is none; `DataError` names path and line."""
        path = Path(directory) / "programme.toml"
        tasks = load_toml(path, _ProgrammeFile).task if path.exists() else ()
        problems = [Problem(str(path), f"{task.id}: {what}", key=task.id) for task in tasks for what in _wrong(task)]
        if problems:
            raise DataError(problems)
        return cls(tasks=tasks)

    def __or__(self, other: Programme) -> Programme:
        """This with the other's tasks laid over it by id."""
        return Programme(tasks=tuple({task.id: task for task in (*self.tasks, *other.tasks)}.values()))

    def __iter__(self) -> Iterator[Task]:
        return iter(self.tasks)

    def __len__(self) -> int:
        return len(self.tasks)

    def task(self, id: str) -> Task:  # noqa: A002 - the record's own word
        """One task; `UnknownNameError` if there is none of that id."""
        tasks = {task.id: task for task in self.tasks}
        if id not in tasks:
            raise UnknownNameError("task", id, tasks)
        return tasks[id]

    def due_on(self, day: dt.date, *, workday: Workday = chinese_workday) -> tuple[DueTask, ...]:
        """What falls on a date, earliest first. A task of a day off moves to the next working day; daily ones stay.

        Where the calendar does not know the year, Monday to Friday are taken for working days.

        >>> [due.task.id for due in Programme.default().due_on(dt.date(2025, 11, 24))][:3]
        ['M-D2', 'M-D1', 'M-W1']
        """
        found = [due for task in self.tasks for due in _on(task, day, workday)]
        return tuple(sorted(found, key=lambda due: (due.at, due.task.id)))

    def between(self, first: dt.date, days: int, *, workday: Workday = chinese_workday) -> tuple[DueTask, ...]:
        """What falls on `days` days from `first` on."""
        return tuple(due for offset in range(days) for due in self.due_on(first + dt.timedelta(days=offset), workday=workday))


@attrs.frozen(kw_only=True)
class Review:
    """The two-person review of one post (双人审核): A reads the content, B the rules; two different people, or it is not passed.

    >>> review = Review(post="春季上新笔记").sign_content("小李").sign_compliance("小王")
    >>> review.passed
    True
    """

    post: str
    content_by: str | None = None
    compliance_by: str | None = None
    objections: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.content_by and self.compliance_by and _same(self.content_by, self.compliance_by):
            raise CaseError(
                f"{self.content_by} cannot sign both parts of the review of {self.post!r}: it needs two people", status="one signature"
            )  # fmt: skip

    def sign_content(self, who: str) -> Review:
        """With the content read by `who`; `CaseError` if the same person signed for the rules or somebody signed this before."""
        return attrs.evolve(self, content_by=self._signing(self.content_by, who))

    def sign_compliance(self, who: str) -> Review:
        """With the rules checked by `who`; `CaseError` if the same person signed for the content or somebody signed this before."""
        return attrs.evolve(self, compliance_by=self._signing(self.compliance_by, who))

    def object(self, why: str) -> Review:
        """With an objection; the post may not go out, and a corrected one gets a review of its own."""
        return attrs.evolve(self, objections=(*self.objections, why))

    def _signing(self, before: str | None, who: str) -> str:
        if not who.strip():
            raise CaseError(f"the review of {self.post!r} needs the name of a person", status="not signed")
        if before:
            raise CaseError(f"{before} has signed this part of the review of {self.post!r} already", status="signed")
        return who.strip()

    @property
    def passed(self) -> bool:
        """Whether the post may go out: both signatures, no objection."""
        return bool(self.content_by and self.compliance_by) and not self.objections


@functools.cache
def _default() -> Programme:
    return Programme.load(Path(__file__).parents[1] / "data")


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _wrong(task: Task) -> Iterable[str]:
    needs = {"week": ("weekday",), "month": ("day",), "quarter": ("day",), "year": ("month", "day"), "event": ("event",)}
    missing = [name for name in needs.get(task.every, ()) if getattr(task, name) is None]
    yield from (f"every {task.every} needs {name}" for name in missing)
    if task.weekday is not None and not 1 <= task.weekday <= 7:
        yield f"weekday {task.weekday} is not 1 (Monday) to 7"
    for text in task.at:
        try:
            dt.time.fromisoformat(text)
        except ValueError:
            yield f"{text!r} is no time of day like 09:30"


def _works(day: dt.date, workday: Workday) -> bool:
    known = workday(day)
    return day.weekday() < 5 if known is None else known


def _on(task: Task, day: dt.date, workday: Workday) -> Iterator[DueTask]:
    if task.every == "day":
        origin: dt.date | None = day
    else:
        origin = _origin(task, day, workday) if _works(day, workday) else None
    if origin is not None:
        moved = origin if origin != day else None
        for at in task.times() or (dt.time(10),):
            yield DueTask(task=task, at=dt.datetime.combine(day, at, BEIJING).astimezone(dt.UTC), moved_from=moved)


def _origin(task: Task, day: dt.date, workday: Workday) -> dt.date | None:
    """The nominal date that brings the task to this working day: the day itself, or a day off right before it."""
    if task.nominal(day):
        return day
    for back in range(1, _MOVED_AT_MOST):
        before = day - dt.timedelta(days=back)
        if _works(before, workday):
            return None
        if task.nominal(before):
            return before
    return None
