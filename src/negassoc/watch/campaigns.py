"""Coordinated attacks (协同攻击) over many mentions, each with the pairs that prove it. A fact to be checked, never a verdict on a person.

What counts is what several accounts share and customers do not: copied or reworded content beyond hashtags and chants, rare turns of
phrase, one rival to switch to, the same few accounts in thread after thread, a numbered series on a schedule. What speaks against:
checkable particulars of an own case, news, jokes, templates of customers, the brand's own words, praise and giveaways. Bursts alone prove
nothing, for customers burst too. Where customers and attackers cannot be told apart, nothing is found.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from negassoc.facts import Facts
from negassoc.records import Json, Title
from negassoc.watch.channels import Group, busy_accounts, like_texts, numbered_series
from negassoc.watch.gathering import Gathering, Likeness
from negassoc.watch.kinship import Kinship, Link, similarity_of
from negassoc.watch.traces import TraceMaker
from negassoc.watch.widening import by_account, steadied, widened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from negassoc.brand import Brand
    from negassoc.mention import Mention
    from negassoc.watch.traces import Trace

PairKind: TypeAlias = Literal["copy", "rewrite", "phrase", "theme", "same_account", "same_thread", "series"]


@attrs.frozen(kw_only=True)
class Pair:
    """Two mentions that belong together: ids, similarity (0 to 1), seconds from the earlier to the later (None if a time is
    unknown), and how: `copy`, `rewrite`, `phrase`, `theme` (see `kinship`), `same_account`, `same_thread`, `series`."""

    a: str
    b: str
    similarity: float
    gap_s: float | None
    kind: PairKind


@attrs.frozen(kw_only=True)
class Campaign:
    """A suspected coordinated attack on one brand: `mentions` in order of time, the `accounts` known (ids; a bare nickname is marked
    `@`), first and last time, the `proof`, a `score` from 0 to 1, and `why` for people."""

    brand: str
    mentions: tuple[str, ...]
    accounts: tuple[str, ...]
    first_at: dt.datetime | None
    last_at: dt.datetime | None
    proof: tuple[Pair, ...]
    score: float
    why: Title

    def to_record(self) -> dict[str, Json]:
        """As `campaigns --json` prints it."""
        return {
            "brand": self.brand, "mentions": list(self.mentions), "accounts": list(self.accounts),
            "first_at": self.first_at.isoformat() if self.first_at else None, "last_at": self.last_at.isoformat() if self.last_at else None,
            "proof": [attrs.asdict(pair) for pair in self.proof], "score": self.score, "why": {"zh": self.why.zh, "en": self.why.en},
        }  # fmt: skip

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import campaign_html

        return campaign_html(self)


class CampaignFinder:
    """Finds campaigns against one brand in a stream: `observe` each mention, ask for `campaigns()` whenever wanted.

    Takes the extra `campaigns` (`MissingExtraError`). The same mentions in the same order give the same answer.
    """

    def __init__(self, brand: Brand) -> None:
        self.brand = brand
        self._maker = TraceMaker(brand)
        self._kinship = Kinship()
        self._traces: list[Trace] = []
        self._links: list[Link] = []
        self._seen: set[str] = set()

    def observe(self, mention: Mention) -> None:
        """Take in one mention; one that was seen before (by id) changes nothing."""
        if mention.id in self._seen:
            return
        self._seen.add(mention.id)
        trace = self._maker.trace(mention, len(self._traces))
        self._traces.append(trace)
        self._links += self._kinship.add(trace)

    @property
    def nameless(self) -> int:
        """How many mentions so far show no account by which their authors could be told apart: they are never counted as accounts."""
        return sum(trace.account is None and not trace.own for trace in self._traces)

    def campaigns(self) -> tuple[Campaign, ...]:
        """What the mentions so far show, the gravest first."""
        written = by_account(self._traces)
        traces = steadied(self._traces, written)
        likeness = Likeness(traces, self._kinship.sounds, self._kinship.rarity)
        gathering = Gathering(traces, likeness)
        groups = [*like_texts(gathering), *busy_accounts(traces), *numbered_series(traces)]
        cores = _joined(groups, traces)
        taken = frozenset[int]().union(*(core.members for core in cores))
        waves = [(core.channels, widened(core.members, taken - core.members, gathering, written)) for core in cores]
        found = [self._campaign(channels, members, likeness) for channels, members in waves]
        return tuple(sorted(found, key=lambda c: (-c.score, c.mentions)))

    def _campaign(self, channels: frozenset[str], members: Sequence[int], likeness: Likeness) -> Campaign:
        traces = [self._traces[i] for i in members]
        times = [t.at for t in traces if t.at is not None]
        accounts = tuple(dict.fromkeys(t.account for t in traces if t.account))
        proof = tuple(self._proof(channels, traces, likeness))
        first, last = (dt.datetime.fromtimestamp(pick(times), dt.UTC) if times else None for pick in (min, max))
        return Campaign(
            brand=self.brand.key or self.brand.name, mentions=tuple(t.id for t in traces), accounts=accounts, first_at=first, last_at=last,
            proof=proof, score=_score(channels, accounts, traces, proof), why=_why(channels, accounts, traces, proof),
        )  # fmt: skip

    def _proof(self, channels: frozenset[str], members: Sequence[Trace], likeness: Likeness) -> Iterator[Pair]:
        """For each member the strongest tie to another one."""
        inside = {t.index for t in members}
        best = dict[int, Link]()
        for link in self._links:
            if link.a in inside and link.b in inside:
                for end in (link.a, link.b):
                    if end not in best or link.similarity * link.strength > best[end].similarity * best[end].strength:
                        best[end] = link
        links = dict.fromkeys(best[t.index] for t in members if t.index in best)
        yield from (self._pair(link.a, link.b, link.kind, link.similarity) for link in links)
        for trace in members:
            if trace.index not in best:
                yield self._company(trace, members, channels, likeness)

    def _company(self, trace: Trace, members: Sequence[Trace], channels: frozenset[str], likeness: Likeness) -> Pair:
        """The nearest other member: the next of the series, in the same thread, of the same account, or else the most alike."""
        others = [t for t in members if t is not trace]
        numbered = [t for t in others if "series" in channels and trace.ordinal and t.ordinal and t.ordinal.stem == trace.ordinal.stem]
        there = [t for t in others if t.thread == trace.thread and t.account != trace.account]
        same = [t for t in others if t.account is not None and t.account == trace.account]
        kind: PairKind = "series" if numbered else "same_thread" if there else "same_account" if same else "theme"
        near = min(numbered or there or same, key=lambda t: (abs((t.at or 0) - (trace.at or 0)), t.index), default=None)
        return self._pair(trace.index, near.index if near else max(others, key=lambda t: likeness.of(trace.index, t.index)).index, kind)

    def _pair(self, a: int, b: int, kind: PairKind, similarity: float | None = None) -> Pair:
        early, late = sorted((self._traces[a], self._traces[b]), key=lambda t: (t.at or 0.0, t.index))
        gap = late.at - early.at if late.at is not None and early.at is not None else None
        alike = similarity_of(early.sound, late.sound) if similarity is None else similarity
        return Pair(a=early.id, b=late.id, similarity=alike, gap_s=gap, kind=kind)


def find_campaigns(mentions: Iterable[Mention], brands: Mapping[str, Brand] | Brand) -> tuple[Campaign, ...]:
    """The campaigns in `mentions`, brand by brand. With many brands a mention counts for the one that it names by key; with a single
    brand every mention counts that names no other."""
    finders = dict[str, CampaignFinder]()
    for mention in mentions:
        brand = _brand_of(mention, brands)
        if brand is not None:
            key = brand.key or brand.name
            if key not in finders:
                finders[key] = CampaignFinder(brand)
            finders[key].observe(mention)
    return tuple(itertools.chain.from_iterable(finder.campaigns() for finder in finders.values()))


def facts_of(campaigns: Iterable[Campaign]) -> dict[str, Facts]:
    """For the classifier: the fact `coordination` for every mention that belongs to a campaign, by mention id."""
    return {mention: Facts(coordination=True) for campaign in campaigns for mention in campaign.mentions}


def _brand_of(mention: Mention, brands: Mapping[str, Brand] | Brand) -> Brand | None:
    from negassoc.brand import Brand

    if isinstance(brands, Brand):
        return brands if mention.brand is None or brands.key is None or brands.is_called(mention.brand) else None
    return brands.get(mention.brand or "")


@attrs.frozen(kw_only=True)
class _Core:
    """Groups that are one campaign: their channels and members."""

    channels: frozenset[str]
    members: frozenset[int]


def _joined(groups: Iterable[Group], traces: Sequence[Trace]) -> list[_Core]:
    """Groups that share a mention or an account are one campaign."""
    joined = list[tuple[_Core, frozenset[str | None]]]()
    for group in groups:
        core = _Core(channels=frozenset({group.channel}), members=group.members)
        accounts = frozenset(traces[i].account for i in group.members) - {None}
        for old in [j for j in joined if j[0].members & core.members or j[1] & accounts]:
            joined.remove(old)
            core = _Core(channels=core.channels | old[0].channels, members=core.members | old[0].members)
            accounts |= old[1]
        joined.append((core, accounts))
    return [core for core, _ in joined]


def _score(channels: frozenset[str], accounts: Sequence[str], members: Sequence[Trace], proof: Sequence[Pair]) -> float:
    """How much stands behind it, 0 to 1: each independent sign takes its share of the remaining doubt."""
    copies = sum(p.kind in {"copy", "rewrite"} for p in proof) / len(proof)
    rivals = Counter(r for t in members for r in sorted(t.rivals))
    steering = rivals.most_common(1)[0][1] / len(members) if rivals else 0.0
    many = min(1.0, len(accounts) / 10)
    doubt = (1 - 0.6 * copies) * (1 - 0.4 * steering) * (1 - 0.4 * many) * 0.6 ** len(channels)
    return round(1 - doubt, 3)


_CHANNEL_WORDS: Final = {
    "texts": Title("多个账号内容雷同或换词改写", "several accounts post the same content, copied or reworded"),
    "accounts": Title("同一批账号在多条帖子下反复出现", "the same accounts turn up under post after post"),
    "series": Title("编号连载、定时发布", "a numbered series on a schedule"),
}


def _why(channels: frozenset[str], accounts: Sequence[str], members: Sequence[Trace], proof: Sequence[Pair]) -> Title:
    signs = [words for channel, words in _CHANNEL_WORDS.items() if channel in channels]
    zh, en = "；".join(s.zh for s in signs), "; ".join(s.en for s in signs)
    rivals = Counter(r for t in members for r in sorted(t.rivals)).most_common(1)
    if rivals and rivals[0][1] >= len(members) / 3:
        name, times = rivals[0]
        zh, en = f"{zh}；其中 {times} 条提到竞品“{name}”", f"{en}; {times} of them name the rival {name}"
    alike = max((p.similarity for p in proof), default=0.0)
    return Title(
        f"疑似协同：{len(accounts)} 个账号、{len(members)} 条内容。{zh}；最高相似度 {alike:.0%}。"
        "仅为线索，需人工核实，不代表对任何个人的认定。",
        f"Suspected coordination: {len(accounts)} accounts, {len(members)} mentions. {en}; highest similarity {alike:.0%}. "
        "A lead to be checked by people, not a finding about anybody.",
    )
