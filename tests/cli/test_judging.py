"""`scan`, `explain`, `facts`, `check`, `evaluate`, `fit`: what they print, and what becomes of wrong input."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import attrs
import openpyxl
import pytest
from rich.console import Console

from negassoc import Brand, Pack, RuleClassifier
from negassoc.__main__ import main
from negassoc.classify import FOUR_TYPES, AssociationType
from negassoc.cli import brief
from negassoc.cli.brief import spans
from negassoc.cli.planviews import plan_title
from negassoc.facts import Facts

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "examples/quickstart"
EXPORTS, BRAND = QUICKSTART / "exports", QUICKSTART / "brand.toml"
CONTENTS = EXPORTS / "xhs/jsonl/search_contents_2026-11-12.jsonl"
TABLE = EXPORTS / "xhs/csv/search_contents_2024-11-02.csv"
NOW = "2026-11-12T09:00:00+08:00"


class Done:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def records(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def command(*arguments: object) -> Done:
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err)

    return command


def test_jsonl_is_a_line_a_mention_then_a_line_a_plan(run):
    done = run("scan", EXPORTS, "--brand", BRAND, "--facts", QUICKSTART / "facts.toml", "--format", "jsonl", "--now", NOW)
    assert done.code == 0
    verdicts = [record for record in done.records if "plan" not in record]
    plans = [record["plan"] for record in done.records if "plan" in record]
    assert done.records == [*verdicts, *({"plan": plan} for plan in plans)]
    assert len(verdicts) == 116
    assert plans
    for verdict in verdicts:
        assert {"mention", "type", "also", "suspected", "probability", "scores", "grade", "findings", "wanted", "facts"} <= set(verdict)
        assert {"id", "platform", "kind", "title", "text", "url", "published_at", "published_raw", "thread_title"} <= set(
            verdict["mention"]
        )
        assert set(verdict["scores"]) == {*map(str, FOUR_TYPES), "none"}
        for kind, score in verdict["scores"].items():
            assert score == pytest.approx(sum(f["weight"] for f in verdict["findings"] if f["type"] == kind))
        assert (verdict["grade"] is None) == (verdict["type"] == "none")
        assert set(verdict["wanted"]) <= set(Facts.names())
        for finding in verdict["findings"]:
            assert {"rule", "type", "weight", "spans", "title"} <= set(finding)
            for span in finding["spans"]:
                assert 0 <= span["start"] < span["end"] <= len(verdict["mention"][span["field"]])
    served = {mention for plan in plans for mention in plan["mentions"]}
    assert served == {v["mention"]["id"] for v in verdicts if v["type"] != "none" or v["also"]}
    for plan in plans:
        assert {"type", "also", "brand", "platform", "grade", "mentions", "now", "actions", "blocked", "first_find_out"} <= set(plan)
        assert plan["now"] == "2026-11-12T09:00:00+08:00"


def test_stated_facts_decide(run):
    done = run("scan", CONTENTS, "--brand", BRAND, "--facts", QUICKSTART / "facts.toml", "--format", "jsonl")
    by_id = {record["mention"]["id"]: record for record in done.records if "mention" in record}
    refund, blackmail, hotel = (by_id[i] for i in ("69923732000000000d008815", "69f4941d000000000d004072", "69107f80000000000d00e222"))
    assert (refund["type"], refund["suspected"], refund["facts"]) == (
        "customer_complaint",
        False,
        {"order_match": True, "service_contact": True},
    )
    assert (blackmail["type"], blackmail["suspected"]) == ("malicious_attack", False)
    assert (hotel["type"], hotel["suspected"]) == ("algorithm_misjudgment", False)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["真实客户投诉", "账号自身违规", "外部恶意攻击", "算法误判关联", "汇总 · 共 116 条提及", "方案 1 · ", "条件未齐，先等", "绝不能做", "先查清"]),
        ("en", ["genuine customer complaint", "own-account violation", "malicious attack", "algorithm misjudgment",
                "Summary · 116 mentions",
                "Plan 1 · ", "Not yet", "Never", "find out first"]),
    ],
)  # fmt: skip
def test_the_table_is_for_people(run, lang, words):
    done = run("scan", EXPORTS, "--brand", BRAND, "--lang", lang)
    assert done.code == 0
    for word in words:
        assert word in done.out
    assert "\x1b" not in done.out
    assert max(map(len, done.out.splitlines())) <= 100


@pytest.mark.parametrize("more", [[], ["--full"]])
def test_english_has_no_full_width_signs(run, more):
    facts = QUICKSTART / "facts.toml"
    out = run("scan", EXPORTS, "--brand", BRAND, "--facts", facts, "--lang", "en", "--now", NOW, *more).out
    own = [line for line in out.splitlines() if not any("\u3400" <= sign <= "\u9fff" for sign in line)]
    assert not {sign for line in own for sign in line} & set("＋－（）")
    assert "(GR-01)" in out


@pytest.mark.parametrize(("lang", "both"), [("en", "genuine customer complaint + malicious attack"), ("zh", "真实客户投诉＋外部恶意攻击")])
def test_a_second_type_stands_beside_the_first(lang, both):
    verdict = RuleClassifier(Brand("青芒屿")).classify("青芒屿退款一个月没到账，客服一直不理人")
    plan = Pack.default().plan(attrs.evolve(verdict, also=(AssociationType.MALICIOUS_ATTACK,)))
    assert plan_title(plan, lang).startswith(both)


def test_each_plan_is_listed_with_the_mention_it_is_for(run):
    out = run("scan", EXPORTS, "--brand", BRAND, "--facts", QUICKSTART / "facts.toml", "--now", NOW).out
    listed = [line for line in out.splitlines() if line.startswith(" 方案 ")]
    assert re.fullmatch(r" 方案 1 · 外部恶意攻击 · 小红书 · P1 · \d 条提及 · 青芒屿老板看过来，给你三天时…", listed[0])
    assert all("条提及 · " in line for line in listed)


def test_what_is_overdue_says_so(run):
    assert "已超时" in run("scan", EXPORTS, "--brand", BRAND, "--now", "2027-06-01T00:00:00+08:00").out
    assert "已超时" not in run("scan", CONTENTS, "--brand", BRAND, "--now", "2020-01-01T00:00:00+08:00").out


def test_the_default_is_short_and_says_what_is_due_within_a_day_for_which_plans(run):
    out = run("scan", EXPORTS, "--brand", BRAND, "--now", NOW).out
    assert len(out.splitlines()) <= 275
    plans = [
        record["plan"] for record in run("scan", EXPORTS, "--brand", BRAND, "--format", "jsonl", "--now", NOW).records if "plan" in record
    ]
    joined = "".join(out.split())
    until = dt.datetime.fromisoformat(NOW) + dt.timedelta(days=1)
    for plan in plans:
        for action in plan["actions"]:
            if action["due_at"] and dt.datetime.fromisoformat(action["due_at"]) <= until:
                assert "".join(action["title"]["zh"].split())[:12] in joined
        for blocked in plan["blocked"]:
            assert "".join(blocked["title"]["zh"].split()) in joined
    assert "--full" in out
    having = [number for number, plan in enumerate(plans, 1) if "GC1" in {action["id"] for action in plan["actions"]}]
    assert "先在原帖下公开回应客服" + ",".join(spans(having)) in joined


def test_where_nothing_is_due_soon_the_first_steps_are_shown(run, tmp_path):
    plan = Pack.default().plan(RuleClassifier(Brand.load(BRAND)).classify("青芒屿退款一个月没到账"))
    later = attrs.evolve(plan, actions=tuple(attrs.evolve(action, due_at=None) for action in plan))
    console = Console(file=io.StringIO(), width=100)
    brief.show_plans(console, [later], "en")
    assert f"{len(plan.actions) - 5} more steps are due later, or wait" in console.file.getvalue()


def test_many_verdicts_and_plans_are_counted_not_listed(run, tmp_path):
    rows = [{"text": f"青芒屿退款拖了{n}天没到账，客服不理人", "platform": f"p{n}"} for n in range(40)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    out = run("scan", "a.jsonl", "--brand", BRAND).out
    assert len(out.splitlines()) < 160
    assert "另有 28 条，--full 列出" in out
    assert "另有 20 个，--full 列出" in out
    assert "另有 28 条" not in run("scan", "a.jsonl", "--brand", BRAND, "--full").out


def test_the_same_steps_of_several_incidents_are_printed_once(run):
    out = run("scan", EXPORTS, "--brand", BRAND, "--full").out
    plans = [record["plan"] for record in run("scan", EXPORTS, "--brand", BRAND, "--format", "jsonl").records if "plan" in record]
    assert all(f"方案 {number} · " in out for number in range(1, len(plans) + 1))
    assert "这几起步骤相同" in out
    first = out[out.index("先做这些") : out.index("方案 1 · ")]
    assert "\n 针对  " in out and plans[0]["mentions"][0][:14] in out[out.index("\n 针对  ") :]
    shared = [int(number) for number in re.findall(r"(?m)^ +(\d+) {3}\S", first)]
    of_one = [int(number) for number in re.findall(r"(?m)^ +(\d+) {3}\S", out[out.index("方案 1 · ") :])]
    assert shared == list(range(1, len(shared) + 1)) and of_one[:3] == [len(shared) + 1, len(shared) + 2, len(shared) + 3]
    assert "先停售" not in first, "some incidents need it for sure, others in one case only"
    assert out.count("先在原帖下公开回应") < sum("GC1" in {action["id"] for action in plan["actions"]} for plan in plans)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_full_leaves_no_step_out(run, lang):
    out = "".join(run("scan", EXPORTS, "--brand", BRAND, "--full", "--now", NOW, "--lang", lang).out.split())
    plans = [r["plan"] for r in run("scan", EXPORTS, "--brand", BRAND, "--format", "jsonl", "--now", NOW).records if "plan" in r]
    titles = {action["title"][lang] for plan in plans for action in plan["actions"]}
    assert [title for title in titles if "".join(title.split())[:8] not in out] == []
    assert "--all" not in out


def test_harmless_mentions_are_listed_only_when_asked_for(run):
    harmless = "在青芒屿写完了整个开题报告"
    assert harmless not in run("scan", CONTENTS, "--brand", BRAND).out
    assert harmless in run("scan", CONTENTS, "--brand", BRAND, "--all").out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["-o", "out.pdf"], "out.pdf: this is written as .txt or .jsonl or .ndjson or .json or .md or .markdown, not as .pdf"),
        (["--format", "table", "-o", "out.jsonl"], "out.jsonl: table is written as .txt, not as .jsonl ("),
        (["--format", "page"], "Invalid value for '--format': 'page' is not one of"),
        (
            ["--format", "jsonl", "-o", "out.xlsx"],
            "jsonl is written as .jsonl or .ndjson or .json, not as .xlsx; a page or a workbook: negassoc report",
        ),
    ],
)
def test_an_ending_that_promises_another_format_is_refused_before_anything_is_read(run, args, said):
    done = run("scan", EXPORTS, "--brand", BRAND, *args)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert said in done.err
    assert not Path(args[-1]).exists()


def test_the_ending_says_the_format(run, tmp_path):
    assert run("scan", CONTENTS, "--brand", BRAND, "-o", tmp_path / "report.md").code == 0
    assert (tmp_path / "report.md").read_text("utf-8").startswith("# 青芒屿")


def test_a_document_in_a_file(run, tmp_path):
    done = run("scan", EXPORTS, "--brand", BRAND, "--format", "markdown", "-o", tmp_path / "report.md")
    assert (done.code, done.out) == (0, "")
    text = (tmp_path / "report.md").read_text("utf-8")
    assert text.startswith("# 青芒屿")
    assert "真实客户投诉" in text


def test_a_bar_moves_while_a_person_watches_and_the_output_stays_clean(tmp_path):
    import pty

    watched, screen = pty.openpty()
    command = [sys.executable, "-m", "negassoc", "scan", EXPORTS, "--brand", BRAND, "--format", "jsonl", "-o", tmp_path / "out.jsonl"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=screen, env=os.environ | {"TERM": "xterm"})
    os.close(screen)
    seen = bytearray()
    with contextlib.suppress(OSError):  # how a terminal says that the other side has left
        while data := os.read(watched, 65536):
            seen += data
    assert (process.wait(), process.communicate()[0]) == (0, b"")
    assert b"scan" in seen
    assert b"116/?" in seen
    assert [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]


def test_terminal_sequences_in_a_post_do_not_reach_the_terminal(run, tmp_path):
    row = {"text": "青芒屿退款一个月没到账\x1b[2J\x1b]0;x\x07，客服不理人，避雷"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), "utf-8")
    done = run("scan", "a.jsonl", "--brand", BRAND, "--all")
    assert done.code == 0
    assert "退款" in done.out
    assert not {"\x1b", "\x07"} & set(done.out)


# Wrong input: a clear error or a named problem, and the good rows beside it in the output.


def rows(done: Done) -> int:
    return sum("mention" in record for record in done.records)


def scanned(run, path, *more) -> Done:
    return run("scan", path, "--brand", BRAND, "--format", "jsonl", *more)


@pytest.mark.parametrize("path", ["none.jsonl", "none/*.json"])
def test_no_such_file(run, path):
    done = scanned(run, path)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"negassoc: no such file or folder: {path}（没有这个文件或文件夹，请核对路径）\n"
    assert scanned(run, path, "--lang", "en").err == f"negassoc: no such file or folder: {path}\n"


def test_an_empty_file(run, tmp_path):
    (tmp_path / "empty.jsonl").touch()
    done = scanned(run, "empty.jsonl")
    assert (done.code, done.out) == (2, "")
    assert "empty.jsonl: the file is empty" in done.err
    assert done.err.splitlines()[-1].startswith("negassoc: empty.jsonl: nothing readable: no mention in it")


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize(
    "command", [("scan", "--brand", BRAND), ("report", "--brand", BRAND), ("campaigns", "--brand", BRAND), ("inspect",)]
)
def test_a_folder_without_a_file_is_called_so(run, tmp_path, command, hidden):
    (tmp_path / "bare").mkdir()
    if hidden:
        (tmp_path / "bare/.x").touch()
    done = run(command[0], "bare", *command[1:])
    assert done.code == 2
    assert "negassoc: bare: nothing readable: no file in it; put an export there: .csv" in done.err
    assert "列" not in done.err


@pytest.mark.parametrize("command", ["scan", "report"])
def test_what_cannot_be_read_says_what_can(run, tmp_path, command):
    (tmp_path / "plan.doc").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 100)
    done = run(command, "plan.doc", "--brand", BRAND)
    assert done.code == 2
    assert done.err.startswith("plan.doc: skipped: a document, not a table: save its tables as .xlsx or .csv")
    assert "（文档读不了" in done.err.splitlines()[0]


def test_a_binary_file(run, tmp_path):
    (tmp_path / "binary.jsonl").write_bytes(bytes(range(256)) * 9)
    done = scanned(run, "binary.jsonl")
    assert (done.code, done.out) == (2, "")
    assert "binary.jsonl: nothing readable" in done.err


def test_a_csv_cut_in_the_middle(run, tmp_path):
    raw = TABLE.read_bytes()
    (tmp_path / "cut.csv").write_bytes(raw[: len(raw) // 2])
    done = scanned(run, "cut.csv")
    assert done.code == 0
    assert 1 < rows(done) < 12
    assert "cut.csv:" in done.err
    assert "1 row with a problem" in done.err


def test_gbk(run, tmp_path):
    (tmp_path / "gbk.csv").write_bytes(TABLE.read_text("utf-8-sig").encode("gbk"))
    done = scanned(run, "gbk.csv")
    assert (done.code, rows(done)) == (0, 12)
    assert "青芒屿店员态度真的差" in done.out


def test_a_brand_file_with_a_typo(run, tmp_path):
    (tmp_path / "brand.toml").write_text('name = "青芒屿"\nalias = ["x"]\n', "utf-8")
    done = run("scan", EXPORTS, "--brand", "brand.toml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("negassoc: brand.toml:2: alias: unknown key; did you mean 'aliases'?")
    assert done.err.count("\n") == 1


def test_a_trade_and_a_city_that_nobody_knows_are_told_once_and_change_nothing_else(run, tmp_path):
    (tmp_path / "brand.toml").write_text('name = "青芒屿"\nindustry = "引力波"\ncity = "广洲"\n', "utf-8")
    done = run("scan", CONTENTS, "--brand", "brand.toml")
    assert done.code == 0
    assert done.err.count("industry: '引力波' names no trade that is known") == 1
    assert done.err.count("city: '广洲' is no city that is known: it tells no namesake apart; the nearest are 株洲, 广州") == 1
    assert "（不认识这个城市" in done.err
    assert "不认识" not in run("explain", "青芒屿", "--brand", "brand.toml", "--lang", "en").err
    assert "known" not in run("scan", CONTENTS, "--brand", BRAND).err


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ((), "与品牌名相近的名字：「筑小佳」2 条。若是别家，写进品牌文件的 not_this_brand"),
        (("--full",), "与品牌名相近的名字：「筑小佳」2 条"),
        (("--lang", "en"), "Names like the brand's: “筑小佳” (2). Others' belong into `not_this_brand`"),
    ],
)
def test_names_like_the_brands_are_counted_with_what_to_do_about_them(run, tmp_path, more, line):
    (tmp_path / "brand.toml").write_text('name = "筑小家"\nindustry = "装修"', "utf-8")
    texts = ["跑的是筑小佳，筑小家好好的，被骗了好几万", "筑小佳把我家水管弄爆了，不是筑小家，别骂错", "筑小家的客服不理人，退款也不给"]
    (tmp_path / "posts.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in texts), "utf-8")
    assert line in " ".join(run("scan", "posts.jsonl", "--brand", "brand.toml", *more).out.split())
    assert "相近的名字" not in run("scan", EXPORTS, "--brand", BRAND, *more).out


def test_a_row_without_text_and_one_cut_off(run, tmp_path):
    good = CONTENTS.read_text("utf-8").splitlines()
    bad = json.loads(good[0]) | {"title": "", "desc": "", "note_id": "x"}
    (tmp_path / "a.jsonl").write_text("\n".join([good[1], json.dumps(bad), good[2][:80], good[3]]), "utf-8")
    done = scanned(run, "a.jsonl")
    assert (done.code, rows(done)) == (0, 2)
    assert "a.jsonl:2: neither title nor text" in done.err
    assert "a.jsonl:3: not valid JSON" in done.err
    assert "2 rows with a problem" in done.err


def test_a_folder_with_an_unrelated_file(run, tmp_path):
    folder = tmp_path / "mixed"
    folder.mkdir()
    shutil.copy(EXPORTS / "notices.csv", folder)
    (folder / "todo.txt").write_text("buy milk\ncall Li\n")
    done = scanned(run, "mixed")
    assert (done.code, rows(done)) == (0, 6)
    assert "mixed/todo.txt: skipped" in done.err


def test_a_record_of_another_brand_is_named(run, tmp_path):
    lines = [{"text": "青芒屿退款没到账", "brand": "青芒屿"}, {"text": "别家", "brand": "半糖山"}, {"text": "青芒屿排队", "brand": None}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    done = scanned(run, "a.jsonl")
    assert (done.code, rows(done)) == (0, 2)
    assert "a.jsonl:2: is about brand '半糖山', not '青芒屿'; skipped: write '青芒屿' or leave `brand` out" in done.err


def test_facts_of_a_mention_that_is_not_there_are_named(run, tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "青芒屿退款没到账", "id": "m1"}), "utf-8")
    (tmp_path / "known.toml").write_text("[mention.m1]\norder_match = true\n[mention.m7]\norder_match = true\n", "utf-8")
    done = scanned(run, "a.jsonl", "--facts", "known.toml")
    assert done.code == 0
    assert [line for line in done.err.splitlines() if "--facts" in line] == [
        "--facts: no mention has the id m7; the ids are in scan --format jsonl（没有这个编号的提及：编号请照抄 scan --format jsonl 里的）"
    ]


@pytest.fixture
def brands(tmp_path) -> Path:
    path = tmp_path / "brands.json"
    path.write_text(json.dumps({"tea": {"name": "青芒屿", "aliases": ["QMY"]}, "hill": {"name": "半糖山"}}), "utf-8")
    return path


def test_many_brands_by_key_name_or_alias(run, tmp_path, brands):
    lines = [{"text": "青芒屿退款没到账", "brand": "tea"}, {"text": "半糖山好喝", "brand": "半糖山"}, {"text": "x", "brand": "qmy"},
             {"text": "y"}, {"text": "z", "brand": "sea"}]  # fmt: skip
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    done = run("scan", "a.jsonl", "--brands", brands, "--format", "jsonl")
    assert done.code == 0
    assert [record["brand"] for record in done.records if "mention" in record] == ["tea", "hill", "tea"]
    assert "a.jsonl:4: names no brand, which --brands needs; skipped" in done.err
    assert "a.jsonl:5: names the unknown brand 'sea'; skipped: write one of the keys in --brands: tea, hill" in done.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--facts", "facts.toml"], "negassoc: facts.toml:1: unknown fact 'order_mach'; did you mean 'order_match'?"),
        (
            ["--now", "yesterday"],
            "negassoc: Invalid value: 'yesterday' is no time with an offset; write it like 2026-11-27T09:30:00+08:00, or 2026-11-27 09:30",
        ),
        (["--now", "2026-11-12"], "negassoc: Invalid value: '2026-11-12' is no time with an offset"),
        (["-o", "none/report.md"], "negassoc: none/report.md: No such file or directory"),
        (["--pack", "none"], "negassoc: none: no such directory; a pack is a directory"),
        (["--brands", "brands.json"], "negassoc: Invalid value: give either --brand BRAND.toml or --brands BRANDS.json"),
    ],
)
def test_wrong_options(run, tmp_path, options, message):
    (tmp_path / "facts.toml").write_text("order_mach = true")
    done = run("scan", EXPORTS, "--brand", BRAND, *options)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(message)
    assert done.err.count("\n") == 1


def test_explain_says_why_and_why_not(run):
    done = run("explain", "青芒屿退款一个月没到账，客服不理人，避雷", "--brand", BRAND)
    assert done.code == 0
    assert "为什么是“真实客户投诉”" in done.out
    for kind in set(FOUR_TYPES) - {AssociationType.CUSTOMER_COMPLAINT}:
        assert f"为什么不是“{kind.words.zh}”" in done.out


@pytest.mark.parametrize(
    ("text", "lang", "line"),
    [
        ("在青芒屿排队，等了好久，不过好喝", "zh", "说明无事 · 文中有称赞或愉快的话：「不过好喝」"),
        ("在青芒屿排队，等了好久，不过好喝", "en", "speaks for harmless · words of praise or pleasure in the text: “不过好喝”"),
        ("去青芒屿浪费了不少油钱，都好喝", "zh", "像是负面 · 标题或首句有负面的话：「去青芒屿浪费了不少油钱」"),
    ],
)
def test_what_bears_on_a_harmless_verdict_says_what_it_speaks_for(run, tmp_path, text, lang, line):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text}), "utf-8")
    lines = run("explain", text, "--brand", BRAND, "--lang", lang).out.splitlines()
    assert line in lines
    assert line[:6] in run("scan", "a.jsonl", "--brand", BRAND, "--lang", lang, "--all").out


def test_explain_for_programs_and_with_facts(run, tmp_path):
    (tmp_path / "facts.toml").write_text("extortion = true")
    text = "三天内打两万块，不然全网曝光青芒屿"
    record = run("explain", text, "--brand", BRAND, "--facts", "facts.toml", "--json").records[0]
    assert (record["type"], record["suspected"], record["facts"]) == ("malicious_attack", False, {"extortion": True})
    assert set(record["why"]) == {"zh", "en"}
    assert set(record["why_not"]) == {"own_violation", "customer_complaint", "algorithm_misjudgment", "none"}


def test_explain_of_a_comment_takes_the_title_of_its_post(run):
    record = run("explain", "我也是，一直没退", "--kind", "comment", "--title", "青芒屿，我的退款呢", "--brand", BRAND, "--json").records[0]
    assert (record["mention"]["kind"], record["mention"]["thread_title"]) == ("comment", "青芒屿，我的退款呢")


@pytest.mark.parametrize(("said", "kind"), [("评论", "comment"), ("平台通知", "notice"), ("search_suggestion", "search_suggestion")])
def test_a_kind_may_be_named_as_the_screens_show_it(run, said, kind):
    assert run("explain", "退款拖了一个月", "--kind", said, "--brand", BRAND, "--json").records[0]["mention"]["kind"] == kind
    assert "'贴' is not one of note (笔记)" in run("explain", "退款", "--kind", "贴", "--brand", BRAND).err


def test_a_scan_takes_a_time_without_a_zone_as_beijing_time(run, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "青芒屿退款拖了一个月，客服不理人"}\n', "utf-8")
    done = run("scan", tmp_path / "a.jsonl", "--brand", BRAND, "--now", "2026-11-28 09:00", "--lang", "en")
    assert "'2026-11-28 09:00' names no zone and is taken as Beijing time: 2026-11-28T09:00:00+08:00\n" in done.err


@pytest.mark.parametrize(("lang", "remedy"), [("zh", "--kind comment --title"), ("en", "None of these stands in it: 青芒屿")])
def test_explain_of_a_text_that_names_nobody_says_how_to_point_to_the_brand(run, lang, remedy):
    said = " ".join(run("explain", "周末随便走走，风挺大", "--brand", BRAND, "--lang", lang).out.split())
    assert remedy in said
    assert not any(word in said for word in ("为什么不是", "Why not "))


@pytest.mark.parametrize(("lang", "advice"), [("zh", "先核实说的是不是本品牌"), ("en", "Find out first whether it is about the brand")])
def test_explain_of_a_complaint_that_names_nobody_says_to_find_out_whom_it_is_about(run, lang, advice):
    said = " ".join(
        run("explain", "杯子漏水，找了三次客服没人理", "--brand", BRAND, "--lang", lang).out.replace("\n", " " * (lang == "en")).split()
    )
    assert advice in said
    assert any(word in said for word in ("为什么不是", "Why not "))


def test_explain_of_nothing(run):
    done = run("explain", " ", "--brand", BRAND)
    assert (done.code, done.err.startswith("negassoc: Invalid value: there is no text to explain")) == (2, True)


def test_facts_are_listed(run):
    assert {record["name"] for record in run("facts", "--json").records} == set(Facts.names())
    table = run("facts", "--lang", "en").out
    for name in Facts.names():
        assert name in table


def test_check_of_the_packaged_pack(run):
    done = run("check")
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith(" entries, 0 problems\n")


LABELLED = [
    {"text": "青芒屿退款一个月没到账，客服不理人", "brand": "tea", "label": "customer_complaint"},
    {"text": "青芒屿今天排队的人好多", "brand": "tea", "label": "none"},
    {"text": "半糖山新品上市", "brand": "hill", "label": "none"},
    {"text": "x", "brand": "sea", "label": "none"},
    {"text": "x", "brand": "tea", "label": "attack"},
]


@pytest.fixture
def labelled(tmp_path) -> Path:
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in LABELLED), "utf-8")
    return path


def test_evaluate_for_programs(run, labelled, brands):
    done = run("evaluate", labelled, "--brands", brands, "--json")
    assert done.code == 0
    (record,) = done.records
    assert record["n"] == 3
    assert set(record) == {
        "n", "accuracy", "macro_f1", "by_label", "confusion", "complaint_as_attack", "false_alarms", "undetermined", "decided_accuracy",
        "ece", "mean_cost", "mentions_per_second",
    }  # fmt: skip
    assert set(record["by_label"]) == set(record["confusion"]) == {"customer_complaint", "none"}
    assert "labelled.jsonl:4: names the unknown brand 'sea'; skipped" in done.err
    assert "labelled.jsonl:5: label: 'attack' is not one of" in done.err
    assert "（没有这个取值，请从列出的里面选）" in done.err
    assert "（" not in run("evaluate", labelled, "--brands", brands, "--json", "--lang", "en").err


def test_evaluate_for_people(run, labelled, brands):
    done = run("evaluate", labelled, "--brands", brands)
    assert done.code == 0
    assert "宏平均 F1" in done.out


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_convert_wrote_and_somebody_labelled_in_a_spreadsheet_is_measured(run, tmp_path, ending):
    said = ["青芒屿退款一个月没到账，客服一直不理人", "青芒屿今天第二杯半价", "青芒屿又排队了"]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": text, "kind": "note"}) for text in said), "utf-8")
    assert run("convert", "a.jsonl", "-o", f"a.{ending}").code == 0
    _label_rows(tmp_path / f"a.{ending}", ["真实客户投诉", "none", ""])
    done = run("evaluate", f"a.{ending}", "--brand", BRAND, "--json")
    assert (done.code, done.records[0]["n"], done.records[0]["accuracy"]) == (0, 2, 1.0)
    assert ":4: label: None is not one of" in done.err
    assert "（这一行没有标注" in done.err


def _label_rows(path, labels):
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet, column = book.active, book.active.max_column + 1
        for row, label in enumerate(["标注", *labels], 1):
            sheet.cell(row, column, label)
        book.save(path)
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([*row, label] for row, label in zip(rows, ["标注", *labels], strict=True))


def test_of_many_rows_with_one_problem_the_first_are_shown_and_the_rest_counted(run, tmp_path):
    rows = [{"text": f"青芒屿{n}", "kind": "note"} for n in range(30)]
    (tmp_path / "a.jsonl").write_text("\n".join([*map(json.dumps, rows), json.dumps({"text": "青芒屿", "label": "none"})]), "utf-8")
    done = run("evaluate", "a.jsonl", "--brand", BRAND, "--json")
    assert done.err.count("label: None is not one of") == 6
    assert "a.jsonl: 25 more rows with the same problem" in done.err
    assert "30 rows with a problem, not used" in done.err


def test_evaluate_of_nothing(run, brands, tmp_path):
    (tmp_path / "a.jsonl").write_text("{}\n")
    done = run("evaluate", "a.jsonl", "--brands", brands)
    assert done.code == 2
    assert done.err.splitlines()[-1].startswith("negassoc: a.jsonl: nothing readable: no labelled mention in it（没有一条可用的标注")


def test_what_is_learnt_from_corrections_can_be_used_and_is_the_same_in_any_order(run, labelled, brands, tmp_path):
    done = run("fit", labelled, "--brands", brands, "-o", "first")
    assert done.code == 0
    assert "first: weights learnt from 3 mentions" in done.err
    assert "原来的规则包：3 条判对 3 条；投诉当成攻击 0/1，当成误判 0/1；误报 0/2" in done.err
    assert "不足 30 条" in done.err
    lines = labelled.read_text("utf-8").splitlines()
    labelled.write_text("\n".join(reversed(lines)), "utf-8")
    assert run("fit", labelled, "--brands", brands, "-o", "second").code == 0
    for name in ("negative.tsv", "types.tsv"):
        assert (tmp_path / "first/weights" / name).read_text("utf-8") == (tmp_path / "second/weights" / name).read_text("utf-8")
    done = run("evaluate", labelled, "--brands", brands, "--pack", "first", "--json")
    assert done.records[0]["n"] == 3


def test_a_file_of_one_brand_is_enough_where_many_may_be_given(run, tmp_path):
    rows = [{"text": "青芒屿今天排队的人好多", "label": "none", "brand": brand} for brand in ("青芒屿", None, "半糖山")]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    done = run("fit", "a.jsonl", "--brands", BRAND, "-o", "ours")
    assert done.code == 0
    assert "ours: weights learnt from 2 mentions" in done.err
    assert "a.jsonl:3: is about brand '半糖山', not '青芒屿'; skipped: write '青芒屿' or leave `brand` out" in done.err


def test_a_correction_moves_the_verdict(run, tmp_path):
    text = "青芒屿的杯套又换狐狸了"
    assert run("explain", text, "--brand", BRAND, "--json").records[0]["type"] == "none"
    rows = [{"text": f"{text}{'！' * n}", "label": "customer_complaint"} for n in range(40)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert run("fit", "a.jsonl", "--brand", BRAND, "-o", "ours").code == 0
    before, after = (
        run("explain", text, "--brand", BRAND, "--json", *pack).records[0]["scores"]["none"] for pack in ([], ["--pack", "ours"])
    )
    assert after < before


def test_fit_says_how_the_mentions_are_judged_before_after_and_left_out(run, tmp_path):
    odd = [{"text": f"青芒屿的杯套又换狐狸了，第{n}家店", "label": "customer_complaint"} for n in range(16)]
    harmless = [{"text": f"今天在青芒屿写完了第{n}章论文，窗边的位置真好", "label": "none"} for n in range(16)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, [*odd, *harmless])), "utf-8")
    (tmp_path / "b.jsonl").write_text("\n".join(map(json.dumps, [*harmless, *reversed(odd)])), "utf-8")
    first, second = (
        run("fit", name, "--brand", BRAND, "-o", "ours", "--lang", "en").err.splitlines()[1:] for name in ("a.jsonl", "b.jsonl")
    )
    assert first == second
    before, after, flatters, left_out, changes = first
    assert before == "the pack before: 16 of 32 right, complaints called attacks 0 of 16, called mix-ups 0 of 16, false alarms 0 of 16"
    assert after.startswith("the new pack, on what it learnt from: ")
    assert "flatters" in flatters
    assert left_out.startswith("left out, each judged by what was learnt from the others (3 folds): ")
    assert changes.endswith(" wrong.")
    figures = run("evaluate", "a.jsonl", "--brand", BRAND, "--pack", "ours", "--json").records[0]
    assert after.startswith(f"the new pack, on what it learnt from: {round(figures['accuracy'] * 32)} of 32 right")


def test_fit_counts_complaints_that_are_called_mix_ups(run, tmp_path):
    rows = [{"text": f"青芒屿管道疏通多收了我{n}00块", "label": "customer_complaint"} for n in range(2, 6)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    said = [run("explain", row["text"], "--brand", BRAND, "--json").records[0]["type"] for row in rows].count("algorithm_misjudgment")
    assert said
    assert f"当成误判 {said}/4" in run("fit", "a.jsonl", "--brand", BRAND, "-o", "ours").err.splitlines()[1]


def test_who_labels_only_mistakes_is_told_what_that_hides(run, tmp_path):
    rows = [{"text": f"青芒屿的杯套又换狐狸了{'！' * n}", "label": "customer_complaint"} for n in range(3)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert "标注的几乎全是判错的" in run("fit", "a.jsonl", "--brand", BRAND, "-o", "ours").err
