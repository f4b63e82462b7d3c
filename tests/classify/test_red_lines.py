"""Red lines: each finds its examples and not its counters; lawful exceptions; places; anything goes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.classify.red_lines import RedLine, RedLines
from negassoc.errors import DataError, UnknownNameError
from negassoc.mention import Mention

if TYPE_CHECKING:
    from pathlib import Path

LINES = RedLines.default()


@pytest.mark.parametrize("line", list(LINES), ids=lambda line: line.id)
def test_each_line_finds_its_examples_and_not_its_counters(line: RedLine) -> None:
    def crossed(text: str) -> bool:
        return line.id in {breach.red_line.id for breach in LINES.check(text)}

    assert [text for text in line.example if not crossed(text)] == []
    assert [text for text in line.counter if crossed(text)] == []
    assert line.basis and line.instead.zh and line.instead.en and line.reason.en


@pytest.mark.parametrize(
    "text",
    [
        "这是我第一次开店，第一时间回复大家",
        "新国标一级能效，年省电费约八十元（以实测为准）",
        "最喜欢的还是原味",
        "本店今年卖得最好的一款",
        "唯一的缺点是有点重",
        "获评国家级专精特新企业（公告编号见附图）",
        "据××咨询2026年上半年报告，销量第一",
        "100%纯棉，可机洗",
        "本品不能治疗近视，建议先去医院检查",
        "凡是承诺根治的都是骗子，别信",
        "我们从不刷好评，也不返现",
        "不用加任何人微信，平台内就能下单",
        "谨防冒充客服让您加微信转账",
        "抽20位家长参观工厂，名单周五公布",
        "孩子不满十八岁不做激光手术",
        "配图由AI生成，已标识",
        "请勿相信“内部渠道票”",
        "最近天冷，注意保暖",
        "饮酒不开车，未成年人不饮酒",
        "动荡的年代",
    ],
)
def test_lawful_words_cross_nothing(text: str) -> None:
    assert [(breach.red_line.id, breach.quote) for breach in LINES.check(text)] == []


@pytest.mark.parametrize(
    ("group", "text"),
    [
        ("absolute", "全网第一款真正有用的锅，没有之一"),
        ("medical", "睡七天告别失眠，药都停了"),
        ("medical", "三甲专家都在用的药妆级精华"),
        ("efficacy", "包过，不过全额退"),
        ("efficacy", "零副作用，终身不反弹"),
        ("cosmetics", "七天祛斑，激素脸断根"),
        ("food", "喝了降三高还排毒"),
        ("finance", "稳赚不赔，亏了算我们的"),
        ("education", "出题组老师亲自押题"),
        ("comparison", "别家的都是垃圾"),
        ("price", "原价八百九，今天九块九"),
        ("off_platform", "加我ＶＸ abc_123 更便宜"),
        ("off_platform", "薇 信 abc12345 备注下单"),
        ("off_platform", "加➕v领内购价"),
        ("induced_praise", "五星好评晒图返现三十"),
        ("lottery", "中奖名单不公布，直接私信"),
        ("interaction", "关注+点赞+收藏，抽三个人免单"),
        ("minors", "没满十八也能下单，用爸妈身份证认证"),
        ("vulgar", "夏天就要湿一下"),
        ("undisclosed", "品牌方寄来的样品，分享一下"),
        ("ai", "数字人直播，随便问"),
    ],
)
def test_breaches_are_found(group: str, text: str) -> None:
    assert group in {breach.red_line.group for breach in LINES.check(text)}


def test_a_line_of_one_trade_is_silent_in_another_but_not_where_the_trade_is_unknown() -> None:
    text = "七天祛斑"
    assert "cosmetic-claim" not in {b.red_line.id for b in LINES.check(text, industry="汽车维修")}
    assert "cosmetic-claim" in {b.red_line.id for b in LINES.check(text, industry="护肤")}
    assert "cosmetic-claim" in {b.red_line.id for b in LINES.check(text)}


def test_a_label_in_the_title_clears_the_text() -> None:
    labelled = Mention("品牌方寄来的样品，用了一周", title="广告｜一周使用记录")
    assert LINES.check_mention(labelled) == ()
    assert LINES.check_mention(Mention(labelled.text, title="一周使用记录"))


def test_each_place_is_given_in_its_field() -> None:
    mention = Mention("加我薇信 abc_123", title="全国最好的茶")
    found = {b.span.field: (b.quote, b.span) for b in LINES.check_mention(mention)}
    for field, whole in (("title", mention.title or ""), ("text", mention.text)):
        quote, span = found[field]
        assert whole[span.start : span.end] == quote


def test_says_whether_papers_would_make_it_lawful() -> None:
    assert LINES.get("absolute-terms").certain and not LINES.get("rank-with-source").certain
    with pytest.raises(UnknownNameError, match="absolute-terms"):
        LINES.get("absolute-term")


def test_a_bad_file_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "red_lines").mkdir()
    file = tmp_path / "red_lines" / "own.toml"
    words = "title = { zh = '词', en = 'word' }\nreason = { zh = '词', en = 'word' }\ninstead = { zh = '词', en = 'word' }\n"
    head = f"[[red_line]]\nid = 'own'\ngroup = 'own'\n{words}basis = ['x']\nchecked_on = 2026-01-01\nexample = ['x']\n"
    for say, what in (
        ("say = ['{nothing}']", "no word set 'nothing'"),
        ("say = ['(']", "no phrase"),
        ("sya = ['x']", "did you mean 'say'"),
    ):
        file.write_text(head + say, "utf-8")
        with pytest.raises(DataError, match=what):
            RedLines.load(tmp_path)
    file.write_text(head + "say = ['自家禁词']", "utf-8")
    assert [breach.quote for breach in RedLines.load(tmp_path).check("含自家禁词")] == ["自家禁词"]


ANY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("最第一根治加微信vV+❤️包过返现好评，。！0\u200b")), max_size=150)


@given(ANY, ANY)
def test_any_post_is_checked_and_every_quote_stands_where_it_says(title: str, text: str) -> None:
    for breach in LINES.check_mention(Mention(text or "x", title=title)):
        whole = title if breach.span.field == "title" else text or "x"
        assert 0 <= breach.span.start < breach.span.end <= len(whole)
        assert whole[breach.span.start : breach.span.end] == breach.quote
