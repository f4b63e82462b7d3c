"""When people are to be told: thresholds as data, and the seven ways in which one is passed."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar, cast, get_args

import attrs

from negassoc.classify import FOUR_TYPES, AssociationType, Grade
from negassoc.errors import DataError, Problem, nearest
from negassoc.mention import Kind
from negassoc.platform import platform_of
from negassoc.records import Title, load_toml, structure
from negassoc.times import BEIJING, format_duration
from negassoc.watch.alerts import gravest, in_words
from negassoc.watch.ledger import Ledger, StoredMention, Window

if TYPE_CHECKING:
    from negassoc.watch.ledger import Tally

T = TypeVar("T")
ThresholdKind: TypeAlias = Literal["count", "share", "growth", "grade", "campaign", "first_notice", "deadline"]

_MEASURED: Final = frozenset({"count", "share", "growth"})
LOOKS_AHEAD: Final = frozenset({"grade", "first_notice", "campaign"})
"""Kinds that look only at what was judged since they last looked, so that a long history costs nothing."""
_DAY: Final = dt.timedelta(days=1)
_INSTANT: Final = dt.timedelta(microseconds=1)  # a window's end is exclusive, and what was seen this instant belongs to it
MOST: Final = 200
"""How many mentions an alert names at most, the gravest and newest first; its words give the full number."""


def _read(said: object, kind: type[T]) -> T:
    """A text as a file's; what is no such value is kept, for the threshold, which knows its own name, to refuse."""
    try:
        return structure(said, kind, where="threshold") if isinstance(said, str) else cast("T", said)
    except DataError:
        return cast("T", said)


def _grade_of(said: Grade | str) -> Grade:
    return _read(said, Grade)


def _limit_of(said: Grade | str | None) -> Grade | None:
    return None if said is None else _read(said, Grade)


def _span_of(said: dt.timedelta | str) -> dt.timedelta:
    return _read(said, dt.timedelta)


def _types_of(said: AssociationType | str | Iterable[AssociationType | str]) -> tuple[AssociationType, ...]:
    return tuple(_read(one, AssociationType) for one in _each(said))


def _platforms_of(said: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(platform_of(one) if isinstance(one, str) else cast("str", one) for one in _each(said))


def _each(said: object) -> Iterable[object]:
    """A lone value is one of them, a text no row of characters."""
    return said if isinstance(said, Iterable) and not isinstance(said, str) else (said,)


@attrs.frozen
class Threshold:
    """A limit (阈值) and what to do when it is passed. All figures are for one brand.

    - `count`: `at_least` mentions of the `types` within `window`;
    - `share`: they are `at_least` (0 to 1) of all that was said, given `minimum` mentions in all;
    - `growth`: there are `minimum` of them and `at_least` times as many as on average in a window of the `baseline` before (which must
      have been watched, or have something stored of it);
    - `grade`: a newly judged mention is as grave as `from_grade` or graver;
    - `campaign`: several accounts post alike within `window`, with mentions not yet told of;
    - `first_notice`: a notice or label of the platform is seen for the first time;
    - `deadline`: a step of an open case is due within `window`, or overdue.

    `grade` is the alert's own, raised to that of the gravest mention. After an alert the threshold is silent for `cool_down`, unless
    something graver turns up; what happens meanwhile is in the next alert. `platforms`, where given, narrows what is counted.
    Durations, grades and types may be texts, as in a `monitor.toml`. `DataError` names whatever is not possible.

    >>> Threshold("grave", kind="grade", from_grade="P1", window="2d").from_grade
    <Grade.P1: 'P1'>
    """

    id: str
    kind: ThresholdKind = attrs.field(kw_only=True)
    title: Title | None = attrs.field(default=None, kw_only=True)
    grade: Grade = attrs.field(default=Grade.P2, kw_only=True, converter=_grade_of)
    window: dt.timedelta = attrs.field(default=_DAY, kw_only=True, converter=_span_of)
    at_least: float | None = attrs.field(default=None, kw_only=True)
    minimum: int = attrs.field(default=1, kw_only=True)
    baseline: dt.timedelta = attrs.field(default=7 * _DAY, kw_only=True, converter=_span_of)
    from_grade: Grade | None = attrs.field(default=None, kw_only=True, converter=_limit_of)
    types: tuple[AssociationType, ...] = attrs.field(default=FOUR_TYPES, kw_only=True, converter=_types_of)
    platforms: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_platforms_of)
    cool_down: dt.timedelta = attrs.field(default=dt.timedelta(hours=4), kw_only=True, converter=_span_of)

    def __attrs_post_init__(self) -> None:
        if found := tuple(_misfits(self)) or tuple(_mistakes(self)):
            raise DataError(Problem(f"threshold {self.id!r}", what) for what in found)


