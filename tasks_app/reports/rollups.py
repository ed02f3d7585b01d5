"""Questions to the hourly sums: they cost as much however many tasks there were."""

from collections import defaultdict
from typing import Any, Self

from django.db.models import Q, Sum
from django.db.models.expressions import Combinable

from tasks_app.models import HourlyRollup
from tasks_app.reports.durations import Durations
from tasks_app.reports.grouping import Grouping, Row, share, total_cost
from tasks_app.states import Status


def rollups() -> "RollupReport":
    """All hours that tasks were submitted in, to ask about."""
    return RollupReport(HourlyRollup)


class RollupReport(Grouping):
    """Hours by what their tasks have in common; the figures are called as those of
    `TaskReport`, and count what is final and rolled up.
    """

    moment = "hour"

    def by_hour(self) -> Self:
        return self._by("hour")

    def with_counts(self) -> Self:
        """See `TaskReport.with_counts`."""
        return self._with(
            submitted=_sum(),
            completed=_sum(status=Status.COMPLETED),
            failed=_sum(status=Status.FAILED),
            cancelled=_sum(status=Status.CANCELLED),
            failure_rate=share("failed", "completed"),
        )

    def with_costs(self) -> Self:
        """See `TaskReport.with_costs`."""
        return self._with(
            input_tokens=Sum("prompt_tokens", default=0),
            cached_tokens=Sum("cached_prompt_tokens", default=0),
            output_tokens=Sum("completion_tokens", default=0),
            total_cost=total_cost(),
        )

    def times(self) -> list[Row]:
        """The keys of each group with its `wait_p50` … `run_p99`, in their order.

        Each is within `histogram.ERROR` of what `TaskReport.with_times` tells.
        """
        groups: defaultdict[tuple[Any, ...], Durations] = defaultdict(Durations)
        for *key, waits, runs in self.values_list(*self.keys, "waits", "runs"):
            groups[tuple(key)].add(waits, runs)
        return [
            dict(zip(self.keys, key, strict=True)) | durations.times()
            for key, durations in groups.items()
        ]


def _sum(**conditions: object) -> Combinable:
    return Sum("tasks", filter=Q(**conditions), default=0)
