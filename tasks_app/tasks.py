"""The Celery door: a doorbell, a tick, and the inference worker's start and stop."""

from collections.abc import Callable
from functools import partial
from typing import Any

from celery import bootsteps, current_app, shared_task
from django.conf import settings

from tasks_app import lifecycle, rollups
from tasks_app.models import TaskEvent
from tasks_app.worker import WorkerThread

_running: list[WorkerThread] = []
"""The inference worker of this process, once Celery has started it."""


@shared_task(ignore_result=True)
def run_pending() -> None:
    """There is work: claim it."""
    for thread in _running:
        thread.ring()


@shared_task(ignore_result=True)
def sweep() -> None:
    """Undo what time has undone, count what has ended, delete what is old.

    Harmless when several run it at once.
    """
    _announce_all(partial(lifecycle.recover, settings.MAX_ATTEMPTS))
    if settings.QUEUE_DEADLINE_S:
        _announce_all(partial(lifecycle.expire, settings.QUEUE_DEADLINE_S))
    rollups.roll_up_for(settings.SWEEP_INTERVAL_S / 2)
    if settings.RETENTION_S:
        while lifecycle.purge(settings.RETENTION_S):
            pass
    for thread in _running:
        thread.note_sweep()


def _announce_all(sweep_some: Callable[[], list[TaskEvent]]) -> None:
    """Sweep until nothing is left to do, and tell the owners and the pump."""
    while moves := sweep_some():
        for thread in _running:
            thread.announce(moves)
            thread.ring()


class InferenceStep(bootsteps.StartStopStep):
    """Starts the inference worker with Celery's worker, and stops it after the last
    message has been taken. It runs even while the broker cannot be reached.
    """

    requires = ("celery.worker.components:Pool",)

    def start(self, parent: Any) -> None:
        thread = WorkerThread()
        thread.start()
        _running.append(thread)

    def stop(self, parent: Any) -> None:
        while _running:
            _running.pop().stop(settings.STOP_GRACE_S)

    terminate = stop


current_app.steps["worker"].add(InferenceStep)
