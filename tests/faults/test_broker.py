"""A broker of its own, RabbitMQ, is gone, hangs or forgets.

The given one is shared, so that only the line to it is broken, at a proxy; one that is
killed is started for that.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.faults.service import all_are_served, is_rung, rings_again
from tests.faults.stacks import PACED
from tests.ledger import check_promise
from tests.proxy import Proxy, proxied
from tests.rabbitmq import IS_INSTALLED, RabbitMQ, own_rabbitmq
from tests.stack import Stack, prepared_stack

BROKER_URL = os.environ.get("BROKER_URL", "")

pytestmark = pytest.mark.flow

OUTAGE_S = 20.0
HEARD_AGAIN_S = 20.0
"""A Celery worker waits longer after each failed attempt, for 8 s by then."""


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with proxied(BROKER_URL) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def proxied_stack(
    proxy: Proxy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    environment = PACED | {"BROKER_URL": proxy.url}
    with prepared_stack(tmp_path_factory.mktemp("stack"), environment) as stack:
        yield stack.start()


@pytest.fixture(scope="module")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    with own_rabbitmq(tmp_path_factory.mktemp("rabbitmq")) as rabbitmq:
        yield rabbitmq


@pytest.fixture(scope="module")
def own_stack(
    rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    environment = PACED | {"BROKER_URL": rabbitmq.url}
    with prepared_stack(tmp_path_factory.mktemp("stack"), environment) as stack:
        yield stack.start()


@pytest.mark.skipif(
    not BROKER_URL.startswith("amqp"), reason="RabbitMQ is not given (BROKER_URL)"
)
@pytest.mark.parametrize(
    "outage", [Proxy.refusing, Proxy.hanging], ids=["unreachable", "hung"]
)
async def test_a_rabbitmq_that_does_not_answer_holds_up_nobody(
    proxied_stack: Stack,
    proxy: Proxy,
    outage: Callable[[Proxy], AbstractContextManager[None]],
) -> None:
    async with all_are_served(proxied_stack) as submitter:
        with outage(proxy):
            assert not await is_rung(proxied_stack)
            # The length of the outage is what is tested: no event ends it.
            await asyncio.sleep(OUTAGE_S)
        await rings_again(proxied_stack, HEARD_AGAIN_S)
    check_promise(proxied_stack, submitter)


@pytest.mark.skipif(not IS_INSTALLED, reason="no rabbitmq-server is installed")
@pytest.mark.parametrize("is_emptied", [False, True], ids=["restored", "emptied"])
async def test_a_rabbitmq_killed_under_load_holds_up_nobody(
    own_stack: Stack, rabbitmq: RabbitMQ, is_emptied: bool
) -> None:
    async with all_are_served(own_stack) as submitter:
        assert await is_rung(own_stack)
        rabbitmq.kill()
        assert not await is_rung(own_stack)
        if is_emptied:
            rabbitmq.forget()
        await asyncio.to_thread(rabbitmq.start)
        await rings_again(own_stack, HEARD_AGAIN_S)
    check_promise(own_stack, submitter)
