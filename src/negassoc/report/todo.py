"""What is open: the unsettled steps of cases, and the steps of plans that no case has taken up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import attrs

from negassoc.playbooks import Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negassoc.cases import Case
    from negassoc.playbooks import Blocked, Plan


@attrs.frozen(kw_only=True)
class Todo:
    """One step to do for `incidents` incidents: how many of them are `late`, and the deadlines that are `coming`, soonest first.

    `on_duty`: the next deadline falls into the night or on a day off and is kept all the same.
    """

    action: Action
    incidents: int
    late: int
    missed: tuple[dt.datetime, ...]
    coming: tuple[dt.datetime, ...]
    on_duty: bool = False

    @property
    def first_at(self) -> dt.datetime | None:
        """The earliest deadline, missed or coming; None where none is known."""
        return min((*self.missed, *self.coming), default=None)


def todos(plans: Iterable[Plan], cases: Iterable[Case], now: dt.datetime) -> list[Todo]:
    """Everything open, what is due first in front, what has no date behind, in the order of the playbooks."""
    groups = dict[tuple[str, str], list[tuple[Action, dt.datetime | None]]]()
    for action, due in _open(plans, cases):
        groups.setdefault((action.titled("zh"), action.role), []).append((action, due))
    found = [_todo(group, now) for group in groups.values()]
    return sorted(found, key=lambda todo: (todo.first_at is None, todo.first_at or now, todo.action.order))


def refused(plans: Iterable[Plan]) -> list[Blocked]:
    """The refused steps of all plans, each once."""
    return list({(step.title.zh, step.reason.zh): step for plan in plans for step in plan.blocked}.values())


def _open(plans: Iterable[Plan], cases: Iterable[Case]) -> Iterable[tuple[Action, dt.datetime | None]]:
    taken = set[tuple[str, str]]()
    for case in cases:
        taken |= {(case.plan.brand.name, mention) for mention in case.plan.mentions}
        yield from ((task.action, task.deadline_at) for task in case if not task.settled)
    for plan in plans:
        if not {(plan.brand.name, mention) for mention in plan.mentions} & taken:
            yield from ((action, action.due_at) for action in plan)


def _todo(group: Sequence[tuple[Action, dt.datetime | None]], now: dt.datetime) -> Todo:
    times = sorted(due for _, due in group if due)
    missed = tuple(due for due in times if due < now)
    on_duty = not missed and any(action.on_duty and action.due_at == due == times[0] for action, due in group if due)
    coming = tuple(times[len(missed) :])
    return Todo(action=group[0][0], incidents=len(group), late=len(missed), missed=missed, coming=coming, on_duty=on_duty)
