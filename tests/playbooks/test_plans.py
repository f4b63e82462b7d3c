"""Plans: what may never stand in one, what always comes first, and how facts, platform and grade change it."""

import datetime as dt
import json
import pickle
import re

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from negassoc.brand import Account, Brand
from negassoc.classify import FOUR_TYPES, AssociationType, Classification, Finding, Grade, Hit, Span
from negassoc.errors import DataError, UnknownNameError
from negassoc.facts import Facts, fact_definitions
from negassoc.mention import BEIJING, Kind, Mention
from negassoc.playbooks import Action, Guards, Plan, Playbooks, never_and_waiting, plan, plan_for_type
from negassoc.playbooks.lint import OUTWARD
from negassoc.playbooks.plan import AGAINST_AUTHOR, joint_facts
from negassoc.records import Title, structure, unstructure, without_nulls

BRAND = Brand("芮弥")
NOW = dt.datetime(2026, 11, 27, 9, 30, tzinfo=BEIJING)
GUARDS = Guards.default()
OWN, ATTACK, COMPLAINT, ALGORITHM = FOUR_TYPES
facts = st.builds(Facts, **{name: st.sampled_from([None, True, False]) for name in Facts.names()})
types = st.sampled_from(AssociationType)
platforms = st.sampled_from([None, "xiaohongshu", "kuaishou", "weibo"])
grades = st.sampled_from([*Grade, None])
FACETS = ("refund", "health", "quality")


def verdict(type: AssociationType, known: Facts | None = None, **changes: object) -> Classification:  # noqa: A002
    """A verdict made by hand."""
    words = "假货，退款一个月没到账"
    mention = changes.pop("mention", Mention(words, platform="xiaohongshu"))
    hit = Hit("退款", Span("text", 3, 5))
    finding = Finding(rule="refund.late", type=type, weight=2.0, title=Title("退款拖延", "late refund"), hits=(hit,))
    values: dict[str, object] = {
        "mention": mention, "brand": BRAND, "type": type, "suspected": True, "probability": 0.8, "probabilities": {type: 0.8},
        "scores": {type: 2.0}, "grade": Grade.P2, "findings": (finding,), "facts": known or Facts(),
    }  # fmt: skip
    return Classification(**(values | changes))  # type: ignore[arg-type]


def drawn(draw: st.DrawFn) -> Classification:
    return verdict(
        draw(types),
        draw(facts),
        also=tuple(draw(st.lists(st.sampled_from(FOUR_TYPES), unique=True, max_size=3))),
        mention=Mention("避雷", platform=draw(platforms)),
        grade=draw(grades),
        facets=tuple(draw(st.lists(st.sampled_from(FACETS), unique=True))),
        wanted=tuple(draw(st.lists(st.sampled_from(Facts.names()), unique=True, max_size=4))),
        suspected=draw(st.booleans()),
    )


verdicts = st.composite(drawn)()


def ids(made: Plan) -> list[str]:
    return [action.id for action in made]


def always(made: Plan) -> list[str]:
    return [action.id for action in made if action.only_if is None]


def check(made: Plan, known: Facts) -> None:
    """What holds of any plan whatever."""
    kinds = [action.kind for action in made]
    unlawful = {kind for guard in GUARDS if guard.severity == "block" and not guard.conditional for kind in guard.kinds}
    assert not unlawful & set(kinds)
    if any(known.get(name) for name in ("order_match", "service_contact", "in_remedy")):
        assert not AGAINST_AUTHOR & set(kinds)
    if {"report", "legal"} & set(kinds):
        assert known.falsity_proven
        assert known.legal_signoff
        assert known.order_match is False
    seen = list[str]()
    for action in made:
        assert set(action.depends_on) <= set(seen), "what it builds on stands before it"
        if action.kind in OUTWARD:
            assert "evidence" in {made.actions[seen.index(name)].kind for name in seen}
        seen.append(action.id)
    outward = [n for n, kind in enumerate(kinds) if kind in OUTWARD]
    evidence = [n for n, kind in enumerate(kinds) if kind == "evidence"]
    assert not outward or max(evidence) < min(outward)
    assert len(seen) == len(set(seen))
    assert [action.order for action in made] == list(range(1, len(seen) + 1))
    assert not set(seen) & {item.id for item in made.blocked}
    assert set(made.first_find_out) == {name for name in made.first_find_out if known.get(name) is None}
    assert set(made.first_find_out) <= {name for action in made for name in action.finds_out}


@given(verdicts)
@settings(max_examples=100, deadline=None)
def test_no_plan_holds_what_is_forbidden_whatever_the_verdict(found: Classification) -> None:
    check(plan(found, now=NOW), found.facts)


@given(st.lists(verdicts, min_size=2, max_size=4))
@settings(max_examples=80, deadline=None)
def test_nor_does_one_plan_for_several_verdicts(found: list[Classification]) -> None:
    made = plan(found, now=NOW)
    check(made, joint_facts([v.facts for v in found]))
    assert made.mentions == tuple(dict.fromkeys(v.mention.id for v in found))


@given(types, facts, platforms, grades)
@settings(max_examples=100, deadline=None)
def test_nor_a_plan_for_a_type_and_it_is_json_and_readable(
    kind: AssociationType, known: Facts, platform: str | None, grade: Grade | None
) -> None:
    made = plan_for_type(kind, BRAND, platform=platform, facts=known, grade=grade, now=NOW)
    check(made, known)
    assert json.loads(json.dumps(made.to_record()))["type"] == kind.value
    assert made.to_markdown("zh").startswith("# 处置方案：芮弥")
    assert made.to_markdown("en").startswith("# Action plan: 芮弥")
    assert pickle.loads(pickle.dumps(made)) == made


