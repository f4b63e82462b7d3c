"""Kuaishou's official interfaces: own videos, comments on them and answers to those, reviews; and the guard that keeps true criticism visible."""

from __future__ import annotations

import datetime as dt
import json
import pickle

import attrs
import httpx
import pytest

from negassoc.brand import Account, Brand
from negassoc.classify import AssociationType
from negassoc.errors import (
    AccessDeniedError,
    GuardError,
    LoginRequiredError,
    PayloadError,
    RateLimitedError,
    RefusedError,
    TransientError,
)
from negassoc.mention import Author, Kind, Mention
from negassoc.sources import Call, Client, HideReason, Hiding, KuaishouOpen, Kwaishop, Magnetic
from negassoc.sources.kuaishou import magnetic
from negassoc.sources.kuaishou.auth import KwaishopAuth, MagneticAuth, OpenAuth, OpenToken, signature
from negassoc.testing import no_waiting

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BRAND = Brand("示例茶", official_accounts=(Account(platform="kuaishou", id="1000000002"),))


class Wire:
    """Answers by path, and keeps the requests."""

    def __init__(self, answers, auth=None):
        self.answers, self.requests, self.auth = answers, [], auth
        self.time = no_waiting()

    def __call__(self, request):
        self.requests.append(request)
        answer = self.answers[request.url.path]
        return (
            httpx.Response(200, json=answer(request) if callable(answer) else answer) if not isinstance(answer, httpx.Response) else answer
        )

    @property
    def client(self):
        http = httpx.Client(transport=httpx.MockTransport(self), auth=self.auth)
        return Client(http, clock=self.time.clock, sleep=self.time.sleep, now=self.time.now, draw=lambda: 0.0)

    def paths(self):
        return [one.url.path for one in self.requests]


def said(number, **more):
    return {"comment_id": 900000000000000000 + number, "root_comment_id": 0, "comment_author_id": 1000000001, "photo_id": "5200000000000001234",
            "photo_author_id": 1000000002, "comment_content": f"评论{number}", "post_time": 1754900000000, "nick_name": "老铁",
            "reply_status": 1, "shield_status": 1} | more  # fmt: skip


def comments(request):
    page = json.loads(request.content)["page"]
    numbers = [1, 2] if page == 1 else [3]
    return {"code": 0, "message": "OK", "data": {"total": 3, "details": [said(n, shield_status=2 if n == 3 else 1) for n in numbers]}}


def test_comments_on_own_videos():
    wire = Wire({"/rest/openapi/v1/comment/list": comments}, MagneticAuth(lambda: "AT-1"))
    found = list(wire.client.read(Magnetic(7, page_size=2).comments(unanswered=True, since=NOW, until=NOW + dt.timedelta(days=1))))
    assert [one.text for one in found] == ["评论1", "评论2", "评论3"]
    assert [one.platform_flags for one in found] == [(), (), ("shielded",)]
    assert {one.post_id for one in found} == {"5200000000000001234"}
    bodies = [json.loads(one.content) for one in wire.requests]
    assert bodies[0] == {
        "advertiser_id": 7,
        "reply_status": 1,
        "post_time_start": 1767225600000,
        "post_time_end": 1767312000000,
        "page": 1,
        "page_size": 2,
    }
    assert bodies[1]["page"] == 2
    assert {one.headers["access-token"] for one in wire.requests} == {"AT-1"}
    with pytest.raises(ValueError, match="together"):
        Magnetic(7).comments(since=NOW)


def test_a_thread_on_an_own_video():
    tree = {"code": 0, "data": {"root_comment_detail": said(1), "child_comment_detail_list": [said(2, root_comment_id=900000000000000001)]}}
    wire = Wire({"/rest/openapi/v1/comment/tree": tree})
    found = list(wire.client.read(Magnetic(7).thread(comment())))
    assert [(one.text, one.kind, one.parent_id) for one in found] == [
        ("评论1", Kind.COMMENT, None), ("评论2", Kind.REPLY, "900000000000000001"),
    ]  # fmt: skip


