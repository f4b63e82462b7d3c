"""The commands on cases: `case open | list | show | due | export | kpi` and, of `casesteps`, those that carry one on; `due` for short."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import attrs
import typer

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Grade  # noqa: TC001 - typer reads the annotations
from negassoc.cli import casesteps, papers
from negassoc.cli.caseviews import (
    DEFAULT_STORE,
    At,
    CaseForm,
    CaseId,
    StoreAt,
    Who,
    all_cases,
    case_in,
    case_text,
    due_record,
    due_table,
    kpi_table,
    list_table,
    load_case,
    opened,
    plans_in,
    write_workbook,
)
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
    type_named,
)
from negassoc.times import parse_duration

if TYPE_CHECKING:
    from negassoc.cases.store import SqlStore
    from negassoc.playbooks import Plan

_ENDINGS = {
    "markdown": (".md", ".markdown", ".txt"), "csv": (".csv",), "xlsx": (".xlsx",), "ics": (".ics",), "json": (".json", ".jsonl"),
    "cacao": (".json",),
}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands of this group, and those on evidence and drafts."""
    words = "Carry out a plan: who did what, what is due, what is next."
    cases = typer.Typer(name="case", help=words, no_args_is_help=True, rich_markup_mode=None)
    cases.command("open")(open_case)
    cases.command("list")(list_cases)
    cases.command()(show)
    casesteps.register(cases)
    for command in (due, export, kpi):
        cases.command()(command)
    app.add_typer(cases)
    app.command()(due)
    papers.register(app)


