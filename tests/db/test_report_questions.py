"""Analysts' questions: their answers are those computed by hand, on both databases."""

import ast
import doctest
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from inspect import getsource
from math import ceil
from pkgutil import iter_modules
from random import Random
from typing import Any

import pytest
from django.conf import settings as settings_of_django
from django.db.models import Q
from django.utils import timezone
from pytest_django import Settings

from tasks_app import reports, rollups
from tasks_app.models import Task
from tasks_app.reports import (
    Percentile,
    tasks,
    throughput,
)
from tests.db.recorded import WEEK, RecordedTask

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, NEXT = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9)


@pytest.fixture
def week() -> None:
    """Four tasks on Monday and Tuesday, and one just before and after the week."""
    around = [RecordedTask("2026-03-01T23:59:59"), RecordedTask("2026-03-09T00:00")]
    for recorded in [*WEEK, *around]:
        recorded.store()
    rollups.roll_up()


def asked() -> reports.TaskReport:
    return tasks().submitted_between(MONDAY, NEXT)


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def only(rows: Any, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]


def modules_with_examples() -> list[str]:
    names = [module.name for module in iter_modules(reports.__path__)]
    modules = ["tasks_app.reports", *(f"tasks_app.reports.{name}" for name in names)]
    return [name for name in modules if ">>> " in getsource(import_module(name))]


