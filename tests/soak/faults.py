"""What a soak does to a stack and to its connections."""

import asyncio
import logging
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from redis.asyncio import Redis

from tests.faults.database import cut_connections, lock_database
from tests.proxy import Proxy
from tests.reliable import ReliableClient
from tests.stack import Stack

log = logging.getLogger(__name__)

_RESTARTS_WITHIN_S = 120.0
"""`up` waits longer before each restart in a row, and what hangs holds up a start."""


@dataclass(frozen=True)
class Target:
    """What faults strike, and their only source of chance."""

    stack: Stack
    clients: Sequence[ReliableClient]
    luck: Random


@dataclass(frozen=True)
class Fault:
    """`strike` returns when its part is whole again; no other strikes it meanwhile."""

    name: str
    part: str
    strike: Callable[[Target], Awaitable[None]]


def faults(stack: Stack, lease_s: float, line: Proxy | None) -> list[Fault]:
    """Those that this stack can be given: what is not its own is left alone.

    `line` leads to its broker, if that is a RabbitMQ.
    """
    end_worker, end_web = partial(_end, "worker"), partial(_end, "web")
    own = [
        Fault("kill -9 worker", "worker", partial(end_worker, signal.SIGKILL)),
        Fault("SIGTERM worker", "worker", partial(end_worker, signal.SIGTERM)),
        Fault("freeze worker", "worker", partial(_freeze, "worker", lease_s * 1.5)),
        Fault("kill -9 web", "web", partial(end_web, signal.SIGKILL)),
        Fault("kill -9 beat", "beat", partial(_end, "beat", signal.SIGKILL)),
        Fault("cut clients", "clients", _cut_clients),
    ]
    if "DATABASE_URL" in stack.env:
        own.append(Fault("cut postgresql", "database", _cut_database))
    else:
        own.append(Fault("lock sqlite", "database", _lock_database))
    if "valkey" in stack.parts:
        kill_valkey = partial(_end, "valkey", signal.SIGKILL)
        own += [
            Fault("kill -9 valkey", "valkey", kill_valkey),
            Fault("freeze valkey", "valkey", partial(_freeze, "valkey", 1.0)),
            Fault("FLUSHALL valkey", "valkey", _flush),
        ]
    if line is not None:
        own.append(Fault("cut rabbitmq", "rabbitmq", partial(_cut_line, line)))
    return own


async def inject(
    target: Target, kinds: Sequence[Fault], mean_gap_s: float, duration_s: float
) -> Counter[str]:
    """Strike at random moments for so long; returns how often each kind struck.

    Faults of different parts may overlap; none is left out by chance. When it
    returns, all is whole again.
    """
    luck, until = target.luck, time.monotonic() + duration_s
    struck: Counter[str] = Counter()
    busy: set[str] = set()

    async def strike(fault: Fault) -> None:
        log.info("%6.1f s  %s", duration_s - until + time.monotonic(), fault.name)
        await fault.strike(target)
        busy.discard(fault.part)

    async with asyncio.TaskGroup() as group:
        while time.monotonic() + (gap_s := luck.expovariate(1 / mean_gap_s)) < until:
            await asyncio.sleep(gap_s)
            if free := [fault for fault in kinds if fault.part not in busy]:
                fault = min(free, key=lambda one: (struck[one.name], luck.random()))
                struck[fault.name] += 1
                busy.add(fault.part)
                group.create_task(strike(fault))
    return struck


async def _end(part: str, number: signal.Signals, target: Target) -> None:
    await asyncio.to_thread(target.stack.kill, part, number, _RESTARTS_WITHIN_S)


async def _freeze(part: str, shortest_s: float, target: Target) -> None:
    target.stack.send_to(part, signal.SIGSTOP)
    try:
        await asyncio.sleep(shortest_s * target.luck.uniform(1, 4))
    finally:
        target.stack.send_to(part, signal.SIGCONT)


async def _flush(target: Target) -> None:
    async with Redis.from_url(target.stack.redis_url) as redis:
        await redis.flushall()


async def _cut_database(target: Target) -> None:
    await asyncio.to_thread(cut_connections, target.stack)


async def _lock_database(target: Target) -> None:
    await asyncio.to_thread(lock_database, target.stack, target.luck.uniform(1, 5))


async def _cut_line(line: Proxy, target: Target) -> None:
    with line.refusing():
        await asyncio.sleep(target.luck.uniform(1, 10))


async def _cut_clients(target: Target) -> None:
    for client in target.clients:
        if target.luck.random() < 0.5:
            client.cut()
