"""How good verdicts are on mentions never seen, on three grounds at once; and how the packaged weights are learnt.

    python tests/benchmarks/bench_quality.py --written SETS --real POSTS --reviews REVIEWS [--baseline] [--fit PACK]

SETS holds labelled sets `*.jsonl` with `*brands.json`, POSTS real posts in the same form with `source` in each record, REVIEWS files
`*.csv` with the columns label (0 negative) and review, and perhaps cat. None of them is part of this repository; the made-up mentions in
`made/` are, and are learnt from too. Each of five folds leaves out whole sets, whole sources of posts and whole categories of goods;
what is left out is judged by weights that never saw it.
`--baseline` puts a logistic regression over n-grams and a list of strong words beside it (needs scikit-learn). `--fit` learns from
everything and writes `weights/` into PACK.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import numpy as np

from negassoc.brand import Brand, load_brands
from negassoc.classify import AssociationType, Knowledge, RuleClassifier
from negassoc.classify.decision import Decision, probability, shares
from negassoc.classify.fit import Example, fit_negative, fit_statements, fit_types
from negassoc.classify.reading import Reading
from negassoc.classify.scores import NOTHING_KNOWN, scores_of
from negassoc.classify.signals import Signals
from negassoc.classify.weights import DATA, Weights
from negassoc.mention import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FOLDS = 5
LABELS = ("own_violation", "malicious_attack", "customer_complaint", "algorithm_misjudgment", "none")
STRONG = (  # noqa: SIM905 - a list of words reads better as words
    "避雷 踩雷 踩坑 差评 垃圾 骗子 骗人 被骗 坑人 太坑 被坑 坑爹 黑心 无良 奸商 退款 不退 投诉 维权 曝光 假货 难吃 难用 恶心 失望 后悔 无语 "
    "态度差 恶劣 翻车 智商税 割韭菜 吐槽 千万别 不要买 别买 慎入 劝退 烂 拉黑"
).split()
# real posts come first; of written ones those count most that a real stream has too few of to learn from
WEIGHTS = {"complaint": 0.05, "other": 0.1, "real-doubtful": 0.6, "harmless-doubtful": 0.3}
TYPE_WEIGHTS = {"written": 1.0, "made": 1.0, "stream": 1.0, "real": 2.0, "review": 0.25, "retold": 0.5}
RETOLD = 0.5
BELIEVED = {"customer_complaint", "none"}
"""Of real posts: their few attacks are one reader's doubt."""
CHATTER_OF_MADE = 0.3
MADE = Path(__file__).parent / "made"
MADE_GROUNDS = {"set": "made", "stream": "stream", "reviews": "review", "test": "test"}
"""By the beginning of their files: of all five labels; the chatter of a stream, mostly harmless; reviews; never learnt from."""
PLEASED = ("某店", "某店，", "推荐某店，", "在某店买的，", "又来某店了，", "某店不错，", "第一次买某店，")
CROSS = ("某店", "某店，", "避雷某店，", "在某店买的，", "千万别去某店，", "某店差评，", "某店太坑了，", "拉黑某店，")


@attrs.define
class Item:
    """One labelled mention, where it comes from, and how it is read."""

    ground: str
    source: str
    label: str
    also: bool
    reading: Reading
    signals: Signals
    fold: int = 0

    @property
    def values(self) -> dict[str, float]:
        return self.signals.values

    @property
    def named(self) -> bool:
        return not self.reading.unnamed_post


def read(folder: Path, ground: str, brands: dict[str, Brand], skip: str = "campaigns") -> Iterator[Item]:
    knowledge, classifiers = Knowledge.default(), dict[str, RuleClassifier]()
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.open(encoding="utf-8") if not file.stem.startswith(skip) else ():
            record = json.loads(line)
            brand = brands.get(record["brand"]) or Brand(record["brand"])
            reader = classifiers.setdefault(record["brand"], RuleClassifier(brand, knowledge))
            yield item_of(reader, record, ground, record.get("source") or file.stem)


def read_made() -> Iterator[Item]:
    """The made-up mentions of this repository; the reviews among them are more categories of reviews."""
    brands = {k: b for file in sorted(MADE.glob("*brands.json")) for k, b in load_brands(file).items()}
    for item in read(MADE, "made", brands):
        yield attrs.evolve(item, ground=MADE_GROUNDS[item.source.partition("_")[0]])


