"""Lexicons: one term a line, with how strong a cue it is; and the one index that finds all of them in one pass."""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import ahocorasick_rs
import attrs

from negassoc.errors import DataError, Problem, nearest
from negassoc.records import Title, read_text
from negassoc.text.normal import normals

ALLOWED = "allowed"
USES: Final = (
    ALLOWED, "attack", "claim", "complaint", "fair", "fault", "first_hand", "harmless", "irony", "merit", "mixup", "notice", "praise",
    "question", "request", "resolved", "rhetorical", "severity", "topic", "violation",
)  # fmt: skip
"""What a lexicon's words may be cues of: a word of any other use would count nothing."""
Found: TypeAlias = tuple[int, int, int]
"""The number of a term, and where it starts and ends."""
Phrase: TypeAlias = tuple[int, int, str]
"""Where an allowed phrase or a denied term with its denial starts and ends, and its words."""
_DENIAL = re.compile(
    "(?:(?<!有)没有?|(?<!会)不会|(?<![是会要用能])不|从不|零|告别|哪有)(?:(?<=没)(?:被|让|过)|(?<=有)(?:被|让|什么|任何|一点|那么)|(?<=不)(?:再|太|算|那么|怎么))?$"
)
"""A denial right before a term. 有没有, 是不是, 会不会 ask."""
_DENIAL_LONGEST: Final = 5
_DENIAL_ENDS: Final = frozenset("没有会不零别被让过么何点再太算")
"""How a denial ends: most terms have nothing of that before them."""


def _longest_first(match: Found) -> tuple[int, int]:
    return match[1], -match[2]


@attrs.frozen
class Lexicon:
    """Terms of one sort. `use` says what they are cues of (one of `USES`: `complaint`, `praise`, `allowed`, …), `industry` where
    only they hold (empty: everywhere); `terms` maps each to its strength, 0 (only a topic) to 3 (near certain). `faults`: all name a fault,
    so that what denies one (没漏水, 零踩雷) is no blame; 退款 is none, since 没退款 is the blame."""

    id: str
    title: Title
    use: str
    terms: Mapping[str, int] = attrs.field(hash=False)
    industry: tuple[str, ...] = ()
    faults: bool = False

    @classmethod
    def load(cls, path: str | Path) -> Lexicon:
        """Read a lexicon file: `# key: value` lines first, then `term` or `term<TAB>strength`; `DataError` with `path:line`."""
        return _Reader(Path(path)).lexicon()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path, self.head, self.terms, self.problems = path, dict[str, str](), dict[str, int](), list[Problem]()

    def lexicon(self) -> Lexicon:
        for number, line in enumerate(read_text(self.path).splitlines(), 1):
            if line.startswith("#"):
                key, _, value = line[1:].partition(":")
                self.head[key.strip()] = value.strip()
            elif line.strip():
                self._term(line, number)
        for key in ("title", "use"):
            if key not in self.head:
                self.problems.append(Problem(f"{self.path}:1", f"no '# {key}: …' line, such as {_HEADS[key]!r}"))
        if (use := self.head.get("use", ALLOWED)) not in USES:
            self.problems.append(Problem(f"{self.path}:1", f"use {use!r} is none of {', '.join(USES)}{nearest(use, USES)}"))
        if self.problems:
            raise DataError(self.problems)
        zh, _, en = self.head["title"].partition("|")
        return Lexicon(
            self.path.stem,
            Title(zh.strip(), en.strip() or zh.strip()),
            self.head["use"],
            self.terms,
            tuple(self.head.get("industry", "").split()),
            "faults" in self.head,
        )

    def _term(self, line: str, number: int) -> None:
        term, _, strength = line.partition("\t")
        if term in self.terms:
            self.problems.append(Problem(f"{self.path}:{number}", f"{term!r} stands here twice"))
        if strength.strip() not in {"", "0", "1", "2", "3"}:
            self.problems.append(Problem(f"{self.path}:{number}", f"strength {strength!r} is not 0, 1, 2 or 3"))
        else:
            self.terms[term] = int(strength or 0)


