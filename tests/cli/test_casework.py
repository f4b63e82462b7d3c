"""The commands on cases, evidence and drafts, run as a person runs them."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from negassoc.__main__ import main

BRAND = 'name = "芮弥"\n[legal_entity]\nname = "芮弥护肤有限公司"\nuscc = "91310000MA1K00000X"\n'
AT = "2026-11-02T09:00:00+08:00"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brand.toml").write_text(BRAND, "utf-8")

    def command(*words):
        code = main(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def case(run):
    opening = ("case", "open", "--type", "customer_complaint", "--brand", "brand.toml", "--platform", "xhs", "--who", "王敏", "--at", AT)
    code, out, _ = run(*opening, "--id", "c1", "--mention", "m1")
    assert (code, out) == (0, "c1\n")
    return "c1"


def test_a_second_case_for_the_same_mention_is_pointed_out(run, case):
    code, _, err = run("case", "open", "--type", "undetermined", "--brand", "brand.toml", "--who", "王敏", "--mention", "m1")
    assert code == 0
    assert "case c1 is open for m1 already" in err


def test_an_id_that_is_taken_is_told_how_to_see_its_case(run, case):
    code, _, err = run("case", "open", "--type", "undetermined", "--brand", "brand.toml", "--who", "王敏", "--id", "c1")
    assert code == 2
    assert "case c1 is there already; see it with: negassoc case show c1" in err


def test_a_case_from_opening_to_the_next_stage(run, case):
    assert run("case", "move", case, "C0", "done", "--who", "王敏")[0] == 0
    code, _, err = run("case", "move", case, "GC1", "done", "--who", "王敏")
    assert code == 2
    assert "enter the next stage first" in err
    assert run("case", "move", case, "评估", "--who", "王敏")[0] == 0
    record = json.loads(run("case", "list", "--json", "--at", AT)[1])
    assert (record["id"], record["stage"], record["mentions"], record["overdue"]) == ("c1", "assess", ["m1"], [])
    assert "c1" in run("case", "list", "--at", AT)[1]
    shown = run("case", "show", case, "--at", AT)[1]
    assert "发现 → **评估** → 解决" in shown
    assert "- [x] **C0" in shown
    assert "王敏 · 进入阶段 · 发现 → 评估" in shown


@pytest.mark.parametrize("state", ["已完成", "完成", "done"])
def test_a_state_may_be_named_as_the_screens_show_it(run, case, state):
    assert run("case", "move", case, "C0", state, "--who", "王敏")[0] == 0
    assert "- [x] **C0" in run("case", "show", case, "--at", AT)[1]


@pytest.mark.parametrize("more", [(), ("--register", "evidence")])
def test_evidence_that_is_not_in_the_register_is_refused(run, case, tmp_path, more):
    (tmp_path / "shot.png").write_bytes(b"picture")
    assert run("evidence", "add", "evidence", "shot.png", "--who", "王敏")[0] == 0
    move = ("case", "move", case, "C0", "done", "--who", "王敏", *more)
    code, out, err = run(*move, "--evidence", "E11")
    assert (code, out) == (2, "")
    assert "evidence: unknown evidence 'E11'; did you mean 'E1'? Known: E1; register it first: negassoc evidence add evidence" in err
    assert "- [ ] **C0" in run("case", "show", case)[1]
    assert run(*move, "--evidence", "E1")[0] == 0


def test_without_a_register_any_id_is_taken_and_what_is_none_is_refused(run, case):
    code, _, err = run("case", "move", case, "C0", "done", "--who", "王敏", "--evidence", "E9", "--register", "nowhere")
    assert code == 2
    assert "nowhere: no folder of evidence" in err
    assert run("case", "move", case, "C0", "done", "--who", "王敏", "--evidence", "E9")[0] == 0


def test_what_is_due_is_a_line_a_step(run, case):
    code, out, _ = run("due", "--json", "--at", "2026-11-02T11:30:00+08:00", "--within", "1h")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [line["id"] for line in lines if line["overdue"]][:2] == ["C0", "C1"]
    assert all(line["case"] == "c1" and line["due_at"].endswith("+08:00") for line in lines)
    assert run("case", "due", "--json", "--at", AT, "--within", "1h")[1].count("\n") == 1
    assert "C0" in run("due", "--at", AT)[1]
    assert run("due", "--within", "soon")[0] == 2


def test_what_is_due_at_night_says_that_somebody_is_on_duty(run):
    opened = ("case", "open", "--type", "customer_complaint", "--brand", "brand.toml", "--who", "王敏", "--id", "night")
    run(*opened, "--at", "2026-11-02T21:00:00+08:00")
    _, out, _ = run("due", "--json", "--at", "2026-11-02T21:10:00+08:00", "--within", "1d")
    duty = {line["id"]: line["on_duty"] for line in map(json.loads, out.splitlines()) if line["case"] == "night"}
    assert (duty["C0"], duty["GC1"]) == (True, False)
    _, out, _ = run("due", "--at", "2026-11-02T21:10:00+08:00", "--within", "1h")
    assert "值班" in out


def test_steps_are_added_failed_escalated_and_limited(run, case):
    assert run("case", "add", case, "致电供应商", "--why", "查批次", "--who", "王敏", "--after", "C0")[0] == 0
    code, _, err = run("case", "add", case, "举报发帖人", "--why", "x", "--who", "王敏", "--kind", "report")
    assert code == 2
    assert "GR-04" in err
    run("case", "move", case, "C0", "in_progress", "--who", "王敏")
    assert run("case", "move", case, "C0", "failed", "--who", "王敏")[0] == 2
    assert run("case", "move", case, "C0", "failed", "--who", "王敏", "--why", "已删")[0] == 0
    assert run("case", "escalate", case, "C0", "--why", "换人补拍", "--who", "法务")[0] == 0
    assert run("case", "limit", case, "GC1", "--scope", "shop_general", "--notified", AT, "--who", "王敏")[0] == 0
    assert run("case", "limit", case, "GC1", "--scope", "note", "--notified", AT, "--who", "王敏")[0] == 2
    assert "最多 3 次" in run("case", "show", case)[1]


def test_facts_that_arrive_change_the_plan(run, case, tmp_path):
    (tmp_path / "facts.toml").write_text("order_match = true\nin_remedy = true\n", "utf-8")
    code, out, _ = run(
        "case", "replan", case, "customer_complaint", "--facts", "facts.toml", "--why", "查到订单", "--who", "客服", "--at", AT
    )
    assert code == 0
    assert "方案变更" in out
    assert "取消" in out


def test_a_case_is_exported_in_six_forms(run, case, tmp_path):
    assert run("case", "export", case)[1].startswith("# 案件 c1")
    assert json.loads(run("case", "export", case, "--format", "json")[1])["id"] == "c1"
    assert json.loads(run("case", "export", case, "--format", "cacao")[1])["spec_version"] == "cacao-2.0"
    assert run("case", "export", case, "--format", "csv", "-o", "c.csv")[0] == 0
    data = (tmp_path / "c.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))["id"] == "C0"
    assert run("case", "export", case, "--format", "ics", "-o", "c.ics")[0] == 0
    assert (tmp_path / "c.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert run("case", "export", case, "--format", "xlsx")[0] == 2
    assert run("case", "export", case, "--format", "xlsx", "-o", "c.xlsx")[0] == 0
    assert zipfile.is_zipfile(tmp_path / "c.xlsx")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("case", "export", "c1", "-o", "c.pdf"), "c.pdf: this is written as .md or .markdown or .txt or .csv or"),
        (("case", "export", "c1", "--format", "xlsx", "-o", "c.csv"), "c.csv: xlsx is written as .xlsx, not as .csv"),
        (("draft", "appeal", "--brand", "brand.toml", "-o", "c.pdf"), "c.pdf: this is written as .md or .markdown or .txt or .docx or"),
        (("draft", "appeal", "--brand", "brand.toml", "--format", "text", "-o", "c.docx"), "c.docx: text is written as .txt, not as .docx"),
        (("programme", "--ics", "c.csv"), "c.csv: ics is written as .ics, not as .csv"),
    ],
)
def test_an_ending_that_promises_another_format_is_refused(run, case, tmp_path, words, says):
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert not list(tmp_path.glob("c.*"))


def test_the_ending_says_the_format_of_a_case_and_a_draft(run, case, tmp_path):
    assert run("case", "export", case, "-o", "c.xlsx")[0] == 0
    assert run("draft", "appeal", "--brand", "brand.toml", "-o", "a.docx")[0] == 0
    assert zipfile.is_zipfile(tmp_path / "c.xlsx") and zipfile.is_zipfile(tmp_path / "a.docx")
    assert run("case", "export", case, "-o", "c.json")[0] == 0
    assert json.loads((tmp_path / "c.json").read_text("utf-8"))["id"] == "c1"


def test_a_formula_in_a_reason_is_disarmed(run, case, tmp_path):
    run("case", "add", case, '=HYPERLINK("http://x")', "--why", "x", "--who", "王敏")
    run("case", "export", case, "--format", "csv", "-o", "c.csv")
    titles = [row["title"] for row in csv.DictReader(io.StringIO((tmp_path / "c.csv").read_text("utf-8-sig")))]
    assert not [title for title in titles if title.startswith("=")]
    assert [title for title in titles if "HYPERLINK" in title]


def test_cases_are_measured(run, case):
    code, out, _ = run("case", "kpi", "--json", "--at", "2026-11-10T09:00:00+08:00")
    found = {line["id"]: line for line in map(json.loads, out.splitlines())}
    assert code == 0
    assert (found["first_answer"]["value"], found["first_answer"]["met"]) == (0, False)
    assert (found["appeal_success"]["value"], found["appeal_success"]["met"]) == (None, None)
    assert "还不知道" in run("case", "kpi")[1]


def test_plans_made_before_become_cases(run, tmp_path):
    plan = run("plan", "malicious_attack", "--brand", "brand.toml", "--format", "json", "--now", AT)[1]
    lines = (
        json.dumps({"mention": {"id": "m"}, "type": "none"})
        + "\n"
        + json.dumps({"plan": json.loads(plan)}, ensure_ascii=False)
        + "\n\n"
        + plan
    )
    (tmp_path / "plans.jsonl").write_text(lines, "utf-8")
    code, out, _ = run("case", "open", "--plan", "plans.jsonl", "--brand", "brand.toml", "--who", "王敏", "--json")
    assert code == 0
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["malicious_attack", "malicious_attack"]
    (tmp_path / "none.jsonl").write_text('{"mention": {}}\n', "utf-8")
    assert "no plan in it" in run("case", "open", "--plan", "none.jsonl", "--brand", "brand.toml", "--who", "王敏")[2]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("case", "show", "c9"), "unknown case 'c9'"),
        (("case", "move", "c1", "C99", "done", "--who", "x"), "unknown step 'C99'"),
        (("case", "move", "c1", "C0", "finished", "--who", "x"), "is no state"),
        (("case", "move", "c1", "C0", "--who", "x"), "is no stage"),
        (("case", "move", "c1", "C0", "done"), "who"),
        (("case", "list", "--store", "other.db"), "no such store"),
        (("case", "open", "--brand", "brand.toml", "--who", "x"), "either --type or --plan"),
        (("case", "due", "--at", "today"), "no time with an offset"),
    ],
)
def test_wrong_use_is_one_clear_line(run, case, words, says):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_evidence_is_added_listed_verified_and_checked(run, tmp_path):
    (tmp_path / "shot.png").write_bytes(b"picture")
    words = (
        "--url",
        "https://www.xiaohongshu.com/explore/66aa",
        "--nickname",
        "猫",
        "--ip",
        "浙江",
        "--platform",
        "xhs",
        "--absent",
        "author.id",
    )
    code, out, err = run("evidence", "add", "ev", "shot.png", "--who", "王敏", *words, "--at", AT)
    assert code == 0
    assert out.startswith("E1 E1_shot.png ")
    assert "author.id" not in err
    assert json.loads(run("evidence", "list", "ev", "--json")[1])["author"]["ip_location"] == "浙江"
    assert "2026-11-02T09:00:00+08:00" in run("evidence", "list", "ev")[1]
    code, out, _ = run("evidence", "verify", "ev")
    assert code == 0
    assert "不能说明" in out
    (tmp_path / "pack.toml").write_text('items = ["E1"]\n', "utf-8")
    code, out, _ = run("evidence", "check", "ev", "--pack", "pack.toml", "--json")
    assert code == 1
    assert {json.loads(line)["material"] for line in out.splitlines()} >= {"statement", "identity", "contact", "guarantee"}
    (tmp_path / "ev" / "E1_shot.png").write_bytes(b"forged")
    code, out, _ = run("evidence", "verify", "ev", "--json")
    assert (code, json.loads(out)["changed"]) == (1, ["E1_shot.png"])
    assert run("evidence", "verify", "nowhere")[0] == 2


def test_who_has_done_it_before_is_listed_with_care(run, tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(name.encode())
        assert run("evidence", "add", "ev", name, "--who", "王敏", "--nickname", "猫")[0] == 0
    assert "先按投诉处理" in run("evidence", "repeats", "ev")[1]
    record = json.loads(run("evidence", "repeats", "ev", "--json")[1])
    assert (record["author"], record["items"], record["certain"], record["caution"]) == ("猫", ["E1", "E2"], False, True)


def test_an_item_with_its_claims_is_read_from_a_file(run, tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"film")
    (tmp_path / "item.toml").write_text(
        'id = "E7"\ncaptured_at = 2026-11-02T09:00:00+08:00\ncapturer = "王敏"\ngrade = "E2"\n'
        '[[claims]]\nid = "c1"\ntext = "卖假货"\nkind = "fact"\nstatus = "false"\nrefuting = ["E9"]\n',
        "utf-8",
    )
    assert run("evidence", "add", "ev", "a.mp4", "--item", "item.toml", "--who", "王敏", "--witness", "李雷")[0] == 0
    item = json.loads(run("evidence", "list", "ev", "--json")[1])
    assert (item["id"], item["grade"], item["witness"], item["claims"][0]["refuting"]) == ("E7", "E2", "李雷", ["E9"])


def test_a_draft_is_filled_marked_masked_and_refused(run, case, tmp_path):
    code, out, err = run("draft", "public_reply", "--brand", "brand.toml", "--fill", "when=11月3日18:00", "--fill", "salutation=林小满女士")
    assert code == 0
    assert "11月3日18:00前" in out
    assert "林**女士" in out
    assert "【待填：已经做了什么】" in out
    assert "发出前" in err
    code, out, err = run("draft", "public_reply", "--brand", "brand.toml", "--fill", "done=加微信退款")
    assert (code, out) == (2, "")
    assert "加微信" in err
    (tmp_path / "fields.toml").write_text('question = "能否先发函"\n', "utf-8")
    code, out, _ = run("draft", "lawyer_brief", "--brand", "brand.toml", "--case", case, "--fields", "fields.toml", "--format", "json")
    assert "能否先发函" in json.loads(out)["text"]
    assert run("draft", "appeal", "--brand", "brand.toml", "--format", "text")[1].startswith("申诉书")
    assert run("draft", "appeal", "--brand", "brand.toml", "--format", "docx")[0] == 2
    assert run("draft", "appeal", "--brand", "brand.toml", "--format", "docx", "-o", "a.docx")[0] == 0
    assert zipfile.is_zipfile(tmp_path / "a.docx")
    assert "did you mean 'appeal'" in run("draft", "apeal", "--brand", "brand.toml")[2]


@pytest.mark.parametrize("group", [("case",), ("evidence",), ()])
def test_every_command_has_an_example(run, group):
    _, listed, _ = run(*group, "--help")
    names = {
        (): ["draft", "due"],
        ("case",): ["open", "list", "show", "move", "add", "escalate", "replan", "limit", "due", "export", "kpi"],
        ("evidence",): ["add", "list", "verify", "check", "repeats", "capture", "timestamp"],
    }[group]
    for name in names:
        assert name in listed
        assert "Example: negassoc" in run(*group, name, "--help")[1]


def test_the_programme_goes_into_a_calendar(run, tmp_path):
    assert run("programme", "--from", "2025-11-24", "--days", "7", "--ics", "p.ics")[0] == 0
    data = (tmp_path / "p.ics").read_bytes()
    assert data.startswith(b"BEGIN:VCALENDAR")
    assert b"UID:M-W1-20251124T" in data


def test_cases_of_many_plans_are_told_apart(run, tmp_path):
    lines = [json.loads(run("plan", "customer_complaint", "--brand", "brand.toml", "--format", "json")[1])]
    lines = [lines[0] | {"about": about, "mentions": [name]} for about, name in (("refund", "n1"), ("service", "n2"))]
    (tmp_path / "plans.jsonl").write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    _, out, err = run("case", "open", "--plan", "plans.jsonl", "--brand", "brand.toml", "--who", "王敏")
    assert len(out.split()) == 2
    assert "真实客户投诉 · P2 · 退款售后 · 1 条 · n1" in err
    listed = run("case", "list")[1]
    assert "针对" in listed and "退款售后" in listed and "服务态度" in listed


def test_a_draft_is_asked_for_by_its_chinese_name_and_says_in_words_what_is_still_to_fill(run):
    code, out, err = run("draft", "公开回复", "--brand", "brand.toml", "--fill", "when=11月3日18:00")
    assert code == 0 and "预计11月3日18:00前" in out
    assert "done（已经做了什么）" in err and "when（" not in err


def test_a_file_registered_twice_and_a_folder_that_is_none_are_told(run, tmp_path):
    (tmp_path / "shot.png").write_bytes(b"picture")
    assert "举报前还缺这些栏" in run("evidence", "add", "ev", "shot.png", "--who", "王敏")[2]
    assert "E2: the same file is registered already as E1（" in run("evidence", "add", "ev", "shot.png", "--who", "王敏")[2]
    code, _, err = run("evidence", "list", "nowhere")
    assert code == 2 and "nowhere: no such folder（" in err


def test_a_day_alone_as_the_platform_shows_it_is_told_how_to_be_written_down(run, tmp_path):
    (tmp_path / "shot.png").write_bytes(b"picture")
    code, _, err = run("evidence", "add", "ev", "shot.png", "--who", "王敏", "--published", "2026-11-20")
    assert code == 2 and "say --absent published_at" in err and "只有日期不算时间" in err
    assert run("evidence", "add", "ev", "shot.png", "--who", "王敏", "--absent", "published_at", "--why", "页面显示 11-20")[0] == 0


def test_what_was_done_is_said_in_the_language_that_is_asked_for(run):
    run("case", "open", "--type", "customer_complaint", "--brand", "brand.toml", "--who", "王敏", "--id", "c1", "--at", AT)
    said = run("case", "move", "c1", "C0", "done", "--who", "王敏", "--at", AT)[1]
    assert said.endswith("王敏 · 更新步骤 C0 先把现场固定下来 · 未开始 → 已完成\n") and "月" in said
    assert "Wang · entered · detect → assess" in run("case", "move", "c1", "assess", "--who", "Wang", "--at", AT, "--lang", "en")[1]