def read_reviews(folder: Path) -> Iterator[Item]:
    reader = RuleClassifier(Brand("某店"))
    for file in sorted(folder.glob("*.csv")):
        for number, row in enumerate(csv.DictReader(file.open(encoding="utf-8-sig"))):
            label = "customer_complaint" if row["label"] == "0" else "none"
            record = {"id": f"{file.stem}-{number:06}", "kind": "review", "text": row["review"] or "。", "label": label}
            yield item_of(reader, record, "review", row.get("cat") or file.stem)


def retold(items: Sequence[Item]) -> list[Item]:
    """About a thousand reviews as posts that name the brand: else plain words of blame beside a name are known only from written sets,
    where they are mostly traps."""
    reader, reviews = RuleClassifier(Brand("某店")), [i for i in items if i.ground == "review"]
    chosen = list(enumerate(reviews))[:: max(1, len(reviews) // 1000)]
    return [attrs.evolve(_retold(reader, n, review), fold=review.fold) for n, review in chosen]


def _retold(reader: RuleClassifier, number: int, review: Item) -> Item:
    openings = PLEASED if review.label == "none" else CROSS
    record = {"id": f"retold-{number:06}", "label": review.label, "text": openings[number % len(openings)] + review.reading.mention.text}
    return item_of(reader, record, "retold", review.source)


def item_of(reader: RuleClassifier, record: dict[str, object], ground: str, source: str) -> Item:
    reading = reader.read(Mention.from_record(record))
    return Item(ground, source, str(record["label"]), bool(record.get("also")), reading, reader.knowledge.measure(reading))


def put_in_folds(items: Sequence[Item]) -> None:
    """Whole sources go together, the large ones each into a fold of its own; one that is a ground by itself is split by number."""
    for ground in ("written", "real", "review", "made", "stream", "test"):
        sizes = Counter(i.source for i in items if i.ground == ground)
        loads = [0] * FOLDS
        homes = dict[str, int]()
        for source, size in sizes.most_common():
            homes[source] = loads.index(min(loads))
            loads[homes[source]] += size
        for number, item in enumerate(i for i in items if i.ground == ground):
            item.fold = number % FOLDS if sizes[item.source] > 8000 else homes[item.source]


def examples(items: Iterable[Item]) -> Iterator[Example]:
    """Which columns an item teaches: its own; chatter or not, where it is no review; and, a real post only if it names the brand, what
    statements are judged by."""
    for item in items:
        label = AssociationType(item.label)
        if item.ground in {"retold", "made", "stream"}:
            yield from told(item)
            continue
        if item.ground != "review":
            yield Example(item.reading, item.values, label, 1.0, "chatter", yes=item.ground == "real")
        if item.ground == "written" or (item.ground == "real" and item.named and item.label in BELIEVED):
            yield Example(item.reading, item.values, label, 0.5 if item.ground == "real" and item.also else 1.0, "statement")
        if item.named and item.reading.situation in {"post", "review"}:
            yield Example(item.reading, item.values, label, first_weight(item))


def told(item: Item) -> Iterator[Example]:
    """What was written or retold for learning teaches how statements are judged, and not what a real stream is like."""
    label = AssociationType(item.label)
    yield Example(item.reading, item.values, label, RETOLD if item.ground == "retold" else 1.0, "statement")
    if item.ground == "made":
        yield Example(item.reading, item.values, label, CHATTER_OF_MADE, "chatter", yes=False)


def first_weight(item: Item) -> float:
    if item.ground == "written":
        return WEIGHTS["complaint"] if item.label == "customer_complaint" else WEIGHTS["other"]
    if item.ground == "real" and item.also:
        return WEIGHTS["harmless-doubtful" if item.label == "none" else "real-doubtful"]
    return 1.0


def type_examples(items: Iterable[Item]) -> list[Example]:
    """Of the real posts and the reviews only complaints: their few attacks are one reader's doubt, and a review is never an attack here."""
    chosen = [i for i in items if i.label != "none" and (i.ground in {"written", "made", "stream"} or i.label == "customer_complaint")]
    kept = [i for n, i in enumerate(chosen) if i.ground != "review" or n % 6 == 0]
    return [Example(i.reading, i.values, AssociationType(i.label), TYPE_WEIGHTS[i.ground]) for i in kept]


def learn(items: Sequence[Item]) -> Weights:
    items = [i for i in items if i.ground != "test"]
    shown = list(examples(items))
    return Weights(fit_negative(shown), fit_types(type_examples(items)), fit_statements(shown))


@attrs.define
class Verdicts:
    """What was said of the items, and how sure."""

    items: list[Item]
    said: list[str]
    chance: list[float]

    def where(self, ground: str, *, clear: bool = False) -> Verdicts:
        kept = [n for n, i in enumerate(self.items) if i.ground == ground and not (clear and i.also)]
        return Verdicts([self.items[n] for n in kept], [self.said[n] for n in kept], [self.chance[n] for n in kept])

    def of(self, source: str) -> Verdicts:
        kept = [n for n, i in enumerate(self.items) if i.source == source]
        return Verdicts([self.items[n] for n in kept], [self.said[n] for n in kept], [self.chance[n] for n in kept])

    def f1(self, label: str) -> tuple[float, float, float]:
        pairs = [(i.label == label, s == label) for i, s in zip(self.items, self.said, strict=True)]
        return prf(pairs)

    def detected(self) -> tuple[float, float, float]:
        return prf([(i.label != "none", s in LABELS[:4]) for i, s in zip(self.items, self.said, strict=True)])

    def share(self, said: Iterable[str], label: str) -> float:
        chosen = [s for i, s in zip(self.items, self.said, strict=True) if i.label == label]
        return sum(s in said for s in chosen) / max(len(chosen), 1)

    def macro(self) -> float:
        return float(np.mean([self.f1(label)[2] for label in LABELS if any(i.label == label for i in self.items)]))

    def accuracy(self, *, decided: bool = False) -> float:
        pairs = [(i.label, s) for i, s in zip(self.items, self.said, strict=True) if not decided or s != "undetermined"]
        return sum(a == b for a, b in pairs) / max(len(pairs), 1)

    def ece(self) -> float:
        made = [(c, i.label == s) for i, s, c in zip(self.items, self.said, self.chance, strict=True) if s != "undetermined"]
        error = 0.0
        for low in range(10):
            inside = [(c, ok) for c, ok in made if low / 10 < c <= (low + 1) / 10]
            if inside:
                error += abs(sum(c for c, _ in inside) - sum(ok for _, ok in inside))
        return error / max(len(made), 1)


def prf(pairs: list[tuple[bool, bool]]) -> tuple[float, float, float]:
    hit, said, true = sum(a and b for a, b in pairs), sum(b for _, b in pairs), sum(a for a, _ in pairs)
    return hit / max(said, 1), hit / max(true, 1), 2 * hit / max(said + true, 1)


def judge(weights: Weights, items: Sequence[Item], decision: Decision) -> Verdicts:
    """As the classifier does it, without facts."""
    knowledge, said, chance = attrs.evolve(Knowledge.default(), weights=weights, decision=decision), list[str](), list[float]()
    for item in items:
        answer, _ = knowledge.answer(item.reading, item.signals)
        negative, parts = probability(answer.score), shares(scores_of(knowledge, item.reading, item.signals, NOTHING_KNOWN, answer))
        kind, _ = decision.by_text(answer.kind, negative, parts, item.signals.rules)
        said.append(kind.value)
        chance.append(1 - negative if kind is AssociationType.NONE else negative * parts.get(kind, max(parts.values())))
    return Verdicts(list(items), said, chance)


def report(title: str, v: Verdicts) -> None:
    print(f"\n## {title}")
    print(
        "| ground | left out | n | complaint P / R / F1 | false alarms | other types said of harmless | complaints called attacks | undetermined | ECE |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    rows = [("real, clear", "each source", v.where("real", clear=True)), ("real, all", "each source", v.where("real"))]
    real = v.where("real")
    rows += [("real, all", s, real.of(s)) for s, n in Counter(i.source for i in real.items).most_common(6)]
    for ground, left_out, part in rows:
        print(row(ground, left_out, part))
    written = v.where("written")
    print(
        "\n| written set | n | accuracy | macro-F1 | "
        + " | ".join(LABELS)
        + " | complaints called attacks | undetermined | decided accuracy | ECE |"
    )
    print("|---|---|---|---|" + "---|" * 9)
    parts = {"all": written} | {name: written.of(name) for name in sorted({i.source for i in written.items})}
    never = v.where("test")
    parts |= {"made-up": v.where("made"), "made-up chatter": v.where("stream")}
    parts |= {f"made-up, never learnt from: {name}": never.of(name) for name in sorted({i.source for i in never.items})}
    for name, part in parts.items():
        cells = " | ".join(f"{part.f1(label)[2]:.3f}" for label in LABELS)
        attacked, undecided = part.share(("malicious_attack",), "customer_complaint"), part.said.count("undetermined") / len(part.said)
        print(
            f"| {name} | {len(part.items)} | {part.accuracy():.3f} | {part.macro():.3f} | {cells} | {attacked:.3f} | {undecided:.3f} | "
            f"{part.accuracy(decided=True):.3f} | {part.ece():.3f} |"
        )
    reviews = v.where("review")
    print("\n| reviews left out | n | negative P / R / F1 | ECE |\n|---|---|---|---|")
    for name, size in Counter(i.source for i in reviews.items).most_common():
        part = reviews.of(name)
        print(f"| {name} | {size} | {' / '.join(f'{x:.3f}' for x in part.detected())} | {part.ece():.3f} |")


def row(ground: str, left_out: str, v: Verdicts) -> str:
    others = ("own_violation", "malicious_attack", "algorithm_misjudgment")
    return (
        f"| {ground} | {left_out} | {len(v.items)} | {' / '.join(f'{x:.3f}' for x in v.f1('customer_complaint'))} | "
        f"{v.share(LABELS[:4], 'none'):.4f} | {v.share(others, 'none'):.4f} | {v.share(('malicious_attack',), 'customer_complaint'):.4f} | "
        f"{v.said.count('undetermined') / max(len(v.said), 1):.4f} | {v.ece():.3f} |"
    )


def baseline(items: Sequence[Item], fold: int) -> list[str]:
    """A logistic regression over character n-grams with the names as signs, fitted on the same folds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 5), min_df=2, sublinear_tf=True)
    seen = [i for i in items if i.fold != fold and i.ground in {"written", "made", "stream"}]
    model = LogisticRegression(C=64, max_iter=2000, class_weight="balanced")
    model.fit(grams.fit_transform([i.reading.body for i in seen]), [i.label for i in seen])
    return [str(s) for s in model.predict(grams.transform([i.reading.body for i in items if i.fold == fold and i.ground != "retold"]))]


def word_list(item: Item) -> str:
    first, last = item.reading.head
    found = re.search("|".join(STRONG), item.reading.body[first:last])
    return "customer_complaint" if found and item.named else "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--written", type=Path, required=True)
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--reviews", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, help="take only every Nth review")
    parser.add_argument("--baseline", action="store_true")
    parser.add_argument("--fit", type=Path, help="learn from everything and write the weights into this pack; measure nothing")
    chosen = parser.parse_args()
    brands = {k: b for file in sorted(chosen.written.glob("*brands.json")) for k, b in load_brands(file).items()}
    items = [*read(chosen.written, "written", brands), *read(chosen.real, "real", load_brands(chosen.real / "brands.json"))]
    items += [*read_made(), *list(read_reviews(chosen.reviews))[:: chosen.every]]
    put_in_folds(items)
    items += retold(items)
    if chosen.fit:
        write(learn(items), chosen.fit, items)
        return
    decision, parts, base = Decision.load(DATA), list[Verdicts](), list[Verdicts]()
    for fold in range(FOLDS):
        weights = learn([i for i in items if i.fold != fold])
        left = [i for i in items if i.fold == fold and i.ground != "retold"]
        parts.append(judge(weights, left, decision))
        if chosen.baseline:
            base.append(Verdicts(left, baseline(items, fold), [1.0] * len(left)))
        print(f"fold {fold}: {len(left)} left out", flush=True)
    report("negassoc", joined(parts))
    if chosen.baseline:
        report("logistic regression over character n-grams, fitted on the written sets", joined(base))
        report("forty strong words in the title or first line", Verdicts(items, [word_list(i) for i in items], [1.0] * len(items)))


def joined(parts: Sequence[Verdicts]) -> Verdicts:
    return Verdicts([i for p in parts for i in p.items], [s for p in parts for s in p.said], [c for p in parts for c in p.chance])


def write(weights: Weights, pack: Path, items: Sequence[Item]) -> None:
    counts = Counter(i.ground for i in items)
    about = (
        f"Learnt from {counts['written'] + counts['made'] + counts['stream']} written mentions, {counts['real']} real posts and {counts['review']} reviews; "
        "see docs/quality.md"
    )
    weights.save(pack, about)


if __name__ == "__main__":
    main()
