from __future__ import annotations

import datetime as dt

import attrs
import pytest

from negassoc.cases.evidence import CapturedAuthor, Claim, Evidence, EvidenceGrade
from negassoc.cases.filing import ReportPack, check_report, must_be_complete
from negassoc.errors import DataError

AT = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
FALSE = Claim(id="c1", text="全是假货", kind="fact", status="false", identifies_us=True, refuting=("E7",))
ITEM = Evidence(
    id="E1", captured_at=AT, capturer="王敏", witness="李雷", platform="xhs", object_type="note", grade=EvidenceGrade.E2, device="手机",
    url="https://www.xiaohongshu.com/explore/66aa", author=CapturedAuthor(nickname="猫", id="95", ip_location="浙江"), published_at=AT,
    transcription="她家全是假货", file="E1.mp4", sha256="ab" * 32, claims=(FALSE,),
)  # fmt: skip
WHOLE = ReportPack(
    statement="该笔记称我公司销售假货，经查验每批均有检测报告，与事实不符；发布后三日内浏览量上升，退单增加，请依法处理并告知处理结果和理由。",
    licence="licence.pdf", sealed=True, reporter="李律师", contact="13800138000", urls=(ITEM.url or "",), items=("E1",),
    guarantee="保证真实合法", guarantee_signed_by="王敏", guarantee_signed_on=dt.date(2026, 11, 2),
)  # fmt: skip


def gaps(pack=WHOLE, *items):
    return [(gap.material, gap.level) for gap in check_report(pack, items or (ITEM,))]


def test_a_complete_report_has_no_gap():
    assert gaps() == []
    must_be_complete(WHOLE, (ITEM,))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"statement": None}, ("statement", "missing")),
        ({"statement": "请删除"}, ("statement", "weak")),
        ({"licence": None}, ("identity", "missing")),
        ({"sealed": None}, ("identity", "weak")),
        ({"agent": True}, ("identity", "missing")),
        ({"reporter": None}, ("contact", "missing")),
        ({"contact": "前台"}, ("contact", "weak")),
        ({"guarantee": None}, ("guarantee", "missing")),
        ({"guarantee_signed_on": None}, ("guarantee", "weak")),
        ({"items": ("E1", "E2")}, ("evidence", "missing")),
        ({"urls": ("https://www.xiaohongshu.com/explore/66bb",)}, ("evidence", "missing")),
    ],
)
def test_each_material_is_checked(change, expected):
    assert expected in gaps(attrs.evolve(WHOLE, **change))


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"grade": EvidenceGrade.E1}, "weak"),
        ({"transcription": None}, "weak"),
        ({"claims": ()}, "missing"),
        ({"claims": (attrs.evolve(FALSE, kind="opinion", status="unknown"),)}, "missing"),
        ({"claims": (FALSE, attrs.evolve(FALSE, id="c2", status="true"))}, "missing"),
        ({"claims": (FALSE, attrs.evolve(FALSE, id="c2", status="partly"))}, "missing"),
        ({"claims": (attrs.evolve(FALSE, refuting=()),)}, "missing"),
        ({"claims": (attrs.evolve(FALSE, identifies_us=None),)}, "weak"),
    ],
)
def test_what_was_not_proved_false_is_not_reported(change, level):
    assert ("evidence", level) in gaps(WHOLE, attrs.evolve(ITEM, **change))


def test_a_home_page_is_no_location():
    assert ("location", "weak") in gaps(WHOLE, attrs.evolve(ITEM, url="https://www.xiaohongshu.com/"))


def test_an_incomplete_report_is_refused_with_all_it_lacks():
    with pytest.raises(DataError) as caught:
        must_be_complete(ReportPack(), ())
    assert {problem.key for problem in caught.value.problems} == {
        "statement", "identity", "contact", "location", "evidence", "guarantee",
    }  # fmt: skip
    assert "营业执照" in str(caught.value)


def test_a_pack_is_read_from_a_file(tmp_path):
    (tmp_path / "pack.toml").write_text('statement = "x"\nurls = ["https://a.example/b"]\nguarantee_signed_on = 2026-11-02\n', "utf-8")
    assert ReportPack.load(tmp_path / "pack.toml").guarantee_signed_on == dt.date(2026, 11, 2)
    (tmp_path / "bad.toml").write_text('statment = "x"\n', "utf-8")
    with pytest.raises(DataError, match=r"bad\.toml:1.*did you mean 'statement'"):
        ReportPack.load(tmp_path / "bad.toml")
