"""The documents list every guard and every red line as the data have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from negassoc.classify.red_lines import RedLine, RedLines
from negassoc.playbooks.guards import Guard, Guards

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("guard", list(Guards.default()), ids=lambda guard: guard.id)
def test_the_guard_is_documented(guard: Guard) -> None:
    text = (DOCS / "guards.md").read_text("utf-8")
    section = text.partition(f"### {guard.id} {guard.title.zh} ({guard.title.en})\n")[2].partition("\n#")[0]
    shown = (f"`{guard.severity}`", guard.reason.zh, guard.instead.zh, str(guard.checked_on), *guard.basis, *guard.kinds, *guard.needs)
    assert [words for words in (*shown, *guard.closed_by) if words not in section] == []


@pytest.mark.parametrize("line", list(RedLines.default()), ids=lambda line: line.id)
def test_the_red_line_is_documented(line: RedLine) -> None:
    text = (DOCS / "red_lines.md").read_text("utf-8")
    section = text.partition(f"### {line.id} {line.title.zh} ({line.title.en})\n")[2].partition("\n#")[0]
    shown = (line.reason.zh, line.instead.zh, line.example[0], str(line.checked_on), *line.basis, *line.industry)
    assert [words for words in shown if words not in section] == []
    assert ("确定触线" in section) is line.certain
