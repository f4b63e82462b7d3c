"""Word boundaries, asked for only where a brand's name is also an ordinary word."""

from __future__ import annotations

import functools
import importlib.util
import logging
import tempfile
from collections import ChainMap
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import jieba


@attrs.frozen
class JiebaSegmenter:
    """Cuts with jieba, in a tokenizer of its own that knows `words` besides the dictionary; loads on first use (about a second).

    >>> JiebaSegmenter(("示例茶",)).cut("买了示例茶")[-1]
    (2, 5)
    """

    words: tuple[str, ...] = ()

    def cut(self, text: str) -> list[tuple[int, int]]:
        """The words of a text as half-open spans that cover it."""
        return [(start, end) for _, start, end in _tokenizer(self.words).tokenize(text)]

    def known(self, text: str) -> list[tuple[int, int]]:
        """The same with only such words as stand in the dictionary: what jieba would merely guess is cut into characters.

        >>> JiebaSegmenter().known("牛肉摆烂")
        [(0, 2), (2, 3), (3, 4)]
        """
        return [(start, end) for _, start, end in _tokenizer(self.words).tokenize(text, HMM=False)]


@functools.lru_cache(maxsize=1024)
def _tokenizer(words: tuple[str, ...]) -> jieba.Tokenizer:
    """One that knows the words besides the dictionary, which is loaded once and shared: each lays its own words over it."""
    dictionary = _dictionary()
    own = type(dictionary)()
    vars(own).update(FREQ=ChainMap({}, vars(dictionary)["FREQ"]), total=dictionary.total, initialized=True)
    for word in words:
        own.add_word(word)
    return own


@functools.cache
def _dictionary() -> jieba.Tokenizer:
    import warnings

    with warnings.catch_warnings():  # jieba 0.42.1 imports pkg_resources and has invalid escapes; neither concerns the caller
        warnings.simplefilter("ignore")
        import jieba

        logging.getLogger("jieba").setLevel(logging.ERROR)
        tokenizer = jieba.Tokenizer()
        # its cache is read with marshal: keep it out of the predictable path that every user of the machine shares
        with tempfile.TemporaryDirectory(prefix="negassoc-") as own_cache:
            vars(tokenizer)["tmp_dir"] = own_cache  # declared as None in its stubs, a path in its documents
            tokenizer.initialize()
    return tokenizer


@functools.lru_cache(maxsize=4096)
def is_ordinary(name: str) -> bool:
    """Whether a name is also a word of the dictionary that jieba brings along; looked up in its file, without loading it.

    >>> is_ordinary("清道夫"), is_ordinary("馋嘴岛")
    (True, False)
    """
    return f"\n{name} ".encode() in _listed()


@functools.cache
def _listed() -> bytes:
    found = importlib.util.find_spec("jieba")
    return (Path(found.origin).parent / "dict.txt").read_bytes() if found and found.origin else b""
