"""HTML that cannot be broken from inside: every text and attribute is escaped when it enters, and only `Html` passes as it is."""

from __future__ import annotations

import itertools
from html import escape
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urlsplit

import attrs

from negassoc.text.legible import legible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Html(str):
    """Markup made by `tag` or `safe`; nothing else may be called so."""

    __slots__ = ()


Child: TypeAlias = "str | int | Iterable[Child] | None"
Side: TypeAlias = Literal["for", "against", "mute"]

_VOID = {"br", "hr", "meta", "rect", "line", "path", "circle"}


@attrs.frozen
class Mark:
    """Characters `start` to `end` of a text to be highlighted: which `side` they speak for, and a `note` for the pointer."""

    start: int
    end: int
    side: Side
    note: str = ""


def safe(text: str) -> Html:
    """A text as HTML shows it: escaped, and without what a browser chokes on.

    >>> safe("<script>")
    '&lt;script&gt;'
    """
    return text if isinstance(text, Html) else Html(escape(legible(text)))


def tag(name: str, /, *children: Child, **attributes: str | int | float | None) -> Html:
    """An element. `cls` stands for `class`, `_` in an attribute's name for `-`; attributes that are None are left out.

    >>> tag("b", "1 < 2", cls="x", title='"')
    '<b class="x" title="&quot;">1 &lt; 2</b>'
    """
    opened = name + "".join(f' {_name(key)}="{safe(str(value))}"' for key, value in attributes.items() if value is not None)
    return Html(f"<{opened}/>" if name in _VOID else f"<{opened}>{joined(children)}</{name}>")


def joined(children: Iterable[Child], between: Child = "") -> Html:
    """Children one after another, with `between` between them; None is left out."""
    return Html(_flat(between).join(_flat(child) for child in children if child is not None))


def bdi(text: str | None, **attributes: str | None) -> Html:
    """A stranger's text on a line of ours: its writing direction stays inside."""
    return tag("bdi", text or "", **attributes)


def link(url: str | None, *children: Child, **attributes: str | None) -> Html:
    """A link that opens apart and tells the other side nothing; plain children where the address is not `http` or `https`.

    >>> link("javascript:alert(1)", "x")
    'x'
    """
    if not url or not is_web(url):
        return joined(children)
    return tag("a", *children, href=url, target="_blank", rel="noopener noreferrer nofollow", **attributes)


def is_web(url: str) -> bool:
    """Whether an address is `http` or `https` with a host."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def highlighted(text: str, marks: Iterable[Mark], render: dict[Side, str], *, limit: int | None = None) -> Html:
    """The text with its marks, each as a `<mark>` with the attributes that `render` names for its side.

    Of a text longer than `limit` the part around the first mark is shown, and dots where something is left off. Where marks overlap,
    the earlier in `marks` wins.
    """
    kept = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    start, end = _window(len(text), kept, limit)
    cuts = sorted({start, end, *(at for mark in kept for at in (mark.start, mark.end) if start < at < end)})
    pieces = [_piece(text[a:b], _over(kept, a, b), render) for a, b in itertools.pairwise(cuts)]
    return joined(["…" if start else None, *pieces, "…" if end < len(text) else None])


def _over(marks: Sequence[Mark], start: int, end: int) -> Mark | None:
    return next((mark for mark in marks if mark.start <= start and end <= mark.end), None)


def _piece(text: str, mark: Mark | None, render: dict[Side, str]) -> Html:
    if mark is None:
        return safe(text)
    return Html(f"<mark {render[mark.side]}" + (f' title="{safe(mark.note)}">' if mark.note else ">") + safe(text) + "</mark>")


def _window(length: int, marks: Sequence[Mark], limit: int | None) -> tuple[int, int]:
    if limit is None or length <= limit:
        return 0, length
    first = min((mark.start for mark in marks), default=0)
    start = min(max(0, first - limit // 3), length - limit)
    return start, start + limit


def _name(key: str) -> str:
    return "class" if key == "cls" else key.rstrip("_").replace("_", "-")


def _flat(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, str):
        return safe(child)
    return str(child) if isinstance(child, int) else "".join(map(_flat, child))
