from __future__ import annotations

import datetime as dt
import re
import zipfile

import pytest

from negassoc.brand import Account, Brand, LegalEntity
from negassoc.cases import Case
from negassoc.cases.documents import plain_text, table
from negassoc.cases.drafts import DraftInput, _wording, check_wording, draft, load_skeletons, skeletons, wording_rules
from negassoc.cases.evidence import CapturedAuthor, Claim, Evidence
from negassoc.classify.red_lines import RedLines
from negassoc.errors import DataError, UnknownNameError
from negassoc.playbooks import Guards
from negassoc.text import known_trades

AT = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
BRAND = Brand(
    "芮弥", official_accounts=(Account(platform="xhs", nickname="芮弥官方", id="r1"), Account(platform="ks", nickname="芮弥快手", id="k1")),
    legal_entity=LegalEntity("芮弥护肤有限公司", uscc="91310000MA1K00000X", address="上海市徐汇区示例路1号"),
)  # fmt: skip
ITEM = Evidence(
    id="E1", captured_at=AT, capturer="王敏", url="https://www.xiaohongshu.com/explore/66aa", author=CapturedAuthor(nickname="爱喝茶的猫"),
    published_at=AT, transcription="她家全是假货，店长赵敏敏 13900139000", file="E1.mp4", sha256="ab" * 32,
    claims=(
        Claim(id="c1", text="全是假货", kind="fact", status="false", refuting=("E7",)),
        Claim(id="c2", text="难用", kind="opinion"),
        Claim(id="c3", text="客服不回", kind="fact", status="true"),
    ),
)  # fmt: skip
KINDS = sorted(skeletons())


def given(**more: object) -> DraftInput:
    values: dict[str, object] = {"brand": BRAND, "platform": "xiaohongshu", "at": AT}
    return DraftInput(**{**values, **more})


def test_all_eight_kinds_are_there():
    assert KINDS == [
        "appeal", "feedback_invitation", "holding", "infringement_notice", "lawyer_brief", "non_relation", "public_reply", "rectification",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_gap_is_marked_in_words_for_people(kind):
    made = draft(kind, given())
    assert made.gaps
    assert "{" not in made.text
    assert not re.search(r"【待填：\w*_\w*】", made.text)
    assert made.before_use
    assert all(re.search(r"[\u4e00-\u9fff]", note.zh) and note.en.isascii() for note in (*made.before_use, made.title, made.purpose))


@pytest.mark.parametrize("kind", KINDS)
def test_the_skeletons_themselves_say_nothing_forbidden(kind):
    made = draft(kind, given())
    assert check_wording(re.sub(r"【待填：[^】]*】", "", made.text), audience=skeletons()[kind].audience) == ()


@pytest.mark.parametrize(
    ("industry", "asked", "thought"),
    [
        ("口腔诊所", "就诊日期", "不公开确认对方是不是患者"), ("物业管理", "小区名称", "门牌"), ("银行", "请不要发卡号", "账户"), ("快递", "单号后四位", "收寄地址"),
        ("酒店", "入住日期", "房号"), ("手机", "型号、购买时间", "晒聊天截图"), (None, "购买时间和遇到的问题", "晒聊天截图"),
    ],
)  # fmt: skip
def test_a_public_reply_asks_in_the_words_of_the_trade(industry, asked, thought):
    made = draft("public_reply", given(brand=Brand("芮弥", industry=industry)))
    assert asked in made.text and thought in str(made.before_use)
    assert industry is None or industry == "手机" or "购买" not in made.text
    assert "details" not in made.gaps and "closing" not in made.gaps
    assert "改日再说" in draft("public_reply", given(brand=Brand("芮弥", industry=industry), fill={"closing": "改日再说。"})).text


@pytest.mark.parametrize("words", skeletons()["public_reply"].by_trade, ids=lambda words: words.trades[:1] or "others")
def test_no_trade_s_words_are_forbidden(words):
    assert set(words.trades) <= set(known_trades())
    assert [problem for text in words.words.values() for problem in check_wording(text)] == []
    assert all(note.en.isascii() for note in words.before_use)


def test_what_the_brand_is_is_filled_in():
    text = draft("appeal", given()).text
    assert "芮弥官方（ID：r1）" in text
    assert "芮弥快手" not in text
    assert "91310000MA1K00000X" in text
    assert "2026年11月2日" in text
    assert "【待填：公司全称】" in draft("appeal", given(brand=Brand("芮弥"))).text


def test_a_notice_lists_links_and_only_what_was_proved_false():
    made = draft("infringement_notice", given(evidence=(ITEM,), people=("赵敏敏",)))
    assert "| 1 | https://www.xiaohongshu.com/explore/66aa | 爱喝茶的猫 | 2026-11-02 09:00 |" in made.text
    assert "| E1 | 全是假货 | 事实 | 不实 | E7 |" in made.text
    assert "难用" not in made.text
    assert "客服不回" not in made.text
    assert "赵**" in made.text
    assert "13900139000" not in made.text
    assert set(made.masked) == {"phone", "name"}
    assert "难用" in draft("lawyer_brief", given(evidence=(ITEM,))).text


def test_no_notice_is_drafted_against_the_author_of_a_complaint(make_plan):
    complaint = Case.open(make_plan("C0", "GC4", kind="customer_complaint"), who="王敏", at=AT)
    with pytest.raises(DataError, match="GR-04"):
        draft("infringement_notice", given(case=complaint))
    assert draft("lawyer_brief", given(case=complaint))
    assert draft("infringement_notice", given(case=Case.open(make_plan("C0", "MA6"), who="王敏", at=AT)))


def test_our_own_contact_is_not_masked_and_others_is():
    made = draft("infringement_notice", given(contact_name="李律师", contact="021-12345678", fill={"harm": "顾客电话13800138000来问"}))
    assert "021-12345678" in made.text
    assert "13800138000" not in made.text
    assert "13700137000" in draft("appeal", given(fill={"contact": "13700137000"})).text


def test_the_brief_takes_its_course_and_deadlines_from_the_case(make_plan):
    case = Case.open(make_plan("C0", "C1"), who="王敏", at=AT).move("C0", "done", who="王敏", at=AT)
    text = draft("lawyer_brief", given(case=case, platform=None)).text
    assert "- 2026-11-02 09:00　王敏：步骤C0（已完成）" in text
    assert "- 2026-11-02 11:00　步骤C1" in text
    assert "**平台**：小红书" in text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("我们是全网第一的护肤品牌", "absolute-terms"),
        ("产品最安全", "absolute-terms"),
        ("我们保证全额退款", "promise"),
        ("产品100%安全", "promise"),
        ("绝不再发生", "promise"),
        ("请加微信详聊", "off-platform"),
        ("vx: ruimi888", "off-platform"),
        ("请拨打13800138000", "private_contact"),
        ("删除笔记后我们马上退款", "gag"),
        ("退款可以，但请您不要再投诉", "gag"),
        ("好评返现5元", "bought-praise"),
        ("送您小礼物，麻烦给个五星", "GR-02"),
        ("这是水军所为", "label_person"),
        ("竞争对手指使的抹黑", "label_person"),
        ("属于正常排毒", "deny_harm"),
    ],
)
def test_what_must_not_go_out_is_refused_with_a_remedy(text, rule):
    with pytest.raises(DataError) as caught:
        draft("public_reply", given(fill={"done": text}))
    problem = next(p for p in caught.value.problems if p.key == rule)
    assert problem.where == "public_reply.done"
    assert "：" in problem.what


