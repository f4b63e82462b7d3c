"""What the guards say of sentences kept apart, and of the fitted ones left out by turns: `python tests/data/guards/measure.py`.

Without arguments it counts over `heldout_*.jsonl`, with files named over those; `--folds` fits five times on four fifths of `train_*.jsonl`
and counts over the fifth left out (extra `fit`). docs/guards.md tells these figures.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.playbooks.guards import Guards
from negassoc.playbooks.suspicion import Suspicion, read_examples
from negassoc.text.phrases import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).parent
FOLDS = 5
Record = dict[str, str]
Judged = tuple[bool, str]


def judged(guards: Guards, records: Iterable[Record]) -> Iterator[Judged]:
    """Whether each sentence is unlawful, and the verdict on it."""
    return ((bool(record["guard"]), guards.review(record["text"]).verdict) for record in records)


def left_out() -> Iterator[Judged]:
    """The verdicts on each fifth of the fitted sentences by a model that has not seen it."""
    records = [record for path in sorted(HERE.glob("train_*.jsonl")) for record in read_examples(path)]
    packaged = Suspicion.default()
    for fold_number in range(FOLDS):
        seen = [record for number, record in enumerate(records) if number % FOLDS != fold_number]
        model = Suspicion.fit(
            [(fold(record["text"]).text, record["guard"]) for record in seen if record["guard"]],
            [fold(record["text"]).text for record in seen if not record["guard"]],
            notions=packaged.notions,
            thresholds=packaged.weights.thresholds,
        )
        yield from judged(attrs.evolve(Guards.default(), suspicion=model), records[fold_number::FOLDS])


def figures(verdicts: Iterable[Judged]) -> str:
    """Caught, wrongly refused and wrongly sent to a person, as the document tells them."""
    found = list(verdicts)
    unlawful, lawful = ([verdict for bad, verdict in found if bad is kind] for kind in (True, False))
    caught = 1 - unlawful.count("ok") / len(unlawful)
    blocked, gated = (lawful.count(verdict) / len(lawful) for verdict in ("blocked", "gated"))
    return f"{len(unlawful)} unlawful: {caught:.1%} caught; {len(lawful)} lawful: {blocked:.1%} refused, {gated:.1%} sent to a person"


if __name__ == "__main__":
    named = [Path(name) for name in sys.argv[1:] if name != "--folds"] or sorted(HERE.glob("heldout_*.jsonl"))
    apart = [record for path in named for record in read_examples(path)]
    print("kept apart:", figures(judged(Guards.default(), apart)))
    if "--folds" in sys.argv:
        print("left out by turns:", figures(left_out()))
