from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
import sys
from typing import TYPE_CHECKING

import attrs
import pytest

from negassoc.brand import Account, Brand
from negassoc.cases.store import open_store
from negassoc.classify import AssociationType, Classification, Grade
from negassoc.errors import DataError, Problem, RateLimitedError, TransientError
from negassoc.events import MonitorRan, Progress
from negassoc.facts import FactFile, Facts
from negassoc.mention import Author, Count, Engagement, Kind, Mention, Query
from negassoc.testing import Memory
from negassoc.watch.digest import digest
from negassoc.watch.feeds import Feed, SearchFeed
from negassoc.watch.ledger import Ledger, Window, key_of
from negassoc.watch.monitor import Monitor
from negassoc.watch.thresholds import Threshold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import Protocol

    from negassoc.cases.store import SqlStore

    class Kill(Protocol):
        def __call__(self, *arguments: object, after: float) -> list[str]: ...


NOW = dt.datetime(2026, 3, 4, 4, tzinfo=dt.UTC)
BRAND = Brand("芮弥", aliases=("RUIMI",), key="ruimi")
OTHER = Brand("栖木", key="qimu", official_accounts=(Account(platform="xhs", nickname="栖木官方", id="u-qimu"),))
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@attrs.frozen
class ByWords:
    """Judges by a word and nothing else, so that the tests are about the monitor."""

    brand: Brand
    asked: list[str] = attrs.field(factory=list)

    def classify(self, mention: Mention | str, facts: Facts | None = None) -> Classification:
        one = Mention.of(mention)
        self.asked.append(one.id)
        if "崩溃" in one.text:
            raise RuntimeError("this text is too much")
        kind, grade = AssociationType.NONE, None
        if "踩雷" in one.text or (facts or Facts()).order_match:
            kind, grade = AssociationType.CUSTOMER_COMPLAINT, Grade.P3
        if "过敏" in one.text:
            kind, grade = AssociationType.CUSTOMER_COMPLAINT, Grade.P0
        if one.kind.from_platform:
            kind, grade = AssociationType.OWN_VIOLATION, Grade.P2
        return Classification(
            mention=one, brand=self.brand, type=kind, suspected=True, probability=0.9, probabilities={}, scores={}, grade=grade, findings=()
        )


@attrs.define
class Clock:
    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@attrs.define
class Box:
    """A notifier that keeps what it is given, or fails as often as told."""

    got: list[str] = attrs.field(factory=list)
    fails: int = 0

    def notify(self, alert: object) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("no way through")
        self.got.append(alert.id)  # type: ignore[attr-defined]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else tmp_path / "m.db"
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


def note(n: int | str, text: str = "芮弥踩雷", **more: object) -> Mention:
    given = {"id": str(n), "platform": "xiaohongshu", "published_at": NOW - HOUR, "author": Author(id=f"u{n}", nickname=f"用户{n}号")}
    return Mention(text, **(given | more))  # type: ignore[arg-type]


def monitor(store: SqlStore, feeds: Iterable[object], clock: Clock, brands: Iterable[Brand] = (BRAND,), **more: object) -> Monitor:
    return Monitor(feeds, brands, store=store, clock=clock, **({"classifier": ByWords, "thresholds": ()} | more))  # type: ignore[arg-type]


def test_only_what_is_new_is_judged(store: SqlStore, clock: Clock) -> None:
    judge = ByWords(BRAND)
    mentions = [note(1), note(2, "芮弥很好")]
    watching = monitor(store, [mentions], clock, classifier=lambda _: judge)
    first = watching.run()
    assert (first.seen, first.new, first.negative, first.problems) == (2, 2, 1, ())
    mentions.append(note(3))
    second = watching.run()
    assert (second.seen, second.new, second.edited, second.negative) == (3, 1, 0, 1)
    assert judge.asked == ["1", "2", "3"]
    assert Ledger(store).count() == 3


def test_what_is_kept_is_what_was_said(store: SqlStore, clock: Clock) -> None:
    said = note(1, title="避雷", engagement=Engagement(likes=Count(12000, "about")), topics=("芮弥",), queries=("芮弥 投诉",))
    monitor(store, [[said]], clock).run()
    kept = Ledger(store).get("ruimi", key_of(said))
    assert kept is not None
    assert kept.mention == said
    assert (kept.type, kept.grade, kept.at, kept.first_seen_at) == (AssociationType.CUSTOMER_COMPLAINT, Grade.P3, NOW - HOUR, NOW)


