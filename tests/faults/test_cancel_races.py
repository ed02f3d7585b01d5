"""Cancels that come twice at once, just as a task begins or ends."""

import asyncio
import random
from collections import Counter

import pytest

from tests.client import WHOLE_LIFE, Client, Message, connected
from tests.faults.stacks import PACED, MakeStack
from tests.ledger import check_promise

pytestmark = pytest.mark.flow

ROUNDS = 6
TASKS = 40
"""In one round: fewer than the questions that a connection may leave unanswered."""
WORK_S = 0.3
AROUND_S = 0.1
"""Cancels come at most so long before or after the end, or after the submission."""


async def test_of_a_completion_and_two_cancels_one_wins_and_the_others_are_told(
    make_stack: MakeStack,
) -> None:
    # Half of a round begins just when the other half ends.
    stack = make_stack(**PACED, PULSEWEAVE_WORKER_CONCURRENCY=str(TASKS // 2)).start()
    answers: dict[str, list[Message]] = {}
    async with connected(stack.ws_url) as client, connected(stack.ws_url) as tab:
        await tab.ask(
            type="resume",
            client_id=client.client_id,
            resume_token=client.received[0]["resume_token"],
        )
        for moment in [0, WORK_S] * (ROUNDS // 2):
            races = [race(client, tab, moment) for _ in range(TASKS)]
            answers.update(await asyncio.gather(*races))
        await client.wait_for_ends(ROUNDS * TASKS)
        await tab.wait_for_ends(ROUNDS * TASKS)
        check_promise(stack, client, tab)
    ends = {task_id: life[-1]["status"] for task_id, life in tab.lives.items()}
    for task_id, told in answers.items():
        assert Counter(map(verdict, told)) == expected(ends[task_id])
    # Else they were no races.
    assert {tuple(one["status"] for one in life) for life in tab.lives.values()} >= {
        ("pending", "cancelled"),
        ("pending", "processing", "cancelled"),
        tuple(WHOLE_LIFE),
    }


async def race(client: Client, tab: Client, moment: float) -> tuple[str, list[Message]]:
    """A task and two cancels of it around this moment of its work; their answers."""
    data = {"text": str(WORK_S)}
    acknowledged = await client.ask(type="submit_task", data=data)
    task_id = str(acknowledged["task_id"])
    await asyncio.sleep(max(0, moment + random.uniform(-AROUND_S, AROUND_S)))
    cancels = [one.ask(type="cancel_task", task_id=task_id) for one in (client, tab)]
    return task_id, await asyncio.gather(*cancels)


def verdict(answer: Message) -> str:
    if answer["type"] == "task_status_update":
        return f"is {answer['status']}"
    return f"{answer['code']}, is {answer['status']}"


def expected(end: str) -> Counter[str]:
    """One cancel can win, and only if the work has not."""
    lost = f"not_cancellable, is {end}"
    if end == "cancelled":
        return Counter(["is cancelled", lost])
    return Counter([lost, lost])
