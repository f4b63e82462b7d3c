"""A glance at a line says what parsing it would say, or nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.sources.glance import Glances
from negassoc.sources.own import OwnReader
from negassoc.sources.profiles import layout_of
from negassoc.sources.rows import RowReader

NOTE = "66a1b2c3000000000d00abcd"
POST = {
    "note_id": NOTE, "type": "video", "title": "充电宝", "desc": "就鼓包了，客服不理", "time": 1721873091000, "image_list": ["a", "b"], "comment_count": "10+",
    "last_modify_ts": 1754900000000, "note_url": "https://www.xiaohongshu.com/explore/" + NOTE, "source_keyword": "示例",
}  # fmt: skip
COMMENT = {
    "comment_id": "66a2c0de000000001100abcd", "note_id": NOTE, "content": "退款", "create_time": 1721942238000, "sub_comment_count": "2",
    "last_modify_ts": 1754900000000,
}  # fmt: skip
VIDEO = {
    "video_id": "3xexamplephoto01", "title": "刚买三天就坏", "desc": "刚买三天就坏", "viewd_count": "3.9万", "last_modify_ts": 1754900000000,
    "source_keyword": "",
}  # fmt: skip
RECORD = {
    "id": "m-1", "kind": "note", "platform": "xhs", "title": None, "text": "充电三次就鼓包\n客服不理", "author": {"nickname": "甲"}, "label": "none",
    "engagement": {"likes": 3, "comments": "1.2万"}, "fetched_at": "2026-07-26T06:05:22+00:00", "queries": ["示例"], "query": "示例", "facts": {"a": True},
}  # fmt: skip
odd = st.one_of(
    st.none(), st.integers(-3, 2**62), st.floats(), st.booleans(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.sampled_from(["comments", "id", "text", "kind"]), st.one_of(st.text(max_size=3), st.integers(0, 5)), max_size=2),
    st.sampled_from([
        "", " ", "0", "None", "<NA>", "未知", "无标题", "就鼓包了，客服不理", "就鼓包了", "\u00a0", "\u2003", "\n换行", '"text": "x"', '", "text": "', "] }",
        "充" * 59, "充" * 60, "充" * 61, "c-0123", "5212345678901234567", "reply", "评论", "1.2万", 1721873091, 1754900000000, "2026-07-26T14:05:22+08:00",
    ]),
)  # fmt: skip
READERS = [(base, RowReader(layout)) for base in (POST, COMMENT, VIDEO) if (layout := layout_of(list(base), []))]


@pytest.mark.parametrize(("base", "reader"), [*READERS, (RECORD, OwnReader())], ids=["post", "comment", "video", "record"])
@settings(max_examples=300, deadline=None)
@given(
    changes=st.dictionaries(st.integers(0, 30), odd, max_size=4), style=st.sampled_from([(", ", ": "), (",", ":"), (",", ": ")]),
    escaped=st.booleans(), end=st.sampled_from(["\n", "\r\n", "", " \n"]),
)  # fmt: skip
def test_a_glance_agrees_with_the_parser(base, reader, changes, style, escaped, end) -> None:
    keys = list(base)
    row = base | {keys[index % len(keys)]: value for index, value in changes.items()}
    glances = Glances()
    glances.learn(reader, base, json.dumps(base, ensure_ascii=False, separators=style).encode() + b"\n")
    line = json.dumps(row, ensure_ascii=escaped, separators=style) + end
    found = glances.identity(line.encode("utf-8", "surrogatepass"))
    assert found is None or found == reader.identity(json.loads(line))


@pytest.mark.parametrize(("base", "reader"), [*READERS, (RECORD, OwnReader())], ids=["post", "comment", "video", "record"])
def test_a_plain_line_is_not_parsed_and_an_odd_one_is(base, reader) -> None:
    line, glances = json.dumps(base, ensure_ascii=False).encode() + b"\n", Glances()
    assert glances.identity(line) is None
    glances.learn(reader, base, line)
    assert glances.identity(line) == reader.identity(base)
    for other in (line[:-1], line[:-3] + b"\n", line.replace(b'": ', b'":'), b"\xff" + line, b"{}\n", line[:2] + b"new" + line[2:]):
        assert glances.identity(other) is None
    assert glances.identity(line.replace("客服".encode(), b"\xff\xfe").replace("刚买".encode(), b"\xff\xfe")) in {
        None,
        reader.identity(base),
    }


def test_lines_of_several_shapes_in_turns() -> None:
    glances = Glances()
    lines = [json.dumps(base, ensure_ascii=False).encode() + b"\n" for base, _ in READERS]
    for line, (base, reader) in zip(lines, READERS, strict=True):
        glances.learn(reader, base, line)
    for line, (base, reader) in zip(lines * 2, READERS * 2, strict=True):
        assert glances.identity(line) == reader.identity(base)
