"""Which replies of Kuaishou are refusals, and of what kind. Nearly everything comes with HTTP 200; the truth is in `result`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from negassoc.errors import (
    AccessDeniedError,
    LoginRequiredError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
    VerificationRequiredError,
)
from negassoc.records import Json
from negassoc.sources.flow import Reply, check_http
from negassoc.sources.redact import redacted

Payload = Mapping[str, Json]


def check(reply: Reply) -> None:
    """A typed error for every reply of the web interface, REST or GraphQL, that holds nothing.

    `result` 2: `RateLimitedError`. 50: `AccessDeniedError` (signature). 109: `LoginRequiredError`. 400002, 2001, a captcha in `errors` or
    `data`: `VerificationRequiredError`, with the address where it can be given. A profile's 21, an operation that is null:
    `UnavailableError`. HTML, HTTP 400: `PayloadError`. 5xx: `TransientError`. A result that is not known counts as a refusal.
    """
    check_http(reply)
    check_payload(reply.json(), reply)


def check_payload(payload: Payload, reply: Reply) -> None:
    """The same for a payload of Kuaishou that a gateway has wrapped."""
    data = payload.get("data")
    operations = {key: value for key, value in data.items() if key.startswith("vision")} if isinstance(data, Mapping) else {}
    _check_captcha(payload, data, reply)
    for name, part in [("", payload), *operations.items()]:
        if isinstance(part, Mapping):
            _check_result(name, part, reply)
        else:
            raise UnavailableError(f"{name} is empty: deleted, private or not logged in; the platform does not say", **reply.place)


def _check_captcha(payload: Payload, data: Json, reply: Reply) -> None:
    asked = data.get("captcha") if isinstance(data, Mapping) else None
    errors = payload.get("errors")
    if asked or "captchaConfig" in payload:
        raise _verification("a captcha is asked for", asked if isinstance(asked, Mapping) else payload, reply)
    if isinstance(errors, list) and errors:
        said = " ".join(_messages(errors))
        if "captcha" in said.lower():
            raise _verification(said, payload, reply)
        raise RefusedError(f"not accepted: {redacted(said)}", **reply.place)


def _messages(errors: list[Json]) -> Iterator[str]:
    for error in errors:
        yield str(error.get("message", error) if isinstance(error, Mapping) else error)


def _check_result(name: str, part: Payload, reply: Reply) -> None:
    result = str(part.get("result", "1"))
    said = redacted(str(part.get("error_msg") or part.get("message") or part.get("msg") or ""))
    words = f"result {result}{': ' + said if said else ''}"
    if result == "1":
        return
    if result in ("400002", "2001") or "need captcha" in said.lower():
        raise _verification(f"a captcha is asked for; {words}", part, reply)
    if result == "2":
        raise RateLimitedError(f"throttled, or not logged in; {words}", **reply.place, retry_after=reply.retry_after)
    if result == "50":
        raise AccessDeniedError(f"the signature is not accepted (签名验证失败); {words}", **reply.place)
    if result == "109":
        raise LoginRequiredError(f"not logged in, or the account was cancelled; {words}", **reply.place)
    if result == "21" and name == "visionProfileReduced":
        raise UnavailableError(f"no such account; {words}", **reply.place, reason="not_found")
    raise RefusedError(f"not accepted; {words}", **reply.place)


def _verification(what: str, part: Payload, reply: Reply) -> VerificationRequiredError:
    url = part.get("url") or part.get("captchaUrl")
    shown = redacted(url) if isinstance(url, str) else None
    return VerificationRequiredError(f"{redacted(what)}; give it in a browser{' at ' + shown if shown else ''}", **reply.place, url=shown)
