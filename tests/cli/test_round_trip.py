"""Whatever `negassoc convert` writes, `Export` reads back as the same mentions."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negassoc.__main__ import main
from negassoc.mention import Author, Count, Engagement, Kind, Mention
from negassoc.report import to_dataframe, to_polars
from negassoc.sources import Export

DATA = Path(__file__).parent.parent / "data"
ENDINGS = ("jsonl", "csv", "xlsx", "parquet")

# no control characters: a table cannot hold them, and says so by �
letters = st.characters(exclude_categories=["Cc", "Cs", "Cf", "Cn"]) | st.sampled_from("\n\t ,;'\"=+-@")
words = st.one_of(
    st.text(letters, min_size=1, max_size=8).filter(str.strip),
    st.sampled_from(["None", "nan", "未知", "-", "0", "=1+1", "'=1", "''@x", "_x000D_", "[1]", '["a"]', "a; b", " 前后 ", "1e5", "true", "5200000000000000123"]),
)  # fmt: skip
optional = st.none() | words
counts = st.none() | st.builds(Count, st.integers(0, 10**9), st.sampled_from(["exact", "about", "at_least"]))
whole = st.none() | st.integers(0, 10**9)
flag = st.none() | st.booleans()
moments = st.none() | st.integers(1_262_304_000_000, 4_102_444_800_000).map(
    lambda ms: dt.datetime.fromtimestamp(ms // 1000, dt.UTC) + dt.timedelta(milliseconds=ms % 1000)
)
several = st.lists(words | st.just(""), max_size=3).map(tuple)
hashes = st.none() | st.text("0123456789abcdef", min_size=16, max_size=16)
mentions = st.builds(
    Mention, words | st.just(""), title=words, platform=st.sampled_from([None, "xiaohongshu", "kuaishou", "douban"]), kind=st.sampled_from(Kind), brand=optional,
    thread_title=optional, thread_text=optional, post_id=optional, parent_id=optional, url=optional, ip_location=optional, id=words,
    published_at=moments, published_raw=optional,
    fetched_at=moments, queries=several, topics=several, at=several, platform_flags=several, partial=st.booleans(), where=words,
    author=st.builds(Author, id=st.none() | words.map("u".__add__), id_hash=hashes, nickname=optional, followers=whole, posts=whole, account_age_days=whole,
                     verified=flag, official=flag),
    engagement=st.builds(Engagement, likes=counts, comments=counts, collects=counts, shares=counts, views=counts),
)  # fmt: skip


def again(given: list[Mention], ending: str) -> list[Mention]:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.jsonl", Path(folder) / f"out.{ending}"
        source.write_text("".join(json.dumps(mention.to_record()) + "\n" for mention in given), "utf-8")
        assert main(["convert", str(source), "-o", str(out)]) == 0
        export = Export(out)
        read = list(export)
        assert not export.problems
        assert [file.tool for file in export.files] == ["negassoc"]
        return read


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mention=mentions)
def test_a_mention_survives_every_form(ending: str, mention: Mention) -> None:
    (back,) = again([mention], ending)
    assert back == mention
    assert back.where == mention.where


@settings(max_examples=25, deadline=None)
@given(mention=mentions)
def test_a_mention_survives_data_frames(mention: Mention) -> None:
    for frame in (to_dataframe([mention], table="records"), to_polars([mention], table="records")):
        (back,) = Export.of(frame)
        assert back == mention


@pytest.mark.parametrize("ending", ENDINGS)
def test_everything_that_any_shape_holds_survives(ending: str) -> None:
    files = [path for shape in DATA.glob("*/mentions.json") for path in sorted(shape.parent.iterdir()) if path != shape]
    given = [attrs.evolve(one, text=one.text.replace("\r", "")) for one in Export(files)]
    assert len(given) > 30
    assert again(given, ending) == given