def open_case(
    who: Who,
    brand: Annotated[Path, typer.Option("--brand", metavar="BRAND.toml", help="The brand it is about.")],
    type: Annotated[  # noqa: A002
        AssociationType | None,
        typer.Option("--type", metavar="TYPE", help="Open it for the packaged playbook of this type.", parser=type_named),
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="FILE", help="Or for plans made by scan --format jsonl or plan --format json: a case each."),
    ] = None,
    platform: Annotated[str | None, typer.Option(help="xiaohongshu, kuaishou or any other.")] = None,
    facts: FactsFile = None,
    grade: Annotated[Grade | None, typer.Option(case_sensitive=False, help="How grave; P2 unless given.")] = None,
    mention: Annotated[list[str] | None, typer.Option("--mention", metavar="ID", help="The mentions it is about; may be repeated.")] = None,
    name: Annotated[str | None, typer.Option("--id", metavar="CASE", help="The case's id; made up unless given.")] = None,
    now: At = None,
    store: StoreAt = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Open a case and print its id.

    Example: negassoc case open --type customer_complaint --brand brand.toml --platform xiaohongshu --who 王敏
    """
    from negassoc.cases import Case
    from negassoc.playbooks import plan_for_type
    from negassoc.report.phrases import subject

    if (type is None) == (plan is None):
        raise typer.BadParameter("give either --type or --plan")
    whose, at = Brand.load(brand), parse_now(now)
    if type:
        stated = common_facts(facts)
        made = plan_for_type(type, whose, platform=platform_given(platform), facts=stated, grade=grade, now=at)
        plans = [attrs.evolve(made, mentions=tuple(mention or ()))]
    else:
        plans = list(plans_in(plan or Path(), whose))
    if name and len(plans) > 1:
        raise typer.BadParameter(f"--id names one case, but {plan} holds {len(plans)} plans")
    with opened(store) as kept, kept.transaction():
        if name and kept.load("case", name):
            raise typer.BadParameter(f"case {name} is there already; see it with: negassoc case show {name}")
        _warn_of_others(kept, plans)
        for each in plans:
            case = Case.open(each, who=who, at=at, id=name).save(kept)
            print_json(case.to_record(at)) if as_json else print(case.id)
            if len(plans) > 1:
                say(f"{case.id}: {each.type.words.zh} · {each.grade.value} · {subject(each, 'zh', 1)}")


def list_cases(
    store: StoreAt = DEFAULT_STORE,
    everything: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    at: At = None,
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
) -> None:
    """List the cases: where each stands, what is overdue, what is due next.

    Example: negassoc case list --json
    """
    moment = parse_now(at)
    cases = [case for case in all_cases(store) if everything or case.stage.value != "closed"]
    if as_json:
        for case in cases:
            print_json(case.to_record(moment))
    else:
        list_table(cases, moment, lang.value)


def show(case: CaseId, store: StoreAt = DEFAULT_STORE, at: At = None, lang: LangChoice = Lang.ZH, as_json: AsJson = False) -> None:
    """Show a case as a checklist: what can be done now, every step, and who did what.

    Example: negassoc case show 20261102-a1b2c3
    """
    from negassoc.report.casefile import case_markdown

    found = load_case(store, case)
    if as_json:
        print(found.to_json())
    else:
        print(case_markdown(found, at=parse_now(at), lang=lang.value), end="")


def due(
    store: StoreAt = DEFAULT_STORE,
    at: At = None,
    within: Annotated[str, typer.Option(metavar="DURATION", help="Look so far ahead: 8h, 1d, 1w.")] = "1d",
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
) -> None:
    """What is due in all open cases, most urgent first.

    Example: negassoc due --within 3d
    """
    moment = parse_now(at) or dt.datetime.now(dt.UTC)
    try:
        ahead = parse_duration(within)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    found = [(case, task) for case in all_cases(store) if case.stage.value != "closed" for task in case.due(moment, within=ahead)]
    found.sort(key=lambda pair: (pair[1].deadline_at or moment, pair[0].id))
    if as_json:
        for case, task in found:
            print_json(due_record(case, task, moment))
    else:
        due_table(found, moment, lang.value)


def export(
    case: CaseId,
    form: Annotated[CaseForm | None, typer.Option("--format", help="Told by FILE's ending unless given; otherwise markdown.")] = None,
    out: OutFile = None,
    store: StoreAt = DEFAULT_STORE,
    lang: LangChoice = Lang.ZH,
) -> None:
    """Write a case as a Markdown checklist, CSV or Excel table, calendar file, JSON, or CACAO 2.0 playbook.

    Example: negassoc case export 20261102-a1b2c3 --format xlsx -o case.xlsx
    """
    chosen = CaseForm(form_of(form, out, _ENDINGS))
    found = load_case(store, case)
    if chosen is CaseForm.XLSX:
        if out is None:
            raise typer.BadParameter("an Excel file needs -o FILE.xlsx")
        write_workbook(found, out)
    elif out and chosen is CaseForm.CSV:
        out.write_text(case_text(found, chosen, lang.value), "utf-8-sig", newline="")
    elif out and chosen is CaseForm.ICS:
        out.write_text(case_text(found, chosen, lang.value), "utf-8", newline="")
    else:
        with output(out) as to:
            print(case_text(found, chosen, lang.value).rstrip("\r\n"), file=to)
    if out:
        say(f"wrote {out}")


def kpi(store: StoreAt = DEFAULT_STORE, at: At = None, lang: LangChoice = Lang.ZH, as_json: AsJson = False) -> None:
    """Measure how the cases were handled: answers and remedies in time, reports and appeals won, customers taken for attackers.

    Example: negassoc case kpi --json
    """
    from negassoc.cases.kpi import measure

    found = measure(all_cases(store), at=parse_now(at))
    if as_json:
        for each in found:
            asked = each.definition
            print_json({"id": asked.id, "value": each.value, "count": each.count, "target": asked.target, "met": each.met})
    else:
        kpi_table(found, lang.value)


def _warn_of_others(store: SqlStore, plans: list[Plan]) -> None:
    wanted = {(plan.brand.name, mention) for plan in plans for mention in plan.mentions}
    for name in store.keys("case") if wanted else ():
        other = case_in(store, name)
        shared = sorted(m for m in other.plan.mentions if (other.plan.brand.name, m) in wanted)
        if shared and other.stage.value != "closed":
            say(f"case {name} is open for {', '.join(shared)} already")