def test_an_edit_is_noticed_judged_again_and_the_old_version_kept(store: SqlStore, clock: Clock) -> None:
    mentions = [note(1, "芮弥很好")]
    watching = monitor(store, [mentions], clock)
    watching.run()
    clock.now += DAY
    mentions[0] = note(1, "芮弥踩雷，更正")
    run = watching.run()
    assert (run.new, run.edited, run.negative) == (0, 1, 1)
    kept = Ledger(store).get("ruimi", key_of(mentions[0]))
    assert kept is not None
    assert (kept.mention.text, kept.type, kept.edits, kept.first_seen_at) == ("芮弥踩雷，更正", AssociationType.CUSTOMER_COMPLAINT, 1, NOW)
    [(until, kind, old)] = Ledger(store).versions("ruimi", kept.key)
    assert (until, kind, old.text) == (NOW + DAY, AssociationType.NONE, "芮弥很好")


def test_an_old_export_beside_a_new_one_undoes_no_edit(store: SqlStore, clock: Clock) -> None:
    old, new = [note(1, "芮弥很好")], list[Mention]()
    watching = monitor(store, [old, new], clock)
    watching.run()
    new.append(note(1, "芮弥踩雷"))
    assert [watching.run().edited for _ in range(3)] == [1, 0, 0]
    kept = Ledger(store).get("ruimi", key_of(new[0]))
    assert kept is not None
    assert kept.mention.text == "芮弥踩雷"


def test_an_edit_that_is_taken_back_is_noticed_where_the_time_of_fetching_is_known(store: SqlStore, clock: Clock) -> None:
    mentions = [note(1, "甲", fetched_at=NOW)]
    watching = monitor(store, [mentions], clock)
    watching.run()
    for text, fetched, edited in (("乙", NOW + HOUR, 1), ("甲", NOW, 0), ("甲", NOW + DAY, 1)):
        mentions[0] = note(1, text, fetched_at=fetched)
        assert watching.run().edited == edited


def test_an_excerpt_never_replaces_the_whole_and_the_whole_completes_an_excerpt(store: SqlStore, clock: Clock) -> None:
    mentions = [note(1, "芮弥…", partial=True)]
    watching = monitor(store, [mentions], clock)
    watching.run()
    mentions[0] = note(1, "芮弥的精华用了踩雷")
    run = watching.run()
    assert (run.new, run.edited, run.negative) == (0, 0, 1)
    mentions[0] = note(1, "芮弥…", partial=True)
    assert watching.run().edited == 0
    kept = Ledger(store).get("ruimi", key_of(mentions[0]))
    assert kept is not None
    assert kept.mention.text == "芮弥的精华用了踩雷"


def test_counts_are_brought_up_to_date_without_judging_again(store: SqlStore, clock: Clock) -> None:
    judge, mentions = ByWords(BRAND), [note(1, engagement=Engagement(likes=Count(3)))]
    watching = monitor(store, [mentions], clock, classifier=lambda _: judge)
    watching.run()
    mentions[0] = note(1, engagement=Engagement(likes=Count(4000)))
    assert watching.run().recounted == 1
    mentions[0] = note(1)  # this copy shows no counts: not known is not zero
    assert watching.run().recounted == 0
    kept = Ledger(store).get("ruimi", key_of(mentions[0]))
    assert kept is not None
    assert kept.mention.engagement.likes == Count(4000)
    assert judge.asked == ["1"]


def test_absence_is_noticed_only_where_a_source_shows_everything(store: SqlStore, clock: Clock) -> None:
    some, everything = [note(1), note(2)], [note(3), note(4)]
    watching = monitor(store, [Feed(some, name="search"), Feed(everything, name="comments", complete=True)], clock)
    watching.run()
    clock.now += DAY
    some.pop()
    gone = everything.pop()
    run = watching.run()
    assert (run.not_seen, run.reappeared) == (1, 0)
    kept = Ledger(store).get("ruimi", key_of(gone))
    assert kept is not None
    assert (kept.not_seen_since, kept.last_seen_at) == (NOW + DAY, NOW)
    assert watching.run().not_seen == 0
    everything.append(gone)
    clock.now += DAY
    run = watching.run()
    assert (run.not_seen, run.reappeared, run.new) == (0, 1, 0)


