"""Everything this library raises, and the one value that says what is wrong with data.

    NegassocError(Exception)
    ├─ DataError(ValueError)             a pack, brand, facts or labelled file: .problems, all of them
    ├─ UnknownNameError(LookupError)     .name, .known; names the nearest
    ├─ CaseError(ValueError)             a move the table does not permit: .status, .permitted
    ├─ MissingExtraError(ImportError)    .extra: what to install
    ├─ GuardError                        an act that a guard forbids: .guard, .instead
    └─ SourceError                       the platform or its file: .platform, .call (redacted)
       ├─ TransientError                 connect, timeout, 5xx: the only class that is retried; .retry_after
       ├─ RefusedError                   the platform doubts us: stop now, never retried, never worked around
       │  ├─ LoginRequiredError
       │  ├─ VerificationRequiredError   .url where a person can give the proof, or None
       │  ├─ RateLimitedError            .retry_after in seconds, or None
       │  └─ AccessDeniedError
       ├─ UnavailableError               .reason: removed | private | not_found | unknown
       └─ PayloadError                   the shape changed: .path into the JSON, or file:row

Messages name the thing, the place and the remedy. All of them survive pickling.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Literal

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 30
Reason = Literal["removed", "private", "not_found", "unknown"]


@attrs.frozen
class Problem:
    """One thing wrong with somebody's data: `where` (a `path:line` or `path:row`), `what`, and `key` if a key is meant.

    >>> str(Problem("brand.toml:3", "unknown key 'alias'; did you mean 'aliases'?"))
    "brand.toml:3: unknown key 'alias'; did you mean 'aliases'?"
    """

    where: str
    what: str
    key: str | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class NegassocError(Exception):
    """Any error of this library; catch it to catch them all."""


class DataError(NegassocError, ValueError):
    """A file that a person or a pack author wrote has mistakes; `problems` holds every one of them.

    >>> str(DataError([Problem("facts.toml:2", "unknown fact 'ordermatch'")]))
    "facts.toml:2: unknown fact 'ordermatch'"
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class UnknownNameError(NegassocError, LookupError):
    """A name that nothing here has; says which kind of thing was sought and what comes nearest.

    >>> str(UnknownNameError("fact", "order_mach", ["order_match", "extortion"]))
    "unknown fact 'order_mach'; did you mean 'order_match'? Known: order_match, extortion"
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        super().__init__(kind, name, self.known)

    def __str__(self) -> str:
        more = f", … ({len(self.known)} in all)" if len(self.known) > _SHOWN else ""
        return f"unknown {self.kind} {self.name!r}{nearest(self.name, self.known)} Known: {', '.join(self.known[:_SHOWN])}{more}"


class CaseError(NegassocError, ValueError):
    """A case was asked to make a move that its table does not permit from where it stands."""

    def __init__(self, message: str, *, status: str, permitted: Iterable[str] = ()) -> None:
        self.message, self.status, self.permitted = message, status, tuple(permitted)
        super().__init__(message)

    def __str__(self) -> str:
        allowed = ", ".join(self.permitted) or "nothing"
        return f"{self.message} (status {self.status}; permitted: {allowed})"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), (self.message,), {"status": self.status, "permitted": self.permitted})


class MissingExtraError(NegassocError, ImportError):
    """An optional dependency is not installed; the message is the command that installs it.

    >>> str(MissingExtraError("excel", "reading .xlsx files"))
    "reading .xlsx files needs an optional dependency: pip install 'negassoc[excel]'"
    """

    def __init__(self, extra: str, purpose: str) -> None:
        self.extra, self.purpose = extra, purpose
        super().__init__(extra, purpose)

    def __str__(self) -> str:
        return f"{self.purpose} needs an optional dependency: pip install 'negassoc[{self.extra}]'"


class GuardError(NegassocError):
    """An act that a guard forbids, refused before anything was sent: `guard` is its id, `instead` the lawful way.

    >>> str(GuardError("true criticism stays visible", guard="GR-03", instead="answer it in public"))
    'GR-03: true criticism stays visible; instead: answer it in public'
    """

    def __init__(self, message: str, *, guard: str, instead: str) -> None:
        self.message, self.guard, self.instead = message, guard, instead
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.guard}: {self.message}; instead: {self.instead}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), (self.message,), {"guard": self.guard, "instead": self.instead})


class SourceError(NegassocError):
    """A platform, a gateway or an export file gave no mention; `call` names the request without its secrets."""

    def __init__(self, message: str, *, platform: str | None = None, call: str | None = None) -> None:
        self.message, self.platform, self.call = message, platform, call
        super().__init__(message)

    def __str__(self) -> str:
        place = " ".join(filter(None, (self.platform, self.call)))
        return f"{place}: {self.message}" if place else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), (self.message,), {k: v for k, v in vars(self).items() if k not in {"message", "__notes__"}})


class TransientError(SourceError):
    """No connection, a timeout or a 5xx: trying again later may help, after `retry_after` seconds where the server said so."""

    def __init__(self, message: str, *, platform: str | None = None, call: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, platform=platform, call=call)
        self.retry_after = retry_after


class RefusedError(SourceError):
    """The platform refuses or doubts the caller: stop, and sort it out with the platform."""


class LoginRequiredError(RefusedError):
    """The session is absent or has expired."""


class VerificationRequiredError(RefusedError):
    """The platform asks for a captcha or another proof that a person is there; `url` is where to give it, if the platform said."""

    def __init__(self, message: str, *, platform: str | None = None, call: str | None = None, url: str | None = None) -> None:
        super().__init__(message, platform=platform, call=call)
        self.url = url


class RateLimitedError(RefusedError):
    """Too many requests; `retry_after` is in seconds where the platform said so."""

    def __init__(self, message: str, *, platform: str | None = None, call: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, platform=platform, call=call)
        self.retry_after = retry_after


class AccessDeniedError(RefusedError):
    """The account, the address or the signature is not accepted."""


class UnavailableError(SourceError):
    """One post cannot be seen. `reason` says why only where the platform said why; itself worth recording."""

    def __init__(self, message: str, *, platform: str | None = None, call: str | None = None, reason: Reason = "unknown") -> None:
        super().__init__(message, platform=platform, call=call)
        self.reason: Reason = reason


class PayloadError(SourceError):
    """A payload or a file has another shape than any known one; `path` points into it."""

    def __init__(self, message: str, *, platform: str | None = None, call: str | None = None, path: str | None = None) -> None:
        super().__init__(message, platform=platform, call=call)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {super().__str__()}" if self.path else super().__str__()


def nearest(name: str, known: Iterable[str]) -> str:
    """`"; did you mean 'x'?"` for the known name closest to `name`, or `";"` where none is close."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {str(close[0])!r}?" if close else ";"  # a name may be a member of an enumeration


def _rebuild(kind: type[NegassocError], args: tuple[object, ...], kwargs: dict[str, object]) -> NegassocError:
    return kind(*args, **kwargs)
