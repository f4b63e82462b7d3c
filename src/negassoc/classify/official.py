"""What the brand's own posts and the platform's notices show beyond their words: red lines crossed, outcomes stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negassoc.classify.finding import Hit
from negassoc.classify.notices import NoticeReader, Stated
from negassoc.classify.red_lines import RedLines

if TYPE_CHECKING:
    from negassoc.classify.reading import Reading
    from negassoc.classify.signals import Signals

_MOST = 4


def red_line_signals(reading: Reading, signals: Signals) -> None:
    """How many red lines one of the brand's own posts crosses, the certain ones apart."""
    signals.add("own-post", 1.0)
    breaches = RedLines.default().check_mention(reading.mention)
    for name, found in (("red-line", breaches), ("red-line:certain", tuple(b for b in breaches if b.certain))):
        signals.add(name, min(len(found), _MOST) / 2)
        signals.hits[name] = tuple(Hit(b.red_line.id, b.span) for b in found)


def notice_signals(reading: Reading, signals: Signals) -> None:
    """What a notice or label amounts to, and whether it says that accounts were mixed up or that the platform erred."""
    notice = NoticeReader.default().read(reading.mention)
    signals.add(f"notice:{notice.outcome}", 1.0)
    for name, stated in (("notice:mix-up", notice.mix_up), ("notice:error", notice.error), ("notice:lifted", notice.lifted)):
        if stated is not None:
            _stated(name, stated, signals)
    if notice.penalties:
        _stated("notice:punished", notice.penalties[0], signals)


def _stated(name: str, stated: Stated, signals: Signals) -> None:
    signals.add(name, 1.0)
    signals.hits[name] = (Hit(stated.value, stated.span),)
