"""A scan for somebody with five minutes: the gravest in full, the rest in two lines each, and what is to be done within a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import attrs
from rich.table import Table
from rich.text import Text

from negassoc.classify import Grade
from negassoc.cli.drawing import either, heading, plain_table, shown, shown_time
from negassoc.cli.folding import Folded
from negassoc.cli.planviews import plan_title, show_both, step_words
from negassoc.cli.verdicts import ORDER, by_gravity, grade_mark, gravity, place, quoted, reasons, verdict_row, verdict_table
from negassoc.playbooks import Action
from negassoc.report.phrases import bracketed
from negassoc.text.legible import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from negassoc.classify import AssociationType, Classification
    from negassoc.playbooks import Plan, Refusal

GRAVEST, BRIEFLY = 4, 12
"""Of each type: how many P0 and P1 are shown in full, and how many more in brief."""
LISTED = 20
"""How many plans are named."""
AHEAD = dt.timedelta(days=1)
"""How far ahead the steps are listed."""
AT_LEAST = 5
"""How many steps are listed where none is due so soon."""
_EXCERPT, _GLIMPSE = 20, 14


@attrs.frozen
class Task:
    """A step, for the plans (by number) that have it, as it stands in the one that has it due first."""

    action: Action
    plans: tuple[int, ...]

    @property
    def due_at(self) -> dt.datetime:
        """By when; what has no time yet comes last."""
        return self.action.due_at or dt.datetime.max.replace(tzinfo=dt.UTC)


def show_verdicts(screen: Console, verdicts: Sequence[Classification], lang: str) -> None:
    """The verdicts, a table a type: the first of the gravest in full, of the others a glimpse and the strongest reason."""
    for kind in ORDER:
        if some := by_gravity(verdicts, kind):
            _show_type(screen, kind, some, lang)


def _show_type(screen: Console, kind: AssociationType, some: Sequence[Classification], lang: str) -> None:
    heading(screen, f"{kind.words.of(lang)} · {either(lang, f'{len(some)} 条', str(len(some)))}")
    table = verdict_table(lang)
    table.box = None
    whole = sum(verdict.grade in {Grade.P0, Grade.P1} for verdict in some[:GRAVEST])
    for verdict in some[:whole]:
        table.add_row(*verdict_row(verdict, lang))
        table.add_row()
    for verdict in some[whole : whole + BRIEFLY]:
        glimpse = Text(" ").join(quoted(verdict, lang, _EXCERPT, _EXCERPT // 2).split("\n"))
        where = Text("\n").join(place(verdict.mention, lang).split("\n")[:2])
        table.add_row(grade_mark(verdict.grade), *map(Folded, (where, glimpse, _strongest(verdict, lang))))
    screen.print(table)
    if (more := len(some) - whole - BRIEFLY) > 0:
        _aside(screen, f"另有 {more} 条", f"{more} more", lang)


def _strongest(verdict: Classification, lang: str) -> Text:
    """The first reason, and the other types that hold."""
    lines = reasons(verdict, lang, 1).split("\n")
    return Text("\n").join([lines[0], *(lines[-1:] if verdict.also else [])])


def show_plans(screen: Console, plans: Sequence[Plan], lang: str, verdicts: Iterable[Classification] = ()) -> None:
    """Which plans there are, and what is to be done within a day for which of them: late, to be found out first, everything else.

    Each is named with the gravest of the mentions it is for, where these are among the `verdicts`.
    """
    if plans:
        _name_plans(screen, plans, lang, verdicts)
        _show_due(screen, plans, lang)


def _name_plans(screen: Console, plans: Sequence[Plan], lang: str, verdicts: Iterable[Classification]) -> None:
    heading(screen, either(lang, f"处置方案 · {len(plans)} 个", f"Plans · {len(plans)}"))
    by_id = {verdict.mention.id: verdict for verdict in verdicts}
    for number, plan in enumerate(plans[:LISTED], 1):
        line = shown(either(lang, f" 方案 {number} · ", f" Plan {number} · ") + plan_title(plan, lang))
        line.append(shown(_glimpse([by_id[name] for name in plan.mentions if name in by_id]), "dim"))
        screen.print(line)
    if (more := len(plans) - LISTED) > 0:
        _aside(screen, f"另有 {more} 个", f"{more} more", lang)


def _show_due(screen: Console, plans: Sequence[Plan], lang: str) -> None:
    now, tasks = plans[0].now, tasks_of(plans)
    soon = [task for task in tasks if task.due_at <= now + AHEAD] or tasks[:AT_LEAST]
    late = [task for task in soon if task.due_at < now]
    first = [task for task in soon if task not in late and task.action.kind == "find_out"]
    rest = [task for task in soon if task not in late and task not in first]
    _show_tasks(screen, either(lang, "已超时，马上补做", "Overdue: do it now"), late, len(plans), lang)
    _show_tasks(screen, either(lang, "先查清 · 一天之内", "To find out first · within a day"), first, len(plans), lang)
    _show_tasks(screen, either(lang, "要做的 · 一天之内", "To do · within a day"), rest, len(plans), lang)
    if more := len(tasks) - len(soon):
        words = (
            f"另有 {more} 步更晚，或要等前面的结果，--full 列出",
            f"{more} more steps are due later, or wait; --full lists them",
        )
        screen.print(shown("      " + either(lang, *words), "dim"))


def _glimpse(verdicts: Sequence[Classification]) -> str:
    """How the gravest mention begins, by which it is found again above."""
    gravest = min(verdicts, key=gravity, default=None)
    return f" · {cut(gravest.mention.title or gravest.mention.text, _GLIMPSE)}" if gravest else ""


def tasks_of(plans: Sequence[Plan]) -> list[Task]:
    """The steps of all plans, each once, what is due first in front."""
    groups: dict[tuple[str, str], dict[int, Action]] = {}
    for number, plan in enumerate(plans, 1):
        for action in plan:
            groups.setdefault((action.titled("zh"), action.role), {}).setdefault(number, action)
    tasks = [Task(_soonest(group.values()), tuple(group)) for group in groups.values()]
    return sorted(tasks, key=lambda task: (task.due_at, task.action.order))


def _soonest(actions: Iterable[Action]) -> Action:
    return min(actions, key=lambda action: action.due_at.timestamp() if action.due_at else float("inf"))


def _show_tasks(screen: Console, title: str, tasks: Sequence[Task], count: int, lang: str) -> None:
    if not tasks:
        return
    heading(screen, title)
    table = plain_table()
    table.box = None
    table.add_column(either(lang, "最迟", "by"), width=11)
    table.add_column(either(lang, "做什么", "what"), ratio=1)
    table.add_column(either(lang, "谁", "who"), width=12 if lang == "zh" else 16)
    table.add_column(either(lang, "方案", "plans"), width=24)
    for task in tasks:
        role = task.action.role_title.of(lang) if task.action.role_title else task.action.role
        which = either(lang, "全部", "all") if len(task.plans) == count else ", ".join(spans(task.plans))
        words = step_words(task.action, lang), shown(role), shown(which)
        table.add_row(shown(shown_time(task.action.due_at) or "—"), *map(Folded, words))
    screen.print(table)


def spans(numbers: Sequence[int]) -> Iterator[str]:
    """Ascending numbers, neighbours drawn together.

    >>> list(spans([1, 2, 3, 5, 7, 8]))
    ['1-3', '5', '7-8']
    """
    begin = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield f"{numbers[begin]}-{numbers[at - 1]}" if at - begin > 1 else str(numbers[begin])
            begin = at


def show_refused(screen: Console, plans: Sequence[Plan], lang: str) -> None:
    """What waits, with what is missing, and what is never done: by name and guard."""
    show_both(screen, plans, lang, either(lang, "绝不能做", "Never"), _named)


def _named(found: Sequence[Refusal], sign: str, style: str, lang: str) -> Table:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=2, style=style, justify="right")
    grid.add_column(ratio=1)
    for one in found:
        words = shown(one.named(lang) + bracketed(one.guard, lang))
        if one.missing:
            words.append(shown(either(lang, "  还缺：", "  still needed: ") + one.lacking(lang), "bold"))
        grid.add_row(sign, Folded(words))
    return grid


def show_more(screen: Console, lang: str) -> None:
    """Where the rest is."""
    screen.print()
    zh = "这是简表。--full：每条的编号与理由、每个方案的全部步骤、不能做的为什么、改做什么；--all：连同非负面；-o report.md：给人看的文件"
    en = (
        "This is the short form. --full: ids and all reasons, every step of each plan, why not and what instead; "
        "--all: the harmless too; -o report.md: a file for people"
    )
    screen.print(Folded(shown(either(lang, zh, en), "dim")))


def _aside(screen: Console, zh: str, en: str, lang: str) -> None:
    screen.print(shown(either(lang, f"      {zh}，--full 列出", f"      {en}; --full lists them"), "dim"))
