"""The commonest errors with a few words of Chinese behind them: the English line is what programs and searches know."""

from __future__ import annotations

import functools
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.records import load_toml

if TYPE_CHECKING:
    from collections.abc import Sequence


@attrs.frozen(kw_only=True)
class Mistake:
    """What an error line holds, and what is said of it in Chinese."""

    says: str
    zh: str


@attrs.frozen(kw_only=True)
class _MistakesFile:
    mistake: tuple[Mistake, ...]


@functools.cache
def mistakes() -> tuple[Mistake, ...]:
    """All that are known, the first that fits to be taken."""
    return load_toml(Path(__file__).parent.parent / "data" / "mistakes.toml", _MistakesFile).mistake


def explained(message: str, args: Sequence[str]) -> str:
    """Each line with its Chinese behind it, unless English was asked for.

    >>> explained("no such file or folder: a.csv", ["scan", "a.csv"])
    'no such file or folder: a.csv（没有这个文件或文件夹，请核对路径）'
    """
    if "--lang=en" in args or ("--lang", "en") in itertools.pairwise(args):
        return message
    return "\n".join(map(in_both, message.splitlines()))


def in_both(line: str) -> str:
    """One line of English with its Chinese behind it.

    >>> in_both("a.jsonl:3: neither title nor text")
    'a.jsonl:3: neither title nor text（标题和正文都没有）'
    """
    return line + next((f"（{mistake.zh}）" for mistake in mistakes() if mistake.says in line), "")


@attrs.frozen(kw_only=True)
class _GuessesFile:
    names: dict[str, str]
    why: tuple[Mistake, ...]


@functools.cache
def _guesses() -> _GuessesFile:
    return load_toml(Path(__file__).parent.parent / "data" / "guesses.toml", _GuessesFile)


def name_in_chinese(name: str) -> str:
    """What people call a field, or a sort of file; the name itself where there is no word for it.

    >>> name_in_chinese("thread_title"), name_in_chinese("MediaCrawler")
    ('所属帖子标题', 'MediaCrawler')
    """
    return _guesses().names.get(name, name)


def guess_in_chinese(why: str) -> str:
    """Why a column was taken for what it was, in Chinese.

    >>> guess_in_chinese("column '评论内容', by its name")
    '“评论内容”列（按列名）'
    """
    for known in _guesses().why:
        if found := re.fullmatch(known.says, why):
            return found.expand(known.zh)
    return name_in_chinese(why)
