"""From a verdict, or a type, to a plan: which steps, which of them the guards refuse, in which order, by when."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from negassoc.brand import Brand
from negassoc.classify import AssociationType, Classification, Grade
from negassoc.facts import Facts, fact_definitions
from negassoc.mention import Kind, Mention
from negassoc.platform import platform_of
from negassoc.playbooks.action import Action, Blocked, Plan, still_needed
from negassoc.playbooks.due import Deadline, Due, Start, Workday
from negassoc.playbooks.guards import Guard, Guards
from negassoc.playbooks.ordering import before_in, merged
from negassoc.playbooks.playbook import Line, Playbooks, Step, Tempting
from negassoc.records import Title
from negassoc.text import Home
from negassoc.times import BEIJING

CUSTOMER_SIGNS: Final = ("order_match", "service_contact", "in_remedy")
"""Any of these facts makes the author a customer, against whom nothing is ever reported or sued."""

AGAINST_AUTHOR: Final = frozenset({"report", "legal", "extortion_report", "impersonation_report"})
"""Kinds of step that go against the author of a mention."""

_PREPARED: Final = frozenset({"evidence_archived", "content_labelled", "consent_documented"})
"""Facts that a plan's own work makes true; the others are found, or decided by somebody with the right to."""

_GRANTED: Final = _PREPARED | {"falsity_proven", "legal_signoff", "resolved"}
"""Facts that open doors: of several mentions each must have it. Of the rest one mention is enough."""

_TYPE_ORDER: Final = (
    AssociationType.CUSTOMER_COMPLAINT, AssociationType.OWN_VIOLATION, AssociationType.MALICIOUS_ATTACK,
    AssociationType.ALGORITHM_MISJUDGMENT,
)  # fmt: skip
"""Where two types are equally urgent the customer comes first."""

_CUSTOMER: Final = Title(
    "发布者是客户（查到订单、联系过客服或正在补救），对其内容一律不举报、不发函、不起诉。",
    "The author is a customer (order found, service contacted or remedy under way): nothing is reported, no letter, no suit. ",
)


@attrs.frozen(kw_only=True)
class Situation:
    """What a plan answers to: one incident, seen from the verdicts on its mentions or stated without any."""

    type: AssociationType
    also: tuple[AssociationType, ...] = ()
    brand: Brand
    platform: str | None = None
    grade: Grade = Grade.P2
    facts: Facts = attrs.field(factory=Facts)
    facets: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    because: Mapping[AssociationType, tuple[str, ...]] = attrs.field(factory=dict)
    reasons: tuple[Title, ...] = ()
    wanted: tuple[str, ...] = ()
    suspected: bool = False
    notice_at: dt.datetime | None = None

    @property
    def customer(self) -> bool:
        """Whether a stated fact makes the author a customer."""
        return any(self.facts.get(name) for name in CUSTOMER_SIGNS)

    @property
    def types(self) -> tuple[AssociationType, ...]:
        """The types to act on: those of the verdict, and complaint where an "attacker" is a customer."""
        found = [t for t in (self.type, *self.also) if t.negative]
        if AssociationType.MALICIOUS_ATTACK in found and self.customer:
            found.append(AssociationType.CUSTOMER_COMPLAINT)
        return tuple(dict.fromkeys(found))


def plan(
    verdicts: Classification | Iterable[Classification],
    *,
    playbooks: Playbooks | None = None,
    now: dt.datetime | None = None,
    guards: Guards | None = None,
    workday: Workday | None = None,
) -> Plan:
    """The plan for one verdict, or for those of one incident together (all of one brand; `ValueError` for none or for several brands).

    `now` (aware; the present unless given) is the time of detection, from which house deadlines run; the time of a notice is taken from
    the notice itself.
    """
    return _make(situation_of(verdicts), playbooks or Playbooks.default(), guards or Guards.default(), now, workday)


