"""Drafts (文稿): what has to be written in a case, filled from what is known, with the gaps marked 【待填：…】.

A draft is a start for a person, never sent by a program. What we say of our own is checked for words that must not go out; what others
said is quoted with their personal data masked. Skeletons and wording rules are data in `data/drafts/`.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from negassoc.brand import Brand
from negassoc.cases.case import Case
from negassoc.cases.documents import plain_text, table, write_docx
from negassoc.cases.evidence import Claim, Evidence
from negassoc.cases.masking import mask
from negassoc.cases.moves import Stage, State
from negassoc.classify.red_lines import RedLines
from negassoc.errors import DataError, Problem, UnknownNameError
from negassoc.platform import platform_title
from negassoc.playbooks.guards import Guards
from negassoc.records import Json, Title, load_toml
from negassoc.text import Home
from negassoc.times import BEIJING

Audience: TypeAlias = Literal["everyone", "customer", "office"]
_DATA = Path(__file__).parent.parent / "data" / "drafts"
_SLOT = re.compile(r"\{(\w+)\}")
_WORDING = "wording"
_KIND = {"fact": "事实", "opinion": "观点", "insult": "侮辱"}
_STATUS = {"true": "属实", "false": "不实", "partly": "部分不实", "unknown": "待核实"}


@attrs.frozen(kw_only=True)
class DraftField:
    """Something a person fills in."""

    name: str
    title: Title


@attrs.frozen(kw_only=True)
class TradeWords:
    """What a skeleton says, and what to think of, for brands of these trades (ids of `data/trades.toml`); without trades for all others."""

    trades: tuple[str, ...] = ()
    words: Mapping[str, str] = attrs.field(hash=False)
    before_use: tuple[Title, ...] = ()


@attrs.frozen(kw_only=True)
class Skeleton:
    """One kind of draft: its words with `{slots}`, its fields, and what to think of `before_use`.

    `by_trade` fills slots in the words of the brand's trade; the first that fits counts.
    `audience` is who reads it (`office`: a platform, an authority, a lawyer); `max_chars` is the most that the filled text may have.
    """

    id: str
    title: Title
    purpose: Title
    audience: Audience
    max_chars: int | None = None
    before_use: tuple[Title, ...] = ()
    body: str
    field: tuple[DraftField, ...] = ()
    by_trade: tuple[TradeWords, ...] = ()

    def words_for(self, brand: Brand) -> TradeWords:
        """The words for a brand's trade; none where the skeleton has none for it."""
        trades = Home(brand, frozenset()).trades
        fitting = (one for one in self.by_trade if not one.trades or not trades.isdisjoint(one.trades))
        return next(fitting, TradeWords(words={}))


@attrs.frozen(kw_only=True)
class WordingRule:
    """Words that must not go out: patterns, to whom, and what to say `instead`."""

    id: str
    audiences: tuple[Audience, ...]
    title: Title
    find: tuple[str, ...]
    instead: Title


@attrs.frozen(kw_only=True)
class _WordingFile:
    checked_on: dt.date
    red_lines: tuple[str, ...]
    guards: tuple[str, ...]
    rule: tuple[WordingRule, ...]


@attrs.frozen(kw_only=True)
class DraftInput:
    """What a draft is filled from. `fill` gives the fields by name; `people` are names of private persons to mask.

    `case` gives the platform, the course of events and the deadlines; `contact` and `contact_name` are our own; `at` is the date written
    on it, now unless given.
    """

    brand: Brand
    platform: str | None = None
    case: Case | None = None
    evidence: tuple[Evidence, ...] = ()
    fill: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    people: tuple[str, ...] = ()
    contact_name: str | None = None
    contact: str | None = None
    at: dt.datetime | None = None


@attrs.frozen(kw_only=True)
class Draft:
    """A filled skeleton. `text` is Markdown; `gaps` is what is still to be filled, `asked` the same in words, `masked` the kinds of
    personal data taken out."""

    kind: str
    title: Title
    purpose: Title
    text: str
    gaps: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    before_use: tuple[Title, ...] = ()
    asked: tuple[str, ...] = ()

    def plain(self) -> str:
        """Without Markdown, for a form or a chat; a table becomes lines."""
        return plain_text(self.text)

    def docx(self, path: str | Path) -> None:
        """Write a Word document with Chinese fonts set; `MissingExtraError` without the extra `drafts`."""
        write_docx(path, self.text)

    def to_record(self) -> dict[str, Json]:
        """As `draft --json` prints it."""
        return {
            "kind": self.kind, "title": {"zh": self.title.zh, "en": self.title.en}, "text": self.text, "gaps": list(self.gaps),
            "masked": list(self.masked), "before_use": [{"zh": t.zh, "en": t.en} for t in self.before_use],
        }  # fmt: skip


@functools.cache
def skeletons() -> Mapping[str, Skeleton]:
    """The packaged kinds of draft, by id.

    >>> sorted(skeletons())[:3]
    ['appeal', 'feedback_invitation', 'holding']
    """
    return load_skeletons(_DATA.parent)


