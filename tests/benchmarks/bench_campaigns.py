"""What finding campaigns costs, and what the usual way finds in the same mentions.

    python tests/benchmarks/bench_campaigns.py [--sizes 10000 100000]

Made-up mentions in one stream: complaints, questions and praise put together from small parts, each with particulars of its own, and
twenty hidden waves of ten accounts that reword one brief each. `negassoc` is timed from the first mention to the found campaigns. The peer
is `datasketch.MinHashLSH` (128 permutations, 3-character shingles, Jaccard 0.5, its usual set-up for texts), which only finds pairs: it is
timed from the first text to the connected groups of three and more. Both run in one process, one after the other.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections import defaultdict

from negassoc.brand import Brand
from negassoc.mention import Author, Mention
from negassoc.watch import CampaignFinder

BRAND = Brand("松果屿", competitors=("柏舍",))
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
OPENINGS = (
    "昨天收到",
    "上周在店里买的",
    "第一次买",
    "给妈妈买的",
    "朋友推荐来的",
    "双十一囤的",
    "用了半个月",
    "刚拆开",
    "客服推荐的",
    "直播间下的单",
)
MATTERS = (
    "拉链",
    "杯盖",
    "说明书",
    "颜色",
    "尺寸",
    "味道",
    "包装盒",
    "电池",
    "滤网",
    "按键",
    "底座",
    "绳子",
    "标签",
    "封口",
    "刻度",
    "支架",
)
FAULTS = (
    "有点松",
    "对不上",
    "比图片浅",
    "有划痕",
    "装不进去",
    "挺结实的",
    "很好看",
    "不太灵",
    "少了一个",
    "洗不掉",
    "意外地好用",
    "偏小一号",
    "声音大",
)
ENDINGS = (
    "订单尾号{n}",
    "客服让我等{d}天",
    "退了{n}块",
    "怎么处理啊",
    "总体满意",
    "希望改进",
    "下次还来",
    "{d}月{d}号付的款",
    "凑合用吧",
    "谢谢店家",
)
CRIMES = ("是假货", "发霉", "有毒", "造假", "是次品")
PLEAS = ("别买", "扔掉", "转发", "换柏舍", "擦亮眼")


def mentions(size: int) -> tuple[list[Mention], list[set[str]]]:
    """`size` mentions of half a year, and the ids of the members of each hidden wave."""
    dice, waves = random.Random(7), list[set[str]]()
    said = [(i * 180 * 86400 / size, f"c{i}", _ordinary(dice)) for i in range(size)]
    for wave in range(20):
        at, brief = dice.uniform(0, 170 * 86400), _brief(dice)
        posts = [(at + k * 900, f"w{wave}-{k}", _reworded(brief, dice)) for k in range(10)]
        waves.append({account for _, account, _ in posts})
        said += posts
    made = [
        Mention(text, id=account, author=Author(id=account), published_at=START + dt.timedelta(seconds=at))
        for at, account, text in sorted(said)
    ]
    return made, waves


def _ordinary(dice: random.Random) -> str:
    end = dice.choice(ENDINGS).format(n=dice.randint(1000, 9999), d=dice.randint(1, 12))
    filler = _words(dice, dice.randint(4, 12))
    return f"{dice.choice(OPENINGS)}，{dice.choice(MATTERS)}{dice.choice(FAULTS)}，{dice.choice(MATTERS)}{dice.choice(FAULTS)}，{filler}，{end}"


def _words(dice: random.Random, length: int) -> str:
    """Something nobody else says."""
    return "".join(chr(dice.randint(0x4E00, 0x62FF)) for _ in range(length))


def _brief(dice: random.Random) -> list[str]:
    what, where, who = (_words(dice, n) for n in (6, 5, 4))
    return [f"{who}在厂里管{what}", f"{what}{dice.choice(CRIMES)}", f"{where}才几毛", f"{where}{dice.choice(PLEAS)}", _words(dice, 8)]


def _reworded(brief: list[str], dice: random.Random) -> str:
    parts = dice.sample(brief, 4)
    return dice.choice(("姐妹们", "家人们", "提醒一句", "真心话", "")) + dice.choice(("，", "！", "💔")).join(parts)


def ours(stream: list[Mention]) -> list[set[str]]:
    """The campaigns that `negassoc` finds."""
    finder = CampaignFinder(BRAND)
    for mention in stream:
        finder.observe(mention)
    return [set(campaign.mentions) for campaign in finder.campaigns()]


def peers(stream: list[Mention]) -> list[set[str]]:
    """The groups of three and more that MinHash with locality-sensitive hashing connects."""
    from datasketch import MinHash, MinHashLSH

    index, leader = MinHashLSH(threshold=0.5, num_perm=128), dict[str, str]()

    def head(one: str) -> str:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for mention in stream:
        sketch = MinHash(num_perm=128)
        sketch.update_batch([mention.text[i : i + 3].encode() for i in range(len(mention.text) - 2)])
        leader[mention.id] = mention.id
        for other in index.query(sketch):
            leader[head(str(other))] = mention.id
        index.insert(mention.id, sketch)
    groups = defaultdict[str, set[str]](set)
    for one in leader:
        groups[head(one)].add(one)
    return [group for group in groups.values() if len(group) >= 3]


def score(found: list[set[str]], waves: list[set[str]]) -> str:
    """Waves found with at least nine of their ten members and nothing much else, and groups that are no wave."""
    whole = sum(any(len(wave & group) >= 0.9 * len(wave) and len(wave & group) >= 0.9 * len(group) for group in found) for wave in waves)
    members = set().union(*waves)
    return f"{whole}/{len(waves)} waves whole, {sum(not group & members for group in found)} false groups"


def main() -> None:
    """Time both at each size."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sizes", nargs="+", type=int, default=[10_000, 100_000])
    asked.add_argument("--alone", action="store_true", help="leave the peer out")
    given = asked.parse_args()
    for size in given.sizes:
        stream, waves = mentions(size)
        began = time.process_time()
        mine = ours(stream)
        spent = time.process_time() - began
        print(f"{len(stream):>7} mentions  negassoc    {spent:6.1f} s  {score(mine, waves)}")
        if not given.alone:
            began = time.process_time()
            theirs = peers(stream)
            other = time.process_time() - began
            print(f"{len(stream):>7} mentions  datasketch  {other:6.1f} s  {score(theirs, waves)}  ({other / spent:.2f} of our time)")


if __name__ == "__main__":
    main()
