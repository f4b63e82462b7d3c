"""Who is watched: the brand, its names, its products, its own accounts, and who else bears the name."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from negassoc.errors import DataError, Problem
from negassoc.platform import platform_of
from negassoc.records import brief, load_json, load_toml, structure, without_nulls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from negassoc.mention import Author


def _platform(value: str) -> str:
    return platform_of(value) if isinstance(value, str) else value


def _filled(whose: str) -> Callable[[object, attrs.Attribute[str], object], None]:
    def check(_: object, field: attrs.Attribute[str], value: object) -> None:
        if not isinstance(value, str) or not value.strip():
            raise DataError(
                [Problem(whose, f"{field.name}: expected a name, found {value!r:.60}; write what it is called", key=field.name)]
            )

    return check


def _several(values: str | Iterable[str]) -> tuple[str, ...]:
    """A lone text is one name, not a row of characters."""
    return (values,) if isinstance(values, str) else tuple(values)


_SPAN: Final = re.compile(r"\s*(\d{1,2})[:：](\d\d)\s*[-–—~～至]\s*(\d{1,2})[:：](\d\d)\s*")


def working_span(text: str) -> tuple[dt.time, dt.time]:
    """From when to when people work, of a text like `"09:00-18:00"`; `ValueError` where it is none.

    >>> working_span("9:00-21:30")
    (datetime.time(9, 0), datetime.time(21, 30))
    """
    found = _SPAN.fullmatch(text)
    try:
        hour, minute, to_hour, to_minute = map(int, found.groups() if found else ())
        opens, closes = dt.time(hour, minute), dt.time(to_hour, to_minute)
    except ValueError:
        opens = closes = dt.time()
    if opens >= closes:
        raise ValueError(f"{text!r} names no working hours; write from when to when on one day, like '09:00-18:00'")
    return opens, closes


def _folded(name: object) -> str:
    return str(name).strip().casefold()


def _accounts(values: Account | Iterable[Account]) -> tuple[Account, ...]:
    found = (values,) if isinstance(values, Account) else tuple(values)
    if wrong := next((value for value in found if not isinstance(value, Account)), None):
        what = f"official_accounts: expected an Account, found {wrong!r:.60}; of plain data: Brand.from_record"
        raise DataError([Problem("brand", what, key="official_accounts")])
    return found


@attrs.frozen(kw_only=True)
class Account:
    """One of the brand's own accounts. With an `id` it is recognised for certain; by nickname alone only probably.

    >>> Account(platform="xhs", nickname="示例官方").platform
    'xiaohongshu'
    """

    platform: str = attrs.field(converter=_platform)
    nickname: str | None = None
    id: str | None = None


@attrs.frozen
class LegalEntity:
    """The company behind the brand: `uscc` is its 统一社会信用代码, the one field that tells two companies of one name apart."""

    name: str = attrs.field(validator=_filled("legal_entity"))
    uscc: str | None = attrs.field(default=None, kw_only=True)
    legal_representative: str | None = attrs.field(default=None, kw_only=True)
    address: str | None = attrs.field(default=None, kw_only=True)


def _company(_: object, field: attrs.Attribute[LegalEntity | None], value: object) -> None:
    if not isinstance(value, LegalEntity | None):
        what = f"{field.name}: expected a LegalEntity, found {value!r:.60}; of its name: LegalEntity(name)"
        raise DataError([Problem("brand", what, key=field.name)])


@attrs.frozen
class Brand:
    """A watched brand (监测品牌). Only `name` is required; every further field makes verdicts surer.

    `not_this_brand` names other bearers of the name ("芮弥酒店"); `city`, `industry` and `about` help to tell them apart. A name of its own
    there, or among the `competitors`, is a `DataError`.
    `working_hours` ("10:00-22:00") is when its people work, by which plans set the times of steps that can wait until then.
    `key` is the name under which a brands file holds it; a brand file cannot set it.

    >>> Brand("示例茶", aliases=("SHILI",)).names
    ('示例茶', 'SHILI')
    """

    name: str = attrs.field(validator=_filled("brand"))
    aliases: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_several)
    products: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_several)
    competitors: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_several)
    official_accounts: tuple[Account, ...] = attrs.field(default=(), kw_only=True, converter=_accounts)
    industry: str | None = attrs.field(default=None, kw_only=True)
    legal_entity: LegalEntity | None = attrs.field(default=None, kw_only=True, validator=_company)
    city: str | None = attrs.field(default=None, kw_only=True)
    about: str | None = attrs.field(default=None, kw_only=True)
    not_this_brand: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_several)
    working_hours: str | None = attrs.field(default=None, kw_only=True)
    key: str | None = attrs.field(default=None, kw_only=True, metadata={"unread": True})

    def __attrs_post_init__(self) -> None:
        given_away = [*self._given_away("not_this_brand", self.not_this_brand), *self._given_away("competitors", self.competitors)]
        if problems := [*given_away, *self._wrong_hours()]:
            raise DataError(problems)

    def _wrong_hours(self) -> Iterator[Problem]:
        if self.working_hours is None:
            return
        try:
            working_span(self.working_hours)
        except ValueError as error:
            yield Problem("brand", f"working_hours: {error}", key="working_hours")

    def _given_away(self, key: str, others: Iterable[str]) -> Iterator[Problem]:
        """Own names among those of others: nothing said under such a name would count as said of this brand."""
        own = {_folded(name): role for role in ("products", "aliases") for name in getattr(self, role)} | {_folded(self.name): "name"}
        for word in others:
            if role := own.get(_folded(word)):
                whole = f"write the other's whole name, like {word + '酒店'!r}"
                remedy = whole if key == "not_this_brand" else "write the rival's own name"
                what = f"{word!r} is this brand's own (`{role}`), and nothing said of it would count; take it out or {remedy}"
                yield Problem("brand", f"{key}: {what}", key=key)

    @classmethod
    def of(cls, brand: Brand) -> Brand:
        """The brand itself; `DataError` for anything else."""
        if not isinstance(brand, Brand):
            raise DataError([Problem("brand", f"expected a Brand, found {brand!r:.60}; of a file: Brand.load(path)")])
        return brand

    @classmethod
    def load(cls, path: str | Path) -> Brand:
        """Read a `brand.toml`; `DataError` with every mistake as `path:line`."""
        return load_toml(path, cls)

    @classmethod
    def from_record(cls, record: Mapping[str, object], *, where: str = "brand", key: str | None = None) -> Brand:
        """A brand from plain data (one entry of a brands file); null means left out; `DataError` if something is wrong."""
        return attrs.evolve(structure(without_nulls(dict(record)), cls, where=where), key=key)

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases, each once, in the order given."""
        return tuple(dict.fromkeys((self.name, *self.aliases)))

    def is_called(self, name: str) -> bool:
        """Whether `name` is this brand's key, name or alias, letter case aside."""
        folded = name.strip().casefold()
        return any(folded == own.casefold() for own in (self.key, *self.names) if own)

    def owns(self, platform: str | None, author: Author) -> bool:
        """Whether the author is one of the brand's own accounts: flagged so, or by id, by hashed id, or by exact nickname where the
        source or the brand's file knows no id to go by.

        MediaCrawler exports since 2026-07 hold `sha256(user id)[:16]` instead of the id; `Author.id_hash` is compared with that.
        """
        if author.official:
            return True
        mine = [a for a in self.official_accounts if platform is None or a.platform == platform]
        if author.id or author.id_hash:
            ids = {a.id for a in mine if a.id}
            if author.id in ids or author.id_hash in {hashlib.sha256(i.encode()).hexdigest()[:16] for i in ids}:
                return True
            mine = [a for a in mine if not a.id]
        return bool(author.nickname) and author.nickname in {a.nickname for a in mine}

    def __repr__(self) -> str:
        return brief(self)

    def _repr_html_(self) -> str:
        from negassoc.report.notebook import brand_html

        return brand_html(self)


def load_brands(path: str | Path) -> dict[str, Brand]:
    """Many brands by key, from a JSON file `{"key": {brand}, …}` or a TOML file of tables `[key]`; `DataError` names the file and the line.

    A file that is one brand itself, as `Brand.load` reads it, gives that one under its name, without a `key`.
    """
    load = load_toml if Path(path).suffix.casefold() == ".toml" else load_json
    if isinstance(load(path, dict[str, object]).get("name"), str):
        one = load(path, Brand)
        return {one.name: one}
    brands = load(path, dict[str, Brand])
    if not brands:
        raise DataError([Problem(str(Path(path)), "no brand in it")])
    return {key: attrs.evolve(brand, key=key) for key, brand in brands.items()}
