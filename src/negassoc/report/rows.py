"""Values as flat rows, one function a kind of value; what each column says is in `columns`."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import json
from typing import TYPE_CHECKING

import attrs

from negassoc.classify import FOUR_TYPES, AssociationType
from negassoc.text.legible import masked, starred

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negassoc.cases import Case
    from negassoc.classify import Classification, Finding, Hit
    from negassoc.mention import Engagement, Mention
    from negassoc.playbooks import Action, Plan
    from negassoc.report.cells import Cell
    from negassoc.watch.alerts import Alert
    from negassoc.watch.campaigns import Campaign

    Cells = dict[str, Cell]

_TEXTS = ("title", "text", "thread_title", "thread_text", "why", "quote")
_COUNTS = ("likes", "comments", "collects", "shares", "views")


def mention_rows(mentions: Iterable[Mention]) -> Iterator[Cells]:
    """A row a mention, columns `MENTIONS`."""
    return map(_mention, mentions)


def record_rows(mentions: Iterable[Mention]) -> Iterator[Cells]:
    """A row a mention with all it holds, columns `RECORDS`."""
    for mention in mentions:
        author = mention.author
        yield {
            **_mention(mention), "brand": mention.brand, "parent_id": mention.parent_id, "author_hash": author.id_hash,
            "author_posts": author.posts, "account_age_days": author.account_age_days, "verified": author.verified,
            "official": author.official, "at": _apart(mention.at),
        }  # fmt: skip


def verdict_rows(verdicts: Iterable[Classification]) -> Iterator[Cells]:
    """A row a verdict, columns `VERDICTS`: what was decided, and the mention beside it."""
    for verdict in verdicts:
        yield {
            "mention_id": verdict.mention.id,
            **{name: cell for name, cell in _mention(verdict.mention).items() if name != "id"},
            "brand": verdict.brand.key or verdict.brand.name,
            "type": verdict.type.value,
            "type_title": verdict.type.words.zh,
            "also": _list(kind.value for kind in verdict.also),
            "grade": verdict.grade.value if verdict.grade else None,
            "suspected": verdict.suspected,
            "probability": verdict.probability,
            **{f"score_{kind.value}": verdict.scores.get(kind) for kind in (*FOUR_TYPES, AssociationType.NONE)},
            "facets": _list(verdict.facets),
            "why": verdict.why(),
            "wanted": _list(verdict.wanted),
            "facts": _list(f"{name}={'yes' if value else 'no'}" for name, value in verdict.facts.stated().items()),
        }


def finding_rows(verdicts: Iterable[Classification], *, strongest: int | None = None) -> Iterator[Cells]:
    """A row a hit of a finding, columns `FINDINGS`; a finding that rests on nothing written has one row with no place.

    Only as many rows a verdict as `strongest` says, if it does: a verdict sums some hundreds of findings, most of next to no weight.
    """
    for verdict in verdicts:
        found = verdict.findings
        ordered = found if strongest is None else heapq.nlargest(strongest, found, key=lambda one: abs(one.weight))
        hits = ((finding, hit) for finding in ordered for hit in finding.hits or (None,))
        for finding, hit in itertools.islice(hits, strongest):
            yield {"mention_id": verdict.mention.id, **_finding(finding), **(_hit(hit, verdict.mention) if hit else {})}


def action_rows(plans: Iterable[Plan]) -> Iterator[Cells]:
    """A row a step, columns `ACTIONS`, in the order of the plans."""
    for plan in plans:
        for action in plan:
            yield {"brand": plan.brand.name, "plan_type": plan.type.value, "plan_grade": plan.grade.value, **_action(action)}


def task_rows(cases: Iterable[Case]) -> Iterator[Cells]:
    """A row a step of a case, columns `ACTIONS`: like `action_rows`, with the case's id and where the step stands."""
    for case in cases:
        given: Cells = {
            "brand": case.plan.brand.name,
            "plan_type": case.plan.type.value,
            "plan_grade": case.plan.grade.value,
            "case_id": case.id,
        }
        for task in case:
            yield {**given, **_action(task.action), "state": task.state.value, "due_at": _utc(task.deadline_at or task.action.due_at)}


def blocked_rows(plans: Iterable[Plan]) -> Iterator[Cells]:
    """A row a refused step, columns `BLOCKED`."""
    for plan in plans:
        for step in plan.blocked:
            yield {
                "brand": plan.brand.name, "id": step.id, "title": step.title.zh, "guard": step.guard,
                "reason": step.reason.zh, "until": step.until.zh if step.until else None, "instead": step.instead.zh,
            }  # fmt: skip


