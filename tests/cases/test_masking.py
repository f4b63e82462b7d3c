from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.cases.masking import mask


@pytest.mark.parametrize(
    ("text", "secret", "kind"),
    [
        ("打13800138000", "13800138000", "phone"),
        ("打+86 138-0013-8000", "0013", "phone"),
        ("打１３８００１３８０００", "１３８００１３８０００", "phone"),
        ("打138.0013.8000", "0013", "phone"),
        ("座机 021-12345678", "12345678", "phone"),
        ("身份证11010519491231002X", "19491231", "id_card"),
        ("写信 xiaolin.w@example.com.cn", "xiaolin", "mail"),
        ("订单号：P2026110200123", "20261102001", "order"),
        ("单号 7788990011223", "77889900112", "order"),
        ("流水20261102001122", "202611020011", "number"),
        ("卡 6222 0212 3456 7890 123", "0212", "bank_card"),
        ("微信：xiaolin_88", "xiaolin_88", "chat"),
        ("住在浙江省杭州市西湖区文三路88号2栋301室", "文三路88号", "address"),
        ("收件人：张小芳", "小芳", "name"),
        ("欧阳修文先生说", "修文", "name"),
        ("客户林小满女士说", "小满", "name"),
    ],
)
def test_what_is_personal_is_starred(text, secret, kind):
    found = mask(text)
    assert secret not in found.text
    assert kind in found.kinds


@pytest.mark.parametrize(
    "text", ["退款一个月没到账，金额 199.00 元", "2026-11-02 18:00", "这位女士您好", "张先生您好", "第1195条第3款", "小红书号 952700", ""]
)
def test_what_is_not_stays(text):
    assert mask(text).text == text
    assert mask(text).kinds == ()


def test_people_who_are_named_are_starred_and_the_district_stays():
    assert mask("林晓说店长赵敏敏不理", ["赵敏敏", "林晓", "x"]).text == "林*说店长赵**不理"
    assert mask("杭州市西湖区文三路88号").text == "杭州市西湖区****"


@given(st.text(alphabet="张三收件人：13800@example.com路区市号订单12345678901234567 ", max_size=60))
def test_masking_twice_masks_nothing_new(text):
    once = mask(text).text
    assert not [kind for kind in mask(once).kinds if kind in {"phone", "id_card", "mail"}]


PHONE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
CARD = st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True)
MAIL = st.from_regex(r"[a-z]{3,8}[0-9]{2}@[a-z]{3,8}\.com", fullmatch=True)
CHINESE = st.text(alphabet="她说店家不理人退款没到账请看，。！ ", max_size=12)


@given(CHINESE, st.one_of(PHONE, CARD, MAIL), CHINESE)
def test_no_number_or_address_gets_through_whatever_stands_around_it(before, secret, after):
    assert secret not in mask(before + secret + after).text
