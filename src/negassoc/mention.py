"""What was said: one post, comment, notice, label or suggestion, platform-neutral and exactly as it was sent."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import hashlib
from collections.abc import Mapping

import attrs

from negassoc.counts import Count, Exactness, as_written
from negassoc.errors import DataError, Problem
from negassoc.platform import platform_of
from negassoc.records import Json, Title, brief, unstructure
from negassoc.times import BEIJING, SHEET_DAY, parse_time, time_and_place

__all__ = [
    "BEIJING", "SHEET_DAY", "Author", "Count", "Engagement", "Exactness", "Kind", "Mention", "Query", "parse_time", "time_and_place",
]  # fmt: skip


class Kind(enum.StrEnum):
    """What a mention is. The last four are about the brand by their place, whatever they say."""

    NOTE = "note"
    VIDEO = "video"
    COMMENT = "comment"
    REPLY = "reply"
    LIVE_COMMENT = "live_comment"
    REVIEW = "review"
    NOTICE = "notice"
    ACCOUNT_LABEL = "account_label"
    SEARCH_SUGGESTION = "search_suggestion"

    @classmethod
    def of(cls, name: Kind | str) -> Kind:
        """The kind of that name, or of the words that people are shown for it; `DataError` says which there are.

        >>> Kind.of("笔记"), Kind.of("comment")
        (<Kind.NOTE: 'note'>, <Kind.COMMENT: 'comment'>)
        """
        return _KINDS[name]

    @property
    def words(self) -> Title:
        """The kind's name for people."""
        return _KIND_TITLES[self]

    @property
    def by_place(self) -> bool:
        """About the brand because of where it stands: a review of its goods, a notice to it, a label or suggestion on its name."""
        return self in {Kind.REVIEW, Kind.NOTICE, Kind.ACCOUNT_LABEL, Kind.SEARCH_SUGGESTION}

    @property
    def from_platform(self) -> bool:
        """Said by the platform itself: a notice, an account label, a search suggestion."""
        return self in {Kind.NOTICE, Kind.ACCOUNT_LABEL, Kind.SEARCH_SUGGESTION}

    @property
    def is_answer(self) -> bool:
        """Stands under something else: a comment, a reply, a live comment."""
        return self in _ANSWERS


_ANSWERS = frozenset({Kind.COMMENT, Kind.REPLY, Kind.LIVE_COMMENT})
_KIND_TITLES = {
    Kind.NOTE: Title("笔记", "note"), Kind.VIDEO: Title("视频", "video"), Kind.COMMENT: Title("评论", "comment"),
    Kind.REPLY: Title("回复", "reply"), Kind.LIVE_COMMENT: Title("直播评论", "live comment"), Kind.REVIEW: Title("商品评价", "review"),
    Kind.NOTICE: Title("平台通知", "platform notice"), Kind.ACCOUNT_LABEL: Title("账号标签", "account label"),
    Kind.SEARCH_SUGGESTION: Title("搜索联想", "search suggestion"),
}  # fmt: skip


@attrs.frozen(kw_only=True)
class Engagement:
    """Counts under a post; None is "not known", never zero."""

    likes: Count | None = None
    comments: Count | None = None
    collects: Count | None = None
    shares: Count | None = None
    views: Count | None = None

    def __repr__(self) -> str:
        return brief(self)


@attrs.frozen(kw_only=True)
class Author:
    """Who wrote it, as far as the source shows. `official` is True only where the source says it is the brand's own account.

    `id_hash` is the first 16 hex digits of the SHA-256 of the id, which is all that newer exports keep.
    """

    id: str | None = None
    id_hash: str | None = None
    nickname: str | None = None
    followers: int | None = None
    posts: int | None = None
    account_age_days: int | None = None
    verified: bool | None = None
    official: bool | None = None

    @property
    def identity(self) -> str | None:
        """What tells authors apart: the id or its hash; a nickname never does."""
        return self.id or self.id_hash

    def __repr__(self) -> str:
        return brief(self)


@functools.lru_cache(maxsize=256)
def _platform_named(said: str | None) -> str | None:
    return None if said is None else platform_of(said)


def _platform(said: str | None) -> str | None:
    return _platform_named(said)


@attrs.frozen
class Query:
    """A search to run: the words, the platform, and why these words. `why` is shown to the person who runs it."""

    text: str
    platform: str | None = attrs.field(default=None, kw_only=True, converter=_platform)
    why: str | None = attrs.field(default=None, kw_only=True)


