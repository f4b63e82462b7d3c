"""A verdict in words: a handful of reasons for and against, quoted from the original, for a reader who is no programmer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from negassoc.classify.decision import packaged_decision
from negassoc.classify.finding import FOUR_TYPES, AssociationType, Field, Finding, Hit, Span
from negassoc.classify.quoting import MARKS, Names, clauses, read, whole, widened
from negassoc.classify.reasons import WORDING
from negassoc.classify.rules import packaged_rules
from negassoc.classify.titles import speaks
from negassoc.facts import fact_definitions
from negassoc.records import Title

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negassoc.classify.finding import Classification
    from negassoc.mention import Mention

_NONE, _OPEN = AssociationType.NONE, AssociationType.UNDETERMINED
_SILENT = (
    "bias",
    "length",
    "short:",
    "kind:",
    "unnamed:",
    "tags",
    "named:",
    "question",
    "post:",
    "answer:",
    "balance",
    "in-thread",
)
_PLACES = frozenset(("body", "any", "head", "near", "tag"))
_SMALL = 0.15
_BETWEEN = MARKS + "\n\t"
_QUOTES, _TURNS = 4, 2
"""How many words are quoted for a reason, how many turns of phrase."""
_SHORTEST_TURN = 3
_LESS_IF_FAR = 0.5
"""What is said far from the brand's name may be said of something else: it must weigh twice as much to be told before what stands near."""
_FOR, _AGAINST = Title("＋", "+"), Title("－", "-")
_OPEN_QUESTIONS = Title("待核实", "still to find out")


@attrs.frozen
class Reason:
    """One thing that speaks for (`weight` > 0) or against a verdict; what rests on the same words is one reason."""

    title: Title
    weight: float
    hits: tuple[Hit, ...] = ()


def reasons(verdict: Classification, kind: AssociationType | None = None) -> list[Reason]:
    """All reasons that bear on one type (that of the verdict by default), strongest first."""
    kind = kind or verdict.type
    if kind is _OPEN:
        kind = max(FOUR_TYPES, key=lambda t: verdict.probabilities[t])
    signed = [(f, f.weight if f.type is kind else -f.weight) for f in verdict.findings if f.type in {kind, _NONE}]
    signed = [(f, weight) for f, weight in signed if not _contrary_rule(f, kind, weight)]
    names = Names.of(verdict.mention, verdict.brand)
    told = [(f, weight, _told(verdict.mention, f, names, kind)) for f, weight in signed if not f.rule.startswith((*_SILENT, "wording"))]
    merged = list(_merged(told, kind, names))
    if not any(reason.weight >= _SMALL for reason in merged):
        # where only parts of longer words speak for it, those longer words are what there is to tell
        told = [(f, weight, hits or (_in_whole_words(verdict.mention, f) if weight > 0 else ())) for f, weight, hits in told]
        merged = list(_merged(told, kind, names))
    worded = [_without_the_contrary(reason, merged) for reason in _worded(verdict.mention, signed)]
    return sorted((*merged, *worded), key=lambda r: _rank(r, names))


def _without_the_contrary(worded: Reason, merged: Iterable[Reason]) -> Reason:
    """Turns of phrase without those in which a word stands that is told as a reason for the other side."""
    others = [hit.span for reason in merged if reason.weight * worded.weight < 0 for hit in reason.hits]
    return attrs.evolve(worded, hits=tuple(hit for hit in worded.hits if not any(_overlap(hit.span, span) for span in others)))


def _overlap(one: Span, other: Span) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _rank(reason: Reason, names: Names) -> float:
    return -abs(reason.weight) * (_LESS_IF_FAR if names.far(reason.hits) else 1.0)


def contrary(finding: Finding, kind: AssociationType, weight: float) -> bool:
    """Whether a finding that weighs so much for a type (below zero: against it) says the opposite in words: true in the sum, and no
    reason that a person could follow."""
    return _contrary_rule(finding, kind, weight) or _contrary_words(_subject(finding), kind, weight)


