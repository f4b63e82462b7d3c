"""The words of pages and notebooks: every one is used, every one that is used is there, in both languages."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import negassoc.report
from negassoc.report.words import named, word

ROOM = Path(negassoc.report.__file__).parent
WORDS = tomllib.loads((ROOM.parent / "data" / "report_words.toml").read_text("utf-8"))["words"]
FLAT = {
    (f"{key}.{inner}" if "zh" not in value else key): (value[inner] if "zh" not in value else value)
    for key, value in WORDS.items()
    for inner in (value if "zh" not in value else [key])
}
GROUPS = {"role", "kind", "pair", "identity", "sheet", "trend", "run", "split"}


def test_both_languages_have_the_same_places_to_fill():
    for key, value in FLAT.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(value[lang]) if name} for lang in ("zh", "en")]
        assert fields[0] == fields[1], key
        assert re.search("[\u4e00-\u9fff。，]", value["zh"]), key
        assert not re.search("[\u4e00-\u9fff]", value["en"]), key


def test_every_word_is_used_and_every_used_word_is_there():
    source = "\n".join(path.read_text("utf-8") for path in ROOM.glob("*.py"))
    for key in FLAT:
        if key.split(".")[0] not in GROUPS:
            assert f'"{key}"' in source or f"'{key}'" in source, f"{key} is not used"
    for key in re.findall(r"""\bword\(\s*["']([^"']+)["']""", source):
        assert key in FLAT or key.endswith("."), f"{key} is used but not there"


def test_what_has_no_name_keeps_its_own():
    assert named("role", "SOMEBODY", "zh") == "SOMEBODY"
    assert word("seconds", "en", count=3) == "3 s"
