"""How much of what there is was read: an export with ten comments of a thousand proves little about the rest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import attrs

from negassoc.counts import Count, Exactness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negassoc.mention import Mention

Thread: TypeAlias = tuple[str | None, str | None]
"""What a comment is told of its post: the title, and how the text begins."""
NO_THREAD: Thread = (None, None)


@attrs.frozen(kw_only=True)
class Coverage:
    """Posts and comments read, against the comments that the posts claim to have.

    `claimed` is None where no post says; it is a lower bound where one says only "10+". `orphans` are comments whose post is not there.
    `unread`: nobody has read to the end yet, so that nothing is known, whatever the numbers.

    >>> str(Coverage(posts=1, comments=10, claimed=Count(1342)))
    '10 of 1,342 comments read'
    >>> Coverage(posts=3, comments=10, claimed=Count(1342), silent=1).zh
    '1,342 条评论中读到 10 条（3 条内容中有 1 条没有写明评论数）'
    """

    posts: int = 0
    comments: int = 0
    claimed: Count | None = None
    silent: int = 0
    orphans: int = 0
    unread: bool = False

    def __repr__(self) -> str:
        return f"<Coverage: {self}>"

    def __str__(self) -> str:
        if self.unread:
            return "not read to the end yet"
        if not self.posts and not self.comments:
            return "nothing read"
        if self.claimed is None:
            return f"{self.comments:,} comments read; how many there are is not known"
        least = "at least " if self.claimed.exactness == "at_least" else "about " if self.claimed.exactness == "about" else ""
        unsaid = f" ({self.silent:,} of {self.posts:,} posts do not say how many they have)" if self.silent else ""
        apart = f", and {self.orphans:,} under posts that are not here" if self.orphans else ""
        return f"{self.comments - self.orphans:,} of {least}{self.claimed.value:,} comments read{apart}{unsaid}"

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        if self.unread:
            return "还没有读完，数字未知"
        if not self.posts and not self.comments:
            return "没有读到内容"
        if self.claimed is None:
            return f"读到评论 {self.comments:,} 条，总数未知"
        least = {"at_least": "至少 ", "about": "约 ", "exact": ""}[self.claimed.exactness]
        unsaid = f"（{self.posts:,} 条内容中有 {self.silent:,} 条没有写明评论数）" if self.silent else ""
        apart = f"，另有 {self.orphans:,} 条评论的原帖不在其中" if self.orphans else ""
        return f"{least}{self.claimed.value:,} 条评论中读到 {self.comments - self.orphans:,} 条{apart}{unsaid}"


class Posts:
    """The posts of an export: titles and beginnings for the comments under them, and how many comments they claim."""

    def __init__(self) -> None:
        self.threads: dict[int, Thread] = {}
        self._claims: dict[int, Count | None] = {}
        self._read: Counter[int] = Counter()
        self._comments = self._orphans = 0

    def enter(self, post_id: str, heading: str | None, opening: str | None, claimed: Count | None) -> None:
        """One post; what a later sight of it shows replaces what an earlier one did."""
        key = hash(post_id)
        title, text = self.threads.get(key, NO_THREAD)
        self.threads[key] = (heading or title, opening or text)
        self._claims[key] = claimed or self._claims.get(key)

    def read(self, under: Mapping[int, int]) -> None:
        """How many comments of one file stand under which post."""
        for key, many in under.items():
            self._comments += many
            if key in self._claims:
                self._read[key] += many
            else:
                self._orphans += many

    def coverage(self) -> Coverage:
        """Of everything."""
        return self._of(self._claims, self._comments, self._orphans)

    def coverage_of(self, posts: set[int], under: Mapping[int, int]) -> Coverage:
        """Of one file: the comments under its posts, wherever they stand; where it has none, its comments under other files' posts."""
        about = posts or {key for key in under if key in self._claims}
        apart = sum(many for key, many in under.items() if key not in about)
        read = sum(self._read[key] if posts else under[key] for key in about)
        return self._of(about, read + apart, apart)

    def _of(self, posts: Iterable[int], comments: int, orphans: int) -> Coverage:
        claims = [self._claims.get(key) for key in posts]
        known = [claim for claim in claims if claim is not None]
        total = Count(sum(claim.value for claim in known), _weakest(known)) if known else None
        return Coverage(posts=len(claims), comments=comments, claimed=total, silent=len(claims) - len(known), orphans=orphans)


def told_of_its_post(mention: Mention, threads: Mapping[int, Thread]) -> Mention:
    """An answer with what is known of its post, where it does not say so itself."""
    title, text = threads.get(hash(mention.post_id), NO_THREAD) if mention.kind.is_answer and mention.post_id else NO_THREAD
    if (title is None or mention.thread_title) and (text is None or mention.thread_text):
        return mention
    return attrs.evolve(mention, thread_title=mention.thread_title or title, thread_text=mention.thread_text or text)


def _weakest(counts: list[Count]) -> Exactness:
    found = {count.exactness for count in counts}
    return "at_least" if "at_least" in found else "about" if "about" in found else "exact"
