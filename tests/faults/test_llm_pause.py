"""A provider that fails for all: tasks wait for it, and nothing secret gets out."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.client import Client, Message, connected
from tests.faults.stacks import MakeStack
from tests.ledger import check_promise, query
from tests.llm_behaviours import BEHAVIOURS, Behaviour, Exchange, ok, refuses
from tests.llm_server import LlmServer
from tests.stack import Stack
from tests.staff import logged_in

pytestmark = pytest.mark.flow

KEY = "sk-canary-2f6c8e"
TELLTALE = refuses(402, {"error": {"message": f"no money left on {KEY}"}})
WORKERS = "/admin/tasks_app/workerprocess/"
TASKS = "/admin/tasks_app/task/"


class Moody:
    """Behaves as the test has it at the time."""

    mood: Behaviour = staticmethod(ok)

    async def __call__(self, exchange: Exchange) -> None:
        await self.mood(exchange)


@asynccontextmanager
async def client_of_an_impatient_engine(
    make_stack: MakeStack, *behaviours: Behaviour, **environment: str
) -> AsyncIterator[tuple[Stack, Client, LlmServer]]:
    async with LlmServer(*behaviours) as llm:
        stack = make_stack(
            PULSEWEAVE_ENGINE="tests.engines.ImpatientLlmEngine",
            PULSEWEAVE_SUBMIT_RATE="0",
            LLM_API_KEY=KEY,
            LLM_BASE_URL=llm.url,
            LOG_LEVEL="DEBUG",
            **environment,
        )
        await asyncio.to_thread(stack.start)
        async with connected(stack.ws_url) as client:
            yield stack, client, llm


async def health_of(stack: Stack) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as monitor:
        return await monitor.get(f"{stack.http_url}/health/ready")


async def until_paused(stack: Stack) -> None:
    """Wait until its worker has told."""
    async with asyncio.timeout(10):
        while not (await health_of(stack)).json()["provider_pauses"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def submitted(client: Client) -> Message:
    return await client.ask(type="submit_task", data={"text": "买牛奶"})


async def until_no_time_is_told(client: Client, task_id: str) -> None:
    """Wait until nobody predicts any more."""
    async with asyncio.timeout(3):
        while True:
            state = await client.ask(type="get_task_status", task_id=task_id)
            assert (state["status"], state["queue_position"]) == ("pending", 3)
            if state["eta_seconds"] is None:
                return


async def fail_once(client: Client) -> None:
    await client.submit()
    await client.wait_for_ends(1)


async def test_tasks_wait_out_a_pause_one_is_tried_and_then_all_go_on(
    make_stack: MakeStack,
) -> None:
    may_answer = asyncio.Event()

    async def hesitates(exchange: Exchange) -> None:
        await may_answer.wait()
        await ok(exchange)

    moody = Moody()
    setup = client_of_an_impatient_engine(make_stack, moody)
    async with setup as (stack, client, llm):
        # How tasks go is read once a second.
        while (await submitted(client))["eta_seconds"] is None:
            await client.wait_for_all_ends()
        await client.wait_for_all_ends()
        moody.mood = TELLTALE
        await submitted(client)
        await client.wait_for_all_ends()
        await until_paused(stack)
        before = len(client.lives)
        moody.mood = hesitates
        task_ids = [(await submitted(client))["task_id"] for _ in range(4)]
        await client.ask(type="cancel_task", task_id=task_ids[0])
        await until_no_time_is_told(client, task_ids[3])
        assert (await submitted(client))["eta_seconds"] is None
        assert len(llm.exchanges) == before

        await llm.exchange(before + 1)
        stats = await client.ask(type="get_stats")
        assert stats["data"]["processing_tasks"] == 1
        assert stats["data"]["queue_size"] == 3
        may_answer.set()
        await client.wait_for_all_ends()
        check_promise(stack, client)
    ends = [life[-1]["status"] for life in client.lives.values()]
    assert ends[before - 1 :] == ["failed", "cancelled", *["completed"] * 4]


async def test_an_outage_costs_a_run_of_tasks_and_one_for_each_probe(
    make_stack: MakeStack,
) -> None:
    down = BEHAVIOURS["503"]
    setup = client_of_an_impatient_engine(
        make_stack, *[down] * 5, ok, PULSEWEAVE_WORKER_CONCURRENCY="1"
    )
    async with setup as (stack, client, llm):
        for _ in range(20):
            await client.submit()
        await client.wait_for_ends(20)
        check_promise(stack, client)
        assert len(llm.exchanges) == 20
    ends = [life[-1]["status"] for life in client.lives.values()]
    # Three in a row, and two that tried.
    assert ends == ["failed"] * 5 + ["completed"] * 15


async def test_what_waits_too_long_for_a_provider_expires(
    make_stack: MakeStack,
) -> None:
    setup = client_of_an_impatient_engine(
        make_stack,
        TELLTALE,
        PULSEWEAVE_QUEUE_DEADLINE_S="1",
        PULSEWEAVE_SWEEP_INTERVAL_S="0.5",
    )
    async with setup as (stack, client, _llm):
        await fail_once(client)
        await until_paused(stack)
        await client.submit()
        await client.wait_for_ends(2)
        check_promise(stack, client)
    assert list(client.lives.values())[1][-1]["error_code"] == "queue_expired"


async def test_the_key_is_nowhere_though_the_provider_repeats_it(
    make_stack: MakeStack,
) -> None:
    setup = client_of_an_impatient_engine(make_stack, TELLTALE)
    async with setup as (stack, client, llm):
        await fail_once(client)
        await until_paused(stack)
        assert llm.exchanges[0].headers["authorization"] == f"Bearer {KEY}"
        health = await health_of(stack)
        [pause] = health.json()["provider_pauses"]
        pages = await asyncio.to_thread(staff_sees, stack)
        rows = await asyncio.to_thread(
            query,
            stack,
            "SELECT * FROM tasks_app_task",
            "SELECT * FROM tasks_app_taskevent",
            "SELECT * FROM tasks_app_workerprocess",
        )
    assert pause["reason"] == "账户余额不足"
    assert "账户余额不足" in pages[WORKERS]
    assert re.search(r">\s*(暂停|试探)\s*<", pages[WORKERS])
    assert all(rows)
    told = json.dumps(client.received)
    for shown in (stack.output, health.text, str(rows), told, *pages.values()):
        assert KEY not in shown
        assert "no money" not in shown


def staff_sees(stack: Stack) -> dict[str, str]:
    """The pages about what went wrong, by their addresses."""
    password = stack.admin_password
    assert password is not None
    with logged_in(stack, password) as browser:
        lists = {path: browser.get(path).text for path in (WORKERS, TASKS)}
        pages = set(re.findall(rf'href="({TASKS}[^"?]+/change/)', lists[TASKS]))
        pages |= set(re.findall(rf'href="({WORKERS}[^"?]+/change/)', lists[WORKERS]))
        assert len(pages) == 2
        return lists | {path: browser.get(path).text for path in pages}
