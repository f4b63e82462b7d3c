"""What files are, and turning them into mentions: `inspect` and `convert`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from negassoc.cli.console import (
    AsJson,
    BrandFile,
    Lang,
    LangChoice,
    ProfileFile,
    folded_warnings,
    list_problems,
    nothing_readable,
    print_json,
    say,
    screen,
    tell_of,
)
from negassoc.cli.mistakes import guess_in_chinese, in_both, name_in_chinese
from negassoc.errors import MissingExtraError
from negassoc.times import BEIJING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from negassoc.mention import Mention
    from negassoc.records import Json
    from negassoc.sources import Export, FileReport

Paths: TypeAlias = Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders or globs of exports.")]
_LISTED = 5


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(inspect)
    app.command()(convert)


def inspect(paths: Paths, profile: ProfileFile = None, lang: LangChoice = Lang.ZH, as_json: AsJson = False) -> None:
    """Say what each file is and how much of it can be used, without judging anything.

    Example: negassoc inspect exports/ --json
    """
    from negassoc.sources import Export

    export = Export(paths, profile=profile)
    for _ in export:
        pass
    for file in export.files:
        if as_json:
            print_json(_record(file))
        else:
            _show(file, lang.value)
    if not as_json:
        say(export.coverage.zh if lang is Lang.ZH else str(export.coverage))
    list_problems(export.problems, lang=lang)
    _stop_if_empty(export, paths)


def _stop_if_empty(export: Export, paths: Iterable[str]) -> None:
    if not any(file.mentions for file in export.files):
        raise nothing_readable(paths, export)


def _record(file: FileReport) -> dict[str, Json]:
    coverage = file.coverage
    claimed = coverage.claimed
    return {
        "path": file.path, "tool": file.tool, "platform": file.platform, "rows": file.rows, "mentions": file.mentions,
        "duplicates": file.duplicates, "skipped": [{"where": one.where, "why": one.why} for one in file.skipped],
        "problems": [{"where": one.where, "what": one.what} for one in file.problems],
        "warnings": [{"where": one.where, "what": one.what} for one in file.warnings],
        "first_at": file.first_at.isoformat() if file.first_at else None, "last_at": file.last_at.isoformat() if file.last_at else None,
        "coverage": {
            "text": str(coverage), "posts": coverage.posts, "comments": coverage.comments, "orphans": coverage.orphans,
            "claimed": claimed.value if claimed else None, "exactness": claimed.exactness if claimed else None,
        },
        "guessed": dict(file.guessed) or None,
    }  # fmt: skip


_WORDS = {
    "zh": ("行", "条提及", "重复", "跳过", "有问题", "不认识的文件", "猜测"),
    "en": ("rows", "mentions", "duplicates", "skipped", "with a problem", "not one of ours", "guessed"),
}


def _show(file: FileReport, lang: str) -> None:
    from negassoc.platform import platform_title

    rows, mentions, duplicates, skipped, bad, alien, guessed = _WORDS[lang]
    console = screen()
    console.print(file.path, style="bold")
    if file.tool is None:
        for one in file.skipped[:_LISTED]:
            console.print(f"  {alien}: {one.why if lang == 'en' else in_both(one.why)}")
        return
    where = platform_title(file.platform, lang) if file.platform else "—"
    console.print(f"  {file.tool if lang == 'en' else name_in_chinese(file.tool)} · {where} · {_span(file)}")
    counts = (
        (file.rows, rows),
        (file.mentions, mentions),
        (file.duplicates, duplicates),
        (len(file.skipped), skipped),
        (len(file.problems), bad),
    )
    console.print("  " + " · ".join(f"{count:,} {word}" for count, word in counts if count or word in {rows, mentions}))
    console.print(f"  {file.coverage.zh if lang == 'zh' else file.coverage}")
    if file.guessed:
        told = (f"{field} ← {why}" if lang == "en" else _in_chinese(field, why) for field, why in file.guessed.items())
        console.print(f"  {guessed}: " + (", " if lang == "en" else "；").join(told))
    for warning in folded_warnings(file.warnings):
        console.print(f"  ! {warning if lang == 'en' else in_both(warning)}")


def _in_chinese(field: str, why: str) -> str:
    """A guess as people read it: 正文 ← “评论内容”列（按列名）."""
    from negassoc.platform import platform_title

    if field == "not_read":
        return f"{name_in_chinese(field)} ← {why}"
    name, _, reason = why.partition(", ") if field == "platform" else ("", "", "")
    told = f"{platform_title(name)}（{guess_in_chinese(reason)}）" if reason else guess_in_chinese(why)
    return f"{name_in_chinese(field)} ← {told}"


def _span(file: FileReport) -> str:
    """From when to when, in days of Beijing."""
    if file.first_at is None or file.last_at is None:
        return "—"
    first, last = (f"{at.astimezone(BEIJING):%Y-%m-%d}" for at in (file.first_at, file.last_at))
    return first if first == last else f"{first} … {last}"


def convert(
    paths: Paths,
    out: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="mentions.jsonl, .csv, .xlsx or .parquet: the ending decides.")
    ],
    profile: ProfileFile = None,
    brand: BrandFile = None,
) -> None:
    """Write every mention of an export in this project's own form: duplicates merged, comments tied to their posts.

    Example: negassoc convert exports/ -o mentions.jsonl
    """
    from negassoc.brand import Brand
    from negassoc.sources import Export

    write = _WRITERS.get(out.suffix.casefold())
    if write is None:
        raise typer.BadParameter(f"cannot write {out.suffix or 'a file without ending'}; known are {', '.join(_WRITERS)}")
    export = Export(paths, profile=profile, brand=Brand.load(brand) if brand else None)
    write(export, out)
    tell_of(export)
    _stop_if_empty(export, paths)
    say(f"{sum(file.mentions for file in export.files):,} mentions → {out}")


def _write_jsonl(mentions: Iterable[Mention], out: Path) -> None:
    from negassoc.report import write_jsonl

    write_jsonl(out, (mention.to_record() for mention in mentions))


def _write_csv(mentions: Iterable[Mention], out: Path) -> None:
    from negassoc.report import columns, rows, write_csv

    write_csv(out, columns.RECORDS, rows.record_rows(mentions))


def _write_xlsx(mentions: Iterable[Mention], out: Path) -> None:
    from negassoc.report import Sheet, columns, rows, write_xlsx

    list_problems(write_xlsx(out, [Sheet("mentions", columns=columns.RECORDS, rows=rows.record_rows(mentions), lang=None)]), "cell")


def _write_parquet(mentions: Iterable[Mention], out: Path) -> None:
    try:
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("dataframe", "writing Parquet files") from None
    from negassoc.report.frames import to_arrow

    parquet.write_table(to_arrow(mentions, table="records"), out)


_WRITERS: dict[str, Callable[[Iterable[Mention], Path], None]] = {
    ".jsonl": _write_jsonl, ".csv": _write_csv, ".xlsx": _write_xlsx, ".parquet": _write_parquet,
}  # fmt: skip
