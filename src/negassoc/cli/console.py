"""What the commands share: options, brands and facts from files, lines of JSON, tables that fit, problems on stderr."""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import json
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, TypeAlias

import attrs
import typer
from rich.console import Console

from negassoc.brand import Brand, load_brands
from negassoc.classify import AssociationType
from negassoc.cli.mistakes import in_both
from negassoc.errors import DataError, Problem, UnknownNameError
from negassoc.facts import FactFile, Facts
from negassoc.mention import Kind
from negassoc.platform import platform_meant, platform_of
from negassoc.times import BEIJING, parse_time

if TYPE_CHECKING:
    from negassoc.mention import Mention
    from negassoc.pack import Pack
    from negassoc.records import Json
    from negassoc.sources import Export, Skipped

SHOWN_SKIPPED = 5
SHOWN_WARNINGS = 10
SHOWN_ALIKE = 5
_SHOWN_OF_IT = 40
PIPE_WIDTH = 100
"""Columns of a table that goes into a file or a pipe."""
_KEYS_SHOWN = 200


class Lang(enum.StrEnum):
    """The language of words for people."""

    ZH = "zh"
    EN = "en"


BrandFile: TypeAlias = Annotated[Path | None, typer.Option("--brand", metavar="BRAND.toml", help="The brand everything is about.")]
BrandsFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--brands", metavar="BRANDS.json", help="Many brands by key (or TOML); each record's `brand` names its own."),
]
FactsFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--facts", metavar="FACTS.toml", help="What is known beyond the text (see: negassoc facts)."),
]
ProfileFile: TypeAlias = Annotated[
    Path | None, typer.Option("--profile", metavar="PROFILE.toml", help="Which column is which, for tables that nobody knows.")
]
PackDir: TypeAlias = Annotated[Path | None, typer.Option("--pack", metavar="DIR", help="Lay this pack over the packaged one.")]
OutFile: TypeAlias = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write here instead of to the screen.")]
LangChoice: TypeAlias = Annotated[Lang, typer.Option("--lang", help="Language of the words for people.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


@attrs.frozen
class Watched:
    """The brands of one run: `one` for everything, or many by key."""

    one: Brand | None
    by_key: Mapping[str, Brand] = attrs.field(factory=dict)

    @classmethod
    def load(cls, brand: Path | None, brands: Path | None) -> Watched:
        """From `--brand` or `--brands`; exactly one of them must be given. A file for many that is one brand itself is that one."""
        if (brand is None) == (brands is None):
            raise typer.BadParameter("give either --brand BRAND.toml or --brands BRANDS.json")
        if brand:
            return cls(Brand.load(brand))
        by_key = load_brands(brands or Path())
        alone = next((one for one in by_key.values() if one.key is None), None)
        return cls(alone) if alone else cls(None, by_key)

    def of(self, mention: Mention) -> Brand:
        """The brand that the mention is to be judged for; `DataError` with the one problem if it names another, none or an unknown one."""
        named, where = mention.brand, mention.where or mention.id
        if self.one:
            if named and not self.one.is_called(named):
                raise DataError(
                    [Problem(where, f"is about brand {named!r}, not {self.one.name!r}; skipped: {self._remedy()}", key="brand")]
                )
            return self.one
        if named and named in self.by_key:
            return self.by_key[named]
        found = [brand for brand in self.by_key.values() if named and brand.is_called(named)]
        if len(found) == 1:
            return found[0]
        what = f"names the unknown brand {named!r}" if named else "names no brand, which --brands needs"
        raise DataError([Problem(where, f"{what}; skipped: {self._remedy()}", key="brand")])

    def _remedy(self) -> str:
        if self.one:
            return f"write {self.one.key or self.one.name!r} or leave `brand` out, or give every brand with --brands"
        return f"write one of the keys in --brands: {', '.join(self.by_key)[:_KEYS_SHOWN]}"

    @property
    def brands(self) -> tuple[Brand, ...]:
        """All of them."""
        return (self.one,) if self.one else tuple(self.by_key.values())


def warn_of_strangers(facts: FactFile, seen: Collection[str], lang: Lang = Lang.EN) -> None:
    """A line on stderr for what the facts say of mentions that were not there: a mistyped id would be passed over in silence."""
    if strangers := [name for name in facts.by_mention if name not in seen]:
        shown = ", ".join(strangers[:SHOWN_SKIPPED]) + (" …" if len(strangers) > SHOWN_SKIPPED else "")
        say(in_lang(lang, f"--facts: no mention has the id {shown}; the ids are in scan --format jsonl"))


def warn_of_brands(watched: Watched, lang: Lang) -> None:
    """A line on stderr for each trade and city of the brand files that is no evidence because nobody knows it."""
    from negassoc.text import Home

    warnings = [warning for brand in watched.brands for warning in Home(brand, frozenset()).unread]
    for warning in warnings[:SHOWN_WARNINGS]:
        say(in_lang(lang, str(warning)))
    if (more := len(warnings) - SHOWN_WARNINGS) > 0:
        say(f"{more} more trades and cities of brands that nobody knows")


def whole_pack(directory: Path | None) -> Pack:
    """The packaged pack, with that of `directory` laid over it if one is given."""
    from negassoc.pack import Pack

    return Pack.default() | Pack.load(directory) if directory else Pack.default()


def load_facts(path: Path | None) -> FactFile:
    """The facts of a `facts.toml`, or none where no file is given."""
    return FactFile.load(path) if path else FactFile()


def common_facts(path: Path | None, lang: Lang = Lang.EN) -> Facts:
    """What the file states of everything; a line on stderr where it speaks of single mentions, which are not asked for here."""
    held = load_facts(path)
    if held.by_mention:
        shown = ", ".join([*held.by_mention][:SHOWN_SKIPPED]) + (" …" if len(held.by_mention) > SHOWN_SKIPPED else "")
        none = "" if held.common.stated() else "; it holds no other"
        say(in_lang(lang, f"{path}: facts of single mentions ({shown}) are not used here{none}; others stand above the first [mention]"))
    return held.common


def platform_given(name: str | None, lang: Lang = Lang.EN) -> str | None:
    """The platform that an option names: any name will do, but one that is almost a known one is told on stderr."""
    if name and (meant := platform_meant(name)):
        say(in_lang(lang, f"--platform: {name!r} is no platform that is known here; did you mean {meant!r}? It is taken as written"))
    return platform_of(name) if name else None


def type_named(said: str) -> AssociationType:
    """The type of an id, or of a title as the screens show it or a part of it: `customer_complaint`, 真实客户投诉, 客户投诉, 投诉."""
    try:
        return AssociationType.of(said)
    except UnknownNameError:
        raise _not_one_of(said, AssociationType) from None


def kind_named(said: str) -> Kind:
    """The kind of an id, or of a name as the screens show it: `comment`, 评论."""
    try:
        return Kind.of(said)
    except DataError:
        raise _not_one_of(said, Kind) from None


def _not_one_of(said: str, known: Iterable[AssociationType | Kind]) -> typer.BadParameter:
    return typer.BadParameter(f"{said!r} is not one of {', '.join(f'{one} ({one.words.zh})' for one in known)}")


def parse_now(text: str | None, lang: Lang = Lang.EN) -> dt.datetime | None:
    """A time from the command line as aware UTC, None if it is not given. Without a zone it is Beijing time, which is told on stderr.

    `BadParameter` says how to write it: a day alone is no time.
    """
    if text is None:
        return None
    given = parse_time(text) if ":" in text else None
    if given is None:
        how = "write it like 2026-11-27T09:30:00+08:00, or 2026-11-27 09:30 for Beijing time"
        raise typer.BadParameter(f"{text!r} is no time with an offset; {how}")
    tell_of_zone(text, given, lang)
    return given


def tell_of_zone(text: str, given: dt.datetime, lang: Lang) -> None:
    """A line on stderr where a time was written without a zone: it might have been meant otherwise."""
    with contextlib.suppress(ValueError):
        if dt.datetime.fromisoformat(text.strip()).tzinfo:
            return
    say(in_lang(lang, f"{text!r} names no zone and is taken as Beijing time: {given.astimezone(BEIJING).isoformat()}"))


def form_of(given: str | None, path: Path | None, endings: Mapping[str, Sequence[str]]) -> str:
    """The format to write: the one given, else what the file's ending says, else the first of `endings`.

    `BadParameter` for an ending that promises another format; a file without an ending will do.
    """
    ending = path.suffix.lower() if path else ""
    fitting = endings[given] if given else tuple(dict.fromkeys(each for some in endings.values() for each in some))
    if ending and ending not in fitting:
        raise typer.BadParameter(f"{path}: {given or 'this'} is written as {' or '.join(fitting)}, not as {ending}")
    return given or next((name for name, some in endings.items() if ending in some), next(iter(endings)))


@contextlib.contextmanager
def output(path: Path | None) -> Iterator[TextIO]:
    """Where the result goes: a UTF-8 file, or the screen."""
    if path is None:
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
        yield out


def print_json(record: Mapping[str, Json], out: TextIO | None = None) -> None:
    """One JSON object on a line of its own."""
    print(json.dumps(record, ensure_ascii=False), file=out or sys.stdout)


def say(message: str) -> None:
    """A line for the person, on stderr, so that what goes into a pipe stays clean."""
    print(message, file=sys.stderr)


def list_problems(problems: Iterable[Problem], unit: str = "row", lang: Lang = Lang.EN) -> int:
    """The problems on stderr as `path:row: what`, in Chinese with a few words of it behind; then their number, which is returned.

    Of many rows of a file with one and the same problem only the first are shown.
    """
    alike: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        file = problem.where.rpartition(":")[0] or problem.where
        alike[file, problem.what] += 1
        if alike[file, problem.what] <= SHOWN_ALIKE:
            say(in_lang(lang, str(problem).replace("\n", " ")))
    for (file, what), many in alike.items():
        if (more := many - SHOWN_ALIKE) > 0:
            same = f"{more} more {unit}{'s' if more > 1 else ''} with the same problem"
            say(in_lang(lang, f"{file}: {same}: {what[:_SHOWN_OF_IT]}".replace("\n", " ")))
    count = alike.total()
    if count:
        say(in_lang(lang, f"{count} {unit}{'s' if count > 1 else ''} with a problem, not used"))
    return count


def in_lang(lang: Lang, line: str) -> str:
    """A line of English, with its Chinese behind it unless English was asked for."""
    return line if lang is Lang.EN else in_both(line)


def list_skipped(skipped: Sequence[Skipped], lang: Lang = Lang.EN) -> None:
    """What was left out because it is no mention, on stderr: the first few, and their number."""
    for one in skipped[:SHOWN_SKIPPED]:
        say(in_lang(lang, f"{one.where}: skipped: {one.why}"))
    if len(skipped) > SHOWN_SKIPPED:
        say(in_lang(lang, f"{len(skipped)} rows or files skipped in all; negassoc inspect lists them"))


def folded_warnings(warnings: Iterable[Problem]) -> Iterator[str]:
    """A line for each column of a file with oddities: the first one in full, and how many more there are."""
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for warning in warnings:
        file, colon, _ = warning.where.rpartition(":")
        kinds.setdefault((file if colon else warning.where, warning.what.partition(":")[0]), []).append(warning)
    for first, *more in kinds.values():
        yield str(first).replace("\n", " ") + (f" (and {len(more)} more like this)" if more else "")


def list_warnings(warnings: Sequence[Problem], lang: Lang = Lang.EN) -> None:
    """The oddities of rows that were kept, on stderr: a line for each column of a file, at most `SHOWN_WARNINGS`, then their number."""
    lines = list(folded_warnings(warnings))
    for line in lines[:SHOWN_WARNINGS]:
        say(in_lang(lang, line))
    if lines:
        where = "; negassoc inspect --json lists them" if len(lines) < len(warnings) or len(lines) > SHOWN_WARNINGS else ""
        say(in_lang(lang, f"{len(warnings)} warning{'s' if len(warnings) > 1 else ''}, the rows were kept{where}"))


def tell_of(export: Export, problems: Iterable[Problem] = (), lang: Lang = Lang.ZH) -> None:
    """All that an export has to say of what was read, on stderr: skipped, odd, damaged; and further `problems`."""
    list_skipped(export.skipped, lang)
    list_warnings(export.warnings, lang)
    list_problems((*export.problems, *problems), lang=lang)


def nothing_readable(paths: Iterable[str | Path], export: Export) -> DataError:
    """The error where not one mention was read; why is told of each file beforehand, and here where there is no file."""
    from negassoc.sources import READABLE

    what = "no mention in it" if export.files else f"no file in it; put an export there: {READABLE}"
    return DataError([Problem(", ".join(map(str, paths)), f"nothing readable: {what}")])


def screen(out: TextIO | None = None, *, width: int | None = None) -> Console:
    """A rich console on `out` (stdout unless given): the terminal's width there, `PIPE_WIDTH` elsewhere; text is never markup."""
    stream: TextIO = sys.stdout if out is None else out
    fitting = width or (None if stream.isatty() else PIPE_WIDTH)
    return Console(file=stream, width=fitting, highlight=False, markup=False, emoji=False, soft_wrap=False)
