"""How fast bare Celery is on a broker: the rate that the application is held to."""

import asyncio
import secrets
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from django.conf import settings
from kombu import Connection, Exchange, Queue

from tests.benchmarks.bare_celery import RUNS_PER_MARK, app, do_nothing

_WITHIN_S = 60.0
_STOPS_WITHIN_S = 10.0


class BareCelery:
    """A worker process of its own on a queue of its own, and a kept connection."""

    def __init__(self, queue: str, broker: Connection, worker: Process) -> None:
        self._queue = queue
        self._broker = broker
        self._marks = cast("asyncio.StreamReader", worker.stdout)  # is a PIPE

    async def measure(self, tasks: int) -> float:
        """Tasks per second, from the first publish until the last has run.

        Of `tasks`, as many are run as give full marks.
        """
        marks = tasks // RUNS_PER_MARK
        started = time.perf_counter()
        self._publish(marks * RUNS_PER_MARK)
        async with asyncio.timeout(_WITHIN_S):
            await self._marks.readexactly(marks)
        return marks * RUNS_PER_MARK / (time.perf_counter() - started)

    def _publish(self, tasks: int) -> None:
        with app.amqp.Producer(self._broker) as producer:
            for _ in range(tasks):
                do_nothing.apply_async(queue=self._queue, producer=producer)


@asynccontextmanager
async def bare_celery(broker_url: str) -> AsyncIterator[BareCelery]:
    """The yardstick on this broker, running; nothing of it is left afterwards."""
    queue = f"pulseweave_bench_{secrets.token_hex(6)}"
    with app.connection_for_write(broker_url) as broker:
        worker = await _start_worker(broker_url, queue)
        try:
            bare = BareCelery(queue, broker, worker)
            await bare.measure(RUNS_PER_MARK)
            yield bare
        finally:
            await _stop(worker)
            Queue(queue, channel=broker.default_channel).delete()
            Exchange(queue, channel=broker.default_channel).delete()


async def _start_worker(broker_url: str, queue: str) -> Process:
    """Start it as `up` starts ours: threads, and no talk among workers."""
    alone = ("--without-mingle", "--without-gossip", "--without-heartbeat")
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "celery", "--quiet", f"--app={app.main}"),
        *("worker", f"--hostname={queue}@localhost"),
        *("--pool=threads", f"--queues={queue}", "--loglevel=WARNING", *alone),
        cwd=settings.BASE_DIR,
        # Not on the command line, where everybody could read its password.
        env={"CELERY_BROKER_URL": broker_url},
        stdin=DEVNULL,
        stdout=PIPE,
        start_new_session=True,
    )


async def _stop(worker: Process) -> None:
    if worker.returncode is not None:
        return
    worker.terminate()
    try:
        async with asyncio.timeout(_STOPS_WITHIN_S):
            await worker.wait()
    except TimeoutError:
        worker.kill()
        await worker.wait()
