"""No secret reaches a log, a repr, an event, an exception or a pickle, whoever put it on the request and whatever the server does."""

from __future__ import annotations

import copy
import datetime as dt
import inspect
import logging
import pickle
import traceback

import attrs
import httpx
import pytest

from negassoc.errors import AccessDeniedError, NegassocError, PayloadError, SourceError, TransientError
from negassoc.sources import Call, Client, JustOneApi, Kuaishou, KuaishouOpen, Kwaishop, Magnetic, Policy, Reply, TikHub, Xiaohongshu
from negassoc.sources.client import translated
from negassoc.sources.gateways.auth import JustOneAuth, TikHubAuth
from negassoc.sources.kuaishou.auth import KwaishopAuth, MagneticAuth, OpenAuth, OpenToken
from negassoc.sources.redact import is_secret, redacted
from negassoc.testing import no_waiting

CALL = Call(
    "GET", "https://example.invalid/a", params={"note_id": "1", "xsec_token": "S3CRET-xsec"}, platform="xiaohongshu", purpose="comments"
)
TOKEN = OpenToken("S3CRET-access", refresh="S3CRET-refresh", expires_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
HEADERS = {"x-s": "S3CRET-sign", "x-s-common": "S3CRET-sign", "Cookie": "a1=S3CRET-cookie; web_session=S3CRET-cookie"}


def sources():
    yield Xiaohongshu(), Xiaohongshu().search("示例品牌"), None
    yield Xiaohongshu(), Xiaohongshu().comments("https://www.xiaohongshu.com/explore/66a1b2c3000000000d000001?xsec_token=S3CRET-xsec"), None
    yield Kuaishou(), Kuaishou().search("示例品牌"), None
    yield (
        KuaishouOpen(),
        KuaishouOpen().posts(),
        OpenAuth("ks1", "S3CRET-app", token=TOKEN, now=lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
    )
    yield KuaishouOpen(), KuaishouOpen().posts(), OpenAuth("ks1", "S3CRET-app", code="S3CRET-token")
    yield Magnetic(7), Magnetic(7).comments(), MagneticAuth("S3CRET-access")
    yield Kwaishop(), Kwaishop().reviews(), KwaishopAuth("k1", "S3CRET-sign", lambda: "S3CRET-access")
    yield TikHub("kuaishou"), TikHub("kuaishou").search("示例品牌"), TikHubAuth("S3CRET-bearer")
    yield JustOneApi("xiaohongshu"), JustOneApi("xiaohongshu").search("示例品牌"), JustOneAuth("S3CRET-token")


def echo(request: httpx.Request) -> str:
    """What a careless server says back: everything it was sent, named and bare."""
    bare = [*request.headers.values(), *request.url.params.values()]
    return f"{request.url} {request.headers.raw} {' '.join(bare)} {request.read().decode()}"


def careless(kind: str):
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/oauth2/"):
            return httpx.Response(
                200, json={"result": 1, "access_token": "S3CRET-access", "refresh_token": "S3CRET-refresh", "expires_in": 172800}
            )
        said = echo(request)
        bodies = {
            "code": httpx.Response(200, json={"code": 987, "result": 987, "success": False, "msg": said, "message": said, "error_msg": said}),
            "html": httpx.Response(200, html=f"<html>{said}</html>"),
            "status": httpx.Response(403, text=said),
            "moved": httpx.Response(302, headers={"Location": "https://example.invalid/login?token=S3CRET-token&sign=S3CRET-sign"}),
            "shape": httpx.Response(200, json={"said": said}),
        }  # fmt: skip
        if kind == "cut":
            raise httpx.ReadError(said, request=request)
        if kind == "protocol":
            raise httpx.LocalProtocolError(said, request=request)
        return bodies[kind]

    return handle


@pytest.mark.parametrize("kind", ["code", "html", "status", "moved", "shape", "cut", "protocol"])
@pytest.mark.parametrize("number", range(9))
def test_no_secret_is_shown_anywhere(caplog, kind, number):
    adapter, listing, auth = list(sources())[number]
    caplog.set_level(logging.DEBUG)
    events, time = [], no_waiting()
    http = httpx.Client(transport=httpx.MockTransport(careless(kind)), headers=HEADERS, auth=auth)
    client = Client(http, clock=time.clock, sleep=time.sleep, now=time.now, draw=lambda: 0.0, hooks=[events.append])
    found = client.read(listing)
    with pytest.raises(NegassocError) as caught:
        list(found)
    error = caught.value
    assert error.platform
    assert error.__cause__ is None
    assert error.__context__ is None
    shown = [
        str(error), repr(error), repr(error.__dict__), pickle.dumps(error).decode("latin1"), repr(copy.copy(error)), *map(repr, events),
        "".join(traceback.format_exception(error)), caplog.text, *(record.getMessage() for record in caplog.records), repr(found), repr(client),
        str(found.problems), str(found.cursor), repr(adapter), repr(listing), repr(auth),
    ]  # fmt: skip
    for text in shown:
        assert "S3CRET" not in text


def test_the_logs_of_the_http_library_are_clean_but_not_silent(stage, drive, caplog):
    caplog.set_level(logging.DEBUG)
    drive(Xiaohongshu(base=stage.base).comments("https://www.xiaohongshu.com/explore/66a1b2c3000000000d000001?xsec_token=S3CRET-xsec"))
    assert stage.requests[0].query["xsec_token"] == "S3CRET-xsec"
    assert stage.requests[0].headers["cookie"] == "web_session=S3CRET-cookie"
    assert "xsec_token=***" in caplog.text
    assert "S3CRET" not in caplog.text


def test_mentions_carry_no_token(stage, drive):
    outcome = drive(Xiaohongshu(base=stage.base).search("示例品牌"))
    assert "S3CRET" not in repr(outcome.mentions) + str([one.to_record() for one in outcome.mentions]) + str(outcome.found.cursor)
    assert b"S3CRET" not in pickle.dumps(outcome.mentions)


def test_a_call_shows_and_pickles_no_secret():
    call = attrs.evolve(
        CALL, json={"deep": [{"access_token": "S3CRET-access", "keyword": "x"}]}, headers=HEADERS, form={"sign": "S3CRET-sign"}
    )
    again = pickle.loads(pickle.dumps(call))
    for shown in (str(call), repr(call), f"{call}", str(call.to_record()), pickle.dumps(call).decode("latin1"), repr(again)):
        assert "S3CRET" not in shown
    assert again.params == {"note_id": "1", "xsec_token": "***"}
    assert again.json == {"deep": [{"access_token": "***", "keyword": "x"}]}
    assert (again.method, again.url, again.purpose, again.platform) == (call.method, call.url, call.purpose, call.platform)
    harmless = attrs.evolve(CALL, params={"note_id": "1"})
    assert pickle.loads(pickle.dumps(harmless)) == harmless


def test_a_reply_shows_its_size_only_and_is_not_pickled():
    reply = Reply(
        CALL, 200, {"set-cookie": "a1=S3CRET-cookie"}, b'{"access_token": "S3CRET-access"}', dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    assert repr(reply) == "Reply(200, 33 bytes, GET https://example.invalid/a?note_id=1&xsec_token=***)"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(reply)


def test_an_adapter_forgets_its_tokens_when_pickled(stage, drive):
    source = Xiaohongshu(base=stage.base, ids=str)
    drive(source.search("示例品牌"))
    assert b"S3CRET" not in pickle.dumps(source._tokens)
    assert "S3CRET" not in repr(source._tokens) + repr(vars(source))


@pytest.mark.parametrize(
    "name",
    ["Cookie", "set-cookie", "Authorization", "Access-Token", "xsec_token", "token", "sign", "x-s", "X-S-Common", "x-t", "__NS_hxfalcon",
     "__NS_sig3", "access_token", "refresh_token", "app_secret", "signSecret", "a1", "web_session"],
)  # fmt: skip
def test_names_of_secrets(name):
    assert is_secret(name)
    for shape in (
        f"https://x.invalid/a?k=1&{name}=S3CRET",
        f"{name}: S3CRET",
        f'{{"{name}": "S3CRET"}}',
        f"{{'{name}': 'S3CRET'}}",
        f"(b'{name}', b'S3CRET')",
    ):
        assert "S3CRET" not in redacted(shape), shape


@pytest.mark.parametrize(
    "text", ["keyword=示例品牌&page=2", "code 300011: 当前账号存在异常", "cursor: c-2, design=x, signMethod=MD5", "pcursor=no_more"]
)
def test_what_is_no_secret_stays(text):
    assert redacted(text) == text


EXCEPTIONS = [
    kind for _, kind in inspect.getmembers(httpx, inspect.isclass) if issubclass(kind, Exception)
]  # fmt: skip
REQUEST = httpx.Request("GET", "https://example.invalid/?token=S3CRET-token")


def made(kind: type[Exception]) -> Exception:
    if kind is httpx.HTTPStatusError:
        return httpx.HTTPStatusError("403 for ?token=S3CRET-token", request=REQUEST, response=httpx.Response(403, request=REQUEST))
    given = [name for name in inspect.signature(kind.__init__).parameters if name != "self"]
    return kind("?token=S3CRET-token") if "message" in given else kind()


@pytest.mark.parametrize("kind", EXCEPTIONS, ids=lambda kind: kind.__name__)
def test_every_exception_of_the_http_library_is_translated(kind):
    assert len(EXCEPTIONS) >= 25

    def fail(_: httpx.Request) -> httpx.Response:
        raise made(kind)

    time = no_waiting()
    client = Client(
        httpx.Client(transport=httpx.MockTransport(fail)), policy=Policy(jitter=0.0), clock=time.clock, sleep=time.sleep, now=time.now
    )
    with pytest.raises(SourceError) as caught:
        list(client.search(Kuaishou(), "示例品牌"))
    assert caught.value.__context__ is None
    assert "S3CRET" not in str(caught.value)
    passes = issubclass(kind, (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError))
    assert isinstance(caught.value, TransientError) is passes
    assert type(translated(made(kind), CALL)) in {TransientError, SourceError, PayloadError, AccessDeniedError}


@pytest.mark.parametrize(("status", "kind"), [(200, SourceError), (503, TransientError), (403, AccessDeniedError), (404, PayloadError)])
def test_a_status_that_a_hook_raised_for_is_judged_as_any(status, kind):
    error = httpx.HTTPStatusError("x", request=REQUEST, response=httpx.Response(status, request=REQUEST))
    assert type(translated(error, CALL)) is kind
