"""The register of evidence (证据登记表): one row an item, with what it shows, what it claims and how good the capture is."""

from __future__ import annotations

import datetime as dt
import enum
import functools
from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from negassoc.classify import Grade
from negassoc.mention import Engagement
from negassoc.platform import platform_of
from negassoc.records import Json, Title, load_toml, unstructure
from negassoc.times import BEIJING

ClaimKind: TypeAlias = Literal["fact", "opinion", "insult"]
ClaimStatus: TypeAlias = Literal["true", "false", "partly", "unknown"]


class EvidenceGrade(enum.StrEnum):
    """How well an item was captured: E1 screenshot, E2 recording with witness, E3 trusted timestamp, E4 notary."""

    E1 = "E1"
    E2 = "E2"
    E3 = "E3"
    E4 = "E4"

    @property
    def advice(self) -> GradeAdvice:
        """Its title, when it is called for and how it is done."""
        return next(grade for grade in evidence_texts().grade if grade.id == self.value)


@attrs.frozen(kw_only=True)
class GradeAdvice:
    """What people need to know of one grade."""

    id: str
    title: Title
    when: Title
    how: Title


@attrs.frozen(kw_only=True)
class Material:
    """One of the six materials that a report must contain (2023 norms, art. 5): what it is, and how to `get` it."""

    id: str
    title: Title
    get: Title


@attrs.frozen(kw_only=True)
class EvidenceTexts:
    """The packaged words on evidence; `proof` says what a hash does and does not prove, `frame` what must be in the picture."""

    checked_on: dt.date
    proof: Title
    frame: tuple[Title, ...]
    grade: tuple[GradeAdvice, ...]
    material: tuple[Material, ...]


@functools.cache
def evidence_texts() -> EvidenceTexts:
    """Grades, materials and what a hash proves, as packaged.

    >>> [material.id for material in evidence_texts().material]
    ['statement', 'identity', 'contact', 'location', 'evidence', 'guarantee']
    """
    return load_toml(Path(__file__).parent.parent / "data" / "evidence.toml", EvidenceTexts)


@attrs.frozen(kw_only=True)
class Claim:
    """One thing that an item says. Only a *fact* can be false; an opinion is not a ground for a report.

    `identifies_us` is None until somebody has judged it; `refuting` names the evidence ids that disprove it.
    """

    id: str
    text: str
    kind: ClaimKind
    identifies_us: bool | None = None
    status: ClaimStatus = "unknown"
    refuting: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class CapturedAuthor:
    """Who wrote the item, as the screen showed it; `id` is the platform's own (小红书号, 快手号)."""

    nickname: str | None = None
    id: str | None = None
    profile: str | None = None
    ip_location: str | None = None


@attrs.frozen(kw_only=True)
class Evidence:
    """One item of the register. What the screen did not show goes into `absent`, by field name, so that a gap is a statement.

    `grade` is the method of capture, `certificate` the number of its timestamp or deed, `cluster` the campaign it belongs to, `loss` what
    links it to a loss, `ticket` and `result` what became of the report, `deadline_at` until when something must be done with it.
    """

    id: str
    case: str | None = None
    platform: str | None = attrs.field(default=None, converter=attrs.converters.optional(platform_of))
    object_type: str | None = None
    url: str | None = None
    author: CapturedAuthor = attrs.field(factory=CapturedAuthor)
    published_at: dt.datetime | None = None
    captured_at: dt.datetime
    device: str | None = None
    app: str | None = None
    network: str | None = None
    capturer: str
    witness: str | None = None
    grade: EvidenceGrade = EvidenceGrade.E1
    file: str | None = None
    sha256: str | None = None
    certificate: str | None = None
    transcription: str | None = None
    claims: tuple[Claim, ...] = ()
    metrics: Engagement = attrs.field(factory=Engagement)
    absent: tuple[str, ...] = ()
    cluster: str | None = None
    loss: str | None = None
    ticket: str | None = None
    result: str | None = None
    deadline_at: dt.datetime | None = None

    def missing(self) -> tuple[str, ...]:
        """The fields a report needs that are neither filled nor declared absent, by name."""
        return tuple(name for name, filled in self._needed().items() if not filled and name not in self.absent)

    def _needed(self) -> dict[str, object]:
        needed: dict[str, object] = {
            "platform": self.platform, "object_type": self.object_type, "url": self.url, "author.nickname": self.author.nickname,
            "author.id": self.author.id, "author.ip_location": self.author.ip_location, "published_at": self.published_at,
            "device": self.device, "transcription": self.transcription, "claims": self.claims, "file": self.file, "sha256": self.sha256,
        }  # fmt: skip
        needed |= {"witness": self.witness} if self.grade is EvidenceGrade.E2 else {}
        return needed | ({"certificate": self.certificate} if self.grade in {EvidenceGrade.E3, EvidenceGrade.E4} else {})

    def to_record(self) -> dict[str, Json]:
        """As JSON, times in UTC."""
        record = unstructure(self)
        return record if isinstance(record, dict) else {}

    def to_row(self) -> dict[str, str | None]:
        """One flat row for a table, times in Beijing time with offset, the claims one a line."""
        author, counts = self.author, self.metrics
        shown = {name: getattr(counts, name) for name in ("views", "likes", "comments", "collects", "shares")}
        return {
            "evidence_id": self.id, "case_id": self.case, "platform": self.platform, "object_type": self.object_type, "url": self.url,
            "author_nickname": author.nickname, "author_id": author.id, "author_profile": author.profile, "author_ip": author.ip_location,
            "published_at": _beijing(self.published_at), "captured_at": _beijing(self.captured_at), "device": self.device, "app": self.app,
            "network": self.network, "capturer": self.capturer, "witness": self.witness, "grade": self.grade.value, "file": self.file,
            "sha256": self.sha256, "certificate": self.certificate, "transcription": self.transcription,
            "claims": "\n".join(f"{c.id} [{c.kind}/{c.status}] {c.text}" for c in self.claims) or None,
            "metrics": " ".join(f"{name}={count}" for name, count in shown.items() if count) or None,
            "absent": "、".join(self.absent) or None, "cluster": self.cluster, "loss": self.loss, "ticket": self.ticket,
            "result": self.result, "deadline_at": _beijing(self.deadline_at),
        }  # fmt: skip


