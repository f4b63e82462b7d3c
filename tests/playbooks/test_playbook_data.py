"""The packaged playbooks: complete, linted, mapped to the checklist, and what a broken pack is told."""

import datetime as dt
import re
from pathlib import Path

import attrs
import pytest

from negassoc.brand import Brand
from negassoc.classify import FOUR_TYPES, AssociationType
from negassoc.errors import DataError, UnknownNameError
from negassoc.facts import Facts
from negassoc.playbooks import Guards, Playbooks, Programme
from negassoc.playbooks.lint import OUTWARD, lint
from negassoc.playbooks.playbook import Failure, Line

BOOKS = Playbooks.default()
CODED = [*(f"C{n}" for n in range(6)), *(f"OV{n}" for n in range(1, 13)), *(f"MA{n}" for n in range(1, 21))]
CODED += [*(f"GC{n}" for n in range(1, 16)), *(f"AM{n}" for n in range(1, 14))]
ROWS = ["A1", "A2", "T1–T3", *(f"D{n}" for n in range(1, 7)), "O1", "O2", "O3", "O4", "O5/O6", "O7", "M1/M2", "M3", "M4", "M5"]
ROWS += [*(f"{part}{n}" for part, last in (("G", 4), ("X", 3), ("L", 4), ("Z", 1)) for n in range(1, last + 1))]
DOC = Path(__file__).parents[2] / "docs" / "playbooks.md"


def with_step(step_id: str, **changes: object) -> Playbooks:
    """The packaged playbooks with one step changed."""
    book = next(b for b in BOOKS.by_id.values() if any(s.id == step_id for s in b.steps))
    steps = tuple(attrs.evolve(s, **changes) if s.id == step_id else s for s in book.steps)
    return attrs.evolve(BOOKS, by_id={**BOOKS.by_id, book.id: attrs.evolve(book, steps=steps)})


def found(books: Playbooks) -> str:
    return "\n".join(problem.what for problem in lint(books))


def test_the_packaged_playbooks_have_no_problem() -> None:
    assert BOOKS.lint() == ()


def test_every_coded_step_is_there_once() -> None:
    assert sorted(BOOKS.steps) == sorted(CODED)
    assert sum(len(book.steps) for book in BOOKS.by_id.values()) == len(CODED) == 66


def test_each_type_has_a_playbook_and_the_prelude_comes_first() -> None:
    assert [step.id for book in BOOKS.for_type(None) for step in book.steps] == ["C0", "C1", "C2", "C3", "C4", "C5"]
    assert all(BOOKS.for_type(t) for t in FOUR_TYPES)
    assert BOOKS.for_type(AssociationType.UNDETERMINED) == ()


@pytest.mark.parametrize("step", BOOKS.steps.values(), ids=lambda step: step.id)
def test_a_step_says_everything_in_both_languages(step) -> None:  # type: ignore[no-untyped-def]
    titles = [step.title, step.why, step.done_when, step.if_failed, *step.materials, *step.never]
    titles += [title for title in (step.only_if, step.grade_else) if title]
    for title in titles:
        assert re.search(r"[一-鿿]", title.zh), title
        assert title.en and not re.search(r"[一-鿿]", re.sub(r"(投诉|避雷|假货|蒲公英)", "", title.en)), title
    assert step.materials and step.never and step.basis
    assert set(step.channel) >= {"xiaohongshu", "kuaishou", "other"}


def test_the_31_rows_are_covered_by_steps_or_tasks() -> None:
    covers = {row for step in BOOKS.steps.values() for row in step.covers} | {row for task in Programme.default() for row in task.covers}
    single = {part for row in ROWS for part in row.replace("T1–T3", "T1/T2/T3").split("/")}
    assert len(ROWS) == 31
    assert covers == single


