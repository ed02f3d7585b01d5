"""Staff acts in the admin; owners see it at once, over their sockets."""

import asyncio
import time
from collections.abc import Callable

import pytest

from tests.client import Client, Message, connected
from tests.ledger import check_promise
from tests.llm_behaviours import hangs
from tests.llm_server import LlmServer
from tests.stack import Stack
from tests.staff import TASKS, Staff, client_of

pytestmark = pytest.mark.flow

MakeStack = Callable[..., Stack]
AT_ONCE_S = 1.5
"""Half of what the re-reading of the database alone would take."""


async def processing(client: Client, text: str) -> str:
    """The id of a task, once it is being processed."""
    await client.submit(text)
    update = await client.wait_for(lambda m: m.get("status") == "processing")
    return str(update["task_id"])


async def told(client: Client, task_id: str, status: str) -> Message:
    return await client.wait_for(
        lambda m: m.get("task_id") == task_id and m.get("status") == status
    )


async def test_an_owner_sees_at_once_what_staff_does(make_stack: MakeStack) -> None:
    async with LlmServer(hangs) as llm:
        stack = make_stack(LLM_API_KEY="k", LLM_BASE_URL=llm.url)
        await asyncio.to_thread(stack.start)
        async with connected(stack.ws_url) as client, client_of(stack) as http:
            staff = await Staff.of(stack, http)
            task_id = await processing(client, "明天开会")
            request = await llm.exchange(1)

            form = await staff.signed({})
            begun = time.monotonic()
            await http.post(f"{TASKS}{task_id}/cancel/", data=form)
            cancelled = await told(client, task_id, "cancelled")
            assert time.monotonic() - begun < AT_ONCE_S
            # The inference is really aborted.
            await asyncio.wait_for(request.is_abandoned.wait(), 5)
            assert cancelled["revision"] == 3

            begun = time.monotonic()
            await http.post(f"{TASKS}{task_id}/retry/", data=form)
            new = await client.wait_for(lambda m: m.get("retry_of") == task_id)
            assert time.monotonic() - begun < AT_ONCE_S
            assert (new["status"], new["revision"]) == ("pending", 1)
            assert new["queue_position"] == 1
            await told(client, new["task_id"], "processing")
            assert time.monotonic() - begun < AT_ONCE_S
            answer = await client.ask(type="get_task_status", task_id=new["task_id"])
            listed = (await client.ask(type="get_my_tasks"))["tasks"]

            await client.ask(type="cancel_task", task_id=new["task_id"])
            check_promise(stack, client)
    assert answer["retry_of"] == task_id
    assert [task.get("retry_of") for task in listed] == [None, task_id]
    assert [task["text"] for task in listed] == ["明天开会"] * 2


async def test_two_of_staff_retry_at_once_and_one_retry_is_made(
    make_stack: MakeStack,
) -> None:
    environment = {"PULSEWEAVE_ENGINE": "tests.engines.PacedEngine"}
    stack = make_stack(**environment).start()
    async with connected(stack.ws_url) as client, client_of(stack) as http:
        staff = await Staff.of(stack, http)
        task_id = await processing(client, "60")
        await client.ask(type="cancel_task", task_id=task_id)
        form = await staff.signed({})
        address = f"{TASKS}{task_id}/retry/"
        await asyncio.gather(*[http.post(address, data=form) for _ in range(4)])
        listed = (await client.ask(type="get_my_tasks"))["tasks"]
        assert len(listed) == 2
