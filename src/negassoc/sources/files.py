"""Opens what people hold: folders, globs, archives read in place, encodings; says what each file is by its first bytes."""

from __future__ import annotations

import codecs
import glob
import gzip
import io
import lzma
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, TypeAlias, TypeVar, cast

import attrs

from negassoc.errors import NegassocError, Problem, SourceError
from negassoc.sources.rows import Skipped

Form: TypeAlias = Literal[
    "empty", "sqlite", "xls", "zip", "gzip", "parquet", "json", "jsonl", "html", "toml", "table", "binary"
]  # fmt: skip
Paths: TypeAlias = "str | Path | Iterable[str | Path]"

T = TypeVar("T")
HEAD = 1 << 16
_BUFFER = 1 << 17
FREE_SIZE = 64 << 20  # an archive may always unpack to this much
RATIO = 250  # and beyond it, to this many times its own size: JSON and CSV stay far below
LARGEST = 32 << 30
_DEEPEST = 3
READABLE = ".csv, .tsv, .xlsx, .json, .jsonl, .txt (one post or comment a line), saved web pages, SQLite, Parquet, and .zip or .gz of them"
"""The files that can be read, for whoever holds another."""
DOCUMENT = "a document, not a table: save its tables as .xlsx or .csv, or its text as .txt with one post or comment a line"
_IGNORED = frozenset({"__MACOSX", "__pycache__", "node_modules"})


class Closable(Protocol):
    """Anything with `close`."""

    def close(self) -> None: ...


class DamagedError(OSError):
    """A library cannot make sense of a file; what it raised is in the message."""


class BombError(OSError):
    """An archive unpacks to more than `RATIO` times its size."""


@attrs.frozen
class Blob:
    """One file, or one member of an archive: how it is called, and how it is opened from its start."""

    label: str
    open: Callable[[], BinaryIO]
    path: Path | None = None

    def head(self) -> bytes:
        """The first 64 KB."""
        with self.open() as stream:
            return stream.read(HEAD)


Found: TypeAlias = Blob | Skipped | Problem


