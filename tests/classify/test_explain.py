"""A verdict in words: a handful of lines, in both languages, quoted from the original, for a reader who is no programmer."""

from __future__ import annotations

import re

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc import Brand, Facts, Mention, RuleClassifier
from negassoc.classify import FOUR_TYPES, AssociationType, Knowledge, RuleSet, Span
from negassoc.classify.explain import how_sure, quote
from negassoc.classify.finding import Finding, Hit
from negassoc.classify.quoting import _roles, clauses, trimmed
from negassoc.classify.reasons import stretches
from negassoc.classify.telling import _contrary_rule, contrary, reasons
from negassoc.classify.titles import _titles
from negassoc.classify.weights import DATA
from negassoc.errors import UnknownNameError
from negassoc.records import Title

T = AssociationType
CLASSIFIER = RuleClassifier(Brand("示例茶", products=("示例乌龙",), competitors=("对手茶",), not_this_brand=("示例酒店",)))
COMPLAINT = "示例茶避雷！昨天买的喝完就拉肚子，找客服已读不回，要求退款拒绝，太坑了，再也不买"
TEXTS = [COMPLAINT, "示例茶真好喝，没踩雷，强烈推荐", "今天天气不错"] + [
    text for rule in RuleSet.load(DATA).rules.values() for text in (rule.match[:1] + rule.not_match[:1])
]
CODE = re.compile(r"[a-z]+[_:][a-z0-9]|\brule\b|\bbias\b|None|True|False|\[\]|\{|\\u|<|>|[□△◇]")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_verdict_is_explained_in_a_handful_of_lines_of_plain_words(text, lang):
    verdict = CLASSIFIER.classify(text)
    told = verdict.why(lang)
    assert 1 <= len(told.splitlines()) <= 7
    for other in (*FOUR_TYPES, T.NONE, T.UNDETERMINED):
        denied = verdict.why_not(other, lang)
        assert 1 <= len(denied.splitlines()) <= 9
        for line in (told + "\n" + denied).splitlines():
            assert line.strip()
            unquoted = re.sub("「.*?」|“.*?”", "", line)
            assert not CODE.search(unquoted), line


@pytest.mark.parametrize("text", TEXTS)
def test_quotes_are_characters_of_the_original(text):
    verdict = CLASSIFIER.classify(Mention(text, title="ＳＨＩＬＩ見聞"))
    for quoted in re.findall("「(.*?)」", verdict.why("zh")):
        assert quoted in text or quoted in "ＳＨＩＬＩ見聞"
    for quoted in re.findall("“(.*?)”", verdict.why("en")):
        assert quoted in text or quoted in "ＳＨＩＬＩ見聞"


def test_what_was_written_to_dodge_a_filter_is_quoted_as_written():
    verdict = CLASSIFIER.classify("示例茶就是p子，ＴＯＵ诉無門，垃.圾，不给退/款")
    shown = {quote(verdict, hit) for finding in verdict.findings for hit in finding.hits}
    assert {"p子", "垃.圾"} & shown
    assert not {"骗子", "垃圾"} & shown


def test_english_speaks_english_but_for_the_quotes():
    told = CLASSIFIER.classify(COMPLAINT).why("en")
    assert not re.search("[\u4e00-\u9fff]", re.sub("“.*?”", "", told))


def test_what_is_looked_for_of_a_brand_is_made_once():
    classifier = RuleClassifier(Brand("示例茶", aliases=("只问一次",)))
    made = _roles.cache_info().misses
    for text in ("示例茶难喝，退款不给", "示例茶避雷，客服不理", "只问一次好喝"):
        classifier.classify(text).why()
    assert _roles.cache_info().misses == made + 1


def test_limit():
    verdict = CLASSIFIER.classify(COMPLAINT)
    short, long = (verdict.why(limit=n).splitlines() for n in (1, 8))
    assert len([line for line in short if line[0] in "＋－"]) == 1
    assert len(long) > len(short)


def test_what_speaks_for_comes_with_its_words_and_what_is_missing_at_the_end():
    lines = CLASSIFIER.classify(COMPLAINT).why().splitlines()
    assert lines[0].startswith("＋ ")
    assert "「" in lines[0]
    assert lines[-1].startswith("? 待核实：")


def test_the_fact_that_decided_comes_first():
    verdict = CLASSIFIER.classify(COMPLAINT, Facts(order_match=True))
    assert verdict.why().splitlines()[0].startswith("已知事实：")
    assert verdict.why("en").splitlines()[0].startswith("known: ")
    assert "待核实" not in verdict.why()
    assert verdict.why_not("malicious_attack").splitlines()[0].startswith("已知事实：")


