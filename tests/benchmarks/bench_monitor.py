"""What one new mention costs a monitor that remembers 10,000 and one that remembers 1,000,000.

    python tests/benchmarks/bench_monitor.py [STORE] [--sizes 10000 1000000]

STORE is a folder for SQLite files (a temporary one unless given) or a postgresql:// URL of an empty database. The classifier says the
same of everything at once, so that what is measured is the monitor and its store. Mentions are spread evenly over a year; the packaged
thresholds are looked at, but for the one on campaigns, whose cost is that of finding campaigns.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.brand import Brand
from negassoc.cases.store import open_store
from negassoc.classify import AssociationType, Classification, Grade
from negassoc.mention import Author, Count, Engagement, Mention
from negassoc.watch import Monitor, default_thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.facts import Facts

NOW = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)
YEAR_SECONDS = 365 * 86400
NEW = 2000
RUNS = 5
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


def measured(where: str, size: int) -> tuple[float, float]:
    """Seconds a new mention costs in a run with `NEW` new ones over `size` stored (median of `RUNS` runs), and while filling."""
    source = Numbered(0, size)
    thresholds = [threshold for threshold in default_thresholds() if threshold.kind != "campaign"]
    with open_store(where) as store:
        monitor = Monitor([source], [BRAND], store=store, classifier=Constant, thresholds=thresholds, clock=lambda: NOW)
        began = time.perf_counter()
        monitor.run()
        filling = (time.perf_counter() - began) / size
        costs = []
        for _ in range(RUNS):
            source.start, source.end = source.end, source.end + NEW
            began = time.perf_counter()
            run = monitor.run()
            costs.append((time.perf_counter() - began) / NEW)
            if run.new != NEW:
                raise SystemExit(f"{run.new} new instead of {NEW}: {run.problems[:3]}")
    return statistics.median(costs), filling


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", nargs="?")
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 1_000_000])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        first = None
        for size in given.sizes:
            where = given.store if given.store and "://" in given.store else str(Path(given.store or folder) / f"{size}.db")
            cost, filling = measured(where, size)
            first = first or cost
            print(
                f"{size:>9,} stored: {cost * 1e6:6.0f} µs a new mention ({cost / first:.2f}×); filling: {filling * 1e6:.0f} µs each",
                flush=True,
            )


if __name__ == "__main__":
    main()