def test_an_error_of_the_interface_is_a_refusal_with_its_words():
    wire = Wire({"/rest/openapi/v1/comment/list": {"code": 401000, "message": "access_token 过期"}})
    with pytest.raises(RefusedError, match=r"401000.*过期"):
        list(wire.client.read(Magnetic(7).comments()))


def comment(text="电池虚标", number=1, **more):
    given = {"author": Author(id="1000000001"), "post_id": "5200000000000001234"} | more
    return Mention(text, id=str(900000000000000000 + number), platform="kuaishou", kind=Kind.COMMENT, **given)


@pytest.fixture
def judged():
    """A verdict of any type on a comment."""
    from negassoc.classify import Classification

    def make(type_, mention=None, also=()):
        return Classification(
            mention=mention or comment(), brand=BRAND, type=AssociationType(type_), also=tuple(map(AssociationType, also)), suspected=True,
            probability=0.9, probabilities={}, scores={}, grade=None, findings=(),
        )  # fmt: skip

    return make


@pytest.mark.parametrize("reason", list(HideReason))
@pytest.mark.parametrize("type_", ["customer_complaint", "undetermined"])
def test_true_criticism_is_not_hidden_whatever_the_reason(judged, type_, reason):
    with pytest.raises(GuardError, match="GR-03") as caught:
        Hiding(judged(type_), reason=reason)
    assert caught.value.guard == "GR-03"
    assert "in public" in caught.value.instead


def test_what_is_a_complaint_besides_is_not_hidden_either(judged):
    with pytest.raises(GuardError, match="GR-03"):
        Hiding(judged("malicious_attack", also=("customer_complaint",)), reason="insult")


def test_what_nobody_has_judged_is_not_hidden():
    with pytest.raises(GuardError, match="nobody has judged"):
        Hiding(None, reason="insult")


def test_hiding_needs_a_reason_code(judged):
    with pytest.raises(ValueError, match="negative"):
        Hiding(judged("none"), reason="negative")
    with pytest.raises(TypeError):
        Hiding(judged("none"))


def test_own_words_are_hidden_as_own_only(judged):
    with pytest.raises(GuardError, match="own accounts"):
        Hiding(judged("own_violation"), reason="own_improper")
    own = comment(author=Author(id="1000000002"))
    assert Hiding(judged("own_violation", own), reason="own_improper").reason is HideReason.OWN_IMPROPER


def test_only_comments_on_kuaishou_videos_are_hidden(judged):
    for wrong in (comment(post_id=None), attrs.evolve(comment(), platform="xiaohongshu"), attrs.evolve(comment(), kind=Kind.VIDEO)):
        with pytest.raises(ValueError, match="no comment on a Kuaishou video"):
            Hiding(judged("malicious_attack", wrong), reason="insult")


def test_a_hiding_that_passes_is_a_request_with_its_reasons(judged):
    one = Hiding(judged("malicious_attack"), reason="insult")
    two = Hiding(judged("none", comment("加微信返现", 2)), reason=HideReason.FRAUD_LINK)
    call = Magnetic(7).hide(one, two)
    assert call.url == "https://ad.e.kuaishou.com/rest/openapi/v1/comment/shield"
    assert call.json == {"advertiser_id": 7, "shield_list": [
        {"comment_id": 900000000000000001, "photo_id": "5200000000000001234"}, {"comment_id": 900000000000000002, "photo_id": "5200000000000001234"},
    ]}  # fmt: skip
    assert call.writes
    assert call.purpose == "hide 900000000000000001 (insult), 900000000000000002 (fraud_link)"
    assert pickle.loads(pickle.dumps(call)) == call
    with pytest.raises(ValueError, match="50"):
        Magnetic(7).hide(*[one] * 51)
    with pytest.raises(ValueError, match="50"):
        Magnetic(7).hide()


