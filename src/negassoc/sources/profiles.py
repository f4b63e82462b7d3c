"""Which column of a table holds what: the packaged profiles of known tools, a profile of one's own, and a guess for the rest."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

import attrs

from negassoc.errors import DataError, Problem, nearest
from negassoc.mention import Kind
from negassoc.platform import platform_of
from negassoc.records import load_toml
from negassoc.sources.fields import count, header, is_ks_id, is_nothing, is_xhs_id, says, text

FIELDS = (
    "id", "post_id", "comment_id", "parent_id", "level", "url", "title", "text", "published", "published_raw", "fetched",
    "author_name", "author_id", "author_hash", "author_url", "followers", "ip_location", "likes", "collects", "comments",
    "replies", "shares", "views", "query", "topics", "kind", "platform", "thread_title", "thread_text", "brand", "official", "topic_flags",
    "reply_text",
)  # fmt: skip
_NAMED_TEXT = ("comment_text", "review_text", "text", "comment_or_count")
_NO_COLUMN = "-"


def _platform(name: str | None) -> str | None:
    return platform_of(name) if isinstance(name, str) else name


@attrs.frozen
class Profile:
    """How to read one tool's table: `needs`, `any_of` and `never` recognise it by its columns, `columns` says which holds what.

    What `columns` leaves out is found by the packaged aliases; `"-"` says that there is no such column. `own` tables list only the
    brand's own posts. `kind` and `platform` hold for every row that does not name its own.

    >>> Profile("ours", platform="xhs", columns={"text": "客户原话"}).platform
    'xiaohongshu'
    """

    tool: str
    platform: str | None = attrs.field(default=None, kw_only=True, converter=_platform)
    kind: Kind = attrs.field(default=Kind.NOTE, kw_only=True)
    needs: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    any_of: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    never: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    columns: dict[str, str] = attrs.field(factory=dict, kw_only=True)
    own: bool = attrs.field(default=False, kw_only=True)
    partial: bool = attrs.field(default=False, kw_only=True)

    @classmethod
    def load(cls, path: str | Path) -> Profile:
        """Read a profile of one's own (TOML, the keys above); `DataError` with every mistake as `path:line`."""
        return load_toml(path, cls)

    def __attrs_post_init__(self) -> None:
        unknown = [name for name in self.columns if name not in FIELDS]
        if unknown:
            raise ValueError(f"columns: unknown field {unknown[0]!r}{nearest(unknown[0], FIELDS)} known are {', '.join(FIELDS)}")

    def fits(self, headers: frozenset[str]) -> bool:
        """Whether a table with these (normalised) column names is of this kind."""
        return (
            all(header(name) in headers for name in self.needs)
            and (not self.any_of or any(header(name) in headers for name in self.any_of))
            and not any(header(name) in headers for name in self.never)
        )


@attrs.frozen
class Layout:
    """A profile made concrete for one table: the column's own name for each field that the table has.

    `guessed` is empty for a known tool; else it says what was taken for what, and why.
    """

    tool: str
    platform: str | None
    kind: Kind
    columns: Mapping[str, str]
    own: bool = False
    partial: bool = False
    guessed: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def quotes_lists(self) -> bool:
        """Whether the tool's databases hold lists as JSON text."""
        return self.tool.startswith("MediaCrawler")


@attrs.frozen
class _Packaged:
    aliases: dict[str, tuple[str, ...]]
    kinds: dict[str, tuple[str, ...]]
    profiles: tuple[Profile, ...]


@functools.cache
def packaged() -> _Packaged:
    """The packaged aliases and profiles."""
    with resources.as_file(resources.files("negassoc") / "data" / "profiles.toml") as path:
        return load_toml(path, _Packaged)


@functools.cache
def _alias_index() -> dict[str, list[tuple[str, int]]]:
    index: dict[str, list[tuple[str, int]]] = {}
    for field, names in packaged().aliases.items():
        for rank, name in enumerate(names):
            index.setdefault(header(name), []).append((field, rank))
    return index


@functools.cache
def _kind_index() -> dict[str, Kind]:
    return {header(name): Kind(kind) for kind, names in packaged().kinds.items() for name in names}


def kind_of(shown: object) -> Kind | None:
    """The kind that a cell names (`"视频"`, `"normal"`, `"违规通知"`), or None.

    >>> kind_of("视频"), kind_of("违规通知"), kind_of("?")
    (<Kind.VIDEO: 'video'>, <Kind.NOTICE: 'notice'>, None)
    """
    return _kind_named(shown) if isinstance(shown, str) else None


@functools.lru_cache(maxsize=4096)
def _kind_named(shown: str) -> Kind | None:
    return _kind_index().get(header(shown))


def known_columns(names: Sequence[str]) -> int:
    """How many of these column names are aliases of something."""
    return len({header(name) for name in names} & _alias_index().keys())