def test_a_source_that_broke_off_proves_no_absence(store: SqlStore, clock: Clock) -> None:
    broken = False

    class Comments:
        def __iter__(self) -> Iterator[Mention]:
            yield note(1)
            if broken:
                raise RateLimitedError("slow down", platform="kuaishou")
            yield note(2)

    watching = monitor(store, [Feed(Comments(), name="comments", complete=True), [note(3)]], clock)
    assert watching.run().new == 3
    broken, clock.now = True, NOW + DAY
    run = watching.run()
    assert run.not_seen == 0
    assert [str(p) for p in run.problems] == ["feed comments: RateLimitedError: kuaishou: slow down"]


def test_each_mention_is_judged_for_each_brand_it_points_to(store: SqlStore, clock: Clock) -> None:
    mentions = [
        note(1, "芮弥踩雷"), note(2, "ＲＵＩＭＩ 和 栖\u200b木 都踩雷"), note(3, "今天天气好"), note(4, "看这里", brand="qimu"),
        note(5, "新品上市", author=Author(id="u-qimu")), note(6, "好用吗", thread_title="栖木精华测评", kind=Kind.COMMENT),
        note(7, "好用吗", thread_title="换季测评", thread_text="这次试了三家 #栖木精华", kind=Kind.COMMENT),
    ]  # fmt: skip
    run = monitor(store, [mentions], clock, [BRAND, OTHER]).run()
    assert (run.seen, run.unassigned, run.new) == (7, 1, 7)
    window = (NOW - DAY, NOW + DAY)
    assert [one.mention.id for one in Ledger(store).between(Window("ruimi", *window))] == ["1", "2"]
    assert [one.mention.id for one in Ledger(store).between(Window("qimu", *window))] == ["2", "4", "5", "6", "7"]


def test_a_feed_may_say_which_brand_it_is_about(store: SqlStore, clock: Clock) -> None:
    label = note(1, "该账号存在违规风险", kind=Kind.ACCOUNT_LABEL)
    run = monitor(store, [Feed([label], name="inbox", brand="栖木")], clock, [BRAND, OTHER]).run()
    assert run.new == 1
    assert Ledger(store).get("qimu", key_of(label)) is not None


def test_two_things_of_one_name_are_refused(store: SqlStore, clock: Clock) -> None:
    with pytest.raises(DataError, match="two feeds are called 'a'"):
        monitor(store, [Feed([], name="a"), Feed([], name="a")], clock)
    with pytest.raises(DataError, match="two brands go by 'ruimi'"):
        monitor(store, [], clock, [BRAND, BRAND])
    with pytest.raises(DataError, match="two thresholds are called 'x'"):
        monitor(store, [], clock, thresholds=[Threshold("x", kind="deadline")] * 2)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"feeds": ["exports"]}, r"feed '1': 'exports' is no source of mentions; of files: Export\('exports'\)"),
        ({"feeds": "exports"}, r"feed '1': 'exports' is no source"),
        ({"feeds": [Mention("踩雷")]}, "feed '1': expected what yields mentions, .* found Mention"),
        ({"brands": "brand.toml"}, r"brands: expected a Brand, found 'brand.toml'; of a file: Brand.load\(path\)"),
        ({"brands": []}, "brands: there is none to watch"),
        ({"store": "x.db"}, r"store: expected an open store, found 'x.db'; open it with open_store\('x.db'\)"),
        ({"store": "postgresql://u:geheim@h/db"}, r"open_store\('postgresql://u:\*\*\*@h/db'\)"),
        ({"thresholds": "limits.toml"}, "thresholds: expected a Threshold, found 'limits.toml'"),
        ({"classifier": ByWords(BRAND)}, "classifier: expected what makes a classifier for a brand"),
        ({"notifiers": [print]}, "notifiers: expected them by name"),
        ({"notifiers": {"mine": print}}, r"notifier 'mine': expected an object with a method notify\(alert\), found <built-in"),
        ({"facts": Facts(order_match=True)}, "facts: expected a FactFile"),
    ],
)
def test_what_is_no_part_of_a_monitor_is_refused_by_name(store: SqlStore, wrong: dict[str, object], what: str) -> None:
    with pytest.raises(DataError, match=what):
        Monitor(**({"feeds": [], "brands": [BRAND], "store": store} | wrong))  # type: ignore[arg-type]


