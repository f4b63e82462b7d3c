"""Rules: each packaged one does what its examples say; a wrong file is named with every mistake in it."""

from __future__ import annotations

import pickle

import attrs
import pytest

from negassoc.brand import Account, Brand
from negassoc.classify import AssociationType, Rule, RuleSet
from negassoc.classify.reading import Reading
from negassoc.classify.rules import EXAMPLE_BRAND, Fired
from negassoc.classify.signals import signals_of
from negassoc.classify.weights import DATA
from negassoc.errors import DataError, UnknownNameError
from negassoc.mention import Author, Kind, Mention
from negassoc.records import Title
from negassoc.text import ALIKE, Lexicon, Roles, TermIndex, beside_words

PACKAGED = RuleSet.load(DATA)
BRAND = attrs.evolve(EXAMPLE_BRAND, official_accounts=(Account(platform="xiaohongshu", id="own"),))
ROLES = Roles(BRAND)
INDEX = TermIndex([Lexicon("staff", Title("客服", "staff"), "topic", {"客服": 0, "店员": 0})])


def rule(id_: str = "r", **fields: object) -> Rule:
    given: dict[str, object] = {
        "type": AssociationType.CUSTOMER_COMPLAINT, "title": Title("题", "title"), "all": (("退款",),), "match": ("退款",), "not_match": ("好",),
    }  # fmt: skip
    return Rule(id=id_, **(given | fields))  # type: ignore[arg-type]


def fired(one: Rule, mention: Mention | str) -> Fired | None:
    reading = Reading.of(Mention.of(mention), ROLES)
    found = RuleSet([one]).fired(reading, signals_of(reading, INDEX))
    return found[0] if found else None


EXAMPLES = [(r.id, text, True) for r in PACKAGED.rules.values() for text in r.match] + [
    (r.id, text, False) for r in PACKAGED.rules.values() for text in r.not_match
]


@pytest.mark.parametrize(("rule_id", "text", "holds"), EXAMPLES, ids=[f"{r}: {'' if h else 'not '}{t}" for r, t, h in EXAMPLES])
def test_the_examples_of_the_packaged_rules(rule_id, text, holds):
    alone = RuleSet([PACKAGED.get(rule_id)])
    problems = [problem.what for problem in alone.check_examples() if text in problem.what]
    assert problems == []
    assert text in (alone.get(rule_id).match if holds else alone.get(rule_id).not_match)


def test_every_packaged_rule_has_examples_of_both_sorts():
    # what its kind alone makes true (a search suggestion on the name) has no counter-example; no ordinary word is the example brand's name
    without = [r.id for r in PACKAGED.rules.values() if not r.match or not (r.not_match or r.kinds)]
    assert without == [r.id for r in PACKAGED.rules.values() if ("@ordinary_name",) in r.all]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("清道夫把我一缸鱼都吃了，养鱼的别买", {"ordinary-name-other-trade"}),
        ("清道夫又在门口吵架了", set()),
        ("沈阳那个清道夫真凶", set()),
        ("沈阳那家清道夫管道疏通乱要价", {"name-of-other-trade", "ordinary-name-other-trade", "other-city-before-name"}),
        ("清道夫扫地机卡在门口", set()),
        ("清道夫管道疏通乱要价", {"name-of-other-trade", "ordinary-name-other-trade"}),
        ("清道夫的R9才用一周，养鱼的人别买", set()),
    ],
)
def test_what_the_brand_file_says_tells_whose_affair_it_is(text, rules):
    roles = Roles(Brand("清道夫", industry="扫地机器人", city="苏州", products=("R9",)))
    reading = Reading.of(Mention(text), roles)
    whose = RuleSet([r for r in PACKAGED.rules.values() if any(item[:1] == "@" for group in r.all for item in group)])
    assert {found.rule.id for found in whose.fired(reading, signals_of(reading, INDEX))} == rules


def test_an_example_that_does_not_hold_is_named():
    wrong = RuleSet([rule(match=("挺好",), not_match=("要退款", "好"))])
    assert [str(problem) for problem in wrong.check_examples()] == ["r: should match: 挺好", "r: should not match: 要退款"]


def test_all_groups_must_be_found_and_the_places_are_those_of_the_body():
    one = rule(all=(("退款", "退钱"), ("@staff",)))
    assert fired(one, "不给退款") is None
    assert fired(one, "客服很好") is None
    held = fired(one, "客服不给退钱")
    assert held is not None
    assert held.name == "rule:r"
    assert held.places == ((4, 6), (0, 2))