@given(facts)
@settings(max_examples=100, deadline=None)
def test_facts_that_arrive_never_open_a_report_against_a_customer(known: Facts) -> None:
    for sign in ("order_match", "service_contact", "in_remedy"):
        made = plan_for_type(ATTACK, BRAND, facts=known | Facts.from_record({sign: True}), now=NOW)
        assert not AGAINST_AUTHOR & {action.kind for action in made}
        assert {"GC1", "GC2"} <= set(ids(made))
        assert COMPLAINT in made.also


def test_a_complaint_in_remedy_is_never_reported_whatever_is_set() -> None:
    everything = Facts(**dict.fromkeys(Facts.names(), True) | {"impersonation": False})
    made = plan(verdict(COMPLAINT, everything, also=(ATTACK, OWN, ALGORITHM)), now=NOW)
    refused = {item.id: item for item in made.blocked}
    assert {"MA6", "MA7", "MA8", "MA10", "MA11", "MA13", "MA19", "MA20"} <= set(refused)
    assert refused["MA6"].guard == "GR-04"
    assert "一律不举报" in refused["MA6"].reason.zh


def test_a_step_in_a_pack_cannot_smuggle_in_what_a_guard_refuses() -> None:
    books = Playbooks.default()
    book = books.by_id["customer_complaint"]
    bad = attrs.evolve(books.step("GC9"), kind="induced_praise", guards=())
    steps = tuple(bad if step.id == "GC9" else step for step in book.steps)
    smuggled = attrs.evolve(books, by_id={**books.by_id, book.id: attrs.evolve(book, steps=steps)})
    made = smuggled.plan_for_type(COMPLAINT, BRAND, facts=Facts(resolved=True), now=NOW)
    assert "GC9" not in ids(made)
    assert [item.guard for item in made.blocked if item.id == "GC9"] == ["GR-02"]


def test_a_companys_own_guard_can_close_what_the_work_would_open() -> None:
    ours = attrs.evolve(GUARDS.get("GR-09"), id="OUR-1", kinds=("edit",), closed_by={"in_remedy": True})
    guards = GUARDS.overlay(Guards({"OUR-1": ours}))
    free = plan_for_type(ALGORITHM, BRAND, now=NOW, guards=guards)
    assert "AM9" in ids(free)
    closed = plan_for_type(ALGORITHM, BRAND, facts=Facts(in_remedy=True), now=NOW, guards=guards)
    assert [item.guard for item in closed.blocked if item.id == "AM9"] == ["OUR-1"]


def test_a_report_waits_for_falsity_and_a_signature_and_then_comes() -> None:
    suspected = plan_for_type(ATTACK, BRAND, now=NOW)
    refused = {item.id: item.reason.zh for item in suspected.blocked}
    assert "查到对应订单＝否（客服写明）、有不实证据＝是（法务写明）、法务已签字＝是（法务写明）" in refused["MA6"]
    shown = plan_for_type(ATTACK, BRAND, facts=Facts(order_match=False, falsity_proven=True, legal_signoff=True), now=NOW)
    assert "MA6" in always(shown)
    assert {"MA10", "MA19", "MA20"} <= set(ids(shown))
    assert not {"GC1", "GC2", "GC3"} & set(ids(shown))


def test_a_suspected_attack_is_first_met_as_a_possible_customer() -> None:
    assert {"GC1", "GC2", "GC3"} <= set(always(plan_for_type(ATTACK, BRAND, now=NOW)))


def test_undetermined_gets_the_first_steps_the_questions_and_what_is_safe() -> None:
    made = plan_for_type(AssociationType.UNDETERMINED, BRAND, now=NOW)
    assert [i for i in ids(made) if not i.startswith("ASK-")] == ["C0", "C1", "C2", "C3", "C4", "C5", "GC5", "GC15", "GC1", "GC2", "GC3"]
    assert made.first_find_out == ("order_match", "service_contact", "official_notice", "entity_mismatch")


def test_a_plan_is_read_by_place_like_a_list() -> None:
    made = plan_for_type(COMPLAINT, BRAND, now=NOW)
    assert (made[0], made[-1], made[1:3]) == (made.actions[0], made.actions[-1], made.actions[1:3])


def test_none_needs_nothing() -> None:
    made = plan(verdict(AssociationType.NONE, grade=None), now=NOW)
    assert (made.actions, made.blocked, made.first_find_out) == ((), (), ())
    assert "没有需要处置的事项" in made.to_markdown()


def test_an_unknown_fact_becomes_a_question_with_who_and_how() -> None:
    made = plan_for_type(COMPLAINT, BRAND, now=NOW)
    ask = next(action for action in made if action.id == "ASK-order_match")
    definition = fact_definitions()["order_match"]
    assert definition.asks.zh in ask.title.zh
    assert ask.channel == definition.how
    assert (ask.kind, ask.role, ask.because) == ("find_out", "CS", ("unknown:order_match",))
    assert "ASK-order_match" not in ids(plan_for_type(COMPLAINT, BRAND, facts=Facts(order_match=True), now=NOW))


def test_wanted_facts_of_a_verdict_are_asked_for_too() -> None:
    made = plan(verdict(COMPLAINT, wanted=("coordination", "legal_signoff")), now=NOW)
    assert "ASK-coordination" in ids(made)
    assert "legal_signoff" not in made.first_find_out


def test_each_action_names_what_caused_it() -> None:
    made = plan(verdict(COMPLAINT, Facts(order_match=True, safety_harm=True)), now=NOW)
    because = {action.id: action.because for action in made}
    assert because["GC1"] == ("type:customer_complaint", "rule:refund.late", "fact:order_match=yes")
    assert "fact:safety_harm=yes" in because["GC5"]
    assert made.reasons == (Title("退款拖延", "late refund"),)
    assert all(because.values())


