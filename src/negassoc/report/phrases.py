"""What is said of values in a few words, the same on the page, in a notebook and in Markdown."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from negassoc.facts import fact_definitions
from negassoc.platform import platform_title
from negassoc.records import Title
from negassoc.report.words import named, word
from negassoc.text import load_lexicons
from negassoc.text.legible import cut
from negassoc.times import BEIJING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from negassoc.classify import AssociationType
    from negassoc.mention import Mention
    from negassoc.playbooks import Action, Plan
    from negassoc.report.todo import Todo
    from negassoc.watch.campaigns import Campaign, Pair


def due_words(action: Action, now: dt.datetime, lang: str) -> str:
    """By when an action is due, in Beijing time; what it depends on where no time is known yet."""
    if action.due_at is None:
        return action.due_basis.of(lang)
    if action.due_at < now:
        return word("overdue", lang, time=clock(action.due_at, lang))
    return word("due", lang, time=_kept(action.due_at, action.on_duty, lang))


def first_due(todo: Todo, lang: str) -> str:
    """The earliest deadline of a step, and whether somebody must be on duty for it; what it depends on where no time is known yet."""
    return _kept(todo.first_at, todo.on_duty, lang) if todo.first_at else todo.action.due_basis.of(lang)


def _kept(at: dt.datetime, on_duty: bool, lang: str) -> str:
    return clock(at, lang) + (bracketed(word("actions.duty", lang), lang) if on_duty else "")


def doers(action: Action, lang: str) -> str:
    """Who does it, and who helps, in words."""
    named_by_plan = [title.of(lang) for title in (action.role_title, *action.helper_titles) if title]
    return ("、" if lang == "zh" else ", ").join(named_by_plan) if action.role_title else roles(action.role, lang)


def roles(role: str, lang: str) -> str:
    """Roles in words: `"CS+LEG"` is 客服、法务."""
    return ("、" if lang == "zh" else ", ").join(named("role", part.strip(), lang) for part in role.split("+"))


def bracketed(words: str, lang: str) -> str:
    """Words in brackets behind others, as each language sets them.

    >>> bracketed("GR-01", "zh"), bracketed("GR-01", "en")
    ('（GR-01）', ' (GR-01)')
    """
    return f"（{words}）" if lang == "zh" else f" ({words})"


def clock(moment: dt.datetime | None, lang: str) -> str:
    """A time as people here read it: Beijing time, to the minute."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if moment else word("unknown_time", lang)


def percent(share: float) -> str:
    """A share as whole per cent, never a false 0 % or 100 %."""
    if 0 < share < 0.01 or 0.99 < share < 1:
        return "<1%" if share < 0.5 else ">99%"
    return f"{share:.0%}"


def about(mention: Mention, lang: str, *, nickname: str | None = None) -> list[str]:
    """Where, what, by whom and when, and how much it was noticed; `nickname` is shown in place of the author's own."""
    author, counts = mention.author, mention.engagement
    name = nickname or author.nickname
    parts = [
        platform_title(mention.platform, lang),
        mention.kind.words.of(lang),
        f"{word('author', lang)} {name}" if name else None,
    ]
    parts += [word("followers", lang, count=author.followers)] if author.followers is not None else []
    parts += [
        mention.ip_location,
        clock(mention.published_at, lang) if mention.published_at else mention.published_raw or word("unknown_time", lang),
    ]
    parts += [
        f"{word(key, lang)} {count}"
        for key in ("likes", "comments", "collects", "shares", "views")
        if (count := getattr(counts, key)) is not None
    ]
    return [cut(part, 80) for part in parts if part]


def campaign_words(campaign: Campaign, lang: str) -> str:
    """How many posts by how many accounts, from when to when."""
    first, last = clock(campaign.first_at, lang), clock(campaign.last_at, lang)
    return word("campaign_facts", lang, posts=len(campaign.mentions), accounts=len(campaign.accounts), first=first, last=last)


def pair_words(pair: Pair, lang: str) -> str:
    """What ties two posts together: the kind of proof, how alike they are, how far apart in time."""
    alike = word("pair", lang, similarity=f"{pair.similarity:.0%}", gap=gap_words(pair.gap_s, lang))
    return f"{named('pair', pair.kind, lang)} · {alike}"


def gap_words(seconds: float | None, lang: str) -> str:
    """A time between two posts in the unit that people would use.

    >>> gap_words(7200, "en"), gap_words(None, "en")
    ('2 h', 'an unknown time')
    """
    if seconds is None:
        return word("unknown_gap", lang)
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= size * 1.5:
            return word(unit, lang, count=round(seconds / size))
    return word("seconds", lang, count=round(seconds))


def fact_title(name: str, lang: str) -> str:
    """The fact's name for people; the name itself where there is no such fact."""
    definition = fact_definitions().get(name)
    return definition.title.of(lang) if definition else name


def fact_whether(name: str, lang: str) -> str:
    """The fact as it is asked for while nobody knows it; the name itself where there is no such fact."""
    definition = fact_definitions().get(name)
    return definition.whether.of(lang) if definition else name


def types_of(kind: AssociationType, also: Iterable[AssociationType], lang: str) -> str:
    """The types that hold, the first to act on first."""
    return " + ".join(each.words.of(lang) for each in (kind, *also))


def facet_title(name: str, lang: str) -> str:
    """What a mention is about, for people: the title of its lexicon; the name itself where there is none.

    >>> facet_title("refund", "zh"), facet_title("shipping", "en")
    ('退款售后', 'shipping')
    """
    title = _lexicon_titles().get(name)
    return title.of(lang) if title else name


def subject(plan: Plan, lang: str, shown: int) -> str:
    """What a plan is about, by which one tells it from others of its type: the subject, how many mentions, the ids of the first."""
    many = len(plan.mentions)
    count = f"{many} 条" if lang == "zh" else f"{many} mention{'s' if many > 1 else ''}"
    ids = (", ".join(plan.mentions[:shown]) + (" …" if many > shown else "")) if many else None
    return " · ".join(filter(None, (facet_title(plan.about, lang) if plan.about else None, count if many else None, ids)))


@functools.cache
def _lexicon_titles() -> Mapping[str, Title]:
    # danger is told by what happens (it smokes, it bursts), which a rule knows and no list of words
    return {lexicon.id: lexicon.title for lexicon in load_lexicons()} | {"safety": Title("安全隐患", "danger")}
