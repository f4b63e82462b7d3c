"""In which order the steps of several playbooks are done: safety, evidence, windows, customers, corrections, notices, the rest."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final, get_args

from negassoc.playbooks.playbook import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negassoc.playbooks.playbook import Step

_STAGES: Final = get_args(Stage)


def merged(steps: Sequence[Step], *, urgent_entity: bool = False) -> list[Step]:
    """Steps of one playbook or several by stage; within a stage as given, and none before what it comes after.

    `urgent_entity`: a platform window runs for the appeal of an algorithm's error too, so it moves up to the windows.
    """
    place = {step.id: index for index, step in enumerate(steps)}
    waiting = {step.id: {name for name in step.after if name in place} for step in steps}
    ready = [(_rank(step, urgent_entity), place[step.id]) for step in steps if not waiting[step.id]]
    heapq.heapify(ready)
    done: list[Step] = []
    while ready:
        step = steps[heapq.heappop(ready)[1]]
        done.append(step)
        for other in steps:
            if step.id in waiting[other.id]:
                waiting[other.id].remove(step.id)
                if not waiting[other.id]:
                    heapq.heappush(ready, (_rank(other, urgent_entity), place[other.id]))
    return done


def before_in(steps: Sequence[Step], everything: dict[str, Step]) -> dict[str, tuple[str, ...]]:
    """For each step the ones of `steps` it comes after; where one is not among them, what that one comes after instead."""
    kept = {step.id for step in steps}

    def resolve(name: str, seen: frozenset[str]) -> list[str]:
        if name in kept:
            return [name]
        step = everything.get(name)
        return [] if step is None or name in seen else [r for other in step.after for r in resolve(other, seen | {name})]

    return {step.id: tuple(dict.fromkeys(r for name in step.after for r in resolve(name, frozenset()))) for step in steps}


def _rank(step: Step, urgent_entity: bool) -> int:
    stage = "window" if urgent_entity and step.stage == "entity" else step.stage
    return _STAGES.index(stage)
