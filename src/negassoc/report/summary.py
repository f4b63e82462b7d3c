"""What a stream of verdicts amounts to: counts by type, grade, platform, subject and time, and the posts to look at first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from negassoc.classify import FOUR_TYPES, AssociationType, Classification
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Period: TypeAlias = tuple[dt.datetime, dt.datetime]
Step: TypeAlias = Literal["day", "week", "month"]
_WEEK = dt.timedelta(days=7)
SHOWN_TYPES: tuple[AssociationType, ...] = (*FOUR_TYPES, AssociationType.UNDETERMINED)
"""The types that a report counts as something to look at; `none` is the rest."""


@attrs.frozen(kw_only=True)
class Bucket:
    """One day, week or month, from `start` (Beijing) on, and how many of each type were published in it."""

    start: dt.date
    counts: Counter[AssociationType]


@attrs.frozen(kw_only=True)
class Post:
    """A post to look at: the verdict, and how many others say the very same."""

    verdict: Classification
    same: int


@attrs.frozen(kw_only=True)
class Summary:
    """Counts over the verdicts inside the period; those without a time count, those dated outside do not. `shown` are those of them
    that are not `none`; `weeks` are the negative ones of the last seven days and of the seven before, None
    where the period is shorter than both."""

    shown: tuple[Classification, ...]
    total: int
    outside: int
    undated: int
    types: Counter[AssociationType]
    decided: Counter[AssociationType]
    grades: Counter[str]
    platforms: dict[str | None, Counter[AssociationType]]
    facets: Counter[str]
    wanted: Counter[str]
    step: Step
    trend: tuple[Bucket, ...]
    posts: tuple[Post, ...]
    weeks: tuple[int, int] | None

    @classmethod
    def of(cls, verdicts: Iterable[Classification], period: Period | None) -> Summary:
        """The counts; a verdict dated outside `period` is only counted as such."""
        given = list(verdicts)
        inside = [v for v in given if period is None or v.mention.published_at is None or period[0] <= v.mention.published_at <= period[1]]
        shown = [v for v in inside if v.type in SHOWN_TYPES]
        step, trend = _trend(shown, period)
        platforms = dict[str | None, Counter[AssociationType]]()
        for verdict in shown:
            platforms.setdefault(verdict.mention.platform, Counter())[verdict.type] += 1
        return cls(
            shown=tuple(shown),
            total=len(inside),
            outside=len(given) - len(inside),
            undated=sum(v.mention.published_at is None for v in shown),
            types=Counter(v.type for v in inside),
            decided=Counter(v.type for v in shown if not v.suspected),
            grades=Counter(v.grade.value for v in shown if v.grade),
            platforms=dict(sorted(platforms.items(), key=lambda item: -item[1].total())),
            facets=Counter(facet for v in shown for facet in v.facets),
            wanted=Counter(name for v in shown for name in v.wanted),
            step=step,
            trend=trend,
            posts=tuple(_posts(shown)),
            weeks=_weeks(shown, period or span_of(inside)),
        )

    @property
    def negative(self) -> int:
        """Mentions of one of the four types."""
        return sum(self.types[kind] for kind in FOUR_TYPES)

    @property
    def suspected(self) -> int:
        """Those of them that no stated fact decided."""
        return self.negative - sum(self.decided[kind] for kind in FOUR_TYPES)


def span_of(verdicts: Iterable[Classification]) -> Period | None:
    """From the first to the last known time of publication; None where no time is known."""
    times = [v.mention.published_at for v in verdicts if v.mention.published_at]
    return (min(times), max(times)) if times else None


def _trend(shown: Sequence[Classification], period: Period | None) -> tuple[Step, tuple[Bucket, ...]]:
    span = period or span_of(shown)
    if span is None:
        return "day", ()
    first, last = (moment.astimezone(BEIJING).date() for moment in span)
    days = (last - first).days
    step: Step = "day" if days <= 31 else "week" if days <= 200 else "month"
    counts = dict[dt.date, Counter[AssociationType]]()
    start = _start(first, step)
    while start <= last and len(counts) < 400:
        counts[start] = Counter()
        start = _start(start + dt.timedelta(days={"day": 1, "week": 7, "month": 31}[step]), step)
    for verdict in shown:
        if verdict.mention.published_at:
            counts.setdefault(_start(verdict.mention.published_at.astimezone(BEIJING).date(), step), Counter())[verdict.type] += 1
    return step, tuple(Bucket(start=day, counts=counts[day]) for day in sorted(counts))


def _weeks(shown: Sequence[Classification], span: Period | None) -> tuple[int, int] | None:
    if span is None or span[1] - span[0] < 2 * _WEEK:
        return None
    ages = [span[1] - v.mention.published_at for v in shown if v.type in FOUR_TYPES and v.mention.published_at]
    return sum(age < _WEEK for age in ages), sum(_WEEK <= age < 2 * _WEEK for age in ages)


def _start(day: dt.date, step: Step) -> dt.date:
    if step == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def _posts(shown: Sequence[Classification]) -> list[Post]:
    groups = dict[str, list[Classification]]()
    for verdict in shown:
        groups.setdefault(f"{verdict.mention.title or ''}\n{verdict.mention.text}".strip(), []).append(verdict)
    best = [Post(verdict=min(group, key=_urgency), same=len(group) - 1) for group in groups.values()]
    return sorted(best, key=lambda post: (_urgency(post.verdict)[0], -post.same, _urgency(post.verdict)))


def _urgency(verdict: Classification) -> tuple[str, bool, int, float]:
    undetermined = verdict.type is AssociationType.UNDETERMINED
    return verdict.grade or "P9", undetermined, -_reach(verdict), -verdict.probability


def _reach(verdict: Classification) -> int:
    counts = verdict.mention.engagement
    return sum(count.value for count in (counts.likes, counts.comments, counts.collects, counts.shares) if count)
