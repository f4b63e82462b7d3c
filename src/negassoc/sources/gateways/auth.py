"""How gateways are authorised, as `httpx.Auth`: hand one to your `httpx.Client(auth=…)`. None of them shows its secret."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias

import httpx

_Flow: TypeAlias = Generator[httpx.Request, httpx.Response, None]


class TikHubAuth(httpx.Auth):
    """TikHub's key, in the header `Authorization`."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "TikHubAuth(***)"

    def auth_flow(self, request: httpx.Request) -> _Flow:
        """Put the header on."""
        request.headers["Authorization"] = f"Bearer {self._key}"
        yield request


class JustOneAuth(httpx.Auth):
    """JustOneAPI's token, which it wants in the address. The client keeps it out of logs and errors; a proxy or server between may not."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __repr__(self) -> str:
        return "JustOneAuth(***)"

    def auth_flow(self, request: httpx.Request) -> _Flow:
        """Put the parameter on."""
        request.url = request.url.copy_set_param("token", self._token)
        yield request
