"""What the feeds of a process are told, by rings and from the database."""

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from tasks_app import background, lifecycle
from tasks_app import hub as hub_module
from tasks_app.batching import Orm
from tasks_app.feed import Feed
from tasks_app.hub import Hub
from tasks_app.models import Task, TaskEvent
from tasks_app.notify import RING, channel_layer, group_of, to_ring
from tasks_app.presentation import as_update
from tests.db.concurrency import (
    PATIENCE_S,
    end_threads,
    let_others_run,
    until,
)
from tests.db.examples import ANNA, BEN, LEASE_S, completed, pending
from tests.db.layers import TroubledLayer

pytestmark = pytest.mark.django_db(transaction=True)

SOON_S = 0.05


@pytest.fixture
def layer(settings: Settings) -> TroubledLayer:
    backend = f"{TroubledLayer.__module__}.{TroubledLayer.__name__}"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend}}
    layer = channel_layer()
    assert isinstance(layer, TroubledLayer)
    return layer


class Process:
    """A web process's hub; it listens from `start` on."""

    def __init__(self) -> None:
        self.orm = Orm(2)
        self.hub = Hub(self.orm)
        self._work: asyncio.Task[None] | None = None

    def join(self, *readers: "Reader") -> None:
        for reader in readers:
            self.hub.join(reader.feed)

    def start(self) -> None:
        self._work = asyncio.create_task(self.hub.run())

    async def end(self) -> None:
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait([self._work])
        end_threads(self.orm)


@pytest.fixture
async def process(
    transactional_db: None, layer: TroubledLayer
) -> AsyncIterator[Process]:
    process = Process()
    yield process
    await process.end()


@pytest.fixture
def _often_reread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "_REREAD_S", SOON_S)


@pytest.fixture
def _never_reread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "_REREAD_S", 600.0)


class Reader:
    """A connection of an owner, and the frames it was told."""

    def __init__(self, owner: str = ANNA) -> None:
        self.frames: list[str] = []
        self.feed = Feed(owner, self.frames.append)

    async def drained(self) -> None:
        """It reads at once what it is told."""

    def has_frames(self, count: int) -> bool:
        return len(self.frames) == count

    def submits(self, task: Task) -> None:
        self.feed.acknowledge(task.pk, f"ack {task.pk}")

    def statuses(self, task: Task) -> list[str]:
        """What it was told of a task, in order."""
        return [
            frame.partition('"status":"')[2].partition('"')[0] or "ack"
            for frame in self.frames
            if str(task.pk) in frame
        ]


async def ring(events: list[TaskEvent]) -> None:
    """Announce moves, as a worker of another process does."""
    for event in events:
        update = as_update(event)
        message = to_ring(update.owner, [update])
        await channel_layer().group_send(group_of(update.owner), message)


def claim() -> list[TaskEvent]:
    return lifecycle.claim(10, "w1", LEASE_S)


def finish(claims: list[TaskEvent]) -> list[TaskEvent]:
    return lifecycle.finish([completed(event.task) for event in claims])


# --- Rings --------------------------------------------------------------------------


@pytest.mark.usefixtures("_never_reread")
async def test_all_connections_of_an_owner_are_told_and_nobody_else(
    process: Process, layer: TroubledLayer
) -> None:
    [task] = await process.orm.run(pending)
    anna, annas_phone, ben = Reader(), Reader(), Reader(BEN)
    process.start()
    process.join(anna, annas_phone, ben)
    await until(lambda: layer.subscribers(ANNA) and layer.subscribers(BEN))
    anna.submits(task)
    await ring(await process.orm.run(claim))
    await until(lambda: anna.statuses(task)[1:] and annas_phone.statuses(task)[1:])
    assert anna.statuses(task) == ["ack", "processing"]
    # It did not submit the task, so that the hole was filled from the database.
    assert annas_phone.statuses(task) == ["pending", "processing"]
    assert ben.frames == []


@pytest.mark.usefixtures("_never_reread")
async def test_a_ring_that_was_lost_is_filled_in_at_the_next(
    process: Process, layer: TroubledLayer
) -> None:
    [task] = await process.orm.run(pending)
    reader = Reader()
    process.start()
    process.join(reader)
    await until(lambda: layer.subscribers(ANNA))
    reader.submits(task)
    claims = await process.orm.run(claim)
    await ring(await process.orm.run(finish, claims))
    await until(lambda: reader.feed.is_idle)
    assert reader.statuses(task) == ["ack", "processing", "completed"]


@pytest.mark.usefixtures("_often_reread")
async def test_what_never_rang_is_read(process: Process) -> None:
    [task] = await process.orm.run(pending)
    reader = Reader()
    process.start()
    process.join(reader)
    reader.submits(task)
    await process.orm.run(finish, await process.orm.run(claim))
    await until(lambda: reader.feed.is_idle)
    assert reader.statuses(task) == ["ack", "processing", "completed"]