def test_a_harmless_verdict_is_explained_too():
    assert CLASSIFIER.classify("今天天气不错").why() == "＋ 标题、正文和所在帖子已知的部分都没有指向本品牌"
    assert CLASSIFIER.classify("示例茶好喝，没踩雷").why()


def test_why_not_names_the_suppressed_word():
    verdict = CLASSIFIER.classify("示例茶没有劝退我，闭眼入，强烈推荐")
    assert verdict.type is T.NONE
    assert any(line.startswith("「劝退」在「") for line in verdict.why_not("customer_complaint").splitlines())
    assert "does not count" in verdict.why_not("customer_complaint", "en")


def test_why_not_names_the_fact_that_would_decide():
    told = CLASSIFIER.classify(COMPLAINT).why_not("malicious_attack")
    assert "若查明「" in told
    assert "可能性不到 1%" in told
    assert "if this were known" in CLASSIFIER.classify(COMPLAINT).why_not("malicious_attack", "en")


@pytest.mark.parametrize(
    ("said", "meant"), [("投诉", "customer_complaint"), ("外部恶意攻击", "malicious_attack"), ("误判", "algorithm_misjudgment")]
)
def test_a_type_may_be_named_as_people_are_shown_it(said, meant):
    verdict = CLASSIFIER.classify(COMPLAINT)
    assert verdict.why_not(said) == verdict.why_not(meant)


@pytest.mark.parametrize("said", ["抹黑", "真实客户投诉吗", "complaint", "客", ""])
def test_another_word_is_no_type(said):
    with pytest.raises(UnknownNameError, match="unknown association type"):
        CLASSIFIER.classify(COMPLAINT).why_not(said)


def test_why_not_undetermined_says_what_was_decided():
    verdict = CLASSIFIER.classify(COMPLAINT, Facts(order_match=True))
    assert verdict.why_not("undetermined").splitlines()[-1] == "已能判定：真实客户投诉，可能性 99% 以上"
    assert verdict.why_not("undetermined", "en").splitlines()[-1] == "it could be decided: genuine customer complaint, probability over 99%"


def test_why_not_of_what_it_is_says_why():
    verdict = CLASSIFIER.classify(COMPLAINT)
    assert verdict.why_not(verdict.type) == verdict.why(limit=5)
    assert verdict.why_not("customer_complaint") == verdict.why_not(T.CUSTOMER_COMPLAINT)
    with pytest.raises(UnknownNameError, match=r"attack.*malicious_attack"):
        verdict.why_not("attack")


@pytest.mark.parametrize("tell", [lambda v: v.why("fr"), lambda v: v.why_not("none", "fr"), lambda v: v.type.words.of("fr")])
def test_a_language_that_nobody_wrote_in_is_named(tell):
    with pytest.raises(UnknownNameError, match=r"language 'fr'.*zh, en"):
        tell(CLASSIFIER.classify(COMPLAINT))


def at(text: str, word: str) -> tuple[int, int]:
    return text.rindex(word), text.rindex(word) + len(word)


def finding(rule: str, weight: float, *places: tuple[int, int], kind: AssociationType = T.CUSTOMER_COMPLAINT) -> Finding:
    return Finding(
        rule=rule, type=kind, weight=weight, title=Title(rule, rule), hits=tuple(Hit("x", Span("text", a, b)) for a, b in places)
    )


def test_what_rests_on_the_same_sort_of_word_is_one_reason_with_the_sum_of_its_weights():
    verdict = attrs.evolve(
        CLASSIFIER.classify(COMPLAINT),
        findings=(
            finding("head:complaint3", 1.0, (3, 5)), finding("any:complaint3", 0.5, (3, 5), at(COMPLAINT, "拒绝")), finding("bias", 9.0),
            finding("body:complaint3", 0.25, kind=T.NONE), finding("rule:a", 0.75), finding("rule:a", 9.0, kind=T.OWN_VIOLATION),
        ),
    )  # fmt: skip
    found = {reason.title.zh: (reason.weight, len(reason.hits)) for reason in reasons(verdict, T.CUSTOMER_COMPLAINT)}
    assert found == {"文中有负面的话": (1.25, 2), "rule:a": (0.75, 0)}


@settings(max_examples=80, deadline=None)
@given(st.text(st.one_of(st.characters(codec=None), st.sampled_from("示例茶避雷退款没\n\u202e")), max_size=40))
def test_any_text_can_be_explained(text):
    verdict = CLASSIFIER.classify("示例茶避雷" + text)
    for lang in ("zh", "en"):
        assert len(verdict.why(lang).split("\n")) <= 7
        assert verdict.why_not(T.NONE, lang)


def told_of(verdict, *findings: Finding, kind: AssociationType = T.CUSTOMER_COMPLAINT) -> list[str]:
    return [quote(verdict, hit) for reason in reasons(attrs.evolve(verdict, findings=findings), kind) for hit in reason.hits]


