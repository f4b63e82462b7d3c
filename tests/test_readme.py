"""The README's two commands are one line each, and the one for the tests is the one that the checks run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.zh-CN.md"]


def command(which: str, readme: str) -> str:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci/readme_command.py", which, readme], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("which", ["scan", "tests"])
def test_one_copyable_line_makes_its_own_environment(readme, which):
    line = command(which, readme)
    assert "\n" not in line
    assert re.match(r"python3 -m venv (\S+) && \1/bin/pip install ", line)


def test_both_languages_show_the_same_commands():
    for which in ("scan", "tests"):
        assert len({command(which, readme) for readme in READMES}) == 1


def test_the_scan_of_the_first_command_runs(tmp_path):
    """All but the installation, which the checks do in fresh environments."""
    shutil.copytree(ROOT / "examples/quickstart", tmp_path / "examples/quickstart")
    scan = command("scan", "README.md").rpartition("&&")[2].strip()
    program = Path(sys.executable).parent / "negassoc"
    arguments = scan.split()
    assert Path(arguments[0]).name == "negassoc"
    done = subprocess.run(
        [program, *arguments[1:]], cwd=tmp_path, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "120"}
    )
    assert done.returncode == 0, done.stderr
    for words in ("真实客户投诉", "账号自身违规", "外部恶意攻击", "算法误判关联", "非负面", "汇总", "方案 1"):
        assert words in done.stdout


@pytest.mark.parametrize("readme", READMES)
def test_a_picture_stands_near_the_top(readme):
    lines = (ROOT / readme).read_text("utf-8").splitlines()
    pictures = [(number, match[1]) for number, line in enumerate(lines, 1) if (match := re.search(r"!\[[^]]+\]\(([^)]+)\)", line))]
    assert pictures
    assert pictures[0][0] <= 15
    assert (ROOT / pictures[0][1]).exists()
