"""Every shape in which mentions arrive: one directory of `tests/data` each, its inputs beside what must come out of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from negassoc.records import without_nulls
from negassoc.sources import Export
from negassoc.testing import check_source

DATA = Path(__file__).parent.parent / "data"
SHAPES = sorted(path.parent for path in DATA.glob("*/mentions.json"))


def inputs(shape: Path) -> list[Path]:
    return sorted(path for path in shape.iterdir() if path.name != "mentions.json")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_shape_comes_out_as_written_down(shape: Path) -> None:
    expected = json.loads((shape / "mentions.json").read_text("utf-8"))
    export = Export(inputs(shape))
    records = [without_nulls(mention.to_record()) for mention in export]
    for record in records:
        record["where"] = record["where"].replace(f"{shape}/", "")
    assert records == expected["mentions"]
    for file, wanted in zip(export.files, expected["files"], strict=True):
        assert (file.tool, file.platform, file.rows, file.mentions, file.duplicates) == (
            wanted["tool"], wanted["platform"], wanted["rows"], wanted["mentions"], wanted["duplicates"],
        )  # fmt: skip
        assert [[one.where.replace(f"{shape}/", ""), one.why] for one in file.skipped] == wanted["skipped"]
        assert [[one.where.replace(f"{shape}/", ""), one.what] for one in file.problems] == wanted["problems"]
        assert file.rows == file.mentions + file.duplicates + len(file.skipped) + len(file.problems)
    assert str(export.coverage) == expected["coverage"]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_shape_keeps_the_contract_and_lets_no_token_through(shape: Path) -> None:
    check_source(Export(inputs(shape)))
    assert "SECRET" not in json.dumps([mention.to_record() for mention in Export(inputs(shape))])


def test_all_shapes_together_in_one_folder_are_told_apart() -> None:
    export = Export([path for shape in SHAPES for path in inputs(shape)])
    mentions = list(export)
    assert len({(m.platform, m.kind.is_answer, m.id) for m in mentions}) == len(mentions)
    tools = {file.tool for file in export.files}
    assert {"MediaCrawler", "Spider_XHS", "XHS-Downloader", "Zeeschuimer", "xiaohongshu-mcp", "TikHub", "HAR", "negassoc", "table"} <= tools
