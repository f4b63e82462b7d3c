"""Learning: the same weights to the digit from the same mentions, few corrections move few weights, and the CLI's pack can be used."""

from __future__ import annotations

import builtins
import json
import math
import random
from collections import Counter

import attrs
import pytest

from negassoc import Brand, Mention, RuleClassifier
from negassoc.classify import AssociationType, Knowledge
from negassoc.classify.fit import RECIPES, Example, fit_statements, fit_weights, folds_of, runs_of
from negassoc.classify.weights import ASKED, STATEMENT, Table, Weights
from negassoc.errors import MissingExtraError
from negassoc.mention import Kind

T = AssociationType
BRAND = Brand("示例茶", products=("示例乌龙",), competitors=("对手茶",))
CLASSIFIER = RuleClassifier(BRAND)
GOOD = ("示例茶好喝{}，推荐", "示例茶回购{}，香甜", "今天喝示例茶{}，开心", "示例茶包装好看{}，喜欢")
BAD = ("示例茶难喝{}，退款不给", "示例茶避雷{}，客服不理", "示例茶喝完拉肚子{}，投诉", "示例茶骗钱{}，差评")
ATTACK = ("示例茶给钱就删{}，不谈就发", "示例茶是骗子{}，都去买对手茶")
SMALL = {name: attrs.evolve(recipe, wordings=min(recipe.wordings, 60), seen=1) for name, recipe in RECIPES.items()}


def example(mention: Mention | str, label: AssociationType, classifier: RuleClassifier = CLASSIFIER) -> Example:
    reading = classifier.read(mention)
    signals = classifier.knowledge.measure(reading)
    return Example(reading, signals.values, label, asked=classifier.knowledge.way(reading, signals))


def examples(kinds: tuple[Kind, ...] = (Kind.NOTE, Kind.REVIEW)) -> list[Example]:
    sets = ((GOOD, T.NONE), (BAD, T.CUSTOMER_COMPLAINT), (ATTACK, T.MALICIOUS_ATTACK))
    return [
        example(Mention(text.format("，" + "一二三四五六"[n]), kind=kind), label)
        for texts, label in sets for text in texts for n in range(6) for kind in kinds
    ]  # fmt: skip


def plain(weights: Weights) -> tuple[object, ...]:
    return tuple(
        (t.columns, sorted(t.signals.items()), sorted(t.wordings.items())) for t in (weights.negative, weights.types, weights.statements)
    )


def column(weights: Weights, name: str) -> dict[str, float]:
    at = weights.negative.columns.index(name)
    return {signal: row[at] for signal, row in weights.negative.signals.items() if row[at]}


def test_the_same_weights_to_the_digit_from_any_order():
    given = examples()
    first = plain(fit_weights(given, recipes=SMALL))
    for seed in (1, 2):
        random.Random(seed).shuffle(given)
        assert plain(fit_weights(given, recipes=SMALL)) == first


def test_what_is_learnt_tells_the_examples_apart():
    known = Knowledge.default()
    learnt = RuleClassifier(BRAND, Knowledge(known.index, known.rules, fit_weights(examples(), recipes=SMALL), known.decision))
    for kind in (Kind.NOTE, Kind.REVIEW):
        good, bad = (
            learnt.classify(Mention(text, kind=kind)) for text in ("示例茶好喝，推荐，回购", "示例茶难喝，客服不理，差评，退款不给")
        )
        assert good.probabilities[T.NONE] > bad.probabilities[T.NONE]
        assert bad.scores[T.CUSTOMER_COMPLAINT] > bad.scores[T.MALICIOUS_ATTACK]


def test_a_recipe_without_wordings_or_signals_learns_none():
    weights = fit_weights(examples(), recipes=SMALL)
    at = {name: i for i, name in enumerate(ASKED)}
    assert RECIPES["chatter"].ridge is None
    assert not [name for name, row in weights.negative.signals.items() if row[at["chatter"]] and name != "bias"]
    assert sum(bool(row[at["chatter"]]) for row in weights.negative.wordings.values()) <= 60


def test_a_review_is_asked_for_plain_facts_and_a_post_for_all_else():
    weights = fit_weights(examples(), recipes=SMALL)
    review, post = ASKED.index("review"), ASKED.index("post")
    named = {name: row for name, row in weights.negative.signals.items() if name != "bias"}
    facts = {name for name in named if "fault" in name or "merit" in name}
    assert {name for name, row in named.items() if row[review]} <= facts
    assert not {name for name, row in named.items() if row[post]} & facts


