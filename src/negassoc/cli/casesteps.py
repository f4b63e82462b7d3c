"""The commands that carry a case on, step by step: `case move | add | escalate | replan | limit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import attrs
import typer

from negassoc.classify import AssociationType, Grade  # noqa: TC001 - typer reads the annotations
from negassoc.cli.caseviews import DEFAULT_STORE, At, CaseId, StoreAt, Who, case_in, folder_beside, opened, placing, registered
from negassoc.cli.console import FactsFile, Lang, LangChoice, common_facts, parse_now, type_named

if TYPE_CHECKING:
    from negassoc.cases import Case

Why: TypeAlias = Annotated[
    str | None, typer.Option("--why", metavar="TEXT", help="The reason; needed to fail, skip, go back or take up again.")
]
StepId: TypeAlias = Annotated[str, typer.Argument(metavar="STEP", help="The step's id, like C0.")]


def register(cases: typer.Typer) -> None:
    """Add the commands of this group to those on cases."""
    for command in (move, add, escalate, replan, limit):
        cases.command()(command)


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