def test_nothing_is_written_unless_said_so(judged):
    wire = Wire({"/rest/openapi/v1/comment/shield": {"code": 0, "data": {}}}, MagneticAuth("AT-1"))
    client, call = wire.client, Magnetic(7).hide(Hiding(judged("malicious_attack"), reason="insult"))
    assert client.send(call) is None
    assert wire.requests == []
    reply = client.send(call, execute=True)
    assert reply.status == 200
    assert json.loads(wire.requests[0].content) == call.json


def test_the_asynchronous_client_is_as_careful(judged, driver, stage, answer):
    stage.always["/v1/comment/setTop"] = answer({"code": 0, "data": {}})
    drive, call = driver(), Magnetic(7, base=stage.base).pin(comment())
    assert drive.once(lambda client: client.send(call)) is None
    assert stage.requests == []
    assert drive.once(lambda client: client.send(call, execute=True)).status == 200
    assert stage.requests[0].body == {"advertiser_id": 7, "comment_id": 900000000000000001, "photo_id": 5200000000000001234}


def test_what_writes_is_never_sent_twice(driver, stage, answer):
    stage.always["/v1/comment/setTop"] = answer(status=500)
    drive, call = driver(), Magnetic(7, base=stage.base).pin(comment())
    with pytest.raises(TransientError):
        drive.once(lambda client: client.send(call, execute=True))
    assert len(stage.requests) == 1


def test_a_flow_may_not_write(driver):
    from negassoc.sources.flow import Listing

    def turn(_):
        yield Magnetic(7).pin(comment())

    with pytest.raises(ValueError, match="execute=True"):
        driver()(Listing("sly", platform="kuaishou", turn=turn))


def test_answering_and_pinning_are_described():
    magnet = Magnetic("7")
    call = magnet.reply(comment(), "抱歉，已为您登记退款", video_author_id=1000000002)
    assert call.json == {"advertiser_id": 7, "reply_list": [{
        "reply_to_comment_id": 900000000000000001, "photo_id": "5200000000000001234", "photo_author_id": 1000000002,
        "reply_to_user_id": 1000000001, "reply_content": "抱歉，已为您登记退款",
    }]}  # fmt: skip
    assert magnet.pin(comment(), pinned=False).url.endswith("/v1/comment/cancelTop")
    assert magnet.blocked_words().url.endswith("/shield_info/list")
    assert not magnet.blocked_words().writes
    assert magnet.unblock([3]).json == {"advertiser_id": 7, "shield_info_id_list": [3]}
    for bad in (comment(author=Author()), comment()):
        with pytest.raises(ValueError, match="text"):
            magnet.reply(bad, " " if bad.author.id else "好", video_author_id=1)
    with pytest.raises(ValueError, match="numbers"):
        magnet.pin(attrs.evolve(comment(), id="3xabc"))
    with pytest.raises(ValueError, match="damaged"):
        magnet.reply(comment(post_id="5.2E+18"), "好", video_author_id=1)


def test_a_word_is_blocked_only_if_what_it_hides_is_known_and_no_complaint(judged):
    magnet = Magnetic(7)
    spam = judged("none", comment("加薇信领红包 sb123"))
    call = magnet.block_words(["sb123"], reason="spam", seen=[spam])
    assert call.json == {"advertiser_id": 7, "shield_type": 1, "shield_content_list": ["sb123"]}
    assert call.writes
    assert "spam" in call.purpose
    with pytest.raises(GuardError, match="no judged comment"):
        magnet.block_words(["别的"], reason="spam", seen=[spam])
    with pytest.raises(GuardError, match="customer_complaint"):
        magnet.block_words(["sb123"], reason="spam", seen=[spam, judged("customer_complaint", comment("sb123 什么时候退款"))])
    with pytest.raises(GuardError, match="one by one"):
        magnet.block_words(["sb123"], reason="own_improper", seen=[spam])
    for words in ([], ["x"], ["字" * 21], [f"词{n}" for n in range(101)]):
        with pytest.raises(ValueError, match="1 to 100"):
            magnet.block_words(words, reason="spam", seen=[spam])


