"""What values look like in a notebook: whole, escaped, honest."""

from __future__ import annotations

import re

import attrs
import pytest

from negassoc import Brand, RuleClassifier
from negassoc.cases import Case, State
from negassoc.facts import Facts
from negassoc.report import Report
from negassoc.report.notebook import brand_html, classification_html, mention_html, plan_html


def test_a_verdict_shows_its_reasons_in_the_text(factory):
    html = factory.verdict("客服拖了五天，退款也没到账", factory.T.CUSTOMER_COMPLAINT, "退款也没到账")._repr_html_()
    assert re.search(r"<mark style=\"[^\"]*solid[^\"]*\" title=\"讲述了亲身经历\">退款也没到账</mark>", html)
    assert "真实客户投诉" in html
    assert "疑似" in html
    assert "－0.80 反对" in html
    assert "是否有对应的订单" in html, "what to find out, as a question that is open"


def test_what_an_allowed_phrase_disarms_is_drawn_apart(factory):
    said = factory.mention("真的没踩雷")
    verdict = factory.verdict(said, factory.T.NONE)
    hit = attrs.evolve(verdict.findings[-1].hits[0], suppressed_by="没踩雷")
    verdict = attrs.evolve(verdict, findings=(attrs.evolve(verdict.findings[-1], hits=(hit,)),))
    assert re.search("dashed[^>]*不计：在“没踩雷”之中", classification_html(verdict))


def test_stated_facts_are_shown(factory):
    html = classification_html(factory.verdict(facts=Facts(order_match=True), suspected=False), lang="en")
    assert "decided by facts" in html
    assert "Order found：yes" in html


def test_an_undetermined_verdict_says_what_it_leans_to(factory):
    assert "最接近真实客户投诉" in classification_html(factory.verdict("离谱", factory.T.UNDETERMINED, "离谱"))


def test_a_mention_says_what_is_not_known(factory):
    html = mention_html(factory.mention(published_at=None, published_raw="3天前", thread_title="茶饮合集"))
    assert "3天前" in html
    assert "出现在：茶饮合集" in html
    assert "阅 ≈17000" in html
    assert "时间未知" in mention_html(factory.mention(published_at=None))


def test_a_plan_shows_order_deadlines_and_what_is_refused(factory):
    html = plan_html(factory.plan())
    assert html.index("固定现场") < html.index("公开致意") < html.index("补救方案")
    assert "已超时 · 2026-11-27 09:30" in html
    assert "补救方案被接受之后" in html, "a deadline that depends on something says on what"
    assert "<s>向平台举报该笔记</s>" in html
    assert "改为：按真实客户投诉处理" in html


def test_steps_print_in_a_line(factory):
    first, *_, last = map(str, factory.plan())
    assert first == "1. 固定现场 · OPS · 11-27 09:30 前"
    assert last == "4. 后续跟进 · PR · 补救方案被接受之后"


def test_a_plan_and_a_case_print_in_a_few_lines(factory):
    plan = factory.plan(suspected=True, actions=tuple(factory.action(number) for number in range(1, 10)))
    case = Case.open(plan, who="小林", at=factory.NOW, id="c1")
    told, opened = str(plan).splitlines(), str(case).splitlines()
    assert told[0] == "处置方案：檐雀茶事 · 真实客户投诉 · 小红书 · P2 · 2 条提及 · 疑似"
    assert told[1] == str(plan[0])
    assert told[-1] == "共 9 步；条件未齐先等 0 项，绝不能做 1 项（全文：to_markdown()）"
    assert opened[0].startswith("案件 c1：檐雀茶事 · 真实客户投诉 · P2")
    assert "还有 9 步未了结" in opened[-1]
    assert len(told) == len(opened) == 7


def test_a_case_shows_where_each_step_stands(factory):
    case = Case.open(factory.plan(), who="小林", at=factory.NOW, id="20261127-abc")
    case = case.move(case.tasks[0].id, State.IN_PROGRESS, who="小林", at=factory.NOW)
    html = case._repr_html_()
    assert "20261127-abc" in html
    assert State.IN_PROGRESS.words.zh in html
    assert "小林" in html


def test_a_brand_shows_what_is_known(factory):
    html = brand_html(factory.BRAND)
    assert "桂花冷萃、雀舌礼盒" in html
    assert "91330100MA0000000X" in html
    assert "城市" in html


def test_a_campaign_an_alert_and_a_report_draw_themselves(factory):
    verdicts = factory.verdicts(60)
    campaign, alert = factory.campaign(verdicts), factory.alert()
    assert "换词改写" in campaign._repr_html_()
    assert "24 小时内 12 条" in alert._repr_html_()
    frame = Report(verdicts, brand=factory.BRAND, now=factory.NOW)._repr_html_()
    assert 'sandbox="allow-popups"' in frame
    assert "allow-scripts" not in frame


@pytest.mark.parametrize("number", range(27))
def test_nothing_hostile_gets_through(factory, number):
    verdict = factory.hostile(27)[number]
    brand = attrs.evolve(factory.BRAND, name=factory.HOSTILE[number][:200], aliases=(factory.HOSTILE[number][:200],))
    for html in (classification_html(verdict), mention_html(verdict.mention), brand_html(brand), plan_html(factory.plan(brand=brand))):
        assert not re.search(r"<(script|iframe|img|svg|/style)", html)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\u202e]", html)
        assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', html))
        assert len(html) < 40_000, "a huge field is cut"


def test_a_self_check_shows_what_to_say_instead(factory):
    from negassoc.watch.compliance import Compliance

    own = factory.mention("全国最好的桂花冷萃，买它", author=factory.Author(id="yq001", nickname="檐雀茶事官方"))
    check = Compliance(factory.BRAND, clock=lambda: factory.NOW).check([own])
    html = check._repr_html_()
    assert "全国最好" in re.sub("<[^>]*>", "", html)
    assert "改为：" in html


def test_two_parties_are_compared_in_a_table(factory):
    from negassoc.watch.identity import Party, compare

    other = Party(name="檐雀茶业（上海）有限公司", uscc="91310000MA0000000Y", legal_representative="<b>某人</b>")
    html = compare(factory.BRAND, other)._repr_html_()
    assert "<table" in html
    assert "&lt;b&gt;某人&lt;/b&gt;" in html


def test_what_is_quoted_is_whole_words():
    drawn = RuleClassifier(Brand("青芒屿")).classify("青芒屿一份三百多，难吃死了")._repr_html_()
    assert "「三百多」" in drawn
    assert "「三百」" not in drawn
