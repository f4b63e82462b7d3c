"""Notices: what they are about, what is done, until when, what may still be done, and whose affair it is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.classify.notices import Notice, NoticeReader, Outcome
from negassoc.errors import DataError
from negassoc.mention import Kind, Mention

if TYPE_CHECKING:
    from pathlib import Path

READER = NoticeReader.default()


def read(text: str, title: str | None = None) -> Notice:
    return READER.read(Mention(text, title=title, kind=Kind.NOTICE))


def test_a_penalty_is_read_whole() -> None:
    text = "您的笔记《七日养肤日记》涉嫌夸大宣传，违反《社区规范》第4.2条，已限制推荐7天，扣除信用分4分，可在3日内申诉，剩余申诉次数2次。"
    notice = read(text)
    assert notice.outcome == "penalty"
    assert (notice.object and notice.object.value) == "note"
    assert (notice.object_name and notice.object_name.value) == "七日养肤日记"
    assert notice.clause and "社区规范" in notice.clause.value and "4.2" in notice.clause.value
    assert [penalty.value for penalty in notice.penalties] == ["reach", "points"]
    assert notice.penalties[1].amount == 4
    assert [breach.value for breach in notice.breaches] == ["false_promotion"]
    assert notice.duration and (notice.duration.count, notice.duration.unit) == (7, "days")
    assert notice.window and (notice.window.count, notice.window.unit) == (3, "days")
    assert notice.attempts_left and notice.attempts_left.amount == 2
    assert notice.mix_up is None and notice.error is None and notice.lifted is None and notice.by_machine is None
    assert notice.to_record()["outcome"] == "penalty"


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        ("penalty", "由于违反社区规定，账号将被封禁至2026年3月1日"),
        ("penalty", "该商品因描述不符已下架，扣除保证金2000元"),
        ("warning", "该内容涉嫌违规，请修改后重新发布"),
        ("lifted", "经人工复核，处罚已撤销，相关违规记录同步清除"),
        ("lifted", "您对笔记提交的申诉已通过，内容已恢复展示"),
        ("in_favour", "您举报的视频属于虚假信息，现已下架，感谢您的反馈"),
        ("granted", "恭喜，您的专业号年审已通过，认证有效期至2027年1月31日"),
        ("complaint", "买家反映收到的商品破损，请在48小时内处理售后工单"),
        ("information", "春节期间客服值班时间有调整"),
    ],
)
def test_what_it_amounts_to(outcome: Outcome, text: str) -> None:
    assert read(text).outcome == outcome


@pytest.mark.parametrize(
    ("text", "mix_up", "error"),
    [
        ("您的账号与被封禁的“某某商行”名称相似，疑似关联账号，现限制推荐", True, False),
        ("系统将您与同名公司识别为同一主体，经复核系误判，限制已解除", True, True),
        ("笔记被机器误判为低俗内容，现已恢复展示", False, True),
        ("您的笔记含绝对化用语，已限制推荐", False, False),
    ],
)
def test_whether_it_says_that_another_one_was_meant(text: str, mix_up: bool, error: bool) -> None:
    notice = read(text)
    assert (notice.mix_up is not None, notice.error is not None) == (mix_up, error)


@pytest.mark.parametrize(
    ("text", "machine"),
    [("系统检测到您的笔记含站外联系方式", True), ("经人工复核，违规成立", False), ("您的笔记含站外联系方式", None)],
)
def test_who_decided_is_unknown_unless_said(text: str, machine: bool | None) -> None:
    assert read(text).by_machine is machine


def test_days_hours_and_working_days_stay_apart() -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    hours = read("请在48小时内提交材料").window
    assert hours and hours.after(start) == start + dt.timedelta(hours=48)
    workdays = read("请于5个工作日内提交整改说明").window
    assert workdays and (workdays.count, workdays.unit) == (5, "workdays") and workdays.after(start) is None
    weeks = read("功能暂停两周").duration
    assert weeks is None or weeks.unit == "days"


def test_the_end_is_a_day_in_beijing_and_no_date_is_no_date() -> None:
    assert read("私信功能已被限制至2026-03-01").ends_at == dt.datetime(2026, 2, 28, 16, tzinfo=dt.UTC)
    assert read("私信功能已被限制").ends_at is None


@pytest.mark.parametrize(("text", "left"), [("申诉次数已用完", 0), ("还有一次申诉机会", 1), ("您有十二次申诉机会", 12)])
def test_attempts_left(text: str, left: int) -> None:
    notice = read(text)
    assert notice.attempts_left and notice.attempts_left.amount == left


def test_a_hidden_menu_is_no_note_that_was_hidden() -> None:
    assert [p.value for p in read("您的笔记写了“加微信领隐藏菜单”，请修改").penalties] == []
    assert [p.value for p in read("您的笔记已隐藏").penalties] == ["only_self"]


def test_the_title_is_read_too() -> None:
    notice = read("请尽快处理。", title="笔记违规处罚：已下架")
    assert notice.outcome == "penalty" and notice.penalties[0].span.field == "title"


def test_a_bad_file_says_which_sign(tmp_path: Path) -> None:
    (tmp_path / "notices.toml").write_text('[[sign]]\nof = "object"\nvalue = "note"\nsay = ["("]\n', "utf-8")
    with pytest.raises(DataError, match=r"sign 1 \(object note\)"):
        NoticeReader.load(tmp_path)


@given(
    st.text(alphabet=st.one_of(st.characters(), st.sampled_from("您的笔记账号违规限流至2026-0月日天内申诉次扣分《》“”十")), max_size=150)
)
def test_any_text_is_read_and_every_span_lies_in_it(text: str) -> None:
    notice = read(text or "x")
    stated = (notice.object, notice.object_name, notice.clause, notice.attempts_left, notice.mix_up, notice.error, notice.lifted)
    for value in (*stated, *notice.penalties, *notice.breaches, notice.window, notice.duration):
        if value is not None:
            assert 0 <= value.span.start < value.span.end <= len(text or "x")
