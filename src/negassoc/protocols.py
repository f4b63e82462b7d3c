"""What you may hand in instead of what comes in the box: one or two methods each, no base class, no registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from negassoc.classify import Classification
    from negassoc.facts import Facts
    from negassoc.mention import Mention
    from negassoc.watch import Alert


@runtime_checkable
class Source(Protocol):
    """Anything that yields mentions: `Export`, a client's search, a list, your own generator behind `__iter__`."""

    def __iter__(self) -> Iterator[Mention]: ...


@runtime_checkable
class AsyncSource(Protocol):
    """The same for programs with an event loop."""

    def __aiter__(self) -> AsyncIterator[Mention]: ...


@runtime_checkable
class Classifier(Protocol):
    """Decides why one mention hangs on the brand, from the mention and what is known beyond it."""

    def classify(self, mention: Mention | str, facts: Facts | None = None) -> Classification: ...


@runtime_checkable
class Segmenter(Protocol):
    """Cuts a text into words: half-open spans in code points that cover it in order."""

    def cut(self, text: str) -> list[tuple[int, int]]: ...


@runtime_checkable
class Store(Protocol):
    """Keeps JSON documents by kind and key, with optimistic locking.

    `load` gives `(version, body)` or None. `save` writes `body` if the stored version is `version` (0: must be new)
    and returns the new version; it raises `CaseError` where another writer was first.
    """

    def load(self, kind: str, key: str) -> tuple[int, str] | None: ...

    def save(self, kind: str, key: str, body: str, version: int) -> int: ...


@runtime_checkable
class Notifier(Protocol):
    """Carries an alert to people; raises whatever its carrier raises, and the monitor tries again next run."""

    def notify(self, alert: Alert) -> None: ...
