"""The commands on cases: `case open | list | show | move | add | escalate | replan | limit | due | export`, and `due` for short."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import attrs
import typer

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Grade  # noqa: TC001 - typer reads the annotations
from negassoc.cli import papers
from negassoc.cli.caseviews import (
    CaseForm,
    all_cases,
    case_in,
    case_text,
    due_record,
    due_table,
    folder_beside,
    kpi_table,
    list_table,
    load_case,
    opened,
    placing,
    plans_in,
    registered,
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
    from negassoc.cases import Case
    from negassoc.cases.store import SqlStore
    from negassoc.playbooks import Plan

StoreAt: TypeAlias = Annotated[
    str, typer.Option("--store", metavar="FILE|URL", help="Where cases are kept: a file, or a postgresql:// URL.")
]
Who: TypeAlias = Annotated[str, typer.Option("--who", metavar="NAME", help="Who does it; it goes into the log.")]
Why: TypeAlias = Annotated[
    str | None, typer.Option("--why", metavar="TEXT", help="The reason; needed to fail, skip, go back or take up again.")
]
At: TypeAlias = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="When: ISO 8601, without offset Beijing time; now if left out.")
]
CaseId: TypeAlias = Annotated[str, typer.Argument(metavar="CASE", help="The case's id (see: negassoc case list).")]
StepId: TypeAlias = Annotated[str, typer.Argument(metavar="STEP", help="The step's id, like C0.")]
DEFAULT_STORE = "negassoc.db"
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
    for command in (show, move, add, escalate, replan, limit, due, export, kpi):
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


def move(
    case: CaseId,
    what: Annotated[
        str, typer.Argument(metavar="STEP|STAGE", help="A step's id, or the stage to go to (detect, assess, respond, review, closed).")
    ],
    to: Annotated[
        str | None,
        typer.Argument(metavar="STATE", help="in_progress, waiting_platform, done, failed or skipped; or as shown: 进行中, 已完成, …"),
    ] = None,
    who: Who = "",
    why: Why = None,
    ticket: Annotated[str | None, typer.Option(help="The platform's or authority's number.")] = None,
    evidence: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Evidence used; a new attempt needs a new one. May be repeated.")
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option("--register", metavar="FOLDER", help="The folder of evidence with those ids; evidence/ beside the store if there."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="When the platform's answer is due.")] = None,
    at: At = None,
    store: StoreAt = DEFAULT_STORE,
    lang: LangChoice = Lang.ZH,
) -> None:
    """Move a step to a state, or the case to a stage. What is not permitted is refused, and what is permitted is named.

    Example: negassoc case move 20261102-a1b2c3 C0 done --who 王敏
    """
    moment, folder = parse_now(at), register or folder_beside(store)
    items = registered(folder)
    with opened(store) as kept, placing(folder):
        found = case_in(kept, case)
        if to is None:
            moved = found.enter(_stage(what), who=_named(who), at=moment, why=why)
        else:
            moved = found.move(
                what, _state(to), who=_named(who), at=moment, why=why, ticket=ticket, evidence=tuple(evidence or ()),
                until=parse_now(until), register=items,
            )  # fmt: skip
        moved.save(kept)
    _tell_last(moved, lang)


def _tell_last(case: Case, lang: Lang) -> None:
    """What was done, for the person who did it."""
    from negassoc.report.casefile import last_entry

    print(last_entry(case, lang.value))


def add(
    case: CaseId,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What is to be done.")],
    who: Who,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why it is needed.")],
    role: Annotated[str, typer.Option(help="Who does it.")] = "OPS",
    kind: Annotated[str, typer.Option(help="The sort of step that the guards judge: task, evidence, contact, remedy, …")] = "task",
    step: Annotated[str | None, typer.Option("--id", metavar="STEP", help="Its id; X1, X2, … unless given.")] = None,
    after: Annotated[str | None, typer.Option(metavar="STEP", help="After which step.")] = None,
    due_at: Annotated[str | None, typer.Option("--due", metavar="TIME", help="By when.")] = None,
    facts: FactsFile = None,
    at: At = None,
    store: StoreAt = DEFAULT_STORE,
    lang: LangChoice = Lang.ZH,
) -> None:
    """Add a step of your own. The guards judge it as they judge a plan.

    Example: negassoc case add 20261102-a1b2c3 "致电供应商核对批次" --why 查清批次 --who 王敏
    """
    from negassoc.cases import add_step, own_step

    with opened(store) as kept:
        found = case_in(kept, case)
        name = step or next(f"X{n}" for n in range(1, len(found.tasks) + 2) if f"X{n}" not in {task.id for task in found})
        action = own_step(name, title, role=role, kind=kind, due_at=parse_now(due_at), why=why)
        grown = add_step(found, action, who=who, why=why, at=parse_now(at), after=after, facts=common_facts(facts))
        grown.save(kept)
    _tell_last(grown, lang)


def escalate(
    case: CaseId,
    step: StepId,
    who: Who,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why it is handed on.")],
    to: Annotated[str | None, typer.Option(metavar="STEP", help="To which step; what its own 'if it fails' says unless given.")] = None,
    at: At = None,
    store: StoreAt = DEFAULT_STORE,
    lang: LangChoice = Lang.ZH,
) -> None:
    """Hand a failed step on: to another step, or to what it says for this case.

    Example: negassoc case escalate 20261102-a1b2c3 MA6 --why 平台三个工作日未处理 --who 法务
    """
    from negassoc.cases import escalate as hand_on

    with opened(store) as kept:
        changed = hand_on(case_in(kept, case), step, who=who, why=why, at=parse_now(at), to=to)
        changed.save(kept)
    _tell_last(changed, lang)


def replan(
    case: CaseId,
    type: Annotated[AssociationType, typer.Argument(metavar="TYPE", help="The type it has turned out to be.", parser=type_named)],  # noqa: A002
    who: Who,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What has become known.")],
    facts: FactsFile = None,
    grade: Annotated[Grade | None, typer.Option(help="How grave; as before unless given.")] = None,
    at: At = None,
    store: StoreAt = DEFAULT_STORE,
    lang: LangChoice = Lang.ZH,
) -> None:
    """Follow a changed plan: what was done stays, what is no longer lawful stops, new steps come in.

    Example: negassoc case replan 20261102-a1b2c3 customer_complaint --facts facts.toml --why 查到订单 --who 客服
    """
    from negassoc.cases import replan as follow
    from negassoc.playbooks import plan_for_type

    with opened(store) as kept:
        found, moment = case_in(kept, case), parse_now(at)
        old = found.plan
        made = plan_for_type(
            type, old.brand, platform=old.platform, facts=common_facts(facts), grade=grade or old.grade, now=moment
        )  # fmt: skip
        changed = follow(found, attrs.evolve(made, mentions=old.mentions, about=old.about), who=who, why=why, at=moment)
        changed.save(kept)
    _tell_last(changed, lang)


def limit(
    case: CaseId,
    step: StepId,
    who: Who,
    scope: Annotated[
        str | None, typer.Option(metavar="SCOPE", help="A verified rule of the case's platform: shop_general, shop_serious, shop.")
    ] = None,
    notified: Annotated[str | None, typer.Option(metavar="TIME", help="With --scope: when the notice came.")] = None,
    attempts: Annotated[int | None, typer.Option(min=1, help="Or as the notice says: at most so many attempts.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Or as the notice says: none after this.")] = None,
    at: At = None,
    store: StoreAt = DEFAULT_STORE,
    lang: LangChoice = Lang.ZH,
) -> None:
    """State how many attempts the platform allows for a step, and until when.

    Example: negassoc case limit 20261102-a1b2c3 OV8 --scope shop_general --notified 2026-11-02T09:00:00+08:00 --who 王敏
    """
    from negassoc.cases import AttemptLimit, appeal_limit

    with opened(store) as kept:
        found = case_in(kept, case)
        came = parse_now(notified)
        if scope and came is None:
            raise typer.BadParameter("--scope counts from the notice; give --notified TIME as well")
        known = appeal_limit(found.plan.platform or "", scope, notified_at=came) if scope and came else None
        changed = found.limit(
            step, known or AttemptLimit(max_attempts=attempts, window_ends_at=parse_now(until)), who=who, at=parse_now(at)
        )  # fmt: skip
        changed.save(kept)
    _tell_last(changed, lang)


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


def _named(who: str) -> str:
    if not who.strip():
        raise typer.BadParameter("say who does it: --who NAME")
    return who


def _stage(name: str) -> str:
    from negassoc.cases import Stage
    from negassoc.errors import UnknownNameError

    try:
        return Stage.of(name)
    except UnknownNameError:
        raise typer.BadParameter(f"{name!r} is no stage ({', '.join(Stage)}); to move a step, say its new STATE as well") from None


def _state(name: str) -> str:
    from negassoc.cases import State
    from negassoc.errors import UnknownNameError

    try:
        return State.of(name)
    except UnknownNameError:
        raise typer.BadParameter(f"{name!r} is no state; one of {', '.join(f'{state} ({state.words.zh})' for state in State)}") from None
