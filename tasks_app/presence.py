"""How many sockets are open, in all and of each source, over all web processes."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import Error as DatabaseError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks_app.batching import Orm
from tasks_app.errors import RateLimited
from tasks_app.models import ServerProcess

log = logging.getLogger(__name__)

_HEARTBEAT_S = 8.0
_SETTLE_S = 0.5
"""Connections that open together are written together."""
_FORGET_AFTER = timedelta(hours=1)
_RETRY_AFTER_S = 30.0
_NOTED_SHARE = 100
"""A source with fewer than a hundredth of the limit here is not worth noting."""


@dataclass(frozen=True, eq=False)
class Visit:
    """One open connection; `turn_away` says why and closes it."""

    source: str
    turn_away: Callable[[RateLimited], None]


class Presence:
    """This process's row: its open connections and a heartbeat.

    `max_per_source` bounds the connections of one source (0 = no bound; "" is no
    source). One too many is refused at once as far as this process knows, and turned
    away within a second if the rows of the others say so.
    """

    def __init__(self, orm: Orm, max_per_source: int) -> None:
        self.process_id: UUID = uuid4()
        self._orm = orm
        self._max_per_source = max_per_source
        self._started_at = timezone.now()
        self._visits: set[Visit] = set()
        self._here: Counter[str] = Counter()
        self._elsewhere: Counter[str] = Counter()
        self._unchecked: dict[Visit, None] = {}
        """Since the last heartbeat, the oldest first."""
        self._has_changed = asyncio.Event()
        self._has_ended = asyncio.Event()

    @property
    def connections(self) -> int:
        return len(self._visits)

    def enter(self, visit: Visit) -> None:
        """Count a connection.

        Raises:
            RateLimited: its source has too many already.
        """
        if visit.source and self._max_per_source:
            others = self._here[visit.source] + self._elsewhere[visit.source]
            if others >= self._max_per_source:
                raise _too_many()
            self._unchecked[visit] = None
        self._visits.add(visit)
        self._here[visit.source] += 1
        self._has_changed.set()

    def leave(self, visit: Visit) -> None:
        if visit not in self._visits:
            return
        self._visits.remove(visit)
        self._unchecked.pop(visit, None)
        self._here[visit.source] -= 1
        if not self._here[visit.source]:
            del self._here[visit.source]
        self._has_changed.set()

    async def end(self) -> None:
        """The process stops: its connections are not to be counted any longer."""
        self._has_ended.set()
        with suppress(DatabaseError):
            await self._orm.run(ServerProcess.objects.filter(pk=self.process_id).delete)

    async def run(self) -> None:
        while not self._has_ended.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_HEARTBEAT_S):
                    await self._has_changed.wait()
                await asyncio.sleep(_SETTLE_S)
            self._has_changed.clear()
            if self._has_ended.is_set():
                break
            new = list(self._unchecked)
            here = self._here.copy()
            try:
                self._elsewhere = await self._orm.run(
                    self._beat, len(self._visits), here
                )
            except DatabaseError as error:
                log.warning("cannot write presence: %s", type(error).__name__)
                continue
            self._turn_away(new, here)
        await asyncio.Event().wait()

    def _turn_away(self, new: list[Visit], here: Counter[str]) -> None:
        """Of the connections just opened, those that are too many over all."""
        excess = (here + self._elsewhere) - Counter(
            dict.fromkeys(here, self._max_per_source)
        )
        for visit in reversed(new):
            self._unchecked.pop(visit, None)
            if excess[visit.source] > 0 and visit in self._visits:
                excess[visit.source] -= 1
                visit.turn_away(_too_many())

    def _beat(self, connections: int, here: Counter[str]) -> Counter[str]:
        """Write this process's row; returns the connections in other processes."""
        now = timezone.now()
        facts = {
            "connections": connections,
            "connections_by_source": self._noted(here),
            "heartbeat_at": now,
        }
        ServerProcess.objects.update_or_create(
            pk=self.process_id,
            defaults=facts,
            create_defaults=facts | {"started_at": self._started_at},
        )
        ServerProcess.objects.filter(heartbeat_at__lt=now - _FORGET_AFTER).delete()
        others = ServerProcess.objects.alive(now).exclude(pk=self.process_id)
        elsewhere: Counter[str] = Counter()
        for by_source in others.values_list("connections_by_source", flat=True):
            elsewhere.update(by_source)
        return elsewhere

    def _noted(self, here: Counter[str]) -> dict[str, int]:
        limit = self._max_per_source
        return {
            source: connections
            for source, connections in here.items()
            if limit and source and connections * _NOTED_SHARE >= limit
        }


def _too_many() -> RateLimited:
    return RateLimited(_("同一地址的连接过多"), retry_after=_RETRY_AFTER_S)
