"""What a classifier says: findings (判定) with the characters they rest on, and the verdict they add up to."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import attrs

from negassoc.brand import Brand
from negassoc.errors import UnknownNameError
from negassoc.facts import Facts
from negassoc.mention import Mention
from negassoc.records import Json, Title, known_language, unstructure

_BEGUN = 24  # characters of a mention in the short form of a verdict
Field: TypeAlias = Literal["title", "text", "thread_title"]


class AssociationType(enum.StrEnum):
    """Why something negative hangs on the brand (关联类型): the four types, or none of them, or not decided.

    >>> AssociationType("customer_complaint").negative, AssociationType.NONE.negative
    (True, False)
    """

    OWN_VIOLATION = "own_violation"
    MALICIOUS_ATTACK = "malicious_attack"
    CUSTOMER_COMPLAINT = "customer_complaint"
    ALGORITHM_MISJUDGMENT = "algorithm_misjudgment"
    NONE = "none"
    UNDETERMINED = "undetermined"

    @classmethod
    def of(cls, name: AssociationType | str) -> AssociationType:
        """The type of that name, or of the words that people are shown for it or a part of them; `UnknownNameError` names the nearest.

        >>> AssociationType.of("投诉"), AssociationType.of("外部恶意攻击").value
        (<AssociationType.CUSTOMER_COMPLAINT: 'customer_complaint'>, 'malicious_attack')
        """
        said = str(name)
        if found := _TYPE_NAMES.get(said):
            return found
        parts = {kind for title, kind in _TYPE_NAMES.items() if len(said) > 1 and not said.isascii() and said in title}
        if len(parts) != 1:
            raise UnknownNameError("association type", name, cls)
        return parts.pop()

    @property
    def negative(self) -> bool:
        """One of the four types."""
        return self in FOUR_TYPES

    @property
    def words(self) -> Title:
        """The type's name for people."""
        return _TYPE_TITLES[self]

    @property
    def short(self) -> Title:
        """The same in a word, for the head of a column."""
        return _SHORT_TITLES[self]


FOUR_TYPES: tuple[AssociationType, ...] = tuple(AssociationType)[:4]
_TYPE_TITLES = {
    AssociationType.OWN_VIOLATION: Title("账号自身违规", "own-account violation"),
    AssociationType.MALICIOUS_ATTACK: Title("外部恶意攻击", "malicious attack"),
    AssociationType.CUSTOMER_COMPLAINT: Title("真实客户投诉", "genuine customer complaint"),
    AssociationType.ALGORITHM_MISJUDGMENT: Title("算法误判关联", "algorithm misjudgment"),
    AssociationType.NONE: Title("非负面", "nothing negative"),
    AssociationType.UNDETERMINED: Title("尚不能判定", "undetermined"),
}
_SHORT_TITLES = {
    AssociationType.OWN_VIOLATION: Title("自身", "own"), AssociationType.MALICIOUS_ATTACK: Title("攻击", "attack"),
    AssociationType.CUSTOMER_COMPLAINT: Title("投诉", "complaint"), AssociationType.ALGORITHM_MISJUDGMENT: Title("误判", "mix-up"),
    AssociationType.NONE: Title("无", "none"), AssociationType.UNDETERMINED: Title("未定", "open"),
}  # fmt: skip
_TYPE_NAMES = {name: kind for kind in AssociationType for name in (kind.value, *attrs.astuple(kind.words), kind.short.zh)}