@pytest.mark.parametrize(("within", "holds"), [(None, True), (4, False), (5, True)])
def test_within(within, holds):
    assert (fired(rule(all=(("退款",), ("客服",)), within=within), "退款一二三四五客服") is not None) is holds


def test_within_looks_at_every_place():
    held = fired(rule(all=(("退款",), ("客服",)), within=3), "退款，" + "好吃" * 30 + "退款找客服")
    assert held is not None
    assert held.places == ((63, 65), (66, 68))


@pytest.mark.parametrize(
    ("inside", "text", "holds"),
    [
        ("sentence", "退款。找客服", False), ("sentence", "退款，找客服", True), ("sentence", "客服。退款。客服好，退款", True),
        ("clause", "退款，找客服", False), ("clause", "退款 找客服", True), ("sentence", "退款……客服", False),
    ],
)  # fmt: skip
def test_inside_of_one_sentence_or_clause(inside, text, holds):
    assert (fired(rule(all=(("退款",), ("客服",)), inside=inside), text) is not None) is holds
    assert fired(rule(all=(("退款",), ("客服",)), inside=inside, within=0), text) is None


def test_inside_takes_the_places_that_stand_together():
    held = fired(rule(all=(("退款",), ("客服",)), inside="sentence"), "退款。好喝，客服好，退款慢")
    assert held is not None
    assert held.places == ((10, 12), (6, 8))


def test_inside_of_a_thread_title():
    one = rule(all=(("退款",), ("客服",)), inside="sentence", where="thread")
    for title, holds in (("退款。客服", False), ("退款找客服", True)):
        assert (fired(one, Mention("同感。好", kind=Kind.COMMENT, thread_title=title)) is not None) is holds


def test_within_is_quick_where_there_are_very_many_places():
    import time

    began = time.process_time()
    assert fired(rule(all=(("退款",), ("客服",)), within=1), "退款" * 4000 + "好" * 5 + "客服" * 4000) is None
    assert time.process_time() - began < 2


def test_none_of_forbids():
    one = rule(none=("已解决", "re:到账了?"))
    assert fired(one, "不退款")
    assert fired(one, "退款已解决") is None
    assert fired(one, "退款到账") is None


def test_patterns_are_searched_in_the_normal_form():
    assert fired(rule(all=((r"re:\d+(元|块)",),)), "花了１００元")
    assert fired(rule(all=((r"re:\d+(元|块)",),)), "花了一百元") is None


def test_words_are_searched_in_the_normal_form():
    assert fired(rule(all=(("退貨",),)), "不给退货")
    assert fired(rule(), "不给退/款")


@pytest.mark.parametrize(
    ("mention", "holds"),
    [
        (Mention("退款"), True),
        (Mention("第一句。退款"), False),
        (Mention("正文退款", title="标题"), False),
        (Mention("正文", title="退款"), True),
        (Mention("#示例茶# 退款吧。好"), True),
    ],
)
def test_where_head(mention, holds):
    assert (fired(rule(where="head"), mention) is not None) is holds


def test_where_thread():
    one = rule(where="thread")
    assert fired(one, Mention("同感", kind=Kind.COMMENT, thread_title="要退款"))
    assert fired(one, Mention("退款", kind=Kind.COMMENT, thread_title="挺好")) is None
    assert fired(one, Mention("退款", kind=Kind.COMMENT)) is None


def test_kinds_and_situations():
    assert fired(rule(kinds=(Kind.COMMENT,)), Mention("退款", kind=Kind.COMMENT))
    assert fired(rule(kinds=(Kind.COMMENT,)), "退款") is None
    own = Mention("退款", platform="xiaohongshu", author=Author(id="own"))
    assert fired(rule(situations=("own",)), own)
    assert fired(rule(situations=("own",)), "退款") is None


@pytest.mark.parametrize(
    ("role", "text"), [("brand", "示例茶退款"), ("product", "示例乌龙退款"), ("rival", "对手茶退款"), ("other", "示例酒店退款")]
)
def test_roles_must_be_named(role, text):
    assert fired(rule(roles=(role,)), text)
    assert fired(rule(roles=(role,)), "退款") is None


@pytest.mark.parametrize("word", beside_words())
def test_what_makes_a_word_a_landmark_is_said_once(word):
    landmark = rule(all=(("re:医院(?!{beside}|店)",),))
    assert fired(landmark, "示例茶医院乱收费")
    assert fired(landmark, f"示例茶医院{word}乱收费") is None
    assert fired(PACKAGED.get("name-in-longer-name"), f"示例茶医院{word}乱收费") is None