def test_a_lone_source_brand_or_threshold_is_one_of_its_kind(store: SqlStore) -> None:
    limit = Threshold("many", kind="count", at_least=1)
    for source in (Memory("踩雷了"), Feed(["踩雷了"], name="1")):
        alone = Monitor(source, BRAND, store=store, classifier=ByWords, thresholds=limit)
        assert ([feed.name for feed in alone.feeds], alone.brands, alone.thresholds) == (["1"], (BRAND,), (limit,))
        assert alone.run().seen == 1


@pytest.mark.parametrize(
    ("feed", "what"),
    [
        ({"brand": "别家"}, "feed 'a': is about the unknown brand '别家'; known: 芮弥"),
        ({"brand": BRAND}, "feed 'a': brand: expected the name of a brand"),
        ({"name": None}, "feed None: name: expected a text"),
    ],
)
def test_a_feed_names_itself_and_a_brand_that_is_watched(store: SqlStore, feed: dict[str, object], what: str) -> None:
    with pytest.raises(DataError, match=what):
        Monitor([Feed([], **({"name": "a"} | feed))], [BRAND], store=store)  # type: ignore[arg-type]


def test_a_time_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(DataError, match="no time zone; give an aware time"):
        Monitor([], BRAND, store=store, clock=lambda: NOW.replace(tzinfo=None)).run()
    with pytest.raises(DataError, match="no time zone; give an aware time"):
        Monitor([], BRAND, store=store).rejudge(NOW.replace(tzinfo=None))


def test_copies_of_one_mention_in_a_run_count_once(store: SqlStore, clock: Clock) -> None:
    copies = [note(1, "芮弥…", partial=True, queries=("芮弥",)), note(1, queries=("芮弥 投诉",)), note(1)]
    run = monitor(store, [copies, [note(1)]], clock).run()
    assert (run.seen, run.new, run.edited) == (4, 1, 0)
    kept = Ledger(store).get("ruimi", key_of(copies[0]))
    assert kept is not None
    assert kept.mention.queries == ("芮弥", "芮弥 投诉")


def test_the_same_id_on_two_platforms_is_two_mentions(store: SqlStore, clock: Clock) -> None:
    assert monitor(store, [[note(1), note(1, platform="kuaishou"), note(1, platform=None)]], clock).run().new == 3


def test_facts_of_a_mention_reach_the_classifier(store: SqlStore, clock: Clock) -> None:
    facts = FactFile(Facts(), {"1": Facts(order_match=True)})
    assert monitor(store, [[note(1, "芮弥"), note(2, "芮弥")]], clock, facts=facts).run().negative == 1


def test_a_fact_that_becomes_known_changes_the_verdict_and_nothing_else(store: SqlStore, clock: Clock) -> None:
    mentions = [note(1, "芮弥"), note(2, "芮弥"), note(3, "芮弥", published_at=NOW - 9 * DAY)]
    monitor(store, [Feed(mentions, name="a", complete=True)], clock).run()
    clock.now += DAY
    known = FactFile(Facts(), {"1": Facts(order_match=True), "3": Facts(order_match=True)})
    limit = Threshold("many", kind="count", at_least=1, window=3 * DAY)
    run = monitor(store, [], clock, facts=known, thresholds=[limit]).rejudge(NOW - 7 * DAY)
    assert (run.seen, run.new, run.edited, run.rejudged, run.negative) == (0, 0, 0, 1, 1)
    assert [alert.mentions for alert in run.alerts] == [("1",)]
    kept = Ledger(store).get("ruimi", key_of(mentions[0]))
    assert kept is not None
    assert (kept.type, kept.edits, kept.last_seen_at) == (AssociationType.CUSTOMER_COMPLAINT, 0, NOW)
    assert monitor(store, [], clock, facts=known).rejudge(NOW - 7 * DAY).rejudged == 0


