from __future__ import annotations

import datetime as dt
import http.server
import io
import json
import pickle
import sys
import threading
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.brand import Brand
from negassoc.cases import Case
from negassoc.cases.store import SqlStore, open_store
from negassoc.classify import AssociationType, Classification, Grade
from negassoc.errors import DataError, MissingExtraError, NegassocError
from negassoc.mention import Author, Count, Engagement, Kind, Mention
from negassoc.playbooks import Action, Plan
from negassoc.records import Title, structure
from negassoc.text.legible import legible, masked, starred
from negassoc.watch.alerts import Alert
from negassoc.watch.ledger import Ledger
from negassoc.watch.monitor import Monitor
from negassoc.watch.notifiers import AppriseNotifier, FileNotifier, PrintNotifier, WebhookNotifier
from negassoc.watch.thresholds import Threshold, default_thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from negassoc.facts import Facts
    from negassoc.watch.monitor import Run

NOW = dt.datetime(2026, 3, 4, 4, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
BRAND = Brand("芮弥", key="ruimi")
ALERT = Alert(
    id="a-1", brand="ruimi", threshold="many", grade=Grade.P2, title=Title("【P2】芮弥：负面提及 3 条", "[P2] 芮弥: 3 negative mentions"),
    text=Title("· 一", "· one"), why=Title("达到阈值 3 条", "the limit is 3"), mentions=("1", "2"), at=NOW,
)  # fmt: skip
KINDS = {"P0": AssociationType.CUSTOMER_COMPLAINT, "P3": AssociationType.CUSTOMER_COMPLAINT, "ok": AssociationType.NONE}


@attrs.frozen
class ByPrefix:
    """The first two characters of a text say how it is to be judged; without them it is a complaint."""

    brand: Brand

    def classify(self, mention: Mention | str, facts: Facts | None = None) -> Classification:
        one = Mention.of(mention)
        grade = one.text[:2] if one.text[:2] in KINDS else "P3"
        kind = KINDS[grade]
        return Classification(
            mention=one, brand=self.brand, type=kind, suspected=True, probability=1, probabilities={}, scores={},
            grade=Grade(grade) if kind.negative else None, findings=(),
        )  # fmt: skip


@attrs.define
class World:
    """A monitor on one list of mentions, with a clock to turn."""

    store: SqlStore
    limits: list[Threshold]
    now: dt.datetime = NOW
    said: list[Mention] = attrs.field(factory=list)

    def say(self, text: str, ago: dt.timedelta = MINUTE, **more: object) -> None:
        given = {"id": str(len(self.said)), "platform": "xiaohongshu", "published_at": self.now - ago}
        self.said.append(Mention(text, **(given | more)))  # type: ignore[arg-type]

    def run(self, later: dt.timedelta = dt.timedelta()) -> Run:
        self.now += later
        monitor = Monitor([self.said], [BRAND], store=self.store, classifier=ByPrefix, thresholds=self.limits, clock=lambda: self.now)
        run = monitor.run()
        assert run.problems == ()
        return run

    def alerts(self, later: dt.timedelta = dt.timedelta()) -> list[Alert]:
        return list(self.run(later).alerts)


@pytest.fixture
def store() -> Iterator[SqlStore]:
    with open_store(":memory:") as opened:
        yield opened


def test_count_speaks_at_its_limit_and_not_below(store: SqlStore) -> None:
    world = World(store, [Threshold("many", kind="count", at_least=3)])
    world.say("P3 一")
    world.say("P3 二")
    world.say("P3 很久以前", ago=2 * DAY)
    world.say("ok 不错")
    assert world.alerts() == []
    world.say("P0 三")
    [alert] = world.alerts()
    assert (alert.brand, alert.threshold, alert.grade, alert.at) == ("ruimi", "many", Grade.P0, NOW)
    assert alert.title == Title("【P0】芮弥：负面提及 3 条", "[P0] 芮弥: 3 negative mentions")
    assert alert.why == Title("最近 24 小时负面提及 3 条，达到阈值 3 条", "3 negative mentions in the last 1d; the limit is 3")
    assert alert.mentions == ("4", "0", "1")  # the gravest first


def test_cool_down_gathers_what_happens_meanwhile(store: SqlStore) -> None:
    world = World(store, [Threshold("many", kind="count", at_least=1, cool_down=4 * HOUR)])
    world.say("P3 一")
    assert len(world.alerts()) == 1
    world.say("P3 二")
    assert world.alerts(HOUR) == []
    [alert] = world.alerts(4 * HOUR)
    assert set(alert.mentions) == {"0", "1"}
    assert world.alerts(5 * HOUR) == []  # nothing new since, so nothing to tell


def test_something_graver_breaks_the_cool_down(store: SqlStore) -> None:
    world = World(store, [Threshold("many", kind="count", at_least=1, grade=Grade.P3, cool_down=4 * HOUR)])
    world.say("P3 一")
    assert [a.grade for a in world.alerts()] == [Grade.P3]
    world.say("P0 二")
    assert [a.grade for a in world.alerts(MINUTE)] == [Grade.P0]
    world.say("P0 三")
    assert world.alerts(MINUTE) == []


def test_share_needs_enough_to_go_by(store: SqlStore) -> None:
    world = World(store, [Threshold("share", kind="share", at_least=0.5, minimum=4)])
    for text in ("P3 一", "P3 二", "ok 三"):
        world.say(text)
    assert world.alerts() == []
    world.say("ok 四")
    [alert] = world.alerts()
    assert alert.title.zh == "【P2】芮弥：负面提及占比 50%"
    assert alert.why.zh == "最近 24 小时负面提及占 50%（2/4），阈值 50%"


def test_growth_is_measured_against_what_was_usual(store: SqlStore) -> None:
    world = World(store, [Threshold("sudden", kind="growth", at_least=3, minimum=3, window=2 * HOUR, baseline=DAY)])
    world.say("ok 很早", ago=3 * DAY)
    for n in range(12):  # one every two hours
        world.say(f"P3 {n}", ago=3 * HOUR + n * 2 * HOUR)
    world.say("P3 新一")
    world.say("P3 新二")
    assert world.alerts() == []
    world.say("P3 新三")
    [alert] = world.alerts()
    assert alert.why.zh == "最近 2 小时负面提及 3 条，此前 24 小时同样长的时间内平均 1.0 条"


def test_without_a_past_there_is_no_growth(store: SqlStore) -> None:
    world = World(store, [Threshold("sudden", kind="growth", at_least=3, minimum=1, window=2 * HOUR, baseline=DAY)])
    world.say("P3 一")
    assert world.alerts() == []
    world.say("P3 很早", ago=90 * DAY)  # a single old post is not a baseline either
    assert world.alerts() == []
    world.now += 2 * DAY  # but now it has been watched for two days
    world.say("P3 二")
    assert len(world.alerts()) == 1


def test_grade_tells_of_each_grave_mention_once(store: SqlStore) -> None:
    world = World(store, [Threshold("p0", kind="grade", from_grade=Grade.P0, cool_down=HOUR)])
    world.say("P3 一", ago=90 * DAY)
    world.say("P0 二", ago=90 * DAY)
    [first] = world.alerts()
    assert first.mentions == ("1",)
    world.say("P0 三")
    assert world.alerts(MINUTE) == []
    world.say("P0 四")
    [second] = world.alerts(HOUR)
    assert set(second.mentions) == {"2", "3"}
    assert world.alerts(DAY) == []


def test_the_first_sight_of_a_notice_is_told(store: SqlStore) -> None:
    world = World(store, [Threshold("notice", kind="first_notice", cool_down=dt.timedelta())])
    world.say("P3 笔记")
    world.say("P3 您的账号违反社区规范", kind=Kind.NOTICE)
    [alert] = world.alerts()
    assert alert.mentions == ("1",)
    assert alert.title.zh == "【P2】芮弥：收到平台通知"
    assert world.alerts(MINUTE) == []
    world.said[1] = attrs.evolve(world.said[1], text="P3 您的账号违反社区规范（更新）")
    assert world.run(MINUTE).edited == 1
    assert world.alerts(MINUTE) == []


def test_a_threshold_may_look_at_some_platforms_and_types_only(store: SqlStore) -> None:
    limits = [
        Threshold("ks", kind="count", at_least=1, platforms=("kuaishou",)),
        Threshold("attack", kind="count", at_least=1, types=(AssociationType.MALICIOUS_ATTACK,)),
    ]
    world = World(store, limits)
    world.say("P3 一")
    assert world.alerts() == []
    world.say("P3 二", platform="kuaishou")
    [alert] = world.alerts()
    assert (alert.threshold, alert.mentions) == ("ks", ("1",))


def _action(name: str, due: dt.datetime | None) -> Action:
    word = Title(name, name)
    return Action(
        id=name, order=1, kind="evidence", title=word, why=word, role="PR", channel=None, materials=(), due_at=due, due_basis=word,
        done_when=word, if_failed=word, basis=(), never=(), because=(),
    )  # fmt: skip


def test_what_an_open_case_is_about_is_not_forgotten(store: SqlStore) -> None:
    world = World(store, [])
    world.say("P3 案件里的")
    world.say("P3 别的")
    world.run()
    plan = Plan(
        type=AssociationType.CUSTOMER_COMPLAINT, brand=BRAND, platform=None, grade=Grade.P1, mentions=("0",), now=NOW,
        actions=(_action("固定现场", NOW),),
    )  # fmt: skip
    Case.open(plan, who="小林", at=NOW, id="c1").save(store)
    later = NOW + 91 * DAY
    assert Monitor([], [BRAND], store=store, classifier=ByPrefix, clock=lambda: later).forget(later - 90 * DAY) == 1
    assert [one.mention.id for one in Ledger(store).since("ruimi", 0)] == ["0"]


def test_deadlines_of_open_cases_are_told_when_near_and_when_overdue(store: SqlStore) -> None:
    actions = (_action("固定现场", NOW + 5 * HOUR), _action("回复", NOW + 3 * DAY), _action("复盘", None))
    plan = Plan(type=AssociationType.CUSTOMER_COMPLAINT, brand=BRAND, platform=None, grade=Grade.P1, mentions=(), now=NOW, actions=actions)
    Case.open(plan, who="小林", at=NOW, id="c1").save(store)
    Case.open(attrs.evolve(plan, brand=Brand("栖木")), who="小林", at=NOW, id="c2").save(store)
    world = World(store, [Threshold("deadline", kind="deadline", window=DAY, cool_down=dt.timedelta())])
    [near] = world.alerts()
    assert near.title.zh == "【P1】芮弥：1 项处置将到期"
    assert near.why.zh == "· 固定现场：应在 03-04 17:00 前完成（案件 c1）"
    assert world.alerts(HOUR) == []
    [late] = world.alerts(6 * HOUR)
    assert late.why.zh == "· 固定现场：已于 03-04 17:00 到期（案件 c1）"
    done = Case.load(store, "c1").move("固定现场", "done", who="小林", at=world.now)
    done.save(store)
    [second] = world.alerts(2 * DAY)
    assert "回复" in second.why.zh
    assert "固定现场" not in second.why.zh


def test_a_campaign_is_told_once_with_its_proof(store: SqlStore) -> None:
    pytest.importorskip("rapidfuzz")
    world = World(store, [Threshold("campaign", kind="campaign", window=7 * DAY, cool_down=dt.timedelta())])
    for n in range(8):
        text = f"朋友在芮弥的代工厂干活，说料钱不到两块，全是工业香精勾兑，用多了掉头发，瓶子比里面的东西贵，大家转起来别再买{'！' * n}"
        world.say(text, ago=n * MINUTE, author=Author(id=f"u{n}", nickname=f"护肤{n}号"))
    found = world.alerts()
    assert [alert.threshold for alert in found] == ["campaign"]
    assert set(found[0].mentions) == {str(n) for n in range(8)}
    assert "请人工核实" in found[0].title.zh
    assert world.alerts(MINUTE) == []


def test_customers_who_happen_to_complain_are_no_campaign(store: SqlStore) -> None:
    pytest.importorskip("rapidfuzz")
    world = World(store, [Threshold("campaign", kind="campaign", window=7 * DAY)])
    for n, text in enumerate(("P3 芮弥发错货了，客服三天没回", "P3 买的芮弥面霜漏了半瓶", "P3 退款等了两周，芮弥给个说法")):
        world.say(text, ago=n * HOUR, author=Author(id=f"u{n}"))
    assert world.alerts() == []


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"kind": "count"}, "needs `at_least`"),
        ({"kind": "share", "at_least": 30}, "a share is a number from 0 to 1"),
        ({"kind": "grade"}, "needs `from_grade`"),
        ({"kind": "count", "at_least": 1, "window": "0s"}, "must be longer than nothing"),
        ({"kind": "loud"}, "'loud' is not one of"),
        ({"kind": "count", "at_least": 1, "colour": "red"}, "unknown key"),
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused(values: dict[str, object], what: str) -> None:
    with pytest.raises(DataError, match=what):
        structure({"id": "x", **values}, Threshold, where="monitor.toml")