def test_safety_comes_first_when_somebody_was_hurt_and_when_the_words_say_so() -> None:
    hurt = plan_for_type(COMPLAINT, BRAND, facts=Facts(safety_harm=True), now=NOW)
    assert hurt.grade is Grade.P1
    assert always(hurt).index("GC5") < always(hurt).index("GC1")
    told = plan(verdict(COMPLAINT, facets=("health",)), now=NOW)
    assert "GC5" in always(told)
    assert "GC5" not in always(plan(verdict(COMPLAINT, facets=("refund",)), now=NOW))
    assert "GC5" not in ids(plan_for_type(COMPLAINT, BRAND, facts=Facts(safety_harm=False), now=NOW))


def test_mixed_types_go_in_the_order_of_urgency() -> None:
    known = Facts(order_match=False, falsity_proven=True, legal_signoff=True, own_breach=True, official_notice=True, safety_harm=True)
    made = ids(plan(verdict(OWN, known, also=(ATTACK, COMPLAINT, ALGORITHM)), now=NOW))
    order = ["C0", "C5", "GC5", "OV3", "MA1", "AM1", "OV8", "GC1", "GC6", "OV7", "MA6", "MA9"]
    assert [step for step in made if step in order] == sorted(order, key=made.index)
    positions = [made.index(step) for step in ("C0", "GC5", "MA1", "OV8", "GC1", "OV7", "MA6", "MA9", "OV11")]
    assert positions == sorted(positions)
    assert made.index("AM5") < made.index("GC1"), "a running window moves the machine's error up"
    later = ids(plan(verdict(ALGORITHM, Facts(), also=(COMPLAINT,)), now=NOW))
    assert later.index("GC4") < later.index("AM5")


def test_a_contested_penalty_is_not_confessed() -> None:
    made = plan_for_type(OWN, BRAND, facts=Facts(misjudgment_shown=True, official_notice=True), now=NOW)
    assert not {"OV5", "OV6", "OV7"} & set(ids(made))
    assert "OV8" in always(made)
    assert next(a for a in made if a.id == "OV8").depends_on == ("OV4", "OV3")


def test_a_breach_found_by_ourselves_needs_no_appeal() -> None:
    made = plan_for_type(OWN, BRAND, facts=Facts(official_notice=False, own_breach=True), now=NOW)
    assert not {"OV1", "OV2", "OV8", "OV9", "OV10", "OV12"} & set(ids(made))
    assert {"OV3", "OV4", "OV5", "OV7", "OV11"} <= set(always(made))


def test_a_real_link_may_not_be_denied() -> None:
    made = plan_for_type(ALGORITHM, BRAND, facts=Facts(same_entity=True), now=NOW)
    assert not {"AM4", "AM5", "AM6", "AM7", "AM8", "AM9", "AM10", "AM11", "AM12"} & set(ids(made))
    assert "AM13" in always(made)
    assert next(action for action in made if action.id == "AM2").if_failed_next == "AM13"


GIVEN = [Facts(), *(Facts(**{name: value}) for name in Facts.names() for value in (True, False))]


@pytest.mark.parametrize("kind", [*FOUR_TYPES, AssociationType.UNDETERMINED])
@pytest.mark.parametrize("known", GIVEN, ids=lambda known: str(known.stated()))
def test_every_way_out_leads_to_a_step_of_the_plan_or_names_another_playbook(kind: AssociationType, known: Facts) -> None:
    made, books = plan_for_type(kind, BRAND, facts=known, now=NOW), Playbooks.default()
    for action in made:
        to = books.steps[action.id].if_failed.next if action.id in books.steps else None
        if to in ids(made):
            assert action.if_failed_next == to
        elif to:
            owner = next(book for book in books.by_id.values() if to in {step.id for step in book.steps})
            assert action.if_failed_next is None
            assert (f"见“{owner.title.zh}”" in action.if_failed.zh) is (owner.type not in {None, kind, *made.also})


def test_a_way_out_into_another_playbook_is_named_in_words() -> None:
    classify = next(action for action in plan_for_type(ALGORITHM, BRAND, now=NOW) if action.id == "C2")
    assert classify.if_failed_next is None
    assert classify.if_failed.zh.endswith("（做法见“真实客户投诉预案”：先在原帖下公开回应）")
    assert next(action for action in plan_for_type(COMPLAINT, BRAND, now=NOW) if action.id == "C2").if_failed_next == "GC1"


def test_deleting_waits_for_the_archive() -> None:
    made = plan_for_type(OWN, BRAND, now=NOW)
    delete = next(action for action in made if action.id == "OV5")
    assert "OV3" in delete.depends_on
    assert delete.needs == ("evidence_archived",)
    refused = plan_for_type(OWN, BRAND, facts=Facts(evidence_archived=False), now=NOW)
    assert {"OV5": "GR-09", "OV6": "GR-09"}.items() <= {item.id: item.guard for item in refused.blocked}.items()
    done = plan_for_type(OWN, BRAND, facts=Facts(evidence_archived=True), now=NOW)
    assert next(action for action in done if action.id == "OV5").needs == ()


def test_positive_content_waits_until_nobody_is_at_risk() -> None:
    assert "MA12" not in ids(plan_for_type(ATTACK, BRAND, now=NOW))
    safe = plan_for_type(ATTACK, BRAND, facts=Facts(safety_harm=False), now=NOW)
    assert next(a for a in safe if a.id == "MA12").needs == ("content_labelled", "consent_documented")
    unlabelled = plan_for_type(ATTACK, BRAND, facts=Facts(safety_harm=False, content_labelled=False), now=NOW)
    assert [item.guard for item in unlabelled.blocked if item.id == "MA12"] == ["GR-11"]


