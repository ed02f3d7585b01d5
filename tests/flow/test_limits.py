"""What is refused, to whom and until when, by one web process and by several."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from itertools import pairwise

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.client import WHOLE_LIFE, WITHIN_S, Client, Message, connected
from tests.ledger import check_promise
from tests.stack import Stack

pytestmark = pytest.mark.flow

MakeStack = Callable[..., Stack]
ONE_AT_A_TIME = {
    "PULSEWEAVE_ENGINE": "tests.engines.PacedEngine",
    "PULSEWEAVE_WORKER_CONCURRENCY": "1",
    "PULSEWEAVE_STOP_GRACE_S": "0",
}


async def submission(client: Client, text: str = "0") -> Message:
    """What a submission is answered."""
    return await client.ask(type="submit_task", data={"text": text})


async def all_submissions(client: Client, count: int) -> list[Message]:
    """What so many are answered that are sent without waiting."""
    ids = [f"{len(client.received)}-{n}" for n in range(count)]
    for request_id in ids:
        await client.submit(request_id=request_id)

    async def answer(request_id: str) -> Message:
        return await client.wait_for(lambda m: m.get("request_id") == request_id)

    return [await answer(request_id) for request_id in ids]


async def first_in_line(client: Client) -> Message:
    """A submission that finds nothing waiting.

    The count may be a moment old, and nothing announces the next.
    """
    async with asyncio.timeout(WITHIN_S):
        while (answer := await submission(client)).get("queue_position") != 1:
            if answer["type"] == "task_submitted":
                await client.ask(type="cancel_task", task_id=answer["task_id"])
            await asyncio.sleep(0.05)
        return answer


def refused(answers: list[Message]) -> list[Message]:
    return [answer for answer in answers if answer["type"] == "error"]


async def farewell(url: str) -> tuple[list[Message], int | None]:
    """All that a connection is told until the server closes it, and the code."""
    told: list[Message] = []
    async with connect(url, open_timeout=WITHIN_S) as socket:
        with suppress(ConnectionClosed):
            async with asyncio.timeout(2):
                while True:
                    told.append(json.loads(await socket.recv()))
    return told, socket.close_code


# --- One process --------------------------------------------------------------------


async def test_a_burst_of_20_passes_and_who_obeys_gets_everything_stored(
    make_stack: MakeStack,
) -> None:
    stack = make_stack().start()
    async with connected(stack.ws_url) as client:
        errors = refused(await all_submissions(client, 30))
        assert len(errors) == 10
        while errors:
            assert {error["code"] for error in errors} == {"rate_limited"}
            wait_s = max(error["retry_after"] for error in errors)
            assert 0 < wait_s <= 2.2
            # It is what was asked for.
            await asyncio.sleep(wait_s)
            errors = refused(await all_submissions(client, len(errors)))
        await client.wait_for_ends(30)
        check_promise(stack, client)
    assert client.statuses() == [WHOLE_LIFE] * 30


async def test_a_connection_too_many_is_told_why_and_closed(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(PULSEWEAVE_MAX_CONNECTIONS_PER_ADDRESS="2").start()
    async with connected(stack.ws_url) as one:
        async with connected(stack.ws_url):
            [error], code = await farewell(stack.ws_url)
        assert (error["type"], error["code"]) == ("error", "rate_limited")
        assert error["message"] == "同一地址的连接过多"
        assert error["retry_after"] > 0
        assert code == 4429
        # The server learns of a closed connection a moment after its client.
        deadline = time.monotonic() + WITHIN_S
        while (await one.ask(type="get_stats"))["data"]["active_connections"] > 1:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        async with connected(stack.ws_url) as next_one:
            assert (await submission(next_one))["type"] == "task_submitted"


async def test_a_full_queue_refuses_all_until_there_is_room(
    make_stack: MakeStack,
) -> None:
    environment = ONE_AT_A_TIME | {"PULSEWEAVE_SUBMIT_RATE": "0"}
    stack = make_stack(**environment, PULSEWEAVE_MAX_QUEUE_SIZE="3").start()
    async with connected(stack.ws_url) as client, connected(stack.ws_url) as other:
        running = (await submission(client, "60"))["task_id"]
        await client.wait_for(lambda m: m.get("status") == "processing")
        waiting = [await first_in_line(client)]
        waiting += [await submission(client) for _ in range(2)]
        assert [ack["queue_position"] for ack in waiting] == [1, 2, 3]
        errors = [await submission(one) for one in (client, other)]
        assert {error["code"] for error in errors} == {"queue_full"}

        await client.ask(type="cancel_task", task_id=running)
        await client.wait_for_all_ends()
        await asyncio.sleep(max(error["retry_after"] for error in errors))
        for one in (client, other):
            assert (await submission(one))["type"] == "task_submitted"
            await one.wait_for_all_ends()
        check_promise(stack, client, other)


# --- Several processes --------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "is_same_client"),
    [("PULSEWEAVE_SUBMIT_RATE", True), ("PULSEWEAVE_ADDRESS_SUBMIT_RATE", False)],
)
async def test_a_rate_counts_over_two_web_processes(
    make_stack: MakeStack, counted: str, is_same_client: bool
) -> None:
    rates = {"PULSEWEAVE_SUBMIT_RATE": "0", "PULSEWEAVE_ADDRESS_SUBMIT_RATE": "0"}
    stack = make_stack(**rates | {counted: "1"}).start()
    async with connected(stack.ws_url) as one, connected(stack.add_web()) as other:
        if is_same_client:
            token = one.received[0]["resume_token"]
            identity = {"client_id": one.client_id, "resume_token": token}
            answer = await other.ask(type="resume", **identity)
            assert answer["type"] == "resumed"
        clients = (one, other, other, one)
        answers = [await submission(client) for client in clients]
        assert [answer["type"] for answer in answers] == [
            *["task_submitted"] * 2,
            *["error"] * 2,
        ]
        assert {error["code"] for error in answers[2:]} == {"rate_limited"}
        await asyncio.sleep(max(error["retry_after"] for error in answers[2:]))
        for client in (one, other):
            assert (await submission(client))["type"] == "task_submitted"


async def test_connections_of_an_address_count_over_two_web_processes(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(PULSEWEAVE_MAX_CONNECTIONS_PER_ADDRESS="3").start()
    async with AsyncExitStack() as sockets:
        clients = [
            await sockets.enter_async_context(connected(stack.ws_url)) for _ in range(3)
        ]
        told, code = await farewell(stack.add_web())
        assert code == 4429
        assert [message["type"] for message in told] == [
            "connection_established",
            "error",
        ]
        assert told[-1]["code"] == "rate_limited"
        for client in clients:
            assert (await client.ask(type="ping"))["type"] == "pong"


# --- Waiting ------------------------------------------------------------------------


async def test_who_waits_is_told_its_place_and_its_time(make_stack: MakeStack) -> None:
    stack = make_stack(**ONE_AT_A_TIME).start()
    async with connected(stack.ws_url) as client:
        first = await submission(client, "0.5")
        assert (first["queue_position"], first["eta_seconds"]) == (1, None)
        await client.wait_for_ends(1)
        await submission(client, "60")
        await client.wait_for(
            lambda m: (
                m.get("status") == "processing" and m["task_id"] != first["task_id"]
            )
        )
        next_one, last = [await submission(client) for _ in range(2)]

        async def state(task: Message) -> Message:
            """Counted when it is asked for, or shortly before."""
            return await client.ask(type="get_task_status", task_id=task["task_id"])

        places = [(await state(task))["queue_position"] for task in (next_one, last)]
        assert places == [1, 2]
        ended = await state(first)
        run_s = ended["completed_at"] - ended["started_at"]
        # One run for what is at it, one for the next, one for itself.
        expected = pytest.approx(3 * run_s, abs=0.06)
        # How tasks go is read anew within a second; nothing announces it.
        deadline = time.monotonic() + 3
        while (told := await state(last))["eta_seconds"] != expected:
            assert time.monotonic() < deadline, told
            await asyncio.sleep(0.05)
        await client.ask(type="cancel_task", task_id=next_one["task_id"])
        while (await state(last))["queue_position"] != 1:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)


async def test_how_far_a_task_is_comes_between_its_start_and_its_end(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(PULSEWEAVE_ENGINE="tests.engines.ReportingEngine").start()
    async with connected(stack.ws_url) as client:
        task_id = (await submission(client, "3.5"))["task_id"]
        await client.wait_for_ends(1)
        # Whatever were to come late would come before this.
        await client.ask(type="get_stats")
        check_promise(stack, client)
    told = [m for m in client.received if m.get("task_id") == task_id]
    revisions = [message.get("revision") for message in told]
    progress = told[2:-1]
    assert revisions == [1, 2, *[None] * len(progress), 3]
    assert {message["status"] for message in progress} == {"processing"}
    fractions = [message["progress"] for message in progress]
    assert len(fractions) in (2, 3)
    assert fractions == sorted(set(fractions))
    assert all(0.2 < fraction < 1 for fraction in fractions)
    assert [message["stage"] for message in progress][::2] == ["waiting", "writing"]
    moments = [message["timestamp"] for message in told[1:-1]]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert min(gaps) > 0.9
