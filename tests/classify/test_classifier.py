"""Verdicts: they add up, stay the same wherever they are made, follow stated facts, and never make an attacker of a customer."""

from __future__ import annotations

import json
import math
import pickle
import random
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc import Brand, Facts, Mention, RuleClassifier
from negassoc.brand import Account
from negassoc.classify import FOUR_TYPES, AssociationType, Classification, Grade, Knowledge, RuleSet
from negassoc.classify.classifier import DATA
from negassoc.classify.decision import Decision, Hint
from negassoc.classify.weights import ASKED, STATEMENT, Table, Weights
from negassoc.errors import DataError
from negassoc.mention import Author, Count, Engagement, Kind
from negassoc.text import TermIndex, load_lexicons

T = AssociationType
BRAND = Brand(
    "示例茶", aliases=("SHILI",), products=("示例乌龙",), competitors=("对手茶",), not_this_brand=("示例酒店",),
    official_accounts=(Account(platform="xiaohongshu", id="own", nickname="示例茶官方"),),
)  # fmt: skip
CLASSIFIER = RuleClassifier(BRAND)
COMPLAINT = "示例茶避雷！昨天买的喝完就拉肚子，找客服已读不回，要求退款拒绝，太坑了，再也不买"
PRAISE = "示例茶真好喝，闭眼入不踩雷，强烈推荐，会一直回购"
DECISION = Decision.load(DATA)

WORDS = ("示例茶", "示例乌龙", "对手茶", "示例酒店", "避雷", "没踩雷", "退款", "客服不理", "拉肚子", "好喝", "给钱就删", "限流", "违规通知", "#", "\n", "。", "?", "[哭惹R]",
         "\ud800", "\u202e", "\u200b", "不是同一家", "tou诉", "敲诈", "12315", "请问", "真的吗", "推荐")  # fmt: skip
any_text = st.one_of(st.lists(st.sampled_from(WORDS), max_size=12).map("".join), st.text(st.characters(codec=None), max_size=30))
any_facts = st.dictionaries(st.sampled_from(Facts.names()), st.booleans(), max_size=4).map(lambda stated: Facts(**stated))
any_mention = st.builds(
    Mention, any_text, title=st.one_of(st.none(), any_text), thread_title=st.one_of(st.none(), any_text),
    thread_text=st.one_of(st.none(), any_text), kind=st.sampled_from(Kind),
    platform=st.sampled_from(["xiaohongshu", None]), author=st.sampled_from([Author(), Author(id="own"), Author(id="u1", verified=True, followers=200_000)]),
    engagement=st.sampled_from([Engagement(), Engagement(likes=Count(2000)), Engagement(views=Count(1_500_000))]),
)  # fmt: skip


def adds_up(verdict: Classification) -> bool:
    sums = {kind: sum(f.weight for f in verdict.findings if f.type is kind) for kind in (*FOUR_TYPES, T.NONE)}
    return all(math.isclose(verdict.scores[kind], total, rel_tol=1e-9, abs_tol=1e-6) for kind, total in sums.items())


@settings(max_examples=250, deadline=None)
@given(any_mention, any_facts)
def test_whatever_is_said_and_known_there_is_a_verdict_that_adds_up(mention, facts):
    verdict = CLASSIFIER.classify(mention, facts)
    assert adds_up(verdict)
    assert set(verdict.scores) == set(verdict.probabilities) == {*FOUR_TYPES, T.NONE}
    assert math.isclose(sum(verdict.probabilities.values()), 1, abs_tol=1e-9)
    assert 0 <= verdict.probability <= 1
    assert verdict.type not in verdict.also
    assert (verdict.grade is None) is (verdict.type is T.NONE)
    assert set(verdict.wanted) <= set(Facts.names()) - set(facts.stated())
    for finding in verdict.findings:
        assert finding.weight
        assert finding.title.zh
        assert finding.title.en
        for span in finding.spans:
            assert 0 <= span.start <= span.end <= len(getattr(mention, span.field) or "")


