"""TOML and JSON to attrs values and back: one strict converter, every problem with `path:line`.

Strict means: an unknown key is an error, a string is never split into a list, `"3"` is no number and `"false"` no truth value.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, get_args, get_origin

import attrs
from cattrs import ClassValidationError, Converter, IterableValidationError
from cattrs.errors import AttributeValidationNote, ForbiddenExtraKeysError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn, make_mapping_structure_fn, override

from negassoc.errors import DataError, Problem, UnknownNameError, nearest

T = TypeVar("T")
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
KeyPath: TypeAlias = tuple[str | int, ...]
Line: TypeAlias = Callable[[KeyPath], int | None]

_LANGUAGES = ("zh", "en")
_DURATION = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$")
_TOML_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=\s*(.*)$""")
_TOML_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
_TOML_HEAD = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_TOML_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


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


def parse_toml(text: str, path: str | Path) -> dict[str, Any]:
    """TOML as plain data; `DataError` with the line of `path` where it is not valid."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError([_not_toml(text, path, str(error))]) from None


def _not_toml(text: str, path: str | Path, error: str) -> Problem:
    """Where it is no TOML and why, in plainer words where a sign of a Chinese keyboard stands in place of a plain one."""
    lines = text.rstrip().split("\n")
    named = re.search(r"line (\d+)", error)
    wrong = _signs_in(lines[int(named[1]) - 1]) if named else []
    number = int(named[1]) if named else len(lines)
    if not named and error.startswith("Un"):  # what is opened and never closed is noticed only at the end
        number, wrong = next(((at, found) for at, line in enumerate(lines, 1) if (found := _signs_in(line))), (number, []))
    return Problem(f"{path}:{number}", f"not valid TOML: {': '.join((error, *wrong[:1]))}")


_TYPED_IN_CHINESE = (
    (re.compile("[“”‘’„「」『』＂＇]"), 'the quotes must be the straight ones ", not {}'),
    (re.compile("[，、]"), "the comma must be a plain one , not {}"),
    (re.compile("＝"), "the equals sign must be a plain one = not {}"),
    (re.compile("[【】［］]"), "the brackets must be plain ones [ ] not {}"),
)


def _signs_in(line: str) -> list[str]:
    """What to say of the signs of a Chinese keyboard in a line, outside of what is quoted."""
    bare = _TOML_QUOTED.sub("", line)
    return [what.format(found[0]) for signs, what in _TYPED_IN_CHINESE if (found := signs.search(bare))]


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


def parse_duration(text: str) -> dt.timedelta:
    """`"36h"`, `"1d12h"`, `"2w"`, `"90m"` as a `timedelta`; `ValueError` for anything else.

    >>> parse_duration("1d12h")
    datetime.timedelta(days=1, seconds=43200)
    """
    match = _DURATION.match(text.strip())
    if not match or not any(match.groups()):
        raise ValueError(f"{text!r} is no duration; write it like '36h', '3d', '1d12h' or '2w'")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def format_duration(value: dt.timedelta) -> str:
    """The inverse of `parse_duration`.

    >>> format_duration(dt.timedelta(hours=36))
    '1d12h'
    """
    rest, parts = int(value.total_seconds()), []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def toml_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) on which each key of a TOML document stands, list items included where they have a line each."""
    return dict(_toml_keys(text))


def _toml_keys(text: str) -> Iterator[tuple[KeyPath, int]]:
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    open_list: KeyPath | None = None
    item, depth, fence = 0, 0, ""
    # TOML knows no other ends of lines; `splitlines` would also cut at NEL or U+2028 within a text
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if fence:
            fence = "" if fence in line else fence
            continue
        if open_list is not None:
            if depth == 1 and line.strip()[:1] not in {"", "#", "]"}:
                yield (*open_list, item), number
                item += 1
            depth += _opened(line)
            open_list = open_list if depth > 0 else None
            continue
        if head := _TOML_HEAD.match(line):
            table = _resolve(_parts(head[2]), counts, is_list=head[1] == "[[")
            yield table, number
        elif pair := _TOML_KEY.match(line):
            keys = (*table, *_parts(pair[1]))
            yield keys, number
            fence = next((f for f in ('"""', "'''") if pair[2].startswith(f) and pair[2].count(f) == 1), "")
            if not fence and (depth := _opened(pair[2])) > 0:
                open_list, item = keys, 0


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in _TOML_PART.findall(dotted))


def _resolve(parts: KeyPath, counts: dict[KeyPath, int], *, is_list: bool) -> KeyPath:
    path: KeyPath = ()
    for part in parts[:-1]:
        path = (*path, part)
        path = (*path, counts[path] - 1) if path in counts else path
    path = (*path, parts[-1])
    if is_list:
        counts[path] = counts.get(path, 0) + 1
        return (*path, counts[path] - 1)
    return path


def _opened(line: str) -> int:
    bare = _TOML_QUOTED.sub("", line)
    return bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")


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