def test_a_word_that_is_cut_out_of_a_longer_one_is_no_reason():
    text = "示例茶的牛肉饭里有烂叶子"
    verdict, cut, rotten = CLASSIFIER.classify(text), at(text, "牛"), at(text, "烂")
    assert told_of(verdict, finding("body:complaint2", 1.0, cut, rotten)) == ["烂"]
    assert told_of(verdict, finding("body:complaint2", 1.0, cut)) == ["牛肉"]  # all there is to tell
    assert told_of(verdict, finding("body:complaint2", 1.0, cut), finding("rule:refund-dispute", 0.5, at(text, "叶子"))) == ["叶子"]
    assert told_of(verdict, finding("rule:harm-to-body", 1.0, cut, rotten)) == []  # of a rule all or nothing
    assert told_of(verdict, finding("rule:harm-to-body", 1.0, at(text, "牛肉"), rotten)) == ["牛肉", "烂"]


def test_a_number_is_quoted_with_all_that_belongs_to_it():
    text = "示例茶退我三千二百块钱，住一晚900块一位，住了四天三晚"
    verdict = CLASSIFIER.classify(text)
    assert told_of(verdict, finding("rule:money-lost", 1.0, at(text, "二百"))) == ["三千二百块钱"]
    assert told_of(verdict, finding("rule:money-lost", 1.0, at(text, "900块"))) == ["900块"]
    assert told_of(verdict, finding("rule:time-passed", 1.0, at(text, "四天"))) == ["四天"]


def test_what_is_quoted_as_wording_is_whole_clauses_of_which_the_strongest_come_first():
    text = "示例茶充电的时候冒烟了，版本2.6也一样，差点着火"
    verdict = CLASSIFIER.classify(text)
    words = [finding("wording", weight, at(text, word)) for weight, word in ((1.0, "电的时"), (2.0, "点"), (-0.5, "也"))]
    told = [quote(verdict, hit) for hit in reasons(attrs.evolve(verdict, findings=words))[0].hits]
    assert told == ["差点着火", "示例茶充电的时候冒烟了"]
    assert list(clauses("版本2.6也一样，差")) == [(0, 8), (9, 10)]


def test_a_clause_that_speaks_for_it_only_in_part_is_told_where_no_other_does():
    text = "示例茶最好喝，真替这个县城难过"
    verdict = CLASSIFIER.classify(text)
    words = finding("wording", 1.0, at(text, "真替")), finding("wording", -2.0, at(text, "县城"))
    assert (
        attrs.evolve(verdict, type=T.CUSTOMER_COMPLAINT, findings=words).why().splitlines()[0]
        == "＋ 措辞像真实客户投诉：「真替这个县城难过」"
    )


def test_of_a_negative_verdict_something_is_told_however_little_it_weighs():
    text = "示例茶嘛，大家懂的"
    small = attrs.evolve(CLASSIFIER.classify(text), type=T.CUSTOMER_COMPLAINT, findings=(finding("wording", 0.05, at(text, "懂")),))
    assert small.why().splitlines()[0] == "＋ 措辞像真实客户投诉：「大家懂的」"
    assert "大家懂的" not in attrs.evolve(small, type=T.NONE).why()


def test_a_long_clause_is_quoted_in_pieces_of_whole_words():
    text = "充电的时候冒烟" * 6
    pieces = list(clauses(text))
    assert "".join(text[a:b] for a, b in pieces) == text
    assert all(b - a <= 24 and not text[a:b].endswith("充") for a, b in pieces)


def test_wording_with_a_word_of_the_other_side_in_it_is_not_quoted():
    verdict = CLASSIFIER.classify("示例茶好喝，就是排队")
    found = finding("wording", 2.0, (3, 5)), finding("body:praise2", -1.0, (3, 5))
    assert [reason.hits for reason in reasons(attrs.evolve(verdict, findings=found), T.CUSTOMER_COMPLAINT) if reason.weight > 0] == [()]
    weak = found[0], attrs.evolve(found[1], weight=-0.2)
    assert told_of(verdict, *weak)[0] == "示例茶好喝"


def test_blame_in_a_sentence_that_names_only_another_is_no_reason_for_a_complaint():
    text = "示例茶的袋子破了。对手茶难喝。示例茶和对手茶都涨价"
    verdict = CLASSIFIER.classify(text)
    found = finding("body:complaint2", 1.0, *(at(text, word) for word in ("破了", "难喝", "涨价")))
    assert set(told_of(verdict, found)) == {"破了", "涨价"}
    assert "难喝" in told_of(verdict, attrs.evolve(found, type=T.MALICIOUS_ATTACK), kind=T.MALICIOUS_ATTACK)


