"""Comments beside their post, one a column or a list in a cell, and texts with a sentence a line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.sources import Export
from negassoc.sources.wide import listed, wide_of

NOTE = "66a1b2c3000000000d00abcd"
ADDRESS = f"https://www.xiaohongshu.com/explore/{NOTE}"


def table(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_comments_in_numbered_columns_stand_under_their_post(tmp_path: Path) -> None:
    rows = [
        ["笔记ID", "标题", "正文", "链接", "评论1", "评论2", "评论3"],
        [NOTE, "充电宝避雷", "三次就鼓包", ADDRESS, "没人管", "退款拖了一个月", ""],
    ]
    export = Export(table(tmp_path / "a.csv", *rows))
    post, *comments = export
    assert (post.id, post.kind, post.text) == (NOTE, "note", "三次就鼓包")
    assert [(one.text, one.kind, one.post_id, one.thread_title, one.platform) for one in comments] == [
        (text, "comment", NOTE, "充电宝避雷", "xiaohongshu") for text in ("没人管", "退款拖了一个月")
    ]
    assert comments[0].where == f"{tmp_path / 'a.csv'}:2.评论1[0]"
    (file,) = export.files
    assert file.guessed["comments beside"] == "'评论1' … '评论3', one comment each"
    assert file.rows == file.mentions == 3


@pytest.mark.parametrize("cell", ['["没人管", "退款"]', "['没人管', '退款']", '[{"content": "没人管"}, {"content": "退款"}]'])
@pytest.mark.parametrize("name", ["评论", "评论列表", "comments", "热门评论"])
def test_comments_in_a_cell_stand_under_their_post(tmp_path: Path, name: str, cell: str) -> None:
    export = Export(table(tmp_path / "a.csv", ["标题", "正文", name], ["避雷", "三次就鼓包", cell], ["好用", "推荐", "[]"]))
    assert [(one.text, str(one.kind), one.thread_title, one.thread_text) for one in export] == [
        ("三次就鼓包", "note", None, None), ("没人管", "comment", "避雷", "三次就鼓包"), ("退款", "comment", "避雷", "三次就鼓包"), ("推荐", "note", None, None),
    ]  # fmt: skip
    assert export.files[0].guessed["comments beside"] == f"{name!r}, a list of comments"


def test_a_table_of_nothing_but_comments_keeps_what_its_address_says(tmp_path: Path) -> None:
    export = Export(table(tmp_path / "a.csv", ["链接", "热评1", "热评2"], [ADDRESS, "没人管", "退款"]))
    assert [(one.text, one.post_id, one.platform) for one in export] == [("没人管", NOTE, "xiaohongshu"), ("退款", NOTE, "xiaohongshu")]


@pytest.mark.parametrize("names", [["评论1", "评论2"], ["评论数", "评论时间"], ["评论", "回复"], ["comment", "text"]])
def test_counts_and_single_columns_are_no_comments_beside(names: list[str]) -> None:
    assert wide_of(names, [dict.fromkeys(names, "12"), dict.fromkeys(names, "3")]) is None


def test_a_profile_says_itself_what_a_column_is(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('tool = "ours"\n[columns]\ntext = "评论1"\n', "utf-8")
    path = table(tmp_path / "a.csv", ["评论1", "评论2"], ["没人管", "退款"])
    assert [one.text for one in Export(path, profile=tmp_path / "p.toml")] == ["没人管"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["", "没人管", "退款", "['a']", "[", "None"]), min_size=4, max_size=4), min_size=1, max_size=6))
def test_no_unit_is_lost(cells: list[list[str]]) -> None:
    rows = [dict(zip(["正文", "评论1", "评论2", "评论列表"], row, strict=True)) for row in cells]
    export = Export.of(rows)
    mentions = list(export)
    (file,) = export.files
    assert file.rows == file.mentions + file.duplicates + len(file.skipped) + len(file.problems)
    assert file.mentions == len(mentions)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3), max_leaves=6)
)
def test_a_list_is_read_as_it_was_written(value: object) -> None:
    for cell in (value, json.dumps(value), repr(value)):
        assert listed(cell) == (value if isinstance(value, list) else None)


def test_the_title_in_a_table_of_comments_is_the_posts(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        ["作品标题", "作品链接", "评论内容", "IP归属"],
        ["避雷贴", "https://www.kuaishou.com/short-video/3xabcdefgh1", "没人管", "IP属地：四川"],
    )
    (one,) = Export(path)
    assert (one.text, one.title, one.thread_title, one.kind, one.ip_location, one.post_id) == (
        "没人管",
        None,
        "避雷贴",
        "comment",
        "四川",
        "3xabcdefgh1",
    )


def test_objects_are_no_texts() -> None:
    export = Export.of({"200": {"description": "成功", "content": {"json": 1}}, "400": {"description": "失败", "content": {}}})
    assert not [one for one in export if one.text not in {"成功", "失败"}]
    assert not export.problems


def test_each_line_of_a_plain_text_is_a_mention(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("充电三次就鼓包，客服不理\r\n\r\n退款拖了一个月，没人管\n真的好用，推荐给大家".encode("gb18030"))
    export = Export(tmp_path)
    assert [(one.text, one.where.rpartition(":")[2]) for one in export if one.where] == [
        ("充电三次就鼓包，客服不理", "1"), ("退款拖了一个月，没人管", "3"), ("真的好用，推荐给大家", "4"),
    ]  # fmt: skip
    (file,) = export.files
    assert (file.tool, dict(file.guessed)) == ("plain text", {"text": "each line, by its content", "kind": "note"})


@pytest.mark.parametrize("text", ["避雷\n踩雷\n退款\n", "MIT License\n\nPermission is hereby granted\n", "充电" * 2000])
def test_a_text_of_another_sort_is_skipped_with_the_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text, "utf-8")
    export = Export(tmp_path)
    assert not list(export)
    assert "put one post or comment in each line" in export.skipped[0].why


@pytest.mark.parametrize("name", ["给同事使用说明.txt", "README.txt", "用户协议.txt"])
def test_a_document_is_nobodys_sentences(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("先打开网页，再点左边的按钮\n然后等它全部下载完成\n", "utf-8")
    assert not list(Export(tmp_path))


def test_a_table_may_be_called_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("昵称\t评论内容\n甲\t充电三次就鼓包，客服不理\n", "utf-8")
    assert [(one.text, str(one.kind)) for one in Export(tmp_path)] == [("充电三次就鼓包，客服不理", "comment")]
