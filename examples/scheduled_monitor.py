"""A monitor on a schedule: look every half hour, tell people once, stop cleanly. 定时监测：每半小时看一次，只提醒一次，随时可停。

    python examples/scheduled_monitor.py examples/monitor/exports --brands examples/monitor/brands.json --store monitor.db

Put new exports into the folder, and the next round finds what is new. Ctrl-C ends it; everything that had arrived is kept, and the next
start goes on from there. `negassoc monitor run --config monitor.toml` does the same without a program.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from negassoc import Export, Monitor
from negassoc.brand import load_brands
from negassoc.cases import open_store
from negassoc.watch import Feed, PrintNotifier, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def rounds(monitor: Monitor, *, every: float, sleep: Callable[[float], None] = time.sleep, most: int | None = None) -> Iterator[Run]:
    """Run the monitor every `every` seconds, at most `most` times; ends when a round is interrupted."""
    done = 0
    while most is None or done < most:
        run = monitor.run()
        done += 1
        yield run
        if run.interrupted:
            return
        if done != most:
            sleep(every)


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and watch."""
    parser = argparse.ArgumentParser(description="Watch a folder of exports.")
    parser.add_argument("exports", type=Path)
    parser.add_argument("--brands", type=Path, required=True, help="a brands.json")
    parser.add_argument("--store", default="monitor.db", help="a file, or a postgresql:// URL")
    parser.add_argument("--every", type=float, default=1800, help="seconds between two rounds")
    parser.add_argument("--rounds", type=int, help="how many; without end unless given")
    given = parser.parse_args(arguments)
    with open_store(given.store) as store:
        monitor = Monitor(
            [Feed(Export(given.exports), name="exports")], load_brands(given.brands).values(),
            store=store, notifiers={"screen": PrintNotifier()},
        )  # fmt: skip
        try:
            for run in rounds(monitor, every=given.every, most=given.rounds):
                print(run)
        except KeyboardInterrupt:
            print("stopped; nothing that had arrived is lost")


if __name__ == "__main__":
    main()