_HEADS: Final = {"title": "# title: 口感用语 | words of taste", "use": "# use: complaint"}
_GRADED = frozenset(("complaint", "fault", "harmless", "merit", "praise"))
_FACTS: Final = frozenset(("fault", "merit"))
"""Uses of plain facts: each is the contrary of itself where it is denied."""
_HIDDEN_TOO: Final = {"complaint": {"praise"}, "fault": {"praise", "merit"}, "merit": {"complaint", "fault"}}
"""What else a longer term of a use hides inside of it: 好用 in 不好用, 异味 in 没有异味."""


def _key_of(cue: Cue) -> str:
    return f"{cue.use}{cue.strength}" if cue.use in _GRADED else cue.use


@attrs.frozen(cache_hash=True)
class Cue:
    """What a term is a cue of. `key` is the use, with the strength where that matters: `complaint3`, `attack`."""

    lexicon: str
    use: str
    strength: int
    key: str = attrs.field(init=False, default=attrs.Factory(_key_of, takes_self=True))


@attrs.frozen
class Match:
    """A term found at `start:end` of a normal text; `suppressed_by` is the allowed phrase around it, or None."""

    start: int
    end: int
    term: str
    cues: tuple[Cue, ...]
    suppressed_by: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its cues, each once."""
        return tuple(dict.fromkeys(cue.key for cue in self.cues))


@attrs.frozen
class _Sort:
    """What the cues of a term are together: `hides` has the uses that are not asked of a shorter term inside of it."""

    keys: tuple[str, ...]
    fact_keys: tuple[str, ...]
    uses: frozenset[str]
    hides: frozenset[str]
    deniable: bool

    @classmethod
    def of(cls, cues: tuple[Cue, ...], deniable: Collection[str]) -> _Sort:
        uses = frozenset(cue.use for cue in cues)
        keys, facts = (tuple(dict.fromkeys(cue.key for cue in some)) for some in (cues, [cue for cue in cues if cue.use in _FACTS]))
        hides = uses.union(*(_HIDDEN_TOO.get(use, ()) for use in uses))
        return cls(keys, facts, uses, hides, all(cue.lexicon in deniable for cue in cues))


def _cues_by_term(lexicons: Iterable[Lexicon]) -> dict[str, tuple[Cue, ...]]:
    said = dict[str, tuple[Cue, ...]]()
    for lexicon in lexicons:
        of_strength = {strength: (Cue(lexicon.id, lexicon.use, strength),) for strength in set(lexicon.terms.values())}
        for term, strength in zip(normals(tuple(lexicon.terms)), lexicon.terms.values(), strict=True):
            cues = of_strength[strength]
            said[term] = tuple(dict.fromkeys(said[term] + cues)) if term in said else cues
    said.pop("", None)
    return said


class TermIndex:
    """Finds every term of many lexicons in one pass, whatever their number.

    >>> pit = Lexicon("pit", Title("坑", "pit"), "complaint", {"踩雷": 2})
    >>> allowed = Lexicon("ok", Title("允许", "allowed"), "allowed", {"没踩雷": 0})
    >>> index = TermIndex([pit, allowed])
    >>> [(m.term, m.suppressed_by) for m in index.scan("没踩雷,别人踩雷")]
    [('踩雷', '没踩雷'), ('踩雷', None)]
    """

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self.lexicons = {lexicon.id: lexicon for lexicon in lexicons}
        said = _cues_by_term(self.lexicons.values())
        self.terms, self.cues = tuple(said), tuple(said.values())
        deniable = frozenset(lexicon.id for lexicon in self.lexicons.values() if lexicon.faults or lexicon.use in _FACTS)
        # of many thousand terms most are cues of the same
        sorts = {cues: _Sort.of(cues, deniable) for cues in set(self.cues)}
        each = [sorts[cues] for cues in self.cues]
        self.keys, self.fact_keys = tuple([sort.keys for sort in each]), tuple([sort.fact_keys for sort in each])
        self._uses, self._hides = tuple([sort.uses for sort in each]), tuple([sort.hides for sort in each])
        self._allowed = frozenset([number for number, sort in enumerate(each) if ALLOWED in sort.uses])
        self._of_facts = self._allowed.union([number for number, sort in enumerate(each) if sort.fact_keys])
        self._faults = frozenset([number for number, sort in enumerate(each) if sort.deniable])
        longest = max([len(self.terms[number]) + _DENIAL_LONGEST for number in self._faults], default=0)
        self._longest_phrase = max([len(self.terms[number]) for number in self._allowed], default=0)
        self._longest_phrase = max(self._longest_phrase, longest)
        self._index = ahocorasick_rs.AhoCorasick(self.terms)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (tuple(self.lexicons.values()),)

    def scan(self, text: str) -> list[Match]:
        """The terms in a normal text, in order. One inside a longer term of its use (praise: or of blame) is left out,
        one inside an allowed phrase says so."""
        found, phrases = self.find(text)
        return [
            Match(start, end, self.terms[number], self.cues[number], self.around(phrases, start, end) if phrases else None)
            for number, start, end in found
        ]

    def find(self, text: str) -> tuple[list[Found], list[Phrase]]:
        """What `scan` tells, as bare numbers: the terms with their places, and the places of the allowed phrases, each in order."""
        return self._sorted_out(text, self._index.find_matches_as_indexes(text, overlapping=True))

    def facts(self, text: str) -> tuple[list[Found], list[Phrase]]:
        """The same of the plain facts alone."""
        asked = self._of_facts
        return self._sorted_out(text, [found for found in self._index.find_matches_as_indexes(text, overlapping=True) if found[0] in asked])

    def _sorted_out(self, text: str, found: list[Found]) -> tuple[list[Found], list[Phrase]]:
        if not found:
            return [], []
        allowed = self._allowed
        phrases = [(start, end, self.terms[number]) for number, start, end in found if number in allowed]
        phrases += self._denied(text, found)
        if any(before[2] > after[1] for before, after in itertools.pairwise(found)):
            found = _longest(found, self._uses, self._hides)
        if phrases:
            return [match for match in found if match[0] not in allowed], sorted(phrases)
        return found, phrases

    def around(self, phrases: list[Phrase], start: int, end: int) -> str | None:
        """The first of the allowed phrases found that holds more than `start:end`; only those near enough are looked at."""
        first = bisect.bisect_left(phrases, (end - self._longest_phrase, 0, ""))
        last = bisect.bisect_left(phrases, (start + 1, 0, ""))
        return next((words for s, e, words in phrases[first:last] if end <= e and e - s > end - start), None)

    def _denied(self, text: str, found: list[Found]) -> Iterator[Phrase]:
        """The faults with the denial before each that is denied."""
        for number, start, end in found:
            if start and text[start - 1] in _DENIAL_ENDS and number in self._faults:
                before = max(0, start - _DENIAL_LONGEST)
                if denial := _DENIAL.search(text[before:start]):
                    yield before + denial.start(), end, text[before + denial.start() : end]


def _longest(found: list[Found], uses_of: Sequence[frozenset[str]], hides: Sequence[frozenset[str]]) -> list[Found]:
    """Drop what lies inside a longer find of the same use: of 太难用 and 难用 only the first counts, of 不好用 and 好用 too."""
    kept, around = list[Found](), list[Found]()
    for match in sorted(found, key=_longest_first):
        number, start, end = match
        around = [each for each in around if each[2] > start]
        # most terms stand alone
        if not around or uses_of[number].difference(*[hides[n] for n, _, further in around if further >= end]):
            around.append(match)
            kept.append(match)
    return kept


@functools.cache
def _packaged() -> tuple[Lexicon, ...]:
    return load_lexicons(Path(__file__).parent.parent / "data")


def load_lexicons(pack: str | Path | None = None) -> tuple[Lexicon, ...]:
    """All lexicons of a pack directory (`lexicons/*.txt`), of the packaged one by default; `DataError` with every mistake."""
    if pack is None:
        return _packaged()
    lexicons, problems = list[Lexicon](), list[Problem]()
    for path in sorted((Path(pack) / "lexicons").glob("*.txt")):
        try:
            lexicons.append(Lexicon.load(path))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return tuple(lexicons)
