"""Commands that judge: `scan`, `explain`, `facts`, `check`, `evaluate`, `fit`."""

from __future__ import annotations

import datetime as dt
import enum
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import attrs
import typer

from negassoc.classify import FOUR_TYPES, AssociationType
from negassoc.classify.labelled import Labelled
from negassoc.cli import brief, planviews
from negassoc.cli import verdicts as show
from negassoc.cli.console import (
    AsJson,
    BrandFile,
    BrandsFile,
    FactsFile,
    Lang,
    LangChoice,
    OutFile,
    PackDir,
    ProfileFile,
    Watched,
    common_facts,
    form_of,
    kind_named,
    list_problems,
    load_facts,
    nothing_readable,
    output,
    parse_now,
    print_json,
    say,
    screen,
    tell_of,
    warn_of_brands,
    warn_of_strangers,
    whole_pack,
)
from negassoc.errors import DataError, Problem
from negassoc.facts import fact_definitions
from negassoc.mention import Kind, Mention

if TYPE_CHECKING:
    from negassoc.brand import Brand
    from negassoc.cli.scanning import Scan
    from negassoc.playbooks import Plan
    from negassoc.sources import Export

Labels = Annotated[
    list[Path], typer.Argument(metavar="LABELLED…", help="Mention records (.jsonl, .csv, .xlsx), each with its `label` (标注).")
]


class Format(enum.StrEnum):
    """How `scan` prints."""

    TABLE = "table"
    JSONL = "jsonl"
    MARKDOWN = "markdown"


_ENDINGS = {"table": (".txt",), "jsonl": (".jsonl", ".ndjson", ".json"), "markdown": (".md", ".markdown", ".txt")}


_KINDS = "What it is: " + ", ".join(f"{kind} ({kind.words.zh})" for kind in Kind)


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    for command in (scan, explain, facts, check, evaluate, fit):
        app.command()(command)


def scan(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders or globs of exports.")],
    brand: BrandFile = None,
    brands: BrandsFile = None,
    facts: FactsFile = None,
    format: Annotated[Format | None, typer.Option("--format", help="Told by FILE's ending unless given; otherwise table.")] = None,  # noqa: A002
    out: OutFile = None,
    lang: LangChoice = Lang.ZH,
    pack: PackDir = None,
    profile: ProfileFile = None,
    full: Annotated[
        bool, typer.Option("--full", help="Every negative mention with its reasons, every step plan by plan, why not and what instead.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="The same with every harmless mention (jsonl always does).")] = False,
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="Count due times from here: ISO 8601, without offset Beijing time.")
    ] = None,
) -> None:
    """Judge every mention of an export: which type and why, how grave, and what to do in which order.

    Example: negassoc scan exports/ --brand brand.toml --facts facts.toml --format markdown -o report.md
    """
    from negassoc.cli.scanning import Scan, tracked
    from negassoc.sources import Export

    form = Format(_form(format, out))
    watched, began = Watched.load(brand, brands), parse_now(now, lang) or dt.datetime.now(dt.UTC)
    run = Scan(watched, load_facts(facts), whole_pack(pack), keep_all=everything or form is Format.MARKDOWN, full=full or everything)
    export = Export(paths, brand=watched.one, profile=profile)
    with output(out) as stream:
        lines_on_screen = form is Format.JSONL and stream.isatty()
        judged = run.verdicts(export)
        for verdict in judged if lines_on_screen else tracked(judged, "scan"):
            if form is Format.JSONL:
                print_json(verdict.to_record(), stream)
        if run.counts:
            _PRINT[form](run, export, run.plans(began), lang.value, stream)
    warn_of_brands(watched, lang)
    tell_of(export, run.problems, lang)
    warn_of_strangers(run.facts, run.known, lang)
    if not run.counts:
        raise nothing_readable(paths, export)
    say(export.coverage.zh if lang is Lang.ZH else str(export.coverage))


def _form(given: Format | None, out: Path | None) -> str:
    """The format to write; for a page or a workbook the command that writes one is named."""
    try:
        return form_of(given, out, _ENDINGS)
    except typer.BadParameter as error:
        elsewhere = "; a page or a workbook: negassoc report" if out and out.suffix.lower() in {".html", ".htm", ".xlsx"} else ""
        raise typer.BadParameter(error.message + elsewhere) from None


def _print_table(run: Scan, _: Export, plans: list[Plan], lang: str, stream: TextIO) -> None:
    console = screen(stream)
    if run.full:
        show.show_verdicts(console, run.kept, lang)
        show.show_summary(console, run.counts, lang)
        show.show_like_names(console, run.kept, run.pack.knowledge.rules, lang)
        planviews.show_plans(console, plans, lang)
        planviews.show_refused(console, plans, lang)
        return
    brief.show_verdicts(console, run.kept, lang)
    show.show_summary(console, run.counts, lang)
    show.show_like_names(console, run.kept, run.pack.knowledge.rules, lang)
    brief.show_plans(console, plans, lang, run.kept)
    brief.show_refused(console, plans, lang)
    brief.show_more(console, lang)


def _print_plans(_: Scan, __: Export, plans: list[Plan], lang: str, stream: TextIO) -> None:
    for plan in plans:
        print_json({"plan": plan.to_record()}, stream)


def _print_document(run: Scan, export: Export, plans: list[Plan], lang: Literal["zh", "en"], stream: TextIO) -> None:
    from negassoc.report import Report

    coverage = export.coverage.zh if lang == "zh" else str(export.coverage)
    for brand in run.watched.brands:
        mine = [verdict for verdict in run.kept if verdict.brand is brand]
        if mine:
            report = Report(
                mine, brand=brand, plans=[plan for plan in plans if plan.brand is brand], coverage=[coverage],
                problems=[*export.problems, *run.problems], lang=lang,
            )  # fmt: skip
            print(report.to_markdown(), file=stream)


