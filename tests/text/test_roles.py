"""Who is who: names become signs, where they are names."""

from __future__ import annotations

import pickle

import pytest

from negassoc.brand import Account, Brand, LegalEntity
from negassoc.text import BRAND, OTHER, PRODUCT, RIVAL, JiebaSegmenter, NormalText, Roles

TEA = Brand(
    "示例茶",
    aliases=("SHILI", "示例tea"),
    products=("示例乌龙",),
    competitors=("对手茶",),
    not_this_brand=("示例茶酒店",),
    official_accounts=(Account(platform="xiaohongshu", nickname="示例茶官方旗舰店"),),
    legal_entity=LegalEntity("示例茶饮（上海）有限公司"),
)


class Letters:
    """A segmenter that counts how often it is asked."""

    def __init__(self, *words: str) -> None:
        self.words, self.asked = words, 0

    def cut(self, text: str) -> list[tuple[int, int]]:
        self.asked += 1
        spans, at = list[tuple[int, int]](), 0
        while at < len(text):
            size = next((len(w) for w in self.words if text.startswith(w, at)), 1)
            spans.append((at, at + size))
            at += size
        return spans


def marked(text: str, brand: Brand = TEA, **given: object) -> str:
    return Roles(brand, **given).marked(NormalText.of(text)).text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("示例茶真好喝", f"{BRAND}真好喝"),
        ("示例乌龙不如对手茶", f"{PRODUCT}不如{RIVAL}"),
        ("住在示例茶酒店", f"住在{OTHER}"),
        ("示例茶官方旗舰店不回", f"{BRAND}不回"),
        ("示例茶饮(上海)有限公司被罚", f"{BRAND}被罚"),
        ("SHILI和ShiLi，ＳＨＩＬＩ", f"{BRAND}和{BRAND},{BRAND}"),
        ("示\u200b例茶", BRAND),
        ("示例茶示例茶", BRAND * 2),
        ("shiling不是，ashili也不是，shili2也不是", "shiling不是,ashili也不是,shili2也不是"),
        ("买shili的，用示例tea", f"买{BRAND}的,用{BRAND}"),
        ("示例teas", "示例teas"),
        ("别的茶", "别的茶"),
        ("", ""),
    ],
)
def test_names_become_signs(text, expected):
    assert marked(text) == expected


def test_a_sign_stands_for_the_characters_of_the_name():
    n = Roles(TEA).marked(NormalText.of("住\u200b示例茶酒店，喝示例茶"))
    assert n.original[slice(*n.span(1, 2))] == "示例茶酒店"
    assert n.original[slice(*n.span(4, 5))] == "示例茶"


def test_where_one_name_serves_two_roles_the_surer_role_wins():
    brand = Brand("示例茶", products=("示例茶", "茶包"), competitors=("青隅茶", "共名"), not_this_brand=("共名",))
    assert marked("示例茶的茶包、青隅茶和共名", brand) == f"{BRAND}的{PRODUCT}、{RIVAL}和{OTHER}"


def test_an_ordinary_word_counts_only_as_a_word_of_its_own():
    mountain = Brand("半山")
    segmenter = Letters("半山", "半山腰")
    assert marked("半山，半山上", mountain, segmenter=segmenter) == f"{BRAND},{BRAND}上"
    assert segmenter.asked == 2
    assert marked("爬到半山腰", mountain, segmenter=Letters("半山腰")) == "爬到半山腰"


def test_the_segmenter_is_not_asked_about_other_names():
    segmenter = Letters()
    assert marked("示例茶不错", segmenter=segmenter) == f"{BRAND}不错"
    assert segmenter.asked == 0


def test_jieba_decides_for_an_ordinary_word():
    apple = Brand("苹果")
    assert marked("苹果客服不理人", apple) == f"{BRAND}客服不理人"
    assert marked("小满的奶茶", Brand("小满")) == f"{BRAND}的奶茶"
    assert marked("爬到半山腰", Brand("半山")) == "爬到半山腰"


def test_a_boundary_far_into_a_long_text_is_found():
    assert marked("很好" * 500 + "，苹果客服不理人", Brand("苹果")).endswith(f"{BRAND}客服不理人")


def test_roles_survive_pickling_with_their_segmenter():
    roles = pickle.loads(pickle.dumps(Roles(TEA, JiebaSegmenter(("示例茶",)))))
    assert roles.marked(NormalText.of("示例茶")).text == BRAND
    assert roles.segmenter == JiebaSegmenter(("示例茶",))


def test_a_brand_without_anything_but_a_name():
    assert marked("示例茶 SHILI", Brand("示例茶")) == f"{BRAND} shili"


def test_a_text_that_holds_the_signs_itself_does_not_name_the_brand():
    assert not set(marked("二〇二六年的□△◇")) & {BRAND, PRODUCT, RIVAL, OTHER}


@pytest.mark.parametrize("said", ["某多多", "拼xx", "拼XX", "拼**", "拼什么多", "拼某多", "“拼”字头", "拼字开头"])
def test_a_veiled_name_is_the_brand(said):
    assert BRAND in marked(f"有个{said}的店", Brand("拼多多"))


@pytest.mark.parametrize("said", ["拼单", "拼", "多多", "某天", "拼某"])
def test_what_only_resembles_a_veil_is_not(said):
    assert marked(f"有个{said}的店", Brand("拼多多")) == f"有个{said}的店"


def test_some_day_and_some_shop_veil_nothing():
    assert marked("某天去了某店", Brand("晴天")) == "某天去了某店"
    assert marked("某天去了某店", Brand("旺店")) == "某天去了某店"


def test_a_product_is_known_without_the_brand_before_it():
    brand = Brand("软骨头", products=("软骨头 云裹裤", "软骨头棉靴"))
    assert marked("云裹裤掉色", brand) == "□掉色"
    assert marked("棉靴掉色", brand) == "棉靴掉色"


def test_where_one_name_is_part_of_a_word_another_that_overlaps_it_may_stand():
    brand = Brand("老街坊大药房", aliases=("老街坊", "街坊药房"))
    assert marked("老街坊药房贴的", brand) == "老〇贴的"