def test_a_post_borrows_the_wordings_of_reviews_all_at_one_share():
    weights = fit_weights(examples(), recipes=SMALL)
    post, review = ASKED.index("post"), ASKED.index("review")
    shares = [row[post] / row[review] for row in weights.negative.wordings.values() if row[review]]
    assert shares
    assert shares[0] > 0
    assert shares == pytest.approx([shares[0]] * len(shares), rel=1e-3)
    assert not [run for run, row in weights.negative.wordings.items() if row[post] and not row[review]]
    assert "borrowed" not in weights.negative.signals


def test_where_no_review_is_learnt_from_a_post_is_judged_by_signals_alone():
    weights = fit_weights([e for e in examples() if e.question != "review"], recipes=SMALL)
    assert not any(row[ASKED.index("post")] for row in weights.negative.wordings.values())
    assert any(row[ASKED.index("post")] for row in weights.negative.signals.values())


def test_of_what_is_lent_the_strongest_are_taken():
    few = fit_weights(examples(), recipes={**SMALL, "post": attrs.evolve(SMALL["post"], wordings=20)}).negative.wordings
    post, review = ASKED.index("post"), ASKED.index("review")
    taken = {run for run, row in few.items() if row[post]}
    assert len(taken) == 20
    assert min(abs(few[run][review]) for run in taken) >= max(abs(row[review]) for run, row in few.items() if run not in taken)


def test_a_rule_that_says_what_it_counts_at_least_does_so_without_examples():
    weights = fit_weights(examples(), recipes=SMALL)
    least = Knowledge.default().rules.get("me-too").least
    assert "rule:me-too" not in {name for each in examples() for name in each.values}
    assert dict(zip(ASKED, weights.negative.signals["rule:me-too"], strict=True))["post"] == least
    row = dict(zip(STATEMENT, weights.statements.signals["rule:me-too"], strict=True))
    assert row[T.CUSTOMER_COMPLAINT] == -row[T.NONE] == pytest.approx(least / 2 * RECIPES["statement"].trust, rel=1e-3)
    assert "rule:me-too" not in fit_weights(examples(), start=weights, recipes=SMALL).types.signals


def test_what_has_no_examples_stays_as_it_is():
    biases = {name: float(n) for n, name in enumerate(ASKED, 1)}
    start = Weights(
        Table(ASKED, {"bias": tuple(biases.values())}, {"好": tuple(0.25 * (name == "chatter") for name in ASKED)}),
        Table(tuple(t.value for t in tuple(T)[:4]), {"bias": (1.0, 0.0, 0.0, 0.0)}, {}),
        Table(tuple(t.value for t in STATEMENT), {"bias": (1.0, 0.0, 0.0, 0.0, 0.0)}, {}),
    )
    reviews = [example(Mention(text.format(""), kind=Kind.REVIEW), T.NONE) for text in GOOD]
    weights = fit_weights(reviews, start=start)
    learnt = dict(zip(ASKED, weights.negative.signals["bias"], strict=True))
    assert weights.types is start.types
    assert weights.statements is start.statements
    assert learnt["review"] < biases["review"]
    assert {**learnt, "review": 0} == {**biases, "review": 0}
    assert weights.negative.wordings["好"][ASKED.index("chatter")] == 0.25


def test_what_the_examples_do_not_have_stays_as_it_is():
    known, told = CLASSIFIER.knowledge.weights, example("示例茶喝完拉肚子，客服已读不回，要求退款", T.NONE)
    before, after = known.statements, fit_statements([told], start=known)
    moved = {run for run in after.wordings if after.wordings[run] != before.wordings.get(run)}
    assert moved
    assert moved <= runs_of(told.reading.body)
    assert len(after.wordings) >= len(before.wordings)


def test_a_correction_teaches_the_way_by_which_it_was_judged():
    known, told = CLASSIFIER.knowledge, Mention("示例茶喝完拉肚子，客服已读不回，要求退款")
    reading = CLASSIFIER.read(told)
    assert known.way(reading, known.measure(reading)) == "statement"
    weights = fit_weights([example(told, T.NONE)], start=known.weights)
    assert weights.negative.signals == known.weights.negative.signals
    at = STATEMENT.index(T.NONE)
    assert weights.statements.signals["bias"][at] > known.weights.statements.signals["bias"][at]