@pytest.mark.parametrize("word", ["退款", "假货", "过敏", "投诉"])
def test_words_of_complaint_are_never_blocked(judged, word):
    attack = judged("malicious_attack", comment(f"造谣说{word}"))
    with pytest.raises(GuardError, match="customers complain"):
        Magnetic(7).block_words([word], reason="insult", seen=[attack])


def test_the_guard_names_what_the_pack_has():
    from negassoc import Pack

    assert Pack.default().get(magnetic._GUARD).id == "GR-03"


def photos(request):
    start = 0 if "cursor" not in request.url.params else 2
    many = 2 if start == 0 else 1
    return {"result": 1, "video_list": [
        {"photo_id": f"3xexamplephoto{start + n:02d}", "caption": f"新品{start + n}", "create_time": 1721873091000, "like_count": 12, "comment_count": 3,
         "view_count": 1000} for n in range(many)
    ]}  # fmt: skip


TOKEN = {
    "result": 1,
    "access_token": "AT-1",
    "expires_in": 172800,
    "refresh_token": "RT-1",
    "refresh_token_expires_in": 15552000,
    "open_id": "o",
}


def test_own_videos_with_a_code_from_the_browser():
    kept = []
    auth = OpenAuth("ks1", "app-secret", code="c0de", on_token=kept.append, now=lambda: NOW)
    wire = Wire({"/oauth2/access_token": TOKEN, "/openapi/photo/list": photos}, auth)
    found = list(wire.client.read(KuaishouOpen(page_size=2).posts()))
    assert [one.text for one in found] == ["新品0", "新品1", "新品2"]
    assert wire.paths() == ["/oauth2/access_token", "/openapi/photo/list", "/openapi/photo/list"]
    assert dict(wire.requests[0].url.params) == {
        "app_id": "ks1",
        "app_secret": "app-secret",
        "code": "c0de",
        "grant_type": "authorization_code",
    }
    assert dict(wire.requests[2].url.params) == {"count": "2", "cursor": "3xexamplephoto01", "app_id": "ks1", "access_token": "AT-1"}
    assert kept == [
        OpenToken("AT-1", refresh="RT-1", expires_at=NOW + dt.timedelta(hours=48), refresh_expires_at=NOW + dt.timedelta(days=180))
    ]
    assert repr(kept[0]) == "OpenToken(***, expires_at=2026-01-03 00:00Z)"


def test_a_token_is_refreshed_before_it_ends():
    kept = []
    old = OpenToken("AT-0", refresh="RT-0", expires_at=NOW + dt.timedelta(minutes=2))
    auth = OpenAuth("ks1", "app-secret", token=old, on_token=kept.append, now=lambda: NOW)
    wire = Wire({"/oauth2/refresh_token": {k: v for k, v in TOKEN.items() if k != "refresh_token"}, "/openapi/photo/list": photos}, auth)
    list(wire.client.read(KuaishouOpen().posts()))
    assert dict(wire.requests[0].url.params) == {
        "app_id": "ks1",
        "app_secret": "app-secret",
        "refresh_token": "RT-0",
        "grant_type": "refresh_token",
    }
    assert wire.requests[1].url.params["access_token"] == "AT-1"
    assert kept[0].refresh == "RT-0"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [({"result": 100200102, "error_msg": "app-secret wrong"}, LoginRequiredError), ({"result": 1}, LoginRequiredError),
     (httpx.Response(200, html="<html>"), PayloadError), (httpx.Response(502), TransientError)],
)  # fmt: skip
def test_no_token_is_said_so(answer, kind):
    wire = Wire({"/oauth2/access_token": answer}, OpenAuth("ks1", "app-secret", code="c0de"))
    with pytest.raises(kind) as caught:
        list(wire.client.read(KuaishouOpen().posts()))
    assert "app-secret" not in str(caught.value)
    assert caught.value.platform == "kuaishou"


