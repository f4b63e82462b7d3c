"""Learn weights from labelled mentions: a regularised linear model, reproducible to the digit, written as readable tables.

Needs the extra `fit`. With a pack to start from, what is learnt is the difference: a few corrections move a few weights.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import attrs

from negassoc.classify.finding import FOUR_TYPES, AssociationType
from negassoc.classify.reading import Reading
from negassoc.classify.recipes import BORROWED, RECIPES, Limit, Recipe, limit, limits_at_once
from negassoc.classify.rules import packaged_rules
from negassoc.classify.weights import ASKED, STATEMENT, WORDING_SCALE, Table, Weights, as_worded
from negassoc.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from scipy.sparse import csr_matrix

    Vector: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]
    Matrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]

_LONGEST_RUN = 4


@attrs.frozen
class Example:
    """One labelled mention as the learner sees it: its reading, its signals, the label, how much it counts.

    `asked`: which column it teaches, or `statement`; without it a post teaches `post`, a review `review`, all else `statement`
    (`Knowledge.way` says how the classifier would judge it). `yes`: the answer, where the question is not whether something negative
    is said.
    """

    reading: Reading
    values: Mapping[str, float] = attrs.field(hash=False)
    label: AssociationType
    weight: float = 1.0
    asked: str | None = None
    yes: bool | None = None

    @property
    def question(self) -> str:
        """Which column it teaches, or `statement`: that of its situation unless another is said."""
        return self.asked or (self.reading.situation if self.reading.situation in {"post", "review"} else "statement")

    @property
    def truth(self) -> bool:
        """The answer to its question."""
        return self.label is not AssociationType.NONE if self.yes is None else self.yes


def fit_weights(examples: Sequence[Example], *, start: Weights | None = None, recipes: Mapping[str, Recipe] = RECIPES) -> Weights:
    """All three tables. With `start`, only columns that have examples are moved, and from where they stand.

    `MissingExtraError` without the extra `fit`.
    """
    return Weights(
        fit_negative(examples, start=start, recipes=recipes),
        fit_types(examples, start=start, recipes=recipes),
        fit_statements(examples, start=start, recipes=recipes),
    )


def fit_negative(examples: Sequence[Example], *, start: Weights | None = None, recipes: Mapping[str, Recipe] = RECIPES) -> Table:
    """The columns of `ASKED` alone: is something negative said of the brand, and is it told like chatter?"""
    ordered = _in_order(examples)
    columns = dict[str, dict[str, float]]()
    for question in sorted(ASKED, key=lambda q: recipes[q].borrows is not None):
        mine, recipe = [e for e in ordered if e.question == question], recipes[question]
        if recipe.borrows:
            columns[question] = _borrowing(mine, question, recipe, columns[recipe.borrows] if start is None else {}, start)
        else:
            columns[question] = _negative(mine, question, recipe, start)
    return _moved(start.negative if start else Table(ASKED, {}, {}), columns)


def fit_types(examples: Sequence[Example], *, start: Weights | None = None, recipes: Mapping[str, Recipe] = RECIPES) -> Table:
    """Of which type, alone? Examples of none of the four teach nothing here."""
    chosen = [e for e in _in_order(examples) if e.label in FOUR_TYPES and e.yes is None]
    return _several(chosen, FOUR_TYPES, recipes["types"], start.types if start else None)


def fit_statements(examples: Sequence[Example], *, start: Weights | None = None, recipes: Mapping[str, Recipe] = RECIPES) -> Table:
    """What is judged at once: the four types and `none` side by side."""
    chosen = [e for e in _in_order(examples) if e.question == "statement"]
    return _several(chosen, STATEMENT, recipes["statement"], start.statements if start else None)


def _in_order(examples: Sequence[Example]) -> list[Example]:
    """The same order whatever order they come in, so that sums of floats come out the same to the last digit."""
    _require()
    return sorted(examples, key=lambda e: (e.reading.mention.id, e.label, e.reading.body, e.question))


def folds_of(examples: Sequence[Example], count: int = 3) -> tuple[int, ...]:
    """For each example, in which of `count` folds it is left out, so that weights learnt from the others can be held against it.

    The labels are spread over all folds, and texts that are equal stay together. The same examples fall the same way in whatever order.
    """
    folds: dict[str, int] = {}
    for label in AssociationType:
        bodies = {example.reading.body for example in examples if example.label is label}
        for body in sorted(bodies, key=lambda body: hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest()):
            folds.setdefault(body, len(folds) % count)
    return tuple(folds[example.reading.body] for example in examples)


def runs_of(body: str) -> set[str]:
    """The runs of one to four characters in a text, none across a line's end."""
    text = as_worded(body)
    return {run for size in range(1, _LONGEST_RUN + 1) for i in range(len(text) - size + 1) if "\n" not in (run := text[i : i + size])}