def advise_grade(  # noqa: PLR0913 - the circumstances that call for more, each by its name
    grade: Grade, *, suspected_malicious: bool = False, extortion: bool = False, suit_likely: bool = False,
    may_vanish: bool = False, views: int | None = None,
) -> EvidenceGrade:  # fmt: skip
    """How well to capture, by severity and circumstance; unknown views do not count as few or many.

    >>> advise_grade(Grade.P2), advise_grade(Grade.P3, extortion=True)
    (<EvidenceGrade.E2: 'E2'>, <EvidenceGrade.E4: 'E4'>)
    """
    grave, many = grade in {Grade.P0, Grade.P1}, views is not None and views > 5000
    if extortion or suit_likely or (suspected_malicious and (grave or many)):
        return EvidenceGrade.E4
    if suspected_malicious or may_vanish or grave:
        return EvidenceGrade.E3
    return EvidenceGrade.E2 if grade is Grade.P2 else EvidenceGrade.E1


@attrs.frozen(kw_only=True)
class AuthorRecord:
    """What one author has published against us, by the register. A suspicion to look into, never a verdict on a person.

    `certain` is False where only the nickname ties the items together. `caution` is True where a claim is true, partly true or not yet
    checked, or is an opinion: such an author may be a customer, and the items are handled as complaints first.
    """

    platform: str | None
    author: str
    certain: bool
    items: tuple[str, ...]
    first_at: dt.datetime
    last_at: dt.datetime
    repeated_texts: int
    false_claims: int
    caution: bool


def repeated_authors(register: tuple[Evidence, ...]) -> tuple[AuthorRecord, ...]:
    """The ledger of repeated attacks (攻击清单): authors with two items or more, most items first."""
    groups: dict[tuple[str | None, str, bool], list[Evidence]] = {}
    for item in register:
        name = item.author.id or item.author.nickname
        if name:
            groups.setdefault((item.platform, name, item.author.id is not None), []).append(item)
    records = [_author_record(key, items) for key, items in groups.items() if len(items) > 1]
    return tuple(sorted(records, key=lambda record: (-len(record.items), record.first_at, record.author)))


def _author_record(key: tuple[str | None, str, bool], items: list[Evidence]) -> AuthorRecord:
    times = sorted(item.published_at or item.captured_at for item in items)
    texts = [item.transcription for item in items if item.transcription]
    claims = [claim for item in items for claim in item.claims]
    refuted = [claim for claim in claims if claim.kind == "fact" and claim.status == "false"]
    return AuthorRecord(
        platform=key[0], author=key[1], certain=key[2], items=tuple(item.id for item in items), first_at=times[0], last_at=times[-1],
        repeated_texts=len(texts) - len(set(texts)), false_claims=len(refuted), caution=not claims or len(refuted) < len(claims),
    )  # fmt: skip


def _beijing(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(BEIJING).isoformat(timespec="seconds") if moment else None
