"""How far an inference is, told once a second, on a loop whose time the test moves."""

import asyncio
from collections.abc import Callable

import pytest

from tasks_app.worker.progress import ProgressTeller

Told = list[tuple[float, str]]


class Timers:
    """What is to happen later on the loop, when the test says so."""

    def __init__(self) -> None:
        self._due: list[tuple[float, asyncio.TimerHandle]] = []
        self._now = 0.0

    def call_later(self, delay: float, work: Callable[[], None]) -> asyncio.TimerHandle:
        loop = asyncio.get_running_loop()
        handle = asyncio.TimerHandle(self._now + delay, work, (), loop)
        self._due.append((self._now + delay, handle))
        return handle

    def move(self, seconds: float) -> None:
        """Let so much time pass."""
        until = self._now + seconds
        while ready := [item for item in self._due if item[0] <= until]:
            self._due.remove(ready[0])
            self._now, handle = ready[0]
            if not handle.cancelled():
                handle._run()
        self._now = until


@pytest.fixture
async def timers(monkeypatch: pytest.MonkeyPatch) -> Timers:
    timers = Timers()
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "call_later", timers.call_later)
    return timers


def telling() -> tuple[ProgressTeller, Told]:
    """A teller, and what it has told."""
    told: Told = []
    return ProgressTeller(lambda *progress: told.append(progress)), told


async def test_of_many_reports_the_latest_is_told_once_a_second(timers: Timers) -> None:
    teller, told = telling()
    for step in range(1, 25):
        teller(step / 32, "writing")
        timers.move(0.125)
    assert told == [(0.25, "writing"), (0.5, "writing"), (0.75, "writing")]


async def test_the_last_report_is_told_though_none_follows(timers: Timers) -> None:
    teller, told = telling()
    teller(0.1, "waiting")
    timers.move(1)
    teller(0.2, "writing")
    teller(0.9, "checking")
    timers.move(1)
    assert told == [(0.1, "waiting"), (0.9, "checking")]


async def test_what_was_told_is_not_told_again(timers: Timers) -> None:
    teller, told = telling()
    teller(0.5, "writing")
    timers.move(10)
    teller(0.5, "writing")
    timers.move(10)
    assert told == [(0.5, "writing")]
    teller(0.5, "checking")
    timers.move(1)
    assert told[1:] == [(0.5, "checking")]


async def test_of_an_inference_that_soon_ends_nothing_is_told(timers: Timers) -> None:
    teller, told = telling()
    teller(0.5, "writing")
    timers.move(0.99)
    teller.close()
    timers.move(10)
    assert told == []


async def test_nothing_is_told_after_the_end(timers: Timers) -> None:
    teller, told = telling()
    teller(0.5, "writing")
    timers.move(1)
    teller(0.6, "writing")
    teller.close()
    teller(0.7, "writing")
    timers.move(10)
    assert told == [(0.5, "writing")]


async def test_an_engine_that_reports_nothing_is_not_told_of(timers: Timers) -> None:
    _, told = telling()
    timers.move(10)
    assert told == []


@pytest.mark.parametrize(
    ("reported", "told_as"), [(-1, 0), (0, 0), (1, 1), (1.01, 1), (float("inf"), 1)]
)
async def test_a_fraction_is_one(
    timers: Timers, reported: float, told_as: float
) -> None:
    teller, told = telling()
    teller(reported, "writing")
    timers.move(1)
    assert told == [(told_as, "writing")]
