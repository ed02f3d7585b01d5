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
from tasks_app.demo import History, Plan, store
from tasks_app.models import HourlyRollup, Review, Task
from tasks_app.reports import (
    Durations,
    Percentile,
    calibration,
    durations,
    tasks,
    throughput,
)
from tasks_app.rollups.histogram import ERROR
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


# --- Rollups tell the same ------------------------------------------------------------


def store_history() -> None:
    until = datetime(2026, 3, 5, 4, tzinfo=UTC)
    plan = Plan(tasks=700, until=until, days=4, seed=5)
    for _written in store(History(plan).simulations()):
        pass


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Asia/Kolkata"])
def test_rollups_tell_what_the_rows_tell(settings: Settings, zone: str) -> None:
    settings.TIME_ZONE = zone
    store_history()
    period = date(2026, 3, 2), date(2026, 3, 5)
    rows, sums = (ask().submitted_between(*period) for ask in (tasks, reports.rollups))
    for by in (
        "in_all",
        "by_hour",
        "by_day",
        "by_type",
        "by_engine",
        "by_status",
        "by_code",
        "failures",
    ):
        from_rows = list(getattr(rows, by)().with_counts().with_costs())
        from_sums = list(getattr(sums, by)().with_counts().with_costs())
        assert [row.pop("unfinished") for row in from_rows] == [0] * len(from_sums)
        assert from_rows == from_sums, by
        assert from_rows


def test_times_from_histograms_are_near_to_those_of_the_rows() -> None:
    store_history()
    period = date(2026, 3, 1), date(2026, 3, 6)
    rows = tasks().submitted_between(*period)
    sums = reports.rollups().submitted_between(*period)
    pairs = zip(rows.by_engine().with_times(), sums.by_engine().times(), strict=True)
    for exact, near in pairs:
        assert exact.keys() == near.keys()
        assert exact.pop("engine") == near.pop("engine")
        for name, duration in exact.items():
            if duration is None:
                assert near[name] is None
            else:
                assert near[name].total_seconds() == pytest.approx(
                    duration.total_seconds(), rel=ERROR + 1e-6, abs=1e-4
                )


def test_durations_of_all_kinds_are_those_of_the_rollups() -> None:
    store_history()
    period = date(2026, 3, 1), date(2026, 3, 6)
    by_hour = durations(*period)
    sums = reports.rollups().submitted_between(*period)
    told = {hour: some.times() for hour, some in by_hour.items()}
    assert told == {row.pop("hour"): row for row in sums.by_hour().times()}
    [whole] = sums.in_all().times()
    assert Durations.together(by_hour.values()).times() | {"of": "all"} == whole
    assert durations(NEXT, NEXT) == {}
    assert set(Durations().times().values()) == {None}


def test_what_is_deleted_is_still_told_by_rollups() -> None:
    store_history()
    told = list(reports.rollups().by_day().with_counts())
    Task.objects.all().delete()
    assert list(reports.rollups().by_day().with_counts()) == told
    assert HourlyRollup.objects.exists()


# --- Calibration ----------------------------------------------------------------------


def test_calibration_compares_confidence_with_what_is_right() -> None:
    for engine, confidence, verdict in [
        ("llm", 0.7, "right"),
        ("llm", 0.79, "wrong"),
        ("llm", 1.0, "right"),
        ("llm", 0.9, "right"),
        ("llm", 0.95, "unsure"),
        ("llm", 0.95, None),
        ("local", 0.3, "wrong"),
    ]:
        RecordedTask(
            "2026-03-02T10:00", engine=engine, confidence=confidence, verdict=verdict
        ).store()
    RecordedTask(
        "2026-04-02T10:00", engine="llm", confidence=0.1, verdict="wrong"
    ).store()
    [llm, local] = calibration(MONDAY, NEXT)
    assert [(b.low, b.high, b.judged, b.accuracy) for b in llm.bands] == [
        (0.7, 0.8, 2, 0.5),
        (0.9, 1.0, 2, 1.0),
    ]
    assert [b.mean_confidence for b in llm.bands] == pytest.approx([0.745, 0.95])
    assert (llm.engine, llm.judged, llm.accuracy) == ("llm", 4, 0.75)
    assert llm.error == pytest.approx((2 * 0.245 + 2 * 0.05) / 4)
    assert (local.engine, local.accuracy, local.bands[0].low) == ("local", 0.0, 0.3)
    assert calibration(NEXT, NEXT) == []


def test_calibration_has_reviews_of_a_clock_that_is_behind() -> None:
    task = RecordedTask("2026-03-02T00:00:01", confidence=0.7, verdict="right").store()
    Review.objects.update(reviewed_at=task.created_at - timedelta(seconds=2))
    [local] = calibration(MONDAY, NEXT)
    [row] = asked().in_all().with_accuracy()
    assert (local.judged, row["right"]) == (1, 1)


@pytest.mark.parametrize("hundredths", range(101))
def test_a_confidence_is_in_the_band_that_it_begins(hundredths: int) -> None:
    RecordedTask("2026-03-02T10:00", confidence=hundredths / 100).store()
    [row] = tasks().by_confidence().with_counts()
    assert row["band"] == min(hundredths // 10, 9)
