"""What a platform's notice says: to what, what is done, under which rule, until when, what may still be done.

In: the text of a notice or account label (a `Mention` of that kind, or its words). Out: a `Notice`, each value with the characters it
rests on; what is not stated is None. How platforms word it is data: `data/notices.toml`.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from negassoc.classify.finding import Field, Span
from negassoc.errors import DataError, Problem
from negassoc.mention import Mention
from negassoc.records import Json, load_toml, unstructure
from negassoc.text.phrases import Folded, fold, phrase
from negassoc.times import parse_time

Pattern: TypeAlias = re.Pattern[str]
Outcome: TypeAlias = Literal["penalty", "warning", "lifted", "in_favour", "granted", "complaint", "information"]
Unit: TypeAlias = Literal["hours", "days", "workdays"]

_NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}


@attrs.frozen
class Stated:
    """A value the notice states: an id, a name, a number of points or attempts, and where it stands."""

    value: str
    span: Span = attrs.field(kw_only=True)
    amount: float | None = attrs.field(default=None, kw_only=True)


@attrs.frozen
class Window:
    """A stretch of time as the notice gives it: so many hours, days or working days."""

    count: int
    unit: Unit
    span: Span = attrs.field(kw_only=True)

    def after(self, start: dt.datetime) -> dt.datetime | None:
        """Its end counted from `start`; None for working days, which need a calendar (see `negassoc.playbooks.due`)."""
        return None if self.unit == "workdays" else start + dt.timedelta(**{self.unit: self.count})


@attrs.frozen(kw_only=True)
class Notice:
    """A platform notice or label, read.

    `outcome` is what it amounts to. `object` is what it is about (`note`, `video`, `live`, `product`, `comment`, `shop`, `brand`,
    `advertising`, `account`), `object_name` the title it names, `clause` the rule it cites, `penalties` what is done, `breaches` of
    which sort. `starts_at` and `ends_at` are days named in it (Beijing, 00:00), `duration` a stretch of time. `window` is the time to
    answer or appeal in, `attempts_left` the tries that remain (0 where none). `by_machine` is None where it does not say who decided.
    `mix_up` is where it says that the account was taken for, or tied to, another one; `error` where it admits an error; `lifted` where
    the measure has been undone.
    """

    outcome: Outcome
    object: Stated | None = None
    object_name: Stated | None = None
    clause: Stated | None = None
    penalties: tuple[Stated, ...] = ()
    breaches: tuple[Stated, ...] = ()
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    duration: Window | None = None
    window: Window | None = None
    attempts_left: Stated | None = None
    by_machine: bool | None = None
    mix_up: Stated | None = None
    error: Stated | None = None
    lifted: Stated | None = None

    def to_record(self) -> dict[str, Json]:
        """As plain JSON data."""
        record = unstructure(self)
        return record if isinstance(record, dict) else {}


@attrs.frozen(kw_only=True)
class _Sign:
    of: str
    value: str = ""
    say: tuple[str, ...]


@attrs.frozen(kw_only=True)
class _File:
    words: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    sign: tuple[_Sign, ...]


@attrs.frozen
class _Found:
    value: str
    match: re.Match[str]
    field: Field
    folded: Folded

    @property
    def span(self) -> Span:
        return Span(self.field, *self.folded.original(*self.match.span()))

    def group(self, name: str) -> str | None:
        return self.match.groupdict().get(name)


@attrs.frozen
class NoticeReader:
    """Reads notices; compiled once.

    >>> notice = NoticeReader.default().read("您的笔记涉嫌夸大宣传，已限制推荐7天，可在3日内申诉，剩余申诉次数2次")
    >>> notice.outcome, notice.object.value, notice.penalties[0].value, notice.window.count, notice.attempts_left.amount
    ('penalty', 'note', 'reach', 3, 2.0)
    """

    _signs: Mapping[str, tuple[tuple[str, Pattern], ...]] = attrs.field(hash=False, repr=False)

    @classmethod
    def default(cls) -> NoticeReader:
        """The reader with the packaged wording."""
        return _default()

    @classmethod
    def load(cls, directory: str | Path) -> NoticeReader:
        """The reader with the wording of a pack directory (`notices.toml`); `DataError` names the sign that is wrong."""
        path = Path(directory) / "notices.toml"
        file, problems = load_toml(path, _File), list[Problem]()
        signs: dict[str, list[tuple[str, Pattern]]] = {}
        for number, sign in enumerate(file.sign, 1):
            for template in sign.say:
                try:
                    signs.setdefault(sign.of, []).append((sign.value, phrase(template, file.words)))
                except (KeyError, re.error) as error:
                    problems.append(Problem(str(path), f"sign {number} ({sign.of} {sign.value}): {template!r}: {error}"))
        if problems:
            raise DataError(problems)
        return cls({of: tuple(found) for of, found in signs.items()})

    def read(self, notice: Mention | str) -> Notice:
        """What it says. Dates without a year take that of the mention's `published_at`, if it is known; else they stay None."""
        mention = Mention.of(notice)
        fields: tuple[tuple[Field, str], ...] = (("text", mention.text), ("title", mention.title or ""))
        return _Reading(self._signs, tuple((name, fold(text)) for name, text in fields)).notice()


