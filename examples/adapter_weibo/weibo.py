"""An adapter for another platform: posts of Weibo, as its mobile pages answer a search, become mentions.

    python examples/adapter_weibo/weibo.py examples/adapter_weibo/posts.json

In: a saved answer. Out: a `WeiboSearch`, which is a `Source`: every other part of negassoc takes it where it takes an `Export`.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from negassoc import Mention
from negassoc.errors import PayloadError, Problem
from negassoc.mention import Author, Count, Engagement
from negassoc.testing import check_source

PLATFORM = "weibo"
TAG = re.compile(r"<br\s*/?>", re.IGNORECASE), re.compile(r"<[^>]+>")


class WeiboSearch:
    """The posts in one saved answer, each time it is iterated; `problems` names afterwards what could not be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[Mention]:
        self.problems = []
        payload = json.loads(self.path.read_text("utf-8"))
        for number, card in enumerate(cards_of(payload)):
            where = f"{self.path}:$.data.cards[{number}]"
            if isinstance(card.get("mblog"), Mapping):
                mention = mention_of(card["mblog"], where)
                if mention is not None:
                    yield mention
                else:
                    self.problems.append(Problem(where, "neither title nor text"))


def cards_of(payload: object) -> list[dict[str, object]]:
    """The items of the answer. Another shape than the known one is an error that names the place."""
    data = payload.get("data") if isinstance(payload, Mapping) else None
    cards = data.get("cards") if isinstance(data, Mapping) else None
    if not isinstance(cards, list):
        raise PayloadError("expected a list", platform=PLATFORM, path="$.data.cards")
    return [card for card in cards if isinstance(card, dict)]


def mention_of(post: Mapping[str, object], where: str) -> Mention | None:
    """One post; None if it says nothing. What the answer does not tell stays None: a missing count is not zero."""
    text = plain(str(post.get("text") or ""))
    if not text.strip():
        return None
    user = post.get("user")
    user = user if isinstance(user, Mapping) else {}
    region = str(post.get("region_name") or "").removeprefix("发布于 ")
    followers = Count.parse(user.get("followers_count"))
    return Mention(
        text, id=str(post["id"]), platform=PLATFORM, url=f"https://m.weibo.cn/detail/{post['id']}", where=where,
        author=Author(
            id=str(user["id"]) if user.get("id") else None, nickname=user.get("screen_name"),
            followers=followers.value if followers else None, verified=user.get("verified"),
        ),
        ip_location=region or None, published_at=when(post.get("created_at")), published_raw=post.get("created_at"),
        engagement=Engagement(
            likes=Count.parse(post.get("attitudes_count")), comments=Count.parse(post.get("comments_count")),
            shares=Count.parse(post.get("reposts_count")),
        ),
    )  # fmt: skip


def plain(markup: str) -> str:
    """The text without the tags that this platform puts into it."""
    breaks, tags = TAG
    return html.unescape(tags.sub("", breaks.sub("\n", markup)))


def when(shown: object) -> dt.datetime | None:
    """`Sun Jul 26 14:05:22 +0800 2026` as aware UTC; None for anything else."""
    try:
        return dt.datetime.strptime(str(shown), "%a %b %d %H:%M:%S %z %Y").astimezone(dt.UTC)
    except ValueError:
        return None


def main(arguments: list[str]) -> None:
    """Check the source against the contract, then show what it holds."""
    source = WeiboSearch(Path(arguments[0]))
    check_source(source)
    for mention in source:
        print(mention.published_at, mention.author.nickname, mention.engagement.comments, mention.text.replace("\n", " / "))
    for problem in source.problems:
        print(problem)


if __name__ == "__main__":
    main(sys.argv[1:])
