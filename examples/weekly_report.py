"""The weekly report: the last seven days as one page for the manager and a workbook for the team. 每周一次：给老板一页，给同事一个工作簿。

    python examples/weekly_report.py examples/quickstart/exports --brand examples/quickstart/brand.toml \
        --facts examples/quickstart/facts.toml --until 2026-11-12 -o reports/

Put it into cron on Monday morning; it prints the headline, so the mail that cron sends is already the summary.
Needs: pip install 'negassoc[campaigns,excel]'
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from negassoc import Brand, Export
from negassoc.classify import RuleClassifier
from negassoc.facts import FactFile
from negassoc.mention import BEIJING
from negassoc.pack import Pack
from negassoc.playbooks import incidents
from negassoc.report import Report, gather
from negassoc.watch.campaigns import facts_of, find_campaigns

WEEK = dt.timedelta(days=7)


def weekly(exports: Path, brand: Brand, facts: FactFile, until: dt.datetime) -> Report:
    """Judge everything, plan what to do about the week's incidents, and gather it into a report."""
    export = Export(exports, brand=brand)
    mentions = list(export)
    campaigns = find_campaigns(mentions, brand)
    derived = facts_of(campaigns)  # that several accounts act together is a fact for the classifier, not a verdict
    known = FactFile(facts.common, {**derived, **{key: derived.get(key, stated) | stated for key, stated in facts.by_mention.items()}})
    found = gather(mentions, RuleClassifier(brand), known)
    week = [v for v in found if v.mention.published_at is None or until - WEEK <= v.mention.published_at <= until]
    pack = Pack.default()
    return Report(
        found, brand=brand, campaigns=campaigns, period=(until - WEEK, until), now=until,
        plans=[pack.plan(incident.verdicts, now=until) for incident in incidents(week)],
        coverage=[export.coverage.zh], problems=(*export.problems, *found.problems),
    )  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, write the page and the workbook, print the headline."""
    parser = argparse.ArgumentParser(description="Write the weekly report.")
    parser.add_argument("exports", type=Path)
    parser.add_argument("--brand", type=Path, required=True, help="a brand.toml")
    parser.add_argument("--facts", type=Path, help="a facts.toml")
    parser.add_argument("--until", type=dt.date.fromisoformat, help="the last day, YYYY-MM-DD; today unless given")
    parser.add_argument("-o", "--output", type=Path, default=Path("reports"), help="a folder")
    given = parser.parse_args(arguments)
    day = given.until or dt.datetime.now(BEIJING).date()
    until = dt.datetime.combine(day, dt.time.max, BEIJING).astimezone(dt.UTC)
    report = weekly(given.exports, Brand.load(given.brand), FactFile.load(given.facts) if given.facts else FactFile(), until)
    given.output.mkdir(parents=True, exist_ok=True)
    for ending in ("html", "xlsx"):
        report.save(given.output / f"{day:%Y-%m-%d}.{ending}")
    print(report)


if __name__ == "__main__":
    main()
