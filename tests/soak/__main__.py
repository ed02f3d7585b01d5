"""Runs the whole application for long, under a steady load, and breaks it on the way.

    python -m tests.soak --minutes 60 --rate 20 --clients 8 --seed 7

At random moments parts are killed, frozen and emptied, connections cut (of clients, to
PostgreSQL and to RabbitMQ) and SQLite locked; clients come back and send again. It runs
on the services of `DATABASE_URL`, `REDIS_URL` and `BROKER_URL`, or brings its own. Exit
code 1: a task was lost or a promise broken.
"""

import argparse
import asyncio
import logging
import os
import secrets
import signal
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.benchmarks.machine import describe_ground
from tests.client import FINAL
from tests.faults.stacks import PACED
from tests.ledger import Task, check_promise, read_books
from tests.proxy import Proxy, proxied
from tests.soak.faults import Target, faults, inject
from tests.soak.load import TimedClient, submit_steadily
from tests.stack import Stack, prepared_stack

log = logging.getLogger(__name__)

_DRAINED_WITHIN_S = 180.0
_ENVIRONMENT = PACED | {"LOG_LEVEL": "WARNING"}
_BROKER_URL = os.environ.get("BROKER_URL", "")


@dataclass(frozen=True)
class Outcome:
    """What a soak has shown."""

    struck: Counter[str]
    held_per_s: float
    submissions: int
    tasks: Sequence[Task]
    """Those of our submissions that the database has."""
    ack_latencies: Sequence[float]
    broken: str
    """How the promise was broken; empty if it was kept."""

    @property
    def lost(self) -> int:
        """Submissions without a task that has come to an end."""
        return self.submissions - sum(task.status in FINAL for task in self.tasks)


def main() -> int:
    options = _parse_options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulseweave.settings")
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    # A SIGTERM ends it as Ctrl-C does: nothing of the stack is left.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryDirectory(prefix="pulseweave-soak-") as data_dir,
        _line_to_rabbitmq() as line,
        prepared_stack(Path(data_dir), _environment(line)) as stack,
    ):
        log.info("启动中 …")
        stack.start()
        sys.stdout.write(f"{describe_ground(stack)}种子    {options.seed}\n\n")
        sys.stdout.flush()
        outcome = asyncio.run(_soak(stack, line, options))
    sys.stdout.write(_report(outcome, options))
    return 1 if outcome.lost or outcome.broken else 0


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--rate", type=float, default=20, help="submissions a second")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--gap", type=float, default=8, help="mean seconds of no fault")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    return parser.parse_args()


def _line_to_rabbitmq() -> AbstractContextManager[Proxy | None]:
    """A line that can be cut, if that is the broker given."""
    return proxied(_BROKER_URL) if _BROKER_URL.startswith("amqp") else nullcontext()


def _environment(line: Proxy | None) -> dict[str, str]:
    return _ENVIRONMENT | ({"BROKER_URL": line.url} if line else {})


async def _soak(
    stack: Stack, line: Proxy | None, options: argparse.Namespace
) -> Outcome:
    luck = Random(options.seed)
    lease_s = float(_ENVIRONMENT["PULSEWEAVE_LEASE_S"])
    duration_s = options.minutes * 60
    async with TimedClient.several(stack.ws_url, options.clients) as clients:
        target = Target(stack, clients, luck)
        injecting = inject(
            target, faults(stack, lease_s, line), options.gap, duration_s
        )
        load = submit_steadily(
            clients, options.rate, duration_s, Random(options.seed + 1)
        )
        struck, held_per_s = await asyncio.gather(injecting, load)
        log.info("等待队列清空 …")
        await _drain(clients)
        return _outcome(stack, clients, struck, held_per_s)


async def _drain(clients: Sequence[TimedClient]) -> None:
    """Wait until all is answered and final; what is not by then, is lost."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAINED_WITHIN_S):
            for client in clients:
                submissions = len(client.submitted_at)
                await client.wait_for_acknowledgements(submissions, _DRAINED_WITHIN_S)
                await client.wait_for_ends(submissions, _DRAINED_WITHIN_S)


def _outcome(
    stack: Stack,
    clients: Sequence[TimedClient],
    struck: Counter[str],
    held_per_s: float,
) -> Outcome:
    broken = ""
    try:
        check_promise(stack, *clients)
    except AssertionError as error:
        log.exception("the promise is broken")
        broken = str(error) or "AssertionError"
    keys = {key for client in clients for key in client.submitted_at}
    tasks = read_books(stack).tasks.values()
    return Outcome(
        struck,
        held_per_s,
        len(keys),
        [task for task in tasks if task.idempotency_key in keys],
        [latency for client in clients for latency in client.ack_latencies],
        broken,
    )


def _report(outcome: Outcome, options: argparse.Namespace) -> str:
    ends = Counter(task.status for task in outcome.tasks)
    percentiles = statistics.quantiles(outcome.ack_latencies, n=100)
    p50, p99 = percentiles[49] * 1000, percentiles[98] * 1000
    struck = "，".join(f"{name} × {n}" for name, n in sorted(outcome.struck.items()))
    return (
        f"负载    {outcome.held_per_s:.1f} 次提交/秒，{options.minutes:g} 分钟，"
        f"{options.clients} 个客户端\n"
        f"任务    提交 {outcome.submissions}，完成 {ends['completed']}，"
        f"失败 {ends['failed']}\n"
        f"确认    p50 {p50:.1f} 毫秒，p99 {p99:.1f} 毫秒（断线重连也算在内）\n"
        f"故障    {struck or '无'}\n"
        f"丢失    {outcome.lost}\n"
        f"承诺    {outcome.broken or '守住'}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