def test_what_stands_near_the_name_is_told_first():
    text = "示例茶难喝。" + "今天天气不错，" * 10 + "糟糕"
    verdict = CLASSIFIER.classify(text)
    near, far = finding("rule:harm-to-body", 0.7, at(text, "难喝")), finding("body:complaint2", 1.0, at(text, "糟糕"))
    assert told_of(verdict, near, far) == ["难喝", "糟糕"]
    assert told_of(verdict, near, attrs.evolve(far, weight=1.5)) == ["糟糕", "难喝"]
    assert told_of(verdict, attrs.evolve(far, hits=(*far.hits, *near.hits))) == ["难喝", "糟糕"]


def test_a_sort_of_word_speaks_only_of_the_types_of_which_it_says_something():
    assert {lexicon.use for lexicon in Knowledge.default().index.lexicons.values()} - {"allowed"} <= set(_titles().speaks)
    silent = ("topic", T.CUSTOMER_COMPLAINT), ("praise2", T.OWN_VIOLATION), ("harmless2", T.CUSTOMER_COMPLAINT), ("praise0", T.NONE)
    for word, kind in silent:
        for weight in (1.0, -1.0):
            assert contrary(finding(f"body:{word}", weight), kind, weight)
    assert not contrary(finding("rival", 1.0), T.MALICIOUS_ATTACK, 1.0)
    assert contrary(finding("rule:time-passed", -1.0), T.MALICIOUS_ATTACK, -1.0)


def test_a_rule_is_never_told_as_a_reason_against_its_own_meaning():
    assert _contrary_rule(finding("rule:harm-to-body", -1.0), T.CUSTOMER_COMPLAINT, -1.0)
    assert _contrary_rule(finding("rule:harm-to-body", 1.0), T.NONE, 1.0)
    assert not _contrary_rule(finding("rule:harm-to-body", 1.0), T.CUSTOMER_COMPLAINT, 1.0)
    assert not _contrary_rule(finding("body:complaint2", -1.0), T.CUSTOMER_COMPLAINT, -1.0)


def test_words_of_blame_and_praise_are_never_told_as_reasons_against_their_own_meaning():
    def told(word: str, weight: float, kind: AssociationType) -> bool:
        verdict = attrs.evolve(CLASSIFIER.classify(COMPLAINT), findings=(finding(f"body:{word}", weight, kind=kind),))
        return bool(reasons(verdict, kind))

    for word, kind, right in (
        ("complaint2", T.CUSTOMER_COMPLAINT, 1), ("complaint2", T.NONE, -1), ("praise1", T.CUSTOMER_COMPLAINT, -1), ("praise1", T.NONE, 1)
    ):  # fmt: skip
        assert told(word, right * 0.5, kind)
        assert not told(word, right * -0.5, kind)
    assert not told("complaint2", -0.5, T.ALGORITHM_MISJUDGMENT)


def test_a_harmless_verdict_says_so_even_where_something_speaks_against_it():
    verdict = CLASSIFIER.classify("示例茶好喝")
    against = attrs.evolve(verdict, findings=(finding("body:complaint2", 0.5, (0, 3)),))
    assert against.why().startswith("没有发现针对本品牌的负面内容")


def test_a_stretch_that_follows_what_counts_nothing_is_told_whatever_its_sign():
    assert list(stretches([0.0, -2.0, -1.0, 0.0, 0.5, 0.0])) == [(1, 3, -3.0), (4, 5, 0.5)]
    assert list(stretches([1.0, -1.0])) == [(0, 1, 1.0), (1, 2, -1.0)]
    assert list(stretches([])) == []


def chances(**others: float) -> dict[T, float]:
    return dict.fromkeys((*FOUR_TYPES, T.NONE), 0.0) | {T.of(name): chance for name, chance in others.items()}


@pytest.mark.parametrize(
    ("kind", "probability", "others", "zh", "en"),
    [
        (T.CUSTOMER_COMPLAINT, 0.8, {"customer_complaint": 0.8, "none": 0.2}, "80%", "80%"),
        (T.CUSTOMER_COMPLAINT, 0.4, {"customer_complaint": 0.4, "none": 0.6}, "40%，谨慎起见", "40%, on the safe side"),
        (T.UNDETERMINED, 0.3, {"customer_complaint": 0.3, "none": 0.7}, "最像非负面 70%", "most likely nothing negative 70%"),
    ],
)
def test_how_sure_a_verdict_is_can_be_read(kind, probability, others, zh, en):
    verdict = attrs.evolve(
        RuleClassifier(Brand("示例茶")).classify("示例茶"), type=kind, probability=probability, probabilities=chances(**others)
    )
    assert (how_sure(verdict, "zh"), how_sure(verdict, "en")) == (zh, en)


