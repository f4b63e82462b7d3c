"""The report: what it says, in both languages, and what it must never do."""

from __future__ import annotations

import csv
import datetime as dt
import re

import attrs
import openpyxl
import pytest

from negassoc.cases import Case, State
from negassoc.errors import Problem
from negassoc.mention import BEIJING
from negassoc.records import Title
from negassoc.report import Report
from negassoc.report.casefile import case_markdown
from negassoc.report.summary import Summary


@pytest.fixture(scope="module")
def verdicts(factory):
    return factory.verdicts(160)


@pytest.fixture(scope="module")
def full(factory, verdicts):
    return Report(
        verdicts, brand=factory.BRAND, plans=[factory.plan(), factory.plan(mentions=("m7",))], campaigns=[factory.campaign(verdicts)],
        now=factory.NOW, coverage=["小红书搜索导出 3 个文件"], problems=[Problem("a.csv:17", "neither title nor text")],
        period=(factory.NOW - dt.timedelta(days=14), factory.NOW),
    )  # fmt: skip


def test_the_headline_has_the_numbers_and_is_honest_about_certainty(full, verdicts):
    negative = [v for v in verdicts if v.type.negative]
    decided = sum(not v.suspected for v in negative)
    said = full.headline()
    assert f"160 条提及中，{len(negative)} 条对“檐雀茶事”不利" in said
    assert f"{decided} 条有事实为据，{len(negative) - decided} 条仅凭文本推断，属于疑似" in said
    assert "待办 4 项，1 项已超时，最近的截止时间是 2026-11-27 14:30。" in said


def test_nothing_found_is_said_plainly(factory):
    calm = Report([factory.verdict("路过，没踩雷", factory.T.NONE)], brand=factory.BRAND, now=factory.NOW)
    assert calm.headline() == "看过 1 条提及，没有发现针对“檐雀茶事”的负面。"
    assert "没有采集到的内容不在其中" in calm.to_html()
    assert Report([], brand=factory.BRAND, now=factory.NOW, lang="en").headline() == "There is no mention to judge yet."


def test_only_suspected_is_said_of_all(factory):
    report = Report([factory.verdict()], brand=factory.BRAND, now=factory.NOW)
    assert "全部仅凭文本推断，属于疑似，尚无事实为据" in report.headline()
    decided = Report([factory.verdict(suspected=False)], brand=factory.BRAND, now=factory.NOW)
    assert "全部有事实为据" in decided.headline()


def test_a_period_leaves_out_what_lies_outside_and_says_so(factory):
    old = factory.verdict(factory.mention("很久以前", published_at=factory.NOW - dt.timedelta(days=90)))
    undated = factory.verdict(factory.mention("不知何时", published_at=None))
    report = Report(
        [factory.verdict(), old, undated], brand=factory.BRAND, now=factory.NOW, period=(factory.NOW - dt.timedelta(days=7), factory.NOW)
    )
    assert (report.summary.total, report.summary.outside, report.summary.undated) == (2, 1, 1)
    assert "1 条发布于本期之外，未计入" in report.to_html()
    assert "另有 1 条发布时间未知，不在图中" in report.to_html()


def test_the_cards_count_what_the_headline_counts(factory):
    old = [factory.verdict(factory.mention(f"很久以前 {n}", published_at=factory.NOW - dt.timedelta(days=90))) for n in range(7)]
    week = (factory.NOW - dt.timedelta(days=7), factory.NOW)
    html = Report([factory.verdict(), *old], brand=factory.BRAND, now=factory.NOW, period=week).to_html()
    assert re.findall(r'<div class="number">(\d+)</div>', html) == ["1"]


def test_steps_refused_for_one_reason_stand_together(factory):
    first = factory.plan().blocked[0]
    plans = [factory.plan(blocked=(first, attrs.evolve(first, title=Title("发律师函", "Send a letter"))))]
    html = Report([factory.verdict()], brand=factory.BRAND, plans=plans, now=factory.NOW).to_html()
    assert "<b><s>向平台举报该笔记</s></b>；<b><s>发律师函</s></b> — 查到对应订单" in html


