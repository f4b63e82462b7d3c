"""Which of many rows are the same thing, in 24 bytes a row: the newest wins, the searches that found it are united."""

from __future__ import annotations

from array import array

_BUCKETS = 256
_MASK = (1 << 64) - 1
_QUERY_BITS = 24
_QUERY_MASK = (1 << _QUERY_BITS) - 1


class Ledger:
    """First every row is entered under its number. After `settle`, by the row's number: `dropped` is 1 where another row stands for it,
    `united` has all searches that found what it stands for, where several rows did. Rows that are nothing may be left out.

    >>> ledger = Ledger()
    >>> for number, (modified, query) in enumerate([(5, "a"), (9, "b"), (7, "b")]):
    ...     ledger.enter(number, ("xiaohongshu", "post", "1"), modified, (query,))
    >>> ledger.settle()
    >>> list(ledger.dropped), ledger.united
    ([1, 0, 1], {1: ('a', 'b')})
    """

    def __init__(self) -> None:
        self._buckets = [array("Q") for _ in range(_BUCKETS)]
        self._texts: dict[tuple[str, ...], int] = {(): 0}
        self._rows = 0
        self.dropped = bytearray()
        self.united: dict[int, tuple[str, ...]] = {}

    def enter(self, number: int, key: object, modified: int, queries: tuple[str, ...] = ()) -> None:
        """A row: its number, higher than any before; what identifies it; when it was fetched (any unit, 0 unknown, never less); what found
        it."""
        hashed = hash(key) & _MASK
        query = self._texts.setdefault(queries, len(self._texts)) if queries else 0
        self._buckets[hashed % _BUCKETS].extend((hashed, modified, number << _QUERY_BITS | query))
        self._rows = number + 1

    def settle(self) -> None:
        """Decide; of rows fetched at the same time the later one wins. Forgets what is needed no more."""
        self.dropped = bytearray(self._rows)
        texts = list(self._texts)
        for index, bucket in enumerate(self._buckets):
            self._settle(bucket, texts)
            self._buckets[index] = array("Q")

    def _settle(self, bucket: array[int], texts: list[tuple[str, ...]]) -> None:
        best: dict[int, tuple[int, int]] = {}
        found: dict[int, dict[str, None]] = {}
        for key, modified, packed in zip(bucket[::3], bucket[1::3], bucket[2::3], strict=True):
            rival = best.get(key)
            if rival is None:
                best[key] = modified, packed
                continue
            winner, loser = ((modified, packed), rival) if modified >= rival[0] else (rival, (modified, packed))
            best[key] = winner
            self.dropped[loser[1] >> _QUERY_BITS] = 1
            union = found.setdefault(key, dict.fromkeys(texts[rival[1] & _QUERY_MASK]))
            union.update(dict.fromkeys(texts[packed & _QUERY_MASK]))
        for key, union in found.items():
            self.united[best[key][1] >> _QUERY_BITS] = tuple(union)
