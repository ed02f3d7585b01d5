"""An old snapshot and the updates since make a fresh snapshot, whatever was cut."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random
from typing import NamedTuple

import pytest
from websockets.asyncio.client import ClientConnection

from tests.client import Message
from tests.faults.service import running
from tests.faults.stacks import PACED
from tests.ledger import check_promise
from tests.reliable import ReliableClient
from tests.stack import Stack, prepared_stack

pytestmark = pytest.mark.flow

SEEDS = (1, 2, 3, 4)
CLIENTS = 5
TASKS = 48
"""Of one client: `get_my_tasks` gives the newest 50."""
SHOWN = ("status", "revision", "attempt", "result", "error", "error_code")
PATIENCE_S = 120.0
"""On so bad a line an answer takes many attempts, and a slow machine long for each."""
ODDS = {
    "sent": 0.06,
    "connection_established": 0.15,
    "resumed": 0.25,
    "task_submitted": 0.08,
    "task_status_update": 0.015,
    "my_tasks": 0.2,
}
"""How probably the connection breaks after a message of ours, or before one of these
is seen."""


class UnluckyClient(ReliableClient):
    """Its connection breaks again and again, for as long as it has a `luck`."""

    luck: Random | None = None
    _broken: ClientConnection | None = None

    async def send(self, message: Mapping[str, object] | str | bytes) -> None:
        await super().send(message)
        self._try_luck("sent")

    async def _wait_until(self, is_so: Callable[[], bool], within_s: float) -> None:
        await super()._wait_until(is_so, max(within_s, PATIENCE_S))

    async def _take(self, message: Message) -> None:
        self._try_luck(message["type"])
        # What lies behind the break is never seen.
        if self.socket is not self._broken:
            await super()._take(message)

    def _try_luck(self, what: str) -> None:
        if self.luck is not None and self.luck.random() < ODDS.get(what, 0):
            self.cut()
            self._broken = self.socket


class View(NamedTuple):
    """A snapshot, and how much had been received when it was asked for."""

    snapshot: Message
    since: int


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with prepared_stack(tmp_path_factory.mktemp("stack"), PACED) as stack:
        yield stack.start()


@pytest.mark.parametrize("seed", SEEDS)
async def test_an_old_snapshot_and_the_updates_since_make_a_fresh_one(
    stack: Stack, seed: int
) -> None:
    async with UnluckyClient.several(stack.ws_url, CLIENTS) as clients:
        lucks = [Random(f"{seed}-{number}") for number in range(CLIENTS)]
        views = await asyncio.gather(*map(live, clients, lucks))
        for client, taken in zip(clients, views, strict=True):
            await check_views(client, taken)
        check_promise(stack, *clients)


async def live(client: UnluckyClient, luck: Random) -> list[View]:
    """Submit, cancel and look, on a bad line; returns what was looked at."""
    client.luck = luck
    async with running(break_lines(client, Random(luck.random()))):
        looking = [asyncio.create_task(look(client))]
        for left in range(TASKS, 0, -1):
            await client.submit(f"{luck.uniform(0, 0.4):.2f}")
            if luck.random() < 0.3:
                await asyncio.sleep(luck.uniform(0, 0.4))  # the end of a burst
                await cancel_some(client, luck)
            if left % 12 == 0:
                looking.append(asyncio.create_task(look(client)))
        views = list(await asyncio.gather(*looking))
        await client.wait_for_acknowledgements(TASKS)
    client.luck = None
    await client.wait_for_ends(TASKS)
    return views


async def break_lines(client: UnluckyClient, luck: Random) -> None:
    """At moments of no one's choosing, during reconnects too; mostly soon.

    Now and then it holds for long enough to get on, however busy the machine is.
    """
    while True:
        await asyncio.sleep(min(0.1 * luck.paretovariate(0.7), 5.0))
        client.cut()


async def look(client: UnluckyClient) -> View:
    since = len(client.received)
    return View(await client.ask(type="get_my_tasks"), since)


async def cancel_some(client: UnluckyClient, luck: Random) -> None:
    ended = set(client.ended)
    for task_id in list(client.lives):
        if task_id not in ended and luck.random() < 0.25:
            await client.send(
                {"type": "cancel_task", "request_id": task_id, "task_id": task_id}
            )


async def check_views(client: UnluckyClient, views: Iterable[View]) -> None:
    fresh = shown(await client.ask(type="get_my_tasks"))
    assert len(fresh) == TASKS
    assert fresh.keys() == set().union(*client.acknowledged.values())
    for view in views:
        assert shown(view.snapshot, client.received[view.since :]) == fresh
    greetings = [m for m in client.received if m["type"] == "connection_established"]
    assert len(greetings) > 5, "there were too few cuts to show anything"


def shown(snapshot: Message, since: Iterable[Message] = ()) -> dict[str, Message]:
    """What a client shows of its tasks: of each the last revision that it knows.

    Steps count, answers with a task's times do not: they are snapshots themselves.
    """
    state: dict[str, Message] = {}
    steps = (m for m in since if "revision" in m and "created_at" not in m)
    for told in (*snapshot["tasks"], *steps):
        known = state.get(told["task_id"], {"revision": 0})
        if told["revision"] > known["revision"]:
            state[told["task_id"]] = {name: told.get(name) for name in SHOWN}
    return state
