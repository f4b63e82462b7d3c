"""The deadlines of the cases in a store, as thresholds and digests look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc.cases.case import KIND, Case
from negassoc.cases.moves import Stage
from negassoc.errors import DataError, Problem, UnknownNameError
from negassoc.watch.thresholds import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.brand import Brand
    from negassoc.cases.store import SqlStore


def open_cases(store: SqlStore, brand: Brand, problems: list[Problem] | None = None) -> Iterator[Case]:
    """The cases of the brand that are not closed. One that cannot be read becomes a problem, and the others are still given."""
    for key in store.keys(KIND):
        try:
            case = Case.load(store, key)
        except DataError as error:
            if problems is not None:
                problems += error.problems
            continue
        except UnknownNameError:
            continue  # removed since the list was read
        if case.stage is not Stage.CLOSED and brand.is_called(case.plan.brand.key or case.plan.brand.name):
            yield case


def deadlines_of(store: SqlStore, brand: Brand, problems: list[Problem] | None = None) -> list[Deadline]:
    """The open steps of the brand's open cases that have a deadline, most urgent first."""
    found = [
        Deadline(case=case.id, step=task.id, title=task.title, due_at=task.deadline_at, grade=case.plan.grade)
        for case in open_cases(store, brand, problems)
        for task in case
        if task.deadline_at
    ]
    return sorted(found, key=lambda one: (one.due_at, one.case, one.step))