def test_what_waits_is_not_struck_through_and_says_what_is_missing(factory):
    never = factory.plan().blocked[0]
    waits = attrs.evolve(never, title=Title("报警", "Call the police"), until=Title("法务已签字＝是", "legal signed: yes"))
    report = Report([factory.verdict()], brand=factory.BRAND, plans=[factory.plan(blocked=(never, waits))], now=factory.NOW)
    assert "<b>报警</b>" in report.to_html() and "<s>报警</s>" not in report.to_html()
    assert "还缺：法务已签字＝是" in report.to_html()
    text = report.to_markdown()
    assert "~~" not in text
    waiting = text[text.index("## 条件未齐，先等") : text.index("## 绝不能做")]
    assert "**报警**" in waiting and "还缺：法务已签字＝是" in waiting
    drawn = report.plans[0]._repr_html_()
    assert "<b>报警</b>" in drawn and "还缺：法务已签字＝是" in drawn


@pytest.mark.parametrize(("days", "step"), [(13, "day"), (90, "week"), (700, "month")])
def test_the_trend_fits_the_period(factory, days, step):
    said = [factory.mention(f"{n}", published_at=factory.NOW - dt.timedelta(days=n)) for n in range(0, days + 1, 7)]
    summary = Summary.of([factory.verdict(one) for one in said], None)
    assert summary.step == step
    assert sum(bucket.counts.total() for bucket in summary.trend) == len(said)
    starts = [bucket.start for bucket in summary.trend]
    assert starts == sorted(set(starts))
    assert len(starts) < 60


def test_the_same_text_is_one_post(factory):
    same = [factory.verdict(factory.mention("完整报告私我", id=f"m{n}"), factory.T.MALICIOUS_ATTACK) for n in range(5)]
    [post] = Summary.of(same, None).posts
    assert post.same == 4


def test_people_are_masked_and_own_accounts_are_not(factory):
    stranger = factory.mention("西湖边的阿圆说打13800138000", author=factory.Author(id="u7", nickname="西湖边的阿圆"))
    own = factory.mention("我们的公告", author=factory.Author(id="yq001", nickname="檐雀茶事官方"))
    report = Report([factory.verdict(stranger), factory.verdict(own, factory.T.OWN_VIOLATION)], brand=factory.BRAND, now=factory.NOW)
    for text in (report.to_html(), report.to_markdown()):
        assert "西湖边的阿圆" not in text
        assert "13800138000" not in text
    assert "西*****" in report.to_html()
    assert "檐雀茶事官方" in report.to_html()


def test_a_case_takes_its_plans_place(factory):
    case = Case.open(factory.plan(), who="小林", at=factory.NOW, id="c1")
    case = case.move(case.tasks[0].id, State.DONE, who="小林", at=factory.NOW)
    report = Report([factory.verdict()], brand=factory.BRAND, plans=[factory.plan()], cases=[case], now=factory.NOW)
    assert [todo.action.title.zh for todo in report.todos] == ["公开致意", "补救方案", "后续跟进"]
    assert all(todo.incidents == 1 for todo in report.todos)


def test_a_step_for_one_case_says_so_wherever_it_is_shown(factory):
    case = Title("安全筛查结果是“有”", "the safety screen says yes")
    stop = factory.action(2, title=Title("先停售", "Stop selling"), only_if=case, order=1)
    plan = factory.plan(actions=(stop,))
    report = Report([factory.verdict()], brand=factory.BRAND, plans=[plan], now=factory.NOW)
    opened = Case.open(plan, who="小林", at=factory.NOW, id="c1")
    assert report.to_html().count("（仅当：安全筛查结果是“有”）") == report.to_html().count("先停售") == 1
    assert "先停售（仅当：安全筛查结果是“有”）" in report.to_markdown()
    assert "（仅当：安全筛查结果是“有”）" in plan._repr_html_() and "（仅当：安全筛查结果是“有”）" in opened._repr_html_()
    assert "先停售（仅当：安全筛查结果是“有”）" in case_markdown(opened, at=factory.NOW)
    assert str(stop).startswith("1. 先停售（仅当：安全筛查结果是“有”）")


def test_a_step_that_one_incident_needs_for_sure_stands_apart_from_the_case_of_another(factory):
    sure = factory.action(2, title=Title("先停售", "Stop selling"))
    only = attrs.evolve(sure, only_if=Title("有人受伤", "someone is hurt"))
    plans = [factory.plan(actions=(sure,)), factory.plan(actions=(only,), mentions=("m9",))]
    report = Report([factory.verdict()], brand=factory.BRAND, plans=plans, now=factory.NOW)
    assert [(todo.action.only_if is None, todo.incidents) for todo in report.todos] == [(True, 1), (False, 1)]


