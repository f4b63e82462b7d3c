"""Values made by hand for tests: a made-up brand, posts, verdicts, a plan. Import it through the `factory` fixture."""

from __future__ import annotations

import datetime as dt
import itertools
import random

from negassoc.brand import Account, Brand, LegalEntity
from negassoc.classify import AssociationType, Classification, Finding, Grade, Hit, Span
from negassoc.facts import Facts
from negassoc.mention import Author, Count, Engagement, Kind, Mention
from negassoc.playbooks import Action, Blocked, Plan
from negassoc.records import Title
from negassoc.watch.alerts import Alert
from negassoc.watch.campaigns import Campaign, Pair

T = AssociationType
NOW = dt.datetime(2026, 11, 27, 2, 30, tzinfo=dt.UTC)
BRAND = Brand(
    "檐雀茶事",
    aliases=("YANQUE", "檐雀"),
    products=("桂花冷萃", "雀舌礼盒"),
    competitors=("青隅茶社",),
    official_accounts=(Account(platform="xiaohongshu", nickname="檐雀茶事官方", id="yq001"),),
    industry="茶饮",
    city="杭州",
    legal_entity=LegalEntity("杭州檐雀茶业有限公司", uscc="91330100MA0000000X"),
)

_POSTS = [
    (T.CUSTOMER_COMPLAINT, "桂花冷萃喝出异物", "上周在檐雀买的桂花冷萃，喝到一半看到黑色碎屑，客服拖了五天不回，退款也没到账。", ("黑色碎屑", "客服拖了五天不回", "退款也没到账"), "quality"),
    (T.CUSTOMER_COMPLAINT, None, "檐雀茶事的会员卡说停就停，余额八百多到现在没人处理，电话打了三次都是忙音", ("余额八百多到现在没人处理",), "membership"),
    (T.CUSTOMER_COMPLAINT, "避雷檐雀西湖店", "排队一小时，杯子是漏的，店员说不归他管，态度真的很差。", ("杯子是漏的", "态度真的很差"), "service"),
    (T.MALICIOUS_ATTACK, "檐雀茶叶检测报告曝光", "内部人士爆料檐雀茶叶农残超标三十倍，想知道完整报告的私我，某青开头的牌子就很干净。", ("农残超标三十倍", "完整报告的私我"), "food_safety"),
    (T.ALGORITHM_MISJUDGMENT, "檐雀山庄又跑路了", "檐雀山庄民宿押金不退，老板失联，名字和做茶的檐雀一样但不是一家。", ("不是一家",), "fraud"),
    (T.OWN_VIOLATION, "账号违规通知", "您的账号“檐雀茶事官方”发布的笔记含有夸大功效内容，违反社区规范，已限制推荐 7 天。", ("夸大功效内容", "限制推荐"), "false_advertising"),
    (T.UNDETERMINED, None, "檐雀这次真的离谱", ("离谱",), "service"),
    (T.NONE, "周末喝茶日记", "今天路过檐雀，没踩雷，桂花香很干净，下次带妈妈来。", (), None),
    (T.NONE, "杭州茶饮合集", "整理了十家杭州茶饮，檐雀茶事、青隅茶社都在里面，欢迎补充。", (), None),
]  # fmt: skip
_NAMES = ("爱喝茶的小满", "西湖边的阿圆", "momo", "吃货老周", "不加糖同学", "今天也想摸鱼")


def mention(text: str = "退款一个月没到账", **fields: object) -> Mention:
    """A note on Xiaohongshu with the usual things known."""
    given: dict[str, object] = {
        "platform": "xiaohongshu",
        "author": Author(id="u1", nickname="爱喝茶的小满", followers=312),
        "published_at": NOW - dt.timedelta(days=1),
        "engagement": Engagement(likes=Count(128), comments=Count(36), views=Count(17000, "about")),
        "url": "https://www.xiaohongshu.com/explore/66aa00000000000000000001",
    }
    return Mention(text, **(given | fields))  # type: ignore[arg-type]


def finding(said: Mention, kind: AssociationType, weight: float, title: str, *terms: str, rule: str | None = None) -> Finding:
    """A reason that rests on the terms wherever they stand in title or text."""
    hits = [
        Hit(term, Span(field, at, at + len(term)))
        for term in terms
        for field in ("title", "text")
        if (at := (getattr(said, field) or "").find(term)) >= 0
    ]
    return Finding(rule=rule or f"{kind}.{title}", type=kind, weight=weight, title=Title(title, f"reason {title}"), hits=tuple(hits))


