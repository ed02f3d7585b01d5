"""Questions to the ORM; reads only.

For analysts, questions are querysets: say which tasks, by what, and which figures.

    >>> from tasks_app.reports import rollups, tasks
    >>> week = tasks().submitted_between(date(2026, 3, 2), date(2026, 3, 9))
    >>> for row in week.by_day().with_counts():
    ...     print(row["day"], row["submitted"], f"{row['failure_rate']:.0%}")
    2026-03-02 3 33%
    2026-03-03 1 0%

Every filter, exclusion and slice of the ORM fits in before the grouping, and the
figures may be filtered and ordered by after it. Several groupings nest:

    >>> trips = week.filter(task_type="trip").by_engine().with_times().with_costs()
    >>> for row in trips:
    ...     print(row["engine"], row["run_p90"], f"{row['total_cost']:.4f}")
    llm 0:00:15 0.0021
    >>> busiest = week.by_owner().with_counts().order_by("-submitted")[:10]
    >>> [(row["owner"], row["submitted"]) for row in busiest]
    [('client:anna', 3), ('client:ben', 1)]
    >>> week.in_all().with_accuracy().get()["accuracy"]
    0.5

`tasks()` reads the rows: exact, of all columns, for as long as they are kept.
`rollups()` reads the hourly sums: at once, whatever has been deleted since, without
owners and reviews, and with percentiles that are within 2 %:

    >>> sums = rollups().submitted_between(date(2026, 3, 2), date(2026, 3, 9))
    >>> [(row["error_code"], row["submitted"]) for row in sums.failures().with_counts()]
    [('llm_timeout', 1)]

Days and hours are the site's; a task belongs to those in which it was submitted. A
period begins with its first moment and ends before its last. Durations are timedeltas,
costs Decimals, rates between 0 and 1, and None where there is nothing to tell them
from.
"""

from tasks_app.reports.calibration import Band, Calibration, calibration
from tasks_app.reports.durations import Durations, durations
from tasks_app.reports.grouping import Row, as_moment
from tasks_app.reports.one_moment import one_moment
from tasks_app.reports.percentiles import Percentile
from tasks_app.reports.queries import (
    changed_revisions,
    data_version,
    ended_after,
    events_of,
    find_task,
    newest_tasks,
    stats,
    unfinished_revisions,
)
from tasks_app.reports.rollups import RollupReport, rollups
from tasks_app.reports.tasks import TaskReport, tasks
from tasks_app.reports.throughput import Hour, hours, throughput

__all__ = [
    "Band",
    "Calibration",
    "Durations",
    "Hour",
    "Percentile",
    "RollupReport",
    "Row",
    "TaskReport",
    "as_moment",
    "calibration",
    "changed_revisions",
    "data_version",
    "durations",
    "ended_after",
    "events_of",
    "find_task",
    "hours",
    "newest_tasks",
    "one_moment",
    "rollups",
    "stats",
    "tasks",
    "throughput",
    "unfinished_revisions",
]
