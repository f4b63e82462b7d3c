"""The pure parsers: what a page holds, how it goes on, and where a reply has another shape."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from negassoc.errors import PayloadError
from negassoc.mention import Count, Kind
from negassoc.sources import kuaishou, xiaohongshu

DATA = Path(__file__).parent.parent / "data"
NOTE, ROOT, REPLY = "66a1b2c3000000000d00abcd", "66a2c0de000000001100abcd", "66a2c0df000000001100abce"


def load(name: str) -> object:
    return json.loads((DATA / name / "input.json").read_text("utf-8"))


def test_a_search_gives_partial_notes_skips_the_rest_and_says_whether_there_is_more() -> None:
    page = xiaohongshu.parse_search(load("xhs_web_search"), query="示例品牌 避雷")
    (note,) = page.mentions
    assert (note.id, note.partial, note.queries, note.engagement.shares) == (NOTE, True, ("示例品牌 避雷",), Count(97))
    assert page.has_more
    assert page.cursor is None
    assert [skipped.why for skipped in page.skipped] == ["no note but rec_query"]
    assert [problem.where for problem in page.problems] == ["search $.data.items[2].note_card"]


def test_a_detail_has_the_text_and_may_bring_its_comments() -> None:
    (note,) = xiaohongshu.parse_detail(load("xhs_web_feed")).mentions
    assert (note.partial, note.topics, note.at) == (False, ("避雷",), ("5f00000000000000000000bb",))
    page = xiaohongshu.parse_detail(load("xhs_mcp_detail"))
    assert [(m.kind, m.thread_title) for m in page.mentions] == [
        (Kind.NOTE, None),
        (Kind.COMMENT, "充电宝买来三天"),
        (Kind.REPLY, "充电宝买来三天"),
    ]
    assert xiaohongshu.parse_detail({"success": True, "data": {"items": []}}).mentions == ()


def test_comments_carry_replies_and_a_cursor_and_never_the_viewer() -> None:
    page = xiaohongshu.parse_comments(load("xhs_web_comments"), thread_title="充电宝")
    root, reply = page.mentions
    assert (root.kind, root.parent_id, root.thread_title) == (Kind.COMMENT, None, "充电宝")
    assert (reply.kind, reply.parent_id, reply.post_id) == (Kind.REPLY, ROOT, NOTE)
    assert (page.cursor, page.has_more) == ("66a2c0e0000000001100abcf", True)
    assert "5f000000000000000000ffff" not in {m.author.id for m in page.mentions}


def test_replies_keep_their_immediate_target() -> None:
    page = xiaohongshu.parse_replies(load("xhs_web_replies"), root_id=ROOT)
    assert [m.parent_id for m in page.mentions] == [ROOT, REPLY]
    assert (page.cursor, page.has_more) == (None, False)


def test_an_account_s_notes_go_on_after_the_last_id() -> None:
    body = {"data": {"notes": [{"note_id": NOTE, "display_title": "新品", "user": {}, "interact_info": {}}], "has_more": True}}
    assert xiaohongshu.parse_posts(body).cursor == NOTE
    assert xiaohongshu.parse_posts(load("xhs_web_user_posted")).cursor == NOTE[:-1] + "e"


def test_times_in_seconds_and_milliseconds_and_from_the_id_are_one() -> None:
    base = {"note_id": NOTE, "desc": "x", "user": {"userid": "1"}, "interact_info": {}}
    ways: list[dict[str, object]] = [{"time": 1721873091000}, {"timestamp": 1721873091}, {}, {"time": 0}]
    times = [xiaohongshu.parse_detail({"note": base | way}).mentions[0].published_at for way in ways]
    assert len({time and time.timestamp() for time in times}) == 1


@pytest.mark.parametrize("name", ["ks_graphql_search", "ks_rest_search", "tikhub_ks_search"])
def test_kuaishou_searches(name: str) -> None:
    page = kuaishou.parse_search(load(name), query="示例品牌")
    assert [m.kind for m in page.mentions] == [Kind.VIDEO]
    assert page.mentions[0].queries == ("示例品牌",)
    assert page.has_more is (page.cursor is not None)
    assert page.cursor == (None if name == "ks_rest_search" else "1")


def test_kuaishou_comments_in_their_three_web_shapes() -> None:
    legacy = kuaishou.parse_comments(load("ks_comments_legacy"), post_id="3xexamplephoto01")
    assert [(m.kind, m.parent_id, m.post_id) for m in legacy.mentions] == [
        (Kind.COMMENT, None, "3xexamplephoto01"), (Kind.REPLY, "712345678901", "3xexamplephoto01"),
    ]  # fmt: skip
    assert legacy.mentions[0].engagement.likes == Count(11012)
    second = kuaishou.parse_comments(load("ks_comments_v2"))
    assert (second.cursor, second.has_more, second.total) == ("abc", True, 1)
    rest = kuaishou.parse_comments(load("ks_comments_rest"))
    assert [m.kind for m in rest.mentions] == [Kind.COMMENT, Kind.REPLY]
    assert (rest.has_more, rest.total) == (False, 12)


def test_kuaishou_replies_take_the_root_as_parent() -> None:
    page = kuaishou.parse_replies(
        {"result": 1, "subCommentsV2": [{"comment_id": 1, "content": "x", "author_id": "3xa", "reply_to": "3xb"}], "pcursorV2": "no_more"},
        root_id="9",
    )
    assert [(m.kind, m.parent_id) for m in page.mentions] == [(Kind.REPLY, "9")]
    assert not page.has_more


def test_in_the_app_shape_the_owner_of_the_video_is_not_the_author() -> None:
    page = kuaishou.parse_comments(load("tikhub_ks_comments"), post_id="5212345678901234567")
    assert [(m.author.id, m.parent_id) for m in page.mentions] == [("1000000009", None), ("1000000001", "712345678901")]
    assert page.mentions[0].ip_location == "广东"


def test_a_video_that_is_gone_is_no_mention() -> None:
    assert kuaishou.parse_detail({"data": {"visionVideoDetail": None}}).mentions == ()
    detail = {"data": {"visionVideoDetail": {"status": 1, "author": {"id": "3xa", "name": "甲"}, "photo": {"id": "3xb", "caption": "文"}}}}
    (video,) = kuaishou.parse_detail(detail).mentions
    assert (video.id, video.author.id) == ("3xb", "3xa")


@pytest.mark.parametrize(
    ("parse", "payload", "place"),
    [
        (xiaohongshu.parse_search, {"data": {"items": {"0": {}}}}, r"\$\.data\.items: .*expected a list, found dict"),
        (xiaohongshu.parse_search, {"data": {"notes_v9": []}}, r"\$: .*expected one of items, feeds; found data"),
        (xiaohongshu.parse_comments, "<html>", r"\$: .*found str"),
        (
            kuaishou.parse_search,
            {"data": {"visionSearchPhoto": {"feeds": "x"}}},
            r"\$\.data\.vision_search_photo\.feeds: .*expected a list",
        ),
        (kuaishou.parse_comments, {"result": 1}, r"\$: .*root_comments_v2"),
    ],
)
def test_a_changed_shape_is_named_with_its_path(parse: object, payload: object, place: str) -> None:
    with pytest.raises(PayloadError, match=place):
        parse(payload)  # type: ignore[operator]


def test_one_strange_item_among_good_ones_is_a_problem_with_its_path() -> None:
    page = xiaohongshu.parse_comments({"data": {"comments": [{"id": ROOT, "content": "x", "user_info": {}}, "y"]}})
    assert len(page.mentions) == 1
    assert [str(problem) for problem in page.problems] == ["comments $.data.comments[1]: expected an object, found str"]
