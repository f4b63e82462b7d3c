"""Kuaishou (快手): comes in a reply or a saved payload; goes out mentions and a cursor.

`parse_search`, `parse_detail`, `parse_comments`, `parse_replies`, `parse_posts` are pure and give a `Page`. A new shape of a video
or a comment belongs in `parse`; how replies are fetched belongs beside it, in a flow.
"""

from negassoc.sources.kuaishou.parse import parse_comments, parse_detail, parse_posts, parse_replies, parse_search

__all__ = ["parse_comments", "parse_detail", "parse_posts", "parse_replies", "parse_search"]