_SPAN: Final = (dt.timedelta, "a duration like '36h' or timedelta(hours=36)")
_GRADE: Final = (Grade, f"one of {', '.join(Grade)}")
_FIELDS: Final[Mapping[str, tuple[type, str]]] = {
    "id": (str, "a name for it"), "title": (Title, "a Title, Chinese and English"), "grade": _GRADE, "from_grade": _GRADE, "window": _SPAN,
    "baseline": _SPAN, "cool_down": _SPAN, "at_least": (float, "a number"), "minimum": (int, "a whole number"),
}  # fmt: skip
_MAY_LACK: Final = frozenset({"title", "from_grade", "at_least"})


def _misfits(threshold: Threshold) -> Iterator[str]:
    """What is of another sort than belongs there."""
    if threshold.kind not in (kinds := get_args(ThresholdKind)):
        yield f"kind: {threshold.kind!r} is unknown{nearest(str(threshold.kind), kinds)} it is one of {', '.join(kinds)}"
    for name, (kind, expected) in _FIELDS.items():
        value = getattr(threshold, name)
        fits = isinstance(value, (kind, int) if kind is float else kind) and not isinstance(value, bool)
        if not fits and not (value is None and name in _MAY_LACK):
            yield f"{name}: expected {expected}, found {value!r:.60}"
    for one in threshold.types:
        if one not in (types := tuple(AssociationType)):
            yield f"types: {one!r:.60} is unknown{nearest(str(one), map(str, types))} it is one of {', '.join(types)}"
    if not all(isinstance(one, str) for one in threshold.platforms):
        yield f"platforms: expected names like 'xiaohongshu', found {threshold.platforms!r:.60}"


def _mistakes(threshold: Threshold) -> Iterator[str]:
    """What its kind does not allow."""
    kind, least = threshold.kind, threshold.at_least
    if kind in _MEASURED and (least is None or least <= 0):
        yield f"one of kind {kind!r} needs `at_least`, a number above 0"
    if kind == "share" and least is not None and least > 1:
        yield "a share is a number from 0 to 1, like 0.3 for 30 %"
    if kind == "grade" and threshold.from_grade is None:
        yield "one of kind 'grade' needs `from_grade`: P0, P1, P2 or P3"
    if threshold.minimum < 1:
        yield f"`minimum` is {threshold.minimum}; it is 1 or more"
    if min(threshold.window, threshold.baseline) <= dt.timedelta():
        yield "`window` and `baseline` must be longer than nothing"


@attrs.frozen(kw_only=True)
class ThresholdState:
    """What is remembered of a threshold between runs: up to which judgement it has looked, when it last spoke, and of what."""

    seq: int = 0
    fired_at: dt.datetime | None = None
    grade: Grade | None = None
    told: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Deadline:
    """A step of an open case and when it is due."""

    case: str
    step: str
    title: Title
    due_at: dt.datetime
    grade: Grade | None = None

    @property
    def key(self) -> str:
        """Tells one deadline from another; a moved one is a new one."""
        return f"{self.case}/{self.step}/{self.due_at.astimezone(dt.UTC).isoformat()}"


@attrs.frozen(kw_only=True)
class Look:
    """What a threshold may look at: the ledger for one brand, at one time, and what it remembers itself.

    `newest` is the number of the latest judgement, `watched_since` when a monitor first ran for the brand."""

    ledger: Ledger
    brand: str
    now: dt.datetime
    state: ThresholdState
    newest: int
    watched_since: dt.datetime
    campaigns: Callable[[dt.timedelta], Sequence[tuple[Title, tuple[str, ...]]]]
    deadlines: Sequence[Deadline] = ()


@attrs.frozen(kw_only=True)
class Passed:
    """A threshold that was passed: the mentions to show, why, and what is to be remembered as told."""

    mentions: tuple[StoredMention, ...]
    total: int
    why: Title
    grade: Grade
    title: Title
    told: tuple[str, ...] = ()


@attrs.frozen
class _ThresholdFile:
    threshold: tuple[Threshold, ...]


@functools.cache
def default_thresholds() -> tuple[Threshold, ...]:
    """The packaged thresholds: house numbers to begin with, for everyone to tune to their own normal days."""
    return load_toml(Path(__file__).parent.parent / "data" / "thresholds.toml", _ThresholdFile).threshold


def check(threshold: Threshold, look: Look) -> Passed | None:
    """Whether the threshold is passed and may speak now."""
    passed = _CHECKS[threshold.kind](threshold, look)
    return None if passed is None or _silent(threshold, look, passed.grade) else passed