def test_extortion_is_taken_to_the_police_only_after_legal_said_it_is_one() -> None:
    asked = plan_for_type(ATTACK, BRAND, facts=Facts(extortion=True), now=NOW)
    assert [item.guard for item in asked.blocked if item.id == "MA7"] == ["GR-15"]
    known = Facts(extortion=True, legal_signoff=True)
    assert "MA7" in always(plan_for_type(ATTACK, BRAND, facts=known, now=NOW))
    lawful = plan_for_type(ATTACK, BRAND, facts=known | Facts(lawful_claim=True), now=NOW)
    assert not {"MA7", "MA16"} & set(ids(lawful))


def test_what_waits_is_told_apart_from_what_is_never_done() -> None:
    def until(facts: Facts) -> dict[str, str | None]:
        return {item.id: item.until and item.until.zh for item in plan_for_type(ATTACK, BRAND, facts=facts, now=NOW).blocked}

    unknown = until(Facts(extortion=True))
    assert unknown["MA7"] == "法务已签字＝是（法务写明）"
    assert unknown["MA6"] == "查到对应订单＝否（客服写明）、有不实证据＝是（法务写明）、法务已签字＝是（法务写明）"
    assert unknown["X-MA-pay"] is None
    customer = until(Facts(extortion=True, order_match=True))
    assert customer["MA6"] is customer["MA7"] is None
    assert customer["MA12"] == "涉及人身健康＝否（品控写明）"
    assert until(Facts(safety_harm=True))["MA12"] == "安全问题和投诉全部了结"


def test_the_same_words_of_a_guard_stand_once() -> None:
    never, waiting = never_and_waiting(plan_for_type(ATTACK, BRAND, now=NOW).blocked)
    for found in (never, waiting):
        assert len({(one.guard, one.reason) for one in found}) == len(found)
    reports = next(one for one in waiting if one.guard == "GR-04")
    assert len(reports.titles) > 2 and "还缺" not in reports.reason.zh


def test_not_paying_an_extortionist_and_keeping_the_evidence_waits_for_nothing() -> None:
    for stated in (Facts(extortion=True), Facts(extortion=True, legal_signoff=False)):
        made = plan_for_type(ATTACK, BRAND, facts=stated, now=NOW)
        assert "MA16" in always(made)
        assert next(action for action in made if action.id == "MA16").needs == ()
    unknown = next(action for action in plan_for_type(ATTACK, BRAND, now=NOW) if action.id == "MA16")
    assert unknown.only_if and "要钱" in unknown.only_if.zh


def test_a_fake_account_is_reported_without_an_order_and_customers_are_warned() -> None:
    made = plan_for_type(ATTACK, BRAND, facts=Facts(impersonation=True, legal_signoff=True, evidence_archived=True), now=NOW)
    assert {"MA17", "MA18"} <= set(always(made))
    assert not {"MA6", "MA8"} & {step.id for step in made.blocked}
    waiting = plan_for_type(ATTACK, BRAND, facts=Facts(impersonation=True), now=NOW)
    assert "MA18" in always(waiting)
    assert next(step.until.zh for step in waiting.blocked if step.id == "MA17" and step.until) == "法务已签字＝是（法务写明）"
    own = plan_for_type(ATTACK, BRAND, facts=Facts(impersonation=True, legal_signoff=True, same_entity=True), now=NOW)
    assert "MA17" not in ids(own)
    assert not {"MA17", "MA18"} & {*ids(plan_for_type(ATTACK, BRAND, facts=Facts(impersonation=False), now=NOW))}


def test_channels_follow_the_platform() -> None:
    def channel(platform: str | None) -> str:
        made = plan_for_type(OWN, BRAND, platform=platform, now=NOW)
        return str(next(action for action in made if action.id == "OV8").channel)

    assert "千帆" in channel("xhs")
    assert "小店" not in channel("xhs")
    assert "快手小店" in channel("快手")
    assert "平台申诉入口" in channel("weibo")
    assert "千帆" in channel(None)
    assert "快手小店" in channel(None)


def test_a_platforms_own_rule_is_cited_on_that_platform_only() -> None:
    def basis(platform: str | None) -> str:
        made = plan_for_type(OWN, BRAND, platform=platform, now=NOW)
        return str([action.basis for action in made])

    assert "小红书社区公约" in basis("xiaohongshu")
    assert "小红书社区公约" in basis(None)
    assert "小红书社区公约" not in basis("kuaishou")


@pytest.mark.parametrize(
    ("industry", "told", "not_told"),
    [
        ("口腔诊所", ["病历、影像", "预付的课时", "卫生健康"], ["化妆品监督管理条例", "快递、外卖"]),
        ("宠物医院", ["病历、影像"], ["化妆品监督管理条例"]),
        ("课外辅导", ["已上和未上的课时", "预付的课时", "教育"], ["化妆品", "食品安全法", "餐饮"]),
        ("快递", ["运单号", "保价", "邮政管理"], ["化妆品", "餐饮"]),
        ("电动自行车制造", ["检测报告、整备"], ["化妆品", "餐饮"]),
        ("月子中心", ["护理和喂养记录", "预付的课时"], ["运单号"]),
        ("健身房", ["设备编号", "预付的课时"], ["病历"]),
        ("物业管理", ["报修单", "住建"], ["病历", "预付的课时"]),
        ("手机银行", ["交易流水号", "金融监管"], ["病历", "预付的课时"]),
        ("婚纱摄影", ["加项单", "底片"], ["病历"]),
    ],
)
def test_each_trade_is_told_what_to_find_and_to_give_back(industry: str, told: list[str], not_told: list[str]) -> None:
    page = plan_for_type(COMPLAINT, Brand("芮弥", industry=industry), facts=Facts(safety_harm=True), now=NOW).to_markdown()
    assert [words for words in told if words not in page] == []
    assert [words for words in not_told if words in page] == []


