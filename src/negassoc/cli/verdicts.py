"""Verdicts on a terminal: texts with their reasons highlighted, a summary, one text explained, how good the verdicts are."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from negassoc.classify import AssociationType, Grade
from negassoc.classify.explain import how_sure
from negassoc.cli.drawing import either, heading, plain_table, pointed, shown, shown_time
from negassoc.cli.folding import Folded
from negassoc.facts import fact_definitions
from negassoc.platform import platform_title
from negassoc.records import Title
from negassoc.report.reasons import marks
from negassoc.text import ALIKE
from negassoc.text.legible import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console
    from rich.table import Table

    from negassoc.classify import Classification, RuleSet
    from negassoc.classify.evaluate import Evaluation
    from negassoc.classify.finding import Field
    from negassoc.mention import Mention

EXCERPT = 110
"""Characters of a text shown in a table."""
_LIKE_NAMES = 8
"""How many names like the brand's are listed."""

ORDER = (
    AssociationType.CUSTOMER_COMPLAINT,
    AssociationType.OWN_VIOLATION,
    AssociationType.MALICIOUS_ATTACK,
    AssociationType.ALGORITHM_MISJUDGMENT,
    AssociationType.UNDETERMINED,
    AssociationType.NONE,
)
"""The order in which people read the types: customers first."""

_STYLES = {"for": "bold black on yellow", "against": "black on cyan", "other": "underline", "mute": "dim underline"}
_GRADES = {Grade.P0: "bold white on red", Grade.P1: "bold red", Grade.P2: "yellow", Grade.P3: "green"}
_SIGN = re.compile(r"^[＋+－-](?= )", re.MULTILINE)
_SPEAKS_FOR = {
    **dict.fromkeys("＋+", Title("说明无事 ·", "speaks for harmless ·")),
    **dict.fromkeys("－-", Title("像是负面 ·", "speaks for negative ·")),
}


def show_verdicts(screen: Console, verdicts: Sequence[Classification], lang: str) -> None:
    """The verdicts, a table a type, the gravest first within each."""
    for kind in ORDER:
        if some := by_gravity(verdicts, kind):
            heading(screen, f"{kind.words.of(lang)} · {either(lang, f'{len(some)} 条', str(len(some)))}")
            table = verdict_table(lang)
            for verdict in some:
                table.add_row(*verdict_row(verdict, lang))
                table.add_row()
            screen.print(table)


def by_gravity(verdicts: Iterable[Classification], kind: AssociationType) -> list[Classification]:
    """Those of one type, the gravest and surest first."""
    return sorted((v for v in verdicts if v.type is kind), key=gravity)


def gravity(verdict: Classification) -> tuple[str, float]:
    """What puts the gravest and surest first."""
    return verdict.grade or "P9", -verdict.probability


def verdict_table(lang: str) -> Table:
    """An empty table of verdicts."""
    table = plain_table()
    table.add_column(either(lang, "等级", "grade"), width=5)
    table.add_column(either(lang, "出处", "where"), width=15)
    table.add_column(either(lang, "原文（标亮处是依据）", "what was said (reasons highlighted)"), ratio=5)
    table.add_column(either(lang, "为什么", "why"), ratio=4)
    return table


def verdict_row(verdict: Classification, lang: str) -> tuple[Text | Folded, ...]:
    """One verdict with its strongest reasons, cell by cell."""
    why = reasons(verdict, lang, 3)
    if verdict.grade is Grade.P0 or verdict.grade is Grade.P1:
        grounds = either(lang, "；", "; ").join(ground.of(lang) for ground in verdict.grade_reasons)
        why.append(f"\n{verdict.grade.value}{either(lang, '：', ': ')}{grounds}", style="dim")
    cells = (place(verdict.mention, lang), quoted(verdict, lang), why)
    return grade_mark(verdict.grade), *map(Folded, cells)


def show_summary(screen: Console, counts: Counter[tuple[AssociationType, Grade | None]], lang: str) -> None:
    """How many of each type and grade."""
    heading(screen, either(lang, f"汇总 · 共 {counts.total()} 条提及", f"Summary · {counts.total()} mentions"))
    table = plain_table()
    table.add_column(either(lang, "类型", "type"))
    for grade in Grade:
        table.add_column(grade.value, justify="right", width=5)
    table.add_column(either(lang, "合计", "total"), justify="right")
    for kind in ORDER:
        row = [counts[kind, grade] for grade in Grade]
        total = sum(n for (said, _), n in counts.items() if said is kind)
        table.add_row(kind.words.of(lang), *(str(n or "") for n in row), str(total))
    screen.print(table)


