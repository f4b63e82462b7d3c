"""How values draw themselves in a notebook: small self-contained HTML, every field escaped, at home on light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc.platform import platform_title
from negassoc.playbooks import never_and_waiting
from negassoc.records import Title
from negassoc.report.markup import Html, Mark, Side, bdi, highlighted, is_web, joined, link, tag
from negassoc.report.phrases import (
    about,
    bracketed,
    campaign_words,
    clock,
    doers,
    due_words,
    fact_title,
    fact_whether,
    pair_words,
    percent,
    types_of,
)
from negassoc.report.reasons import Reason, likeliest, marks, quotes, reasons
from negassoc.report.words import word
from negassoc.text.legible import cut

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from negassoc.brand import Brand
    from negassoc.cases import Case, Task
    from negassoc.classify import Classification
    from negassoc.classify.finding import Field
    from negassoc.classify.red_lines import Breach
    from negassoc.mention import Mention
    from negassoc.playbooks import Action, Plan, Refusal
    from negassoc.playbooks.action import Blocked
    from negassoc.report.page import Report
    from negassoc.watch.alerts import Alert
    from negassoc.watch.campaigns import Campaign
    from negassoc.watch.compliance import Checked, SelfCheck
    from negassoc.watch.identity import IdentityReport
    from negassoc.watch.monitor import Monitor, Run

_LIMIT = 600  # characters of a post that a notebook shows
_POSTS = 20
_WANTED = 4
_CARD = (
    "max-width:46rem;border:1px solid rgba(128,128,128,.4);border-left:4px solid {edge};border-radius:6px;padding:.6em .9em;"
    "margin:.3em 0;line-height:1.55;text-align:left;overflow-wrap:anywhere;white-space:normal"
)
_FAINT = "opacity:.72;font-size:.92em"
_TEXT = "margin:.4em 0;white-space:pre-wrap;unicode-bidi:isolate;max-height:22em;overflow:auto"
_CHIP = "display:inline-block;border:1px solid {edge};border-radius:1em;padding:0 .6em;margin:0 .3em .2em 0;font-size:.9em"
# Warm and solid for, cool and dotted against: told apart without colour as well.
_MARKS: dict[Side, str] = {
    "for": 'style="color:inherit;background:rgba(230,110,0,.28);border-bottom:2px solid rgb(213,94,0)"',
    "against": 'style="color:inherit;background:rgba(0,114,178,.20);border-bottom:2px dotted rgb(60,140,200)"',
    "mute": 'style="color:inherit;background:none;border-bottom:1px dashed rgba(128,128,128,.9)"',
}
_SIGNS: dict[Side, Title] = {"for": Title("＋", "+"), "against": Title("－", "-")}
_GRADES = {"P0": "#a3261f", "P1": "#d55e00", "P2": "#d99a3d", "P3": "#8a8f98"}
_EDGES = {
    "own_violation": "#a15c9e",
    "malicious_attack": "#d55e00",
    "customer_complaint": "#2b7bba",
    "algorithm_misjudgment": "#009e73",
    "none": "#8a8f98",
    "undetermined": "#8a8f98",
}


def brand_html(brand: Brand, *, lang: str = "zh") -> str:
    """The brand and what is known of it."""
    entity = brand.legal_entity
    known = (
        ("aliases", "、".join(brand.aliases)),
        ("products", "、".join(brand.products)),
        ("competitors", "、".join(brand.competitors)),
        (
            "accounts",
            "、".join(f"{a.nickname or a.id or '?'}{bracketed(platform_title(a.platform, lang), lang)}" for a in brand.official_accounts),
        ),
        ("entity", " · ".join(filter(None, (entity.name, entity.uscc))) if entity else None),
        ("industry", brand.industry),
        ("city", brand.city),
        ("not_this_brand", "、".join(brand.not_this_brand)),
    )
    return _card(_head(brand.name, word("brand", lang)), _pairs((word(key, lang), value) for key, value in known))


def mention_html(mention: Mention, *, lang: str = "zh") -> str:
    """What was said, by whom, where and when."""
    return _card(_said(mention, None, lang))


def classification_html(verdict: Classification, *, lang: str = "zh") -> str:
    """The verdict, the text with its reasons highlighted, the strongest reasons for and against, and what to find out."""
    return _card(
        _verdict_line(verdict, lang),
        _said(verdict.mention, verdict, lang),
        _reasons(verdict, lang),
        _facts(verdict, lang),
        _wanted(verdict.wanted, lang),
        edge=_EDGES[likeliest(verdict)],
    )


def plan_html(plan: Plan, *, lang: str = "zh") -> str:
    """The steps in order, what is refused and why, and what to find out first."""
    head = _head(
        f"{word('plan', lang)} · {plan.brand.name}",
        f"{types_of(plan.type, plan.also, lang)} · {platform_title(plan.platform, lang)} · {plan.grade}",
    )
    steps = tag(
        "ol", *(tag("li", action_html(action, plan.now, lang), style="margin:.5em 0") for action in plan), style="padding-left:1.6em"
    )
    return _card(head, _wanted(plan.first_find_out, lang), steps, _blocked(plan.blocked, lang), edge=_EDGES[plan.type])


def action_html(action: Action, now: dt.datetime, lang: str) -> Html:
    """One step: the title and by when, then who, where and with what; failure, basis and limits unfold."""
    folded = _pairs((
        (word("if_failed", lang), action.if_failed.of(lang)),
        (word("basis", lang), "；".join(action.basis_en if lang == "en" and action.basis_en else action.basis)),
        (word("never", lang), "；".join(title.of(lang) for title in action.never)),
    ))  # fmt: skip
    shown = _pairs((
        (word("role", lang), doers(action, lang)),
        (word("channel", lang), action.channel.of(lang) if action.channel else None),
        (word("materials", lang), "、".join(title.of(lang) for title in action.materials)),
        (word("done_when", lang), action.done_when.of(lang)),
    ))  # fmt: skip
    return joined([
        _titled(action, lang), " ", tag("span", due_words(action, now, lang), style=_FAINT, title=action.due_basis.of(lang)),
        tag("div", action.why.of(lang), style=_FAINT), shown,
        tag("details", tag("summary", word("step_more", lang), style="cursor:pointer;opacity:.7"), folded) if folded else None,
    ])  # fmt: skip


def _titled(action: Action, lang: str) -> Html:
    return joined([tag("b", action.title.of(lang)), action.case.of(lang)])


def _card(*children: Html | None, edge: str = "rgba(128,128,128,.6)") -> str:
    return str(tag("div", *children, style=_CARD.format(edge=edge)))


def _head(title: str, small: str) -> Html:
    return tag("div", tag("b", bdi(title), style="font-size:1.08em"), " ", tag("span", bdi(small), style=_FAINT))


def _pairs(pairs: Iterable[tuple[str, str | None]]) -> Html | None:
    rows = [tag("div", tag("span", key, style=_FAINT), "　", bdi(value)) for key, value in pairs if value]
    return tag("div", *rows) if rows else None


def _verdict_line(verdict: Classification, lang: str) -> Html:
    negative = verdict.type.value != "none"
    chips = [
        verdict.grade.value if verdict.grade else None,
        word("suspected" if verdict.suspected else "decided", lang) if negative else None,
        word("likely", lang, percent=percent(verdict.probability)),
        word("cautious", lang) if verdict.cautious else None,
        None if likeliest(verdict) == verdict.type else word("leans", lang, type=likeliest(verdict).words.of(lang)),
        word("also", lang, types="、".join(t.words.of(lang) for t in verdict.also)) if verdict.also else None,
    ]
    edge = _EDGES[likeliest(verdict)]
    title = tag("b", verdict.type.words.of(lang), style="font-size:1.08em;margin-right:.5em")
    return tag("div", title, *(tag("span", chip, style=_CHIP.format(edge=edge)) for chip in chips if chip))


def _said(mention: Mention, verdict: Classification | None, lang: str) -> Html:
    parts: list[Html] = [bdi(part) for part in about(mention, lang)]
    parts += [link(mention.url, word("original", lang), style="color:inherit")] if mention.url and is_web(mention.url) else []
    thread = cut(mention.thread, 120)
    return tag(
        "div",
        tag("div", bdi(word("under", lang, title=thread)), style=_FAINT) if thread else None,
        tag("div", tag("b", _field(mention.title, "title", verdict, lang)), style="unicode-bidi:isolate") if mention.title else None,
        tag("div", _field(mention.text, "text", verdict, lang), style=_TEXT) if mention.text else None,
        tag("div", joined(parts, " · "), style=_FAINT),
    )


def _field(text: str, field: Field, verdict: Classification | None, lang: str) -> Html:
    body = highlighted(text, marks(verdict, field, lang) if verdict else (), _MARKS, limit=_LIMIT)
    return joined([body, word("characters", lang, count=f"{len(text):,}") if len(text) > _LIMIT else None])


def _reasons(verdict: Classification, lang: str, limit: int = 6) -> Html | None:
    found = reasons(verdict)
    rest = len(found) - limit
    more = tag("div", word("more_reasons", lang, count=rest), style=_FAINT) if rest > 0 else None
    return tag("div", *(_reason(reason, verdict, lang) for reason in found[:limit]), more) if found else None


def _reason(reason: Reason, verdict: Classification, lang: str) -> Html:
    side = word(reason.side, lang)
    colour = "rgb(213,94,0)" if reason.side == "for" else "rgb(60,140,200)"
    quoted = "".join(f"「{quote[:40]}」" for quote in quotes(reason.finding, verdict))
    weight = tag(
        "span",
        f"{_SIGNS[reason.side].of(lang)}{abs(reason.support):.2f} {side}",
        style=f"color:{colour};display:inline-block;min-width:6.5em",
    )
    return tag("div", weight, reason.finding.title.of(lang), " ", bdi(quoted, style=_FAINT))


def _facts(verdict: Classification, lang: str) -> Html | None:
    known = [f"{fact_title(name, lang)}：{word('yes' if value else 'no', lang)}" for name, value in verdict.facts.stated().items()]
    return _pairs([(word("facts", lang), "、".join(known))])


def _wanted(names: Sequence[str], lang: str) -> Html | None:
    first, rest = list(names)[:_WANTED], list(names)[_WANTED:]
    return _pairs([(word("find_out", lang), "、".join(fact_whether(name, lang) for name in first) + (" …" if rest else ""))])


def _blocked(blocked: Iterable[Blocked], lang: str) -> Html | None:
    never, waiting = never_and_waiting(blocked)
    lists = (("waiting.title", waiting), ("never.title", never))
    return joined(
        [tag("div", tag("b", word(key, lang)), tag("ul", *(_refusal(one, lang) for one in found))) for key, found in lists if found]
    )


def _refusal(one: Refusal, lang: str) -> Html:
    name = one.named(lang)
    lacking = tag("div", word("until", lang, what=one.lacking(lang))) if one.missing else None
    instead = tag("div", word("instead", lang, what=one.instead.of(lang)), style=_FAINT)
    return tag("li", tag("b", name) if one.missing else tag("s", name), " ", one.reason.of(lang), lacking, instead)


def campaign_html(campaign: Campaign, *, lang: str = "zh") -> str:
    """A suspected coordination: how many posts by how many accounts, and the pairs that prove it."""
    shown = sorted(campaign.proof, key=lambda pair: -pair.similarity)[:8]
    pairs = [tag("li", bdi(pair.a), " ↔ ", bdi(pair.b), " ", tag("span", pair_words(pair, lang), style=_FAINT)) for pair in shown]
    rest = len(campaign.proof) - len(shown)
    more = tag("div", word("more_pairs", lang, count=rest), style=_FAINT) if rest > 0 else None
    head = _head(f"{word('campaign', lang)} · {campaign.brand}", campaign_words(campaign, lang))
    return _card(head, tag("div", bdi(campaign.why.of(lang))), tag("ul", *pairs), more, edge=_EDGES["malicious_attack"])


def case_html(case: Case, *, lang: str = "zh") -> str:
    """Where a case stands: its stage, each step with its state and deadline, and the last lines of its log."""
    plan = case.plan
    small = f"{types_of(plan.type, plan.also, lang)} · {plan.grade} · {case.stage.words.of(lang)}"
    steps = tag("ol", *(_task(task, lang) for task in case), style="padding-left:1.6em")
    log = tag("div", *(tag("div", bdi(str(entry))) for entry in case.log[-3:]), style=_FAINT)
    return _card(_head(f"{word('case', lang)} {case.id} · {plan.brand.name}", small), steps, log, edge=_EDGES[plan.type])


def _task(task: Task, lang: str) -> Html:
    notes = (doers(task.action, lang), clock(task.deadline_at, lang) if task.deadline_at else None, task.why)
    state = tag("span", task.state.words.of(lang), style=_CHIP.format(edge="rgba(128,128,128,.6)"))
    about = tag("span", bdi(" · ".join(filter(None, notes))), style=_FAINT)
    return tag("li", state, _titled(task.action, lang), " ", about)


def alert_html(alert: Alert, *, lang: str = "zh") -> str:
    """An alert: what happened, which figure passed which limit, and the quotes it carries (people are masked in them)."""
    head = _head(alert.title.of(lang), " · ".join((alert.threshold, clock(alert.at, lang))))
    return _card(head, tag("div", bdi(alert.why.of(lang))), tag("div", alert.text.of(lang), style=_TEXT), edge=_GRADES[alert.grade])


def monitor_html(monitor: Monitor, *, lang: str = "zh") -> str:
    """What a monitor watches: brands, feeds, thresholds, and who is told."""
    known = (
        ("brand", "、".join(brand.name for brand in monitor.brands)),
        ("feeds", "、".join(feed.name for feed in monitor.feeds)),
        ("thresholds", "；".join(threshold.title.of(lang) if threshold.title else threshold.id for threshold in monitor.thresholds)),
        ("notifiers", "、".join(monitor.notifiers) or word("nobody", lang)),
    )
    return _card(_head(word("monitor", lang), ""), _pairs((word(key, lang), value) for key, value in known))


def run_html(run: Run, *, lang: str = "zh") -> str:
    """What one run did, the alerts it raised and what went wrong."""
    counted = (("seen", run.seen), ("new", run.new), ("edited", run.edited), ("not_seen", run.not_seen), ("negative", run.negative))
    line = " · ".join(f"{word('run.' + key, lang)} {count:,}" for key, count in counted)
    stopped = word("run.interrupted", lang) if run.interrupted else ""
    alerts = [Html(alert_html(alert, lang=lang)) for alert in run.alerts]
    problems = [tag("li", bdi(str(problem)[:300])) for problem in run.problems[:8]]
    head = _head(word("run", lang), " · ".join(filter(None, (clock(run.ended_at, lang), stopped))))
    return _card(head, tag("div", line), *alerts, tag("ul", *problems) if problems else None)


def identity_html(report: IdentityReport, *, lang: str = "zh") -> str:
    """Two parties side by side: the honest answer first, then field by field, then what to check."""
    cell = "padding:.15em .8em .15em 0;text-align:left;vertical-align:top;border-bottom:1px solid rgba(128,128,128,.3)"
    heads = tag("tr", *(tag("th", word(f"identity.{key}", lang), style=cell) for key in ("field", "ours", "theirs", "result", "remark")))
    lines = [
        (each.title.of(lang), each.ours, each.theirs, word(f"identity.{each.agreement}", lang), each.remark.of(lang) if each.remark else "")
        for each in report.fields
    ]
    rows = [tag("tr", *(tag("td", bdi(value), style=cell) for value in line)) for line in lines]
    warnings = tag("ul", *(tag("li", bdi(title.of(lang))) for title in report.warnings)) if report.warnings else None
    table = tag("div", tag("table", heads, *rows, style="border-collapse:collapse"), style="overflow-x:auto")
    return _card(_head(word("identity", lang), ""), tag("div", bdi(report.answer.of(lang))), table, warnings)


def self_check_html(check: SelfCheck, *, lang: str = "zh") -> str:
    """What a self-check found: the summary, then each post with the words that cross a red line, why, and how to say it instead."""
    shown = [_checked(post, lang) for post in check.posts[:_POSTS]]
    rest = len(check.posts) - len(shown)
    more = tag("div", word("self_check.rest", lang, count=rest), style=_FAINT) if rest > 0 else None
    return _card(_head(f"{word('self_check', lang)} · {check.brand.name}", ""), tag("div", bdi(check.summary(lang))), *shown, more)


def _checked(post: Checked, lang: str) -> Html:
    mention = post.mention
    return tag(
        "div",
        tag("div", tag("b", _crossed(mention.title, "title", post, lang))) if mention.title else None,
        tag("div", _crossed(mention.text, "text", post, lang), style=_TEXT) if mention.text else None,
        *(_breach(breach, lang) for breach in post.breaches),
        style="border-top:1px solid rgba(128,128,128,.3);margin-top:.5em;padding-top:.5em",
    )


def _crossed(text: str, field: Field, post: Checked, lang: str) -> Html:
    here = [breach for breach in post.breaches if breach.span.field == field]
    spans = [Mark(breach.span.start, breach.span.end, "for", breach.red_line.title.of(lang)) for breach in here]
    return highlighted(text, spans, _MARKS, limit=_LIMIT)


def _breach(breach: Breach, lang: str) -> Html:
    line = breach.red_line
    instead = tag("div", word("instead", lang, what=line.instead.of(lang)), style=_FAINT)
    return tag("div", tag("b", bdi(f"「{breach.quote[:40]}」")), " ", line.reason.of(lang), instead)


def report_html(report: Report) -> str:
    """The whole page in a frame of its own, in which nothing can run and nothing can be sent."""
    return str(
        tag(
            "iframe",
            srcdoc=report.to_html(), sandbox="allow-popups", title=report.title,
            style="width:100%;height:42em;border:1px solid rgba(128,128,128,.4);border-radius:6px",
        )
    )  # fmt: skip