@pytest.mark.parametrize("industry", ["牛肉火锅", "麻辣烫", "川菜"])
def test_an_eatery_is_not_told_of_cosmetics_nor_as_a_web_shop(industry: str) -> None:
    made = plan_for_type(COMPLAINT, Brand("煨月楼", industry=industry), facts=Facts(safety_harm=True), now=NOW)
    text = made.to_markdown()
    assert not [word for word in ("化妆品", "排毒", "不良反应") if word in text]
    assert "食品安全法" in text and "仅当食品不符合食品安全标准" in text and "封存同批次食材" in text


def test_lines_of_a_trade_follow_the_brand() -> None:
    skin = plan_for_type(COMPLAINT, Brand("青芍集", industry="护肤"), facts=Facts(safety_harm=True), now=NOW).to_markdown()
    assert "化妆品监督管理条例" in skin and "排毒" in skin and "食品" not in skin
    unknown = plan_for_type(COMPLAINT, BRAND, facts=Facts(safety_harm=True), now=NOW).to_markdown()
    assert "化妆品监督管理条例" in unknown and "食品安全法" in unknown
    assert json.loads(json.dumps(plan_for_type(COMPLAINT, BRAND, now=NOW).to_record()))["actions"][0]["materials"][0].keys() == {"zh", "en"}


def test_the_authority_s_time_is_not_the_firm_s() -> None:
    answer = by_id(plan_for_type(COMPLAINT, BRAND, now=NOW))["GC10"]
    assert answer.due_at is None
    assert "收到主管部门来函后 3 个工作日内（内部标准" in answer.due_basis.zh and "不是公司的" in answer.due_basis.zh
    assert not re.search(r"[一-鿿]", answer.due_basis.en)


@pytest.mark.parametrize("industry", ["快递", "物业管理", "口腔诊所", "酒店", "银行"])
def test_a_service_is_not_told_of_goods_that_come_back(industry: str) -> None:
    made = by_id(plan_for_type(COMPLAINT, Brand("芮弥", industry=industry), grade="P3", now=NOW))
    told = f"{made['GC6'].due_basis}{made['GC6'].basis}{made['GC6'].materials}{made['GC6'].done_when}"
    assert not [word for word in ("退货", "换货", "加倍") if word in told]
    assert "72 小时" in told and "谁做的、哪天做完" in told


def test_goods_that_come_back_keep_the_law_s_window_in_both_languages() -> None:
    made = by_id(plan_for_type(COMPLAINT, Brand("芮弥", industry="手机"), now=NOW))["GC6"]
    assert "收到退货起7日内退款" in made.due_basis.zh
    assert "Consumer Protection Law art. 25" in made.due_basis.en and not re.search(r"[一-鿿]", made.due_basis.en)


@pytest.mark.parametrize(
    ("industry", "told", "not_told"),
    [
        ("口腔诊所", ["医务负责人牵头"], ["停售", "维保单位", "餐饮门店"]), ("物业管理", ["电梯"], ["停售", "病历"]),
        ("快递", ["交警"], ["停售", "食品安全法", "十倍"]), ("手机", ["涉事批次停售"], ["化妆品", "食品", "病历", "电梯"]), ("酒店", ["房间"], ["停售", "病历"]),
        ("外卖平台", ["十倍", "食品安全法"], ["病历"]),
    ],
)  # fmt: skip
def test_harm_is_met_in_the_words_of_the_trade(industry: str, told: list[str], not_told: list[str]) -> None:
    made = by_id(plan_for_type(COMPLAINT, Brand("芮弥", industry=industry), facts=Facts(safety_harm=True), now=NOW))
    steps = f"{made['C1']}{made['C1'].basis}{made['GC4'].materials}" + "".join(
        str(getattr(made["GC5"], name)) for name in ("title", "materials", "done_when", "basis", "never")
    )
    assert [word for word in told if word not in steps] == []
    assert [word for word in not_told if word in steps] == []


@pytest.mark.parametrize("platform", ["xiaohongshu", "kuaishou", "weibo", None])
@pytest.mark.parametrize("type", FOUR_TYPES)
def test_who_has_no_shop_is_sent_to_none(type: AssociationType, platform: str | None) -> None:  # noqa: A002
    made = plan_for_type(type, Brand("江岸", industry="银行"), platform=platform, facts=Facts(official_notice=True), now=NOW)
    where = [(action.id, str(action.channels), action.due_basis.zh) for action in made]
    assert [one for one in where if re.search("千帆|小店|店铺", one[1] + one[2])] == []
    assert all(action.channels for action in made if not action.id.startswith("ASK"))


def test_a_shop_that_may_be_there_is_offered_as_such() -> None:
    def where(industry: str) -> str:
        return str(by_id(plan_for_type(OWN, Brand("芮弥", industry=industry), platform="xhs", now=NOW))["OV8"].channel)

    assert "仅当在该平台开了店铺" in where("酒店")
    assert "千帆" in where("护肤") and "仅当" not in where("护肤")


def test_an_account_that_is_not_on_file_is_said() -> None:
    clinic = Brand("安禾", industry="口腔诊所", official_accounts=(Account(platform="xhs", nickname="安禾口腔"),))
    there = by_id(plan_for_type(COMPLAINT, clinic, platform="kuaishou", now=NOW))["GC1"]
    here = by_id(plan_for_type(COMPLAINT, clinic, platform="xiaohongshu", now=NOW))["GC1"]
    assert "没有本公司在该平台的账号" in str(there.channel) and "没有本公司" not in str(here.channel)
    assert "没有本公司" not in str(by_id(plan_for_type(COMPLAINT, Brand("安禾"), platform="kuaishou", now=NOW))["GC1"].channel)


