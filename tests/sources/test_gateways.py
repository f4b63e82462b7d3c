"""The paid gateways: the platform's payload in their envelope, their own codes, and refusals of the platform hidden behind their success."""

from __future__ import annotations

import json

import httpx
import pytest

from negassoc.errors import (
    AccessDeniedError,
    LoginRequiredError,
    PayloadError,
    RateLimitedError,
    RefusedError,
    TransientError,
    UnavailableError,
    UnknownNameError,
    VerificationRequiredError,
)
from negassoc.mention import Kind, Mention
from negassoc.sources import Client, JustOneApi, Policy, TikHub
from negassoc.sources.gateways.auth import JustOneAuth, TikHubAuth
from negassoc.testing import no_waiting

NOTE, ROOT = "66a1b2c3000000000d000001", "66a2c0de0000000011000001"


class Gateway:
    """Answers by path, in the gateway's envelope unless it is an `httpx.Response`; keeps the requests."""

    def __init__(self, answers, wrap, auth=None):
        self.answers, self.wrap, self.requests, time = answers, wrap, [], no_waiting()
        http = httpx.Client(transport=httpx.MockTransport(self), auth=auth)
        self.client = Client(http, policy=Policy(jitter=0.0), clock=time.clock, sleep=time.sleep, now=time.now)

    def __call__(self, request):
        self.requests.append(request)
        answer = self.answers[request.url.path]
        answer = answer(dict(request.url.params)) if callable(answer) else answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=self.wrap(answer))

    def texts(self, listing):
        return [one.text or one.title for one in self.client.read(listing)]

    def queries(self):
        return [dict(one.url.params) for one in self.requests]


def tikhub(answers, auth=None):
    return Gateway(answers, lambda inner: {"code": 200, "message": "ok", "router": "/x", "params": {}, "data": inner}, auth)


def justone(answers, auth=None):
    return Gateway(answers, lambda inner: {"code": 0, "message": "ok", "recordTime": "2026-08-01", "data": inner}, auth)


def app_note(number):
    return {"model_type": "note", "note": {"id": f"66a1b2c3000000000d{number:06d}", "title": f"笔记{number}", "desc": "", "type": "normal",
            "timestamp": 1721873091, "liked_count": 3, "user": {"userid": "u1", "nickname": "路人"}}}  # fmt: skip


def app_comment(number, **more):
    return {"id": f"66a2c0de0000000011{number:06d}", "note_id": NOTE, "content": f"评论{number}", "like_count": 1, "time": 1721942238,
            "user": {"userid": "u2", "nickname": "momo"}} | more  # fmt: skip


def xhs(**data):
    return {"code": 0, "success": True, "msg": "成功", "data": data}


def test_tikhub_searches_xiaohongshu_with_the_ids_of_the_first_page():
    def search(query):
        page = int(query["page"])
        found = xhs(items=[app_note(page * 2), app_note(page * 2 + 1)], has_more=page < 3)
        return found | ({"search_id": "s-1", "search_session_id": "ss-1", "next_page": 2} if page == 1 else {})

    gateway = tikhub({"/api/v1/xiaohongshu/app_v2/search_notes": search}, TikHubAuth("key-1"))
    assert gateway.texts(TikHub("xiaohongshu").search("示例品牌")) == [f"笔记{n}" for n in range(2, 8)]
    assert gateway.queries() == [
        {"keyword": "示例品牌", "page": "1"}, *({"keyword": "示例品牌", "page": str(n), "search_id": "s-1", "search_session_id": "ss-1"} for n in (2, 3)),
    ]  # fmt: skip
    assert {one.headers["authorization"] for one in gateway.requests} == {"Bearer key-1"}
    assert {one.url.host for one in gateway.requests} == {"api.tikhub.io"}


def test_tikhub_hands_a_comment_cursor_back_as_it_came():
    cursor = json.dumps({"c": 1, "token": ""})

    def comments(query):
        if query["cursor"] == "":
            return xhs(
                comments=[app_comment(1, sub_comment_count=2, sub_comments=[app_comment(10)])], cursor=cursor, index=2, has_more=True
            )
        return xhs(comments=[app_comment(2, sub_comment_count=0)], cursor="", has_more=False)

    def replies(query):
        if query["cursor"] == "":
            return xhs(comments=[app_comment(10)], cursor={"cursor": "r-2", "index": 3}, has_more=True)
        return xhs(comments=[app_comment(11)], cursor="", has_more=False)

    path = "/api/v1/xiaohongshu/app_v2/"
    gateway = tikhub({f"{path}get_note_comments": comments, f"{path}get_note_sub_comments": replies})
    assert gateway.texts(TikHub("xiaohongshu").comments(NOTE)) == ["评论1", "评论10", "评论11", "评论2"]
    assert gateway.queries() == [
        {"note_id": NOTE, "cursor": ""}, {"note_id": NOTE, "comment_id": ROOT, "cursor": ""},
        {"note_id": NOTE, "comment_id": ROOT, "cursor": "r-2", "index": "3"}, {"note_id": NOTE, "cursor": cursor, "index": "2"},
    ]  # fmt: skip


