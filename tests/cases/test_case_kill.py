"""A process that works on a case and is killed at any moment loses no step it was told was saved, and doubles none."""

from __future__ import annotations

import random

from negassoc.cases import Case, SqliteStore

WORKER = """
from negassoc.cases import Case, SqliteStore

def work(path):
    store = SqliteStore(path)
    case = Case.load(store, "case-1")
    print(len(case.log), flush=True)
    while True:
        state = case.task("C0").state
        to = "done" if state.value == "in_progress" else "in_progress"
        case = case.move("C0", to, who="worker", why="again").save(store)
        print(len(case.log), flush=True)
"""


def test_nothing_lost_nothing_doubled(killing, make_plan, tmp_path):
    path, chance, kill = tmp_path / "kill.db", random.Random(6), killing(WORKER)
    with SqliteStore(path) as store:
        Case.open(make_plan("C0"), who="worker", id="case-1").save(store)
    told = 1
    for kills in range(250):
        if kills >= 25 and told > 25:
            break
        first, *later = map(int, kill(str(path), after=chance.uniform(0, 0.05)))
        assert first in {told, told + 1}, "what was said to be saved is there; at most one move was saved and not yet told"
        told = max([first, *later])
    with SqliteStore(path) as store:
        case = Case.load(store, "case-1")
    assert len(case.log) in {told, told + 1}
    assert told > 25
    assert [entry.seq for entry in case.log] == list(range(1, len(case.log) + 1))
    assert case.version == len(case.log)
    assert len(case.task("C0").attempts) == len(case.log) // 2