@pytest.mark.parametrize("industry", ["平台", "直播间", "直播卖货"])
def test_a_live_shop_is_not_told_of_cosmetics_unless_it_sells_them(industry: str) -> None:
    def page(*products: str) -> str:
        brand = Brand("阿欢", industry=industry, products=products)
        return plan_for_type(COMPLAINT, brand, facts=Facts(safety_harm=True), now=NOW).to_markdown()

    assert "化妆品" not in page() and "病历" not in page()
    assert "化妆品监督管理条例" in page("面膜")


def test_letter_order_and_suit_are_steps_of_their_own() -> None:
    known = Facts(order_match=False, falsity_proven=True, legal_signoff=True)
    made = by_id(plan_for_type(ATTACK, BRAND, facts=known, now=NOW))
    assert [made[name].title.zh[:2] for name in ("MA10", "MA19", "MA20")] == ["发律", "等不", "起诉"]
    for name in ("MA10", "MA19", "MA20"):
        assert made[name].only_if and made[name].due_at and "费用" in str(made[name].materials)
    assert made["MA10"].if_failed_next == made["MA8"].if_failed_next == made["MA19"].if_failed_next == "MA20"
    assert "法院" not in str(made["MA10"].channel) and "法院" in str(made["MA20"].channel)


def test_what_waits_says_who_states_it() -> None:
    waiting = {item.id: str(item.until) for item in plan_for_type(ATTACK, BRAND, now=NOW).blocked}
    assert "涉及人身健康＝否（品控写明）" in waiting["MA12"]
    screen = by_id(plan_for_type(ATTACK, BRAND, now=NOW))["C1"]
    assert screen.role_title and screen.role_title.zh == "品控" and "涉及人身健康" in screen.done_when.zh


def test_a_check_that_a_step_makes_in_time_is_not_asked_for_too() -> None:
    mixed_up = plan_for_type(ALGORITHM, BRAND, now=NOW)
    assert not {"ASK-entity_mismatch", "ASK-same_entity"} & set(ids(mixed_up)) and "ASK-official_notice" in ids(mixed_up)
    assert {"entity_mismatch", "same_entity"} <= set(mixed_up.first_find_out)
    attack = ids(plan_for_type(ATTACK, BRAND, now=NOW))
    assert {"ASK-order_match", "ASK-falsity_proven"} <= set(attack)  # sooner than the step, or by others


def test_harm_and_video_that_is_recorded_over_do_not_wait_longer_in_small_cases() -> None:
    hotel = Brand("芮弥", industry="酒店")
    small, plain = (by_id(plan_for_type(COMPLAINT, hotel, grade=grade, now=NOW)) for grade in ("P3", "P2"))
    assert all(small[name].due_at == plain[name].due_at for name in ("C1", "GC5", "GC15"))
    assert small["GC4"].due_at > plain["GC4"].due_at


def test_a_line_of_a_shop_is_for_those_who_have_one() -> None:
    def words_of(industry: str) -> str:
        made = by_id(plan_for_type(OWN, Brand("芮弥", industry=industry), platform="kuaishou", now=NOW))["OV8"]
        return f"{made.why}{made.materials}{made.never}{made.due_basis}"

    assert "店铺" not in words_of("快递") and "小店" not in words_of("快递")
    assert "店铺处罚走邮件申诉" in words_of("护肤")


@pytest.mark.parametrize("industry", ["酒店", "快递", "口腔诊所", "手机"])
@pytest.mark.parametrize("type", FOUR_TYPES)
def test_no_trade_reads_of_another(type: AssociationType, industry: str) -> None:  # noqa: A002
    text = words(plan_for_type(type, Brand("芮弥", industry=industry), now=NOW))
    own = {
        "酒店": ["酒店", "住宿", "食品"],
        "快递": ["快递", "派送"],
        "口腔诊所": ["医疗", "病历"],
        "手机": ["数码", "换货", "卖实物的：涉事"],
    }[industry]
    others = [
        "化妆品",
        "餐饮",
        "病历",
        "快递、外卖",
        "物业",
        "楼栋",
        "换货",
        "食材",
        "住宿：",
        "食品",
        "卖实物的：",
        "银行",
        "拍摄",
    ]
    if "GC10" in ids(plan_for_type(type, Brand("芮弥", industry=industry), now=NOW)):
        others = [word for word in others if word not in {"物业", "银行"}]  # GC10 says which authority is whose
    assert [word for word in others if word in text and not any(word in mine or mine in word for mine in own)] == []


def test_a_grade_makes_the_clarification_due() -> None:
    assert "MA9" in always(plan_for_type(ATTACK, BRAND, grade="P1", now=NOW))
    assert "MA9" not in always(plan_for_type(ATTACK, BRAND, grade="P2", now=NOW))


def test_the_window_runs_from_the_notice_itself() -> None:
    sent = dt.datetime(2026, 11, 26, 9, 0, tzinfo=BEIJING)
    notice = Mention("违规通知", kind=Kind.NOTICE, platform="xiaohongshu", published_at=sent.astimezone(dt.UTC))
    made = plan(verdict(OWN, Facts(official_notice=True), mention=notice), now=NOW)
    filed = next(action for action in made if action.id == "OV8")
    assert filed.due_at == dt.datetime(2026, 11, 27, 18, tzinfo=BEIJING)  # 48 hours would end on a Saturday
    assert filed.due_at < sent + dt.timedelta(days=3)


def by_id(made: Plan) -> dict[str, Action]:
    return {action.id: action for action in made}


FRIDAY_NIGHT = dt.datetime(2026, 11, 27, 20, 40, tzinfo=BEIJING)


