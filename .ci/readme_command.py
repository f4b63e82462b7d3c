"""Print the command of README.md that does `scan` or `tests`: the one line of the `sh` block that ends with what it is known by."""

import re
import sys
from pathlib import Path

ENDS = {
    "tests": r"-m pytest -n 2 --dist loadfile",
    "scan": r"negassoc scan examples/quickstart/exports --brand examples/quickstart/brand\.toml",
}


def command(which: str, readme: str = "README.md") -> str:
    """The one line; it is an error if there are several or none."""
    text = Path(readme).read_text("utf-8")
    lines = [line for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL) for line in block.splitlines()]
    found = [line for line in lines if re.search(ENDS[which] + "$", line)]
    if len(found) != 1:
        sys.exit(f"{readme}: expected one command that ends in {ENDS[which]!r}, found {found}")
    return found[0]


if __name__ == "__main__":
    print(command(sys.argv[1]))
