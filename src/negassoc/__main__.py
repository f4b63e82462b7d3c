"""`python -m negassoc`, and the command `negassoc`: whatever goes wrong ends in one clear line and an exit code."""

from __future__ import annotations

import io
import os
import sys
import traceback
from pathlib import PurePath
from typing import TYPE_CHECKING

from negassoc.errors import NegassocError

if TYPE_CHECKING:
    import typer

OK, FOUND, WRONG = 0, 1, 2
INTERRUPTED = 130


def main(args: list[str] | None = None) -> int:
    """Run the command with `args` (without the program's name; those of the process unless given) and return its exit code.

    0 done, 1 a check found something, 2 wrong use or nothing readable, 130 interrupted. Nothing is raised for a person's mistake.
    """
    _speak_utf8()
    try:
        from negassoc.cli import build
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"typer", "rich"}:
            raise
        return _complain("the command needs an optional dependency: pip install 'negassoc[cli]'")
    code = _run(build(), (sys.argv[1:] if args is None else args) or ["--help"])
    return code if _flushed() else OK


def _run(app: typer.Typer, args: list[str]) -> int:
    try:
        code = app(args=args, prog_name="negassoc", standalone_mode=False)
    except BrokenPipeError:
        return OK
    except SystemExit as leaving:  # typer leaves this way where the reader of a pipe has gone, and after shell completion
        return OK if isinstance(leaving.__context__, BrokenPipeError) else int(leaving.code or OK)
    except Exception as error:
        if "--traceback" in args:
            traceback.print_exc()
        from negassoc.cli.mistakes import explained

        message, code = _meaning(error)
        return _complain(explained(message, args), code)
    if code == INTERRUPTED:  # what typer makes of Ctrl-C
        return _complain("interrupted", INTERRUPTED)
    return code if isinstance(code, int) else OK


def _meaning(error: Exception) -> tuple[str, int]:
    """What went wrong in words for the person, and the exit code."""
    import typer

    match error:
        case typer.Abort():
            return "interrupted", INTERRUPTED
        case NegassocError():
            return str(error), WRONG
        case typer.TyperException():
            return _usage(error), WRONG
        case OSError():
            return f"{error.filename or 'input or output'}: {error.strerror or error}", WRONG
        case _:  # a mistake in this library: still no traceback unless asked for
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{PurePath(last.filename).name}:{last.lineno}"
            return f"internal error at {place}: {type(error).__name__}: {error} (negassoc --traceback … shows more)", WRONG


def _usage(error: typer.TyperException) -> str:
    """The mistake in one line, and where help is."""
    message = " ".join(error.format_message().split()).replace("Value error, ", "") or "no command given"
    context = getattr(error, "ctx", None)
    return f"{message} (see: {context.command_path} --help)" if context else message


def _complain(message: str, code: int = WRONG) -> int:
    for line in message.splitlines() or [""]:
        print(f"negassoc: {line}", file=sys.stderr)
    return code


def _speak_utf8() -> None:
    """Chinese comes out whole whatever the locale is; half a character (a lone surrogate) comes out as its escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


def _flushed() -> bool:
    """Whether the last of the output found a reader; if not, nothing more is written, not even at the interpreter's end."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
