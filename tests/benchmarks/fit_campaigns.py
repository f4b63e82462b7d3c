"""How the table is learnt that tells who speaks as attackers do (`campaigns_stance.tsv`), one of the signs of a campaign.

    python tests/benchmarks/fit_campaigns.py --written SETS --timelines TIMELINES --real POSTS --reviews REVIEWS -o PACK

SETS, POSTS and REVIEWS as for `bench_quality.py`; TIMELINES are files `*.jsonl` whose records have `campaign` (null for whoever does not
belong to one), with `*brands.json` beside them, as in `tests/data/campaigns/`. Needs scikit-learn. Real posts and blaming reviews teach only
what is no attack.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.brand import Brand, load_brands
from negassoc.classify.weights import WORDING_SCALE, Table
from negassoc.mention import Mention
from negassoc.watch.stance import Stance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEPT, SEEN = 6000, 6
REVIEWS = 3000


@attrs.frozen
class Said:
    """One text, whether it attacks, how much it counts."""

    text: str
    attacks: bool
    weight: float


def brands_of(folder: Path) -> dict[str, Brand]:
    return {k: b for file in sorted(folder.glob("*brands.json")) for k, b in load_brands(file).items()}


def records(folder: Path, skip: str = "campaigns") -> Iterator[dict[str, object]]:
    for file in sorted(folder.glob("*.jsonl")):
        if not file.stem.startswith(skip):
            yield from map(json.loads, file.open(encoding="utf-8"))


def said(folder: Path, label: str, weight: float, skip: str = "campaigns") -> Iterator[Said]:
    """Everybody's posts and comments; `label` is the field that tells an attack."""
    brands, stances = brands_of(folder), dict[str, Stance]()
    for record in records(folder, skip):
        mention, name = Mention.from_record(record), str(record["brand"])
        if mention.kind.from_platform or mention.author.official:
            continue
        stance = stances.setdefault(name, Stance(brands.get(name) or Brand(name)))
        attacks = record[label] == "malicious_attack" if label == "label" else bool(record[label])
        yield Said(stance.read(mention.title or "", mention.text), attacks, weight)


def complaints(folder: Path) -> Iterator[Said]:
    stance = Stance(Brand("某店"))
    for file in sorted(folder.glob("*.csv")):
        rows = [row for row in csv.DictReader(file.open(encoding="utf-8-sig")) if row["label"] == "0"]
        for row in rows[:: max(1, len(rows) // REVIEWS)]:
            yield Said(stance.read("", row["review"]), attacks=False, weight=0.5)


def learn(texts: Sequence[Said]) -> Table:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import normalize

    wanted: list[str] | None = None
    for _ in range(2):  # all, then the strongest alone
        grams = CountVectorizer(analyzer="char", ngram_range=(1, 2), binary=True, min_df=1 if wanted else SEEN, vocabulary=wanted)
        design = normalize(grams.fit_transform([s.text for s in texts]).astype(float))
        model = LogisticRegression(C=4, max_iter=1000).fit(design, [s.attacks for s in texts], [s.weight for s in texts])
        weights = dict(zip(grams.get_feature_names_out(), model.coef_[0].tolist(), strict=True))
        wanted = sorted(g for g in sorted(weights, key=lambda g: -abs(weights[g]))[:KEPT] if g == g.strip())
    bias = float(model.intercept_[0])
    return Table(("attack",), {"bias": (bias,)}, {g: (w / WORDING_SCALE,) for g, w in weights.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("written", "timelines", "real", "reviews"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("-o", dest="pack", type=Path, required=True)
    chosen = parser.parse_args()
    texts = [
        *said(chosen.written, "label", 1.0),
        *(attrs.evolve(s, attacks=False) for s in said(chosen.real, "label", 0.5)),
        *complaints(chosen.reviews),
        *said(chosen.timelines, "campaign", 2.0, skip="-"),
    ]
    about = f"How a stranger attacks rather than tells of an own case: learnt from {len(texts)} texts, {dt.datetime.now(dt.UTC):%Y-%m-%d}"
    learn(texts).save(chosen.pack / "campaigns_stance.tsv", about)


if __name__ == "__main__":
    main()