def load_skeletons(pack: str | Path) -> Mapping[str, Skeleton]:
    """The kinds of draft in a pack directory (`drafts/*.toml`), by id; none where there are none. `DataError` names path and line.

    Lay your own over the packaged ones: `{**skeletons(), **load_skeletons("our-rules")}`. What must not be said stays as packaged.
    """
    found = (load_toml(path, Skeleton) for path in sorted((Path(pack) / "drafts").glob("*.toml")) if path.stem != _WORDING)
    return {skeleton.id: skeleton for skeleton in found}


def wording_rules() -> tuple[WordingRule, ...]:
    """What our own words must not say, as packaged, besides the red lines and guards that hold for them."""
    return _wording().rule


@functools.cache
def _wording() -> _WordingFile:
    return load_toml(_DATA / f"{_WORDING}.toml", _WordingFile)


def draft(kind: str, given: DraftInput, *, known: Mapping[str, Skeleton] | None = None) -> Draft:
    """A draft of one kind (`appeal`, `rectification`, `infringement_notice`, `public_reply`, `holding`, `non_relation`,
    `feedback_invitation`, `lawyer_brief`, or one of `known`), filled as far as `given` goes.

    `UnknownNameError` for another kind or a field the kind does not have. `DataError` with every phrase we filled in that must not go out
    (absolute terms, promises, contact bait, a gag, a bribe, labels on people), with what to say instead, for a text that is too long, and
    for a notice against the author of a complaint.
    """
    skeleton = _skeleton(kind, known or skeletons())
    kind = skeleton.id
    slots = tuple(dict.fromkeys(_SLOT.findall(skeleton.body)))
    if unknown := sorted(given.fill.keys() - set(slots)):
        raise UnknownNameError(f"field of {kind}", unknown[0], sorted(slots))
    problems = [p for name, text in given.fill.items() for p in _forbidden(f"{kind}.{name}", text, skeleton.audience)]
    problems += _against_a_customer(kind, given.case)
    others, masked = _masked({**_course(given), **_tables(given.evidence), **given.fill}, given.people)
    trade = skeleton.words_for(given.brand)
    values = {**trade.words, **others, **_own(given)}
    text = _SLOT.sub(lambda slot: values.get(slot[1]) or _gap(slot[1], skeleton), skeleton.body).strip() + "\n"
    if skeleton.max_chars and (length := _length(text)) > skeleton.max_chars:
        problems.append(Problem(kind, f"{length} characters, at most {skeleton.max_chars}: shorten what you filled in"))
    if problems:
        raise DataError(problems)
    gaps = tuple(name for name in slots if not values.get(name))
    return Draft(
        kind=kind, title=skeleton.title, purpose=skeleton.purpose, text=text, gaps=gaps, masked=masked,
        before_use=(*skeleton.before_use, *trade.before_use),
        asked=tuple(_asked(name, skeleton) for name in gaps),
    )  # fmt: skip


def check_wording(text: str, *, audience: Audience = "everyone") -> tuple[Problem, ...]:
    """Everything in a text of ours that must not go out to that audience, each with what to say instead.

    >>> [problem.key for problem in check_wording("全国最好的面霜，加微信 ruimi888 详聊")]
    ['absolute-terms', 'off-platform']
    """
    return tuple(_forbidden("text", text, audience))


def _skeleton(kind: str, known: Mapping[str, Skeleton]) -> Skeleton:
    """By its id, or by the name that people have for it (公开回复)."""
    named = {one.title.zh.partition("（")[0]: one for one in known.values()}
    if found := known.get(kind) or named.get(kind):
        return found
    raise UnknownNameError("kind of draft", kind, known)


def _forbidden(where: str, text: str, audience: Audience) -> list[Problem]:
    problems = list[Problem]()
    for rule in _wording().rule:
        found = next((m for pattern in rule.find if (m := re.search(pattern, text))), None)
        if found and audience in rule.audiences:
            problems.append(Problem(where, f"“{found[0]}” 属于{rule.title.zh}，不能写：{rule.instead.zh}", key=rule.id))
    return problems if audience == "office" else [*problems, *_unlawful(where, text)]


def _unlawful(where: str, text: str) -> Iterator[Problem]:
    """What red lines and guards say of words of ours that customers or everybody will read; each word is named once."""
    crossed = [breach for breach in RedLines.default().check(text) if breach.red_line.id in _wording().red_lines]
    for breach in crossed:
        line = breach.red_line
        yield Problem(where, f"“{breach.quote}” 属于{line.title.zh}，不能写：{line.instead.zh}", key=line.id)
    guards, quoted = Guards.default(), [breach.quote for breach in crossed]
    for spoken in guards.review(text).guards:
        said = text[spoken.span.start : spoken.span.end]
        refuses = spoken.id in _wording().guards or guards.get(spoken.id).severity == "block"
        if refuses and not any(said in quote or quote in said for quote in quoted):
            yield Problem(where, f"“{said}” 不能写：{spoken.reason.zh}。可改为：{spoken.instead.zh}", key=spoken.id)


