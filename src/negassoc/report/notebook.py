"""How values draw themselves in a notebook: small self-contained HTML, every field escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negassoc.brand import Brand
    from negassoc.classify import Classification
    from negassoc.mention import Mention
    from negassoc.playbooks import Plan


def brand_html(brand: Brand) -> str:
    return f"<b>{escape(brand.name)}</b>"


def mention_html(mention: Mention) -> str:
    return f"<p>{escape(mention.text)}</p>"


def classification_html(verdict: Classification) -> str:
    return f"<p>{escape(verdict.type)}</p>"


def plan_html(plan: Plan) -> str:
    return f"<p>{escape(plan.type)}</p>"