def test_the_map_in_the_docs_is_the_data() -> None:
    text = DOC.read_text("utf-8")
    checklist = text[text.index("## The checklist of 31 rows") :].split("\n## ")[0]
    rows = dict(re.findall(r"^\| ([A-Z]\d(?:[–/][A-Z]\d)?) \| .+? \| (.+?) \|$", checklist, re.MULTILINE))
    assert list(rows) == ROWS
    carriers = [(step.id, step.covers) for step in BOOKS.steps.values()] + [(task.id, task.covers) for task in Programme.default()]
    for row, cell in rows.items():
        parts = row.replace("T1–T3", "T1/T2/T3").split("/")
        assert cell.split(", ") == [name for name, covers in carriers if set(parts) & set(covers)], row
    for step in BOOKS.steps.values():
        assert f"| {step.id} | {step.title.zh} | {step.title.en} |" in text


def test_nothing_rests_on_an_unsure_law_and_no_channel_or_window_is_undated() -> None:
    assert {law.confidence for law in BOOKS.laws.values()} <= {"H", "M"}
    assert all(channel.source and channel.checked_on >= dt.date(2026, 11, 24) for channel in BOOKS.channels.values())
    windows = [cap for step in BOOKS.steps.values() for cap in step.due.caps]
    assert windows and all(cap.source and cap.checked_on for cap in windows)


def test_a_deadline_by_law_or_by_a_rule_is_told_in_both_languages() -> None:
    sourced = [due for step in BOOKS.steps.values() for due in (step.due, *step.due.caps) if due.basis != "house_rule"]
    assert sourced and all(due.source_en and due.source_en.isascii() for due in sourced)


def test_who_has_no_shop_is_left_with_a_way_in_each_step() -> None:
    ways = [[BOOKS.channels[name] for name in names] for step in BOOKS.steps.values() for names in step.channel.values()]
    assert all(any(not channel.shop for channel in channels) for channels in ways)


UNVERIFIED = (
    "快手舆情中心",
    "品牌号监测",
    "商业行为规范",
    "help@xiaohongshu",
    "report@kuaishou",
    "0571-",
    "自律公约",
    "健康分",
    "400-126-0088",
)


def test_what_could_not_be_verified_is_not_shipped() -> None:
    data = Path(BOOKS.step("C0").where.rpartition(":")[0]).parents[1]
    files = [*data.glob("playbooks/*.toml"), data / "channels.toml", data / "laws.toml", data / "programme.toml"]
    text = "\n".join(path.read_text("utf-8") for path in files)
    assert [word for word in UNVERIFIED if word in text] == []


def test_every_channel_law_and_role_is_used() -> None:
    steps = BOOKS.steps.values()
    assert {c for s in steps for ids in s.channel.values() for c in ids} == set(BOOKS.channels)
    assert {law for s in steps for law in s.basis} == set(BOOKS.laws)
    assert set(BOOKS.roles) == {r for s in steps for r in (s.role, *s.helpers)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"never": (Line(zh="x", en="x", trades=("eatingout",)),)}, "unknown trade 'eatingout'"),
        ({"after": ("C9",)}, "comes after 'C9'"),
        ({"after": ()}, "with no evidence step"),
        ({"guards": ()}, "GR-04 judges 'report'"),
        ({"basis": ("civil.notise",)}, "unknown law 'civil.notise'; did you mean 'civil.notice'?"),
        ({"channel": {"other": ("any.nowhere",)}}, "unknown channel 'any.nowhere'"),
        ({"channel": {"xiaohongshu": ("xhs.rights",)}}, "no channel for other platforms"),
        ({"role": "BOSS"}, "unknown role 'BOSS'"),
        ({"kind": "mass_report"}, "GR-13 refuses steps of kind 'mass_report'"),
        ({"kind": "sing"}, "unknown kind of step 'sing'"),
        ({"when": ("order_mach",)}, "unknown fact 'order_mach'; did you mean 'order_match'?"),
        ({"if_failed": Failure("x", "x", next="MA6")}, "leads in a circle"),
        ({"if_failed": Failure("x", "x", next="ZZ1")}, "leads to an unknown step"),
    ],
)
def test_lint_names_what_is_wrong(change: dict[str, object], said: str) -> None:
    assert said in found(with_step("MA6", **change))


