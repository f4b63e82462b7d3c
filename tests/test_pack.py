"""Everything that is data, together: whole, laid over by id, and no guard ever weaker."""

from __future__ import annotations

import pickle
import re
import shutil
import sys
from pathlib import Path

import attrs
import pytest

import negassoc
from negassoc import AssociationType, Brand, Pack, RuleClassifier
from negassoc.cases import Case
from negassoc.classify.rules import RuleSet
from negassoc.errors import DataError, UnknownNameError
from negassoc.pack import PARTS, PackInfo
from negassoc.playbooks import Guard, Step

COMPLAINT = AssociationType.CUSTOMER_COMPLAINT
DATA = Path(negassoc.__file__).parent / "data"


def block(path: Path, entry: str) -> str:
    """One `[[…]]` entry of a packaged file, as it stands there."""
    parts = re.split(r"(?m)^(?=\[\[)", path.read_text("utf-8"))
    return next(part for part in parts if f'id = "{entry}"' in part)


@pytest.fixture(scope="module")
def default() -> Pack:
    return Pack.default()


@pytest.fixture
def ours(tmp_path) -> Path:
    folder = tmp_path / "our-rules"
    folder.mkdir()
    return folder


def test_the_packaged_pack_is_put_together_once():
    assert Pack.default() is Pack.default()


def test_the_packaged_pack_is_whole_and_sound(default):
    assert default.check() == ()
    assert len(default.entries) > 100
    assert Pack.default() == default


def test_a_pack_that_was_pickled_equals_itself_and_not_another(default):
    again = pickle.loads(pickle.dumps(default))
    assert (again, hash(again)) == (default, hash(default))
    assert again is not default
    assert attrs.evolve(default, rules=RuleSet(())) != default
    assert attrs.evolve(default, weights=None) != default
    assert attrs.evolve(default, decision=attrs.evolve(default.decision, chatter_floor=0.9)) != default


def test_what_is_large_shows_itself_in_a_line(default):
    verdict = RuleClassifier(Brand("示例茶")).classify("示例茶喝完拉肚子，客服已读不回，要求退款，谁来管一管")
    plan = default.plan(verdict)
    case = Case.open(plan, who="黎望舒", id="20261101-a")
    begun = "'示例茶喝完拉肚子，客服已读不回，要求退款，谁来管…'"
    assert re.fullmatch(rf"\[<Classification customer_complaint [01]\.\d\d P1, 示例茶: {begun}>\]", repr([verdict]))
    assert re.fullmatch(r"<Pack negassoc: \d+ rules, \d+ lexicons, \d+ steps, \d+ guards>", repr(default))
    assert re.fullmatch(r"<Plan customer_complaint P1, 示例茶: \d+ actions, \d+ blocked>", repr(plan))
    assert re.fullmatch(r"<Case 20261101-a customer_complaint P1, 示例茶: detect, (\d+) of \1 tasks ahead>", repr(case))
    assert re.fullmatch(r"<Action C0: 1\. 先把现场固定下来 · .{,40}>", repr(plan[0]))
    assert max(len(repr(part)) for part in (default.playbooks, default.guards, default.knowledge)) < 400


def test_look_up_by_id(default):
    assert isinstance(default.get("GR-01"), Guard)
    assert isinstance(default.get("C0"), Step)
    with pytest.raises(UnknownNameError, match=r"unknown entry 'GR-0l'; did you mean 'GR-\d\d'\?"):
        default.get("GR-0l")


def test_an_empty_directory_changes_nothing_but_the_name(default, ours):
    laid = default | Pack.load(ours)
    assert (laid.rules, laid.playbooks, laid.guards) == (default.rules, default.playbooks, default.guards)
    assert laid.info == PackInfo(id="our-rules")


def test_a_step_is_laid_over_by_its_id(default, ours):
    step = block(DATA / "playbooks/prelude.toml", "C0").replace('zh = "先把现场固定下来"', 'zh = "先录屏"')
    (ours / "playbooks").mkdir()
    head = (DATA / "playbooks/prelude.toml").read_text("utf-8").partition("[[step]]")[0]
    (ours / "playbooks/prelude.toml").write_text(head + step, "utf-8")
    laid = default | Pack.load(ours)
    assert laid.playbooks.step("C0").title.zh == "先录屏"
    assert laid.playbooks.step("C1") == default.playbooks.step("C1")
    assert list(laid.playbooks.steps) == list(default.playbooks.steps)
    assert laid.check() == ()


