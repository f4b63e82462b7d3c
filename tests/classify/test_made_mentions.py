"""The made-up mentions that the packaged weights were learnt from: readable, each once, of made-up brands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from negassoc.brand import load_brands
from negassoc.classify import AssociationType
from negassoc.mention import Mention

MADE = Path(__file__).parents[1] / "benchmarks" / "made"
SETS = sorted(path for path in MADE.glob("*.jsonl"))


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_set_is_read_whole_and_labelled(path):
    brands = load_brands(path.with_name(f"{path.stem}_brands.json"))
    for row in rows(path):
        mention = Mention.from_record(row)
        assert mention.id == row["id"]
        assert mention.brand in brands
        assert AssociationType(row["label"]) is not AssociationType.UNDETERMINED
        assert row["label"] not in row["also"]


def test_no_mention_stands_twice():
    seen = [(row["brand"], row.get("title"), row["text"], row.get("thread_title")) for path in SETS for row in rows(path)]
    assert len(seen) == len(set(seen)) > 7000
