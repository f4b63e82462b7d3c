"""Weights: readable tables of what each signal, rule and wording counts for each question, and the sums they make."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ahocorasick_rs
import attrs

from negassoc.classify.finding import FOUR_TYPES, AssociationType
from negassoc.errors import DataError, Problem
from negassoc.records import read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from negassoc.classify.rules import Rule

FACTS: Final = ("facts", *(f"{at}:{fact}" for at in ("any", "body") for fact in ("fault", "merit", "unfault", "unmerit")))
"""How the signals begin that tell whether plain faults and merits are named, wherever."""
WORDING_SCALE: Final = 3.0
"""A text's wordings share this, so that a long text does not win by length: each counts `scale / sqrt(number found)`."""

DATA = Path(__file__).parent.parent / "data"


_NONE = AssociationType.NONE
_DENIES = re.compile("((?:没有|没|不会|不|无|未|零|别|哪有|哪来|免|防))((?:(?![没不无未零但还却就又而才])[\u4e00-\u9fff]){1,4})")
"""What denies, and up to four characters of its clause after it."""
_APART: Final = 0xF0000
"""A denied character is another one, so many places further on: 漏水 in 没漏水 counts nothing of what 漏水 counts."""
_SAVED_DENIED = re.compile("¬(.)")


@functools.lru_cache(maxsize=4)
def as_worded(text: str) -> str:
    """The text as its wordings are looked for, character by character: what is denied stands apart from what is said, and a space parts
    clauses like a comma, since which of the two is a habit of the hand."""
    return _DENIES.sub(_apart, text).replace(" ", ",")


def _apart(found: re.Match[str]) -> str:
    return found[1] + "".join(chr(ord(char) + _APART) for char in found[2])


def _to_file(run: str) -> str:
    """A run as it stands in a file: 没¬漏 for a denied 漏."""
    return run if run.isascii() else "".join("¬" + chr(ord(char) - _APART) if ord(char) > _APART else char for char in run)


def _from_file(text: str) -> str:
    """The other way."""
    return _SAVED_DENIED.sub(lambda found: chr(ord(found[1]) + _APART), text) if "¬" in text else text


@attrs.frozen
class Sum:
    """A score and its parts: `(name, weight)` for signals, `(wording, weight)` for runs of characters; they add up to `total`."""

    total: float
    signals: tuple[tuple[str, float], ...]
    wordings: tuple[tuple[str, float], ...] = ()


class Table:
    """One weight a column for each name. `signals` are named measurements, `wordings` runs of one to four characters."""

    def __init__(
        self, columns: tuple[str, ...], signals: Mapping[str, tuple[float, ...]], wordings: Mapping[str, tuple[float, ...]]
    ) -> None:
        self.columns, self.signals = columns, dict(signals)
        self.wordings: Mapping[str, tuple[float, ...]] = wordings if isinstance(wordings, _Rows) else dict(wordings)

    @classmethod
    def load(cls, path: Path) -> Table:
        """Read a `.tsv`: a head `name<TAB>column…`, then `signal:NAME` or `wording:RUN` and a number a column.

        `DataError` names every bad row as `path:line`.
        """
        text = _from_file(read_text(path))
        if saved := _SAVED.match(text):
            columns = tuple(saved["columns"].split("\t"))
            if rows := _rows_of(len(columns)).fullmatch(text, saved.end()):
                return cls(columns, *(_Rows(dict(_ROW.findall(text, *rows.span(sort)))) for sort in ("signals", "wordings")))
        return cls._by_row(path, text)

    @classmethod
    def _by_row(cls, path: Path, text: str) -> Table:
        """What is not in the form that `save` writes: row by row, with the place of every mistake."""
        lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line and not line.startswith("#")]
        columns = tuple(lines[0][1].split("\t")[1:]) if lines else ()
        signals, wordings, problems = dict[str, tuple[float, ...]](), dict[str, tuple[float, ...]](), list[Problem]()
        for number, line in lines[1:]:
            name, *cells = line.split("\t")
            sort, _, key = name.partition(":")
            row = _numbers(cells)
            if len(row) != len(columns) or sort not in {"signal", "wording"}:
                problems.append(
                    Problem(f"{path}:{number}", f"expected 'signal:…' or 'wording:…' and {len(columns)} numbers, found {line[:40]!r}")
                )
            (signals if sort == "signal" else wordings)[key] = row
        if problems or not columns:
            raise DataError(problems or [Problem(f"{path}:1", "no head line")])
        return cls(columns, signals, wordings)

    def save(self, path: Path, about: str) -> None:
        """Write the same form, numbers to four digits, in an order that makes two versions easy to compare."""
        rows = [("signal:" + k, v) for k, v in sorted(self.signals.items())] + [
            ("wording:" + _to_file(k), v) for k, v in sorted(self.wordings.items())
        ]
        body = "".join(name + "\t" + "\t".join(f"{v:.4g}" if v else "" for v in row) + "\n" for name, row in rows)
        path.write_text(f"# {about}\nname\t" + "\t".join(self.columns) + "\n" + body, "utf-8")

    def column(self, name: str) -> Question:
        """The question that one column asks."""
        return self.columns_of((name,))

    def columns_of(self, names: Sequence[str]) -> Question:
        """The question that several columns ask side by side."""
        return Question(self, tuple(self.columns.index(name) for name in names))

    def with_signals(self, more: Mapping[str, tuple[float, ...]]) -> Table:
        """The same table with more signals."""
        return Table(self.columns, {**self.signals, **more}, self.wordings)

    def with_rows(self, signals: Mapping[str, tuple[float, ...]], wordings: Mapping[str, tuple[float, ...]]) -> Table:
        """The same table with these rows added, or in the place of its own, in the order of their names; rows of zeros are left out."""
        told = sorted({**self.signals, **signals}.items())
        return Table(self.columns, {name: row for name, row in told if any(row)}, _Rows.of(self.wordings).under(_Rows.of(wordings)))

    @functools.cached_property
    def index(self) -> WordingIndex:
        """All wordings of the table."""
        return WordingIndex(tuple(self.wordings))