def test_a_guard_can_be_added_and_sharpened(default, ours):
    sharper = block(DATA / "guards.toml", "GR-04").replace('severity = "gate"', 'severity = "block"')
    added = block(DATA / "guards.toml", "GR-05").replace("GR-05", "OUR-01")
    (ours / "guards.toml").write_text(sharper + added, "utf-8")
    laid = default | Pack.load(ours)
    assert laid.get("GR-04").severity == "block"
    assert isinstance(laid.get("OUR-01"), Guard)


@pytest.mark.parametrize(
    ("guard", "old", "new", "how"),
    [
        ("GR-01", 'severity = "block"', 'severity = "warn"', "severity 'warn' is weaker than 'block'"),
        ("GR-04", 'severity = "gate"', 'severity = "warn"', "severity 'warn' is weaker than 'gate'"),
        ("GR-04", 'kinds = ["report", "legal"]', 'kinds = ["legal"]', "no longer judges report"),
        ("GR-04", ", legal_signoff = true }", " }", "needs no longer has legal_signoff"),
        ("GR-04", "in_remedy = true, ", "", "closed_by no longer has in_remedy"),
    ],
)
def test_no_guard_can_be_overlaid_away_or_weakened(default, ours, guard, old, new, how):
    changed = block(DATA / "guards.toml", guard)
    assert old in changed
    (ours / "guards.toml").write_text(changed.replace(old, new), "utf-8")
    with pytest.raises(DataError, match=re.escape(f"{guard}: a guard can be sharpened, not weakened: {how}")):
        _ = default | Pack.load(ours)


def test_every_guard_survives_every_overlay(default, ours):
    laid = default | Pack.load(ours) | Pack.load(ours)
    assert set(laid.guards.by_id) == set(default.guards.by_id)


def test_a_file_that_nothing_reads_is_a_mistake(ours):
    (ours / "rule").mkdir()
    (ours / "README.md").touch()
    (ours / ".hidden").touch()
    with pytest.raises(DataError) as caught:
        Pack.load(ours)
    assert str(caught.value) == f"{ours / 'rule'}: no part of a pack; did you mean 'rules'? parts are {', '.join(PARTS)}"


OTHERS = ["drafts", "red_lines", "notices.toml", "programme.toml", "searches.toml"]


@pytest.mark.parametrize("name", OTHERS)
def test_what_other_rooms_read_may_lie_in_a_pack_and_is_checked(ours, name):
    part = DATA / name
    copy = shutil.copytree if part.is_dir() else shutil.copy
    copy(part, ours / name)
    assert Pack.load(ours).info.id == "our-rules"
    wrong = next((ours / name).glob("*.toml")) if part.is_dir() else ours / name
    wrong.write_text("nonsense = 1\n", "utf-8")
    with pytest.raises(DataError, match=wrong.name):
        Pack.load(ours)


def test_mistakes_of_all_parts_are_told_at_once(ours):
    (ours / "pack.toml").write_text('title = "x"', "utf-8")
    (ours / "guards.toml").write_text('[[guard]]\nidd = "x"', "utf-8")
    (ours / "playbooks").mkdir()
    (ours / "playbooks/own.toml").write_text("steps = 1", "utf-8")
    with pytest.raises(DataError) as caught:
        Pack.load(ours)
    files = {Path(problem.where.rpartition(":")[0]).name for problem in caught.value.problems}
    assert files == {"pack.toml", "guards.toml", "own.toml"}


def test_a_pack_is_a_directory(tmp_path):
    with pytest.raises(DataError, match="no such directory; a pack is a directory"):
        Pack.load(tmp_path / "none")


def test_a_directory_tells_who_it_is(ours):
    (ours / "pack.toml").write_text('id = "ours"\nversion = "2"\ntitle = { zh = "自有规则", en = "Our rules" }', "utf-8")
    info = Pack.load(ours).info
    assert (info.id, info.version, info.title.zh if info.title else None) == ("ours", "2", "自有规则")


