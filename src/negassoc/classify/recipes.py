"""How each column of the weights is learnt: how hard weights are held to zero, what is looked at, and how far each weight may go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from negassoc.classify.finding import AssociationType
from negassoc.classify.rules import Rule, packaged_rules
from negassoc.classify.weights import FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

Limit: TypeAlias = tuple[float | None, float | None]
"""The least and the most that a weight may be; None where there is none."""

_RAISES = ("complaint", "attack", "rhetorical", "request", "severity", "strong-blame", "blame", "head-blame", "balance")
_LOWERS = ("praise", "harmless", "suppressed", "resolved", "no-blame", "question", "short", "tags", "length", "fair", "topic", "claim")


@attrs.frozen(kw_only=True)
class Recipe:
    """How hard to hold weights to zero (`ridge`, `wording_ridge`; `ridge` None: no signals, only wordings), and how many wordings to
    keep (0: none) of those seen `seen` times.

    `signed`: blame may only raise and praise only lower the score, and what a mention is (its kind, who else is named) counts
    nothing: else the learner learns how its sets were made. `ignores`: the beginnings of signals that are left out; `only`: of those
    that are looked at (all, if nothing is said). `trust`: by what all weights are multiplied in the end, since sums learnt from few hands
    are too sure of other hands (a rule's `least` with them).
    `rare`: a wording is held the looser the fewer examples have it, as in tf-idf, and kept for how much it moves all of them together.
    `balanced`: each label counts as much as any other, however many examples it has, where nothing was known before.
    `borrows`: the column of which it takes over the strongest `wordings`, all at one share that is learnt, where nothing was known before.
    """

    ridge: float | None
    signed: bool = False
    ignores: tuple[str, ...] = ()
    only: tuple[str, ...] = ("",)
    wording_ridge: float = 1.0
    wordings: int = 0
    seen: int = 3
    trust: float = 1.0
    rare: bool = False
    balanced: bool = False
    borrows: str | None = None


BORROWED: Final = "borrowed"
"""The signal that stands for the sum of the column that is borrowed from, while its share is learnt."""
_INCIDENTAL = (
    "named:", "unnamed", "length", "short:", "in-thread", "tags", "verified", "exclaimed",
    "kind:note", "kind:video", "kind:comment", "kind:reply",
)  # fmt: skip
_WHOSE = tuple(
    "rule:" + name
    for name in ("name-in-longer-name", "name-of-", "ordinary-name-", "other-city-", "common-word", "like-name", "only-another-")
)
"""Whose affair it is says nothing of whether anything negative is told: only written mentions of such sort are mostly negative."""
_FACTS_SOMEWHERE = ("head:fault", "head:merit", "tag:fault", "tag:merit")
RECIPES: Mapping[str, Recipe] = {
    # who chats of a brand in a stream names faults of all sorts of things: there they told nothing
    "post": Recipe(ridge=80, signed=True, borrows="review", wordings=3000, ignores=(*_WHOSE, *FACTS, *_FACTS_SOMEWHERE)),
    "review": Recipe(ridge=10, only=FACTS, wording_ridge=3, wordings=15000, seen=6),
    "chatter": Recipe(ridge=None, wording_ridge=0.5, wordings=4000, seen=5),
    "statement": Recipe(
        ridge=40, wording_ridge=4, wordings=50000, seen=2, ignores=("named:", "unnamed"), trust=0.675, rare=True, balanced=True
    ),
    "types": Recipe(ridge=4, wording_ridge=0.5, wordings=8000, seen=5, ignores=_INCIDENTAL),
}


def limit(name: str, recipe: Recipe) -> Limit:
    """`signed` binds everything; else only what says itself how much it counts at least."""
    if recipe.signed:
        return _bound(name)
    rule = _rule(name)
    return _by_rule(name) if rule is not None and rule.least else (None, None)


def limits_at_once(name: str, kinds: tuple[AssociationType, ...]) -> list[Limit]:
    """Of five sums side by side, what a rule counts at least is shared by its own type and `none`."""
    rule = _rule(name)
    if rule is None or not rule.least:
        return [(None, None)] * len(kinds)
    limits: dict[AssociationType, Limit] = {AssociationType.NONE: (None, -rule.least / 2)}
    limits |= {rule.type: (rule.least / 2, None)}
    return [limits.get(kind, (None, None)) for kind in kinds]


def _rule(name: str) -> Rule | None:
    return packaged_rules().rules.get(name.removeprefix("signal:rule:")) if name.startswith("signal:rule:") else None


def _by_rule(name: str) -> Limit:
    """What a rule counts at least, as a sign of something negative or of its absence."""
    rule = _rule(name)
    least = rule.least if rule else 0.0
    return (None, -least) if rule is not None and rule.type is AssociationType.NONE else (least, None)


def _bound(name: str) -> Limit:
    sort, _, signal = name.partition(":")
    if sort == "wording" or signal == "bias":
        return None, None
    if signal.startswith("rule:"):
        return _by_rule(name)
    word = signal.rpartition(":")[2].rstrip("0123") or signal
    if signal == BORROWED or word in _RAISES or signal in _RAISES:
        return 0.0, None
    if word in _LOWERS or signal.partition(":")[0] in _LOWERS:
        return None, 0.0
    return 0.0, 0.0
