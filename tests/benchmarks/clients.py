"""Clients that submit over WebSockets and check all that they are told."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import islice
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

TEXT = "明天下午三点和李老师在图书馆讨论毕业论文，记得带电脑和上次的笔记"
_NEXT = {"pending": "processing", "processing": "completed"}
_WITHIN_S = 60.0


class WrongAnswerError(Exception):
    """The server said something else than pending, processing, completed, in order."""


class Client:
    """One socket; it remembers the last status of each task that is not completed."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._statuses: dict[str, str] = {}

    async def submit(self, number: int) -> None:
        data = {"text": TEXT}
        request = {"type": "submit_task", "request_id": str(number), "data": data}
        await self._socket.send(json.dumps(request))

    async def receive(self) -> dict[str, Any]:
        """The next message.

        Raises:
            WrongAnswerError: it is not what must come next of its task.
        """
        message: dict[str, Any] = json.loads(await self._socket.recv())
        self._check(message)
        return message

    def _check(self, message: dict[str, Any]) -> None:
        task_id, status = message.get("task_id", ""), message.get("status", "")
        last = self._statuses.get(task_id)
        match message["type"]:
            case "task_submitted":
                is_right = last is None and status == "pending"
            case "task_status_update":
                is_right = last is not None and _NEXT[last] == status
            case _:
                is_right = False
        if not is_right:
            raise WrongAnswerError(f"after {last}: {message}")
        self._statuses[task_id] = status
        if status == "completed":
            del self._statuses[task_id]


@asynccontextmanager
async def connected(url: str, count: int) -> AsyncIterator[list[Client]]:
    """So many clients, each an owner of its own."""
    async with AsyncExitStack() as sockets:
        yield [
            Client(await sockets.enter_async_context(_open(url))) for _ in range(count)
        ]


@asynccontextmanager
async def _open(url: str) -> AsyncIterator[ClientConnection]:
    # As cheap as may be, and never a reason for the server to wait: the clients
    # share the machine with what they measure.
    async with connect(
        url, compression=None, ping_interval=None, max_queue=None, proxy=None
    ) as socket:
        await socket.recv()  # connection_established
        yield socket


async def measure_rate(clients: Sequence[Client], tasks: int, window: int) -> float:
    """Tasks per second, from the first submission to the last completed update.

    Of `tasks`, each client does an equal part, `window` of them at a time.
    """
    part = tasks // len(clients)
    started = time.perf_counter()
    async with asyncio.timeout(_WITHIN_S), asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(_keep_busy(client, part, window))
    return part * len(clients) / (time.perf_counter() - started)


async def _keep_busy(client: Client, tasks: int, window: int) -> None:
    numbers = iter(range(tasks))
    for number in islice(numbers, window):
        await client.submit(number)
    for _ in range(tasks):
        while (await client.receive())["status"] != "completed":
            pass
        for number in islice(numbers, 1):
            await client.submit(number)


async def measure_ack_latency(
    clients: Sequence[Client], per_second: float, seconds: float
) -> list[float]:
    """Seconds from when each submission was due until its acknowledgement came.

    Submissions keep to their schedule, whatever the server does, so that a stall
    shows in all that it delays.
    """
    interval_s = len(clients) / per_second
    per_client = round(seconds / interval_s)
    start = time.perf_counter()
    async with asyncio.timeout(seconds + _WITHIN_S), asyncio.TaskGroup() as group:
        listeners = []
        for place, client in enumerate(clients):
            first = start + place / per_second
            due = [first + number * interval_s for number in range(per_client)]
            group.create_task(_submit_when_due(client, due))
            listeners.append(group.create_task(_time_acks(client, due)))
    return [latency for listener in listeners for latency in listener.result()]


async def _submit_when_due(client: Client, due: Sequence[float]) -> None:
    for number, moment in enumerate(due):
        await asyncio.sleep(moment - time.perf_counter())
        await client.submit(number)


async def _time_acks(client: Client, due: Sequence[float]) -> list[float]:
    """The latencies of all submissions, once all are completed."""
    latencies = []
    completed = 0
    while completed < len(due):
        message = await client.receive()
        if message["type"] == "task_submitted":
            moment = due[int(message["request_id"])]
            latencies.append(time.perf_counter() - moment)
        completed += message["status"] == "completed"
    return latencies
