"""Kuaishou's Open Platform (快手开放平台): the official interface to one's own account and videos. No comments, no search.

Authorised by `auth.OpenAuth`.
"""

from __future__ import annotations

import attrs

from negassoc.counts import Count
from negassoc.errors import RefusedError
from negassoc.mention import Author
from negassoc.platform import KUAISHOU
from negassoc.sources import fields
from negassoc.sources.flow import Call, Flow, Inquiry, Listing, Reply, Turn, check_http
from negassoc.sources.kuaishou.parse import parse_posts
from negassoc.sources.page import table
from negassoc.sources.redact import redacted


def check(reply: Reply) -> None:
    """A typed error for a reply whose `result` is not 1."""
    check_http(reply)
    payload = reply.json()
    if str(payload.get("result", "1")) != "1":
        raise RefusedError(f"result {payload.get('result')}: {redacted(str(payload.get('error_msg') or ''))}", **reply.place)


class KuaishouOpen:
    """The account that has authorised the app. `base` is the interface's address, `page_size` how many videos come at a time."""

    platform = KUAISHOU

    def __init__(self, *, base: str = "https://open.kuaishou.com", page_size: int = 20) -> None:
        self._base, self._size = base.rstrip("/"), page_size

    def user(self) -> Inquiry[Author]:
        """Who the account is: nickname and followers. The interface gives no id with it."""

        def flow() -> Flow[Author]:
            reply = yield self._call("/openapi/user_info", "own account", {})
            user = table(reply.json(), "user_info")
            fans = Count.parse(user.get("fan"))
            return Author(nickname=fields.text(user.get("name")), followers=fans.value if fans else None, official=True)

        return Inquiry("own account", platform=KUAISHOU, flow=flow)

    def posts(self) -> Listing:
        """The account's own videos; the cursor is the id of the last one seen."""

        def turn(cursor: str | None) -> Flow[Turn]:
            at = {"cursor": cursor} if cursor else {}
            reply = yield self._call("/openapi/photo/list", "own videos", {"count": str(self._size), **at})
            page = parse_posts(reply.json())
            full = len(page.mentions) + len(page.problems) + len(page.skipped) >= self._size
            last = page.mentions[-1].id if page.mentions and full else None
            return Turn(attrs.evolve(page, cursor=last, has_more=last is not None))

        return Listing("own videos", platform=KUAISHOU, turn=turn)

    def _call(self, path: str, purpose: str, params: dict[str, str]) -> Call:
        return Call("GET", self._base + path, params=params, platform=KUAISHOU, purpose=purpose, check=check)
