"""The command that shows: `report`."""

from __future__ import annotations

import datetime as dt
import enum
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from negassoc.cli.console import (
    FactsFile,
    Lang,
    LangChoice,
    OutFile,
    PackDir,
    ProfileFile,
    Watched,
    form_of,
    load_facts,
    nothing_readable,
    say,
    tell_of,
    tell_of_zone,
    warn_of_brands,
    whole_pack,
)
from negassoc.cli.scanning import Scan, tracked
from negassoc.errors import MissingExtraError, Problem
from negassoc.facts import FactFile, Facts
from negassoc.records import Title
from negassoc.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negassoc.brand import Brand
    from negassoc.mention import Mention
    from negassoc.pack import Pack
    from negassoc.report import Report
    from negassoc.report.summary import Period
    from negassoc.sources import Export
    from negassoc.watch.campaigns import Campaign

_UNCHECKED = Title(
    "未检查协同发布：需要安装 negassoc[campaigns]。", "Coordination was not looked for: that needs negassoc[campaigns]."
)  # fmt: skip


class Form(enum.StrEnum):
    """What `report` writes."""

    HTML = "html"
    MARKDOWN = "markdown"
    CSV = "csv"
    XLSX = "xlsx"


_ENDINGS = {"html": (".html", ".htm"), "markdown": (".md", ".markdown"), "csv": (".csv",), "xlsx": (".xlsx",)}


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(report)


def report(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files, folders or globs of exports.")],
    brand: Annotated[Path, typer.Option("--brand", metavar="BRAND.toml", help="The brand that the report is about.")],
    out: OutFile = None,
    facts: FactsFile = None,
    format: Annotated[Form | None, typer.Option("--format", help="Told by FILE's ending unless given; otherwise html.")] = None,  # noqa: A002
    lang: LangChoice = Lang.ZH,
    pack: PackDir = None,
    profile: ProfileFile = None,
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Only what was published from then on: a date, or ISO 8601.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Only what was published up to then.")] = None,
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="Count due times from here: ISO 8601, without offset Beijing time.")
    ] = None,
) -> None:
    """One page a manager reads in two minutes: what hangs on the name and why, the trend, the posts, campaigns, what to do by when.

    Example: negassoc report exports/ --brand brand.toml --facts facts.toml --lang zh -o report.html
    """
    from negassoc.sources import Export

    form = Form(form_of(format, out, _ENDINGS))
    if out is None and form is Form.XLSX:
        raise typer.BadParameter("a workbook cannot go to the screen; name a file with -o report.xlsx")
    watched = Watched.load(brand, None)
    export = Export(paths, brand=watched.one, profile=profile)
    made = _report(export, paths, watched, load_facts(facts), lang, _times(since, until, now, lang), whole_pack(pack))
    for loss in _write(made, form, out):
        say(str(loss))
    if out is not None:
        say(made.headline())


def _report(export: Export, paths: Sequence[Path], watched: Watched, facts: FactFile, lang: Lang, times: _Times, pack: Pack) -> Report:
    from negassoc.report import Report

    start, end, now = times
    mentions = list(tracked(export, "read"))
    if not mentions and not export.problems:
        tell_of(export, lang=lang)
        raise nothing_readable(paths, export)
    brand = watched.brands[0]
    campaigns = _campaigns(mentions, brand)
    scan = Scan(watched, _with_campaigns(facts, campaigns or ()), pack, keep_all=True)
    verdicts = list(tracked(scan.verdicts(mentions), "judge"))
    period = _period(start, end, now, mentions)
    warn_of_brands(watched, lang)
    tell_of(export, scan.problems, lang)
    scan.kept = [v for v in scan.kept if _inside(period, v.mention.published_at)]
    unchecked = (_UNCHECKED.of(lang),) if campaigns is None else ()
    coverage = (export.coverage.zh if lang is Lang.ZH else str(export.coverage), *unchecked)
    return Report(
        verdicts, brand=brand, plans=scan.plans(now), campaigns=campaigns, coverage=coverage, problems=(*export.problems, *scan.problems),
        period=period, now=now, lang="zh" if lang is Lang.ZH else "en",
    )  # fmt: skip


def _period(start: dt.datetime | None, end: dt.datetime | None, now: dt.datetime, mentions: Iterable[Mention]) -> Period | None:
    if start is None and end is None:
        return None
    last = end or max(now, start or now)
    return start or min((m.published_at for m in mentions if m.published_at and m.published_at <= last), default=last), last


def _inside(period: Period | None, moment: dt.datetime | None) -> bool:
    """In the period, or at a time that nobody knows."""
    return period is None or moment is None or period[0] <= moment <= period[1]


def _campaigns(mentions: Iterable[Mention], brand: Brand) -> tuple[Campaign, ...] | None:
    """Those found, or None where the extra for looking is not installed."""
    from negassoc.watch.campaigns import find_campaigns

    try:
        return find_campaigns(mentions, brand)
    except MissingExtraError as error:
        say(f"{error} (the report says so)")
        return None


def _with_campaigns(facts: FactFile, campaigns: Iterable[Campaign]) -> FactFile:
    """What was found as a fact for the classifier; what a person has stated stands above it."""
    from negassoc.watch.campaigns import facts_of

    found = {key: derived | facts.common for key, derived in facts_of(campaigns).items()}
    return FactFile(
        facts.common, {key: found.get(key, Facts()) | facts.by_mention.get(key, Facts()) for key in {*found, *facts.by_mention}}
    )


def _write(made: Report, form: Form, out: Path | None) -> tuple[Problem, ...]:
    if form is Form.XLSX and out is not None:
        return made.to_xlsx(out)
    if form is Form.CSV and out is not None:
        made.to_csv(out)
    elif form is Form.CSV:
        with tempfile.TemporaryDirectory() as folder:
            made.to_csv(Path(folder) / "report.csv")
            sys.stdout.write((Path(folder) / "report.csv").read_text("utf-8-sig"))
    else:
        text = made.to_markdown() if form is Form.MARKDOWN else made.to_html()
        if out is None:
            sys.stdout.write(text)
        else:
            out.write_text(text, "utf-8", newline="\n")
    return ()


_Times = tuple[dt.datetime | None, dt.datetime | None, dt.datetime]


def _times(since: str | None, until: str | None, now: str | None, lang: Lang) -> _Times:
    end = _time("--until", until)
    if end and until and len(until.strip()) <= len("2026-11-27"):
        end += dt.timedelta(days=1) - dt.timedelta(microseconds=1)  # a bare date means the whole day
    start = _time("--since", since)
    if start and end and start > end:
        raise typer.BadParameter(f"--since {since} comes after --until {until}")
    given = _time("--now", now)
    if now and given:
        tell_of_zone(now, given, lang)
    return start, end, given or dt.datetime.now(dt.UTC)


def _time(option: str, text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    moment = parse_time(text)
    if moment is None:
        raise typer.BadParameter(f"{option}: {text!r} is no time; write it like 2026-11-27 or 2026-11-27T10:00+08:00")
    return moment
