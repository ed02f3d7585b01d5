"""What a report tells: counts, times, tokens, cost and accuracy by keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tasks_app.reports import RollupReport, Row, TaskReport, one_moment, rollups, tasks
from tasks_app.rollups import PERCENTILES

KEYS = {
    "hour": "hour",
    "day": "day",
    "type": "task_type",
    "engine": "engine",
    "owner": "owner",
    "status": "status",
    "code": "error_code",
}
"""What may be grouped by, and the column that it makes."""


@dataclass(frozen=True)
class Figures:
    """Of each group, and of all in the period; the keys of `total` are None."""

    period: tuple[date, date]
    by: list[str]
    rows: list[Row]
    total: Row

    @property
    def names(self) -> list[str]:
        """Of the columns, in order; those of keys first."""
        return list(self.total)


def read_figures(
    period: tuple[date, date],
    *,
    by: list[str],
    filters: Mapping[str, str],
    top: int | None,
    from_rollups: bool,
) -> Figures:
    """Of the tasks submitted in `period` that meet `filters`, columns and their values.

    `top` groups at most, those with the most tasks first; None = all, by their keys.

    Raises:
        DatabaseError
    """
    question = (rollups() if from_rollups else tasks()).submitted_between(*period)
    question = question.filter(**filters)
    groups = question
    for key in by:
        groups = getattr(groups, f"by_{key}")()
    with one_moment():
        [total] = _read(question.in_all())
        rows = _read(groups, top)
    del total["of"]
    keys = dict.fromkeys(KEYS[key] for key in by)
    return Figures(period, by, rows, keys | total)


def _read(groups: TaskReport | RollupReport, top: int | None = None) -> list[Row]:
    counts = groups.with_counts().with_costs()
    if isinstance(counts, TaskReport):
        counts = counts.with_times().with_accuracy()
    if top is not None:
        counts = counts.order_by("-submitted", *groups.keys)[:top]
    rows = list(counts.rows())
    if isinstance(groups, RollupReport):
        return _with_times(rows, groups)
    return rows


def _with_times(rows: Sequence[Row], groups: RollupReport) -> list[Row]:
    times = {tuple(row[key] for key in groups.keys): row for row in groups.times()}
    no_times = dict.fromkeys(f"{d}_{p}" for d in ("wait", "run") for p in PERCENTILES)
    return [
        row | times.get(tuple(row[key] for key in groups.keys), no_times)
        for row in rows
    ]
