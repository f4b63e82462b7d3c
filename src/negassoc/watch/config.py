"""A monitor as a file that a person writes: `monitor.toml`, read strictly, with paths relative to the file itself."""

from __future__ import annotations

import datetime as dt
import glob
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO, TypeAlias

import attrs

from negassoc.brand import Brand, load_brands
from negassoc.errors import DataError, Problem
from negassoc.facts import FactFile
from negassoc.records import load_toml, read_text
from negassoc.sources import Export
from negassoc.watch.feeds import Feed
from negassoc.watch.monitor import Monitor, utc_now
from negassoc.watch.notifiers import AppriseNotifier, FileNotifier, PrintNotifier, WebhookNotifier
from negassoc.watch.thresholds import Threshold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from negassoc.cases.store import SqlStore
    from negassoc.events import Hook
    from negassoc.protocols import Classifier, Notifier

Carrier: TypeAlias = Literal["print", "file", "webhook", "apprise"]
_DATABASES = ("postgresql://", "postgres://")
_shortest = attrs.validators.ge(dt.timedelta(seconds=1))


@attrs.frozen(kw_only=True)
class SourceConfig:
    """One `[[source]]`: files, folders or globs read as an `Export`. `brand`, `complete`: see `Feed`; `profile` names a column profile."""

    name: str
    paths: tuple[str, ...] = attrs.field(validator=attrs.validators.min_len(1))
    brand: str | None = None
    complete: bool = False
    profile: str | None = None


@attrs.frozen(kw_only=True)
class NotifierConfig:
    """One `[[notifier]]`. `file` needs `path`; `webhook` and `apprise` need `urls`, or `urls_file`, a file with one address a line, which
    keeps secrets out of this one."""

    name: str
    kind: Carrier
    path: str | None = None
    urls: tuple[str, ...] = ()
    urls_file: str | None = None
    headers: dict[str, str] = attrs.field(factory=dict)
    lang: Literal["zh", "en"] = "zh"

    def __attrs_post_init__(self) -> None:
        if self.kind == "file" and not self.path:
            raise ValueError(f"notifier {self.name!r} of kind 'file' needs `path`")
        if self.kind in {"webhook", "apprise"} and not (self.urls or self.urls_file):
            raise ValueError(f"notifier {self.name!r} of kind {self.kind!r} needs `urls` or `urls_file`")


@attrs.frozen(kw_only=True)
class MonitorConfig:
    """A whole `monitor.toml`. `brands` are brand files: one brand each in TOML, many by key in JSON. Without a `[[threshold]]` the packaged
    ones hold; with some, only those. `interval` is the pause between two runs."""

    store: str
    brands: tuple[str, ...] = attrs.field(validator=attrs.validators.min_len(1))
    facts: str | None = None
    interval: dt.timedelta = attrs.field(default=dt.timedelta(minutes=30), validator=_shortest)
    source: tuple[SourceConfig, ...] = attrs.field(validator=attrs.validators.min_len(1))
    threshold: tuple[Threshold, ...] = ()
    notifier: tuple[NotifierConfig, ...] = ()
    folder: Path = attrs.field(default=Path(), metadata={"unread": True})

    @classmethod
    def load(cls, path: str | Path) -> MonitorConfig:
        """Read a `monitor.toml`; `DataError` with every mistake as `path:line`."""
        return attrs.evolve(load_toml(path, cls), folder=Path(path).parent)

    @property
    def store_at(self) -> str:
        """Where `open_store` finds the store."""
        return self.store if self.store.startswith((*_DATABASES, ":memory:")) else self._at(self.store)

    def load_brands(self) -> tuple[Brand, ...]:
        """The brands of all brand files; `DataError` names the file and line of every mistake."""
        return tuple(brand for name in self.brands for brand in self._brands_of(self._at(name)))

    def monitor(
        self, store: SqlStore, *, classifier: Callable[[Brand], Classifier] | None = None,
        clock: Callable[[], dt.datetime] = utc_now, hooks: tuple[Hook, ...] = (), screen: TextIO | None = None,
    ) -> Monitor:  # fmt: skip
        """The monitor that the file describes, on an open store; `DataError` if a file that it names has mistakes. `screen` is where
        notifiers of kind `print` write, standard output unless given."""
        brands = self.load_brands()
        return Monitor(
            [self._feed(source, brands) for source in self.source], brands, store=store, classifier=classifier,
            thresholds=self.threshold or None, notifiers=dict(self._notifiers(screen)),
            facts=FactFile.load(self._at(self.facts)) if self.facts else None, clock=clock, hooks=hooks,
        )  # fmt: skip

    def _at(self, name: str) -> str:
        return str(self.folder / name)

    @staticmethod
    def _brands_of(path: str) -> tuple[Brand, ...]:
        return tuple(load_brands(path).values()) if path.endswith(".json") else (Brand.load(path),)

    def _feed(self, source: SourceConfig, brands: tuple[Brand, ...]) -> Feed:
        if source.brand and not any(brand.is_called(source.brand) for brand in brands):
            known = ", ".join(brand.name for brand in brands)
            raise DataError(
                [Problem(str(self.folder), f"source {source.name!r} is about the unknown brand {source.brand!r}; known: {known}")]
            )
        paths = tuple(self._at(path) for path in source.paths)
        export = Export(paths, profile=self._at(source.profile) if source.profile else None)
        return Feed(export, name=source.name, brand=source.brand, complete=source.complete, fingerprint=lambda: fingerprint(paths))

    def _notifiers(self, screen: TextIO | None) -> Iterator[tuple[str, Notifier]]:
        for one in self.notifier:
            urls = one.urls
            if one.urls_file:
                urls += tuple(line.strip() for line in read_text(self._at(one.urls_file)).splitlines() if line.strip()[:1] not in {"", "#"})
            yield from self._carriers(one, urls, screen)

    def _carriers(self, one: NotifierConfig, urls: tuple[str, ...], screen: TextIO | None) -> Iterator[tuple[str, Notifier]]:
        match one.kind:
            case "print":
                yield one.name, PrintNotifier(lang=one.lang, stream=screen)
            case "file":
                yield one.name, FileNotifier(Path(self._at(one.path or "")))
            case "apprise":
                yield one.name, AppriseNotifier(urls, lang=one.lang)
            case "webhook":  # one a url, for each of them is tried again by itself
                yield from (
                    (f"{one.name} {n}" if n > 1 else one.name, WebhookNotifier(url, headers=one.headers)) for n, url in enumerate(urls, 1)
                )


def fingerprint(paths: tuple[str, ...]) -> str:
    """A text that changes when a file under the paths (files, folders, globs) is added, removed or written."""
    seen = [f"{path}\x1f{path.stat().st_size}\x1f{path.stat().st_mtime_ns}" for name in paths for path in sorted(set(_files(name)))]
    return "\x1e".join(seen)


def _files(name: str) -> Iterator[Path]:
    matches = [name] if Path(name).exists() else glob.glob(name, recursive=True)  # noqa: PTH207 - a pattern may be absolute
    for match in map(Path, matches):
        yield from (inner for inner in match.rglob("*") if inner.is_file()) if match.is_dir() else (match,)