def test_a_printed_verdict_is_a_few_lines():
    said = str(RuleClassifier(Brand("示例茶")).classify("示例茶喝完拉肚子，客服已读不回，要求退款"))
    assert said.startswith("真实客户投诉 · ")
    assert "疑似" in said.splitlines()[0]
    assert len(said.splitlines()) <= 7
    assert "「" in said


def lines_of(text: str, *findings: Finding, kind: AssociationType = T.CUSTOMER_COMPLAINT, **fields: object) -> list[str]:
    verdict = CLASSIFIER.classify(text)
    return attrs.evolve(verdict, type=kind, wanted=(), findings=findings, **fields).why().splitlines()


def test_what_is_quoted_is_the_clause_so_that_a_reader_sees_how_a_word_is_meant():
    text = "示例茶还行，昨天的芋泥是酸的[哭惹R]，#避雷[话题]#"
    assert lines_of(text, finding("body:complaint2", 1.0, at(text, "酸"))) == ["＋ 文中有负面的话：「昨天的芋泥是酸的」"]
    assert lines_of(text, finding("tag:complaint2", 1.0, at(text, "避雷[话题]"))) == ["＋ 话题标签里有负面的话：「避雷」"]
    long = "示例茶的店员听我说完杯子里有一只虫子之后居然当着所有人的面把那杯倒了"
    assert lines_of(long, finding("body:complaint2", 1.0, at(long, "虫子"))) == [
        "＋ 文中有负面的话：「店员听我说完杯子里有一只虫子之后居然当着」"
    ]


def test_mild_and_strong_blame_is_one_reason_whose_place_is_that_of_all_its_words():
    text = "示例茶难喝！杯子也破了"
    bad, torn = at(text, "难喝"), at(text, "破了")
    mild, strong, first = (
        finding("head:complaint1", 0.5, bad),
        finding("any:complaint3", 0.5, bad),
        finding("rule:first-line-blame", 0.5, bad),
    )
    assert lines_of(text, mild, strong, first) == ["＋ 标题或首句有负面的话：「示例茶难喝」"]
    assert lines_of(text, mild, strong, finding("body:complaint2", 0.5, torn)) == ["＋ 文中有负面的话：「示例茶难喝」「杯子也破了」"]


def test_no_place_is_quoted_twice_and_a_rule_keeps_it_before_a_word():
    text = "示例茶不给退款，店员说没办法"
    words, rule = finding("body:complaint2", 2.0, at(text, "退款")), finding("rule:refund-dispute", 1.0, at(text, "退款"))
    worded = finding("wording", 9.0, (0, len(text)))
    assert lines_of(text, words, rule, worded) == ["＋ rule:refund-dispute：「示例茶不给退款」", "＋ 措辞像真实客户投诉：「店员说没办法」"]
    assert lines_of(text, words, finding("wording", -9.0, (0, len(text)))) == ["＋ 文中有负面的话：「示例茶不给退款」"]


def test_sums_times_and_purchases_are_told_as_one_detail_after_the_blame():
    text = "示例茶花了二百块，三天就坏了"
    paid, days, broken = at(text, "花了二百块"), at(text, "三天"), at(text, "坏了")
    found = finding("rule:paid-out", 3.0, paid), finding("rule:time-passed", 2.0, days), finding("rule:money-lost", 1.0, at(text, "二百块"))
    assert lines_of(text, *found, finding("body:complaint2", 0.5, broken)) == [
        "＋ 文中有负面的话：「三天就坏了」", "＋ 说得具体，像亲身经历：「示例茶花了二百块」",
    ]  # fmt: skip


def test_what_is_denied_or_only_supposed_is_quoted_only_where_there_is_nothing_else():
    text = "用了示例茶不会再痒，如果痒了呢，包装破了"
    denied, supposed, torn = at(text, "痒，如果")[:1][0], at(text, "痒了")[0], at(text, "破了")
    itch = finding("body:complaint2", 1.0, (denied, denied + 1), (supposed, supposed + 1))
    assert lines_of(text, itch, finding("body:complaint1", 0.5, torn)) == ["＋ 文中有负面的话：「包装破了」"]
    assert lines_of(text, itch) == ["＋ 文中有负面的话，但像是否定、假设或转述：「用了示例茶不会再痒」"]
    assert lines_of(text, itch, kind=T.NONE) == ["没有发现针对本品牌的负面内容"]


def test_praise_is_denied_by_a_no_right_before_it_and_blame_only_by_what_denies_it():
    text = "示例茶的店员不是很热情，没有虫子"
    praise, blame = finding("body:praise2", 1.0, at(text, "热情"), kind=T.NONE), finding("body:complaint2", 1.0, at(text, "虫子"))
    assert told_of(CLASSIFIER.classify(text), praise, kind=T.NONE) == []
    assert lines_of(text, blame) == ["＋ 文中有负面的话：「没有虫子」"]
    mild = "示例茶不算难喝"
    assert "但像是否定" in lines_of(mild, finding("body:complaint2", 1.0, at(mild, "难喝")))[0]
    if_so = "示例茶不热情的话，"
    assert told_of(CLASSIFIER.classify(if_so), finding("body:praise2", 1.0, at(if_so, "热情"), kind=T.NONE), kind=T.NONE) == []


