"""The days of history, from years down to days, to narrow the list of tasks by.

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
    is_chosen: bool = False


@dataclass(frozen=True)
class Span:
    """A year, one of its months or one of its days."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def chosen(cls, parameters: Mapping[str, str]) -> "Span | None":
        """What the address says; ValueError where that is no span."""
        given = [parameters.get(name) for name in PARAMETERS]
        if not any(given):
            return None
        known = [int(value) for value in given if value]
        if not all(given[: len(known)]):
            raise ValueError("a part is given without the whole")
        # Where a year ends must be a date, too, in every time zone.
        if not 1900 <= known[0] <= 9000:
            raise ValueError("no year of ours")
        span = cls(*known)
        date(span.year, span.month or 1, span.day or 1)
        return span

    @property
    def parameters(self) -> dict[str, int | None]:
        parts = (self.year, self.month, self.day)
        return dict(zip(PARAMETERS, parts, strict=True))

    @property
    def title(self) -> str:
        if self.month is None:
            return str(self.year)
        if self.day is None:
            return date_format(date(self.year, self.month, 1), "YEAR_MONTH_FORMAT")
        return str(self.day)


@dataclass(frozen=True)
class DayBar:
    """Links to today, to the chosen span with what it is in, and to what is in it."""

    shortcuts: list[Link]
    above: list[Link]
    choices: list[Link]


def day_bar(chosen: Span | None, query_of: Callable[..., str]) -> DayBar | None:
    """None while there are no tasks. `query_of` takes new parameters of an address."""
    times = Task.objects.order_by(FIELD).values_list(FIELD, flat=True)
    first, last = times.first(), times.last()
    if first is None or last is None:
        return None
    within = localtime(first).date(), localtime(last).date()

    def link(span: Span | None, title: str = "") -> Link:
        parameters = span.parameters if span else dict.fromkeys(PARAMETERS)
        shown = title or (span.title if span else "")
        return Link(shown, query_of(parameters), span == chosen)

    today = localdate()
    days = ((today, _("今天")), (today - timedelta(days=1), _("昨天")))
    return DayBar(
        shortcuts=[
            link(Span(day.year, day.month, day.day), title) for day, title in days
        ],
        above=[link(span, title) for span, title in _above(chosen)],
        choices=[link(span) for span in _choices(chosen, *within)],
    )


def _above(chosen: Span | None) -> Iterator[tuple[Span | None, str]]:
    if chosen:
        yield None, _("全部日期")
        yield Span(chosen.year), ""
        if chosen.month:
            yield Span(chosen.year, chosen.month), ""


def _choices(chosen: Span | None, first: date, last: date) -> Iterator[Span]:
    """One step down, as far as there is history."""
    if chosen is None and first.year == last.year:
        chosen = Span(first.year)
    if chosen is None:
        yield from (Span(year) for year in range(first.year, last.year + 1))
    elif chosen.month is None:
        yield from _months(chosen.year, first, last)
    else:
        _weekday, days = calendar.monthrange(chosen.year, chosen.month)
        for day in range(1, days + 1):
            if first <= date(chosen.year, chosen.month, day) <= last:
                yield Span(chosen.year, chosen.month, day)


def _months(year: int, first: date, last: date) -> Iterator[Span]:
    for month in range(1, 13):
        if (first.year, first.month) <= (year, month) <= (last.year, last.month):
            yield Span(year, month)
