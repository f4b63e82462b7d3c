from __future__ import annotations

import datetime as dt
import re

import attrs
import pytest

from negassoc.brand import Brand
from negassoc.cases import AttemptLimit, Case, add_step, escalate, own_step
from negassoc.playbooks import plan_for_type
from negassoc.report.casefile import case_markdown

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def case():
    plan = plan_for_type("own_violation", Brand("芮|弥<b>"), platform="xiaohongshu", now=NOW)
    return Case.open(plan, who="王敏", at=NOW, id="case-1")


def test_it_says_what_to_do_first_and_by_when(case):
    text = case_markdown(case, at=NOW)
    first = text.split("## 现在可以做的")[1].split("##")[0]
    assert "C0 先把现场固定下来 — 11月2日（周一）10:00" in first
    assert "已过时限" in case_markdown(case, at=NOW + 2 * HOUR).split("## 现在可以做的")[1].split("##")[0]
    assert "- 谁来做：" in text.replace("  - ", "- ")


def test_a_brands_name_cannot_break_the_page(case):
    assert "# 案件 case-1 · 芮\\|弥&lt;b&gt;" in case_markdown(case, at=NOW)


def test_it_says_what_it_is_about(case):
    about = attrs.evolve(case, plan=attrs.evolve(case.plan, about="food_safety", mentions=tuple(f"n{n}" for n in range(12))))
    assert re.search(r"- 针对：食品\S+ · 12 条 · n0, n1, .* n9 …", case_markdown(about, at=NOW))
    assert "- About: " in case_markdown(about, at=NOW, lang="en")
    assert "- 针对：" not in case_markdown(case, at=NOW)


def test_it_shows_attempts_limits_reasons_and_the_log(case):
    case = case.move("C0", "in_progress", who="王敏", at=NOW).move("C0", "failed", who="王敏", at=NOW, why="原帖打不开")
    case = escalate(
        case.limit("C0", AttemptLimit(max_attempts=2, window_ends_at=NOW + HOUR), who="法务", at=NOW), "C0", who="法务", why="换人", at=NOW
    )
    text = case_markdown(case, at=NOW)
    assert "已试：第 1 次 · 11月2日（周一）09:00 · 未成功 · 原帖打不开" in text
    assert "次数与期限：最多 2 次，11月2日（周一）10:00 前" in text
    assert "已转给：" in text
    assert "王敏 · 更新步骤 C0 先把现场固定下来 · 进行中 → 未成功 · 原帖打不开" in text


def test_when_a_stage_is_done_it_says_so(case):
    case = case.move("C0", "done", who="王敏", at=NOW)
    assert "可以进入“评估”" in case_markdown(case, at=NOW)


def test_in_english_the_frame_is_english(case):
    case = add_step(case, own_step("X1", "call the supplier", role="QA", why="batch"), who="Wang", why="batch", at=NOW)
    text = case_markdown(case, at=NOW, lang="en")
    assert "## What can be done now" in text
    assert "- By: " in text
    # names of menus stay as the app writes them, and so does what people wrote
    assert not re.search("谁来做|最晚|做到什么算完成|处理记录|未开始|评估|解决|开案|：", re.sub(r"(Where|Never|With what): .*", "", text))
