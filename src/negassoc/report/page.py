"""The report (报告): one page that a manager reads in two minutes, and the same as Markdown, CSV and a workbook."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import attrs

from negassoc.brand import Brand
from negassoc.cases import Case
from negassoc.classify import Classification
from negassoc.errors import Problem
from negassoc.playbooks import Plan
from negassoc.report import handling, sections
from negassoc.report.columns import ACTIONS, BLOCKED, CAMPAIGNS, FINDINGS, VERDICTS
from negassoc.report.markup import Html, bdi, joined, tag
from negassoc.report.phrases import clock
from negassoc.report.rows import action_rows, blocked_rows, campaign_rows, finding_rows, people_masked, task_rows, verdict_rows
from negassoc.report.spelled import in_words
from negassoc.report.summary import SHOWN_TYPES, Period, Summary, span_of
from negassoc.report.tables import Sheet, write_csv, write_xlsx
from negassoc.report.todo import Todo, refused, todos
from negassoc.report.words import word
from negassoc.watch.campaigns import Campaign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negassoc.mention import Mention

POSTS = 8
"""How many posts the page shows; the tables hold all."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_FINDINGS = 12  # rows for each verdict in a workbook; the table `findings` has them all


def _verdicts(values: Iterable[Classification]) -> tuple[Classification, ...]:
    return tuple(values)


def _plans(values: Iterable[Plan]) -> tuple[Plan, ...]:
    return tuple(values)


def _cases(values: Iterable[Case]) -> tuple[Case, ...]:
    return tuple(values)


def _campaigns(values: Iterable[Campaign] | None) -> tuple[Campaign, ...] | None:
    return None if values is None else tuple(values)