@settings(max_examples=60, deadline=None)
@given(any_mention, any_facts)
def test_a_verdict_survives_pickle_and_prints_as_json(mention, facts):
    verdict = CLASSIFIER.classify(mention, facts)
    again = pickle.loads(pickle.dumps(verdict))
    assert again == verdict
    record = json.loads(json.dumps(verdict.to_record()))
    assert record["type"] == verdict.type
    assert record["findings"] == json.loads(json.dumps([f.to_record() for f in again.findings]))
    for kind, score in record["scores"].items():
        assert math.isclose(score, sum(f["weight"] for f in record["findings"] if f["type"] == kind), rel_tol=1e-9, abs_tol=1e-6)


@settings(max_examples=150, deadline=None)
@given(any_mention, any_facts)
def test_nobody_with_an_order_is_called_an_attacker_first(mention, facts):
    known = facts | Facts(order_match=True, extortion=None)
    if known.extortion or known.impersonation or known.official_notice or known.own_breach or known.falsity_proven:
        return
    if known.coordination and known.competitor_link:
        return
    verdict = CLASSIFIER.classify(mention, known)
    assert verdict.type is not T.MALICIOUS_ATTACK


def test_a_complaint_and_praise():
    assert CLASSIFIER.classify(COMPLAINT).type is T.CUSTOMER_COMPLAINT
    assert CLASSIFIER.classify(PRAISE).type is T.NONE


def test_a_bare_string_is_a_note():
    assert CLASSIFIER.classify(COMPLAINT) == CLASSIFIER.classify(Mention(COMPLAINT))


def test_many_at_once_with_facts_by_id():
    known = Mention(COMPLAINT, id="m1")
    first, second = CLASSIFIER.classify_all([known, PRAISE], {"m1": Facts(order_match=True)})
    assert (first.type, first.suspected, first.facts) == (T.CUSTOMER_COMPLAINT, False, Facts(order_match=True))
    assert second == CLASSIFIER.classify(PRAISE)
    assert CLASSIFIER.classify_all([]) == []
    assert CLASSIFIER.classify_all(PRAISE) == [second]
    assert CLASSIFIER.classify_all(text for text in (COMPLAINT, PRAISE)) == CLASSIFIER.classify_all([COMPLAINT, PRAISE])


@pytest.mark.parametrize("text", ["这家也太坑了吧", "对手茶太坑了，骗子，退款一个月不给，客服不理人", ""])
def test_nothing_is_said_of_a_brand_that_is_not_named(text):
    verdict = CLASSIFIER.classify(text)
    assert verdict.type is T.NONE
    assert verdict.grade is None
    assert "没有指向本品牌" in verdict.why() or not text


UNNAMED = "退款一个月没到账，客服一直不理人"


def test_a_post_that_names_nobody_but_plainly_complains_is_looked_at_and_says_so():
    verdict = CLASSIFIER.classify(UNNAMED)
    assert verdict.type is T.CUSTOMER_COMPLAINT
    assert "没有指向本品牌" in verdict.why()
    assert "entity_mismatch" in verdict.wanted
    assert "misjudgment_shown" not in verdict.wanted  # nobody's machine is spoken of
    assert verdict.probability < CLASSIFIER.classify("示例茶" + UNNAMED).probability


def test_what_stands_under_somebody_elses_post_and_names_nobody_is_not_about_the_brand():
    assert CLASSIFIER.classify(Mention(UNNAMED, kind=Kind.COMMENT, thread_title="别家的茶")).type is T.NONE


def test_the_parts_of_a_verdict_on_a_post_that_names_nobody_add_up():
    verdict = CLASSIFIER.classify(UNNAMED)
    for kind, score in verdict.scores.items():
        assert sum(finding.weight for finding in verdict.findings if finding.type is kind) == pytest.approx(score)


