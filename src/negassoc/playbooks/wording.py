"""Guards applied to free text: an instruction, a vendor's offer, a draft of a reply.

An *intent* is what an unlawful text says: phrases, of which one must stand in a sentence (and, where `with` is given, one of those
too). A *frame* is what makes the same words lawful: a prohibition before them, a verdict after them, a report or a question around
them. A frame reaches as far as no contrast ("但", "而是") stands between. Both are data in `data/guards/*.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from negassoc.classify import Span
from negassoc.errors import DataError, Problem
from negassoc.records import Json, Title, load_toml, unstructure
from negassoc.text.phrases import Folded, phrase

Verdict: TypeAlias = Literal["blocked", "gated", "ok"]
Pattern: TypeAlias = re.Pattern[str]


@attrs.frozen(kw_only=True)
class Intent:
    """What an unlawful text says: one of the phrases `say` in a sentence without any of `unless`, and, where given, one of
    `along` somewhere in the text.

    `stubborn` intents hold inside a frame too (the words themselves order to hide the deed); `negative` ones contain a "not" of their own
    ("must not say anything any more"), which is no frame. `sure` ones (those of an overlay) decide alone, the packaged ones together with
    the weight of the whole text. `example` must be found, `counter` not.
    """

    id: str
    guard: str
    say: tuple[str, ...]
    along: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    stubborn: bool = False
    negative: bool = False
    sure: bool = attrs.field(default=False, metadata={"unread": True})
    example: tuple[str, ...]
    counter: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Frame:
    """What makes such words lawful: phrases that stand `before` or `after` them in the sentence, before them in their own `clause` (up
    to the comma), or anywhere in the `text`."""

    id: str
    where: Literal["before", "clause", "after", "text"]
    say: tuple[str, ...]


@attrs.frozen(kw_only=True)
class _WordingFile:
    words: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    intent: tuple[Intent, ...] = ()
    frame: tuple[Frame, ...] = ()
    contrast: tuple[str, ...] = ()


@attrs.frozen
class Spoken:
    """A guard that spoke: where in the original text, why, and the lawful step that serves the same aim."""

    id: str
    span: Span = attrs.field(kw_only=True)
    reason: Title = attrs.field(kw_only=True)
    instead: Title = attrs.field(kw_only=True)


@attrs.frozen
class TextReview:
    """What the guards say of one text; `verdict` is the strongest of those that spoke."""

    text: str
    verdict: Verdict = attrs.field(kw_only=True)
    guards: tuple[Spoken, ...] = attrs.field(kw_only=True)

    def to_record(self) -> dict[str, Json]:
        """As `negassoc review --json` prints it."""
        return {"text": self.text, "verdict": self.verdict, "guards": unstructure(self.guards)}


@attrs.frozen
class Heard:
    """An intent found: its guard, and where, in folded characters. An `excused` one stands in a frame: it speaks of the deed only."""

    guard: str
    intent: str = attrs.field(kw_only=True)
    start: int = attrs.field(kw_only=True)
    end: int = attrs.field(kw_only=True)
    sure: bool = attrs.field(kw_only=True)
    excused: bool = attrs.field(default=False, kw_only=True)


@attrs.frozen(kw_only=True)
class _Compiled:
    intent: Intent
    say: tuple[Pattern, ...]
    along: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]

    def find(self, text: str, start: int, end: int) -> list[re.Match[str]]:
        """Its phrases in the sentence, where the sentence has none that excuses it."""
        found = [match for p in self.say if (match := p.search(text, start, end))]
        return [] if found and any(p.search(text, start, end) for p in self.unless) else found


@attrs.frozen(kw_only=True)
class Wording:
    """The compiled intents and frames of a pack directory."""

    intents: tuple[_Compiled, ...] = ()
    before: tuple[Pattern, ...] = ()
    clause: tuple[Pattern, ...] = ()
    after: tuple[Pattern, ...] = ()
    around: tuple[Pattern, ...] = ()
    contrast: tuple[Pattern, ...] = ()

    @classmethod
    def load(cls, directory: str | Path) -> Wording:
        """The wording in `guards/*.toml` of a pack directory; nothing where there is none. `DataError` names the file."""
        files = [(path, load_toml(path, _WordingFile)) for path in sorted((Path(directory) / "guards").glob("*.toml"))]
        words = {name: tuple(found) for _, file in files for name, found in file.words.items()}
        problems = list[Problem]()

        def compiled(path: Path, owner: str, templates: tuple[str, ...]) -> tuple[Pattern, ...]:
            return tuple(p for t in templates if (p := _compiled(t, words, f"{path}: {owner}", problems)) is not None)

        intents = tuple(
            _Compiled(intent=i, say=compiled(p, i.id, i.say), along=compiled(p, i.id, i.along), unless=compiled(p, i.id, i.unless))
            for p, file in files
            for i in file.intent
        )
        frames = [(frame.where, pattern) for p, file in files for frame in file.frame for pattern in compiled(p, frame.id, frame.say)]
        contrast = tuple(pattern for p, file in files for pattern in compiled(p, "contrast", file.contrast))
        if problems:
            raise DataError(problems)
        place = {name: tuple(pattern for where, pattern in frames if where == name) for name in ("before", "clause", "after", "text")}
        return cls(
            intents=intents, before=place["before"], clause=place["clause"], after=place["after"], around=place["text"], contrast=contrast
        )

    def overlay(self, other: Wording) -> Wording:
        """These intents and the other's. Frames excuse, so an overlay may bring none, nor an intent of an id that is here."""
        known = {i.intent.id for i in self.intents}
        problems = [
            Problem("guards/", f"{i.intent.id}: an intent can be added, not replaced", key=i.intent.id)
            for i in other.intents
            if i.intent.id in known
        ]
        if other.before or other.clause or other.after or other.around or other.contrast:
            problems.append(Problem("guards/", "an overlay may add intents, not frames: a frame excuses", key="frame"))
        if problems:
            raise DataError(problems)
        sure = tuple(attrs.evolve(i, intent=attrs.evolve(i.intent, sure=True)) for i in other.intents)
        return attrs.evolve(self, intents=self.intents + sure)

    @property
    def said(self) -> tuple[Intent, ...]:
        """The intents, in the order of the files."""
        return tuple(compiled.intent for compiled in self.intents)

    def find(self, folded: Folded) -> Iterator[Heard]:
        """What speaks in the text and what a frame excuses, sentence by sentence; an intent once a sentence."""
        text = folded.text
        around = any(p.search(text) for p in self.around)
        whole = [c for c in self.intents if not c.along or any(p.search(text) for p in c.along)]
        for sentence in folded.sentences():
            for compiled in whole:
                if found := compiled.find(text, *sentence):
                    yield self._heard(compiled.intent, text, sentence, found, around=around)

    def _heard(self, intent: Intent, text: str, sentence: tuple[int, int], found: list[re.Match[str]], *, around: bool) -> Heard:
        """The first of its phrases that no frame excuses, else the first."""

        def excused(match: re.Match[str]) -> bool:
            return not intent.stubborn and (around or self._framed(text, sentence, match, inside=not intent.negative))

        match = next((match for match in found if not excused(match)), None)
        start, end = (match or found[0]).span()
        return Heard(intent.guard, intent=intent.id, start=start, end=end, sure=intent.sure, excused=match is None)

    def _framed(self, text: str, sentence: tuple[int, int], match: re.Match[str], *, inside: bool) -> bool:
        start, end = sentence
        reach = match.end() if inside else match.start()
        clause = max(text.rfind(",", start, match.start()) + 1, start)
        denied = [m.end() for p in self.before for m in p.finditer(text, start, end) if m.start() < reach]
        denied += [m.end() for p in self.clause for m in p.finditer(text, clause, end) if m.start() < reach]
        if denied and not any(p.search(text, max(denied), match.start()) for p in self.contrast):
            return True
        after = min((m.start() for p in self.after if (m := p.search(text, match.start(), end))), default=None)
        return after is not None and not any(p.search(text, match.end(), after) for p in self.contrast)


def _compiled(template: str, words: Mapping[str, tuple[str, ...]], where: str, problems: list[Problem]) -> Pattern | None:
    try:
        return phrase(template, words)
    except KeyError as error:
        problems.append(Problem(where, f"no word set {error} for {template!r}"))
    except re.error as error:
        problems.append(Problem(where, f"{template!r} is no phrase: {error}"))
    return None