_SAVED = re.compile(r"(?:#.*\n)*name\t(?P<columns>.+)\n")
"""The head of a table."""
_WRITTEN = r"(?:-?(?:[1-9]\d*+(?:\.\d++)?+|0\.0*+[1-9]\d*+)(?:e[-+]\d\d)?+)?+"
"""A finite number other than zero, or nothing for zero."""
_ROW = re.compile(r"[a-z]+:([^\t]+)\t(.*)\n")


@functools.cache
def _rows_of(columns: int) -> re.Pattern[str]:
    """Rows as `save` writes them. To see that a whole file is nothing else takes a tenth of the time that reading its numbers does."""
    row = rf"[^\t\n]++(?:\t{_WRITTEN}){{{columns}}}\n"
    return re.compile(rf"(?P<signals>(?:signal:{row})*+)(?P<wordings>(?:wording:{row})*+)", re.ASCII)


class _Rows(Mapping[str, tuple[float, ...]]):
    """Rows whose numbers are read when somebody asks: of 50,000 wordings a text holds some sixty. Nothing stands for zero."""

    def __init__(self, cells: dict[str, str]) -> None:
        self._cells = cells

    @classmethod
    def of(cls, rows: Mapping[str, tuple[float, ...]]) -> _Rows:
        """The same rows, as they would be written."""
        if isinstance(rows, _Rows):
            return rows
        return cls({name: "\t".join([repr(weight) if weight else "" for weight in row]) for name, row in rows.items()})

    def under(self, more: _Rows) -> _Rows:
        """These and more, which come before rows of the same name, sorted; what counts nothing is left out."""
        return _Rows({name: line for name, line in sorted({**self._cells, **more._cells}.items()) if line.strip()})

    def __getitem__(self, name: str) -> tuple[float, ...]:
        return tuple([float(cell or 0) for cell in self._cells[name].split("\t")])

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def counting(self, at: tuple[int, ...]) -> tuple[str, ...]:
        """The names of the rows that are not all zero in these columns."""
        if len(at) == 1:
            return tuple([name for name, line in self._cells.items() if line.split("\t")[at[0]]])
        if len(set(at)) == next(iter(self._cells.values()), "").count("\t") + 1:
            return tuple([name for name, line in self._cells.items() if not line.isspace()])
        return tuple([name for name, row in self.items() if any(row[i] for i in at)])