def _contrary_rule(finding: Finding, kind: AssociationType, weight: float) -> bool:
    """A rule that was learnt to weigh against its own meaning. That only the thread names the brand speaks for nothing negative either."""
    if finding.rule.startswith("thread-only"):
        return (weight > 0) is (kind is not _NONE)
    sort, _, name = finding.rule.partition(":")
    rule = packaged_rules().rules.get(name) if sort == "rule" else None
    return rule is not None and (weight < 0 if rule.type is kind else weight > 0)


def _contrary_words(subject: str, kind: AssociationType, weight: float) -> bool:
    """The same of a sort of word: blame that speaks against a complaint, praise that speaks for a breach of the rules."""
    known = speaks(subject)
    return known is not None and not known.tells(kind, weight)


def head(verdict: Classification, lang: str) -> str:
    """The verdict in one line: type, how sure, how grave, and whether a fact stands behind it."""
    suspected = ("疑似" if lang == "zh" else "suspected") if verdict.suspected and verdict.type is not _NONE else ""
    grade = verdict.grade.value if verdict.grade else ""
    return " · ".join(filter(None, (verdict.type.words.of(lang), how_sure(verdict, lang), grade, suspected)))


def how_sure(verdict: Classification, lang: str) -> str:
    """The probability in words; of what is undetermined that of the likeliest, named."""
    chance, zh = f"{verdict.probability:.0%}", lang == "zh"
    if verdict.type is _OPEN:
        likeliest, most = max(verdict.probabilities.items(), key=lambda chance: chance[1])
        return f"最像{likeliest.words.of(lang)} {most:.0%}" if zh else f"most like {likeliest.words.of(lang)} {most:.0%}"
    if verdict.cautious:
        return f"{chance}，谨慎起见" if zh else f"{chance}, on the safe side"
    return chance


def why(verdict: Classification, lang: str, limit: int) -> str:
    """A line a reason: what decided, then the strongest for and against, then what should still be found out."""
    lines, chosen = list(_decided_by(verdict, lang)), _strongest(verdict, limit)
    if not lines and not any(r.weight > 0 for r in chosen) and verdict.type is _NONE:
        lines.append("没有发现针对本品牌的负面内容" if lang == "zh" else "nothing negative about this brand was found")
    lines += [_line(verdict, reason, lang) for reason in chosen]
    if verdict.type is not _NONE and verdict.suspected and verdict.wanted:
        asked = "、".join if lang == "zh" else ", ".join
        names = asked(fact_definitions()[name].title.of(lang) for name in verdict.wanted[:3])
        lines.append(f"? {_OPEN_QUESTIONS.of(lang)}{'：' if lang == 'zh' else ': '}{names}")
    return "\n".join(lines)


