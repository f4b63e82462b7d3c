"""The quick start: its data is whole, its notebook runs."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import nbclient
import nbformat
import pytest

from negassoc import Brand, Export, Kind, Mention
from negassoc.facts import FactFile

EXAMPLES = Path(__file__).parents[1] / "examples"
QUICKSTART = EXAMPLES / "quickstart"


@pytest.fixture(scope="module")
def export() -> Export:
    return Export(QUICKSTART / "exports", brand=Brand.load(QUICKSTART / "brand.toml"))


@pytest.fixture(scope="module")
def mentions(export) -> list[Mention]:
    return list(export)


def test_some_hundred_mentions_of_both_platforms_and_every_shape(export, mentions):
    assert len(mentions) > 100
    assert set(Counter(mention.platform for mention in mentions)) == {"xiaohongshu", "kuaishou"}
    assert {Kind.NOTE, Kind.VIDEO, Kind.COMMENT, Kind.NOTICE, Kind.ACCOUNT_LABEL, Kind.SEARCH_SUGGESTION} <= {m.kind for m in mentions}
    assert not export.problems
    assert sum(file.duplicates for file in export.files) == 1
    assert {Path(file.path).suffix for file in export.files} == {".jsonl", ".json", ".csv"}


def test_comments_know_their_post_and_the_brand_its_own_accounts(mentions):
    assert all(mention.thread_title for mention in mentions if mention.kind.is_answer)
    assert {mention.platform for mention in mentions if mention.author.official} == {"xiaohongshu", "kuaishou"}


def test_facts_are_about_mentions_that_are_there(mentions):
    assert set(FactFile.load(QUICKSTART / "facts.toml").by_mention) <= {mention.id for mention in mentions}


def test_the_notebook_runs(tmp_path):
    shutil.copytree(QUICKSTART, tmp_path / "quickstart")
    notebook = nbformat.read(EXAMPLES / "quickstart.ipynb", as_version=4)
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    drawn = [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs if "text/html" in output.get("data", {})
    ]
    assert len(drawn) == 3
