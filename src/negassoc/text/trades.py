"""Of which trade and city is the brand, and of which does a text tell? That is what tells two bearers of one name apart."""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ahocorasick_rs
import attrs

from negassoc.brand import Brand
from negassoc.errors import Problem
from negassoc.records import load_toml
from negassoc.text.namesakes import Namesakes
from negassoc.text.normal import normal
from negassoc.text.segment import is_ordinary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SURROUNDINGS: Final = ("name_of_other_trade", "name_of_own_trade", "other_trade", "own_trade", "other_city", "own_city", "ordinary_name")
"""What `Home.stands` finds, by the names under which rules ask for it."""
_BEHIND: Final = 3
"""Characters after a name in which the word of its trade begins."""
_BEFORE: Final = 6
"""Characters between a city and the name."""
_HINTED, _ALIKE = 6, 0.4
"""How many known words are named in place of an unknown one, and how much one must be like it (`difflib`): these words are short."""
_ENDS_PLACE: Final = frozenset("。!?;,，、\n")

Place = tuple[int, int]


@attrs.frozen(kw_only=True)
class Trade:
    """Words that tell of one trade, in normal form: `names` make the name of a business when they follow a brand's, `words` do not.

    `industries` are read in an industry and in a brand's own names alone: in other texts they are ordinary words (中餐, 米粉). `whole` are
    the whole of an industry (手机, but not 手机游戏).
    """

    id: str
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    def named_by(self, industry: str) -> bool:
        """Whether an industry tells of it by words that are read there alone."""
        return industry in self.whole or any(word in industry for word in self.industries)


@attrs.frozen(kw_only=True)
class _Trades:
    checked: dt.date
    ends_name: str
    everywhere: tuple[str, ...]
    premises: tuple[str, ...]
    perhaps_premises: tuple[str, ...]
    premises_words: tuple[str, ...]
    shops: tuple[str, ...]
    shopless: tuple[str, ...]
    shop_words: tuple[str, ...]
    beside: tuple[str, ...]
    landmarks: tuple[str, ...]
    never: tuple[str, ...]
    cities: tuple[str, ...]
    trade: tuple[Trade, ...]

    @functools.cached_property
    def known(self) -> dict[str, tuple[frozenset[str], bool]]:
        """For each word the trades that it tells of, and whether it can end a name."""
        known = {word: (frozenset[str](), False) for word in self.never}
        for trade in self.trade:
            for word in (*trade.names, *trade.words):
                trades, names = known.get(word, (frozenset(), False))
                known[word] = trades | {trade.id}, names or word in trade.names
        return known

    @functools.cached_property
    def examples(self) -> tuple[str, ...]:
        """Words by which a trade can be named, one of each trade in front."""
        rows = itertools.zip_longest(*(trade.names for trade in self.trade))
        return tuple(word for row in rows for word in row if word and len(word) > 1)

    def told_in(self, text: str) -> frozenset[str]:
        """The trades that a text tells of, by words of two characters and more."""
        return frozenset[str]().union(*(trades for word, (trades, _) in self.known.items() if len(word) > 1 and word in text))

    def named_by(self, industry: str) -> frozenset[str]:
        """The trades that an industry or a name tells of, by the `industries` too."""
        return self.told_in(industry) | {trade.id for trade in self.trade if trade.named_by(industry)}


@functools.cache
def _trades() -> _Trades:
    return load_toml(Path(__file__).parent.parent / "data" / "trades.toml", _Trades)


def known_trades() -> tuple[str, ...]:
    """The ids of all trades."""
    return tuple(trade.id for trade in _trades().trade)


def beside_words() -> tuple[str, ...]:
    """What says, after a word, that it is only where a shop lies: 旁, 对面, 那家.

    >>> "隔壁" in beside_words()
    True
    """
    return _trades().beside


def trades_of(industry: str) -> frozenset[str]:
    """The ids of the trades that an industry, as a brand file names it, tells of.

    >>> sorted(trades_of("潮汕牛肉火锅"))
    ['eating_out']
    """
    return _trades().named_by(normal(industry))


