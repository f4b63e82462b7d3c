"""Values as tables for a program: rows, pandas, Arrow, polars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from negassoc.cases import Case
from negassoc.classify import Classification
from negassoc.errors import MissingExtraError, UnknownNameError
from negassoc.mention import Mention
from negassoc.playbooks import Plan
from negassoc.report import columns as c
from negassoc.report import rows as r
from negassoc.report.cells import Cell, Column
from negassoc.text.legible import legible
from negassoc.watch.alerts import Alert
from negassoc.watch.campaigns import Campaign

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


@attrs.frozen(kw_only=True)
class Table:
    """One kind of table: the values it is made `of`, and its `columns`."""

    of: type
    columns: tuple[Column, ...]
    _rows: Callable[[Iterable[Any]], Iterator[dict[str, Cell]]] = attrs.field(alias="rows")

    def rows(self, values: Iterable[object]) -> Iterator[dict[str, Cell]]:
        """The rows of values that are all of the kind `of`."""
        return self._rows(values)


TABLES: Final[Mapping[str, Table]] = {
    "mentions": Table(of=Mention, columns=c.MENTIONS, rows=r.mention_rows),
    "records": Table(of=Mention, columns=c.RECORDS, rows=r.record_rows),
    "verdicts": Table(of=Classification, columns=c.VERDICTS, rows=r.verdict_rows),
    "findings": Table(of=Classification, columns=c.FINDINGS, rows=r.finding_rows),
    "actions": Table(of=Plan, columns=c.ACTIONS, rows=r.action_rows),
    "tasks": Table(of=Case, columns=c.ACTIONS, rows=r.task_rows),
    "blocked": Table(of=Plan, columns=c.BLOCKED, rows=r.blocked_rows),
    "campaigns": Table(of=Campaign, columns=c.CAMPAIGNS, rows=r.campaign_rows),
    "alerts": Table(of=Alert, columns=c.ALERTS, rows=r.alert_rows),
}
"""Every table by name. The first that is made of a kind of value is what that kind becomes where no name is given."""

_PANDAS: Final = {"text": "string", "whole": "Int64", "number": "Float64", "flag": "boolean", "time": "datetime64[us, UTC]"}


def to_rows(values: Iterable[object], columns: Sequence[str] | None = None, *, table: str | None = None) -> list[dict[str, Cell]]:
    """Mentions, verdicts, plans, cases, campaigns or alerts as flat rows with documented columns (`TABLES[name].columns`).

    All values must be of one kind; a lone plan or case is one. `table` names another table of the same values (`"findings"` of verdicts,
    `"blocked"` of plans); `columns` keeps some, in that order. `UnknownNameError` for a table or column that does not exist, `TypeError`
    for other values.

    >>> to_rows([Mention("没踩雷", id="m1")], ["id", "text", "likes"])
    [{'id': 'm1', 'text': '没踩雷', 'likes': None}]
    """
    kept, rows = _tabulated(values, columns, table)
    return [{column.name: row.get(column.name) for column in kept} for row in rows]


def to_dataframe(values: Iterable[object], columns: Sequence[str] | None = None, *, table: str | None = None) -> pd.DataFrame:
    """The same as a pandas data frame (extra `dataframe`), each column with a type that knows a missing value from zero or false."""
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtraError("dataframe", "making a pandas data frame") from None
    kept, rows = _tabulated(values, columns, table)
    cells = [[_clean(row.get(column.name)) for column in kept] for row in rows]
    frame = pd.DataFrame(cells, columns=pd.Index([column.name for column in kept]), dtype=object)
    return frame.astype({column.name: _PANDAS[column.holds] for column in kept})


def to_arrow(values: Iterable[object], columns: Sequence[str] | None = None, *, table: str | None = None) -> pa.Table:
    """The same as an Arrow table (extra `dataframe`); times are UTC."""
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtraError("dataframe", "making an Arrow table") from None
    kinds = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "flag": pa.bool_(), "time": pa.timestamp("us", "UTC")}
    kept, rows = _tabulated(values, columns, table)
    schema = pa.schema([(column.name, kinds[column.holds]) for column in kept])
    return pa.Table.from_pylist([{name: _clean(cell) for name, cell in row.items()} for row in rows], schema=schema)


def to_polars(values: Iterable[object], columns: Sequence[str] | None = None, *, table: str | None = None) -> pl.DataFrame:
    """The same as a polars data frame, through Arrow (extra `dataframe`)."""
    try:
        import polars as pl
    except ImportError:
        raise MissingExtraError("dataframe", "making a polars data frame") from None
    frame = pl.from_arrow(to_arrow(values, columns, table=table))
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - from_arrow gives a series only for an array
    return frame


def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of a table by its name; `UnknownNameError` if there is none such."""
    if table not in TABLES:
        raise UnknownNameError("table", table, TABLES)
    return TABLES[table].columns


def _tabulated(
    values: Iterable[object], columns: Sequence[str] | None, table: str | None
) -> tuple[list[Column], Iterator[dict[str, Cell]]]:
    listed = [values] if isinstance(values, tuple(kind.of for kind in TABLES.values())) else list(values)
    name = table or _table_for(listed)
    known = {column.name: column for column in columns_of(name)}
    for column in columns or ():
        if column not in known:
            raise UnknownNameError("column", column, known)
    for value in listed:
        if not isinstance(value, TABLES[name].of):
            raise TypeError(f"the table {name!r} is made of {TABLES[name].of.__name__} values, not of {type(value).__name__}")
    return [known[column] for column in columns or known], TABLES[name].rows(listed)


def _table_for(values: Sequence[object]) -> str:
    if not values:
        raise TypeError("there is no value to tell the kind of table from; name it, like table='mentions'")
    found = next((name for name, kind in TABLES.items() if isinstance(values[0], kind.of)), None)
    if found is None:
        raise TypeError(f"no table is made of {type(values[0]).__name__} values")
    return found


def _clean(cell: Cell) -> Cell:
    return legible(cell) if isinstance(cell, str) else cell
