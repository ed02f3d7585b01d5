"""What each connection is told of its owner's tasks: everything, in order, once.

A worker's ring usually brings the next revision of a task. An old one is dropped; a
hole, a ring that came before our own acknowledgement, and what never rang at all are
read from TaskEvent. All of these end in `Feed.offer`, so that a resumed connection
and a live one are served by the same code.
"""

import asyncio
import logging
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import Error as DatabaseError
from django.utils import timezone

from tasks_app import reports
from tasks_app.background import keep_running
from tasks_app.batching import Orm
from tasks_app.notify import Update, channel_layer, from_ring, group_of
from tasks_app.presentation import as_update

log = logging.getLogger(__name__)

_REMEMBERED_S = 60.0
"""How long a feed knows that it told of an end; rings do not come later."""
_REREAD_S = 3.0
"""How often the database is asked what no ring told."""
_SLACK = timedelta(seconds=10)
"""By how much a worker's clock and a slow commit may be behind."""
_RESUME_SLACK = timedelta(seconds=60)
_SUBSCRIBE_S = 2.0
_AT_ONCE = 500
"""Owners or tasks in one query."""


class Feed:
    """One connection's ordered view of its owner's tasks.

    `deliver` takes a text frame and never waits.
    """

    def __init__(self, owner: str, deliver: Callable[[str], None]) -> None:
        self.owner = owner
        self._deliver = deliver
        self._told: dict[UUID, int] = {}
        """The last revision told of each unfinished task."""
        self._ended: OrderedDict[UUID, float] = OrderedDict()
        """When the end of a task was told, the oldest first."""
        self._held: dict[UUID, bool] = {}
        """Submissions not acknowledged yet; True when something was held back."""

    @property
    def unacknowledged(self) -> int:
        return len(self._held)

    @property
    def is_idle(self) -> bool:
        """Whether nothing of its owner is under way, as far as it knows."""
        return not self._told and not self._held

    @property
    def following(self) -> Mapping[UUID, int]:
        """The unfinished tasks, with the last revision told of each."""
        return self._told

    def hold(self, task_id: UUID) -> None:
        """Tell nothing of this task before `acknowledge`."""
        self._held[task_id] = False

    def release(self, task_id: UUID) -> bool:
        """End a hold; whether something was held back meanwhile."""
        return self._held.pop(task_id, False)

    def acknowledge(self, task_id: UUID, frame: str) -> None:
        """Tell of revision 1 with this frame and follow the task from there."""
        self._deliver(frame)
        if task_id not in self._ended:
            self._told.setdefault(task_id, 1)

    def expect(self, seen: Mapping[UUID, int]) -> None:
        """Follow these tasks from the revisions that the client has seen."""
        for task_id, revision in seen.items():
            if task_id not in self._ended:
                self._told.setdefault(task_id, revision)

    def lags(self, task_id: UUID, revision: int) -> bool:
        """Whether this revision is still to be told."""
        if task_id in self._held or task_id in self._ended:
            return False
        return self._told.get(task_id, 0) < revision

    def offer(self, update: Update) -> bool:
        """Tell of an update if it is the next; False when those before are missing."""
        if update.task_id in self._held:
            self._held[update.task_id] = True
            return True
        if not self.lags(update.task_id, update.revision):
            return True
        if update.revision > self._told.get(update.task_id, 0) + 1:
            return False
        self._deliver(update.frame)
        if update.is_final:
            self._told.pop(update.task_id, None)
            self._remember_end(update.task_id)
        else:
            self._told[update.task_id] = update.revision
        return True

    def _remember_end(self, task_id: UUID) -> None:
        now = time.monotonic()
        self._ended[task_id] = now
        while next(iter(self._ended.values())) < now - _REMEMBERED_S:
            self._ended.popitem(last=False)