@attrs.frozen
class _Reading:
    signs: Mapping[str, tuple[tuple[str, Pattern], ...]]
    fields: tuple[tuple[Field, Folded], ...]

    def notice(self) -> Notice:
        penalties, breaches = self.every("penalty"), self.every("breach")
        named = [b for b in breaches if b.value != "unspecified"] or breaches
        return Notice(
            outcome=self._outcome(bool(penalties), bool(breaches)),
            object=self.stated("object"), object_name=self._object_name(), clause=self.stated("clause"),
            penalties=tuple(penalties), breaches=tuple(named),
            starts_at=self._day("since"), ends_at=self._day("until"), duration=self._window("duration"), window=self._window("window"),
            attempts_left=self._attempts(), by_machine=self._machine(),
            mix_up=self.stated("mix_up"), error=self.stated("error"), lifted=self.stated("lifted"),
        )  # fmt: skip

    def first(self, of: str) -> _Found | None:
        """The match that stands first in the text, else in the title."""
        for field, folded in self.fields:
            found = [
                (m.start(), i, _Found(value, m, field, folded))
                for i, (value, p) in enumerate(self.signs.get(of, ()))
                if (m := p.search(folded.text))
            ]
            if found:
                return min(found, key=lambda item: item[:2])[2]
        return None

    def stated(self, of: str) -> Stated | None:
        found = self.first(of)
        return _stated(found) if found else None

    def every(self, of: str) -> list[Stated]:
        """Each value once, in reading order."""
        values = dict[str, _Found]()
        for field, folded in self.fields:
            for value, pattern in self.signs.get(of, ()):
                if value not in values and (match := pattern.search(folded.text)):
                    values[value] = _Found(value, match, field, folded)
        return sorted((_stated(found) for found in values.values()), key=lambda stated: (stated.span.field != "title", stated.span.start))

    def _outcome(self, penalised: bool, breached: bool) -> Outcome:
        if self.first("in_favour"):
            return "in_favour"
        if self.first("lifted"):
            return "lifted"
        if self.first("complaint") and not (penalised and breached):
            return "complaint"
        if penalised and (breached or not self.first("granted")):
            return "penalty"
        if self.first("granted"):
            return "granted"
        return "warning" if breached else "information"

    def _object_name(self) -> Stated | None:
        for field, folded in self.fields:
            for match in _QUOTED.finditer(folded.text):
                if not _RULE_NAME.search(match[1]):
                    return Stated(match[1], span=Span(field, *folded.original(match.start(1), match.end(1))))
        return None

    def _window(self, of: str) -> Window | None:
        found = self.first(of)
        count = _number(found.group("n")) if found else None
        if found is None or count is None:
            return None
        unit, factor = _UNITS[(found.group("unit") or "天").removeprefix("个")]
        return Window(round(count * factor), unit, span=found.span)

    def _day(self, of: str) -> dt.datetime | None:
        found = self.first(of)
        return parse_time(found.group("what")) if found else None

    def _attempts(self) -> Stated | None:
        found = self.first("attempts_left")
        if found is None:
            return None
        return Stated("attempts_left", span=found.span, amount=0.0 if found.group("what") else _number(found.group("n")))

    def _machine(self) -> bool | None:
        machine = [(value, m) for value, p in self.signs.get("by_machine", ()) for _, folded in self.fields if (m := p.search(folded.text))]
        said = {value for value, _ in machine}
        return True if "yes" in said else False if "no" in said else None


_QUOTED = re.compile(r"[《「【“]([^《》「」【】“”]{2,60})[》」】”]")
_RULE_NAME = re.compile(r"(?:规范|规则|公约|细则|办法|法|条例|规定|协议|通知|提醒|薯队长|助手|专业号)$")
_UNITS: Mapping[str, tuple[Unit, float]] = {
    "小时": ("hours", 1), "天": ("days", 1), "日": ("days", 1), "自然日": ("days", 1), "工作日": ("workdays", 1),
    "周": ("days", 7), "月": ("days", 30),
}  # fmt: skip


def _stated(found: _Found) -> Stated:
    return Stated(found.value or found.group("what") or found.match[0], span=found.span, amount=_number(found.group("n")))


def _number(shown: str | None) -> float | None:
    if not shown:
        return None
    if shown[0].isdigit():
        return float(shown.replace(",", ""))
    tens, _, ones = shown.rpartition("十")
    if "十" not in shown:
        return float(_NUMERALS.get(shown, 0)) or None
    return float((_NUMERALS.get(tens, 1) if tens else 1) * 10 + _NUMERALS.get(ones, 0))


@functools.cache
def _default() -> NoticeReader:
    return NoticeReader.load(Path(__file__).parents[1] / "data")
