"""Kuaishou (快手): comes in a reply or a saved payload; goes out mentions and a cursor.

`parse_search`, `parse_detail`, `parse_comments`, `parse_replies`, `parse_posts` are pure and give a `Page`. A new shape of a video or a
comment belongs in `parse`; how replies are fetched belongs in `fetch` (`Kuaishou`, for a client), which of them are refusals in `check`.
The official interfaces are `open` (one's own videos), `magnetic` (comments on one's own videos, and answers to them) and `kwaishop`
(reviews); how they are authorised is in `auth`.
"""

from negassoc.sources.kuaishou.check import check
from negassoc.sources.kuaishou.fetch import Kuaishou
from negassoc.sources.kuaishou.kwaishop import Kwaishop
from negassoc.sources.kuaishou.magnetic import HideReason, Hiding, Magnetic
from negassoc.sources.kuaishou.open import KuaishouOpen
from negassoc.sources.kuaishou.parse import parse_comments, parse_detail, parse_posts, parse_replies, parse_search

__all__ = [
    "HideReason", "Hiding", "Kuaishou", "KuaishouOpen", "Kwaishop", "Magnetic", "check", "parse_comments", "parse_detail", "parse_posts",
    "parse_replies", "parse_search",
]  # fmt: skip
