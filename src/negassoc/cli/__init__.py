"""The command `negassoc`: parse, call, print, exit code.

Each module here is a group of commands with a `register(app)` that adds them; what they share (printing, brands, facts, problems) is
in `console`. What people see on a terminal is in `verdicts`, `planviews`, `caseviews` and, shorter, `brief`, all of it made of what is
in `drawing`. A new command goes into the group it is kin to. What is printed for programs is fixed and only ever added to.
"""

from __future__ import annotations

from typing import Annotated

import typer

from negassoc import __version__


def build() -> typer.Typer:
    """The whole command, every group registered."""
    from negassoc.cli import acting, casework, guarding, judging, monitoring, reading, reporting, watching

    app = typer.Typer(
        name="negassoc",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_about)
    for group in (judging, reading, acting, guarding, casework, watching, monitoring, reporting):
        group.register(app)
    return app


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"negassoc {__version__}")
        raise typer.Exit


def _about(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")] = False,
    traceback: Annotated[bool, typer.Option("--traceback", help="Show where an internal error happened.")] = False,
) -> None:
    """Why something negative hangs on a brand's name on Xiaohongshu and Kuaishou, and what to do about it, in which order.

    Example: negassoc scan exports/ --brand brand.toml
    """
