"""Of which trade and city a text tells, seen from one brand."""

from __future__ import annotations

import pickle
import tomllib
from collections import Counter
from pathlib import Path

import attrs
import pytest

import negassoc
from negassoc.brand import Brand, LegalEntity
from negassoc.text import BRAND, PRODUCT, Home, NormalText, Roles, is_ordinary, normal, trades_of

SNACKS = Brand("山栗", industry="零食", products=("糖炒栗子仁",), legal_entity=LegalEntity("杭州山栗食品有限公司", address="杭州市余杭区"))
ROBOT = Brand("清道夫", industry="扫地机器人")


def found(brand: Brand, text: str) -> dict[str, list[str]]:
    body = Roles(brand).marked(NormalText.of(text)).text
    home = Roles(brand).home
    named = [at for at, character in enumerate(body) if character == BRAND]
    products = [at for at, character in enumerate(body) if character == PRODUCT]
    return {name: [body[s:e] for s, e in places] for name, places in home.stands(body, named, products, text).items()}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("山栗民宿退订不退钱", "民宿"),
        ("山栗烧烤店太坑了", "烧烤"),
        ("山栗医院不退押金", "医院"),
        ("山栗县的路又堵了", "县"),
        ("城西的山栗管道疏通乱要价", "管道疏通"),
        ("山栗·小筑的床单发霉", "小筑"),
    ],
)
def test_a_trade_right_behind_the_name_makes_another_name(text, word):
    assert found(SNACKS, text)["name_of_other_trade"] == [word]


@pytest.mark.parametrize(
    "text",
    [
        "山栗吃完我去医院了",  # a verb between
        "山栗江湾店没有货",  # a branch
        "山栗路过买了一袋",  # 路过 is no 路
        "山栗零食不好吃",  # its own trade
        "山栗,民宿里买的",  # a comma between
        "山栗医院旁边那家没有货",  # where the shop lies
        "山栗地铁站店的袋子是破的",  # a branch at a landmark
    ],
)
def test_no_other_name_where_the_name_has_ended_or_the_trade_is_its_own(text):
    assert "name_of_other_trade" not in found(SNACKS, text)


def test_its_own_goods_are_its_own_trade_even_if_no_list_has_them():
    assert found(SNACKS, "山栗的栗子仁发霉")["own_trade"] == ["栗子仁"]


def test_a_product_by_its_full_name_is_its_own_trade():
    assert found(SNACKS, "山栗的糖炒栗子仁吃完去医院")["own_trade"] == [PRODUCT]


def test_a_city_before_the_name_is_another_one_or_its_own():
    assert found(SNACKS, "沈阳那家山栗关门了")["other_city"] == ["沈阳"]
    assert found(SNACKS, "杭州山栗关门了")["own_city"] == ["杭州"]
    assert "other_city" not in found(SNACKS, "我在沈阳。山栗的货到了")
    assert "other_city" not in found(Brand("山栗", industry="零食"), "沈阳那家山栗关门了")


def test_the_shops_of_a_chain_stand_in_any_city():
    assert "other_city" in found(attrs.evolve(SNACKS, industry="零食"), "沈阳的山栗关门了")
    assert "other_city" not in found(attrs.evolve(SNACKS, industry="零食连锁"), "沈阳的山栗关门了")


def test_of_a_brand_of_which_nothing_is_known_nothing_is_concluded():
    assert found(Brand("山栗"), "沈阳的山栗民宿，业主都在退房") == {}


def test_a_name_is_ordinary_if_the_dictionary_has_it():
    assert is_ordinary("清道夫")
    assert not is_ordinary("山栗栗")
    assert found(ROBOT, "清道夫把鱼都吃了")["ordinary_name"] == [BRAND]
    assert "ordinary_name" not in found(SNACKS, "山栗把鱼都吃了")


def test_a_name_that_tells_its_trade_is_no_ordinary_word():
    laundry = Brand("杜鹃", aliases=("杜鹃洗衣",), industry="洗衣连锁")
    assert found(laundry, "杜鹃洗衣把我的鞋洗丢了") == {"own_trade": [BRAND]}
    assert found(laundry, "杜鹃把我的鞋叼走了") == {"ordinary_name": [BRAND]}