def plan_for_type(  # noqa: PLR0913 - each is one thing to state, by name
    type: AssociationType | str,  # noqa: A002 - the field's own word
    brand: Brand,
    *,
    platform: str | None = None,
    facts: Facts | None = None,
    grade: Grade | str | None = None,
    now: dt.datetime | None = None,
    playbooks: Playbooks | None = None,
    guards: Guards | None = None,
    workday: Workday | None = None,
) -> Plan:
    """The plan for a type without any mention. `grade` is P2 unless given, P1 where harm to people or extortion is stated.

    >>> made = plan_for_type("malicious_attack", Brand("示例茶"), facts=Facts(order_match=True, legal_signoff=True))
    >>> [item.guard for item in made.blocked if item.id == "MA6"], "GC1" in [action.id for action in made]
    (['GR-04'], True)
    """
    known = Facts.of(facts)
    level = Grade.of(grade) if grade else Grade.P1 if known.safety_harm or known.extortion else Grade.P2
    situation = Situation(
        type=AssociationType.of(type), brand=Brand.of(brand), platform=platform_of(platform) if platform else None, grade=level, facts=known
    )  # fmt: skip
    return _make(situation, playbooks or Playbooks.default(), guards or Guards.default(), now, workday)


def situation_of(verdicts: Classification | Iterable[Classification]) -> Situation:
    """What the verdicts of one incident come to: gravest grade, types in order, facts that hold for all of it."""
    given = [verdicts] if isinstance(verdicts, Classification | Mention | str) else list(verdicts)
    if wrong := [v for v in given if not isinstance(v, Classification)]:
        raise TypeError(f"a plan is made from verdicts, not from {wrong[0]!r:.60}; without a mention: plan_for_type(type, brand)")
    if not given:
        raise ValueError("a plan needs a verdict, and none was given; without a mention: plan_for_type(type, brand)")
    if len({v.brand.name for v in given}) > 1:
        raise ValueError("a plan is for the verdicts of one brand; group them with incidents() first")
    types = tuple(dict.fromkeys([v.type for v in given] + [t for v in given for t in v.also]))
    main = next((t for t in types if t.negative), AssociationType.UNDETERMINED if AssociationType.UNDETERMINED in types else types[0])
    platforms = {v.mention.platform for v in given}
    return Situation(
        type=main,
        also=tuple(t for t in types if t is not main and t.negative),
        brand=given[0].brand,
        platform=platforms.pop() if len(platforms) == 1 else None,
        grade=min((v.grade for v in given if v.grade), default=Grade.P3),
        facts=joint_facts([v.facts for v in given]),
        facets=tuple(dict.fromkeys(facet for v in given for facet in v.facets)),
        mentions=tuple(dict.fromkeys(v.mention.id for v in given)),
        because={t: _rules(given, t) for t in types},
        reasons=_reasons(given, main),
        wanted=tuple(dict.fromkeys(name for v in given for name in v.wanted)),
        suspected=any(v.suspected for v in given),
        notice_at=min((v.mention.published_at for v in given if v.mention.kind is Kind.NOTICE and v.mention.published_at), default=None),
    )


def joint_facts(facts: Sequence[Facts]) -> Facts:
    """Facts of several mentions as facts of one incident: what warns holds if one has it, what permits only if every one has it."""
    return Facts(**{name: _joint(name, [f.get(name) for f in facts]) for name in Facts.names()})


def _joint(name: str, values: list[bool | None]) -> bool | None:
    if name in _GRANTED:
        return False if False in values else None if None in values else True
    return True if True in values else None if None in values else False


def _findings(verdicts: list[Classification], type: AssociationType) -> Iterator[tuple[float, str, Title, str | None]]:  # noqa: A002
    for verdict in verdicts:
        for finding in verdict.findings:
            if finding.type is type and finding.weight > 0 and (finding.hits or finding.fact):
                yield -finding.weight, finding.rule, finding.title, finding.fact


def _rules(verdicts: list[Classification], type: AssociationType) -> tuple[str, ...]:  # noqa: A002
    found = sorted(_findings(verdicts, type), key=lambda f: (f[0], f[1]))
    names = dict.fromkeys(f"fact:{fact}" if fact else f"rule:{rule}" for _, rule, _, fact in found)
    return tuple(names)[:3]


def _reasons(verdicts: list[Classification], type: AssociationType) -> tuple[Title, ...]:  # noqa: A002
    found = sorted(_findings(verdicts, type), key=lambda f: (f[0], f[1]))
    return tuple(dict.fromkeys(title for _, _, title, _ in found))[:5]