def test_lint_finds_a_step_of_an_id_that_is_taken() -> None:
    book = BOOKS.by_id["own_violation"]
    twice = attrs.evolve(BOOKS, by_id={**BOOKS.by_id, book.id: attrs.evolve(book, steps=(*book.steps, book.steps[0]))})
    assert [p.what for p in twice.lint()] == ["OV1: a step of this id stands before it"]
    assert twice.lint()[0].where.rpartition(":")[0].endswith("own_violation.toml")


def test_evidence_is_behind_every_step_that_reaches_out() -> None:
    for step in BOOKS.steps.values():
        if OUTWARD & set(step.kinds):
            assert "with no evidence" in found(with_step(step.id, after=()))


def test_an_overlay_replaces_a_step_and_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    ours = Path(BOOKS.step("GC4").where.rpartition(":")[0]).read_text("utf-8")
    start = ours.index('[[step]]\nid = "GC4"')
    step = ours[start : ours.index("[[step]]", start + 1)].replace('within = "24h"', 'within = "6h"')
    head = 'id = "customer_complaint"\ntype = "customer_complaint"\ntitle = { zh = "我们的", en = "ours" }\nchecked_on = 2026-11-24\n'
    (tmp_path / "playbooks" / "ours.toml").write_text(head + step, "utf-8")
    both = BOOKS | Playbooks.load(tmp_path)
    assert both.step("GC4").due.within == dt.timedelta(hours=6)
    assert [s.id for s in both.by_id["customer_complaint"].steps] == [s.id for s in BOOKS.by_id["customer_complaint"].steps]
    assert both.lint() == ()


def test_an_overlay_cannot_call_a_report_something_else() -> None:
    book = BOOKS.by_id["malicious_attack"]
    renamed = attrs.evolve(BOOKS.step("MA6"), kind="assess", guards=())
    both = BOOKS | attrs.evolve(BOOKS, by_id={book.id: attrs.evolve(book, steps=(renamed,))})
    assert both.step("MA6").kinds == ("assess", "report")
    assert "GR-04 judges 'report'" in found(both)
    made = both.plan_for_type("malicious_attack", Brand("芮弥"), facts=Facts(in_remedy=True, falsity_proven=True, legal_signoff=True))
    assert "MA6" not in [action.id for action in made]


def test_a_typo_in_a_playbook_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    path = tmp_path / "playbooks" / "p.toml"
    path.write_text('id = "p"\ntitel = "x"\nchecked_on = 2026-11-24\n', "utf-8")
    with pytest.raises(DataError) as caught:
        Playbooks.load(tmp_path)
    assert f"{path}:2: titel: unknown key; did you mean 'title'?" in str(caught.value)


def test_a_deadline_by_a_rule_needs_its_source(tmp_path: Path) -> None:
    text = Path(BOOKS.step("GC10").where.rpartition(":")[0]).read_text("utf-8")
    (tmp_path / "playbooks").mkdir()
    unsourced = text.replace('counted_from = "authority", fixed = true', 'counted_from = "authority", basis = "law"')
    (tmp_path / "playbooks" / "p.toml").write_text(unsourced, "utf-8")
    with pytest.raises(DataError, match="needs source and checked_on"):
        Playbooks.load(tmp_path)


def test_an_unknown_step_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'OV10'"):
        BOOKS.step("OV100")


def test_every_guard_that_a_step_can_break_is_named_somewhere() -> None:
    named = {g for s in BOOKS.steps.values() for g in s.guards} | {t.guard for b in BOOKS.by_id.values() for t in b.tempting}
    assert named == {guard.id for guard in Guards.default() if guard.kinds}


def test_all_that_a_step_lacks_is_told_in_one_line(tmp_path):
    (tmp_path / "playbooks").mkdir()
    file = tmp_path / "playbooks" / "ours.toml"
    file.write_text('id = "x"\ntitle = { zh = "x", en = "x" }\nchecked_on = 2026-11-29\n\n[[step]]\nid = "OUR1"\nrole = "QA"\n', "utf-8")
    with pytest.raises(DataError) as caught:
        Playbooks.load(tmp_path)
    wanted = "kind, stage, title, why, channel, materials, due, done_when, if_failed, basis, never, guards"
    assert str(caught.value) == f"{file}:5: step.0: required keys missing: {wanted}"
