"""Chinese folded to the width of a cell."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from negassoc.cli.folding import Folded, folds

lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=60)
mixed = st.text(st.sampled_from("青芒屿退款，。！（）“”abc123 #…"), max_size=60)


@given(lines | mixed, st.integers(2, 40))
def test_nothing_is_lost_and_nothing_is_wider_than_it_may_be(line, width):
    ranges = folds(line, width)
    assert "".join(line[a:b] for a, b in ranges) == line
    assert all(cell_len(line[a:b].rstrip()) <= width for a, b in ranges)


@pytest.mark.parametrize(
    ("line", "width", "expected"),
    [
        ("今天去了，很好", 8, ["今天去", "了，很好"]),
        ("他说（真的）不退", 6, ["他说", "（真", "的）不", "退"]),
        ("order_match 是", 11, ["order_match ", "是"]),
        ("what is said here", 8, ["what is ", "said ", "here"]),
        ("打12315投诉", 8, ["打12315", "投诉"]),
        ("supercalifragilistic", 8, ["supercal", "ifragili", "stic"]),
        ("", 8, [""]),
    ],
)
def test_where_it_breaks(line, width, expected):
    assert [line[a:b] for a, b in folds(line, width)] == expected


def test_in_a_cell_styles_stay_where_they_were():
    out = io.StringIO()
    text = Text("他们说退款还没到账")
    text.stylize("bold", 3, 5)
    Console(file=out, width=8, force_terminal=True, color_system="standard").print(Folded(text))
    assert out.getvalue() == "他们说\x1b[1m退\x1b[0m\n\x1b[1m款\x1b[0m还没到\n账\n"
