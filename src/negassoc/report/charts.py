"""Charts as inline SVG with real text. Colours come from the page's style sheet by class, so that they follow light, dark and print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from negassoc.report.markup import Html, joined, tag

if TYPE_CHECKING:
    from collections.abc import Sequence


@attrs.frozen
class Part:
    """A coloured share of a bar: its CSS class, its size, and what it is called."""

    cls: str
    size: int
    name: str


@attrs.frozen
class Bar:
    """One bar: its label, its parts from the base on, and a longer name for the pointer."""

    label: str
    parts: tuple[Part, ...]
    title: str = ""

    @property
    def size(self) -> int:
        """All parts together."""
        return sum(part.size for part in self.parts)


def columns(bars: Sequence[Bar], *, width: int, height: int, name: str, cls: str) -> Html:
    """Stacked columns over time, with a scale on the left and as many labels below as fit; `name` is read out by screen readers."""
    left, bottom, top = 34, 24, 14
    most = max((bar.size for bar in bars), default=0)
    ceiling, ticks = _scale(most)
    unit, pitch = (height - bottom - top) / ceiling, (width - left - 4) / max(len(bars), 1)
    every = -(-44 // max(int(pitch), 1))
    grid = [
        joined([
            tag("line", x1=left, x2=width, y1=height - bottom - tick * unit, y2=height - bottom - tick * unit, cls="grid"),
            tag("text", str(tick), x=left - 6, y=height - bottom - tick * unit + 4, text_anchor="end", cls="tick"),
        ])
        for tick in ticks
    ]  # fmt: skip
    drawn = [
        _column(bar, left + number * pitch, pitch, height - bottom, unit, labelled=number % every == 0) for number, bar in enumerate(bars)
    ]
    return tag("svg", tag("title", name), *grid, *drawn, viewBox=f"0 0 {width} {height}", role="img", aria_label=name, cls=f"chart {cls}")


def rows(bars: Sequence[Bar], *, name: str) -> Html:
    """Horizontal bars, one a line, each with its label on the left and its number on the right."""
    width, line = 360, 26
    label_width = min(max((_running(bar.label)[-1] for bar in bars if bar.label), default=0) + 12, 172)
    most = max((bar.size for bar in bars), default=0) or 1
    drawn = [_row(bar, number * line, label_width, (width - label_width - 44) / most) for number, bar in enumerate(bars)]
    return tag(
        "svg", tag("title", name), *drawn, viewBox=f"0 0 {width} {line * len(bars) + 2}", role="img", aria_label=name, cls="chart rows"
    )


def _scale(most: int) -> tuple[int, tuple[int, ...]]:
    for unit in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000, 1_000_000):
        if most <= unit * 4:
            ceiling = max(unit, -(-most // unit) * unit)
            return ceiling, tuple(range(0, ceiling + 1, unit))
    return most, (0, most)


def _column(bar: Bar, x: float, pitch: float, base: float, unit: float, *, labelled: bool) -> Html:  # noqa: PLR0913 - geometry
    wide, at, drawn = max(pitch * 0.72, 1), base, list[Html]()
    for part in bar.parts:
        if part.size:
            at -= part.size * unit
            drawn.append(
                tag(
                    "rect",
                    x=f"{x + (pitch - wide) / 2:.1f}",
                    y=f"{at:.1f}",
                    width=f"{wide:.1f}",
                    height=f"{part.size * unit:.1f}",
                    cls=part.cls,
                )
            )
    middle = f"{x + pitch / 2:.1f}"
    label = tag("text", bar.label, x=middle, y=base + 16, text_anchor="middle", cls="tick") if labelled else None
    total = tag("text", str(bar.size), x=middle, y=f"{at - 4:.1f}", text_anchor="middle", cls="value") if bar.size and pitch >= 18 else None
    return tag("g", tag("title", bar.title or bar.label), *drawn, label, total)


def _row(bar: Bar, y: float, left: float, unit: float) -> Html:
    at, drawn = left, list[Html]()
    for part in bar.parts:
        if part.size:
            drawn.append(tag("rect", x=f"{at:.1f}", y=y + 4, width=f"{part.size * unit:.1f}", height=18, cls=part.cls))
            at += part.size * unit
    label = tag("text", _fitting(bar.label, left - 8), x=left - 8, y=y + 18, text_anchor="end", cls="label")
    value = tag("text", str(bar.size), x=f"{at + 6:.1f}", y=y + 18, cls="value")
    return tag("g", tag("title", bar.title or bar.label), label, *drawn, value)


def _fitting(label: str, room: float) -> str:
    """As much of a label as fits: a Chinese character takes 13 units, a Latin one 7."""
    for end, used in enumerate(_running(label)):
        if used > room:
            return label[: max(end - 1, 1)] + "…"
    return label


def _running(label: str) -> list[int]:
    total, sums = 0, list[int]()
    for character in label:
        total += 13 if ord(character) > 0x2E7F else 7
        sums.append(total)
    return sums
