"""Fetching from both platforms as a local server plays them: what comes, in how many requests, and what stops it."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import json
import tracemalloc
from collections import Counter

import httpx
import pytest

from negassoc.brand import Account
from negassoc.errors import (
    AccessDeniedError,
    LoginRequiredError,
    PayloadError,
    RateLimitedError,
    RefusedError,
    SourceError,
    TransientError,
    UnavailableError,
    VerificationRequiredError,
)
from negassoc.events import CallSent, PageRead, Stopped, Waiting
from negassoc.mention import Kind, Mention, Query
from negassoc.protocols import AsyncSource, Source
from negassoc.sources import AsyncClient, Client, Kuaishou, Policy, Xiaohongshu
from negassoc.testing import check_source, no_waiting

SEARCH, FEED = "/api/sns/web/v1/search/notes", "/api/sns/web/v1/feed"
COMMENTS, REPLIES = "/api/sns/web/v2/comment/page", "/api/sns/web/v2/comment/sub/page"
KS_SEARCH, KS_COMMENTS, KS_REPLIES = "/rest/v/search/feed", "/rest/v/photo/comment/list", "/rest/v/photo/comment/sublist"
NOTE = "66a1b2c3000000000d000001"


def xiaohongshu(stage, **more):
    return Xiaohongshu(base=stage.base, ids=lambda: "id-1", **more)


def kuaishou(stage, **more):
    return Kuaishou(base=stage.base, **more)


def test_a_search_goes_through_all_pages_and_gives_each_note_once(stage, drive):
    outcome = drive(xiaohongshu(stage).search(Query("示例品牌")))
    assert outcome.texts() == [f"笔记{n}" for n in range(7)]
    assert outcome.error is None
    assert [one.body["page"] for one in stage.requests] == [1, 2, 3]
    assert {one.body["search_id"] for one in stage.requests} == {"id-1"}
    assert all(one.queries == ("示例品牌",) and one.partial for one in outcome.mentions)
    assert outcome.found.ended
    assert outcome.found.problems == ()
    assert outcome.found.skipped == 3


def test_requests_to_a_host_keep_their_distance(stage, driver):
    drive = driver(policy=Policy(pace=1.5, jitter=0.0))
    outcome = drive(xiaohongshu(stage).search("示例品牌"))
    assert outcome.time.slept == [1.5, 1.5]
    assert [e.seconds for e in outcome.events if isinstance(e, Waiting)] == [1.5, 1.5]
    assert {e.why for e in outcome.events if isinstance(e, Waiting)} == {"pace"}


def test_no_policy_may_be_hastier_than_a_request_a_second():
    with pytest.raises(ValueError, match="pace"):
        Policy(pace=0.2)


def test_comments_come_with_all_their_replies_as_a_thread(stage, drive):
    source = xiaohongshu(stage)
    post = Mention("充电三次就鼓包", id=NOTE, platform="xiaohongshu", title="避雷")
    outcome = drive(source.comments(post))
    assert outcome.texts() == ["评论1", "评论10", "评论2", "评论11", "评论12", "评论3"]
    assert stage.paths() == [COMMENTS, REPLIES, REPLIES, COMMENTS]
    by_text = dict(zip(outcome.texts(), outcome.mentions, strict=True))
    root = by_text["评论1"]
    assert [by_text[f"评论{n}"].parent_id for n in (10, 11, 12)] == [root.id, by_text["评论10"].id, root.id]
    assert {one.post_id for one in outcome.mentions} == {NOTE}
    assert {one.thread_title for one in outcome.mentions} == {"避雷"}
    assert [by_text[f"评论{n}"].kind for n in (1, 11)] == [Kind.COMMENT, Kind.REPLY]


def test_replies_are_left_out_on_request(stage, drive):
    outcome = drive(xiaohongshu(stage, replies=False).comments(NOTE))
    assert outcome.texts() == ["评论1", "评论10", "评论2", "评论3"]
    assert stage.paths() == [COMMENTS, COMMENTS]


def test_the_replies_of_one_comment(stage, drive):
    root = Mention("评论1", id="66a2c0de0000000011000001", kind=Kind.COMMENT, post_id=NOTE, thread_title="避雷")
    outcome = drive(xiaohongshu(stage).replies(root))
    assert outcome.texts() == ["评论12"]
    with pytest.raises(ValueError, match="post_id"):
        xiaohongshu(stage).replies(Mention("x", kind=Kind.COMMENT))


def test_the_notes_of_an_account(stage, drive):
    account = Account(platform="xhs", id="5f00000000000000000000aa")
    outcome = drive(xiaohongshu(stage).posts(account))
    assert outcome.texts() == ["笔记0", "笔记1", "笔记2", "笔记3"]
    assert [one.query["cursor"] for one in stage.requests] == ["", outcome.mentions[1].id]
    with pytest.raises(ValueError, match="nickname"):
        xiaohongshu(stage).posts(Account(platform="xhs", nickname="momo"))


def test_a_note_in_full_with_the_token_that_the_search_brought(stage, drive):
    source = xiaohongshu(stage)
    found = drive(source.search("示例品牌"))
    whole = drive(source.detail(found.mentions[1]))
    assert whole.texts() == ["充电三次就鼓包"]
    assert whole.mentions[0].id == found.mentions[1].id
    assert stage.requests[-1].body["xsec_token"] == "S3CRET-xsec"


def test_an_address_brings_id_and_token_along(stage, drive):
    drive(xiaohongshu(stage).comments(f"https://www.xiaohongshu.com/explore/{NOTE}?xsec_token=S3CRET-xsec&xsec_source=pc_feed"))
    assert stage.requests[0].query["note_id"] == NOTE
    assert stage.requests[0].query["xsec_token"] == "S3CRET-xsec"


def test_kuaishou_search_comments_replies_posts(stage, drive):
    source = kuaishou(stage)
    assert drive(source.search("示例品牌")).texts() == [f"视频{n} #示例品牌" for n in range(4)]
    outcome = drive(source.comments("https://www.kuaishou.com/short-video/3xexamplephoto01"))
    assert outcome.texts() == ["评论1", "评论2", "评论11", "评论12", "评论3"]
    assert [one.parent_id for one in outcome.mentions] == [None, None, "900000000000000001", "900000000000000001", None]
    assert {one.post_id for one in outcome.mentions} == {"3xexamplephoto01"}
    assert drive(source.posts("3xexampleauthor1")).texts() == ["视频7 #示例品牌", "视频8 #示例品牌"]
    assert Counter(stage.paths()) == {KS_SEARCH: 2, KS_COMMENTS: 2, KS_REPLIES: 2, "/rest/v/profile/feed": 2}


LISTINGS = {
    "xhs search": lambda s: xiaohongshu(s).search("示例品牌"),
    "xhs comments": lambda s: xiaohongshu(s).comments(NOTE),
    "xhs posts": lambda s: xiaohongshu(s).posts("5f00000000000000000000aa"),
    "ks search": lambda s: kuaishou(s).search("示例品牌"),
    "ks comments": lambda s: kuaishou(s).comments("3xexamplephoto01"),
}


@pytest.mark.parametrize("what", LISTINGS)
def test_both_clients_give_the_same_in_the_same_requests(stage, world, what):
    outcomes, requests = [], []
    for mode in ("sync", "async"):
        stage.requests.clear()
        outcomes.append(world.Driver(mode)(LISTINGS[what](stage)))
        requests.append([(r.method, r.path, r.query, r.body) for r in stage.requests])
    assert outcomes[0].mentions == outcomes[1].mentions
    assert outcomes[0].mentions
    assert requests[0] == requests[1]
    assert [str(e) for e in outcomes[0].events] == [str(e) for e in outcomes[1].events]


def test_what_a_client_gives_is_a_source(stage):
    time = no_waiting()
    with httpx.Client(verify=False, trust_env=False) as http:
        found = Client(http, clock=time.clock, sleep=time.sleep, now=no_waiting().now).search(xiaohongshu(stage), Query("示例品牌"))
        assert isinstance(found, Source)
        check_source(found)
    http = httpx.AsyncClient(verify=False, trust_env=False)
    assert isinstance(AsyncClient(http).search(xiaohongshu(stage), "示例品牌"), AsyncSource)
    asyncio.run(http.aclose())


def test_when_it_was_fetched(stage, drive):
    outcome = drive(xiaohongshu(stage).search("示例品牌"))
    assert outcome.mentions[0].fetched_at == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert outcome.mentions[-1].fetched_at == dt.datetime(2026, 1, 1, 0, 0, 2, tzinfo=dt.UTC)


REFUSALS = [
    ({"status": 461, "headers": {"Verifytype": "102", "Verifyuuid": "u-1"}}, VerificationRequiredError, "102.*u-1"),
    ({"status": 471}, VerificationRequiredError, "not said"),
    ({"status": 429, "headers": {"Retry-After": "30"}}, RateLimitedError, "429"),
    ({"status": 403}, AccessDeniedError, "403"),
    ({"status": 401}, AccessDeniedError, "401"),
    ({"body": {"code": -100, "success": False, "msg": "登录已过期"}}, LoginRequiredError, "登录已过期"),
    ({"body": {"code": "-101", "success": False}}, LoginRequiredError, "not logged in"),
    ({"body": {"code": 300015, "success": False, "msg": "浏览器异常"}}, AccessDeniedError, "signature"),
    ({"body": {"code": "300011", "success": False, "msg": "当前账号存在异常"}}, AccessDeniedError, "restricted"),
    ({"body": {"code": 300012, "success": False}}, AccessDeniedError, "blocked"),
    ({"body": {"code": 300013, "success": False}}, RateLimitedError, "too many"),
    ({"body": {"code": 987, "success": False, "msg": "???"}}, RefusedError, "code 987"),
    ({"body": b"<html><div id=captcha></div></html>"}, VerificationRequiredError, "browser"),
]


@pytest.mark.parametrize(("fault", "kind", "message"), REFUSALS)
def test_a_refusal_stops_the_run_and_what_came_before_is_kept(stage, drive, answer, world, fault, kind, message):
    stage.faults[SEARCH] = [answer(world.first_page), answer(**fault)]
    source = xiaohongshu(stage)
    outcome = drive(source.search("示例品牌"))
    assert type(outcome.error) is kind
    assert outcome.error.platform == "xiaohongshu"
    assert outcome.texts() == ["笔记0", "笔记1", "笔记2"]
    with pytest.raises(kind, match=message):
        raise outcome.error
    assert len(stage.requests) == 2
    again = drive(source.comments(NOTE))
    assert type(again.error) is kind
    assert "refused before" in str(again.error)
    assert len(stage.requests) == 2, "no request after a refusal"
    assert [e.why for e in outcome.events if isinstance(e, Stopped)]


def test_a_host_that_refused_is_asked_again_once_a_person_says_so(stage, drive, answer):
    stage.faults[SEARCH] = [answer({"code": -100, "success": False})]
    source = xiaohongshu(stage)
    assert isinstance(drive(source.search("示例品牌")).error, LoginRequiredError)
    drive._client.readmit()
    assert drive(source.search("示例品牌")).error is None


def test_too_many_requests_says_when_to_come_back_and_nobody_comes_before(stage, drive, answer):
    stage.faults[SEARCH] = [answer(status=429, headers={"Retry-After": "30"})]
    source = xiaohongshu(stage)
    first = drive(source.search("示例品牌"))
    assert isinstance(first.error, RateLimitedError)
    assert first.error.retry_after == 30
    assert first.time.slept == []
    drive.time.sleep(29)
    assert isinstance(drive(source.search("示例品牌")).error, RateLimitedError)
    assert len(stage.requests) == 1
    drive.time.sleep(2)
    assert drive(source.search("示例品牌")).error is None


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [({"code": -510001, "success": False, "msg": "当前内容无法展示"}, UnavailableError, "unknown"),
     ({"code": "-510000", "success": False}, UnavailableError, "not_found"),
     ({"code": 0, "success": True, "data": {"items": []}}, UnavailableError, "unknown")],
)  # fmt: skip
def test_a_note_that_is_not_shown_is_no_refusal(stage, drive, answer, body, kind, reason):
    stage.faults[FEED] = [answer(body)]
    source = xiaohongshu(stage)
    outcome = drive(source.detail(NOTE))
    assert type(outcome.error) is kind
    assert outcome.error.reason == reason
    assert drive(source.detail(NOTE)).error is None


def test_replies_that_are_not_shown_leave_the_rest_of_the_thread(stage, drive, answer):
    stage.always[REPLIES] = answer({"code": -510001, "success": False})
    outcome = drive(xiaohongshu(stage).comments(NOTE))
    assert outcome.error is None
    assert outcome.texts() == ["评论1", "评论10", "评论2", "评论3"]
    assert ["-510001" in str(problem) for problem in outcome.found.problems] == [True]


@pytest.mark.parametrize(
    "body", [b"<html>hello</html>", b"", b"not json", b"[1]", b'{"code": 0, "data": {"it', b"\xff\xfe\x00", b"[" * 100_000]
)
def test_what_is_no_json_is_a_payload_error_and_not_tried_again(stage, drive, answer, body):
    stage.always[SEARCH] = answer(body)
    outcome = drive(xiaohongshu(stage).search("示例品牌"))
    assert type(outcome.error) is PayloadError
    assert len(stage.requests) == 1


def test_a_cursor_with_half_a_character_is_a_typed_error(stage, drive, answer):
    stage.always[KS_COMMENTS] = answer(b'{"result": 1, "rootCommentsV2": [{"comment_id": 1, "content": "x"}], "pcursorV2": "\\ud800"}')
    outcome = drive(kuaishou(stage).comments("3xexamplephoto01"))
    assert type(outcome.error) is SourceError
    assert "surrogates" in str(outcome.error)
    assert len(outcome.mentions) == 1


def test_a_changed_shape_names_the_path(stage, drive, answer):
    stage.always[SEARCH] = answer({"code": 0, "success": True, "data": {"items": {"a": 1}}})
    error = drive(xiaohongshu(stage).search("示例品牌")).error
    assert type(error) is PayloadError
    assert error.path == "$.data.items"
    assert error.call.startswith("POST http://127.0.0.1")


def test_numbers_of_any_size_are_kept_or_named(stage, drive, answer):
    stage.faults[KS_COMMENTS] = [answer({"result": 1, "rootCommentsV2": [
        {"comment_id": 9223372036854775807123, "content": "大号", "author_id": "3x1", "author_name": "x", "timestamp": 10**40, "likeCount": 10**30},
    ], "pcursorV2": "no_more"})]  # fmt: skip
    outcome = drive(kuaishou(stage).comments("3xexamplephoto01"))
    assert [one.id for one in outcome.mentions] == ["9223372036854775807123"]
    stage.faults[KS_COMMENTS] = [answer(b'{"result": 1, "x": ' + b"9" * 5000 + b"}")]
    assert type(drive(kuaishou(stage).comments("3xexamplephoto01")).error) is PayloadError


KS_REFUSALS = [
    ({"result": 2}, RateLimitedError, "throttled"),
    ({"result": "2", "error_msg": "操作太快"}, RateLimitedError, "操作太快"),
    ({"result": 50, "error_msg": "签名验证失败"}, AccessDeniedError, "signature"),
    ({"result": 109}, LoginRequiredError, "logged in"),
    ({"result": 2001, "error_msg": "antispam need captcha"}, VerificationRequiredError, "captcha"),
    ({"result": 1, "captchaConfig": {"x": 1}}, VerificationRequiredError, "captcha"),
    ({"errors": [{"message": "Need captcha"}], "data": None}, VerificationRequiredError, "Need captcha"),
    ({"errors": [{"message": "Something"}]}, RefusedError, "Something"),
    ({"result": 4711}, RefusedError, "result 4711"),
    ({"data": {"visionSearchPhoto": {"result": 109}}}, LoginRequiredError, "logged in"),
]


@pytest.mark.parametrize(("body", "kind", "message"), KS_REFUSALS)
def test_kuaishou_says_everything_with_http_200(stage, drive, answer, body, kind, message):
    stage.faults[KS_SEARCH] = [answer(body)]
    source = kuaishou(stage)
    outcome = drive(source.search("示例品牌"))
    assert type(outcome.error) is kind
    assert message in str(outcome.error)
    drive(source.comments("3xexamplephoto01"))
    assert len(stage.requests) == 1


@pytest.mark.parametrize(
    "body",
    [{"result": 400002, "url": "https://captcha.example.invalid/iframe?captchaSession=abc&token=S3CRET-token"},
     {"data": {"captcha": {"url": "https://captcha.example.invalid/iframe?captchaSession=abc&token=S3CRET-token"}}}],
)  # fmt: skip
def test_the_captcha_s_address_is_handed_on_without_its_token(stage, drive, answer, body):
    stage.faults[KS_SEARCH] = [answer(body)]
    error = drive(kuaishou(stage).search("示例品牌")).error
    assert type(error) is VerificationRequiredError
    assert error.url == "https://captcha.example.invalid/iframe?captchaSession=abc&token=***"
    assert error.url in str(error)


@pytest.mark.parametrize(
    ("body", "reason"),
    [({"data": {"visionVideoDetail": None}}, "unknown"), ({"data": {"visionProfileReduced": {"result": 21}}}, "not_found")],
)
def test_kuaishou_s_empty_answers_are_unavailable(stage, drive, answer, body, reason):
    stage.faults[KS_SEARCH] = [answer(body)]
    error = drive(kuaishou(stage).search("示例品牌")).error
    assert type(error) is UnavailableError
    assert error.reason == reason


@pytest.mark.parametrize(
    ("path", "kind"), [("login", LoginRequiredError), ("captcha/iframe", VerificationRequiredError), ("passport/x", LoginRequiredError)]
)
def test_being_sent_to_a_login_or_a_captcha_is_a_refusal(stage, drive, answer, path, kind):
    stage.faults[KS_SEARCH] = [answer(status=302, headers={"Location": f"https://www.kuaishou.com/{path}?token=S3CRET-token"})]
    source = kuaishou(stage)
    error = drive(source.search("示例品牌")).error
    assert type(error) is kind
    assert "S3CRET" not in str(vars(error))
    drive(source.search("示例品牌"))
    assert stage.paths() == [KS_SEARCH]


def test_coverage_says_how_much_of_what_there_is_was_read(stage, drive):
    assert str(drive(kuaishou(stage).comments("3xexamplephoto01")).found.coverage) == "5 of 5 comments read"
    assert str(drive(kuaishou(stage, replies=False).comments("3xexamplephoto01")).found.coverage) == "3 of 5 comments read"
    assert drive(kuaishou(stage).search("示例品牌")).found.coverage.posts == 4


def test_a_trickle_is_cut_off_at_the_deadline():
    time = no_waiting()

    class Trickle(httpx.SyncByteStream):
        def __iter__(self):
            for _ in range(1000):
                time.sleep(1)
                yield b" "

    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=Trickle())))
    client = Client(http, policy=Policy(deadline=dt.timedelta(seconds=30)), clock=time.clock, sleep=time.sleep, now=time.now)
    with pytest.raises(TransientError, match="deadline") as caught:
        list(client.search(Xiaohongshu(), "示例品牌"))
    assert time.clock() == 30
    assert caught.value.call == "POST https://edith.xiaohongshu.com/api/sns/web/v1/search/notes"


@pytest.mark.parametrize("status", [400, 302, 404])
def test_other_statuses_are_payload_errors(stage, drive, answer, status):
    stage.faults[KS_SEARCH] = [
        answer(b"<html>", status=status, headers={"Location": "https://www.kuaishou.com/elsewhere?token=S3CRET-token"})
    ]
    error = drive(kuaishou(stage).search("示例品牌")).error
    assert type(error) is PayloadError
    assert f"HTTP {status}" in str(error)
    assert "S3CRET" not in str(error)


def test_what_passes_is_tried_again(stage, drive, answer):
    stage.faults[SEARCH] = [answer(status=500), answer(status=502)]
    outcome = drive(xiaohongshu(stage).search("示例品牌"))
    assert outcome.error is None
    assert len(outcome.mentions) == 7
    assert [one.body["page"] for one in stage.requests] == [1, 1, 1, 2, 3]
    assert [e.attempt for e in outcome.events if isinstance(e, CallSent)] == [1, 2, 3, 1, 1]
    assert outcome.time.slept == [2.0, 4.0, 1.0, 1.0]


def test_what_does_not_pass_is_given_up_after_the_attempts(stage, drive, answer):
    stage.always[SEARCH] = answer(status=500)
    outcome = drive(xiaohongshu(stage).search("示例品牌"))
    assert type(outcome.error) is TransientError
    assert len(stage.requests) == 3
    del stage.always[SEARCH]
    assert drive(xiaohongshu(stage).search("示例品牌")).error is None, "trouble that passes bars nobody"


@pytest.mark.parametrize("when", ["7", "Thu, 01 Jan 2026 00:00:07 GMT"])
def test_a_503_is_tried_again_when_it_says(stage, drive, answer, when):
    stage.faults[SEARCH] = [answer(status=503, headers={"Retry-After": when})]
    outcome = drive(xiaohongshu(stage).search("示例品牌"))
    assert outcome.time.slept == [7.0, 1.0, 1.0]
    assert [e.why for e in outcome.events if isinstance(e, Waiting)] == ["retry_after", "pace", "pace"]


def test_a_503_that_asks_for_too_long_a_wait_is_given_up(stage, drive, answer):
    stage.always[SEARCH] = answer(status=503, headers={"Retry-After": "3600"})
    outcome = drive(xiaohongshu(stage).search("示例品牌"))
    assert type(outcome.error) is TransientError
    assert outcome.error.retry_after == 3600
    assert len(stage.requests) == 1


def test_a_cut_connection_is_tried_again(stage, drive, answer):
    stage.faults[SEARCH] = [answer({"code": 0}, cut=True), answer({"code": 0}, cut=True)]
    outcome = drive(xiaohongshu(stage).search("示例品牌"))
    assert outcome.error is None
    assert len(stage.requests) == 5


def test_a_slow_server_is_waited_for_no_longer_than_the_timeout(stage, driver, answer):
    stage.faults[SEARCH] = [answer({"code": 0}, delay=0.4)]
    outcome = driver(timeout=0.15)(xiaohongshu(stage).search("示例品牌"))
    assert outcome.error is None
    assert len(outcome.mentions) == 7
    assert len(stage.requests) == 4


def test_nobody_there_is_transient(drive, stage):
    base = stage.base
    stage.close()
    outcome = drive(Xiaohongshu(base=base).search("示例品牌"))
    assert type(outcome.error) is TransientError
    assert len([e for e in outcome.events if isinstance(e, CallSent)]) == 3


def test_a_deadline_ends_the_run_and_the_rest_can_be_had_later(stage, driver):
    drive = driver(policy=Policy(jitter=0.0, deadline=dt.timedelta(seconds=1.5)))
    source = xiaohongshu(stage)
    outcome = drive(source.search("示例品牌"))
    assert type(outcome.error) is TransientError
    assert "deadline" in str(outcome.error)
    assert outcome.texts() == [f"笔记{n}" for n in range(5)]
    rest = drive(source.search("示例品牌"), cursor=outcome.found.cursor)
    assert [one.body["page"] for one in stage.requests] == [1, 2, 3]
    assert rest.texts()[-1] == "笔记6"
    assert rest.error is None


def test_no_retry_beyond_the_deadline(stage, driver, answer):
    stage.always[SEARCH] = answer(status=500)
    outcome = driver(policy=Policy(jitter=0.0, deadline=dt.timedelta(seconds=3)))(xiaohongshu(stage).search("示例品牌"))
    assert len(stage.requests) == 2
    assert type(outcome.error) is TransientError


def test_the_page_cap_ends_the_run_and_says_so(stage, driver):
    outcome = driver(policy=Policy(jitter=0.0, pages=2))(xiaohongshu(stage).search("示例品牌"))
    assert outcome.error is None
    assert len(stage.requests) == 2
    assert [str(problem) for problem in outcome.found.problems] == ["search 示例品牌: stopped at the cap of 2 pages; there is more"]
    assert json.loads(outcome.found.cursor)["page"] == "3"
    assert [e.why for e in outcome.events if isinstance(e, Stopped)]


def test_a_thread_has_a_cap_of_its_own(stage, driver):
    outcome = driver(policy=Policy(jitter=0.0, reply_pages=1))(xiaohongshu(stage).comments(NOTE))
    assert outcome.texts() == ["评论1", "评论10", "评论2", "评论11", "评论3"]
    assert "replies" in str(outcome.found.problems[0])


def test_a_cursor_that_comes_again_ends_the_run(stage, drive, answer):
    page = {"result": 1, "rootCommentsV2": [], "pcursorV2": "same"}
    stage.always[KS_COMMENTS] = answer(page | {"rootCommentsV2": [{"comment_id": 1, "content": "好", "author_id": "3x1"}]})
    outcome = drive(kuaishou(stage).comments("3xexamplephoto01"))
    assert len(stage.requests) == 2
    assert len(outcome.mentions) == 1
    assert "repeats itself" in str(outcome.found.problems[0])


def test_pages_by_number_that_bring_nothing_new_end_the_run(stage, drive, answer, world):
    stage.always[SEARCH] = answer(world.xhs({"has_more": True, "items": [world.note(1)]}))
    outcome = drive(xiaohongshu(stage).search("示例品牌"))
    assert len(stage.requests) == 2
    assert outcome.texts() == ["笔记1"]
    assert "repeats itself" in str(outcome.found.problems[0])


@pytest.mark.parametrize("most", [1, 2, 4, 5, 6])
def test_what_was_broken_off_goes_on_without_doubles(stage, drive, most):
    source = xiaohongshu(stage)
    whole = drive(source.comments(NOTE)).texts()
    first = drive(source.comments(NOTE), most=most)
    assert first.texts() == whole[:most]
    rest = first.found.resume()
    assert drive.once(lambda client: collect(client, rest)) == whole[most:]


def test_pages_can_be_had_as_pages_and_go_on_as_well(stage, drive):
    source, root = xiaohongshu(stage), Mention("评论1", id="66a2c0de0000000011000001", kind=Kind.COMMENT, post_id=NOTE)

    def first_page(client):
        found = client.search(source, "示例品牌")
        if isinstance(client, Client):
            page = next(found.pages())
            return len(page.mentions), [one.title for one in client.resume(found)]

        async def go():
            pages = found.pages()
            page = await anext(pages)
            await pages.aclose()
            return len(page.mentions), [one.title async for one in client.resume(found)]

        return go()

    assert drive.once(first_page) == (3, [f"笔记{n}" for n in range(3, 7)])
    assert drive.once(lambda client: collect(client, client.comments(source, NOTE))) == [
        "评论1",
        "评论10",
        "评论2",
        "评论11",
        "评论12",
        "评论3",
    ]
    assert drive.once(lambda client: collect(client, client.replies(source, root))) == ["评论12"]


def collect(client, found):
    if isinstance(client, Client):
        return [one.text for one in found]

    async def go():
        return [one.text async for one in found]

    return go()


def test_an_interrupt_keeps_what_came(stage):
    time = no_waiting()

    def sleep(seconds):
        time.sleep(seconds)
        if len(time.slept) == 2:
            raise KeyboardInterrupt

    got = []
    with httpx.Client(verify=False, trust_env=False) as http:
        found = Client(http, clock=time.clock, sleep=sleep, now=time.now, draw=lambda: 0.0).search(xiaohongshu(stage), "示例品牌")
        with pytest.raises(KeyboardInterrupt):
            got.extend(iter_into(got, found))
        assert len(got) == 5
        assert [one.title for one in found.resume()] == ["笔记5", "笔记6"]


def iter_into(got, found):
    for one in found:
        got.append(one)
    return []


def test_cancelling_keeps_what_came(stage):
    async def go():
        arrived, stuck = [], asyncio.Event()

        async def sleep(_):
            stuck.set()
            await asyncio.sleep(30)

        async with httpx.AsyncClient(verify=False, trust_env=False) as http:
            client = AsyncClient(http, sleep=sleep)
            found = client.search(xiaohongshu(stage), "示例品牌")

            async def read():
                async for one in found:
                    arrived.append(one)  # noqa: PERF401 - one by one, as they come

            task = asyncio.create_task(read())
            await asyncio.wait_for(stuck.wait(), 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return len(arrived), json.loads(found.cursor)["page"]

    assert asyncio.run(go()) == (3, "2")


def test_what_waits_in_line_is_not_sent_once_another_was_refused(stage, answer):
    stage.always[SEARCH] = answer({"code": 300012, "success": False})

    async def go():
        refused = asyncio.Event()

        async def sleep(_):
            await asyncio.wait_for(refused.wait(), 10)

        async with httpx.AsyncClient(verify=False, trust_env=False) as http:
            client, source = AsyncClient(http, sleep=sleep), xiaohongshu(stage)

            async def search(words):
                with pytest.raises(AccessDeniedError):
                    _ = [one async for one in client.search(source, words)]
                refused.set()

            await asyncio.gather(*(search(f"示例品牌{n}") for n in range(4)))

    asyncio.run(go())
    assert len(stage.requests) == 1


def test_a_bomb_is_not_unpacked(stage, driver, packed):
    stage.always[SEARCH] = packed(b" " * (1 << 26))
    drive = driver(policy=Policy(jitter=0.0, max_bytes=1 << 20))
    tracemalloc.start()
    outcome = drive(xiaohongshu(stage).search("示例品牌"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert type(outcome.error) is PayloadError
    assert "1,048,576 bytes" in str(outcome.error)
    assert peak < 16 << 20
    assert len(stage.requests) == 1


def test_packed_answers_are_read_and_broken_ones_named(stage, drive, answer):
    plain = json.dumps({"code": 0, "success": True, "data": {"items": [], "has_more": False}}).encode()
    gzip_header = {"Content-Encoding": "gzip"}
    stage.faults[SEARCH] = [answer(gzip.compress(plain), headers=gzip_header)]
    assert drive(xiaohongshu(stage).search("示例品牌")).error is None
    assert stage.requests[0].headers["accept-encoding"] == "gzip"
    stage.faults[SEARCH] = [answer(b"nothing of the sort", headers=gzip_header)]
    assert "damaged gzip" in str(drive(xiaohongshu(stage).search("示例品牌")).error)
    stage.faults[SEARCH] = [answer(plain, headers={"Content-Encoding": "br"})]
    assert "'br'" in str(drive(xiaohongshu(stage).search("示例品牌")).error)


def test_events_tell_what_happens(stage, drive):
    outcome = drive(kuaishou(stage).search("示例品牌"))
    kinds = [type(event) for event in outcome.events]
    assert kinds == [CallSent, PageRead, Waiting, CallSent, PageRead]
    assert [e.mentions for e in outcome.events if isinstance(e, PageRead)] == [2, 2]


def test_a_cursor_of_another_listing_is_refused_by_name(stage, drive):
    with pytest.raises(ValueError, match="no cursor of this listing"):
        drive(xiaohongshu(stage).search("示例品牌"), cursor="c-2")