def is_text_name(name: str) -> bool:
    """Whether a column of this name holds what people say."""
    return any(field in _NAMED_TEXT for field, _ in _alias_index().get(header(name), ()))


def layout_of(
    names: Sequence[str], sample: Sequence[Mapping[str, object]], profile: Profile | None = None, hint: str = ""
) -> Layout | None:
    """How to read a table with these columns, or None if no column holds what people said.

    `profile` is the user's; else the first packaged one that fits; else a guess from the names and from the `sample` of rows.
    `hint` (a file's or sheet's name) may only help to guess the platform.
    """
    normal = {header(name): name for name in reversed(names)}
    if profile is not None:
        return _from_profile(profile, normal)
    keys = frozenset(normal)
    for known in packaged().profiles:
        if known.fits(keys):
            return _from_profile(known, normal)
    return _guess(names, normal, sample, hint)


def _from_profile(profile: Profile, normal: Mapping[str, str]) -> Layout:
    columns = _by_alias(normal, sample=())
    if profile.kind.is_answer and "comment_text" in columns:
        columns["text"] = columns["comment_text"]
    for field, name in profile.columns.items():
        columns.pop(field, None)
        if name != _NO_COLUMN and header(name) in normal:
            columns[field] = normal[header(name)]
    columns = {field: name for field, name in columns.items() if field in FIELDS and (field != "reply_text" or field in profile.columns)}
    return Layout(profile.tool, profile.platform, profile.kind, columns, profile.own, profile.partial)


def missing_columns(profile: Profile, names: Sequence[str]) -> list[Problem]:
    """What a user's profile names that a table does not have."""
    have = {header(name) for name in names}
    wrong = [(field, name) for field, name in profile.columns.items() if name != _NO_COLUMN and header(name) not in have]
    return [
        Problem(profile.tool, f"columns.{field}: no column {name!r}{nearest(name, names)} there are {', '.join(names)}")
        for field, name in wrong
    ]


def check_profile(profile: Profile, names: Sequence[str]) -> None:
    """`DataError` if a user's profile names columns that a table does not have."""
    if problems := missing_columns(profile, names):
        raise DataError(problems)


def _by_alias(normal: Mapping[str, str], sample: Sequence[Mapping[str, object]]) -> dict[str, str]:
    best: dict[str, tuple[int, str]] = {}
    index = _alias_index()
    for key, name in normal.items():
        for field, rank in index.get(key, ()):
            if (field not in best or rank < best[field][0]) and _suits(field, name, sample):
                best[field] = (rank, name)
    return {field: name for field, (_, name) in best.items()}


_COUNTS = frozenset({"likes", "collects", "comments", "replies", "shares", "views", "followers"})
_TEXTS = frozenset({"text", "comment_text", "reply_text", "review_text", "comment_or_count", "title"})
_NAMES_A_POST = re.compile(r"https?://|(?:[0-9a-fA-F]{24}|3x[0-9a-z]+|\d{9,})$")


def _suits(field: str, name: str, sample: Sequence[Mapping[str, object]]) -> bool:
    """Whether the cells are of the sort that the name promises: `评论` may be a number or what was said."""
    cells = [cell for row in sample if says(cell := row.get(name))]
    if not cells:
        return True
    if field in _TEXTS and sum(text(cell) is None for cell in cells) > len(cells) / 2:
        return False  # objects and lists
    if field == "thread_title":  # `所属笔记` may hold the post's id or address as well as its title
        return sum(bool(_NAMES_A_POST.match(str(cell).strip())) for cell in cells) < len(cells) / 2
    numeric = sum(_is_number(str(cell).strip()) for cell in cells) / len(cells)
    return numeric > 0.5 if field in _COUNTS else numeric < 0.5 if field in _TEXTS else True


def _is_number(shown: str) -> bool:
    """A count, or the label of the button that stands where there is none."""
    return count(shown) is not None or shown in {"赞", "收藏", "评论", "分享"}


def _guess(names: Sequence[str], normal: Mapping[str, str], sample: Sequence[Mapping[str, object]], hint: str) -> Layout | None:
    found = _by_alias(normal, sample)
    if "comment_text" not in found and "reply_text" in found:
        found["comment_text"] = found.pop("reply_text")
    guessed = {field: f"column {name!r}" for field, name in found.items() if field in FIELDS}
    named = [field for field in _NAMED_TEXT if field in found]
    if named:
        found["text"] = found[named[0]]
        guessed["text"] = f"column {found['text']!r}, by its name"
    elif column := _text_by_content(names, sample, taken=set(found.values())):
        found["text"] = column
        guessed["text"] = f"column {column!r}, by its content"
        named = ["comment_text"] if header(column).startswith(("评论", "回复", "comment")) else []
    elif "title" not in found:
        return None
    kind = _guess_kind(named, found)
    if kind is Kind.NOTE and "post_id" in found and _is_repeated(found["post_id"], found.get("text"), sample):
        kind, guessed["kind"] = Kind.COMMENT, f"comment: several texts for one {found['post_id']!r}"
    if kind.is_answer and "text" in found and "title" in found and "thread_title" not in found:
        found["thread_title"] = found.pop("title")  # people's comments have no title: it is the post's
        guessed["thread_title"] = guessed.pop("title")
    platform, why = _guess_platform(found, sample, hint)
    guessed |= {"kind": guessed.get("kind", kind.value)} | ({"platform": why} if platform else {})
    columns = {field: name for field, name in found.items() if field in FIELDS}
    unread = [name for name in names if name not in columns.values()]
    guessed |= {"not_read": ", ".join(unread)} if unread else {}
    return Layout("table", platform, kind, columns, guessed=guessed)