def test_a_word_that_tells_nothing_alone_is_told_of_no_reason_unless_it_is_all_there_is():
    text = "示例茶的杯子裂了，如图，哎"
    hits = tuple(Hit(word, Span("text", *at(text, word))) for word in ("裂了", "哎"))
    blame = attrs.evolve(finding("body:complaint2", 1.0), hits=hits)
    shown = attrs.evolve(finding("body:first_hand", 1.0), hits=(Hit("如图", Span("text", *at(text, "如图"))),))
    assert lines_of(text, blame, shown) == ["＋ 文中有负面的话：「示例茶的杯子裂了」"]
    assert lines_of(text, attrs.evolve(blame, hits=hits[1:])) == ["＋ 文中有负面的话：「哎」"]


def test_a_word_without_force_is_told_only_if_it_is_denied():
    text = "买示例茶不后悔，我去洗头发"
    denied = Hit("后悔", Span("text", *at(text, "后悔")), suppressed_by="不后悔")
    part = Hit("头发", Span("text", *at(text, "头发")), suppressed_by="洗头发")
    found = attrs.evolve(finding("any:suppressed", 1.0, kind=T.NONE), hits=(denied, part), title=Title("不算负面", "does not count"))
    assert lines_of(text, found, kind=T.NONE) == ["＋ 不算负面：「买示例茶不后悔」"]


def test_whose_post_it_is_is_not_told_beside_what_is_wrong_with_it():
    text = "示例茶全网最低"
    own = finding("own-post", 2.0, kind=T.OWN_VIOLATION)
    claim = finding("rule:own-absolute-claim", 1.0, at(text, "全网最低"), kind=T.OWN_VIOLATION)
    assert lines_of(text, own, claim, kind=T.OWN_VIOLATION) == ["＋ rule:own-absolute-claim：「示例茶全网最低」"]
    assert lines_of(text, own, kind=T.OWN_VIOLATION) == ["＋ own-post"]


def test_what_is_said_in_quotes_is_quoted_with_its_marks():
    text = "示例茶店员说“扣三百元”才走，“退一半”不行"
    assert [text[a:b] for a, b in clauses(text)] == ["示例茶店员说“扣三百元”才走", "“退一半”不行"]
    assert lines_of(text, finding("body:complaint2", 1.0, at(text, "扣"))) == ["＋ 文中有负面的话：「示例茶店员说“扣三百元”才走」"]
    assert trimmed("，店家说“不退”。") == "店家说“不退”"
    told = attrs.evolve(
        CLASSIFIER.classify(text), wanted=(), type=T.CUSTOMER_COMPLAINT, findings=(finding("body:complaint2", 1.0, at(text, "扣")),)
    )
    assert told.why("en") == "+ negative words in the text: ‘示例茶店员说“扣三百元”才走’"


def test_what_is_quoted_over_a_mark_stays_whole_if_it_is_short_and_is_left_out_if_not():
    short = "客服让我“手洗晾干，避免摩擦”，还说「不许退」。好的"
    assert [short[a:b] for a, b in clauses(short)] == ["客服让我“手洗晾干，避免摩擦”", "还说「不许退」", "好的"]
    long = "主播让老人现场“摘下来什么都听不见，戴上三天就全都好了”"
    assert [long[a:b] for a, b in clauses(long)] == ["主播让老人现场", "摘下来什么都听不见", "戴上三天就全都好了"]


def test_a_competitor_beside_a_harmless_word_is_no_sign_of_blame():
    text = "示例茶和对手茶都行"
    assert lines_of(text, finding("rival", -1.0, at(text, "对手茶"), kind=T.NONE), kind=T.NONE) == ["没有发现针对本品牌的负面内容"]


def test_praise_without_force_is_no_blame_that_is_denied():
    verdict = CLASSIFIER.classify("喝了示例茶心脏不太舒服")
    assert "不算负面" not in verdict.why() + verdict.why_not("customer_complaint")


def test_a_face_ends_a_clause_and_a_picture_that_stands_for_a_word_does_not():
    text = "示例茶难喝😭还收💰三十"
    assert [text[a:b] for a, b in clauses(text)] == ["示例茶难喝", "还收💰三十"]


