"""The sections of the page, each from the summary and the values behind it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from negassoc.classify import FOUR_TYPES, AssociationType, Classification
from negassoc.platform import platform_title
from negassoc.report.charts import Bar, Part, columns, rows
from negassoc.report.markup import Html, Side, bdi, highlighted, is_web, joined, link, tag
from negassoc.report.phrases import about, clock, facet_title, fact_whether, percent
from negassoc.report.reasons import likeliest, marks, quotes, reasons
from negassoc.report.summary import SHOWN_TYPES
from negassoc.report.words import word
from negassoc.text.legible import cut, masked, starred

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negassoc.brand import Brand
    from negassoc.classify.finding import Field
    from negassoc.mention import Mention
    from negassoc.report.summary import Bucket, Post, Summary
    from negassoc.report.todo import Todo

_MARKS: dict[Side, str] = {"for": 'class="for"', "against": 'class="against"', "mute": 'class="mute"'}
_TEXT_LIMIT, _THREAD_LIMIT = 320, 60
MOSTLY = 3
"""How many of the commonest reasons are told of a type."""


def headline(summary: Summary, brand: Brand, lang: str) -> tuple[str, str]:
    """What a manager reads first: how much and of which type; then how sure that is, and how the week compares."""
    if not summary.total:
        return word("head.empty", lang), ""
    if not summary.negative:
        return word("head.nothing", lang, total=f"{summary.total:,}", brand=brand.name), _undetermined(summary, lang)
    types = "、" if lang == "zh" else ", "
    listed = types.join(word("head.type", lang, type=kind.words.of(lang), count=summary.types[kind]) for kind in _by_count(summary))
    some = word(
        "head.some", lang, total=f"{summary.total:,}", negative=f"{summary.negative:,}", brand=brand.name,
        share=percent(summary.negative / summary.total), types=listed,
    )  # fmt: skip
    change = word("head.change", lang, now=summary.weeks[0], before=summary.weeks[1]) if summary.weeks else ""
    return some, ("" if lang == "zh" else " ").join(filter(None, (_certainty(summary, lang), _undetermined(summary, lang), change)))


def next_due(todos: Sequence[Todo], lang: str) -> str | None:
    """How many actions are open, how many of them late, and which deadline comes next."""
    if not todos:
        return None
    late = sum(todo.late > 0 for todo in todos)
    coming = min((at for todo in todos for at in todo.coming), default=None)
    parts = [word("head.actions", lang, count=len(todos))]
    parts += [word("head.overdue", lang, count=late)] if late else []
    parts += [word("head.next", lang, time=clock(coming, lang))] if coming else []
    return "".join(parts) + word("head.stop", lang)


def why_cards(summary: Summary, lang: str) -> Html:
    """A card a type that occurs: how many, how sure, and the reasons met most often."""
    groups = dict[AssociationType, list[Classification]]()
    for verdict in summary.shown:
        groups.setdefault(verdict.type, []).append(verdict)
    shown = [*_by_count(summary), *([AssociationType.UNDETERMINED] if summary.types[AssociationType.UNDETERMINED] else [])]
    return tag("div", *(_why_card(kind, groups[kind], lang) for kind in shown), cls="grid")


def trend(summary: Summary, lang: str) -> Html:
    """Stacked columns over time in a wide and a narrow form, their legend, and the figures as a table."""
    if not any(bucket.counts for bucket in summary.trend):
        return tag("p", word("trend.none", lang), cls="faint")
    name = word(f"trend.{summary.step}", lang)
    bars = [_bar(bucket, summary.step, lang) for bucket in summary.trend]
    undated = word("trend.undated", lang, count=summary.undated) if summary.undated else None
    return tag(
        "div",
        tag("p", name, cls="faint"), _legend(summary, lang),
        columns(bars, width=1060, height=250, name=name, cls="wide"), columns(bars, width=348, height=230, name=name, cls="narrow"),
        tag("p", undated, cls="faint") if undated else None,
        tag("details", tag("summary", word("trend.table", lang)), _figures(summary, bars, lang)),
        cls="card",
    )  # fmt: skip


def make_up(summary: Summary, lang: str) -> Html:
    """Bars by type, grade, platform and subject."""
    kinds = [kind for kind in SHOWN_TYPES if summary.types[kind]]
    types = [Bar(kind.words.of(lang), (Part(kind.value, summary.types[kind], ""),)) for kind in kinds]
    grades = [Bar(grade, (Part(grade, summary.grades[grade], ""),)) for grade in ("P0", "P1", "P2", "P3")]
    places = [_place(platform, counts, lang) for platform, counts in list(summary.platforms.items())[:8]]
    facets = [Bar(facet_title(facet, lang), (Part("plain", count, ""),)) for facet, count in summary.facets.most_common(8)]
    charts = (("split.type", types), ("split.grade", grades), ("split.platform", places), ("split.facet", facets))
    return tag("div", *(_split(word(key, lang), bars) for key, bars in charts if bars), cls="grid wide")


def posts(shown: Sequence[Post], brand: Brand, lang: str) -> Html:
    """The posts to look at first, with highlighted reasons and masked people."""
    return joined(_post(post, brand, lang) for post in shown)


def excerpt(mention: Mention, limit: int = 90) -> str:
    """The first words of a post with people masked."""
    said = " ".join(f"{mention.title or ''} {mention.text}".split())
    return masked(said[: 4 * limit], [mention.author.nickname, *mention.at])[:limit] + ("…" if len(said) > limit else "")


def stands_under(mention: Mention, lang: str) -> str | None:
    """Under which post a comment stands, which alone says what it is about; None for what stands by itself."""
    title = masked((mention.thread_title or "")[: 4 * _THREAD_LIMIT], [mention.author.nickname, *mention.at])
    return word("under", lang, title=cut(title, _THREAD_LIMIT)) if title else None


def author_of(mention: Mention, brand: Brand) -> str | None:
    """The author as a report shows them: the brand's own account by name, anybody else by the first character."""
    nickname = mention.author.nickname
    return nickname if nickname is None or brand.owns(mention.platform, mention.author) else starred(nickname[:12])


