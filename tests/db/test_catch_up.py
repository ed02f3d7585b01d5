"""What a client that comes back is told: all it missed, wherever its line is cut."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from tasks_app import catch_up, lifecycle
from tasks_app.batching import Orm
from tasks_app.catch_up import CatchUp
from tasks_app.feed import Feed
from tasks_app.models import Task, TaskEvent
from tests.db.concurrency import (
    FailingStatement,
    end_threads,
    statements_through,
    until,
)
from tests.db.examples import ANNA, BEN, LEASE_S, completed, pending

pytestmark = pytest.mark.django_db(transaction=True)

TASKS = 8
EACH = range(1, 4)
"""The revisions of a task that has ended."""


@pytest.fixture(autouse=True)
def _in_small_sips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catch_up, "_SIP", 2)


@pytest.fixture
async def orm(transactional_db: None) -> AsyncIterator[Orm]:
    orm = Orm(2)
    yield orm
    end_threads(orm)


class Line:
    """A connection of Anna that catches up.

    It is cut after so many frames, and not read after so many others.
    """

    def __init__(
        self, orm: Orm, frames: int = 10_000, read_until: int = 10_000
    ) -> None:
        self.heard: list[dict[str, Any]] = []
        self._frames_left = frames
        self._read_until = read_until
        self._has_room = asyncio.Event()
        self._has_room.set()
        self.feed = Feed(ANNA, self._deliver)
        self._work = CatchUp(orm, self.feed, self._drained)

    def _deliver(self, frame: str) -> None:
        if not self._frames_left:
            raise ConnectionResetError
        self._frames_left -= 1
        self.heard.append(json.loads(frame))
        if len(self.heard) == self._read_until:
            self._has_room.clear()

    async def _drained(self) -> None:
        await self._has_room.wait()

    def read_on(self) -> None:
        self._has_room.set()

    async def catch_up(self, since: datetime) -> None:
        self.feed.begin_catch_up()
        with suppress(ConnectionResetError):
            await self._work.run(since)

    @property
    def facts(self) -> list[tuple[str, int]]:
        return [(m["task_id"], m["revision"]) for m in self.heard]


def claim_and_finish(tasks: int, *, seed: int = 0) -> list[Task]:
    """Let claimed tasks end, not in the order in which they began."""
    claims = lifecycle.claim(tasks, "w1", LEASE_S)
    Random(seed).shuffle(claims)
    for event in claims:
        lifecycle.finish([completed(event.task)])
    return [event.task for event in claims]


def make_history() -> list[tuple[str, int]]:
    """Tasks that ended, one that runs and one that waits; all their moves."""
    pending(1, BEN)
    pending(TASKS)
    claim_and_finish(TASKS)
    pending(2)
    lifecycle.claim(1, "w1", LEASE_S)
    moves = TaskEvent.objects.filter(task__owner=ANNA)
    return [(str(task_id), n) for task_id, n in moves.values_list("task", "revision")]


async def test_what_ended_is_told_in_the_order_of_the_ends_then_what_goes_on(
    orm: Orm,
) -> None:
    since = timezone.now()
    await orm.run(pending, TASKS)
    ended = await orm.run(claim_and_finish, TASKS)
    unfinished = await orm.run(pending, 3)
    line = Line(orm)
    await line.catch_up(since)
    assert line.facts == (
        [(str(task.pk), n) for task in ended for n in EACH]
        + [(str(task.pk), 1) for task in unfinished]
    )


async def test_nothing_is_missed_wherever_the_line_is_cut_again_and_again(
    orm: Orm, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All clocks are one here.
    monkeypatch.setattr(catch_up, "_SLACK", timedelta(0))
    begun = timezone.now() - timedelta(hours=1)
    everything = await orm.run(make_history)
    for cut in range(len(everything)):
        since, told = begun, set[tuple[str, int]]()
        for frames in (cut, 3, 10_000):
            line = Line(orm, frames)
            await line.catch_up(since)
            told.update(line.facts)
            times = [message["timestamp"] for message in line.heard]
            if times:
                since = max(since, datetime.fromtimestamp(max(times), UTC))
        assert told >= set(everything), f"cut after {cut} frames"


async def test_what_ended_long_before_is_not_told(orm: Orm) -> None:
    await orm.run(pending)
    await orm.run(claim_and_finish, 1)
    line = Line(orm)
    await line.catch_up(timezone.now() + timedelta(seconds=61))
    assert line.heard == []


async def test_a_client_that_does_not_read_is_told_no_more(orm: Orm) -> None:
    since = timezone.now()
    everything = await orm.run(make_history)
    sip = 2 * len(EACH)
    line = Line(orm, read_until=sip)
    catching_up = asyncio.create_task(line.catch_up(since))
    await until(lambda: len(line.heard) == sip)
    done, _ = await asyncio.wait([catching_up], timeout=0.2)
    assert not done
    assert len(line.heard) == sip
    line.read_on()
    await catching_up
    assert sorted(line.facts) == sorted(everything)


async def test_what_ends_while_the_unfinished_are_told_is_told_after_them(
    orm: Orm,
) -> None:
    since = timezone.now()
    tasks = await orm.run(pending, TASKS)
    line = Line(orm, read_until=2)
    catching_up = asyncio.create_task(line.catch_up(since))
    await until(lambda: len(line.heard) == 2)
    ended = await orm.run(claim_and_finish, TASKS)
    line.read_on()
    await catching_up
    assert line.facts == (
        [(str(task.pk), 1) for task in tasks]
        + [(str(task.pk), n) for task in ended for n in EACH[1:]]
    )


async def test_an_outage_of_the_database_is_waited_for(
    orm: Orm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catch_up, "_REST_S", 0.01)
    since = timezone.now()
    everything = await orm.run(make_history)
    line, outage = Line(orm), FailingStatement("SELECT")
    with statements_through(outage):
        catching_up = asyncio.create_task(line.catch_up(since))
        await until(lambda: outage.has_failed)
    await catching_up
    assert sorted(line.facts) == sorted(everything)
