"""The words that pages and notebooks are written in: data, Chinese with an English twin."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import attrs

from negassoc.records import Title, load_toml


@attrs.frozen(kw_only=True)
class _Words:
    words: Mapping[str, Title]


@functools.cache
def _words() -> Mapping[str, Title]:
    return load_toml(Path(__file__).parent.parent / "data" / "report_words.toml", _Words).words


def word(key: str, lang: str, **values: object) -> str:
    """The words for `key` in `"zh"` or `"en"`, with `values` put in.

    >>> word("against", "en")
    'against'
    """
    words = _words()[key].of(lang)
    return words.format(**values) if values else words


def named(group: str, name: str, lang: str) -> str:
    """The words for a role or a kind of proof; the name itself where there are none.

    >>> named("role", "CS", "zh"), named("role", "CHEF", "en")
    ('客服', 'CHEF')
    """
    title = _words().get(f"{group}.{name}")
    return title.of(lang) if title else name
