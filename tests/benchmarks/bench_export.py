"""How fast `Export` streams a JSONL export, against bare `json.loads` of the same lines, and how much memory it takes.

    python tests/benchmarks/bench_export.py [MEGABYTES] [MIX ...]

A mix is a number of comments a post (posts of about 1.7 KB, comments of about 0.4 KB, with the keys of a crawler's export of 2026), or
`records` (this project's own, as `convert` writes them) or `short` (such records as a person would write them). Prints a JSON object for each:
the two CPU times in seconds, their ratio (1 would be as fast as parsing alone) and the peak memory in MB. All are measured in turns, the best
of each counts: a busy machine only ever makes it slower.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from negassoc.sources import Export

ROUNDS = 5
MIXES = ("0", "5", "30", "records", "short")
_WORDS = "充电鼓包客服不理退款拖延包装破损味道奇怪物流很慢颜色不对说明书看不懂买来三天就坏朋友推荐再也不买真的好用推荐给大家".strip()


def _text(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(_WORDS, k=length))


def _post(chance: random.Random, number: int) -> dict[str, object]:
    note = f"{0x66A00000 + number:08x}000000000d{number % 0xFFFFFF:06x}"
    picture = "http://sns-webpic.example.invalid/2026/{:032x}/notes_pre_post/{:032x}!nd_dft_wlteh_webp_3"
    return {
        "note_id": note, "type": "normal", "title": _text(chance, 14), "desc": _text(chance, 160), "video_url": "", "time": 1721873091000 + number,
        "last_update_time": 1721873500000, "creator_hash": f"{number:016x}", "nickname": "路***甲",
        "liked_count": f"{chance.paretovariate(0.6):.0f}", "collected_count": f"{chance.paretovariate(0.7):.0f}",
        "comment_count": f"{chance.paretovariate(0.8):.0f}", "share_count": "1.2万", "image_list": ",".join(picture.format(number, k) for k in range(6)), "tag_list": f"避雷,示例品牌,{_text(chance, 3)}",
        "last_modify_ts": 1754900000000 + number, "note_url": f"https://www.xiaohongshu.com/explore/{note}?xsec_token=ABC&xsec_source=pc_search",
        "source_keyword": "示例品牌 避雷", "xsec_token": "ABCdefGHIjklMNOpqrSTUvwxYZ0123456789ABCDEFG=",
    }  # fmt: skip


def _comment(chance: random.Random, number: int, note: object) -> dict[str, object]:
    return {
        "comment_id": f"{0x66B00000 + number:08x}0000000011{number % 0xFFFFFF:06x}", "create_time": 1721942238000 + number, "note_id": note,
        "content": _text(chance, chance.randrange(8, 60)), "creator_hash": f"{number:016x}", "nickname": "m***o", "sub_comment_count": "0",
        "pictures": "", "parent_comment_id": "", "last_modify_ts": 1754900000000 + number, "like_count": "10+",
    }  # fmt: skip


def write(path: Path, megabytes: int, comments: int) -> None:
    """A made-up export of about this size, as a crawler writes it: one object a line, characters not escaped."""
    chance, number = random.Random(7), 0
    with path.open("w", encoding="utf-8") as out:
        while out.tell() < megabytes << 20:
            post = _post(chance, number)
            for row in (post, *(_comment(chance, number * comments + k, post["note_id"]) for k in range(comments))):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            number += 1


def write_records(path: Path, megabytes: int, *, short: bool) -> None:
    """The same as records of this project."""
    source = path.with_suffix(".source")
    write(source, megabytes, 5)
    with path.open("w", encoding="utf-8") as out:
        for mention in Export(source):
            record = mention.to_record()
            out.write(json.dumps(_shortened(record) if short else record, ensure_ascii=False) + "\n")
    source.unlink()


def _shortened(record: dict[str, Any]) -> dict[str, Any]:
    kept = ("id", "platform", "kind", "title", "text", "thread_title", "author", "engagement", "published_at", "query")
    inner = {name: {key: value for key, value in record[name].items() if value is not None} for name in ("author", "engagement")}
    return {name: inner.get(name, record[name]) for name in kept} | {"brand": "example"}


def bare(path: Path) -> tuple[float, int]:
    """Seconds and rows of `json.loads` over every line, and nothing else."""
    start, rows = time.process_time(), 0
    with path.open("rb") as lines:
        for line in lines:
            json.loads(line)
            rows += 1
    return time.process_time() - start, rows


def read(path: Path) -> tuple[float, int]:
    """Seconds and mentions of `Export` over the same file."""
    start = time.process_time()
    mentions = sum(1 for _ in Export(path))
    return time.process_time() - start, mentions


def main(megabytes: int = 60, *mixes: str) -> None:
    """Write, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        for mix in mixes or MIXES:
            path = Path(folder) / f"{mix}.jsonl"
            if mix.isdigit():
                write(path, megabytes, int(mix))
            else:
                write_records(path, megabytes, short=mix == "short")
            size, before = path.stat().st_size / (1 << 20), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            rounds = [(bare(path), read(path)) for _ in range(ROUNDS)]
            (alone, rows), (took, mentions) = min(one for one, _ in rounds), min(one for _, one in rounds)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(json.dumps({
                "mix": mix, "megabytes": round(size), "rows": rows, "mentions": mentions, "json_loads_s": round(alone, 2), "export_s": round(took, 2),
                "ratio": round(alone / took, 3), "mb_per_s": round(size / took, 1), "peak_mb": peak // 1024, "before_mb": before // 1024,
            }))  # fmt: skip
            path.unlink()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
