"""The errors: the tree as drawn, what each message says, and that every one survives a trip between processes."""

from __future__ import annotations

import pickle
import re

import pytest

from negassoc import errors
from negassoc.errors import (
    AccessDeniedError,
    CaseError,
    DataError,
    GuardError,
    LoginRequiredError,
    MissingExtraError,
    NegassocError,
    PayloadError,
    Problem,
    RateLimitedError,
    RefusedError,
    SourceError,
    TransientError,
    UnavailableError,
    UnknownNameError,
    VerificationRequiredError,
)
from negassoc.mention import Kind

EXAMPLES = [
    NegassocError("x"),
    DataError([Problem("brand.toml:3", "unknown key", key="alias"), Problem("brand.toml:9", "expected text")]),
    UnknownNameError("fact", "order_mach", ["order_match", "extortion"]),
    CaseError("cannot close", status="open", permitted=["assess", "drop"]),
    MissingExtraError("excel", "reading .xlsx files"),
    *(
        kind("no answer", platform="xiaohongshu", call="GET /notes")
        for kind in (SourceError, TransientError, RefusedError, LoginRequiredError, VerificationRequiredError, AccessDeniedError)
    ),
    GuardError("true criticism stays visible", guard="GR-03", instead="answer it"),
    TransientError("later", platform="kuaishou", call="POST /graphql", retry_after=3.0),
    VerificationRequiredError("captcha", platform="kuaishou", call="POST /graphql", url="https://captcha.example.invalid/"),
    RateLimitedError("slow down", platform="kuaishou", call="POST /graphql", retry_after=30.0),
    UnavailableError("gone", platform="xiaohongshu", call="GET /note", reason="removed"),
    PayloadError("no list", platform="kuaishou", call="POST /graphql", path="data.list"),
]


def everything() -> set[type[NegassocError]]:
    found, todo = {NegassocError}, [NegassocError]
    while todo:
        kinds = [kind for kind in todo.pop().__subclasses__() if kind.__module__ == errors.__name__]
        found |= set(kinds)
        todo += kinds
    return found


def test_every_class_is_among_the_examples():
    assert {type(example) for example in EXAMPLES} == everything()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: type(e).__name__)
def test_survives_pickling(example):
    again = pickle.loads(pickle.dumps(example))
    assert type(again) is type(example)
    assert str(again) == str(example)
    assert vars(again) == vars(example)


def test_a_note_on_an_error_does_not_break_pickling():
    error = RateLimitedError("slow down", retry_after=3.0)
    error.add_note("page 4")
    assert pickle.loads(pickle.dumps(error)).retry_after == 3.0


def test_the_hierarchy_is_as_drawn():
    drawn = re.findall(r"^(.*?)(\w+Error)(?:\((\w+)\))?", errors.__doc__ or "", re.MULTILINE)
    tree = [(len(indent), name, other) for indent, name, other in drawn if re.fullmatch(r"[\s│├└─]*", indent)]
    # three siblings stand on one line of their own in the drawing
    assert {name for _, name, _ in tree} == {kind.__name__ for kind in everything()}
    above: list[tuple[int, str]] = []
    for depth, name, other in tree:
        above = [place for place in above if place[0] < depth]
        kind = getattr(errors, name)
        if above:
            assert issubclass(kind, getattr(errors, above[-1][1])), name
        if other:
            assert other in {base.__name__ for base in kind.__mro__}, name
        above.append((depth, name))


@pytest.mark.parametrize(
    ("error", "builtin"),
    [(DataError([]), ValueError), (UnknownNameError("x", "y", []), LookupError), (CaseError("x", status="y"), ValueError),
     (MissingExtraError("x", "y"), ImportError)],
)  # fmt: skip
def test_caught_as_what_the_language_calls_it(error, builtin):
    assert isinstance(error, builtin)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (EXAMPLES[1], "brand.toml:3: unknown key\nbrand.toml:9: expected text"),
        (EXAMPLES[2], "unknown fact 'order_mach'; did you mean 'order_match'? Known: order_match, extortion"),
        (UnknownNameError("kind", "notes", [Kind.NOTE]), "unknown kind 'notes'; did you mean 'note'? Known: note"),
        (UnknownNameError("guard", "zzz", ["GR-01"]), "unknown guard 'zzz'; Known: GR-01"),
        (UnknownNameError("word", "w1", "x" * 99), f"unknown word 'w1'; Known: {', '.join('x' * 30)}, … (99 in all)"),
        (EXAMPLES[3], "cannot close (status open; permitted: assess, drop)"),
        (CaseError("cannot close", status="done"), "cannot close (status done; permitted: nothing)"),
        (EXAMPLES[4], "reading .xlsx files needs an optional dependency: pip install 'negassoc[excel]'"),
        (EXAMPLES[5], "xiaohongshu GET /notes: no answer"),
        (SourceError("no answer"), "no answer"),
        (EXAMPLES[-1], "data.list: kuaishou POST /graphql: no list"),
    ],
)  # fmt: skip
def test_messages_name_the_thing_the_place_and_the_remedy(error, message):
    assert str(error) == message
