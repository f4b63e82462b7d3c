"""Red lines (红线): what the brand's own post may not say, by advertising law and by the platforms' rules.

In: a text. Out: breaches, each with its place, the reason and the lawful way to say it. The lines are data in `data/red_lines/*.toml`.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import attrs

from negassoc.classify.finding import Field, Span
from negassoc.errors import DataError, Problem, UnknownNameError
from negassoc.records import Json, Title, load_toml, unstructure
from negassoc.text.phrases import Folded, fold, phrase

if TYPE_CHECKING:
    from negassoc.mention import Mention

Pattern: TypeAlias = re.Pattern[str]

_NEVER = re.compile(r"(?!)")
_NOBODY: Mapping[str, tuple[str, ...]] = {"rival": (_NEVER.pattern,)}
"""The word sets that the brand fills, as long as it is unknown."""

_PARTS = ("say", "allow", "unless", "clear")
_REACH = 40
"""How many characters away a word may deny or forbid what is said."""


@attrs.frozen(kw_only=True)
class RedLine:
    """One thing a post of the brand may not say.

    `say` are the phrases that cross it; a hit inside an `allow` phrase, or in a sentence with one of `unless`, or in a text with one of
    `clear`, is lawful; `{rival}` in a phrase stands for the brand's rivals. `industry` and `platform` limit it (empty: everywhere).
    `certain` is False where papers or a source would make the words lawful, so that a person has to look. `basis` names the law or
    rule, `checked_on` when it was read.
    """

    id: str
    group: str
    say: tuple[str, ...]
    allow: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    certain: bool = True
    title: Title
    reason: Title
    instead: Title
    basis: tuple[str, ...]
    checked_on: dt.date
    example: tuple[str, ...]
    counter: tuple[str, ...] = ()

    @property
    def names_a_rival(self) -> bool:
        """Whether it looks for the names of the brand's rivals."""
        return any("{rival}" in template for template in (*self.say, *self.allow, *self.unless))

    def applies(self, platform: str | None, industry: str | None) -> bool:
        """Whether it holds there. An unknown platform or industry is no excuse: then it does."""
        in_trade = not self.industry or industry is None or any(word in industry for word in self.industry)
        return in_trade and (not self.platform or platform is None or platform in self.platform)


@attrs.frozen
class Breach:
    """A red line crossed: where, and in which words (`quote`, as they stand in the original)."""

    red_line: RedLine
    span: Span = attrs.field(kw_only=True)
    quote: str = attrs.field(kw_only=True)

    @property
    def certain(self) -> bool:
        """False where a source or papers would make it lawful."""
        return self.red_line.certain

    def to_record(self) -> dict[str, Json]:
        """As `self-check --json` prints it."""
        return {
            "red_line": self.red_line.id, "group": self.red_line.group, "certain": self.certain, "span": unstructure(self.span),
            "quote": self.quote, "title": unstructure(self.red_line.title), "reason": unstructure(self.red_line.reason),
            "instead": unstructure(self.red_line.instead), "basis": list(self.red_line.basis),
        }  # fmt: skip


@attrs.frozen(kw_only=True)
class _File:
    words: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    frame: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    red_line: tuple[RedLine, ...] = ()


@attrs.frozen(kw_only=True)
class _Compiled:
    line: RedLine
    say: Pattern
    allow: Pattern | None
    unless: Pattern | None
    clear: Pattern | None

    def hits(self, folded: Folded) -> Iterator[re.Match[str]]:
        if self.clear and self.clear.search(folded.text):
            return
        allowed = [m.span() for m in self.allow.finditer(folded.text)] if self.allow else []
        for match in self.say.finditer(folded.text):
            if match.end() > match.start() and not any(
                start <= match.start() < end or start < match.end() <= end for start, end in allowed
            ):
                yield match


