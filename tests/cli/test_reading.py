"""`negassoc inspect` and `negassoc convert`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from negassoc.__main__ import main
from negassoc.sources import Export

DATA = Path(__file__).parent.parent / "data"


def test_inspect_prints_the_contract_a_line_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    shape = DATA / "mediacrawler_xhs_jsonl"
    code = main(["inspect", str(shape / "input_contents.jsonl"), str(shape / "input_comments.jsonl"), "--json"])
    contents, comments = map(json.loads, capsys.readouterr().out.splitlines())
    assert code == 0
    assert {
        "path",
        "tool",
        "platform",
        "rows",
        "mentions",
        "duplicates",
        "skipped",
        "problems",
        "first_at",
        "last_at",
        "coverage",
        "guessed",
    } <= contents.keys()
    assert (contents["tool"], contents["platform"], contents["rows"], contents["mentions"], contents["duplicates"]) == (
        "MediaCrawler",
        "xiaohongshu",
        3,
        2,
        1,
    )
    assert contents["guessed"] is None
    assert "of 1,342 comments read" in contents["coverage"]["text"]
    assert comments["first_at"].endswith("+00:00")


def test_inspect_shows_people_what_was_guessed_and_where_the_damage_is(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("客户说,日期\n充电三次就鼓包了，客服让我等两周,2026-07-26\n,2026-07-27\n", "utf-8")
    assert main(["inspect", str(tmp_path)]) == 0
    shown = capsys.readouterr()
    assert "猜测: " in shown.out
    assert "正文 ← “客户说”列（按内容）" in shown.out.replace("\n", "")
    assert (
        f"{tmp_path}/t.csv:3: neither title nor text" in shown.err and "1 row with a problem, not used（这些有问题，没有用）" in shown.err
    )
    assert main(["inspect", str(tmp_path), "--lang", "en"]) == 0
    shown = capsys.readouterr()
    assert "text ← column '客户说', by its content" in shown.out.replace("\n", "")
    assert not any("\u3400" <= sign <= "\u9fff" for sign in shown.err)


def test_inspect_speaks_chinese_of_whatever_it_guesses(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "小红书.csv").write_text("标题,正文,时间,备注,评论1,评论2\n充电宝避雷,就鼓包,x,y,没人管,退款拖了\n", "utf-8")
    (tmp_path / "行.txt").write_text("这家店的肉真的不新鲜。\n退款拖了一个月没人管。\n", "utf-8")
    assert main(["inspect", str(tmp_path)]) == 0
    shown = capsys.readouterr().out.replace("\n", "")
    told = (
        "标题 ← “标题”列", "正文 ← “正文”列（按列名）", "类型 ← 笔记", "平台 ← 小红书（按文件名或表名）", "没有用到的列 ← 备注", "每格一条评论", "表格 ·",
        "纯文本 ·", "每行一条（按内容）", "不是时间，请写成",
    )  # fmt: skip
    assert [words for words in told if words not in shown] == []


def test_inspect_shows_days_of_beijing_and_tells_programs_the_offset(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("评论内容,时间\n没人管,2026-11-01\n退款拖了,2026-11-21 03:00\n", "utf-8")
    assert main(["inspect", str(tmp_path)]) == 0
    assert "2026-11-01 … 2026-11-21" in capsys.readouterr().out
    assert main(["inspect", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["first_at"] == "2026-10-31T16:00:00+00:00"


@pytest.mark.parametrize("content", ["", "just words", "sku,price\n1,2\n"])
def test_nothing_readable_is_wrong_use(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.csv").write_text(content, "utf-8")
    assert main(["inspect", str(tmp_path), "--json"]) == 2
    assert main(["inspect", str(tmp_path / "absent")]) == 2
    assert "no such file or folder" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx", "parquet"])
def test_what_convert_writes_can_be_read_again(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / f"mentions.{ending}"
    shape = DATA / "mediacrawler_xhs_csv"
    assert main(["convert", str(shape / "input_contents.csv"), str(shape / "input_comments.csv"), "-o", str(out)]) == 0
    assert "4 mentions" in capsys.readouterr().err
    export = Export(out)
    read = {(m.id, m.kind, m.thread_title, m.published_at, m.engagement.comments) for m in export}
    before = {
        (m.id, m.kind, m.thread_title, m.published_at, m.engagement.comments)
        for m in Export([shape / "input_contents.csv", shape / "input_comments.csv"])
    }
    assert read == before
    assert export.files[0].tool == "negassoc"


def test_convert_disarms_formulas_and_knows_its_endings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = DATA / "mediacrawler_xhs_csv" / "input_comments.csv"
    assert main(["convert", str(source), "-o", str(tmp_path / "m.csv")]) == 0
    texts = [row["text"] for row in csv.DictReader((tmp_path / "m.csv").read_text("utf-8-sig").splitlines())]
    assert '\'=HYPERLINK("x")' in texts
    assert main(["convert", str(source), "-o", str(tmp_path / "m.docx")]) == 2
    assert "known are .jsonl, .csv, .xlsx, .parquet" in capsys.readouterr().err


def test_convert_takes_a_profile_and_marks_own_accounts(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('tool = "ours"\nplatform = "xhs"\n[columns]\ntext = "话"\nauthor_name = "谁"\n', "utf-8")
    (tmp_path / "b.toml").write_text('name = "示例"\n[[official_accounts]]\nplatform = "xhs"\nnickname = "示例官方"\n', "utf-8")
    (tmp_path / "t.csv").write_text("话,谁\n新品上线,示例官方\n", "utf-8")
    out = tmp_path / "m.jsonl"
    assert (
        main(
            ["convert", str(tmp_path / "t.csv"), "-o", str(out), "--profile", str(tmp_path / "p.toml"), "--brand", str(tmp_path / "b.toml")]
        )
        == 0
    )
    assert json.loads(out.read_text("utf-8"))["author"]["official"] is True


ODD = "内容,发布时间,点赞数\n青芒屿退款一个月没到账,2026-13-45,3\n青芒屿客服不理人,2026-15-01,4\n青芒屿没货,2026-11-05,5\n"


@pytest.mark.parametrize("words", [["scan"], ["report"], ["campaigns"], ["self-check"], ["convert", "-o", "m.jsonl"]])
def test_every_command_tells_of_the_oddities_of_what_it_read(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("odd.csv").write_text(ODD, "utf-8")
    Path("brand.toml").write_text('name = "青芒屿"', "utf-8")
    assert main([*words, "odd.csv", "--brand", "brand.toml"]) == 0
    told = capsys.readouterr().err.splitlines()
    said = [line.partition("（")[0] for line in told]
    assert "odd.csv:2: 发布时间: '2026-13-45' is no time; write it like 2026-01-31 09:00 (and 1 more like this)" in said
    assert "2 warnings, the rows were kept; negassoc inspect --json lists them" in said


def test_warnings_of_many_files_are_bounded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.csv").write_text(ODD.replace("青芒屿", f"青芒屿{number}号店"), "utf-8")
    assert main(["convert", str(tmp_path), "-o", str(tmp_path / "m.jsonl")]) == 0
    told = capsys.readouterr().err.splitlines()
    assert sum("is no time" in line for line in told) == 10
    assert "40 warnings, the rows were kept; negassoc inspect --json lists them" in [line.partition("（")[0] for line in told]


def test_a_broken_document_and_chinese_quotes_are_told_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04" + b"x" * 500)
    assert main(["inspect", str(tmp_path / "b.docx")]) == 2
    assert "文件损坏或不完整" in capsys.readouterr().err
    (tmp_path / "brand.toml").write_text("name = “炉边记”\n", "utf-8")
    assert main(["plan", "none", "--brand", str(tmp_path / "brand.toml")]) == 2
    assert "引号要用英文输入法的直引号" in capsys.readouterr().err


def test_a_self_check_that_found_no_own_post_says_what_to_write_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("正文,作者,发布时间\n示例茶好喝,路人甲,2026-11-20\n", "utf-8")
    (tmp_path / "tea.toml").write_text('name = "示例茶"\n', "utf-8")
    assert main(["self-check", "a.csv", "--brand", "tea.toml"]) == 0
    assert "没有读到本品牌自己的账号发布的内容" in capsys.readouterr().err
