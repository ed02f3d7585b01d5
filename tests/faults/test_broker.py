"""A broker of its own, RabbitMQ, is gone or hangs: at the other end of a proxy."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from tests.faults.service import all_are_served, is_rung, rings_again
from tests.faults.stacks import PACED
from tests.ledger import check_promise
from tests.proxy import Proxy, proxied
from tests.stack import Stack, prepared_stack

BROKER_URL = os.environ.get("BROKER_URL", "")

pytestmark = [
    pytest.mark.flow,
    pytest.mark.skipif(
        not BROKER_URL.startswith("amqp"), reason="RabbitMQ is not given"
    ),
]

OUTAGE_S = 20.0
HEARD_AGAIN_S = 20.0
"""A Celery worker waits longer after each failed attempt, for 8 s by then."""


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with proxied(BROKER_URL) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def stack(proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    environment = PACED | {"BROKER_URL": proxy.url}
    with prepared_stack(tmp_path_factory.mktemp("stack"), environment) as stack:
        yield stack.start()


async def test_a_restarted_rabbitmq_holds_up_nobody(stack: Stack, proxy: Proxy) -> None:
    async with all_are_served(stack) as submitter:
        with proxy.refusing():
            assert not await is_rung(stack)
            # The length of the outage is what is tested: no event ends it.
            await asyncio.sleep(OUTAGE_S)
        await rings_again(stack, HEARD_AGAIN_S)
    check_promise(stack, submitter)


async def test_a_hung_rabbitmq_holds_up_nobody(stack: Stack, proxy: Proxy) -> None:
    async with all_are_served(stack) as submitter:
        with proxy.hanging():
            assert not await is_rung(stack)
            # The length of the outage is what is tested: no event ends it.
            await asyncio.sleep(OUTAGE_S)
        await rings_again(stack, HEARD_AGAIN_S)
    check_promise(stack, submitter)
