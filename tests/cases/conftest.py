from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from negassoc.brand import Brand, LegalEntity
from negassoc.cases import own_step
from negassoc.classify import AssociationType, Grade
from negassoc.playbooks import Action, Blocked, Plan

MakePlan = Callable[..., Plan]
NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
KINDS = {
    "C0": "evidence",
    "C1": "safety",
    "GC1": "reply",
    "GC4": "remedy",
    "MA1": "evidence",
    "MA6": "report",
    "OV8": "appeal",
    "MA15": "review",
}


def step(name: str, hours: int = 1) -> Action:
    return own_step(name, f"步骤{name}", role="OPS", kind=KINDS[name], due_at=NOW + dt.timedelta(hours=hours), why="因为要做")


@pytest.fixture
def make_plan() -> MakePlan:
    def make(*steps: str, kind: str = "malicious_attack", blocked: tuple[Blocked, ...] = ()) -> Plan:
        brand = Brand("芮弥", legal_entity=LegalEntity("芮弥护肤有限公司", uscc="91310000MA1K00000X"), key="ruimi")
        actions = tuple(step(name, hours=index + 1) for index, name in enumerate(steps))
        return Plan(
            type=AssociationType(kind), brand=brand, platform="xiaohongshu", grade=Grade.P2, mentions=("m1",), about="退款",
            now=NOW, actions=actions, blocked=blocked,
        )  # fmt: skip

    return make


class QuietHandler(BaseHTTPRequestHandler):
    """A handler that answers and does not log."""

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        pass


@contextlib.contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def local_site() -> Callable[[type[BaseHTTPRequestHandler]], contextlib.AbstractContextManager[str]]:
    """Serves a handler on this machine while the block lasts."""
    return served


@pytest.fixture(scope="session")
def quiet_handler() -> type[QuietHandler]:
    return QuietHandler