def test_what_is_forgotten_is_counted_but_no_longer_readable_and_never_new_again(store: SqlStore, clock: Clock) -> None:
    old, edited = note(1, "芮弥过敏", engagement=Engagement(likes=Count(1))), note(2, "芮弥很好")
    mentions = [old, edited, note(3)]
    limit = Threshold("p0", kind="grade", from_grade=Grade.P0, cool_down=dt.timedelta())
    watching = monitor(store, [mentions], clock, thresholds=[limit], notifiers={"box": Box()})
    assert len(watching.run().alerts) == 1
    mentions[1] = note(2, "芮弥踩雷")
    watching.run()
    clock.now += 91 * DAY
    monitor(store, [[note(3)]], clock).run()
    assert watching.forget(clock.now - 90 * DAY) == 2
    ledger, window = Ledger(store), Window("ruimi", NOW - DAY, NOW)
    assert [one.mention.id for one in ledger.between(window)] == ["3"]
    assert ledger.get("ruimi", key_of(old)) is None
    assert ledger.versions("ruimi", key_of(edited)) == []
    assert sum(part.count for part in ledger.tally(window)) == 3
    for table in ("mentions", "versions", "alerts", "deliveries"):
        assert "过敏" not in str(store.query(f"SELECT * FROM {table}"))
    mentions[0] = attrs.evolve(old, engagement=Engagement(likes=Count(2)))  # an old file shows it again
    run = watching.run()
    assert (run.new, run.edited, run.alerts) == (0, 0, ())
    assert ledger.get("ruimi", key_of(old)) is None
    assert watching.forget(clock.now - 90 * DAY) == 0


def test_a_text_that_cannot_be_judged_is_named_and_tried_again(store: SqlStore, clock: Clock) -> None:
    mentions = [note(1), note(2, "崩溃", where="a.jsonl:7"), note(3)]
    stamps: list[str] = []
    watching = monitor(store, [Feed(mentions, name="a", fingerprint=lambda: stamps.append("x") or "same")], clock)
    run = watching.run()
    assert run.new == 2
    assert [str(p) for p in run.problems] == [
        "a.jsonl:7: could not be judged for ruimi: RuntimeError: this text is too much; it is tried again in the next run"
    ]
    mentions[1] = note(2, "好了")
    assert (watching.run().new, watching.run().unchanged) == (1, ("a",))


def test_a_feed_that_has_not_changed_is_not_read_again(store: SqlStore, clock: Clock) -> None:
    state, reads = "1", 0

    class Counting:
        def __iter__(self) -> Iterator[Mention]:
            nonlocal reads
            reads += 1
            yield note(1)

    feed = Feed(Counting(), name="a", fingerprint=lambda: state)
    watching = monitor(store, [feed], clock)
    assert [watching.run().unchanged for _ in range(3)] == [(), ("a",), ("a",)]
    state = "2"
    assert watching.run().unchanged == ()
    assert reads == 2
    renamed = monitor(store, [feed], clock, [attrs.evolve(BRAND, aliases=("RUIMI", "瑞弥"))])
    assert renamed.run().unchanged == ()
    assert reads == 3


def test_a_search_that_fails_leaves_the_others(store: SqlStore, clock: Clock) -> None:
    def search(query: Query) -> Iterator[Mention]:
        yield note(query.text)
        if query.text == "b":
            raise TransientError("timeout", platform="xiaohongshu")

    feed = SearchFeed(search, [Query("a"), Query("b"), Query("c")])
    run = monitor(store, [feed], clock).run()
    assert run.new == 3
    assert [str(p) for p in run.problems] == ["search 'b': xiaohongshu: timeout"]
    kept = Ledger(store).get("ruimi", "xiaohongshu/c")
    assert kept is not None
    assert kept.mention.queries == ("c",)


def test_a_refusal_stops_the_searches(store: SqlStore, clock: Clock) -> None:
    asked = []

    def search(query: Query) -> Iterator[Mention]:
        asked.append(query.text)
        raise RateLimitedError("slow down")
        yield

    run = monitor(store, [SearchFeed(search, [Query("a"), Query("b")])], clock).run()
    assert asked == ["a"]
    assert "slow down" in str(run.problems[0])