def test_the_packaged_thresholds_cover_every_kind() -> None:
    limits = default_thresholds()
    assert {limit.kind for limit in limits} == {"count", "share", "growth", "grade", "campaign", "first_notice", "deadline"}
    assert len({limit.id for limit in limits}) == len(limits)
    assert all(limit.title for limit in limits)


def test_an_alert_shows_nobody(store: SqlStore) -> None:
    world = World(store, [Threshold("many", kind="count", at_least=1)])
    world.say(
        "P3 我是爱喝茶的小满，电话13800138000，身份证110101199003077654，"
        "卡号6222 0212 3456 7890 123，邮箱li.lei@example.com，微信号xiaoman_88，@王小虎 也是，收件人：张小芳，杭州市西湖区文三路 90 号",
        author=Author(id="u-777", nickname="爱喝茶的小满"), at=("王小虎",),
    )  # fmt: skip
    [alert] = world.alerts()
    told = json.dumps(alert.to_record(), ensure_ascii=False)
    for secret in ("小满", "0013800", "13800138000", "199003077654", "7890", "li.lei", "xiaoman_88", "王小虎", "u-777", "小芳", "文三路"):
        assert secret not in told
    assert "爱*****" in alert.text.zh


def test_an_alert_quotes_five_and_counts_the_rest(store: SqlStore) -> None:
    world = World(store, [Threshold("many", kind="count", at_least=1)])
    for n in range(300):
        world.say(f"P3 第{n}条" + "长" * 500)
    [alert] = world.alerts()
    lines = alert.text.zh.splitlines()
    assert (len(lines), lines[-1]) == (6, "……另有 295 条")
    assert alert.text.en.splitlines()[-1] == "… and 295 more"
    assert all(len(line) < 200 for line in lines)
    assert len(alert.mentions) == 200
    assert alert.title.zh.endswith("负面提及 300 条")


