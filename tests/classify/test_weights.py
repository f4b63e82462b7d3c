"""Weights: tables that people can read, written and read back, whose sums are the sums of their parts."""

from __future__ import annotations

import math
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.classify import AssociationType, Rule
from negassoc.classify.fit import runs_of
from negassoc.classify.weights import ASKED, DATA, STATEMENT, WORDING_SCALE, Table, Weights, WordingIndex, as_worded
from negassoc.errors import DataError
from negassoc.records import Title

SIGNALS = {"bias": (-1.0, 0.5), "blame": (2.0, 0.0), "praise": (-1.5, 0.25), "only-second": (0.0, 3.0)}
WORDINGS = {"退": (0.5, 0.0), "退款": (1.25, -0.5), "好": (-2.0, 0.0), "客服": (0.0, 1.0)}
TABLE = Table(("a", "b"), SIGNALS, WORDINGS)

values = st.dictionaries(st.sampled_from([*SIGNALS, "unknown"]), st.floats(-5, 5), max_size=5).map(
    lambda v: {k: x for k, x in v.items() if k != "bias"}
)
texts = st.text(st.sampled_from("退款好客服的\n"), max_size=30)


@settings(max_examples=200, deadline=None)
@given(values, texts)
def test_each_total_is_the_sum_of_its_parts(signals, text):
    for name in TABLE.columns:
        question = TABLE.column(name)
        parts = question.parts(signals, text)
        assert math.isclose(question.total(signals, text), parts.total, abs_tol=1e-9)
        assert question.totals(signals, text) == [pytest.approx(parts.total)]
        assert math.isclose(sum(w for _, w in (*parts.signals, *parts.wordings)), parts.total, abs_tol=1e-9)


@settings(max_examples=200, deadline=None)
@given(values, texts)
def test_all_columns_side_by_side_are_each_column_alone(signals, text):
    at = TABLE.columns
    both = pickle.loads(pickle.dumps(TABLE)).columns_of(at)
    assert both.totals(signals, text) == pytest.approx([both.parts(signals, text, i).total for i in range(len(at))])


@settings(max_examples=100, deadline=None)
@given(values, texts)
def test_the_packaged_weights_add_up_in_every_column(signals, text):
    weights = Weights.load(DATA) if not LOADED else LOADED[0]
    LOADED[:] = [weights]
    for question in map(weights.questions.__getitem__, weights.negative.columns):
        assert math.isclose(question.total(signals, text), question.parts(signals, text).total, abs_tol=1e-6)
    totals = weights.kinds.totals(signals, text)
    assert totals == pytest.approx([weights.kinds.parts(signals, text, i).total for i in range(len(totals))])


LOADED: list[Weights] = []


@pytest.mark.parametrize("saved", [False, True])
def test_rows_take_the_place_of_rows_and_the_rest_stays(tmp_path, saved):
    path = tmp_path / "own.tsv"
    TABLE.save(path, "made up")
    changed = (Table.load(path) if saved else TABLE).with_rows(
        {"blame": (0.0, 0.0), "new": (0.125, 0.0)}, {"退款": (0.1, 0.0), "新": (0.0, -2.0)}
    )
    assert changed.signals == {**{k: v for k, v in SIGNALS.items() if k != "blame"}, "new": (0.125, 0.0)}
    assert dict(changed.wordings) == {**WORDINGS, "退款": (0.1, 0.0), "新": (0.0, -2.0)}
    assert list(changed.wordings) == sorted(changed.wordings)
    assert changed.column("b").totals({}, "新") == pytest.approx([0.5 - 2.0 * WORDING_SCALE])


def test_a_wording_counts_once_and_shares_the_scale():
    question = TABLE.column("a")
    # 退, 退款 and 好 stand there, however often
    assert question.total({}, "退款好好退款") == pytest.approx(-1 + WORDING_SCALE / math.sqrt(3) * (0.5 + 1.25 - 2))
    assert question.total({"blame": 0.5}, "") == pytest.approx(0)


def test_a_question_of_wordings_alone_asks_no_signals():
    assert Table(("a",), {"bias": (1.0,)}, {"好": (1.0,)}).column("a").asks_signals is False
    assert TABLE.column("a").asks_signals is True


