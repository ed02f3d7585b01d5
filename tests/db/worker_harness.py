"""A running worker whose engine answers when the test says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from tasks_app.inference.contract import Progress, Request, Result
from tasks_app.worker import InferenceWorker
from tests.db.concurrency import PATIENCE_S, end_threads
from tests.db.examples import LEASE_S, result


class Run:
    """One call of the engine; it lasts until the test ends it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.answer: asyncio.Future[Result] = asyncio.Future()
        self.work = asyncio.current_task()

    def end(self) -> None:
        self.answer.set_result(result())

    async def is_over(self) -> None:
        """Wait until the worker has done with it, whatever the end."""
        assert self.work is not None
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.wait([self.work])


class HeldEngine:
    """Answers when the test says so."""

    name = "held"
    model_version = "held:1"

    def __init__(self) -> None:
        self.runs: asyncio.Queue[Run] = asyncio.Queue()
        self.is_closed = False

    async def analyze(self, request: Request, progress: Progress) -> Result:
        run = Run(request.text)
        self.runs.put_nowait(run)
        return await run.answer

    async def next_run(self) -> Run:
        async with asyncio.timeout(PATIENCE_S):
            return await self.runs.get()

    async def aclose(self) -> None:
        self.is_closed = True


@dataclass(frozen=True)
class ProviderPause:
    """A pause of the provider."""

    paused_until: datetime
    reason: str = "账户余额不足"


class PausingEngine(HeldEngine):
    """With a provider that the test may have it leave alone."""

    pause: ProviderPause | None = None

    def leave_alone(self, seconds: float) -> None:
        """For so long, or, if they are negative, until so long ago."""
        self.pause = ProviderPause(timezone.now() + timedelta(seconds=seconds))


class WorkerHarness:
    """A running worker with its engine."""

    def __init__(self, capacity: int, lease_s: float, engine: HeldEngine) -> None:
        self.engine = engine
        self.worker = InferenceWorker(self.engine, capacity, lease_s)


@asynccontextmanager
async def running(
    capacity: int = 10, lease_s: float = LEASE_S, engine: HeldEngine | None = None
) -> AsyncIterator[WorkerHarness]:
    harness = WorkerHarness(capacity, lease_s, engine or HeldEngine())
    work = asyncio.create_task(harness.worker.run())
    try:
        yield harness
    finally:
        await harness.worker.stop(0)
        work.cancel()
        await asyncio.wait([work])
        end_threads(harness.worker._orm)
