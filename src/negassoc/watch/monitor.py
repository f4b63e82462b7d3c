"""The monitor (监测): sources × brands → classify → store → thresholds → alerts, run after run."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from negassoc.brand import Brand
from negassoc.cases.store import SqlStore, not_open
from negassoc.cases.task import aware
from negassoc.errors import CaseError, DataError, MissingExtraError, Problem
from negassoc.events import Hook, MonitorRan, Progress
from negassoc.facts import FactFile
from negassoc.mention import Mention
from negassoc.records import Json, Title, unstructure
from negassoc.watch.alerts import Alert, alert_id, quotes
from negassoc.watch.concert import Concert
from negassoc.watch.deadlines import deadlines_of, open_cases
from negassoc.watch.feeds import Feed, Given, Reading, feeds_of
from negassoc.watch.intake import Intake, Taken
from negassoc.watch.ledger import Ledger, Window, batches
from negassoc.watch.outbox import Outbox
from negassoc.watch.pointing import Pointing, brand_key
from negassoc.watch.thresholds import LOOKS_AHEAD, Look, Passed, Threshold, ThresholdState, check, cooling, default_thresholds

if TYPE_CHECKING:
    from collections.abc import Callable

    from negassoc.protocols import Classifier, Notifier

T = TypeVar("T")
FEED: Final = "monitor-feed"
"""Under which kind a store keeps what a feed looked like when it was last read to its end."""
BEGUN: Final = "monitor-begun"
"""Under which kind a store keeps since when a brand is watched."""
_NEVER: Final = dt.datetime.max.replace(tzinfo=dt.UTC)
BATCH: Final = 200
"""Mentions that are judged and written together."""


def utc_now() -> dt.datetime:
    """The present, aware UTC."""
    return dt.datetime.now(dt.UTC)


@attrs.frozen(kw_only=True)
class Run:
    """What one run did.

    `seen` counts what the sources yielded, `unassigned` those that point to no watched brand. The others count judgements, one a mention
    and brand: `new`, `edited` (another text under the same id), `rejudged` (another verdict on the same text), `recounted`, `reappeared`,
    `not_seen` (no longer shown by a source that shows everything) and `negative` (one of the four types, among those judged).

    `unchanged` are feeds that were not read again. `interrupted` is True where somebody stopped it: all that had arrived is kept, and
    thresholds are looked at in the next run. `problems` names what went wrong; everything else was used. `warnings` are oddities of rows
    that were used, where a source tells of them, as an `Export` does.
    """

    started_at: dt.datetime
    ended_at: dt.datetime
    seen: int
    unassigned: int
    new: int
    edited: int
    rejudged: int
    recounted: int
    reappeared: int
    not_seen: int
    negative: int
    unchanged: tuple[str, ...]
    alerts: tuple[Alert, ...]
    problems: tuple[Problem, ...]
    interrupted: bool
    warnings: tuple[Problem, ...] = ()

    def to_record(self) -> dict[str, Json]:
        """As `monitor run --json` prints it."""
        record = {field.name: unstructure(getattr(self, field.name)) for field in attrs.fields(type(self))}
        return record | {
            "alerts": [alert.to_record() for alert in self.alerts],
            "problems": [str(problem) for problem in self.problems], "warnings": [str(warning) for warning in self.warnings],
        }  # fmt: skip

    def __str__(self) -> str:
        parts = (
            f"seen {self.seen}, new {self.new}, edited {self.edited}, rejudged {self.rejudged}, negative {self.negative}",
            f"not seen {self.not_seen}, unassigned {self.unassigned}, alerts {len(self.alerts)}, problems {len(self.problems)}",
        )
        return ", ".join(parts) + (" (interrupted)" if self.interrupted else "")

    @property
    def zh(self) -> str:
        """The same line in Chinese."""
        judged = f"新增 {self.new}，改动 {self.edited}，改判 {self.rejudged}，负面 {self.negative}"
        rest = f"不再出现 {self.not_seen}，不涉及监测品牌 {self.unassigned}，预警 {len(self.alerts)}，问题 {len(self.problems)}"
        return f"读到 {self.seen} 条：{judged}；{rest}" + ("（中途停止）" if self.interrupted else "")

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import run_html

        return run_html(self)


@attrs.define
class _Progress:
    taken: Taken = attrs.field(factory=Taken)
    not_seen: int = 0
    unchanged: list[str] = attrs.field(factory=list)
    alerts: list[Alert] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    warnings: list[Problem] = attrs.field(factory=list)
    interrupted: bool = False


class Monitor:
    """Watches brands over sources. Each `run` reads what is new, judges it, keeps it in the store, and tells people what passed a limit.

    `classifier` makes a `Classifier` for a brand. `thresholds` are the packaged ones unless given; `notifiers` go by name, under which
    the store remembers what each has taken. `facts` are what is known beyond the texts; after a change of them, `rejudge`. Killed at any
    moment, it loses and doubles nothing: the next run takes up where the store stands. A lone source, brand or threshold is one of its
    kind. `DataError` for what is none (a path in place of a source, a store or a brand), for two brands, feeds or thresholds of one name,
    and for a feed about a brand that is not watched.
    """

    def __init__(  # noqa: PLR0913 - each part of a monitor, by its name
        self, feeds: Given, brands: Brand | Iterable[Brand], *, store: SqlStore,
        classifier: Callable[[Brand], Classifier] | None = None, thresholds: Threshold | Iterable[Threshold] | None = None,
        notifiers: Mapping[str, Notifier] | None = None, facts: FactFile | None = None,
        clock: Callable[[], dt.datetime] = utc_now, hooks: Iterable[Hook] = (),
    ) -> None:  # fmt: skip
        self.feeds, self.brands = tuple(feeds_of(feeds)), _several("brands", brands, Brand, _BRANDS)
        self.store, self.clock, self.hooks = store, clock, tuple(hooks)
        self.thresholds = default_thresholds() if thresholds is None else _several("thresholds", thresholds, Threshold, _THRESHOLDS)
        _must_fit(store, classifier, notifiers, facts)
        self.notifiers = dict(notifiers or {})
        _must_be_watched(self.feeds, self.brands)
        _all_different("feed", (feed.name for feed in self.feeds))
        _all_different("threshold", (threshold.id for threshold in self.thresholds))
        self._pointing = Pointing(self.brands)
        make = classifier or _rule_classifier
        judges = {brand_key(brand): make(brand) for brand in self.brands}
        self._intake = Intake(Ledger(store), judges, facts or FactFile())
        self._outbox, self._concert = Outbox(store), Concert(self._intake.ledger)

    def __repr__(self) -> str:
        return (
            f"Monitor({len(self.feeds)} feeds, brands {', '.join(brand.name for brand in self.brands)}, {len(self.thresholds)} thresholds, "
            f"{self.store!r})"
        )

    def run(self) -> Run:
        """One round: read, judge, keep, look at the thresholds, send. See `Run` for what it says."""
        started, progress = aware(self.clock()), _Progress()
        self._begin(started)
        for feed in self.feeds:
            if not progress.interrupted:
                self._read(feed, progress)
        if not progress.interrupted:
            self._look(progress)
            progress.problems += self._outbox.deliver(self.notifiers, self.clock())
        run = self._ended(started, progress)
        self._tell(MonitorRan(seen=run.seen, new=run.new, edited=run.edited, alerts=len(run.alerts)))
        return run

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import monitor_html

        return monitor_html(self)

    def rejudge(self, start: dt.datetime, end: dt.datetime | None = None) -> Run:
        """Judge again what was published since `start` (and before `end`, where given), with the facts and rules of today: after a fact
        became known, or a rule changed. What is now judged otherwise counts as newly judged in the look at the thresholds that is taken
        here; sources are not read."""
        began, progress = self.clock(), _Progress()
        for brand in map(brand_key, self.brands):
            for batch in batches(self._intake.ledger.between(Window(brand, start, end or _NEVER)), BATCH):
                progress.problems += self._intake.rejudge(brand, batch, progress.taken)
        self._look(progress)
        progress.problems += self._outbox.deliver(self.notifiers, self.clock())
        return self._ended(began, progress)

    def forget(self, before: dt.datetime) -> int:
        """Drop what was said, and by whom, of mentions that no source has shown since `before`, except those of open cases; how many. The
        programme asks for it after 90 days (M-Q3): personal data are kept no longer than their purpose needs. Figures stay."""
        forgotten = 0
        for brand in self.brands:
            keep = {mention for case in open_cases(self.store, brand) for mention in case.plan.mentions}
            forgotten += self._intake.ledger.forget(brand_key(brand), before, keep)
        return forgotten

    def _begin(self, now: dt.datetime) -> None:
        for brand in map(brand_key, self.brands):
            if self.store.load(BEGUN, brand) is None:
                with contextlib.suppress(CaseError):  # another monitor has just noted it
                    self.store.save(BEGUN, brand, json.dumps(now.isoformat()), 0)

    def _watched_since(self, brand: str, now: dt.datetime) -> dt.datetime:
        noted = self.store.load(BEGUN, brand)
        return dt.datetime.fromisoformat(json.loads(noted[1])) if noted else now

    def _read(self, feed: Feed, progress: _Progress) -> None:
        began, stamp = self.clock(), self._stamp(feed, progress)
        version, last = self.store.load(FEED, feed.name) or (0, None)
        if stamp is not None and stamp == last:
            progress.unchanged.append(feed.name)
            return
        troubles = len(progress.problems)
        ended = self._take_all(feed, progress)
        problems: Iterable[Problem] = getattr(feed.source, "problems", ())
        progress.warnings += getattr(feed.source, "warnings", ())
        if ended and feed.complete:
            progress.not_seen += self._intake.ledger.miss(feed.name, began, self.clock())
        if ended and stamp is not None and len(progress.problems) == troubles:
            self._stamped(feed, stamp, version)
        progress.problems += problems

    def _take_all(self, feed: Feed, progress: _Progress) -> bool:
        """Take in what the feed has; whether it was read to its end. What has arrived is kept, whatever happens then."""
        batch, reading = list[tuple[str, Mention]](), Reading(feed)
        try:
            for mention in reading:
                batch += self._pairs(feed, mention, progress.taken)
                if len(batch) >= BATCH:
                    self._take(feed, batch, progress)
        except KeyboardInterrupt:
            progress.interrupted = True
        self._take(feed, batch, progress)
        progress.problems += reading.problems
        return reading.ended

    def _pairs(self, feed: Feed, mention: Mention, taken: Taken) -> list[tuple[str, Mention]]:
        brands = self._pointing.of(mention, feed.brand)
        taken.seen += 1
        taken.unassigned += not brands
        return [(brand_key(brand), mention) for brand in brands]

    def _take(self, feed: Feed, batch: list[tuple[str, Mention]], progress: _Progress) -> None:
        name = feed.name if feed.complete else None
        progress.problems += self._intake.take(batch, self.clock(), progress.taken, name)
        batch.clear()
        self._tell(Progress(what=f"monitor {feed.name}", done=progress.taken.seen))

    def _stamp(self, feed: Feed, progress: _Progress) -> str | None:
        """The feed's fingerprint together with the brands': a new alias makes old mentions worth another look."""
        if feed.fingerprint is None:
            return None
        try:
            said = feed.fingerprint()
        except Exception as error:  # a user's own function
            progress.problems.append(Problem(f"feed {feed.name}", f"{type(error).__name__}: {error}"))
            return None
        brands = json.dumps([unstructure(brand) for brand in self.brands])
        return json.dumps(hashlib.sha256(f"{said}\x1f{brands}".encode("utf-8", "surrogatepass")).hexdigest())

    def _stamped(self, feed: Feed, stamp: str, version: int) -> None:
        try:
            self.store.save(FEED, feed.name, stamp, version)
        except CaseError:
            return  # another monitor has read it too, and said so

    def _look(self, progress: _Progress) -> None:
        for brand in self.brands:
            newest = self._intake.ledger.newest_seq(brand_key(brand))
            for threshold in self.thresholds:
                try:
                    progress.alerts += self._check(threshold, brand, newest, progress)
                except CaseError:
                    continue  # another monitor on the same store has just looked, and told
                except MissingExtraError as error:
                    progress.problems.append(Problem(f"threshold {threshold.id}", str(error)))

    def _check(self, threshold: Threshold, brand: Brand, newest: int, progress: _Progress) -> list[Alert]:
        key, now = brand_key(brand), self.clock()
        version, state = self._outbox.state(key, threshold.id)
        look = Look(
            ledger=self._intake.ledger, brand=key, now=now, state=state, newest=newest,
            watched_since=self._watched_since(key, now),
            campaigns=lambda window: self._concert.campaigns(brand, window, now),
            deadlines=deadlines_of(self.store, brand, progress.problems) if threshold.kind == "deadline" else (),
        )  # fmt: skip
        passed = check(threshold, look)
        if passed is None:
            if threshold.kind in LOOKS_AHEAD and newest > state.seq and not cooling(threshold, state, now):
                self._outbox.remember(key, threshold.id, attrs.evolve(state, seq=newest), version)
            return []
        alert = _alert(threshold, brand, passed, now)
        remembered = ThresholdState(seq=newest, fired_at=now, grade=alert.grade, told=passed.told)
        self._outbox.put(alert, remembered, version, self.notifiers)
        return [alert]

    def _ended(self, started: dt.datetime, progress: _Progress) -> Run:
        return Run(
            started_at=started, ended_at=self.clock(), **attrs.asdict(progress.taken), not_seen=progress.not_seen,
            unchanged=tuple(progress.unchanged), alerts=tuple(progress.alerts), problems=tuple(progress.problems),
            interrupted=progress.interrupted, warnings=tuple(progress.warnings),
        )  # fmt: skip

    def _tell(self, event: Progress | MonitorRan) -> None:
        for hook in self.hooks:
            hook(event)


def _alert(threshold: Threshold, brand: Brand, passed: Passed, now: dt.datetime) -> Alert:
    mentions = tuple(one.mention.id for one in passed.mentions)
    key, grade = brand_key(brand), min(passed.grade, threshold.grade)
    named = threshold.title or Title("", "")
    why = Title(named.zh and f"{named.zh}：", named.en and f"{named.en}: ")
    title = Title(f"【{grade}】{brand.name}：{passed.title.zh}", f"[{grade}] {brand.name}: {passed.title.en}")
    return Alert(
        id=alert_id(key, threshold.id, now, mentions or passed.told), brand=key, threshold=threshold.id, grade=grade, title=title,
        text=quotes(passed.mentions, passed.total), why=Title(why.zh + passed.why.zh, why.en + passed.why.en), mentions=mentions, at=now,
    )  # fmt: skip


def _rule_classifier(brand: Brand) -> Classifier:
    from negassoc.classify.classifier import RuleClassifier

    return RuleClassifier(brand)


_BRANDS: Final = "of a file: Brand.load(path), of many: load_brands(path).values()"
_THRESHOLDS: Final = 'like Threshold("many", kind="count", at_least=5)'


def _several(what: str, given: T | Iterable[T], kind: type[T], remedy: str) -> tuple[T, ...]:
    """One or many of a kind; `DataError` for anything else, and for no brand at all."""
    found = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    wrong = [Problem(what, f"expected a {kind.__name__}, found {one!r:.60}; {remedy}") for one in found if not isinstance(one, kind)]
    if wrong or (kind is Brand and not found):
        raise DataError(wrong or [Problem(what, f"there is none to watch; {remedy}")])
    return tuple(one for one in found if isinstance(one, kind))


def _must_fit(store: object, classifier: object, notifiers: object, facts: object) -> None:
    if not isinstance(store, SqlStore):
        raise not_open(store)
    if classifier is not None and not callable(classifier):
        what = f"expected what makes a classifier for a brand, like RuleClassifier itself, found {classifier!r:.60}"
        raise DataError([Problem("classifier", what)])
    if not isinstance(notifiers, Mapping | None):
        raise DataError([Problem("notifiers", f"expected them by name, like {{'print': PrintNotifier()}}, found {notifiers!r:.60}")])
    if deaf := {name: one for name, one in (notifiers or {}).items() if not callable(getattr(one, "notify", None))}:
        what = "expected an object with a method notify(alert), found"
        raise DataError(Problem(f"notifier {name!r}", f"{what} {one!r:.60}") for name, one in deaf.items())
    if not isinstance(facts, FactFile | None):
        raise DataError([Problem("facts", f"expected a FactFile, found {facts!r:.60}; FactFile.load(path), or FactFile(facts)")])


def _must_be_watched(feeds: Iterable[Feed], brands: Iterable[Brand]) -> None:
    named = [(feed, feed.brand) for feed in feeds if feed.brand]
    if wrong := [(feed.name, brand) for feed, brand in named if not any(one.is_called(brand) for one in brands)]:
        known = ", ".join(brand.name for brand in brands)
        raise DataError(Problem(f"feed {name!r}", f"is about the unknown brand {brand!r}; known: {known}") for name, brand in wrong)


def _all_different(what: str, names: Iterable[str]) -> None:
    counted = Counter(names)
    if twice := [name for name, count in counted.items() if count > 1]:
        raise DataError(Problem(f"{what}s", f"two {what}s are called {name!r}; give each a name of its own") for name in twice)
