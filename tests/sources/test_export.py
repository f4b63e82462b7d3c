"""`Export` over mixed, repeated, damaged and foreign files."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import pickle
import sqlite3
import zipfile
from pathlib import Path

import openpyxl
import pytest

from negassoc.brand import Account, Brand
from negassoc.errors import DataError, SourceError
from negassoc.events import Progress
from negassoc.mention import Count, Kind, Mention
from negassoc.sources import Export, Profile, Skipped

NOTE, COMMENT = "66a1b2c3000000000d00abcd", "66a2c0de000000001100abcd"


def post(**more: object) -> dict[str, object]:
    return {
        "note_id": NOTE, "type": "normal", "title": "充电宝买来三天", "desc": "就鼓包了，客服不理", "time": 1721873091000, "nickname": "路人甲",
        "user_id": "5f00000000000000000000aa", "liked_count": "1.2万", "comment_count": "1342", "last_modify_ts": 1754900000000,
        "note_url": f"https://www.xiaohongshu.com/explore/{NOTE}", "source_keyword": "示例品牌",
    } | more  # fmt: skip


def comment(**more: object) -> dict[str, object]:
    return {
        "comment_id": COMMENT, "create_time": 1721942238000, "note_id": NOTE, "content": "同款，退款拖了一个月", "nickname": "momo",
        "user_id": "5f00000000000000000000cc", "parent_comment_id": 0, "last_modify_ts": 1754900000000,
    } | more  # fmt: skip


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def balanced(export: Export) -> None:
    for file in export.files:
        assert file.rows == file.mentions + file.duplicates + len(file.skipped) + len(file.problems), file


def read(path: Path | list[Path], **options: object) -> tuple[list[Mention], Export]:
    export = Export(path, **options)  # type: ignore[arg-type]
    mentions = list(export)
    balanced(export)
    return mentions, export


def test_the_newest_wins_wherever_it_stands_and_the_searches_are_united(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        lines(post(liked_count="9", last_modify_ts=1754900000009, source_keyword="b"), post(source_keyword="a")), "utf-8"
    )
    (tmp_path / "b.json").write_text(json.dumps([post(liked_count="8", last_modify_ts=1754900000008, source_keyword="c")]), "utf-8")
    (mention,), export = read(tmp_path)
    assert mention.engagement.likes == Count(9)
    assert set(mention.queries) == {"a", "b", "c"}
    assert [file.duplicates for file in export.files] == [1, 1]


def test_a_newer_glimpse_of_a_search_does_not_replace_the_text(tmp_path: Path) -> None:
    search = {
        "data": {"items": [{"id": NOTE, "model_type": "note", "note_card": {"display_title": "充电宝", "user": {}, "interact_info": {}}}]}
    }
    (tmp_path / "1.json").write_text(json.dumps([post()]), "utf-8")
    (tmp_path / "2.json").write_text(json.dumps(search), "utf-8")
    (mention,), _ = read(tmp_path)
    assert (mention.text, mention.partial) == ("就鼓包了，客服不理", False)


def test_comments_know_their_post_from_another_file_and_coverage_says_how_little_was_read(tmp_path: Path) -> None:
    (tmp_path / "comments.jsonl").write_text(lines(*(comment(comment_id=f"66a2c0de0000000011000{n:03}") for n in range(10))), "utf-8")
    (tmp_path / "posts.jsonl").write_text(lines(post()), "utf-8")
    mentions, export = read(tmp_path)
    assert {m.thread_title for m in mentions if m.kind is Kind.COMMENT} == {"充电宝买来三天"}
    assert str(export.coverage) == "10 of 1,342 comments read"
    assert export.coverage.zh == "1,342 条评论中读到 10 条"
    assert [str(file.coverage) for file in export.files] == ["10 of 1,342 comments read"] * 2


@pytest.mark.parametrize("told", ["去了示例茶\n#探店[话题]#", "茶" * 300, '引号"和\\\\' * 60])
def test_comments_know_how_the_text_of_their_post_begins(tmp_path: Path, told: str) -> None:
    (tmp_path / "comments.jsonl").write_text(lines(comment()), "utf-8")
    (tmp_path / "posts.jsonl").write_text(lines(post(note_id="66a1b2c3000000000d00abce"), post(desc=told)), "utf-8")
    mentions, _ = read(tmp_path)
    assert [m.thread_text for m in mentions] == [told[:200], None, None]
    records = Export.of([m.to_record() | {"thread_title": None, "thread_text": None} for m in mentions])
    assert next((m.thread_title, m.thread_text) for m in records) == ("充电宝买来三天", told[:200])


@pytest.mark.parametrize("told", ["茶" * 250 + "\n#示例茶[话题]# #探店", '引号"和' * 60 + "#示例茶 #探店"])
def test_hashtags_at_the_end_of_a_long_post_are_told_too(tmp_path: Path, told: str) -> None:
    (tmp_path / "comments.jsonl").write_text(lines(comment()), "utf-8")
    (tmp_path / "posts.jsonl").write_text(lines(post(desc=told)), "utf-8")
    (heard,) = {m.thread_text for m in read(tmp_path)[0] if m.kind is Kind.COMMENT}
    assert heard is not None
    assert heard.startswith(told[:200])
    assert heard.endswith("#探店")
    assert "#示例茶" in heard


def test_a_glimpse_of_a_post_without_its_text_does_not_hide_how_it_begins(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(json.dumps([post(), post(desc=""), comment()]), "utf-8")
    assert [m.thread_text for m in read(tmp_path)[0] if m.kind is Kind.COMMENT] == ["就鼓包了，客服不理"]


def test_a_table_may_say_how_the_post_of_a_comment_begins() -> None:
    rows = [{"评论内容": "没人管", "所属笔记标题": "避雷", "所属笔记正文": "茶" * 300}]
    (one,) = Export.of(rows)
    assert (one.thread_title, one.thread_text) == ("避雷", "茶" * 200)


def test_a_post_and_a_comment_may_bear_the_same_id(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(post(), comment(comment_id=NOTE)), "utf-8")
    assert len(read(tmp_path)[0]) == 2


def test_it_can_be_read_again_and_again(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(post(), comment()), "utf-8")
    export = Export(tmp_path)
    assert list(export) == list(export)
    assert len(export.files) == 1


def test_own_accounts_are_marked_by_id_hash_and_nickname(tmp_path: Path) -> None:
    own = "5f00000000000000000000bb"
    rows = [
        comment(comment_id="66a2c0de000000001100ab01", user_id=own),
        comment(comment_id="66a2c0de000000001100ab02", user_id=None, creator_hash=hashlib.sha256(own.encode()).hexdigest()[:16]),
        comment(comment_id="66a2c0de000000001100ab03", user_id="5f00000000000000000000dd", nickname="示例官方"),
        comment(comment_id="66a2c0de000000001100ab04", user_id=None, nickname="示例官方"),
    ]
    (tmp_path / "a.jsonl").write_text(lines(*rows), "utf-8")
    brand = Brand("示例", official_accounts=(Account(platform="xhs", nickname="示例官方", id=own),))
    mentions, _ = read(tmp_path, brand=brand)
    assert [m.author.official for m in mentions] == [True, True, None, True]


def test_a_damaged_line_is_named_and_its_neighbours_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines(post()) + '{"note_id": "broken\n' + "\n" + lines(comment()) + json.dumps(comment())[:60], "utf-8")
    mentions, export = read(path)
    assert len(mentions) == 2
    assert [problem.where for problem in export.problems] == [f"{path}:2", f"{path}:5"]
    assert "ends in the middle" in export.problems[1].what


def test_a_cut_list_keeps_what_parses_before_and_after_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    whole = json.dumps([post(), comment(), comment(comment_id="66a2c0de000000001100ab02")], ensure_ascii=False, indent=4)
    path.write_text(whole[:-30], "utf-8")
    mentions, export = read(path)
    assert len(mentions) == 2
    assert len(export.problems) == 1
    path.write_text(whole.replace('"create_time"', '"create_time', 1), "utf-8")
    mentions, export = read(path)
    assert [m.id for m in mentions] == [NOTE, "66a2c0de000000001100ab02"]
    assert len(export.problems) == 1


def test_a_csv_in_gbk_with_a_banner_nul_bytes_and_a_cut_end(tmp_path: Path) -> None:
    head = "笔记ID,标题,内容,点赞数\r\n"
    good = f'{NOTE},充电宝,"就鼓包了,\n客服不理",1.2万\r\n'
    text = (
        "导出结果,导出结果,导出结果,导出结果\r\n"
        + head
        + good
        + "66a1b2c3000000000d00abce,短\r\n"
        + '66a1b2c3000000000d00abcf,题,"没有写完'
    )
    (tmp_path / "a.csv").write_bytes(text.encode("gbk").replace(b"1.2", b"1\0.2"))
    (mention,), export = read(tmp_path)
    assert (mention.id, mention.text, mention.engagement.likes) == (NOTE, "就鼓包了,\n客服不理", Count(12000, "about"))
    assert [problem.where.rpartition(":")[2] for problem in export.problems] == ["5", "6"]
    assert "2 fields where the header has 4" in export.problems[0].what
    assert "never closed" in export.problems[1].what


def test_rows_of_another_era_in_one_csv_are_reported_not_shifted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"note_id,type,title,desc,time,user_id,last_modify_ts\n{NOTE},normal,题,文,1721873091000,u,1\n{NOTE},normal,题,文,1\n", "utf-8-sig"
    )
    mentions, export = read(tmp_path)
    assert len(mentions) == len(export.problems) == 1


def test_ids_that_a_spreadsheet_damaged_are_named_and_join_nothing(tmp_path: Path) -> None:
    rows = "评论ID,视频ID,评论内容\n7.12345E+18,5212345678901230000,没人管\n7.12345E+18,5212345678901230000,退款\n"
    (tmp_path / "a.csv").write_text(rows, "utf-8")
    mentions, export = read(tmp_path)
    assert [(m.text, m.post_id) for m in mentions] == [("没人管", None), ("退款", None)]
    assert len(export.warnings) == 2
    assert "lost digits" in export.warnings[0].what


def test_rows_of_which_only_the_text_is_known_are_never_merged(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("评论内容\n求链接\n求链接\n", "utf-8")
    mentions, _ = read(tmp_path)
    assert len(mentions) == 4
    assert len({mention.id for mention in mentions}) == 4


def test_the_same_rows_in_two_files_are_one_where_author_and_time_are_known(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(
            "昵称,评论内容,评论时间\n路人甲,求链接,2026-07-26 10:00\n路人甲,求链接,2026-07-26 10:00\n", "utf-8"
        )
    assert len(read(tmp_path)[0]) == 2


def test_several_texts_beside_one_post_id_are_comments_not_one_post(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"note_id,content\n{NOTE},客服不理\n{NOTE},退款了\n", "utf-8")
    mentions, _ = read(tmp_path)
    assert [(m.kind, m.post_id, m.text) for m in mentions] == [(Kind.COMMENT, NOTE, "客服不理"), (Kind.COMMENT, NOTE, "退款了")]


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("readme.md", b"# Title\n\nSome words, and more words.\n", "unrelated"),
        ("prices.csv", b"sku,price,stock\n1,2,3\n4,5,6\n", "no column"),
        ("package.json", b'{"name": "x", "version": "1", "description": "a tool"}', "no shape"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40, "unrelated; readable are .csv"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "save its tables as .xlsx"),
        ("new.docx", zipped("[Content_Types].xml", "word/document.xml"), "save its tables as .xlsx"),
        ("settings.toml", b'name = "x"\n[server]\nport = 1\n', "unrelated"),
        ("page.html", "<!doctype html><html><body>该笔记已被删除</body></html>".encode(), "该笔记已被删除"),
        ("list.json", b"[]", "empty list"),
        ("numbers.json", b"[1, 2, 3]", "no shape"),
    ],
)
def test_an_unrelated_file_is_a_named_skip_beside_the_good_ones(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    (tmp_path / "good.jsonl").write_text(lines(post()), "utf-8")
    (tmp_path / name).write_bytes(content)
    mentions, export = read(tmp_path)
    assert len(mentions) == 1
    assert [word in skipped.why for skipped in export.skipped] == [True]
    file = next(file for file in export.files if file.path.endswith(name))
    assert (file.tool, file.rows) == (None, 1)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.jsonl", b"", "empty"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, ".xlsx"),
        ("broken.xlsx", b"PK\x03\x04 not a workbook", "cannot be read"),
        ("broken.db", b"SQLite format 3\0" + b"\x01" * 200, "damaged"),
        ("broken.gz", b"\x1f\x8b\x08\x00garbage", "cannot be read"),
        ("broken.docx", b"PK\x03\x04" + b"x" * 500, "begins like a zip archive"),
        ("broken.toml", b'[[notice]]\ntext = "x\n', "not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    (tmp_path / "good.jsonl").write_text(lines(post()), "utf-8")
    (tmp_path / name).write_bytes(content)
    mentions, export = read(tmp_path)
    assert len(mentions) == 1
    assert [word in str(problem) and name in problem.where for problem in export.problems] == [True]


def test_archives_are_read_in_place(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines(post()).encode()))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("评论.jsonl", lines(comment()))
        connection = sqlite3.connect(tmp_path / "x.db")
        with connection:
            connection.execute("CREATE TABLE kuaishou_video_comment (comment_id, video_id, content, create_time, nickname)")
            connection.execute("INSERT INTO kuaishou_video_comment VALUES ('71', '3xexamplephoto01', '没人管', 1721942238000, '老铁')")
        connection.close()
        archive.write(tmp_path / "x.db", "x.db")
    (tmp_path / "x.db").unlink()
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    mentions, export = read(tmp_path)
    assert {mention.text for mention in mentions} == {"就鼓包了，客服不理", "同款，退款拖了一个月", "没人管"}
    assert any(file.path.endswith("b.zip!inner.zip!评论.jsonl") for file in export.files)


def _zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    return out.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, _zipped], ids=["gzip", "zip"])
def test_a_bomb_is_stopped_and_the_limit_named(tmp_path: Path, pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("negassoc.sources.files.FREE_SIZE", 1 << 14)
    monkeypatch.setattr("negassoc.sources.files.RATIO", 20)
    (tmp_path / "bomb").write_bytes(pack("评论内容\n".encode() + "没人管\n".encode() * (1 << 16)))  # type: ignore[operator]
    _, export = read(tmp_path)
    assert "20 times its size" in str(export.problems[0])


def test_paths_may_be_globs_lists_and_must_exist(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl", ".hidden.jsonl"):
        (tmp_path / name).write_text(lines(post(note_id=NOTE[:-1] + name[0].replace(".", "f"))), "utf-8")
    assert len(list(Export(str(tmp_path / "*.jsonl")))) == 2
    assert len(list(Export([tmp_path / "a.jsonl", tmp_path / "b.jsonl"]))) == 2
    assert len(list(Export(tmp_path))) == 2
    with pytest.raises(SourceError, match="no such file or folder: nothing-here"):
        list(Export("nothing-here"))


def test_a_profile_of_ones_own_names_the_columns(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(
        'tool = "ours"\nplatform = "快手"\nkind = "comment"\n[columns]\ntext = "客户说"\nid = "流水号"\n', "utf-8"
    )
    (tmp_path / "t.csv").write_text("流水号,客户说,客服\nA-1,没人管,小王\n", "utf-8")
    (mention,), export = read(tmp_path / "t.csv", profile=tmp_path / "ours.toml")
    assert (mention.id, mention.platform, mention.kind, mention.text) == ("A-1", "kuaishou", Kind.COMMENT, "没人管")
    assert (export.files[0].tool, dict(export.files[0].guessed)) == ("ours", {})


def test_a_profile_with_mistakes_says_where(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('tool = "ours"\n[columns]\ntxt = "客户说"\n', "utf-8")
    with pytest.raises(DataError, match=r"ours.toml:\d+: .*unknown field 'txt'; did you mean 'text'"):
        Export(tmp_path, profile=path)
    (tmp_path / "t.csv").write_text("流水号,客户说\nA-1,没人管\n", "utf-8")
    _, export = read(tmp_path / "t.csv", profile=Profile("ours", columns={"text": "客户讲"}))
    assert "no column '客户讲'; did you mean '客户说'" in str(export.problems[0])


def test_what_is_already_in_memory_is_read_the_same_way() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    rows = [{"评论内容": "退款拖了一个月", "点赞数": "10+"}, {"评论内容": None, "点赞数": "1"}]
    for held in (pandas.DataFrame(rows), polars.DataFrame(rows), rows):
        export = Export.of(held)
        (mention,) = export
        assert (mention.text, mention.engagement.likes) == ("退款拖了一个月", Count(10, "at_least"))
        assert len(export.problems) == 1
    assert [m.kind for m in Export.of(["避雷", Mention("别信", kind=Kind.COMMENT)])] == [Kind.NOTE, Kind.COMMENT]
    (note,) = Export.of(json.loads('{"data": {"items": [{"id": "x", "note_card": {"desc": "x", "user": {}, "interact_info": {}}}]}}'))
    assert note.text == "x"


def test_progress_is_told_to_hooks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("评论内容\n" + "没人管\n" * 2500, "utf-8")
    told: list[object] = []
    list(Export(tmp_path, hooks=[told.append]))
    assert [event.done for event in told if isinstance(event, Progress)] == [1000, 2000]


def test_utf16_and_mixed_encodings_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("评论内容,昵称\r\n没人管,甲\r\n".encode("utf-16"))
    (tmp_path / "b.jsonl").write_bytes(
        lines(comment()).encode() + lines(comment(comment_id=COMMENT[:-1] + "1", content="另一种编码")).encode("gbk")
    )
    assert {m.text for m in read(tmp_path)[0]} == {"没人管", "同款，退款拖了一个月", "另一种编码"}


def test_an_unknown_line_among_known_ones_is_skipped_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(post(), {"foo": 1}, {"user_id": "1", "fans": 1, "follows": 2, "interaction": 3}), "utf-8")
    _, export = read(tmp_path)
    assert [type(one) for one in export.skipped] == [Skipped, Skipped]
    assert "creator" in export.skipped[1].why


def test_comments_in_a_list_beside_their_post_are_tied_to_it(tmp_path: Path) -> None:
    made = [
        {
            "title": "充电宝",
            "content": "就鼓包了",
            "url": f"https://www.xiaohongshu.com/explore/{NOTE}",
            "comments": ["求链接", {"content": "别买", "user": "甲"}, ""],
        }
    ]
    (tmp_path / "a.json").write_text(json.dumps(made), "utf-8")
    mentions, export = read(tmp_path)
    assert [(m.kind, m.text, m.post_id, m.thread_title) for m in mentions] == [
        (Kind.NOTE, "就鼓包了", None, None), (Kind.COMMENT, "求链接", NOTE, "充电宝"), (Kind.COMMENT, "别买", NOTE, "充电宝"),
    ]  # fmt: skip
    assert len(export.problems) == 1


def test_rows_inside_an_envelope_or_under_their_ids_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"RECORDS": [{"评论内容": "没人管"}, {"评论内容": "退款"}]}), "utf-8")
    (tmp_path / "b.json").write_text(
        json.dumps({"k1": {"content": "就鼓包了", "author": "甲"}, "k2": {"content": "别信", "author": "乙"}}), "utf-8"
    )
    assert {m.text for m in read(tmp_path)[0]} == {"没人管", "退款", "就鼓包了", "别信"}


def test_a_spreadsheet_s_day_numbers_are_times() -> None:
    (mention,) = Export.of([{"评论内容": "没人管", "评论时间": 45498.5}])
    assert mention.published_at is not None
    assert mention.published_at.isoformat() == "2024-07-25T04:00:00+00:00"


@pytest.mark.parametrize(
    ("shown", "at", "raw"),
    [
        ("45982", "2025-11-20T16:00:00+00:00", None), ("45982.7951", "2025-11-21T11:04:57+00:00", None),
        ("11月20日", None, "11月20日"), ("08-19", None, "08-19"), ("39999", None, None), ("61000", None, None),
        ("2026/11/20 7:05 PM", "2026-11-20T11:05:00+00:00", "2026/11/20 7:05 PM"),
    ],
)  # fmt: skip
def test_times_as_spreadsheets_write_them_into_a_csv(tmp_path: Path, shown: str, at: str | None, raw: str | None) -> None:
    (tmp_path / "a.csv").write_text(f"评论内容,时间\n没人管,{shown}\n", "utf-8")
    ((mention,), _) = read(tmp_path)
    assert (mention.published_at.isoformat() if mention.published_at else None, mention.published_raw) == (at, raw)


@pytest.mark.parametrize("column", ["发布者昵称", "网名", "小红书昵称", "快手昵称"])
def test_an_author_s_column_has_many_names(column: str) -> None:
    (mention,) = Export.of([{"评论内容": "没人管", column: "路人甲"}])
    assert mention.author.nickname == "路人甲"


@pytest.mark.parametrize("column", ["所属笔记", "所在笔记", "来源笔记", "所属作品", "笔记名称"])
def test_the_post_that_a_comment_stands_under_has_many_names(column: str) -> None:
    (mention,) = Export.of([{"评论内容": "没人管", column: "充电宝避雷"}])
    assert (mention.kind, mention.title, mention.thread_title) == (Kind.COMMENT, None, "充电宝避雷")


def test_what_stands_under_a_post_is_a_comment_and_a_note_s_name_is_its_title() -> None:
    (under,) = Export.of([{"内容": "没人管", "所属笔记": "充电宝避雷"}])
    assert (under.kind, under.thread_title) == (Kind.COMMENT, "充电宝避雷")
    (note,) = Export.of([{"笔记名称": "充电宝避雷", "正文": "三次就鼓包"}])
    assert (note.kind, note.title, note.thread_title) == (Kind.NOTE, "充电宝避雷", None)


@pytest.mark.parametrize("cell", [NOTE, "https://www.xiaohongshu.com/explore/" + NOTE, "5212345678901"])
def test_the_id_or_address_of_a_post_is_not_its_title(cell: str) -> None:
    (mention,) = Export.of([{"评论内容": "没人管", "所属笔记": cell}])
    assert mention.thread_title is None


@pytest.mark.parametrize(
    "odd",
    [
        post(), post(title="", desc="只有正文"), post(title="就鼓包了", desc="就鼓包了，客服不理"), post(title='带"引号"的'), post(desc="", title="只有标题"),
        post(desc=" ", title=""), post(source_keyword=None), post(source_keyword=""), post(comment_count=None), post(comment_count=12),
        post(last_modify_ts="1754900000000"), post(last_modify_ts=0), post(desc="{花括号}"), post(note_id="5212345678901234567"), post(note_id=None),
        comment(), comment(content=""), comment(content="None"), comment(content="未知"), comment(content="\t换行"), comment(content='"comment_id": "x"'),
        comment(comment_id=712345678901), comment(last_modify_ts=None), comment(extra={"note_id": "x"}),
    ],
)  # fmt: skip
def test_a_line_that_is_only_glanced_at_counts_like_one_that_is_parsed(tmp_path: Path, odd: dict[str, object]) -> None:
    rows = [post(note_id=NOTE[:-1] + "e"), comment(comment_id=COMMENT[:-1] + "e"), odd, odd | {"nickname": "再来"}]
    (tmp_path / "lines.jsonl").write_text(lines(*rows), "utf-8")
    (tmp_path / "list.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    glanced, first = read(tmp_path / "lines.jsonl")
    parsed, second = read(tmp_path / "list.json")
    assert glanced == parsed
    assert [(f.rows, f.duplicates, len(f.problems)) for f in first.files] == [(f.rows, f.duplicates, len(f.problems)) for f in second.files]
    assert first.coverage == second.coverage


def test_a_quote_within_a_bare_field_is_a_sign_like_others(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('昵称,评论内容\n甲,他说"好\n乙,没人管\n丙,"带,逗号"\n', "utf-8")
    mentions, export = read(tmp_path)
    assert [m.text for m in mentions] == ['他说"好', "没人管", "带,逗号"]
    assert not export.problems


def test_a_cell_beyond_the_header_of_a_workbook_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["品牌", "评论"], ["炉边记", "肉不新鲜", "还贵"], ["炉边记", "不好", None]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    mentions, export = read(tmp_path)
    assert [m.text for m in mentions] == ["肉不新鲜", "不好"]
    (warning,) = export.warnings
    assert warning.where.endswith(":2") and "'还贵' stands in a column without a name" in warning.what


def test_lines_that_end_as_on_old_macs(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("昵称,评论内容\r甲,没人管\r乙,退款\r".encode())
    assert [m.text for m in read(tmp_path)[0]] == ["没人管", "退款"]


def test_unquoted_commas_in_a_text_at_the_end_belong_to_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("昵称,评论内容\n甲,没人管,退款,投诉\n", "utf-8")
    assert [m.text for m in read(tmp_path)[0]] == ["没人管,退款,投诉"]


def test_a_row_wider_than_its_header_keeps_its_text_whole_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("品牌,评论\n炉边记,肉不新鲜,还贵\n炉边记,不好\n", "utf-8")
    mentions, export = read(tmp_path)
    assert [(m.brand, m.text) for m in mentions] == [("炉边记", "肉不新鲜,还贵"), ("炉边记", "不好")]
    (warning,) = export.warnings
    assert warning.where.endswith("a.csv:2") and warning.what.startswith(
        "评论: 3 fields where the header has 2; the last ones are read as one text"
    )
    assert not export.problems


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"序号": "1", "评论": "退款拖了一个月"}, Kind.COMMENT), ({"评论内容(原文)": "退款拖了一个月，没人管我"}, Kind.COMMENT), ({"noteDesc": "就鼓包了"}, Kind.NOTE),
        ({"买家说": "充电三次就鼓包了，没人管", "星级": "1"}, Kind.NOTE), ({"sentence": "就鼓包了", "y": "1"}, Kind.NOTE), ({"标题": "就鼓包了"}, Kind.NOTE),
        ({"评价内容": "就鼓包了"}, Kind.REVIEW), ({"姓名": "张三", "家庭地址": "示例省示例市示例路一百二十号"}, None), ({"open": "1.2", "close": "3"}, None),
    ],
)  # fmt: skip
def test_a_column_that_holds_what_people_say_is_found(row: dict[str, str], kind: Kind | None) -> None:
    export = Export.of([row])
    assert [mention.kind for mention in export] == ([kind] if kind else [])
    assert bool(export.files[0].guessed) == (kind is not None)


def test_a_kind_that_nobody_knows_is_told_and_the_row_kept(tmp_path):
    table = tmp_path / "a.csv"
    table.write_text("编号,内容,类型\na1,青芒屿退款拖了一个月没人理,大字报\na2,青芒屿好喝推荐给大家,评论\n", "utf-8")
    export = Export(table)
    assert [mention.kind for mention in export] == [Kind.NOTE, Kind.COMMENT]
    assert [(problem.where.rpartition(":")[2], "'大字报' is not known" in problem.what) for problem in export.warnings] == [("2", True)]


def told(export: Export) -> list[str]:
    return [f"{warning.where.rpartition(':')[2]} {warning.what.partition(' is no')[0]}" for warning in export.warnings]


def test_a_date_or_count_that_is_none_is_told_with_row_and_column_and_the_row_kept(tmp_path):
    table = tmp_path / "a.csv"
    odd = "发货慢,2026-13-45,abc,赞\n"  # a button's label is no mistake
    table.write_text(
        "内容,发布时间,点赞数,评论数\n" + odd + "很好用,2026-01-01 10:00,10+,3\n还行,3天前,—,5\n不错,昨天 19:20,1.2万,0\n退款了,,7,2\n",
        "utf-8",
    )
    mentions, export = read(tmp_path)
    assert told(export) == ["2 发布时间: '2026-13-45'", "2 点赞数: 'abc'"]
    assert (len(mentions), export.problems) == (5, ())
    assert (mentions[0].published_at, mentions[0].published_raw, mentions[0].engagement.likes) == (None, "2026-13-45", None)


@pytest.mark.parametrize(
    ("shown", "fetched", "at"),
    [
        ("昨天 12:30", "2026-11-20 10:00", "2026-11-19T04:30:00+00:00"), ("12-18 08:00", "2026-11-20 10:00", "2025-12-18T00:00:00+00:00"),
        ("2小时前", "2026-11-20 10:00", "2026-11-20T00:00:00+00:00"), ("2小时前", "2026-11-20", None), ("3天前", "", None),
        ("2026-11-01 09:00", "2026-11-20 10:00", "2026-11-01T01:00:00+00:00"),
    ],
)  # fmt: skip
def test_what_a_platform_shows_as_a_time_is_counted_from_when_it_was_fetched(tmp_path, shown, fetched, at):
    (tmp_path / "a.csv").write_text(f"内容,发布时间,采集时间\n发货慢,{shown},{fetched}\n", "utf-8")
    (mention,) = read(tmp_path)[0]
    assert (mention.published_at.isoformat() if mention.published_at else None, mention.published_raw) == (at, shown)


def test_the_same_holds_for_a_known_tools_rows(tmp_path):
    (tmp_path / "a.jsonl").write_text(lines(comment(create_time="昨天 12:30", comment_id="7")), "utf-8")  # fetched on 2025-08-11
    assert [mention.published_at.isoformat() for mention in read(tmp_path)[0]] == ["2025-08-10T04:30:00+00:00"]


def test_a_column_of_counts_is_read_whatever_word_or_sign_stands_in_its_cells(tmp_path):
    (tmp_path / "a.csv").write_text("作品ID,视频描述,播放量,获赞数\n3xabc,喝出虫子,12.3万次播放,1.2k\n3xabd,打卡,999次播放,—\n", "utf-8")
    mentions = read(tmp_path)[0]
    assert [str(mention.engagement.views) for mention in mentions] == ["≈123000", "999"]
    assert [str(mention.engagement.likes) for mention in mentions] == ["≈1200", "None"]


def test_a_table_without_a_header_or_without_rows_is_told_what_it_lacks(tmp_path):
    (tmp_path / "a.csv").write_text("退款没到账,2026-11-20,12\n好喝,2026-11-21,3\n", "utf-8")
    (tmp_path / "b.csv").write_text("标题,正文\n", "utf-8")
    bare, empty = read(tmp_path)[1].skipped
    assert "if the first line is no header, put one above it" in bare.why
    assert empty.why == "a table with a header and no row (标题, 正文)"


@pytest.mark.parametrize(
    ("shown", "located", "at", "place"),
    [
        ("编辑于 2026-11-10 上海", "", "2026-11-09T16:00:00+00:00", "上海"), ("发布于 11-10 上海", "", "2026-11-09T16:00:00+00:00", "上海"),
        ("2天前 上海", "", "2026-11-18T02:00:00+00:00", "上海"), ("2天前 上海", "IP属地：四川", "2026-11-18T02:00:00+00:00", "四川"),
        ("5 分钟前", "", "2026-11-20T01:55:00+00:00", None), ("很久 以前", "", None, None),
    ],
)  # fmt: skip
def test_a_time_is_read_as_platforms_show_it_with_the_place_behind_it(tmp_path, shown, located, at, place):
    (tmp_path / "a.csv").write_text(f"内容,发布时间,采集时间,IP属地\n发货慢,{shown},2026-11-20 10:00,{located}\n", "utf-8")
    (mention,) = read(tmp_path)[0]
    assert (mention.published_at.isoformat() if mention.published_at else None, mention.published_raw) == (at, shown)
    assert mention.ip_location == place


def test_the_place_behind_the_time_is_kept_of_a_known_tools_rows_too(tmp_path):
    (tmp_path / "a.jsonl").write_text(lines(comment(create_time="2天前 上海"), post(time="编辑于 2026-11-10 上海")), "utf-8")
    assert [mention.ip_location for mention in read(tmp_path)[0]] == ["上海", "上海"]


def test_a_spreadsheets_day_number_is_a_time_in_own_records_too():
    (mention,) = Export.of([{"text": "发货慢", "kind": "note", "published_at": "46000.5"}])
    assert mention.published_at.isoformat() == "2025-12-09T04:00:00+00:00"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_row_of_totals_is_set_aside_by_name(tmp_path, name):
    rows = [
        ["标题", "点赞数", "占比"],
        ["发货慢", 3, "60%"],
        ["合计多收了我两块", 2, "40%"],
        ["小 计", 5, None],
        ["总计：", "1.2万", "100%"],
    ]
    if name.endswith("csv"):
        (tmp_path / name).write_text("".join(",".join(str(cell or "") for cell in row) + "\n" for row in rows), "utf-8")
    else:
        (book := openpyxl.Workbook()).active.title = "a"
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
    mentions, export = read(tmp_path)
    assert [mention.title for mention in mentions] == ["发货慢", "合计多收了我两块"]
    assert [(one.where.rpartition(":")[2], one.why) for one in export.skipped] == [
        ("4", "a row of totals, said by nobody"), ("5", "a row of totals, said by nobody"),
    ]  # fmt: skip


def test_what_was_not_read_to_its_end_claims_no_numbers(tmp_path):
    (tmp_path / "a.jsonl").write_text(lines(comment(), comment(comment_id="7")), "utf-8")
    export = Export(tmp_path)
    for begin in (lambda: None, lambda: next(iter(export))):
        begin()
        assert repr(export.coverage) == "<Coverage: not read to the end yet>"
        assert (str(export.coverage), export.coverage.zh) == ("not read to the end yet", "还没有读完，数字未知")
    assert len(list(export)) == 2
    assert repr(export.coverage) == "<Coverage: 2 comments read; how many there are is not known>"


def test_an_export_can_be_given_to_another_process(tmp_path):
    (tmp_path / "a.jsonl").write_text(lines(comment()), "utf-8")
    for export in (Export(tmp_path), Export.of([comment()])):
        assert list(pickle.loads(pickle.dumps(export))) == list(export) != []


@pytest.mark.parametrize("odd", [{"like_count": "abc"}, {"create_time": "soon"}])
def test_the_same_is_told_of_a_known_tools_rows(tmp_path, odd):
    plain = {"like_count": "3", "sub_comment_count": "0"}
    (tmp_path / "a.jsonl").write_text(lines(comment(**plain), comment(**plain | odd, comment_id="7")), "utf-8")
    mentions, export = read(tmp_path)
    assert (len(mentions), [one.split()[:2] for one in told(export)]) == (2, [["2", f"{next(iter(odd))}:"]])


def test_the_same_is_told_of_own_records():
    record = {"id": "1", "kind": "note", "text": "发货慢", "published_at": "2026-13-45", "engagement": {"likes": "abc", "comments": 3}}
    export = Export.of([record, record | {"id": "2", "published_at": "2026-01-01T10:00:00+08:00", "engagement": None}])
    assert len(list(export)) == 2
    assert told(export) == ["1 published_at: '2026-13-45'", "1 likes: 'abc'"]


def test_a_data_frame_may_lack_a_time():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"内容": ["发货慢", "很好用"], "发布时间": [pandas.NaT, pandas.Timestamp("2026-01-01 10:00")]})
    export = Export.of(frame)
    assert [mention.published_at and mention.published_at.isoformat() for mention in export] == [None, "2026-01-01T02:00:00+00:00"]
    assert (export.problems, export.warnings) == ((), ())


def test_an_export_says_what_it_is_and_that_it_was_not_read_yet(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("评论内容\n没人管\n", "utf-8")
    export = Export(tmp_path / "a.csv")
    assert repr(export) == f"<Export {tmp_path / 'a.csv'}: not read yet>"
    assert len(list(export)) == 1
    assert repr(export).endswith("a.csv: 1 files, 1 mentions, 0 problems; 1 comments read; how many there are is not known>")
    assert repr(Export.of([{"text": "没人管"}], name="ours")) == "<Export ours: not read yet>"
