"""Xiaohongshu (小红书, RedNote): comes in a reply, a saved payload or a page's state; goes out mentions and a cursor.

`parse_search`, `parse_detail`, `parse_comments`, `parse_replies`, `parse_posts` are pure and give a `Page`. A new shape of a note or a
comment belongs in `parse`; how replies are fetched belongs in `fetch` (`Xiaohongshu`, for a client), which of them are refusals in `check`.
"""

from negassoc.sources.xiaohongshu.check import check
from negassoc.sources.xiaohongshu.fetch import Xiaohongshu
from negassoc.sources.xiaohongshu.parse import parse_comments, parse_detail, parse_posts, parse_replies, parse_search

__all__ = ["Xiaohongshu", "check", "parse_comments", "parse_detail", "parse_posts", "parse_replies", "parse_search"]
