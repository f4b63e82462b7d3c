"""The one strict converter from plain data to values and back: which data each type takes, and what is said of other data.

Strict means: an unknown key is an error, a string is never split into a list, `"3"` is no number and `"false"` no truth value.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args, get_origin

import attrs
from cattrs import Converter, IterableValidationError
from cattrs.errors import IterableValidationNote
from cattrs.gen import make_dict_structure_fn, make_mapping_structure_fn, override

from negassoc.times import format_duration, parse_duration


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
