"""`negassoc monitor`: run a monitor from its file, once or again and again, and write the week's digest."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, TypeAlias

import typer

from negassoc.cli.console import AsJson, Lang, LangChoice, OutFile, form_of, in_lang, list_problems, list_warnings, output, print_json, say
from negassoc.errors import NegassocError
from negassoc.times import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.watch import Monitor, Run

_ENDINGS = {"markdown": (".md", ".markdown", ".txt"), "json": (".jsonl", ".ndjson", ".json")}
ConfigFile: TypeAlias = Annotated[Path, typer.Option("--config", "-c", metavar="MONITOR.toml", help="The monitor's file.")]

Days: TypeAlias = Annotated[int, typer.Option("--days", min=1, help="How far back, by the day of publication.")]
OldDays: TypeAlias = Annotated[int, typer.Option("--days", min=1, help="Not shown by any source for so many days.")]
Week: TypeAlias = Annotated[
    dt.datetime | None,
    typer.Option("--week", metavar="DATE", formats=["%Y-%m-%d"], help="A day of the week wanted; the last whole week unless given."),
]
BrandName: TypeAlias = Annotated[str | None, typer.Option("--brand", metavar="NAME", help="One brand, by name or key; all unless given.")]


def register(app: typer.Typer) -> None:
    """Add `monitor run`, `rejudge`, `digest` and `forget`."""
    group = typer.Typer(help="Watch brands over sources: judge what is new, and tell people what passes a threshold.", no_args_is_help=True)
    group.command("run")(run)
    group.command("rejudge")(rejudge)
    group.command("digest")(weekly)
    group.command("forget")(forget)
    app.add_typer(group, name="monitor")


def run(
    config: ConfigFile,
    once: Annotated[bool, typer.Option("--once", help="One run, then leave (for cron); otherwise again after each interval.")] = False,
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
) -> None:
    """Read the sources, judge what is new, keep it in the store, and send what passes a threshold. Ctrl-C leaves cleanly.

    Example: negassoc monitor run --config monitor.toml --once
    """
    from negassoc.cases.store import open_store
    from negassoc.watch.config import MonitorConfig

    settings = MonitorConfig.load(config)
    with open_store(settings.store_at) as store, _leaving_cleanly(lang):
        monitor = settings.monitor(store, screen=_screen(as_json))
        while True:
            stopped = _round(monitor, lang, as_json, forgiving=not once)
            if once or stopped:
                return
            say(in_lang(lang, f"next run in {format_duration(settings.interval)}"))
            time.sleep(settings.interval.total_seconds())


def rejudge(config: ConfigFile, days: Days = 30, lang: LangChoice = Lang.ZH, as_json: AsJson = False) -> None:
    """Judge again what is stored, with the facts and rules of today: after facts.toml, a brand file or a rule has changed.

    Example: negassoc monitor rejudge --config monitor.toml --days 90
    """
    from negassoc.cases.store import open_store
    from negassoc.watch.config import MonitorConfig

    settings = MonitorConfig.load(config)
    with open_store(settings.store_at) as store:
        since = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        _report(settings.monitor(store, screen=_screen(as_json)).rejudge(since), lang, as_json)


def weekly(
    config: ConfigFile,
    week: Week = None,
    brand: BrandName = None,
    lang: LangChoice = Lang.ZH,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """The week of each brand in one page of Markdown: what was found, types, grades, trend, what is to be done now and next week.

    Example: negassoc monitor digest --config monitor.toml --week 2026-03-04 -o week.md
    """
    from negassoc.cases.store import open_store
    from negassoc.watch import digest
    from negassoc.watch.config import MonitorConfig

    chosen = form_of("json" if as_json else None, out, _ENDINGS)
    settings = MonitorConfig.load(config)
    brands = [one for one in settings.load_brands() if brand is None or one.is_called(brand)]
    if not brands:
        raise typer.BadParameter(f"{config} watches no brand called {brand!r}")
    with open_store(settings.store_at) as store, output(out) as file:
        for one in brands:
            page = digest(store, one, week.date() if week else None)
            if chosen == "json":
                print_json(page.to_record(), file)
            else:
                print(page.to_markdown(lang.value), file=file)


def forget(config: ConfigFile, days: OldDays = 90, lang: LangChoice = Lang.ZH) -> None:
    """Drop what was said, and by whom, of mentions that no source has shown for so long; figures stay, and what open cases need.

    Example: negassoc monitor forget --config monitor.toml --days 90
    """
    from negassoc.cases.store import open_store
    from negassoc.watch.config import MonitorConfig

    settings = MonitorConfig.load(config)
    with open_store(settings.store_at) as store:
        forgotten = settings.monitor(store).forget(dt.datetime.now(dt.UTC) - dt.timedelta(days=days))
        print(f"已清除 {forgotten} 条" if lang is Lang.ZH else f"forgotten {forgotten}")


def _screen(as_json: bool) -> TextIO:
    """Where alerts are printed: beside the lines of JSON, not among them."""
    return sys.stderr if as_json else sys.stdout


def _round(monitor: Monitor, lang: Lang, as_json: bool, *, forgiving: bool) -> bool:
    """One run, said aloud; whether somebody stopped it. A forgiving round outlives a store that cannot be reached for now."""
    try:
        done = monitor.run()
    except NegassocError as error:
        if not forgiving:
            raise
        say(in_lang(lang, f"run failed: {error}"))
        return False
    _report(done, lang, as_json)
    return done.interrupted


def _report(done: Run, lang: Lang, as_json: bool) -> None:
    list_warnings(done.warnings, lang)
    untold = [problem for problem in done.problems if problem.where.startswith("notifier ")]
    list_problems((problem for problem in done.problems if problem not in untold), lang=lang)
    for problem in untold:
        say(in_lang(lang, str(problem).replace("\n", " ")))
    if as_json:
        print_json(done.to_record())
    else:
        print(done.zh if lang is Lang.ZH else done, flush=True)


@contextlib.contextmanager
def _leaving_cleanly(lang: Lang) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say(in_lang(lang, "stopped; everything that had arrived is kept"))
