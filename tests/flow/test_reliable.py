"""The client that the faults are tried with keeps to PROTOCOL.md itself."""

from collections.abc import Callable

import pytest

from tests.ledger import check_promise
from tests.reliable import ReliableClient
from tests.stack import Stack

pytestmark = pytest.mark.flow


async def test_who_waits_as_long_as_told_submits_everything(
    make_stack: Callable[..., Stack],
) -> None:
    stack = make_stack(PULSEWEAVE_SUBMIT_RATE="10").start()
    async with ReliableClient.connected(stack.ws_url) as client:
        for _ in range(50):
            await client.submit()
        await client.wait_for_ends(50)
        check_promise(stack, client)
    assert {refusal["code"] for refusal in client.refusals} == {"rate_limited"}
    # 20 at once, then 30 that are refused twice at most, as their turn comes.
    assert len(client.refusals) <= 60


async def test_a_cut_client_is_told_what_it_missed(stack: Stack) -> None:
    async with ReliableClient.connected(stack.ws_url) as client:
        for number in range(20):
            await client.submit()
            if number % 5 == 0:
                client.cut()
        await client.wait_for_acknowledgements(20)
        await client.wait_for_ends(20)
        check_promise(stack, client)
    assert len([m for m in client.received if m["type"] == "resumed"]) >= 1