def test_a_set_tells_which_of_its_rules_ask_for_a_lexicon():
    rules = RuleSet([rule("own", all=(("二手", "@name_looks_alike"),)), rule("other", all=(("name_looks_alike", "@praise"),))])
    assert rules.asking(*ALIKE) == {"own"}
    assert PACKAGED.asking(*ALIKE) == {"like-name-by-sound", "like-name-by-look"}


def test_a_set_laid_over_another_replaces_by_id_and_adds():
    both = RuleSet([rule("a"), rule("b")]) | RuleSet([rule("b", all=(("好",),)), rule("c")])
    assert list(both.rules) == ["a", "b", "c"]
    assert both.get("b").all == (("好",),)
    assert len(both) == 3


def test_an_unknown_rule_is_named_with_its_neighbour():
    with pytest.raises(UnknownNameError, match="did you mean 'refund'"):
        RuleSet([rule("refund")]).get("refnud")


def test_a_set_survives_pickling():
    again = pickle.loads(pickle.dumps(PACKAGED))
    reading = Reading.of(Mention("示例茶喝完拉肚子，客服不理，退款也不给"), ROLES)
    signals = signals_of(reading, INDEX)
    told = [[(fired.name, fired.places) for fired in rules.fired(reading, signals)] for rules in (again, PACKAGED)]
    assert told[0] == told[1] != []


def test_a_rule_can_ask_for_words_of_the_post_above():
    echo = Rule(
        id="echo",
        type=AssociationType.CUSTOMER_COMPLAINT,
        title=Title("题", "t"),
        all=(("我也",),),
        thread=("漏水", "re:坏[了掉]"),
        match=(),
        not_match=(),
    )
    rules = RuleSet([echo])

    def fires(thread, text="我也是"):
        reading = Reading.of(Mention(text, kind="comment", thread_title=thread), ROLES)
        return [fired.rule.id for fired in rules.fired(reading, signals_of(reading, INDEX))]

    assert fires("示例茶杯子漏水") == fires("示例茶杯子坏了") == ["echo"]
    assert fires("示例茶打卡") == fires(None) == fires("示例茶杯子漏水", "好看") == []


