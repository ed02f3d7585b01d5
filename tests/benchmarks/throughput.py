"""Measures the whole application beside bare Celery on the same broker.

    python -m tests.benchmarks.throughput

a: tasks per second of bare Celery; b: tasks per second over WebSockets, from submission
to the completed update; c: latency of the acknowledgement under a steady load. The
stack is the real one, with an engine that costs nothing. It runs on the services of
`DATABASE_URL`, `REDIS_URL` and `BROKER_URL`, or brings its own.
"""

import asyncio
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.clients import (
    Client,
    connected,
    measure_ack_latency,
    measure_rate,
)
from tests.benchmarks.machine import describe_ground
from tests.benchmarks.yardstick import bare_celery
from tests.stack import Stack, prepared_stack

log = logging.getLogger(__name__)

ENVIRONMENT = {
    "PULSEWEAVE_ENGINE": "tests.benchmarks.noop.NoopEngine",
    "PULSEWEAVE_SUBMIT_RATE": "0",
    "LOG_LEVEL": "WARNING",
}
ROUNDS = 3
CLIENTS = 8
WINDOW = 64
"""Unfinished tasks of one client."""
WARM_UP_TASKS = 600
ROUND_S = 6.0
"""About how long a round takes, by the rate of the warm-up."""
STEADY_PER_S = 50.0
STEADY_S = 10.0


@dataclass
class Measurements:
    """Rates in tasks per second, one a round; latencies in seconds."""

    bare: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    client_load: list[float] = field(default_factory=list)
    """The part of one core that our clients took in the rounds of `whole`."""
    ack_latencies: list[float] = field(default_factory=list)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulseweave.settings")
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    with (
        tempfile.TemporaryDirectory(prefix="pulseweave-bench-") as data_dir,
        prepared_stack(Path(data_dir), ENVIRONMENT) as stack,
    ):
        log.info("启动中 …")
        stack.start()
        sys.stdout.write(f"{describe_ground(stack)}\n")
        sys.stdout.flush()
        try:
            measured = asyncio.run(_measure(stack))
        finally:
            _repeat_complaints(stack)
        sys.stdout.write(_report(measured))


async def _measure(stack: Stack) -> Measurements:
    measured = Measurements()
    async with (
        bare_celery(stack.broker_url) as bare,
        connected(stack.ws_url, CLIENTS) as clients,
    ):
        log.info("预热 …")
        bare_rate = await bare.measure(WARM_UP_TASKS)
        whole_rate = await measure_rate(clients, WARM_UP_TASKS, WINDOW)
        # In turn, so that what else the machine does meets both alike.
        for number in range(1, ROUNDS + 1):
            measured.bare.append(await bare.measure(round(bare_rate * ROUND_S)))
            await _measure_whole(clients, round(whole_rate * ROUND_S), measured)
            rates = measured.bare[-1], measured.whole[-1]
            log.info("第 %d 轮：a %.0f，b %.0f 任务/秒", number, *rates)
        log.info("确认延迟：%g 次/秒，%g 秒 …", STEADY_PER_S, STEADY_S)
        measured.ack_latencies = await measure_ack_latency(
            clients, STEADY_PER_S, STEADY_S
        )
    return measured


async def _measure_whole(
    clients: Sequence[Client], tasks: int, measured: Measurements
) -> None:
    busy, started = time.process_time(), time.perf_counter()
    measured.whole.append(await measure_rate(clients, tasks, WINDOW))
    elapsed = time.perf_counter() - started
    measured.client_load.append((time.process_time() - busy) / elapsed)


def _repeat_complaints(stack: Stack) -> None:
    """Show what the stack has warned of: such a measurement is worth little."""
    for line in stack.output.splitlines():
        if " WARNING " in line or " ERROR " in line:
            log.warning("%s", line)


def _report(measured: Measurements) -> str:
    percentiles = statistics.quantiles(measured.ack_latencies, n=100)
    p50, p99 = percentiles[49] * 1000, percentiles[98] * 1000
    ratio = statistics.median(measured.whole) / statistics.median(measured.bare)
    load = statistics.median(measured.client_load)
    lines = [
        f"（{ROUNDS} 轮的中位数，括号内为最小–最大）",
        f"a      {_rate(measured.bare)}  裸 Celery 空任务：从发布到执行",
        f"b      {_rate(measured.whole)}  WebSocket：从提交到收到 completed"
        f"（{CLIENTS} 个连接，各 {WINDOW} 个未完成；客户端占 {load:.0%} 核）",
        f"c p50  {p50:5.1f} 毫秒  确认延迟，稳定 {STEADY_PER_S:g} 次/秒",
        f"c p99  {p99:5.1f} 毫秒",
        f"ratio b/a: {ratio:.2f}",
    ]
    return "\n".join(lines) + "\n"


def _rate(rounds: Sequence[float]) -> str:
    median = statistics.median(rounds)
    return f"{median:5.0f} 任务/秒 ({min(rounds):.0f}–{max(rounds):.0f})"


if __name__ == "__main__":
    main()