@attrs.frozen(kw_only=True)
class _Task:
    """One sum to learn: which example has which of the columns, and the table where these stood before; None is a column of zeros that
    stays as it is."""

    examples: list[Example]
    truth: list[list[float]]
    recipe: Recipe
    start: Table | None
    columns: tuple[str | None, ...]
    kinds: tuple[AssociationType, ...] = ()

    @functools.cached_property
    def seen(self) -> Counter[str]:
        """How many examples have each run of characters."""
        return Counter(run for e in self.examples for run in runs_of(e.reading.body))

    @functools.cached_property
    def measured(self) -> frozenset[str]:
        """The signals that some example has."""
        return frozenset(name for e in self.examples for name, value in e.values.items() if value)

    @functools.cached_property
    def old(self) -> dict[str, tuple[float, ...]]:
        """What weighed something before, of all that the examples have: what none of them has stays as it is and is not looked at."""
        if self.start is None:
            return {}
        at = [None if column is None else self.start.columns.index(column) for column in self.columns]
        sorts = (("signal:", self.start.signals, (*self.measured, "bias")), ("wording:", self.start.wordings, self.seen))
        rows = {sort + name: rows[name] for sort, rows, names in sorts for name in names if name in rows}
        cut = {name: tuple([0.0 if i is None else row[i] for i in at]) for name, row in rows.items()}
        return {name: row for name, row in cut.items() if any(row)}


def _negative(examples: list[Example], situation: str, recipe: Recipe, start: Weights | None) -> dict[str, float]:
    if not examples:
        return {}
    truth = [[0.0, 1.0] if e.truth else [1.0, 0.0] for e in examples]
    task = _Task(examples=examples, truth=truth, recipe=recipe, start=start.negative if start else None, columns=(None, situation))
    return {name: weight for name, (_, weight) in _learn(task).items()}


def _borrowing(
    examples: list[Example], situation: str, recipe: Recipe, lent: Mapping[str, float], start: Weights | None
) -> dict[str, float]:
    """With another column's strongest wordings at the share that suits these examples best; its signals are learnt beside it."""
    wordings = [key for key in lent if key.startswith("wording:") and lent[key]]
    strongest = sorted(wordings, key=lambda key: (-abs(lent[key]), key))[: recipe.wordings]
    said = _moved(Table(("lent",), {}, {}), {"lent": {key: lent[key] for key in strongest}}).column("lent")
    told = [attrs.evolve(e, values={**e.values, BORROWED: said.total({}, e.reading.body)} if strongest else e.values) for e in examples]
    learnt = _negative(told, situation, attrs.evolve(recipe, wordings=0), start)
    share = learnt.pop("signal:" + BORROWED, 0.0)
    return learnt | {key: float(f"{share * lent[key]:.4g}") for key in strongest if share}


def _several(examples: list[Example], kinds: tuple[AssociationType, ...], recipe: Recipe, start: Table | None) -> Table:
    names = tuple(t.value for t in kinds)
    if not examples:
        return start or Table(names, {}, {})
    truth = [[1.0 if e.label is t else 0.0 for t in kinds] for e in examples]
    learnt = _learn(_Task(examples=examples, truth=truth, recipe=recipe, start=start, columns=names, kinds=kinds))
    columns = {kind: {name: row[i] for name, row in learnt.items()} for i, kind in enumerate(names)}
    return _moved(start or Table(names, {}, {}), columns)