def test_installed_packs_are_read_when_asked_for(ours, tmp_path, monkeypatch):
    site = tmp_path / "site"
    (site / "tea_pack-1.dist-info").mkdir(parents=True)
    (site / "tea_pack-1.dist-info/METADATA").write_text("Name: tea-pack\nVersion: 1\n")
    (site / "tea_pack-1.dist-info/entry_points.txt").write_text("[negassoc.packs]\ntea = tea_pack:FOLDER\n")
    (site / "tea_pack.py").write_text(f"FOLDER = {str(ours)!r}\n")
    assert "tea" not in Pack.installed()
    monkeypatch.syspath_prepend(site)
    assert Pack.installed()["tea"].info == Pack.load(ours).info
    sys.modules.pop("tea_pack", None)


RULE = """
[[rule]]
id = "queued-for-nothing"
type = "customer_complaint"
title = { zh = "排了队却买不到", en = "queued, and it was sold out" }
all = [["排队", "排了"], ["卖完", "售罄"]]
within = 20
weight = 1.5
match = ["在示例茶排了一个小时，轮到我说卖完了"]
not_match = ["示例茶排队的人很多"]
"""


def test_a_rule_of_ones_own_counts_what_it_says_until_more_is_learnt(default, ours):
    (ours / "rules").mkdir()
    (ours / "rules/ours.toml").write_text(RULE, "utf-8")
    laid = default | Pack.load(ours)
    assert laid.check() == ()
    text, brand = "在示例茶排了一个小时，店员让我等，轮到我说卖完了", Brand("示例茶")
    before, after = (RuleClassifier(brand, pack.knowledge).classify(text) for pack in (default, laid))
    assert after.scores[COMPLAINT] - before.scores[COMPLAINT] == pytest.approx(1.5)
    assert after.scores[AssociationType.NONE] <= before.scores[AssociationType.NONE]
    assert "排了队却买不到" in after.why() + after.why_not(COMPLAINT)
    assert RuleClassifier(brand, ours).classify(text).scores == after.scores


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('match = ["在示例茶排了一个小时，轮到我说卖完了"]', 'match = ["好喝"]', "queued-for-nothing: should match: 好喝"),
        ('not_match = ["示例茶排队的人很多"]', 'not_match = ["排队，卖完"]', "queued-for-nothing: should not match: 排队，卖完"),
        ('"售罄"]', '"@queuing"]', "queued-for-nothing: unknown lexicon 'queuing'"),
    ],
)
def test_check_names_the_example_that_does_not_come_out(default, ours, old, new, message):
    (ours / "rules").mkdir()
    (ours / "rules/ours.toml").write_text(RULE.replace(old, new), "utf-8")
    problems = [str(problem) for problem in (default | Pack.load(ours)).check()]
    assert any(problem.startswith(message) for problem in problems)


def test_a_broken_expression_is_named(ours):
    (ours / "rules").mkdir()
    (ours / "rules/ours.toml").write_text(RULE.replace('"售罄"', '"re:(售罄"'), "utf-8")
    with pytest.raises(DataError, match=r"ours\.toml: rule queued-for-nothing: 're:\(售罄' is no regular expression: missing \)"):
        Pack.load(ours)


def test_a_partial_pack_cannot_judge_alone(ours):
    with pytest.raises(DataError, match="our-rules: has no weights or no decision table of its own: lay it over the packaged pack"):
        _ = Pack.load(ours).knowledge


def test_lint_finds_a_step_that_leads_nowhere(default, ours):
    head = (DATA / "playbooks/prelude.toml").read_text("utf-8").partition("[[step]]")[0]
    step = block(DATA / "playbooks/prelude.toml", "C1").replace('after = ["C0"]', 'after = ["C99"]')
    (ours / "playbooks").mkdir()
    (ours / "playbooks/prelude.toml").write_text(head + step, "utf-8")
    problems = (default | Pack.load(ours)).check()
    assert any("C99" in problem.what for problem in problems)


def test_the_packaged_directory_is_laid_out_as_a_users_own_would_be(default):
    names = {path.name for path in DATA.iterdir()}
    assert set(PARTS) - {"rules", "pack.toml"} <= names


def test_a_decision_table_that_names_no_rule_of_ours_is_found(default, ours):
    text = (DATA / "decision.toml").read_text("utf-8").replace('"danger-from-goods"', '"danger-from-god"')
    (ours / "decision.toml").write_text(text, "utf-8")
    (problem,) = (default | Pack.load(ours)).check()
    assert str(problem).startswith("decision.toml: unknown rule 'danger-from-god'; did you mean 'danger-from-goods'?")
