"""Alerts on their way: kept with the state of the threshold that raised them, sent until each notifier has taken them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from negassoc.cases.store import to_body, to_key
from negassoc.errors import Problem
from negassoc.records import dump_json, structure, without_nulls
from negassoc.watch.alerts import Alert
from negassoc.watch.ledger import micros
from negassoc.watch.thresholds import ThresholdState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from negassoc.cases.store import SqlStore
    from negassoc.protocols import Notifier

STATE = "monitor-threshold"
"""Under which kind a store keeps what is remembered of a threshold."""
PATIENCE = 3
"""Failures in a row after which a notifier is left alone until the next run: each may have cost a timeout."""


class Outbox:
    """The alerts of a store. Raised once; delivered at least once, with the same id each time."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store

    def state(self, brand: str, threshold: str) -> tuple[int, ThresholdState]:
        """The version and the state of a threshold for one brand; version 0 where it has never spoken."""
        found = self.store.load(STATE, f"{brand}/{threshold}")
        if found is None:
            return 0, ThresholdState()
        return found[0], structure(without_nulls(json.loads(found[1])), ThresholdState, where=f"store: {STATE} {brand}/{threshold}")

    def put(self, alert: Alert, state: ThresholdState, version: int, notifiers: Mapping[str, Notifier]) -> None:
        """The alert, what is to be remembered, and one delivery a notifier, together; `CaseError` if another monitor was first."""
        with self.store.transaction():
            self.remember(alert.brand, alert.threshold, state, version)
            sql = "INSERT INTO alerts (id, brand, threshold, at, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
            self.store.run(sql, (alert.id, to_key(alert.brand), to_key(alert.threshold), micros(alert.at), to_body(dump_json(alert))))
            sql = "INSERT INTO deliveries (alert, notifier, attempts) VALUES (?, ?, 0) ON CONFLICT DO NOTHING"
            self.store.run_many(sql, [(alert.id, to_key(name)) for name in notifiers])

    def remember(self, brand: str, threshold: str, state: ThresholdState, version: int) -> None:
        """What a threshold is to know next time; `CaseError` if another monitor was first."""
        self.store.save(STATE, f"{brand}/{threshold}", dump_json(state), version)

    def deliver(self, notifiers: Mapping[str, Notifier], now: dt.datetime) -> Iterator[Problem]:
        """Send what each notifier has not taken yet; one that fails keeps nothing from the others, and is left alone until the next
        run after `PATIENCE` failures in a row."""
        for name, notifier in notifiers.items():
            failed = 0
            for number, alert in enumerate(waiting := self.waiting(name)):
                error = _tried(notifier, alert)
                self._tried(alert.id, name, error, now)
                failed = failed + 1 if error else 0
                if error:
                    yield Problem(f"notifier {name}", f"alert {alert.id} not delivered: {error}; it is tried again in the next run")
                if failed == PATIENCE and (left := len(waiting) - number - 1):
                    yield Problem(f"notifier {name}", f"{left} more alerts wait for the next run")
                    break

    def _tried(self, alert: str, notifier: str, error: str | None, now: dt.datetime) -> None:
        sql = "UPDATE deliveries SET attempts = attempts + 1, delivered_at = ?, error = ? WHERE alert = ? AND notifier = ?"
        self.store.run(sql, (None if error else micros(now), error and to_key(error), alert, to_key(notifier)))

    def waiting(self, notifier: str) -> list[Alert]:
        """The alerts that a notifier has not taken yet: the least often tried first, so that one it cannot digest blocks no other; then
        the oldest."""
        sql = (
            "SELECT a.body FROM deliveries d JOIN alerts a ON a.id = d.alert "
            "WHERE d.delivered_at IS NULL AND d.notifier = ? ORDER BY d.attempts, a.at, a.id"
        )
        return [_alert(row[0]) for row in self.store.query(sql, (to_key(notifier),))]

    def alerts(self, brand: str, start: dt.datetime, end: dt.datetime) -> list[Alert]:
        """The alerts raised for one brand from `start` to `end`, oldest first."""
        sql = "SELECT body FROM alerts WHERE brand = ? AND at >= ? AND at < ? ORDER BY at, id"
        return [_alert(row[0]) for row in self.store.query(sql, (to_key(brand), micros(start), micros(end)))]


def _alert(body: str) -> Alert:
    return structure(json.loads(body), Alert, where="store: alert")


def _tried(notifier: Notifier, alert: Alert) -> str | None:
    try:
        notifier.notify(alert)
    except Exception as error:  # whatever a carrier raises: it must not keep the next alert from the next carrier
        return f"{type(error).__name__}: {error}"[:300]
    return None