def test_the_same_step_of_many_incidents_is_one_line(full):
    assert [(todo.incidents, todo.late) for todo in full.todos] == [(2, 2), (2, 0), (2, 0), (2, 0)]
    assert "涉及 2 起" in full.to_html()


def test_a_step_that_is_kept_at_night_says_that_somebody_is_on_duty(factory):
    night = factory.NOW + dt.timedelta(hours=12)
    urgent = factory.action(1, due_at=night, on_duty=True)
    report = Report([factory.verdict()], brand=factory.BRAND, plans=[factory.plan(actions=(urgent,))], now=factory.NOW)
    said = f"{night.astimezone(BEIJING):%Y-%m-%d %H:%M}（值班）"
    assert said in report.to_markdown() and said in report.to_html() and said in factory.plan(actions=(urgent,))._repr_html_()
    by_day = attrs.evolve(urgent, on_duty=False)
    calm = Report([factory.verdict()], brand=factory.BRAND, plans=[factory.plan(actions=(by_day,))], now=factory.NOW)
    assert "值班" not in calm.to_markdown() + calm.to_html()
    missed = Report([factory.verdict()], brand=factory.BRAND, plans=[factory.plan(actions=(urgent,))], now=night + dt.timedelta(hours=1))
    assert "值班" not in missed.to_markdown() and "1 起已超时" in missed.to_markdown()


def test_the_page_says_what_is_not_known(full):
    html = full.to_html()
    for words in (
        "覆盖范围与未知之处",
        "小红书搜索导出 3 个文件",
        "1 行数据有问题",
        "是否有对应的订单（",
        "不是法律意见",
        "疑似不等于事实",
    ):
        assert words in html


def test_campaigns_come_with_their_proof(full):
    html = full.to_html()
    assert "内容雷同 · 相似 93% · 相隔 10 分钟" in html
    assert "不是对任何人的认定" in html


def test_none_found_is_not_told_where_nobody_looked(factory):
    unchecked, none = (Report([factory.verdict()], brand=factory.BRAND, now=factory.NOW, campaigns=c) for c in (None, ()))
    for shown in (unchecked.to_html(), unchecked.to_markdown()):
        assert "没有查过是否有协同发布" in shown and "没有发现协同" not in shown
    assert "没有发现协同发布的凭据" in none.to_html()


def test_the_page_is_self_contained_and_runs_nothing(full):
    html = full.to_html()
    assert "<script" not in html
    assert "default-src &#x27;none&#x27;" in html
    assert not re.search(r"""(?:src|srcset|@import|url\()\s*=?\s*["']?(?:https?:)?//""", html)
    assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", html))
    assert len(html) < 150_000


def test_english(full):
    html = attrs.evolve(full, lang="en").to_html()
    assert '<html lang="en">' in html
    assert "Coverage, and what is not known" in html
    for chinese in ("研判", "待办", "何时发布", "先看这几条", "依据"):
        assert chinese not in re.sub(r"<(?:h3|div|bdi|p)[^>]*>[^<]*", "", html)


def test_markdown_has_the_same_sections(full):
    text = full.to_markdown()
    heads = re.findall(r"(?m)^## (.*)$", text)
    assert heads == ["挂上了什么，为什么", "先看这几条", "疑似协同发布", "待办", "绝不能做", "覆盖范围与未知之处"]


def test_markdown_says_why_and_where_each_post_stands(factory):
    mention = factory.mention(id="a1", url="https://www.xiaohongshu.com/explore/66a1b2c3000000000d00abcd")
    text = Report([factory.verdict(mention)], brand=factory.BRAND, now=factory.NOW).to_markdown()
    (counts, post) = (
        next(line for line in text.splitlines() if line.startswith(f"| {head}")) for head in ("真实客户投诉 | 1", "真实客户投诉 | P")
    )
    assert "| 关联类型 | 条数 | 有事实为据 | 主要依据 |" in text and not counts.endswith("|  |")
    assert "| 出处 |" in text and "按关联类型" not in text
    assert "xiaohongshu.com/explore/66a1b2c3000000000d00abcd" in post and "<br>a1 |" in post and mention.author.nickname not in post


