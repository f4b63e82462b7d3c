"""Why something negative hangs on a company's name on Xiaohongshu and Kuaishou, and what to do about it, in which order.

    >>> from negassoc import Brand, Mention
    >>> Brand("示例茶").is_called("示例茶"), Mention("退款一个月没到账").kind.value
    (True, 'note')

A `Source` such as `Export` yields `Mention`s; `RuleClassifier(brand).classify(mention, facts)` gives a `Classification` that says why;
`Pack.default().plan(verdict)` gives a `Plan` of ordered `Action`s; a `Case` keeps what was done, with its `Evidence`.
Nothing is imported before it is used, nothing is printed, nothing is read from the environment.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negassoc.brand import Account as Account
    from negassoc.brand import Brand as Brand
    from negassoc.brand import LegalEntity as LegalEntity
    from negassoc.cases import Case as Case
    from negassoc.cases.evidence import Evidence as Evidence
    from negassoc.classify import AssociationType as AssociationType
    from negassoc.classify import Classification as Classification
    from negassoc.classify import Finding as Finding
    from negassoc.classify import Grade as Grade
    from negassoc.classify.classifier import RuleClassifier as RuleClassifier
    from negassoc.errors import DataError as DataError
    from negassoc.errors import MissingExtraError as MissingExtraError
    from negassoc.errors import NegassocError as NegassocError
    from negassoc.errors import SourceError as SourceError
    from negassoc.facts import Facts as Facts
    from negassoc.mention import Author as Author
    from negassoc.mention import Count as Count
    from negassoc.mention import Kind as Kind
    from negassoc.mention import Mention as Mention
    from negassoc.mention import Query as Query
    from negassoc.pack import Pack as Pack
    from negassoc.playbooks import Action as Action
    from negassoc.playbooks import Guards as Guards
    from negassoc.playbooks import Plan as Plan
    from negassoc.report import Report as Report
    from negassoc.sources import Export as Export
    from negassoc.watch.alerts import Alert as Alert
    from negassoc.watch.monitor import Monitor as Monitor

__version__ = "0.1.0"

__all__ = [
    "Account",
    "Action",
    "Alert",
    "AssociationType",
    "Author",
    "Brand",
    "Case",
    "Classification",
    "Count",
    "DataError",
    "Evidence",
    "Export",
    "Facts",
    "Finding",
    "Grade",
    "Guards",
    "Kind",
    "LegalEntity",
    "Mention",
    "MissingExtraError",
    "Monitor",
    "NegassocError",
    "Plan",
    "Query",
    "Report",
    "SourceError",
]

__all__ = [
    "Account",
    "Action",
    "Alert",
    "AssociationType",
    "Author",
    "Brand",
    "Case",
    "Classification",
    "Count",
    "DataError",
    "Evidence",
    "Export",
    "Facts",
    "Finding",
    "Grade",
    "Guards",
    "Kind",
    "LegalEntity",
    "Mention",
    "MissingExtraError",
    "Monitor",
    "NegassocError",
    "Pack",
    "Plan",
    "Query",
    "Report",
    "RuleClassifier",
    "SourceError",
]

_HOMES = {
    "brand": ("Account", "Brand", "LegalEntity"),
    "cases": ("Case",),
    "cases.evidence": ("Evidence",),
    "classify": ("AssociationType", "Classification", "Finding", "Grade"),
    "classify.classifier": ("RuleClassifier",),
    "errors": ("DataError", "MissingExtraError", "NegassocError", "SourceError"),
    "facts": ("Facts",),
    "mention": ("Author", "Count", "Kind", "Mention", "Query"),
    "pack": ("Pack",),
    "playbooks": ("Action", "Guards", "Plan"),
    "report": ("Report",),
    "sources": ("Export",),
    "watch.alerts": ("Alert",),
    "watch.monitor": ("Monitor",),
}
_HOME = {name: f"negassoc.{module}" for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