def test_a_review_and_an_answer_under_an_unknown_post_need_no_name():
    text = "喝完拉肚子，太坑了，退款不给，客服不理人，垃圾，差评"
    assert CLASSIFIER.classify(Mention(text, kind=Kind.REVIEW)).type.negative
    assert CLASSIFIER.classify(Mention(text, kind=Kind.COMMENT, platform="xiaohongshu")).type is not T.NONE
    assert CLASSIFIER.classify(Mention(text, kind=Kind.COMMENT, thread_title="别家的茶")).type is T.NONE


@pytest.mark.parametrize(
    ("told", "kind"), [("在示例茶坐了一下午 #探店", T.CUSTOMER_COMPLAINT), ("在别家坐了一下午 #探店", T.NONE), (None, T.NONE)]
)
def test_a_comment_is_about_the_brand_that_only_the_text_of_its_post_names(told, kind):
    under = Mention("退款拖了一个月没到账，客服不理人", kind=Kind.COMMENT, thread_title="周末去哪儿", thread_text=told)
    assert CLASSIFIER.classify(under).type is kind


# ---- what is known decides


@pytest.mark.parametrize("number", range(len(DECISION.row)))
def test_each_row_of_the_table_decides(number):
    row = DECISION.row[number]
    verdict = CLASSIFIER.classify(COMPLAINT, Facts(**dict(row.when)))
    assert (verdict.type, verdict.also, verdict.suspected, verdict.probability) == (row.type, row.also, False, 1.0)
    assert verdict.wanted == ()


@pytest.mark.parametrize("number", [n for n, row in enumerate(DECISION.row) if row.unless])
def test_a_row_does_not_decide_where_its_exception_is_known(number):
    row = DECISION.row[number]
    assert not row.fits(Facts(**dict(row.when), **dict(row.unless)), harmless=False)


def test_an_earlier_row_wins():
    assert CLASSIFIER.classify(COMPLAINT, Facts(official_notice=True, order_match=True)).type is T.OWN_VIOLATION
    verdict = CLASSIFIER.classify(COMPLAINT, Facts(order_match=True, coordination=True))
    assert (verdict.type, verdict.also) == (T.CUSTOMER_COMPLAINT, (T.MALICIOUS_ATTACK,))


def test_an_order_does_not_make_a_complaint_of_plain_praise():
    for text in (PRAISE, "今天天气不错", Mention("味道很好，非常好喝，送餐很快，推荐", kind=Kind.REVIEW)):
        verdict = CLASSIFIER.classify(text, Facts(order_match=True))
        assert verdict.type is T.NONE
        assert verdict.grade is None


def test_where_no_fact_decides_a_type_is_only_suspected():
    assert CLASSIFIER.classify(COMPLAINT).suspected is True
    assert CLASSIFIER.classify(COMPLAINT, Facts(media_attention=True)).suspected is True
    assert CLASSIFIER.classify(COMPLAINT, Facts(order_match=True)).suspected is False


def test_a_fact_that_does_not_decide_weighs_and_is_named():
    plain, known = CLASSIFIER.classify(COMPLAINT), CLASSIFIER.classify(COMPLAINT, Facts(coordination=True))
    entry = next(w for w in DECISION.weight if w.fact == "coordination")
    assert known.scores[T.MALICIOUS_ATTACK] == pytest.approx(plain.scores[T.MALICIOUS_ATTACK] + entry.weight)
    assert [f.weight for f in known.findings if f.fact == "coordination"] == [entry.weight]
    assert adds_up(known)


SUSPECTED = (
    COMPLAINT, "收到！示例茶的兄弟，明晚八点前谈个数，不谈我就一条一条往外发，给钱就删", "示例茶就是骗子，黑心商家，懂的都去买对手茶，主页有链接",
)  # fmt: skip


@pytest.mark.parametrize("text", SUSPECTED, ids=["complaint", "extortion", "steering"])
def test_each_fact_wanted_helps_to_prove_the_type_or_to_change_it(text):
    verdict = CLASSIFIER.classify(text)
    assert verdict.type is not T.NONE
    assert verdict.wanted
    for name in verdict.wanted:
        answers = [CLASSIFIER.classify(text, Facts(**dict(row.when))) for row in DECISION.row if name in row.when]
        assert any(not answer.suspected for answer in answers), name


