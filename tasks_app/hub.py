"""The feeds of one process: told by rings, corrected by reading.

A worker's ring usually brings the next revision of a task. An old one is dropped; a
hole, a ring that came before our own acknowledgement, and what never rang at all are
read from TaskEvent. All of these end in the same `Feed`, which takes the next revision
and nothing else, whether the connection is live or has resumed.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import Error as DatabaseError
from django.utils import timezone

from tasks_app import reports
from tasks_app.background import keep_running
from tasks_app.batching import Orm
from tasks_app.catch_up import CatchUp
from tasks_app.feed import Feed
from tasks_app.models import TaskEvent
from tasks_app.notify import Update, channel_layer, from_ring, group_of
from tasks_app.presentation import as_update

log = logging.getLogger(__name__)

_REREAD_S = 3.0
"""How often the database is asked what no ring told."""
_SLACK = timedelta(seconds=10)
"""By how much a worker's clock and a slow commit may be behind."""
_REMEMBERED_S = 60.0
"""How long a feed knows that it told of an end; rings do not come later."""
_SUBSCRIBE_S = 2.0
_AT_ONCE = 500
"""Owners or tasks in one query."""


class Hub:
    """The feeds of one process, behind one channel of the channel layer.

    Sockets therefore neither need Redis to open nor fall with it.
    """

    def __init__(self, orm: Orm) -> None:
        self._orm = orm
        self._feeds: defaultdict[str, set[Feed]] = defaultdict(set)
        self._channel: str | None = None
        self._unsubscribed: set[str] = set()
        self._has_unsubscribed = asyncio.Event()
        self._stale: defaultdict[UUID, set[Feed]] = defaultdict(set)
        self._is_stale = asyncio.Event()
        self._read_until = timezone.now()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for work in (self._listen, self._subscribe, self._reread, self._fill):
                group.create_task(keep_running(work))

    # --- Connections ---------------------------------------------------------------

    def join(self, feed: Feed) -> None:
        """Tell this feed from now on; its subscription follows at once."""
        self._feeds[feed.owner].add(feed)
        if len(self._feeds[feed.owner]) == 1:
            self._unsubscribed.add(feed.owner)
            self._has_unsubscribed.set()

    async def leave(self, feeds: Collection[Feed]) -> None:
        """Tell these feeds nothing more, from this moment."""
        for feed in feeds:
            self._feeds[feed.owner].discard(feed)
        left = {feed.owner for feed in feeds if not self._feeds[feed.owner]}
        for owner in left:
            del self._feeds[owner]
        for owner in left:
            if owner not in self._feeds:
                await self._unsubscribe(owner)

    async def resume(
        self, feed: Feed, since: datetime, drained: Callable[[], Awaitable[None]]
    ) -> None:
        """Tell a feed that has just joined what happened after `since`.

        `drained` waits until its client has taken what it was told.
        """
        feed.begin_catch_up()
        try:
            await CatchUp(self._orm, feed, drained).run(since)
        finally:
            self.mark_stale(feed, feed.end_catch_up())

    def mark_stale(self, feed: Feed, task_ids: Iterable[UUID]) -> None:
        """Read the events of these tasks of its owner and offer them to this feed."""
        for task_id in task_ids:
            self._stale[task_id].add(feed)
            self._is_stale.set()

    # --- Rings ---------------------------------------------------------------------

    async def _listen(self) -> None:
        layer = channel_layer()
        if self._channel is None:
            try:
                self._channel = await layer.new_channel()
            except Exception as error:  # noqa: BLE001 - whatever it is, we try again
                log.warning("channel layer does not answer: %s", type(error).__name__)
                await asyncio.sleep(1)
                return
            self._has_unsubscribed.set()
        while True:
            for update in from_ring(await layer.receive(self._channel)):
                self._offer(update, self._feeds.get(update.owner, ()))

    async def _subscribe(self) -> None:
        """Subscribe to the groups of new owners, one after the other.

        What failed is tried again when the database is next re-read.
        """
        while True:
            await self._has_unsubscribed.wait()
            self._has_unsubscribed.clear()
            for owner in list(self._unsubscribed):
                if self._channel is None or not await self._add(owner):
                    break

    async def _add(self, owner: str) -> bool:
        """Whether the layer could be asked to subscribe to this owner's group."""
        if owner not in self._unsubscribed:
            return True
        # Before we wait: who leaves and comes back meanwhile has to ask again.
        self._unsubscribed.discard(owner)
        try:
            async with asyncio.timeout(_SUBSCRIBE_S):
                await channel_layer().group_add(group_of(owner), self._channel or "")
        except Exception as error:  # noqa: BLE001 - the re-reading serves it
            log.warning("cannot subscribe: %s", type(error).__name__)
            if owner in self._feeds:
                self._unsubscribed.add(owner)
            return False
        if owner not in self._feeds:
            # Its last connection left while we waited.
            await self._unsubscribe(owner)
        for feed in self._feeds.get(owner, ()):
            # What rang before we heard it is read.
            self.mark_stale(feed, feed.following)
        return True

    async def _unsubscribe(self, owner: str) -> None:
        self._unsubscribed.discard(owner)
        if self._channel is None:
            return
        try:
            async with asyncio.timeout(_SUBSCRIBE_S):
                layer = channel_layer()
                await layer.group_discard(group_of(owner), self._channel)
        except Exception as error:  # noqa: BLE001 - a ring too many does no harm
            log.warning("cannot unsubscribe: %s", type(error).__name__)

    def _offer(self, update: Update, to: Collection[Feed]) -> None:
        for feed in self._feeds.get(update.owner, set()).intersection(to):
            if not feed.offer(update):
                self.mark_stale(feed, [update.task_id])

    # --- Reading -------------------------------------------------------------------

    async def _reread(self) -> None:
        """Find what no ring told, now and then."""
        while True:
            await asyncio.sleep(_REREAD_S)
            self._has_unsubscribed.set()
            try:
                await self._find_stale()
            except DatabaseError as error:
                log.warning("cannot re-read tasks: %s", type(error).__name__)

    async def _find_stale(self) -> None:
        since, begun = self._read_until - _SLACK, timezone.now()
        owners, told_before = list(self._feeds), time.monotonic() - _REMEMBERED_S
        for start in range(0, len(owners), _AT_ONCE):
            some = owners[start : start + _AT_ONCE]
            changed = await self._orm.run(reports.changed_revisions, some, since)
            live: defaultdict[str, dict[UUID, int]] = defaultdict(dict)
            for owner, task_id, revision in changed:
                live[owner][task_id] = revision
            for owner in some:
                self._compare(owner, live[owner])
        self._read_until = begun
        for feeds in self._feeds.values():
            for feed in feeds:
                feed.forget_ends(told_before)

    def _compare(self, owner: str, live: Mapping[UUID, int]) -> None:
        """Find what these feeds were not told of the tasks that go on or just ended."""
        for feed in self._feeds.get(owner, ()):
            # One that catches up reads for itself.
            if not feed.is_catching_up:
                lagging = (i for i, revision in live.items() if feed.lags(i, revision))
                self.mark_stale(feed, lagging)
                # What we follow and is no longer live ended unnoticed.
                self.mark_stale(feed, feed.following.keys() - live.keys())

    async def _fill(self) -> None:
        """Read the events of stale tasks and offer them."""
        while True:
            await self._is_stale.wait()
            stale = self._take_stale()
            try:
                events = await self._orm.run(reports.events_of, stale)
            except DatabaseError as error:
                log.warning("cannot read task events: %s", type(error).__name__)
                for task_id, feeds in stale.items():
                    self._stale[task_id] |= feeds
                self._is_stale.set()
                await asyncio.sleep(1)
            else:
                self._offer_all(events, stale)

    def _take_stale(self) -> dict[UUID, set[Feed]]:
        """Some; before reading: what is marked meanwhile has to be read again."""
        task_ids = list(self._stale)[:_AT_ONCE]
        stale = {task_id: self._stale.pop(task_id) for task_id in task_ids}
        if not self._stale:
            self._is_stale.clear()
        return stale

    def _offer_all(
        self, events: Iterable[TaskEvent], to: Mapping[UUID, set[Feed]]
    ) -> None:
        deleted = set(to)
        for event in events:
            self._offer(as_update(event), to[event.task_id])
            deleted.discard(event.task_id)
        for task_id in deleted:
            for feed in to[task_id]:
                feed.forget(task_id)