def verdict(
    said: Mention | str = "退款一个月没到账", kind: AssociationType = T.CUSTOMER_COMPLAINT, *terms: str, **fields: object
) -> Classification:
    """A verdict whose scores are the sums of its findings."""
    said = said if isinstance(said, Mention) else mention(said)
    likely = T.CUSTOMER_COMPLAINT if kind is T.UNDETERMINED else kind
    findings = (
        Finding(rule="prior", type=T.NONE, weight=0.8, title=Title("多数提及并无负面", "most mentions are harmless")),
        finding(said, likely, 2.4, "讲述了亲身经历" if likely is T.CUSTOMER_COMPLAINT else "出现这一类的典型说法", *terms),
        finding(said, T.NONE, 0.6, "语气平和", "没踩雷", "欢迎补充"),
    )
    scores = {t: sum(f.weight for f in findings if f.type is t) for t in (*tuple(T)[:4], T.NONE)}
    share = {t: 0.82 if t is likely else 0.045 for t in scores}
    given: dict[str, object] = {
        "brand": BRAND, "type": kind, "suspected": True, "probability": 0.82 if kind is not T.UNDETERMINED else 0.44,
        "probabilities": share, "scores": scores, "grade": None if kind is T.NONE else Grade.P2, "findings": findings,
        "wanted": () if kind is T.NONE else ("order_match", "service_contact"),
    }  # fmt: skip
    return Classification(mention=said, **(given | fields))  # type: ignore[arg-type]


def verdicts(count: int = 60, seed: int = 7) -> list[Classification]:
    """A fortnight's stream: most harmless, then complaints, a few of each other type."""
    chance = random.Random(seed)
    return [_drawn(number, chance) for number in range(count)]


def _drawn(number: int, chance: random.Random) -> Classification:
    kind, title, text, terms, facet = _POSTS[number % 9] if number < 9 else chance.choices(_POSTS, [5, 5, 5, 3, 2, 1, 3, 20, 16])[0]
    notice = kind is T.OWN_VIOLATION
    said = mention(
        text, title=title, id=f"m{number}", kind=Kind.NOTICE if notice else Kind.NOTE,
        platform=chance.choice(("xiaohongshu", "xiaohongshu", "kuaishou")),
        author=Author() if notice else Author(id=f"u{chance.randrange(30)}", nickname=chance.choice(_NAMES), followers=chance.randrange(5000)),
        published_at=None if number % 17 == 16 else NOW - dt.timedelta(days=13 * (1 - chance.random() ** 0.6), hours=chance.randrange(9)),
        engagement=Engagement() if notice else Engagement(likes=Count(int(chance.paretovariate(0.8) * 3)), comments=Count(chance.randrange(60))),
        url=f"https://www.xiaohongshu.com/explore/66aa{number:020x}",
    )  # fmt: skip
    decided = number % 5 == 0 and kind is T.CUSTOMER_COMPLAINT
    grade = None if kind is T.NONE else Grade.P1 if facet in {"food_safety", "quality"} else Grade.P2 if number % 3 else Grade.P3
    facts = Facts(order_match=True) if decided else Facts(official_notice=True) if notice else Facts()
    return verdict(said, kind, *terms, grade=grade, facets=(facet,) if facet else (), facts=facts, suspected=not (decided or notice))


def action(number: int = 1, **fields: object) -> Action:
    """One step of a plan."""
    given: dict[str, object] = {
        "id": f"C{number}", "order": number, "kind": "evidence", "title": Title("固定现场", "Freeze and capture"),
        "why": Title("内容随时可能被修改或删除", "the content may change or vanish"), "role": "OPS",
        "channel": Title("品牌搜索页、原帖、评论区", "brand search, the post, its comments"),
        "materials": (Title("整页截图与链接", "full-page captures and links"), Title("发现时间记录", "time of discovery")),
        "due_at": NOW + dt.timedelta(hours=number * 5 - 6), "due_basis": Title("自发现起 1 小时内", "within an hour of discovery"),
        "done_when": Title("每个字段都已填写，或注明没有", "every field is filled or marked absent"),
        "if_failed": Title("换设备重新截取", "capture again from a second device"), "basis": ("最高人民法院关于民事诉讼证据的若干规定 第14、15条",),
        "never": (Title("截取之前编辑、点赞或回复", "edit, like or reply before capture"),), "because": ("prior",),
    }  # fmt: skip
    return Action(**(given | fields))  # type: ignore[arg-type]