def test_some_fact_wanted_would_change_the_verdict():
    verdict = CLASSIFIER.classify(SUSPECTED[1])
    rows = [row for row in DECISION.row if row.when.keys() & set(verdict.wanted)]
    assert {CLASSIFIER.classify(SUSPECTED[1], Facts(**dict(row.when))).type for row in rows} - {verdict.type}


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("示例茶喝完拉了一晚上", "health"),
        ("示例茶的杯子充电的时候冒烟了", "safety"),
        ("示例茶吃出一根钢丝", "food_safety"),
        ("示例茶好坑", None),
    ],
)
def test_what_a_rule_is_about_is_a_facet_of_the_verdict(text, facet):
    assert (facet in CLASSIFIER.classify(text).facets) is (facet is not None)
    assert {"health", "safety", "food_safety"}.intersection(CLASSIFIER.classify(text).facets) == ({facet} if facet else set())


def test_a_second_hint_for_a_fact_asks_for_it_in_more_texts_and_not_in_fewer():
    hints = (Hint(fact="extortion", rules=frozenset(("money-for-silence",))), Hint(fact="extortion", lexicons=frozenset(("extortion",))))
    both, one = attrs.evolve(DECISION, hint=hints), attrs.evolve(DECISION, hint=hints[:1])
    for table in (both, one):
        assert "extortion" in table.wanted(Facts(), T.MALICIOUS_ATTACK, (), {"money-for-silence"}, ())
    assert "extortion" in both.wanted(Facts(), T.MALICIOUS_ATTACK, (), (), {"extortion"})
    assert "extortion" not in one.wanted(Facts(), T.MALICIOUS_ATTACK, (), (), {"extortion"})


def test_what_is_said_of_service_and_goods_is_not_put_down_to_apps_and_games():
    assert CLASSIFIER.classify("示例茶客服一直不理人").facets == ("service",)
    assert CLASSIFIER.classify("示例茶官方不管，客服没用").facets == ("service",)
    assert CLASSIFIER.classify("示例茶的钱不到账").facets[0] == "refund"
    assert CLASSIFIER.classify("示例茶杯盖打不开").facets == ("quality",)


def test_danger_to_people_is_what_a_mention_is_about_first():
    facets = CLASSIFIER.classify("示例茶喝完拉了一晚上，退款还没到账").facets
    assert facets[0] == "health"
    assert "refund" in facets


def test_extortion_is_asked_about_only_where_the_text_hints_at_it():
    plain = CLASSIFIER.classify("示例茶太坑了，都别买，一群骗子")
    demand = CLASSIFIER.classify("示例茶给两万封口费我就删帖，不给钱就曝光")
    assert "extortion" not in plain.wanted
    assert plain.wanted
    assert "extortion" in demand.wanted


def test_what_is_known_is_not_wanted():
    wanted = CLASSIFIER.classify(COMPLAINT).wanted
    for name in wanted:
        assert name not in CLASSIFIER.classify(COMPLAINT, Facts(**{name: False})).wanted


# ---- severity


@pytest.mark.parametrize(
    ("mention", "facts", "grade"),
    [
        (Mention(COMPLAINT, engagement=Engagement(views=Count(2_000_000))), Facts(order_match=True), Grade.P0),
        (Mention(COMPLAINT, engagement=Engagement(views=Count(2_000_000))), Facts(order_match=True, resolved=True), Grade.P1),
        (Mention("示例茶太难用了，差评，不退款", engagement=Engagement(views=Count(10))), Facts(order_match=True), Grade.P3),
        (
            Mention("示例茶太难用了，差评，不退款", engagement=Engagement(likes=Count(60), comments=Count(50))),
            Facts(order_match=True),
            Grade.P2,
        ),
        (Mention("示例茶太难用了，差评，不退款", author=Author(followers=100_000)), Facts(order_match=True), Grade.P1),
        (Mention("示例茶太难用了，差评，不退款"), Facts(order_match=True, safety_harm=True), Grade.P1),
        (Mention("示例茶太难用了，差评，不退款"), Facts(order_match=True, resolved=True), Grade.P3),
        (Mention("这个自称示例茶客服的号在私信里收定金"), Facts(impersonation=True), Grade.P2),
        (Mention("这个自称示例茶客服的号在私信里收定金", author=Author(followers=100_000)), Facts(impersonation=True), Grade.P1),
    ],
)
def test_severity_comes_from_harm_and_reach(mention, facts, grade):
    verdict = CLASSIFIER.classify(mention, facts)
    assert verdict.grade is grade
    assert verdict.grade_reasons


