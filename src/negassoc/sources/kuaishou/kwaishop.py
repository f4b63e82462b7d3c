"""Kwaishop (快手小店): the official interface to the reviews of one's own goods. Authorised and signed, as documented, by
`auth.KwaishopAuth`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import attrs

from negassoc.errors import AccessDeniedError, LoginRequiredError, RateLimitedError, RefusedError
from negassoc.platform import KUAISHOU
from negassoc.sources.flow import Call, Flow, Listing, Reply, Turn, check_http, pack, unpack
from negassoc.sources.kuaishou.parse import parse_comments
from negassoc.sources.page import body_of, list_in
from negassoc.sources.redact import redacted

if TYPE_CHECKING:
    from negassoc.records import Json

_METHOD = "open.comment.list.get"
_MOST = 20  # reviews a page may have
_LOGIN, _DENIED = frozenset({"21", "24"}), frozenset({"22", "25", "26", "27", "28"})
_LIMITED = frozenset({"15", "16", "17", "1016", "1017", "802000"})


def check(reply: Reply) -> None:
    """`result` 21 and 24: `LoginRequiredError`. 22, 25, 26 (authorisation), 27, 28 (signature): `AccessDeniedError`. 15, 16, 17, 1016,
    1017, 802000: `RateLimitedError`. Any other but 1 is a refusal."""
    check_http(reply)
    payload = reply.json()
    result = str(payload.get("result", "1"))
    words = f"result {result}: {redacted(str(payload.get('error_msg') or payload.get('msg') or ''))}"
    if result in _LOGIN:
        raise LoginRequiredError(f"the access token is not valid; {words}", **reply.place)
    if result in _DENIED:
        raise AccessDeniedError(f"not authorised, or the signature does not fit; {words}", **reply.place)
    if result in _LIMITED:
        raise RateLimitedError(f"too many requests; {words}", **reply.place, retry_after=reply.retry_after)
    if result != "1":
        raise RefusedError(f"not accepted; {words}", **reply.place)


class Kwaishop:
    """One's own shop. `base` is the interface's address."""

    platform = KUAISHOU

    def __init__(self, *, base: str = "https://openapi.kwaixiaodian.com") -> None:
        self._base = base.rstrip("/")

    def reviews(self, item_id: str | None = None) -> Listing:
        """Reviews of all goods, or of one. Each is a mention of the kind `review`."""
        wanted: dict[str, Json] = {"itemId": int(item_id) if item_id.isdigit() else item_id} if item_id else {}

        def turn(cursor: str | None) -> Flow[Turn]:
            offset = int(unpack(cursor).get("offset", 0))
            reply = yield self._call({**wanted, "offset": offset, "limit": _MOST})
            body, path = body_of(reply.json(), KUAISHOU, "root_comment")
            items, _ = list_in(body, path, KUAISHOU, "root_comment")
            page = parse_comments({"details": items}, where="reviews")
            more = len(items) >= _MOST
            return Turn(attrs.evolve(page, cursor=pack(offset=offset + len(items)) if more else None, has_more=more))

        return Listing("reviews of own goods", platform=KUAISHOU, turn=turn)

    def _call(self, param: dict[str, Json]) -> Call:
        params = {"method": _METHOD, "version": "1", "param": json.dumps(param, ensure_ascii=False, separators=(",", ":"))}
        url = f"{self._base}/{_METHOD.replace('.', '/')}"
        return Call("GET", url, params=params, platform=KUAISHOU, purpose="reviews of own goods", check=check)
