"""What is said to speak for a verdict and against it."""

from __future__ import annotations

import attrs

from negassoc.classify import FOUR_TYPES, AssociationType, Finding, Hit, Span
from negassoc.records import Title
from negassoc.report.reasons import likeliest, marks, quotes, reasons

T = AssociationType


def parts(rule: str, weights: dict[AssociationType, float], *hits: Hit, fact: str | None = None) -> tuple[Finding, ...]:
    return tuple(
        Finding(rule=rule, type=kind, weight=weight, title=Title(rule, rule), hits=hits, fact=fact) for kind, weight in weights.items()
    )


def judged(factory, kind: AssociationType, *findings: Finding):
    return attrs.evolve(factory.verdict("客服拖了五天，退款也没到账", kind), findings=findings)


def test_a_proof_counts_once_however_many_types_it_weighs_for(factory):
    weights = {T.NONE: -1.0, T.CUSTOMER_COMPLAINT: 2.0, T.MALICIOUS_ATTACK: 0.6}
    [reason] = reasons(judged(factory, T.CUSTOMER_COMPLAINT, *parts("refund", weights, Hit("退款", Span("text", 7, 9)))))
    assert reason.support == 2.0 - 0.6 / 3 + 1.0
    assert reason.side == "for"


def test_what_weighs_the_same_for_every_type_tells_nothing(factory):
    assert reasons(judged(factory, T.CUSTOMER_COMPLAINT, *parts("short", dict.fromkeys(FOUR_TYPES, 0.7)))) == []


def test_what_stands_in_the_text_comes_before_what_is_stronger_but_does_not(factory):
    hit = Hit("退款", Span("text", 7, 9))
    verdict = judged(factory, T.CUSTOMER_COMPLAINT, *parts("bias", {T.NONE: 3.0}), *parts("refund", {T.CUSTOMER_COMPLAINT: 0.9}, hit))
    assert [reason.finding.rule for reason in reasons(verdict)] == ["refund", "bias"]
    assert quotes(reasons(verdict)[0].finding, verdict) == ["退款"]


def test_for_none_only_the_first_question_counts(factory):
    verdict = judged(factory, T.NONE, *parts("praise", {T.NONE: 1.4, T.CUSTOMER_COMPLAINT: 5.0}))
    assert [(reason.support, reason.side) for reason in reasons(verdict)] == [(1.4, "for")]


def test_wording_is_highlighted_only_where_nothing_else_is(factory):
    wording = parts("wording", {T.CUSTOMER_COMPLAINT: 2.0}, Hit("拖了五天", Span("text", 2, 6)))
    rule = parts("rule:refund", {T.CUSTOMER_COMPLAINT: 0.5}, Hit("退款", Span("text", 7, 9)))
    assert [mark.start for mark in marks(judged(factory, T.CUSTOMER_COMPLAINT, *wording), "text", "zh")] == [2]
    assert [mark.start for mark in marks(judged(factory, T.CUSTOMER_COMPLAINT, *wording, *rule), "text", "zh")] == [7]
    assert marks(judged(factory, T.CUSTOMER_COMPLAINT, *rule), "title", "zh") == []


def test_a_disarmed_hit_is_shown_even_if_it_weighs_nothing(factory):
    hit = Hit("没到账", Span("text", 10, 13), suppressed_by="没到账也没关系")
    [mark] = marks(judged(factory, T.NONE, *parts("rule:x", {T.CUSTOMER_COMPLAINT: 0.0}, hit)), "text", "en")
    assert mark.side == "mute"
    assert "not counted" in mark.note


def test_the_undetermined_lean_to_the_likeliest(factory):
    verdict = attrs.evolve(judged(factory, T.UNDETERMINED), probabilities={T.MALICIOUS_ATTACK: 0.5, T.CUSTOMER_COMPLAINT: 0.3})
    assert likeliest(verdict) is T.MALICIOUS_ATTACK


def test_what_weighs_against_its_own_meaning_is_no_reason(factory):
    blame = parts("body:complaint2", {T.CUSTOMER_COMPLAINT: -1.0}, Hit("退款", Span("text", 7, 9)))
    assert reasons(judged(factory, T.CUSTOMER_COMPLAINT, *blame)) == []


def test_the_same_words_do_not_speak_for_and_against(factory):
    hit = Hit("退款", Span("text", 7, 9))
    both = (*parts("body:complaint2", {T.CUSTOMER_COMPLAINT: 2.0}, hit), *parts("any:praise2", {T.CUSTOMER_COMPLAINT: -1.0}, hit))
    assert [reason.side for reason in reasons(judged(factory, T.CUSTOMER_COMPLAINT, *both))] == ["for"]
