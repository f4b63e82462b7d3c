"""A case as a Markdown checklist: where it stands, what comes next, every step with its state, and who did what when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from negassoc.cases import STAGES, Stage, State
from negassoc.platform import platform_title
from negassoc.playbooks import beijing
from negassoc.records import Title
from negassoc.report.phrases import subject
from negassoc.report.tables import markdown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negassoc.cases import Case, LogEntry, Task

_MENTIONS = 10  # ids shown above the steps
_W: Final = {
    "case": Title("案件", "Case"), "stage": Title("走到哪一步", "Stage"), "opened": Title("开案时间", "Opened"),
    "grade": Title("等级", "Grade"), "about": Title("针对", "About"),
    "next": Title("现在可以做的", "What can be done now"), "overdue": Title("已过时限", "Overdue"), "by": Title("最晚", "By"),
    "who": Title("谁来做", "Who"), "where": Title("在哪里", "Where"), "with": Title("准备什么", "With what"),
    "done": Title("做到什么算完成", "Done when"), "failed": Title("做不成怎么办", "If it fails"), "dont": Title("不要", "Never"),
    "if": Title("遇到这种情况才做", "Only if"), "why": Title("原因", "Reason"), "tried": Title("已试", "Tried"),
    "answer": Title("平台答复期限", "Answer due"),
    "limit": Title("次数与期限", "Attempts and window"), "then": Title("已转给", "Handed to"), "log": Title("处理记录", "Log"),
    "nothing": Title("没有可以马上做的：有步骤在等前面的步骤或等平台答复", "Nothing: steps wait for others or for the platform"),
    "enter": Title("本阶段的步骤都处理完了，可以进入“{stage}”", "Everything of this stage is settled: go on to '{stage}'"),
    "evidence": Title("证据", "evidence"), "ticket": Title("受理编号", "ticket"), "times": Title("第 {n} 次", "attempt {n}"),
    "again": Title("上次未成功：补新证据再试，或转给下一步", "failed: try again with new evidence, or hand it on"),
    "before": Title("{at} 前", "until {at}"), "most": Title("最多 {n} 次", "at most {n}"),
    "note": Title("供内部工作使用，不是法律意见。时间均为北京时间。", "For internal work; not legal advice. All times are Beijing time."),
}  # fmt: skip
_VERBS: Final = {
    "opened": Title("开案", "opened"), "moved": Title("更新步骤", "moved"), "entered": Title("进入阶段", "entered"),
    "added": Title("新增步骤", "added"), "escalated": Title("转交", "escalated"), "replanned": Title("方案变更", "replanned"),
    "limited": Title("登记次数与期限", "limited"), "assigned": Title("指派", "assigned"),
}  # fmt: skip


def case_markdown(case: Case, *, at: dt.datetime | None = None, lang: str = "zh") -> str:
    """The whole case as Markdown in Chinese (`"zh"`) or English (`"en"`), as it stands at `at` (now unless given)."""
    return "\n".join(_CaseFile(case, at or dt.datetime.now(dt.UTC), lang).lines()).rstrip() + "\n"


def last_entry(case: Case, lang: str) -> str:
    """What was done last, as the checklist shows it."""
    return _CaseFile(case, dt.datetime.now(dt.UTC), lang).entry(case.log[-1])


class _CaseFile:
    def __init__(self, case: Case, at: dt.datetime, lang: str) -> None:
        self.case, self.at, self.lang = case, at, lang
        self.late = {task.id for task in case.overdue(at)}

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield from self._next()
        for stage in Stage:
            tasks = [task for task in self.case if task.stage is stage]
            if tasks:
                yield from ["", f"## {stage.words.of(self.lang)}", ""]
                yield from (line for task in tasks for line in self._task(task))
        yield from ["", f"## {self._w('log')}", ""]
        yield from (self._entry(entry) for entry in self.case.log)

    def _head(self) -> Iterator[str]:
        plan, lang = self.case.plan, self.lang
        types = (" ＋ " if lang == "zh" else " + ").join(kind.words.of(lang) for kind in (plan.type, *plan.also))
        stages = " → ".join(f"**{s.words.of(lang)}**" if s is self.case.stage else s.words.of(lang) for s in Stage)
        yield f"# {self._w('case')} {self.case.id} · {markdown_text(plan.brand.name)} · {types}"
        yield ""
        yield f"- {self._label('stage')}{stages}"
        yield f"- {self._label('grade')}{plan.grade.value} · {platform_title(plan.platform, lang)}"
        if about := subject(plan, lang, _MENTIONS):
            yield f"- {self._label('about')}{markdown_text(about)}"
        yield f"- {self._label('opened')}{beijing(self.case.opened_at, lang)}"
        yield from ["", f"> {self._w('note')}"]

    def _next(self) -> Iterator[str]:
        yield from ["", f"## {self._w('next')}", ""]
        ready = sorted(self.case.next(self.at), key=lambda task: (task.deadline_at is None, task.deadline_at or self.at))
        for task in ready:
            due = f" — {self._due(task)}" if task.deadline_at else ""
            yield f"- {task.id} {self._text(task.title)}{self._mark(task)}{due}"
        if not self.case.unsettled() and (ahead := [s for s in STAGES[self.case.stage] if s.rank > self.case.stage.rank]):
            yield f"- **{self._w('enter').format(stage=ahead[0].words.of(self.lang))}**"
        elif not ready:
            yield self._w("nothing")

    def _mark(self, task: Task) -> str:
        if task.state is State.FAILED:
            return f" · {self._w('again')}"
        if task.state is not State.NOT_STARTED:
            return f" · {task.state.words.of(self.lang)}"
        return markdown_text(task.action.case.of(self.lang))

    def _task(self, task: Task) -> Iterator[str]:
        box = "x" if not task.state.open else " "
        state = "" if task.state in {State.NOT_STARTED, State.DONE} else f" · {task.state.words.of(self.lang)}"
        yield f"- [{box}] **{task.id} {self._text(task.title)}**{state}"
        if task.why:
            yield f"  - {self._label('why')}{markdown_text(task.why)}"
        yield from (f"  - {line}" for line in self._tries(task))
        if not task.settled:
            yield from (f"  - {self._label(name)}{text}" for name, text in self._details(task).items() if text)

    def _details(self, task: Task) -> dict[str, str]:
        action = task.action
        who = task.assignee or (action.role_title or Title(action.role, action.role)).of(self.lang)
        return {
            "if": self._text(action.only_if), "by": self._due(task) if task.deadline_at else self._text(action.due_basis),
            "who": markdown_text(who), "where": self._text(action.channel), "with": self._list(action.materials),
            "done": self._text(action.done_when), "failed": self._text(action.if_failed), "dont": self._list(action.never),
        }  # fmt: skip

    def _tries(self, task: Task) -> Iterator[str]:
        for attempt in task.attempts if len(task.attempts) > 1 or task.state in {State.WAITING, State.FAILED} else ():
            parts = [self._w("times").format(n=attempt.number), beijing(attempt.started_at, self.lang)]
            parts += [attempt.outcome.words.of(self.lang)] if attempt.outcome else []
            parts += [f"{self._w('ticket')} {attempt.ticket}"] if attempt.ticket else []
            parts += [f"{self._w('evidence')} {'、'.join(attempt.evidence)}"] if attempt.evidence else []
            parts += [attempt.why] if attempt.why else []
            yield f"{self._label('tried')}{markdown_text(' · '.join(parts))}"
        if limit := task.limit:
            ends = self._w("before").format(at=beijing(limit.window_ends_at, self.lang)) if limit.window_ends_at else None
            most = self._w("most").format(n=limit.max_attempts) if limit.max_attempts else None
            yield f"{self._label('limit')}{'，'.join(filter(None, (most, ends)))}"
        if task.followed_by:
            yield f"{self._label('then')}{task.followed_by}"

    def _due(self, task: Task) -> str:
        if task.deadline_at is None:
            return ""
        waiting = f"{self._w('answer')} " if task.state is State.WAITING else ""
        return waiting + beijing(task.deadline_at, self.lang) + (f" **{self._w('overdue')}**" if task.id in self.late else "")

    def _entry(self, entry: LogEntry) -> str:
        return f"- {markdown_text(self.entry(entry))}"

    def entry(self, entry: LogEntry) -> str:
        """One line of the log in words."""
        names: dict[str, str] = {state.value: state.words.of(self.lang) for state in (*State, *Stage)}
        old = names.get(entry.old, entry.old) if entry.old else ""
        change = f"{old} → {names.get(entry.new, entry.new)}".strip() if entry.new else ""
        verb = _VERBS[entry.what].of(self.lang) if entry.what in _VERBS else entry.what
        title = next((task.title.of(self.lang) for task in self.case if task.id == entry.target), None)
        step = f"{verb} {entry.target} {title}" if title else verb
        parts = [entry.who, step, change, entry.why or ""]
        return f"{beijing(entry.at, self.lang)} {' · '.join(filter(None, parts))}"

    def _label(self, word: str) -> str:
        return self._w(word) + ("：" if self.lang == "zh" else ": ")

    def _w(self, word: str) -> str:
        return _W[word].of(self.lang)

    def _list(self, titles: Iterable[Title]) -> str:
        return ("；" if self.lang == "zh" else "; ").join(map(self._text, titles))

    def _text(self, title: Title | None) -> str:
        return markdown_text(title.of(self.lang)) if title else ""
