"""How fast verdicts come: beside jieba with a look-up, SnowNLP and the bare scan for the same terms; by mentions, by terms, cold, and in memory.

    pip install snownlp        # for the comparison only
    python tests/benchmarks/bench_classifier.py [REVIEWS.csv …] [POSTS.jsonl …] [--brands BRANDS.json] [--stream 100000] [--profile]

A CSV has a column `review`; a JSONL holds mention records, each naming its brand by its key in the brands file. Without files it makes its
own texts. One process, one core, CPU time, best of five, all four in turns over the same texts. `--profile` says where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import json
import pstats
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import ahocorasick_rs

from negassoc import Brand, Mention, RuleClassifier
from negassoc.brand import load_brands
from negassoc.classify import Knowledge
from negassoc.mention import Kind
from negassoc.records import Title
from negassoc.text import Lexicon, TermIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

BRAND = Brand("示例茶", aliases=("SHILI",), products=("示例乌龙",), competitors=("对手茶",))
GOOD = ("好喝", "推荐", "会回购", "包装好看", "送得很快", "分量足", "味道不错", "服务态度很好", "值得再来", "没踩雷")
BAD = ("太难喝了", "客服不理人", "不给退款", "送来都凉了", "等了两个小时", "喝完拉肚子", "缺斤少两", "再也不买", "踩雷了", "差评")
PLAIN = (
    "今天点了一份",
    "和朋友一起去的",
    "在公司楼下",
    "周末下午",
    "价格三十多块",
    "第二次买",
    "听同事说的",
    "天气有点热",
    "路过顺便买的",
    "排队的人不少",
)
COLD = "from negassoc import Brand, RuleClassifier; RuleClassifier(Brand('示例茶')).classify('示例茶避雷，退款一个月没到账')"
STREAM = """
import pathlib, re, sys
sys.path.insert(0, sys.argv[1])
from bench_classifier import BRAND, made
from negassoc import RuleClassifier
classifier, total, negative = RuleClassifier(BRAND), int(sys.argv[2]), 0
for number, mention in enumerate(made(total, 3), 1):
    negative += classifier.classify(mention).type.negative
    if number in (1000, total // 10, total):
        print(number, int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) // 1024)
"""


def made(count: int, parts: int, kind: Kind = Kind.NOTE) -> Iterator[Mention]:
    """Mentions put together from phrases, one in five a complaint."""
    chance = random.Random(1)
    for _ in range(count):
        words = [*PLAIN, *(BAD if chance.random() < 0.2 else GOOD)]
        yield Mention("示例茶，" + "，".join(chance.choice(words) for _ in range(parts)), kind=kind)


class Texts:
    """One set of mentions with the classifier of each one's brand."""

    def __init__(self, name: str, pairs: Sequence[tuple[RuleClassifier, Mention]]) -> None:
        self.name, self.pairs = name, pairs
        self.plain = [f"{m.title}\n{m.text}" if m.title else m.text for _, m in pairs]

    @classmethod
    def read(cls, path: Path, classifiers: dict[str, RuleClassifier], most: int) -> Texts:
        """The reviews of a CSV or the records of a JSONL, at most so many, picked evenly."""
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as lines:
                found = [(classifiers[""], Mention(row["review"], kind=Kind.REVIEW)) for row in csv.DictReader(lines) if row["review"]]
        else:
            records = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
            found = [(classifiers[r.get("brand") or ""], Mention.from_record(r)) for r in records if r.get("title") or r.get("text")]
        return cls(path.name, found[:: max(1, len(found) // most)])

    def verdicts(self) -> None:
        for classifier, mention in self.pairs:
            classifier.classify(mention)

    def explained(self) -> None:
        for classifier, mention in self.pairs:
            classifier.classify(mention).why()


def best(act: Callable[[], object], times: int = 5) -> float:
    """The shortest CPU time in seconds."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return min(taken)


def side_by_side(texts: Texts) -> None:
    """Mentions a second of each, and the ratio of the verdicts to it."""
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    terms = texts.pairs[0][0].knowledge.index.terms
    known, bare = frozenset(terms), ahocorasick_rs.AhoCorasick(terms)
    ways: dict[str, Callable[[], object]] = {
        "verdicts": texts.verdicts,
        "verdicts with why()": texts.explained,
        "jieba and look-up": lambda: [[word for word in jieba.cut(text) if word in known] for text in texts.plain],
        "bare scan": lambda: [bare.find_matches_as_indexes(text, overlapping=True) for text in texts.plain],
    }
    taken = dict.fromkeys(ways, 1e9)
    for _ in range(5):
        taken = {name: min(taken[name], best(act, 1)) for name, act in ways.items()}
    speeds = {name: len(texts.pairs) / seconds for name, seconds in taken.items()} | snownlp_speed(texts)
    length = sum(map(len, texts.plain)) / len(texts.plain)
    negative = sum(c.classify(m).type.negative for c, m in texts.pairs) / len(texts.pairs)
    print(f"\n{texts.name}: {len(texts.pairs)} mentions of {length:.0f} characters, {negative:.0%} negative")
    for name, speed in speeds.items():
        print(f"  {name:22}{speed:12,.0f} a second   verdicts are {speeds['verdicts'] / speed:8.2f} times as fast")


def snownlp_speed(texts: Texts) -> dict[str, float]:
    """SnowNLP takes milliseconds a text: a hundred will do."""
    try:
        from snownlp import SnowNLP
    except ImportError:
        return {}
    some = [text for text in texts.plain if text.strip()][:100]
    SnowNLP(some[0]).sentiments  # noqa: B018 - loads the model
    return {"SnowNLP sentiments": len(some) / best(lambda: [SnowNLP(text).sentiments for text in some], 2)}


def by_mentions() -> None:
    """Twice the mentions, twice the time."""
    classifier = RuleClassifier(BRAND)
    print("\nby the number of mentions")
    for count in (1000, 2000, 4000, 8000, 16000):
        mentions = list(made(count, 3))
        print(f"  {count:8,}  {best(lambda said=mentions: classifier.classify_all(said), 3) / count * 1e6:8.1f} µs a mention")


def by_terms() -> None:
    """Made-up terms on top of some of the packaged ones."""
    base, chance, mentions = Knowledge.default(), random.Random(2), list(made(3000, 3))
    letters = [chr(c) for c in range(0x4E00, 0x9FA5)]
    print("\nby the number of terms")
    for count in (1000, 3000, 5000, 10000, 20000):
        lexicons, size = list(base.index.lexicons.values()), len(base.index.terms)
        while size > count:
            size -= len(lexicons.pop(0).terms)
        more = {"".join(chance.choices(letters, k=3)): 0 for _ in range(count - size)}
        index = TermIndex([*lexicons, Lexicon("more", Title("多", "more"), "topic", more)])
        classifier = RuleClassifier(BRAND, Knowledge(index, base.rules, base.weights, base.decision))
        print(f"  {len(index.terms):8,}  {best(lambda c=classifier: c.classify_all(mentions), 5) / len(mentions) * 1e6:8.1f} µs a mention")


def cold() -> None:
    """Wall time from starting a process to the first verdict, and to its reasons."""

    def once(code: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - began

    empty, verdict, reasons = (min(once(code) for _ in range(7)) for code in ("pass", COLD, COLD + ".why()"))
    print(f"\nfirst verdict in a new process: {verdict:.2f} s, of which Python alone {empty:.2f} s; with its reasons {reasons:.2f} s")


def in_memory(count: int) -> None:
    """Peak resident memory (Linux) of a process that streams so many mentions and keeps none."""
    done = subprocess.run(
        [sys.executable, "-c", STREAM, str(Path(__file__).parent), str(count)], capture_output=True, text=True, check=True
    )
    print("\nresident memory while streaming")
    for line in done.stdout.splitlines():
        number, size = line.split()
        print(f"  after {int(number):10,} mentions  {size} MB at most")


def profile(texts: Texts) -> None:
    """Where the time goes: the twenty functions that take most of their own."""
    profiler = cProfile.Profile()
    profiler.runcall(texts.verdicts)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--brands", type=Path)
    parser.add_argument("--most", type=int, default=4000, help="texts a file")
    parser.add_argument("--stream", type=int, default=100_000)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    classifiers = {"": RuleClassifier(BRAND)}
    if options.brands:
        classifiers |= {key: RuleClassifier(brand) for key, brand in load_brands(options.brands).items()}
    sets = [Texts.read(path, classifiers, options.most) for path in options.files] or [
        Texts("made reviews", [(classifiers[""], m) for m in made(2000, 3, Kind.REVIEW)]),
        Texts("made posts", [(classifiers[""], m) for m in made(1000, 40)]),
    ]
    for texts in sets:
        side_by_side(texts)
        if options.profile:
            profile(texts)
    by_mentions()
    by_terms()
    cold()
    in_memory(options.stream)


if __name__ == "__main__":
    main()
