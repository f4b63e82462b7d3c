"""`negassoc report`: every format, in both languages, and what it says where something is wrong."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from negassoc.__main__ import main
from negassoc.watch import campaigns

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart"
BRAND = ["--brand", str(QUICKSTART / "brand.toml")]
NOW = ["--now", "2026-11-12T20:00:00+08:00"]


def report(*options: object, exports: Path = QUICKSTART / "exports") -> int:
    return main(["report", str(exports), *BRAND, *NOW, *map(str, options)])


def test_a_page_and_the_headline_on_stderr(tmp_path, capsys):
    assert report("--facts", QUICKSTART / "facts.toml", "-o", tmp_path / "r.html") == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "青芒屿 · 负面关联报告" in page
    assert "条评论中读到" in page, "what the sources covered"
    out, err = capsys.readouterr()
    assert out == ""
    assert "条对“青芒屿”不利" in err


def test_the_ending_tells_the_format(tmp_path):
    for name in ("r.md", "r.csv", "r.xlsx"):
        assert report("-o", tmp_path / name) == 0
    assert (tmp_path / "r.md").read_text("utf-8").startswith("# 青芒屿 · 负面关联报告")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text("utf-8-sig"), newline="")))
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0].max_row == len(rows) + 1 > 100


def test_markdown_and_csv_go_to_the_screen(capsys):
    assert report("--format", "markdown", "--lang", "en") == 0
    assert capsys.readouterr().out.startswith("# 青芒屿 · what hangs on the name")
    assert report("--format", "csv") == 0
    assert next(csv.reader(io.StringIO(capsys.readouterr().out)))[0] == "mention_id"


def test_a_period(tmp_path):
    assert report("--since", "2026-11-06", "--until", "2026-11-09", "-o", tmp_path / "r.html") == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "2026-11-06 00:00 至 2026-11-09 23:59" in page
    assert "发布于本期之外，未计入" in page


def test_a_time_without_a_zone_is_told_to_be_beijing_time(tmp_path, capsys):
    assert report("--now", "2026-11-28 09:00", "-o", tmp_path / "r.html") == 0
    assert "'2026-11-28 09:00' names no zone and is taken as Beijing time: 2026-11-28T09:00:00+08:00" in capsys.readouterr().err
    assert report("--now", "2026-11-28T09:00:00+08:00", "-o", tmp_path / "r.html") == 0
    assert "names no zone" not in capsys.readouterr().err


def test_what_is_wrong_is_said_in_a_line(tmp_path, capsys):
    assert report("--format", "xlsx") == 2
    assert "name a file with -o report.xlsx" in capsys.readouterr().err
    assert report("--since", "neulich") == 2
    assert "'neulich' is no time" in capsys.readouterr().err
    assert report("--since", "2026-11-09", "--until", "2026-11-06") == 2
    assert "comes after" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert report(exports=tmp_path / "empty") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_damaged_rows_are_listed_and_the_others_used(tmp_path, capsys):
    (tmp_path / "m.jsonl").write_text('{"text": "青芒屿退款拖了一个月"}\n{"text": ""}\n', "utf-8")
    assert report("-o", tmp_path / "r.html", exports=tmp_path / "m.jsonl") == 0
    assert "m.jsonl:2" in capsys.readouterr().err
    assert "1 行数据有问题" in (tmp_path / "r.html").read_text("utf-8")


def test_without_the_extra_the_report_says_what_was_not_looked_for(tmp_path, monkeypatch, capsys):
    from negassoc.errors import MissingExtraError

    def missing(*_):
        raise MissingExtraError("campaigns", "finding campaigns")

    monkeypatch.setattr(campaigns, "find_campaigns", missing)
    assert report("-o", tmp_path / "r.html") == 0
    shown = (tmp_path / "r.html").read_text("utf-8")
    assert "未检查协同发布" in shown
    assert "没有查过是否有协同发布" in shown
    assert "没有发现协同发布的凭据" not in shown
    assert "negassoc[campaigns]" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["html", "md", "csv", "xlsx"])
def test_hostile_mentions_pass_through(tmp_path, factory, ending):
    lines = []
    for number, text in enumerate(factory.HOSTILE):
        said = {
            "id": f"m{number}",
            "title": text[:500],
            "text": f"青芒屿退款拖了一个月{text}",
            "author": {"nickname": text[:80]},
            "platform": text[:20],
        }
        lines.append(json.dumps(said))
    (tmp_path / "m.jsonl").write_text("\n".join(lines), "utf-8")
    assert report("-o", tmp_path / f"r.{ending}", exports=tmp_path / "m.jsonl") == 0
    if ending in {"html", "md"}:
        written = (tmp_path / f"r.{ending}").read_text("utf-8")
        assert "<script" not in written
        assert "<img" not in written


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["r.docx"], "this is written as .html or .htm or .md or .markdown or .csv or .xlsx, not as .docx"),
        (["r.md", "--format", "html"], "html is written as .html or .htm, not as .md"),
    ],
)
def test_a_file_that_would_not_open_is_refused(tmp_path, capsys, args, said):
    name, *rest = args
    assert report("-o", tmp_path / name, *rest) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1
    assert not (tmp_path / name).exists()


def test_a_report_takes_a_profile_and_a_pack_as_a_scan_does(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.csv").write_text("流水号,客户原话,登记\n1,示例茶的退卡一直拖着,2026-07-26 09:30\n", "utf-8")
    (tmp_path / "ours.toml").write_text('tool = "desk"\nplatform = "xhs"\n[columns]\ntext = "客户原话"\npublished = "登记"\n', "utf-8")
    (tmp_path / "tea.toml").write_text('name = "示例茶"\n', "utf-8")
    (tmp_path / "pack/rules").mkdir(parents=True)
    (tmp_path / "pack/rules/mine.toml").write_text(
        '[[rule]]\nid = "kept-waiting"\ntype = "customer_complaint"\ntitle = { zh = "一直拖着不办", en = "kept waiting" }\nall = [["拖着"]]\nweight = 6.0\n'
        'match = ["示例茶的退卡一直拖着"]\nnot_match = ["示例茶好喝"]\n',
        "utf-8",
    )
    words = ["desk.csv", "--brand", "tea.toml", "--profile", "ours.toml", "--pack", "pack"]
    for command in (["report", *words, "--format", "markdown"], ["scan", *words]):
        assert main(command) == 0
        assert "一直拖着不办" in "".join(capsys.readouterr().out.split())
