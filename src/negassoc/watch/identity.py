"""Is it really us? Field by field, the brand against the company or account on which the negative thing hangs (主体消歧).

The answer is honest both ways. Another entity is shown by another credit code and at least two more fields that differ; then the table of
differences goes into the appeal. The same code, legal representative, phone, account or an affiliate is a real link: then nothing is to be
called a misjudgment, and the thing is to be mended or disclosed. Same-named companies and former names are likenesses, no links.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from negassoc.brand import Brand
from negassoc.errors import MissingExtraError
from negassoc.facts import Facts
from negassoc.records import Json, Title, structure, unstructure, without_nulls
from negassoc.watch.sounds import sound_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Agreement: TypeAlias = Literal["same", "similar", "different", "unknown"]
Verdict: TypeAlias = Literal["different", "same", "unclear"]

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LEAST_OTHER_FIELDS: Final = 2  # fields besides the code that must differ
_FORM: Final = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|分公司|公司|集团|旗舰店|专卖店|专营店|工作室|经营部|商行|官方|店)+$")
# The cities and provinces that company names begin with most; "市" or "省" after them is optional.
_REGION: Final = re.compile(
    r"^(?:(?:中国|北京|上海|天津|重庆|广州|深圳|杭州|南京|苏州|成都|武汉|西安|长沙|郑州|济南|青岛|厦门|福州|宁波|合肥|无锡|东莞|佛山|沈阳|大连|昆明|义乌|温州|金华"
    r"|浙江|江苏|广东|福建|山东|河南|河北|湖北|湖南|四川|安徽|江西|陕西|辽宁|吉林|黑龙江|云南|贵州|海南|广西|山西)[省市]?|[\u4e00-\u9fff]{2,3}?[省市区县])+"
)


@attrs.frozen(kw_only=True)
class Party:
    """One side of the comparison: what is known of a company or an account; nothing is required but a name.

    `affiliates` are companies it owns, is owned by or shares an owner with; `accounts` ids of platform accounts; `bio` what an account
    says of itself.
    """

    name: str
    former_names: tuple[str, ...] = ()
    uscc: str | None = None
    legal_representative: str | None = None
    shareholders: tuple[str, ...] = ()
    affiliates: tuple[str, ...] = ()
    address: str | None = None
    phones: tuple[str, ...] = ()
    industry: str | None = None
    city: str | None = None
    brands: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    bio: str | None = None

    @classmethod
    def of(cls, brand: Brand) -> Party:
        """What a brand file says of the company behind it."""
        entity = brand.legal_entity
        return cls(
            name=entity.name if entity else brand.name, uscc=entity.uscc if entity else None,
            legal_representative=entity.legal_representative if entity else None, address=entity.address if entity else None,
            industry=brand.industry, city=brand.city, brands=brand.names, bio=brand.about,
            accounts=tuple(account.id for account in brand.official_accounts if account.id),
        )  # fmt: skip

    @classmethod
    def from_record(cls, record: Mapping[str, object], *, where: str = "party") -> Party:
        """From plain data; `DataError` for an unknown key or a wrong type."""
        return structure(without_nulls(dict(record)), cls, where=where)


@attrs.frozen(kw_only=True)
class FieldComparison:
    """One line of the table: the field, both values as people read them (`""` if unknown), whether they agree, and a remark."""

    field: str
    title: Title
    ours: str
    theirs: str
    agreement: Agreement
    remark: Title | None = None


@attrs.frozen(kw_only=True)
class IdentityReport:
    """What the comparison shows.

    `verdict` is `different` (proven: another code and two more fields), `same` (the same entity, or a real link to it) or `unclear`.
    `links` are the fields that make the link real; `warnings` what to check before anybody relies on it.
    """

    ours: Party
    theirs: Party
    fields: tuple[FieldComparison, ...]
    verdict: Verdict
    links: tuple[FieldComparison, ...]
    warnings: tuple[Title, ...]

    def __str__(self) -> str:
        return f"{self.answer.zh}\n\n{self.table()}"

    @property
    def differences(self) -> tuple[FieldComparison, ...]:
        """The fields that differ."""
        return tuple(field for field in self.fields if field.agreement == "different")

    @property
    def facts(self) -> Facts:
        """For the classifier: `entity_mismatch` or `same_entity`, or nothing while it is unclear."""
        return {
            "different": Facts(entity_mismatch=True, same_entity=False), "same": Facts(entity_mismatch=False, same_entity=True),
            "unclear": Facts(),
        }[self.verdict]  # fmt: skip

    @property
    def answer(self) -> Title:
        """The honest answer, for people."""
        zh, en = "、".join(f.title.zh for f in self.links), ", ".join(f.title.en for f in self.links)
        if self.verdict == "same":
            return Title(
                f"关联真实存在（{zh}相同）：不能主张“误判”，应整改或如实说明。",
                f"The link is real (same {en}): it may not be called a misjudgment; rectify or disclose it.",
            )
        return _DIFFERENT if self.verdict == "different" else _UNCLEAR

    def table(self, lang: str = "zh") -> str:
        """The comparison as a Markdown table, to go into an appeal; `lang` is `"zh"` or `"en"`."""
        head = self.heading(lang)
        return "\n".join(_row(cells) for cells in (head, ("---",) * len(head), *self.rows(lang)))

    def heading(self, lang: str = "zh") -> tuple[str, ...]:
        """The columns of the table."""
        return ("字段", "我方", "对方", "对照结果", "说明") if lang == "zh" else ("Field", "Ours", "Theirs", "Result", "Remark")

    def rows(self, lang: str = "zh") -> list[tuple[str, ...]]:
        """The lines of the table: field, our value, theirs, result, remark."""
        return [
            (f.title.of(lang), f.ours, f.theirs, _AGREEMENT[f.agreement].of(lang), f.remark.of(lang) if f.remark else "")
            for f in self.fields
        ]

    def to_record(self) -> dict[str, Json]:
        """Plain JSON data."""
        return {
            "verdict": self.verdict, "answer": unstructure(self.answer), "fields": unstructure(self.fields),
            "links": [field.field for field in self.links], "warnings": unstructure(self.warnings), "facts": dict(self.facts.stated()),
        }  # fmt: skip

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import identity_html

        return identity_html(self)


def compare(brand: Brand | Party, other: Party) -> IdentityReport:
    """The brand (or its company) against `other`. `MissingExtraError` without the extra `identity`."""
    ours = Party.of(brand) if isinstance(brand, Brand) else brand
    fields = tuple(_compared(ours, other))
    links = tuple(f for f in fields if f.field in _LINKING and f.agreement == "same")
    code = next(f for f in fields if f.field == "uscc")
    others = [f for f in fields if f.agreement == "different" and f.field in _TELLING]
    proven = code.agreement == "different" and len(others) >= _LEAST_OTHER_FIELDS
    verdict: Verdict = "same" if links else "different" if proven else "unclear"
    warnings = tuple(_warnings(ours, other, fields))
    return IdentityReport(ours=ours, theirs=other, fields=fields, verdict=verdict, links=links, warnings=warnings)


def uscc_is_consistent(code: str) -> bool:
    """Whether a 统一社会信用代码 has 18 characters of the permitted alphabet and the right check character (GB 32100-2015).

    A wrong one is mistyped or forged; a right one may still belong to somebody else, so this is a warning and no proof.

    >>> uscc_is_consistent("91350100M000100Y43"), uscc_is_consistent("91350100M000100Y44")
    (True, False)
    """
    folded = _folded(code).upper()
    if len(folded) != 18 or any(c not in _ALPHABET for c in folded):
        return False
    total = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(folded[:17]))
    return _ALPHABET[(31 - total % 31) % 31] == folded[17]


def name_likeness(a: str, b: str) -> tuple[float, float]:
    """How alike two names are, by characters and by sound, each 0 to 1; company forms and regions are left aside.

    >>> name_likeness("杭州青芍集有限公司", "青勺集")[1]
    1.0
    """
    fuzz = _ratio()
    core_a, core_b = _core(a), _core(b)
    return round(fuzz(core_a, core_b) / 100, 3), round(fuzz(sound_of(core_a), sound_of(core_b)) / 100, 3)


def _compared(ours: Party, theirs: Party) -> Iterable[FieldComparison]:
    for field, title, compared in _FIELDS:
        mine, other = _shown(getattr(ours, field)), _shown(getattr(theirs, field))
        agreement, remark = compared(ours, theirs)
        yield FieldComparison(field=field, title=title, ours=mine, theirs=other, agreement=agreement, remark=remark)


def _names(ours: Party, theirs: Party) -> tuple[Agreement, Title | None]:
    if _folded(ours.name) == _folded(theirs.name):
        return "same", _SAME_NAME
    by_characters, by_sound = name_likeness(ours.name, theirs.name)
    sounds = [sound_of(_core(name)) for name in (*ours.brands, ours.name)]
    held = any(len(sound) > 1 and sound in sound_of(_core(theirs.name)) for sound in sounds)
    if held or by_characters >= 0.6 or by_sound >= 0.75:
        en = f"{by_characters:.0%} alike by characters, {by_sound:.0%} by sound"
        return "similar", Title(f"字形相似 {by_characters:.0%}，读音相似 {by_sound:.0%}", en)
    return "different", None


def _former(ours: Party, theirs: Party) -> tuple[Agreement, Title | None]:
    if not (ours.former_names or theirs.former_names):
        return "unknown", None
    shared = _common((ours.name, *ours.former_names), (theirs.name, *theirs.former_names), _folded)
    return ("same", _FORMER_NAME) if shared else ("different", None)


def _one(field: str, clean: Callable[[str], str]) -> Callable[[Party, Party], tuple[Agreement, Title | None]]:
    def compared(ours: Party, theirs: Party) -> tuple[Agreement, Title | None]:
        mine, other = getattr(ours, field), getattr(theirs, field)
        if not mine or not other:
            return "unknown", None
        return ("same" if clean(mine) == clean(other) else "different"), None

    return compared


def _many(field: str, clean: Callable[[str], str]) -> Callable[[Party, Party], tuple[Agreement, Title | None]]:
    def compared(ours: Party, theirs: Party) -> tuple[Agreement, Title | None]:
        mine, other = getattr(ours, field), getattr(theirs, field)
        if not mine or not other:
            return "unknown", None
        shared = _common(mine, other, clean)
        return ("same", Title(f"共有：{'、'.join(shared)}", f"in common: {', '.join(shared)}")) if shared else ("different", None)

    return compared


def _affiliation(ours: Party, theirs: Party) -> tuple[Agreement, Title | None]:
    """Affiliates count where one names the other, or both name a third."""
    shared = _common((ours.name, *ours.affiliates), (theirs.name, *theirs.affiliates), _folded)
    if _folded(ours.name) == _folded(theirs.name):
        shared = _common(ours.affiliates, theirs.affiliates, _folded)
    if shared:
        return "same", Title(f"共有：{'、'.join(shared)}", f"in common: {', '.join(shared)}")
    return ("different" if ours.affiliates and theirs.affiliates else "unknown"), None


def _loosely(field: str) -> Callable[[Party, Party], tuple[Agreement, Title | None]]:
    def compared(ours: Party, theirs: Party) -> tuple[Agreement, Title | None]:
        mine, other = getattr(ours, field), getattr(theirs, field)
        if not mine or not other:
            return "unknown", None
        a, b = _folded(mine), _folded(other)
        if a == b:
            return "same", None
        return ("similar" if _ratio()(a, b) >= 80 or a in b or b in a else "different"), None

    return compared


def _warnings(ours: Party, theirs: Party, fields: Iterable[FieldComparison]) -> Iterable[Title]:
    for side, party in ((Title("我方", "our"), ours), (Title("对方", "the other"), theirs)):
        if party.uscc and not uscc_is_consistent(party.uscc):
            yield Title(
                f"{side.zh}统一社会信用代码的位数或校验位不符，请核对是否抄错",
                f"{side.en} credit code fails its length or check character; see whether it was mistyped",
            )
    by_name = {field.field: field for field in fields}
    person, code = by_name["legal_representative"], by_name["uscc"]
    if person.agreement == "same" and code.agreement != "same":
        yield _NAMESAKE
    if by_name["address"].agreement == "same" and code.agreement != "same":
        yield _SHARED_ADDRESS


def _folded(text: str) -> str:
    return re.sub(r"[\s()（）·.,，。\-—_]", "", unicodedata.normalize("NFKC", text)).casefold()


def _core(name: str) -> str:
    bare = _FORM.sub("", re.sub(r"[（(][^（()）]*[)）]", "", unicodedata.normalize("NFKC", name).strip()))
    return _folded(_REGION.sub("", bare) or bare)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text).removeprefix("86")


def _common(ours: Iterable[str], theirs: Iterable[str], clean: Callable[[str], str]) -> list[str]:
    known = {cleaned for value in theirs if (cleaned := clean(value))}
    return [value for value in dict.fromkeys(ours) if clean(value) in known]


def _shown(value: object) -> str:
    return "、".join(value) if isinstance(value, tuple) else str(value or "")


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(re.sub(r"\s+", " ", cell).replace("\\", "\\\\").replace("|", "\\|") for cell in cells) + " |"


def _ratio() -> Callable[[str, str], float]:
    try:
        from rapidfuzz import fuzz
    except ImportError:
        raise MissingExtraError("identity", "comparing names") from None
    return fuzz.ratio


_LINKING: Final = frozenset({"uscc", "legal_representative", "shareholders", "affiliates", "phones", "accounts"})
_TELLING: Final = frozenset({"name", "legal_representative", "shareholders", "address", "phones", "industry"})
_FIELDS: Final[tuple[tuple[str, Title, Callable[[Party, Party], tuple[Agreement, Title | None]]], ...]] = (
    ("name", Title("名称", "name"), _names),
    ("former_names", Title("曾用名", "former names"), _former),
    ("uscc", Title("统一社会信用代码", "credit code"), _one("uscc", _folded)),
    ("legal_representative", Title("法定代表人", "legal representative"), _one("legal_representative", _folded)),
    ("shareholders", Title("股东", "shareholders"), _many("shareholders", _folded)),
    ("affiliates", Title("关联企业", "affiliates"), _affiliation),
    ("address", Title("地址", "address"), _loosely("address")),
    ("phones", Title("电话", "phone"), _many("phones", _digits)),
    ("industry", Title("行业", "trade"), _loosely("industry")),
    ("city", Title("所在城市", "city"), _loosely("city")),
    ("accounts", Title("平台账号", "platform account"), _many("accounts", str)),
    ("bio", Title("简介", "bio"), _loosely("bio")),
)
_AGREEMENT: Final = {
    "same": Title("相同", "same"), "similar": Title("相似", "similar"), "different": Title("不同", "different"),
    "unknown": Title("待查", "to be found out"),
}  # fmt: skip
_DIFFERENT: Final = Title(
    "主体不一致：统一社会信用代码不同，且至少另有两项不同，可据此申请解除错误关联。",
    "Another entity: the credit code and at least two more fields differ; ask for the wrong link to be removed on this ground.",
)
_UNCLEAR: Final = Title(
    "尚不能判定：请先在国家企业信用信息公示系统补齐待查字段（统一社会信用代码必填），再作结论。",
    "Not yet clear: complete the open fields from the public company register (the credit code above all) before concluding anything.",
)
_SAME_NAME: Final = Title("同名不等于同一主体，以代码为准", "the same name is not the same entity; the code decides")
_FORMER_NAME: Final = Title("现用名或曾用名相撞，常见的错误关联原因", "a present or former name collides: a common cause of wrong links")
_NAMESAKE: Final = Title(
    "法定代表人姓名相同：先按真实关联处理；若查实只是同名，请去掉该字段后重新对照",
    "the legal representatives bear the same name: treat it as a link; should they prove namesakes, leave the field out and compare again",
)
_SHARED_ADDRESS: Final = Title(
    "地址相同而代码不同：可能是同一园区或挂靠地址，也可能有关联，请核实",
    "the same address under another code: a shared park or registered seat, or a real link; find out",
)
