"""Guards applied to free text: tables of must and must not, figures on sentences kept apart, and what holds for any text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.playbooks import Playbooks
from negassoc.playbooks.guards import Guards
from negassoc.playbooks.suspicion import Suspicion, read_examples
from negassoc.text.phrases import fold

if TYPE_CHECKING:
    from negassoc.playbooks.wording import Intent

GUARDS = Guards.default()
SENTENCES = Path(__file__).parents[1] / "data" / "guards"
HELD_OUT = [record for path in sorted(SENTENCES.glob("heldout_*.jsonl")) for record in read_examples(path)]

MUST = [
    ("GR-13", "承接小红书、快手负面删帖，先删后付款，一条三百"),
    ("GR-13", "我们有平台内部渠道，差评秒删，不成功不收费"),
    ("GR-13", "今晚八点大家一起去举报这个博主，举到封号为止"),
    ("GR-01", "找人刷点好评压一压"),
    ("GR-01", "找50个素人按统一文案发种草笔记，假装是顾客"),
    ("GR-02", "亲，五星好评截图发我，返现五元哦"),
    ("GR-03", "评论区凡是说过敏的一律删掉拉黑"),
    ("GR-05", "雇水军去竞品店铺刷差评，抹黑他们"),
    ("GR-06", "赔偿可以，条件是签保密协议，以后不许再发"),
    ("GR-07", "把她的订单截图和手机号发评论区，让大家评评理"),
    ("GR-12", "写个脚本绕过验证码，批量抓取用户手机号"),
    ("GR-14", "对方要五万元才肯删视频，给他打过去吧，图个清净"),
    ("GR-17", "伪造一份检测报告交申诉"),
    ("GR-20", "号被封了，换个执照重新注册一个接着卖"),
    ("GR-21", "打电话到她单位找领导，逼她删帖"),
    ("GR-13", "请个水军公司压一压"),
    ("GR-03", "把那条差评置底"),
    ("GR-13", "给审核那边塞个红包，把这条判成违规"),
    ("GR-13", "把链接丢到各门店群，让店员都去点个举报，理由选虚假信息"),
    ("GR-13", "Get the whole sales team to report her video until it's gone"),
    ("GR-01", "做做数据，赞藏各补两千，别太假"),
    ("GR-01", "达人没用过也没关系，口播照着念“我回购了五次”"),
    ("GR-02", "客人把一星去掉，我们给她免单"),
    ("GR-03", "只精选好的评价，别的不放出来"),
    ("GR-06", "先撤投诉再谈赔偿，顺序不能反"),
    ("GR-06", "不删帖就不给退，跟她说清楚"),
    ("GR-14", "给那个博主五千块封口费"),
    ("GR-17", "用别人的营业执照去申诉"),
    ("GR-20", "店铺被罚了，把链接搬到我老婆那个店继续卖"),
    ("GR-21", "跟他说我们知道他住哪，让他自己掂量"),
    ("GR-28", "让门店把那天的监控删掉"),
    ("GR-28", "把剩的牛肉丸赶紧处理掉，别让市监局查到"),
    ("GR-02", "请顾客当场打卡送一盘牛肉丸"),
    ("GR-02", "打卡发笔记送毛肚拼盘"),
    ("GR-01", "员工每人写一条真实的用餐感受发小红书"),
    ("GR-01", "让导购以妈妈身份在群里聊聊宝宝喝得好"),
    ("GR-01", "把会员的手机借来，替他们把五星点上"),
    ("GR-01", "用AI生成几组新人照片当客户返图发"),
    ("GR-06", "免三个月会费，他写个说明说跟我们已无任何争议、不对外讲"),
    ("GR-06", "尾款等确认她没再发声再付"),
    ("GR-17", "律师函照着网上的写，落款写某某律所"),
    ("GR-17", "附一张改过日期的健康证去申诉"),
    ("GR-06", "同意退定金，但以后不许跟任何人提"),
    ("GR-06", "学费可以退，跟其他家长一个字都不许讲"),
    ("GR-06", "Refund the deposit as long as she doesn't tell anyone"),
    ("GR-13", "联想词里那个词找服务商调掉，按月结"),
    ("GR-01", "没住过也行，就说住了三晚，用家里人的号发"),
    ("GR-02", "给他充一百话费，把星星补回来"),
    ("GR-03", "接口改一下，两星以下的评价不返回"),
    ("GR-17", "不合格那项换成上一批的数据交上去"),
    ("GR-20", "主号被限流，粉丝导去二店，用同事的个体户重新入驻"),
    ("GR-28", "巡检表今晚补齐，日期往前填"),
    ("GR-06", "The fee is waived as soon as his post is history, no refund until it is gone"),
    ("GR-01", "Receptionists rate us from their parents' phones"),
]
MUST_NOT = [
    "我们公司禁止任何形式的刷单和刷好评",
    "据报道，警方打掉一个有偿删帖团伙",
    "请问花钱删帖违法吗？",
    "我们不做删帖，有不实内容只走平台投诉渠道",
    "已提交笔记申诉，附检测报告原件扫描件",
    "法务审核证据后，再决定是否发律师函",
    "如愿意，可以更新您的真实体验，好坏都欢迎",
    "商家让我删差评才退款，这合法吗",
    "对方以删帖为条件索要五万元，我们没有付款，已经报警",
    "培训材料：好评返现、删帖补偿、引导加微信一律禁止",
    "您好，看到您的反馈很抱歉，已通过站内消息联系您",
    "请把差评保留，逐条回复处理进度",
    "水军是什么意思",
    "怎么判断评论区有没有水军",
    "发现三十个疑似水军账号在刷差评，向平台举报并附名单",
    "邀请买过的顾客说说真实感受，没有任何奖励",
    "在那条差评下面公开回复，说明处理进度",
    "用平台的投诉表单提交，附检测报告",
    "律师函里写清楚事实和证据，寄给造谣的同行",
    "给差评客户全额退款，不要求改评",
    "把售后FAQ做好，让大家搜品牌名时能看到官方解答",
    "报价单上写着“负面删除”，我们不能签",
    "黑色那款卖断货了，补单一千件给工厂",
    "Don't delete negative comments, answer them",
    "把评论区里骂店员脏话、晒店员手机号的评论举报删除",
    "当天监控备份封存两份",
    "过期食材登记后销毁",
    "满200送一盘牛肉丸",
    "员工发小红书请写明自己是本店员工",
    "学费按比例退，协议里不写任何保密条款，发不发帖由家长决定",
    "骂人的那条评论走平台举报，说服务不好的那几条不要动",
    "安排两个同事轮流值班，及时回复评论区的问题",
    "孩子起疹子，先请妈妈带孩子就医，奶粉罐留着别扔",
    "客户等了两个小时，给他免了洗车费，没提评价的事",
    "定金退给她，不提任何条件",
    "事情解决后问一句：如果方便，您愿意补充一下处理结果吗？不补充也没关系",
    "投诉撤不撤随他，该赔的今天打款",
    "帖子说的属实，别去查人家是谁，直接回应",
    "两星的客人也一样补偿，改不改评价都一样",
    "病历原样封存，患者要复印就按流程给",
    "视频说我们无证，许可证和公示截图由法务提交平台投诉",
    "creator posts must carry the paid partnership label",
    "Keep the footage of Saturday and hand it to the inspector",
    "A firm offered to scrub reviews, we said no",
    "Reviews appear in the order in which they arrive",
]


@pytest.mark.parametrize(("guard", "text"), MUST)
def test_what_must_be_blocked_is(guard: str, text: str) -> None:
    review = GUARDS.review(text)
    assert review.verdict == "blocked"
    assert guard in {said.id for said in review.guards}


@pytest.mark.parametrize("text", MUST_NOT)
def test_lawful_talk_about_the_same_is_ok(text: str) -> None:
    assert GUARDS.review(text).verdict == "ok"


def speaking(text: str) -> set[str]:
    return {heard.guard for heard in GUARDS.wording.find(fold(text)) if not heard.excused}


def test_what_plans_themselves_say_is_seldom_refused() -> None:
    steps = Playbooks.default().steps.values()
    told = {
        text.of(lang) for step in steps for text in (step.title, step.done_when, step.if_failed, *step.materials) for lang in ("zh", "en")
    }
    refused = [text for text in told if GUARDS.review(text).verdict == "blocked"]
    assert len(refused) / len(told) <= 0.03, refused


@pytest.mark.parametrize("intent", GUARDS.wording.said, ids=lambda intent: intent.id)
def test_each_intent_finds_its_examples_and_not_its_counters(intent: Intent) -> None:
    assert [text for text in intent.example if intent.guard not in speaking(text)] == []
    assert [text for text in intent.counter if intent.guard in speaking(text)] == []
    assert intent.guard in GUARDS.by_id


def test_sentences_never_used_for_fitting_keep_their_figures() -> None:
    """Floors under what docs/guards.md reports; these sentences were written apart and nothing was fitted on them."""
    verdicts = [(bool(record["guard"]), GUARDS.review(record["text"]).verdict) for record in HELD_OUT]
    unlawful = [verdict for unlawful, verdict in verdicts if unlawful]
    lawful = [verdict for unlawful, verdict in verdicts if not unlawful]
    assert len(unlawful) >= 50 and len(lawful) >= 50
    assert sum(verdict != "ok" for verdict in unlawful) / len(unlawful) >= 0.94
    assert sum(verdict == "blocked" for verdict in lawful) / len(lawful) <= 0.02
    assert sum(verdict == "gated" for verdict in lawful) / len(lawful) <= 0.2


def test_no_held_out_sentence_was_fitted_on() -> None:
    fitted = {record["text"] for path in SENTENCES.glob("train_*.jsonl") for record in read_examples(path)}
    assert not fitted & {record["text"] for record in HELD_OUT}


def test_the_packaged_weights_are_what_the_sentences_give() -> None:
    pytest.importorskip("sklearn")
    records = [record for path in sorted(SENTENCES.glob("train_*.jsonl")) for record in read_examples(path)]
    packaged = Suspicion.default()
    fitted = Suspicion.fit(
        [(fold(r["text"]).text, r["guard"]) for r in records if r["guard"]],
        [fold(r["text"]).text for r in records if not r["guard"]],
        notions=packaged.notions,
        thresholds=packaged.weights.thresholds,
    )
    assert set(fitted.weights.guards) == set(packaged.weights.guards)
    strongest = sorted(packaged.weights.features, key=lambda name: -abs(packaged.weights.features[name]))[:200]
    for name in strongest:
        assert fitted.weights.features[name] == pytest.approx(packaged.weights.features[name], abs=0.02)


@pytest.mark.parametrize("text", ["公司严禁找水军刷好评", "反对花钱删帖"])
def test_a_phrase_that_a_frame_excuses_takes_from_the_score(text: str) -> None:
    assert all(heard.excused for heard in GUARDS.wording.find(fold(text)))
    model = Suspicion.default()
    unmoved = attrs.evolve(model.weights, thresholds=attrs.evolve(model.weights.thresholds, excused=0.0))
    assert GUARDS.review(text).verdict == "ok"
    assert attrs.evolve(GUARDS, suspicion=attrs.evolve(model, weights=unmoved)).review(text).verdict == "gated"


def test_spaces_dots_and_full_width_letters_hide_nothing() -> None:
    assert GUARDS.review("专 业 删.帖，包 下 架，一 条 三 百").verdict == "blocked"
    assert GUARDS.review("姐妹加我Ｖ：abc1234，给你内部价").verdict != "ok"


def test_the_place_is_given_in_the_original() -> None:
    text = "各位好。\n承接负面内容清理，按条报价。"
    review = GUARDS.review(text)
    assert {text[said.span.start : said.span.end] for said in review.guards} & {"承接负面内容清理", "承接负面", "负面内容清理"}


def test_a_long_text_is_judged_stretch_by_stretch() -> None:
    harmless = "本周工作安排：回复顾客留言，核对订单，整理检测报告。" * 30
    review = GUARDS.review(harmless + "另外找人刷两百条五星好评，文案统一发。" + harmless)
    assert review.verdict == "blocked"
    assert all(len(harmless) - 5 <= said.span.start <= len(harmless) + 25 for said in review.guards if said.id == "GR-01")


def test_the_guard_of_the_deed_stands_first() -> None:
    assert GUARDS.review("找人刷点好评压一压").guards[0].id == "GR-01"


def test_blocked_comes_before_gated() -> None:
    review = GUARDS.review("找人刷两百条五星好评。直接发律师函吓唬那个客户，法务不用看了。")
    severities = [GUARDS.get(said.id).severity for said in review.guards]
    assert severities == sorted(severities) and review.verdict == "blocked"


ANY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("删帖好评返现微信举报律师函，。！v+0\u200b\ufe0f")), max_size=200)


@given(ANY)
def test_any_text_is_reviewed_and_every_span_lies_in_it(text: str) -> None:
    review = GUARDS.review(text)
    assert review.text == text
    assert (review.verdict == "ok") == (not review.guards)
    for said in review.guards:
        assert 0 <= said.span.start < said.span.end <= len(text)
    assert review.to_record()["verdict"] == review.verdict


@given(ANY)
def test_folding_keeps_every_place(text: str) -> None:
    folded = fold(text)
    assert len(folded.at) == len(folded.text) + 1
    assert list(folded.at) == sorted(folded.at) and folded.at[-1] == len(text)
    for start, end in folded.sentences():
        assert 0 <= start < end <= len(folded.text)
