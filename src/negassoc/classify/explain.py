"""A verdict in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negassoc.classify.finding import AssociationType, Classification


def why(verdict: Classification, lang: str, limit: int) -> str:
    return "\n".join(f.title.of(lang) for f in verdict.findings[:limit])


def why_not(verdict: Classification, kind: AssociationType, lang: str) -> str:
    return kind.words.of(lang)