def test_problems_of_a_source_are_passed_on(store: SqlStore, clock: Clock) -> None:
    class Damaged(list[Mention]):
        problems = (Problem("x.csv:9", "row is cut off"),)

    run = monitor(store, [Damaged([note(1), Mention("  ", id="2", where="x.csv:3")])], clock).run()
    assert run.new == 1
    assert [str(p) for p in run.problems] == [
        "x.csv:3: cannot be stored: store: neither title nor text; at least one is required",
        "x.csv:9: row is cut off",
    ]


def test_an_interrupt_keeps_what_has_arrived(store: SqlStore, clock: Clock) -> None:
    class Interrupted:
        def __iter__(self) -> Iterator[Mention]:
            yield from (note(n) for n in range(250))
            raise KeyboardInterrupt

    limit = Threshold("many", kind="count", at_least=1)
    run = monitor(store, [Interrupted(), [note(999)]], clock, thresholds=[limit]).run()
    assert (run.interrupted, run.new, run.alerts) == (True, 250, ())
    assert "interrupted" in str(run)
    after = monitor(store, [], clock, thresholds=[limit]).run()
    assert len(after.alerts) == 1


def test_hooks_are_told(store: SqlStore, clock: Clock) -> None:
    told: list[object] = []
    monitor(store, [[note(n) for n in range(3)]], clock, hooks=[told.append]).run()
    assert told[-1] == MonitorRan(seen=3, new=3, edited=0, alerts=0)
    assert Progress(what="monitor 1", done=3) in told


def test_a_failing_notifier_is_tried_again_and_keeps_nothing_from_the_others(store: SqlStore, clock: Clock) -> None:
    good, bad = Box(), Box(fails=2)
    mentions = [note(1, "芮弥过敏")]
    limits = [Threshold("p0", kind="grade", from_grade=Grade.P0), Threshold("many", kind="count", at_least=1)]
    watching = monitor(store, [mentions], clock, thresholds=limits, notifiers={"bad": bad, "good": good})
    run = watching.run()
    assert sorted(good.got) == sorted(alert.id for alert in run.alerts)
    assert (len(run.alerts), bad.got) == (2, [])
    assert [str(p) for p in run.problems] == [
        f"notifier bad: alert {a} not delivered: ConnectionError: no way through; it is tried again in the next run" for a in good.got
    ]
    assert watching.run().problems == ()
    assert sorted(bad.got) == sorted(good.got)
    watching.run()
    assert (len(bad.got), len(good.got)) == (2, 2)


def test_an_alert_that_a_notifier_cannot_digest_blocks_no_other(store: SqlStore, clock: Clock) -> None:
    limits = [Threshold(f"t{n}", kind="count", at_least=1) for n in range(6)]
    dead = Box(fails=10**6)
    watching = monitor(store, [["芮弥踩雷"]], clock, thresholds=limits, notifiers={"dead": dead})
    run = watching.run()
    assert len(run.alerts) == 6
    assert str(run.problems[-1]) == "notifier dead: 3 more alerts wait for the next run"
    assert len(run.problems) == 4
    first = {str(p).split()[3] for p in run.problems[:3]}
    assert {str(p).split()[3] for p in watching.run().problems[:3]} == {alert.id for alert in run.alerts} - first
    dead.fails = 0
    assert watching.run().problems == ()
    assert len(dead.got) == 6


def test_two_monitors_on_one_store_double_nothing(store: SqlStore, clock: Clock) -> None:
    one = monitor(store, [[note(n) for n in range(5)]], clock, thresholds=[Threshold("many", kind="count", at_least=3)])
    two = monitor(store, [[note(n) for n in range(3, 8)]], clock, thresholds=[Threshold("many", kind="count", at_least=3)])
    runs = [one.run(), two.run()]
    assert [len(run.alerts) for run in runs] == [1, 0]  # the second falls into the first one's cool-down
    assert sum(run.new for run in runs) == Ledger(store).count() == 8