class _Bounded(io.RawIOBase):
    """Passes on what an archive unpacks to, up to the limit."""

    def __init__(self, inner: BinaryIO, packed: int, *under: Closable) -> None:
        self._inner, self._limit, self._read = inner, min(LARGEST, max(FREE_SIZE, packed * RATIO)), 0
        self._under = under

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._inner.read(len(buffer))
        self._read += len(data)
        if self._read > self._limit:
            raise BombError(
                f"unpacks to more than {self._limit >> 20} MB (limit: {RATIO} times its size); unpack it yourself if you trust it"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        for below in self._under:
            below.close()
        super().close()


def _bounded(inner: BinaryIO, packed: int, *under: Closable) -> BinaryIO:
    return io.BufferedReader(_Bounded(inner, packed, *under), _BUFFER)


def walk(paths: Paths) -> Iterator[Found]:
    """Every file under the given paths, folders and globs, in sorted order, archives opened; hidden files are left out.

    `SourceError` if a path names nothing.
    """
    for path in [paths] if isinstance(paths, str | Path) else paths:
        for file in _expand(path):
            yield from _unpack(Blob(str(file), _opener(file), file), 0)


def _opener(file: Path) -> Callable[[], BinaryIO]:
    return lambda: file.open("rb", buffering=_BUFFER)


def _expand(path: str | Path) -> list[Path]:
    given = Path(path)
    if given.is_dir():
        inner = (file for file in given.rglob("*") if file.is_file() and not _hidden(file.relative_to(given)))
        return sorted(inner)
    if given.exists():
        return [given]
    is_glob = any(sign in str(path) for sign in "*?[")
    found = sorted(glob.glob(str(path), recursive=True)) if is_glob else []  # noqa: PTH207 (patterns may be absolute)
    if not found:
        raise SourceError(f"no such file or folder: {path}")
    return [file for name in found for file in (_expand(name) if Path(name).is_dir() else [Path(name)])]


def _hidden(file: Path) -> bool:
    return any(part.startswith((".", "~$")) or part in _IGNORED for part in file.parts)


def _unpack(blob: Blob, depth: int) -> Iterator[Found]:
    try:
        form = form_of(blob.head(), blob.label)
        if form == "gzip":
            yield from _unpack(_gunzipped(blob), depth + 1) if depth < _DEEPEST else [Skipped(blob.label, "archives within archives")]
        elif form == "zip":
            yield from guarded(_unzipped(blob, depth))
        else:
            yield blob
    except UNREADABLE as error:
        yield Problem(blob.label, _cannot(error))


# what the standard library raises on damaged archives
UNREADABLE = (
    OSError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, ValueError, zlib.error, lzma.LZMAError,
)  # fmt: skip


def guarded(items: Iterable[T]) -> Iterator[T]:
    """The items; whatever a foreign library raises on a damaged file comes out as `DamagedError`."""
    try:
        yield from items
    except (NegassocError, BombError, DamagedError):
        raise
    except Exception as error:  # parsers of workbooks and columnar files raise anything
        raise DamagedError(f"{type(error).__name__}: {str(error)[:150]}") from error


def _cannot(error: Exception) -> str:
    if isinstance(error, BombError):
        return str(error)
    if isinstance(error, RuntimeError) and "password" in str(error):
        return "the archive needs a password; unpack it yourself"
    if isinstance(error.__cause__ or error, zipfile.BadZipFile):
        return "cannot be read: it begins like a zip archive (.xlsx and .docx are such) and is cut off or damaged; save or download it anew"
    return f"cannot be read: {getattr(error, 'strerror', None) or str(error) or type(error).__name__}"


def _seekable(blob: Blob) -> BinaryIO:
    """The blob opened so that one can move about in it: an archive within an archive is unpacked first, to disk where it is large."""
    stream = blob.open()
    if stream.seekable():
        return stream
    copy = tempfile.SpooledTemporaryFile(max_size=FREE_SIZE)  # noqa: SIM115 (the caller closes it)
    with stream:
        shutil.copyfileobj(stream, copy)
    copy.seek(0)
    return cast("BinaryIO", copy)


def _gunzipped(blob: Blob) -> Blob:
    with _seekable(blob) as stream:
        packed = stream.seek(0, io.SEEK_END)

    def opened() -> BinaryIO:
        stream = blob.open()
        return _bounded(cast("BinaryIO", gzip.GzipFile(fileobj=stream)), packed, stream)

    return Blob(blob.label, opened)


def _unzipped(blob: Blob, depth: int) -> Iterator[Found]:
    with _seekable(blob) as stream, zipfile.ZipFile(stream) as archive:
        members = [
            info for info in archive.infolist() if info.filename.rstrip("/") == info.filename != "" and not _hidden(Path(info.filename))
        ]
        if "[Content_Types].xml" in (names := archive.namelist()):
            yield Skipped(blob.label, DOCUMENT) if any(name.startswith(("word/", "ppt/")) for name in names) else blob
            return
    if depth >= _DEEPEST:
        yield Skipped(blob.label, "archives within archives")
        return
    for info in sorted(members, key=lambda info: info.filename):
        yield from _unpack(Blob(f"{blob.label}!{_name(info)}", _member_opener(blob, info)), depth + 1)


def _name(info: zipfile.ZipInfo) -> str:
    """Archives made in China name their files in GBK, which the format reads as code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _member_opener(blob: Blob, info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        stream = _seekable(blob)
        try:
            archive = zipfile.ZipFile(stream)
            return _bounded(cast("BinaryIO", archive.open(info)), info.compress_size, archive, stream)
        except BaseException:
            stream.close()
            raise

    return opened


_MAGIC: tuple[tuple[bytes, Form], ...] = (
    (b"SQLite format 3\0", "sqlite"), (b"\x1f\x8b", "gzip"), (b"\xd0\xcf\x11\xe0", "xls"), (b"PAR1", "parquet"),
)  # fmt: skip
_TOML_LINE = re.compile(r"\s*(?:\[\[?[A-Za-z0-9_\".-]+\]\]?|[A-Za-z0-9_\"-]+\s*=\s*\S.*)\s*$")


def form_of(head: bytes, label: str) -> Form:
    """What a file is by its first bytes; its name decides only between texts that look alike."""
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return "empty"
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return form
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if _is_binary(head):
        return "binary"
    return _text_form(decoded(head)[0], label)


def _is_binary(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    control = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\r\f\x1b\0")
    return control > len(head) // 50 or head.count(b"\0") > len(head) // 4


def _text_form(text: str, label: str) -> Form:
    start = text.lstrip("\ufeff \t\r\n\0")
    name = label.casefold().removesuffix(".gz")
    if name.endswith(".toml"):
        return "toml"
    if start[:1] in {"{", "["} and not start.startswith("[["):
        return _json_form(start)
    if start.startswith("[[") and _TOML_LINE.match(start.partition("\n")[0]):
        return "toml"
    if start[:1] == "<" and ("<html" in start[:2000].casefold() or "__INITIAL_STATE__" in start or "<!doctype" in start[:50].casefold()):
        return "html"
    return "json" if start[:1] == "[" else "table"


def _json_form(start: str) -> Form:
    """One object a line, or one document; a line that is an object followed by another decides."""
    first, _, rest = start.partition("\n")
    following = rest.lstrip()[:1]
    if start.startswith("{") and first.rstrip().endswith("}") and (following == "{" or not following):
        return "jsonl"
    return "json" if not (start.startswith("{") and "}\n{" in start.replace("\r", "")) else "jsonl"


def decoded(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding: UTF-8 with or without a mark, UTF-16 with one, else GB18030, as Excel in China writes it.

    >>> decoded("内容".encode("gbk"))
    ('内容', 'gb18030')
    """
    encoding = encoding_of(data)
    return data.decode(encoding, "replace"), encoding


def encoding_of(head: bytes) -> str:
    """The encoding of a text that begins so; a character cut at the end does not count."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8) or _decodes(head, "utf-8"):
        return "utf-8-sig"
    return "gb18030" if _decodes(head, "gb18030") else "utf-8-sig"


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def lines_of(blob: Blob) -> Iterator[str]:
    """The lines of a text, each with its end, each decoded by itself: one bad byte, or a part in another encoding, spoils one line."""
    return map(line_of, raw_lines_of(blob))


def raw_lines_of(blob: Blob) -> Iterator[bytes]:
    """The same before they are decoded, without a byte-order mark; UTF-16 is made UTF-8."""
    with blob.open() as stream:
        start = stream.readline()
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            stream.seek(0)
            with io.TextIOWrapper(stream, encoding="utf-16", errors="replace", newline="") as text:
                yield from (line.encode() for line in text)
            return
        if b"\r" in start.rstrip(b"\r\n"):  # lines that end as on old Macs
            yield from (start + stream.read()).removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)
            return
        yield start.removeprefix(codecs.BOM_UTF8)
        yield from stream


def line_of(line: bytes) -> str:
    """One line as text: UTF-8, else GB18030, else UTF-8 with what cannot be read replaced."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        try:
            return line.decode("gb18030")
        except UnicodeDecodeError:
            return line.decode("utf-8", "replace")


def text_of(blob: Blob) -> str:
    """The whole text of a small file."""
    return "".join(lines_of(blob))
