"""Chats copied out of a messenger."""

from __future__ import annotations

from pathlib import Path

import pytest

from negassoc.sources import Export

ABOVE = """青芒屿东门店1群
2026-11-27 14:03:12 路人甲
今天的杨枝甘露是馊的吧
喝完肚子疼

2026-11-27 14:04:01 李姐
[图片]
2026-11-27 14:09:00 店长-小周
您好，麻烦发一下小票
"""


def read(path: Path, text: str) -> Export:
    path.write_text(text, "utf-8")
    return Export(path)


def test_a_name_and_a_time_above_the_words(tmp_path: Path) -> None:
    export = read(tmp_path / "a.txt", ABOVE)
    first, last = export
    assert (first.text, first.author.nickname, str(first.kind)) == ("今天的杨枝甘露是馊的吧\n喝完肚子疼", "路人甲", "comment")
    assert (first.thread_title, first.where) == ("青芒屿东门店1群", f"{tmp_path / 'a.txt'}:2")
    assert first.published_at is not None and first.published_at.isoformat() == "2026-11-27T06:03:12+00:00"
    assert last.author.nickname == "店长-小周"
    assert ["without words" in one.why for one in export.skipped] == [True]


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-27 14:03 路人甲: 杯子里有头发",
        "【2026/11/27 14:03】 路人甲：杯子里有头发",
        "路人甲 2026-11-27 14:03\n杯子里有头发",
        "路人甲： 2026年11月27日 14:03\n杯子里有头发",
    ],
)
def test_other_ways_in_which_chats_are_copied(tmp_path: Path, line: str) -> None:
    first, second = read(tmp_path / "a.txt", f"{line}\n{line.replace('甲', '乙')}\n")
    assert (first.text, first.author.nickname, second.author.nickname) == ("杯子里有头发", "路人甲", "路人乙")
    assert first.thread_title is None and first.published_raw is not None and first.published_at is not None


def test_sentences_with_a_date_are_no_chat(tmp_path: Path) -> None:
    (one, two) = read(tmp_path / "a.txt", "2026-11-27 14:03 去的，等了四十分钟没人理\n退款拖了一个月没到账，客服也不回\n")
    assert one.author.nickname is None and one.text.startswith("2026-11-27") and two.thread_title is None