def test_a_table_without_wordings():
    question = Table(("a",), {"x": (1.0,)}, {}).column("a")
    assert question.index is None
    assert (question.total({"x": 2.0}, "好"), question.totals({"x": 2.0}, "好"), question.parts({"x": 2.0}, "好").total) == (2, [2], 2)


def test_a_table_is_written_and_read_back_as_it_is(tmp_path):
    path = tmp_path / "t.tsv"
    TABLE.save(path, "a made-up table")
    again = Table.load(path)
    assert (again.columns, again.signals, again.wordings) == (TABLE.columns, TABLE.signals, TABLE.wordings)
    first = path.read_text("utf-8")
    assert first.startswith("# a made-up table\nname\ta\tb\nsignal:bias\t-1\t0.5\n")
    again.save(path, "a made-up table")
    assert path.read_text("utf-8") == first


@pytest.mark.parametrize(
    "written", ["signal:x\t1.0\t0\nwording:好\t0\t\nwording:退\t+2\t\n", "wording:退\t2\t\nwording:好\t\t\nsignal:x\t1\t\n"]
)
def test_a_table_written_by_hand_reads_like_one_that_was_saved(tmp_path, written):
    path = tmp_path / "t.tsv"
    path.write_text("name\ta\tb\n" + written, "utf-8")
    by_hand = Table.load(path)
    by_hand.save(path, "saved")
    saved = Table.load(path)
    assert (saved.signals, saved.wordings) == (by_hand.signals, by_hand.wordings)
    for at in ("a", "b"), ("b", "a"), ("a",), ("b",):
        # 好 weighs nothing: it does not share in the scale
        assert saved.columns_of(at).totals({"x": 3.0}, "退款好") == by_hand.columns_of(at).totals({"x": 3.0}, "退款好")
    assert saved.column("a").totals({"x": 3.0}, "退款好") == [3 + WORDING_SCALE * 2]


def test_a_saved_table_reads_a_row_when_a_text_holds_it(tmp_path):
    TABLE.save(tmp_path / "t.tsv", "about")
    question = pickle.loads(pickle.dumps(Table.load(tmp_path / "t.tsv"))).columns_of(("a", "b"))
    assert not question._wordings
    question.totals({}, "退款")
    assert question._wordings == {run: WORDINGS[run] for run in ("退", "退款")}


def test_every_bad_row_is_named(tmp_path):
    path = tmp_path / "t.tsv"
    path.write_text("# about\nname\ta\tb\nsignal:x\t1\n\nsignal:y\tmuch\t2\nword:z\t1\t2\nwording:好\t1\t\nsignal:v\t1\t2\t3\n", "utf-8")
    with pytest.raises(DataError) as error:
        Table.load(path)
    expected = "expected 'signal:…' or 'wording:…' and 2 numbers, found "
    assert [str(p) for p in error.value.problems] == [
        f"{path}:3: {expected}'signal:x\\t1'", f"{path}:5: {expected}'signal:y\\tmuch\\t2'",
        f"{path}:6: {expected}'word:z\\t1\\t2'", f"{path}:8: {expected}'signal:v\\t1\\t2\\t3'",
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_a_weight_is_a_finite_number(tmp_path, number):
    path = tmp_path / "t.tsv"
    path.write_text(f"name\ta\nsignal:x\t{number}\n", "utf-8")
    with pytest.raises(DataError):
        Table.load(path)


@pytest.mark.parametrize("text", ["", "# only a remark\n", "name\n"])
def test_a_table_without_a_head(tmp_path, text):
    path = tmp_path / "t.tsv"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match="no head line"):
        Table.load(path)


def test_a_pack_without_its_weights_says_which_file(tmp_path):
    with pytest.raises(DataError, match=r"negative\.tsv"):
        Weights.load(tmp_path)