def test_every_mistake_of_the_rule_files_is_named_with_its_place(tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    good = 'type = "customer_complaint"\ntitle = { zh = "题", en = "t" }\nmatch = ["退款"]\nnot_match = ["好"]\n'
    (folder / "a.toml").write_text(
        f'[[rule]]\nid = "a"\n{good}all = [["退款"]]\nwithn = 3\n\n[[rule]]\nid = "b"\n{good}all = [["退款"]]\nwhere = "tail"\n', "utf-8"
    )
    (folder / "b.toml").write_text(f'[[rule]]\nid = "c"\n{good}all = [["re:(退"]]\n\n[[rule]]\nid = "c"\n{good}all = ["退款"]\n', "utf-8")
    (folder / "c.toml").write_text(f'[[rule]]\nid = "d"\n{good}all = [["re:(退"]]\n\n[[rule]]\nid = "d"\n{good}all = [["好"]]\n', "utf-8")
    (folder / "d.toml").write_text(f'[[rule]]\nid = "e"\n{good}all = [["re:医院{{besides}}退{{1,2}}"]]\n', "utf-8")
    with pytest.raises(DataError) as error:
        RuleSet.load(tmp_path)
    shown = [str(problem).replace(str(folder), "rules").replace(str(tmp_path), ".") for problem in error.value.problems]
    assert shown == [
        (
            "rules/a.toml:8: rule.0.withn: unknown key; did you mean 'within'? known are id, type, title, all, none, within, inside, where, kinds, "
            "situations, roles, thread, longest, facet, weight, least, match, not_match"
        ),
        "rules/a.toml:17: rule.1.where: 'tail' is not one of anywhere, head, thread",
        "rules/b.toml:15: rule.1.all.0: expected a list, found '退款'",
        "rules/c.toml: rule d: 're:(退' is no regular expression: missing ), unterminated subpattern at position 0",
        "rules/d.toml: rule e: {besides} stands for no list of words; known is {beside}",
        ".: rule id 'd' is used twice",
    ]


def test_a_pack_without_rules_is_an_empty_set(tmp_path):
    assert len(RuleSet.load(tmp_path)) == 0


def test_what_is_remembered_of_rules_is_bounded(monkeypatch):
    monkeypatch.setattr("negassoc.classify.rules._MOST_REMEMBERED", 2)
    rules = RuleSet([rule(name, all=((word,),)) for name, word in (("a", "退"), ("b", "换"), ("c", "修"))])
    for text in ("退", "换", "修", "退换", "换修", "退修", "好") * 2:
        reading = Reading.of(Mention(text), ROLES)
        held = rules.fired(reading, signals_of(reading, INDEX))
        assert [fired.rule.all[0][0] for fired in held] == [word for word in "退换修" if word in text]
        assert len(rules._candidates) <= 2


def test_a_word_is_not_found_inside_a_longer_one():
    rules = RuleSet([rule("refused", all=(("不认",),))], {"不认": ("不认识", "认不认")})
    for again in (rules, pickle.loads(pickle.dumps(rules)), rules | RuleSet([rule("b")])):
        for text, held in (("我不认识他", False), ("你认不认", False), ("我不认识他,店家不认账", True), ("不认", True)):
            reading = Reading.of(Mention(text), ROLES)
            found = again.fired(reading, signals_of(reading, INDEX))
            assert [(f.rule.id, [reading.body[s:e] for s, e in f.places]) for f in found] == [("refused", ["不认"])] * held, text


def test_a_pattern_is_found_inside_a_longer_word():
    rules = RuleSet([rule("word", all=(("不认",),)), rule("pattern", all=(("re:不认.{0,3}他",),))], {"不认": ("不认识",)})
    reading = Reading.of(Mention("我不认识他"), ROLES)
    assert [f.rule.id for f in rules.fired(reading, signals_of(reading, INDEX))] == ["pattern"]


def test_longer_words_of_another_set_are_added_and_none_is_lost(tmp_path):
    mine = RuleSet([rule("b")], {"不认": ("不认账本",), "哈哈": ("哈哈哈",)})
    assert (RuleSet([], {"不认": ("不认识",)}) | mine).longer == {"不认": ("不认识", "不认账本"), "哈哈": ("哈哈哈",)}
    (tmp_path / "rules").mkdir()
    for name, outer in (("a", "不认识"), ("b", "不认得")):
        (tmp_path / "rules" / f"{name}.toml").write_text(f'[longer]\n"不认" = ["{outer}"]\n', "utf-8")
    assert RuleSet.load(tmp_path).longer == {"不认": ("不认识", "不认得")}


def test_a_word_that_stands_in_a_longer_one_more_than_once_is_not_found_at_all():
    rules = RuleSet([rule("laughs", all=(("哈哈",),))], {"哈哈": ("哈哈哈",)})
    reading = Reading.of(Mention("哈哈哈"), ROLES)
    assert rules.fired(reading, signals_of(reading, INDEX)) == []


def test_a_longer_word_that_does_not_hold_the_word_is_named(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "longer.toml").write_text('[longer]\n"不认" = ["不识"]\n', "utf-8")
    with pytest.raises(DataError, match="'不识' does not hold '不认'"):
        RuleSet.load(tmp_path)


def test_the_packaged_longer_words_are_those_of_words_in_rules():
    used = {item for one in PACKAGED.rules.values() for group in (*one.all, one.none) for item in group}
    assert [word for word in PACKAGED.longer if word not in used] == []


LISTED = """
[lists]
elsewhere = ["隔壁", "re:别家.{0,2}"]
[[rule]]
id = "mine"
type = "customer_complaint"
title = { zh = "题", en = "title" }
all = [["漏水"]]
none = ["list:elsewhere", "没"]
match = ["示例茶漏水"]
not_match = ["隔壁漏水", "别家也漏水", "没漏水"]
"""


def test_a_list_stands_for_its_items_in_every_rule_of_its_file(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.toml").write_text(LISTED, "utf-8")
    read = RuleSet.load(tmp_path)
    assert read.get("mine").none == ("隔壁", "re:别家.{0,2}", "没")
    assert list(read.check_examples()) == []


def test_a_list_that_is_not_there_is_named_with_its_rule(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.toml").write_text(LISTED.replace("elsewhere =", "else_where ="), "utf-8")
    with pytest.raises(DataError, match=r"rule mine: 'list:elsewhere' names no list under \[lists\] of this file"):
        RuleSet.load(tmp_path)


def test_a_bad_pattern_in_a_list_is_named(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.toml").write_text(LISTED.replace("re:别家.{0,2}", "re:别家("), "utf-8")
    with pytest.raises(DataError, match="is no regular expression"):
        RuleSet.load(tmp_path)
