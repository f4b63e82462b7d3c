"""What the documents show is what happens: every Python block runs, every command runs and prints what is printed under it.

In `console` blocks a line `$ command` is run; the lines under it must come out, where `…` stands for anything. `python` blocks of one
document run one after another, in one namespace. Both run in a folder that holds a copy of `examples/`, and every block that begins with
`# path` as that file.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from negassoc.__main__ import main

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
BLOCK = re.compile(r"^(?P<fence>```|~~~)(?P<kind>[\w+-]*)[^\n]*\n(?P<text>.*?)^(?P=fence)\s*$", re.MULTILINE | re.DOTALL)


@attrs.frozen
class Block:
    kind: str
    text: str
    where: str


def blocks(path: Path) -> list[Block]:
    text = path.read_text("utf-8")
    return [Block(m["kind"], m["text"], f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, m.start()) + 1}") for m in BLOCK.finditer(text)]


def commands(block: Block) -> list[tuple[str, list[str]]]:
    """Each command of a console block with the lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            found.append((line[2:].strip(), []))
        elif line.strip() and found:
            found[-1][1].append(line.strip())
    return found


def lay_out(path: Path, desk: Path) -> None:
    """Write the files that the document shows."""
    for block in blocks(path):
        if match := re.match(r"# (\S+\.(?:toml|txt|jsonl?|csv))\n", block.text):
            file = desk / match[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text if block.kind == "toml" else block.text[match.end() :], "utf-8")


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.parametrize(
    "path", [p for p in DOCUMENTS if any(b.kind == "python" for b in blocks(p))], ids=lambda p: str(p.relative_to(ROOT))
)
def test_python_blocks_run(desk, path):
    lay_out(path, desk)
    space: dict[str, object] = {"__name__": "__document__"}
    for block in (b for b in blocks(path) if b.kind == "python"):
        if ">>>" in block.text:
            test = doctest.DocTestParser().get_doctest(block.text, space, block.where, str(path), 0)
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
            report = io.StringIO()
            runner.run(test, out=report.write, clear_globs=False)
            space.update(test.globs)
            assert runner.failures == 0, report.getvalue()
        else:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block.text, block.where, "exec", dont_inherit=True), space)


SHOWN = [(path, block) for path in DOCUMENTS for block in blocks(path) if block.kind == "console"]


@pytest.mark.parametrize("path", dict.fromkeys(path for path, _ in SHOWN), ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_run_and_print_what_is_shown(desk, path):
    lay_out(path, desk)
    for block in (block for owner, block in SHOWN if owner == path):
        for command, lines in commands(block):
            if command.startswith("negassoc"):
                code, printed = run(command)
                allowed = {0, 1} if not any(line.startswith("negassoc:") for line in lines) else {2}
                assert code in allowed, f"{block.where}: {command}: exit code {code}\n{printed}"
                for line in lines:
                    wanted = ".*".join(re.escape(flat(part)) for part in line.split("…"))
                    assert re.search(wanted, flat(printed), re.DOTALL), f"{block.where}: {command}: no line {line!r} in\n{printed}"


def run(command: str) -> tuple[int, str]:
    """Exit code and everything printed; a plain command runs in this process, one for a shell in a shell."""
    if re.search(r"[|<>&;$`*?]", command):
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr
    raw = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(raw), contextlib.redirect_stderr(raw):
        code = main(shlex.split(command)[1:])
    return code, raw.buffer.getvalue().decode()  # type: ignore[attr-defined]


def flat(text: str) -> str:
    """Without what a table's width decides."""
    return re.sub(r"\s+", " ", text).strip()


def links(path: Path) -> list[str]:
    text = BLOCK.sub("", path.read_text("utf-8"))
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", target)]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    for target in links(path):
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{path.name}: {target}"
        if anchor and there.suffix == ".md":
            heads = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}
            assert anchor in slugs, f"{path.name}: {target}"
