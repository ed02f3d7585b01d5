# ruff: noqa: E402, T201 - the application is set up first; it prints what it finds
"""Measures questions to a long history: counts, dashboards and reports.

    python -m tests.benchmarks.reporting [--tasks 1000000] [--days 90]

It seeds a database of its own on the server of `DATABASE_URL` (SQLite without one),
asks each question a few times and prints how long the fastest took.
"""

import tests.environment  # noqa: F401, I001 - before the settings are read

import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from io import StringIO
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulseweave.settings")
django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tasks_app import reports, rollups
from tasks_app.models import Task
from tasks_app.reports import Durations, calibration, durations, throughput
from tests.benchmarks.own_database import own_database

_ROUNDS = 5
_NOT_ROLLED_UP = 5000
"""About what 500 tasks a second leave between two sweeps."""
Ask = Callable[[], object]


def main(arguments: Sequence[str]) -> None:
    with own_database(__doc__, arguments) as (tasks, days):
        begun = time.perf_counter()
        seed = f"--tasks={tasks}", f"--days={days}"
        call_command("seed_demo", *seed, stdout=sys.stderr)
        elapsed = time.perf_counter() - begun
        print(f"seed_demo  {tasks} 个任务，{elapsed:.0f} 秒", flush=True)
        _ask_all(days)


def _ask_all(days: int) -> None:
    _tell("get_stats", _stats)
    for period in sorted({1, 7, 30, days}):
        print(f"仪表盘，{period} 天")
        for name, ask in _dashboard(period).items():
            _tell(f"  {name}", ask)
    print(f"报表，{days} 天")
    for by in ("day", "hour", "type,engine", "owner"):
        _tell(f"  --by {by}", _report(days, "--by", by, "--top", "99"), rounds=1)
    _tell("  --rollups", _report(days, "--rollups"), rounds=1)
    _ask_while_some_wait()


def _ask_while_some_wait() -> None:
    newest = Task.objects.order_by("-created_at").values("pk")[:_NOT_ROLLED_UP]
    Task.objects.filter(pk__in=newest).update(is_rolled_up=False)
    _tell(f"get_stats，{_NOT_ROLLED_UP} 个未汇总", _stats)
    begun = time.perf_counter()
    while rollups.roll_up():
        pass
    rate = _NOT_ROLLED_UP / (time.perf_counter() - begun)
    print(f"汇总  {rate:.0f} 任务/秒")


def _stats() -> object:
    return reports.stats(uuid4())


def _dashboard(days: int) -> dict[str, Ask]:
    end = timezone.localdate() + timedelta(days=1)
    period = end - timedelta(days=days), end
    sums = reports.rollups().submitted_between(*period)
    return {
        "按状态": lambda: list(sums.by_status().with_counts()),
        "按类型": lambda: list(sums.by_type().with_counts()),
        "失败原因": lambda: list(sums.failures().with_counts()),
        "每小时": lambda: throughput(*period),
        "每日词元与费用": lambda: list(sums.by_day().with_costs()),
        "分位数": lambda: Durations.together(durations(*period).values()).times(),
        "校准": lambda: calibration(*period),
        "整页": _page(period),
    }


def _page(period: tuple[date, date]) -> Ask:
    """The admin's first page, from the request to the last byte of HTML."""
    staff, _is_new = User.objects.get_or_create(
        username="benchmark", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(staff)
    last = period[1] - timedelta(days=1)
    asked = {"range": "own", "from": str(period[0]), "to": str(last)}
    return lambda: client.get("/admin/", asked).content


def _report(days: int, *arguments: str) -> Ask:
    since = f"--from={timezone.localdate() - timedelta(days=days)}"
    return lambda: call_command("report", since, *arguments, stdout=StringIO())


def _tell(name: str, ask: Ask, rounds: int = _ROUNDS) -> None:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        ask()
        times.append(time.perf_counter() - begun)
    print(f"{name}  {min(times) * 1000:.1f} 毫秒", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