def original(mention: Mention, lang: str) -> Html | None:
    """A link to the post, where there is an address that is one."""
    return link(mention.url, word("original", lang)) if mention.url and is_web(mention.url) else None


def short(part: str) -> Html:
    """One of several short particulars on a line: kept together unless it is too long for a phone."""
    return bdi(part, cls="nb" if len(part) <= 20 else None)


def because(group: Sequence[Classification], lang: str) -> Counter[str]:
    """The reasons met in these verdicts, and in how many; words that a rule knows before mere wording."""
    found = [(reason.finding.title.of(lang), reason.tells) for v in group for reason in reasons(v)[:4] if reason.support > 0]
    return Counter(title for title, tells in found if tells) or Counter(title for title, _ in found)


def _by_count(summary: Summary) -> list[AssociationType]:
    return sorted((kind for kind in FOUR_TYPES if summary.types[kind]), key=lambda kind: -summary.types[kind])


def _certainty(summary: Summary, lang: str) -> str:
    if not summary.suspected:
        return word("head.all_decided", lang)
    if summary.suspected == summary.negative:
        return word("head.all_suspected", lang)
    return word("head.certain", lang, decided=f"{summary.negative - summary.suspected:,}", suspected=f"{summary.suspected:,}")


def _undetermined(summary: Summary, lang: str) -> str:
    count = summary.types[AssociationType.UNDETERMINED]
    return word("head.undetermined", lang, count=f"{count:,}") if count else ""


def _why_card(kind: AssociationType, group: Sequence[Classification], lang: str) -> Html:
    decided = sum(not verdict.suspected for verdict in group)
    split = word("why.split", lang, decided=decided, suspected=len(group) - decided) if kind.negative else None
    facets = Counter(facet_title(facet, lang) for v in group for facet in v.facets)
    wanted = Counter(fact_whether(name, lang) for v in group for name in v.wanted if v.suspected)
    return tag(
        "section",
        tag("h3", kind.words.of(lang)),
        tag("div", f"{len(group):,}", cls="number"), tag("div", split, cls="split") if split else None,
        _most("why.mostly", because(group, lang), MOSTLY, lang), _most("why.about", facets, 3, lang),
        _most("why.wanted", wanted, 2, lang),
        cls=f"card type {kind.value}",
    )  # fmt: skip


def _most(key: str, counted: Counter[str], limit: int, lang: str) -> Html | None:
    if not counted:
        return None
    listed = [joined([bdi(name), tag("small", f" {count}")]) for name, count in counted.most_common(limit)]
    return tag("p", tag("small", word(key, lang)), tag("br"), joined(listed, "、" if lang == "zh" else ", "))


