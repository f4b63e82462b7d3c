"""The page's sections on what is done about it and how far one may trust it: campaigns, actions, coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc.classify import AssociationType
from negassoc.platform import platform_title
from negassoc.playbooks import never_and_waiting
from negassoc.report.markup import Html, bdi, joined, tag
from negassoc.report.phrases import campaign_words, clock, doers, fact_whether, first_due, pair_words
from negassoc.report.sections import author_of, excerpt, original, short
from negassoc.report.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from negassoc.brand import Brand
    from negassoc.errors import Problem
    from negassoc.mention import Mention
    from negassoc.playbooks import Action, Blocked, Refusal
    from negassoc.report.summary import Summary
    from negassoc.report.todo import Todo
    from negassoc.watch.campaigns import Campaign, Pair

_PAIRS = 4
_STEPS = 14
_PROBLEMS = 8
_REFUSED = 5


def campaigns(found: Sequence[Campaign] | None, mentions: Mapping[str, Mention], brand: Brand, lang: str) -> Html:
    """Each campaign with the pairs that prove it, people masked; or that there is none, or that nobody looked."""
    if not found:
        return tag("p", no_campaigns(found, lang), cls="faint")
    return joined([tag("p", word("campaign_note", lang), cls="faint"), *(_campaign(one, mentions, brand, lang) for one in found)])


def no_campaigns(found: Sequence[Campaign] | None, lang: str) -> str:
    """Why no campaign is shown: nobody looked for any (None), or none was found."""
    return word("campaigns.unchecked" if found is None else "campaigns.none", lang)


def steps(todos: Sequence[Todo], lang: str) -> Html:
    """What is open, by deadline."""
    if not todos:
        return tag("p", word("actions.none", lang), cls="faint")
    rest = len(todos) - _STEPS
    more = tag("p", word("actions.rest", lang, count=rest), cls="faint") if rest > 0 else None
    return tag("div", tag("ol", *(_step(todo, lang) for todo in todos[:_STEPS]), cls="steps"), more, cls="card whole")


def refusals(blocked: Iterable[Blocked], lang: str) -> Html | None:
    """What waits for a condition, and what is never done: why, and what to do instead; one reason stands once."""
    never, waiting = never_and_waiting(blocked)
    return joined([_refusals("waiting.title", waiting, lang), _refusals("never.title", never, lang)]) if never or waiting else None


def _refusals(title: str, found: Sequence[Refusal], lang: str) -> Html | None:
    if not found:
        return None
    items = [_refusal(one, lang) for one in found]
    first, rest = tag("ul", *items[:_REFUSED], cls="plain"), items[_REFUSED:]
    more = tag("details", tag("summary", word("blocked.rest", lang, count=len(rest))), tag("ul", *rest, cls="plain")) if rest else None
    return joined([tag("h2", word(title, lang)), tag("div", first, more, cls="card whole")])


def _refusal(one: Refusal, lang: str) -> Html:
    """Struck through only what is never done: what merely waits must not be read as forbidden."""
    titles = [tag("b", title.of(lang) if one.missing else tag("s", title.of(lang))) for title in one.titles]
    lacking = joined([tag("br"), word("until", lang, what=one.lacking(lang))]) if one.missing else None
    instead = tag("small", word("instead", lang, what=one.instead.of(lang)))
    return tag("li", joined(titles, "；" if lang == "zh" else "; "), " — ", one.reason.of(lang), lacking, tag("br"), instead)


def known(summary: Summary, mentions: Iterable[Mention], coverage: Sequence[str], problems: Sequence[Problem], lang: str) -> Html:
    """What was looked at, what could not be read, what is only suspected, what to find out, and what nobody saw."""
    partial = sum(mention.partial for mention in mentions)
    counted = (
        ("known.outside", summary.outside), ("known.undated", summary.undated), ("known.partial", partial),
        ("known.suspected", summary.suspected), ("known.problems", len(problems)),
    )  # fmt: skip
    lines = [word("known.seen", lang, total=f"{summary.total:,}", none=f"{summary.types[AssociationType.NONE]:,}"), *coverage]
    lines += [word(key, lang, count=f"{count:,}") for key, count in counted if count]
    told = [tag("li", bdi(line)) for line in lines]
    told += [tag("li", word("known.wanted", lang), " ", _wanted(summary, lang))] if summary.wanted else []
    return tag("div", tag("ul", *told, tag("li", word("known.unseen", lang)), cls="plain"), _problems(problems, lang), cls="card")


def _campaign(one: Campaign, mentions: Mapping[str, Mention], brand: Brand, lang: str) -> Html:
    pairs = sorted(one.proof, key=lambda pair: -pair.similarity)
    rest = len(pairs) - _PAIRS
    return tag(
        "section",
        tag("h3", campaign_words(one, lang)), tag("p", bdi(one.why.of(lang))),
        tag("ul", *(_pair(pair, mentions, brand, lang) for pair in pairs[:_PAIRS]), cls="pairs"),
        tag("p", word("more_pairs", lang, count=rest), cls="faint") if rest > 0 else None,
        cls="card whole post malicious_attack",
    )  # fmt: skip


def _pair(pair: Pair, mentions: Mapping[str, Mention], brand: Brand, lang: str) -> Html:
    sides = [tag("div", _side(mentions.get(name), name, brand, lang)) for name in (pair.a, pair.b)]
    return tag("li", tag("div", tag("small", pair_words(pair, lang)), cls="proof"), *sides)


def _side(mention: Mention | None, name: str, brand: Brand, lang: str) -> Html:
    if mention is None:
        return bdi(name)
    about = (platform_title(mention.platform, lang), author_of(mention, brand), clock(mention.published_at, lang))
    parts = [*(short(part) for part in about if part), original(mention, lang)]
    return joined([tag("div", excerpt(mention), cls="field"), tag("small", joined(parts, " · "))])


def _step(todo: Todo, lang: str) -> Html:
    action, when = todo.action, first_due(todo, lang)
    notes = [doers(action, lang), _where(action, lang)]
    notes += [word("actions.count", lang, count=todo.incidents)] if todo.incidents > 1 else []
    late = tag("small", word("actions.late", lang, count=todo.late), cls="late") if todo.late else None
    what = [tag("b", action.title.of(lang)), action.case.of(lang), tag("br"), action.why.of(lang), tag("br")]
    return tag(
        "li",
        tag("div", tag("span", when, cls="late" if todo.late else None), late, cls="when"),
        tag("div", *what, tag("small", " · ".join(filter(None, notes)))),
    )


def _where(action: Action, lang: str) -> str | None:
    """The first of several channels: the manager sees where, the tables hold them all."""
    if len(action.channels) > 1:
        return action.channels[0].of(lang) + " …"
    return action.channel.of(lang) if action.channel else None


def _wanted(summary: Summary, lang: str) -> Html:
    named_facts = [
        word("known.wanted_count", lang, fact=fact_whether(name, lang), count=count) for name, count in summary.wanted.most_common(5)
    ]
    return bdi(("、" if lang == "zh" else ", ").join(named_facts))


def _problems(problems: Sequence[Problem], lang: str) -> Html | None:
    if not problems:
        return None
    rest = len(problems) - _PROBLEMS
    lines = [tag("li", bdi(str(problem)[:300])) for problem in problems[:_PROBLEMS]]
    lines += [tag("li", word("known.more", lang, count=rest))] if rest > 0 else []
    return tag("details", tag("summary", word("known.list", lang)), tag("ul", *lines, cls="plain"))