class WordingIndex:
    """Finds which of many runs of characters stand in a text: as it is worded, unless runs with a space in them were learnt."""

    def __init__(self, runs: tuple[str, ...]) -> None:
        self.runs = runs
        self._spaced = " " in "".join(runs)
        # with the runs kept as they are, what is found is told without making anything new
        self._index = ahocorasick_rs.AhoCorasick(runs, store_patterns=True)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.runs,)

    def found(self, text: str) -> Collection[str]:
        """The runs in the text, each once, in the order of their ends: a set would add up in another order in every process."""
        return dict.fromkeys(self._index.find_matches_as_strings(self._worded(text), overlapping=True))

    def places(self, text: str, wanted: frozenset[str]) -> Iterator[tuple[str, int, int]]:
        """Every place in the text where one of the wanted runs stands."""
        for key, start, end in self._index.find_matches_as_indexes(self._worded(text), overlapping=True):
            if self.runs[key] in wanted:
                yield self.runs[key], start, end

    def _worded(self, text: str) -> str:
        return text if self._spaced else as_worded(text)


class Question:
    """One or several columns of a table, summed side by side over the same text."""

    def __init__(self, table: Table, at: tuple[int, ...]) -> None:
        self._bias = tuple(table.signals.get("bias", (0.0,) * len(table.columns))[i] for i in at)
        self._signals, self._wordings = _columns(table.signals, at), _Asked(table.wordings, at)
        self._signals.pop("bias", None)
        runs = _counting(table.wordings, at)
        self.index = WordingIndex(runs) if runs else None

    @functools.cached_property
    def _first(self) -> tuple[dict[str, float], dict[str, float]]:
        """Signals and wordings of the first column alone."""
        return {name: row[0] for name, row in self._signals.items()}, _FirstAsked(self._wordings)

    @property
    def asks_signals(self) -> bool:
        """Whether anything but the wording counts."""
        return bool(self._signals)

    @functools.cached_property
    def asks_for_more(self) -> bool:
        """Whether it asks for more than plain facts: for other words, for rules, for what kind of mention it is."""
        return not all(name.startswith(FACTS) for name in self._signals)

    def total(self, values: Mapping[str, float], text: str) -> float:
        """The sum of the first column alone, the quick way."""
        (weights, wordings), total = self._first, self._bias[0]
        if weights:
            for name, value in values.items():
                if name in weights:
                    total += weights[name] * value
        if self.index is not None and (found := self.index.found(text)):
            total += WORDING_SCALE / math.sqrt(len(found)) * sum(map(wordings.__getitem__, found))
        return total

    def totals(self, values: Mapping[str, float], text: str) -> list[float]:
        """Only the sums, one a column."""
        weights = self._signals
        scaled = [row if value == 1.0 else _scaled(row, value) for name, value in values.items() if (row := weights.get(name))]
        sums: list[float] = list(map(sum, zip(self._bias, *scaled, strict=True)))
        if self.index is not None and (found := self.index.found(text)):
            scale = WORDING_SCALE / math.sqrt(len(found))
            columns = map(sum, zip(*map(self._wordings.__getitem__, found), strict=True))
            sums = [total + scale * column for total, column in zip(sums, columns, strict=True)]
        return sums

    def parts(self, values: Mapping[str, float], text: str, column: int = 0) -> Sum:
        """One column's sum with all that went into it."""
        bias, table = self._bias[column], self._signals
        signals = [("bias", bias), *((name, table[name][column] * value) for name, value in values.items() if name in table)]
        wordings = list[tuple[str, float]]()
        if self.index is not None and (found := self.index.found(text)):
            scale = WORDING_SCALE / math.sqrt(len(found))
            wordings = [(run, scale * self._wordings[run][column]) for run in sorted(found) if self._wordings[run][column]]
        return Sum(sum(w for _, w in signals) + sum(w for _, w in wordings), tuple(signals), tuple(wordings))


class _Asked(dict[str, tuple[float, ...]]):
    """What each wording weighs in the columns asked for, looked up when a text first holds it."""

    def __init__(self, rows: Mapping[str, tuple[float, ...]], at: tuple[int, ...]) -> None:
        self._rows, self._at = rows, at

    def __missing__(self, run: str) -> tuple[float, ...]:
        row = self._rows[run]
        self[run] = asked = tuple([row[i] for i in self._at])
        return asked


class _FirstAsked(dict[str, float]):
    """The same of the first column alone."""

    def __init__(self, asked: _Asked) -> None:
        self._asked = asked

    def __missing__(self, run: str) -> float:
        self[run] = first = self._asked[run][0]
        return first


def _counting(rows: Mapping[str, tuple[float, ...]], at: tuple[int, ...]) -> tuple[str, ...]:
    """The names of the rows that are not all zero in these columns."""
    if isinstance(rows, _Rows):
        return rows.counting(at)
    return tuple([name for name, row in rows.items() if any(row[i] for i in at)])


