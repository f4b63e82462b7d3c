"""Tables as files: nothing becomes a formula, nothing is lost silently, everything opens again."""

from __future__ import annotations

import csv
import datetime as dt
import json

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.records import Title
from negassoc.report.tables import Column, Sheet, is_formula, json_line, markdown, neutral, to_csv, write_csv, write_jsonl, write_xlsx

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
MOMENT = dt.datetime(2026, 11, 27, 2, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", " =", "\u200b=", "\ufeff@", "\x00=", "﹦"])
def test_a_text_that_may_be_a_formula_is_disarmed(start):
    assert is_formula(f"{start}1+1")
    assert str(neutral(f"{start}1+1")).startswith("'")


@pytest.mark.parametrize("text", ["退款=要的", "a@b", "1-2", "'退款", "", "没有-号"])
def test_other_texts_stay_as_they_are(text):
    assert neutral(text) == text


def test_what_looks_disarmed_already_is_disarmed_once_more():
    assert [neutral(text) for text in ("=1", "'=1", "''=1")] == ["'=1", "''=1", "'''=1"]


def test_numbers_are_no_formulas():
    assert [neutral(-3), neutral(-0.5), neutral(None), neutral(True)] == [-3, -0.5, None, True]


@given(st.lists(st.fixed_dictionaries({"a": ANY_TEXT, "b": ANY_TEXT}), max_size=5))
def test_csv_reads_back_with_no_formula_in_it(rows):
    read = list(csv.reader(to_csv(["a", "b"], rows).splitlines(keepends=True)))
    assert read[0] == ["a", "b"]
    assert len(read) == len(rows) + 1
    for row, back in zip(rows, read[1:], strict=True):
        assert back == [neutral(row["a"]), neutral(row["b"])]
        assert not any(is_formula(cell) for cell in back)


def test_csv_has_a_mark_for_excel_and_plain_values(tmp_path):
    write_csv(tmp_path / "t.csv", ["时间", "真", "无"], [{"时间": MOMENT, "真": False}])
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith("\ufeff时间,真,无\r\n".encode())
    assert raw.decode("utf-8-sig").splitlines()[1] == "2026-11-27T02:30:00+00:00,false,"


def test_a_workbook_opens_right(tmp_path):
    columns = [Column("text", title=Title("正文", "Text"), width=60), Column("at", title=Title("时间", "When"), holds="time"), "n"]
    rows = [{"text": "=1+1", "at": MOMENT, "n": 3}, {"text": "没踩雷", "n": None}]
    assert write_xlsx(tmp_path / "t.xlsx", [Sheet("提及/全部:2026", columns=columns, rows=rows)]) == ()
    page = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert page.title == "提及 全部 2026"
    assert [cell.value for cell in page[1]] == ["正文", "时间", "n"]
    assert (page["A2"].value, page["A2"].data_type, page["A2"].quotePrefix) == ("=1+1", "s", True)
    assert page["A3"].quotePrefix is False
    assert page["B2"].value == dt.datetime(2026, 11, 27, 10, 30), "Beijing time"
    assert page["C2"].value == 3
    assert page["C3"].value is None
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:C3"
    assert page.column_dimensions["A"].width == 60
    assert page["A2"].alignment.wrap_text


def test_english_headings_and_names_of_columns(tmp_path):
    column = Column("text", title=Title("正文", "Text"))
    write_xlsx(tmp_path / "t.xlsx", [Sheet("a", columns=[column], rows=[], lang="en"), Sheet("b", columns=[column], rows=[], lang=None)])
    assert [page["A1"].value for page in openpyxl.load_workbook(tmp_path / "t.xlsx")] == ["Text", "text"]


def test_a_workbook_says_what_it_could_not_keep(tmp_path):
    losses = write_xlsx(tmp_path / "t.xlsx", [Sheet("a", columns=["x"], rows=[{"x": "红\x00\ud800"}, {"x": "一" * 40_000}, {"x": "好"}])])
    assert [loss.where for loss in losses] == ["a:2 x", "a:3 x"]
    assert "40,000" in losses[1].what
    page = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert page["A2"].value == "红��"
    assert len(page["A3"].value) == 32_767


@settings(max_examples=40)
@given(ANY_TEXT)
def test_any_text_fits_a_workbook(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("x") / "t.xlsx"
    write_xlsx(path, [Sheet(text, columns=["x"], rows=[{"x": text}])])
    cell = openpyxl.load_workbook(path).active["A2"]
    assert cell.data_type != "f"


def test_an_empty_workbook_can_be_opened(tmp_path):
    write_xlsx(tmp_path / "t.xlsx", [])
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames == ["Sheet1"]


@given(st.dictionaries(ANY_TEXT, ANY_TEXT | st.none() | st.integers(), max_size=4))
def test_json_lines_lose_nothing(record):
    line = json_line(record)
    assert "\n" not in line
    assert json.loads(line.encode("utf-8")) == record


def test_json_lines_to_a_file(tmp_path):
    write_jsonl(tmp_path / "t.jsonl", [{"at": MOMENT, "text": "没踩雷"}, {"text": None}])
    assert (tmp_path / "t.jsonl").read_text("utf-8") == '{"at": "2026-11-27T02:30:00+00:00", "text": "没踩雷"}\n{"text": null}\n'


@given(ANY_TEXT, ANY_TEXT)
def test_a_markdown_cell_never_ends_its_row_or_starts_a_tag(a, b):
    table = markdown(["x", "y"], [{"x": a, "y": b}])
    lines = table.split("\n")
    assert len(lines) == 3
    bare = lines[2].replace("\\\\", "").replace("\\|", "")
    assert bare.count("|") == 3
    assert "<" not in lines[2].replace("<br>", "")


def test_markdown_renders_as_it_was_written():
    from markdown_it import MarkdownIt

    said = "**不是** [链接](javascript:alert(1)) `x` <b>y</b> a|b\n# 第二行"
    html = MarkdownIt("default", {"html": True}).enable("table").render(markdown(["a"], [{"a": said}]))
    assert "<strong>" not in html
    assert "<a " not in html
    assert "<b>" not in html
    assert "**不是** [链接](javascript:alert(1)) `x` &lt;b&gt;y&lt;/b&gt; a|b<br># 第二行" in html