def _strictly(expected: type | tuple[type, ...], name: str, *, never: type | None = None) -> Callable[[object, object], Any]:
    def hook(value: object, _: object) -> object:
        if not isinstance(value, expected) or (never is not None and isinstance(value, never)):
            raise TypeError(f"expected {name}, found {value!r}")
        return value

    return hook


def _tuple_hook(cls: Any, converter: Converter) -> Callable[[object, object], Any]:
    item = get_args(cls)[0]

    def hook(value: object, _: object) -> tuple[object, ...]:
        if not isinstance(value, list | tuple):
            raise TypeError(f"expected a list, found {value!r}")
        done, failed = [], []
        for index, element in enumerate(value):
            try:
                done.append(converter.structure(element, item))
            except Exception as error:  # collected, with its place
                error.__notes__ = [*getattr(error, "__notes__", ()), IterableValidationNote(f"item {index}", index, item)]
                failed.append(error)
        if failed:
            raise IterableValidationError("bad items", failed, cls)  # pyright: ignore[reportCallIssue]
        return tuple(done)

    return hook


def _enum_hook(value: object, cls: Any) -> Any:
    try:
        return cls(value)
    except ValueError:
        known = [str(member.value) for member in cls]
        raise ValueError(f"{value!r} is not one of {', '.join(known)}") from None


def _text_hook(value: object, cls: Any) -> Any:
    return _strictly(str, "text")(value, cls) if cls is str else _enum_hook(value, cls)


def _literal_hook(value: object, cls: Any) -> Any:
    if value not in get_args(cls):
        raise ValueError(f"{value!r} is not one of {', '.join(map(str, get_args(cls)))}")
    return value


def _iso(value: object, read: Callable[[str], object]) -> object:
    """What a text in ISO 8601 says; the text itself where it is none, for the caller to say what was expected."""
    try:
        return read(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _datetime_hook(value: object, _: object) -> dt.datetime:
    value = _iso(value, dt.datetime.fromisoformat)
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise ValueError(f"expected a time with its offset, like 2026-01-31T09:00:00+08:00, found {value!s}")
    return value.astimezone(dt.UTC)


def _date_hook(value: object, _: object) -> dt.date:
    value = _iso(value, dt.date.fromisoformat)
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise ValueError(f"expected a date like 2026-01-31, found {value!s}")
    return value


def _duration_hook(value: object, _: object) -> dt.timedelta:
    if not isinstance(value, str):
        raise TypeError(f"expected a duration like '36h' or '3d', found {value!r}")
    return parse_duration(value)


def _is_tuple(cls: Any) -> bool:
    return get_origin(cls) is tuple and len(get_args(cls)) == 2 and get_args(cls)[1] is Ellipsis


def _is_dict(cls: Any) -> bool:
    return get_origin(cls) is dict


def _dict_hook(cls: Any, converter: Converter) -> Callable[[object, object], Any]:
    inner: Any = make_mapping_structure_fn(cls, converter)

    def hook(value: object, kind: Any) -> object:
        return inner(_table(value), kind)

    return hook


def _table(value: object) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"expected a table, found {value!r}")
    return value


def _is_literal(cls: Any) -> bool:
    origin: object = get_origin(cls)
    return origin is Literal


def _is_attrs(cls: Any) -> bool:
    return attrs.has(cls)


def _attrs_hook(cls: Any, converter: Converter) -> Callable[[object, object], Any]:
    unread: Any = {a.name: override(omit=True) for a in attrs.fields(cls) if a.metadata.get("unread")}
    inner = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True, **unread)

    def hook(value: object, kind: Any) -> object:
        if isinstance(value, cls):
            return value
        return inner(dict(_table(value)), kind)

    return hook


def _make_converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook_factory(_is_attrs)(lambda cls: _attrs_hook(cls, converter))
    converter.register_structure_hook_factory(_is_dict)(lambda cls: _dict_hook(cls, converter))
    converter.register_structure_hook_factory(_is_tuple)(lambda cls: _tuple_hook(cls, converter))
    # this hook takes every StrEnum as well: cattrs asks for the hook of a base class first
    converter.register_structure_hook(str, _text_hook)
    converter.register_structure_hook(bool, _strictly(bool, "true or false"))
    converter.register_structure_hook(int, _strictly(int, "a whole number", never=bool))
    converter.register_structure_hook(float, _strictly((int, float), "a number", never=bool))
    converter.register_structure_hook(dt.datetime, _datetime_hook)
    converter.register_structure_hook(dt.date, _date_hook)
    converter.register_structure_hook(dt.timedelta, _duration_hook)
    converter.register_structure_hook_func(lambda cls: isinstance(cls, type) and issubclass(cls, enum.Enum), _enum_hook)
    converter.register_structure_hook_func(lambda cls: cls is object, lambda value, _: value)
    converter.register_structure_hook_func(_is_literal, _literal_hook)
    converter.register_unstructure_hook(dt.datetime, lambda value: value.isoformat())
    converter.register_unstructure_hook(dt.date, lambda value: value.isoformat())
    converter.register_unstructure_hook(dt.timedelta, format_duration)
    return converter


CONVERTER = _make_converter()
"""The one converter of this library; a field with `metadata={"unread": True}` is never read from a file."""
