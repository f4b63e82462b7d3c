"""Guards: what they are, which steps they refuse, and that nothing weakens them."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.errors import DataError, UnknownNameError
from negassoc.facts import Facts
from negassoc.playbooks.guards import DOUBT, Guard, Guards

GUARDS = Guards.default()
BLOCKING = {"GR-01", "GR-02", "GR-03", "GR-05", "GR-06", "GR-07", "GR-12", "GR-13", "GR-14", "GR-17", "GR-20", "GR-21", "GR-24", "GR-28"}
UNLAWFUL = (
    "fake_praise", "induced_praise", "hide_criticism", "counter_attack", "gag", "expose", "scrape", "paid_deletion", "mass_report",
    "suppress", "pay_extortion", "forge", "change_identity", "pressure", "destroy_evidence",
)  # fmt: skip


def test_every_guard_is_there_with_its_severity() -> None:
    assert list(GUARDS.by_id) == [f"GR-{number:02}" for number in range(1, 29)]
    assert {guard.id for guard in GUARDS if guard.severity == "block"} == BLOCKING


@pytest.mark.parametrize("guard", list(GUARDS), ids=lambda guard: guard.id)
def test_a_guard_speaks_both_languages_and_names_its_basis(guard: Guard) -> None:
    for words in (guard.title, guard.reason, guard.instead):
        assert words.zh and words.en and not words.en.startswith(words.zh)
    assert guard.basis and (guard.kinds or guard.id == DOUBT)
    assert {*guard.needs, *guard.closed_by} <= set(Facts.names())


@pytest.mark.parametrize("law", ["食品安全法", "化妆品监督管理条例"])
def test_a_law_of_one_trade_says_so_wherever_a_guard_cites_it(law: str) -> None:
    cited = [basis for guard in GUARDS for basis in guard.basis if basis.startswith(law)]
    assert cited and all("仅食品" in basis or "仅化妆品" in basis for basis in cited)


def test_destroying_of_evidence_says_what_each_article_is_about() -> None:
    assert all(basis.endswith("）") for basis in GUARDS.get("GR-28").basis)


@given(st.sampled_from(UNLAWFUL), st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in Facts.names()}))
def test_what_is_unlawful_in_itself_is_refused_whatever_is_known(kind: str, facts: dict[str, bool | None]) -> None:
    assert any(guard.severity == "block" for guard in GUARDS.refusing(kind, Facts(**facts)))


@pytest.mark.parametrize("known", ["order_match", "in_remedy", "lawful_claim"])
def test_a_customer_is_never_reported(known: str) -> None:
    ready = Facts(order_match=False, falsity_proven=True, legal_signoff=True)
    assert GUARDS.refusing("report", ready) == ()
    assert [g.id for g in GUARDS.refusing("report", ready | Facts(**{known: True}))] == ["GR-04"]


@pytest.mark.parametrize(
    ("kind", "missing", "opens"),
    [
        ("legal", {"GR-04", "GR-22"}, Facts(order_match=False, falsity_proven=True, legal_signoff=True)),
        ("delete", {"GR-09"}, Facts(evidence_archived=True)),
        ("user_content", {"GR-23"}, Facts(consent_documented=True)),
        ("promote", {"GR-11", "GR-24"}, Facts(content_labelled=True, safety_harm=False)),
        ("disambiguate", {"GR-19"}, Facts(entity_mismatch=True)),
        ("extortion_report", {"GR-15"}, Facts(extortion=True, legal_signoff=True)),
        ("impersonation_report", {"GR-27"}, Facts(impersonation=True, legal_signoff=True)),
        ("deny", {"GR-16"}, Facts(safety_harm=False)),
    ],
)
def test_a_lawful_step_waits_for_its_facts(kind: str, missing: set[str], opens: Facts) -> None:
    assert {guard.id for guard in GUARDS.refusing(kind, Facts())} == missing
    assert GUARDS.refusing(kind, opens) == ()


def test_a_gate_without_facts_reminds_and_never_refuses() -> None:
    assert [guard.id for guard in GUARDS.judging("appeal")] == ["GR-10"]
    assert GUARDS.refusing("appeal", Facts()) == ()


def test_names_what_it_does_not_know() -> None:
    with pytest.raises(UnknownNameError, match="unknown guard 'GR-99'"):
        GUARDS.get("GR-99")


@given(st.data())
def test_an_overlay_cannot_weaken(data: st.DataObject) -> None:
    guard = data.draw(st.sampled_from([guard for guard in GUARDS if guard.severity != "warn"]))
    weaker = [attrs.evolve(guard, severity="warn")]
    if guard.kinds:
        weaker.append(attrs.evolve(guard, kinds=guard.kinds[1:]))
    if guard.needs:
        weaker.append(attrs.evolve(guard, needs=dict(list(guard.needs.items())[1:])))
    if guard.closed_by:
        weaker.append(attrs.evolve(guard, closed_by={}))
    if not guard.conditional and guard.severity == "block":
        weaker.append(attrs.evolve(guard, needs={"legal_signoff": True}))
    with pytest.raises(DataError, match=guard.id):
        GUARDS.overlay(Guards({guard.id: data.draw(st.sampled_from(weaker))}))


def test_an_overlay_may_sharpen_and_add() -> None:
    sharper = attrs.evolve(GUARDS.get("GR-10"), severity="block", needs={"evidence_archived": True})
    own = attrs.evolve(GUARDS.get("GR-01"), id="OWN-1", kinds=("give_away",))
    both = GUARDS.overlay(Guards({"GR-10": sharper, "OWN-1": own}))
    assert [guard.id for guard in both.refusing("appeal", Facts())] == ["GR-10"]
    assert [guard.id for guard in both.refusing("give_away", Facts())] == ["OWN-1"]
    assert len(both) == len(GUARDS) + 1


GUARD = """
[[guard]]
id = "OWN-1"
severity = "block"
title = { zh = "不送礼", en = "No gifts" }
reason = { zh = "内部规定", en = "house rule" }
instead = { zh = "寄感谢信", en = "send a letter" }
basis = ["内部规定"]
kinds = ["give_away"]
checked_on = 2026-01-01
"""
INTENT = """
[[intent]]
id = "gift"
guard = "OWN-1"
say = ["送~4(?:烟|酒)"]
example = ["给编辑送两条烟"]
"""


def pack(folder: Path, guards: str = GUARD, wording: str = INTENT) -> Path:
    (folder / "guards.toml").write_text(guards, "utf-8")
    (folder / "guards").mkdir(exist_ok=True)
    (folder / "guards" / "own.toml").write_text(wording, "utf-8")
    return folder


def test_a_pack_brings_its_own_guard_and_phrases(tmp_path: Path) -> None:
    both = GUARDS.overlay(Guards.load(pack(tmp_path)))
    found = both.review("中秋给对接的编辑送两条烟").guards
    assert "OWN-1" in {said.id for said in found}
    assert Guards.load(tmp_path / "nowhere").by_id == {}


@pytest.mark.parametrize(
    ("guards", "wording", "what"),
    [
        (GUARD + GUARD, INTENT, "twice"),
        (GUARD.replace('kinds = ["give_away"]', 'kinds = ["x"]\nneeds = { order_mach = true }'), INTENT, "did you mean 'order_match'"),
        (GUARD.replace("basis", "basiss"), INTENT, "did you mean 'basis'"),
        (GUARD, INTENT.replace("~4(?:", "~4((?:"), "is no phrase"),
        (GUARD, INTENT.replace("送~4", "{gifts}~4"), "no word set 'gifts'"),
        (GUARD, INTENT.replace("OWN-1", "OWN-2"), "unknown guard 'OWN-2'"),
    ],
)
def test_a_bad_pack_says_what_is_wrong(tmp_path: Path, guards: str, wording: str, what: str) -> None:
    with pytest.raises(DataError, match=what):
        GUARDS.overlay(Guards.load(pack(tmp_path, guards, wording)))


def test_an_overlay_brings_no_excuse(tmp_path: Path) -> None:
    frame = '[[frame]]\nid = "joke"\nwhere = "text"\nsay = ["开玩笑"]\n'
    with pytest.raises(DataError, match="a frame excuses"):
        GUARDS.overlay(Guards.load(pack(tmp_path, wording=frame)))
    packaged = GUARDS.wording.intents[0].intent.id
    with pytest.raises(DataError, match="added, not replaced"):
        GUARDS.overlay(Guards.load(pack(tmp_path, wording=INTENT.replace("gift", packaged))))
