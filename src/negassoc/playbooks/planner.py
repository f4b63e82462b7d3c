"""How a plan is made: the steps for a situation are chosen, judged by the guards, ordered, dated and worded."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Final

import attrs

from negassoc.classify import AssociationType
from negassoc.facts import fact_definitions
from negassoc.playbooks.action import Action, Blocked, still_needed
from negassoc.playbooks.due import Deadline, Due, Start, Workday
from negassoc.playbooks.ordering import before_in, merged
from negassoc.playbooks.situation import AGAINST_AUTHOR, CUSTOMER_SIGNS, GRANTED, PREPARED, Situation
from negassoc.records import Title
from negassoc.text import Home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from negassoc.playbooks.guards import Guard, Guards
    from negassoc.playbooks.playbook import Line, Playbooks, Step, Tempting

_TYPE_ORDER: Final = (
    AssociationType.CUSTOMER_COMPLAINT, AssociationType.OWN_VIOLATION, AssociationType.MALICIOUS_ATTACK,
    AssociationType.ALGORITHM_MISJUDGMENT,
)  # fmt: skip
"""Where two types are equally urgent the customer comes first."""

_CUSTOMER: Final = Title(
    "发布者是客户（查到订单、联系过客服或正在补救），对其内容一律不举报、不发函、不起诉。",
    "The author is a customer (order found, service contacted or remedy under way): nothing is reported, no letter, no suit. ",
)


class Planner:
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
        able = PREPARED - ({"evidence_archived"} - supplied)
        return bool(missing) and not guard.closed(facts) and all(name in able and facts.get(name) is None for name in missing)

    def asked(self) -> tuple[str, ...]:
        """The facts to find out first: those the types turn on, then those the verdict wants; only unknown ones."""
        lists = [book.asks for book in self.books_used] or [self.books.undecided.asks]
        wanted = [name for name in self.situation.wanted if name not in GRANTED or name == "falsity_proven"]
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
            done_when=step.done_when, if_failed=if_failed, basis=tuple(law.zh for law in laws), never=self._lines(step.never),
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
