"""The steady load of a soak."""

import asyncio
import time
from collections.abc import Sequence
from random import Random
from uuid import uuid4

from websockets.asyncio.client import ClientConnection

from tests.client import EXAMPLE, Message
from tests.reliable import ReliableClient

_LONGEST_TASK_S = 1.0


class TimedClient(ReliableClient):
    """Measures from each submission to its acknowledgement, whatever lies between."""

    def __init__(
        self, socket: ClientConnection, url: str, identity: Message | None = None
    ) -> None:
        super().__init__(socket, url, identity)
        self.submitted_at: dict[str, float] = {}
        """By idempotency key."""
        self.ack_latencies: list[float] = []

    async def submit(self, text: str = EXAMPLE, **fields: object) -> None:
        key = str(uuid4())
        self.submitted_at[key] = time.perf_counter()
        await super().submit(text, idempotency_key=key, request_id=key, **fields)

    async def _take(self, message: Message) -> None:
        key = str(message.get("request_id"))
        is_answer = key in self.submitted_at and key not in self.acknowledged
        await super()._take(message)
        if is_answer and key in self.acknowledged:
            self.ack_latencies.append(time.perf_counter() - self.submitted_at[key])


async def submit_steadily(
    clients: Sequence[TimedClient], per_second: float, duration_s: float, luck: Random
) -> float:
    """Submit in turn, on a schedule that no fault holds up; returns the rate held."""
    start = time.perf_counter()
    submissions = round(per_second * duration_s)
    async with asyncio.TaskGroup() as group:
        for number in range(submissions):
            await asyncio.sleep(start + number / per_second - time.perf_counter())
            text = f"{luck.uniform(0, _LONGEST_TASK_S):.2f}"
            group.create_task(clients[number % len(clients)].submit(text))
    return submissions / (time.perf_counter() - start)