def test_an_alert_survives_pickle_and_json() -> None:
    assert pickle.loads(pickle.dumps(ALERT)) == ALERT
    assert structure(json.loads(json.dumps(ALERT.to_record())), Alert, where="x") == ALERT


@given(st.text(st.characters(exclude_categories=[])))
def test_masking_and_cleaning_keep_the_length(text: str) -> None:
    assert len(masked(text)) == len(text)
    assert len(legible(text)) == len(text)
    legible(text).encode()


def test_masking_names_no_one_and_leaves_figures() -> None:
    assert masked("等了3天，花了1299元，订单2026年3月4日") == "等了3天，花了1299元，订单2026年3月4日"
    assert masked("小王说", ["小王", None, "", "王"]) == "小*说"
    assert starred("王") == "王"


def test_print_and_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    PrintNotifier().notify(ALERT)
    assert capsys.readouterr().out == "【P2】芮弥：负面提及 3 条\n达到阈值 3 条\n· 一\n\n"
    out = io.StringIO()
    PrintNotifier(lang="en", stream=out).notify(ALERT)
    assert out.getvalue().startswith("[P2] 芮弥: 3 negative mentions\nthe limit is 3\n")
    path = tmp_path / "alerts.jsonl"
    FileNotifier(path).notify(ALERT)
    FileNotifier(str(path)).notify(attrs.evolve(ALERT, mentions=("\ud800",)))
    first, second = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert first == ALERT.to_record()
    assert second["mentions"] == ["\ud800"]


