"""How Kuaishou's official interfaces are authorised, as `httpx.Auth`: hand one to your `httpx.Client(auth=…)`. None of them shows its
secrets."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import time
from collections.abc import Callable, Generator
from typing import Literal, TypeAlias
from urllib.parse import urlencode

import attrs
import httpx

from negassoc.errors import LoginRequiredError, PayloadError, TransientError
from negassoc.platform import KUAISHOU
from negassoc.sources.redact import redacted

_Flow: TypeAlias = Generator[httpx.Request, httpx.Response, None]
_EARLY = dt.timedelta(minutes=5)


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@attrs.frozen(repr=False)
class OpenToken:
    """What the Open Platform issues: an access token (48 hours) and a refresh token (about 180 days), each with its end, aware UTC. Keep it
    where you keep passwords; it shows nothing of itself."""

    access: str
    refresh: str = attrs.field(kw_only=True)
    expires_at: dt.datetime = attrs.field(kw_only=True)
    refresh_expires_at: dt.datetime | None = attrs.field(default=None, kw_only=True)

    def __repr__(self) -> str:
        return f"OpenToken(***, expires_at={self.expires_at:%Y-%m-%d %H:%M}Z)"


def authorize_url(app_id: str, redirect_uri: str, state: str, *, scopes: tuple[str, ...] = ("user_info", "user_video_info")) -> str:
    """Where the account's owner grants access in a browser; the platform then sends a `code` to `redirect_uri`.

    >>> authorize_url("ks1", "https://example.com/back", "s1")
    'https://open.kuaishou.com/oauth2/authorize?app_id=ks1&scope=user_info%2Cuser_video_info&response_type=code&redirect_uri=https%3A%2F%2Fexample.com%2Fback&state=s1&ua=pc'
    """
    query = {
        "app_id": app_id, "scope": ",".join(scopes), "response_type": "code", "redirect_uri": redirect_uri, "state": state, "ua": "pc",
    }  # fmt: skip
    return f"https://open.kuaishou.com/oauth2/authorize?{urlencode(query)}"


class OpenAuth(httpx.Auth):
    """OAuth 2 of the Open Platform: exchanges a `code` once, or takes a `token` kept from before, and refreshes it before it ends.

    `on_token` is told each new token: keep it, the old one is worth nothing then. `LoginRequiredError` where the platform grants none, or
    the refresh token has ended: the owner must grant access again (`authorize_url`).
    """

    requires_response_body = True

    def __init__(  # noqa: PLR0913 - what OAuth takes
        self, app_id: str, app_secret: str, *, token: OpenToken | None = None, code: str | None = None,
        on_token: Callable[[OpenToken], None] | None = None, now: Callable[[], dt.datetime] = _utc_now,
        base: str = "https://open.kuaishou.com",
    ) -> None:  # fmt: skip
        if (token is None) == (code is None):
            raise ValueError("give either the code that the platform sent, or a token that was kept")
        self._app_id, self._app_secret, self._token, self._code = app_id, app_secret, token, code
        self._on_token, self._now, self._base = on_token, now, base.rstrip("/")

    def __repr__(self) -> str:
        return f"OpenAuth({self._app_id!r}, {self._token!r})"

    def auth_flow(self, request: httpx.Request) -> _Flow:
        """Put `app_id` and `access_token` on the request, after getting or refreshing the token if need be."""
        if self._token is None or self._token.expires_at - self._now() < _EARLY:
            response = yield self._token_request()
            self._token = self._token_of(response)
            self._code = None
            if self._on_token:
                self._on_token(self._token)
        request.url = request.url.copy_merge_params({"app_id": self._app_id, "access_token": self._token.access})
        yield request

    def _token_request(self) -> httpx.Request:
        keys = {"app_id": self._app_id, "app_secret": self._app_secret}
        if self._token is None:
            params = {**keys, "code": self._code or "", "grant_type": "authorization_code"}
            return httpx.Request("GET", f"{self._base}/oauth2/access_token", params=params)
        ends = self._token.refresh_expires_at
        if ends is not None and ends <= self._now():
            raise LoginRequiredError("the refresh token has ended; the account's owner must grant access again", platform=KUAISHOU)
        params = {**keys, "refresh_token": self._token.refresh, "grant_type": "refresh_token"}
        return httpx.Request("GET", f"{self._base}/oauth2/refresh_token", params=params)

    def _token_of(self, response: httpx.Response) -> OpenToken:
        if response.status_code >= 500:
            raise TransientError(f"HTTP {response.status_code} from the token's issuer", platform=KUAISHOU)
        data = _object(response)
        access, refresh = data.get("access_token"), data.get("refresh_token") or (self._token.refresh if self._token else None)
        if str(data.get("result", "1")) != "1" or not isinstance(access, str) or not isinstance(refresh, str):
            said = redacted(
                str(data.get("error_msg") or data.get("error") or "no token in the answer"), (self._app_secret, self._code or "\0")
            )
            raise LoginRequiredError(f"no token granted (result {data.get('result')}): {said[:200]}", platform=KUAISHOU)
        now = self._now()
        ends, refresh_ends = _seconds(data.get("expires_in")), _seconds(data.get("refresh_token_expires_in"))
        return OpenToken(
            access,
            refresh=refresh,
            expires_at=now + (ends or dt.timedelta(hours=48)),
            refresh_expires_at=now + refresh_ends if refresh_ends else None,
        )


def _object(response: httpx.Response) -> dict[str, object]:
    try:
        data = response.json()
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise PayloadError(f"HTTP {response.status_code} without JSON from the token's issuer", platform=KUAISHOU, path="$")
    return data


def _seconds(value: object) -> dt.timedelta | None:
    return dt.timedelta(seconds=value) if isinstance(value, int) and 0 < value < 1 << 32 else None


class MagneticAuth(httpx.Auth):
    """The Magnetic Engine's header `Access-Token`. `token` is the token, or a function that gives the present one."""

    def __init__(self, token: str | Callable[[], str]) -> None:
        self._token = token

    def __repr__(self) -> str:
        return "MagneticAuth(***)"

    def auth_flow(self, request: httpx.Request) -> _Flow:
        """Put the header on."""
        request.headers["Access-Token"] = self._token if isinstance(self._token, str) else self._token()
        yield request


