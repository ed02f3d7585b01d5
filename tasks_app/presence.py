"""How many sockets are open, counted over all web processes."""

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import Error as DatabaseError
from django.utils import timezone

from tasks_app.batching import Orm
from tasks_app.models import ServerProcess

log = logging.getLogger(__name__)

_HEARTBEAT_S = 8.0
_SETTLE_S = 0.5
"""Connections that open together are written together."""
_FORGET_AFTER = timedelta(hours=1)


class Presence:
    """This process's row: its open connections and a heartbeat."""

    def __init__(self, orm: Orm) -> None:
        self.process_id: UUID = uuid4()
        self.connections = 0
        self._orm = orm
        self._started_at = timezone.now()
        self._has_changed = asyncio.Event()

    def enter(self) -> None:
        self.connections += 1
        self._has_changed.set()

    def leave(self) -> None:
        self.connections -= 1
        self._has_changed.set()

    async def run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_HEARTBEAT_S):
                    await self._has_changed.wait()
                await asyncio.sleep(_SETTLE_S)
            self._has_changed.clear()
            try:
                await self._orm.run(self._beat)
            except DatabaseError as error:
                log.warning("cannot write presence: %s", type(error).__name__)

    def _beat(self) -> None:
        now = timezone.now()
        ServerProcess.objects.update_or_create(
            pk=self.process_id,
            defaults={"connections": self.connections, "heartbeat_at": now},
            create_defaults={
                "connections": self.connections,
                "heartbeat_at": now,
                "started_at": self._started_at,
            },
        )
        ServerProcess.objects.filter(heartbeat_at__lt=now - _FORGET_AFTER).delete()
