"""Telling a client that comes back what it missed: at its own pace, without holes.

A client asks for what happened after the latest time that it was told of. So whenever
its line is cut, all that happened up to that time must have been told. Tasks that have
ended are told in the order of their ends, each from its first revision: what it went
through may be news though it happened earlier. Those that go on are told after all
that ended before. What the client knows, it drops.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import Error as DatabaseError

from tasks_app import reports
from tasks_app.batching import Orm
from tasks_app.feed import Feed
from tasks_app.models import TaskEvent
from tasks_app.presentation import as_update

log = logging.getLogger(__name__)

_SLACK = timedelta(seconds=60)
"""Clocks differ, and commits overtake each other, by no more than that."""
_SIP = 50
"""Tasks that are told at once; then the client is given time."""
_REST_S = 1.0

P = ParamSpec("P")
R = TypeVar("R")


class CatchUp:
    """What `feed` missed; `drained` waits until its client has taken what was told.

    An outage of the database is waited for.
    """

    def __init__(
        self, orm: Orm, feed: Feed, drained: Callable[[], Awaitable[None]]
    ) -> None:
        self._orm = orm
        self._feed = feed
        self._drained = drained

    async def run(self, since: datetime) -> None:
        # Before all else: no task may be neither unfinished nor among the ended.
        unfinished = await self._read(reports.unfinished_revisions, self._feed.owner)
        begun_at = since - _SLACK
        told_until = await self._tell_ended(begun_at)
        for start in range(0, len(unfinished), _SIP):
            await self._tell(dict(unfinished[start : start + _SIP]))
        # It may have taken long.
        await self._tell_ended(max(begun_at, told_until - _SLACK))

    async def _tell_ended(self, since: datetime) -> datetime:
        """Tell of the tasks that ended at or after a moment; when the last ended."""
        ended_at, task_id = since, UUID(int=0)
        while tasks := await self._read(
            reports.ended_after, self._feed.owner, ended_at, task_id, _SIP
        ):
            await self._tell({task.pk: task.revision for task in tasks})
            ended_at, task_id = tasks[-1].completed_at or ended_at, tasks[-1].pk
        return ended_at

    async def _tell(self, revisions: Mapping[UUID, int]) -> None:
        """Tell of these tasks, one by one, up to these revisions."""
        await self._drained()
        events: defaultdict[UUID, list[TaskEvent]] = defaultdict(list)
        for event in await self._read(reports.events_of, revisions):
            events[event.task_id].append(event)
        for task_id, revision in revisions.items():
            for event in events[task_id]:
                if event.revision <= revision:
                    self._feed.tell_missed(as_update(event))

    async def _read(
        self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        while True:
            try:
                return await self._orm.run(question, *args, **kwargs)
            except DatabaseError as error:
                log.warning("cannot read what was missed: %s", type(error).__name__)
                await asyncio.sleep(_REST_S)