def show_like_names(screen: Console, verdicts: Iterable[Classification], rules: RuleSet, lang: str) -> None:
    """Names that sound or look like the brand's, as they stand in what is negative: who knows that they are others' can say so once."""
    asking = frozenset(f"rule:{rule}" for rule in rules.asking(*ALIKE))
    names = Counter(name for verdict in verdicts for name in _standing(verdict, asking))
    if not names:
        return
    listed = [either(lang, f"「{name}」{count} 条", f"“{name}” ({count})") for name, count in names.most_common(_LIKE_NAMES)]
    screen.print(shown(either(
        lang,
        f"与品牌名相近的名字：{'、'.join(listed)}。若是别家，写进品牌文件的 not_this_brand；若是错写的本品牌，写进 aliases。",
        f"Names like the brand's: {', '.join(listed)}. Others' belong into `not_this_brand` of the brand file, "
        "misspellings of the brand into `aliases`.",
    )))  # fmt: skip


def _standing(verdict: Classification, reasons: frozenset[str]) -> Iterator[str]:
    """What these reasons rest on, each once."""
    hits = (hit for finding in verdict.findings if finding.rule in reasons for hit in finding.hits)
    words = {"title": verdict.mention.title or "", "text": verdict.mention.text}
    yield from dict.fromkeys(words[hit.span.field][hit.span.start : hit.span.end] for hit in hits)


def show_explanation(screen: Console, verdict: Classification, lang: str) -> None:
    """One text: the verdict, why, and why it is none of the others."""
    head = Text.assemble((verdict.type.words.of(lang), "bold"), f"  {how_sure(verdict, lang)}  ", grade_mark(verdict.grade))
    if verdict.suspected:
        head.append(either(lang, "  只凭文字判断，属疑似", "  from the text alone: suspected"), style="dim")
    screen.print(head)
    screen.print(Folded(quoted(verdict, lang, limit=2000)))
    screen.print()
    unnamed, negative = any(finding.rule == "not-named" for finding in verdict.findings), verdict.type.negative
    for kind in (verdict.type,) if unnamed and not negative else dict.fromkeys((verdict.type, *ORDER[:4], AssociationType.NONE)):
        words = _why(verdict, lang, 5) if kind is verdict.type else verdict.why_not(kind, lang)
        screen.print(Text(_asks(kind, verdict, lang), style="bold"))
        screen.print(Folded(shown(words)))
    if unnamed:
        screen.print(Folded(_how_to_point(verdict, lang)))
    for name in verdict.wanted:
        fact = fact_definitions()[name]
        screen.print(pointed(name, f"{fact.asks.of(lang)} → {fact.changes.of(lang)}"))


def _how_to_point(verdict: Classification, lang: str) -> Text:
    """What to do about a text that names nobody: it may be the brand's affair all the same, or not be."""
    names = either(lang, "、", ", ").join([verdict.brand.name, *verdict.brand.aliases, *verdict.brand.products])
    if verdict.type.negative:
        return shown(either(
            lang,
            f"文中找不到「{names}」，只是写法像在说一件真事：先核实说的是不是本品牌，再做别的。",
            f"None of these stands in it: {names}; it is only told like something that happened. "
            "Find out first whether it is about the brand.",
        ))  # fmt: skip
    return shown(either(
        lang,
        f"文中找不到「{names}」，所以不作判断。若是品牌帖子下的评论，请加 --kind comment --title '所在帖子的标题'；"
        "若是别的叫法，请写进品牌文件的 aliases。",
        f"None of these stands in it: {names}; so nothing is said of it. Of a comment under a post on the brand add "
        "--kind comment --title 'the title of the post'; another way to call the brand belongs into `aliases` of the brand file.",
    ))  # fmt: skip


def show_facts(screen: Console, lang: str) -> None:
    """Every fact one can state, with its name for facts.toml."""
    table = plain_table()
    table.add_column(either(lang, "名称（写进 facts.toml）", "name (in facts.toml)"), style="bold")
    for title in (
        either(lang, "问什么", "what it asks"),
        either(lang, "怎么查", "how to find out"),
        either(lang, "查实后", "what it changes"),
    ):
        table.add_column(title, ratio=1)
    for definition in fact_definitions().values():
        words = (definition.asks.of(lang), definition.how.of(lang), definition.changes.of(lang))
        table.add_row(definition.name, *(Folded(shown(each)) for each in words))
    screen.print(table)