class _Answering(http.server.BaseHTTPRequestHandler):
    received: list[tuple[str, dict[str, str], bytes]]
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).received.append((self.path, dict(self.headers), body))
        self.send_response(type(self).status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, type[_Answering]]]:
    answering = type("Answering", (_Answering,), {"received": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), answering) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", answering
        listening.shutdown()
        thread.join()


def test_a_webhook_receives_the_alert(server: tuple[str, type[_Answering]]) -> None:
    url, answering = server
    WebhookNotifier(f"{url}/hook?key=s3cret", headers={"Authorization": "Bearer t0ken"}).notify(ALERT)
    [(path, headers, body)] = answering.received
    assert path == "/hook?key=s3cret"
    assert headers["Idempotency-Key"] == "a-1"
    assert headers["Authorization"] == "Bearer t0ken"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(body) == ALERT.to_record()


def test_a_webhook_that_refuses_is_an_error_without_its_secret(server: tuple[str, type[_Answering]]) -> None:
    url, answering = server
    answering.status = 500
    hook = WebhookNotifier(f"{url}/hook?key=s3cret", headers={"X": "t0ken"})
    assert "s3cret" not in repr(hook)
    assert "t0ken" not in repr(hook)
    with pytest.raises(NegassocError, match="the webhook answered 500") as caught:
        hook.notify(ALERT)
    assert "s3cret" not in str(caught.value)


