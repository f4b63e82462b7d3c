"""A process killed while it adds evidence leaves a log that holds, and nothing that adding again does not mend."""

from __future__ import annotations

import random

from negassoc.cases import EvidenceFolder

WORKER = """
import datetime as dt, itertools, pathlib
from negassoc.cases import Evidence, EvidenceFolder

def work(folder, source):
    folder, source, now = EvidenceFolder(folder), pathlib.Path(source), dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    for number in itertools.count(len(folder.register()) + 1):
        item = Evidence(id=f"E{number:04}", captured_at=now, capturer="w", transcription="x" * 2000)
        folder.add(item, source, who="w", at=now)
        print(number, flush=True)
"""


def test_what_was_registered_stays_and_the_chain_holds(killing, tmp_path):
    chance, folder, kill = random.Random(5), EvidenceFolder(tmp_path / "ev"), killing(WORKER)
    (tmp_path / "shot.png").write_bytes(b"picture" * 50_000)
    told = 0
    for kills in range(200):
        if kills >= 20 and told > 20:
            break
        told = max([told, *map(int, kill(str(folder.path), str(tmp_path / "shot.png"), after=chance.uniform(0, 0.04)))])
        assert told <= len(folder.register()) <= told + 1
        folder.refresh()
        found = folder.verify()
        assert (found.missing, found.changed, found.broken) == ((), (), ())
        assert len(found.extra) <= 1, "at most the one file that was being added"
    assert told > 20
