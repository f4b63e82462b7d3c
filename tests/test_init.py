"""`import negassoc`: what it offers is there, and it is silent, light and quick."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import negassoc


def test_every_public_name_is_there_and_there_are_not_too_many():
    assert len(negassoc.__all__) == len(set(negassoc.__all__)) <= 28
    assert negassoc.__all__ == sorted(negassoc.__all__)
    for name in negassoc.__all__:
        value = getattr(negassoc, name)
        assert inspect.isclass(value)
        assert value.__name__ == name
        assert value.__doc__


def test_what_type_checkers_see_is_what_there_is():
    tree = ast.parse(Path(negassoc.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {(node.module, alias.name, alias.asname) for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == {(module, name, name) for name, module in negassoc._HOME.items()}
    assert set(negassoc.__all__) == set(negassoc._HOME)


def test_star_import_gives_the_public_names():
    space: dict[str, object] = {}
    exec("from negassoc import *", space)
    assert set(space) - {"__builtins__"} == set(negassoc.__all__)


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="module 'negassoc' has no attribute 'Brnad'"):
        _ = negassoc.Brnad
    assert "Brand" in dir(negassoc)


def test_the_version_is_that_of_the_distribution():
    assert negassoc.__version__ == importlib.metadata.version("negassoc")


HEAVY = {"httpx", "jieba", "click", "typer", "rich", "pandas", "polars", "numpy", "sklearn"}
LOADED = "print(sorted({name.partition('.')[0] for name in sys.modules}))"


def printed(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_import_is_silent_and_light():
    loaded = set(ast.literal_eval(printed(f"import sys, negassoc; {LOADED}")))
    assert not loaded & (HEAVY | {"attrs", "attr", "cattrs"})


@pytest.mark.parametrize("name", negassoc.__all__)
def test_no_name_brings_in_what_is_heavy_before_it_is_used(name):
    loaded = set(ast.literal_eval(printed(f"import sys; from negassoc import {name}; {LOADED}")))
    assert not loaded & HEAVY


def test_import_takes_under_a_fifth_of_a_second():
    code = "import time; began = time.process_time(); import negassoc; print(time.process_time() - began)"
    assert min(float(printed(code)) for _ in range(3)) < 0.2
