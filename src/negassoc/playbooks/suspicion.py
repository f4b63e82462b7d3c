"""Suspicion: how much a whole text sounds like an unlawful order, offer or draft, where the guards' phrases alone do not say.

A linear model over notions (sets of words, `notions.toml`) and short runs of characters: its score is the sum of the weights of what
stands in the text, so it can say where. Weights are data (`weights.json`), fitted on sentences written for the purpose.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.errors import MissingExtraError
from negassoc.records import load_json, load_toml, read_text

if TYPE_CHECKING:
    from negassoc.text.phrases import Folded

WINDOW = 120
"""Characters that are weighed together: in a long text each stretch of sentences of about this length is judged by itself."""

_LONGEST = 3
_FAINT = 0.05
"""Below this a weight of a guard is dropped."""

_DIGIT = re.compile(r"\d")
_CLAUSE = re.compile(r"[^,。!?;:\n]+")


@attrs.frozen(kw_only=True)
class Thresholds:
    """From which score on a text is blocked or gated; `rule` is what an intent that speaks adds to the score, and `excused` what
    one takes away that stands in a frame, two of each at most."""

    block: float
    gate: float
    rule: float
    excused: float = 0.0


@attrs.frozen(kw_only=True)
class Weights:
    """The fitted model: `bias` and a weight a feature; `guards` gives each guard's affinity to the features that tell it."""

    bias: float
    thresholds: Thresholds
    features: Mapping[str, float] = attrs.field(hash=False)
    guards: Mapping[str, Mapping[str, float]] = attrs.field(hash=False)


@attrs.frozen(kw_only=True)
class Suspect:
    """A stretch of text weighed: its score, the guard it most likely concerns, and from `start` to `end` the clause that weighs most.

    `stretch` is where the stretch ends; all in folded characters.
    """

    score: float
    guard: str
    start: int
    end: int
    stretch: int


@attrs.frozen(kw_only=True)
class _Notions:
    notions: Mapping[str, tuple[str, ...]]


@attrs.frozen
class Suspicion:
    """Weighs texts. `Suspicion.default()` is the packaged model; `fit` makes one from examples of your own (extra `fit`)."""

    notions: Mapping[str, tuple[str, ...]] = attrs.field(hash=False, repr=False)
    weights: Weights = attrs.field(repr=False)

    @classmethod
    def default(cls) -> Suspicion:
        """The packaged model."""
        return _default()

    @classmethod
    def load(cls, directory: str | Path) -> Suspicion:
        """The model in `notions.toml` and `weights.json` of a directory; `DataError` says what is wrong with them."""
        folder = Path(directory)
        return cls(load_toml(folder / "notions.toml", _Notions).notions, load_json(folder / "weights.json", Weights))

    def weigh(self, folded: Folded) -> tuple[Suspect, ...]:
        """Each stretch of the text, weighed, in order."""
        return tuple(self._weigh(folded.text, start, end) for start, end in _windows(folded))

    def _weigh(self, text: str, start: int, end: int) -> Suspect:
        stretch = text[start:end]
        features = features_of(stretch, self.notions)
        score = self.weights.bias + sum(self.weights.features.get(name, 0.0) for name in features)
        heaviest = max(_CLAUSE.finditer(stretch), key=lambda match: self._weight_of(match[0]), default=None)
        first, last = heaviest.span() if heaviest else (0, len(stretch))
        return Suspect(score=score, guard=self._guard(features), start=start + first, end=start + last, stretch=end)

    def _weight_of(self, clause: str) -> float:
        return sum(self.weights.features.get(name, 0.0) for name in features_of(clause, self.notions))

    def _guard(self, features: frozenset[str]) -> str:
        def affinity(name: str) -> float:
            table = self.weights.guards[name]
            return table.get("", 0.0) + sum(table.get(feature, 0.0) for feature in features)

        return max(self.weights.guards, key=affinity)

    @classmethod
    def fit(
        cls, unlawful: Sequence[tuple[str, str]], lawful: Sequence[str], *, notions: Mapping[str, tuple[str, ...]], thresholds: Thresholds
    ) -> Suspicion:
        """A model from folded examples: `(text, guard id)` of unlawful ones, and lawful ones.

        A logistic regression on features scaled by how much more often they stand in one kind than in the other; a second one over the
        unlawful texts says which guard one concerns (at least two guards must occur).
        `MissingExtraError` without scikit-learn.
        """
        try:
            from sklearn.feature_extraction import DictVectorizer
            from sklearn.linear_model import LogisticRegression
        except ImportError:
            raise MissingExtraError("fit", "fitting the guards' model") from None
        rows = [features_of(text, notions) for text in (*(text for text, _ in unlawful), *lawful)]
        labels = [1] * len(unlawful) + [0] * len(lawful)
        scale = _scales(rows, labels)
        vectorizer = DictVectorizer()
        matrix = vectorizer.fit_transform([{name: scale[name] for name in row if name in scale} for row in rows])
        model = LogisticRegression(C=0.5, max_iter=3000, class_weight="balanced").fit(matrix, labels)
        names = vectorizer.get_feature_names_out()
        weights = {str(name): round(float(w) * scale[name], 3) for name, w in zip(names, model.coef_[0], strict=True)}
        kept = {name: weight for name, weight in sorted(weights.items()) if abs(weight) >= 0.01}
        about = [{name: _about(name) for name in row if name in scale} for row in rows[: len(unlawful)]]
        vectors = DictVectorizer()
        which = LogisticRegression(max_iter=3000).fit(vectors.fit_transform(about), [guard for _, guard in unlawful])
        telling = [str(name) for name in vectors.get_feature_names_out()]
        guards = {
            str(guard): {"": round(float(first), 2)} | _affinities(telling, row)
            for guard, first, row in zip(which.classes_, which.intercept_, which.coef_, strict=True)
        }
        return cls(notions, Weights(bias=round(float(model.intercept_[0]), 3), thresholds=thresholds, features=kept, guards=guards))

    def save(self, path: str | Path) -> None:
        """Write the weights as JSON, a feature a line."""
        from negassoc.records import unstructure

        Path(path).write_text(json.dumps(unstructure(self.weights), ensure_ascii=False, indent=0) + "\n", "utf-8")