_PRINT = {Format.TABLE: _print_table, Format.JSONL: _print_plans, Format.MARKDOWN: _print_document}


def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What was said; - reads it from stdin.")],
    brand: BrandFile = None,
    kind: Annotated[Kind, typer.Option("--kind", metavar="KIND", help=_KINDS, parser=kind_named)] = Kind.NOTE,
    title: Annotated[str | None, typer.Option("--title", help="Its title, or that of the post it stands under.")] = None,
    facts: FactsFile = None,
    pack: PackDir = None,
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
) -> None:
    """One text: which type, why, and why it is none of the others.

    Example: negassoc explain "退款一个月没到账，客服不理人" --brand brand.toml
    """
    from negassoc.classify.classifier import RuleClassifier

    watched = Watched.load(brand, None)
    words = sys.stdin.read() if text == "-" else text
    mention = Mention(words, kind=kind, thread_title=title) if kind.is_answer else Mention(words, kind=kind, title=title)
    if not (words.strip() or title):
        raise typer.BadParameter("there is no text to explain")
    classifier = RuleClassifier(watched.brands[0], whole_pack(pack).knowledge)
    verdict = classifier.classify(mention, common_facts(facts, lang))
    warn_of_brands(watched, lang)
    if as_json:
        others = [kind for kind in (*FOUR_TYPES, AssociationType.NONE) if kind is not verdict.type]
        print_json(verdict.to_record() | {
            "why": {name: verdict.why(name) for name in ("zh", "en")},
            "why_not": {kind.value: {name: verdict.why_not(kind, name) for name in ("zh", "en")} for kind in others},
        })  # fmt: skip
    else:
        show.show_explanation(screen(), verdict, lang.value)


def facts(lang: LangChoice = Lang.ZH, as_json: AsJson = False) -> None:
    """The facts one can state in a facts.toml: what each asks, how to find it out, what it changes.

    Example: negassoc facts --lang en
    """
    if as_json:
        for definition in fact_definitions().values():
            print_json(attrs.asdict(definition))
    else:
        show.show_facts(screen(), lang.value)


def check(
    pack: Annotated[Path | None, typer.Argument(metavar="[PACK]", help="A pack directory; the packaged pack if left out.")] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Check it by itself, not laid over the packaged pack.")] = False,
) -> None:
    """Lint a pack and run the examples of its rules; exit code 1 if something is found.

    Example: negassoc check my-pack/
    """
    from negassoc.pack import Pack

    whole = Pack.load(pack) if pack and alone else whole_pack(pack)
    problems = whole.check()
    for problem in problems:
        print(problem)
    say(f"{len(whole.entries)} entries, {len(problems)} problem{'' if len(problems) == 1 else 's'}")
    if problems:
        raise typer.Exit(1)


def evaluate(
    labelled: Labels,
    brand: BrandFile = None,
    brands: BrandsFile = None,
    pack: PackDir = None,
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
    worst: Annotated[int, typer.Option("--worst", min=0, help="How many of the costliest errors to show.")] = 10,
) -> None:
    """How good the verdicts are on mentions that people have labelled.

    Example: negassoc evaluate labelled.jsonl --brands brands.json --json
    """
    from negassoc.classify.classifier import RuleClassifier
    from negassoc.classify.evaluate import evaluate as measure

    records, by_key = _labelled(labelled, Watched.load(brand, brands), lang)
    knowledge = whole_pack(pack).knowledge
    evaluation = measure(records, by_key, lambda one: RuleClassifier(one, knowledge))
    if as_json:
        print_json(evaluation.to_record())
    else:
        show.show_evaluation(screen(), evaluation, worst, lang.value)


def fit(
    labelled: Labels,
    out: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The pack directory to write.")],
    brand: BrandFile = None,
    brands: BrandsFile = None,
    pack: PackDir = None,
    lang: LangChoice = Lang.ZH,
) -> None:
    """Learn weights from labelled mentions, such as your own corrections, write them as a pack, and say how the mentions are judged
    with the weights there were and with the new ones.

    What is learnt is the difference to the weights there are: a few corrections move a few weights. The same mentions, in whatever
    order, give the same weights to the digit.

    Example: negassoc fit labelled.jsonl --brands brands.json -o my-pack/
    """
    from negassoc.cli.learning import Lesson

    records, by_key = _labelled(labelled, Watched.load(brand, brands), lang)
    lesson = Lesson(records, by_key, whole_pack(pack).knowledge)
    lesson.weights.save(out, f"learnt by negassoc fit from {len(records)} mentions")
    say(f"{out}: weights learnt from {len(records)} mentions; use them with --pack {out}")
    for line in lesson.told(lang.value):
        say(line)


def _labelled(paths: list[Path], watched: Watched, lang: Lang) -> tuple[list[Labelled], dict[str, Brand]]:
    """The usable records, each naming its brand by key; the others are listed on stderr."""
    from negassoc.cli.labels import labelled_in

    problems, records = list[Problem](), list[Labelled]()
    brands = {brand.key or brand.name: brand for brand in watched.brands}
    for record in labelled_in(paths, problems):
        try:
            brand = watched.of(record.mention)
            records.append(attrs.evolve(record, mention=attrs.evolve(record.mention, brand=brand.key or brand.name)))
        except DataError as error:
            problems += error.problems
    warn_of_brands(watched, lang)
    list_problems(problems, lang=lang)
    if not records:
        raise DataError([Problem(", ".join(map(str, paths)), "nothing readable: no labelled mention in it")])
    return records, brands
