"""The Markdown checklist, read as the person who works by it."""

import datetime as dt
import re

import pytest

from negassoc.brand import Brand
from negassoc.classify import FOUR_TYPES, AssociationType
from negassoc.facts import Facts
from negassoc.mention import BEIJING
from negassoc.playbooks import plan_for_type

NOW = dt.datetime(2026, 11, 27, 9, 30, tzinfo=BEIJING)
BRAND = Brand("芮弥")
PROGRAMMERS_WORDS = re.compile(r"None|null|=True|=False|_match|GR-\d|house_rule|ASK-|\bUTC\b|customer_complaint|TOML|JSON|order_|\bID\b")


@pytest.mark.parametrize("kind", [*FOUR_TYPES, AssociationType.UNDETERMINED])
@pytest.mark.parametrize("platform", ["xiaohongshu", "kuaishou", "weibo", None])
def test_it_has_no_programmers_words_and_no_step_is_missing(kind: AssociationType, platform: str | None) -> None:
    made = plan_for_type(kind, BRAND, platform=platform, now=NOW)
    for lang in ("zh", "en"):
        text = made.to_markdown(lang)
        assert PROGRAMMERS_WORDS.findall(text) == []
        assert all(f" {action.title.of(lang)}" in text for action in made)
        assert all(item.title.of(lang) in text and item.instead.of(lang) in text for item in made.blocked)


def test_the_first_thing_stands_first_with_its_hour_and_person() -> None:
    text = plan_for_type("customer_complaint", BRAND, platform="xiaohongshu", now=NOW).to_markdown()
    table = text[text.index("## 时间表") : text.index("## 按顺序做")]
    assert table.splitlines()[4] == "| 11月27日（周五）10:30 | 1. 先把现场固定下来 | 账号运营（配合：数据分析） |"
    first = text[text.index("### 1. ") : text.index("### 2. ")]
    for words in (
        "- [ ] **最晚时间** 11月27日（周五）10:30",
        "**谁来做**",
        "**在哪里**",
        "**准备什么**",
        "**做到什么算完成**",
        "**做不成怎么办**",
        "**不要**",
    ):
        assert words in first


def test_steps_are_numbered_without_gaps_and_cases_stand_apart() -> None:
    text = plan_for_type("customer_complaint", BRAND, now=NOW).to_markdown()
    numbers = [int(n) for n in re.findall(r"^### (\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    cases = text[text.index("## 遇到这些情况才做") : text.index("## 先别做")]
    assert cases.count("**什么时候做**") == cases.count("### ") > 0


def test_what_is_not_yet_allowed_stands_apart_from_what_never_is() -> None:
    text = plan_for_type("malicious_attack", BRAND, now=NOW).to_markdown()
    waiting = text[text.index("## 先别做：条件还不具备") : text.index("## 任何时候都不能做")]
    never = text[text.index("## 任何时候都不能做") :]
    assert "向平台提交侵权通知" in waiting
    assert "还缺：查到对应订单＝否" in waiting
    assert "花钱找人删帖" in never


def test_conditions_are_told_in_words() -> None:
    text = plan_for_type("own_violation", BRAND, now=NOW).to_markdown()
    step = text[text.index("下架整改，并自查近三个月内容\n") :].split("###")[0]
    assert "**动手前要具备** 已存证" in step
    assert "**先完成** “先存证，再动内容”" in step


def test_an_overdue_step_says_so() -> None:
    sent = NOW - dt.timedelta(days=3)
    from negassoc.classify import Classification, Grade
    from negassoc.mention import Kind, Mention
    from negassoc.playbooks import plan

    notice = Mention("违规通知", kind=Kind.NOTICE, platform="xiaohongshu", published_at=sent.astimezone(dt.UTC))
    verdict = Classification(
        mention=notice, brand=BRAND, type=AssociationType.OWN_VIOLATION, suspected=True, probability=0.9, probabilities={}, scores={},
        grade=Grade.P2, findings=(), facts=Facts(official_notice=True),
    )  # fmt: skip
    text = plan(verdict, now=NOW).to_markdown()
    assert "（已过时限，立即做）" in text
    assert "目前只是“疑似”" in text
    assert "涉及内容：1 条" in text


def test_it_says_that_it_is_no_legal_advice() -> None:
    made = plan_for_type("customer_complaint", BRAND, now=NOW)
    assert "不是法律意见" in made.to_markdown("zh")
    assert "not legal advice" in made.to_markdown("en")