@pytest.mark.parametrize(
    "text",
    [
        "最近我们第一时间核对了订单",
        "已在11月3日退回您支付的货款",
        "最晚明天18:00前答复",
        "已删除我们自己发布的不当回复",
        "请通过小红书私信联系",
        "第一次收到这样的反馈",
    ],
)
def test_plain_words_pass(text):
    assert check_wording(text) == ()


def test_a_letter_to_the_platform_may_quote_what_was_wrong():
    assert "全网第一" in draft("rectification", given(fill={"breach": "标题写了“全网第一”“100%有效”"})).text


def test_a_holding_statement_is_short():
    with pytest.raises(DataError, match="at most 120"):
        draft("holding", given(fill={"checking": "核查" * 60}))
    words = {"about": "几位顾客反馈过敏", "affected": "不适的顾客", "checking": "核查该批次", "when": "今日18:00", "channel": "小红书私信"}
    short = draft("holding", given(fill=words))
    assert short.gaps == ()
    assert len(re.sub(r"\s", "", short.text)) <= 120


def test_unknown_kinds_and_fields_are_named():
    with pytest.raises(UnknownNameError, match="did you mean 'appeal'"):
        draft("apeal", given())
    with pytest.raises(UnknownNameError, match="did you mean 'done'"):
        draft("public_reply", given(fill={"don": "x"}))


def test_a_company_may_bring_its_own_skeletons(tmp_path):
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "thanks.toml").write_text(
        'id = "thanks"\ntitle = { zh = "致谢", en = "Thanks" }\npurpose = { zh = "致谢", en = "Thanks" }\naudience = "everyone"\n'
        'body = "谢谢{who}。{brand}"\n[[field]]\nname = "who"\ntitle = { zh = "谁", en = "who" }\n',
        "utf-8",
    )
    own = {**skeletons(), **load_skeletons(tmp_path)}
    assert draft("thanks", given(fill={"who": "各位"}), known=own).text == "谢谢各位。芮弥\n"
    with pytest.raises(DataError, match="加微信"):
        draft("thanks", given(fill={"who": "加微信"}), known=own)
    assert load_skeletons(tmp_path / "none") == {}
    (tmp_path / "drafts" / "bad.toml").write_text('id = "x"\n', "utf-8")
    with pytest.raises(DataError, match=r"bad\.toml:1"):
        load_skeletons(tmp_path)


def test_every_rule_of_wording_is_dated_data_with_a_remedy():
    assert set(_wording().red_lines) <= set(RedLines.default().by_id)
    assert set(_wording().guards) <= set(Guards.default().by_id)
    assert all(rule.instead.zh and rule.find for rule in wording_rules())


def test_a_cell_cannot_break_the_table():
    assert table(("a", "b"), [("x|y", "1\n2")]).splitlines()[2] == "| x／y | 1 2 |"
    assert table(("a",), []) == ""
    assert plain_text("# 甲\n\n**乙**：丙\n\n| 名 | 值 |\n| --- | --- |\n| 一 | 二 |\n") == "甲\n\n乙：丙\n\n名：一；值：二\n"


def test_word_documents_have_chinese_fonts_and_tables(tmp_path):
    docx = pytest.importorskip("docx")
    draft("infringement_notice", given(evidence=(ITEM,))).docx(tmp_path / "n.docx")
    document = docx.Document(str(tmp_path / "n.docx"))
    assert document.paragraphs[0].text == "侵权通知书"
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["序号", "网址", "发布者", "发布时间", "内容", "证据号"]
    styles = zipfile.ZipFile(tmp_path / "n.docx").read("word/styles.xml").decode()
    fonts = re.findall(r'w:eastAsia="([^"]+)"', styles)
    assert {"宋体", "黑体"} <= set(fonts)
