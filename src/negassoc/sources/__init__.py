"""How do mentions arrive? In come files that people hold, payloads and replies; out go `Mention`s, and what could not be read is named.

`Export` reads files, folders, archives, workbooks, databases and DataFrames. A table that it does not know is a profile
(`data/profiles.toml`, or a TOML file of one's own); a platform's payloads are a folder here with pure `parse_*` functions; a way to open
files belongs in `files` or `tables`. What may be fetched is fetched by `Client` or `AsyncClient` from adapters (`Xiaohongshu`, `Kuaishou`,
official interfaces, gateways), which are flows of calls and replies; the HTTP library is imported only with the clients and the `auth`
modules.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from negassoc.sources.coverage import Coverage
from negassoc.sources.export import Export, FileReport
from negassoc.sources.files import READABLE
from negassoc.sources.page import Page
from negassoc.sources.profiles import Profile
from negassoc.sources.rows import Skipped

if TYPE_CHECKING:
    from negassoc.sources.client import AsyncClient as AsyncClient
    from negassoc.sources.client import Client as Client
    from negassoc.sources.conduct import Policy as Policy
    from negassoc.sources.flow import Call as Call
    from negassoc.sources.flow import Flow as Flow
    from negassoc.sources.flow import Inquiry as Inquiry
    from negassoc.sources.flow import Listing as Listing
    from negassoc.sources.flow import Reply as Reply
    from negassoc.sources.flow import Turn as Turn
    from negassoc.sources.found import AsyncFound as AsyncFound
    from negassoc.sources.found import Found as Found
    from negassoc.sources.gateways import JustOneApi as JustOneApi
    from negassoc.sources.gateways import TikHub as TikHub
    from negassoc.sources.kuaishou import HideReason as HideReason
    from negassoc.sources.kuaishou import Hiding as Hiding
    from negassoc.sources.kuaishou import Kuaishou as Kuaishou
    from negassoc.sources.kuaishou import KuaishouOpen as KuaishouOpen
    from negassoc.sources.kuaishou import Kwaishop as Kwaishop
    from negassoc.sources.kuaishou import Magnetic as Magnetic
    from negassoc.sources.xiaohongshu import Xiaohongshu as Xiaohongshu

__all__ = [
    "READABLE", "AsyncClient", "AsyncFound", "Call", "Client", "Coverage", "Export", "FileReport", "Flow", "Found", "HideReason", "Hiding",
    "Inquiry", "JustOneApi", "Kuaishou", "KuaishouOpen", "Kwaishop", "Listing", "Magnetic", "Page", "Policy", "Profile", "Reply", "Skipped",
    "TikHub", "Turn", "Xiaohongshu",
]  # fmt: skip

_HOMES = {
    "client": ("AsyncClient", "Client"),
    "conduct": ("Policy",),
    "flow": ("Call", "Flow", "Inquiry", "Listing", "Reply", "Turn"),
    "found": ("AsyncFound", "Found"),
    "gateways": ("JustOneApi", "TikHub"),
    "kuaishou": ("HideReason", "Hiding", "Kuaishou", "KuaishouOpen", "Kwaishop", "Magnetic"),
    "xiaohongshu": ("Xiaohongshu",),
}
_HOME = {name: f"negassoc.sources.{module}" for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value
