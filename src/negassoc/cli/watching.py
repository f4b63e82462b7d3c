"""Commands that look wider than one mention: `searches`, `campaigns`, `identity`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import attrs
import typer

from negassoc.cli.console import (
    AsJson,
    BrandFile,
    BrandsFile,
    Lang,
    LangChoice,
    OutFile,
    Watched,
    form_of,
    nothing_readable,
    output,
    platform_given,
    print_json,
    say,
    screen,
    tell_of,
)
from negassoc.errors import DataError, Problem
from negassoc.platform import KUAISHOU, XIAOHONGSHU, platform_title
from negassoc.watch.campaigns import CampaignFinder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from negassoc.mention import Mention, Query
    from negassoc.watch.campaigns import Campaign

_PROOF_SHOWN = 5
_ENDINGS = {"text": (".txt",), "json": (".jsonl", ".ndjson", ".json")}


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    for command in (searches, campaigns, identity):
        app.command()(command)


def searches(
    brand: BrandFile = None,
    platform: Annotated[list[str] | None, typer.Option("--platform", help="Only this platform; may be given again.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many searches for each platform.")] = 60,
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
) -> None:
    """What to search for this week: the brand's names with the words under which trouble is found, the most telling first.

    Example: negassoc searches --brand brand.toml --platform xiaohongshu --limit 20
    """
    from negassoc.watch.searches import searches as made

    watched = Watched.load(brand, None)
    given = [name for one in platform or () if (name := platform_given(one, lang))]
    wanted = given or [XIAOHONGSHU, KUAISHOU]
    found = made(watched.brands[0], wanted, limit=limit, lang=lang.value)
    for query in found if as_json else ():
        print_json({"platform": query.platform, "query": query.text, "why": query.why})
    if not as_json:
        _show_searches(found, lang.value)


def campaigns(
    paths: Annotated[list[Path], typer.Argument(metavar="MENTIONS…", help="Mention records (JSONL) or exports.")],
    brand: BrandFile = None,
    brands: BrandsFile = None,
    out: OutFile = None,
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
) -> None:
    """Suspected coordinated attacks, each with the posts, pairs and gaps that show it. A lead to be checked, not a finding about anybody.

    Example: negassoc campaigns mentions.jsonl --brands brands.json --json
    """
    from negassoc.cli.scanning import tracked
    from negassoc.sources import Export

    chosen = form_of("json" if as_json else None, out, _ENDINGS)
    watched = Watched.load(brand, brands)
    export, intake = Export(paths, brand=watched.one), _Intake(watched)
    seen = sum(intake.take(mention) for mention in tracked(export, "campaigns"))
    found = [campaign for finder in intake.finders.values() for campaign in finder.campaigns()]
    with output(out) as stream:
        for campaign in found:
            print_json(campaign.to_record(), stream) if chosen == "json" else _show_campaign(campaign, lang.value, stream)
    tell_of(export, intake.problems, lang)
    if not seen:
        raise nothing_readable(paths, export)
    say(_summary(len(found), seen, sum(finder.nameless for finder in intake.finders.values()), lang))


def identity(
    other: Annotated[Path, typer.Argument(metavar="OTHER.toml", help="What is known of the other company or account.")],
    brand: BrandFile = None,
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
) -> None:
    """Is it really us? The brand's company against another, field by field, as a table for an appeal, with the honest answer.

    Example: negassoc identity other.toml --brand brand.toml
    """
    from negassoc.records import load_toml
    from negassoc.watch.identity import Party, compare

    report = compare(Watched.load(brand, None).brands[0], load_toml(other, Party))
    if as_json:
        print_json(report.to_record())
        return
    print(report.answer.of(lang.value), "", report.table(lang.value), sep="\n")
    for warning in report.warnings:
        say(warning.of(lang.value))


@attrs.define
class _Intake:
    """Hands each mention to the finder of its brand; one that is about no watched brand becomes a problem."""

    watched: Watched
    finders: dict[str, CampaignFinder] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)

    def take(self, mention: Mention) -> int:
        """Take in one mention; 1, even where it is skipped, for it was readable."""
        try:
            brand = self.watched.of(mention)
        except DataError as error:
            self.problems += error.problems
            return 1
        key = brand.key or brand.name
        if key not in self.finders:
            self.finders[key] = CampaignFinder(brand)
        self.finders[key].observe(mention)
        return 1


def _show_searches(found: Sequence[Query], lang: str) -> None:
    from rich.table import Table

    table = Table("#", *(("平台", "搜索词", "为什么") if lang == "zh" else ("Platform", "Search", "Why")), box=None)
    for number, query in enumerate(found, 1):
        table.add_row(str(number), platform_title(query.platform, lang), query.text, query.why)
    screen().print(table)


def _show_campaign(campaign: Campaign, lang: str, stream: TextIO) -> None:
    from negassoc.report.phrases import campaign_words, pair_words

    console = screen(stream)
    console.print(f"■ {campaign.brand}  {campaign_words(campaign, lang)}  {campaign.score:.2f}")
    console.print("  " + campaign.why.of(lang))
    for pair in sorted(campaign.proof, key=lambda p: -p.similarity)[:_PROOF_SHOWN]:
        console.print(f"  {pair.a} ↔ {pair.b}  {pair_words(pair, lang)}")
    console.print("  " + ("涉及：" if lang == "zh" else "mentions: ") + ", ".join(campaign.mentions))


def _summary(found: int, seen: int, nameless: int, lang: Lang) -> str:
    if lang is Lang.EN:
        unknown = f"; {nameless} show no account of their own and can not count as one" if nameless else ""
        return f"{found} suspected campaign{'' if found == 1 else 's'} in {seen} mentions{unknown}"
    unknown = f"；其中 {nameless} 条看不出是哪个账号，未计入账号" if nameless else ""
    return (f"{seen} 条内容中发现 {found} 起疑似协同" if found else f"{seen} 条内容中未发现协同") + unknown