def test_anger_is_no_harm():
    calm, angry = "示例茶太难用了，差评，不退款", "示例茶太难用了！！！！差评！！！不退款！！！气死我了气死我了"
    assert CLASSIFIER.classify(angry, Facts(order_match=True)).grade is CLASSIFIER.classify(calm, Facts(order_match=True)).grade


# ---- what the platform says


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.ACCOUNT_LABEL, Kind.SEARCH_SUGGESTION])
def test_notices_labels_and_suggestions_go_the_same_way(kind):
    verdict = CLASSIFIER.classify(Mention("您的笔记涉嫌违规，已被限制推荐", kind=kind), Facts(official_notice=True))
    assert verdict.type is T.OWN_VIOLATION
    assert verdict.grade is not None
    assert CLASSIFIER.classify(Mention("您的笔记涉嫌违规", kind=kind), Facts(entity_mismatch=True)).type is T.ALGORITHM_MISJUDGMENT


# ---- the same everywhere


def texts() -> list[str]:
    examples = [t for rule in RuleSet.load(DATA).rules.values() for t in (*rule.match, *rule.not_match)]
    return [COMPLAINT, PRAISE, *examples][:60]


def test_the_same_verdicts_from_threads_and_processes():
    given = texts()
    expected = [CLASSIFIER.classify(text) for text in given]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(CLASSIFIER.classify, given * 4)) == expected * 4
    code = (
        "import json, pickle, sys; classifier, texts = pickle.load(sys.stdin.buffer)\n"
        "print(json.dumps([classifier.classify(text).to_record() for text in texts]))"
    )
    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps((CLASSIFIER, given)), capture_output=True, check=True)
    assert json.loads(done.stdout) == json.loads(json.dumps([v.to_record() for v in expected]))


def test_the_same_verdicts_in_any_order_of_rules_and_lexicons():
    known = Knowledge.default()
    rules, lexicons = list(known.rules.rules.values()), list(load_lexicons())
    random.Random(3).shuffle(rules)
    random.Random(4).shuffle(lexicons)
    other = RuleClassifier(BRAND, Knowledge(TermIndex(lexicons), RuleSet(rules), known.weights, known.decision))
    for text in texts():
        here, there = CLASSIFIER.classify(text), other.classify(text)
        assert (here.type, here.also, here.grade, here.wanted) == (there.type, there.also, there.grade, there.wanted)
        assert dict(here.scores) == pytest.approx(dict(there.scores))


def test_a_classifier_keeps_nothing_of_what_it_has_read():
    first = CLASSIFIER.classify(COMPLAINT).to_record()
    for text in texts():
        CLASSIFIER.classify(text).why()
    assert CLASSIFIER.classify(COMPLAINT).to_record() == first


# ---- a pack of one's own