def _learn(task: _Task) -> dict[str, tuple[float, ...]]:
    known = task.old
    measured = {
        f"signal:{name}"
        for name in task.measured | _declared(task)
        if name.startswith(task.recipe.only) and not name.startswith(task.recipe.ignores)
    }
    measured = measured if task.recipe.ridge is not None else set()
    names = sorted(measured | {"signal:bias"} | {n for n in known if n.startswith("signal:")})
    runs = _runs(task) | {n.removeprefix("wording:") for n in known if n.startswith("wording:")}
    learnt = _solve(task, names, sorted(runs))
    if not known and len(runs) > task.recipe.wordings:
        learnt = _solve(task, names, sorted(_strongest(learnt, runs, task)))
    return learnt if known or task.recipe.trust == 1 else _rounded(learnt, task.recipe.trust)


def _declared(task: _Task) -> frozenset[str]:
    """The packaged rules that say what they count at least: where nothing was known before, they do so without an example."""
    return frozenset(f"rule:{rule.id}" for rule in packaged_rules().rules.values() if rule.least) if task.start is None else frozenset()


def _rounded(learnt: Mapping[str, tuple[float, ...]], trust: float = 1.0) -> dict[str, tuple[float, ...]]:
    return {name: tuple([float(f"{weight * trust:.4g}") for weight in row]) for name, row in learnt.items()}


def _strongest(learnt: Mapping[str, tuple[float, ...]], runs: set[str], task: _Task) -> list[str]:
    moved = {run: max(map(abs, learnt["wording:" + run])) for run in runs}
    if task.recipe.rare:
        moved = {run: weight * math.sqrt(task.seen[run]) for run, weight in moved.items()}
    return sorted(runs, key=lambda run: (-moved[run], run))[: task.recipe.wordings]


def _runs(task: _Task) -> set[str]:
    return {run for run, count in task.seen.items() if count >= task.recipe.seen} if task.recipe.wordings else set()


def _solve(task: _Task, names: list[str], runs: list[str]) -> dict[str, tuple[float, ...]]:
    import numpy as np

    design, scale = _design(task.examples, names, runs)
    columns, recipe = [*names, *("wording:" + run for run in runs)], task.recipe
    nothing = (0.0,) * len(task.columns)
    prior = np.array([task.old.get(name, nothing) for name in columns]) / scale[:, None]
    ridge = np.array([0.01 if name == "signal:bias" else recipe.ridge or 0.0 for name in names] + [_hold(run, task) for run in runs])
    theta = _softmax(task, design, prior, ridge, _bounds(task, columns, scale)) * scale[:, None]
    return _rounded({name: tuple(row) for name, row in zip(columns, theta.tolist(), strict=True)})


def _hold(run: str, task: _Task) -> float:
    if not task.recipe.rare:
        return task.recipe.wording_ridge
    return task.recipe.wording_ridge / (1 + math.log((1 + len(task.examples)) / (1 + task.seen[run]))) ** 2


def _weight(task: _Task) -> Vector:
    """How much each example counts."""
    import numpy as np

    weight = np.array([e.weight for e in task.examples])
    if not task.recipe.balanced or task.old:
        return weight
    truth = np.array(task.truth)
    each = weight @ truth
    share = weight.sum() / np.count_nonzero(each)
    counted: Vector = weight * (truth @ (share / np.where(each > 0, each, 1.0)))
    return counted


