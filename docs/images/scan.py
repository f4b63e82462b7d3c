"""Make scan.png: what `negassoc scan` of the quick start really prints on a terminal, cut where `⋮` stands.

python docs/images/scan.py    (needs Chromium and a monospaced Chinese font)
"""

from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).parents[2]
COLUMNS = 112
COMMAND = "negassoc scan examples/quickstart/exports --brand examples/quickstart/brand.toml --facts examples/quickstart/facts.toml"
PAGE = """<!DOCTYPE html><meta charset="utf-8"><style>
body{margin:0;background:#16181d;width:fit-content}
pre{margin:0;padding:18px 22px;font:15px/21px "Noto Sans Mono CJK SC",monospace;color:#e6e6e6}
.n{font-family:"Liberation Mono","DejaVu Sans Mono",monospace;letter-spacing:-1.5px;vertical-align:top}
</style><pre>%s</pre>"""
NARROW = re.compile("[─·…“”‘’×→✗⋮]+")
"""What a Chinese font draws twice as wide as a terminal does."""


def printed(command: str) -> str:
    """What the command prints on a terminal of its own."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"COLUMNS": str(COLUMNS), "TERM": "xterm-256color", "COLORTERM": "truecolor", "PATH": path}
    here, there = pty.openpty()
    subprocess.Popen(["bash", "-c", command], cwd=ROOT, env=environment, stdin=there, stdout=there, stderr=subprocess.DEVNULL)
    os.close(there)
    raw = bytearray()
    with contextlib.suppress(OSError):  # how a terminal says that the other side has left
        while data := os.read(here, 65536):
            raw += data
    return raw.decode("utf-8", "replace").replace("\r\n", "\n")


def cut(lines: list[Text]) -> list[Text]:
    """The first two verdicts, the summary, the first plans, what is overdue, the first things to be done within a day."""
    heads = [number for number, line in enumerate(lines) if re.match(r"\S.*────\s*$", line.plain)]
    blank = [number for number, line in enumerate(lines) if not line.plain.strip() and number > heads[0] + 4]
    gap = [Text("  ⋮", style="dim")]

    def part(title: str, count: int) -> list[Text]:
        begin = next(number for number in heads if lines[number].plain.startswith(title))
        end = next((number for number in heads if number > begin), len(lines)) - 1
        return [Text(), *lines[begin : min(end, begin + count)], *(gap if begin + count < end else [])]

    return [*lines[: blank[1]], *gap, *part("汇总", 20), *part("处置方案", 7), *part("已超时", 20), *part("要做的", 11)]


def main() -> None:
    lines = list(Text.from_ansi(printed(COMMAND)).split("\n", allow_blank=True))
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text("$ " + COMMAND.replace(" --facts", " \\\n    --facts"), style="bold green"), soft_wrap=True)
    for line in cut(lines):
        console.print(line, soft_wrap=True)
    html = console.export_html(inline_styles=True, code_format="{code}", theme=MONOKAI)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(PAGE % NARROW.sub(lambda match: f'<span class="n">{match[0]}</span>', html), "utf-8")
        size = f"{round(COLUMNS * 7.5 + 52)},{round(len(html.splitlines()) * 21 + 36)}"
        chromium = shutil.which("chromium") or "chromium-browser"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile"]
        picture = ROOT / "docs/images/scan.png"
        subprocess.run(
            [chromium, *options, "--force-device-scale-factor=2", f"--window-size={size}", f"--screenshot={picture}", page.as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip
    print(picture)


if __name__ == "__main__":
    main()
