"""Names that sound or look like the brand's: found where they stand, and nothing else taken for one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import negassoc
from negassoc.brand import Brand
from negassoc.text import ALIKE, Namesakes, NormalText, Roles

SOUND, LOOK = ALIKE
NAMES = Namesakes(("电鲤", "椒老幺", "筑小家"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("出事的是电狸,不是〇", {SOUND: ["电狸"]}),
        ("跑的是筑小佳", {SOUND: ["筑小佳"]}),
        ("是隔壁巷子的椒老五", {LOOK: ["椒老五"]}),
        ("筑大家和筑小嘉都不是", {LOOK: ["筑大家"], SOUND: ["筑小嘉"]}),
        ("〇打电话没人接,电量也不对", {}),  # of two characters only what sounds alike
        ("〇的椒老是不辣", {}),  # 是 is no part of a name
        ("电力不足", {}),  # a word of the dictionary, whatever it sounds like
        ("", {}),
    ],
)
def test_what_is_alike_and_what_is_not(text, found):
    assert {how: [text[s:e] for s, e in places] for how, places in NAMES.stands(text).items()} == found


@pytest.mark.parametrize("names", [(), ("KFC",), ("一",), ("示例连锁茶饮公司",), ("3茶",)])
def test_names_that_are_not_two_to_six_chinese_characters_have_none(names):
    assert not Namesakes(names).stands("示历连锁茶饮公司 kfd 3查 二")


def test_the_name_of_another_bearer_that_the_brand_file_lists_is_known_and_not_alike():
    brand = Brand("电鲤", not_this_brand=("电狸",))
    roles = Roles(brand)
    assert roles.home.namesakes.stands(roles.marked(NormalText.of("是电狸不是电鲤")).text) == {}
    assert roles.home.namesakes.stands(roles.marked(NormalText.of("是电离子不是电鲤")).text) == {}


@given(st.text(alphabet="电鲤狸椒老幺五筑小家佳〇,\n", max_size=40))
def test_places_are_ranges_of_the_text_that_differ_from_a_name_in_one_character(text):
    for start, end in (place for places in NAMES.stands(text).values() for place in places):
        names = [name for name in NAMES.names if len(name) == end - start]
        assert 1 in [sum(a != b for a, b in zip(text[start:end], name, strict=True)) for name in names]


def test_the_table_of_sounds_gives_each_character_one_syllable():
    path = Path(negassoc.__file__).parent / "data" / "folding" / "syllables.tsv"
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    chars = "".join(row[1] for row in rows)
    assert len(chars) == len(set(chars)) == 6763  # those of GB 2312
    assert all(syllable.isascii() and syllable.islower() for syllable, _ in rows)
    assert dict(rows)["li"].count("鲤") == dict(rows)["li"].count("狸") == 1
