"""Red lines: each finds its examples and not its counters; lawful exceptions; places; anything goes in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.classify.red_lines import RedLine, RedLines
from negassoc.errors import DataError, UnknownNameError
from negassoc.mention import Mention

LINES = RedLines.default()
AGAINST = LINES.against(["同行甲", "果野集"])
POSTS = Path(__file__).parents[1] / "data" / "red_lines" / "heldout.jsonl"
HELD_OUT = [json.loads(line) for line in POSTS.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("line", list(LINES), ids=lambda line: line.id)
def test_each_line_finds_its_examples_and_not_its_counters(line: RedLine) -> None:
    def crossed(text: str) -> bool:
        return line.id in {breach.red_line.id for breach in AGAINST.check(text)}

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


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("medical-claim", "0糖0卡，糖尿病人也能放心喝"),
        ("safe-for-everyone", "零添加，纯天然，孕妇也能喝"),
        ("promise-of-effect", "喝了不长胖"),
        ("promise-of-effect", "代餐奶昔，月瘦十斤"),
        ("first-claim", "我们家的茶是第一家用鲜萃的"),
        ("absolute-terms", "同价位里最耐用"),
        ("food-claim", "解酒护肝，喝多少都没事"),
        ("food-claim", "增强抵抗力，孩子少生病"),
        ("food-claim", "每天一杯，皮肤越来越白"),
        ("cosmetic-claim", "闭口粉刺三天清零"),
        ("cosmetic-claim", "替代热玛吉，在家做医美"),
        ("off-platform", "想拿货的留电话，我打给你"),
        ("off-platform", "走微信付款立减二十"),
        ("off-platform", "打这个电话 13912345678 订货"),
        ("false-price", "库存仅剩5份，手慢无"),
        ("faked-lottery", "获奖名单不对外公布"),
        ("induced-interaction", "集赞五十个到店领免单"),
        ("faked-data", "已有三百万妈妈信赖"),
        ("rank-with-source", "连续五年销量冠军"),
        ("belittle-others", "同行都在偷工减料"),
        ("first-claim", "我们是长沙首家潮汕牛肉火锅"),
        ("first-claim", "成都第一家现切黄牛肉"),
        ("borrowed-fame", "国宴同款牛肉丸"),
        ("borrowed-fame", "人民大会堂指定用肉"),
        ("induced-interaction", "关注+评论抽三位送双人餐"),
        ("induced-interaction", "关注我们，评论区抽3位送双人餐"),
        ("bought-praise", "到店打卡送牛肉丸一份"),
    ],
)
def test_everyday_ways_to_say_it_are_found(line: str, text: str) -> None:
    assert line in {breach.red_line.id for breach in LINES.check(text)}


@pytest.mark.parametrize(
    "text",
    [
        "糖尿病人请遵医嘱",
        "糖友请看营养成分表，听医生的",
        "本品含咖啡因，孕妇和儿童不建议饮用",
        "未添加蔗糖，每100毫升含糖2.1克，见营养成分表",
        "喝奶茶会长胖吗？看看热量表",
        "喝多了也会胖，适量就好",
        "我们家第一家店开在学府路",
        "第一家店开业那年，我们只有四张桌子",
        "这是我们在长沙的第一家店",
        "长沙首家门店下周开业",
        "我在长沙吃的第一家牛肉火锅",
        "我们是2019年开的第一家店",
        "看完国宴的纪录片，学做一道开水白菜",
        "评论区告诉我想吃什么",
        "用平台抽奖工具抽三位送双人餐，关注不是条件，规则见置顶",
        "员工打卡后送货到各店",
        "最便宜的一款是原味豆浆，三元",
        "红豆薏米是甜品不是药",
        "进店先取号，扫桌上的码点单",
        "中奖名单周五公示",
        "和旧款相比，新款泵头更顺",
    ],
)
def test_harmless_neighbours_cross_nothing(text: str) -> None:
    assert [(breach.red_line.id, breach.quote) for breach in LINES.check(text)] == []


def test_what_depends_on_proof_is_a_hint() -> None:
    doubtful = ("我们家的茶是第一家用鲜萃的", "零添加，纯天然，孕妇也能喝", "明天就涨价", "已有三百万妈妈信赖")
    assert not any(breach.certain for text in doubtful for breach in LINES.check(text))


@pytest.mark.parametrize("text", ["比果野集好喝一百倍", "果 野 集那种糖精水", "喝过我们家，再也不想喝果野集", "别喝果野集了"])
def test_a_rival_may_not_be_belittled_by_name(text: str) -> None:
    assert [breach.red_line.id for breach in AGAINST.check(text)] == ["named-rival"]
    assert LINES.check(text) == ()


@pytest.mark.parametrize("text", ["果野集也在这条街上，逛完都去尝尝", "我们和果野集没有关联", "祝果野集周年生意兴隆"])
def test_a_rival_may_be_named_in_peace(text: str) -> None:
    assert AGAINST.check(text) == ()


def test_no_rival_changes_nothing() -> None:
    assert LINES.against([" ", "\u200b"]) is LINES


def test_posts_written_apart_keep_their_figures() -> None:
    """Floors under what docs/red_lines.md reports; no line was written on these posts."""
    crossed = [(bool(record["breach"]), bool(AGAINST.check(record["text"]))) for record in HELD_OUT]
    breaches, harmless = ([found for is_one, found in crossed if is_one is wanted] for wanted in (True, False))
    assert len(breaches) >= 60 and len(harmless) >= 60
    assert sum(breaches) / len(breaches) >= 0.65
    assert sum(harmless) / len(harmless) <= 0.02


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