def show_evaluation(screen: Console, evaluation: Evaluation, worst: int, lang: str) -> None:
    """The figures, by label and altogether, and the costliest errors with their reasons."""
    table = plain_table()
    table.add_column(either(lang, "标注", "label"), no_wrap=True)
    for title in (either(lang, "准确率", "precision"), either(lang, "召回率", "recall"), "F1", either(lang, "条数", "n")):
        table.add_column(title, justify="right")
    for said in AssociationType:
        table.add_column("→" + said.short.of(lang), justify="right", no_wrap=True)
    for label, score in evaluation.by_label.items():
        shares = [f"{value:.3f}" for value in (score.precision, score.recall, score.f1)]
        given = [str(n or "") for n in evaluation.confusion[label].values()]
        table.add_row(either(lang, label.words.zh, label.short.en), *shares, str(score.support), *given)
    screen.print(table)
    for zh, en, figure, form in _figures(evaluation):
        screen.print(f"{either(lang, zh, en)}: {'—' if figure is None else format(figure, form)}")
    if errors := evaluation.worst(worst):
        heading(screen, either(lang, "代价最大的错误", "The costliest errors"))
    for error in errors:
        truth, answer = (kind.words.of(lang) for kind in error.pair)
        screen.print(shown(f"{error.record.mention.id}  {truth} → {answer}  ({error.verdict.probability:.0%})", "bold"))
        screen.print(Folded(quoted(error.verdict, lang)))
        screen.print(Folded(shown(error.verdict.why(lang, 2), "dim")))


def _figures(evaluation: Evaluation) -> tuple[tuple[str, str, float | None, str], ...]:
    return (
        ("条数", "mentions", evaluation.n, "d"),
        ("正确率", "accuracy", evaluation.accuracy, ".1%"),
        ("宏平均 F1", "macro F1", evaluation.macro_f1, ".3f"),
        ("把投诉当攻击", "complaints called attacks", evaluation.complaint_as_attack, ".2%"),
        ("误报", "false alarms", evaluation.false_alarms, ".2%"),
        ("尚不能判定", "undetermined", evaluation.undetermined, ".1%"),
        ("已判定者的正确率", "accuracy of what was decided", evaluation.decided_accuracy, ".1%"),
        ("校准误差", "calibration error", evaluation.ece, ".3f"),
        ("平均代价", "mean cost", evaluation.mean_cost, ".3f"),
        ("每秒条数", "mentions a second", evaluation.mentions_per_second, ",.0f"),
    )


def quoted(verdict: Classification, lang: str, limit: int = EXCERPT, thread_limit: int | None = None) -> Text:
    """Title and text with the reasons highlighted; a long text from shortly before its first highlight on."""
    mention = verdict.mention
    parts = [_highlighted(verdict, "title", mention.title or "", lang, limit), _highlighted(verdict, "text", mention.text, lang, limit)]
    if mention.kind.is_answer and mention.thread:
        thread = cut(mention.thread, thread_limit or limit)
        parts.insert(0, shown(either(lang, f"〔{thread}〕", f"[{thread}]"), "dim"))
    return Text("\n").join(part for part in parts if part.plain.strip())


def _highlighted(verdict: Classification, field: Field, text: str, lang: str, limit: int) -> Text:
    found = marks(verdict, field, lang)
    result = shown(text)
    for mark in reversed(found):
        result.stylize(_STYLES[mark.side], mark.start, mark.end)
    begin = max(0, min((mark.start for mark in found), default=0) - limit // 4) if len(text) > limit else 0
    cut = result[begin : begin + limit]
    return Text.assemble("…" if begin else "", cut, "…" if begin + limit < len(text) else "")


def reasons(verdict: Classification, lang: str, limit: int) -> Text:
    """The strongest reasons, a line each, what is to be found out, and the other types that hold."""
    words = shown(_why(verdict, lang, limit))
    if verdict.also:
        words.append(
            either(lang, "\n＋", "\n+ ") + either(lang, "、", ", ").join(kind.words.of(lang) for kind in verdict.also), style="italic"
        )
    return words


def _why(verdict: Classification, lang: str, limit: int) -> str:
    """The reasons, a line each. Of a harmless mention each says what it speaks for: a minus before blame would baffle."""
    lines = verdict.why(lang, limit)
    if verdict.type is not AssociationType.NONE:
        return lines
    return _SIGN.sub(lambda sign: _SPEAKS_FOR[sign[0]].of(lang), lines)


def _asks(kind: AssociationType, verdict: Classification, lang: str) -> str:
    name = kind.words.of(lang)
    if kind is verdict.type:
        return either(lang, f"为什么是“{name}”", f"Why {name}")
    return either(lang, f"为什么不是“{name}”", f"Why not {name}")


def place(mention: Mention, lang: str) -> Text:
    """Where it stands, when, and its id, a line each."""
    parts = (platform_title(mention.platform, lang), mention.kind.words.of(lang))
    when = shown_time(mention.published_at) or mention.published_raw
    return shown("\n".join(filter(None, (" ".join(parts), when, mention.id))), "dim")


def grade_mark(grade: Grade | None) -> Text:
    """The grade in its colour."""
    return Text(grade.value if grade else "—", style=_GRADES.get(grade, "dim") if grade else "dim")
