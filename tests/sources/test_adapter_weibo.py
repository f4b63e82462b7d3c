"""The worked example of an adapter does what it claims."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from negassoc.errors import PayloadError
from negassoc.mention import Count, Mention
from negassoc.testing import check_source

FOLDER = Path(__file__).parents[2] / "examples" / "adapter_weibo"


@pytest.fixture(scope="module")
def weibo():
    spec = importlib.util.spec_from_file_location("weibo", FOLDER / "weibo.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_keeps_the_contract_and_loses_nothing_silently(weibo):
    source = weibo.WeiboSearch(FOLDER / "posts.json")
    check_source(source)
    (mention,) = source
    assert (mention.text, mention.platform) == ("@示例品牌 充电宝买来三天就鼓包，客服让我等\n两个星期了", "weibo")
    assert (mention.engagement.comments, mention.author.followers, mention.ip_location) == (Count(1342), 12000, "浙江")
    assert [problem.where.rpartition(":")[2] for problem in source.problems] == ["$.data.cards[1]"]


def test_another_shape_is_named_with_its_place(weibo, tmp_path):
    (tmp_path / "x.json").write_text(json.dumps({"data": {"list": []}}), "utf-8")
    with pytest.raises(PayloadError, match=r"\$\.data\.cards"):
        list(weibo.WeiboSearch(tmp_path / "x.json"))


class _Once:
    def __init__(self, *mentions: object) -> None:
        self.left = list(mentions)

    def __iter__(self):
        yield from self.left
        self.left = []


@pytest.mark.parametrize(
    ("mentions", "breach"),
    [
        ([Mention("x", id="1", url="https://e.invalid/?xsec_token=1")], "carries a token"),
        ([Mention("x", id="1", ip_location="None")], "ip_location is 'None'"),
        ([Mention("x", id="1", parent_id="2")], "a note has a parent"),
        ([Mention("x", id="1"), Mention("y", id="1")], "came before with the same id"),
        ([Mention(" ", id="1")], "neither title nor text"),
        (["x"], "str is no Mention"),
    ],
)
def test_check_source_names_each_breach(mentions, breach):
    with pytest.raises(AssertionError, match=breach):
        check_source(mentions)


def test_a_source_that_can_be_read_only_once_is_a_breach():
    with pytest.raises(AssertionError, match="second iteration"):
        check_source(_Once(Mention("x", id="1")))


@pytest.mark.parametrize(
    ("again", "told"),
    [
        ([Mention("x", id="1"), Mention("y", id="2", title="z")], r"first: 1 \(2\): title 'z' after None"),
        ([Mention("x", id="1")], "first: 1 mentions after 2"),
        ([Mention("x", id="1"), "y"], "first: 1: 'y' after Mention"),
    ],
)
def test_where_the_second_iteration_parts_from_the_first_is_said(again, told):
    with pytest.raises(AssertionError, match=told):
        check_source(_Other([Mention("x", id="1"), Mention("y", id="2")], again))


class _Other:
    """Another list at each iteration."""

    def __init__(self, *lists):
        self._lists = iter(lists)

    def __iter__(self):
        return iter(next(self._lists))