def test_tikhub_reads_the_posts_of_an_account_on_both_platforms():
    def notes(query):
        start = 0 if query["cursor"] == "" else 2
        return xhs(notes=[app_note(start + n)["note"] | {"cursor": f"c{start + n}"} for n in range(2)], has_more=start == 0)

    def videos(query):
        return {"result": 1, "feeds": [{"photo_id": 5200000000000001234, "caption": "视频", "user_id": 1}], "pcursor": "no_more"}

    gateway = tikhub({"/api/v1/xiaohongshu/app_v2/get_user_posted_notes": notes, "/api/v1/kuaishou/app/fetch_user_post_v2": videos})
    assert gateway.texts(TikHub("xiaohongshu").posts("u1")) == ["笔记0", "笔记1", "笔记2", "笔记3"]
    assert gateway.texts(TikHub("kuaishou").posts("1")) == ["视频"]
    assert gateway.queries() == [{"user_id": "u1", "cursor": ""}, {"user_id": "u1", "cursor": "c1"}, {"user_id": "1", "pcursor": ""}]


def test_tikhub_searches_kuaishou_and_reads_comments_with_their_replies():
    def search(query):
        more = query["pcursor"] == ""
        feed = {"photo_id": 5212345678901234567 + (not more), "caption": "视频", "user_id": 1, "timestamp": 1721873091000}
        return {"result": 1, "mixFeeds": [{"itemType": 0, "feed": feed}], "pcursor": "1" if more else "no_more", "recoPcursor": "x"}

    def said(number, **more):
        return {"comment_id": number, "content": f"评论{number}", "author_id": 9, "author_name": "老铁", "user_id": 1, "reply_to": 0} | more

    comments = {"result": 1, "rootComments": [said(1, subCommentCount=2), said(2, subCommentCount=1)], "pcursor": "no_more",
                "subCommentsMap": {"2": {"subComments": [said(21, reply_to=9)], "pcursor": "no_more"}}}  # fmt: skip
    replies = {"result": 1, "subComments": [said(11, reply_to=9), said(12, reply_to=9)], "pcursor": "no_more"}
    path = "/api/v1/kuaishou/app/"
    gateway = tikhub({f"{path}search_video_v2": search, f"{path}fetch_video_comment": comments, f"{path}fetch_video_sub_comments": replies})
    assert gateway.texts(TikHub("kuaishou").search("示例品牌")) == ["视频", "视频"]
    found = list(gateway.client.comments(TikHub("kuaishou"), "5212345678901234567"))
    assert sorted((one.text, one.parent_id) for one in found) == [
        ("评论1", None), ("评论11", "1"), ("评论12", "1"), ("评论2", None), ("评论21", "2"),
    ]  # fmt: skip
    assert {one.author.id for one in found} == {"9"}
    assert gateway.queries()[2:] == [
        {"photo_id": "5212345678901234567", "pcursor": ""}, {"photo_id": "5212345678901234567", "root_comment_id": "1", "pcursor": ""},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("platform", "inner", "kind"),
    [
        ("xiaohongshu", {"code": -101, "success": False}, LoginRequiredError),
        ("xiaohongshu", {"code": 300013, "success": False}, RateLimitedError),
        ("xiaohongshu", {"code": "-510001", "success": False}, UnavailableError),
        ("xiaohongshu", {"code": 0, "success": False, "msg": "数据异常"}, RefusedError),
        ("kuaishou", {"result": 2}, RateLimitedError),
        ("kuaishou", {"result": 400002, "url": "https://captcha.example.invalid/"}, VerificationRequiredError),
    ],
)
def test_a_success_that_wraps_a_refusal_is_a_refusal(platform, inner, kind):
    listing = "comments"
    paths = {"xiaohongshu": "/api/v1/xiaohongshu/app_v2/get_note_comments", "kuaishou": "/api/v1/kuaishou/app/fetch_video_comment"}
    gateway = tikhub({paths[platform]: inner})
    with pytest.raises(kind) as caught:
        gateway.texts(getattr(TikHub(platform), listing)(NOTE))
    assert type(caught.value) is kind
    assert len(gateway.requests) == 1
    other = justone(
        {
            f"/api/{platform}/get-{'note' if platform == 'xiaohongshu' else 'video'}-comment/{'v4' if platform == 'xiaohongshu' else 'v1'}": inner
        }
    )
    with pytest.raises(kind):
        other.texts(JustOneApi(platform).comments(NOTE))