def _bar(bucket: Bucket, step: str, lang: str) -> Bar:
    label = f"{bucket.start:%Y-%m}" if step == "month" else f"{bucket.start.month}/{bucket.start.day}"
    parts = tuple(Part(kind.value, bucket.counts[kind], kind.words.of(lang)) for kind in SHOWN_TYPES)
    told = "，".join(f"{part.name} {part.size}" for part in parts if part.size)
    return Bar(label, parts, f"{bucket.start.isoformat()} {told}")


def _legend(summary: Summary, lang: str) -> Html:
    kinds = [kind for kind in SHOWN_TYPES if summary.types[kind]]
    return tag("ul", *(tag("li", tag("i"), kind.words.of(lang), cls=kind.value) for kind in kinds), cls="legend")


def _figures(summary: Summary, bars: Sequence[Bar], lang: str) -> Html:
    kinds = [kind for kind in SHOWN_TYPES if summary.types[kind]]
    head = tag("tr", tag("th", word("date", lang)), *(tag("th", kind.words.of(lang)) for kind in kinds), tag("th", word("sum", lang)))
    lines = [
        tag("tr", tag("td", bucket.start.isoformat()), *(tag("td", str(bucket.counts[kind])) for kind in kinds), tag("td", str(bar.size)))
        for bucket, bar in zip(summary.trend, bars, strict=True)
        if bar.size
    ]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *lines)), cls="scroll")


def _place(platform: str | None, counts: Counter[AssociationType], lang: str) -> Bar:
    return Bar(platform_title(platform, lang), tuple(Part(kind.value, counts[kind], kind.words.of(lang)) for kind in SHOWN_TYPES))


def _split(name: str, bars: Sequence[Bar]) -> Html:
    return tag("section", tag("h3", name), rows(bars, name=name), cls="card")


def _post(post: Post, brand: Brand, lang: str) -> Html:
    verdict, mention = post.verdict, post.verdict.mention
    meta = [short(part) for part in about(mention, lang, nickname=author_of(mention, brand))]
    return tag(
        "article",
        _chips(post, lang),
        tag("small", bdi(under)) if (under := stands_under(mention, lang)) else None,
        tag("h3", _marked(verdict, "title", lang), cls="field") if mention.title else None,
        tag("div", _marked(verdict, "text", lang), cls="text") if mention.text else None,
        tag("small", joined([*meta, original(mention, lang)], " · ")),
        _why_list(verdict, lang),
        cls=f"card post {likeliest(verdict).value}",
    )  # fmt: skip


def _chips(post: Post, lang: str) -> Html:
    verdict = post.verdict
    chips = [
        tag("b", verdict.type.words.of(lang)),
        tag("span", verdict.grade.value, cls="chip grave" if verdict.grade in {"P0", "P1"} else "chip") if verdict.grade else None,
        tag("span", word("suspected" if verdict.suspected else "decided", lang), cls="chip"),
        tag("span", word("likely", lang, percent=percent(verdict.probability)), cls="chip"),
        tag("span", word("cautious", lang), cls="chip") if verdict.cautious else None,
        None
        if likeliest(verdict) is verdict.type
        else tag("span", word("leans", lang, type=likeliest(verdict).words.of(lang)), cls="chip"),
        tag("span", word("posts.same", lang, count=post.same), cls="chip") if post.same else None,
    ]
    return tag("div", *chips, cls="chips")


def _marked(verdict: Classification, field: Field, lang: str) -> Html:
    mention = verdict.mention
    text = masked((mention.title if field == "title" else mention.text) or "", [mention.author.nickname, *mention.at])
    more = word("characters", lang, count=f"{len(text):,}") if len(text) > _TEXT_LIMIT else None
    return joined([highlighted(text, marks(verdict, field, lang), _MARKS, limit=_TEXT_LIMIT), more])


def _why_list(verdict: Classification, lang: str) -> Html:
    items = []
    for reason in reasons(verdict)[:4]:
        quoted = "".join(f"「{quote[:24]}」" for quote in quotes(reason.finding, verdict))
        items.append(
            tag(
                "li",
                tag("span", word(reason.side, lang), cls="sign"),
                reason.finding.title.of(lang),
                " ",
                bdi(masked(quoted), cls="faint"),
                cls=reason.side,
            )
        )
    return tag("ul", *items, cls="reasons")