WATCHING = f"""
import importlib.util, sys
spec = importlib.util.spec_from_file_location("tm", {__file__!r})
tm = importlib.util.module_from_spec(spec); sys.modules["tm"] = tm; spec.loader.exec_module(tm)
from negassoc.cases.store import open_store
import negassoc.watch.notifiers

def work(url, out):
    with open_store(url) as store:
        print("ready", flush=True)
        tm.killable(store, out).run()
        print("done", flush=True)
"""


def killable(store: SqlStore, outfile: str) -> Monitor:
    from negassoc.watch.notifiers import FileNotifier

    mentions = [note(n, f"芮弥{'过敏' if n % 200 == 0 else '踩雷' if n % 3 == 0 else '不错'} {n}") for n in range(2000)]
    limits = [
        Threshold("p0", kind="grade", from_grade=Grade.P0, cool_down=dt.timedelta(0)),
        Threshold("many", kind="count", at_least=500, cool_down=DAY),
    ]
    return monitor(store, [mentions], Clock(), [BRAND], thresholds=limits, notifiers={"file": FileNotifier(outfile)})


def test_three_monitors_at_once_double_nothing(store: SqlStore, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    postgres = "postgres" in request.node.callspec.id
    url = request.getfixturevalue("postgres_url") if postgres else str(tmp_path / "m.db")
    out = tmp_path / "alerts.jsonl"
    command = [sys.executable, "-c", f"{WATCHING}work({url!r}, {str(out)!r})"]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [child.communicate(timeout=120)[0] for child in children] == ["ready\ndone\n"] * 3
    kept = list(Ledger(store).since("ruimi", 0))
    assert len(kept) == len({one.key for one in kept}) == 2000
    assert all(one.edits == 0 for one in kept)
    told = {alert["id"]: alert for alert in map(json.loads, out.read_text("utf-8").splitlines())}
    assert sum(alert["threshold"] == "many" for alert in told.values()) == 1
    gravest = [mention for alert in told.values() if alert["threshold"] == "p0" for mention in alert["mentions"]]
    assert set(gravest) == {str(n) for n in range(0, 2000, 200)}


def test_a_monitor_killed_at_random_loses_and_doubles_nothing(killing: Callable[[str], Kill], tmp_path: Path) -> None:
    path, out, dice, kill = tmp_path / "m.db", tmp_path / "alerts.jsonl", random.Random(3), killing(WATCHING)
    finished = 0
    for _ in range(40):
        finished += kill(str(path), str(out), after=dice.uniform(0, 0.1))[-1] == "done"
        if finished > 3:
            break
    with open_store(path) as store:
        killable(store, str(out)).run()
        ledger = Ledger(store)
        kept = list(ledger.between(Window("ruimi", NOW - DAY, NOW + DAY)))
        assert ledger.count() == len(kept) == len({one.mention.id for one in kept}) == 2000
        assert all(one.edits == 0 for one in kept)
        told = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        gravest = {alert["id"]: alert["mentions"] for alert in told if alert["threshold"] == "p0"}
        named = [mention for mentions in gravest.values() for mention in mentions]
        assert sorted(named, key=int) == [str(n) for n in range(0, 2000, 200)]
        assert len({alert["id"] for alert in told if alert["threshold"] == "many"}) == 1


def test_an_alert_and_the_digest_say_where_a_post_can_be_opened_and_under_which_it_stands(tmp_path):
    url, now = "https://www.xiaohongshu.com/explore/66a1b2c3000000000d00abcd", dt.datetime.now(dt.UTC)
    said = [
        Mention("松果屿退款半个月没到账，客服不理人", id="n1", platform="xiaohongshu", url=url, published_at=now),
        Mention(
            "松果屿骗钱，退款不给",
            id="n2",
            platform="xiaohongshu",
            url="javascript:alert(1)",
            published_at=now,
            kind="comment",
            thread_title="松果屿打卡",
        ),
    ]
    with open_store(tmp_path / "a.db") as store:
        run = Monitor([said], [Brand("松果屿")], store=store, thresholds=[Threshold("any", kind="count", at_least=1)]).run()
        page = digest(store, Brand("松果屿"), now.date()).to_markdown()
    (alert,) = run.alerts
    assert f"\n  {url}" in alert.text.zh and f"<{url}>" in page
    assert "〔松果屿打卡〕" in alert.text.zh
    assert "javascript" not in alert.text.zh + page
