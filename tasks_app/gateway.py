"""What the sockets of one web process share; it lives as long as its event loop."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress

from django.conf import settings

from tasks_app import reports
from tasks_app.background import keep_running
from tasks_app.batching import Orm
from tasks_app.hub import Hub
from tasks_app.intake import Intake
from tasks_app.lifecycle import Limits
from tasks_app.models import TaskEvent
from tasks_app.notify import Announcer
from tasks_app.outlook import Outlook
from tasks_app.presence import Presence
from tasks_app.presentation import as_update
from tasks_app.protocol.replies import StatsData

_ORM_THREADS = 6
"""Fewer than the pool of settings has connections, so that none is waited for."""

_STATS_S = 1.0


class Gateway:
    """Started by the first socket: Daphne tells an application of no other start."""

    def __init__(self) -> None:
        self.orm = Orm(_ORM_THREADS)
        self.hub = Hub(self.orm)
        self.outlook = Outlook()
        self.intake = Intake(self.orm, self.outlook, Limits.from_settings())
        self.presence = Presence(self.orm, settings.MAX_CONNECTIONS_PER_ADDRESS)
        self.announcer = Announcer()
        parts = (self.hub, self.intake, self.presence, self.announcer)
        self._stats: StatsData | None = None
        self._stats_until = 0.0
        self._stats_lock = asyncio.Lock()
        self._tasks = [asyncio.create_task(keep_running(part.run)) for part in parts]

    async def stats(self) -> StatsData:
        """Counts over the whole service, at most a second old.

        All who ask at once share one answer.
        """
        async with self._stats_lock:
            if self._stats is None or time.monotonic() > self._stats_until:
                process_id = self.presence.process_id
                self._stats = await self.orm.run(reports.stats, process_id)
                self._stats_until = time.monotonic() + _STATS_S
            elsewhere = self._stats.active_connections
        connections = elsewhere + self.presence.connections
        return self._stats.model_copy(update={"active_connections": connections})


_gateways: dict[asyncio.AbstractEventLoop, Gateway] = {}


def get_gateway() -> Gateway:
    """The gateway of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _gateways:
        _gateways[loop] = Gateway()
    return _gateways[loop]


def announce(events: Iterable[TaskEvent]) -> None:
    """Tell the owners of moves that are committed; for threads beside the loop.

    Never waits and never fails. Without a gateway in this process, as without Redis,
    the others' hubs find these moves when they next re-read.
    """
    updates = [as_update(event) for event in events]
    for loop, gateway in list(_gateways.items()):
        # A loop that has just been closed has nobody to tell.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(gateway.announcer.announce, updates)


async def end_gateway() -> None:
    """Before the process stops."""
    await get_gateway().presence.end()
