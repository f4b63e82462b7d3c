"""Is a report complete? The six materials of the 2023 norms (涉企侵权信息举报六项材料), checked before anything is filed."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from negassoc.cases.evidence import Claim, Evidence, EvidenceGrade, evidence_texts
from negassoc.errors import DataError, Problem
from negassoc.records import Title, load_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Level: TypeAlias = Literal["missing", "weak"]
_DIRECT = re.compile(r"https?://[^/\s]+/\S{3,}")
_REACHABLE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4}|[\w.+-]+@[\w-]+\.[\w.]+")
_STATEMENT = 50
"""Characters below which a statement can hardly name matter, reason and effect."""


@attrs.frozen(kw_only=True)
class ReportPack:
    """What is to be handed in. Papers (`licence`, `power_of_attorney`, …) are file names or evidence ids; None is "not there".

    `items` are the ids of the evidence on the works reported, `urls` their addresses. `agent` is True if somebody acts for the company.
    """

    statement: str | None = None
    licence: str | None = None
    sealed: bool | None = None
    agent: bool = False
    agent_id: str | None = None
    power_of_attorney: str | None = None
    reporter: str | None = None
    contact: str | None = None
    urls: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    guarantee: str | None = None
    guarantee_signed_by: str | None = None
    guarantee_signed_on: dt.date | None = None

    @classmethod
    def load(cls, path: str | Path) -> ReportPack:
        """Read a `pack.toml`; `DataError` with every mistake as `path:line`."""
        return load_toml(path, cls)


@attrs.frozen(kw_only=True)
class Gap:
    """Something wrong with one of the six materials: it is `missing` (do not file) or `weak` (expect a refusal), and how to mend it."""

    material: str
    level: Level
    what: Title
    get: Title

    def __str__(self) -> str:
        return f"{'缺' if self.level == 'missing' else '弱'}：{self.what.zh} → {self.get.zh}"


def check_report(pack: ReportPack, register: Iterable[Evidence]) -> tuple[Gap, ...]:
    """Every gap in a report against the register of evidence, in the order of the six materials; an empty tuple if it may be filed.

    >>> [gap.material for gap in check_report(ReportPack(), ()) if gap.level == "missing"]
    ['statement', 'identity', 'contact', 'location', 'evidence', 'guarantee']
    """
    known = {item.id: item for item in register}
    found = [*_statement(pack), *_identity(pack), *_contact(pack), *_location(pack, known), *_evidence(pack, known), *_guarantee(pack)]
    return tuple(found)


def must_be_complete(pack: ReportPack, register: Iterable[Evidence]) -> None:
    """`DataError` with every material that is missing; weak ones pass, and are yours to judge."""
    missing = [gap for gap in check_report(pack, register) if gap.level == "missing"]
    if missing:
        raise DataError(Problem(f"report: {gap.material}", str(gap), key=gap.material) for gap in missing)


def _gap(material: str, level: Level, zh: str, en: str) -> Gap:
    advice = next(each for each in evidence_texts().material if each.id == material)
    return Gap(material=material, level=level, what=Title(zh, en), get=advice.get)


def _statement(pack: ReportPack) -> Iterable[Gap]:
    text = (pack.statement or "").strip()
    if not text:
        yield _gap("statement", "missing", "没有书面举报材料", "no written report")
    elif len(text) < _STATEMENT or "【待填" in text:
        yield _gap("statement", "weak", "举报材料太短或还有待填处", "the report is very short or has gaps")


def _identity(pack: ReportPack) -> Iterable[Gap]:
    if not pack.licence:
        yield _gap("identity", "missing", "没有营业执照或身份证件", "no licence or ID")
    elif not pack.sealed:
        yield _gap("identity", "weak", "营业执照没有注明已加盖公章", "the licence is not stated to be sealed")
    if pack.agent and not (pack.agent_id and pack.power_of_attorney):
        yield _gap("identity", "missing", "代理人缺身份证件或授权委托书", "the agent's ID or power of attorney is missing")


def _contact(pack: ReportPack) -> Iterable[Gap]:
    if not (pack.reporter and pack.contact):
        yield _gap("contact", "missing", "没有举报人姓名或联系方式", "no name or contact of the reporter")
    elif not _REACHABLE.search(pack.contact):
        yield _gap("contact", "weak", "联系方式里没有电话或邮箱", "the contact has neither a phone number nor a mail address")


def _location(pack: ReportPack, known: Mapping[str, Evidence]) -> Iterable[Gap]:
    urls = (*pack.urls, *(known[name].url for name in pack.items if name in known and known[name].url))
    if not urls:
        yield _gap("location", "missing", "没有网址，也没有能定位的信息", "no address and nothing to find it by")
    for url in dict.fromkeys(url for url in urls if url and not _DIRECT.match(url)):
        yield _gap("location", "weak", f"{url} 不是具体作品的链接", f"{url} does not lead to one work")


def _evidence(pack: ReportPack, known: Mapping[str, Evidence]) -> Iterable[Gap]:
    if not pack.items:
        yield _gap("evidence", "missing", "没有任何证据编号", "no evidence is named")
    for name in pack.items:
        if name not in known:
            yield _gap("evidence", "missing", f"证据 {name} 不在登记表里", f"evidence {name} is not in the register")
        else:
            yield from _item(known[name])
    shown = {known[name].url for name in pack.items if name in known}
    for url in pack.urls:
        if url not in shown:
            yield _gap("evidence", "missing", f"{url} 没有对应的证据", f"no evidence shows {url}")


def _item(item: Evidence) -> Iterable[Gap]:
    if item.grade is EvidenceGrade.E1:
        yield _gap("evidence", "weak", f"{item.id} 只有截图（E1）", f"{item.id} is a mere screenshot (E1)")
    if absent := item.missing():
        yield _gap("evidence", "weak", f"{item.id} 登记不全：{'、'.join(absent)}", f"{item.id} lacks {', '.join(absent)}")
    untrue = [claim for claim in item.claims if claim.kind == "fact" and claim.status == "false"]
    if not untrue and not any(claim.kind == "insult" for claim in item.claims):
        words = f"{item.id} 没有一句查明不实的事实，不能举报", f"{item.id} has no fact proved false: do not report it"
        yield _gap("evidence", "missing", *words)
    for claim in item.claims:
        yield from _claim(item.id, claim)


def _claim(item: str, claim: Claim) -> Iterable[Gap]:
    if claim.kind == "fact" and claim.status in {"true", "partly"}:
        words = f"{item}/{claim.id} 属实或部分属实：按投诉处理", f"{item}/{claim.id} is true or partly so: treat it as a complaint"
        yield _gap("evidence", "missing", *words)
    if claim.kind == "fact" and claim.status == "false" and not claim.refuting:
        yield _gap("evidence", "missing", f"{item}/{claim.id} 没有反证", f"{item}/{claim.id} is not refuted by anything")
    if claim.kind != "opinion" and claim.identifies_us is not True:
        yield _gap("evidence", "weak", f"{item}/{claim.id} 没有说明怎样指向我们", f"{item}/{claim.id}: not shown to point to us")


def _guarantee(pack: ReportPack) -> Iterable[Gap]:
    if not pack.guarantee:
        yield _gap("guarantee", "missing", "没有真实合法的书面保证", "no written guarantee")
    elif not (pack.guarantee_signed_by and pack.guarantee_signed_on):
        yield _gap("guarantee", "weak", "保证书没有签名或日期", "the guarantee is not signed or dated")
