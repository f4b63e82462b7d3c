"""Which of many rows are the same thing, in 24 bytes a row: the newest wins, the searches that found it are united."""

from __future__ import annotations

from array import array

_BUCKETS = 256
_MASK = (1 << 64) - 1


class Ledger:
    """First every row is entered, in order; after `settle`, `keeps` and `queries` answer by the row's number.

    >>> ledger = Ledger()
    >>> for modified, query in [(5, "a"), (9, "b"), (7, "b")]:
    ...     ledger.enter(("xiaohongshu", "post", "1"), modified, (query,))
    >>> ledger.settle()
    >>> [ledger.keeps(n) for n in range(3)], ledger.queries(1)
    ([False, True, False], ('a', 'b'))
    """

    def __init__(self) -> None:
        self._keys = [array("Q") for _ in range(_BUCKETS)]
        self._modified = [array("Q") for _ in range(_BUCKETS)]
        self._numbers = [array("Q") for _ in range(_BUCKETS)]
        self._queries = [array("L") for _ in range(_BUCKETS)]
        self._texts: dict[tuple[str, ...], int] = {(): 0}
        self._rows = 0
        self._dropped = bytearray()
        self._united: dict[int, tuple[str, ...]] = {}

    def enter(self, key: object, modified: int, queries: tuple[str, ...]) -> None:
        """The next row: what identifies it, when it was fetched (any unit, 0 unknown), the searches that found it."""
        hashed = hash(key) & _MASK
        bucket = hashed % _BUCKETS
        self._keys[bucket].append(hashed)
        self._modified[bucket].append(max(modified, 0))
        self._numbers[bucket].append(self._rows)
        self._queries[bucket].append(self._texts.setdefault(queries, len(self._texts)))
        self._rows += 1

    def settle(self) -> None:
        """Decide; of rows fetched at the same time the later one wins. Empties what is needed no more."""
        self._dropped = bytearray(self._rows)
        names = list(self._texts)
        for bucket in range(_BUCKETS):
            best: dict[int, int] = {}
            found: dict[int, dict[str, None]] = {}
            keys, modified, numbers, queries = self._keys[bucket], self._modified[bucket], self._numbers[bucket], self._queries[bucket]
            for index, key in enumerate(keys):
                rival = best.setdefault(key, index)
                if rival != index:
                    winner, loser = (index, rival) if modified[index] >= modified[rival] else (rival, index)
                    self._dropped[numbers[loser]] = 1
                    best[key] = winner
                    union = found.setdefault(key, dict.fromkeys(names[queries[rival]]))
                    union.update(dict.fromkeys(names[queries[index]]))
            for key, union in found.items():
                self._united[numbers[best[key]]] = tuple(union)
            self._keys[bucket] = self._modified[bucket] = self._numbers[bucket] = self._queries[bucket] = array("Q")

    def keeps(self, number: int) -> bool:
        """Whether this row is the one that stays."""
        return number >= len(self._dropped) or not self._dropped[number]

    def queries(self, number: int) -> tuple[str, ...] | None:
        """All searches that found what this row stands for, where several rows did; else None."""
        return self._united.get(number)
