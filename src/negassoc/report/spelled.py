"""Rows of a workbook that people read: the codes of programs in the words that a page uses for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc.cases import State
from negassoc.classify import AssociationType
from negassoc.mention import Kind
from negassoc.platform import platform_title
from negassoc.report.phrases import facet_title, fact_title, fact_whether, roles
from negassoc.report.words import named, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from negassoc.report.cells import Row


def in_words(rows: Iterable[Row], lang: str) -> Iterator[Row]:
    """The rows with their codes spelled out; a verdict's `type` stays, whose words stand in `type_title`."""
    for row in rows:
        spelled = {name: _WORDS[name](code, lang) for name, code in row.items() if name in _WORDS and isinstance(code, str)}
        yield {**row, **spelled, **({"type": row["type"]} if "type_title" in row else {})}


def _each(one: Callable[[str, str], str]) -> Callable[[str, str], str]:
    return lambda codes, lang: ("、" if lang == "zh" else ", ").join(one(code, lang) for code in codes.split("; "))


def _type(code: str, lang: str) -> str:
    return AssociationType(code).words.of(lang)


def _kind(code: str, lang: str) -> str:
    """A kind of mention, or of a campaign's proof; what a guard judges by has no other name."""
    return Kind(code).words.of(lang) if code in {*Kind} else named("pair", code, lang)


def _stated(code: str, lang: str) -> str:
    name, _, value = code.partition("=")
    return f"{fact_title(name, lang)}{'：' if lang == 'zh' else ': '}{word(value, lang)}"


_WORDS: dict[str, Callable[[str, str], str]] = {
    "type": _type, "plan_type": _type, "also": _each(_type), "platform": platform_title, "kind": _kind, "facets": _each(facet_title),
    "wanted": _each(fact_whether), "facts": _each(_stated), "fact": fact_title, "role": roles,
    "state": lambda code, lang: State(code).words.of(lang),
}  # fmt: skip
