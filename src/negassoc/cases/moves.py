"""Where a case and its steps may go from where they stand: two literal tables, and the rule that evidence comes first."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from negassoc.errors import UnknownNameError
from negassoc.records import Title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negassoc.playbooks import Action


class Stage(enum.StrEnum):
    """Where the whole case stands: 发现 → 评估 → 解决 → 复盘 → 结案.

    >>> Stage.of("评估"), Stage.RESPOND.words.zh
    (<Stage.ASSESS: 'assess'>, '解决')
    """

    DETECT = "detect"
    ASSESS = "assess"
    RESPOND = "respond"
    REVIEW = "review"
    CLOSED = "closed"

    @property
    def words(self) -> Title:
        """Its name for people."""
        return _STAGE_TITLES[self]

    @property
    def rank(self) -> int:
        """Its place in the order, from 0."""
        return _STAGE_ORDER.index(self)

    @classmethod
    def of(cls, name: str) -> Stage:
        """A stage by its value or its Chinese name; `UnknownNameError` if there is none such."""
        found = next((stage for stage in cls if name in {stage.value, stage.words.zh}), None)
        if found is None:
            raise UnknownNameError("stage", name, cls)
        return found


class State(enum.StrEnum):
    """Where one step stands.

    >>> State.of("已完成"), State.WAITING.open
    (<State.DONE: 'done'>, True)
    """

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting_platform"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def words(self) -> Title:
        """Its name for people."""
        return _STATE_TITLES[self]

    @property
    def open(self) -> bool:
        """Whether there is still something to do: everything but done and skipped (a failed step waits for a decision)."""
        return self not in {State.DONE, State.SKIPPED}

    @classmethod
    def of(cls, name: str) -> State:
        """A state by its value or its Chinese name, with or without 已; `UnknownNameError` if there is none such."""
        found = next((state for state in cls if name in {state.value, state.words.zh, state.words.zh.removeprefix("已")}), None)
        if found is None:
            raise UnknownNameError("state", name, cls)
        return found


STAGES: Final[Mapping[Stage, tuple[Stage, ...]]] = {
    Stage.DETECT: (Stage.ASSESS,),
    Stage.ASSESS: (Stage.RESPOND, Stage.DETECT),
    Stage.RESPOND: (Stage.REVIEW, Stage.ASSESS),
    Stage.REVIEW: (Stage.CLOSED, Stage.RESPOND),
    Stage.CLOSED: (Stage.RESPOND,),
}
"""From each stage, the stages it may go to. Forward needs every step up to here settled; backward needs a reason."""

STATES: Final[Mapping[State, tuple[State, ...]]] = {
    State.NOT_STARTED: (State.IN_PROGRESS, State.DONE, State.SKIPPED),
    State.IN_PROGRESS: (State.WAITING, State.DONE, State.FAILED, State.SKIPPED),
    State.WAITING: (State.IN_PROGRESS, State.DONE, State.FAILED, State.SKIPPED),
    State.FAILED: (State.IN_PROGRESS, State.SKIPPED),
    State.DONE: (State.IN_PROGRESS,),
    State.SKIPPED: (State.IN_PROGRESS,),
}
"""From each state, the states a step may go to. Failed, skipped and taking up again what was settled need a reason."""

NEEDS_REASON: Final = frozenset({State.FAILED, State.SKIPPED})
"""What nobody may do without saying why."""

ATTEMPTED: Final = frozenset({"appeal", "report", "disambiguate"})
"""Kinds of step that go to a platform for a decision: each new attempt needs new evidence (GR-10)."""

_STAGE_ORDER: Final = tuple(Stage)
_STAGE_TITLES: Final = {
    Stage.DETECT: Title("发现", "detect"), Stage.ASSESS: Title("评估", "assess"), Stage.RESPOND: Title("解决", "respond"),
    Stage.REVIEW: Title("复盘", "review"), Stage.CLOSED: Title("结案", "closed"),
}  # fmt: skip
_STATE_TITLES: Final = {
    State.NOT_STARTED: Title("未开始", "not started"), State.IN_PROGRESS: Title("进行中", "in progress"),
    State.WAITING: Title("等平台答复", "waiting for the platform"), State.DONE: Title("已完成", "done"),
    State.FAILED: Title("未成功", "failed"), State.SKIPPED: Title("不做", "skipped"),
}  # fmt: skip
_EVIDENCE: Final = frozenset({"evidence", "archive"})
_ASSESSING: Final = frozenset(
    {"safety", "screen", "classify", "grade", "assess", "verify", "find_out", "ask", "analyse", "owner", "decide"}
)
_REVIEWING: Final = frozenset({"review", "prevent"})
_HARMLESS: Final = _EVIDENCE | _ASSESSING | _REVIEWING | {"observe", "task"}
"""Steps that touch nobody outside, so that they need not wait for the evidence."""


def touches_others(kind: str) -> bool:
    """Whether a step of this kind reaches an author, a platform, an authority or the public, and so must wait for the evidence.

    >>> touches_others("report"), touches_others("evidence")
    (True, False)
    """
    return kind not in _HARMLESS


def keeps_evidence(kind: str) -> bool:
    """Whether a step of this kind is one that secures evidence."""
    return kind in _EVIDENCE


def stages_of(actions: Iterable[Action]) -> list[Stage]:
    """The stage each action of an ordered plan belongs to: by its kind, and never before that of the action ahead of it.

    A step that secures more evidence in the midst of the remedies belongs to 解决, not back to 发现; so does a step of prevention on
    which a remedy builds.
    """
    ordered = list(actions)
    built_on = _built_on(ordered)
    stages, reached = list[Stage](), Stage.DETECT
    for action in ordered:
        own = _stage_by_kind(action.kind)
        if own is Stage.REVIEW and action.id not in built_on:
            stages.append(own)
            continue
        reached = max(reached, min(own, Stage.RESPOND, key=_rank), key=_rank)
        stages.append(reached)
    return stages


def _rank(stage: Stage) -> int:
    return stage.rank


def _built_on(actions: list[Action]) -> set[str]:
    """The steps that something other than a review waits for, whether at once or by way of others."""
    found = set[str]()
    for action in reversed(actions):
        if action.id in found or _stage_by_kind(action.kind) is not Stage.REVIEW:
            found.update(action.depends_on)
    return found


def _stage_by_kind(kind: str) -> Stage:
    if kind in _EVIDENCE:
        return Stage.DETECT
    if kind in _ASSESSING:
        return Stage.ASSESS
    return Stage.REVIEW if kind in _REVIEWING else Stage.RESPOND
