"""Coverage-guided fuzzing of everything that reads a file: nothing but `NegassocError` may come out, and every unit must be accounted for.

    pip install atheris
    python tests/fuzz/fuzz_export.py CORPUS_DIR -max_total_time=3600 -timeout=20

CORPUS_DIR is filled with the inputs under `tests/data` on the first run. A crash is written to the current directory as `crash-…`; run it again
with `python tests/fuzz/fuzz_export.py crash-…`.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["negassoc"]):
    from negassoc.errors import NegassocError
    from negassoc.sources import Export, kuaishou, xiaohongshu
    from negassoc.sources.jsontext import json_values

DATA = Path(__file__).parent.parent / "data"
NAMES = ("a.jsonl", "a.json", "a.csv", "a.xlsx", "a.db", "a.html", "a.toml", "a.har", "a.txt", "a")
PARSERS = (
    xiaohongshu.parse_search, xiaohongshu.parse_detail, xiaohongshu.parse_comments, xiaohongshu.parse_replies, xiaohongshu.parse_posts,
    kuaishou.parse_search, kuaishou.parse_detail, kuaishou.parse_comments, kuaishou.parse_replies, kuaishou.parse_posts,
)  # fmt: skip


def read(path: Path) -> None:
    """One file through `Export`; an `AssertionError` or any foreign exception is a finding."""
    export = Export(path)
    try:
        mentions = list(export)
    except NegassocError:
        return
    assert sum(file.mentions for file in export.files) == len(mentions)
    for file in export.files:
        assert file.rows == file.mentions + file.duplicates + len(file.skipped) + len(file.problems), file
    for mention in mentions:
        assert mention.text.strip() or (mention.title or "").strip(), mention
        mention.to_record()


def parse(text: str) -> None:
    """The first JSON value of a text through every parser of replies."""
    for _, value, _ in json_values([text]):
        for parser in PARSERS:
            try:
                parser(value)
            except NegassocError:
                continue
        return


def one_input(data: bytes) -> None:
    """What atheris calls: the last byte chooses the file's name."""
    name = NAMES[data[-1] % len(NAMES)] if data else NAMES[0]
    path = FOLDER / name
    path.write_bytes(data[:-1])
    read(path)
    path.unlink()
    if name in {"a.json", "a.jsonl"}:
        parse(data[:-1].decode("utf-8", "replace"))


def fill(corpus: Path) -> None:
    """Put the fixtures into an empty corpus."""
    corpus.mkdir(parents=True, exist_ok=True)
    if any(corpus.iterdir()):
        return
    for seed in DATA.glob("*/*"):
        if seed.is_file() and (seed.parent / "mentions.json").exists() and seed.name != "mentions.json":
            suffix = next((index for index, name in enumerate(NAMES) if Path(name).suffix == seed.suffix), len(NAMES) - 1)
            (corpus / f"{seed.parent.name}-{seed.name}").write_bytes(seed.read_bytes() + bytes([suffix]))


if __name__ == "__main__":
    shared_memory = Path("/dev/shm")
    FOLDER = Path(tempfile.mkdtemp(dir=shared_memory if shared_memory.is_dir() else None))
    if len(sys.argv) > 1 and not sys.argv[1].startswith(("-", "crash", "timeout", "oom")):
        fill(Path(sys.argv[1]))
    atheris.Setup(sys.argv, one_input)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
