"""rows = mentions + duplicates + skipped + problems, for every file, whatever is done to it; and nothing but a typed error comes out."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negassoc.errors import NegassocError
from negassoc.mention import Mention
from negassoc.sources import Export
from negassoc.sources.ledger import Ledger

DATA = Path(__file__).parent.parent / "data"
SEEDS = [path for path in sorted(DATA.glob("*/*")) if path.parent.joinpath("mentions.json").exists() and path.name != "mentions.json"]
NOTE = "66a1b2c3000000000d00abcd"

texts = st.one_of(
    st.text(max_size=12), st.sampled_from(["客服不理", "", " ", "None", "退款\n没到账", '"', "#避雷[话题]#", "@示例(O3xexample1)"])
)
ids = st.sampled_from(
    [NOTE, NOTE[:-1] + "e", "3xexample1", "", "None", "5.2E+18", "5212345678901230000", 5212345678901234567, 0, None, 1.5]
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 2**63), st.floats(), texts, ids)
keys = st.sampled_from([
    "note_id", "comment_id", "video_id", "title", "desc", "content", "text", "kind", "type", "time", "create_time", "last_modify_ts", "user_id", "nickname",
    "parent_comment_id", "source_keyword", "note_card", "model_type", "id", "user", "interact_info", "comments", "sub_comments", "photo", "caption", "data",
    "items", "platform", "published_at", "author", "engagement", "评论内容", "笔记ID", "发布时间", "fields", "record_id", "rootCommentsV2", "fans", "follows",
])  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=6)), max_leaves=12
)
rows = st.dictionaries(keys, values, max_size=9)


def account(path: Path) -> Export:
    export = Export(path)
    mentions = list(export)
    assert sum(file.mentions for file in export.files) == len(mentions)
    for file in export.files:
        assert file.rows == file.mentions + file.duplicates + len(file.skipped) + len(file.problems), file
    for mention in mentions:
        assert mention.text.strip() or (mention.title or "").strip()
    return export


def accounted(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        account(path)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows, max_size=8), st.integers(0, 400), st.sampled_from(["jsonl", "json", "gz"]))
def test_json_cut_anywhere(made: list[dict[str, object]], cut: int, form: str) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made)
    text = (json.dumps(made, ensure_ascii=False) if form == "json" else lines).encode("utf-8", "surrogatepass")
    data = text[: max(len(text) - cut, 0)] if cut % 2 else text
    accounted(gzip.compress(data) if form == "gz" else data, f"made.{form}")


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(keys, min_size=1, max_size=6, unique=True),
    st.lists(st.lists(texts, max_size=7), max_size=8),
    st.integers(0, 99),
    st.sampled_from(["utf-8-sig", "gb18030"]),
)
def test_csv_with_rows_of_any_length(head: list[str], body: list[list[str]], cut: int, encoding: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head, *body])
    data = out.getvalue().encode(encoding, "replace")
    accounted(data[: max(len(data) - cut, 0)] if cut % 2 else data, "made.csv")


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6), st.integers(0, 40)), max_size=4)
)
def test_real_shapes_with_bytes_put_in_and_taken_out(seed: Path, edits: list[tuple[float, bytes, int]]) -> None:
    data = seed.read_bytes()
    for place, put, taken in edits:
        at = int(place * len(data))
        data = data[:at] + put + data[at + taken :]
    accounted(data, seed.name)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows, max_size=8))
def test_memory_and_file_give_the_same(made: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in made), "utf-8")
        try:
            held = [mention.text for mention in Export.of(made)]
        except NegassocError:
            pytest.fail("a damaged row is a problem, not an exception")
        assert held == [mention.text for mention in Export(path)] or len(made) == 1  # a lone object in a file must be surely known


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3), st.sampled_from(["", "a", "b"])), max_size=40))
def test_the_ledger_agrees_with_a_plain_dictionary(entries: list[tuple[int, int, str]]) -> None:
    ledger, best = Ledger(), dict[int, tuple[int, int]]()
    for number, (key, modified, query) in enumerate(entries):
        ledger.enter(number, key, modified, (query,) if query else ())
        best[key] = max(best.get(key, (-1, -1)), (modified, number))
    ledger.settle()
    assert {number for number, dropped in enumerate(ledger.dropped) if not dropped} == {number for _, number in best.values()}
    for number, queries in ledger.united.items():
        assert set(queries) == {query for key, _, query in entries if key == entries[number][0] and query}


def test_a_known_mention_survives_every_form(tmp_path: Path) -> None:
    mention = Mention("退款一个月没到账", platform="xiaohongshu", id=NOTE)
    (tmp_path / "a.jsonl").write_text(json.dumps(mention.to_record(), ensure_ascii=False) + "\n", "utf-8")
    (tmp_path / "a.json").write_text(json.dumps([mention.to_record()]), "utf-8")
    (back,) = Export(tmp_path)
    assert back.text == mention.text