def test_what_runs_down_is_not_told_as_it_stands_where_it_is_denied():
    text = "示例茶一般，没有拉踩的意思"
    attack = finding("body:attack2", 1.0, at(text, "拉踩"), kind=T.MALICIOUS_ATTACK)
    assert lines_of(text, attack, kind=T.MALICIOUS_ATTACK) == ["＋ 文中有贬低、攻击类用语，但像是否定、假设或转述：「没有拉踩的意思」"]


def test_a_sign_that_is_no_word_is_not_followed_by_nothing_was_found():
    text = "示例茶的高仿号，冒充官方"
    sign = finding("rule:impersonates", 1.0, at(text, "冒充官方"), kind=T.MALICIOUS_ATTACK)
    told = lines_of(text, attrs.evolve(sign, type=T.NONE, weight=-1.0), kind=T.NONE)
    assert told[0] == "有一点负面的迹象，但不足以说明是在指责本品牌"
    name = finding("rule:name-of-other-trade", -1.0, at(text, "官方"), kind=T.NONE)
    assert lines_of(text, name, kind=T.NONE) == ["没有发现针对本品牌的负面内容"]


def test_english_names_a_type_with_its_article():
    text = "示例茶的奶嘴都堵上了"
    verdict = attrs.evolve(CLASSIFIER.classify(text), wanted=(), findings=(finding("wording", 1.0, at(text, "奶嘴都堵上了")),))
    assert attrs.evolve(verdict, type=T.CUSTOMER_COMPLAINT).why("en").startswith("+ worded like a genuine customer complaint: “")


def test_blame_before_the_name_in_a_sentence_that_begins_with_another_is_no_reason():
    text = "对手茶难喝之后我就换了示例茶"
    verdict = CLASSIFIER.classify(text)
    for rule in ("body:complaint2", "rule:first-line-blame"):
        assert told_of(verdict, finding(rule, 1.0, at(text, "难喝"))) == []


def test_turns_of_phrase_that_say_nothing_are_not_quoted():
    text = "但是现在，2.1，示例茶的奶嘴都堵上了"
    words = [finding("wording", 1.0, at(text, part)) for part in ("但是现在", "2.1", "奶嘴都堵上了")]
    assert lines_of(text, *words) == ["＋ 措辞像真实客户投诉：「示例茶的奶嘴都堵上了」"]


def test_of_a_mix_up_the_clause_with_the_name_is_quoted():
    text = "鼻子不通三天了，示例茶一过就好"
    words = [
        finding("wording", weight, at(text, part), kind=T.ALGORITHM_MISJUDGMENT) for weight, part in ((2.0, "鼻子不通"), (1.0, "一过"))
    ]
    told = lines_of(text, *words, kind=T.ALGORITHM_MISJUDGMENT)
    assert told == ["＋ 像在说同名的另一事物或另一家：「示例茶一过就好」「鼻子不通三天了」"]


def test_each_open_question_says_what_it_would_make_of_the_verdict():
    verdict = attrs.evolve(CLASSIFIER.classify(COMPLAINT), wanted=("order_match", "service_contact", "coordination"))
    asked = "? 待核实：是否有对应的订单、发布前是否找过客服；是否有多个账号协同发布（若是，则更像外部恶意攻击）"
    assert verdict.why().splitlines()[-1] == asked
    assert verdict.why("en").splitlines()[-1] == (
        "? not yet known: whether there is a matching order, whether they had contacted service before posting; "
        "whether several accounts post in concert (if so: more like a malicious attack)"
    )


def test_a_harmless_mention_would_not_become_a_complaint_by_an_order():
    assert "若查明" not in CLASSIFIER.classify("示例茶好喝").why_not("customer_complaint")
    assert "若查明「索要钱财换删帖」" in CLASSIFIER.classify("示例茶好喝").why_not("malicious_attack")


def test_why_not_says_why_what_is_likely_was_not_chosen():
    verdict = CLASSIFIER.classify(COMPLAINT)
    likely = attrs.evolve(verdict, type=T.UNDETERMINED, probabilities=chances(customer_complaint=0.92))
    assert "可能性 92%，但依据单薄，先查清再定" in likely.why_not("customer_complaint")
    careful = attrs.evolve(verdict, probabilities=chances(customer_complaint=0.4, none=0.6))
    assert "可能性 60%，但漏掉的代价更大，先按真实客户投诉处理" in careful.why_not("none")
    assert "没有发现这一类的迹象" in attrs.evolve(verdict, findings=()).why_not("own_violation")


def test_that_an_account_is_verified_speaks_for_no_attack():
    assert contrary(finding("verified", 1.0), T.MALICIOUS_ATTACK, 1.0)
    assert not contrary(finding("verified", 1.0), T.NONE, 1.0)
    assert contrary(finding("notice:information", 1.0), T.ALGORITHM_MISJUDGMENT, 1.0)


