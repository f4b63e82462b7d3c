"""The report in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from negassoc.mention import Engagement
from negassoc.playbooks import never_and_waiting
from negassoc.report.cells import Column
from negassoc.report.handling import no_campaigns
from negassoc.report.markup import is_web
from negassoc.report.page import POSTS
from negassoc.report.phrases import about, bracketed, campaign_words, clock, doers, fact_whether, first_due, pair_words
from negassoc.report.sections import MOSTLY, author_of, because, excerpt, stands_under
from negassoc.report.summary import SHOWN_TYPES
from negassoc.report.tables import markdown, markdown_text
from negassoc.report.todo import refused
from negassoc.report.words import word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negassoc.classify import AssociationType
    from negassoc.mention import Mention
    from negassoc.playbooks import Refusal
    from negassoc.report.cells import Row
    from negassoc.report.page import Report


def report_markdown(report: Report) -> str:
    """Headline, counts, posts, campaigns, actions and what is not known, one section each."""
    return "\n\n".join(part for part in _parts(report) if part) + "\n"


def _parts(report: Report) -> Iterator[str]:
    lang = report.lang
    yield f"# {markdown_text(report.title)}"
    yield markdown_text(f"{report.period_words()} · {word('page.made', lang, time=clock(report.now, lang))}")
    yield from (f"**{markdown_text(line)}**" for line in report.headline().splitlines())
    yield from _section(word("why.title", lang), _counts(report))
    yield from _section(word("posts.title", lang), _posts(report))
    yield from _section(word("campaigns.title", lang), _campaigns(report) or no_campaigns(report.campaigns, lang))
    yield from _section(word("actions.title", lang), _actions(report) or word("actions.none", lang))
    never, waiting = never_and_waiting(refused(report.plans))
    yield from _section(word("waiting.title", lang), _refused(waiting, lang))
    yield from _section(word("never.title", lang), _refused(never, lang))
    yield from _section(word("known.title", lang), _known(report))
    yield f"_{markdown_text(word('known.law', lang))}_"


def _section(title: str, body: str) -> Iterator[str]:
    if body:
        yield f"## {markdown_text(title)}"
        yield body


def _counts(report: Report) -> str:
    summary, lang = report.summary, report.lang
    rows: list[Row] = [
        {"type": kind.words.of(lang), "count": summary.types[kind], "decided": summary.decided[kind], "why": _mostly(report, kind)}
        for kind in SHOWN_TYPES
        if summary.types[kind]
    ]
    heads = (("type", "type_head"), ("count", "count_head"), ("decided", "decided"), ("why", "why.mostly"))
    return _table(heads, rows, lang) if rows else ""


def _mostly(report: Report, kind: AssociationType) -> str:
    """The commonest reasons of a type, each with the number of posts."""
    found = because([verdict for verdict in report.summary.shown if verdict.type is kind], report.lang).most_common(MOSTLY)
    return ("、" if report.lang == "zh" else ", ").join(f"{title} {count}" for title, count in found)


def _where(report: Report, mention: Mention) -> str:
    """What one needs to find the post again: platform, kind, masked author, time; the address; the id that a facts file names."""
    particulars = about(attrs.evolve(mention, engagement=Engagement()), report.lang, nickname=author_of(mention, report.brand))
    url = mention.url if mention.url and is_web(mention.url) else None
    return "\n".join(filter(None, (" · ".join(particulars), stands_under(mention, report.lang), url, mention.id)))


def _posts(report: Report) -> str:
    found = report.summary.posts
    rest = sum(1 + post.same for post in found[POSTS:])
    rows: list[Row] = [
        {
            "type": post.verdict.type.words.of(report.lang),
            "grade": post.verdict.grade.value if post.verdict.grade else "",
            "sure": word("suspected" if post.verdict.suspected else "decided", report.lang),
            "said": excerpt(post.verdict.mention),
            "where": _where(report, post.verdict.mention),
            "why": post.verdict.why(report.lang, limit=2),
        }
        for post in found[:POSTS]
    ]
    heads = (("type", "type_head"), ("grade", "grade"), ("sure", "sure"), ("said", "said"), ("where", "where_head"), ("why", "reasons"))
    more = f"\n\n{markdown_text(word('posts.rest', report.lang, count=rest))}" if rest else ""
    return _table(heads, rows, report.lang) + more if rows else ""


def _campaigns(report: Report) -> str:
    lang, mentions, parts = report.lang, report.mentions(), list[str]()
    for campaign in report.campaigns or ():
        pairs = sorted(campaign.proof, key=lambda pair: -pair.similarity)[:4]
        rows: list[Row] = [
            {
                "kind": pair_words(pair, lang),
                **{side: excerpt(mentions[name]) if (name := getattr(pair, side)) in mentions else name for side in ("a", "b")},
            }
            for pair in pairs
        ]
        parts += [f"### {markdown_text(campaign_words(campaign, lang))}", markdown_text(campaign.why.of(lang))]
        parts += [_table((("kind", "basis"), ("a", "post_a"), ("b", "post_b")), rows, lang)]
    return "\n\n".join(parts)


def _actions(report: Report) -> str:
    lang = report.lang
    rows: list[Row] = [
        {
            "due": first_due(todo, lang),
            "what": todo.action.titled(lang) + (bracketed(word("actions.late", lang, count=todo.late), lang) if todo.late else ""),
            "who": doers(todo.action, lang),
            "count": todo.incidents,
        }
        for todo in report.todos
    ]
    return _table((("due", "due_head"), ("what", "step"), ("who", "role"), ("count", "incidents_head")), rows, lang) if rows else ""


def _refused(found: Sequence[Refusal], lang: str) -> str:
    """A line a reason; nothing is struck through, which a reader without a renderer takes for the opposite."""
    lines = list[str]()
    for one in found:
        parts = [one.reason.of(lang), word("until", lang, what=one.lacking(lang)) if one.missing else None]
        parts += [word("instead", lang, what=one.instead.of(lang))]
        lines.append(f"- **{markdown_text(one.named(lang))}** — {markdown_text(' · '.join(filter(None, parts)))}")
    return "\n".join(lines)


def _known(report: Report) -> str:
    summary, lang = report.summary, report.lang
    counted = (("known.outside", summary.outside), ("known.undated", summary.undated), ("known.suspected", summary.suspected),
               ("known.problems", len(report.problems)))  # fmt: skip
    lines = [*report.coverage, *(word(key, lang, count=count) for key, count in counted if count)]
    lines += (
        [word("known.wanted", lang) + " " + "、".join(fact_whether(name, lang) for name, _ in summary.wanted.most_common(5))]
        if summary.wanted
        else []
    )
    lines += [str(problem)[:300] for problem in report.problems[:8]]
    return "\n".join(f"- {markdown_text(line)}" for line in (*lines, word("known.unseen", lang)))


def _table(heads: tuple[tuple[str, str], ...], rows: Sequence[Row], lang: str) -> str:
    from negassoc.records import Title

    return markdown([Column(name, title=Title(word(key, "zh"), word(key, "en"))) for name, key in heads], rows, lang=lang)
