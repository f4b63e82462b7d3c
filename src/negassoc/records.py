"""TOML and JSON to attrs values and back: one strict converter, every problem with `path:line`."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import attrs
from cattrs import ClassValidationError, IterableValidationError
from cattrs.errors import AttributeValidationNote, ForbiddenExtraKeysError, IterableValidationNote

from negassoc.converter import CONVERTER
from negassoc.errors import DataError, Problem, UnknownNameError, nearest
from negassoc.times import format_duration, parse_duration
from negassoc.toml import KeyPath, parse_toml, toml_lines

__all__ = [
    "CONVERTER", "Json", "KeyPath", "Line", "Title", "brief", "dump_json", "format_duration", "known_language", "load_json", "load_toml",
    "parse_duration", "parse_toml", "read_text", "structure", "toml_lines", "unstructure", "without_nulls",
]  # fmt: skip

T = TypeVar("T")
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Line: TypeAlias = Callable[[KeyPath], int | None]

_LANGUAGES = ("zh", "en")


@attrs.frozen
class Title:
    """Words for people, in Chinese with an English twin.

    >>> Title("固定现场", "Freeze and capture").of("en")
    'Freeze and capture'
    """

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The words in `"zh"` or `"en"`; `UnknownNameError` for another language."""
        return self.en if known_language(lang) == "en" else self.zh

    def __str__(self) -> str:
        return self.zh


def known_language(lang: str) -> str:
    """The language itself if words are kept in it; else `UnknownNameError`."""
    if lang not in _LANGUAGES:
        raise UnknownNameError("language", lang, _LANGUAGES)
    return lang


def load_toml(path: str | Path, cls: type[T]) -> T:
    """Read a TOML file into `cls`; `DataError` with every mistake as `path:line`."""
    text = read_text(path)
    lines = functools.cache(lambda: toml_lines(text))  # only a mistake needs them
    return structure(parse_toml(text, path), cls, where=str(path), line=lambda keys: lines().get(keys))


def load_json(path: str | Path, cls: type[T]) -> T:
    """Read a JSON file into `cls`; `DataError` with every mistake as `path:line`."""
    text = read_text(path)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError([Problem(f"{path}:{error.lineno}", f"not valid JSON: {error.msg}")]) from None
    return structure(without_nulls(data), cls, where=str(path), line=lambda keys: _json_line(text, keys))


def read_text(path: str | Path) -> str:
    """A UTF-8 file (with or without a byte-order mark) as text; `DataError` if there is none or it is something else."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError([Problem(str(path), "not a UTF-8 text file; save it as UTF-8")]) from None
    except OSError as error:
        raise DataError([Problem(str(path), f"cannot be read: {error.strerror}")]) from None
    # decoded in one piece and then freed of carriage returns: half the time that reading as text takes
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def structure(data: object, cls: type[T], *, where: str, line: Line | None = None) -> T:
    """Plain data into `cls`, or a `DataError` with one problem a mistake, each at `where` (and its line, where `line` knows it).

    >>> structure({"zh": "申诉", "en": "appeal"}, Title, where="x")
    Title(zh='申诉', en='appeal')
    """
    try:
        return CONVERTER.structure(data, cls)
    except Exception as error:  # cattrs raises groups, validators raise what they like: all become problems
        raise DataError(_problem(where, line, keys, what) for keys, what in _flatten(error, ())) from None


def unstructure(value: object) -> Json:
    """Any value of this library as plain JSON data: times in ISO 8601, durations as `"1d12h"`, enums by value."""
    plain: Json = CONVERTER.unstructure(value)
    return plain


def brief(value: attrs.AttrsInstance) -> str:
    """How a value with many fields shows itself: by those that are not as they are if nothing is said.

    >>> brief(Title("申诉", ""))
    "Title(zh='申诉', en='')"
    """
    said = ((field, getattr(value, field.name)) for field in attrs.fields(type(value)))
    return f"{type(value).__name__}({', '.join(f'{field.name}={told!r}' for field, told in said if told != _unsaid(field))})"


def _unsaid(field: attrs.Attribute[object]) -> object:
    """What a field holds where nothing is said; `attrs.NOTHING` where that depends on the others, or something must be said."""
    make: Callable[[], object] | None = getattr(field.default, "factory", None)
    if make is None:
        return field.default
    return attrs.NOTHING if getattr(field.default, "takes_self", False) else make()


def dump_json(value: object) -> str:
    """One line of JSON, UTF-8 characters kept as they are."""
    return json.dumps(unstructure(value), ensure_ascii=False)


def without_nulls(data: Any) -> Any:
    """Drop keys whose value is null, at every depth: in a record a null is a key left out."""
    if isinstance(data, dict):
        return {key: without_nulls(value) for key, value in data.items() if value is not None}
    return [without_nulls(value) for value in data] if isinstance(data, list) else data


def _json_line(text: str, keys: KeyPath) -> int | None:
    at = 0
    for key in keys:
        if isinstance(key, str):
            found = text.find(json.dumps(key, ensure_ascii=False), at)
            at = found if found >= 0 else at
    return text.count("\n", 0, at) + 1


def _problem(where: str, line: Line | None, keys: KeyPath, what: str) -> Problem:
    number = None
    for length in range(len(keys), -1, -1) if line else ():
        number = line(keys[:length]) if line else None
        if number is not None:
            break
    key = ".".join(map(str, keys)) or None
    place = f"{where}:{number}" if number is not None else f"{where}:1" if line else where
    return Problem(place, f"{key}: {what}" if key else what, key=key)


def _step(error: BaseException) -> KeyPath:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


def _flatten(error: BaseException, keys: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(error, ClassValidationError | IterableValidationError):
        missing = [inner for inner in error.exceptions if isinstance(inner, KeyError)]
        if len(missing) > 1:
            yield keys, f"required keys missing: {', '.join(str(inner.args[0]) for inner in missing)}"
        for inner in error.exceptions:
            if len(missing) <= 1 or not isinstance(inner, KeyError):
                yield from _flatten(inner, keys + _step(inner))
    elif isinstance(error, ForbiddenExtraKeysError):
        fields = attrs.fields(error.cl) if error.cl is not None and attrs.has(error.cl) else ()
        known = [a.name for a in fields if not a.metadata.get("unread")]
        for name in sorted(error.extra_fields):
            yield (*keys, name), f"unknown key{nearest(name, known)} known are {', '.join(known)}"
    elif isinstance(error, DataError):  # of a value that checks itself
        for problem in error.problems:
            yield ((*keys, problem.key), problem.what.removeprefix(f"{problem.key}: ")) if problem.key else (keys, str(problem))
    elif isinstance(error, KeyError):
        yield (keys if keys[-1:] == error.args else (*keys, str(error.args[0]))), "required key missing"
    else:
        yield keys, str(error) or type(error).__name__
