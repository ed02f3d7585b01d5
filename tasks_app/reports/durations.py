"""How long tasks waited and ran, over any number of hours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

from tasks_app.models import HourlyDurations
from tasks_app.reports.grouping import Row, as_moment
from tasks_app.rollups import FRACTIONS, Histogram


@dataclass
class Durations:
    """Of tasks that are final and rolled up."""

    waits: Histogram = field(default_factory=Histogram)
    runs: Histogram = field(default_factory=Histogram)

    @classmethod
    def together(cls, parts: Iterable["Durations"]) -> Self:
        whole = cls()
        for part in parts:
            whole.waits.merge(part.waits.as_json())
            whole.runs.merge(part.runs.as_json())
        return whole

    def times(self) -> Row:
        """`wait_p50` … `run_p99`, each as precise as those of `RollupReport.times`."""
        kinds = {"wait": self.waits, "run": self.runs}
        return {
            f"{kind}_{p}": durations.percentile(fraction)
            for kind, durations in kinds.items()
            for p, fraction in FRACTIONS.items()
        }


def durations(since: date, until: date) -> Mapping[datetime, Durations]:
    """Of each hour that begins in this span and had tasks, the earliest first.

    One row an hour is read, however many kinds of tasks there were.
    """
    hours = HourlyDurations.objects.filter(
        hour__gte=as_moment(since), hour__lt=as_moment(until)
    )
    rows = hours.order_by("hour").values_list("hour", "waits", "runs")
    return {
        hour: Durations(Histogram(waits), Histogram(runs)) for hour, waits, runs in rows
    }