def test_a_comment_is_shown_with_the_post_it_stands_under(factory):
    said = factory.mention("我也私信了三天没人回", kind="comment", thread_title="避雷！13800138000 没人管<b>")
    report = Report([factory.verdict(said)], brand=factory.BRAND, now=factory.NOW)
    for text in (report.to_html(), report.to_markdown()):
        assert "出现在：避雷！" in text and "没人管&lt;b&gt;" in text and "13800138000" not in text
    assert "出现在" not in Report([factory.verdict()], brand=factory.BRAND, now=factory.NOW).to_html()


def test_markdown_says_how_many_posts_are_not_shown(factory):
    verdicts = [factory.verdict(f"青芒屿第{n}家店{'一二三四五六七八九十百'[n] * 9}退款拖了{n}个月") for n in range(11)]
    assert "其余 3 条见导出的表格。" in Report(verdicts, brand=factory.BRAND, now=factory.NOW).to_markdown()


def test_saving_goes_by_the_ending(full, tmp_path):
    for name in ("a.html", "a.md", "a.csv", "a.xlsx"):
        assert full.save(tmp_path / name) == ()
        assert (tmp_path / name).stat().st_size > 2000
    with pytest.raises(ValueError, match=r"\.html, \.md, \.csv or \.xlsx, not as \.pdf"):
        full.save(tmp_path / "a.pdf")
    with pytest.raises(ValueError, match="without an ending"):
        full.save(tmp_path / "report")


def test_a_workbook_spells_codes_out(full, tmp_path):
    full.save(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    verdicts, actions = (
        {cell.value: cells[1].value for cells in zip(sheet[1], sheet[2], strict=True) for cell in cells[:1]}
        for sheet in (book["研判结果"], book["处置动作"])
    )
    assert (verdicts["平台"], verdicts["形式"]) == ("小红书", "笔记")
    assert verdicts["待查事实"] == "是否有对应的订单、发布前是否找过客服" and verdicts["关联类型"] == "customer_complaint"
    assert actions["负责"] == "账号运营" and actions["关联类型"] in {"真实客户投诉", "外部恶意攻击"}


def test_tables_hold_every_verdict_masked(full, verdicts, tmp_path):
    full.save(tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == len(verdicts)
    assert {row["author_id"] for row in rows} == {""}
    full.save(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["研判结果", "依据", "处置动作", "被拒步骤", "疑似协同"]
    assert book["研判结果"].max_row == len(verdicts) + 1
    assert book["处置动作"].max_row == 9


def test_values_are_frozen_and_compare(factory):
    a, b = (Report([factory.verdict()], brand=factory.BRAND, now=factory.NOW) for _ in range(2))
    assert a == b
    assert repr(a) == "<Report 檐雀茶事: 1 verdicts, 0 plans, ? campaigns, zh>"
    assert str(a).startswith("檐雀茶事 · 负面关联报告\n1 条提及中")


def test_ten_thousand_hostile_mentions_leave_everything_intact(factory, tmp_path):
    report = Report(factory.hostile(10_000), brand=factory.BRAND, now=factory.NOW)
    html = report.to_html()
    html.encode("utf-8")
    assert "<script" not in html
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', html))
    assert len(html) < 200_000, "huge fields are cut"
    report.to_markdown().encode("utf-8")
    report.to_csv(tmp_path / "h.csv")
    with (tmp_path / "h.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 10_001
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not any(cell[:1] in set("=+-@＝\t\r") for row in rows for cell in row)


def test_a_workbook_of_hostile_mentions_opens_without_formulas(factory, tmp_path):
    losses = Report(factory.hostile(400), brand=factory.BRAND, now=factory.NOW).save(tmp_path / "h.xlsx")
    assert losses, "what a cell cannot hold is said"
    for page in openpyxl.load_workbook(tmp_path / "h.xlsx"):
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_times_without_an_offset_or_out_of_order_are_refused(factory):
    naive = dt.datetime(2026, 11, 27)
    for given, words in (({"now": naive}, "now: .* has no offset"), ({"period": (naive, naive)}, "needs aware times"),
                         ({"period": (factory.NOW, factory.NOW - dt.timedelta(days=1))}, "comes after")):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            Report([], brand=factory.BRAND, **given)
