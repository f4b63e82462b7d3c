"""The figures of an evaluation, against a set worked out by hand and against scikit-learn."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Classification
from negassoc.classify.evaluate import Evaluation, Outcome, cost, evaluate
from negassoc.classify.labelled import LABELS, Labelled, read_labelled
from negassoc.errors import DataError, Problem, UnknownNameError
from negassoc.mention import Mention

OWN, ATTACK, COMPLAINT, MISJUDGED, NONE, OPEN = AssociationType
BRAND = Brand("示例茶")


def verdict(mention: Mention, said: AssociationType, probability: float = 0.9) -> Classification:
    return Classification(
        mention=mention, brand=BRAND, type=said, suspected=True, probability=probability,
        probabilities={said: probability}, scores={}, grade=None, findings=(),
    )  # fmt: skip


def outcome(truth: AssociationType, said: AssociationType, probability: float = 0.9, text: str = "x") -> Outcome:
    mention = Mention(text, id=text)
    return Outcome(Labelled(mention, label=truth), verdict(mention, said, probability))


HAND = Evaluation(
    (
        outcome(COMPLAINT, COMPLAINT, 0.95, "a"),
        outcome(COMPLAINT, ATTACK, 0.95, "b"),
        outcome(COMPLAINT, OPEN, 0.40, "c"),
        outcome(NONE, NONE, 0.85, "d"),
        outcome(NONE, COMPLAINT, 0.55, "e"),
        outcome(ATTACK, ATTACK, 0.75, "f"),
    ),
    seconds=0.5,
)


def test_figures_worked_out_by_hand():
    record = HAND.to_record()
    assert record["n"] == 6
    assert record["accuracy"] == pytest.approx(3 / 6)
    assert record["complaint_as_attack"] == pytest.approx(1 / 3)
    assert record["false_alarms"] == pytest.approx(1 / 2)
    assert record["undetermined"] == pytest.approx(1 / 6)
    assert record["decided_accuracy"] == pytest.approx(3 / 5)
    assert record["mean_cost"] == pytest.approx((10 + 1 + 2) / 6)
    assert record["mentions_per_second"] == pytest.approx(12)
    # F1: complaint tp 1, given 2, true 3; none tp 1, given 1, true 2; attack tp 1, given 2, true 1
    assert record["macro_f1"] == pytest.approx((2 / 5 + 2 / 3 + 2 / 3) / 3)
    # bins: 0.9-1.0 two (0.95 right, 0.95 wrong), 0.8 one right at 0.85, 0.5 one wrong at 0.55, 0.7 one right at 0.75
    assert record["ece"] == pytest.approx((abs(1 - 1.9) + abs(1 - 0.85) + 0.55 + abs(1 - 0.75)) / 5)
    assert record["by_label"]["none"] == pytest.approx({"precision": 1.0, "recall": 0.5, "f1": 2 / 3, "support": 2})
    assert record["confusion"]["customer_complaint"] == {
        "own_violation": 0, "malicious_attack": 1, "customer_complaint": 1, "algorithm_misjudgment": 0, "none": 0, "undetermined": 1,
    }  # fmt: skip
    assert json.loads(json.dumps(record)) == record


def test_worst_names_the_costliest_first():
    assert [o.record.mention.id for o in HAND.worst(2)] == ["b", "e"]


@pytest.mark.parametrize(
    ("truth", "said", "expected"),
    [
        (COMPLAINT, ATTACK, 10), (OWN, MISJUDGED, 6), (MISJUDGED, OWN, 5), (NONE, ATTACK, 5), (OWN, NONE, 4), (ATTACK, NONE, 4),
        (COMPLAINT, NONE, 4), (MISJUDGED, NONE, 4), (ATTACK, COMPLAINT, 2), (NONE, OWN, 3), (NONE, MISJUDGED, 3), (NONE, COMPLAINT, 2),
        (COMPLAINT, OPEN, 1), (NONE, OPEN, 1), (ATTACK, OWN, 3), (COMPLAINT, OWN, 3), (OWN, ATTACK, 3), (NONE, NONE, 0),
    ],
)  # fmt: skip
def test_costs(truth, said, expected):
    assert cost(truth, said) == expected


@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(tuple(AssociationType))), min_size=1, max_size=60))
def test_agrees_with_scikit_learn(pairs):
    evaluation = Evaluation(tuple(outcome(truth, said) for truth, said in pairs))
    true, said = ([str(label) for label in side] for side in zip(*pairs, strict=True))
    labels = [str(label) for label in evaluation.labels]
    assert evaluation.macro_f1 == pytest.approx(f1_score(true, said, labels=labels, average="macro", zero_division=0))
    figures = precision_recall_fscore_support(true, said, labels=labels, zero_division=0)
    for score, precision, recall, f1, support in zip(evaluation.by_label.values(), *figures, strict=True):
        assert (score.precision, score.recall, score.f1, score.support) == pytest.approx((precision, recall, f1, support))
    columns = [str(label) for label in AssociationType]
    matrix = confusion_matrix(true, said, labels=columns)
    for truth, row in evaluation.confusion.items():
        assert list(row.values()) == matrix[columns.index(str(truth))].tolist()


def test_what_a_set_cannot_tell_is_none():
    evaluation = Evaluation((outcome(ATTACK, OPEN),))
    assert (evaluation.complaint_as_attack, evaluation.false_alarms, evaluation.decided_accuracy, evaluation.ece) == (None,) * 4
    assert evaluation.mentions_per_second is None
    assert Evaluation(()).to_record()["accuracy"] is None


class Always:
    """A classifier of one's own behind the Protocol."""

    def __init__(self, said: AssociationType) -> None:
        self.said = said

    def classify(self, mention: Mention | str, facts: object = None) -> Classification:
        return verdict(Mention.of(mention), self.said)


