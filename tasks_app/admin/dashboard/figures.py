"""What became of the tasks that were submitted in a period."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from tasks_app import reports
from tasks_app.admin.dashboard.periods import Period
from tasks_app.reports import Durations, RollupReport, Row
from tasks_app.rollups import begin_of_hour
from tasks_app.states import Status

FINAL_STATUSES = (Status.COMPLETED, Status.FAILED, Status.CANCELLED)
"""In the order in which they are shown."""
_COUNTS = ("submitted", "completed", "failed", "cancelled")
_COSTS = ("input_tokens", "cached_tokens", "output_tokens", "total_cost")


@dataclass(frozen=True)
class Figures:
    """Every list is in the order in which it is shown."""

    period: Period
    total: Row
    """Counts, failure rate, times, tokens and cost of all."""
    steps: Sequence[Row]
    """Of each hour or day until now: `begin`, counts and times."""
    days: Sequence[Row]
    """Of each day: `day`, tokens and cost."""
    types: Sequence[Row]
    codes: Sequence[Row]
    engines: Sequence[Row]
    """`engine`, counts and `calibration`, None where nothing was judged."""

    @property
    def is_empty(self) -> bool:
        return not self.total["submitted"]

    @property
    def has_costs(self) -> bool:
        return any(self.total[name] for name in _COSTS)


def read_figures(period: Period, now: datetime) -> Figures:
    """All as of one moment: the parts add up to the total."""
    with reports.one_moment():
        return _read(period, now)


def _read(period: Period, now: datetime) -> Figures:
    sums = reports.rollups().submitted_between(period.since, period.until)
    durations = _durations(period)
    counts = _counts(period, sums)
    steps = _steps(period, now, counts, durations)
    days = _days(period, sums)
    return Figures(
        period=period,
        total=_total(counts.values(), days, durations.values()),
        steps=steps,
        days=days,
        types=_largest(sums.exclude(task_type="").by_type()),
        codes=_largest(sums.failures()),
        engines=_engines(period, sums),
    )


def label_of(begin: date, figures: Figures) -> str:
    """On the site's clock, as short as the period allows."""
    if not isinstance(begin, datetime):
        return f"{begin:%m-%d}"
    local = timezone.localtime(begin)
    return f"{local:%H:%M}" if figures.period.name == "24h" else f"{local:%m-%d %H:%M}"


def _durations(period: Period) -> Mapping[date, Durations]:
    """By the hour or the day."""
    parts: defaultdict[date, list[Durations]] = defaultdict(list)
    for hour, some in reports.durations(period.since, period.until).items():
        begin = hour if period.is_by_hour else timezone.localtime(hour).date()
        parts[begin].append(some)
    return {begin: Durations.together(some) for begin, some in parts.items()}


def _counts(period: Period, sums: RollupReport) -> Mapping[date, Row]:
    """By the hour or the day."""
    grouped = sums.by_hour() if period.is_by_hour else sums.by_day()
    counts: defaultdict[date, Row] = defaultdict(lambda: dict.fromkeys(_COUNTS, 0))
    for row in grouped.with_counts().rows():
        begin = begin_of_hour(row["hour"]) if period.is_by_hour else row["day"]
        for name in _COUNTS:
            counts[begin][name] += row[name]
    return counts


def _steps(
    period: Period,
    now: datetime,
    counts: Mapping[date, Row],
    durations: Mapping[date, Durations],
) -> list[Row]:
    times = {begin: some.times() for begin, some in durations.items()}
    nothing = dict.fromkeys(_COUNTS, 0)
    return [
        {"begin": begin} | counts.get(begin, nothing) | times.get(begin, {})
        for begin in _begins(period, now)
    ]


def _begins(period: Period, now: datetime) -> Sequence[date]:
    """Of the hours or days that are not in the future."""
    if period.is_by_hour:
        return list(reports.hours(period.since, min(period.until, now)))
    today = timezone.localtime(now).date()
    return [day for day in period.days() if day <= today]


def _days(period: Period, sums: RollupReport) -> list[Row]:
    costs = {row["day"]: row for row in sums.by_day().with_costs().rows()}
    nothing = dict.fromkeys(_COSTS, 0)
    return [{"day": day} | costs.get(day, nothing) for day in period.days()]


def _total(
    counts: Iterable[Row], days: Sequence[Row], durations: Iterable[Durations]
) -> Row:
    """Also of hours to come: clocks of two machines differ."""
    total: Row = {name: sum(row[name] for row in counts) for name in _COUNTS}
    total |= {name: sum(row[name] for row in days) for name in _COSTS}
    judged = total["completed"] + total["failed"]
    total["failure_rate"] = total["failed"] / judged if judged else None
    return total | Durations.together(durations).times()


def _largest(groups: RollupReport) -> list[Row]:
    """The groups, the largest first, each with its `share` of all."""
    rows = list(groups.with_counts().order_by("-submitted", *groups.keys).rows())
    whole = sum(row["submitted"] for row in rows)
    return [row | {"share": row["submitted"] / whole} for row in rows]


def _engines(period: Period, sums: RollupReport) -> list[Row]:
    judged = {
        calibration.engine: calibration
        for calibration in reports.calibration(period.since, period.until)
    }
    counts = sums.exclude(engine="").by_engine().with_counts().rows()
    return [row | {"calibration": judged.get(row["engine"])} for row in counts]
