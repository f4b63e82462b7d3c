"""How often, and until when, a platform hears an appeal."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path

import attrs

from negassoc.errors import UnknownNameError
from negassoc.platform import platform_of
from negassoc.records import Title, load_toml


@attrs.frozen(kw_only=True)
class AttemptLimit:
    """What a platform allows for one step: at most `max_attempts` tries, none begun after `window_ends_at`.

    None means that no limit is known, not that there is none. `basis` says where the limit is written.
    """

    max_attempts: int | None = None
    window_ends_at: dt.datetime | None = None
    basis: Title | None = None

    def refuses(self, used: int, at: dt.datetime) -> str | None:
        """Why no further attempt may begin at `at` after `used` ones, or None.

        >>> AttemptLimit(max_attempts=3).refuses(3, dt.datetime.now(dt.UTC))
        'all 3 attempts are used'
        """
        if self.max_attempts is not None and used >= self.max_attempts:
            return f"all {self.max_attempts} attempts are used"
        if self.window_ends_at and at > self.window_ends_at:
            return f"the window closed at {self.window_ends_at.isoformat()}"
        return None


@attrs.frozen(kw_only=True)
class AppealRule:
    """One verified rule on appeals, with its source and the date on which it was checked."""

    platform: str
    scope: str
    title: Title
    window: dt.timedelta | None = None
    max_attempts: int | None = None
    basis: Title
    source: str
    checked_on: dt.date


@attrs.frozen(kw_only=True)
class _AppealFile:
    appeal: tuple[AppealRule, ...]


@functools.cache
def appeal_rules() -> tuple[AppealRule, ...]:
    """The packaged rules; a platform or scope that is missing was not verified."""
    return load_toml(Path(__file__).parent.parent / "data" / "appeals.toml", _AppealFile).appeal


def appeal_limit(platform: str, scope: str, *, notified_at: dt.datetime) -> AttemptLimit:
    """The limit of one platform's appeals in one scope (`shop_general`, `shop`, …), counted from the notice.

    `UnknownNameError` where no limit was verified: then read the notice itself and make an `AttemptLimit` by hand.

    >>> appeal_limit("xhs", "shop_serious", notified_at=dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)).window_ends_at.isoformat()
    '2026-11-05T01:00:00+00:00'
    """
    rules = {f"{rule.platform}/{rule.scope}": rule for rule in appeal_rules()}
    rule = rules.get(name := f"{platform_of(platform)}/{scope}")
    if rule is None:
        raise UnknownNameError("appeal rule (read the notice itself)", name, rules)
    ends = notified_at + rule.window if rule.window else None
    return AttemptLimit(max_attempts=rule.max_attempts, window_ends_at=ends, basis=rule.basis)
