"""What is offered to people who build on this library."""

from __future__ import annotations

import asyncio

import pytest

from negassoc import Mention, Pack
from negassoc.protocols import AsyncSource, Source
from negassoc.testing import Memory, check_pack, no_waiting


def test_memory_is_a_source_of_both_kinds():
    memory = Memory("没踩雷", Mention("别信"))
    assert isinstance(memory, Source)
    assert isinstance(memory, AsyncSource)

    async def gathered() -> list[Mention]:
        return [mention async for mention in memory]

    assert list(memory) == list(memory) == asyncio.run(gathered()) == [Mention("没踩雷"), Mention("别信")]


def test_memory_fails_after_what_it_had():
    seen = []
    with pytest.raises(OSError, match="cut"):
        seen += [seen.append(mention) for mention in Memory("a", error=OSError("cut"))]
    assert seen == [Mention("a")]


def test_time_passes_only_by_sleeping():
    time = no_waiting()
    began = time.now()
    time.sleep(30)
    asyncio.run(time.asleep(1.5))
    assert time.slept == [30, 1.5]
    assert (time.clock(), (time.now() - began).total_seconds()) == (31.5, 31.5)


def test_the_packaged_pack_is_fit_for_use():
    check_pack(Pack.default())
