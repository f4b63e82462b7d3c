from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import attrs
import pytest

from negassoc.brand import Brand
from negassoc.cases import Case
from negassoc.cases.store import SqlStore, open_store
from negassoc.classify import AssociationType, Classification, Grade
from negassoc.errors import DataError
from negassoc.mention import BEIJING, Author, Mention
from negassoc.playbooks import Action, Plan
from negassoc.records import Title
from negassoc.watch import Feed, Monitor, Threshold, digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negassoc.facts import Facts

BRAND = Brand("芮弥", key="ruimi")
MONDAY = dt.datetime(2026, 3, 2, tzinfo=BEIJING)
NOW = dt.datetime(2026, 3, 10, 9, tzinfo=BEIJING).astimezone(dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@attrs.frozen
class ByWord:
    brand: Brand

    def classify(self, mention: Mention | str, facts: Facts | None = None) -> Classification:
        one = Mention.of(mention)
        kind, grade = AssociationType.NONE, None
        if "踩雷" in one.text:
            kind, grade = AssociationType.CUSTOMER_COMPLAINT, Grade.P2 if "过敏" in one.text else Grade.P3
        if "离谱" in one.text:
            kind = AssociationType.UNDETERMINED
        return Classification(
            mention=one, brand=self.brand, type=kind, suspected=True, probability=1, probabilities={}, scores={}, grade=grade, findings=()
        )


@pytest.fixture
def store() -> Iterator[SqlStore]:
    with open_store(":memory:") as opened:
        yield opened


def watch(store: SqlStore, mentions: list[Mention], now: dt.datetime, *limits: Threshold, name: str = "a") -> None:
    feed = Feed(mentions, name=name, complete=True)
    Monitor([feed], [BRAND], store=store, classifier=ByWord, thresholds=limits, clock=lambda: now).run()


def said(n: int, text: str, at: dt.datetime, platform: str = "xiaohongshu") -> Mention:
    return Mention(text, id=str(n), platform=platform, published_at=at.astimezone(dt.UTC), author=Author(nickname="爱喝茶的小满"))


@pytest.fixture
def week(store: SqlStore) -> list[Mention]:
    mentions = [
        said(1, "踩雷 上周的", MONDAY - HOUR),
        said(2, "踩雷 周一零点，电话13800138000", MONDAY),
        said(3, "踩雷 过敏", MONDAY + 2 * DAY, "kuaishou"),
        said(4, "很好", MONDAY + 2 * DAY + HOUR),
        said(5, "离谱", MONDAY + 6 * DAY + 23 * HOUR),
        said(6, "踩雷 下周一零点", MONDAY + 7 * DAY),
    ]
    watch(store, mentions, (MONDAY + 3 * DAY).astimezone(dt.UTC), Threshold("any", kind="count", at_least=1))
    return mentions


def test_a_week_runs_from_monday_to_sunday_in_beijing(store: SqlStore, week: list[Mention]) -> None:
    page = digest(store, BRAND, dt.date(2026, 3, 5), now=NOW)
    assert (page.start, page.end) == (MONDAY, MONDAY + 7 * DAY)
    assert (page.total, page.negative, page.of_type(AssociationType.UNDETERMINED)) == (4, 2, 1)
    assert page.of_type_before(AssociationType.CUSTOMER_COMPLAINT) == 1
    assert [page.of_grade(grade) for grade in Grade] == [0, 0, 1, 1]
    assert page.by_platform() == {"xiaohongshu": 3, "kuaishou": 1}
    assert [(day.date.day, day.all, day.negative) for day in page.days] == [
        (2, 1, 1), (3, 0, 0), (4, 2, 1), (5, 0, 0), (6, 0, 0), (7, 0, 0), (8, 1, 0)
    ]  # fmt: skip
    assert [one.mention.id for one in page.top] == ["3", "2"]
    assert len(page.alerts) == 1
    assert page == digest(store, BRAND, dt.date(2026, 3, 8), now=NOW)
    assert page == digest(store, BRAND, now=NOW)


def test_edits_and_absences_are_counted_in_the_week_in_which_they_were_noticed(store: SqlStore, week: list[Mention]) -> None:
    week[1] = said(2, "踩雷 改过了", MONDAY)
    del week[3]
    watch(store, week, (MONDAY + 4 * DAY).astimezone(dt.UTC))
    page = digest(store, BRAND, MONDAY.date(), now=NOW)
    assert (page.first_seen, page.edited, page.not_seen) == (6, 1, 1)
    assert "不能据此认定已删除" in page.to_markdown()
    assert digest(store, BRAND, MONDAY.date() + 7 * DAY, now=NOW).not_seen == 0


def test_what_is_not_known_is_no_zero(store: SqlStore) -> None:
    page = digest(store, BRAND, MONDAY.date(), now=NOW)
    assert {day.all for day in page.days} == {None}
    assert page.of_type_before(AssociationType.NONE) is None
    assert "这不等于没有人提到" in page.to_markdown()
    assert "That does not mean nothing was said" in page.to_markdown("en")
    watch(store, [said(1, "踩雷", MONDAY + HOUR)], (MONDAY + DAY).astimezone(dt.UTC))
    page = digest(store, BRAND, MONDAY.date(), now=(MONDAY + DAY + HOUR).astimezone(dt.UTC))
    assert [day.all for day in page.days] == [1, 0, None, None, None, None, None]
    assert "此前没有数据可比" in page.to_markdown()


def test_the_first_sight_of_an_undated_post_is_not_passed_off_as_its_date(store: SqlStore) -> None:
    seen = MONDAY + 2 * DAY + 3 * HOUR
    watch(store, [Mention("踩雷 没写时间", id="1"), said(2, "踩雷 写了时间", MONDAY + HOUR)], seen.astimezone(dt.UTC))
    page = digest(store, BRAND, MONDAY.date(), now=NOW)
    assert (page.total, page.undated, page.to_record()["undated"]) == (2, 1, 1)
    assert "其中 1 条发布时间不明，按首次看到的时间计入" in page.to_markdown()
    assert "发布时间不明，03-04 03:00 首次看到：踩雷 没写时间" in page.to_markdown()
    assert "date unknown, first seen 03-04 03:00: 踩雷 没写时间" in page.to_markdown("en")
    assert "03-02 01:00：踩雷 写了时间" in page.to_markdown()


def test_open_steps_of_cases_are_to_be_done(store: SqlStore, week: list[Mention]) -> None:
    def action(name: str, due: dt.datetime) -> Action:
        word = Title(name, name)
        return Action(
            id=name, order=1, kind="evidence", title=word, why=word, role="PR", channel=None, materials=(), due_at=due, due_basis=word,
            done_when=word, if_failed=word, basis=(), never=(), because=(),
        )  # fmt: skip

    due = {"固定|证据": NOW - HOUR, "回复": NOW + DAY, "复盘": NOW + 30 * DAY}
    plan = Plan(
        type=AssociationType.CUSTOMER_COMPLAINT, brand=BRAND, platform=None, grade=Grade.P2, mentions=(), now=NOW,
        actions=tuple(action(name, at) for name, at in due.items()),
    )  # fmt: skip
    Case.open(plan, who="小林", at=NOW, id="c1").save(store)
    text = digest(store, BRAND, MONDAY.date(), now=NOW).to_markdown()
    todo, coming = text.split("## 五、待办")[1].split("## 六、下周")
    assert "**已超时** 固定\\|证据（应于 03-10 08:00 完成，案件 c1）" in todo
    assert "03-11 09:00 前：回复（案件 c1）" in coming
    assert "复盘（" not in text


def test_the_page_has_the_sections_people_expect(store: SqlStore, week: list[Mention]) -> None:
    page = digest(store, BRAND, MONDAY.date(), now=NOW)
    zh, en = page.to_markdown(), page.to_markdown("en")
    assert [line for line in zh.splitlines() if line.startswith("## ")] == [
        "## 一、发现", "## 二、类型", "## 三、等级", "## 四、趋势", "## 五、待办", "## 六、下周"
    ]  # fmt: skip
    assert zh.startswith("# 芮弥 舆情周报 2026-03-02 至 2026-03-08\n")
    assert "本周发布 4 条（小红书 3、快手 1），其中负面 2 条（上周 1 条）" in zh
    assert "负面提及比上周增加 1 条" in zh
    assert "1 more negative mentions than the week before." in en
    assert "13800138000" not in zh + en
    assert "小满" not in zh + en
    assert page._repr_markdown_() == zh


def test_the_record_is_plain_and_masked(store: SqlStore, week: list[Mention]) -> None:
    record = json.dumps(digest(store, BRAND, MONDAY.date(), now=NOW).to_record(), ensure_ascii=False)
    assert "13800138000" not in record
    assert json.loads(record)["by_type"]["customer_complaint"] == 2
    assert json.loads(record)["negative_before"] == 1


@pytest.mark.postgres
def test_postgresql_gives_the_same_week(store: SqlStore, week: list[Mention], postgres_url: str) -> None:
    with open_store(postgres_url) as other:
        watch(other, week, (MONDAY + 3 * DAY).astimezone(dt.UTC), Threshold("any", kind="count", at_least=1))
        assert digest(other, BRAND, now=NOW).to_markdown() == digest(store, BRAND, now=NOW).to_markdown()


def test_a_path_in_place_of_a_store_is_refused_by_name() -> None:
    with pytest.raises(DataError, match=r"store: expected an open store, found 'x.db'; open it with open_store\('x.db'\)"):
        digest("x.db", BRAND)  # type: ignore[arg-type]
