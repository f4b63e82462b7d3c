"""On which line each key of a TOML document stands."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negassoc.toml import toml_lines

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def test_toml_lines_know_every_key():
    lines = toml_lines(
        'a = 1\nb.c = """\n[x]\nd = 2\n"""\nl = [\n  # why\n  "p",\n  "q",\n]\n[[t]]\nk = 1\n[[t.u]]\nv = 1\n[[t]]\nk = 2\n["w x"]\ny = 1'
    )
    assert lines[("a",)] == 1
    assert lines[("b", "c")] == 2
    assert ("x",) not in lines
    assert (lines[("l", 0)], lines[("l", 1)]) == (8, 9)
    assert (lines[("t", 0, "k")], lines[("t", 0, "u", 0, "v")], lines[("t", 1, "k")]) == (12, 14, 16)
    assert lines[("w x", "y")] == 18


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\x0c", "\x1e"])
def test_only_a_newline_ends_a_line_of_toml(mark):
    assert toml_lines(f'a = "[{mark}"\r\nb = 1\nc = 2') == {("a",): 1, ("b",): 2, ("c",): 3}


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.integers() | texts, max_size=6))
def test_lines_are_found_for_whatever_is_valid(table):
    text = "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False).replace(chr(127), '')}" for key, value in table.items())
    assert set(toml_lines(text)) == {(key,) for key in tomllib.loads(text)}
