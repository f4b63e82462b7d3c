"""The short ways of reading a known tool's rows give what the long way gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.sources.profiles import layout_of
from negassoc.sources.rows import RowReader

NOTE = "66a1b2c3000000000d00abcd"
POST = {
    "note_id": NOTE, "type": "video", "title": "充电宝", "desc": "就鼓包了 #避雷[话题]#", "time": 1721873091000, "nickname": "甲", "user_id": "5f00000000000000000000aa",
    "ip_location": "浙江", "liked_count": "1.2万", "collected_count": "3", "comment_count": "10+", "share_count": None, "tag_list": "避雷,退款",
    "last_modify_ts": 1754900000000, "note_url": f"https://www.xiaohongshu.com/explore/{NOTE}?xsec_token=S", "source_keyword": "示例",
}  # fmt: skip
COMMENT = {
    "comment_id": "66a2c0de000000001100abcd", "note_id": NOTE, "content": "退款 #避雷[话题]#", "create_time": 1721942238000, "nickname": "乙",
    "user_id": "5f00000000000000000000cc", "parent_comment_id": 0, "like_count": "10+", "sub_comment_count": "2", "last_modify_ts": 1754900000000,
    "ip_location": "广东",
}  # fmt: skip
VIDEO = {
    "video_id": "3xexamplephoto01", "title": "刚买三天就坏", "desc": "刚买三天就坏 @示例(O3xexample1)", "create_time": 1721873091000, "nickname": "丙",
    "viewd_count": "3.9万", "liked_count": "None", "last_modify_ts": 1754900000000, "source_keyword": "",
    "video_url": "https://www.kuaishou.com/short-video/3xexamplephoto01",
}  # fmt: skip
THREADS = {hash(NOTE): ("题", "文")}
odd = st.one_of(
    st.none(), st.integers(-3, 2**62), st.floats(allow_nan=True), st.booleans(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=2),
    st.sampled_from(["", " ", "0", "None", "2024-07-25 10:04:51", '"避雷,退款"', "['a', 'b']", "https://e.invalid/a#b", "1.2万", "5.2E+18", 1721873091]),
)  # fmt: skip


@pytest.mark.parametrize("base", [POST, COMMENT, VIDEO], ids=["post", "comment", "video"])
@given(changes=st.dictionaries(st.integers(0, 30), odd, max_size=4))
def test_short_and_long_way_agree(base: dict[str, object], changes: dict[int, object]) -> None:
    keys = list(base)
    row = base | {keys[index % len(keys)]: value for index, value in changes.items()}
    layout = layout_of(keys, [])
    assert layout is not None
    reader = RowReader(layout)
    assert reader.mention != reader.at_length
    assert reader.mention(row, "w", THREADS, None) == reader.at_length(row, "w", THREADS, None)
    assert reader.mention(row, "w", {}, ("a", "b")) == reader.at_length(row, "w", {}, ("a", "b"))
    assert reader.identity(row) == reader.identity_at_length(row)
