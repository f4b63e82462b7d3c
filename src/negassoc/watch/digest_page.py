"""A digest as a page of Markdown, in Chinese and English, safe to paste into a document or a chat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from negassoc.classify import FOUR_TYPES, AssociationType, Grade
from negassoc.platform import platform_title
from negassoc.playbooks.playbook import Playbooks
from negassoc.text.legible import legible, starred
from negassoc.times import BEIJING
from negassoc.watch.alerts import address, quotable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from negassoc.watch.digest import Digest
    from negassoc.watch.ledger import StoredMention

_MARKUP: Final = re.compile(r"([\\`*_\[\]|#~])")
_HTML: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SHOWN_TYPES: Final = (
    AssociationType.CUSTOMER_COMPLAINT, AssociationType.OWN_VIOLATION, AssociationType.ALGORITHM_MISJUDGMENT,
    AssociationType.MALICIOUS_ATTACK, AssociationType.UNDETERMINED, AssociationType.NONE,
)  # fmt: skip
_ADVICE: Final = {
    AssociationType.CUSTOMER_COMPLAINT: (
        "逐条核实，先公开回应，再在平台内私信沟通细节并给出处理结果",
        "check each one, answer in public first, then settle the details in private messages",
    ),
    AssociationType.OWN_VIOLATION: ("对照平台通知整改，留意申诉时限", "rectify what the notice names, and mind the window for appeal"),
    AssociationType.ALGORITHM_MISJUDGMENT: ("准备主体证明，提交消歧或申诉", "prepare the proof of identity and appeal to be told apart"),
    AssociationType.MALICIOUS_ATTACK: ("先固定证据，经法务核实后再举报或投诉", "secure evidence first; report only after legal review"),
    AssociationType.UNDETERMINED: ("需要人工研判，先补齐缺少的事实", "needs a person's judgement: find out the missing facts first"),
}  # fmt: skip


def page(digest: Digest, lang: str) -> str:
    """The whole page; `lang` is `"zh"` or `"en"`."""
    zh = lang != "en"
    first, last = digest.days[0].date, digest.days[-1].date
    title = f"# {_safe(digest.name)} 舆情周报 {first} 至 {last}" if zh else f"# {_safe(digest.name)}: week of {first} to {last}"
    sections: Sequence[tuple[str, str, Callable[[Digest, bool], Iterator[str]]]] = (
        ("一、发现", "1. Found", _found), ("二、类型", "2. Types", _types), ("三、等级", "3. Grades", _grades),
        ("四、趋势", "4. Trend", _trend), ("五、待办", "5. To do", _todo), ("六、下周", "6. Next week", _next_week),
    )  # fmt: skip
    lines = [title]
    for heading_zh, heading_en, section in sections:
        lines += ["", f"## {heading_zh if zh else heading_en}", "", *section(digest, zh)]
    return "\n".join(lines) + "\n"


def _found(digest: Digest, zh: bool) -> Iterator[str]:
    if not digest.total:
        yield (
            "本周没有收录到任何提及。这不等于没有人提到：请检查采集来源是否正常。"
            if zh
            else "Nothing was collected this week. That does not mean nothing was said: check that the sources work."
        )
        return
    sizes = digest.by_platform().items()
    where = ("、" if zh else ", ").join(f"{_safe(platform_title(name, 'zh' if zh else 'en'))} {count}" for name, count in sizes)
    if zh:
        yield f"- 本周发布 {digest.total} 条（{where}），其中负面 {digest.negative} 条{_compared(digest, zh)}。"
        if digest.undated:
            yield f"- 其中 {digest.undated} 条发布时间不明，按首次看到的时间计入。"
        yield f"- 本周首次看到 {digest.first_seen} 条，发现内容被改动 {digest.edited} 条。"
        if digest.not_seen:
            yield f"- {digest.not_seen} 条在完整来源里不再显示（可能删除、隐藏或设为私密，不能据此认定已删除）。"
    else:
        yield f"- {digest.total} published this week ({where}), {digest.negative} of them negative{_compared(digest, zh)}."
        if digest.undated:
            yield f"- It is not known when {digest.undated} of them were published: they count by when they were first seen."
        yield f"- {digest.first_seen} seen for the first time, {digest.edited} found to have been edited."
        if digest.not_seen:
            yield f"- {digest.not_seen} no longer shown by a source that shows everything (removed, hidden or private: not known which)."
    if digest.top:
        yield f"- {'最需要关注的内容' if zh else 'What needs attention most'}{'：' if zh else ':'}"
        yield from (f"  {n}. {_line(one, zh)}" for n, one in enumerate(digest.top, 1))


def _compared(digest: Digest, zh: bool) -> str:
    if not digest.known_before:
        return "（此前没有数据可比）" if zh else " (nothing earlier to compare with)"
    before = digest.of_type_before(*FOUR_TYPES)
    return f"（上周 {before} 条）" if zh else f" (week before: {before})"


def _types(digest: Digest, zh: bool) -> Iterator[str]:
    counts = [(kind, digest.of_type(kind), digest.of_type_before(kind)) for kind in _SHOWN_TYPES]
    rows = [[kind.words.zh if zh else kind.words.en, now, _or_dash(before)] for kind, now, before in counts if now or before]
    yield from _table(["类型", "本周", "上周"] if zh else ["Type", "This week", "Week before"], rows) if rows else [_none(zh)]


def _grades(digest: Digest, zh: bool) -> Iterator[str]:
    rows = [[grade.value, digest.of_grade(grade), _or_dash(digest.of_grade_before(grade))] for grade in Grade]
    yield from _table(["等级", "本周负面", "上周负面"] if zh else ["Grade", "Negative this week", "Week before"], rows)


def _or_dash(count: int | None) -> int | str:
    return "—" if count is None else count


def _trend(digest: Digest, zh: bool) -> Iterator[str]:
    if digest.known_before and (change := digest.negative - (digest.of_type_before(*FOUR_TYPES) or 0)):
        more = change > 0
        yield (
            f"负面提及比上周{'增加' if more else '减少'} {abs(change)} 条。" if zh else
            f"{abs(change)} {'more' if more else 'fewer'} negative mentions than the week before."
        )  # fmt: skip
        yield ""
    rows = [[f"{day.date:%m-%d}", _or_dash(day.all), _or_dash(day.negative)] for day in digest.days]
    yield from _table(["日期", "全部提及", "其中负面"] if zh else ["Day", "All", "Negative"], rows)
    if digest.alerts:
        yield ""
        yield f"{'本周预警' if zh else 'Alerts this week'}{'：' if zh else ':'}"
        yield from (f"- {_clock(alert.at)} {_safe(alert.title.zh if zh else alert.title.en)}" for alert in digest.alerts)


def _todo(digest: Digest, zh: bool) -> Iterator[str]:
    late = [one for one in digest.deadlines if one.due_at < digest.made_at]
    for one in late:
        title = _safe(one.title.zh if zh else one.title.en)
        yield f"- [ ] **已超时** {title}（应于 {_clock(one.due_at)} 完成，案件 {one.case}）" if zh else (
            f"- [ ] **overdue** {title} (was due {_clock(one.due_at)}, case {one.case})"
        )  # fmt: skip
    advised = [kind for kind in _SHOWN_TYPES if kind in _ADVICE and digest.of_type(kind)]
    for kind in advised:
        count, advice = digest.of_type(kind), _ADVICE[kind][0 if zh else 1]
        yield f"- [ ] {kind.words.zh} {count} 条：{advice}" if zh else f"- [ ] {count} × {kind.words.en}: {advice}"
    if not late and not advised:
        yield _none(zh)


def _next_week(digest: Digest, zh: bool) -> Iterator[str]:
    coming = [one for one in digest.deadlines if one.due_at >= digest.made_at]
    for one in coming:
        title = _safe(one.title.zh if zh else one.title.en)
        yield f"- {_clock(one.due_at)} 前：{title}（案件 {one.case}）" if zh else f"- by {_clock(one.due_at)}: {title} (case {one.case})"
    daily = dict.fromkeys(due.task.title.of("zh" if zh else "en") for due in digest.tasks if due.task.every == "day")
    if daily:
        yield f"- {'每天：' if zh else 'Daily: '}{('；' if zh else '; ').join(daily)}"
    for due in digest.tasks:
        if due.task.every != "day":
            role = Playbooks.default().role_title(due.task.role).of("zh" if zh else "en")
            words = due.task.title.of("zh" if zh else "en")
            yield f"- {_clock(due.at)} {words}（{role}）" if zh else f"- {_clock(due.at)} {words} ({role})"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join(['---', *['---:'] * (len(head) - 1)])} |"
    yield from (f"| {' | '.join(map(str, row))} |" for row in rows)


def _line(one: StoredMention, zh: bool) -> str:
    lang, nickname = "zh" if zh else "en", one.mention.author.nickname
    parts = platform_title(one.mention.platform, lang), starred(nickname) if nickname else None, _when(one, zh)
    place = _safe(" ".join(filter(None, parts)))
    link = f" <{url}>" if (url := address(one)) else ""
    return f"**{one.grade or '—'}** {one.type.words.of(lang)}｜{place}{'：' if zh else ': '}{_safe(quotable(one))}{link}"


def _when(one: StoredMention, zh: bool) -> str:
    """When it was published; the time of the first sight is never passed off as that."""
    if one.mention.published_at:
        return _clock(one.mention.published_at)
    return f"发布时间不明，{_clock(one.first_seen_at)} 首次看到" if zh else f"date unknown, first seen {_clock(one.first_seen_at)}"


def _safe(text: str) -> str:
    """A stranger's words as plain text in Markdown: no tag, no link, no emphasis, one line."""
    line = " ".join(legible(text).split())
    return _MARKUP.sub(r"\\\1", "".join(_HTML.get(sign, sign) for sign in line))


def _clock(at: dt.datetime) -> str:
    return at.astimezone(BEIJING).strftime("%m-%d %H:%M")


def _none(zh: bool) -> str:
    return "无" if zh else "none"