def _strongest(verdict: Classification, limit: int) -> list[Reason]:
    """What is told of the reasons: two thirds for the verdict where there are so many, the rest against it."""
    telling = [r for r in reasons(verdict) if r.title is not WORDING or _tells(verdict, r)]
    found = [r for r in telling if abs(r.weight) >= _SMALL]
    if verdict.type is not _NONE and not any(r.weight > 0 for r in found):  # however little it weighs, something must be told
        found += [r for r in telling if r.weight > 0][:1]
    # what has a name of its own says more to a reader than a turn of phrase, however much that weighs
    found.sort(key=lambda r: r.title is WORDING)
    pros = _each_word_once([r for r in found if r.weight > 0])
    said = {hit.span for r in pros for hit in r.hits}
    # the same words can not be shown as speaking for it and against it, and a turn of phrase against it convinces nobody
    against = [r for r in found if r.weight < 0 and r.title is not WORDING]
    cons = [r for r in against if not (r.hits and all(hit.span in said for hit in r.hits))]
    # a turn of phrase beside what has a name of its own is told only where it says more
    named = [r for r in pros if r.title is not WORDING]
    if named:
        pros = [r for r in pros if r.title is not WORDING or r.weight > sum(other.weight for other in named)]
    return [*pros[: limit - min(len(cons), limit // 3)], *cons[: max(1, limit // 3)]][:limit]


def _each_word_once(ordered: Iterable[Reason]) -> list[Reason]:
    """Without reasons that only repeat the words of stronger ones: the same word in the title is no second proof."""
    kept, said = list[Reason](), set[Span]()
    for reason in ordered:
        spans = {hit.span for hit in reason.hits}
        if not spans or not spans <= said:
            kept.append(reason)
            said |= spans
    return kept


def _tells(verdict: Classification, wording: Reason) -> bool:
    """That nothing negative was found says more than scraps of what was written instead."""
    return verdict.type is not _NONE and bool(_quotes(verdict, wording))


def why_not(verdict: Classification, kind: AssociationType, lang: str) -> str:
    """Why it is not `kind`: what was suppressed, what speaks against, which unknown fact would make it so."""
    if kind is verdict.type:
        return why(verdict, lang, 5)
    zh = lang == "zh"
    lines = list(_decided_by(verdict, lang))
    for hit in _suppressed(verdict.findings):
        word, phrase = quote(verdict, hit), hit.suppressed_by
        lines.append(f"「{word}」在「{phrase}」之中，不算负面" if zh else f"“{word}” stands inside “{phrase}” and does not count")
    against = (
        [r for r in reasons(verdict, kind) if r.weight <= -_SMALL] if kind.negative else [r for r in reasons(verdict) if r.weight >= _SMALL]
    )
    lines += [_line(verdict, attrs.evolve(r, weight=-abs(r.weight)), lang) for r in against[:3]]
    if kind in verdict.probabilities:
        chance = verdict.probabilities[kind]
        lines.append(f"可能性只有 {chance:.0%}" if zh else f"its probability is only {chance:.0%}")
    if kind is _OPEN:
        found, chance = verdict.type.words.of(lang), verdict.probability
        lines.append(f"已能判定：{found}，可能性 {chance:.0%}" if zh else f"it could be decided: {found}, probability {chance:.0%}")
    lines += [_missing(names, lang) for names in _would_decide(verdict, kind)[:2]]
    return "\n".join(lines)


def quote(verdict: Classification, hit: Hit) -> str:
    """The characters of the original that a hit stands on."""
    text = getattr(verdict.mention, hit.span.field) or ""
    return str(text[hit.span.start : hit.span.end]).replace("\n", " ").strip(MARKS)


def _decided_by(verdict: Classification, lang: str) -> Iterable[str]:
    row = packaged_decision().by_facts(verdict.facts) if not verdict.suspected else None
    if row is not None and row.type is verdict.type:
        names = ("、" if lang == "zh" else ", ").join(fact_definitions()[name].title.of(lang) for name in row.when)
        yield f"已知事实：{names}" if lang == "zh" else f"known: {names}"


def _line(verdict: Classification, reason: Reason, lang: str) -> str:
    quotes = _quotes(verdict, reason)
    shown = "".join(f"「{q}」" for q in quotes) if lang == "zh" else " ".join(f"“{q}”" for q in quotes)
    sign = (_FOR if reason.weight > 0 else _AGAINST).of(lang)
    return f"{sign} {reason.title.of(lang)}{('：' if lang == 'zh' else ': ') + shown if shown else ''}"


def _quotes(verdict: Classification, reason: Reason) -> list[str]:
    found = dict.fromkeys(quote(verdict, hit) for hit in reason.hits)
    if reason.title is WORDING:
        return [q for q in found if len(q) >= _SHORTEST_TURN and not verdict.brand.is_called(q)][:_TURNS]
    return [q for q in found if q and not any(q in other and q != other for other in found)][:_QUOTES]


def _merged(told: Iterable[tuple[Finding, float, tuple[Hit, ...]]], kind: AssociationType, names: Names) -> Iterable[Reason]:
    """What one rule or one sort of word adds to both questions is one reason, named after its most telling place."""
    groups = dict[str, list[tuple[Finding, float]]]()
    for finding, weight, hits in told:
        if hits or not finding.hits:
            groups.setdefault(_subject(finding), []).append((attrs.evolve(finding, hits=hits), weight))
    for subject, members in groups.items():
        total = sum(weight for _, weight in members)
        if _contrary_words(subject, kind, total):
            continue
        leading = max(members, key=lambda m: (m[1] * total > 0, abs(m[1])))[0]
        each = dict.fromkeys(hit for finding, _ in members for hit in finding.hits)
        yield Reason(leading.title, total, tuple(sorted(each, key=names.distance)) if _by_words(leading) else tuple(each))


def _told(mention: Mention, finding: Finding, names: Names, kind: AssociationType) -> tuple[Hit, ...]:
    """The hits that a reader would find there too: none that only cuts a word in two, of a rule all or nothing; nor, for a complaint,
    words of which the sentence names another."""
    found = [attrs.evolve(hit, span=span) for hit in finding.hits if (span := whole(mention, hit.span))]
    if not _by_words(finding):
        return tuple(found) if len(found) == len(finding.hits) else ()
    of_us = kind is AssociationType.CUSTOMER_COMPLAINT
    return tuple(hit for hit in found if not (of_us and names.of_another(hit.span)))


def _in_whole_words(mention: Mention, finding: Finding) -> tuple[Hit, ...]:
    return tuple(attrs.evolve(hit, span=widened(mention, hit.span)) for hit in finding.hits if _by_words(finding))


def _by_words(finding: Finding) -> bool:
    """Whether it rests on words of one sort, each by itself, and not on several that belong together."""
    return finding.rule.partition(":")[0] in _PLACES


def _worded(mention: Mention, signed: Iterable[tuple[Finding, float]]) -> Iterable[Reason]:
    """The turns of phrase, net: what each clause adds to both questions, for all that is said in one line each way."""
    places = [
        (Span(field, start, end), shares[start:end])
        for field, shares in _by_field(mention, signed)
        for start, end in clauses(read(mention, field))
    ]
    found = [(span, sum(shares)) for span, shares in places]
    if not any(weight > 0 for _, weight in found):  # then what in a clause speaks for it is all there is to tell
        found += [(span, sum(share for share in shares if share > 0)) for span, shares in places]
    for sign in (1, -1):
        leaning = sorted([(weight * sign, span) for span, weight in found if weight * sign > 0], key=lambda s: -s[0])
        if leaning:
            yield Reason(WORDING, sign * sum(weight for weight, _ in leaning), tuple(Hit("", span) for _, span in leaning))


def _by_field(mention: Mention, signed: Iterable[tuple[Finding, float]]) -> Iterable[tuple[Field, list[float]]]:
    """What each character of a field adds by its wording; a mark adds nothing, so that no stretch runs on over it."""
    fields = dict[Field, list[float]]()
    for finding, weight in signed:
        if finding.rule == "wording":
            span = finding.hits[0].span
            shares = fields.setdefault(span.field, [])
            shares += [0.0] * (span.end - len(shares))
            text = str(getattr(mention, span.field) or "")
            letters = [at for at in range(span.start, span.end) if text[at] not in _BETWEEN]
            for at in letters:
                shares[at] += weight / len(letters)
    return fields.items()


def _subject(finding: Finding) -> str:
    place, _, sort = finding.rule.partition(":")
    return sort if place in _PLACES else finding.rule


def _suppressed(findings: Sequence[Finding]) -> list[Hit]:
    return list({hit: None for finding in findings for hit in finding.hits if hit.suppressed_by})[:2]


def _would_decide(verdict: Classification, kind: AssociationType) -> list[tuple[str, ...]]:
    """The sets of facts, none of them known, that would make it this type."""
    stated = verdict.facts.stated()
    rows = [row for row in packaged_decision().row if row.type is kind and not row.also]
    return [tuple(row.when) for row in rows if all(row.when[name] and name not in stated for name in row.when)]


def _missing(names: tuple[str, ...], lang: str) -> str:
    shown = ("、" if lang == "zh" else " and ").join(f"{fact_definitions()[name].title.of(lang)}" for name in names)
    return f"若查明「{shown}」，则可认定" if lang == "zh" else f"it would be, if this were known: {shown}"