def test_a_pack_laid_over_the_packaged_one(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "lexicons" / "ours.txt").write_text("# title: 暗语 | code words\n# use: topic\n暗语甲\n", "utf-8")
    (tmp_path / "rules" / "ours.toml").write_text(
        '[[rule]]\nid = "ours"\ntype = "malicious_attack"\ntitle = { zh = "暗语", en = "code word" }\nall = [["@ours"]]\nroles = ["brand"]\n'
        'weight = 9.0\nmatch = ["示例茶暗语甲"]\nnot_match = ["示例茶"]\n',
        "utf-8",
    )
    mine = RuleClassifier(BRAND, tmp_path)
    verdict = mine.classify("示例茶暗语甲")
    assert verdict.type is T.MALICIOUS_ATTACK
    assert adds_up(verdict)
    hit = next(f for f in verdict.findings if f.rule == "rule:ours").hits[0]
    assert "示例茶暗语甲"[hit.span.start : hit.span.end] == "暗语甲"
    assert CLASSIFIER.classify("示例茶暗语甲").type is T.NONE


def test_a_decision_table_with_an_unknown_fact_is_refused(tmp_path):
    text = (DATA / "decision.toml").read_text("utf-8").replace("own_breach = true", "own_braech = true", 1)
    (tmp_path / "decision.toml").write_text(text, "utf-8")
    with pytest.raises(DataError, match="unknown fact 'own_braech'"):
        RuleClassifier(BRAND, tmp_path)


def test_a_decision_table_without_a_way_to_judge_says_which(tmp_path):
    text = (DATA / "decision.toml").read_text("utf-8")
    (tmp_path / "decision.toml").write_text(re.sub(r"\nchatter = .*", "", text, count=1), "utf-8")
    with pytest.raises(DataError, match=r"\[negative\] lacks 'chatter'"):
        Decision.load(tmp_path)


# ---- nothing makes it hang

HUGE = {
    "one character": "a" * 10_000_000, "one Chinese character": "骗" * 10_000_000, "brackets": "[" * 5_000_000 + "]" * 5_000_000, "hashtags": "#示例茶避雷" * 500_000,
    "one hashtag": "#" + "避" * 10_000_000, "right to left": "\u202e示例茶退款\u202c" * 300_000, "surrogates": "\ud800" * 10_000_000, "brands": "示例茶退款" * 1_000_000,
    "praise": "示例茶没踩雷" * 500_000, "marks": "e\u0301\u0327" * 1_000_000, "invisible": "\u200b" * 10_000_000, "lines": "\n" * 10_000_000,
    "pay and publish": "不给钱打款谈" * 100_000, "digits": "1" * 1_000_000, "ligatures": "\ufdfa" * 100_000, "codes": "[哭惹R]" * 300_000,
}  # fmt: skip


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_no_text_makes_it_hang(text):
    began = time.process_time()
    verdict = CLASSIFIER.classify(Mention(text, title=text, thread_title=text))
    assert verdict.why()
    assert verdict.why_not(T.MALICIOUS_ATTACK)
    assert time.process_time() - began < 5


def test_that_a_person_has_bought_does_not_make_praise_a_complaint():
    verdict = RuleClassifier(Brand("示例茶")).classify("示例茶回购三次了，真的好喝，闭眼入", Facts(order_match=True))
    assert verdict.type is AssociationType.NONE


def test_a_path_in_place_of_a_brand_is_named_with_its_remedy():
    with pytest.raises(DataError, match=r"'brand\.toml'.*Brand\.load"):
        RuleClassifier("brand.toml")


# ---- chatter, statements and what lies between


def telling(chatter: float, complaint: float, careful: float = -2.5) -> RuleClassifier:
    """One that takes everything for chatter with this probability, and every statement for a complaint with that; `careful` are the
    log-odds that the careful question gives."""
    logit = {"post": careful, "chatter": math.log(chatter / (1 - chatter))}
    odds = math.log(complaint / (1 - complaint))
    weights = Weights(
        Table(ASKED, {"bias": tuple(logit.get(column, 0.0) for column in ASKED)}, {}),
        Knowledge.default().weights.types,
        Table(tuple(t.value for t in STATEMENT), {"bias": tuple(odds if t is T.CUSTOMER_COMPLAINT else -99.0 * (t is not T.NONE) for t in STATEMENT)}, {}),
    )  # fmt: skip
    return RuleClassifier(BRAND, attrs.evolve(Knowledge.default(), weights=weights))


