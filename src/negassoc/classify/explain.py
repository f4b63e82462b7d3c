"""A verdict in words: a handful of reasons for and against, quoted from the original, for a reader who is no programmer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from negassoc.classify.decision import packaged_decision
from negassoc.classify.finding import AssociationType, Hit, Span
from negassoc.classify.quoting import in_context, overlap, says_something, sounds_like_blame, trimmed, whole
from negassoc.classify.telling import SMALL, Reason, a, likeliest, reasons
from negassoc.facts import fact_definitions
from negassoc.records import Title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from negassoc.classify.finding import Classification

_NONE, _OPEN = AssociationType.NONE, AssociationType.UNDETERMINED
_QUOTES, _TURNS = 3, 2
"""How many places are quoted for a reason, how many turns of phrase."""
_TURN_AT_LEAST, _ALONE = 0.4, 0.25
"""A turn of phrase that weighs less than this part of the strongest is not worth reading; less, where there is nothing else to read."""
_BLAMES = frozenset((AssociationType.CUSTOMER_COMPLAINT, AssociationType.MALICIOUS_ATTACK))
_LIKELY = 0.5
_CERTAIN = 0.995
"""From here on a probability would be rounded to 100%."""
_FOR, _AGAINST = Title("＋", "+"), Title("－", "-")
_OPEN_QUESTIONS = Title("待核实", "not yet known")
_NOTHING_FOUND = Title("没有发现针对本品牌的负面内容", "nothing negative about this brand was found")
_TOO_LITTLE = Title("有负面字眼，但不足以说明是在指责本品牌", "there are negative words, but too little to say that this brand is blamed")
_FAINT = Title(
    "有一点负面的迹象，但不足以说明是在指责本品牌", "there is a faint sign of blame, but too little to say that this brand is meant"
)
_NO_SIGN = Title("没有发现这一类的迹象", "no sign of this type was found")


@attrs.frozen
class _Told:
    """A reason with the places that are quoted for it."""

    reason: Reason
    places: tuple[Span, ...]

    @property
    def order(self) -> tuple[bool, bool, bool]:
        """What has a name of its own says more to a reader than a turn of phrase, and that more than what only makes it credible; and
        what can be pointed at says more than what can not."""
        return self.reason.sort == "detail", self.reason.sort == "wording", not self.places


def head(verdict: Classification, lang: str) -> str:
    """The verdict in one line: type, how sure, how grave, and whether a fact stands behind it."""
    suspected = ("疑似" if lang == "zh" else "suspected") if verdict.suspected and verdict.type is not _NONE else ""
    grade = verdict.grade.value if verdict.grade else ""
    return " · ".join(filter(None, (verdict.type.words.of(lang), how_sure(verdict, lang), grade, suspected)))


def how_sure(verdict: Classification, lang: str) -> str:
    """The probability in words; of what is undetermined that of the likeliest, named."""
    chance, zh = _percent(verdict.probability).of(lang), lang == "zh"
    if verdict.type is _OPEN:
        likeliest, most = max(verdict.probabilities.items(), key=lambda chance: chance[1])
        named = f"{likeliest.words.of(lang)} {_percent(most).of(lang)}"
        return f"最像{named}" if zh else f"most likely {named}"
    if verdict.cautious:
        return f"{chance}，谨慎起见" if zh else f"{chance}, on the safe side"
    return chance


def _percent(chance: float) -> Title:
    """A probability for people: of what is only learnt nobody may say that it is certain, or that it can not be."""
    if chance >= _CERTAIN:
        return Title("99% 以上", "over 99%")
    return Title("不到 1%", "under 1%") if chance <= 1 - _CERTAIN else Title(f"{chance:.0%}", f"{chance:.0%}")


def why(verdict: Classification, lang: str, limit: int) -> str:
    """A line a reason: what decided, then the strongest for and against, then what should still be found out."""
    lines, told = list(_decided_by(verdict, lang)), _told(verdict, reasons(verdict))
    pros, cons = [t for t in told if t.reason.weight > 0], [t for t in told if t.reason.weight < 0]
    chosen = [*pros[: limit - min(len(cons), limit // 3)], *cons[: max(1, limit // 3)]][:limit]
    if verdict.type is _NONE and not lines and not any(t.reason.weight > 0 for t in chosen):
        lines.append(_nothing_against(cons).of(lang))
    lines += [_line(verdict, each, lang) for each in chosen]
    if verdict.type is not _NONE and verdict.suspected and verdict.wanted:
        lines.append("? " + _open_questions(verdict, lang))
    return "\n".join(lines)


def _nothing_against(cons: Iterable[_Told]) -> Title:
    """What is said of a harmless mention for which nothing speaks but that nothing, or too little, speaks against it."""
    by_words = [told.reason.by_words for told in cons]
    return _TOO_LITTLE if any(by_words) else _FAINT if by_words else _NOTHING_FOUND


def _told(verdict: Classification, found: Sequence[Reason]) -> list[_Told]:
    """What is worth telling, those for it first; no place is quoted twice, and something is told of what is negative."""
    worth = [r for r in found if abs(r.weight) >= SMALL]
    if verdict.type is not _NONE and not any(r.weight > 0 for r in worth):
        worth += [r for r in found if r.weight > 0][:1]
    said = list[Span]()
    pros = list(_quoted(verdict, [r for r in worth if r.weight > 0], said))
    # a turn of phrase against a verdict convinces nobody; nor is it blame of the brand that somebody tells of it in detail
    cons = list(_quoted(verdict, [r for r in worth if r.weight < 0 and r.sort == "named"], said))
    return [*sorted(pros, key=lambda t: t.order), *cons]


def _quoted(verdict: Classification, found: Sequence[Reason], said: list[Span]) -> Iterator[_Told]:
    """The reasons with what is quoted for them. Where two stand on the same words it is the rule that keeps them: it says more of them than
    the sort of a word, and that more than their turn of phrase."""
    first = sorted(found, key=lambda r: (r.sort == "detail", r.sort == "wording", r.by_words))
    kept, named = dict[int, _Told](), 0.0
    for reason in first:
        told = _Told(reason, _places(verdict, reason, said, named))
        if told.places or (not reason.hits and reason.sort != "wording"):
            kept[id(reason)] = told
            said += told.places
            named += abs(reason.weight) if reason.sort == "named" else 0.0
    yield from (kept[id(reason)] for reason in found if id(reason) in kept)


def _places(verdict: Classification, reason: Reason, said: Sequence[Span], beside: float) -> tuple[Span, ...]:
    if reason.sort == "wording":
        return tuple(_turns(verdict, reason, said, beside))
    hits = {quote(verdict, hit): hit for hit in reversed(reason.hits)}.values() if reason.by_words else reversed(reason.hits)
    found = in_context(verdict.mention, [hit.span for hit in hits][::-1])
    new = [span for span in found if not any(overlap(span, other) for other in said)]
    return tuple(_each_once(verdict, new, said))[:_QUOTES]


def _turns(verdict: Classification, reason: Reason, said: Sequence[Span], beside: float) -> Iterator[Span]:
    """The strongest turns of phrase that say something; beside what has a name of its own only where wording weighs more, and only what
    sounds like blame by itself. Of a harmless mention none: that nothing negative was found says more than scraps of what was written."""
    if verdict.type is _NONE or reason.weight <= beside:
        return
    least = max(reason.shares, default=0.0) * (_TURN_AT_LEAST if beside else _ALONE)
    worth = [hit.span for hit, share in zip(reason.hits, reason.shares, strict=True) if share >= least]
    free = [span for span in worth if not any(overlap(span, other) for other in said)]
    new = [(span, _words(verdict, span)) for span in _each_once(verdict, free, said)]
    telling = [span for span, words in new if says_something(words) and not verdict.brand.is_called(words)]
    if likeliest(verdict) in _BLAMES:  # a reader understands what is blamed, and hardly what only goes with it
        telling.sort(key=lambda span: not sounds_like_blame(_words(verdict, span)))
    if beside:
        telling = [span for span in telling if sounds_like_blame(_words(verdict, span))]
    elif not said:
        telling = telling or [span for span, _ in new]
    yield from telling[:_TURNS]


def _each_once(verdict: Classification, spans: Iterable[Span], said: Iterable[Span]) -> Iterator[Span]:
    """Without what the title and the text both say."""
    words = [_words(verdict, span) for span in said]
    for span in spans:
        if (text := _words(verdict, span)) and not any(text in each for each in words):
            words.append(text)
            yield span


def why_not(verdict: Classification, kind: AssociationType, lang: str) -> str:
    """Why it is not `kind`: what was suppressed, what speaks against, which unknown fact would make it so."""
    if kind is verdict.type:
        return why(verdict, lang, 5)
    lines = [*_decided_by(verdict, lang), *_without_force(verdict, lang)]
    lines += [_line(verdict, each, lang) for each in list(_against(verdict, kind))[:3]]
    if not lines:
        lines += [words.of(lang) for words in _nothing_of(verdict, kind)]
    if kind in verdict.probabilities:
        lines.append(_chance(verdict, kind).of(lang))
    if kind is _OPEN:
        lines.append(_decided(verdict).of(lang))
    lines += [_missing(names, lang) for names in _would_decide(verdict, kind)[:2]]
    return "\n".join(lines)


def _against(verdict: Classification, kind: AssociationType) -> Iterator[_Told]:
    """What speaks against a type: of a harmless one all that speaks for the verdict."""
    if kind.negative:
        yield from _quoted(verdict, [r for r in reasons(verdict, kind) if r.weight <= -SMALL and r.sort == "named"], [])
        return
    for told in _told(verdict, reasons(verdict)):
        if told.reason.weight > 0:
            yield attrs.evolve(told, reason=attrs.evolve(told.reason, weight=-told.reason.weight))


def _nothing_of(verdict: Classification, kind: AssociationType) -> Iterator[Title]:
    """What is said where nothing speaks against a type: that nothing, or too little, speaks for it."""
    if verdict.type is _NONE:
        yield _nothing_against(told for told in _told(verdict, reasons(verdict)) if told.reason.weight < 0)
    elif kind.negative and kind is not likeliest(verdict):
        named = (reason for reason in reasons(verdict, kind) if reason.sort == "named")
        if all(reason.weight < SMALL for reason in named):
            yield _NO_SIGN


def _chance(verdict: Classification, kind: AssociationType) -> Title:
    """How likely it is all the same, and if likely, why it was not chosen."""
    chance, first = _percent(verdict.probabilities[kind]), verdict.type.words
    if verdict.probabilities[kind] <= 1 - _CERTAIN:
        return Title(f"可能性{chance.zh}", f"its probability is {chance.en}")
    if verdict.probabilities[kind] < _LIKELY:
        return Title(f"可能性只有 {chance.zh}", f"its probability is only {chance.en}")
    if verdict.type is _OPEN:
        return Title(
            f"可能性 {chance.zh}，但依据单薄，先查清再定", f"its probability is {chance.en}, but on thin grounds: find out more first"
        )
    return Title(
        f"可能性 {chance.zh}，但漏掉的代价更大，先按{first.zh}处理",
        f"its probability is {chance.en}, but to miss the other would cost more: treated as {first.en}",
    )


def _decided(verdict: Classification) -> Title:
    found, chance = verdict.type.words, _percent(verdict.probability)
    return Title(f"已能判定：{found.zh}，可能性 {chance.zh}", f"it could be decided: {found.en}, probability {chance.en}")


def quote(verdict: Classification, hit: Hit) -> str:
    """The characters of the original that a hit stands on."""
    return _words(verdict, hit.span)


def _words(verdict: Classification, span: Span) -> str:
    text = getattr(verdict.mention, span.field) or ""
    return trimmed(str(text[span.start : span.end]).replace("\n", " "))


def _decided_by(verdict: Classification, lang: str) -> Iterable[str]:
    row = packaged_decision().by_facts(verdict.facts) if not verdict.suspected else None
    if row is not None and row.type is verdict.type:
        names = ("、" if lang == "zh" else ", ").join(fact_definitions()[name].title.of(lang) for name in row.when)
        yield f"已知事实：{names}" if lang == "zh" else f"known: {names}"


def _without_force(verdict: Classification, lang: str) -> list[str]:
    """The words that an allowed phrase around them takes the force from."""
    # 假的 in 请假的 is no word there at all, and nobody asks why it does not count
    hits = (hit for f in verdict.findings for hit in f.hits if hit.suppressed_by and whole(verdict.mention, hit.span) == hit.span)
    found = list(dict.fromkeys((quote(verdict, hit), hit.suppressed_by) for hit in hits))[:2]
    if lang == "zh":
        return [f"「{word}」在「{phrase}」之中，不算负面" for word, phrase in found]
    return [f"“{word}” stands inside “{phrase}” and does not count" for word, phrase in found]


def _line(verdict: Classification, told: _Told, lang: str) -> str:
    quotes = dict.fromkeys(_words(verdict, span) for span in told.places)
    shown = (
        "".join(_in_marks(q, ("「」", "『』")) for q in quotes) if lang == "zh" else " ".join(_in_marks(q, ("“”", "‘’")) for q in quotes)
    )
    sign = (_FOR if told.reason.weight > 0 else _AGAINST).of(lang)
    return f"{sign} {told.reason.title.of(lang)}{('：' if lang == 'zh' else ': ') + shown if shown else ''}"


def _in_marks(quoted: str, pairs: tuple[str, str]) -> str:
    """In the first pair of marks, or where those stand in it in the second."""
    pair = pairs[1] if set(pairs[0]) & set(quoted) else pairs[0]
    return f"{pair[0]}{quoted}{pair[1]}"


def _open_questions(verdict: Classification, lang: str) -> str:
    """What nobody knows yet and is worth finding out, with what it would make of the verdict where that is something else."""
    zh, groups, same = lang == "zh", dict[str, list[str]](), verdict.type.words.of(lang)
    for name in verdict.wanted[:3]:
        groups.setdefault(_if_true(name, lang), []).append(fact_definitions()[name].whether.of(lang))
    thens = {then: f"（若是，{then}）" if zh else f" (if so: {then})" for then in groups} | {f"即为{same}" if zh else a(same): ""}
    each = (("、" if zh else ", ").join(names) + thens[then] for then, names in groups.items())
    return _OPEN_QUESTIONS.of(lang) + ("：" if zh else ": ") + ("；" if zh else "; ").join(each)


def _if_true(name: str, lang: str) -> str:
    """What a fact would make of a verdict by itself, or together with others."""
    rows = packaged_decision().row
    alone = next((row.type for row in rows if dict(row.when) == {name: True}), None)
    together = next((row.type for row in rows if row.when.get(name) and not row.text), None)
    kind = (alone or together or AssociationType.CUSTOMER_COMPLAINT).words
    if lang == "zh":
        return f"即为{kind.zh}" if alone else f"则更像{kind.zh}"
    return a(kind.en) if alone else f"more like {a(kind.en)}"


def _would_decide(verdict: Classification, kind: AssociationType) -> list[tuple[str, ...]]:
    """The sets of facts, none of them known, that would make it this type."""
    stated, harmless = verdict.facts.stated(), verdict.type is _NONE
    rows = [row for row in packaged_decision().row if row.type is kind and not row.also and not (row.text and harmless)]
    return [tuple(row.when) for row in rows if all(row.when[name] and name not in stated for name in row.when)]


def _missing(names: tuple[str, ...], lang: str) -> str:
    shown = ("、" if lang == "zh" else " and ").join(f"{fact_definitions()[name].title.of(lang)}" for name in names)
    return f"若查明「{shown}」，则可认定" if lang == "zh" else f"it would be, if this were known: {shown}"
