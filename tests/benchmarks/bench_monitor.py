"""What one new mention costs a monitor that remembers 10,000 and one that remembers 1,000,000.

    python tests/benchmarks/bench_monitor.py [STORE] [--sizes 10000 1000000]

STORE is a folder for SQLite files (a temporary one unless given; files that are there already are used as they are) or a postgresql:// URL of an empty database. The classifier says the
same of everything at once, so that what is measured is the monitor and its store. Mentions are spread evenly over a year; the packaged
thresholds are looked at, but for the one on campaigns, whose cost is that of finding campaigns.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.brand import Brand
from negassoc.cases.store import open_store
from negassoc.classify import AssociationType, Classification, Grade
from negassoc.mention import Author, Count, Engagement, Mention
from negassoc.watch import Ledger, Monitor, default_thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.facts import Facts

NOW = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)
YEAR_SECONDS = 365 * 86400
NEW = 2000
RUNS = 7
BRAND = Brand("松果屿")


@attrs.frozen
class Constant:
    """A fifth of everything is a complaint of grade P3."""

    brand: Brand

    def classify(self, mention: Mention | str, facts: Facts | None = None) -> Classification:
        one = Mention.of(mention)
        negative = int(one.id) % 5 == 0
        return Classification(
            mention=one, brand=self.brand, type=AssociationType.CUSTOMER_COMPLAINT if negative else AssociationType.NONE, suspected=True,
            probability=1, probabilities={}, scores={}, grade=Grade.P3 if negative else None, findings=(),
        )  # fmt: skip


@attrs.define
class Numbered:
    """Mentions with the numbers `start` to `end`, each somewhere in the year."""

    start: int = 0
    end: int = 0

    def __iter__(self) -> Iterator[Mention]:
        for n in range(self.start, self.end):
            yield Mention(
                f"第{n}条：松果屿的洗发水用了两周，泡沫细腻，就是快递慢了一点，客服回复还算及时，下次活动再买一瓶试试别的味道。",
                id=str(n), platform="kuaishou" if n % 3 else "xiaohongshu", title=f"松果屿洗发水第{n}次测评",
                author=Author(id=f"u{n % 50_000}", nickname=f"用户{n % 50_000}"), engagement=Engagement(likes=Count(n % 700)),
                published_at=NOW - dt.timedelta(seconds=n * 7919 % YEAR_SECONDS), url=f"https://example.com/explore/{n}",
            )  # fmt: skip


@attrs.frozen
class Cost:
    """Seconds a new mention takes by the clock and of the processor: the least of all runs, the one that others disturbed least."""

    wall: float
    cpu: float


def measured(where: str, size: int) -> Cost:
    """What a new mention costs in runs with `NEW` new ones over at least `size` stored."""
    thresholds = [threshold for threshold in default_thresholds() if threshold.kind != "campaign"]
    with open_store(where) as store:
        stored = Ledger(store).count()
        source = Numbered(stored, max(size, stored))
        monitor = Monitor([source], [BRAND], store=store, classifier=Constant, thresholds=thresholds, clock=lambda: NOW)
        monitor.run()
        return min((_timed(monitor, source) for _ in range(RUNS)), key=lambda cost: cost.wall)


def _timed(monitor: Monitor, source: Numbered) -> Cost:
    source.start, source.end = source.end, source.end + NEW
    wall, cpu = time.perf_counter(), time.process_time()
    run = monitor.run()
    cost = Cost((time.perf_counter() - wall) / NEW, (time.process_time() - cpu) / NEW)
    if run.new != NEW:
        raise SystemExit(f"{run.new} new instead of {NEW}: {run.problems[:3]}")
    return cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", nargs="?")
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 1_000_000])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        first = None
        for size in given.sizes:
            where = given.store if given.store and "://" in given.store else str(Path(given.store or folder) / f"{size}.db")
            cost = measured(where, size)
            first = first or cost
            wall, cpu = cost.wall / first.wall, cost.cpu / first.cpu
            print(
                f"{size:>9,} stored: {cost.wall * 1e6:.0f} µs a new mention ({wall:.2f}×), {cost.cpu * 1e6:.0f} µs of it CPU ({cpu:.2f}×)",
                flush=True,
            )


if __name__ == "__main__":
    main()