def test_evaluate_runs_each_brand_with_its_own_classifier():
    brands = {"tea": Brand("示例茶", key="tea"), "car": Brand("示例车", key="car")}
    records = [Labelled(Mention(f"{key}{i}", brand=key), label=COMPLAINT) for key in ("tea", "car") for i in range(2)]
    ticks = iter(range(100))
    made = []

    def factory(brand: Brand) -> Always:
        made.append(brand.key)
        return Always(COMPLAINT if brand.key == "tea" else NONE)

    evaluation = evaluate(records, brands, factory, clock=lambda: float(next(ticks)))
    assert made == ["tea", "car"]
    assert (evaluation.accuracy, evaluation.seconds, evaluation.mentions_per_second) == (0.5, 4.0, 1.0)


def test_evaluate_names_the_unknown_brand():
    with pytest.raises(UnknownNameError, match=r"unknown brand 'teaa'; did you mean 'tea'\?"):
        evaluate([Labelled(Mention("x", brand="teaa"), label=NONE)], {"tea": BRAND}, lambda _: Always(NONE))


def test_damaged_rows_are_problems_and_the_good_ones_are_read(tmp_path):
    path = tmp_path / "labelled.jsonl"
    rows = ['{"text": "好喝", "label": "none"}', "{broken", '{"text": "x", "label": "attack"}', '{"label": "none"}', "[1]", "",
            '{"text": "别信", "label": "customer_complaint", "also": ["malicious_attack"], "extra": 1}',
            '{"text": "x", "label": "undetermined"}', '{"text": "x", "label": "none", "also": "none"}']  # fmt: skip
    path.write_text("\ufeff" + "\n".join(rows), "utf-8")
    problems: list[Problem] = []
    read = list(read_labelled([path], problems))
    assert [(r.mention.text, r.label, r.also) for r in read] == [("好喝", NONE, ()), ("别信", COMPLAINT, (ATTACK,))]
    assert [p.where.rpartition(":")[2] for p in problems] == ["2", "3", "4", "5", "8", "9"]
    assert "label: 'attack' is not one of own_violation" in str(problems[1])


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"none\.jsonl: cannot be read"):
        list(read_labelled([tmp_path / "none.jsonl"], []))


def test_labels_may_be_what_people_are_shown_and_rows_are_placed_in_the_file_at_hand(tmp_path):
    path = tmp_path / "lab.jsonl"
    rows = [
        {"text": "好", "label": "真实客户投诉", "also": ["外部恶意攻击"], "where": "exports/comments.json:7"},
        {"text": "好", "label": "none"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    first, second = read_labelled([path], [])
    assert (first.label.value, first.also[0].value, second.label.value) == ("customer_complaint", "malicious_attack", "none")
    assert [row.mention.where for row in (first, second)] == [f"{path}:1", f"{path}:2"]