def _columns(rows: Mapping[str, tuple[float, ...]], at: tuple[int, ...]) -> dict[str, tuple[float, ...]]:
    """The columns asked for, of the rows that are not all zero there."""
    return {name: tuple([rows[name][i] for i in at]) for name in _counting(rows, at)}


def _scaled(row: tuple[float, ...], value: float) -> tuple[float, ...]:
    return tuple(map(value.__mul__, row))


class _Questions(dict[str, Question]):
    def __init__(self, table: Table) -> None:
        self._table = table

    def __missing__(self, situation: str) -> Question:
        self[situation] = self._table.column(situation)
        return self[situation]


def _numbers(cells: list[str]) -> tuple[float, ...]:
    """The numbers of a row, nothing at all if one of them is none."""
    try:
        row = tuple(map(float, cells if all(cells) else [cell or "0" for cell in cells]))
    except ValueError:
        return ()
    return row if math.isfinite(sum(row)) else ()


def _with_columns(path: Path, columns: Sequence[str]) -> Table:
    table = Table.load(path)
    if not set(columns) <= set(table.columns):
        raise DataError([Problem(f"{path}:1", f"the columns are {', '.join(table.columns)}; needed are {', '.join(columns)}")])
    return table


CHATTER: Final = "chatter"
ASKED: Final = ("post", "review", CHATTER)
"""The columns of `negative.tsv`: is something negative said in a post, in a review; is it chatter?"""
STATEMENT: Final = (*FOUR_TYPES, AssociationType.NONE)
"""The columns of `statements.tsv`, side by side."""


@attrs.frozen(eq=False)
class Weights:
    """Two ways to a verdict: `negative` (is something negative said of the brand?) and `types` (of which type?) one after the other, or
    `statements`, the four types and `none` at once."""

    negative: Table
    types: Table
    statements: Table

    @classmethod
    def load(cls, pack: Path) -> Weights:
        """Read `negative.tsv`, `types.tsv`, `statements.tsv` in `weights/` of a pack; `DataError` where a column is missing."""
        folder = pack / "weights"
        return cls(
            _with_columns(folder / "negative.tsv", ASKED),
            _with_columns(folder / "types.tsv", [t.value for t in FOUR_TYPES]),
            _with_columns(folder / "statements.tsv", [t.value for t in STATEMENT]),
        )

    def save(self, pack: Path, about: str) -> None:
        """Write the three files into `weights/` of a pack directory, each with `about` at its head."""
        (pack / "weights").mkdir(parents=True, exist_ok=True)
        for name, table in (("negative", self.negative), ("types", self.types), ("statements", self.statements)):
            table.save(pack / "weights" / f"{name}.tsv", about)

    def knowing(self, rules: Iterable[Rule]) -> Weights:
        """These, with each rule for which nothing was learnt weighing what it says itself, wherever it is asked."""
        tables = self.negative, self.types, self.statements
        new = [rule for rule in rules if not any(f"rule:{rule.id}" in table.signals for table in tables)]
        if not new:
            return self
        said = {f"rule:{r.id}": tuple(_alarm(r, name) for name in self.negative.columns) for r in new}
        return Weights(
            self.negative.with_signals(said),
            self.types.with_signals(_by_kind(new, self.types)),
            self.statements.with_signals(_by_kind(new, self.statements)),
        )

    @functools.cached_property
    def questions(self) -> Mapping[str, Question]:
        """Is something negative said? By column; each is made when it is first asked."""
        return _Questions(self.negative)

    @functools.cached_property
    def kinds(self) -> Question:
        """Of which type? All four side by side, in the order of `FOUR_TYPES`."""
        return self.types.columns_of([t.value for t in FOUR_TYPES])

    @functools.cached_property
    def statement(self) -> Question:
        """The four types and `none` side by side in the order of `STATEMENT`."""
        return self.statements.columns_of([t.value for t in STATEMENT])


def _alarm(rule: Rule, column: str) -> float:
    """What a rule says of whether anything negative is said; how a mention is told it does not say."""
    return 0.0 if column == CHATTER else -rule.weight if rule.type is _NONE else rule.weight


def _by_kind(rules: Iterable[Rule], table: Table) -> dict[str, tuple[float, ...]]:
    return {f"rule:{r.id}": tuple(r.weight if name == r.type.value else 0.0 for name in table.columns) for r in rules}
