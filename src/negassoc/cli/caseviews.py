"""Cases out of a store, plans out of a file, and how they look: as text in each form, as tables on the screen, as records.

The options that name a case, its store, who acts on it and when are here too: every command on cases has them.
"""

from __future__ import annotations

import contextlib
import enum
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import attrs
import typer

from negassoc.cli.console import say, screen
from negassoc.errors import DataError, Problem, UnknownNameError
from negassoc.playbooks import beijing
from negassoc.records import read_text, structure, unstructure

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from negassoc.brand import Brand
    from negassoc.cases import Case, Task
    from negassoc.cases.evidence import Evidence
    from negassoc.cases.kpi import Kpi
    from negassoc.cases.store import SqlStore
    from negassoc.playbooks import Plan
    from negassoc.records import Json

StoreAt: TypeAlias = Annotated[
    str, typer.Option("--store", metavar="FILE|URL", help="Where cases are kept: a file, or a postgresql:// URL.")
]
Who: TypeAlias = Annotated[str, typer.Option("--who", metavar="NAME", help="Who does it; it goes into the log.")]
At: TypeAlias = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="When: ISO 8601, without offset Beijing time; now if left out.")
]
CaseId: TypeAlias = Annotated[str, typer.Argument(metavar="CASE", help="The case's id (see: negassoc case list).")]
DEFAULT_STORE = "negassoc.db"


class CaseForm(enum.StrEnum):
    """What `case export` writes."""

    MARKDOWN = "markdown"
    CSV = "csv"
    XLSX = "xlsx"
    ICS = "ics"
    JSON = "json"
    CACAO = "cacao"


def opened(store: str) -> SqlStore:
    """The store, made if it is not there."""
    from negassoc.cases import open_store

    return open_store(store)


def case_in(store: SqlStore, name: str) -> Case:
    """One case of a store; `UnknownNameError` names those it has."""
    from negassoc.cases import Case

    if store.load("case", name) is None:
        raise UnknownNameError("case", name, store.keys("case"))
    return Case.load(store, name)


def load_case(store: str, name: str) -> Case:
    """One case of the store at a path or URL."""
    with existing(store) as kept:
        return case_in(kept, name)


def all_cases(store: str) -> list[Case]:
    """All cases of the store at a path or URL."""
    with existing(store) as kept:
        return [case_in(kept, name) for name in kept.keys("case")]


def existing(store: str) -> SqlStore:
    """The store; `DataError` if there is none."""
    if "://" not in store and not Path(store).exists():
        raise DataError([Problem(store, "no such store; open a case first, or say --store FILE")])
    return opened(store)


def folder_beside(store: str) -> Path | None:
    """The folder of evidence that lies beside a store in a file, under the name `evidence`; None where there is no register."""
    from negassoc.cases.custody import LOG

    folder = Path(store).parent / "evidence"
    return folder if "://" not in store and (folder / LOG).is_file() else None


def registered(folder: Path | None) -> tuple[Evidence, ...] | None:
    """What a folder of evidence holds, None without one; `DataError` if it is no such folder."""
    from negassoc.cases.custody import LOG, EvidenceFolder

    if folder and not (folder / LOG).is_file():
        raise DataError([Problem(str(folder), "no folder of evidence; make one with: negassoc evidence add FOLDER FILE --who NAME")])
    return EvidenceFolder(folder).register() if folder else None


@contextlib.contextmanager
def placing(folder: Path | None) -> Iterator[None]:
    """An id of evidence that is not registered is told with the folder that was asked."""
    try:
        yield
    except UnknownNameError as error:
        if error.kind != "evidence":
            raise
        raise DataError([Problem(str(folder), f"{error}; register it first: negassoc evidence add {folder} FILE --who NAME")]) from None


def plans_in(path: Path, brand: Brand) -> Iterator[Plan]:
    """The plans in a file of JSON lines: those of `plan --format json`, and the `{"plan": …}` lines of `scan`."""
    from negassoc.playbooks import Plan

    plain = unstructure(attrs.evolve(brand, key=None))
    whose = {key: value for key, value in plain.items() if key != "key"} if isinstance(plain, dict) else {}
    count = 0
    for number, line in enumerate(read_text(path).split("\n"), 1):
        record = _record(line, f"{path}:{number}")
        found = record.get("plan", record) if "mention" not in record else None
        if isinstance(found, dict):
            count += 1
            yield structure({**found, "brand": whose}, Plan, where=f"{path}:{number}")
    if not count:
        raise DataError([Problem(str(path), "no plan in it; make one with: negassoc plan TYPE --format json")])


def _record(line: str, where: str) -> dict[str, Json]:
    if not line.strip():
        return {"mention": None}
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError([Problem(where, f"not valid JSON: {error.msg}")]) from None
    return record if isinstance(record, dict) else {"mention": None}


