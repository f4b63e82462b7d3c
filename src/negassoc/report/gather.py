"""Judging a whole source in a notebook or a script: progress while it runs, and what has arrived kept when somebody stops it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sized
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, overload

import attrs

from negassoc.classify import Classification
from negassoc.errors import DataError, MissingExtraError, NegassocError, Problem
from negassoc.events import Event, Hook, Progress
from negassoc.facts import FactFile, Facts
from negassoc.protocols import Classifier

if TYPE_CHECKING:
    from negassoc.mention import Mention
    from negassoc.protocols import Source


@attrs.frozen(repr=False)
class Gathered:
    """The verdicts that have arrived. `problems` are the rows that the source could not read and the mentions that could not be
    judged; `interrupted` is True where somebody stopped it, or the source broke off. It goes wherever verdicts go:
    `Report(gathered, brand=…)`."""

    verdicts: tuple[Classification, ...]
    problems: tuple[Problem, ...] = attrs.field(default=(), kw_only=True)
    interrupted: bool = attrs.field(default=False, kw_only=True)

    def __repr__(self) -> str:
        counts = Counter(verdict.type for verdict in self.verdicts)
        types = ", ".join(f"{count:,} {kind.value}" for kind, count in counts.most_common())
        cut = ", interrupted" if self.interrupted else ""
        return f"<Gathered {len(self.verdicts):,} verdicts ({types}), {len(self.problems):,} problems{cut}>"

    def __iter__(self) -> Iterator[Classification]:
        return iter(self.verdicts)

    def __len__(self) -> int:
        return len(self.verdicts)

    @overload
    def __getitem__(self, index: int) -> Classification: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Classification, ...]: ...
    def __getitem__(self, index: int | slice) -> Classification | tuple[Classification, ...]:
        return self.verdicts[index]


def gather(
    source: Source | Iterable[Mention | str], classifier: Classifier, facts: FactFile | Facts | None = None, *, hooks: Iterable[Hook] = ()
) -> Gathered:
    """The verdict on everything that `source` yields, in its order.

    `hooks` are told `Progress` after each mention. An interrupt (Ctrl-C, the notebook's stop button) or an error of the source ends it
    and keeps what has arrived; a mention that cannot be judged becomes a problem.
    """
    if not isinstance(classifier, Classifier):
        raise DataError([Problem("classifier", f"expected what classifies, like RuleClassifier(brand), found {classifier!r:.60}")])
    known = FactFile(facts) if isinstance(facts, Facts) else facts or FactFile()
    work = _Work(classifier, known, tuple(hooks), len(source) if isinstance(source, Sized) else None)
    interrupted = False
    try:
        for mention in source:
            work.judge(mention)
    except KeyboardInterrupt:
        interrupted = True
    except NegassocError as error:
        interrupted = True
        work.problems.append(Problem(type(source).__name__, str(error)))
    return Gathered(tuple(work.verdicts), problems=(*getattr(source, "problems", ()), *work.problems), interrupted=interrupted)


class Bar(Protocol):
    """What a progress bar of tqdm's kind does: it stands at `n`, moves on, and closes."""

    n: float

    def update(self, n: float) -> object: ...

    def close(self) -> object: ...


def tqdm_progress(bar: Callable[..., Bar] | None = None) -> Hook:
    """A hook that shows `Progress` as a tqdm bar, in a notebook or a terminal (extra `progress`); `bar` is another bar of tqdm's kind."""
    return _Bars(bar or _tqdm())


def _tqdm() -> Callable[..., Bar]:
    try:
        if find_spec("ipywidgets"):  # without it tqdm.auto warns in a notebook, and draws the same text
            from tqdm.auto import tqdm
        else:
            from tqdm import tqdm
    except ImportError:
        raise MissingExtraError("progress", "showing a progress bar") from None
    made: Callable[..., Bar] = tqdm
    return made


@attrs.define
class _Work:
    classifier: Classifier
    facts: FactFile
    hooks: tuple[Hook, ...]
    total: int | None
    verdicts: list[Classification] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    done: int = 0

    def judge(self, mention: Mention | str) -> None:
        """One more, and tell the hooks."""
        key = mention if isinstance(mention, str) else mention.id
        try:
            self.verdicts.append(self.classifier.classify(mention, self.facts.of(key)))
        except NegassocError as error:
            self.problems.append(Problem(key[:60], str(error)))
        self.done += 1
        for hook in self.hooks:
            hook(Progress(what="classify", done=self.done, total=self.total))


@attrs.define
class _Bars:
    """One bar a kind of work."""

    make: Callable[..., Bar]
    bars: dict[str, Bar] = attrs.field(factory=dict)

    def __call__(self, event: Event) -> None:
        if not isinstance(event, Progress):
            return
        bar = self.bars.get(event.what)
        if bar is None:
            bar = self.bars[event.what] = self.make(total=event.total, desc=event.what)
        bar.update(event.done - bar.n)
        if event.done == event.total:
            self.bars.pop(event.what).close()