def _make(situation: Situation, books: Playbooks, guards: Guards, now: dt.datetime | None, workday: Workday | None) -> Plan:
    at = (now or dt.datetime.now(BEIJING).replace(microsecond=0)).astimezone(BEIJING)
    planner = _Planner(situation, books, guards, at, workday)
    nothing = not situation.types and situation.type is not AssociationType.UNDETERMINED
    asked = () if nothing else planner.asked()
    return Plan(
        type=situation.type,
        also=tuple(t for t in situation.types if t is not situation.type),
        brand=situation.brand,
        platform=situation.platform,
        grade=situation.grade,
        mentions=situation.mentions,
        about=situation.facets[0] if situation.facets else None,
        now=at,
        actions=() if nothing else planner.actions(asked),
        blocked=() if nothing else planner.blocked(),
        first_find_out=asked,
        reasons=situation.reasons,
        suspected=situation.suspected,
    )


class _Planner:
    """Chooses, judges, orders and dates the steps for one situation."""

    def __init__(self, situation: Situation, books: Playbooks, guards: Guards, now: dt.datetime, workday: Workday | None) -> None:
        self.situation, self.books, self.guards, self.now, self.workday = situation, books, guards, now, workday
        home = Home(situation.brand, frozenset())
        self.steps, self.trades, self.premises, self.shop = dict(books.steps), home.trades, home.premises, home.shop
        self.first = [step for book in books.for_type(None) for step in book.steps]
        self.books_used = [book for t in sorted(situation.types, key=_TYPE_ORDER.index) for book in books.for_type(t)]
        self.owner = {step.id: book.type for book in books.by_id.values() for step in book.steps}
        self.books_of = {step.id: book for book in books.by_id.values() for step in book.steps}
        self.chosen = [step for step in self._candidates() if not self._left_out(step)]
        supplied = {fact for step in (*self.first, *self.chosen) for fact in step.supplies}
        self.refused = {step.id: self._refusal(step, supplied) for step in (*self.first, *self.chosen)}
        self.here = {name for name, refused in self.refused.items() if refused is None}
        self.hours = books.hours.of(situation.brand) if books.hours else None
        self.dated, self.limits = dict[str, dt.datetime](), dict[str, dt.datetime]()

    def _candidates(self) -> list[Step]:
        steps = [step for book in self.books_used for step in book.steps]
        steps += [step for step in self.steps.values() if step.stage == "safety" and step not in self.first]
        if self._maybe_customer():
            steps += [self.steps[name] for name in self.books.undecided.steps if name in self.steps]
        return list({step.id: step for step in steps}.values())

    def _maybe_customer(self) -> bool:
        """Undecided, or an attack that nothing yet shows to be none of our customers: the steps safe for a customer come too."""
        facts, types = self.situation.facts, self.situation.types
        if not types:
            return True
        shown = facts.order_match is False or facts.extortion or facts.impersonation
        return AssociationType.MALICIOUS_ATTACK in types and not shown

    def _left_out(self, step: Step) -> bool:
        facet = bool(set(step.facets) & set(self.situation.facets))
        refused = not facet and any(self._holds(word) is False for word in step.when)
        refused = refused or (step.premises and self.premises is False)
        return refused or any(self._holds(word) is True for word in step.unless)

    def _holds(self, word: str) -> bool | None:
        """A fact of `when` or `unless`, three-valued; `not x` is x stated as no."""
        value = self.situation.facts.get(word.removeprefix("not "))
        return value if value is None or not word.startswith("not ") else not value

    def _case(self, step: Step) -> Title | None:
        """In which case only the step is to be done, as far as that is not settled."""
        facet = bool(set(step.facets) & set(self.situation.facets))
        unknown = [] if facet else [word for word in step.when if self._holds(word) is None]
        if step.when:
            return (step.only_if or _when_known(unknown)) if unknown else None
        if step.premises and self.premises:
            return None
        return step.only_if or (step.grade_else if self.situation.grade not in step.grades else None)

    def _refusal(self, step: Step, supplied: set[str]) -> Blocked | None:
        """The step as refused by a guard with what is known now, or None."""
        facts = self.situation.facts
        if self.situation.customer and AGAINST_AUTHOR & set(step.kinds):
            guard = self.guards.get("GR-04")
            return _blocked(step, guard, Title(_CUSTOMER.zh + guard.reason.zh, _CUSTOMER.en + guard.reason.en))
        for guard in (guard for kind in step.kinds for guard in self.guards.refusing(kind, facts)):
            if not self._comes_with_the_work(guard, guard.missing(facts), supplied):
                return _blocked(step, guard, guard.reason, self._until(guard))
        return None

    def _until(self, guard: Guard) -> Title | None:
        """What would open the guard: the end of what closes it, or the facts it still needs and who states them; None: nothing does."""
        facts = self.situation.facts
        if guard.closed(facts) or not guard.conditional:
            return guard.opens if guard.conditional else None
        wanted = [(fact_definitions()[name].title, guard.needs[name], self._stated_by(name)) for name in guard.missing(facts)]
        zh = "、".join(f"{title.zh}＝{'是' if value else '否'}{who.zh}" for title, value, who in wanted)
        en = ", ".join(f"{title.en}: {'yes' if value else 'no'}{who.en}" for title, value, who in wanted)
        return Title(zh, en)

    def _stated_by(self, fact: str) -> Title:
        """Who states a fact; nothing where the pack does not say."""
        asking = self.books.askings.get(fact)
        who = self.books.role_title(asking.role) if asking else None
        return Title(f"（{who.zh}写明）", f" (stated by: {who.en})") if who else Title("", "")

    def _comes_with_the_work(self, guard: Guard, missing: tuple[str, ...], supplied: set[str]) -> bool:
        """Whether all that a guard still needs is made true by the plan's own earlier work, and nobody has said that it is not."""
        facts = self.situation.facts
        able = _PREPARED - ({"evidence_archived"} - supplied)
        return bool(missing) and not guard.closed(facts) and all(name in able and facts.get(name) is None for name in missing)

    def asked(self) -> tuple[str, ...]:
        """The facts to find out first: those the types turn on, then those the verdict wants; only unknown ones."""
        lists = [book.asks for book in self.books_used] or [self.books.undecided.asks]
        wanted = [name for name in self.situation.wanted if name not in _GRANTED or name == "falsity_proven"]
        names = dict.fromkeys(name for asks in [*lists, tuple(wanted)] for name in asks)
        return tuple(name for name in names if self.situation.facts.get(name) is None)

    def blocked(self) -> tuple[Blocked, ...]:
        """What is refused: steps that must wait or never come, then what people under pressure ask for."""
        steps = [refused for step in self.chosen if (refused := self.refused[step.id])]
        tempted = self.books_used or self.books.for_type(AssociationType.CUSTOMER_COMPLAINT)
        guards = [(item, self.guards.get(item.guard)) for book in tempted for item in book.tempting]
        return (*steps, *(_blocked(item, guard, guard.reason) for item, guard in guards))

    def actions(self, asked: Sequence[str]) -> tuple[Action, ...]:
        """The steps that may be done, in order, with what is to be found out right after the classification."""
        going = [step for step in self.chosen if step.id in self.here]
        after = before_in([*self.first, *going], self.steps)
        urgent = self.situation.facts.official_notice is True
        order = merged([attrs.evolve(s, after=after[s.id]) for s in going], urgent_entity=urgent)
        ordered = [self.steps[step.id] for step in order]
        self._limit([*self.first, *ordered], after)
        known = [self._action(step, after[step.id]) for step in self.first]
        at = next((i for i, step in enumerate(self.first, 1) if step.kind == "classify"), len(known))
        already = {fact for step in self.first for fact in step.finds_out}
        asking = [self._finding_out(name) for name in asked if name not in already and not self._found_by(name, ordered)]
        found = [*known[:at], *asking, *known[at:], *(self._action(s, after[s.id]) for s in ordered)]
        return tuple(attrs.evolve(action, order=order) for order, action in enumerate(found, 1))

    def _found_by(self, fact: str, steps: Iterable[Step]) -> bool:
        """Whether a step that is done in any case has the same people find out the fact by then, so that it is not asked for twice."""
        asking = self.books.askings.get(fact)
        same = (step for step in steps if asking and fact in step.finds_out and step.role == asking.role and self._case(step) is None)
        return any(step.due.counted_from == "detection" and step.due.within and step.due.within <= asking.within for step in same if asking)

    @functools.cached_property
    def _started(self) -> Mapping[Start, dt.datetime]:
        notice = self.situation.notice_at
        return {"detection": self.now, "notice": notice} if notice else {"detection": self.now}

    @property
    def _noticed(self) -> bool:
        return self.situation.facts.official_notice is True

    def _exact(self, due: Due) -> Deadline:
        """By when by the amount alone, whatever the hours of work."""
        grade, platform = self.situation.grade, self.situation.platform
        due = self._applying(due)
        return due.deadline(self._started, grade=grade, platform=platform, noticed=self._noticed, workday=self.workday)

    def _limit(self, steps: Iterable[Step], after: Mapping[str, tuple[str, ...]]) -> None:
        """What a step with a window of the law or of a platform builds on is due before that window too."""
        for step in reversed(list(steps)):
            own = self._applying(step.due).limit(self._started, self.situation.platform, noticed=self._noticed)
            own = self._exact(step.due).at if step.due.firm else own
            ends = [end for end in (own, self.limits.get(step.id)) if end]
            for name in after[step.id] if ends else ():
                self.limits[name] = min(*ends, self.limits.get(name, ends[0]))

    def _deadline(self, due: Due, name: str, after: Sequence[str] = ()) -> Deadline:
        """By when, never before the steps it builds on, nor behind the window of one that builds on it."""
        before = [self.dated[name] for name in after if name in self.dated]
        return self._applying(due).deadline(
            self._started, grade=self.situation.grade, platform=self.situation.platform, noticed=self._noticed, workday=self.workday,
            hours=self.hours, not_before=max(before, default=None), not_after=self.limits.get(name),
        )  # fmt: skip

    def _action(self, step: Step, depends_on: tuple[str, ...]) -> Action:
        books, platform = self.books, self.situation.platform
        due = self._deadline(step.due, step.id, depends_on)
        if due.at:
            self.dated[step.id] = due.at
        channels = list(self._channels(step))
        known = [law for name in step.basis if (law := books.laws.get(name)) and self._binds(law.trades)]
        laws = [law for law in known if platform is None or law.platform in {None, platform}]
        guards = [name for name in step.guards if name in self.guards.by_id]
        if_failed, instead = self._on_failure(step)
        return Action(
            id=step.id, order=0, kind=step.kind, title=step.title, why=step.why, role=step.role,
            channel=_joined(channels), materials=self._lines(step.materials), due_at=due.at, due_basis=due.basis, on_duty=due.on_duty,
            done_when=step.done_when,            if_failed=if_failed, basis=tuple(law.zh for law in laws), never=self._lines(step.never),
            because=self._because(step), role_title=books.role_title(step.role), helpers=step.helpers,
            helper_titles=tuple(map(books.role_title, step.helpers)), basis_en=tuple(law.en for law in laws), depends_on=depends_on,
            needs=self._needs(step), only_if=self._case(step), if_failed_next=instead, guards=tuple(guards),
            finds_out=step.finds_out, channels=tuple(channels),
        )  # fmt: skip

    def _applying(self, due: Due) -> Due:
        """The due with the windows that run for this brand: of its trade, and a shop's only where it may have one."""
        return attrs.evolve(due, caps=tuple(cap for cap in due.caps if self._binds(cap.trades) and not (cap.shop and self.shop is False)))

    def _channels(self, step: Step) -> Iterator[Title]:
        """Where it can be carried out by this brand, with what must be there first."""
        for channel in self.books.channel_of(step, self.situation.platform):
            if not (channel.shop and self.shop is False):
                notes = [_IF_SHOP] if channel.shop and self.shop is None else []
                notes += [_NO_ACCOUNT] if channel.account and self._without_account(channel.platform) else []
                title = channel.title
                yield Title(title.zh + "".join(note.zh for note in notes), title.en + "".join(note.en for note in notes))

    def _without_account(self, platform: str) -> bool:
        """Whether the brand's file lists accounts, and none on the platform of a channel."""
        here = self.situation.platform if platform == "any" else platform
        accounts = {account.platform for account in self.situation.brand.official_accounts}
        return bool(accounts) and here is not None and here not in accounts

    def _binds(self, trades: tuple[str, ...]) -> bool:
        """Whether what is for these trades is for the brand: yes too where nothing is known of it."""
        return not trades or not self.trades or not self.trades.isdisjoint(trades)

    def _lines(self, lines: Sequence[Line]) -> tuple[Title, ...]:
        here = {None, self.situation.platform} if self.situation.platform else {None, *(line.platform for line in lines)}
        told = (line for line in lines if self._binds(line.trades) and line.platform in here)
        return tuple(Title(line.zh, line.en) for line in told if not (line.shop and self.shop is False))

    def _on_failure(self, step: Step) -> tuple[Title, str | None]:
        """What to do if it fails and where to go: a step of this plan, or of another playbook, which is named in words."""
        told, name = Title(step.if_failed.zh, step.if_failed.en), step.if_failed.next
        if name is None or name in self.here:
            return told, name
        book = self.books_of.get(name)
        if book is None or book.type is None or book.type in self.situation.types:
            return told, None
        there = self.steps[name].title
        zh = f"（做法见“{book.title.zh}”：{there.zh}）"
        return Title(told.zh + zh, f"{told.en} (see '{book.title.en}': {there.en})"), None

    def _needs(self, step: Step) -> tuple[str, ...]:
        guards = [guard for kind in step.kinds for guard in self.guards.judging(kind)]
        return tuple(dict.fromkeys(name for guard in guards for name in guard.missing(self.situation.facts)))

    def _because(self, step: Step) -> tuple[str, ...]:
        """The rules, facts and type that brought the step in."""
        owner = self.owner.get(step.id) or self.situation.type
        stated = self.situation.facts.stated()
        deciding = [word.removeprefix("not ") for word in (*step.when, *step.unless)]
        facts = [f"fact:{name}={'yes' if stated[name] else 'no'}" for name in deciding if name in stated]
        if owner is AssociationType.CUSTOMER_COMPLAINT and owner not in self.situation.types:
            facts += ["unknown:order_match"]
        facts += [f"fact:{name}=yes" for name in CUSTOMER_SIGNS if stated.get(name) and owner is AssociationType.CUSTOMER_COMPLAINT]
        rules = self.situation.because.get(owner, ())
        return tuple(dict.fromkeys((f"type:{owner.value}", *(r for r in rules if f"{r}=yes" not in facts), *facts)))

    def _finding_out(self, name: str) -> Action:
        """The action that finds out one fact."""
        definition, asking = fact_definitions()[name], self.books.askings.get(name)
        due = Due(within=asking.within if asking else dt.timedelta(hours=4), counted_from="detection")
        after = ("C0",) if "C0" in self.steps else ()
        deadline = self._deadline(due, name, after)
        role = asking.role if asking else "OPS"
        return Action(
            id=f"ASK-{name}", order=0, kind="find_out", title=Title(f"查清：{definition.asks.zh}", f"Find out: {definition.asks.en}"),
            why=definition.changes, role=role, channel=definition.how, materials=(_NOTE,), due_at=deadline.at, due_basis=deadline.basis,
            on_duty=deadline.on_duty, done_when=_ANSWERED, if_failed=_UNANSWERED, basis=(), never=(_NO_GUESS,),
            because=(f"unknown:{name}",), role_title=self.books.role_title(role), depends_on=after,
            finds_out=(name,),
        )  # fmt: skip