def test_a_few_corrections_move_a_verdict_and_leave_the_rest():
    said = Mention("示例茶难喝，客服不理，差评，退款不给，太坑了", kind=Kind.REVIEW)
    other = Mention("好喝，推荐，会回购的", kind=Kind.REVIEW)
    known = CLASSIFIER.knowledge
    before = CLASSIFIER.classify(said)
    assert before.type is not T.NONE
    weights = fit_weights([example(said, T.NONE)] * 3, start=known.weights)
    corrected = RuleClassifier(BRAND, Knowledge(known.index, known.rules, weights, known.decision))
    assert corrected.classify(said).probabilities[T.NONE] > before.probabilities[T.NONE] + 0.1
    assert corrected.classify(other).type is CLASSIFIER.classify(other).type
    assert column(weights, "post") == column(known.weights, "post")


def told(texts: dict[str, AssociationType], *, wordings: int = 200, **recipe: bool) -> Table:
    """The five sums learnt from these texts, by their wording alone."""
    given = [attrs.evolve(example(text, label), asked="statement") for text, label in texts.items()]
    one = attrs.evolve(SMALL["statement"], ridge=None, wordings=wordings, trust=1.0, **recipe)
    return fit_statements(given, recipes={"statement": one})


@pytest.mark.parametrize(("balanced", "expected"), [(True, 0.0), (False, math.log(6 / 2))])
def test_in_a_balanced_recipe_a_rare_label_counts_as_much_as_a_frequent_one(balanced, expected):
    same = {"。" * n + "示例茶": T.NONE if n > 2 else T.CUSTOMER_COMPLAINT for n in range(1, 9)}
    bias = dict(zip(STATEMENT, told(same, wordings=0, balanced=balanced).signals["bias"], strict=True))
    assert bias[T.NONE] - bias[T.CUSTOMER_COMPLAINT] == pytest.approx(expected, abs=0.05)


def test_a_rare_wording_is_held_looser_than_a_frequent_one():
    def share(rare: bool) -> float:
        bad = {f"示例茶{who}坏掉啦": T.CUSTOMER_COMPLAINT for who in "甲乙丙丁"}
        rows, at = (
            told(bad | {f"示例茶{who}不错哦": T.NONE for who in "一二三四"}, rare=rare).wordings,
            STATEMENT.index(T.CUSTOMER_COMPLAINT),
        )
        return rows["甲坏"][at] / rows["坏掉"][at]

    assert share(rare=True) > 1.5 * share(rare=False) > 0


def test_folds_are_the_same_from_any_order_and_hold_equal_texts_together():
    given = [example(f"示例茶第{n}家店排队", T.NONE if n % 2 else T.CUSTOMER_COMPLAINT) for n in range(12)]
    given += [example("示例茶第3家店排队", T.CUSTOMER_COMPLAINT)]
    folds = folds_of(given)
    assert folds_of(given[::-1]) == folds[::-1]
    assert folds[3] == folds[-1]
    assert Counter(folds[:12]) == {0: 4, 1: 4, 2: 4}
    assert all(
        {fold for fold, one in zip(folds, given, strict=True) if one.label is label} == {0, 1, 2}
        for label in (T.NONE, T.CUSTOMER_COMPLAINT)
    )


def test_runs_of_characters():
    assert runs_of("甲乙\n丙 ") == runs_of("甲乙\n丙,") == {"甲", "乙", "甲乙", "丙", "丙,", ","}
    assert runs_of("") == set()
    assert max(map(len, runs_of("一二三四五六"))) == 4


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def refuse(name: str, *rest: object, **more: object) -> object:
        if name == "numpy":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"negassoc\[fit\]"):
        fit_weights([])


def test_the_pack_that_the_command_writes_can_be_loaded_and_evaluated(tmp_path):
    from typer.testing import CliRunner

    from negassoc.cli import build

    app, runner = build(), CliRunner()
    labelled, brand = tmp_path / "labelled.jsonl", tmp_path / "brand.toml"
    brand.write_text('name = "示例茶"\n', "utf-8")
    rows = [
        {"id": f"{label}{n}", "text": t.format(""), "label": label}
        for label, texts in (("none", GOOD), ("customer_complaint", BAD))
        for n, t in enumerate(texts)
    ]
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    done = runner.invoke(app, ["fit", str(labelled), "--brand", str(brand), "-o", str(tmp_path / "pack")])
    assert done.exit_code == 0, done.output
    assert RuleClassifier(BRAND, tmp_path / "pack").classify(BAD[1].format("")).type is T.CUSTOMER_COMPLAINT
    done = runner.invoke(app, ["evaluate", str(labelled), "--brand", str(brand), "--pack", str(tmp_path / "pack"), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout.splitlines()[-1])["n"] == len(rows)