def test_a_webhook_that_is_not_there_is_an_error_without_its_secret() -> None:
    with pytest.raises(NegassocError, match="could not be reached") as caught:
        WebhookNotifier("http://127.0.0.1:9/s3cret", timeout=2).notify(ALERT)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x", "hook.example.com"])
def test_only_web_addresses_are_hooks(url: str) -> None:
    with pytest.raises(ValueError, match="begins with https"):
        WebhookNotifier(url)


_OWN_AFFAIR = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # raised by apprise's own import


@_OWN_AFFAIR
def test_apprise_carries_the_alert(server: tuple[str, type[_Answering]]) -> None:
    pytest.importorskip("apprise")
    url, answering = server
    AppriseNotifier([url.replace("http://", "json://") + "/s3cret"]).notify(ALERT)
    [(_, _, body)] = answering.received
    told = json.loads(body)
    assert (told["title"], told["message"]) == ("【P2】芮弥：负面提及 3 条", "达到阈值 3 条\n· 一")


@_OWN_AFFAIR
def test_apprise_that_fails_is_an_error_without_its_secret(server: tuple[str, type[_Answering]]) -> None:
    pytest.importorskip("apprise")
    url, answering = server
    answering.status = 403
    notifier = AppriseNotifier([url.replace("http://", "json://") + "/s3cret"])
    assert "s3cret" not in repr(notifier)
    with pytest.raises(NegassocError, match="could not deliver") as caught:
        notifier.notify(ALERT)
    assert "s3cret" not in str(caught.value)
    with pytest.raises(NegassocError, match="address 1 is not one that Apprise understands"):
        AppriseNotifier(["nonsense://s3cret"]).notify(ALERT)


@_OWN_AFFAIR
@pytest.mark.parametrize(
    "scheme", ["wecombot://botkey0123", "dingtalk://0123456789abcdef", "feishu://0123456789abcdef", "mailto://u:p@example.com"]
)
def test_apprise_knows_the_carriers_that_the_documentation_names(scheme: str) -> None:
    apprise = pytest.importorskip("apprise")
    assert apprise.Apprise().add(scheme)


def test_without_apprise_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(MissingExtraError, match=r"negassoc\[notify\]"):
        AppriseNotifier(["json://x"]).notify(ALERT)