def case_text(case: Case, form: CaseForm, lang: str) -> str:
    """The case in one form of text."""
    if form is CaseForm.JSON:
        return case.to_json()
    if form is CaseForm.CSV:
        from negassoc.report.columns import ACTIONS
        from negassoc.report.rows import task_rows
        from negassoc.report.tables import to_csv

        return to_csv(ACTIONS, task_rows([case]))
    if form is CaseForm.ICS:
        from negassoc.report.calendar import case_calendar

        return case_calendar(case, lang=lang).decode()
    if form is CaseForm.CACAO:
        from negassoc.report.cacao import case_cacao

        return json.dumps(case_cacao(case, lang=lang), ensure_ascii=False, indent=2)
    from negassoc.report.casefile import case_markdown

    return case_markdown(case, lang=lang)


def write_workbook(case: Case, path: Path) -> None:
    """The case as an Excel workbook: its steps, and its log."""
    from negassoc.report.columns import ACTIONS
    from negassoc.report.rows import task_rows
    from negassoc.report.tables import Sheet, write_xlsx

    log = [{"at": e.at, "who": e.who, "what": e.what, "target": e.target, "old": e.old, "new": e.new, "why": e.why} for e in case.log]
    sheets = [Sheet("步骤", columns=ACTIONS, rows=task_rows([case]))]
    sheets += [Sheet("处理记录", columns=["at", "who", "what", "target", "old", "new", "why"], rows=log)]
    for problem in write_xlsx(path, sheets):
        say(str(problem))


def due_record(case: Case, task: Task, at: dt.datetime) -> dict[str, Json]:
    """One line of `due --json`."""
    deadline = task.deadline_at
    return {
        "case": case.id, "brand": case.plan.brand.name, "id": task.id, "title": {"zh": task.title.zh, "en": task.title.en},
        "role": task.action.role, "assignee": task.assignee, "state": task.state.value, "stage": task.stage.value,
        "due_at": deadline.isoformat() if deadline else None, "due_basis": {"zh": task.action.due_basis.zh, "en": task.action.due_basis.en},
        "overdue": bool(deadline and deadline < at), "waiting": task.state.value == "waiting_platform", "on_duty": _on_duty(task),
    }  # fmt: skip


def _on_duty(task: Task) -> bool:
    """Whether the step itself is due when nobody works as a rule; the platform's answer may come when it likes."""
    return task.action.on_duty and task.deadline_at == task.action.due_at


def due_table(found: list[tuple[Case, Task]], at: dt.datetime, lang: str) -> None:
    """What is due, on the screen."""
    from rich.table import Column, Table

    zh = lang == "zh"
    heads = ("最晚（北京时间）", "案件", "做什么", "谁来做", "状态") if zh else ("By (Beijing)", "Case", "What", "Who", "State")
    table = Table(*(Column(head, overflow="fold") for head in heads))
    for case, task in found:
        deadline = task.deadline_at or at
        late = ("（已过时限）" if zh else " (overdue)") if deadline < at else ("（值班）" if zh else " (on duty)") if _on_duty(task) else ""
        who = task.assignee or (task.action.role_title.of(lang) if task.action.role_title else task.action.role)
        table.add_row(beijing(deadline, lang) + late, case.id, f"{task.id} {task.action.titled(lang)}", who, task.state.words.of(lang))
    if found:
        screen().print(table)
    else:
        say("nothing is due" if not zh else "没有到期的步骤")


def list_table(cases: list[Case], at: dt.datetime | None, lang: str) -> None:
    """The cases, on the screen."""
    from rich.table import Column, Table

    from negassoc.report.phrases import subject

    zh = lang == "zh"
    heads = ("案件", "品牌", "类型", "针对", "等级", "阶段", "未完成", "已过时限", "下一期限")
    english = ("Case", "Brand", "Type", "About", "Grade", "Stage", "Open", "Overdue", "Next deadline")
    table = Table(*(Column(head, overflow="fold") for head in (heads if zh else english)))
    for case in cases:
        plan = case.plan
        times = [task.deadline_at for task in case if task.deadline_at]
        table.add_row(
            case.id, plan.brand.name, plan.type.words.of(lang), subject(plan, lang, 1) or "—", plan.grade.value, case.stage.words.of(lang),
            str(sum(not task.settled for task in case)), str(len(case.overdue(at))), beijing(min(times), lang) if times else "—",
        )  # fmt: skip
    if cases:
        screen().print(table)
    else:
        say("no open case" if not zh else "没有未结的案件")


def kpi_table(found: Iterable[Kpi], lang: str) -> None:
    """The measures, on the screen; unknown ones say so."""
    from rich.table import Column, Table

    zh = lang == "zh"
    heads = ("指标", "目前", "目标", "个数", "怎么算") if zh else ("Measure", "Now", "Target", "Count", "How")
    table = Table(*(Column(head, overflow="fold") for head in heads))
    for each in found:
        asked = each.definition
        share = asked.id not in {"misrouted", "appeal_attempts"}
        now = ("还不知道" if zh else "not known yet") if each.value is None else f"{each.value:.0%}" if share else f"{each.value:g}"
        target = f"{'≥' if asked.more else '≤'}{asked.target:.0%}" if share else f"≤{asked.target:g}"
        mark = {True: "✓ ", False: "✗ ", None: ""}[each.met]
        table.add_row(asked.title.of(lang), mark + now, target, str(each.count), asked.how.of(lang))
    screen().print(table)
