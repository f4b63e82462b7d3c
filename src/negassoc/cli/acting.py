"""The commands that act: `plan` and `programme`."""

from __future__ import annotations

import datetime as dt
import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Grade
from negassoc.cli.console import (
    AsJson,
    FactsFile,
    Lang,
    LangChoice,
    OutFile,
    common_facts,
    form_of,
    output,
    parse_now,
    platform_given,
    print_json,
    say,
    screen,
    type_named,
)
from negassoc.playbooks import Playbooks, Programme, beijing
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negassoc.playbooks import DueTask


class Form(enum.StrEnum):
    """What `plan` prints."""

    MARKDOWN = "markdown"
    JSON = "json"


_TYPES = " | ".join(f"{kind} ({kind.words.zh})" for kind in AssociationType)
Now: TypeAlias = Annotated[
    str | None, typer.Option("--now", metavar="TIME", help="When it was detected: 2026-11-27T09:30:00+08:00; without offset Beijing time.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(plan)
    app.command()(programme)


def plan(
    type: Annotated[AssociationType, typer.Argument(metavar="TYPE", help=_TYPES, parser=type_named)],  # noqa: A002 - the contract's word
    brand: Annotated[Path, typer.Option("--brand", metavar="BRAND.toml", help="The brand it happened to.")],
    platform: Annotated[str | None, typer.Option(help="xiaohongshu, kuaishou or any other; both channels are shown without it.")] = None,
    facts: FactsFile = None,
    grade: Annotated[
        Grade | None, typer.Option(case_sensitive=False, help="How grave: P0 halves the deadlines, P3 doubles them. P2 unless given.")
    ] = None,
    now: Now = None,
    form: Annotated[Form | None, typer.Option("--format", help="Told by FILE's ending unless given; otherwise a checklist.")] = None,
    lang: LangChoice = Lang.ZH,
    out: OutFile = None,
) -> None:
    """What to do about one type, in which order: who, by when, through which channel, with what, and what never.

    Example: negassoc plan customer_complaint --brand brand.toml --platform xiaohongshu --facts facts.toml
    """
    chosen = form_of(form, out, {"markdown": (".md", ".markdown", ".txt"), "json": (".json", ".jsonl")})
    made = Playbooks.default().plan_for_type(
        type, Brand.load(brand), platform=platform_given(platform, lang), facts=common_facts(facts, lang), grade=grade,
        now=parse_now(now, lang),
    )  # fmt: skip
    with output(out) as to:
        if chosen == Form.JSON:
            print_json(made.to_record(), to)
        else:
            print(made.to_markdown(lang.value), end="", file=to)


def programme(
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day, like 2026-12-01; today unless given.")] = None,
    days: Annotated[int, typer.Option(min=1, max=731, help="How many days.")] = 7,
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="What is due on this one day.")] = None,
    ics: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a calendar file that phones and office calendars read.")] = None,
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
) -> None:
    """The maintenance programme: what is due on which day, Beijing time; tasks on holidays move to the next working day.

    Example: negassoc programme --at 2026-12-01

    Example: negassoc programme --from 2026-12-01 --days 90 --ics programme.ics
    """
    form_of("ics", ics, {"ics": (".ics",)})
    start, span = _date(at or first), 1 if at else days
    if ics:
        from negassoc.report.calendar import programme_calendar

        ics.write_bytes(programme_calendar(start, span, lang=lang.value))
        say(f"{ics}: {span} day{'s' if span > 1 else ''} from {start}")
        return
    due = Programme.default().between(start, span)
    if as_json:
        for item in due:
            print_json(item.to_record())
    else:
        _show(due, lang.value)


def _date(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now(BEIJING).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it like 2026-12-01") from None


def _show(due: Sequence[DueTask], lang: str) -> None:
    from rich.table import Column, Table

    zh = lang == "zh"
    heads = ("时间（北京）", "做什么", "谁来做", "留下什么") if zh else ("Beijing time", "What", "Who", "Output")
    table = Table(*(Column(head, overflow="fold") for head in heads))
    for item in due:
        moved = "" if item.moved_from is None else f"（原定 {item.moved_from}，遇假日顺延）" if zh else f" (moved from {item.moved_from})"
        role = Playbooks.default().role_title(item.task.role).of(lang)
        table.add_row(beijing(item.at, lang), item.task.title.of(lang) + moved, role, item.task.output.of(lang))
    screen().print(table)
