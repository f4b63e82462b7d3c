"""How fast `Export` streams a JSONL export, against bare `json.loads` of the same lines, and how much memory it takes.

    python tests/benchmarks/bench_export.py [MEGABYTES] [COMMENTS_A_POST]

Prints one JSON object: the two CPU times in seconds, their ratio (1 would be as fast as parsing alone) and the peak memory in MB.
The lines have the keys and the sizes of a crawler's export of 2026: posts of about 1.7 KB, comments of about 0.4 KB.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from negassoc.sources import Export

ROUNDS = 3  # the best counts: a busy machine only ever makes it slower
_WORDS = "充电鼓包客服不理退款拖延包装破损味道奇怪物流很慢颜色不对说明书看不懂买来三天就坏朋友推荐再也不买真的好用推荐给大家".strip()


def _text(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(_WORDS, k=length))


def _post(chance: random.Random, number: int) -> dict[str, object]:
    note = f"{0x66A00000 + number:08x}000000000d{number % 0xFFFFFF:06x}"
    picture = "http://sns-webpic.example.invalid/2026/{:032x}/notes_pre_post/{:032x}!nd_dft_wlteh_webp_3"
    return {
        "note_id": note, "type": "normal", "title": _text(chance, 14), "desc": _text(chance, 160), "video_url": "", "time": 1721873091000 + number,
        "last_update_time": 1721873500000, "creator_hash": f"{number:016x}", "nickname": "路***甲", "liked_count": "1.2万", "collected_count": "860",
        "comment_count": "1342", "share_count": "97", "image_list": ",".join(picture.format(number, k) for k in range(6)), "tag_list": "避雷,示例品牌",
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


def main(megabytes: int = 200, comments: int = 5) -> None:
    """Write, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search_contents.jsonl"
        write(path, megabytes, comments)
        alone, rows = min(bare(path) for _ in range(ROUNDS))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        took, mentions = min(read(path) for _ in range(ROUNDS))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({
        "megabytes": megabytes, "rows": rows, "mentions": mentions, "json_loads_s": round(alone, 2), "export_s": round(took, 2),
        "ratio": round(alone / took, 3), "mb_per_s": round(megabytes / took, 1), "peak_mb": peak // 1024, "before_mb": before // 1024,
    }))  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
