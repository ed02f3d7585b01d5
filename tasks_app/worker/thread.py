"""The inference worker's loop, in a thread behind Celery's own."""

import asyncio
import threading
from contextlib import suppress

from django.conf import settings

from tasks_app.inference.registry import create_engine
from tasks_app.models import TaskEvent
from tasks_app.worker.inferences import InferenceWorker

_STOP_S = 2.0


class WorkerThread:
    """An InferenceWorker on a loop in a thread, for Celery's threads to call."""

    def __init__(self) -> None:
        engine = create_engine()
        self._worker = InferenceWorker(
            engine, settings.WORKER_CONCURRENCY, settings.LEASE_S
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="inference", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ring(self) -> None:
        self._loop.call_soon_threadsafe(self._worker.ring)

    def note_sweep(self) -> None:
        self._loop.call_soon_threadsafe(self._worker.heartbeat.note_sweep)

    def announce(self, events: list[TaskEvent]) -> None:
        self._loop.call_soon_threadsafe(self._worker.announce, events)

    def stop(self, grace_s: float) -> None:
        """Returns when what ran has ended or been given back."""
        stopping = self._worker.stop(grace_s)
        asyncio.run_coroutine_threadsafe(stopping, self._loop).result()
        self._loop.call_soon_threadsafe(self._running.cancel)
        # Bounded: a library may lose a cancellation that crosses an answer.
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._running = self._loop.create_task(self._worker.run())
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._running)