@pytest.mark.parametrize(
    ("chatter", "complaint", "text", "kind"),
    [
        (0.001, 0.8, "示例茶今天换了杯子", T.CUSTOMER_COMPLAINT),
        (0.1, 0.7, "示例茶今天换了杯子", T.NONE),
        (0.1, 0.93, "示例茶的杯子真垃圾", T.UNDETERMINED),
        (0.1, 0.97, "示例茶的杯子真垃圾", T.CUSTOMER_COMPLAINT),
        (0.999, 0.97, "示例茶的杯子真垃圾", T.CUSTOMER_COMPLAINT),
        (0.1, 0.97, "示例茶今天换了杯子", T.NONE),
        (0.1, 0.8, "示例茶喝完拉肚子", T.CUSTOMER_COMPLAINT),
        (0.1, 0.3, "示例茶喝完拉肚子", T.UNDETERMINED),
        (0.001, 0.3, "示例茶喝完拉肚子", T.UNDETERMINED),
        (0.001, 0.3, "示例茶今天换了杯子", T.NONE),
        (0.5, 0.7, "示例茶喝完拉肚子", T.NONE),
    ],
)
def test_chatter_must_be_surer_an_incident_less_and_what_lies_between_is_left_open(chatter, complaint, text, kind):
    verdict = telling(chatter, complaint).classify(text)
    assert verdict.type is kind
    assert adds_up(verdict)
    assert verdict.why()


@pytest.mark.parametrize(("careful", "kind"), [(2.2, T.UNDETERMINED), (0.2, T.NONE)])
def test_an_incident_that_only_the_careful_question_finds_negative_is_for_a_person_to_look_at(careful, kind):
    verdict = telling(0.001, 0.001, careful).classify("示例茶喝完拉肚子")
    assert verdict.type is kind
    assert adds_up(verdict)


@pytest.mark.parametrize(
    ("attack", "rules", "kind"),
    [
        (0.85, (), T.MALICIOUS_ATTACK),
        (0.7, ("paid-out",), T.CUSTOMER_COMPLAINT),
        (0.85, ("paid-out",), T.UNDETERMINED),
        (0.85, ("paid-out", "money-for-silence"), T.MALICIOUS_ATTACK),
        (0.94, ("harm-to-body",), T.UNDETERMINED),
        (0.97, ("paid-out",), T.UNDETERMINED),
        (0.99, ("paid-out",), T.UNDETERMINED),
        (0.997, ("paid-out",), T.MALICIOUS_ATTACK),
    ],
)
def test_who_speaks_as_a_customer_is_called_an_attacker_only_where_that_is_nearly_certain(attack, rules, kind):
    shares = {T.MALICIOUS_ATTACK: attack, T.CUSTOMER_COMPLAINT: 1 - attack, T.OWN_VIOLATION: 0.0, T.ALGORITHM_MISJUDGMENT: 0.0}
    said, also = DECISION.by_text("statement", 0.99, shares, rules)
    assert said is kind
    assert also == ((T.MALICIOUS_ATTACK,) if kind is T.CUSTOMER_COMPLAINT else ())


LONG = "示例茶今天换了杯子，" + "杯身上印着山和海，颜色很淡，" * 5


@pytest.mark.parametrize(
    ("chatter", "complaint", "text", "kind"),
    [
        (0.005, 0.72, "示例茶今天换了杯子", T.CUSTOMER_COMPLAINT),
        (0.005, 0.67, "示例茶今天换了杯子", T.UNDETERMINED),
        (0.005, 0.6, "示例茶今天换了杯子", T.NONE),
        (0.05, 0.9, "示例茶今天换了杯子", T.CUSTOMER_COMPLAINT),
        (0.05, 0.82, "示例茶今天换了杯子", T.UNDETERMINED),
        (0.05, 0.75, "示例茶今天换了杯子", T.NONE),
        (0.15, 0.9, "示例茶今天换了杯子", T.NONE),
        (0.02, 0.6, LONG, T.CUSTOMER_COMPLAINT),
        (0.15, 0.9, LONG, T.CUSTOMER_COMPLAINT),
        (0.15, 0.82, LONG, T.UNDETERMINED),
        (0.4, 0.9, LONG, T.NONE),
    ],
)
def test_what_is_told_neither_quite_like_a_statement_nor_like_chatter_must_be_surer_than_the_one(chatter, complaint, text, kind):
    verdict = telling(chatter, complaint, careful=-4).classify(text)
    assert verdict.type is kind
    assert adds_up(verdict)