@pytest.mark.parametrize(
    ("brand", "said"),
    [
        (ROBOT, []),
        (Brand("清道夫"), []),
        (Brand("清道夫", industry="卜筮"), ["清道夫: industry: '卜筮' names no trade that is known, nor do products and about: it tells no namesake apart; known are 小厨, "]),
        (Brand("清道夫", industry="烤肉自助"), []),
        (Brand("清道夫", industry="引力波", products=("奶茶",)), []),
        (Brand("清道夫", industry="火祸店"), ["清道夫: industry: '火祸店' names no trade that is known, nor do products and about: it tells no namesake apart; the nearest are "]),
        (Brand("清道夫", city="广洲市"), ["清道夫: city: '广洲市' is no city that is known: it tells no namesake apart; the nearest are 株洲, 广州, 广安, 广元"]),
        (Brand("清道夫", city="广洲市", industry="连锁茶饮"), []),
        (Brand("清道夫", city="广州市天河区"), []),
    ],
)  # fmt: skip
def test_a_trade_or_city_that_nobody_knows_is_told_with_the_nearest(brand, said):
    told = [str(one) for one in Home(brand, frozenset()).unread]
    assert [line[: len(start)] for line, start in zip(told, said, strict=True)] == said


@pytest.mark.parametrize(
    "industry",
    ["湘菜", "粤菜", "川菜", "鲁菜", "东北菜", "中餐", "西餐", "日料", "韩餐", "米粉", "居酒屋", "烧鸟", "茶餐厅", "私厨", "早餐店", "汉堡店", "披萨店"],
)  # fmt: skip
def test_eateries_of_every_kitchen_are_known(industry):
    brand = Brand("山栗", industry=industry)
    assert Home(brand, frozenset()).trades == {"eating_out"}
    assert list(Home(brand, frozenset()).unread) == []


def test_a_shop_of_desserts_sells_food():
    assert Home(Brand("山栗", industry="甜品店"), frozenset()).trades == {"food_goods"}


def test_words_of_an_industry_are_ordinary_words_elsewhere():
    assert found(ROBOT, "吃中餐的时候清道夫又停了") == {"ordinary_name": [BRAND]}
    assert Home(Brand("山栗", industry="护肤", products=("米粉面膜",)), frozenset()).trades == {"cosmetics"}


def test_a_home_survives_pickling_with_its_index_made():
    home = Home(ROBOT, frozenset({"边刷"}))
    home.stands(normal("清道夫边刷断了"), [0])
    again = pickle.loads(pickle.dumps(home))
    assert again.stands("〇边刷断了", [0]) == home.stands("〇边刷断了", [0])


def test_every_word_of_the_list_is_in_normal_form_and_stands_once_in_its_trade():
    path = Path(negassoc.__file__).parent / "data" / "trades.toml"
    table = tomllib.loads(path.read_text("utf-8"))
    kinds = ("names", "words", "industries", "whole")
    words = [(trade["id"], word) for trade in table["trade"] for kind in kinds for word in trade.get(kind, ())]
    assert [word for _, word in words if normal(word) != word] == []
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert len(set(table["cities"])) == len(table["cities"])
    assert not set(table["never"]) & {word for _, word in words}


def test_what_is_the_whole_of_an_industry_tells_of_no_other():
    assert trades_of("手机") == trades_of("智能手机") == {"digital"}
    assert "digital" not in trades_of("手机游戏") and "platforms" not in trades_of("短视频平台")
    assert trades_of("平台") == trades_of("直播间") == {"platforms"}


@pytest.mark.parametrize(
    ("industry", "about", "shop"),
    [
        ("护肤", None, True),
        ("银行", None, False),
        ("快递", None, False),
        ("酒店", None, None),
        ("银行", "有千帆店", True),
        (None, None, None),
    ],
)
def test_a_shop_is_known_by_trade_or_by_the_file(industry, about, shop):
    assert Home(Brand("芮弥", industry=industry, about=about), frozenset()).shop is shop
