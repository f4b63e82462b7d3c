"""`negassoc review`: what the guards say of a text. `negassoc self-check`: what red lines the brand's own posts cross."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from negassoc.cli.console import AsJson, BrandFile, BrandsFile, Lang, LangChoice, Watched, print_json, say, tell_of
from negassoc.cli.mistakes import in_both
from negassoc.errors import DataError, Problem
from negassoc.records import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.classify.red_lines import Breach
    from negassoc.mention import Mention
    from negassoc.playbooks.guards import Guards
    from negassoc.playbooks.wording import TextReview
    from negassoc.watch.compliance import Checked, SelfCheck

_VERDICTS = {
    "blocked": {"zh": "不能做", "en": "BLOCKED"},
    "gated": {"zh": "先补条件", "en": "GATED"},
    "ok": {"zh": "可以", "en": "OK"},
}

Texts = Annotated[
    list[str] | None, typer.Argument(metavar="[TEXT]...", help="Instructions, offers or drafts; without any, lines of stdin.")
]
TextFile = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="A file with one text a line ('-' is stdin).")]
Paths = Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Exports of the brand's own posts.")]
Draft = Annotated[str | None, typer.Option("--text", metavar="TEXT", help="One draft, before it goes out.")]
Days = Annotated[int, typer.Option("--days", min=1, help="How far back to look.")]


def register(app: typer.Typer) -> None:
    """Add `review` and `self-check`."""
    app.command("review", help=_REVIEW)(review)
    app.command("self-check", help=_SELF_CHECK)(self_check)


_REVIEW = """Say what is unlawful in an instruction, a vendor's offer or a draft, and what to do instead.

Example: negassoc review "找人刷点好评压一压"

Exit code 1 if a text is blocked; "gated" is lawful once the named condition is met."""

_SELF_CHECK = """Check the brand's own posts, or one draft, against advertising law and the platforms' red lines.

Example: negassoc self-check --text "全国最好的床垫" --brand brand.toml

Exit code 1 if a red line is crossed. Of files, the posts by the brand's own accounts in the last --days are read."""


def review(texts: Texts = None, file: TextFile = None, as_json: AsJson = False, lang: LangChoice = Lang.ZH) -> None:
    """One verdict a text."""
    from negassoc.playbooks.guards import Guards

    guards, blocked = Guards.default(), False
    for text in _texts(texts or [], file):
        found = guards.review(text)
        blocked |= found.verdict == "blocked"
        if as_json:
            print_json(found.to_record())
        else:
            print("\n".join(_spoken(found, guards, lang.value)))
    raise typer.Exit(1 if blocked else 0)


def _texts(given: list[str], file: Path | None) -> Iterator[str]:
    if file is not None and given:
        raise typer.BadParameter("give texts or --file, not both")
    if given:
        yield from given
        return
    if file is None and sys.stdin.isatty():
        raise typer.BadParameter('no text given; try: negassoc review "找人刷点好评压一压"')
    lines = sys.stdin if file is None or str(file) == "-" else read_text(file).splitlines()
    yield from (line.rstrip("\r\n") for line in lines if line.strip())


def _spoken(found: TextReview, guards: Guards, lang: str) -> Iterator[str]:
    yield f"[{_VERDICTS[found.verdict][lang]}] {found.text}"
    for said in found.guards:
        guard, quote = guards.get(said.id), found.text[said.span.start : said.span.end]
        why, instead = ("why: ", "instead: ") if lang == "en" else ("原因：", "可以这样做：")
        yield f"  {said.id} {guard.title.of(lang)}  “{quote}”"
        yield f"    {why}{said.reason.of(lang)}"
        yield f"    {instead}{said.instead.of(lang)}"


def self_check(
    paths: Paths = None,
    text: Draft = None,
    brand: BrandFile = None,
    brands: BrandsFile = None,
    days: Days = 90,
    as_json: AsJson = False,
    lang: LangChoice = Lang.ZH,
) -> None:
    """The red lines that drafts and posts cross."""
    if (text is None) == (not paths):
        raise typer.BadParameter("give either PATHs or --text TEXT")
    watched = Watched.load(brand, brands)
    checks = _draft(text, watched) if text is not None else _posts(paths or [], watched, days, lang)
    found = False
    for check in checks:
        found |= not check.clean
        if as_json:
            for post in check:
                print_json(post.to_record())
        else:
            print("\n".join(_shown(check, lang.value)))
    raise typer.Exit(1 if found else 0)


def _draft(text: str, watched: Watched) -> Iterator[SelfCheck]:
    from negassoc.watch.compliance import Compliance

    if watched.one is None:
        raise typer.BadParameter("--text needs --brand, to know whose draft it is")
    yield Compliance(watched.one).draft(text)


def _posts(paths: list[Path], watched: Watched, days: int, lang: Lang) -> Iterator[SelfCheck]:
    import datetime as dt

    from negassoc.sources import Export
    from negassoc.watch.compliance import Compliance

    export, problems = Export(paths), list[Problem]()
    by_brand: dict[str, list[Mention]] = {brand.key or brand.name: [] for brand in watched.brands}
    for mention in export:
        try:
            owner = watched.of(mention)
        except DataError as error:
            problems += error.problems
        else:
            by_brand[owner.key or owner.name].append(mention)
    tell_of(export, problems, lang)
    for brand in watched.brands:
        check = Compliance(brand, period=dt.timedelta(days=days)).check(by_brand[brand.key or brand.name])
        if check.examined == 0:
            none = f"{brand.name}: no post by one of its own accounts in the last {days} days; are official_accounts in the brand file?"
            say(none if lang is Lang.EN else in_both(none))
        yield check


def _shown(check: SelfCheck, lang: str) -> Iterator[str]:
    for post in check:
        yield from _post(post, lang)
    yield check.summary(lang)


def _post(post: Checked, lang: str) -> Iterator[str]:
    where = post.mention.url or post.mention.where or ""
    yield " ".join(filter(None, (_headline(post.mention), f"({where})" if where else "")))
    for breach in post.breaches:
        yield from _breach(breach, lang)


def _headline(mention: Mention) -> str:
    words = " ".join((mention.title or mention.text).split())
    return words if len(words) <= 40 else words[:39] + "…"


def _breach(breach: Breach, lang: str) -> Iterator[str]:
    line = breach.red_line
    why, instead, basis = ("why: ", "instead: ", "basis: ") if lang == "en" else ("原因：", "可以这样说：", "依据：")
    look = "" if breach.certain else " (needs proof)" if lang == "en" else "（有依据可保留）"
    yield f"  {line.title.of(lang)}{look}  “{breach.quote}”"
    yield f"    {why}{line.reason.of(lang)}"
    yield f"    {instead}{line.instead.of(lang)}"
    yield f"    {basis}{'；'.join(line.basis)}"
