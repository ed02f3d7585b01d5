"""Questions to the rows of tasks."""

from typing import Self

from django.db.models import Avg, Count, F, FloatField, Q, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Floor, Least

from tasks_app.models import Task, TaskQuerySet, Verdict
from tasks_app.reports.grouping import Grouping, share, total_cost
from tasks_app.reports.percentiles import Percentile
from tasks_app.rollups import PERCENTILES, hour_of
from tasks_app.states import UNFINISHED, Status

_BANDS = 10
_JUDGED = Q(status=Status.COMPLETED, review__verdict__in=[Verdict.RIGHT, Verdict.WRONG])


def tasks() -> "TaskReport":
    """All tasks that are kept, to ask about."""
    return TaskReport(Task)


class TaskReport(Grouping, TaskQuerySet):  # type: ignore[override]
    """Tasks by what they have in common, with figures of each group."""

    moment = "created_at"

    def reviewed(self) -> Self:
        return self.filter(review__isnull=False)

    def by_hour(self) -> Self:
        return self._by("hour", hour=hour_of(self.moment))

    def by_owner(self) -> Self:
        return self._by("owner")

    def by_confidence(self) -> Self:
        """In tenths: `band` 7 is from 0.7 until just before 0.8, and 9 has 1.0 too."""
        tenths = Floor(F("confidence") * _BANDS)
        band = Least(tenths, Value(_BANDS - 1.0), output_field=FloatField())
        return self.filter(confidence__isnull=False)._by("band", band=band)

    def with_counts(self) -> Self:
        """`submitted` and how these fared: `completed`, `failed`, `cancelled`,
        `unfinished`; `failure_rate` is of those that completed or failed.
        """
        return self._with(
            submitted=Count("pk"),
            completed=_count(status=Status.COMPLETED),
            failed=_count(status=Status.FAILED),
            cancelled=_count(status=Status.CANCELLED),
            unfinished=_count(status__in=UNFINISHED),
            failure_rate=share("failed", "completed"),
        )

    def with_times(self) -> Self:
        """`wait_p50`, `wait_p90`, `wait_p99`, from submission to the latest claim, and
        `run_p50`, `run_p90`, `run_p99`, from there to the end.
        """
        wait = F("started_at") - F("created_at")
        run_time = F("completed_at") - F("started_at")
        waits = {f"wait_{p}": Percentile(wait, n) for p, n in PERCENTILES.items()}
        runs = {f"run_{p}": Percentile(run_time, n) for p, n in PERCENTILES.items()}
        return self._with(**waits, **runs)

    def with_costs(self) -> Self:
        """`input_tokens`, the `cached_tokens` among them, `output_tokens` and
        `total_cost`.
        """
        return self._with(
            input_tokens=Sum("prompt_tokens", default=0),
            cached_tokens=Sum("cached_prompt_tokens", default=0),
            output_tokens=Sum("completion_tokens", default=0),
            total_cost=total_cost(),
        )

    def with_accuracy(self) -> Self:
        """What staff thinks: `right`, `wrong`, `unsure`; `accuracy` is the part of the
        right ones of those that are right or wrong, and `mean_confidence` what the
        engines thought of these. Reviews of failed tasks are not about an engine, and
        are left out.
        """
        return self._with(
            right=_reviewed_as(Verdict.RIGHT),
            wrong=_reviewed_as(Verdict.WRONG),
            unsure=_reviewed_as(Verdict.UNSURE),
            accuracy=share("right", "wrong"),
            mean_confidence=Avg("confidence", filter=_JUDGED),
        )


def _reviewed_as(verdict: Verdict) -> Combinable:
    return _count(status=Status.COMPLETED, review__verdict=verdict)


def _count(**conditions: object) -> Combinable:
    return Count("pk", filter=Q(**conditions))