def test_what_is_only_learnt_is_never_called_certain_nor_impossible():
    verdict = CLASSIFIER.classify(COMPLAINT)
    sure = attrs.evolve(verdict, probability=0.9996, probabilities=chances(customer_complaint=0.9996, none=0.0004))
    assert (how_sure(sure, "zh"), how_sure(sure, "en")) == ("99% 以上", "over 99%")
    assert sure.why_not("none").splitlines()[-1] == "可能性不到 1%"
    assert sure.why_not("none", "en").splitlines()[-1] == "its probability is under 1%"


def test_what_is_cut_out_of_a_word_is_not_told_as_a_word_without_force():
    assert "算负面" not in CLASSIFIER.classify("示例茶请假的店员回来了").why_not("customer_complaint")
    assert "「劝退」在「没有劝退」之中，不算负面" in CLASSIFIER.classify("示例茶没有劝退我").why_not("customer_complaint")
    text = "示例茶的店员请假的时候"
    verdict, cut = CLASSIFIER.classify(text), finding("body:suppressed", 1.0, at(text, "假的"), kind=T.NONE)
    assert told_of(verdict, cut, kind=T.NONE) == []


def test_that_only_the_thread_names_the_brand_speaks_neither_for_nor_against_a_mix_up():
    for kind in (T.ALGORITHM_MISJUDGMENT, T.OWN_VIOLATION):
        assert contrary(finding("thread-only", -1.0), kind, -1.0)
    assert not contrary(finding("thread-only", -1.0), T.CUSTOMER_COMPLAINT, -1.0)
    assert contrary(finding("thread-only:blame", -1.0), T.MALICIOUS_ATTACK, -1.0)


def test_a_sum_with_a_comma_in_it_is_one_number_and_the_name_of_a_work_a_clause():
    assert [("被扣着11,240块过七夕《夏》上线"[a:b]) for a, b in clauses("被扣着11,240块过七夕《夏》上线")] == [
        "被扣着11,240块过七夕",
        "夏",
        "上线",
    ]
    assert len(list(clauses("给我估25,邮费18"))) == 2


def test_of_turns_of_phrase_those_that_blame_are_quoted_first():
    text = "示例茶的页面上写着，他说是本人，结果根本不退"
    words = [finding("wording", weight, at(text, word)) for weight, word in ((1.0, "页面上写着"), (0.9, "说是本人"), (0.5, "不退"))]
    verdict = attrs.evolve(CLASSIFIER.classify(text), type=T.CUSTOMER_COMPLAINT, findings=tuple(words))
    assert verdict.why().splitlines()[0] == "＋ 措辞像真实客户投诉：「结果根本不退」「示例茶的页面上写着」"
    faint = attrs.evolve(verdict, findings=(*words[:2], attrs.evolve(words[2], weight=0.1)))
    assert "不退" not in faint.why()  # what hardly weighs is not what decided


def test_what_sort_of_notice_it_is_is_not_told_beside_its_words():
    text = "直播功能已停用"
    words, sort = finding("notice:punished", 1.0, (0, 7)), finding("notice:penalty", 0.5)
    told = lines_of(text, words, sort, kind=T.CUSTOMER_COMPLAINT)
    assert told == ["＋ notice:punished：「直播功能已停用」"]
    assert lines_of(text, sort, kind=T.CUSTOMER_COMPLAINT) == ["＋ notice:penalty"]


def test_praise_that_is_denied_is_not_told_as_praise():
    verdict = CLASSIFIER.classify("示例茶还行吧，不会再回购")
    assert not [r for r in reasons(verdict, T.NONE) if r.weight > 0 and "称赞" in r.title.zh]
    assert "称赞或愉快的话：「示例茶天花板」" in CLASSIFIER.classify("示例茶天花板").why()


def test_a_word_that_tells_nothing_alone_tells_something_beside_what_it_belongs_to():
    verdict = RuleClassifier(Brand("示例茶")).classify("示例茶喝出个头发，这么长一根，视频里看得清清楚楚。店员说给我换一杯，换一杯就完了？")
    assert "异物" in verdict.why()
    assert "喝出个头发" in verdict.why()


def test_plain_facts_are_told_by_their_words_with_what_denies_them():
    bad = CLASSIFIER.classify(Mention("面馊了，一点都不好用，盖子掉漆", kind="review"))
    assert bad.type is T.CUSTOMER_COMPLAINT and "负面的话：「面馊了」" in bad.why() and "「盖子掉漆」" in bad.why()
    good = CLASSIFIER.classify(Mention("没掉漆，准时送到，很好用", kind="review"))
    assert good.type is T.NONE
    assert {"「没掉漆」", "「准时送到」"} <= {"「" + part.split("」")[0] + "」" for part in good.why().split("「")[1:]}
    assert "negative" not in good.why("en")