@attrs.frozen
class RedLines:
    """All red lines, compiled once.

    >>> breaches = RedLines.default().check("全国最好的床垫，加我薇信 abc_123")
    >>> [(breach.red_line.id, breach.quote) for breach in breaches][0]
    ('absolute-terms', '全国最')
    >>> RedLines.default().check("新国标一级能效，第一次开机请先看说明书")
    ()
    """

    by_id: Mapping[str, RedLine] = attrs.field(hash=False)
    _compiled: tuple[_Compiled, ...] = attrs.field(alias="compiled", repr=False, eq=False, kw_only=True)
    _before: Pattern = attrs.field(alias="before", repr=False, eq=False, kw_only=True)
    _after: Pattern = attrs.field(alias="after", repr=False, eq=False, kw_only=True)
    _words: Mapping[str, tuple[str, ...]] = attrs.field(alias="words", repr=False, eq=False, kw_only=True)

    @classmethod
    def default(cls) -> RedLines:
        """The packaged red lines."""
        return _default()

    @classmethod
    def load(cls, directory: str | Path) -> RedLines:
        """The red lines of a pack directory (`red_lines/*.toml` in it); `DataError` names the file and the mistake."""
        files = [(path, load_toml(path, _File)) for path in sorted((Path(directory) / "red_lines").glob("*.toml"))]
        words = {**_NOBODY, **{name: found for _, file in files for name, found in file.words.items()}}
        frames = {name: found for _, file in files for name, found in file.frame.items()}
        lines = [(path, line) for path, file in files for line in file.red_line]
        if problems := [problem for path, line in lines for problem in _mistakes(line, words, path)]:
            raise DataError(problems)
        compiled = tuple(_compile(line, words) for _, line in lines)
        before, after = (_any_of(frames.get(place, ()), words) or _NEVER for place in ("before", "after"))
        return cls({c.line.id: c.line for c in compiled}, compiled=compiled, before=before, after=after, words=words)

    def against(self, rivals: Iterable[str]) -> RedLines:
        """These lines for a brand with these rivals, whose names stand for `{rival}` in the data: who speaks ill of one crosses a line.

        >>> [breach.red_line.id for breach in RedLines.default().against(["乙茶"]).check("比乙茶好喝一百倍")]
        ['named-rival']
        """
        names = tuple(re.escape(name) for name in (fold(rival).text.strip() for rival in rivals) if name)
        if not names:
            return self
        words = {**self._words, "rival": names}
        compiled = tuple(_compile(c.line, words) if c.line.names_a_rival else c for c in self._compiled)
        return attrs.evolve(self, compiled=compiled, words=words)

    def get(self, id: str) -> RedLine:  # noqa: A002 - the record's own word
        """One red line; `UnknownNameError` if there is none of that id."""
        if id not in self.by_id:
            raise UnknownNameError("red line", id, self.by_id)
        return self.by_id[id]

    def check(self, text: str, *, platform: str | None = None, industry: str | None = None, field: Field = "text") -> tuple[Breach, ...]:
        """The red lines that `text` crosses, in reading order, each at most once a sentence; spans are code points of `text`."""
        folded = fold(text)
        sentences = [end for _, end in folded.sentences()]
        found = list[Breach]()
        for compiled in self._compiled:
            if compiled.line.applies(platform, industry):
                for match in self._crossings(compiled, folded, sentences):
                    span = Span(field, *folded.original(*match.span()))
                    found.append(Breach(compiled.line, span=span, quote=text[span.start : span.end]))
        return tuple(sorted(found, key=lambda breach: breach.span.start))

    def _crossings(self, compiled: _Compiled, folded: Folded, ends: list[int]) -> Iterator[re.Match[str]]:
        """One match a sentence that nothing excuses."""
        settled = dict[int, bool]()
        for match in compiled.hits(folded):
            sentence = bisect.bisect_right(ends, match.start())
            start, end = ends[sentence - 1] if sentence else 0, ends[sentence] if sentence < len(ends) else len(folded.text)
            if sentence not in settled:
                settled[sentence] = bool(compiled.unless and compiled.unless.search(folded.text, start, end))
            if not settled[sentence] and not self._denied(folded.text, match, start, end):
                settled[sentence] = True
                yield match

    def check_mention(self, mention: Mention, *, industry: str | None = None) -> tuple[Breach, ...]:
        """The same for a post: title and text are read as one, each span is given in the field where it begins."""
        title = mention.title or ""
        whole, offset = (f"{title}\n{mention.text}", len(title) + 1) if title else (mention.text, 0)
        found = self.check(whole, platform=mention.platform, industry=industry)
        return tuple(_in_field(breach, len(title), offset) for breach in found)

    def _denied(self, text: str, match: re.Match[str], start: int, end: int) -> bool:
        before, after = text[max(start, match.start() - _REACH) : match.start()], text[match.end() : min(end, match.end() + _REACH)]
        return bool(self._before.search(before) or self._after.search(after))

    def __iter__(self) -> Iterator[RedLine]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)


@functools.cache
def _default() -> RedLines:
    return RedLines.load(Path(__file__).parents[1] / "data")


def _in_field(breach: Breach, title: int, offset: int) -> Breach:
    start, end = breach.span.start, breach.span.end
    if start < title:
        return attrs.evolve(breach, span=Span("title", start, min(end, title)), quote=breach.quote[: title - start])
    start = max(start, offset)
    return attrs.evolve(breach, span=Span("text", start - offset, end - offset), quote=breach.quote[-(end - start) :])


def _mistakes(line: RedLine, words: Mapping[str, tuple[str, ...]], path: Path) -> Iterator[Problem]:
    for key in _PARTS:
        try:
            _any_of(getattr(line, key), words)
        except KeyError as error:
            yield Problem(str(path), f"{line.id}: {key}: no word set {error}", key=line.id)
        except re.error as error:
            yield Problem(str(path), f"{line.id}: {key}: no phrase: {error}", key=line.id)


def _compile(line: RedLine, words: Mapping[str, tuple[str, ...]]) -> _Compiled:
    say, allow, unless, clear = (_any_of(getattr(line, key), words) for key in _PARTS)
    return _Compiled(line=line, say=say or _NEVER, allow=allow, unless=unless, clear=clear)


def _any_of(templates: tuple[str, ...], words: Mapping[str, tuple[str, ...]]) -> Pattern | None:
    return phrase("|".join(f"(?:{template})" for template in templates), words) if templates else None
