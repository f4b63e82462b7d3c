"""Brands: files checked to the line, names, and whose account it is."""

from __future__ import annotations

import hashlib
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.brand import Account, Brand, LegalEntity, load_brands
from negassoc.errors import DataError
from negassoc.mention import Author
from negassoc.records import unstructure

FULL = """\
name = "示例茶"
aliases = ["SHILI", "示例茶饮"]
products = ["冰冰茶"]
competitors = ["别家茶"]
not_this_brand = ["示例茶酒店"]
industry = "连锁茶饮"
city = "广州"
about = "鲜果茶"

[legal_entity]
name = "广州示例茶餐饮管理有限公司"
uscc = "91440106MAQMY0026M"
legal_representative = "黎望舒"
address = "广州市虚构路8号"

[[official_accounts]]
platform = "XHS"
nickname = "示例茶官方"
id = "5f00000000000000000000aa"

[[official_accounts]]
platform = "快手"
nickname = "示例茶直播间"
"""


@pytest.fixture
def brand(tmp_path) -> Brand:
    path = tmp_path / "brand.toml"
    path.write_text(FULL, "utf-8")
    return Brand.load(path)


def test_a_whole_file(brand):
    assert brand.names == ("示例茶", "SHILI", "示例茶饮")
    assert brand.legal_entity == LegalEntity(
        "广州示例茶餐饮管理有限公司", uscc="91440106MAQMY0026M", legal_representative="黎望舒", address="广州市虚构路8号"
    )
    assert [a.platform for a in brand.official_accounts] == ["xiaohongshu", "kuaishou"]
    assert (brand.city, brand.not_this_brand, brand.key) == ("广州", ("示例茶酒店",), None)
    assert pickle.loads(pickle.dumps(brand)) == brand
    assert hash(brand)


def test_a_name_is_enough(tmp_path):
    path = tmp_path / "brand.toml"
    path.write_text('name = "示例茶"', "utf-8")
    assert Brand.load(path) == Brand("示例茶")


@pytest.mark.parametrize("wrong", ["", " ", None, 3])
@pytest.mark.parametrize(("kind", "whose"), [(Brand, "brand"), (LegalEntity, "legal_entity")])
def test_a_name_that_is_none_is_a_mistake_in_the_data(kind, whose, wrong):
    with pytest.raises(DataError, match=f"^{whose}: name: expected a name, found {wrong!r}; write what it is called"):
        kind(wrong)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('nmae = "x"', "1: nmae: unknown key; did you mean 'name'?"),
        ('name = ""', "1: name: expected a name, found ''; write what it is called"),
        ('name = "x"\n[legal_entity]\nname = " "', "3: legal_entity.name: expected a name, found ' '; write what it is called"),
        ('name = "x"\naliases = "y"', "2: aliases: expected a list, found 'y'"),
        ('name = "x"\nproducts = ["a", 3]', "2: products.1: expected text, found 3"),
        ('name = "x"\n\n[[official_accounts]]\nnickname = "y"', "3: official_accounts.0.platform: required key missing"),
        ('name = "x"\n[[official_accounts]]\nplatform = "xhs"\nuid = "1"', "4: official_accounts.0.uid: unknown key; did you mean 'id'?"),
        ('name = "x"\n[legal_entity]\nname = "y"\nusc = "1"', "4: legal_entity.usc: unknown key; did you mean 'uscc'?"),
        ('name = "x"\nworking_hours = "22:00-06:00"', "2: working_hours: '22:00-06:00' names no working hours; write from when to when"),
        ('name = "x"\nkey = "y"', "2: key: unknown key;"),
        ('name = "x', "1: not valid TOML"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(tmp_path, text, message):
    path = tmp_path / "brand.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        Brand.load(path)
    assert message in {str(p).removeprefix(f"{path}:")[: len(message)] for p in caught.value.problems}


def test_many_brands_by_key(tmp_path):
    path = tmp_path / "brands.json"
    path.write_text(json.dumps({"tea": {"name": "示例茶", "city": None}, "car": {"name": "示例车"}}), "utf-8")
    assert load_brands(path) == {"tea": Brand("示例茶", key="tea"), "car": Brand("示例车", key="car")}


def test_many_brands_are_read_from_toml_too(tmp_path):
    path = tmp_path / "brands.toml"
    path.write_text('[tea]\nname = "示例茶"\n\n[car]\nname = "示例车"\ncity = 3\n', "utf-8")
    with pytest.raises(DataError, match=r"brands\.toml:6: car\.city: expected text, found 3"):
        load_brands(path)
    path.write_text(path.read_text("utf-8").replace("3", '"杭州"'), "utf-8")
    assert load_brands(path) == {"tea": Brand("示例茶", key="tea"), "car": Brand("示例车", city="杭州", key="car")}


@pytest.mark.parametrize(("name", "text"), [("brand.toml", 'name = "示例茶"'), ("brand.json", '{"name": "示例茶", "city": null}')])
def test_a_file_of_one_brand_gives_that_one_without_a_key(tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    assert load_brands(tmp_path / name) == {"示例茶": Brand("示例茶")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "brands.json: no brand in it"),
        ('{"tea": {"name": "x"},\n "car": {"nmae": "y"}}', "brands.json:2: car.nmae: unknown key"),
        ("[]", "brands.json:1: expected a table, found []"),
        ('{"name": "x",\n "nmae": "y"}', "brands.json:2: nmae: unknown key; did you mean 'name'?"),
        ('{"tea": 3}', "brands.json:1: tea: expected a table, found 3"),
    ],
)
def test_wrong_brands_files(tmp_path, text, message):
    path = tmp_path / "brands.json"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        load_brands(path)
    assert message in str(caught.value)


