"""Work beside other work on an event loop."""

import asyncio

import pytest

from tasks_app import background


@pytest.fixture(autouse=True)
def _without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_REST_S", 0.01)


async def test_work_that_fails_is_begun_again(caplog: pytest.LogCaptureFixture) -> None:
    has_come_back = asyncio.Event()
    times = 0

    async def work() -> None:
        nonlocal times
        times += 1
        if times < 3:
            raise OSError
        has_come_back.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(background.keep_running(work))
    await asyncio.wait_for(has_come_back.wait(), 5)
    await background.cancelled(running)
    assert caplog.text.count("failed and is started again") == 2


async def test_work_that_loses_its_cancellation_is_cancelled_again() -> None:
    losses = 3

    async def work() -> None:
        nonlocal losses
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                losses -= 1
                if losses <= 0:
                    raise

    ended, lasting = asyncio.create_task(asyncio.sleep(0)), asyncio.create_task(work())
    await asyncio.sleep(0)
    await asyncio.wait_for(background.cancelled(ended, lasting), 5)
    assert lasting.cancelled()
    assert not ended.cancelled()
