"""What tests of several rooms share: values made by hand, a real Chromium, and a real PostgreSQL server started from the binaries of this machine.

With NEGASSOC_NO_SKIP=1 a test that skips itself fails: where everything is installed, nothing may be left out unseen.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from types import ModuleType

    from playwright.sync_api import Browser


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
NO_SKIP = os.environ.get("NEGASSOC_NO_SKIP") == "1"

# What tests solve is small: on several threads it takes four times the computing, and two of them hold each other up on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A busy machine is no failure. The gate tries the same examples every time, so that what fails is the change; other runs look for new ones.
settings.register_profile("patient", deadline=None, derandomize=NO_SKIP)
settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _failed_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _failed_if_skipped((yield))


def _failed_if_skipped(report: Report) -> Report:
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but NEGASSOC_NO_SKIP=1 allows no skip: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def factory() -> ModuleType:
    """`tests/factory.py`: brand, mention, verdict, plan and hostile values, made by hand."""
    spec = importlib.util.spec_from_file_location("factory", Path(__file__).parent / "factory.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The installed Chromium, driven over its own protocol; skips where there is none.

    For one module at a time: while it is open an event loop runs, and no test of another module could start its own.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


class Kill(Protocol):
    def __call__(self, *arguments: object, after: float) -> list[str]:
        """Have `work(*arguments)` done by a process that is killed `after` seconds from its first line; all lines that it printed."""


FORKING = """
import json, os, sys
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        print(os.getpid(), flush=True)
        work(*json.loads(line))
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # left unreaped, so that its number is nobody else's when it is killed
    print("\\nover", flush=True)  # on a line of its own, even where the child was killed within one
"""


@pytest.fixture
def killing() -> Iterator[Callable[[str], Kill]]:
    """Takes code that defines `work`; one interpreter runs it and forks for each kill, so that a kill costs milliseconds."""
    started = list[subprocess.Popen[str]]()

    def start(code: str) -> Kill:
        process = subprocess.Popen([sys.executable, "-c", code + FORKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        orders, said = process.stdin, process.stdout
        assert orders
        assert said

        def kill(*arguments: object, after: float) -> list[str]:
            orders.write(json.dumps(arguments) + "\n")
            orders.flush()
            child, lines = int(said.readline()), [said.readline()]
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
            while lines[-1] not in {"over\n", ""}:
                lines.append(said.readline())
            told = [line.rstrip("\n") for line in lines[:-1] if line != "\n"]
            assert told, "the process did nothing; its error is on stderr"
            return told

        return kill

    yield start
    for process in started:
        process.communicate()


def _postgres_folder() -> Path | None:
    found = shutil.which("pg_ctl")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda p: float(p.parts[4]))
    return Path(found).resolve().parent if found else installed[-1].parent if installed else None


def _unprivileged() -> dict[str, object]:
    """PostgreSQL refuses to run as root: then run it as somebody else."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL cannot run as root, and there is no other user on this machine")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a fresh server that listens on a socket of its own; skips where PostgreSQL is not installed."""
    folder = _postgres_folder()
    if folder is None:
        pytest.skip("PostgreSQL is not installed (no pg_ctl)")
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a short path: a socket's name has at most 107 characters
    who = _unprivileged()
    if who:
        os.chown(home, int(str(who["user"])), int(str(who["group"])))

    def call(program: str, *arguments: str) -> None:
        command = [str(folder / program), "-D", str(home / "data"), *arguments]
        subprocess.run(command, check=True, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **who)

    call("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    call("pg_ctl", "-w", "-l", str(home / "log"), "-o", f"-k {home} -c listen_addresses= -c fsync=off", "start")
    try:
        yield f"postgresql://tester@/postgres?host={home}"
    finally:
        call("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database on the server, for one test."""
    import psycopg

    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgres_server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
