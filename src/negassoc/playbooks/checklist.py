"""A plan as a checklist in Markdown, to be worked through by people who have never programmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from negassoc.facts import fact_definitions
from negassoc.platform import platform_title
from negassoc.playbooks.due import beijing
from negassoc.playbooks.refusals import never_and_waiting
from negassoc.records import Title
from negassoc.times import BEIJING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from negassoc.playbooks.action import Action, Plan
    from negassoc.playbooks.refusals import Refusal

_W: Final = {
    "plan": Title("处置方案", "Action plan"),
    "grade": Title("等级", "Grade"),
    "made": Title("制定时间", "Made"),
    "serves": Title("涉及内容", "Mentions served"),
    "why_type": Title("为什么这样判断", "Why this type"),
    "suspected": Title(
        "目前只是“疑似”，需要进一步核实；对外不要下结论。", "So far only suspected; to be verified. Draw no conclusion in public."
    ),
    "not_advice": Title(
        "本方案供内部工作使用，不是法律意见；重大事项请律师把关。菜单位置可能改版，以 App 现场为准。",
        "For internal work; not legal advice. Have a lawyer look at grave matters. Menus change: what the app shows counts.",
    ),
    "nothing": Title("没有需要处置的事项。", "Nothing needs to be done."),
    "clock": Title("时间表", "Timetable"),
    "by": Title("最晚时间", "By"),
    "what": Title("做什么", "What"),
    "who": Title("谁来做", "Who"),
    "steps": Title("按顺序做", "In this order"),
    "cases": Title("遇到这些情况才做", "Only in these cases"),
    "waiting": Title("先别做：条件还不具备", "Not yet: conditions are missing"),
    "never": Title("任何时候都不能做", "Never"),
    "help": Title("配合", "with"),
    "where": Title("在哪里", "Where"),
    "with": Title("准备什么", "With what"),
    "look": Title("到哪里查", "Where to look"),
    "then": Title("查清以后", "What it changes"),
    "unclear": Title("查不清时", "If unclear"),
    "done": Title("做到什么算完成", "Done when"),
    "failed": Title("做不成怎么办", "If it fails"),
    "dont": Title("不要", "Never"),
    "reason": Title("为什么", "Why"),
    "basis": Title("依据", "Basis"),
    "before": Title("先完成", "First finish"),
    "needs": Title("动手前要具备", "Needed before you start"),
    "if": Title("什么时候做", "When"),
    "missing": Title("还缺", "Still needed"),
    "instead": Title("可以改做", "Instead"),
    "late": Title("已过时限，立即做", "overdue: do it now"),
    "duty": Title("值班", "on duty"),
    "open": Title("事情发生后再算", "counted from the event"),
    "next": Title("转到", "go to"),
    "later": Title("另有 {n} 步最晚时间更靠后或要等事情发生，见下文。", "{n} further steps are due later or wait for an event; see below."),
}
_FIRST: Final = 10
"""Rows of the timetable: what a person can take in before starting."""


def plan_markdown(plan: Plan, lang: str = "zh") -> str:
    """The plan as Markdown in `lang`."""
    return "\n".join(_Checklist(plan, lang).lines()).rstrip() + "\n"


class _Checklist:
    def __init__(self, plan: Plan, lang: str) -> None:
        self.plan, self.lang = plan, lang
        self.always = [action for action in plan if action.only_if is None]
        self.cases = [action for action in plan if action.only_if is not None]
        self.numbers = {action.id: number for number, action in enumerate(self.always, 1)}
        self.titles = {action.id: action.title.of(lang) for action in plan}

    def w(self, word: str) -> str:
        return _W[word].of(self.lang)

    def lines(self) -> Iterator[str]:
        yield from self._head()
        if not self.plan.actions:
            yield self.w("nothing")
            return
        yield from self._timetable()
        yield from ["", f"## {self.w('steps')}"]
        for action in self.always:
            yield from self._action(action, f"{self.numbers[action.id]}. ")
        if self.cases:
            yield from ["", f"## {self.w('cases')}"]
            for action in self.cases:
                yield from self._action(action, "")
        yield from self._refused()

    def _head(self) -> Iterator[str]:
        plan, lang = self.plan, self.lang
        types = (" ＋ " if lang == "zh" else " + ").join(t.words.of(lang) for t in (plan.type, *plan.also))
        yield f"# {self.w('plan')}{'：' if lang == 'zh' else ': '}{plan.brand.name} · {types}"
        yield ""
        yield f"- {self._label('grade')}{plan.grade.value} · {platform_title(plan.platform, lang)}"
        yield f"- {self._label('made')}{self._time(plan.now, year=True)}"
        if plan.mentions:
            count = f"{len(plan.mentions)} 条" if lang == "zh" else str(len(plan.mentions))
            yield f"- {self._label('serves')}{count} · {', '.join(_some(plan.mentions))}"
        if plan.reasons:
            yield f"- {self._label('why_type')}{_list(plan.reasons, lang)}"
        yield ""
        yield f"> {self.w('suspected') + ' ' if plan.suspected else ''}{self.w('not_advice')}"
        yield ""

    def _timetable(self) -> Iterator[str]:
        dated = sorted((a for a in self.always if a.due_at), key=lambda a: (a.due_at or self.plan.now, a.order))
        yield from [f"## {self.w('clock')}", "", f"| {self.w('by')} | {self.w('what')} | {self.w('who')} |", "|---|---|---|"]
        for action in dated[:_FIRST]:
            yield f"| {self._when(action)} | {self._numbered(action)} | {self._who(action)} |"
        if rest := len(self.plan.actions) - len(dated[:_FIRST]):
            yield from ["", self.w("later").format(n=rest)]

    def _action(self, action: Action, number: str) -> Iterator[str]:
        lang = self.lang
        yield from ["", f"### {number}{action.title.of(lang)}", ""]
        if action.kind == "find_out":
            yield from self._question(action)
            return
        if action.only_if:
            yield f"- [ ] **{self.w('if')}** {action.only_if.of(lang)}"
        box, dash = "" if action.only_if else "[ ] ", "—" if action.due_at else "·"
        yield f"- {box}**{self.w('by')}** {self._when(action)} {dash} {action.due_basis.of(lang)}"
        yield f"- **{self.w('who')}** {self._who(action)}"
        yield from self._items("where", action.channels)
        yield from self._items("with", action.materials)
        if before := [self.titles[name] for name in action.depends_on if name in self.titles]:
            yield f"- **{self.w('before')}** {_quoted(before, lang)}"
        if action.needs:
            needs = [fact_definitions()[name].title for name in action.needs]
            yield f"- **{self.w('needs')}** {_list(needs, lang)}"
        yield f"- **{self.w('done')}** {action.done_when.of(lang)}"
        yield f"- **{self.w('failed')}** {action.if_failed.of(lang)}{self._next(action)}"
        if action.never:
            yield f"- **{self.w('dont')}** {_list(action.never, lang)}"
        yield f"- {self.w('reason')}{'：' if lang == 'zh' else ': '}{action.why.of(lang)}"
        if laws := action.basis_en if lang == "en" and action.basis_en else action.basis:
            yield f"- {self.w('basis')}{'：' if lang == 'zh' else ': '}{('；' if lang == 'zh' else '; ').join(laws)}"

    def _question(self, action: Action) -> Iterator[str]:
        """A fact to find out: no more than is needed to answer it."""
        lang = self.lang
        yield f"- [ ] **{self.w('by')}** {self._when(action)} — {action.due_basis.of(lang)}"
        yield f"- **{self.w('who')}** {self._who(action)}"
        if action.channel:
            yield f"- **{self.w('look')}** {action.channel.of(lang)}"
        yield f"- **{self.w('then')}** {action.why.of(lang)}"
        yield f"- **{self.w('unclear')}** {action.if_failed.of(lang)}"

    def _items(self, word: str, titles: Sequence[Title]) -> Iterator[str]:
        """One on the line itself, several below it."""
        if len(titles) == 1:
            yield f"- **{self.w(word)}** {titles[0].of(self.lang)}"
        elif titles:
            yield f"- **{self.w(word)}**"
            yield from (f"  - {title.of(self.lang)}" for title in titles)

    def _refused(self) -> Iterator[str]:
        never, waiting = never_and_waiting(self.plan.blocked)
        for word, items in (("waiting", waiting), ("never", never)):
            if items:
                yield from ["", f"## {self.w(word)}", ""]
                yield from (line for item in items for line in self._blocked(item))

    def _blocked(self, item: Refusal) -> Iterator[str]:
        lang = self.lang
        yield f"- **{item.named(lang)}**{'：' if lang == 'zh' else ': '}{item.reason.of(lang)}"
        if item.missing:
            yield f"  - {self._label('missing')}{item.lacking(lang)}"
        yield f"  - {self._label('instead')}{item.instead.of(lang)}"

    def _label(self, word: str) -> str:
        return f"{self.w(word)}{'：' if self.lang == 'zh' else ': '}"

    def _numbered(self, action: Action) -> str:
        return f"{self.numbers[action.id]}. {action.title.of(self.lang)}".replace("|", "｜")

    def _who(self, action: Action) -> str:
        lead = (action.role_title or Title(action.role, action.role)).of(self.lang)
        if not action.helper_titles:
            return lead
        helpers = ("、" if self.lang == "zh" else ", ").join(title.of(self.lang) for title in action.helper_titles)
        return f"{lead}（{self.w('help')}：{helpers}）" if self.lang == "zh" else f"{lead} ({self.w('help')} {helpers})"

    def _when(self, action: Action) -> str:
        if action.due_at is None:
            return self.w("open")
        word = "late" if action.due_at < self.plan.now else "duty" if action.on_duty else ""
        if not word:
            return self._time(action.due_at)
        return self._time(action.due_at) + (f"（{self.w(word)}）" if self.lang == "zh" else f" ({self.w(word)})")

    def _time(self, at: dt.datetime, *, year: bool = False) -> str:
        words = beijing(at, self.lang)
        return f"{at.astimezone(BEIJING).year}年{words}（北京时间）" if year and self.lang == "zh" else words

    def _next(self, action: Action) -> str:
        title = self.titles.get(action.if_failed_next or "")
        if not title:
            return ""
        return f"（{self.w('next')}“{title}”）" if self.lang == "zh" else f" ({self.w('next')} '{title}')"


def _list(titles: Iterable[Title], lang: str) -> str:
    return ("；" if lang == "zh" else "; ").join(title.of(lang) for title in titles)


def _quoted(titles: Sequence[str], lang: str) -> str:
    return "".join(f"“{title}”" for title in titles) if lang == "zh" else ", ".join(f"'{title}'" for title in titles)


def _some(ids: Sequence[str], most: int = 6) -> list[str]:
    return [*(" ".join(name.split()) for name in ids[:most]), *(["…"] if len(ids) > most else [])]