class Grade(enum.StrEnum):
    """Severity (等级), from harm and reach, never from anger: P0 is gravest."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"

    @classmethod
    def of(cls, name: Grade | str) -> Grade:
        """The grade of that name, however it is written (`p1`); `UnknownNameError` if there is none such."""
        said = str(name).strip().upper()
        if said not in {*cls}:
            raise UnknownNameError("grade", name, cls)
        return cls(said)


@attrs.frozen(order=True)
class Span:
    """Characters `start` to `end` (exclusive, in Unicode code points) of one field of the mention as it was sent."""

    field: Field
    start: int
    end: int


@attrs.frozen
class Hit:
    """A term found (命中). `suppressed_by` is the allowed phrase around it that takes its force ("没有踩雷"), or None."""

    term: str
    span: Span
    suppressed_by: str | None = attrs.field(default=None, kw_only=True)


@attrs.frozen(kw_only=True)
class Finding:
    """One reason for (`weight` > 0) or against (`weight` < 0) `type`. `rule` is its id in the pack; `hits` may be empty
    where the reason is not in the text (the prior, who wrote it, where it stands, a stated fact)."""

    rule: str
    type: AssociationType
    weight: float
    title: Title
    hits: tuple[Hit, ...] = ()
    fact: str | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where in the original it stands."""
        return tuple(hit.span for hit in self.hits)

    def to_record(self) -> dict[str, Json]:
        """As the command line prints it."""
        return {
            "rule": self.rule, "type": self.type.value, "weight": self.weight, "spans": unstructure(self.spans),
            "title": unstructure(self.title), "fact": self.fact,
        }  # fmt: skip


@attrs.frozen(kw_only=True, slots=False)  # made faster so, and many are made
class Classification:
    """The verdict (研判结果) on one mention and brand.

    `type` is what to act on first, `also` the others that hold. `suspected` is True where no stated fact decided. `probability` is
    that of `type` (of the likeliest type where undetermined). `scores` has the four types and `none`; each is the sum of the weights
    of its findings. `none` answers "is anything negative said of this brand?" (positive: no), the four answer "of which type?".
    `facets` says what it is about (`refund`, `health`, …). `wanted` are the facts worth finding out, most telling first.
    """

    mention: Mention
    brand: Brand
    type: AssociationType
    also: tuple[AssociationType, ...] = ()
    suspected: bool
    probability: float
    probabilities: Mapping[AssociationType, float] = attrs.field(hash=False)
    scores: Mapping[AssociationType, float] = attrs.field(hash=False)
    grade: Grade | None
    facets: tuple[str, ...] = ()
    findings: Sequence[Finding]
    wanted: tuple[str, ...] = ()
    facts: Facts = attrs.field(factory=Facts)
    grade_reasons: tuple[Title, ...] = ()

    @property
    def cautious(self) -> bool:
        """Whether another type is likelier: this one was chosen since to miss it would cost more."""
        return self.type in self.probabilities and self.probability < max(self.probabilities.values())

    def __repr__(self) -> str:
        said, graded = self.mention.title or self.mention.text, f" {self.grade}" if self.grade else ""
        begun = said if len(said) <= _BEGUN else said[:_BEGUN] + "…"
        return f"<Classification {self.type} {self.probability:.2f}{graded}, {self.brand.name}: {begun!r}>"

    def __str__(self) -> str:
        from negassoc.classify.explain import head, why

        return "\n".join((head(self, "zh"), why(self, "zh", 5)))

    def why(self, lang: str = "zh", limit: int = 5) -> str:
        """The strongest reasons for and against, a line each, quoting the original; `lang` is `"zh"` or `"en"`, else
        `UnknownNameError`."""
        from negassoc.classify.explain import why

        return why(self, known_language(lang), limit)

    def why_not(self, type: AssociationType | str, lang: str = "zh") -> str:  # noqa: A002 - the field's own word
        """What keeps this from being `type`: the suppressed hit, the stronger reason or the unknown fact.

        `UnknownNameError` for a type or a language that there is none such.
        """
        from negassoc.classify.explain import why_not

        return why_not(self, AssociationType.of(type), known_language(lang))

    def to_record(self) -> dict[str, Json]:
        """As `scan --format jsonl` prints it."""
        return {
            "mention": self.mention.to_record(), "brand": self.brand.key or self.brand.name, "type": self.type.value,
            "also": [t.value for t in self.also], "suspected": self.suspected, "probability": self.probability,
            "scores": {t.value: s for t, s in self.scores.items()}, "probabilities": {t.value: p for t, p in self.probabilities.items()},
            "grade": self.grade.value if self.grade else None, "facets": list(self.facets),
            "findings": [f.to_record() for f in self.findings], "wanted": list(self.wanted), "facts": dict(self.facts.stated()),
        }  # fmt: skip

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import classification_html

        return classification_html(self)
