"""Whatever strangers or colleagues type, every form of a case and every list of evidence can be written, and is read back whole."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest

from negassoc.brand import Brand
from negassoc.cases import Case, DraftInput, Evidence, EvidenceFolder, SqliteStore, add_step, draft, own_step
from negassoc.classify import AssociationType, Grade
from negassoc.cli.caseviews import CaseForm, case_text, write_workbook
from negassoc.playbooks import Plan

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
TEXTS = [
    "a\x00b", "half \ud83d of a pair", "line\u2028break\u0085and\x1cfile", '=HYPERLINK("http://x")', "|cell|<script>alert(1)</script>",
    "\u202egnp.exe", "{brand} {0} %s", "a\r\nb\tc", "𠮷野家🙂‍↔️", "x" * 40_000,
]  # fmt: skip


def case_with(text):
    action = own_step("C0", text, role=text[:20], kind="evidence", due_at=NOW, why=text)
    brand = Brand(text[:200])
    plan = Plan(
        type=AssociationType.UNDETERMINED, brand=brand, platform=None, grade=Grade.P2, mentions=(text[:50],), now=NOW, actions=(action,)
    )
    case = Case.open(plan, who="王敏", at=NOW, id="c").move("C0", "skipped", who=text[:30], why=text, at=NOW)
    return add_step(case, own_step("X1", "核对", role="QA"), who="王敏", why=text, at=NOW)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_case_survives_store_and_exports(text, tmp_path):
    case = case_with(text)
    with SqliteStore(tmp_path / "s.db") as store:
        case.save(store)
        assert Case.load(store, "c") == case
    for form in CaseForm:
        if form is not CaseForm.XLSX:
            case_text(case, form, "zh").encode("utf-8", "backslashreplace")
    write_workbook(case, tmp_path / "c.xlsx")
    cells = [cell for row in csv.reader(io.StringIO(case_text(case, CaseForm.CSV, "zh"))) for cell in row]
    assert not [cell for cell in cells if cell[:1] in {"=", "@", "+"}]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_evidence_survives_its_folder(text, tmp_path):
    (tmp_path / "shot.png").write_bytes(b"x")
    folder = EvidenceFolder(tmp_path / "ev")
    item = folder.add(
        Evidence(id="E1", captured_at=NOW, capturer="王敏", transcription=text), tmp_path / "shot.png", who="王敏", at=NOW, why=text
    )
    folder.note("read", who="王敏", at=NOW, why=text)
    assert folder.register() == (item,)
    assert folder.verify().ok
    assert json.loads((folder.path / "register.json").read_text("utf-8"))[0]["transcription"] == text


@pytest.mark.parametrize("text", TEXTS[:-1], ids=range(len(TEXTS) - 1))
def test_a_letter_is_written_whatever_is_quoted(text, tmp_path):
    item = Evidence(id="E1", captured_at=NOW, capturer="王敏", url="https://a.example/1", transcription=text)
    made = draft("lawyer_brief", DraftInput(brand=Brand("芮弥"), evidence=(item,), fill={"loss": text}, at=NOW))
    made.docx(tmp_path / "b.docx")
    assert made.plain()
    assert len([line for line in made.text.split("\n") if line.startswith("| 1 |")]) == 1


def test_a_log_that_is_no_text_is_broken_not_an_error(tmp_path):
    folder = EvidenceFolder(tmp_path)
    (tmp_path / "custody.jsonl").write_bytes(b"\xff\xfe\x00garbage\n{}\n")
    assert len(folder.verify().broken) >= 2
