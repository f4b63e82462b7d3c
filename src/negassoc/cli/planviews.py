"""Plans on a terminal: the steps of each, which incidents share them, and what the guards refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc.cli.drawing import either, heading, plain_table, pointed, shown, shown_time
from negassoc.cli.folding import Folded
from negassoc.facts import fact_definitions
from negassoc.platform import platform_title
from negassoc.playbooks import never_and_waiting
from negassoc.report.phrases import bracketed, facet_title
from negassoc.text.legible import legible

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from negassoc.playbooks import Action, Plan, Refusal

ASKED = 3
"""How many of the facts to find out first are shown for a plan."""

MENTIONS = 6
"""Of how many mentions of a plan the ids are shown."""


def show_plans(screen: Console, plans: Sequence[Plan], lang: str) -> None:
    """The plans, gravest first, with every step. Steps that all of them have are shown once, those of like incidents too."""
    shared = set.intersection(*({_told(action) for action in plan} for plan in plans)) if len(plans) > 1 else set()
    if shared:
        heading(screen, either(lang, "先做这些 · 以下方案共同的步骤", "First · steps that all plans below share"))
        soonest = [_soonest(plans, action.id) for action in plans[0] if _told(action) in shared]
        screen.print(_steps(soonest, plans[0].now, lang))
    groups: dict[tuple[str, ...], dict[int, Plan]] = {}
    for number, plan in enumerate(plans, 1):
        groups.setdefault(_same_steps(plan, shared), {})[number] = plan
    for group in groups.values():
        _show_group(screen, group, shared, lang)


def _same_steps(plan: Plan, shared: set[str]) -> tuple[str, ...]:
    """What two plans must have in common to be shown as one."""
    own = (action for action in plan if _told(action) not in shared)
    return plan.brand.name, plan.type.value, *map(_told, own)


def _told(action: Action) -> str:
    """A step and the case it is for: what one incident needs for sure is another step than what only a case of another needs."""
    return action.id + action.case.zh


def _show_group(screen: Console, group: Mapping[int, Plan], shared: set[str], lang: str) -> None:
    (number, first), *others = group.items()
    plans = tuple(group.values())
    heading(screen, _plan_name(number, first, lang))
    _show_mentions(screen, first, lang)
    for other, plan in others:
        screen.print(shown(_plan_name(other, plan, lang), "bold"))
        _show_mentions(screen, plan, lang)
    if others:
        same = ("这几起步骤相同，“最迟”按其中最急的一起", "These have the same steps; 'by' is that of the most urgent one")
        screen.print(shown(either(lang, *same), "dim"))
    steps = [action for action in first if _told(action) not in shared]
    screen.print(_steps([_soonest(plans, step.id) for step in steps], first.now, lang, after=len(first) - len(steps)))
    if asked := tuple(dict.fromkeys(name for plan in plans for name in plan.first_find_out[:ASKED])):
        screen.print(pointed(either(lang, "先查清", "find out first"), fact_titles(asked, lang)))


def _show_mentions(screen: Console, plan: Plan, lang: str) -> None:
    """Which mentions a plan is for, by the ids of the table above."""
    listed, many = either(lang, "、", ", ").join(plan.mentions[:MENTIONS]), len(plan.mentions)
    listed += either(lang, f" 等 {many} 条", f" … ({many})") if many > MENTIONS else ""
    if listed:
        screen.print(pointed(either(lang, "针对", "about"), listed))


def _plan_name(number: int, plan: Plan, lang: str) -> str:
    return either(lang, f"方案 {number} · ", f"Plan {number} · ") + plan_title(plan, lang)


def _soonest(plans: Sequence[Plan], step: str) -> Action:
    """The step as it stands in the plan that has it due first."""
    same = [action for plan in plans for action in plan if action.id == step]
    return min(same, key=lambda action: action.due_at.timestamp() if action.due_at else float("inf"))


def _steps(actions: Sequence[Action], now: dt.datetime, lang: str, *, after: int = 0) -> Table:
    """The steps, counted on from those shown before them."""
    table = plain_table()
    table.add_column(either(lang, "序", "#"), width=3, justify="right")
    table.add_column(either(lang, "做什么", "what"), ratio=1)
    table.add_column(either(lang, "谁", "who"), width=14)
    table.add_column(either(lang, "最迟", "by"), width=11)
    for number, action in enumerate(actions, after + 1):
        role = action.role_title.of(lang) if action.role_title else action.role
        table.add_row(str(number), Folded(step_words(action, lang)), Folded(shown(role)), _by(action, now, lang))
    return table


def _by(action: Action, now: dt.datetime, lang: str) -> Text:
    """By when; what is overdue says so, and what falls into the night or on a day off."""
    when = shown(shown_time(action.due_at) or "—")
    if action.due_at and action.due_at < now:
        when.append(either(lang, "\n已超时", "\noverdue"), style="bold red")
    elif action.on_duty:
        when.append(either(lang, "\n值班", "\non duty"), style="yellow")
    return when


def show_refused(screen: Console, plans: Sequence[Plan], lang: str) -> None:
    """What waits for a condition, with what is missing, and what is never done; each reason once, with what to do instead."""
    show_both(screen, plans, lang, either(lang, "绝不能做，以及改做什么", "Never, and what to do instead"), _refusals)


def show_both(
    screen: Console, plans: Sequence[Plan], lang: str, never_title: str, drawn: Callable[[Sequence[Refusal], str, str, str], Table]
) -> None:
    """What waits and what is never done, under a heading each; `drawn` makes the table of some refusals, by sign, style and language."""
    never, waiting = never_and_waiting(blocked for plan in plans for blocked in plan.blocked)
    if waiting:
        heading(screen, either(lang, "条件未齐，先等", "Not yet: a condition is missing"))
        screen.print(drawn(waiting, "…", "yellow", lang))
    if never:
        heading(screen, never_title)
        screen.print(drawn(never, "✗", "red", lang))


def _refusals(found: Sequence[Refusal], sign: str, style: str, lang: str) -> Table:
    waits = bool(found[0].missing)
    table = plain_table()
    table.add_column(width=1, style=style)
    table.add_column(either(lang, "先等的步骤" if waits else "不做", "this waits" if waits else "not this"), ratio=3)
    if waits:
        table.add_column(either(lang, "还缺", "still needed"), ratio=3)
    table.add_column(either(lang, "为什么", "why"), ratio=5)
    table.add_column(either(lang, "现在可做" if waits else "改为", "now" if waits else "instead"), ratio=5)
    for one in found:
        words = [
            one.named(lang),
            *([one.lacking(lang)] if waits else []),
            one.reason.of(lang) + bracketed(one.guard, lang),
            one.instead.of(lang),
        ]
        table.add_row(sign, *(Folded(shown(each)) for each in words))
    return table


def plan_title(plan: Plan, lang: str) -> str:
    """What the plan is for, in one line."""
    count = len(plan.mentions)
    types = either(lang, "＋", " + ").join(kind.words.of(lang) for kind in (plan.type, *plan.also))
    parts = [
        types, platform_title(plan.platform, lang), plan.grade.value,
        facet_title(plan.about, lang) if plan.about else None,
        either(lang, f"{count} 条提及", f"{count} mention{'s' if count != 1 else ''}"),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def step_words(action: Action, lang: str) -> Text:
    """What to do, and in which case only."""
    words = shown(action.title.of(lang))
    if action.only_if:
        words.append(legible(action.case.of(lang)), style="dim")
    return words


def fact_titles(names: Iterable[str], lang: str) -> str:
    """The facts by their names for people."""
    return either(lang, "", " ").join(fact_definitions()[name].asks.of(lang) for name in names)
