"""Fit the guards' model on the sentences beside this file and write it into the package: `python tests/data/guards/fit.py`.

Sentences of `heldout_*.jsonl` are never read here; the thresholds stay as they are.
"""

from __future__ import annotations

from pathlib import Path

import negassoc
from negassoc.playbooks.suspicion import Suspicion, read_examples
from negassoc.text.phrases import fold

HERE = Path(__file__).parent
MODEL = Path(negassoc.__file__).parent / "data" / "guards" / "model"

if __name__ == "__main__":
    records = [record for path in sorted(HERE.glob("train_*.jsonl")) for record in read_examples(path)]
    before = Suspicion.load(MODEL)
    Suspicion.fit(
        [(fold(record["text"]).text, record["guard"]) for record in records if record["guard"]],
        [fold(record["text"]).text for record in records if not record["guard"]],
        notions=before.notions,
        thresholds=before.weights.thresholds,
    ).save(MODEL / "weights.json")