@pytest.mark.parametrize(
    ("complaint", "careful", "kind"),
    [(0.01, 0.0, T.NONE), (0.01, 1.0, T.CUSTOMER_COMPLAINT), (0.03, 0.0, T.CUSTOMER_COMPLAINT), (0.01, -2.5, T.NONE)],
)
def test_what_the_five_sums_find_harmless_nearly_for_certain_takes_a_surer_careful_question(complaint, careful, kind):
    verdict = telling(0.5, complaint, careful).classify("示例茶的杯子真垃圾")
    assert verdict.type is kind
    assert adds_up(verdict)


def test_chatter_that_the_careful_question_finds_harmless_is_not_weighed_further():
    assert telling(0.1, 0.99).classify("示例茶的杯子真垃圾").type is T.CUSTOMER_COMPLAINT
    assert telling(0.1, 0.99, careful=-4.0).classify("示例茶的杯子真垃圾").type is T.NONE


@pytest.mark.parametrize(
    ("pack", "said"), [("no-such-pack", "no-such-pack: no such pack"), (7, "found a int"), (object(), "found a object")]
)
def test_a_pack_that_is_none_is_refused(pack, said):
    with pytest.raises(DataError, match=said):
        RuleClassifier(BRAND, pack)


@pytest.mark.parametrize("text", ["示例茶不如对手茶，对手茶更香", "喝过示例茶，奶盖不如对手茶厚，店员倒是热情"])
def test_who_likes_a_rival_better_attacks_nobody(text):
    assert RuleClassifier(BRAND).classify(Mention(text, kind="comment")).type is T.NONE


@pytest.mark.parametrize("kind", ["comment", "search_suggestion"])
def test_what_names_only_another_bearer_that_the_file_lists_is_not_a_complaint_about_the_brand(kind):
    account = Account(platform="xiaohongshu", nickname="示例茶官方")
    brand = Brand("示例茶", industry="奶茶", not_this_brand=("示例茶民宿",), official_accounts=(account,))
    verdict = RuleClassifier(brand).classify(Mention("示例茶民宿退款拖了一个月，客服不理人", kind=kind))
    assert verdict.type is T.ALGORITHM_MISJUDGMENT
    assert "点名的是品牌文件里写明的另一家" in verdict.why()


def test_a_shop_beside_a_hospital_is_no_hospital():
    verdict = RuleClassifier(Brand("示例茶", industry="奶茶")).classify("示例茶医院旁边那家，昨天买的奶茶是馊的，店员还不给退")
    assert verdict.type is T.CUSTOMER_COMPLAINT


def test_a_waiter_who_is_gone_is_no_death():
    assert RuleClassifier(BRAND).classify("示例茶店员点完单人没了，叫了四次没人来").grade is not Grade.P0


def test_whether_others_post_the_same_is_asked_only_where_an_attack_is_likely():
    complaint = RuleClassifier(BRAND).classify("在示例茶买的券用不了，客服说不给退款，一百块钱就这么没了")
    assert complaint.type is T.CUSTOMER_COMPLAINT
    assert {"coordination", "competitor_link"}.isdisjoint(complaint.wanted)
    attack = RuleClassifier(BRAND).classify("示例茶都是用过期茶叶，懂的都懂，别喝了，都去买对手茶")
    assert attack.type is T.MALICIOUS_ATTACK
    assert "coordination" in attack.wanted
