"""Ringing the broker: "there is work", without saying which.

A message names no task: the worker that takes it claims the oldest pending rows. So a
lost message costs a moment (workers look by themselves every second), a doubled one
nothing, and a backlog of tasks is never a backlog of messages.
"""

import logging
import threading
from functools import cache

from celery import current_app

log = logging.getLogger(__name__)

DOORBELL = "tasks_app.tasks.run_pending"
_GAP_S = 0.03
"""Rings within this time of one another become one."""
_STALE_S = 60.0
"""A worker that has been away for so long looks by itself anyway."""
_REST_S = 2.0
"""How long the broker is left alone after a failed publish."""


def ring() -> None:
    """Tell a worker that something is pending; returns at once, never raises."""
    _doorbell().ring()


class Doorbell:
    """Publishes from a thread of its own: a hung broker blocks for many seconds.

    A ring that could not be published is kept and tried again.
    """

    def __init__(self) -> None:
        self._rung = threading.Event()
        self._is_broken = False
        threading.Thread(target=self._run, name="doorbell", daemon=True).start()

    def ring(self) -> None:
        self._rung.set()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            self._rung.wait()
            self._rung.clear()
            pause.wait(_GAP_S if self._publish() else _REST_S)

    def _publish(self) -> bool:
        try:
            current_app.send_task(
                DOORBELL, retry=False, ignore_result=True, expires=_STALE_S
            )
        except Exception as error:  # noqa: BLE001 - kombu raises its transports' own
            if not self._is_broken:
                log.warning("broker does not answer: %s", type(error).__name__)
            self._is_broken = True
            self.ring()
            return False
        if self._is_broken:
            log.warning("broker answers again")
        self._is_broken = False
        return True


@cache
def _doorbell() -> Doorbell:
    return Doorbell()
