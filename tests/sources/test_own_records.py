"""This project's own records are read as `Mention.from_record` reads them, whichever way they take."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.errors import DataError
from negassoc.mention import Kind, Mention
from negassoc.sources.own import OwnReader

words = st.one_of(st.none(), st.sampled_from(["", " ", "客服不理", "0", "None"]), st.text(max_size=6), st.integers(-2, 9))
times = st.one_of(
    st.none(), st.sampled_from(["2026-07-26T14:05:22+08:00", "2026-13-26T14:05:22+08:00", "2026-07-26", "3天前", "08-19", 0, 1721873091000])
)
counts = st.one_of(st.none(), st.integers(-1, 9), st.sampled_from(["1.2万", "10+", "", "赞", True]))
people = st.one_of(
    st.none(),
    st.just([]),
    st.dictionaries(
        st.sampled_from(["id", "id_hash", "nickname", "followers", "posts", "account_age_days", "verified", "official"]),
        st.one_of(words, counts, st.booleans()),
    ),
)
records = st.fixed_dictionaries(
    {},
    optional={
        "id": words, "text": words, "title": words, "kind": st.one_of(st.none(), st.sampled_from([*map(str, Kind), "nonsense", 3])), "brand": words,
        "platform": st.one_of(st.none(), st.sampled_from(["xhs", "快手", "douban"])), "thread_title": words, "thread_text": words,
        "post_id": words, "parent_id": words, "url": words, "author": people, "ip_location": words, "published_at": times, "published_raw": words, "fetched_at": times, "query": words,
        "queries": st.one_of(st.none(), st.just(["a"]), st.just("a")), "topics": st.one_of(st.none(), st.just(["a"])), "where": words,
        "engagement": st.one_of(st.none(), st.dictionaries(st.sampled_from(["likes", "comments", "views"]), counts)), "label": words,
        "partial": st.booleans(),
    },
)  # fmt: skip


def slow(record: dict[str, object]) -> Mention | list[str]:
    try:
        return Mention.from_record(record, where="w")
    except DataError as error:
        return [problem.what for problem in error.problems]


def fast(record: dict[str, object]) -> Mention | list[str] | None:
    try:
        return OwnReader().mention(record, "w")
    except DataError as error:
        return [problem.what for problem in error.problems]


@settings(max_examples=400, deadline=None)
@given(records)
def test_both_ways_give_the_same_mention_or_the_same_complaint(record: dict[str, object]) -> None:
    assert fast(record) == slow(record)


@settings(max_examples=200, deadline=None)
@given(records)
def test_a_record_is_identified_exactly_where_it_can_be_read(record: dict[str, object]) -> None:
    found, mention = OwnReader().identity(record), slow(record)
    assert (found is not None) == isinstance(mention, Mention)
    if found is not None and isinstance(mention, Mention):
        assert found.id in {mention.id, None}
        assert (found.is_post, found.platform, found.queries) == (not mention.kind.is_answer, mention.platform, mention.queries)
