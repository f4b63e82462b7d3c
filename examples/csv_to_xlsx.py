"""CSV in, XLSX out: an export goes in, a workbook that opens right in Excel comes out. 导出文件进，Excel 工作簿出。

    python examples/csv_to_xlsx.py examples/quickstart/exports/xhs/csv/search_contents_2024-11-02.csv \
        --brand examples/quickstart/brand.toml -o verdicts.xlsx

Any file that `negassoc inspect` understands will do, not only CSV. Needs: pip install 'negassoc[excel]'
"""

from __future__ import annotations

import argparse
from pathlib import Path

from negassoc import Brand, Export
from negassoc.classify import RuleClassifier
from negassoc.report import Report, gather


def convert(source: Path, brand: Brand, target: Path) -> Report:
    """Judge every row of `source` and write the workbook; damaged rows are listed, the others kept."""
    export = Export(source, brand=brand)
    found = gather(export, RuleClassifier(brand))
    report = Report(found, brand=brand, coverage=[export.coverage.zh], problems=found.problems)
    for loss in report.to_xlsx(target):
        print(f"note: {loss}")
    return report


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and convert."""
    parser = argparse.ArgumentParser(description="Judge an export and write a workbook.")
    parser.add_argument("source", type=Path)
    parser.add_argument("--brand", type=Path, required=True, help="a brand.toml")
    parser.add_argument("-o", "--output", type=Path, default=Path("verdicts.xlsx"))
    given = parser.parse_args(arguments)
    report = convert(given.source, Brand.load(given.brand), given.output)
    print(report.headline())
    print(f"{given.output}: {len(report.verdicts)} rows, {len(report.problems)} problems")


if __name__ == "__main__":
    main()
