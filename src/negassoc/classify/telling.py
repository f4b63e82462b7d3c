"""Which reasons are told of a verdict: what rests on the same words is one reason, and none says the opposite of what it weighs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from negassoc.classify.finding import FOUR_TYPES, AssociationType, Field, Finding, Hit, Span
from negassoc.classify.quoting import MARKS, Names, clauses, hedged, overlap, read, whole, widened
from negassoc.classify.rules import packaged_rules
from negassoc.classify.titles import Together, phrases, place_title, speaks, together_with
from negassoc.records import Title

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negassoc.classify.finding import Classification
    from negassoc.mention import Mention

_NONE, _OPEN, _MIX_UP = AssociationType.NONE, AssociationType.UNDETERMINED, AssociationType.ALGORITHM_MISJUDGMENT
_ANOTHER = Title("像在说同名的另一事物或另一家", "seems to speak of something or somebody else of that name")
_NOT_ANOTHER = Title("不像在说同名的另一事物或另一家", "does not seem to speak of something or somebody else of that name")
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
_FIRST_LINE = "rule:first-line-blame"
_OF_OWN_POST = ("red-line", "rule:own-")
SMALL = 0.15
"""What weighs less is not told."""
_BETWEEN = MARKS + "\n\t"
_DENIAL = re.compile("[不没无零别未从绝毫]")
_WITHOUT_FORCE = frozenset(("suppressed", "unfault"))
"""Words that are told for being denied."""
_NEXT_TO_NOTHING = 0.2
_LESS_IF_FAR = 0.5
"""What is said far from the brand's name may be said of something else: it must weigh twice as much to be told before what stands near."""


@attrs.frozen
class Reason:
    """One thing that speaks for (`weight` > 0) or against a verdict; what rests on the same words is one reason.

    Its `sort` is `named` (a rule, a sort of word, a fact of the record), `detail` (a sum, a time, a purchase: what makes it credible and
    is no blame by itself) or `wording` (turns of phrase, the strongest first, with what each weighs in `shares`).
    """

    title: Title
    weight: float
    hits: tuple[Hit, ...] = ()
    sort: str = "named"
    by_words: bool = False
    shares: tuple[float, ...] = ()


def likeliest(verdict: Classification) -> AssociationType:
    """What a verdict is about: its type, and of the undetermined the likeliest of the four."""
    return verdict.type if verdict.type is not _OPEN else max(FOUR_TYPES, key=lambda t: verdict.probabilities[t])


def reasons(verdict: Classification, kind: AssociationType | None = None) -> list[Reason]:
    """All reasons that bear on one type (that of the verdict by default), strongest first."""
    kind = likeliest(verdict) if kind is None or kind is _OPEN else kind
    signed = [(f, f.weight if f.type is kind else -f.weight) for f in verdict.findings if f.type in {kind, _NONE}]
    signed = [(f, weight) for f, weight in signed if not _contrary_rule(f, kind, weight)]
    names = Names.of(verdict.mention, verdict.brand)
    told = [(f, weight, _readable(verdict.mention, f, names, kind)) for f, weight in signed if not f.rule.startswith((*_SILENT, "wording"))]
    told = list(_without_whose_post(_without_sort_of_notice(told)))
    merged = list(_merged(verdict.mention, told, kind, names))
    if not any(reason.weight >= SMALL for reason in merged):
        # where only parts of longer words speak for it, those longer words are what there is to tell
        told = [(f, weight, hits or (_in_whole_words(verdict.mention, f, names, kind) if weight > 0 else ())) for f, weight, hits in told]
        merged = list(_merged(verdict.mention, told, kind, names))
    worded = [_without_the_contrary(reason, merged) for reason in _worded(verdict.mention, signed, kind, names)]
    return sorted((*merged, *worded), key=lambda r: _rank(r, names))


def _without_sort_of_notice(told: Sequence[_Weighed]) -> Iterable[_Weighed]:
    """Of what sort a notice is says nothing more where its own words are told."""
    quoted = any(hits and finding.rule.startswith("notice:") for finding, _, hits in told)
    return (each for each in told if not quoted or each[2] or not each[0].rule.startswith("notice:"))


def _without_whose_post(told: Iterable[_Weighed]) -> Iterable[_Weighed]:
    """That the brand itself posted it says nothing more where what is wrong with its own post is told."""
    told = list(told)
    wrong = any(weight > 0 and hits and finding.rule.startswith(_OF_OWN_POST) for finding, weight, hits in told)
    return (each for each in told if not wrong or each[0].rule != "own-post")


def _without_the_contrary(worded: Reason, merged: Iterable[Reason]) -> Reason:
    """Turns of phrase without those in which a word stands that is told as a reason for the other side, unless that weighs little."""
    others = [(hit.span, abs(r.weight)) for r in merged if r.weight * worded.weight < 0 and r.sort == "named" for hit in r.hits]
    kept = [
        (hit, share)
        for hit, share in zip(worded.hits, worded.shares, strict=True)
        if not any(overlap(hit.span, span) and weight >= share * _NEXT_TO_NOTHING for span, weight in others)
    ]
    return attrs.evolve(worded, hits=tuple(hit for hit, _ in kept), shares=tuple(share for _, share in kept))


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


_Weighed = tuple[Finding, float, tuple[Hit, ...]]
"""A finding, what it weighs for the type in question, and those of its hits that a reader would find there too."""


