"""Parts that are asked to stop while they are at work."""

import signal

import pytest

from tests.client import WHOLE_LIFE, connected
from tests.faults.service import TAKEN_OVER, until_processing
from tests.faults.stacks import PACED, MakeStack
from tests.ledger import check_promise

pytestmark = pytest.mark.flow


async def test_a_stopping_worker_ends_what_it_can_and_gives_back_the_rest(
    make_stack: MakeStack,
) -> None:
    # Nothing here waits for a lease to end: they outlast the test.
    environment = PACED | {"PULSEWEAVE_LEASE_S": "60", "PULSEWEAVE_STOP_GRACE_S": "3"}
    stack = make_stack(**environment, PULSEWEAVE_WORKER_CONCURRENCY="30").start()
    async with connected(stack.ws_url) as client:
        for seconds in ["2"] * 15 + ["8"] * 15 + ["0"] * 20:
            await client.submit(seconds)
        await until_processing(client, 30)
        stack.send_to("worker", signal.SIGTERM)
        await client.wait_for_ends(50)
        check_promise(stack, client)
    assert client.statuses() == (
        [WHOLE_LIFE] * 15 + [TAKEN_OVER] * 15 + [WHOLE_LIFE] * 20
    )


async def test_a_stopping_server_says_that_it_goes_away(
    make_stack: MakeStack,
) -> None:
    stack = make_stack().start()
    async with connected(stack.ws_url) as one, connected(stack.ws_url) as other:
        stack.send_to("web", signal.SIGTERM)
        await one.socket.wait_closed()
        await other.socket.wait_closed()
    assert one.socket.close_code == other.socket.close_code == 1012
