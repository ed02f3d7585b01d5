"""How long tasks waited and ran, over any number of hours."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

from tasks_app.models import HourlyDurations
from tasks_app.reports.grouping import Row, as_moment
from tasks_app.rollups import PERCENTILES, Histogram, begin_of_hour


@dataclass
class Durations:
    """Of tasks that are final and rolled up."""

    waits: Histogram = field(default_factory=Histogram)
    runs: Histogram = field(default_factory=Histogram)

    @classmethod
    def together(cls, parts: Iterable["Durations"]) -> Self:
        whole = cls()
        for part in parts:
            whole.add(part.waits.as_json(), part.runs.as_json())
        return whole

    def add(self, waits: Mapping[str, int], runs: Mapping[str, int]) -> None:
        """Others, as histograms give themselves in JSON."""
        self.waits.merge(waits)
        self.runs.merge(runs)

    def times(self) -> Row:
        """`wait_p50` … `run_p99`, each as precise as those of `RollupReport.times`."""
        return _percentiles("wait", self.waits) | _percentiles("run", self.runs)


def _percentiles(kind: str, durations: Histogram) -> Row:
    names = (f"{kind}_{p}" for p in PERCENTILES)
    told = durations.percentiles(PERCENTILES.values())
    return dict(zip(names, told, strict=True))


def durations(since: date, until: date) -> Mapping[datetime, Durations]:
    """Of each hour that begins in this period and had tasks, the earliest first.

    One row an hour is read, however many kinds of tasks there were.
    """
    hours = HourlyDurations.objects.filter(
        hour__gte=as_moment(since), hour__lt=as_moment(until)
    )
    told: defaultdict[datetime, Durations] = defaultdict(Durations)
    for hour, waits, runs in hours.order_by("hour").values_list(
        "hour", "waits", "runs"
    ):
        told[begin_of_hour(hour)].add(waits, runs)
    return told
