"""Ringing the channel layer: at most once, best effort, never an error for the caller.

A ring carries the update itself, so that the usual case needs no database; whoever
misses one reads the database (see feed).
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from channels.layers import BaseChannelLayer, get_channel_layer

log = logging.getLogger(__name__)

RING = "task.updates"
_TIMEOUT_S = 3.0
_REST_S = 1.0
"""How long no ring is tried after one failed."""
_BACKLOG = 20_000
"""Updates that wait to be announced; past that they are dropped, being doorbells."""
_BATCH = 256


class Update(NamedTuple):
    """One move of a task, or its progress since, as announced to its owner."""

    owner: str
    task_id: UUID
    revision: int
    is_final: bool
    frame: str
    """The text frame for the client."""
    is_progress: bool = False
    """Whether it tells how far a task is since the move to `revision`."""


def channel_layer() -> BaseChannelLayer:
    """The configured layer, of the running event loop."""
    layer = get_channel_layer()
    assert layer is not None, "settings name a default channel layer"  # noqa: S101
    return layer


def group_of(owner: str) -> str:
    """The channel layer's group of an owner."""
    return f"owner.{owner.replace(':', '.')}"


def to_ring(owner: str, updates: Iterable[Update]) -> dict[str, Any]:
    """The message on the channel layer."""
    rows = [(str(task_id), *rest) for _, task_id, *rest in updates]
    return {"type": RING, "owner": owner, "updates": rows}


def from_ring(ring: Mapping[str, Any]) -> list[Update]:
    return [
        Update(ring["owner"], UUID(task_id), *rest)
        for task_id, *rest in ring["updates"]
    ]


class Announcer:
    """Announces updates in their order, from one task of one event loop.

    `announce` never waits; `run` sends until it is cancelled.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Update] = asyncio.Queue(_BACKLOG)
        self._resting_until = 0.0
        self._dropped = 0

    def announce(self, updates: Iterable[Update]) -> None:
        for update in updates:
            try:
                self._queue.put_nowait(update)
            except asyncio.QueueFull:
                self._dropped += 1

    async def flush(self) -> None:
        """Wait until all that was announced has been tried."""
        await self._queue.join()

    async def run(self) -> None:
        while True:
            by_owner: defaultdict[str, list[Update]] = defaultdict(list)
            update = await self._queue.get()
            by_owner[update.owner].append(update)
            for _ in range(min(_BATCH - 1, self._queue.qsize())):
                update = self._queue.get_nowait()
                by_owner[update.owner].append(update)
            for owner, updates in by_owner.items():
                await self._ring(owner, updates)
                for _ in updates:
                    self._queue.task_done()

    async def _ring(self, owner: str, updates: list[Update]) -> None:
        if time.monotonic() < self._resting_until:
            self._dropped += len(updates)
            return
        ring = to_ring(owner, updates)
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                await channel_layer().group_send(group_of(owner), ring)
        except Exception as error:  # noqa: BLE001 - whatever it is, clients re-read
            self._dropped += len(updates)
            self._resting_until = time.monotonic() + _REST_S
            log.warning("channel layer does not answer: %s", type(error).__name__)
            return
        if self._dropped:
            log.warning("channel layer answers; %d rings were left out", self._dropped)
            self._dropped = 0
