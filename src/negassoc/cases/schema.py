"""The tables of a store, one tuple of statements a schema version; a store that is behind is brought up by the missing ones.

Written in the SQL that SQLite and PostgreSQL share. `{text}` is a text column that sorts by code point in both.
Times are whole microseconds since 1970 UTC, because neither a float nor a local time survives both databases unchanged.
"""

from __future__ import annotations

from typing import Final

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """CREATE TABLE documents (
            kind {text} NOT NULL, key {text} NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key))""",
        "CREATE TABLE counters (name {text} PRIMARY KEY, value BIGINT NOT NULL)",
        "INSERT INTO counters (name, value) VALUES ('seq', 0)",
        # `at` is when it was published, or first seen where that is unknown: the one time by which windows count.
        # `seq` rises with each judgement, in the order of commits: "what is new since" is a comparison, not a flag to clear.
        """CREATE TABLE mentions (
            brand {text} NOT NULL, key {text} NOT NULL, id TEXT NOT NULL, platform {text}, kind {text} NOT NULL, at BIGINT NOT NULL,
            published_at BIGINT, first_seen_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL, not_seen_since BIGINT, fetched_at BIGINT,
            hash {text} NOT NULL, counts {text} NOT NULL, partial BIGINT NOT NULL, type {text} NOT NULL, grade {text}, facets TEXT NOT NULL,
            edits BIGINT NOT NULL, seq BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (brand, key))""",
        "CREATE INDEX mentions_at ON mentions (brand, at, type, grade, platform)",
        "CREATE INDEX mentions_seq ON mentions (brand, seq)",
        """CREATE TABLE versions (
            brand {text} NOT NULL, key {text} NOT NULL, hash {text} NOT NULL, until_at BIGINT NOT NULL, type {text} NOT NULL, grade {text},
            body TEXT NOT NULL, PRIMARY KEY (brand, key, hash))""",
        """CREATE TABLE covered (
            source {text} NOT NULL, brand {text} NOT NULL, key {text} NOT NULL, seen_at BIGINT NOT NULL,
            PRIMARY KEY (source, brand, key))""",
        """CREATE TABLE alerts (
            id {text} PRIMARY KEY, brand {text} NOT NULL, threshold {text} NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL)""",
        "CREATE INDEX alerts_at ON alerts (brand, at)",
        """CREATE TABLE deliveries (
            alert {text} NOT NULL, notifier {text} NOT NULL, attempts BIGINT NOT NULL, delivered_at BIGINT, error TEXT,
            PRIMARY KEY (alert, notifier))""",
        "CREATE INDEX deliveries_waiting ON deliveries (alert) WHERE delivered_at IS NULL",
    ),
)
