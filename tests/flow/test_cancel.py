"""An owner calls a task off, whatever it is doing."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.client import Client, connected
from tests.ledger import check_promise
from tests.llm_behaviours import hangs
from tests.llm_server import LlmServer
from tests.stack import Stack, prepared_stack

pytestmark = pytest.mark.flow

MakeStack = Callable[..., Stack]


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One that does one thing at a time, for as long as its text says."""
    environment = {
        "PULSEWEAVE_ENGINE": "tests.engines.PacedEngine",
        "PULSEWEAVE_WORKER_CONCURRENCY": "1",
    }
    with prepared_stack(tmp_path_factory.mktemp("stack"), environment) as stack:
        yield stack.start()


async def submitted(client: Client, text: str) -> str:
    """The id of a task, once it is acknowledged."""
    await client.submit(text, request_id=text)
    acknowledged = await client.wait_for(lambda m: m.get("request_id") == text)
    return str(acknowledged["task_id"])


async def processing(client: Client, text: str) -> str:
    """The id of a task, once it is being processed."""
    task_id = await submitted(client, text)
    await client.wait_for(
        lambda m: m.get("task_id") == task_id and m.get("status") == "processing"
    )
    return task_id


async def test_a_cancelled_inference_is_really_aborted(make_stack: MakeStack) -> None:
    async with LlmServer(hangs) as llm:
        stack = make_stack(LLM_API_KEY="k", LLM_BASE_URL=llm.url)
        await asyncio.to_thread(stack.start)
        async with connected(stack.ws_url) as client:
            task_id = await processing(client, "明天开会")
            request = await llm.exchange(1)
            answer = await client.ask(type="cancel_task", task_id=task_id)
            # The promise is a second; the rest is for a busy machine.
            await asyncio.wait_for(request.is_abandoned.wait(), 5)
            check_promise(stack, client)
    assert answer["type"] == "task_status_update"
    assert answer["status"] == "cancelled"
    assert answer["revision"] == 3


async def test_pending_and_processing_tasks_are_cancelled_once(paced: Stack) -> None:
    async with connected(paced.ws_url) as client, connected(paced.ws_url) as other:
        running = await processing(client, "60")
        waiting = await submitted(client, "59")
        foreign = await other.ask(type="cancel_task", task_id=running)

        for task_id in (waiting, running):
            answer = await client.ask(type="cancel_task", task_id=task_id)
            assert answer["status"] == "cancelled"
            again = await client.ask(type="cancel_task", task_id=task_id)
            assert again["code"] == "not_cancellable"
            assert again["status"] == "cancelled"

        # The place of the cancelled inference is free again.
        done = await submitted(client, "0")
        await client.wait_for_ends(3)
        late = await client.ask(type="cancel_task", task_id=done)
        check_promise(paced, client)
    assert foreign["code"] == "task_not_found"
    assert late["code"] == "not_cancellable"
    assert late["status"] == "completed"
    assert client.statuses() == [
        ["pending", "processing", "cancelled"],
        ["pending", "cancelled"],
        ["pending", "processing", "completed"],
    ]


async def test_a_cancelled_task_is_cancelled_in_every_tab(paced: Stack) -> None:
    async with connected(paced.ws_url) as one, connected(paced.ws_url) as other:
        await other.ask(
            type="resume",
            client_id=one.client_id,
            resume_token=one.received[0]["resume_token"],
        )
        task_id = await processing(one, "60")
        # Else the answer would come before what is to be told first.
        await other.wait_for(lambda m: m.get("status") == "processing")
        await other.ask(type="cancel_task", task_id=task_id)
        await one.wait_for_ends(1)
        await other.wait_for_ends(1)
        check_promise(paced, one)
    told = [message["revision"] for message in other.lives[task_id]]
    assert told == [1, 2, 3]