class KwaishopAuth(httpx.Auth):
    """Kwaishop's documented signature: over the sorted parameters and the sign secret, MD5 or HMAC-SHA256. The secret itself is never sent.

    `access_token` is the token, or a function that gives the present one; `clock` gives Unix seconds.
    """

    def __init__(
        self, app_key: str, sign_secret: str, access_token: str | Callable[[], str], *,
        method: Literal["HMAC_SHA256", "MD5"] = "HMAC_SHA256", clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._app_key, self._secret, self._token, self._method, self._clock = app_key, sign_secret, access_token, method, clock

    def __repr__(self) -> str:
        return f"KwaishopAuth({self._app_key!r}, ***)"

    def auth_flow(self, request: httpx.Request) -> _Flow:
        """Add the common parameters and the signature over all of them."""
        params = dict(request.url.params) | {
            "appkey": self._app_key, "access_token": self._token if isinstance(self._token, str) else self._token(),
            "timestamp": str(int(self._clock() * 1000)), "signMethod": self._method,
        }  # fmt: skip
        request.url = request.url.copy_with(params={**params, "sign": signature(params, self._secret, self._method)})
        yield request


def signature(params: dict[str, str], secret: str, method: str = "HMAC_SHA256") -> str:
    """What Kwaishop documents: `k=v` sorted and joined by `&`, `&signSecret=…` after them, then MD5 in hex or HMAC-SHA256 in base64.

    >>> signature({"b": "2", "a": "1"}, "s", "MD5") == hashlib.md5(b"a=1&b=2&signSecret=s").hexdigest()
    True
    """
    text = "&".join(f"{key}={value}" for key, value in sorted(params.items())) + f"&signSecret={secret}"
    if method == "MD5":
        return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - the platform's choice
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()