def features_of(text: str, notions: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """What a folded text has: `#notion` for each notion present, and its runs of one to three characters, digits alike."""
    marked = f"^{_DIGIT.sub('0', text)}$"
    runs = {marked[i : i + size] for size in range(1, _LONGEST + 1) for i in range(len(marked) - size + 1)}
    return frozenset(runs | {f"#{name}" for name, words in notions.items() if any(word in text for word in words)})


def _about(name: str) -> float:
    """How much a feature counts in telling which guard is concerned: a notion more than a run of characters."""
    return 1.0 if name.startswith("#") else 0.3


def _affinities(names: Sequence[str], coefficients: Iterable[float]) -> dict[str, float]:
    """A guard's weight a feature; what hardly matters is left out, for the size of the file."""
    weights = ((name, round(float(weight) * _about(name), 2)) for name, weight in zip(names, coefficients, strict=True))
    return {name: weight for name, weight in weights if abs(weight) >= _FAINT}


def _windows(folded: Folded) -> list[tuple[int, int]]:
    windows = list[tuple[int, int]]()
    for start, end in folded.sentences():
        if windows and end - windows[-1][0] <= WINDOW:
            windows[-1] = windows[-1][0], end
        else:
            windows.append((start, end))
    return windows


def _scales(rows: Sequence[frozenset[str]], labels: Sequence[int]) -> dict[str, float]:
    """How telling a feature is: the log ratio of its shares in both kinds; notions count in full; what stands once is left out."""
    seen = Counter(name for row in rows for name in row)
    mine = Counter(name for row, label in zip(rows, labels, strict=True) if label for name in row)
    all_mine, all_other = sum(1 + mine[n] for n in seen), sum(1 + seen[n] - mine[n] for n in seen)
    return {
        name: 1.0 if name.startswith("#") else abs(math.log(((1 + mine[name]) / all_mine) / ((1 + count - mine[name]) / all_other)))
        for name, count in seen.items()
        if count > 1
    }


@functools.cache
def _default() -> Suspicion:
    return Suspicion.load(Path(__file__).parents[1] / "data" / "guards" / "model")


def read_examples(path: str | Path) -> list[dict[str, str]]:
    """The lines of a file of examples: `{"text": …, "guard": "GR-13"}`, with an empty guard for a lawful one."""
    return [dict(json.loads(line)) for line in read_text(path).splitlines() if line.strip()]