def test_what_can_wait_is_due_when_people_work() -> None:
    made = by_id(plan_for_type(COMPLAINT, BRAND, now=FRIDAY_NIGHT))
    assert f"{made['GC1'].due_at:%a %H:%M}" == "Sat 10:00"  # not 22:40
    assert f"{made['GC4'].due_at:%a %H:%M}" == "Mon 15:00"  # a day's step waits for Monday
    assert f"{made['GC11'].due_at:%a %H:%M}" == "Fri 18:00"  # two weeks would end in the evening
    assert "按时长到11月27日（周五）22:40，为避开下班时间顺延" in made["GC1"].due_basis.zh
    assert "would end Fri 11 Dec 2026, 20:40 Beijing time: moved up into working hours" in made["GC11"].due_basis.en


def test_what_cannot_wait_is_due_at_night_and_says_so() -> None:
    made = by_id(plan_for_type(COMPLAINT, BRAND, now=FRIDAY_NIGHT))
    assert [made[name].due_at for name in ("C0", "C1", "GC5")] == [FRIDAY_NIGHT + dt.timedelta(hours=hours) for hours in (1, 2, 4)]
    assert made["C0"].on_duty and "夜间也要做，安排人值班" in made["C0"].due_basis.zh
    assert made["GC1"].on_duty and "休息日也要做" in made["GC1"].due_basis.zh
    assert not made["GC4"].on_duty
    grave = by_id(plan_for_type(COMPLAINT, BRAND, now=FRIDAY_NIGHT, grade="P1"))
    assert grave["GC1"].due_at == FRIDAY_NIGHT + dt.timedelta(hours=1) and grave["GC1"].on_duty
    assert f"{grave['GC3'].due_at:%a %H:%M}" == "Sat 12:00"  # nobody is written to at night
    text = plan_for_type(COMPLAINT, BRAND, now=FRIDAY_NIGHT).to_markdown()
    assert "| 11月27日（周五）21:40（值班） | 1. 先把现场固定下来 |" in text


@pytest.mark.parametrize(
    ("brand", "case"),
    [
        (Brand("芮弥", industry="家常菜馆"), "always"), (Brand("芮弥", industry="奶茶", about="门店在广东"), "always"),
        (Brand("芮弥", industry="白酒"), "事情发生在自己的场所（门店、院区、校区、网点）"),
        (Brand("芮弥"), "事情发生在自己的场所（门店、院区、校区、网点）"),
        (Brand("芮弥", industry="护肤品网店"), "never"), (Brand("芮弥", industry="手游"), "never"),
    ],
)  # fmt: skip
def test_the_shop_manager_looks_into_what_happened_in_the_shop(brand: Brand, case: str) -> None:
    step = by_id(plan_for_type(COMPLAINT, brand, now=NOW)).get("GC15")
    assert case == ("never" if step is None else step.only_if.zh if step.only_if else "always")
    undecided = by_id(plan_for_type("undetermined", brand, now=NOW))
    assert ("GC15" in undecided) is (step is not None)
    assert step is None or step.role_title == Title("现场负责人（店长、科室或网点主管）", "Manager on the spot (shop, clinic, branch)")


def words(made: Plan) -> str:
    """Everything that the actions tell those who do them, in Chinese."""
    return made.to_markdown().partition("## 先别做")[0].partition("## 任何时候都不能做")[0]


@pytest.mark.parametrize("type", FOUR_TYPES)
@pytest.mark.parametrize(("platform", "other"), [("kuaishou", "小红书"), ("xiaohongshu", "快手")])
def test_a_plan_speaks_of_its_own_platform_only(type: AssociationType, platform: str, other: str) -> None:  # noqa: A002
    made = plan_for_type(type, BRAND, platform=platform, facts=Facts(official_notice=True), now=NOW)
    assert [line for line in words(made).splitlines() if other in line] == []


def test_without_a_platform_both_have_their_lines() -> None:
    sweep = by_id(plan_for_type(OWN, BRAND, now=NOW))["OV5"].materials
    assert [line.zh[:3] for line in sweep if "重点看" in line.zh] == ["小红书", "快手重"]
    assert not [line for line in by_id(plan_for_type(OWN, BRAND, platform="weibo", now=NOW))["OV5"].materials if "重点看" in line.zh]


@pytest.mark.parametrize("type", FOUR_TYPES)
def test_a_maker_of_software_is_told_of_no_kitchen_and_no_batch(type: AssociationType) -> None:  # noqa: A002
    made = plan_for_type(type, Brand("芮弥", industry="软件"), platform="xiaohongshu", now=NOW)
    text = "\n".join(line.zh for action in made for line in (action.title, *action.materials, action.done_when, action.if_failed))
    assert not [word for word in ("食材", "餐饮", "现场负责人", "封存同批次", "工厂实拍") if word in text]
    assert type is not COMPLAINT or "后台日志先另存" in text


def test_nobody_is_told_to_pin_under_the_post_of_another() -> None:
    for platform in ("xiaohongshu", "kuaishou", None):
        for type_ in FOUR_TYPES:
            assert "置顶评论" not in words(plan_for_type(type_, BRAND, platform=platform, now=NOW)).replace("封面、置顶评论", "")


def test_stated_extortion_is_grave() -> None:
    assert plan_for_type(ATTACK, BRAND, facts=Facts(extortion=True), now=NOW).grade is Grade.P1
    assert by_id(plan_for_type(COMPLAINT, BRAND, now=NOW))["GC10"].channel.zh.startswith("按来函、来电写明的方式答复")  # type: ignore[union-attr]


def test_a_brand_names_its_own_hours() -> None:
    made = by_id(plan_for_type(COMPLAINT, Brand("芮弥", working_hours="10:00-23:00"), now=FRIDAY_NIGHT))
    assert f"{made['GC1'].due_at:%a %H:%M}" == "Fri 22:40"
    assert not made["GC1"].on_duty


