"""What is known beyond the text. Each fact is yes, no or not yet known (None); only a stated one decides anything."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import attrs

from negassoc.errors import DataError, Problem, UnknownNameError, nearest
from negassoc.records import Title, brief, load_toml, read_text
from negassoc.toml import parse_toml, toml_lines

_WORDS = {"yes": True, "是": True, "true": True, "no": False, "否": False, "false": False}


def _known(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise TypeError(f"a fact is True, False or None, not {value!r}")


def _fact() -> bool | None:
    return attrs.field(default=None, converter=_known)


@attrs.frozen(kw_only=True, cache_hash=True)  # what follows from the same facts is remembered by them
class Facts:
    """Known facts (已知事实), three-valued. What each means, how to find it out and what it changes: `fact_definitions()`.

    >>> Facts(order_match=True).stated()
    {'order_match': True}
    >>> (Facts(order_match=True) | Facts(order_match=False, extortion=False)).order_match
    False
    """

    official_notice: bool | None = _fact()
    own_breach: bool | None = _fact()
    misjudgment_shown: bool | None = _fact()
    entity_mismatch: bool | None = _fact()
    same_entity: bool | None = _fact()
    extortion: bool | None = _fact()
    lawful_claim: bool | None = _fact()
    impersonation: bool | None = _fact()
    order_match: bool | None = _fact()
    service_contact: bool | None = _fact()
    falsity_proven: bool | None = _fact()
    coordination: bool | None = _fact()
    competitor_link: bool | None = _fact()
    safety_harm: bool | None = _fact()
    media_attention: bool | None = _fact()
    in_remedy: bool | None = _fact()
    resolved: bool | None = _fact()
    evidence_archived: bool | None = _fact()
    legal_signoff: bool | None = _fact()
    consent_documented: bool | None = _fact()
    content_labelled: bool | None = _fact()

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of all facts."""
        return _names()

    @classmethod
    def of(cls, facts: Facts | None) -> Facts:
        """The facts themselves, none stated for None; `DataError` for anything else."""
        if facts is None or isinstance(facts, Facts):
            return facts or cls()
        raise DataError([Problem("facts", f"expected Facts, found {facts!r:.60}; of a dictionary: Facts.from_record")])

    @classmethod
    def from_record(cls, record: Mapping[str, object], *, where: str = "facts") -> Facts:
        """Facts from plain data, each true/false or yes/no; `DataError` for an unknown name or another value."""
        values, problems = dict[str, bool | None](), list[Problem]()
        for name, value in record.items():
            given = _WORDS.get(value.strip().lower()) if isinstance(value, str) else value
            if name not in cls.names():
                problems.append(Problem(where, f"unknown fact {name!r}{nearest(name, cls.names())} `negassoc facts` lists them", key=name))
            elif (given is not None and not isinstance(given, bool)) or (given is None and value is not None):
                problems.append(Problem(where, f"{name}: expected yes, no or nothing, found {value!r}", key=name))
            else:
                values[name] = given
        if problems:
            raise DataError(problems)
        return cls(**values)

    def stated(self) -> dict[str, bool]:
        """The facts that are known, by name."""
        return {name: value for name in self.names() if (value := getattr(self, name)) is not None}

    def get(self, name: str) -> bool | None:
        """One fact by name; `UnknownNameError` if there is none such."""
        if name not in self.names():
            raise UnknownNameError("fact", name, self.names())
        value: bool | None = getattr(self, name)
        return value

    def __or__(self, other: Facts) -> Facts:
        """Both together; where both state a fact, `other` (what became known later) wins."""
        return attrs.evolve(self, **Facts.of(other).stated())

    def __repr__(self) -> str:
        return brief(self)


@functools.cache
def _names() -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(Facts))


@attrs.frozen
class FactFile:
    """Facts as a file states them: some for every mention, some for one."""

    common: Facts = attrs.field(factory=Facts)
    by_mention: Mapping[str, Facts] = attrs.field(factory=dict)

    @classmethod
    def load(cls, path: str | Path) -> FactFile:
        """Read a `facts.toml`: top-level keys hold for every mention, `[mention."ID"]` for one; `DataError` with `path:line`."""
        text = read_text(path)
        data = parse_toml(text, path)
        lines, problems = toml_lines(text), list[Problem]()
        tables: dict[tuple[str, ...], object] = {(): {key: value for key, value in data.items() if key != "mention"}}
        by_id = data.get("mention", {})
        tables |= {("mention", key): table for key, table in by_id.items()} if isinstance(by_id, dict) else {("mention",): by_id}
        read = dict[tuple[str, ...], Facts]()
        for place, table in tables.items():
            try:
                read[place] = Facts.from_record(_table(table))
            except DataError as error:
                problems += [
                    Problem(f"{path}:{lines.get((*place, p.key or ''), lines.get(place, 1))}", p.what, key=p.key) for p in error.problems
                ]
        if problems:
            raise DataError(problems)
        return cls(read[()], {place[1]: facts for place, facts in read.items() if place})

    def of(self, mention_id: str) -> Facts:
        """What is known of one mention."""
        return self.common | self.by_mention.get(mention_id, Facts())


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise DataError([Problem("facts", f'expected a table [mention."ID"] of facts, found {value!r}')])
    return value


@attrs.frozen(kw_only=True)
class FactDefinition:
    """What one fact means: `asks` is the question to answer, `how` where its answer is found, `changes` what it does to a verdict.

    `title` names it as known; `whether` the same as long as nobody knows.
    """

    name: str
    title: Title
    whether: Title
    asks: Title
    how: Title
    changes: Title


@attrs.frozen(kw_only=True)
class _FactTable:
    fact: tuple[FactDefinition, ...]


@functools.cache
def fact_definitions() -> Mapping[str, FactDefinition]:
    """Every fact by name, in the order in which it pays to find them out.

    >>> fact_definitions()["order_match"].title.en
    'Order found'
    """
    table = load_toml(Path(__file__).parent / "data" / "facts.toml", _FactTable)
    return {definition.name: definition for definition in table.fact}
