"""`negassoc monitor`: the example, run as people run it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from negassoc.__main__ import main
from negassoc.cases.store import open_store
from negassoc.watch import Ledger

EXAMPLE = Path(__file__).parents[2] / "examples" / "monitor"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "monitor")
    return tmp_path / "monitor"


def command(*arguments: object) -> int:
    return main(["monitor", *map(str, arguments)])


def test_the_example_runs_and_finds_nothing_new_the_second_time(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("run", "--config", desk / "monitor.toml", "--once", "--json") == 0
    shown = capsys.readouterr()
    first = json.loads(shown.out)
    assert (first["seen"], first["unassigned"], first["new"], first["problems"]) == (9, 2, 7, [])
    raised = {alert["threshold"]: alert for alert in first["alerts"]}
    assert "n-1001" in raised["gravest"]["mentions"]
    assert raised["notice"]["mentions"] == ["i-1"]
    assert "【P" in shown.err
    assert "13800138000" not in shown.out + shown.err
    written = [json.loads(one) for one in (desk / "alerts.jsonl").read_text("utf-8").splitlines()]
    assert [alert["id"] for alert in written] == [alert["id"] for alert in first["alerts"]]
    assert command("run", "-c", desk / "monitor.toml", "--once", "--json") == 0
    second = json.loads(capsys.readouterr().out)
    assert (second["seen"], second["new"], second["alerts"], second["unchanged"]) == (0, 0, [], ["exports", "inbox"])


def test_a_fact_that_became_known_is_judged_in(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command("run", "--config", desk / "monitor.toml", "--once")
    facts = desk / "facts.toml"
    facts.write_text(facts.read_text("utf-8") + '\n[mention."n-1004"]\nsafety_harm = true\n', "utf-8")
    capsys.readouterr()
    assert command("rejudge", "--config", desk / "monitor.toml", "--days", 3650, "--json") == 0
    assert json.loads(capsys.readouterr().out)["rejudged"] == 1
    with open_store(desk / "monitor.db") as store:
        [kept] = [one for one in Ledger(store).since("wanlitang", 0) if one.mention.id == "n-1004"]
    assert kept.grade in {"P0", "P1"}


def test_the_digest_of_the_example(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command("run", "--config", desk / "monitor.toml", "--once")
    capsys.readouterr()
    assert command("digest", "--config", desk / "monitor.toml", "--week", "2026-11-18", "-o", desk / "week.md") == 0
    page = (desk / "week.md").read_text("utf-8")
    assert "# 松果屿 舆情周报 2026-11-16 至 2026-11-22" in page
    assert "# 晚梨糖 舆情周报" in page
    assert command("digest", "-c", desk / "monitor.toml", "--week", "2026-11-18", "--brand", "松果屿", "--json") == 0
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["brand"] == "songguoyu"


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["run", "--config", "none.toml", "--once"], "none.toml: cannot be read"),
        (["digest", "--config", "monitor.toml", "--brand", "别家"], "watches no brand called '别家'"),
        (["digest", "--config", "monitor.toml", "--week", "last"], "last"),
        (["digest", "--config", "monitor.toml", "-o", "week.html"], "this is written as .md or .markdown or .txt or"),
        (["digest", "--config", "monitor.toml", "--json", "-o", "week.md"], "json is written as .jsonl or .ndjson or .json, not as .md"),
        (["run"], "--config"),
    ],
)
def test_wrong_use_is_one_line_and_code_2(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], what: str
) -> None:
    monkeypatch.chdir(desk)
    assert command(*arguments) == 2
    assert what in capsys.readouterr().err


def test_a_damaged_row_is_listed_and_the_rest_used(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (desk / "exports" / "notes.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "n-1006", "text": \n')
    assert command("run", "--config", desk / "monitor.toml", "--once") == 0
    shown = capsys.readouterr()
    assert "新增 7" in shown.out
    assert "notes.jsonl:6" in shown.err


def test_an_odd_row_is_used_and_said(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (desk / "exports" / "notes.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "n-1006", "text": "松果屿退款没到账", "published_at": "2026-13-45"}\n')
    assert command("run", "--config", desk / "monitor.toml", "--once", "--json") == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["new"] == 8
    assert "notes.jsonl:6: published_at: '2026-13-45' is no time" in json.loads(shown.out)["warnings"][0]
    assert "notes.jsonl:6: published_at: '2026-13-45' is no time" in shown.err
    assert "1 warning, the rows were kept" in shown.err


@pytest.mark.parametrize(
    ("asked", "first", "again"), [((), "读到 9 条：新增 7，", "不再出现 0"), (("--lang", "en"), "seen 9, new 7,", "not seen 0")]
)
def test_what_a_run_did_is_said_in_the_language_asked_for(desk, capsys, asked, first, again):
    for arguments, line in ((("run", "--once"), first), (("rejudge",), again)):
        assert command(*arguments, "--config", desk / "monitor.toml", *asked) == 0
        assert line in capsys.readouterr().out
    assert command("forget", "--config", desk / "monitor.toml", *asked) == 0
    assert capsys.readouterr().out == ("forgotten 0\n" if asked else "已清除 0 条\n")


def test_ctrl_c_in_the_pause_leaves_cleanly(desk: Path) -> None:
    arguments = [sys.executable, "-m", "negassoc", "monitor", "run", "--config", str(desk / "monitor.toml")]
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUTF8": "1"})
    assert child.stderr is not None
    lines = iter(child.stderr.readline, "")
    assert any("next run in 30m" in line for line in lines)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=20)
    assert (child.returncode, err) == (0, "stopped; everything that had arrived is kept（已停止，已读到的都已保存）\n")
    assert "新增 7" in out
    with open_store(desk / "monitor.db") as store:
        assert Ledger(store).count() == 7


def test_an_alert_that_was_not_delivered_is_no_row_with_a_problem(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = desk / "monitor.toml"
    config.write_text(
        config.read_text("utf-8") + '\n[[notifier]]\nname = "group"\nkind = "webhook"\nurls = ["http://127.0.0.1:9/hook"]\n', "utf-8"
    )
    assert command("run", "--config", config, "--once", "--json") == 0
    told = capsys.readouterr().err
    assert "notifier group: alert " in told and "it is tried again in the next run" in told
    assert "with a problem, not used" not in told