def test_a_pack_whose_weights_lack_a_column_says_so(tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    Table(("post",), {"bias": (1.0,)}, {}).save(folder / "negative.tsv", "x")
    with pytest.raises(DataError, match=r"negative\.tsv:1: the columns are post; needed are post, review, chatter"):
        Weights.load(tmp_path)


def test_wordings_are_found_with_their_places():
    index = pickle.loads(pickle.dumps(WordingIndex(("退", "退款", "好"))))
    assert list(index.found("退款退")) == ["退", "退款"]
    assert sorted(index.places("退款退", frozenset(("退",)))) == [("退", 0, 1), ("退", 2, 3)]


@pytest.mark.parametrize(("runs", "text"), [(("好,喝", "好"), "真好 喝"), (("好,喝", "好"), "真好,喝"), (("好 喝", "好"), "真好 喝")])
def test_a_blank_counts_as_the_comma_it_stands_for_unless_blanks_were_learnt(runs, text):
    assert set(WordingIndex(runs).found(text)) == set(runs)
    assert list(WordingIndex(runs).places(text, frozenset(runs[:1]))) == [(runs[0], 1, 4)]


def rule(id_: str, kind: AssociationType, weight: float) -> Rule:
    return Rule(id=id_, type=kind, title=Title("题", "t"), all=(("x",),), weight=weight, match=("x",), not_match=("y",))


def test_a_rule_nothing_was_learnt_for_weighs_what_it_says_itself():
    types = Table(tuple(t.value for t in tuple(AssociationType)[:4]), {"rule:known": (1.0, 0.0, 0.0, 0.0)}, {})
    weights = Weights(TABLE, types, Table(tuple(t.value for t in STATEMENT), {"bias": (0.0,) * 5}, {}))
    known = weights.knowing([rule("known", AssociationType.OWN_VIOLATION, 9)])
    assert known is weights
    new = weights.knowing([rule("new", AssociationType.MALICIOUS_ATTACK, 2.5), rule("fine", AssociationType.NONE, 1.5)])
    assert new.negative.signals["rule:new"] == (2.5, 2.5)
    assert new.negative.signals["rule:fine"] == (-1.5, -1.5)
    assert new.types.signals["rule:new"] == (0.0, 2.5, 0.0, 0.0)
    assert new.types.signals["rule:fine"] == (0.0, 0.0, 0.0, 0.0)
    assert new.statements.signals["rule:new"] == (0.0, 2.5, 0.0, 0.0, 0.0)
    assert new.statements.signals["rule:fine"] == (0.0, 0.0, 0.0, 0.0, 1.5)
    assert new.types.signals["rule:known"] == (1.0, 0.0, 0.0, 0.0)


def test_the_packaged_weights_know_only_rules_and_situations_that_there_are():
    from negassoc.classify import RuleSet

    weights, rules = Weights.load(DATA), RuleSet.load(DATA)
    named = {
        n.removeprefix("rule:") for t in (weights.negative, weights.types, weights.statements) for n in t.signals if n.startswith("rule:")
    }
    assert named <= set(rules.rules)
    assert weights.negative.columns == ASKED
    assert weights.statements.columns == tuple(t.value for t in STATEMENT)
    assert weights.types.columns == tuple(t.value for t in tuple(AssociationType)[:4])


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("没不漏水但有会a ,。😀\n"), max_size=30))
def test_what_is_denied_stands_apart_character_by_character(text):
    worded = as_worded(text)
    assert len(worded) == len(text)
    assert all(was == now.replace(",", " ") or was == now or ord(now) - 0xF0000 == ord(was) for was, now in zip(text, worded, strict=True))


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("没漏水", "漏水"),
        ("漏水,没人管", "人管"),
        ("一点都不油但是贵", "油"),
        ("没有异味 漏水", "异味"),
        ("没那么容易就坏掉了", "那么容易"),
        ("漏水了", ""),
        ("不。漏水", ""),
    ],
)
def test_a_denial_reaches_four_characters_of_its_clause(text, denied):
    assert "".join(chr(ord(char) - 0xF0000) for char in as_worded(text) if ord(char) > 0xF0000) == denied


def test_a_denied_wording_counts_apart_and_is_written_so_that_it_can_be_read(tmp_path):
    path, denied = tmp_path / "t.tsv", as_worded("没漏")[1]
    Table(("a",), {"bias": (0.0,)}, {"漏": (2.0,), "没" + denied: (-3.0,), denied: (-1.0,)}).save(path, "test")
    assert "wording:没¬漏\t-3\n" in path.read_text("utf-8")
    question = Table.load(path).column("a")
    assert dict(question.parts({}, "没漏").wordings) == pytest.approx(
        {"没" + denied: -3 * WORDING_SCALE / 2**0.5, denied: -1 * WORDING_SCALE / 2**0.5}
    )
    assert [run for run, _ in question.parts({}, "漏").wordings] == ["漏"]
    assert question.index is not None
    assert list(question.index.places("没漏", frozenset(["没" + denied]))) == [("没" + denied, 0, 2)]
    assert denied in runs_of("没漏")