def campaign_rows(campaigns: Iterable[Campaign]) -> Iterator[Cells]:
    """A row a proving pair, columns `CAMPAIGNS`; what is said of the whole campaign stands in each."""
    for number, campaign in enumerate(campaigns, 1):
        whole: Cells = {
            "campaign": number, "brand": campaign.brand, "score": campaign.score, "posts": len(campaign.mentions),
            "accounts": len(campaign.accounts), "first_at": campaign.first_at, "last_at": campaign.last_at, "why": campaign.why.zh,
        }  # fmt: skip
        yield from ({**whole, **attrs.asdict(pair)} for pair in campaign.proof)


def alert_rows(alerts: Iterable[Alert]) -> Iterator[Cells]:
    """A row an alert, columns `ALERTS`."""
    for alert in alerts:
        yield {
            "id": alert.id, "at": alert.at, "brand": alert.brand, "threshold": alert.threshold, "grade": alert.grade.value,
            "title": alert.title.zh, "why": alert.why.zh, "text": alert.text.zh, "mentions": _list(alert.mentions),
        }  # fmt: skip


def people_masked(rows: Iterable[Cells]) -> Iterator[Cells]:
    """The rows with authors' names and ids left off or starred, and with personal data in texts starred."""
    for row in rows:
        author = row.get("author")
        name = author if isinstance(author, str) else None
        texts = {key: masked(value, [name]) for key in _TEXTS if isinstance(value := row.get(key), str)}
        yield {**row, **texts, "author": starred(name) if name else None, "author_id": None}


def _mention(mention: Mention) -> Cells:
    author = mention.author
    return {
        "id": mention.id, "platform": mention.platform, "kind": mention.kind.value, "title": mention.title, "text": mention.text,
        "thread_title": mention.thread_title, "thread_text": mention.thread_text, "post_id": mention.post_id,
        "author": author.nickname, "author_id": author.identity, "followers": author.followers, "ip_location": mention.ip_location,
        "published_at": mention.published_at, "published_raw": mention.published_raw, "fetched_at": mention.fetched_at,
        **_counts(mention.engagement),
        "queries": _apart(mention.queries), "topics": _apart(mention.topics), "platform_flags": _apart(mention.platform_flags),
        "partial": mention.partial, "url": mention.url, "where": mention.where,
    }  # fmt: skip


def _counts(engagement: Engagement) -> Cells:
    known = {name: count for name in _COUNTS if (count := getattr(engagement, name)) is not None}
    inexact = _list(f"{name}{count}" for name, count in known.items() if count.exactness != "exact")
    return {name: known[name].value if name in known else None for name in _COUNTS} | {"inexact_counts": inexact}


def _finding(finding: Finding) -> Cells:
    return {
        "rule": finding.rule, "type": finding.type.value, "weight": finding.weight,
        "title": finding.title.zh, "title_en": finding.title.en, "fact": finding.fact,
    }  # fmt: skip


def _hit(hit: Hit, mention: Mention) -> Cells:
    written: str = getattr(mention, hit.span.field) or ""
    return {**attrs.asdict(hit.span), "quote": written[hit.span.start : hit.span.end], "suppressed_by": hit.suppressed_by}


def _utc(at: dt.datetime | None) -> dt.datetime | None:
    """All columns of times in one zone."""
    return at.astimezone(dt.UTC) if at else None


def _action(action: Action) -> Cells:
    return {
        "order": action.order, "id": action.id, "kind": action.kind, "title": action.title.zh, "title_en": action.title.en,
        "only_if": action.only_if.zh if action.only_if else None,
        "role": action.role, "due_at": _utc(action.due_at), "due_basis": action.due_basis.zh,
        "channel": action.channel.zh if action.channel else None,
        "materials": _list(title.zh for title in action.materials), "done_when": action.done_when.zh, "if_failed": action.if_failed.zh,
        "never": _list(title.zh for title in action.never), "basis": _list(action.basis), "why": action.why.zh,
        "because": _list(action.because),
    }  # fmt: skip


def _list(parts: Iterable[str]) -> str | None:
    return "; ".join(parts) or None


def _apart(parts: tuple[str, ...]) -> str | None:
    """The same; as JSON where it could not be taken apart again."""
    plain = all(part and ";" not in part and part == part.strip() for part in parts) and not (parts and parts[0].startswith("["))
    return _list(parts) if plain else json.dumps(parts, ensure_ascii=False)
