"""Calls as people write them, which a type checker must let pass: mypy reads them with the package, nothing runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc import Brand, Export, Mention, Monitor, RuleClassifier
from negassoc.watch import Feed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.cases import SqliteStore


class Own:
    """Somebody's own source."""

    def __iter__(self) -> Iterator[Mention]:
        yield Mention("x")


def watched(brand: Brand, store: SqliteStore) -> list[Monitor]:
    """A source, several of different kinds, and feeds among them."""
    return [
        Monitor(Own(), brand, store=store),
        Monitor([Export("a"), Own()], [brand], store=store),
        Monitor((Export("a"), Feed(Own(), name="own")), brand, store=store),
        Monitor([[Mention("x")], Export("a")], brand, store=store),
    ]


def judged(classifier: RuleClassifier) -> None:
    """Texts, mentions, an export, a stream."""
    classifier.classify_all(["x", Mention("y")])
    classifier.classify_all(Export("a"))
    classifier.classify_all(Mention("x") for _ in range(3))