def cooling(threshold: Threshold, state: ThresholdState, now: dt.datetime) -> bool:
    """Whether the threshold spoke so recently that only something graver lets it speak again."""
    return state.fired_at is not None and now < state.fired_at + threshold.cool_down


def _silent(threshold: Threshold, look: Look, grade: Grade) -> bool:
    return cooling(threshold, look.state, look.now) and look.state.grade is not None and grade >= look.state.grade


def _count(threshold: Threshold, look: Look) -> Passed | None:
    tally = _tally(threshold, look)
    found, limit = _of_types(threshold, tally), threshold.at_least or 0
    if found < limit:
        return None
    what, span = in_words(threshold.types), format_duration(threshold.window)
    why = Title(
        f"最近 {_zh_span(threshold.window)}{what.zh} {found} 条，达到阈值 {limit:g} 条",
        f"{found} {what.en} in the last {span}; the limit is {limit:g}",
    )
    return _measured(threshold, look, tally, why, Title(f"{what.zh} {found} 条", f"{found} {what.en}"))


def _share(threshold: Threshold, look: Look) -> Passed | None:
    tally = _tally(threshold, look)
    everything, found = sum(one.count for one in tally), _of_types(threshold, tally)
    if everything < threshold.minimum or found < (threshold.at_least or 0) * everything:
        return None
    what, share = in_words(threshold.types), f"{found / everything:.0%}"
    why = Title(
        f"最近 {_zh_span(threshold.window)}{what.zh}占 {share}（{found}/{everything}），阈值 {threshold.at_least:.0%}",
        f"{share} of what was said in the last {format_duration(threshold.window)} are {what.en} ({found}/{everything}); "
        f"the limit is {threshold.at_least:.0%}",
    )
    return _measured(threshold, look, tally, why, Title(f"{what.zh}占比 {share}", f"{what.en} at {share}"))


def _growth(threshold: Threshold, look: Look) -> Passed | None:
    start, tally = look.now - threshold.window, _tally(threshold, look)
    if (found := _of_types(threshold, tally)) < threshold.minimum:
        return None
    before = look.ledger.tally(Window(look.brand, start - threshold.baseline, start, platforms=threshold.platforms))
    if not before and look.watched_since > start - threshold.baseline:
        return None  # nobody was watching then, and nothing is stored of it: that is no baseline of zero
    usual = _of_types(threshold, before) * (threshold.window / threshold.baseline)
    if found < (threshold.at_least or 0) * usual:
        return None
    what, span = in_words(threshold.types), format_duration(threshold.window)
    why = Title(
        f"最近 {_zh_span(threshold.window)}{what.zh} {found} 条，此前 {_zh_span(threshold.baseline)}同样长的时间内平均 {usual:.1f} 条",
        f"{found} {what.en} in the last {span}; {usual:.1f} were usual in {span} over the {format_duration(threshold.baseline)} before",
    )
    return _measured(threshold, look, tally, why, Title(f"{what.zh}突然增多", f"sudden growth of {what.en}"))


def _grade(threshold: Threshold, look: Look) -> Passed | None:
    limit = threshold.from_grade or Grade.P0
    new = (one for one in look.ledger.since(look.brand, look.state.seq, grade=limit) if one.grade)
    found = tuple(one for one in new if one.type in threshold.types and _on(threshold, one.mention.platform))
    if not found:
        return None
    worst = gravest((one.grade for one in found), limit)
    why = Title(f"新发现 {len(found)} 条 {limit} 级或更严重的提及", f"{len(found)} newly judged at grade {limit} or graver")
    ordered = sorted(found, key=lambda one: (one.grade or Grade.P3, -one.at.timestamp()))
    return Passed(
        mentions=tuple(ordered[:MOST]),
        total=len(found),
        why=why,
        grade=worst,
        title=Title(f"出现 {worst} 级提及", f"grade {worst} mention"),
    )


def _first_notice(threshold: Threshold, look: Look) -> Passed | None:
    new = look.ledger.since(look.brand, look.state.seq, kinds=(Kind.NOTICE, Kind.ACCOUNT_LABEL))
    told = look.state.told  # one that was edited or judged again is not seen for the first time
    found = tuple(one for one in new if one.key not in told and _on(threshold, one.mention.platform))
    if not found:
        return None
    why = Title(
        f"首次看到 {len(found)} 条平台通知或账号标签；申诉时限可能已开始计算",
        f"{len(found)} notices or labels of the platform seen for the first time; a window for appeal may be running",
    )
    grade = gravest((one.grade for one in found), threshold.grade)
    title, told = Title("收到平台通知", "platform notice"), (*told, *(one.key for one in found))
    return Passed(mentions=found[:MOST], total=len(found), why=why, grade=grade, title=title, told=told)


