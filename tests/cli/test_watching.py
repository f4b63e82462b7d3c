"""`negassoc searches`, `campaigns` and `identity`: what they print, and what they say to wrong use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from negassoc.__main__ import main

DATA = Path(__file__).parent.parent / "data" / "campaigns"
BRANDS = str(DATA / "brands.json")


@pytest.fixture
def brand(tmp_path: Path) -> str:
    path = tmp_path / "brand.toml"
    path.write_text('name = "桥边书屋"\n', "utf-8")
    return str(path)


def test_campaigns_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["campaigns", str(DATA / "cs.jsonl"), "--brands", BRANDS, "--json"]) == 0
    printed = capsys.readouterr()
    (record,) = [json.loads(line) for line in printed.out.splitlines()]
    assert set(record) >= {"brand", "mentions", "accounts", "first_at", "last_at", "proof", "score"}
    assert record["brand"] == "qiaobian" and len(record["mentions"]) == 8
    assert all(set(pair) == {"a", "b", "similarity", "gap_s", "kind"} for pair in record["proof"])
    assert "1 起疑似协同" in printed.err


def test_campaigns_for_people_name_the_pairs_and_stay_a_suspicion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["campaigns", str(DATA / "cs.jsonl"), "--brands", BRANDS]) == 0
    shown = capsys.readouterr().out
    assert "疑似协同" in shown and "cs-006 ↔ cs-007" in shown and "不代表对任何个人的认定" in shown.replace("\n", "")


def test_the_ending_of_the_file_says_the_format_of_campaigns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["campaigns", str(DATA / "cs.jsonl"), "--brands", BRANDS, "-o", str(tmp_path / "c.jsonl")]) == 0
    assert json.loads((tmp_path / "c.jsonl").read_text("utf-8"))["brand"] == "qiaobian"
    assert main(["campaigns", str(DATA / "cs.jsonl"), "--brands", BRANDS, "-o", str(tmp_path / "c.xlsx")]) == 2
    assert "this is written as .txt or .jsonl or .ndjson or .json, not as .xlsx" in capsys.readouterr().err
    assert not (tmp_path / "c.xlsx").exists()


def test_nothing_found_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["campaigns", str(DATA / "ng_recall.jsonl"), "--brands", BRANDS, "--lang", "en"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "" and "0 suspected campaigns in 22 mentions" in printed.err


def test_a_mention_of_another_brand_is_skipped_and_said(brand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["campaigns", str(DATA / "rp.jsonl"), "--brand", brand]) == 0
    printed = capsys.readouterr()
    assert printed.out == "" and "24 rows with a problem" in printed.err and "muhewan" in printed.err


@pytest.mark.parametrize("words", [["campaigns", "none.jsonl", "--brands", BRANDS], ["campaigns", str(DATA / "cs.jsonl")], ["searches"]])
def test_wrong_use_is_one_line_and_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.startswith("negassoc: ") and "Traceback" not in printed.err


def test_searches(brand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["searches", "--brand", brand, "--platform", "ks", "--limit", "2", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["query"] for line in lines] == ["桥边书屋", "桥边书屋 投诉"]
    assert all(set(line) == {"platform", "query", "why"} and line["platform"] == "kuaishou" for line in lines)
    assert main(["searches", "--brand", brand, "--limit", "1"]) == 0
    assert "小红书" in capsys.readouterr().out


def test_identity(brand: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.toml"
    other.write_text('name = "桥边书店"\nuscc = "91350100M000100Y43"\n', "utf-8")
    assert main(["identity", str(other), "--brand", brand]) == 0
    assert "| 统一社会信用代码 |" in capsys.readouterr().out
    assert main(["identity", str(other), "--brand", brand, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "unclear"
    other.write_text('nam = "x"\n', "utf-8")
    assert main(["identity", str(other), "--brand", brand]) == 2
    assert "did you mean 'name'" in capsys.readouterr().err


def test_searches_on_a_platform_that_is_almost_a_known_one_are_told(brand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["searches", "--brand", brand, "--platform", "xiaohongsh", "--platform", "xhs", "--json"]) == 0
    printed = capsys.readouterr()
    assert {json.loads(line)["platform"] for line in printed.out.splitlines()} == {"xiaohongsh", "xiaohongshu"}
    assert printed.err.count("did you mean 'xiaohongshu'") == 1
