"""Tables in which a comment and the answer to it stand in two columns, and names of columns that exporters use."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from negassoc.sources import Export
from negassoc.sources.profiles import layout_of

NOTE = "66a1b2c3000000000d00abcd"
ADDRESS = f"https://www.xiaohongshu.com/explore/{NOTE}"
HEAD = ["一级评论", "二级评论", "评论时间", "用户", "所属笔记链接", "所属笔记标题", "评论点赞"]


def read(path: Path, *rows: list[str]) -> Export:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return Export(path)


def test_each_row_says_one_of_both(tmp_path: Path) -> None:
    export = read(
        tmp_path / "a.csv",
        ["等了四十分钟没人理", "", "2026-11-20 12:00", "甲", ADDRESS, "新店打卡", "3"],
        ["", "我也是，店员还翻白眼", "2026-11-20 12:10", "乙", ADDRESS, "新店打卡", "1"],
        ["", "", "2026-11-20 12:11", "丙", ADDRESS, "新店打卡", "0"],
    )
    first, second = export
    assert (str(first.kind), first.text, first.author.nickname, first.post_id) == ("comment", "等了四十分钟没人理", "甲", NOTE)
    assert (str(second.kind), second.text, second.author.nickname, second.post_id) == ("reply", "我也是，店员还翻白眼", "乙", NOTE)
    assert first.thread_title == second.thread_title == "新店打卡"
    assert first.engagement.likes is not None and first.engagement.likes.value == 3
    assert [problem.what for problem in export.problems] == ["neither title nor text"]
    assert "reply_text" in export.files[0].guessed


def test_a_comment_that_is_repeated_beside_its_answers_is_told_once_and_not_as_theirs(tmp_path: Path) -> None:
    export = read(
        tmp_path / "a.csv",
        ["等了四十分钟没人理", "我也是", "2026-11-20 12:10", "乙", ADDRESS, "新店打卡", "1"],
        ["等了四十分钟没人理", "哪家店", "2026-11-20 12:12", "丙", ADDRESS, "新店打卡", "2"],
    )
    assert [(str(one.kind), one.text, one.author.nickname) for one in export] == [
        ("comment", "等了四十分钟没人理", None), ("reply", "我也是", "乙"), ("reply", "哪家店", "丙"),
    ]  # fmt: skip


def test_answers_alone_are_read(tmp_path: Path) -> None:
    layout = layout_of(["二级评论", "评论时间"], [{"二级评论": "我也是", "评论时间": "2026-11-20 12:10"}])
    assert layout is not None and layout.columns["text"] == "二级评论" and "reply_text" not in layout.columns


@pytest.mark.parametrize(
    ("name", "field"),
    [("作品地址", "url"), ("所属笔记链接", "url"), ("评论点赞", "likes"), ("客户昵称", "author_name"), ("点评内容", "text")],
)
def test_names_of_columns_that_exporters_use(name: str, field: str) -> None:
    names = dict.fromkeys(["正文", "发布时间", name] if field != "text" else ["发布时间", name], "")
    layout = layout_of(list(names), [names])
    assert layout is not None and layout.columns[field] == name
