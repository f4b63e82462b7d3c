"""Keeps secrets out of what people read: cookies, tokens, signatures and keys become `***` wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negassoc.records import Json

HIDDEN = "***"
_NAME = (
    r"(?:set-)?cookie2?|(?:proxy-)?authorization|access-token|token|(?:\w+[_-])?(?:token|secret|sign|signature|password|ticket)|auth_code|"
    r"(?:app|sign|client)?secret|appsecret|signsecret|(?:api|app|secret)[_-]?key|xsectoken|accesstoken|refreshtoken|"
    r"x-s(?:-\w+)*|x-t|x-b3-\w+|x-xray-\w+|__ns_\w+|a1|web_session|webid|passtoken|kuaishou\.\w+"
)
_SECRET = re.compile(rf"(?:{_NAME})", re.IGNORECASE)
_HEADER = re.compile(
    r"(?P<head>\b(?:(?:set-)?cookie|(?:proxy-)?authorization)['\"]?\s*[:=,]\s*b?['\"]?)(?P<value>[^\r\n'\"]+)", re.IGNORECASE
)
_PAIR = re.compile(
    rf"(?P<head>(?<![\w.-])(?:{_NAME})(?:['\"]|%22)?\s*(?:=|:|,|%3D|%3A)\s*b?(?:['\"]|%22)?)(?P<value>[^\s&'\",;)}}\]#<>\\]+)",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<head>\b(?:bearer|basic)\s+)(?P<value>[\w.~+/=-]{6,})", re.IGNORECASE)
_USERINFO = re.compile(r"(?P<head>\bhttps?://)(?P<value>[^/\s@?#]+)(?=@)", re.IGNORECASE)
_CODE = re.compile(r"(?P<head>[?&]code=)(?P<value>[^&\s'\"]+)")  # the one-time code of OAuth, in an address
_SHORTEST = 6


def is_secret(name: str) -> bool:
    """Whether a header, parameter or key of this name carries what must not be shown.

    >>> is_secret("xsec_token"), is_secret("X-S-Common"), is_secret("__NS_hxfalcon"), is_secret("keyword")
    (True, True, True, False)
    """
    return bool(_SECRET.fullmatch(name.strip()))


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the values of secret names (in an address, a header, JSON or a repr) and without any of `secrets`.

    >>> redacted("GET https://example.com/a?keyword=x&token=AbC123 Cookie: a1=1; web_session=2")
    'GET https://example.com/a?keyword=x&token=*** Cookie: ***'
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern in (_HEADER, _BEARER, _USERINFO, _CODE, _PAIR):
        text = pattern.sub(rf"\g<head>{HIDDEN}", text)
    return text


def redacted_json(value: Json) -> Json:
    """The same JSON value with the values of secret keys hidden, at every depth."""
    if isinstance(value, Mapping):
        return {key: HIDDEN if is_secret(key) and inner not in (None, "") else redacted_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [redacted_json(inner) for inner in value]
    return redacted(value) if isinstance(value, str) else value


def secret_values(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The values to hide wherever they turn up, from headers and parameters: whole, and the parts of a cookie or of `Bearer …`.

    >>> sorted(secret_values([("Authorization", "Bearer abcdef123"), ("keyword", "示例品牌示例品牌")]))
    ['Bearer abcdef123', 'abcdef123']
    """
    found: set[str] = set()
    for name, value in pairs:
        if is_secret(name):
            parts = (part.strip().partition("=") for part in value.split(";")) if "cookie" in name.lower() else ()
            found |= {value, value.rpartition(" ")[2], *(after or before for before, _, after in parts)}
    return frozenset(one for one in found if len(one) >= _SHORTEST)