def _campaign(threshold: Threshold, look: Look) -> Passed | None:
    if look.newest <= look.state.seq:
        return None
    running = look.campaigns(threshold.window)
    told = set(look.state.told)
    fresh = [(why, keys) for why, keys in running if not told.issuperset(keys)]
    if not fresh:
        return None
    keys = tuple(dict.fromkeys(key for _, keys in fresh for key in keys))
    now_told = tuple(dict.fromkeys(key for _, keys in running for key in keys))
    found = tuple(one for key in keys if (one := look.ledger.get(look.brand, key)))
    why = Title("\n".join(why.zh for why, _ in fresh), "\n".join(why.en for why, _ in fresh))
    title = Title("疑似多账号协同发布，请人工核实", "several accounts may be posting in concert: have a person check")
    grade = gravest((one.grade for one in found), threshold.grade)
    return Passed(mentions=found[:MOST], total=len(found), why=why, grade=grade, title=title, told=now_told)


def _deadline(threshold: Threshold, look: Look) -> Passed | None:
    near = {_phase(one, look.now): one for one in look.deadlines if one.due_at <= look.now + threshold.window}
    new = [one for phase, one in near.items() if phase not in look.state.told]
    if not new:
        return None
    new.sort(key=lambda one: one.due_at)
    why = Title("\n".join(_due(one, look.now, "zh") for one in new), "\n".join(_due(one, look.now, "en") for one in new))
    late = sum(one.due_at < look.now for one in new)
    title = Title(f"{len(new)} 项处置将到期", f"{len(new)} steps due soon")
    if late:
        title = Title(f"{len(new)} 项处置到期，其中 {late} 项已超时", f"{len(new)} steps due, {late} of them overdue")
    return Passed(mentions=(), total=0, why=why, grade=gravest((one.grade for one in new), threshold.grade), title=title, told=tuple(near))


_CHECKS: Final[Mapping[str, Callable[[Threshold, Look], Passed | None]]] = {
    "count": _count, "share": _share, "growth": _growth, "grade": _grade, "campaign": _campaign, "first_notice": _first_notice,
    "deadline": _deadline,
}  # fmt: skip


def _measured(threshold: Threshold, look: Look, tally: Sequence[Tally], why: Title, title: Title) -> Passed | None:
    """A figure over its limit is news only if something counted in it has been judged since the last alert."""
    grade = gravest((one.grade for one in tally if one.type in threshold.types), threshold.grade)
    window = attrs.evolve(_window(threshold, look), types=threshold.types)
    if _silent(threshold, look, grade) or look.ledger.newest_in(window) <= look.state.seq:
        return None
    found = look.ledger.gravest(window, MOST)
    return Passed(mentions=tuple(found), total=_of_types(threshold, tally), why=why, grade=grade, title=title)


def _window(threshold: Threshold, look: Look) -> Window:
    return Window(look.brand, look.now - threshold.window, look.now + _INSTANT, platforms=threshold.platforms)


def _tally(threshold: Threshold, look: Look) -> list[Tally]:
    return look.ledger.tally(_window(threshold, look))


def _of_types(threshold: Threshold, tally: Iterable[Tally]) -> int:
    return sum(one.count for one in tally if one.type in threshold.types)


def _on(threshold: Threshold, platform: str | None) -> bool:
    return not threshold.platforms or platform in threshold.platforms


def _phase(one: Deadline, now: dt.datetime) -> str:
    return f"{one.key}/{'overdue' if one.due_at < now else 'near'}"


def _due(one: Deadline, now: dt.datetime, lang: str) -> str:
    when, late = one.due_at.astimezone(BEIJING).strftime("%m-%d %H:%M"), one.due_at < now
    if lang == "en":
        return f"· {one.title.en}: {'was due' if late else 'due'} {when} Beijing time (case {one.case})"
    return f"· {one.title.zh}：{f'已于 {when} 到期' if late else f'应在 {when} 前完成'}（案件 {one.case}）"


def _zh_span(value: dt.timedelta) -> str:
    """A duration in Chinese: `24 小时`, `7 天`, `1 天 12 小时`."""
    days, hours = value.days, value.seconds // 3600
    minutes = value.seconds % 3600 // 60
    if days == 1 and not hours:
        return "24 小时"
    parts = [f"{n} {unit}" for n, unit in ((days, "天"), (hours, "小时"), (minutes, "分钟")) if n]
    return " ".join(parts) or "片刻"
