"""Judging a whole source: progress, interrupts, mentions that cannot be judged."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import pytest

from negassoc.errors import DataError, PayloadError, Problem
from negassoc.events import Progress
from negassoc.facts import FactFile, Facts
from negassoc.mention import Mention
from negassoc.report import Report, gather, tqdm_progress


class ByHand:
    """A classifier that calls everything a complaint."""

    def __init__(self, factory):
        self.factory = factory

    def classify(self, mention, facts=None):
        said = Mention.of(mention)
        if "坏" in said.text:
            raise PayloadError("cannot be judged")
        return self.factory.verdict(said, facts=facts or Facts())


@pytest.fixture
def classifier(factory):
    return ByHand(factory)


def test_progress_is_told_after_each(classifier):
    told = []
    gathered = gather(["退款", Mention("发霉")], classifier, hooks=[told.append])
    assert repr(gathered).startswith("<Gathered 2 verdicts (") and repr(gathered).endswith("), 0 problems>")
    assert [event.done for event in told] == [1, 2]
    assert told[0] == Progress(what="classify", done=1, total=2)
    assert [verdict.mention.text for verdict in gathered] == ["退款", "发霉"]
    assert len(gathered) == 2
    assert gathered[0].mention.text == "退款"
    assert not gathered.interrupted


def test_an_interrupt_keeps_what_has_arrived(classifier):
    def source():
        yield Mention("一")
        yield Mention("二")
        raise KeyboardInterrupt

    gathered = gather(source(), classifier)
    assert [verdict.mention.text for verdict in gathered] == ["一", "二"]
    assert gathered.interrupted


def test_a_source_that_breaks_off_keeps_what_has_arrived(classifier):
    def source():
        yield Mention("一")
        raise PayloadError("the shape changed", platform="kuaishou")

    gathered = gather(source(), classifier)
    assert len(gathered) == 1
    assert gathered.interrupted
    assert "the shape changed" in str(gathered.problems[0])


def test_a_mention_that_cannot_be_judged_is_a_problem(classifier):
    gathered = gather([Mention("坏", id="m9"), Mention("好", id="m1")], classifier)
    assert [problem.where for problem in gathered.problems] == ["m9"]
    assert len(gathered) == 1


def test_problems_of_the_source_come_along(classifier):
    class Source(list):
        problems = (Problem("a.csv:3", "neither title nor text"),)

    assert gather(Source(["一"]), classifier).problems == Source.problems


def test_facts_reach_the_classifier(classifier):
    facts = FactFile(Facts(resolved=False), {"m1": Facts(order_match=True)})
    gathered = gather([Mention("一", id="m1"), Mention("二", id="m2")], classifier, facts)
    assert [verdict.facts.order_match for verdict in gathered] == [True, None]
    assert gather(["一"], classifier, Facts(order_match=True))[0].facts.order_match is True


def test_a_tqdm_bar_moves(classifier):
    from tqdm import tqdm

    class Bar(tqdm):
        made: ClassVar[list[tqdm]] = []

        def __init__(self, **given):
            super().__init__(disable=True, **given)
            self.updates = []
            self.made.append(self)

        def update(self, n=1):
            self.updates.append(n)
            self.n += n

    gather(["一", "二", "三"], classifier, hooks=[tqdm_progress(Bar)])
    [bar] = Bar.made
    assert bar.updates == [1, 1, 1]
    assert bar.total == 3


def test_it_works_where_an_event_loop_runs(classifier, factory):
    async def cell():
        gathered = gather(["退款", "发霉"], classifier)
        return Report(gathered, brand=factory.BRAND)._repr_html_()

    assert "真实客户投诉" in asyncio.run(cell())


def test_what_does_not_classify_is_named_before_anything_is_read():
    with pytest.raises(DataError, match=r"^classifier: expected what classifies, like RuleClassifier\(brand\), found 'x'"):
        gather([Mention("好")], "x")
