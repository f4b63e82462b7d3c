from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.brand import Brand, LegalEntity
from negassoc.errors import DataError
from negassoc.text import known_trades
from negassoc.watch.searches import LIMIT, SearchWords, misspellings, searches

ENTITY = LegalEntity("杭州示例青芍化妆品有限公司", legal_representative="甲某某")
BRAND = Brand("青芍集", aliases=("青芍",), products=("修护精华", "青芍集防晒"), industry="护肤品", legal_entity=ENTITY)


def asked(brand: Brand, limit: int = 1000) -> list[str]:
    return [query.text for query in searches(brand, ["xiaohongshu"], limit=limit)]


def test_every_kind_of_name_is_searched() -> None:
    texts = asked(BRAND)
    assert texts[:2] == ["青芍集", "青芍集 投诉"]
    assert {
        "青芍 避雷",
        "青芍集 修护精华 过敏",
        "青芍集防晒 投诉",
        "杭州示例青芍化妆品有限公司 处罚",
        "青芍集 甲某某 起诉",
        "qingshaoji 避雷",
    } <= set(texts)


def test_words_follow_the_industry() -> None:
    assert "青芍集 烂脸" in asked(BRAND)
    assert not any("拉肚子" in text for text in asked(BRAND))
    assert {"渡口 拉肚子", "渡口 过敏"} <= set(asked(Brand("渡口")))  # an unknown industry excludes nothing
    assert not any("烂脸" in text for text in asked(Brand("渡口", industry="餐饮")))


@pytest.mark.parametrize(
    "industry", ["火锅", "牛肉火锅", "麻辣烫", "烧烤", "面馆", "小龙虾", "串串", "烤鱼", "川菜", "饺子", "餐饮", "快餐", "日料", "米粉"]
)
def test_every_eatery_gets_the_searches_of_eateries(industry: str) -> None:
    brand = Brand("煨月楼", aliases=("煨月",), industry=industry)
    texts = asked(brand, LIMIT)
    assert {"煨月楼 拉肚子", "煨月楼 食物中毒", "煨月楼 虫子", "煨月楼 异物", "煨月楼 后厨", "煨月 拉肚子"} <= set(texts)
    assert not [text for text in asked(brand) if text.split()[-1] in {"假货", "真假", "正品吗", "难用", "召回", "平替", "烂脸"}]


def test_every_trade_that_a_group_names_is_known() -> None:
    named = {trade for group in SearchWords.default().group for trade in (*group.trades, *group.without)}
    assert named <= set(known_trades())


def test_who_sells_goods_too_is_searched_as_a_shop_and_as_an_eatery() -> None:
    assert {"煨月楼 正品吗", "煨月楼 后厨"} <= set(asked(Brand("煨月楼", industry="火锅、食品")))
    assert {"煨月楼 正品吗", "煨月楼 平替"} <= set(asked(Brand("煨月楼", industry="护肤")))


def test_a_platform_gets_its_cap_and_says_why() -> None:
    found = searches(BRAND)
    assert {q.platform: sum(p.platform == q.platform for p in found) for q in found} == {"xiaohongshu": LIMIT, "kuaishou": LIMIT}
    assert all(q.why for q in found)
    assert "complaints" in (searches(BRAND, ["kuaishou"], limit=2, lang="en")[1].why or "")
    assert searches(BRAND, limit=0) == ()


def test_misspellings_sound_like_the_name() -> None:
    found = misspellings("青芍集")
    assert "qingshaoji" in found and "青芍集" not in found
    assert all(len(variant) == 3 for variant in found if not variant.isascii())
    assert misspellings("ABC") == ()


@given(
    st.text(min_size=1, max_size=12).filter(str.strip), st.lists(st.text(min_size=1, max_size=6), max_size=3).map(tuple), st.integers(0, 90)
)
def test_never_twice_never_more_than_asked(name: str, aliases: tuple[str, ...], limit: int) -> None:
    texts = asked(Brand(name, aliases=aliases), limit)
    assert len(texts) == len(set(texts)) <= limit


def test_your_own_words(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text('[names]\nbrand = 1.0\n[[group]]\nid = "a"\ntitle = { zh = "甲", en = "a" }\nworth = 1.0\nwords = ["漏水"]\n', "utf-8")
    assert [q.text for q in searches(Brand("示例"), ["x"], words=SearchWords.load(path))][:2] == ["示例", "示例 漏水"]
    path.write_text("[names]\nbrand = 1.0\n[[group]]\nid = 'a'\nwort = 1.0\n", "utf-8")
    with pytest.raises(DataError, match="did you mean 'worth'"):
        SearchWords.load(path)


def test_a_lone_platform_is_one() -> None:
    assert searches(BRAND, "小红书", limit=5) == searches(BRAND, ["xiaohongshu"], limit=5)