def test_examples_are_where_they_are_looked_for() -> None:
    assert modules_with_examples() == [
        "tasks_app.reports",
        "tasks_app.reports.percentiles",
    ]


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("module", modules_with_examples())
def test_the_examples_of_the_documentation_run(module: str) -> None:
    names = {"date": date, "week": asked()}
    runner = doctest.DocTestRunner()
    told: list[str] = []
    for test in doctest.DocTestFinder().find(import_module(module), extraglobs=names):
        runner.run(test, out=told.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(told)
    assert runner.summarize(verbose=False).attempted > 0


@pytest.mark.usefixtures("week")
def test_the_examples_of_the_readme_run() -> None:
    readme = (settings_of_django.BASE_DIR / "README.md").read_text()
    [example] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    names: dict[str, Any] = {}
    told = 0
    for statement in ast.parse(example).body:
        if isinstance(statement, ast.Expr):
            assert list(eval(ast.unparse(statement), names))
            told += 1
        else:
            exec(ast.unparse(statement), names)
    assert told == 5


# --- Figures --------------------------------------------------------------------------


@pytest.mark.usefixtures("week")
def test_counts_and_failure_rates() -> None:
    RecordedTask("2026-03-03T12:00", "cancelled", wait_s=None).store()
    RecordedTask("2026-03-03T12:00", "pending", wait_s=None, run_s=None).store()
    RecordedTask("2026-03-04T12:00", "cancelled", wait_s=None).store()
    columns = ("submitted", "completed", "failed", "cancelled", "unfinished")
    assert only(asked().by_day().with_counts(), "day", *columns, "failure_rate") == [
        (MONDAY, 3, 2, 1, 0, 0, 1 / 3),
        (TUESDAY, 3, 1, 0, 1, 1, 0.0),
        (date(2026, 3, 4), 1, 0, 0, 1, 0, None),
    ]


@pytest.mark.usefixtures("week")
def test_times_are_of_those_that_have_them() -> None:
    RecordedTask("2026-03-02T12:00", "cancelled", wait_s=None).store()
    [row] = asked().by_engine().filter(engine="llm").with_times()
    assert row == {
        "engine": "llm",
        "wait_p50": s(1.5),
        "wait_p90": s(2.5),
        "wait_p99": s(2.5),
        "run_p50": s(4),
        "run_p90": s(15),
        "run_p99": s(15),
    }


@pytest.mark.usefixtures("week")
def test_tokens_and_cost() -> None:
    columns = ("input_tokens", "cached_tokens", "output_tokens", "total_cost")
    assert only(asked().by_engine().with_costs(), "engine", *columns) == [
        ("llm", 450, 60, 60, Decimal("0.0021")),
        ("local", 0, 0, 0, Decimal(0)),
    ]


@pytest.mark.usefixtures("week")
def test_accuracy_is_of_what_was_judged_either_way() -> None:
    columns = ("right", "wrong", "unsure", "accuracy", "mean_confidence")
    [llm, local] = only(asked().by_engine().with_accuracy(), *columns)
    assert llm == (1, 1, 0, 0.5, pytest.approx(0.85))
    assert local == (0, 0, 1, None, None)
    assert asked().reviewed().count() == 3


def test_of_nothing_there_is_one_row_of_nothing() -> None:
    [row] = asked().in_all().with_counts().with_times().with_costs().with_accuracy()
    assert (row["submitted"], row["failure_rate"], row["wait_p50"]) == (0, None, None)
    assert (row["total_cost"], row["accuracy"]) == (0, None)
    assert list(asked().by_day().with_counts()) == []


# --- Groups ---------------------------------------------------------------------------


@pytest.mark.usefixtures("week")
def test_groups_nest_filter_and_order_like_any_queryset() -> None:
    nested = asked().by_day().by_engine().with_counts()
    assert only(nested, "day", "engine", "submitted") == [
        (MONDAY, "llm", 3),
        (TUESDAY, "local", 1),
    ]
    assert only(nested.filter(failed__gt=0), "day") == [(MONDAY,)]
    owners = asked().exclude(engine="x").by_owner().with_counts()
    assert only(owners.order_by("submitted")[:1], "owner") == [("client:ben",)]
    assert only(asked().failures().with_counts(), "error_code", "submitted") == [
        ("llm_timeout", 1)
    ]
    hours = only(asked().by_hour().with_counts(), "hour", "submitted")
    begun = [(1, 16), (2, 1), (2, 2), (3, 15)]
    assert hours == [(datetime(2026, 3, d, h, tzinfo=UTC), 1) for d, h in begun]


def test_figures_need_groups_and_groups_come_first() -> None:
    with pytest.raises(TypeError, match="by what"):
        asked().with_counts()
    with pytest.raises(TypeError, match="before"):
        asked().by_day().with_counts().by_engine()


@pytest.mark.usefixtures("week")
def test_days_are_the_site_s_whatever_zone_is_active() -> None:
    days = list(asked().by_day().with_counts())
    with timezone.override(UTC):
        assert list(asked().by_day().with_counts()) == days


def test_days_and_hours_where_clocks_are_set(settings: Settings) -> None:
    settings.TIME_ZONE = "America/New_York"
    for minute in (0, 30, 60, 90):  # 01:00 to 02:30 by the first count, in UTC.
        moment = datetime(2026, 11, 1, 5, tzinfo=UTC) + timedelta(minutes=minute)
        task = RecordedTask("2026-11-01T00:30").store()
        Task.objects.filter(pk=task.pk).update(created_at=moment)
    RecordedTask("2026-03-08T03:00").store()
    RecordedTask("2026-03-08T01:59").store()
    rollups.roll_up()
    autumn = tasks().submitted_between(date(2026, 11, 1), date(2026, 11, 2))
    assert only(autumn.by_day().with_counts(), "day", "submitted") == [
        (date(2026, 11, 1), 4)
    ]
    hours = only(autumn.by_hour().with_counts(), "hour", "submitted")
    assert [(hour.hour, n) for hour, n in hours] == [(5, 2), (6, 2)]
    assert (
        sum(h.completed for h in throughput(date(2026, 11, 1), date(2026, 11, 2))) == 4
    )
    assert len(throughput(date(2026, 11, 1), date(2026, 11, 2))) == 25
    assert len(throughput(date(2026, 3, 8), date(2026, 3, 9))) == 23
    assert [
        h.completed for h in throughput(date(2026, 3, 8), date(2026, 3, 9))[:4]
    ] == [
        0,
        1,
        1,
        0,
    ]


# --- Percentiles ----------------------------------------------------------------------


@pytest.mark.parametrize("fraction", [0.01, 0.5, 0.9, 0.99, 1.0])
def test_percentiles_are_of_the_nearest_rank(fraction: float) -> None:
    random = Random(3)
    tokens = {
        name: [random.randrange(1000) for _ in range(count)]
        for name, count in [("a", 1), ("b", 2), ("c", 10), ("d", 101)]
    }
    for engine, counts in tokens.items():
        for count in counts:
            RecordedTask(
                "2026-03-02T10:00", engine=engine, tokens=(count, 0, 0)
            ).store()
    RecordedTask("2026-03-02T10:00", engine="d").store()
    told = tasks().by_engine().annotate(p=Percentile("prompt_tokens", fraction))
    assert only(told, "engine", "p") == [
        (name, sorted(counts)[ceil(fraction * len(counts)) - 1])
        for name, counts in tokens.items()
    ]


def test_a_percentile_may_be_of_some() -> None:
    for run_s, engine in [(1, "llm"), (2, "llm"), (9, "local")]:
        RecordedTask(
            "2026-03-02T10:00", run_s=run_s, engine=engine, tokens=(run_s, 0, 0)
        ).store()
    [row] = (
        tasks()
        .in_all()
        .annotate(slow=Percentile("prompt_tokens", 1.0, filter=Q(engine="llm")))
    )
    assert row["slow"] == 2
    with pytest.raises(ValueError, match="fraction"):
        Percentile("prompt_tokens", 0)
