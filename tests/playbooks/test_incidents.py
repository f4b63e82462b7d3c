"""One incident, one plan; and what changes when more becomes known."""

import datetime as dt

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Classification, Grade
from negassoc.facts import Facts
from negassoc.mention import BEIJING, Mention
from negassoc.playbooks import diff, incidents, plan, plan_for_type

BRAND = Brand("芮弥")
NOW = dt.datetime(2026, 11, 27, 9, 30, tzinfo=BEIJING)
T = AssociationType


def verdict(text: str, kind: AssociationType = T.CUSTOMER_COMPLAINT, **changes: object) -> Classification:
    values: dict[str, object] = {
        "mention": Mention(text, platform=changes.pop("platform", "xiaohongshu"), id=text), "brand": BRAND, "type": kind,  # type: ignore[arg-type]
        "suspected": True, "probability": 0.8, "probabilities": {}, "scores": {}, "grade": Grade.P2, "findings": (), "facets": ("refund",),
    }  # fmt: skip
    return Classification(**(values | changes))  # type: ignore[arg-type]


def test_a_hundred_mentions_of_one_thing_are_one_incident_with_one_plan() -> None:
    found = incidents(verdict(f"m{n}") for n in range(100))
    assert len(found) == 1
    made = plan(found[0].verdicts, now=NOW)
    assert made.mentions == tuple(f"m{n}" for n in range(100))
    assert made.about == found[0].about == "refund"
    assert len(made) == len(plan(verdict("m0"), now=NOW))
    assert "100 条" in made.to_markdown()


def test_type_subject_platform_and_brand_tell_incidents_apart() -> None:
    other = Brand("柚栈")
    given = [
        verdict("a"), verdict("b"), verdict("c", platform="kuaishou"), verdict("d", facets=("health", "refund")),
        verdict("e", T.MALICIOUS_ATTACK),
        verdict("f", brand=other), verdict("g", T.NONE, grade=None), verdict("h", facets=()),
    ]  # fmt: skip
    found = incidents(given)
    assert sorted("".join(v.mention.id for v in i.verdicts) for i in found) == ["ab", "c", "d", "e", "f", "h"]


def test_the_gravest_then_the_largest_come_first() -> None:
    given = [
        verdict("a"),
        verdict("b", facets=("price",)),
        verdict("c", facets=("price",)),
        verdict("d", facets=("health",), grade=Grade.P1),
    ]
    assert [i.about for i in incidents(given)] == ["health", "price", "refund"]


def test_a_customer_among_attackers_is_taken_out_of_the_crowd() -> None:
    known = Facts(order_match=False, falsity_proven=True, legal_signoff=True)
    crowd = [verdict(f"a{n}", T.MALICIOUS_ATTACK, facts=known) for n in range(3)]
    customer = verdict("c", T.MALICIOUS_ATTACK, facts=known | Facts(order_match=True))
    found = incidents([*crowd, customer])
    assert [len(i.verdicts) for i in found] == [3, 1]
    plans = [plan(i.verdicts, now=NOW) for i in found]
    assert ["MA6" in [a.id for a in made] for made in plans] == [True, False]


def test_what_becomes_known_changes_the_plan_and_is_shown() -> None:
    before = plan_for_type(T.MALICIOUS_ATTACK, BRAND, now=NOW)
    after = plan_for_type(T.MALICIOUS_ATTACK, BRAND, now=NOW, facts=Facts(order_match=False, falsity_proven=True, legal_signoff=True))
    change = diff(before, after)
    assert {"MA6", "MA10"} <= {a.id for a in change.added}
    assert {"ASK-order_match", "GC1", "GC2", "GC3"} <= {a.id for a in change.removed}
    assert "MA6" in {b.id for b in change.unblocked}
    assert not change.newly_blocked
    assert "新增：向平台提交侵权通知" in change.to_markdown()
    assert "added: File the notice with the platform" in change.to_markdown("en")


def test_a_customer_found_late_blocks_what_was_free() -> None:
    free = Facts(order_match=False, falsity_proven=True, legal_signoff=True)
    change = diff(
        plan_for_type(T.MALICIOUS_ATTACK, BRAND, now=NOW, facts=free),
        plan_for_type(T.MALICIOUS_ATTACK, BRAND, now=NOW, facts=free | Facts(in_remedy=True)),
    )
    assert "MA6" in {b.id for b in change.newly_blocked}
    assert "MA6" in {a.id for a in change.removed}
    assert "不能做了：向平台提交侵权通知" in change.to_markdown()


def test_a_changed_deadline_is_a_change_and_the_same_plan_is_none() -> None:
    plain = plan_for_type(T.CUSTOMER_COMPLAINT, BRAND, now=NOW)
    graver = plan_for_type(T.CUSTOMER_COMPLAINT, BRAND, now=NOW, grade="P1")
    change = diff(plain, graver)
    assert "due_at" in next(c.fields for c in change.changed if c.new.id == "GC1")
    assert "时限" in change.to_markdown()
    assert not diff(plain, plain)
    assert diff(plain, plain).to_markdown() == ""


def test_an_incident_is_handed_to_a_plan_as_it_is_and_shows_itself_in_a_line() -> None:
    found = incidents([verdict("m1"), verdict("m2")])
    assert plan(found[0], now=NOW) == plan(found[0].verdicts, now=NOW)
    assert repr(found) == "(<Incident customer_complaint (refund), 芮弥: 2 verdicts>,)"