def _content_id(mention: Mention) -> str:
    said = (mention.platform, mention.kind, mention.title, mention.text, mention.author.nickname, mention.published_raw)
    material = "\x1f".join(str(part or "") for part in said)
    return "c-" + hashlib.sha256(material.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class _Kinds(dict[str, Kind]):
    """A kind by its name or itself; a dictionary, since every mention that is read asks it."""

    def __missing__(self, said: str) -> Kind:
        known = ", ".join(f"{kind} ({kind.words.zh})" for kind in Kind)
        raise DataError([Problem("mention", f"kind {said!r} is unknown; it is one of {known}", key="kind")])


_KINDS = _Kinds({name: kind for kind in Kind for name in (kind.value, kind.words.zh, kind.words.en)})


def _kind(said: Kind | str) -> Kind:
    return _KINDS[said]


def _no_time(mention: Mention) -> DataError:
    times: dict[str, object] = {"published_at": mention.published_at, "fetched_at": mention.fetched_at}
    how = "parse_time of negassoc.mention reads what was shown; without a zone it is Beijing time"
    return DataError(
        Problem("mention", f"{key}: expected a time with its zone, found {found!r:.60}; {how}", key=key)
        for key, found in times.items()
        if found is not None and not (isinstance(found, dt.datetime) and found.tzinfo)
    )


@attrs.frozen(slots=False)  # built in two thirds of the time, which is much of what reading an export takes
class Mention:
    """One thing said (提及). `title` and `text` are what the platform sent, never edited. Where both are empty nothing is said: an `Export`
    and `from_record` refuse such a row, `check_source` and a `Monitor` name it, its verdict is none.

    Times are aware UTC, None if unknown (else `DataError`); `published_raw` is what was shown ("3天前"). `thread_title` is the title of the
    post that a comment stands under, `thread_text` how that post's text begins, `post_id` its id, `parent_id` the immediate answer
    target. `queries` are the searches that found it. `brand` is the key of the brand that a record names. `where` is the file and row,
    or the call, it came from.

    >>> Mention("踩雷了，退款一个月没到账").kind
    <Kind.NOTE: 'note'>
    """

    text: str = ""
    title: str | None = attrs.field(default=None, kw_only=True)
    platform: str | None = attrs.field(default=None, kw_only=True, converter=_platform)
    kind: Kind = attrs.field(default=Kind.NOTE, kw_only=True, converter=_kind)
    brand: str | None = attrs.field(default=None, kw_only=True)
    thread_title: str | None = attrs.field(default=None, kw_only=True)
    thread_text: str | None = attrs.field(default=None, kw_only=True)
    post_id: str | None = attrs.field(default=None, kw_only=True)
    parent_id: str | None = attrs.field(default=None, kw_only=True)
    url: str | None = attrs.field(default=None, kw_only=True)
    author: Author = attrs.field(factory=Author, kw_only=True)
    ip_location: str | None = attrs.field(default=None, kw_only=True)
    published_at: dt.datetime | None = attrs.field(default=None, kw_only=True)
    published_raw: str | None = attrs.field(default=None, kw_only=True)
    fetched_at: dt.datetime | None = attrs.field(default=None, kw_only=True)
    engagement: Engagement = attrs.field(factory=Engagement, kw_only=True)
    queries: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    topics: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    at: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    platform_flags: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    partial: bool = attrs.field(default=False, kw_only=True)
    where: str | None = attrs.field(default=None, kw_only=True, eq=False)
    id: str = attrs.field(default=attrs.Factory(_content_id, takes_self=True), kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise DataError([Problem("mention", f"text: expected text, found {self.text!r}; leave it out if there is none", key="text")])
        published, fetched = self.published_at, self.fetched_at
        try:  # what is no time has no zone either: half the cost of asking for its type, for each row of an export
            if (published is not None and published.tzinfo is None) or (fetched is not None and fetched.tzinfo is None):
                raise _no_time(self)
        except AttributeError:
            raise _no_time(self) from None

    @property
    def thread(self) -> str:
        """What is known of the post that it stands under: the title, then how the text begins; empty where nothing is.

        >>> Mention("同感", kind="comment", thread_title="周末去哪儿", thread_text="去喝了一杯 #探店").thread
        '周末去哪儿\\n去喝了一杯 #探店'
        """
        title, text = self.thread_title or "", self.thread_text or ""
        return f"{title}\n{text}" if title and text and not text.startswith(title) else text or title

    @classmethod
    def of(cls, mention: Mention | str) -> Mention:
        """The mention itself, or a bare string as a note; `DataError` for anything else."""
        if isinstance(mention, Mention | str):
            return mention if isinstance(mention, Mention) else cls(mention)
        raise DataError([Problem("mention", f"expected a Mention or a text, found {mention!r:.60}; of a dictionary: Mention.from_record")])

    @classmethod
    def from_record(cls, record: Mapping[str, object], *, where: str = "record") -> Mention:
        """A mention from one JSON object of this project's own format: only `title` or `text` is required, unknown keys are
        ignored, a null is a key left out. `DataError` if both are empty or a field has a wrong type.

        >>> Mention.from_record({"text": "没踩雷", "kind": "comment", "published_at": "3天前"}).published_raw
        '3天前'
        """
        if not isinstance(record, Mapping):
            raise DataError([Problem(where, f"expected one JSON object, found {record!r:.60}")])
        return _Record(record, where).mention()

    def to_record(self) -> dict[str, Json]:
        """The same format back, as plain JSON data; what is unknown is null."""
        return {
            "id": self.id, "brand": self.brand, "platform": self.platform, "kind": self.kind.value, "title": self.title, "text": self.text,
            "thread_title": self.thread_title, "thread_text": self.thread_text, "post_id": self.post_id, "parent_id": self.parent_id,
            "url": self.url,
            "author": unstructure(self.author), "ip_location": self.ip_location,
            "published_at": self.published_at.isoformat() if self.published_at else None, "published_raw": self.published_raw,
            "fetched_at": self.fetched_at.isoformat() if self.fetched_at else None,
            "engagement": {k: as_written(getattr(self.engagement, k)) for k in ("likes", "comments", "collects", "shares", "views")},
            "query": self.queries[0] if self.queries else None, "queries": list(self.queries),
            "topics": list(self.topics), "at": list(self.at),
            "platform_flags": list(self.platform_flags), "partial": self.partial, "where": self.where,
        }  # fmt: skip

    def __repr__(self) -> str:
        return brief(self)

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import mention_html

        return mention_html(self)


class _Record:
    """Reads one object field by field, and gathers what is wrong with it."""

    def __init__(self, record: Mapping[str, object], where: str) -> None:
        self.record, self.where, self.problems = record, where, list[Problem]()

    def mention(self) -> Mention:
        raw, kind = self.record.get("published_at"), self._kind()
        values = Mention(
            self._text("text") or "",
            title=self._text("title"), platform=self._platform(), kind=kind, brand=self._text("brand"),
            thread_title=self._text("thread_title"), thread_text=self._text("thread_text"), post_id=self._text("post_id"),
            parent_id=self._text("parent_id"), url=self._text("url"),
            author=self._author(), ip_location=self._text("ip_location"), published_at=parse_time(raw),
            published_raw=self._text("published_raw") or (None if raw is None or "published_raw" in self.record else str(raw)),
            fetched_at=parse_time(self.record.get("fetched_at")),
            engagement=self._engagement(), queries=self._queries(), topics=self._texts("topics"), at=self._texts("at"),
            platform_flags=self._texts("platform_flags"), partial=self.record.get("partial") is True,
            where=self._text("where") or self.where,
        )  # fmt: skip
        if not (values.text.strip() or (values.title or "").strip()):
            self.problems.append(Problem(self.where, "neither title nor text; at least one is required"))
        if self.problems:
            raise DataError(self.problems)
        given = self.record.get("id")
        return values if given in (None, "") else attrs.evolve(values, id=str(given))

    def _bad(self, key: str, value: object, expected: str) -> None:
        self.problems.append(Problem(self.where, f"{key}: expected {expected}, found {str(value)[:60]!r}", key=key))

    def _text(self, key: str) -> str | None:
        value = self.record.get(key)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self._bad(key, value, "text")
        return None

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self.record.get(key)
        if value is None:
            return ()
        if isinstance(value, list | tuple):
            return tuple(str(item) for item in value)
        self._bad(key, value, "a list of texts")
        return ()

    def _queries(self) -> tuple[str, ...]:
        query = self._text("query")
        return self._texts("queries") or ((query,) if query else ())

    def _kind(self) -> Kind:
        value = self.record.get("kind") or "note"
        found = _KINDS.get(str(value))
        if found is None:
            self._bad("kind", value, "one of " + ", ".join(Kind))
        return found or Kind.NOTE

    def _platform(self) -> str | None:
        value = self._text("platform")
        return platform_of(value) if value else None

    def _table(self, key: str) -> Mapping[str, object]:
        value = self.record.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self._bad(key, value, "an object")
        return {}

    def _author(self) -> Author:
        data = self._table("author")
        return Author(
            id=_string(data.get("id")), id_hash=_string(data.get("id_hash")), nickname=_string(data.get("nickname")),
            followers=_whole(data.get("followers")), posts=_whole(data.get("posts")), account_age_days=_whole(data.get("account_age_days")),
            verified=_flag(data.get("verified")), official=_flag(data.get("official")),
        )  # fmt: skip

    def _engagement(self) -> Engagement:
        data = self._table("engagement")
        return Engagement(**{key: Count.parse(data.get(key)) for key in ("likes", "comments", "collects", "shares", "views")})


def _string(value: object) -> str | None:
    return None if value in (None, "") else str(value)


def _whole(value: object) -> int | None:
    count = Count.parse(value)
    return count.value if count else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