@pytest.mark.usefixtures("_never_reread")
async def test_after_a_ring_that_cannot_be_read_it_listens_on_one_channel(
    process: Process, layer: TroubledLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "_REST_S", SOON_S)
    [task] = await process.orm.run(pending)
    reader = Reader()
    process.start()
    process.join(reader)
    await until(lambda: layer.subscribers(ANNA))
    reader.submits(task)
    channels = layer.subscribers(ANNA)
    broken = {"type": RING, "owner": ANNA, "updates": [["no id", 2, False, "x"]]}
    await channel_layer().group_send(group_of(ANNA), broken)
    await ring(await process.orm.run(claim))
    await until(lambda: reader.statuses(task)[1:])
    assert reader.statuses(task) == ["ack", "processing"]
    assert layer.subscribers(ANNA) == channels
    assert len(channels) == 1


# --- Subscriptions ------------------------------------------------------------------


@pytest.mark.usefixtures("_often_reread")
async def test_a_subscription_that_failed_is_tried_again(
    process: Process, layer: TroubledLayer
) -> None:
    layer.is_broken = True
    reader = Reader()
    process.start()
    process.join(reader)
    await asyncio.wait_for(layer.is_asked.wait(), PATIENCE_S)
    assert layer.subscribers(ANNA) == []
    layer.is_broken = False
    await until(lambda: layer.subscribers(ANNA))


@pytest.mark.usefixtures("_never_reread")
async def test_owners_that_leave_while_subscriptions_are_retried_are_not_subscribed(
    process: Process, layer: TroubledLayer
) -> None:
    readers = [Reader(ANNA), Reader(BEN)]
    stays = Reader("client:cleo")
    process.join(*readers)
    layer.is_up.clear()
    process.start()
    # One is being subscribed, the other waits for its turn.
    await asyncio.wait_for(layer.is_asked.wait(), PATIENCE_S)
    await process.hub.leave([reader.feed for reader in readers])
    layer.is_up.set()
    process.join(stays)
    await until(lambda: layer.subscribers("client:cleo"))
    await until(lambda: len(layer.groups) == 1)


@pytest.mark.usefixtures("_never_reread")
async def test_an_owner_that_comes_back_while_it_is_subscribed_is_subscribed(
    process: Process, layer: TroubledLayer
) -> None:
    before, after = Reader(), Reader()
    layer.is_orderly = True
    layer.is_up.clear()
    process.start()
    process.join(before)
    await asyncio.wait_for(layer.is_asked.wait(), PATIENCE_S)
    leaving = asyncio.create_task(process.hub.leave([before.feed]))
    await let_others_run()
    process.join(after)
    layer.is_up.set()
    await leaving
    await until(lambda: layer.subscribers(ANNA))


@pytest.mark.usefixtures("_never_reread")
async def test_an_owner_stays_subscribed_until_its_last_connection_left(
    process: Process, layer: TroubledLayer
) -> None:
    first, second = Reader(), Reader()
    process.start()
    process.join(first, second)
    await until(lambda: layer.subscribers(ANNA))
    await process.hub.leave([first.feed])
    assert layer.subscribers(ANNA)
    await process.hub.leave([second.feed])
    assert not layer.subscribers(ANNA)


@pytest.mark.usefixtures("_never_reread")
async def test_what_one_connection_did_not_hear_is_not_told_to_another_again(
    process: Process,
) -> None:
    [task] = await process.orm.run(pending)
    await process.orm.run(finish, await process.orm.run(claim))
    knows, returns = Reader(), Reader()
    process.start()
    process.join(knows, returns)
    for reader in (knows, returns):
        process.hub.mark_stale(reader.feed, [task.pk])
        await until(partial(reader.has_frames, 3))
        # A minute later.
        reader.feed.forget_ends(time.monotonic() + 1)
    process.hub.mark_stale(returns.feed, [task.pk])
    await until(partial(returns.has_frames, 6))
    assert len(knows.frames) == 3


# --- Resuming and forgetting --------------------------------------------------------


@pytest.mark.usefixtures("_never_reread")
async def test_a_resumed_feed_is_told_what_happened_meanwhile(process: Process) -> None:
    since = timezone.now()
    [task] = await process.orm.run(pending)
    await process.orm.run(finish, await process.orm.run(claim))
    reader = Reader()
    process.start()
    process.join(reader)
    await process.hub.resume(reader.feed, since, reader.drained)
    assert reader.statuses(task) == ["pending", "processing", "completed"]


@pytest.mark.usefixtures("_often_reread")
async def test_a_deleted_task_is_forgotten(process: Process) -> None:
    [deleted, kept] = await process.orm.run(pending, 2)
    reader = Reader()
    process.start()
    process.join(reader)
    reader.submits(deleted)
    reader.submits(kept)
    await process.orm.run(Task.objects.filter(pk=deleted.pk).delete)
    await until(lambda: set(reader.feed.following) == {kept.pk})


@pytest.mark.usefixtures("_often_reread")
async def test_a_task_that_never_was_is_forgotten(process: Process) -> None:
    unknown: UUID = uuid4()
    reader = Reader()
    process.start()
    process.join(reader)
    reader.feed.acknowledge(unknown, "ack")
    await until(lambda: reader.feed.is_idle)
    assert reader.frames == ["ack"]