@pytest.mark.parametrize(
    ("status", "kind", "requests"),
    [(401, LoginRequiredError, 1), (402, AccessDeniedError, 1), (403, AccessDeniedError, 1), (404, UnavailableError, 1), (400, PayloadError, 1),
     (422, PayloadError, 1), (429, RateLimitedError, 1), (500, TransientError, 3), (418, RefusedError, 1)],
)  # fmt: skip
@pytest.mark.parametrize("outer", [True, False])
def test_tikhub_s_own_codes_by_status_or_in_the_body(status, kind, requests, outer):
    body = {"code": status, "message": "no", "detail": {"code": status}}
    gateway = tikhub({"/api/v1/kuaishou/app/fetch_video_comment": httpx.Response(200 if outer else status, json=body)})
    with pytest.raises(kind) as caught:
        gateway.texts(TikHub("kuaishou").comments("1"))
    assert type(caught.value) is kind
    assert len(gateway.requests) == requests


@pytest.mark.parametrize(
    ("code", "kind", "requests"),
    [(100, LoginRequiredError, 1), (300, PayloadError, 1), (301, TransientError, 3), (302, RateLimitedError, 1), (400, PayloadError, 1),
     (500, TransientError, 3), (600, AccessDeniedError, 1), ("601", AccessDeniedError, 1), (777, RefusedError, 1)],
)  # fmt: skip
def test_justone_s_own_codes(code, kind, requests):
    gateway = justone({"/api/kuaishou/get-video-comment/v1": httpx.Response(200, json={"code": code, "message": "no", "data": None})})
    with pytest.raises(kind) as caught:
        gateway.texts(JustOneApi("kuaishou").comments("3x1"))
    assert type(caught.value) is kind
    assert len(gateway.requests) == requests


def test_justone_s_interfaces():
    def search(query):
        return xhs(items=[app_note(int(query["page"]))], has_more=query["page"] == "1")

    def comments(query):
        if "lastCursor" not in query:
            return xhs(comments=[app_comment(1, sub_comment_count=1)], cursor="c-2", has_more=True)
        return xhs(comments=[app_comment(2)], cursor="", has_more=False)

    gateway = justone({
        "/api/xiaohongshu/search-note/v4": search, "/api/xiaohongshu/get-note-comment/v4": comments,
        "/api/xiaohongshu/get-note-sub-comment/v2": xhs(comments=[app_comment(11)], cursor="", has_more=False),
        "/api/xiaohongshu/get-note-detail/v6": xhs(items=[{"note_card": app_note(5)["note"] | {"desc": "全文"}}]),
        "/api/kuaishou/get-user-video-list/v2": lambda q: {"result": 1, "feeds": [{"photo_id": len(q), "caption": f"视频{len(q)}"}],
                                                           "pcursor": "no_more" if "pcursor" in q else "p-2"},
    }, JustOneAuth("tok-1"))  # fmt: skip
    source = JustOneApi("xiaohongshu")
    assert gateway.texts(source.search("示例品牌")) == ["笔记1", "笔记2"]
    assert gateway.texts(source.comments(NOTE)) == ["评论1", "评论11", "评论2"]
    assert gateway.texts(source.detail(NOTE)) == ["全文"]
    assert gateway.texts(source.replies(Mention("评论1", id=ROOT, kind=Kind.COMMENT, post_id=NOTE))) == ["评论11"]
    assert gateway.texts(JustOneApi("kuaishou").posts("3x1")) == ["视频2", "视频3"]
    assert {query["token"] for query in gateway.queries()} == {"tok-1"}
    assert gateway.queries()[3] == {"noteId": NOTE, "commentId": ROOT, "token": "tok-1"}


@pytest.mark.parametrize(("platform", "what"), [("kuaishou", "search"), ("kuaishou", "detail"), ("xiaohongshu", "posts")])
def test_what_justone_does_not_offer_is_refused_by_name(platform, what):
    with pytest.raises(UnknownNameError, match=f"JustOneAPI interface for {platform} '{what}'"):
        getattr(JustOneApi(platform), what)("x")


def test_tikhub_s_details_of_both_platforms():
    note = app_note(1)["note"] | {"desc": "全文"}
    gateway = tikhub({
        "/api/v1/xiaohongshu/app_v2/get_image_note_detail": {"code": 0, "success": True, "data": [{"note_list": [note]}]},
        "/api/v1/xiaohongshu/app_v2/get_video_note_detail": {"code": 0, "success": True, "data": [note | {"type": "video"}]},
        "/api/v1/kuaishou/app/fetch_one_video": {"result": 1, "photos": [{"photo_id": 5200000000000001234, "caption": "视频"}]},
    })  # fmt: skip
    assert gateway.texts(TikHub("xiaohongshu").detail(NOTE)) == ["全文"]
    (video,) = gateway.client.read(TikHub("xiaohongshu").detail(Mention("x", id=NOTE, kind=Kind.VIDEO)))
    assert (video.text, video.kind) == ("全文", Kind.VIDEO)
    assert gateway.texts(TikHub("kuaishou").detail("5200000000000001234")) == ["视频"]
    assert gateway.queries() == [{"note_id": NOTE}, {"note_id": NOTE}, {"photo_id": "5200000000000001234"}]
