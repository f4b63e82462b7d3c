"""Mentions that a person has labelled: what `evaluate` measures against and `fit` learns from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.classify.finding import AssociationType
from negassoc.errors import DataError, Problem
from negassoc.mention import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LABELS: tuple[AssociationType, ...] = tuple(AssociationType)[:5]
"""What a label may be: the four types and `none`."""


@attrs.frozen
class Labelled:
    """One mention with the label a reader gave it, and those (`also`) that a careful reader could defend as well."""

    mention: Mention
    label: AssociationType = attrs.field(kw_only=True)
    also: tuple[AssociationType, ...] = attrs.field(default=(), kw_only=True)

    @classmethod
    def from_record(cls, record: Mapping[str, object], *, where: str = "record") -> Labelled:
        """From one JSON object: a mention record with `label` and perhaps `also`; `DataError` at `where` if one of them is wrong.

        >>> Labelled.from_record({"text": "退款一个月没到账", "label": "customer_complaint"}).label.value
        'customer_complaint'
        """
        mention = Mention.from_record(record, where=where)
        also = record.get("also") or ()
        if not isinstance(also, list | tuple):
            raise DataError([Problem(where, f"also: expected a list of labels, found {also!r}", key="also")])
        return cls(mention, label=label_of(record.get("label"), where), also=tuple(label_of(item, where, "also") for item in also))


def read_labelled(paths: Iterable[str | Path], problems: list[Problem]) -> Iterator[Labelled]:
    """The labelled mentions of JSONL files, one after another; a damaged row is added to `problems` with its file and line.

    `DataError` where a file cannot be read at all.
    """
    for path in paths:
        for number, line in enumerate(_lines(path), 1):
            if line.strip():
                where = f"{path}:{number}"
                try:
                    yield _placed(Labelled.from_record(_object(line, where), where=where), where)
                except DataError as error:
                    problems += error.problems


def _placed(row: Labelled, where: str) -> Labelled:
    # a record that an export gave its place must be found again in the file at hand
    return attrs.evolve(row, mention=attrs.evolve(row.mention, where=where))


def _lines(path: str | Path) -> Iterator[str]:
    try:
        with Path(path).open(encoding="utf-8-sig", errors="replace") as lines:
            yield from lines
    except OSError as error:
        raise DataError([Problem(str(path), f"cannot be read: {error.strerror}")]) from None


def _object(line: str, where: str) -> Mapping[str, object]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError([Problem(where, f"not a line of JSON: {error}")]) from None
    if not isinstance(record, dict):
        raise DataError([Problem(where, f"expected a JSON object, found {line.strip()[:40]!r}")])
    return record


def label_of(value: object, where: str, key: str = "label") -> AssociationType:
    """The label of this name, or of the words that people are shown for it (真实客户投诉); `DataError` at `where` for any other."""
    found = next((label for label in LABELS if value in {label.value, label.words.zh, label.words.en}), None)
    if found is None:
        known = ", ".join(f"{label.value} ({label.words.zh})" for label in LABELS)
        raise DataError([Problem(where, f"{key}: {value!r} is not one of {known}", key=key)])
    return found
