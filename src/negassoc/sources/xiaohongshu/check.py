"""Which replies of Xiaohongshu are refusals, and of what kind. Codes come as numbers and as strings; both mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc.errors import (
    AccessDeniedError,
    LoginRequiredError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    VerificationRequiredError,
)
from negassoc.sources.flow import Reply, check_http
from negassoc.sources.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negassoc.records import Json

_DENIED = {
    "300012": "the network address is blocked (网络连接异常)",
    "300011": "the account is restricted (当前账号存在异常)",
    "300015": "the signature or the browser is not accepted (浏览器异常)",
}
_LOGIN = {"-100": "the login has expired (登录已过期)", "-101": "not logged in (无登录信息)"}


def check(reply: Reply) -> None:
    """A typed error for every reply of the web interface that holds nothing.

    HTTP 461 and 471, and a page that asks for it: `VerificationRequiredError`. -100, -101: `LoginRequiredError`. 300011, 300012, 300015,
    HTTP 401 and 403: `AccessDeniedError`. 300013, HTTP 429: `RateLimitedError`. -510000, -510001: `UnavailableError`; the second also
    comes for posts that are there, so its reason is `unknown`. 5xx: `TransientError`. HTML or nothing: `PayloadError`. A code that is not
    known counts as a refusal.
    """
    if reply.status in (461, 471):
        kind, uuid = reply.headers.get("verifytype", "not said"), reply.headers.get("verifyuuid", "not said")
        raise VerificationRequiredError(
            f"HTTP {reply.status}: verification of type {kind[:40]} asked for ({uuid[:80]}); give it in a browser", **reply.place
        )
    check_http(reply)
    check_payload(reply.json(), reply)


def check_payload(payload: Mapping[str, Json], reply: Reply) -> None:
    """The same for a payload of Xiaohongshu that a gateway has wrapped."""
    code, success = str(payload.get("code", "0")), payload.get("success")
    if code == "0" and success is not False:
        return
    said = redacted(str(payload.get("msg") or payload.get("message") or ""))
    words = f"code {code}{': ' + said if said else ''}"
    if code in _DENIED:
        raise AccessDeniedError(f"{_DENIED[code]}; {words}", **reply.place)
    if code in _LOGIN:
        raise LoginRequiredError(f"{_LOGIN[code]}; {words}", **reply.place)
    if code == "300013":
        raise RateLimitedError(f"too many requests; {words}", **reply.place, retry_after=reply.retry_after)
    if code == "-510000":
        raise UnavailableError(f"no such note; {words}", **reply.place, reason="not_found")
    if code == "-510001":
        raise UnavailableError(f"the note is not shown; the platform does not say why; {words}", **reply.place, reason="unknown")
    raise RefusedError(f"not accepted; {words}", **reply.place)