def test_called_by_key_name_or_alias(brand):
    assert brand.is_called(" shili ")
    assert brand.is_called("示例茶")
    assert not brand.is_called("示例")
    assert not brand.is_called("")
    assert Brand("示例茶", key="tea").is_called("TEA")


OWN_ID = "5f00000000000000000000aa"
OWN_HASH = hashlib.sha256(OWN_ID.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("platform", "author", "owned"),
    [
        ("xiaohongshu", Author(id=OWN_ID), True),
        ("xiaohongshu", Author(id_hash=OWN_HASH, nickname="示***方"), True),
        (None, Author(id=OWN_ID), True),
        ("kuaishou", Author(id=OWN_ID), False),
        ("xiaohongshu", Author(id="other", nickname="示例茶官方"), False),
        ("xiaohongshu", Author(nickname="示例茶官方"), True),
        ("kuaishou", Author(nickname="示例茶官方"), False),
        ("kuaishou", Author(nickname="示例茶直播间"), True),
        ("xiaohongshu", Author(nickname="示例茶官方旗舰"), False),
        ("xiaohongshu", Author(), False),
        ("weibo", Author(official=True), True),
    ],
)
def test_whose_account_it_is(brand, platform, author, owned):
    assert brand.owns(platform, author) is owned


def test_an_account_without_an_id_is_known_by_its_nickname_though_the_source_gives_ids():
    brand = Brand(
        "示例茶", official_accounts=[Account(platform="xhs", nickname="示例茶官方"), Account(platform="xhs", nickname="示例茶", id="1")]
    )
    assert brand.owns("xiaohongshu", Author(id="5f", nickname="示例茶官方"))
    assert not brand.owns("xiaohongshu", Author(id="5f", nickname="示例茶"))
    assert not brand.owns("xiaohongshu", Author(id="5f"))
    assert not brand.owns("kuaishou", Author(id_hash="5f", nickname="示例茶官方"))


def test_a_known_hash():
    """The hash that exports since 2026-07 hold for the made-up id."""
    assert OWN_HASH == "1afb1e1f9e2931c3"


@pytest.mark.parametrize("key", ["not_this_brand", "competitors"])
@pytest.mark.parametrize(("own", "role"), [("示例茶", "name"), (" shili ", "aliases"), ("冰冰茶", "products")])
def test_a_brand_s_own_name_is_no_other_s(tmp_path, key, own, role):
    path = tmp_path / "brand.toml"
    path.write_text(f'name = "示例茶"\naliases = ["SHILI"]\nproducts = ["冰冰茶"]\n{key} = ["别家茶", "{own}"]\n', "utf-8")
    with pytest.raises(DataError) as caught:
        Brand.load(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{path}:4: {key}: {own!r} is this brand's own (`{role}`)") and "write the" in problem.what
    with pytest.raises(DataError, match=key):
        Brand("示例茶", aliases="SHILI", products="冰冰茶", **{key: own})


def test_a_brand_s_own_name_is_no_other_s_in_a_file_of_many(tmp_path):
    path = tmp_path / "brands.toml"
    path.write_text('[a]\nname = "别家茶"\n\n[b]\nname = "示例茶"\nnot_this_brand = ["示例茶"]\n', "utf-8")
    with pytest.raises(DataError, match=r"brands.toml:6: b.not_this_brand: '示例茶' is this brand's own"):
        load_brands(path)


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip)
lists = st.lists(names, max_size=3).map(tuple)
others = st.lists(names.map("别家".__add__), max_size=3).map(tuple)
brands = st.builds(
    Brand, names, aliases=lists, products=lists, competitors=others, not_this_brand=others,
    industry=st.none() | names, city=st.none() | names, about=st.none() | names,
    legal_entity=st.none() | st.builds(LegalEntity, names, uscc=st.none() | names),
    official_accounts=st.lists(st.builds(Account, platform=names, nickname=st.none() | names, id=st.none() | names), max_size=2).map(tuple),
)  # fmt: skip


@given(brands)
def test_a_brand_survives_json(brand):
    record = unstructure(brand)
    assert isinstance(record, dict)
    assert record.pop("key") is None
    assert Brand.from_record(json.loads(json.dumps(record))) == brand


def test_lists_and_lone_names_are_taken_as_names():
    brand = Brand("示例茶", aliases="SHILI", products=["冰冰茶"])
    assert (brand.aliases, brand.products) == (("SHILI",), ("冰冰茶",))
    assert hash(brand) == hash(Brand("示例茶", aliases=("SHILI",), products=("冰冰茶",)))


def test_an_account_as_plain_data_is_named_with_its_remedy():
    with pytest.raises(DataError, match=r"official_accounts.*from_record"):
        Brand("示例茶", official_accounts=[{"platform": "xhs", "nickname": "示例"}])


def test_a_lone_account_is_one_and_a_company_is_no_text():
    account = Account(platform="xhs", nickname="示例")
    assert Brand("示例茶", official_accounts=account) == Brand("示例茶", official_accounts=(account,))
    with pytest.raises(
        DataError, match=r"^brand: legal_entity: expected a LegalEntity, found '示例公司'; of its name: LegalEntity\(name\)"
    ):
        Brand("示例茶", legal_entity="示例公司")


def test_a_brand_shows_what_is_said_of_it():
    assert repr(Brand("示例茶", city="广州")) == "Brand(name='示例茶', city='广州')"
