"""A folder of evidence that anybody can check offline: the files, a custody log chained by hash, and two lists made from the log.

The log `custody.jsonl` is the only source: one line an event, written whole or not at all. `SHA256SUMS` (which `sha256sum -c` reads) and
`register.json` are drawn from it, so a process killed between two writes leaves nothing that the next `add` or `refresh` does not mend.
What all this does and does not prove: `evidence_texts().proof`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from negassoc.cases.evidence import Evidence
from negassoc.cases.store import to_body
from negassoc.cases.task import aware
from negassoc.errors import DataError, Problem
from negassoc.records import Json, structure, unstructure, without_nulls

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG, SUMS, REGISTER = "custody.jsonl", "SHA256SUMS", "register.json"
START = "0" * 64
"""What the first line of a log names as the hash before it."""
_OWN = frozenset({LOG, SUMS, REGISTER})


@attrs.frozen(kw_only=True)
class Custody:
    """One line of the custody log; `files` gives the SHA-256 of each file it brought in, by name.

    `hash` covers everything else on the line, the `previous` line's hash included.
    """

    seq: int
    at: dt.datetime
    who: str
    what: str
    why: str | None = None
    evidence: Evidence | None = None
    files: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    previous: str = START
    hash: str = ""


@attrs.frozen(kw_only=True)
class Verification:
    """What a check found. `ok` only if nothing is missing, changed, extra or broken; `head` is the last hash of the log."""

    files: int
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    head: str

    @property
    def ok(self) -> bool:
        """Whether everything is as it was registered."""
        return not (self.missing or self.changed or self.extra or self.broken)

    def to_record(self) -> dict[str, Json]:
        """As `evidence verify --json` prints it."""
        return {
            "ok": self.ok, "files": self.files, "missing": list(self.missing), "changed": list(self.changed), "extra": list(self.extra),
            "broken": list(self.broken), "head": self.head,
        }  # fmt: skip


@attrs.frozen
class EvidenceFolder:
    """A folder of evidence. One person adds at a time; many may read and verify."""

    path: Path = attrs.field(converter=Path)

    def add(self, evidence: Evidence, *files: str | Path, who: str, at: dt.datetime | None = None, why: str | None = None) -> Evidence:
        """Copy the files in, hash them and register the item; the item with its file name and hash.

        `DataError` if the id is taken, a file cannot be read or its name is taken by another content.
        """
        if any(item.id == evidence.id for item in self.register()):
            raise DataError([Problem(str(self.path), f"evidence {evidence.id!r} is registered already; use another id", key=evidence.id)])
        self.path.mkdir(parents=True, exist_ok=True)
        copied = [self._copied(Path(file), evidence.id) for file in files]
        digests = {file.name: sha256_of(file) for file in copied}
        if copied:
            evidence = attrs.evolve(evidence, file=evidence.file or copied[0].name, sha256=evidence.sha256 or digests[copied[0].name])
        self._append(Custody(seq=0, at=aware(at), who=who, what="registered", why=why, evidence=evidence, files=digests))
        return evidence

    def note(self, what: str, *, who: str, at: dt.datetime | None = None, why: str | None = None, evidence: Evidence | None = None) -> None:
        """One more line in the custody log: handed to the notary, copied, printed. With `evidence`, the item's row is renewed."""
        self._append(Custody(seq=0, at=aware(at), who=who, what=what, why=why, evidence=evidence))

    def attach(self, file: str | Path, *, who: str, at: dt.datetime | None = None, why: str | None = None) -> str:
        """Put one more file under custody (a timestamp, a notary's deed) without a row of its own; its name in the folder."""
        self.path.mkdir(parents=True, exist_ok=True)
        copied = self._copied(Path(file), None)
        self._append(Custody(seq=0, at=aware(at), who=who, what="attached", why=why, files={copied.name: sha256_of(copied)}))
        return copied.name

    def log(self) -> tuple[Custody, ...]:
        """The lines of the custody log, oldest first; `DataError` with `path:line` for what is no line of one."""
        return tuple(_custody(line, f"{self.path / LOG}:{number}") for number, line in self._lines())

    def register(self) -> tuple[Evidence, ...]:
        """The items as they now stand."""
        latest = {entry.evidence.id: entry.evidence for entry in self.log() if entry.evidence}
        return tuple(latest.values())

    def verify(self) -> Verification:
        """Compare the folder with its log, offline: files missing, changed or extra, and a log or list that was tampered with."""
        entries, broken = self._read_chain()
        known = {name: digest for entry in entries for name, digest in entry.files.items()}
        present = {name: self.path / name for name in self._names()}
        changed = [name for name, digest in known.items() if name in present and sha256_of(present[name]) != digest]
        broken += [f"{name}: not what the log says; run refresh if you trust the log" for name in self._stale(entries, known)]
        return Verification(
            files=len(known), missing=tuple(sorted(known.keys() - present.keys())), changed=tuple(sorted(changed)),
            extra=tuple(sorted(present.keys() - known.keys())), broken=tuple(broken), head=entries[-1].hash if entries else START,
        )  # fmt: skip

    def refresh(self) -> None:
        """Draw `SHA256SUMS` and `register.json` from the log again."""
        for name, text in _lists(self.log()).items():
            draft = self.path / f".{name}.tmp"
            draft.write_text(text, "utf-8", newline="\n")
            draft.replace(self.path / name)

    def _append(self, entry: Custody) -> None:
        if not entry.who.strip():
            raise DataError([Problem("log", "who did it? every line of a custody log names a person", key="who")])
        before = self.log()
        entry = attrs.evolve(entry, seq=len(before) + 1, previous=before[-1].hash if before else START)
        record = without_nulls(unstructure(entry))
        line = to_body(json.dumps({**record, "hash": _digest(record)}, ensure_ascii=False, sort_keys=True)) + "\n"
        with (self.path / LOG).open("ab") as file:
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())
        self.refresh()

    def _copied(self, file: Path, prefix: str | None) -> Path:
        target = self.path / (f"{prefix}_{file.name}" if prefix and not file.name.startswith(prefix) else file.name)
        if file.resolve() == target.resolve():
            return target
        try:
            if target.name in _OWN or (target.exists() and sha256_of(target) != sha256_of(file)):
                raise DataError([Problem(str(target), "a different file of this name is there already; rename yours", key=file.name)])
            draft = self.path / f".{target.name}.tmp"
            shutil.copy2(file, draft)
            draft.replace(target)
        except OSError as error:
            raise DataError([Problem(str(file), f"cannot be copied: {error.strerror}", key=file.name)]) from None
        return target

    def _names(self) -> Iterator[str]:
        for path in sorted(self.path.rglob("*")) if self.path.is_dir() else ():
            name = path.relative_to(self.path).as_posix()
            if path.is_file() and name not in _OWN and not (name.startswith(".") and name.endswith(".tmp")):
                yield name

    def _lines(self) -> Iterator[tuple[int, str]]:
        path = self.path / LOG
        if path.exists():
            # by line feed alone: a text may hold other characters that end a line for Python
            yield from enumerate(path.read_text("utf-8", "replace").removesuffix("\n").split("\n"), 1)

    def _read_chain(self) -> tuple[list[Custody], list[str]]:
        entries, broken, previous = list[Custody](), list[str](), START
        for number, line in self._lines():
            try:
                entry = _custody(line, f"{LOG}:{number}")
            except DataError as error:
                broken.append(str(error.problems[0]))
                continue
            if _digest(json.loads(line)) != entry.hash:
                broken.append(f"{LOG}:{number}: was changed after it was written")
            if entry.previous != previous or entry.seq != number:
                broken.append(f"{LOG}:{number}: does not follow the line before it")
            entries.append(entry)
            previous = entry.hash
        return entries, broken

    def _stale(self, entries: list[Custody], known: dict[str, str]) -> Iterator[str]:
        for name, text in _lists(entries).items():
            path = self.path / name
            if (known or entries) and (not path.exists() or path.read_bytes() != text.encode()):
                yield name


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(record: Mapping[str, Json]) -> str:
    """The hash of a line as it stands in the log, so that it holds whatever fields later versions add."""
    material = {key: value for key, value in record.items() if key != "hash"}
    plain = to_body(json.dumps(material, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    return hashlib.sha256(plain.encode()).hexdigest()


def _lists(entries: tuple[Custody, ...] | list[Custody]) -> dict[str, str]:
    sums = {name: digest for entry in entries for name, digest in entry.files.items()}
    items = {entry.evidence.id: entry.evidence.to_record() for entry in entries if entry.evidence}
    return {
        SUMS: "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())),
        REGISTER: to_body(json.dumps(list(items.values()), ensure_ascii=False, indent=1)) + "\n",
    }


def _custody(line: str, where: str) -> Custody:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError([Problem(where, f"not a whole line of a custody log: {error.msg}")]) from None
    return structure(without_nulls(record), Custody, where=where)