def test_what_a_platform_s_window_needs_does_not_wait_for_monday() -> None:
    noticed, friday = Facts(official_notice=True), dt.datetime(2026, 11, 27, 14, 40, tzinfo=BEIJING)
    made = by_id(plan_for_type(OWN, BRAND, platform="xiaohongshu", facts=noticed, now=friday))
    assert [f"{made[name].due_at:%a %H:%M}" for name in ("OV5", "OV8", "OV6")] == ["Sat 14:40", "Sun 14:40", "Mon 15:00"]
    late = by_id(plan_for_type(OWN, BRAND, platform="xiaohongshu", facts=noticed, now=FRIDAY_NIGHT))
    assert [f"{late[name].due_at:%a %H:%M}" for name in ("OV5", "OV8", "OV6")] == ["Sat 18:00", "Sun 18:00", "Mon 15:00"]
    assert late["OV8"].on_duty
    for platform in ("kuaishou", "weibo"):  # a window that only the notice names
        unknown = by_id(plan_for_type(OWN, BRAND, platform=platform, facts=noticed, now=friday))
        assert [f"{unknown[name].due_at:%a %H:%M}" for name in ("OV5", "OV8")] == ["Sat 14:40", "Sun 14:40"]


def test_holidays_are_days_off() -> None:
    before = dt.datetime(2025, 9, 30, 16, tzinfo=BEIJING)
    assert by_id(plan_for_type(COMPLAINT, BRAND, now=before))["GC4"].due_at == dt.datetime(2025, 10, 9, 15, tzinfo=BEIJING)


@given(
    type=types, platform=platforms, grade=grades, facts=facts,
    now=st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2026, 6, 1)),
)  # fmt: skip
@example(type=OWN, platform=None, grade=Grade.P2, facts=Facts(), now=dt.datetime(2025, 1, 1, 17, 0, 0, 1))
@settings(max_examples=150)
def test_no_step_is_due_before_one_it_builds_on_nor_behind_a_window(type, platform, grade, facts, now) -> None:  # type: ignore[no-untyped-def]  # noqa: A002
    at = now.replace(tzinfo=BEIJING)
    made = plan_for_type(type, BRAND, platform=platform, grade=grade, facts=facts, now=at)
    dated = {action.id: action.due_at for action in made if action.due_at}
    late = [(a.id, name) for a in made if a.due_at for name in a.depends_on if dated.get(name, a.due_at) > a.due_at]
    assert late == []
    window = dt.timedelta(days=7 if platform == "kuaishou" else 3)
    if platform != "weibo" and "OV8" in dated:
        assert dated["OV8"] <= at + window - dt.timedelta(days=1)
    assert all(action.due_at >= at for action in made if action.due_at)


def test_times_are_those_of_beijing() -> None:
    made = plan_for_type(COMPLAINT, BRAND, now=FRIDAY_NIGHT.astimezone(dt.UTC))
    assert str(made[0].due_at) == "2026-11-27 21:40:00+08:00"
    assert made.now.isoformat() == "2026-11-27T20:40:00+08:00"
    stored = unstructure(made[0])
    assert isinstance(stored, dict)
    old = structure({**without_nulls(stored), "due_at": "2026-11-27T13:40:00+00:00"}, Action, where="case")
    assert old == made[0] and str(old.due_at) == "2026-11-27 21:40:00+08:00"


def test_several_brands_are_no_incident() -> None:
    with pytest.raises(ValueError, match="one brand"):
        plan([verdict(COMPLAINT), verdict(COMPLAINT, brand=Brand("柚栈"))])


def test_joint_facts_warn_by_one_and_permit_by_all() -> None:
    joint = joint_facts([Facts(order_match=True, falsity_proven=True, legal_signoff=True), Facts(order_match=False, legal_signoff=True)])
    assert joint.stated() == {"order_match": True, "legal_signoff": True}


CONTRACT = {"type", "also", "brand", "platform", "grade", "mentions", "now", "actions", "blocked", "first_find_out"}
ACTION = {
    "id",
    "order",
    "title",
    "why",
    "role",
    "channel",
    "materials",
    "due_at",
    "due_basis",
    "done_when",
    "if_failed",
    "basis",
    "never",
    "because",
}


def test_the_json_has_the_keys_that_others_rely_on() -> None:
    record = plan_for_type(ATTACK, BRAND, platform="kuaishou", now=NOW).to_record()
    assert set(record) >= CONTRACT
    assert all(set(action) >= ACTION for action in record["actions"])  # type: ignore[union-attr, arg-type]
    assert all(set(item) >= {"id", "title", "guard", "reason", "instead"} for item in record["blocked"])  # type: ignore[union-attr, arg-type]
    assert record["now"] == "2026-11-27T09:30:00+08:00"
    assert record["platform"] == "kuaishou"


@pytest.mark.parametrize("wrong", ["customer_complaint", [None], Mention("踩雷")])
def test_what_is_no_verdict_is_named_with_its_remedy(wrong):
    with pytest.raises(TypeError, match="plan_for_type"):
        plan(wrong)


def test_what_a_plan_without_a_mention_is_given_is_looked_at():
    brand = Brand("示例茶")
    assert plan_for_type("投诉", brand, grade="p1").grade is Grade.P1
    with pytest.raises(UnknownNameError, match=r"unknown grade 'P9'; .*Known: P0, P1, P2, P3"):
        plan_for_type("投诉", brand, grade="P9")
    with pytest.raises(DataError, match=r"^brand: expected a Brand, found '示例茶'; of a file: Brand\.load"):
        plan_for_type("投诉", "示例茶")


def test_no_verdict_at_all_is_not_called_several_brands():
    with pytest.raises(ValueError, match="a plan needs a verdict, and none was given"):
        plan([])