def _against_a_customer(kind: str, case: Case | None) -> list[Problem]:
    """A case with a complaint gets no notice, unless its plan itself has one (against others' false copies of it)."""
    if kind != "infringement_notice" or case is None or not case.is_complaint or any(task.action.kind == "report" for task in case):
        return []
    guard = Guards.default().get("GR-04")
    return [Problem(f"case {case.id}", f"{guard.id} {guard.reason.zh}。可改为：{guard.instead.zh}", key=guard.id)]


def _own(given: DraftInput) -> dict[str, str]:
    """What is ours, never masked: stated in `fill`, or known of the brand."""
    entity, platform = given.brand.legal_entity, given.platform or (given.case and given.case.plan.platform)
    accounts = [a for a in given.brand.official_accounts if platform is None or a.platform == platform]
    shown = "；".join(f"{a.nickname or ''}{f'（ID：{a.id}）' if a.id else ''}" for a in accounts)
    known = {
        "brand": given.brand.name, "company": entity and entity.name, "uscc": entity and entity.uscc, "address": entity and entity.address,
        "account": shown, "platform": platform and platform_title(platform), "contact_name": given.contact_name, "contact": given.contact,
        "date": _date(given.at or dt.datetime.now(dt.UTC)),
    }  # fmt: skip
    return {name: own for name, value in known.items() if (own := given.fill.get(name) or value)}


def _course(given: DraftInput) -> dict[str, str]:
    """What the case itself knows of the course of events."""
    if given.case is None:
        return {}
    settled = [task for task in given.case if task.state in {State.DONE, State.FAILED}]
    timed = sorted((task.deadline_at, task.title.zh) for task in given.case if task.deadline_at)
    return {
        "timeline": "\n".join(f"- {_time(e.at)}　{e.who}：{_event(given.case, e.target, e.new)}" for e in given.case.log),
        "so_far": "\n".join(f"- {task.title.zh}：{task.state.words.zh}{f'（{task.why}）' if task.why else ''}" for task in settled),
        "deadlines": "\n".join(f"- {_time(at)}　{title}" for at, title in timed),
    }


def _event(case: Case, target: str, new: str | None) -> str:
    title = next((task.title.zh for task in case if task.id == target), "本案")
    words = [str(state.words) for state in (*State, *Stage) if state.value == new]
    return f"{title}{f'（{words[0]}）' if words else ''}"


def _tables(items: tuple[Evidence, ...]) -> dict[str, str]:
    shown = [item for item in items if item.claims or item.url]
    links = [
        (str(n), i.url or _blank("网址"), i.author.nickname or _blank("发布者"), _time(i.published_at), _said(i), i.id)
        for n, i in enumerate(shown, 1)
    ]
    claims = [(item.id, claim) for item in items for claim in item.claims]
    untrue = [(name, claim) for name, claim in claims if claim.kind != "opinion" and claim.status == "false"]
    listed = [(i.id, i.object_type or "文件", i.grade.value, _time(i.captured_at), i.file or "—", (i.sha256 or "—")[:16]) for i in items]
    return {
        "links": table(("序号", "网址", "发布者", "发布时间", "内容", "证据号"), links),
        "claims": _claims(claims),
        "false_claims": _claims(untrue),
        "evidence_list": table(("编号", "类型", "取证方式", "取证时间", "文件", "SHA-256（前16位）"), listed),
    }


def _said(item: Evidence) -> str:
    return item.transcription or _blank("原文")


def _claims(claims: list[tuple[str, Claim]]) -> str:
    rows = [(id_, c.text, _KIND[c.kind], _STATUS[c.status], "、".join(c.refuting) or _blank("反证编号")) for id_, c in claims]
    return table(("证据号", "原话", "性质", "核实结果", "反证"), rows)


def _masked(values: Mapping[str, str], people: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    found = {name: mask(text, people) for name, text in values.items()}
    kinds = dict.fromkeys(kind for each in found.values() for kind in each.kinds)
    return {name: each.text for name, each in found.items()}, tuple(kinds)


def _gap(name: str, skeleton: Skeleton) -> str:
    return _blank(_asked(name, skeleton))


def _asked(name: str, skeleton: Skeleton) -> str:
    """What is to be filled in there, as the text itself says."""
    titles = {field.name: field.title.zh for field in skeleton.field}
    return titles.get(name) or _GAPS.get(name, name)


def _blank(what: str) -> str:
    return f"【待填：{what}】"


_GAPS = {
    "company": "公司全称", "uscc": "统一社会信用代码", "address": "注册地址", "account": "账号昵称和ID", "platform": "平台名称",
    "contact_name": "联系人姓名", "contact": "电话或邮箱", "links": "网址、发布者、时间、原文（先登记证据）",
    "claims": "逐句核实结果（先登记证据）", "false_claims": "已查明不实的事实，逐句列出（先登记证据并核实）",
    "evidence_list": "证据清单（先登记证据）",
}  # fmt: skip


def _date(moment: dt.datetime) -> str:
    day = moment.astimezone(BEIJING)
    return f"{day.year}年{day.month}月{day.day}日"


def _time(moment: dt.datetime | None) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}" if moment else _blank("时间")


def _length(text: str) -> int:
    return len(re.sub(r"【待填：[^】]*】|\s", "", text))