def _merged(mention: Mention, told: Iterable[_Weighed], kind: AssociationType, names: Names) -> Iterable[Reason]:
    """What one rule or one sort of word adds to both questions, or sorts that are told together, is one reason."""
    subjects = dict[str, list[_Weighed]]()
    for finding, weight, hits in told:
        if hits or not (finding.hits or _subject(finding) in _WITHOUT_FORCE):
            subjects.setdefault(_subject(finding), []).append((finding, weight, hits))
    groups = dict[str | Together, list[_Weighed]]()
    for subject, members in subjects.items():
        if not _contrary_words(subject, kind, _sum(members)):
            groups.setdefault(together_with(subject) or subject, []).extend(members)
    for key, members in groups.items():
        group = key if isinstance(key, Together) else None
        meant = _as_meant(mention, group, members) if group and not group.detail else members
        # what is told in spite of a hedge is what speaks for it; against it that convinces nobody, and praise that is denied is none
        if meant:
            yield _one(mention, group, meant, names, _sum(members))
        elif _sum(members) > 0 and kind is not _NONE:
            yield _in_spite(_one(mention, group, members, names, _sum(members)))


def _in_spite(reason: Reason) -> Reason:
    """Told, with what a reader sees at once: that it may not be meant so."""
    title = Title(f"{reason.title.zh}，但像是否定、假设或转述", f"{reason.title.en}, though perhaps denied, supposed or reported")
    return attrs.evolve(reason, title=title)


def _as_meant(mention: Mention, group: Together, members: Iterable[_Weighed]) -> list[_Weighed]:
    """Without the words that are denied or only supposed where they stand."""
    kept = [(f, weight, tuple(hit for hit in hits if not hedged(mention, hit.span, group.denied_by))) for f, weight, hits in members]
    return [member for member in kept if member[2] or not member[0].hits]


def _one(mention: Mention, group: Together | None, members: Sequence[_Weighed], names: Names, total: float) -> Reason:
    leading = max(members, key=lambda m: (m[1] * total > 0, abs(m[1])))[0]
    each = dict.fromkeys(hit for _, _, hits in members for hit in hits)
    by_words = group is not None or _by_words(leading)
    hits = tuple(sorted(each, key=names.distance)) if by_words else tuple(each)
    title = _titled(mention, group, members) if group and not group.detail else group.title if group else leading.title
    return Reason(title, total, hits, "detail" if group and group.detail else "named", by_words)


def _titled(mention: Mention, group: Together, members: Sequence[_Weighed]) -> Title:
    """The name of a sort of word with the place where all of its words stand."""
    each = {hit for _, _, hits in members for hit in hits}
    at = dict[str, set[Hit]]()
    for finding, _, hits in members:
        at.setdefault("head" if finding.rule == _FIRST_LINE else finding.rule.partition(":")[0], set()).update(hits)
    # of a comment the first line is most often all there is
    asked = ("tag", "near") if mention.kind.is_answer else ("tag", "head", "near")
    return place_title(next((place for place in asked if at.get(place) == each), "body"), group.title)


def _sum(members: Iterable[_Weighed]) -> float:
    return sum(weight for _, weight, _ in members)


def _readable(mention: Mention, finding: Finding, names: Names, kind: AssociationType) -> tuple[Hit, ...]:
    """The hits that a reader would find there too: none that only cuts a word in two or that tells nothing where it stands alone, of a
    rule all or nothing; nor, for a complaint, words of which the sentence names another."""
    alone = _by_words(finding)
    found = [attrs.evolve(hit, span=span) for hit in finding.hits if _telling(hit, alone) and (span := whole(mention, hit.span))]
    if not alone:
        return tuple(found) if len(found) == len(finding.hits) else ()
    return _of_us(found, names, kind)


def _telling(hit: Hit, alone: bool) -> bool:
    """Whether a reader sees by the word what it is told for, `alone` or as one of several that belong together; of a word without force
    only if it is denied, and no part of another word."""
    if hit.suppressed_by is not None:
        return bool(_DENIAL.search(hit.suppressed_by))
    return not (alone and phrases().untold.fullmatch(hit.term))


def _in_whole_words(mention: Mention, finding: Finding, names: Names, kind: AssociationType) -> tuple[Hit, ...]:
    if not _by_words(finding) or _subject(finding) in _WITHOUT_FORCE:
        return ()
    return _of_us([attrs.evolve(hit, span=widened(mention, hit.span)) for hit in finding.hits], names, kind)


def _of_us(hits: Iterable[Hit], names: Names, kind: AssociationType) -> tuple[Hit, ...]:
    return tuple(hit for hit in hits if kind is not AssociationType.CUSTOMER_COMPLAINT or not names.of_another(hit.span))


def _by_words(finding: Finding) -> bool:
    """Whether it rests on words of one sort, each by itself, and not on several that belong together."""
    group = together_with(finding.rule)
    return finding.rule.partition(":")[0] in _PLACES or (group is not None and not group.detail)


def _subject(finding: Finding) -> str:
    place, _, sort = finding.rule.partition(":")
    return sort if place in _PLACES else finding.rule


def _worded(mention: Mention, signed: Iterable[tuple[Finding, float]], kind: AssociationType, names: Names) -> Iterable[Reason]:
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
        if kind is _MIX_UP:  # what the name means there is told best by the clause in which it stands
            leaning.sort(key=lambda s: not names.stand_in(s[1]))
        if leaning:
            shares, hits = tuple(weight for weight, _ in leaning), tuple(Hit("", span) for _, span in leaning)
            yield Reason(_worded_like(kind, sign), sign * sum(shares), hits, "wording", shares=shares)


def _worded_like(kind: AssociationType, sign: int) -> Title:
    if kind is _MIX_UP:
        return _ANOTHER if sign > 0 else _NOT_ANOTHER
    words = kind.words
    return (
        Title(f"措辞像{words.zh}", f"worded like {a(words.en)}")
        if sign > 0
        else Title(f"措辞不像{words.zh}", f"not worded like {a(words.en)}")
    )


def a(noun: str) -> str:
    """An English noun with its article."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


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