def test_missing_campaign_extra_is_a_problem_and_the_other_thresholds_speak(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise MissingExtraError("campaigns", "finding campaigns")

    monkeypatch.setattr("negassoc.watch.concert.CampaignFinder", missing)
    limits = [Threshold("campaign", kind="campaign"), Threshold("many", kind="count", at_least=1)]
    mention = Mention("P3 一", id="1", published_at=NOW - MINUTE)
    run = Monitor([[mention]], [BRAND], store=store, classifier=ByPrefix, thresholds=limits, clock=lambda: NOW).run()
    assert [alert.threshold for alert in run.alerts] == ["many"]
    assert [p.where for p in run.problems] == ["threshold campaign"]


def _hostile(n: int) -> Mention:
    texts = (
        "P3 <script>alert(1)</script><img src=x onerror=alert(2)>",
        'P3 =HYPERLINK("http://x","点我")',
        "P0 半\ud83d个\udc00",
        "P3 \x00\x1b[2J\x07铃",
        "P3 \u202e反着写\u202c",
        "P3 " + "巨" * (50_000 if n % 50 == 5 else 10),
        "P3 |表|格|\n# 标题\n```",
        "P3 '); DROP TABLE mentions;--",
        "P3 {{7*7}}${7*7}%s%n",
        "ok \ufffe\uffff",
    )
    evil = ("\ud800", "\x00", "<b>", "'", '"', "../../etc", "%00", "\n\n", "|", "=1+1")[n % 10]
    return Mention(
        texts[n % len(texts)], id=f"{n}{evil}", title=f"=cmd|' /C calc'!A0 {evil}", platform=f"xiaohongshu{evil if n % 7 == 0 else ''}",
        author=Author(id=evil, nickname=f"<script>{evil}"), url=f"javascript:alert({n})", published_at=NOW - (n % 5) * HOUR,
        thread_title=evil * 50, queries=(evil,), topics=(evil,), ip_location=evil,
    )  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else tmp_path / "m.db"
    with open_store(url) as opened:
        yield opened


def test_names_of_any_length_and_times_of_any_year_are_kept(anywhere: SqlStore) -> None:
    first, last = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (1, 9999))
    odd = [
        Mention("P3 一", id="甲" * 100_000, published_at=first),
        Mention("P3 二", id="甲" * 100_001, published_at=last, engagement=Engagement(likes=Count(10**18))),
        Mention("P3 三", id="x", platform="y" * 100_000),
        *(_hostile(n) for n in range(500)),
    ]
    monitor = Monitor([odd], [BRAND], store=anywhere, classifier=ByPrefix, thresholds=default_thresholds()[:4], clock=lambda: NOW)
    run = monitor.run()
    assert (run.new, run.problems, monitor.run().new) == (503, (), 0)
    assert next(Ledger(anywhere).since("ruimi", 0)).mention == odd[0]
    assert {one.mention.id for one in Ledger(anywhere).since("ruimi", 0)} == {one.id for one in odd}


def test_a_number_that_no_json_can_hold_is_a_problem_of_its_row(store: SqlStore) -> None:
    huge = Mention("P3 一", id="1", where="a.csv:2", engagement=Engagement(likes=Count(10**5000, "about")))
    run = Monitor([[huge, Mention("P3 二", id="2")]], [BRAND], store=store, classifier=ByPrefix, thresholds=(), clock=lambda: NOW).run()
    assert run.new == 1
    assert [problem.where for problem in run.problems] == ["a.csv:2"]


def test_ten_thousand_hostile_mentions_leave_store_alerts_and_digest_intact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from negassoc.watch.digest import digest

    hostile = [_hostile(n) for n in range(10_000)]
    good = Mention("P0 好好的一条", id="good", platform="xiaohongshu", published_at=NOW - MINUTE, author=Author(nickname="小满"))
    limits = [*(t for t in default_thresholds() if t.kind != "campaign"), Threshold("any", kind="count", at_least=1)]
    notifiers = {"print": PrintNotifier(), "file": FileNotifier(tmp_path / "alerts.jsonl")}
    with open_store(tmp_path / "m.db") as store:
        monitor = Monitor(
            [[*hostile, good]], [BRAND], store=store, classifier=ByPrefix, thresholds=limits, notifiers=notifiers, clock=lambda: NOW
        )
        run = monitor.run()
        assert (run.seen, run.new, run.problems) == (10_001, 10_001, ())
        assert monitor.run().new == 0
        ledger = Ledger(store)
        assert ledger.count() == 10_001
        assert {one.mention.id for one in ledger.since("ruimi", 0)} == {m.id for m in [*hostile, good]}
        week = digest(store, BRAND, NOW.date(), now=NOW)
        for lang in ("zh", "en"):
            page = week.to_markdown(lang)
            page.encode()
            assert "<" not in page
            assert all(line.startswith(("# 芮弥", "## ")) for line in page.splitlines() if line.startswith("#"))
            assert not any(ord(sign) < 32 and sign != "\n" for sign in page)
            assert len(page) < 6000
    assert run.alerts
    for alert in run.alerts:
        alert.message().encode()
        assert len(alert.message()) < 1500
        assert not any(ord(sign) < 32 and sign != "\n" for sign in alert.message() + alert.message("en"))
    told = [json.loads(line) for line in (tmp_path / "alerts.jsonl").read_text("utf-8").splitlines()]
    assert {alert["id"] for alert in told} == {alert.id for alert in run.alerts}
    assert "\x1b" not in capsys.readouterr().out