def _design(examples: list[Example], names: list[str], runs: list[str]) -> tuple[csr_matrix, Vector]:
    """One row an example. Signals are divided by their spread, so that one ridge suits all; `scale` undoes it in the weights."""
    import numpy as np
    from scipy.sparse import csr_matrix, diags

    at = {name: i for i, name in enumerate(names)} | {"wording:" + run: len(names) + i for i, run in enumerate(runs)}
    places, cells = list[tuple[int, int]](), list[float]()
    for row, example in enumerate(examples):
        for column, cell in _cells(example, at):
            places.append((row, column))
            cells.append(cell)
    matrix = csr_matrix((cells, tuple(zip(*places, strict=True))), shape=(len(examples), len(at)))
    scale = np.ones(len(at))
    dense = matrix[:, : len(names)]
    mean = np.asarray(dense.mean(axis=0)).ravel()
    spread = np.sqrt(np.maximum(np.asarray(dense.multiply(dense).mean(axis=0)).ravel() - mean**2, 0))
    # what hardly ever occurs would get a huge unit and a weight nobody can trust
    scale[: len(names)] = 1 / np.maximum(spread, 0.05)
    scale[names.index("signal:bias")] = 1.0
    return csr_matrix(matrix @ diags(scale)), scale


def _cells(example: Example, at: Mapping[str, int]) -> Iterator[tuple[int, float]]:
    yield at["signal:bias"], 1.0
    yield from ((at["signal:" + name], value) for name, value in example.values.items() if "signal:" + name in at)
    found = [at["wording:" + run] for run in sorted(runs_of(example.reading.body)) if "wording:" + run in at]
    yield from ((column, WORDING_SCALE / len(found) ** 0.5) for column in found)


def _bounds(task: _Task, names: list[str], scale: Vector) -> list[Limit] | None:
    """How far each weight may go, in the units that are solved in, column by column; None where all may go anywhere."""
    if None not in task.columns and AssociationType.NONE not in task.kinds:
        return None
    rows = [limits_at_once(name, task.kinds) if task.kinds else [limit(name, task.recipe)] for name in names]
    return [(low and low / unit, high and high / unit) for row, unit in zip(rows, scale.tolist(), strict=True) for low, high in row]


def _softmax(task: _Task, design: csr_matrix, prior: Matrix, ridge: Vector, bounds: list[Limit] | None) -> Matrix:
    """Minimise the weighted log loss plus half the ridge on the distance from the prior; a column without a name stays as it is."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import log_softmax, softmax
    from threadpoolctl import threadpool_limits

    truth, weight = np.array(task.truth), _weight(task)
    free = [i for i, column in enumerate(task.columns) if column is not None]
    shape = (prior.shape[0], len(free))

    def loss(flat: Vector) -> tuple[float, Vector]:
        theta = prior.copy()
        theta[:, free] = flat.reshape(shape)
        scores = design @ theta
        away = theta - prior
        value = -float((weight[:, None] * truth * log_softmax(scores, axis=1)).sum()) + 0.5 * float((ridge[:, None] * away**2).sum())
        slope = design.T @ (weight[:, None] * (softmax(scores, axis=1) - truth)) + ridge[:, None] * away
        return value, np.ascontiguousarray(slope[:, free]).ravel()

    with threadpool_limits(1, "blas"):  # short vectors: threads cost more than they bring, four times as much on a busy machine
        found = minimize(loss, prior[:, free].ravel(), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200, "maxfun": 300})
    theta = prior.copy()
    theta[:, free] = found.x.reshape(shape)
    return theta


def _moved(table: Table, learnt: Mapping[str, Mapping[str, float]]) -> Table:
    """The table with what was learnt for some of its columns, by `signal:…` or `wording:…`; all else stays as it is."""
    rows: dict[str, dict[str, tuple[float, ...]]] = {"signal": {}, "wording": {}}
    for name in {name for column in learnt.values() for name in column}:
        sort, _, key = name.partition(":")
        before = (table.signals if sort == "signal" else table.wordings).get(key, (0.0,) * len(table.columns))
        rows[sort][key] = tuple([learnt.get(c, {}).get(name, weight) for c, weight in zip(table.columns, before, strict=True)])
    return table.with_rows(rows["signal"], rows["wording"])


def _require() -> None:
    try:
        import numpy as np  # noqa: F401
        import scipy  # noqa: F401
        import threadpoolctl  # noqa: F401
    except ImportError:
        raise MissingExtraError("fit", "fitting weights") from None
