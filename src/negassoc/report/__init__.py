"""7 · What do people look at?

In: any of the values. Out: a page (`Report`), tables as files (`write_csv`, `write_xlsx`, …) and as rows or data frames (`to_rows`,
`to_dataframe`, …), `gather` for a whole source with progress, and the small HTML by which values draw themselves (`notebook`).
Words are in `data/report_words.toml`; a new table is columns in `columns`, a function in `rows` and a line in `frames.TABLES`; a new
section of the page is a function in `sections` or `handling`.
"""

from negassoc.report.frames import TABLES, Table, to_arrow, to_dataframe, to_polars, to_rows
from negassoc.report.gather import Gathered, gather, tqdm_progress
from negassoc.report.page import Report
from negassoc.report.tables import Column, Sheet, json_line, markdown, neutral, write_csv, write_jsonl, write_xlsx

__all__ = [
    "TABLES",
    "Column",
    "Gathered",
    "Report",
    "Sheet",
    "Table",
    "gather",
    "json_line",
    "markdown",
    "neutral",
    "to_arrow",
    "to_dataframe",
    "to_polars",
    "to_rows",
    "tqdm_progress",
    "write_csv",
    "write_jsonl",
    "write_xlsx",
]
