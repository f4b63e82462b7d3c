"""The notebooks run from the first cell to the last, and what they draw can be looked at."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbclient
import nbformat
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
DRAWN = {"first_look": 6, "custom_monitor": 5, "own_rules": 3}


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Each notebook with its outputs, run in a copy of the examples."""
    made = {}

    def run(name):
        if name not in made:
            desk = tmp_path_factory.mktemp(name) / "examples"
            shutil.copytree(EXAMPLES, desk, ignore=shutil.ignore_patterns("*.ipynb", "__pycache__"))
            notebook = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)
            nbformat.validate(notebook)
            nbclient.NotebookClient(notebook, timeout=180, resources={"metadata": {"path": str(desk)}}).execute()
            made[name] = notebook
        return made[name]

    return run


@pytest.mark.parametrize("name", DRAWN)
def test_a_notebook_runs_and_draws(executed, name):
    outputs = [output for cell in executed(name).cells if cell.cell_type == "code" for output in cell.outputs]
    drawn = [output for output in outputs if "text/html" in output.get("data", {})]
    assert len(drawn) >= DRAWN[name]
    assert not [output for output in outputs if output.output_type == "error"]
    loud = [output.text for output in outputs if output.get("name") == "stderr"]
    assert not [text for text in loud if "Warning" in text or "Error" in text], "only the progress bar speaks on stderr"


@pytest.mark.parametrize("name", DRAWN)
def test_a_notebook_is_stored_without_outputs(name):
    notebook = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.browser
@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("width", [390, 1280])
def test_what_values_draw_fits(executed, chromium, name, width):
    """Only what this library draws: each output in a page of its own."""
    drawn = [
        output["data"]["text/html"] for cell in executed(name).cells if cell.cell_type == "code" for output in cell.outputs
        if "text/html" in output.get("data", {}) and "dataframe" not in output["data"]["text/html"]
    ]  # fmt: skip
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.set_content("<!DOCTYPE html><meta charset=utf-8>" + "".join(drawn))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