@attrs.define(slots=False)
class Home:
    """Where a brand is at home: its own trades, its cities, and words of its own goods (`pieces`).

    Of a brand of which the file says neither trade nor goods nothing is concluded.

    >>> from negassoc.brand import Brand
    >>> home = Home(Brand("清道夫", industry="扫地机器人"), frozenset())
    >>> sorted(home.stands("〇管道疏通乱收费", [0]))
    ['name_of_other_trade', 'ordinary_name', 'other_trade']
    >>> sorted(home.stands("〇扫地机不好用", [0]))
    ['name_of_own_trade', 'ordinary_name', 'own_trade']
    """

    brand: Brand
    pieces: frozenset[str]

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.brand, self.pieces)

    @functools.cached_property
    def trades(self) -> frozenset[str]:
        """The ids of its own trades."""
        told = normal(" ".join((self.brand.industry or "", self.brand.about or "", *self.brand.products, *self._legal)))
        return _trades().told_in(told) | trades_of(self.brand.industry or "") if told.strip() else frozenset()

    @property
    def premises(self) -> bool | None:
        """Whether its customers come to a shop; None where its trade does not say.

        >>> from negassoc.brand import Brand
        >>> [Home(Brand("x", industry=said), frozenset()).premises for said in ("火锅店", "手游", "服装")]
        [True, False, None]
        """
        known, said = _trades(), f"{self.brand.industry} {self.brand.about}"
        if not self.trades.isdisjoint(known.premises) or any(word in said for word in known.premises_words):
            return True
        return None if not self.trades or not self.trades.isdisjoint(known.perhaps_premises) else False

    @property
    def shop(self) -> bool | None:
        """Whether it has a shop on a platform (千帆, 小店); None where neither its trade nor its file says so.

        >>> from negassoc.brand import Brand
        >>> [Home(Brand("x", industry=said), frozenset()).shop for said in ("护肤", "银行", "酒店")]
        [True, False, None]
        """
        known, said = _trades(), f"{self.brand.industry} {self.brand.about}"
        if not self.trades.isdisjoint(known.shops) or any(word in said for word in known.shop_words):
            return True
        return False if self.trades and self.trades.issubset(known.shopless) else None

    @functools.cached_property
    def namesakes(self) -> Namesakes:
        """What sounds or looks like its names."""
        return Namesakes(tuple(self.brand.names))

    @functools.cached_property
    def cities(self) -> frozenset[str]:
        """The cities that the brand file names; none of a chain, whose shops stand in any."""
        said = " ".join((self.brand.city or "", *self._legal))
        return frozenset() if self._chain else frozenset(city for city in _trades().cities if city in said)

    @property
    def _chain(self) -> bool:
        return any(word in f"{self.brand.industry} {self.brand.about}" for word in _trades().everywhere)

    @property
    def unread(self) -> Iterator[Problem]:
        """What the file says of trade and city that no word of `data/trades.toml` knows, and what comes nearest.

        A trade that its goods tell of (`products`, `about`) needs no other word; of a chain no city is asked.

        >>> from negassoc.brand import Brand
        >>> [str(one) for one in Home(Brand("清道夫", industry="洗衣店", city="广洲市"), frozenset()).unread]
        ["清道夫: city: '广洲市' is no city that is known: it tells no namesake apart; the nearest are 株洲, 广州, 广安, 广元"]
        """
        industry, city = self.brand.industry, self.brand.city
        if industry and not self.trades:
            what = f"industry: {industry!r} names no trade that is known, nor do products and about: it tells no namesake apart"
            yield Problem(self.brand.name, what + _nearest(industry, _trades().examples), key="industry")
        if city and not self.cities and not self._chain:
            what = f"city: {city!r} is no city that is known: it tells no namesake apart"
            yield Problem(self.brand.name, what + _nearest(city, _trades().cities), key="city")

    @property
    def _legal(self) -> tuple[str, ...]:
        legal = self.brand.legal_entity
        return (legal.name, legal.address or "") if legal else ()

    @functools.cached_property
    def _sorts(self) -> Sequence[tuple[str, bool]]:
        return tuple(self._words.values())

    @functools.cached_property
    def _words(self) -> Mapping[str, tuple[str, bool]]:
        """Of each word of the index: `own`, `other`, `city`, `home` or nothing; and whether it can end a name."""
        cities = {city: ("home" if city in self.cities else "city", False) for city in _trades().cities} if self.cities else {}
        trades = {word: (self._sort_of(trades), names) for word, (trades, names) in _trades().known.items()}
        return cities | trades | dict.fromkeys(self.pieces, ("own", False))

    def _sort_of(self, trades: frozenset[str]) -> str:
        return "" if not trades else "other" if trades.isdisjoint(self.trades) else "own"

    @functools.cached_property
    def _index(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(tuple(self._words), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    @functools.cached_property
    def _ordinary(self) -> bool:
        return is_ordinary(normal(self.brand.name))

    @functools.cached_property
    def _full_names(self) -> tuple[str, ...]:
        """Those of its names that tell of its trade: 杜鹃洗衣 beside 杜鹃."""
        return tuple(name for name in self.brand.names if not self.trades.isdisjoint(trades_of(name)))

    def stands(self, body: str, named: Sequence[int], products: Sequence[int] = (), original: str = "") -> dict[str, list[Place]]:
        """Where a text tells of which trade and city, by the names in `SURROUNDINGS`.

        `named` and `products`: where in it the signs for the brand's name and its products stand; `original`: the same text with the
        names themselves.
        """
        found: dict[str, list[Place]] = {}
        if not self.trades:
            return found
        own = [*products, *(named if any(name in original for name in self._full_names) else ())]
        if own:
            found["own_trade"] = [(at, at + 1) for at in own]
        elif named and self._ordinary:
            found["ordinary_name"] = [(at, at + 1) for at in named]
        self._add_words(body, named, found)
        return found

    def _add_words(self, body: str, named: Sequence[int], found: dict[str, list[Place]]) -> None:
        for number, start, end in self._index.find_matches_as_indexes(body):
            sort, names = self._sorts[number]
            if sort in {"own", "other"}:
                if names and _behind(body, named, start, end):
                    found.setdefault(f"name_of_{sort}_trade", []).append((start, end))
                if end - start > 1:
                    found.setdefault(f"{sort}_trade", []).append((start, end))
            elif sort and _before(body, named, end):
                found.setdefault("own_city" if sort == "home" else "other_city", []).append((start, end))


def _nearest(said: str, known: Sequence[str]) -> str:
    """Those of the known words that look most like it, or some of them where none does."""
    close = difflib.get_close_matches(said, known, n=_HINTED, cutoff=_ALIKE)
    return f"; the nearest are {', '.join(close)}" if close else f"; known are {', '.join(known[:_HINTED])} …"


def _behind(body: str, named: Iterable[int], start: int, end: int) -> bool:
    """Whether a word continues a name: at once if it is one character long."""
    farthest = 1 if end - start == 1 else _BEHIND
    if "店" in body[end + (farthest > 1) : end + 4] or _only_where(body, start, end):
        return False  # a branch: 江湾店, 大学城店
    return any(0 < start - at <= farthest and _one_name(body[at + 1 : start]) for at in named)


def _only_where(body: str, start: int, end: int) -> bool:
    """Whether a word only says where the shop lies: 医院旁边, 地铁站店."""
    return body.startswith(_trades().beside, end) or (body.startswith("店", end) and body[start:end] in _trades().landmarks)


def _one_name(between: str) -> bool:
    return all((c.isalnum() or c == "·") and c not in _trades().ends_name for c in between)


def _before(body: str, named: Iterable[int], end: int) -> bool:
    return any(0 <= at - end <= _BEFORE and _ENDS_PLACE.isdisjoint(body[end:at]) for at in named)
