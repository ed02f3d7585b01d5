# ruff: noqa: E402, T201 - the application is set up first; it prints what it finds
"""Measures the staff's list of tasks on a long history in PostgreSQL.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres \\
        python -m tests.benchmarks.staff_list [--tasks 1000000] [--days 90]

It seeds a database of its own, makes it uneven (a queue, an engine of the past, a word
of one season), asks each question a few times, alone and with others, and prints how
long the slowest took: the whole page, from the request to the last byte of HTML, and
the statements alone.
"""

import tests.environment  # noqa: F401, I001 - before the settings are read

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any, NamedTuple
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulseweave.settings")
django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client

from tasks_app.admin.tasks.changelist.keyset import Cursor
from tasks_app.admin.tasks.changelist.pagination import Position, Side
from tasks_app.models import Task
from tests.benchmarks.own_database import own_database

LIST = "/admin/tasks_app/task/"
ROUNDS = 3
LIMIT_MS = 300
QUEUE = 20_000
WORDS = {
    "一字": "的",
    "一字，没有": "龘",
    "一字母": "q",
    "常见词": "记得",
    "常见词（英文）": "the",
    "较少见词": "猕猴桃",
    "长词句": "别忘了带",
    "没有的词": "蜥蜴",
    "没有的词（长）": "没有人说过这句话",
    "字都有、词没有": "会带记得",
    "两词": "牛奶 周五",
    "两词，不同时有": "机场 房租",
    "多词": "a e i o n t 1 2",
    "百分号": "%",
    "只在一季的词": "月饼",
    "只在一季的长词": "记得买月饼",
}
FACETS = {
    "status": ("completed", "failed", "cancelled", "pending", "processing"),
    "task_type": ("trip", "other"),
    "engine": ("local", "llm", "retired"),
    "error_code": ("worker_lost", "llm_timeout"),
    "priority_level": ("high", "low"),
    "reviewed": ("yes", "no"),
}


class Timing(NamedTuple):
    """In milliseconds."""

    whole: float
    database: float
    rows: int


def questions() -> Iterator[tuple[str, dict[str, str]]]:
    """What is asked, and the parameters that ask it."""
    yield from _turning()
    facets = [(name, value) for name, values in FACETS.items() for value in values]
    for chosen in (*combinations(facets, 1), *combinations(facets, 2)):
        if len(dict(chosen)) == len(chosen):
            yield " ".join(f"{n}={v}" for n, v in chosen), dict(chosen)
    for title, words in WORDS.items():
        yield f"{title} “{words}”", {"q": words}
        yield f"{title} “{words}”，最旧一页", {"q": words, "p": Side.OLDEST}
        for name, value in facets:
            yield f"{title} “{words}” {name}={value}", {"q": words, name: value}
    rare = {"status": "failed", "engine": "local", "error_code": "internal"}
    yield "三种条件和词", {**rare, "q": "牛奶"}
    yield "三种条件和没有的词", {**rare, "q": "蜥蜴", "p": Side.OLDEST}
    yield from _naming()


def _turning() -> Iterator[tuple[str, dict[str, str]]]:
    times = Task.objects.order_by("created_at").values_list("created_at", flat=True)
    first, last = times.first(), times.last()
    if first is None or last is None:
        raise SystemExit("no tasks")
    middle = first + (last - first) / 2
    cursor = Cursor(middle, UUID(int=0))
    yield "最新一页", {}
    yield "最旧一页", {"p": Side.OLDEST}
    for side in (Side.BEFORE, Side.AFTER):
        place = {"p": str(Position(side, cursor))}
        yield f"正中 {side}", place
        yield f"正中 {side} status=failed", place | {"status": "failed"}
        yield f"正中 {side} “猕猴桃”", place | {"q": "猕猴桃"}
        yield f"正中 {side} “蜥蜴”", place | {"q": "蜥蜴"}
    yield from _dates(middle)


def _dates(middle: datetime) -> Iterator[tuple[str, dict[str, str]]]:
    year = {"created_at__year": str(middle.year)}
    month = year | {"created_at__month": str(middle.month)}
    days = {
        "年": year,
        "月": month,
        "日": month | {"created_at__day": str(middle.day)},
        "没有任务的年": {"created_at__year": "1999"},
        "日期范围": {
            "created_at_from": str((middle - timedelta(days=3)).date()),
            "created_at_to": str((middle + timedelta(days=3)).date()),
        },
    }
    for title, parameters in days.items():
        yield title, parameters
        for place in ({}, {"p": Side.OLDEST}):
            for further in ({"q": "牛奶"}, {"q": "蜥蜴"}, {"error_code": "internal"}):
                asked = parameters | further | place
                yield f"{title} {' '.join((further | place).values())}", asked


def _naming() -> Iterator[tuple[str, dict[str, str]]]:
    task = Task.objects.exclude(event_id="").order_by("created_at")[500]
    yield "任务编号", {"q": str(task.pk)}
    yield "没有的编号", {"q": str(UUID(int=1))}
    yield "事件编号", {"q": task.event_id}
    yield "所有者", {"owner": task.owner}
    yield "所有者和词", {"owner": task.owner, "q": "牛奶"}


class _Clock:
    """Adds up what statements take."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.elapsed += time.perf_counter() - begun


def measure(client: Client, parameters: dict[str, str]) -> Timing:
    """The slowest of some rounds."""
    timings = []
    for _round in range(ROUNDS):
        clock, begun = _Clock(), time.perf_counter()
        with connection.execute_wrapper(clock):
            response = client.get(LIST, parameters)
        whole = time.perf_counter() - begun
        if response.status_code != 200:
            raise SystemExit(f"{parameters}: {response.status_code}")
        rows = response.text.count('<tr class="data-row')
        timings.append(Timing(whole * 1000, clock.elapsed * 1000, rows))
    return max(timings)


def main(arguments: Sequence[str]) -> None:
    with own_database(__doc__, arguments) as (tasks, days):
        _seed(tasks, days)
        _ask_all()


def _seed(tasks: int, days: int) -> None:
    arguments = f"--tasks={tasks}", f"--days={days}", f"--unfinished={QUEUE}"
    call_command("seed_demo", *arguments, stdout=sys.stderr)
    now = Task.objects.latest("created_at").created_at
    long_ago = Task.objects.filter(created_at__lt=now - timedelta(days=0.75 * days))
    long_ago.filter(engine="local").update(engine="retired")
    season = now - timedelta(days=0.6 * days), now - timedelta(days=0.56 * days)
    of_season = Task.objects.filter(created_at__range=season)
    of_season.update(text=Concat(F("text"), Value("，记得买月饼")))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")


def _ask_all() -> None:
    client = Client(SERVER_NAME="localhost")
    client.force_login(
        User.objects.create(username="staff", is_staff=True, is_superuser=True)
    )
    client.get(LIST)
    print(f"整页 ms  数据库 ms  行  问题（{ROUNDS} 次中最慢）", flush=True)
    slow = asked = 0
    for title, parameters in questions():
        timing = measure(client, parameters)
        asked += 1
        slow += timing.whole > LIMIT_MS
        figures = f"{timing.whole:7.0f} {timing.database:10.0f} {timing.rows:4}"
        print(figures, title, "慢" * (timing.whole > LIMIT_MS), flush=True)
    print(f"{asked} 个问题，{slow} 个超过 {LIMIT_MS} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