def _lines(values: Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _problems(values: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(values)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _aware(_: object, field: attrs.Attribute[dt.datetime], moment: dt.datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{field.name}: {moment} has no offset; give an aware time, like datetime.now(UTC)")


def _ordered_period(_: object, field: attrs.Attribute[Period | None], period: Period | None) -> None:
    if period is None:
        return
    if any(moment.tzinfo is None for moment in period):
        raise ValueError(f"{field.name}: {period[0]} to {period[1]} needs aware times, like datetime.now(UTC)")
    if period[0] > period[1]:
        raise ValueError(f"{field.name}: {period[0]} comes after {period[1]}")


@attrs.frozen(repr=False)
class Report:
    """What hangs on `brand`'s name, from `verdicts` and whatever else is at hand.

    `period` (two aware times, both inclusive) restricts it; without one it runs from the first to the last known time. `plans` and
    `cases` give the actions still open at `now`, `campaigns` their section (None: nobody looked for any), `coverage` a line each on
    what the sources saw, `problems` the rows that could not be used. `lang` is `"zh"` or `"en"`. People are masked in everything a
    report writes, except the brand's own accounts. `ValueError` for a time without an offset, or a period that ends before it starts.

    In a notebook a report shows itself; `save("report.html")` writes what its ending says: `.html`, `.md`, `.csv` or `.xlsx`.
    """

    verdicts: tuple[Classification, ...] = attrs.field(converter=_verdicts)
    brand: Brand = attrs.field(kw_only=True)
    plans: tuple[Plan, ...] = attrs.field(default=(), converter=_plans, kw_only=True)
    cases: tuple[Case, ...] = attrs.field(default=(), converter=_cases, kw_only=True)
    campaigns: tuple[Campaign, ...] | None = attrs.field(default=None, converter=_campaigns, kw_only=True)
    coverage: tuple[str, ...] = attrs.field(default=(), converter=_lines, kw_only=True)
    problems: tuple[Problem, ...] = attrs.field(default=(), converter=_problems, kw_only=True)
    period: Period | None = attrs.field(default=None, validator=_ordered_period, kw_only=True)
    now: dt.datetime = attrs.field(factory=_now, validator=_aware, kw_only=True)
    lang: Literal["zh", "en"] = attrs.field(default="zh", kw_only=True)

    @property
    def summary(self) -> Summary:
        """The counts the page is made of."""
        return Summary.of(self.verdicts, self.period)

    @property
    def todos(self) -> list[Todo]:
        """What is open, by deadline."""
        return todos(self.plans, self.cases, self.now)

    @property
    def title(self) -> str:
        """The page's title."""
        return word("page.title", self.lang, brand=self.brand.name)

    def headline(self) -> str:
        """The sentence with the numbers, and what is due next."""
        parts = (*sections.headline(self.summary, self.brand, self.lang), sections.next_due(self.todos, self.lang))
        return "\n".join(filter(None, parts))

    def to_html(self) -> str:
        """The page: self-contained, without scripts, in light and dark, for phone, desk and paper."""
        head = joined([
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("title", self.title),
            tag("style", Html(_style())),
        ])  # fmt: skip
        language = "zh-CN" if self.lang == "zh" else "en"
        return "<!DOCTYPE html>\n" + tag("html", tag("head", head), tag("body", tag("main", self._body())), lang=language) + "\n"

    def to_markdown(self) -> str:
        """The same in Markdown, without charts."""
        from negassoc.report.plain import report_markdown

        return report_markdown(self)

    def to_csv(self, path: str | Path) -> None:
        """Every verdict as a row (columns `VERDICTS`), gravest first, people masked; UTF-8 that Excel opens."""
        write_csv(path, VERDICTS, people_masked(verdict_rows(self._ordered())))

    def to_xlsx(self, path: str | Path) -> tuple[Problem, ...]:
        """A workbook for people: verdicts, their strongest findings, actions, refused steps, campaigns; codes spelled out, people masked.

        Returns what cells could not hold.
        """
        ordered = self._ordered()
        steps = [*task_rows(self.cases), *action_rows(self.plans)]
        sheets = (
            ("verdicts", VERDICTS, people_masked(verdict_rows(ordered))),
            ("findings", FINDINGS, people_masked(finding_rows((v for v in ordered if v.type in SHOWN_TYPES), strongest=_FINDINGS))),
            ("actions", ACTIONS, steps),
            ("blocked", BLOCKED, blocked_rows(self.plans)),
            ("campaigns", CAMPAIGNS, campaign_rows(self.campaigns or ())),
        )
        named = ((word(f"sheet.{name}", self.lang), columns, rows) for name, columns, rows in sheets)
        return write_xlsx(
            path, (Sheet(name, columns=columns, rows=in_words(rows, self.lang), lang=self.lang) for name, columns, rows in named)
        )

    def save(self, path: str | Path) -> tuple[Problem, ...]:
        """Write the report as the file's ending says: `.html`, `.md`, `.csv` or `.xlsx`; `ValueError` for another ending."""
        ending = Path(path).suffix.lower()
        if ending == ".xlsx":
            return self.to_xlsx(path)
        if ending == ".csv":
            self.to_csv(path)
        elif ending in {".html", ".htm", ".md"}:
            Path(path).write_text(self.to_markdown() if ending == ".md" else self.to_html(), "utf-8", newline="\n")
        else:
            raise ValueError(f"{path}: a report is written as .html, .md, .csv or .xlsx, not as {ending or 'a file without an ending'}")
        return ()

    def mentions(self) -> dict[str, Mention]:
        """The mentions by id."""
        return {verdict.mention.id: verdict.mention for verdict in self.verdicts}

    def period_words(self) -> str:
        """From when to when, for people."""
        span = self.period or span_of(self.verdicts)
        if span is None:
            return word("page.no_period", self.lang)
        return word("page.period", self.lang, first=clock(span[0], self.lang), last=clock(span[1], self.lang))

    def __repr__(self) -> str:
        counts = (
            f"{len(self.verdicts)} verdicts, {len(self.plans)} plans, {'?' if self.campaigns is None else len(self.campaigns)} campaigns"
        )
        return f"<Report {self.brand.name}: {counts}, {self.lang}>"

    def __str__(self) -> str:
        return f"{self.title}\n{self.headline()}"

    def _ordered(self) -> list[Classification]:
        return sorted(self.verdicts, key=lambda v: (v.type not in SHOWN_TYPES, v.grade or "P9", -v.probability))

    def _body(self) -> Html:
        lang, summary = self.lang, self.summary
        made = word("page.made", lang, time=clock(self.now, lang))
        parts = [tag("header", tag("h1", bdi(self.title)), tag("small", f"{self.period_words()} · {made}")), self._lead(summary)]
        if summary.posts:
            parts += [
                _section("why.title", lang, sections.why_cards(summary, lang)),
                _section("trend.title", lang, sections.trend(summary, lang)),
                _section("split.title", lang, sections.make_up(summary, lang)),
                self._posts(summary),
            ]
        parts += [_section("campaigns.title", lang, handling.campaigns(self.campaigns, self.mentions(), self.brand, lang))]
        parts += [_section("actions.title", lang, handling.steps(self.todos, lang))]
        told = handling.known(summary, self.mentions().values(), self.coverage, self.problems, lang)
        return joined([*parts, handling.refusals(refused(self.plans), lang), _section("known.title", lang, told), _footer(lang)])

    def _lead(self, summary: Summary) -> Html:
        first, then = sections.headline(summary, self.brand, self.lang)
        due = sections.next_due(self.todos, self.lang)
        late = any(todo.late for todo in self.todos)
        return joined([
            tag("p", bdi(first), cls="lead"),
            tag("p", then, cls="next") if then else None,
            tag("p", due, cls="next late" if late else "next") if due else None,
        ])  # fmt: skip

    def _posts(self, summary: Summary) -> Html:
        rest = sum(1 + post.same for post in summary.posts[POSTS:])
        note = tag("p", word("posts.note", self.lang), cls="faint")
        more = tag("p", word("posts.rest", self.lang, count=rest), cls="faint") if rest else None
        return _section("posts.title", self.lang, note, sections.posts(summary.posts[:POSTS], self.brand, self.lang), more)

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import report_html

        return report_html(self)


def _section(key: str, lang: str, *children: Html | None) -> Html:
    return joined([tag("h2", word(key, lang)), *children])


def _footer(lang: str) -> Html:
    return tag("footer", tag("small", word("known.law", lang)))


@functools.cache
def _style() -> str:
    return (Path(__file__).parent.parent / "data" / "report.css").read_text("utf-8")
