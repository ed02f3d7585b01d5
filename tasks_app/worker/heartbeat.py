"""How this worker fares, in a row for health, staff and predictions."""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import Error as DatabaseError
from django.utils import timezone

from tasks_app.batching import Orm
from tasks_app.inference.contract import Engine, Pause, pause_of
from tasks_app.models import WorkerProcess

log = logging.getLogger(__name__)

_EVERY_S = 5.0
_FORGET_AFTER = timedelta(hours=1)


class Heartbeat:
    """The row of one worker process; `in_flight` tells how many inferences run."""

    def __init__(
        self, name: str, engine: Engine, capacity: int, in_flight: Callable[[], int]
    ) -> None:
        self._name = name
        self._engine = engine
        self._capacity = capacity
        self._in_flight = in_flight
        self._started_at = timezone.now()
        self._claimed_at: datetime | None = None
        self._swept_at: datetime | None = None
        self._told_pause: Pause | None = None
        self._has_news = asyncio.Event()
        self._has_ended = threading.Event()

    def note_claim(self) -> None:
        self._claimed_at = timezone.now()

    def note_sweep(self) -> None:
        self._swept_at = timezone.now()

    def look_for_pause(self) -> None:
        """Tell at once of one that has begun or ended: predictions depend on it."""
        if pause_of(self._engine) != self._told_pause:
            self._has_news.set()

    async def run(self, orm: Orm) -> None:
        while True:
            self._has_news.clear()
            try:
                await orm.run(self._beat)
            except DatabaseError as error:
                log.warning("cannot write a heartbeat: %s", type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_S):
                    await self._has_news.wait()

    def end(self) -> None:
        """The worker stops: nobody is to count on it."""
        self._has_ended.set()
        WorkerProcess.objects.filter(pk=self._name).delete()

    def _beat(self) -> None:
        if self._has_ended.is_set():
            return
        now = timezone.now()
        pause = self._told_pause = pause_of(self._engine)
        WorkerProcess.objects.update_or_create(
            pk=self._name,
            defaults={
                "engine": self._engine.name[:40],
                "capacity": self._capacity,
                "in_flight": self._in_flight(),
                "started_at": self._started_at,
                "heartbeat_at": now,
                "claimed_at": self._claimed_at,
                "swept_at": self._swept_at,
                "paused_until": pause.paused_until if pause else None,
                "pause_reason": str(pause.reason)[:200] if pause else "",
            },
        )
        WorkerProcess.objects.filter(heartbeat_at__lt=now - _FORGET_AFTER).delete()
        if self._has_ended.is_set():
            self.end()  # Meanwhile, and so before this row was written.
