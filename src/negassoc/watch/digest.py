"""The week in one page (周报): what was found, of which type and grade, whether it grows, what is to be done now and next week."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import attrs

from negassoc.cases.store import SqlStore, not_open
from negassoc.cases.task import aware
from negassoc.classify import FOUR_TYPES, AssociationType, Grade
from negassoc.playbooks.programme import DueTask, Programme
from negassoc.records import Json, unstructure
from negassoc.times import BEIJING
from negassoc.watch.alerts import Alert, quotable
from negassoc.watch.deadlines import deadlines_of
from negassoc.watch.ledger import Ledger, StoredMention, Tally, Window
from negassoc.watch.outbox import Outbox
from negassoc.watch.pointing import brand_key
from negassoc.watch.thresholds import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from negassoc.brand import Brand

_DAY: Final = dt.timedelta(days=1)
_WEEK: Final = dt.timedelta(days=7)
TOP: Final = 8
"""How many mentions a digest quotes."""


@attrs.frozen
class Day:
    """One day in Beijing: all that was said of the brand, and what of it is negative; None where the day had not yet begun, or
    nothing at all is stored of the brand."""

    date: dt.date
    all: int | None
    negative: int | None


@attrs.frozen(kw_only=True)
class Digest:
    """One brand's week, Monday to Sunday in Beijing; `end` is exclusive. `to_markdown` is the page for people.

    `tally` counts what was published in the week, `before` the week before; `undated` those of the week of which only the first sight is
    known; `first_seen`, `edited` and `not_seen` what the monitor noticed in the week (`not_seen`: no longer shown by a source that shows
    everything, which proves no deletion). `top` are the gravest, `deadlines` the open steps overdue or due until the end of the next
    week, `tasks` those of the maintenance programme in the next week, `alerts` those raised. `known_before` is False where nothing older
    than this week is stored, so that there is nothing to compare with.
    """

    brand: str
    name: str
    start: dt.datetime
    end: dt.datetime
    made_at: dt.datetime
    tally: tuple[Tally, ...]
    before: tuple[Tally, ...]
    known_before: bool
    days: tuple[Day, ...]
    undated: int
    first_seen: int
    edited: int
    not_seen: int
    top: tuple[StoredMention, ...]
    alerts: tuple[Alert, ...]
    deadlines: tuple[Deadline, ...]
    tasks: tuple[DueTask, ...]

    @property
    def total(self) -> int:
        """All mentions published in the week."""
        return sum(one.count for one in self.tally)

    @property
    def negative(self) -> int:
        """Those of one of the four types."""
        return self.of_type(*FOUR_TYPES)

    def of_type(self, *types: AssociationType) -> int:
        """How many mentions of these types the week has."""
        return _of_types(self.tally, types)

    def of_type_before(self, *types: AssociationType) -> int | None:
        """The same of the week before; None where nothing is known of it."""
        return _of_types(self.before, types) if self.known_before else None

    def of_grade(self, grade: Grade) -> int:
        """How many negative mentions of this grade the week has."""
        return _of_grade(self.tally, grade)

    def of_grade_before(self, grade: Grade) -> int | None:
        """The same of the week before; None where nothing is known of it."""
        return _of_grade(self.before, grade) if self.known_before else None

    def by_platform(self) -> dict[str | None, int]:
        """How many mentions each platform has, the one with the most first; None is an unknown platform."""
        sizes = dict[str | None, int]()
        for one in self.tally:
            sizes[one.platform] = sizes.get(one.platform, 0) + one.count
        return dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0] or "")))

    def to_record(self) -> dict[str, Json]:
        """As `monitor digest --json` prints it; quotes are masked."""
        return {
            "brand": self.brand, "start": self.start.isoformat(), "end": self.end.isoformat(), "made_at": self.made_at.isoformat(),
            "total": self.total, "negative": self.negative, "by_type": {t.value: self.of_type(t) for t in AssociationType},
            "by_grade": {g.value: self.of_grade(g) for g in Grade}, "known_before": self.known_before,
            "negative_before": self.of_type_before(*FOUR_TYPES),
            "by_platform": {name or "": count for name, count in self.by_platform().items()},
            "days": unstructure(self.days), "undated": self.undated, "first_seen": self.first_seen, "edited": self.edited,
            "not_seen": self.not_seen,
            "top": [{"id": one.mention.id, "type": one.type.value, "grade": one.grade and one.grade.value, "quote": quotable(one)}
                    for one in self.top],
            "alerts": [alert.id for alert in self.alerts],
            "deadlines": unstructure(self.deadlines),
            "tasks": [task.to_record() for task in self.tasks],
        }  # fmt: skip

    def to_markdown(self, lang: str = "zh") -> str:
        """The page, in Chinese (`"zh"`) or English (`"en"`)."""
        from negassoc.watch.digest_page import page

        return page(self, lang)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def digest(
    store: SqlStore, brand: Brand, week: dt.date | None = None, *, now: dt.datetime | None = None, programme: Programme | None = None
) -> Digest:
    """The digest of the week that has the day `week` in it; without one, of the last whole week before `now`. `programme` gives the
    tasks of the week after it, the packaged one unless another is given."""
    if not isinstance(store, SqlStore):
        raise not_open(store)
    now = aware(now)
    start = _monday(week or (now - _WEEK).astimezone(BEIJING).date())
    end, key, ledger = start + _WEEK, brand_key(brand), Ledger(store)
    this, before = Window(key, start, end), Window(key, start - _WEEK, start)
    earliest = ledger.earliest(key)
    due = [one for one in deadlines_of(store, brand) if one.due_at < end + _WEEK]
    return Digest(
        brand=key, name=brand.name, start=start, end=end, made_at=now, tally=tuple(ledger.tally(this)), before=tuple(ledger.tally(before)),
        known_before=earliest is not None and earliest < start, days=_days(ledger, this, now if earliest else start),
        undated=ledger.undated(this), first_seen=ledger.first_seen(this),
        edited=ledger.edited(this), not_seen=ledger.missed(this), top=tuple(ledger.gravest(attrs.evolve(this, types=FOUR_TYPES), TOP)),
        alerts=tuple(Outbox(store).alerts(key, start, end)), deadlines=tuple(due),
        tasks=(programme or Programme.default()).between(end.astimezone(BEIJING).date(), 7),
    )  # fmt: skip


def _of_types(tally: Iterable[Tally], types: Sequence[AssociationType]) -> int:
    return sum(one.count for one in tally if one.type in types)


def _of_grade(tally: Iterable[Tally], grade: Grade) -> int:
    return sum(one.count for one in tally if one.type.negative and one.grade is grade)


def _days(ledger: Ledger, window: Window, until: dt.datetime) -> tuple[Day, ...]:
    found = ledger.by_day(window)
    return tuple(_day(window.start + n * _DAY, found.get(n, {}), until) for n in range(7))


def _day(start: dt.datetime, counts: Mapping[AssociationType, int], until: dt.datetime) -> Day:
    date = start.astimezone(BEIJING).date()
    if start >= until:
        return Day(date, None, None)
    return Day(date, sum(counts.values()), sum(count for kind, count in counts.items() if kind.negative))


def _monday(day: dt.date) -> dt.datetime:
    monday = day - dt.timedelta(days=day.weekday())
    return dt.datetime.combine(monday, dt.time(), BEIJING).astimezone(dt.UTC)
