"""Hourly sums tell what the rows tell."""

from datetime import UTC, date, datetime

import pytest
from pytest_django import Settings

from tasks_app import reports
from tasks_app.demo import History, Plan, store
from tasks_app.models import HourlyRollup, Task
from tasks_app.reports import Durations, durations, tasks
from tasks_app.rollups.histogram import ERROR

pytestmark = pytest.mark.django_db

NEXT = date(2026, 3, 9)


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
