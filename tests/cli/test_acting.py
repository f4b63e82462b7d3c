"""`negassoc plan` and `negassoc programme`: what they print, and what they say to wrong use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from negassoc.__main__ import main


@pytest.fixture
def brand(tmp_path: Path) -> str:
    path = tmp_path / "brand.toml"
    path.write_text('name = "芮弥"\n', "utf-8")
    return str(path)


def test_a_plan_as_a_checklist(brand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "customer_complaint", "--brand", brand, "--platform", "xhs", "--now", "2026-11-27T09:30:00+08:00"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# 处置方案：芮弥 · 真实客户投诉\n")
    assert "11月27日（周五）10:30" in shown


@pytest.mark.parametrize("said", ["真实客户投诉", "投诉", "客户投诉"])
def test_a_type_may_be_named_as_the_screens_show_it(said: str, brand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", said, "--brand", brand, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "customer_complaint"


def test_a_plan_as_json_with_facts_and_grade(brand: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text("order_match = true\n", "utf-8")
    wanted = ["plan", "malicious_attack", "--brand", brand, "--facts", str(facts), "--grade", "P1", "--format", "json"]
    assert main([*wanted, "--now", "2026-11-27T01:30:00+00:00"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    record = json.loads(lines[0])
    assert (record["type"], record["also"], record["grade"]) == ("malicious_attack", ["customer_complaint"], "P1")
    assert record["actions"][0]["due_at"] == "2026-11-27T10:00:00+08:00"
    assert "MA6" in {item["id"] for item in record["blocked"]}


@pytest.mark.parametrize(
    ("platform", "said"), [("xiaohongsh", "did you mean 'xiaohongshu'"), ("xhs", ""), ("小红书", ""), ("weixin", ""), ("kuaishuo", "'kuaishou'")]
)  # fmt: skip
def test_a_platform_that_is_almost_a_known_one_is_told(platform: str, said: str, brand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "customer_complaint", "--brand", brand, "--platform", platform]) == 0
    told = capsys.readouterr().err
    assert said in told and bool(told) == bool(said)


def test_facts_of_single_mentions_alone_are_told_to_be_of_no_use(brand: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text('[mention."n999"]\norder_match = true\n', "utf-8")
    for wanted in (["plan", "customer_complaint"], ["explain", "退款拖了一个月"]):
        assert main([*wanted, "--brand", brand, "--facts", str(facts), "--lang", "en"]) == 0
        assert f"{facts}: facts of single mentions (n999) are not used here; it holds no other" in capsys.readouterr().err
    facts.write_text("order_match = true\n", "utf-8")
    assert main(["plan", "customer_complaint", "--brand", brand, "--facts", str(facts)]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("now", ["2026-11-28 09:00", "2026-11-28T09:00", "2026/11/28 9:00"])
def test_a_time_without_a_zone_is_beijing_time_and_told(now: str, brand: str, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["plan", "customer_complaint", "--brand", brand, "--format", "json"]
    assert main([*wanted, "--now", "2026-11-28T09:00:00+08:00"]) == 0
    exact = capsys.readouterr()
    assert main([*wanted, "--now", now]) == 0
    told = capsys.readouterr()
    assert (told.out, exact.err) == (exact.out, "")
    assert told.err == f"{now!r} names no zone and is taken as Beijing time: 2026-11-28T09:00:00+08:00（没有写时区，按北京时间算）\n"


def test_a_grade_may_be_written_small(brand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "customer_complaint", "--brand", brand, "--grade", "p1", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["grade"] == "P1"


def test_a_plan_into_a_file_in_english(brand: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "plan.md"
    assert main(["plan", "own_violation", "--brand", brand, "--lang", "en", "-o", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert out.read_text("utf-8").startswith("# Action plan: 芮弥 · own-account violation")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["plan", "complaint"], "'complaint' is not one of"),
        (["plan", "none", "--now", "2026-11-27"], "no time with an offset"),
        (["plan", "none", "--grade", "P9"], "P9"),
        (["plan", "none", "--facts", "nowhere.toml"], "nowhere.toml"),
        (["programme", "--at", "tomorrow"], "'tomorrow' is no date"),
    ],
)
def test_wrong_use_is_one_line_and_two(wrong: list[str], said: str, brand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*wrong, *(["--brand", brand] if wrong[0] == "plan" else [])]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert len(told.err.splitlines()) == 1


def test_what_is_due_on_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["programme", "--at", "2025-10-09", "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert records[0]["id"] == "M-D2"
    assert records[0]["at"] == "2025-10-09T01:30:00+00:00"
    assert {"id", "at", "title", "role", "moved_from"} <= set(records[0])


def test_a_calendar_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    icalendar = pytest.importorskip("icalendar")
    out = tmp_path / "programme.ics"
    assert main(["programme", "--from", "2025-10-09", "--days", "1", "--ics", str(out)]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", f"{out}: 1 day from 2025-10-09\n")
    events = icalendar.Calendar.from_ical(out.read_bytes()).walk("VEVENT")
    assert len(events) == 10
    assert "搜一遍品牌名加负面词" in {str(event["SUMMARY"]) for event in events}


def test_a_week_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["programme", "--from", "2025-11-24", "--days", "7"]) == 0
    shown = capsys.readouterr().out
    assert "搜一遍品牌名加负面词" in shown.replace("\n", "")
    assert "11月24日（周一）10:00" in shown
    assert main(["programme", "--from", "2025-11-24", "--days", "1", "--lang", "en"]) == 0
    assert "Mon 24 Nov 2025" in capsys.readouterr().out


def test_a_plan_is_not_written_into_a_file_that_would_not_open(brand, tmp_path, capsys):
    assert main(["plan", "own_violation", "--brand", brand, "-o", str(tmp_path / "plan.pdf")]) == 2
    assert "this is written as .md or .markdown or .txt or .json or .jsonl, not as .pdf" in capsys.readouterr().err
    assert not (tmp_path / "plan.pdf").exists()