_IF_SHOP: Final = Title("（仅当在该平台开了店铺）", " (only with a shop there)")
_NO_ACCOUNT: Final = Title(
    "（档案里没有本公司在该平台的账号：先核对，没有的先开通认证）",
    " (no account of the brand there on file: check, or open and certify one first)",
)
_NOTE: Final = Title("查询记录：谁查的、什么时候、查到什么", "A note of the check: who, when, what was found")
_ANSWERED: Final = Title("“是”或“否”已写进事实清单，并附依据", "Yes or no is on the fact sheet, with its ground")
_UNANSWERED: Final = Title(
    "到时间还查不清就先写“未知”，其余步骤照常往下走，每天再查一次",
    "Write 'unknown' for now, go on with the other steps, and check again daily",
)
_NO_GUESS: Final = Title("凭感觉填“是”或“否”", "Guess")


def _when_known(names: list[str]) -> Title:
    titles = [fact_definitions()[name.removeprefix("not ")].title for name in names]
    return Title("查明“" + "、".join(t.zh for t in titles) + "”之后", "Once this is established: " + ", ".join(t.en for t in titles))


def _blocked(step: Step | Tempting, guard: Guard, reason: Title, until: Title | None = None) -> Blocked:
    tail = still_needed(until) if until else Title("", "")
    told = Title(reason.zh + tail.zh, reason.en + tail.en)
    return Blocked(id=step.id, title=step.title, guard=guard.id, reason=told, instead=guard.instead, until=until)


def _joined(titles: Sequence[Title]) -> Title | None:
    return Title("；".join(t.zh for t in titles), "; ".join(t.en for t in titles)) if titles else None