def _guess_kind(named: Sequence[str], found: Mapping[str, str]) -> Kind:
    if "comment_id" in found or (named and named[0] in {"comment_text", "comment_or_count"}):
        return Kind.COMMENT
    if "thread_title" in found and not {"title", "kind"} & found.keys():
        return Kind.COMMENT  # what names the post that it stands under, and has no title itself
    return (
        Kind.REVIEW
        if named and named[0] == "review_text" and header(found["text"]).startswith(("评价", "商品评价", "买家评价", "点评"))
        else Kind.NOTE
    )


def _is_repeated(post_id: str, said: str | None, sample: Sequence[Mapping[str, object]]) -> bool:
    """Whether different texts stand beside the same post's id: then they are not the post's, but what people said under it."""
    texts: dict[str, object] = {}
    for row in sample if said else ():
        if not is_nothing(row.get(post_id)) and texts.setdefault(str(row[post_id]), row.get(said or "")) != row.get(said or ""):
            return True
    return False


_HAN = re.compile(r"[\u3400-\u9fff]")
_NOT_SAID_THERE = ("地址", "addr", "公司", "企业", "单位", "姓名", "路径", "path", "url", "链接", "文件", "file")
_NOT_SAID = re.compile(r"(?:https?:)?//|[\[{(<]|\d{4}[-/年]|[\w.+-]+@[\w.-]+$|[0-9a-fA-F-]{16,}$")


def _text_by_content(names: Sequence[str], sample: Sequence[Mapping[str, object]], taken: set[str]) -> str | None:
    free = (name for name in names if name not in taken and not any(word in header(name) for word in _NOT_SAID_THERE))
    scored = [(score, name) for name in free if (score := _prose(name, sample)) > 0]
    return max(scored)[1] if scored else None


def _prose(name: str, sample: Sequence[Mapping[str, object]]) -> float:
    """How much a column looks like what people write in Chinese: long, varied, no addresses; 0 where it does not."""
    cells = [cell.strip() for row in sample if isinstance(cell := row.get(name), str) and not is_nothing(cell)]
    said = [cell for cell in cells if not _NOT_SAID.match(cell)]
    if not said or len(said) < 0.6 * len(cells) or len(cells) < 0.3 * len(sample):
        return 0
    length = sum(len(_HAN.findall(cell)) for cell in said) / len(said)
    varied = len(set(said)) / len(said)
    return length * varied if length >= 6 and varied >= 0.3 else 0


def _guess_platform(found: Mapping[str, str], sample: Sequence[Mapping[str, object]], hint: str) -> tuple[str | None, str]:
    for field in ("url", "author_url"):
        for row in sample if field in found else ():
            address = str(row.get(found[field]))
            for platform, hosts in _HOSTS.items():
                if any(host in address for host in hosts):
                    return platform, f"{platform}, from the addresses in {found[field]!r}"
    for field in ("post_id", "comment_id"):
        values = [str(row.get(found[field])) for row in sample] if field in found else []
        if values and all(is_xhs_id(value) for value in values):
            return "xiaohongshu", f"xiaohongshu, from the form of {found[field]!r}"
        if values and all(is_ks_id(value) for value in values):
            return "kuaishou", f"kuaishou, from the form of {found[field]!r}"
    for platform, names in _IN_NAMES.items():
        if any(name in hint.casefold() for name in names):
            return platform, f"{platform}, from the name of the file or sheet"
    return None, ""


_HOSTS = {
    "xiaohongshu": ("xiaohongshu.com", "xhslink.com", "rednote.com", "xhscdn.com"),
    "kuaishou": ("kuaishou.com", "gifshow.com", "kwai.com", "chenzhongtech.com"),
    "weibo": ("weibo.com", "weibo.cn"), "douyin": ("douyin.com",), "bilibili": ("bilibili.com",), "zhihu": ("zhihu.com",),
}  # fmt: skip
_IN_NAMES = {
    "xiaohongshu": ("小红书", "xiaohongshu", "rednote", "xhs"), "kuaishou": ("快手", "kuaishou"), "weibo": ("微博", "weibo"),
    "douyin": ("抖音", "douyin"), "bilibili": ("哔哩", "b站", "bilibili"), "zhihu": ("知乎", "zhihu"),
}  # fmt: skip
