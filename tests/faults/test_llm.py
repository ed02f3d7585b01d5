"""A language model that drips, hangs, resets and lies, behind the whole application."""

import asyncio
from typing import NamedTuple

import pytest

from tests.client import connected
from tests.faults.service import SOON_S
from tests.faults.stacks import MakeStack
from tests.ledger import check_promise
from tests.llm_behaviours import (
    BEHAVIOURS,
    Behaviour,
    Exchange,
    refuses,
    reply,
    says,
    stops_after,
)
from tests.llm_server import LlmServer

pytestmark = pytest.mark.flow

DEADLINE_S = 4.0


class Fault(NamedTuple):
    behaviour: Behaviour
    outcome: str
    """The error code, or `completed`."""


async def drips(exchange: Exchange) -> None:
    """Never silent for long, and never at an end."""
    await exchange.start_chunked()
    while True:
        await exchange.delta("{")
        await asyncio.sleep(0.2)


# All are in flight before the engine leaves its provider alone, and end alike.
FAULTS = {
    "drips": Fault(drips, "llm_deadline"),
    "drips comments": Fault(BEHAVIOURS["keep-alive"], "llm_timeout"),
    "hangs": Fault(BEHAVIOURS["hang"], "llm_timeout"),
    "hangs in its answer": Fault(
        stops_after(reply()[:40], then=BEHAVIOURS["hang"]), "llm_timeout"
    ),
    "resets": Fault(BEHAVIOURS["reset"], "llm_network"),
    "breaks off": Fault(BEHAVIOURS["cut"], "llm_network"),
    "is down": Fault(BEHAVIOURS["503"], "llm_busy"),
    "asks to wait for an hour": Fault(
        refuses(429, Retry_After="3600"), "llm_rate_limited"
    ),
    "sends elsewhere": Fault(
        refuses(302, Location="http://127.0.0.1:1/"), "llm_redirected"
    ),
    "floods": Fault(BEHAVIOURS["flood"], "llm_too_large"),
    "says nothing": Fault(BEHAVIOURS["blank"], "llm_empty"),
    "says half": Fault(BEHAVIOURS["truncated"], "llm_truncated"),
    "will not say": Fault(BEHAVIOURS["filtered"], "llm_content_filter"),
    "chats": Fault(says("好的，我来帮你！"), "llm_bad_json"),
    "obeys the speech": Fault(says('{"reply": "好的"}'), "llm_bad_fields"),
    "adds to its answer": Fault(says(reply(owner="staff", is_admin=1)), "completed"),
    "lies about the type": Fault(BEHAVIOURS["bad-fields"], "llm_bad_fields"),
    "lies about its certainty": Fault(says(reply(confidence=7)), "llm_bad_fields"),
    "wraps it up": Fault(BEHAVIOURS["fenced"], "completed"),
    "ignores streaming": Fault(BEHAVIOURS["plain"], "completed"),
    "is well": Fault(BEHAVIOURS["ok"], "completed"),
}


async def behave(exchange: Exchange) -> None:
    """As the text asks for that is to be analysed."""
    [name] = [name for name in FAULTS if f"“{name}”" in exchange.user_message]
    await FAULTS[name].behaviour(exchange)


async def test_whatever_a_model_does_each_task_ends_as_decided_and_in_time(
    make_stack: MakeStack,
) -> None:
    async with LlmServer(behave) as llm:
        stack = make_stack(
            PULSEWEAVE_SUBMIT_RATE="0",
            LLM_API_KEY="sk-secret",
            LLM_BASE_URL=llm.url,
            LLM_DEADLINE_S=str(DEADLINE_S),
            LLM_FIRST_CONTENT_S="1",
            LLM_CONTENT_GAP_S="1",
        )
        await asyncio.to_thread(stack.start)
        async with connected(stack.ws_url) as client:
            for name in FAULTS:
                await client.submit(f"“{name}”", request_id=name)
            await client.wait_for_ends(len(FAULTS))
            check_promise(stack, client)
    lives = {life[0]["request_id"]: life for life in client.lives.values()}
    assert lives.keys() == FAULTS.keys()
    for name, life in lives.items():
        outcome = life[-1].get("error_code", life[-1]["status"])
        assert (name, outcome) == (name, FAULTS[name].outcome)
        assert "owner" not in life[-1].get("result", {})
        assert life[-1]["timestamp"] - life[1]["timestamp"] < DEADLINE_S + SOON_S
    assert "sk-secret" not in stack.output
