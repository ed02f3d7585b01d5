"""Links from years down to days, to narrow the list of tasks by.

Django's own reads the dates of all rows that are listed; this one reads two times.
"""

import calendar
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from tasks_app.models import Task

FIELD = "created_at"
PARAMETERS = tuple(f"{FIELD}__{unit}" for unit in ("year", "month", "day"))


@dataclass(frozen=True)
class Link:
    title: str
    query: str
    is_current: bool = False


@dataclass(frozen=True)
class Period:
    """A year, one of its months or one of its days."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> "Period | None":
        """What the address says, None if nothing.

        Raises:
            ValueError: it is no period.
        """
        given = [parameters.get(name) for name in PARAMETERS]
        if not any(given):
            return None
        known = [int(value) for value in given if value]
        if not all(given[: len(known)]):
            raise ValueError("a part is given without the whole")
        # Where a year ends must be a date, too, in every time zone.
        if not 1900 <= known[0] <= 9000:
            raise ValueError("no year of ours")
        period = cls(*known)
        date(period.year, period.month or 1, period.day or 1)
        return period

    @property
    def parameters(self) -> dict[str, int | None]:
        parts = (self.year, self.month, self.day)
        return dict(zip(PARAMETERS, parts, strict=True))

    @property
    def name(self) -> str:
        """In full."""
        if self.month is None or self.day is None:
            return self.title
        return date_format(date(self.year, self.month, self.day))

    @property
    def title(self) -> str:
        """Among its siblings."""
        if self.month is None:
            return str(self.year)
        if self.day is None:
            return date_format(date(self.year, self.month, 1), "YEAR_MONTH_FORMAT")
        return str(self.day)


@dataclass(frozen=True)
class DateLinks:
    """To today, to the current period with what it is in, and to what is in it."""

    shortcuts: list[Link]
    ancestors: list[Link]
    children: list[Link]


def date_links(
    current: Period | None, query_of: Callable[..., str]
) -> DateLinks | None:
    """None while there are no tasks. `query_of` takes new parameters of an address."""
    times = Task.objects.order_by(FIELD).values_list(FIELD, flat=True)
    first, last = times.first(), times.last()
    if first is None or last is None:
        return None
    within = localtime(first).date(), localtime(last).date()

    def link(period: Period | None, title: str = "") -> Link:
        parameters = period.parameters if period else dict.fromkeys(PARAMETERS)
        shown = title or (period.title if period else "")
        return Link(shown, query_of(parameters), period == current)

    today = localdate()
    days = ((today, _("今天")), (today - timedelta(days=1), _("昨天")))
    return DateLinks(
        shortcuts=[
            link(Period(day.year, day.month, day.day), title) for day, title in days
        ],
        ancestors=[link(period, title) for period, title in _ancestors(current)],
        children=[link(period) for period in _children(current, *within)],
    )


def _ancestors(current: Period | None) -> Iterator[tuple[Period | None, str]]:
    if current:
        yield None, _("全部日期")
        yield Period(current.year), ""
        if current.month:
            yield Period(current.year, current.month), ""


def _children(current: Period | None, first: date, last: date) -> Iterator[Period]:
    """One step down, as far as there is history."""
    if current is None and first.year == last.year:
        current = Period(first.year)
    if current is None:
        yield from (Period(year) for year in range(first.year, last.year + 1))
    elif current.month is None:
        yield from _months(current.year, first, last)
    else:
        _weekday, days = calendar.monthrange(current.year, current.month)
        for day in range(1, days + 1):
            if first <= date(current.year, current.month, day) <= last:
                yield Period(current.year, current.month, day)


def _months(year: int, first: date, last: date) -> Iterator[Period]:
    for month in range(1, 13):
        if (first.year, first.month) <= (year, month) <= (last.year, last.month):
            yield Period(year, month)
