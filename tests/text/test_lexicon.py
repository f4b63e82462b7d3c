"""Lexicons are read strictly, and their terms are found as a naive search would find them, in one pass."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.errors import DataError
from negassoc.records import Title
from negassoc.text import Cue, Lexicon, Match, TermIndex, load_lexicons, normal
from negassoc.text.lexicon import USES

TITLE = Title("坑", "pit")


def lexicon(id_: str, use: str, *terms: str, strength: int = 2) -> Lexicon:
    return Lexicon(id_, TITLE, use, dict.fromkeys(terms, strength))


def naive(lexicons: list[Lexicon], text: str) -> list[tuple[int, int, str, str | None]]:
    """What `scan` promises, written for reading: every place of every term, less what lies in a longer one of its use."""
    uses = dict[str, set[str]]()
    for one in lexicons:
        for term in one.terms:
            uses.setdefault(term, set()).add(one.use)
    places = [(i, i + len(t), t) for t in uses for i in range(len(text)) if text.startswith(t, i)]

    def inside(a: tuple[int, int, str], b: tuple[int, int, str]) -> bool:
        return b[0] <= a[0] and a[1] <= b[1] and b[1] - b[0] > a[1] - a[0]

    found = []
    for place in sorted(places, key=lambda p: (p[0], -p[1])):
        use = uses[place[2]]
        if "allowed" in use or all(any(inside(place, o) and u in uses[o[2]] for o in places) for u in use):
            continue
        around = [o for o in places if inside(place, o) and "allowed" in uses[o[2]]]
        found.append((*place, bool(around)))
    return found


letters = st.text(st.sampled_from("坑踩雷没"), min_size=1, max_size=4).filter(lambda word: normal(word) == word)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(letters, max_size=6, unique=True),
    st.lists(letters, max_size=4, unique=True),
    st.lists(letters, max_size=4, unique=True),
    st.text(st.sampled_from("坑踩雷没,"), max_size=40),
)
def test_a_scan_finds_what_a_naive_search_finds(bad, attack, allowed, text):
    lexicons = [lexicon("bad", "complaint", *bad), lexicon("attack", "attack", *attack), lexicon("ok", "allowed", *allowed)]
    found = [(m.start, m.end, m.term, m.suppressed_by is not None) for m in TermIndex(lexicons).scan(text)]
    assert found == naive(lexicons, text)
    for match in TermIndex(lexicons).scan(text):
        assert text[match.start : match.end] == match.term
        assert match.suppressed_by is None or (match.suppressed_by in allowed and match.term in match.suppressed_by)


@settings(max_examples=100, deadline=None)
@given(st.permutations(list(range(4))), st.text(st.sampled_from("坑踩雷没好,"), max_size=30))
def test_the_order_of_the_lexicons_does_not_matter(order, text):
    lexicons = [
        lexicon("a", "complaint", "踩雷", "坑"), lexicon("b", "praise", "好"), lexicon("c", "allowed", "没踩雷"), lexicon("d", "attack", "踩雷坑"),
    ]  # fmt: skip
    expected = TermIndex(lexicons).scan(text)
    found = TermIndex([lexicons[i] for i in order]).scan(text)
    assert [(m.start, m.end, set(m.cues), m.suppressed_by) for m in found] == [
        (m.start, m.end, set(m.cues), m.suppressed_by) for m in expected
    ]


def test_a_term_inside_an_allowed_phrase_says_so_and_elsewhere_counts():
    index = TermIndex([lexicon("pit", "complaint", "踩雷"), lexicon("ok", "allowed", "没踩雷", "从来没踩雷")])
    assert [(m.start, m.suppressed_by) for m in index.scan("从来没踩雷，别人踩雷")] == [(3, "从来没踩雷"), (8, None)]


def test_a_phrase_that_is_the_term_itself_does_not_suppress_it():
    index = TermIndex([lexicon("pit", "complaint", "踩雷"), lexicon("ok", "allowed", "踩雷"), lexicon("ok2", "allowed", "雷没")])
    assert index.scan("踩雷没") == []


def test_of_one_use_only_the_longest_counts_of_several_uses_each():
    index = TermIndex([lexicon("pit", "complaint", "难用", "太难用"), lexicon("no", "attack", "难用"), lexicon("y", "complaint", "用了")])
    assert [(m.term, [c.use for c in m.cues]) for m in index.scan("太难用了")] == [
        ("太难用", ["complaint"]), ("难用", ["complaint", "attack"]), ("用了", ["complaint"]),
    ]  # fmt: skip


def test_terms_are_kept_in_normal_form_and_one_term_may_be_a_cue_of_several_lexicons():
    index = TermIndex([lexicon("a", "complaint", "退貨", "ＫＦＣ"), lexicon("b", "topic", "退货"), lexicon("e", "complaint", "\u200b")])
    assert set(index.terms) == {"退货", "kfc"}
    assert index.scan("退货") == [Match(0, 2, "退货", (Cue("a", "complaint", 2), Cue("b", "topic", 2)))]


def test_strength_is_part_of_the_key_only_where_it_matters():
    assert Cue("a", "complaint", 3).key == "complaint3"
    assert Cue("a", "attack", 3).key == "attack"


def test_an_index_survives_pickling_and_an_empty_one_finds_nothing():
    index = TermIndex([lexicon("pit", "complaint", "踩雷")])
    assert pickle.loads(pickle.dumps(index)).scan("踩雷") == index.scan("踩雷")
    assert TermIndex([]).scan("踩雷") == []
    assert index.scan("") == []


def test_many_overlapping_finds_take_time_in_proportion_to_the_text():
    import time

    index = TermIndex([lexicon("pit", "complaint", "踩雷"), lexicon("ok", "allowed", "没踩雷")])
    index.scan("没踩雷" * 10)
    began = time.process_time()
    assert len(index.scan("没踩雷" * 20_000)) == 20_000
    assert time.process_time() - began < 2


def test_a_lexicon_file(tmp_path):
    path = tmp_path / "prices.txt"
    path.write_text("# title: 价格 | price\n# use: complaint\n# industry: tea food\n# a remark\n太贵\n坑人\t3\n\n智商税\t2\n", "utf-8-sig")
    assert Lexicon.load(path) == Lexicon(
        "prices", Title("价格", "price"), "complaint", {"太贵": 0, "坑人": 3, "智商税": 2}, ("tea", "food")
    )


def test_every_mistake_of_a_pack_is_named_with_its_place(tmp_path):
    folder = tmp_path / "lexicons"
    folder.mkdir()
    (folder / "a.txt").write_text("# title: 甲\n太贵\t4\n坑\tstrong\n坑人\t3\n坑人\t2\n", "utf-8")
    (folder / "b.txt").write_bytes("# title: 乙\n# use: praise\n好".encode("gbk"))
    (folder / "c.txt").write_text("# title: 丙\n# use: praise\n好\n", "utf-8")
    with pytest.raises(DataError) as error:
        load_lexicons(tmp_path)
    a, b = folder / "a.txt", folder / "b.txt"
    assert [str(problem) for problem in error.value.problems] == [
        f"{a}:2: strength '4' is not 0, 1, 2 or 3",
        f"{a}:3: strength 'strong' is not 0, 1, 2 or 3",
        f"{a}:5: '坑人' stands here twice",
        f"{a}:1: no '# use: …' line, such as '# use: complaint'",
        f"{b}: not a UTF-8 text file; save it as UTF-8",
    ]


def test_a_title_without_an_english_twin_serves_for_both(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("# title: 价格\n# use: topic\n贵\n", "utf-8")
    assert Lexicon.load(path).title == Title("价格", "价格")


def test_the_packaged_lexicons_are_loaded_once_and_hold_no_word_twice_in_one_file():
    assert load_lexicons() is load_lexicons()
    assert {"complaint", "praise", "allowed", "attack"} <= {one.use for one in load_lexicons()}


def test_praise_inside_blame_is_left_out_and_blame_inside_praise_is_not():
    blame = Lexicon("b", TITLE, "complaint", {"不好用": 2, "翻车": 2})
    index = TermIndex([blame, Lexicon("g", TITLE, "praise", {"好用": 2, "没翻车": 2})])
    assert [match.term for match in index.scan("不好用")] == ["不好用"]
    assert [match.term for match in index.scan("没翻车")] == ["没翻车", "翻车"]


def test_a_use_that_counts_nothing_is_refused_with_the_nearest_one(tmp_path):
    path = tmp_path / "ours.txt"
    path.write_text("# title: 口感\n# use: complaints\n刺嗓子\t2\n", "utf-8")
    with pytest.raises(DataError, match=r"ours.txt:1: use 'complaints' is none of allowed, .*did you mean 'complaint'\?"):
        Lexicon.load(path)


def test_every_known_use_is_one_that_the_packaged_words_have():
    assert {lexicon.use for lexicon in load_lexicons()} == set(USES)


FAULTS = TermIndex([Lexicon("f", Title("毛病", "faults"), "complaint", {"漏水": 2, "差评": 1, "退钱": 2}, faults=True)])
DEMANDS = TermIndex([Lexicon("d", Title("诉求", "demands"), "complaint", {"漏水": 2, "退钱": 2})])


@pytest.mark.parametrize(
    "text",
    [
        "没漏水",
        "没有漏水",
        "没有任何漏水",
        "不漏水",
        "不会漏水",
        "零差评",
        "告别漏水",
        "从不漏水",
        "哪有漏水",
        "不再漏水",
        "没漏过水,没漏水",
    ],
)
def test_a_denied_fault_says_with_what_it_is_denied(text):
    denied = [match.suppressed_by for match in FAULTS.scan(text)]
    assert all(denied), denied
    assert all(by in text and len(by) > 2 for by in denied)


@pytest.mark.parametrize(
    "text", ["漏水", "有没有漏水", "是不是漏水", "会不会漏水", "没,漏水", "没人管,漏水", "没想到漏水", "说不漏水,却漏水了"]
)
def test_a_fault_that_is_asked_after_or_stands_apart_is_none_denied(text):
    assert FAULTS.scan(text)[-1].suppressed_by is None


def test_what_is_no_fault_is_not_denied():
    assert [match.suppressed_by for match in DEMANDS.scan("没退钱,没漏水")] == [None, None]


def test_a_term_that_is_a_fault_in_one_lexicon_only_is_not_denied():
    both = TermIndex([*FAULTS.lexicons.values(), *DEMANDS.lexicons.values()])
    assert [(m.term, m.suppressed_by) for m in both.scan("没退钱,零差评")] == [("退钱", None), ("差评", "零差评")]


def test_a_lexicon_of_faults_says_so_in_its_file(tmp_path):
    (tmp_path / "f.txt").write_text("# title: 毛病 | faults\n# use: complaint\n# faults: yes\n漏水\t2\n", "utf-8")
    (tmp_path / "g.txt").write_text("# title: 毛病 | faults\n# use: complaint\n漏水\t2\n", "utf-8")
    assert [Lexicon.load(tmp_path / name).faults for name in ("f.txt", "g.txt")] == [True, False]


@pytest.mark.parametrize("term", ["退款", "退钱", "发货", "客服", "售后", "赔偿"])
def test_no_packaged_fault_is_a_thing_whose_lack_is_the_blame(term):
    assert [
        lexicon.id
        for lexicon in load_lexicons()
        if lexicon.faults and term in lexicon.terms and {x.id for x in load_lexicons() if term in x.terms} == {lexicon.id}
    ] == []


def test_plain_facts_can_be_denied_without_saying_so_in_the_file():
    index = TermIndex([lexicon("bad", "fault", "掉漆", "异味"), lexicon("good", "merit", "新鲜", "没有异味")])
    found = [(m.term, m.keys, m.suppressed_by) for m in index.scan("没掉漆,不新鲜,没有异味,再也不怕异味,有没有掉漆")]
    assert found == [
        ("掉漆", ("fault2",), "没掉漆"),
        ("新鲜", ("merit2",), "不新鲜"),
        ("没有异味", ("merit2",), None),
        ("异味", ("fault2",), None),
        ("掉漆", ("fault2",), None),
    ]


def test_a_merit_hides_the_blame_inside_of_it_and_a_fault_the_praise():
    blame, praise = lexicon("blame", "complaint", "异味"), lexicon("praise", "praise", "新鲜")
    index = TermIndex([blame, praise, lexicon("good", "merit", "没有异味"), lexicon("bad", "fault", "不新鲜")])
    assert [m.term for m in index.scan("没有异味,不新鲜,异味,新鲜")] == ["没有异味", "不新鲜", "异味", "新鲜"]


def test_a_term_of_several_lexicons_is_a_cue_of_all():
    index = TermIndex([lexicon("one", "fault", "ＫＦＣ凉了"), lexicon("two", "complaint", "kfc凉了", "KFC凉了")])
    (match,) = index.scan("kfc凉了")
    assert match.cues == (Cue("one", "fault", 2), Cue("two", "complaint", 2)) and match.keys == ("fault2", "complaint2")


def test_the_packaged_faults_and_merits_contradict_nowhere():
    terms = {use: {normal(t) for one in load_lexicons() if one.use == use for t in one.terms} for use in ("fault", "merit")}
    assert len(terms["fault"]) > 9000 and len(terms["merit"]) > 5000
    assert not terms["fault"] & terms["merit"]
    assert min(map(len, terms["fault"] | terms["merit"])) >= 2