def plan(**fields: object) -> Plan:
    """A plan for a complaint, with one step refused."""
    steps = (
        action(1),
        action(2, kind="contact", title=Title("公开致意", "Acknowledge in public"), role="CS", why=Title("旁观者会把沉默当成默认", "others read silence as consent")),
        action(3, kind="remedy", title=Title("补救方案", "Offer a remedy"), role="CS+LEG", why=Title("先满足法定最低要求", "the law's minimum first")),
        action(4, kind="publish", title=Title("后续跟进", "Follow up"), role="PR", due_at=None, due_basis=Title("补救方案被接受之后", "once the remedy is accepted")),
    )  # fmt: skip
    refused = Blocked(
        id="MA6", title=Title("向平台举报该笔记", "Report the note"), guard="GR-04", reason=Title("查到对应订单：这是真实投诉，举报属于错误通知", "an order was found: a wrong notice creates liability"), instead=Title("按真实客户投诉处理", "handle it as a complaint"),
    )  # fmt: skip
    given: dict[str, object] = {
        "type": T.CUSTOMER_COMPLAINT, "brand": BRAND, "platform": "xiaohongshu", "grade": Grade.P2, "mentions": ("m0", "m1"),
        "now": NOW, "actions": steps, "blocked": (refused,), "first_find_out": ("order_match", "service_contact"),
    }  # fmt: skip
    return Plan(**(given | fields))  # type: ignore[arg-type]


def campaign(verdicts: list[Classification], **fields: object) -> Campaign:
    """A suspected coordination among the attacks of a stream."""
    some = [v.mention for v in verdicts if v.type is T.MALICIOUS_ATTACK][:6]
    pairs = tuple(
        Pair(a=a.id, b=b.id, similarity=0.93 - 0.1 * n, gap_s=600.0 * (n + 1) ** 3, kind="rewrite" if n % 2 else "copy")
        for n, (a, b) in enumerate(itertools.pairwise(some))
    )
    given: dict[str, object] = {
        "brand": BRAND.name, "mentions": tuple(m.id for m in some), "accounts": ("u1", "u2", "@小号"), "proof": pairs, "score": 0.8,
        "first_at": NOW - dt.timedelta(hours=30), "last_at": NOW, "why": Title("多个账号内容雷同", "several accounts post the same"),
    }  # fmt: skip
    return Campaign(**(given | fields))  # type: ignore[arg-type]


def alert(**fields: object) -> Alert:
    """An alert about a burst of complaints."""
    given: dict[str, object] = {
        "id": "a-1", "brand": BRAND.name, "threshold": "negatives", "grade": Grade.P1, "title": Title("负面提及 12 条", "12 negative mentions"),
        "text": Title("· [P2 真实客户投诉] 退款也没到账", "· [P2] a quote"), "why": Title("24 小时内 12 条，阈值 10 条", "12 in 24 h, limit 10"),
        "mentions": ("m1", "m2"), "at": NOW,
    }  # fmt: skip
    return Alert(**(given | fields))  # type: ignore[arg-type]


HOSTILE = (
    "<script>document.title='pwned'</script>", "<img src=x onerror=\"document.title='pwned'\">", "\"><svg onload=document.title='pwned'>",
    "'\"></style></title></textarea><iframe srcdoc=\"<script>parent.document.title='pwned'</script>\">", "javascript:document.title='pwned'",
    "=HYPERLINK(\"http://127.0.0.1/x\",\"点我\")", "＝1+1", "+86 13800138000", "-2+3", "@SUM(A1:A9)", "\t=1+1", "\r=1+1",
    "\x00\x01\x07\x1b[31m红\x7f\x9f", "坏\ud800字\udfff", "\u202e倒着写\u202c‮", "\u200b\u200d\ufeff零宽", "a|b|c\n|---|", "</td></tr></table>",
    "x" * 4000, "一" * 3000, "Z̷̢͔" * 200, "&lt;b&gt;&amp;#x3c;", "{{7*7}} ${7*7} %s {0}", "\ufffe\uffff", "👩‍👩‍👧‍👦🏳️‍🌈", "]]><!--", "a\u2028b\u2029c",
)  # fmt: skip


def hostile(count: int = 10_000) -> list[Classification]:
    """Verdicts in whose every text field somebody tries something."""
    kinds, total = tuple(T), len(HOSTILE)

    def bad(number: int) -> str:
        return HOSTILE[number % total]

    def one(number: int) -> Classification:
        said = mention(
            f"{bad(number)}退款{bad(number + 3)}", title=bad(number + 1), id=f"{bad(number + 2)[:40]}{number}", thread_title=bad(number + 4)[:300],
            thread_text=bad(number + 6)[:300], platform=bad(number + 5)[:60] if number % 3 == 0 else "kuaishou", url=bad(number + 6)[:200], ip_location=bad(number + 7)[:50],
            author=Author(id=bad(number)[:50], nickname=bad(number + 8)[:200]), published_raw=bad(number + 9)[:80],
            published_at=None if number % 4 == 0 else NOW - dt.timedelta(hours=number % 300), topics=(bad(number + 10)[:80],),
            engagement=Engagement(likes=Count(10**15), comments=Count(number, "at_least")), where=bad(number + 11)[:90],
        )  # fmt: skip
        return verdict(said, kinds[number % len(kinds)], "退款", facets=(bad(number + 12)[:40],))

    return [one(number) for number in range(count)]
