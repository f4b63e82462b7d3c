from __future__ import annotations

import datetime as dt
from collections.abc import Callable

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
