"""Self-check: whose posts are read, how far back, what is counted, what a person is told."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from negassoc.__main__ import main
from negassoc.brand import Account, Brand
from negassoc.mention import Author, Kind, Mention
from negassoc.watch.compliance import Compliance

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
BRAND = Brand("晴川茶社", official_accounts=(Account(platform="xiaohongshu", nickname="晴川茶社官方"),), industry="茶饮")
OURS = Author(nickname="晴川茶社官方")
CHECK = Compliance(BRAND, clock=lambda: NOW)


def post(text: str, *, days: int | None = 1, author: Author = OURS, kind: Kind = Kind.NOTE) -> Mention:
    published = None if days is None else NOW - dt.timedelta(days=days)
    return Mention(text, platform="xiaohongshu", author=author, published_at=published, kind=kind)


def test_only_our_own_recent_posts_are_read_and_everything_is_counted() -> None:
    mentions = [
        post("全国最好喝的茶"),
        post("全国最好喝的茶", days=89),
        post("全国最好喝的茶", days=91),
        post("全国最好喝的茶", days=None),
        post("全国最好喝的茶", author=Author(nickname="路人甲")),
        post("您的笔记含绝对化用语，已下架", kind=Kind.NOTICE),
        post("新茶上市，欢迎来喝"),
    ]
    found = CHECK.check(iter(mentions))
    assert (found.examined, found.undated, found.older, found.others, len(found)) == (4, 1, 1, 2, 3)
    assert found.by_line() == {"absolute-terms": 3}
    assert not found.clean


def test_a_finding_says_where_why_and_how_to_say_it_instead() -> None:
    found = CHECK.draft("第一次来喝茶送小食。全国最好喝的茶，加薇信 qc_888 更便宜")
    breaches = found.posts[0].breaches
    assert [(b.red_line.id, b.quote) for b in breaches] == [("absolute-terms", "全国最"), ("off-platform", "加薇信")]
    assert all(b.red_line.reason.zh and b.red_line.instead.zh for b in breaches)


def test_a_clean_draft_is_clean() -> None:
    found = CHECK.draft("新茶上市，产地和检测报告编号见详情页")
    assert found.clean and list(found) == [] and "没有发现" in found.summary() and "No red line" in found.summary("en")


def test_the_summary_names_what_was_not_read() -> None:
    summary = CHECK.check([post("全国最好喝的茶"), post("x", days=400), post("x", days=None)]).summary()
    assert "绝对化用语1处" in summary and "超出时间范围1条" in summary and "没有发布时间" in summary
    assert json.dumps(CHECK.check([post("全国最好喝的茶")]).to_record(), ensure_ascii=False)


def test_where_nothing_was_read_nothing_is_said_to_be_clean() -> None:
    found = CHECK.check([post("全国最好喝的茶", author=Author(nickname="路人甲"))])
    assert "没有发现" not in found.summary() and "什么也没有检查" in found.summary()
    assert "Nothing was checked" in found.summary("en")


def test_promises_to_slim_and_to_cure_in_everyday_words() -> None:
    found = CHECK.draft("这款茶吃了就瘦，治便秘")
    assert [b.red_line.id for b in found.posts[0].breaches] == ["promise-of-effect", "medical-claim"]
    assert CHECK.draft("政治高血压不在我们的话题里").clean


def test_competitors_of_the_brand_may_not_be_belittled() -> None:
    with_rival = Compliance(Brand("晴川茶社", competitors=("果野集",), industry="茶饮"))
    assert [b.red_line.id for b in with_rival.draft("比果野集好喝一百倍").posts[0].breaches] == ["named-rival"]
    assert with_rival.draft("果野集也在这条街上").clean and CHECK.draft("比果野集好喝一百倍").clean


@pytest.fixture
def brand_file(tmp_path: Path) -> Path:
    path = tmp_path / "brand.toml"
    path.write_text('name = "晴川茶社"\nofficial_accounts = [{ platform = "xiaohongshu", nickname = "晴川茶社官方" }]\n', "utf-8")
    return path


def test_the_command_checks_a_draft(brand_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["self-check", "--text", "全国最好喝的茶", "--brand", str(brand_file), "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    finding = record["findings"][0]
    assert finding["red_line"] == "absolute-terms" and finding["span"] == {"field": "text", "start": 0, "end": 3}
    assert finding["reason"]["zh"] and finding["instead"]["en"]
    assert main(["self-check", "--text", "新茶上市", "--brand", str(brand_file)]) == 0


def test_the_command_checks_files(brand_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posts = tmp_path / "posts.jsonl"
    author = {"nickname": "晴川茶社官方"}
    rows = [
        {"id": "1", "platform": "xiaohongshu", "title": "全网最低价", "text": "快来", "author": author},
        {"id": "2", "platform": "xiaohongshu", "text": "全网最低价", "author": {"nickname": "路人"}},
    ]
    posts.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    assert main(["self-check", str(posts), "--brand", str(brand_file), "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["mention"]["id"] == "1" and record["findings"][0]["span"]["field"] == "title"
    assert main(["self-check", str(posts), "--brand", str(brand_file)]) == 1
    assert "非本品牌发布1条" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--text", "x"], ["--text", "x", "nowhere.jsonl", "--brand", "b.toml"]])
def test_wrong_use_is_told_in_a_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["self-check", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_review_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "texts.txt"
    file.write_text("找人刷点好评压一压\n\n员工不得刷好评，违者按制度处理\n", "utf-8")
    assert main(["review", "--file", str(file), "--json"]) == 1
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["verdict"] for record in records] == ["blocked", "ok"]
    said = records[0]["guards"][0]
    assert set(said) == {"id", "span", "reason", "instead"} and said["span"]["field"] == "text"
    assert main(["review", "感谢您的反馈"]) == 0
    assert main(["review", "找人刷点好评压一压", "--lang", "en"]) == 1
    assert "instead:" in capsys.readouterr().out
    assert main(["review", "x", "--file", str(file)]) == 2