def test_a_refresh_token_that_has_ended_is_not_tried():
    old = OpenToken("AT-0", refresh="RT-0", expires_at=NOW, refresh_expires_at=NOW)
    wire = Wire({}, OpenAuth("ks1", "app-secret", token=old, now=lambda: NOW))
    with pytest.raises(LoginRequiredError, match="grant access again"):
        list(wire.client.read(KuaishouOpen().posts()))
    assert wire.requests == []
    with pytest.raises(ValueError, match="either"):
        OpenAuth("ks1", "app-secret")


def test_who_the_own_account_is(driver, stage, answer):
    stage.always["/openapi/user_info"] = answer({"result": 1, "user_info": {"name": "示例官方", "fan": 3400, "city": "杭州"}})
    author = driver().once(lambda client: client.ask(KuaishouOpen(base=stage.base).user()))
    assert author == Author(nickname="示例官方", followers=3400, official=True)
    stage.always["/openapi/user_info"] = answer({"result": 1002, "error_msg": "token 过期"})
    with pytest.raises(RefusedError, match="token 过期"):
        driver().once(lambda client: client.ask(KuaishouOpen(base=stage.base).user()))


def reviews(request):
    param = json.loads(request.url.params["param"])
    left = range(param["offset"], min(param["offset"] + param["limit"], 25))
    return {"result": 1, "data": {"rootComment": [
        {"commentId": 800000000000000 + n, "itemId": 7001, "content": f"评价{n}", "createTime": 1754900000000, "buyerNick": "买***1"} for n in left
    ]}}  # fmt: skip


def test_reviews_of_own_goods_signed_as_documented():
    auth = KwaishopAuth("k1", "sign-secret", "AT-1", clock=lambda: 1754900000.5)
    wire = Wire({"/open/comment/list/get": reviews}, auth)
    found = list(wire.client.read(Kwaishop().reviews("7001")))
    assert [one.text for one in found] == [f"评价{n}" for n in range(25)]
    assert {one.kind for one in found} == {Kind.REVIEW}
    params = dict(wire.requests[0].url.params)
    sign = params.pop("sign")
    assert params == {
        "method": "open.comment.list.get", "version": "1", "param": '{"itemId":7001,"offset":0,"limit":20}', "appkey": "k1", "access_token": "AT-1",
        "timestamp": "1754900000500", "signMethod": "HMAC_SHA256",
    }  # fmt: skip
    assert sign == signature(params, "sign-secret")
    assert "sign-secret" not in str(wire.requests[0].url)


def test_the_signature_is_the_one_documented():
    params = {"b": "2", "a": "1"}  # over a=1&b=2&signSecret=s
    assert signature(params, "s", "MD5") == "531f89678ffcbc097ae54e7303e9286a"
    assert signature(params, "s") == "cPnJwzy2RV88U0GP0RxYgLGs8AllbWfK3D/Xr/FXppM="


@pytest.mark.parametrize(
    ("result", "kind"),
    [*((code, LoginRequiredError) for code in (21, 24)), *((code, AccessDeniedError) for code in (22, 25, 26, 27, "28")),
     *((code, RateLimitedError) for code in (15, 16, 17, 1016, 1017, 802000)), (999, RefusedError)],
)  # fmt: skip
def test_every_code_of_the_shop_s_interface(result, kind):
    wire = Wire({"/open/comment/list/get": {"result": result, "error_msg": "不行"}})
    with pytest.raises(kind, match="不行") as caught:
        list(wire.client.read(Kwaishop().reviews()))
    assert type(caught.value) is kind
    assert len(wire.requests) == 1


def test_a_call_is_a_value_a_person_can_read():
    call = Magnetic(7).pin(comment())
    assert isinstance(call, Call)
    assert call.to_record() == {
        "method": "POST", "url": "https://ad.e.kuaishou.com/rest/openapi/v1/comment/setTop", "purpose": "pin comment 900000000000000001", "params": {},
        "json": {"advertiser_id": 7, "comment_id": 900000000000000001, "photo_id": 5200000000000001234}, "form": None, "headers": {}, "writes": True,
    }  # fmt: skip