class Hub:
    """The feeds of one process, behind one channel of the channel layer.

    Sockets therefore neither need Redis to open nor fall with it.
    """

    def __init__(self, orm: Orm) -> None:
        self._orm = orm
        self._feeds: defaultdict[str, set[Feed]] = defaultdict(set)
        self._channel: str | None = None
        self._unsubscribed: set[str] = set()
        self._stale: set[UUID] = set()
        self._is_stale = asyncio.Event()
        self._read_until = timezone.now()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for work in (self._listen, self._reread, self._fill):
                group.create_task(keep_running(work))

    # --- Connections ---------------------------------------------------------------

    async def join(self, feed: Feed) -> None:
        """Tell this feed from now on; waits a moment for the subscription."""
        self._feeds[feed.owner].add(feed)
        if len(self._feeds[feed.owner]) == 1:
            self._unsubscribed.add(feed.owner)
            await self._subscribe([feed.owner])

    async def leave(self, feed: Feed) -> None:
        feeds = self._feeds.get(feed.owner)
        if feeds is None:
            return
        feeds.discard(feed)
        if not feeds:
            del self._feeds[feed.owner]
            await self._unsubscribe(feed.owner)

    async def resume(self, feed: Feed, since: datetime) -> None:
        """Tell a feed that has just joined what happened after `since`.

        A clock behind ours, or a commit that overtook another, may hide an event
        from `since`; so a little more is told, and the client drops what it knows.
        """
        seen = await self._orm.run(
            reports.revisions_seen, feed.owner, since - _RESUME_SLACK
        )
        feed.expect(seen)
        self.mark_stale(seen)

    def mark_stale(self, task_ids: Iterable[UUID]) -> None:
        """Read these tasks' events and offer them."""
        self._stale.update(task_ids)
        if self._stale:
            self._is_stale.set()

    # --- Rings ---------------------------------------------------------------------

    async def _listen(self) -> None:
        layer = channel_layer()
        try:
            self._channel = channel = await layer.new_channel()
        except Exception as error:  # noqa: BLE001 - whatever it is, we try again
            log.warning("channel layer does not answer: %s", type(error).__name__)
            await asyncio.sleep(1)
            return
        self._unsubscribed.update(self._feeds)
        await self._subscribe(list(self._unsubscribed))
        while True:
            for update in from_ring(await layer.receive(channel)):
                self._offer(update)

    async def _subscribe(self, owners: Iterable[str]) -> None:
        """Subscribe to the groups of owners; who fails is tried again later."""
        layer = channel_layer()
        for owner in owners:
            if self._channel is None:
                return
            try:
                async with asyncio.timeout(_SUBSCRIBE_S):
                    await layer.group_add(group_of(owner), self._channel)
            except Exception as error:  # noqa: BLE001 - the re-reading serves it
                log.warning("cannot subscribe: %s", type(error).__name__)
                return
            self._unsubscribed.discard(owner)

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

    def _offer(self, update: Update) -> None:
        for feed in self._feeds.get(update.owner, ()):
            if not feed.offer(update):
                self.mark_stale([update.task_id])

    # --- Reading -------------------------------------------------------------------

    async def _reread(self) -> None:
        """Find what no ring told, now and then."""
        while True:
            await asyncio.sleep(_REREAD_S)
            await self._subscribe(list(self._unsubscribed))
            try:
                await self._find_stale()
            except DatabaseError as error:
                log.warning("cannot re-read tasks: %s", type(error).__name__)

    async def _find_stale(self) -> None:
        since, begun = self._read_until - _SLACK, timezone.now()
        owners = list(self._feeds)
        for start in range(0, len(owners), _AT_ONCE):
            some = owners[start : start + _AT_ONCE]
            changed = await self._orm.run(reports.changed_revisions, some, since)
            self._compare(some, changed)
        self._read_until = begun

    def _compare(
        self, owners: Iterable[str], changed: Iterable[tuple[str, UUID, int]]
    ) -> None:
        live = {task_id: (owner, revision) for owner, task_id, revision in changed}
        self.mark_stale(
            task_id
            for task_id, (owner, revision) in live.items()
            if any(feed.lags(task_id, revision) for feed in self._feeds.get(owner, ()))
        )
        # What we follow and the database no longer calls live ended unnoticed.
        for owner in owners:
            for feed in self._feeds.get(owner, ()):
                self.mark_stale(feed.following.keys() - live.keys())

    async def _fill(self) -> None:
        """Read the events of stale tasks and offer them."""
        while True:
            await self._is_stale.wait()
            task_ids = list(self._stale)[:_AT_ONCE]
            # Before reading: what is marked meanwhile has to be read again.
            self._stale.difference_update(task_ids)
            if not self._stale:
                self._is_stale.clear()
            try:
                events = await self._orm.run(reports.events_of, task_ids)
            except DatabaseError as error:
                log.warning("cannot read task events: %s", type(error).__name__)
                self.mark_stale(task_ids)
                await asyncio.sleep(1)
                continue
            for event in events:
                self._offer(as_update(event))
