"""How questions are put: a period, then by what, then figures."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, ClassVar, Self, cast

from django.db import models
from django.db.models import DecimalField, F, FloatField, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, NullIf, Round, TruncDate
from django.utils import timezone

from tasks_app.states import Status

Row = dict[str, Any]
"""The keys of one group and its figures."""


class Grouping(models.QuerySet[Any]):
    """Rows of any kind, by what they have in common."""

    moment: ClassVar[str]
    """The column that says when."""
    keys: tuple[str, ...] = ()
    """By what it is grouped, in order."""

    def submitted_between(self, since: date, until: date) -> Self:
        """From `since` until just before `until`; a date is its midnight."""
        return self.filter(
            **{
                f"{self.moment}__gte": as_moment(since),
                f"{self.moment}__lt": as_moment(until),
            }
        )

    def in_all(self) -> Self:
        """One group, also of no rows."""
        return self._by("of", of=Value("all"))

    def by_day(self) -> Self:
        zone = timezone.get_default_timezone()
        return self._by("day", day=TruncDate(self.moment, tzinfo=zone))

    def by_type(self) -> Self:
        return self._by("task_type")

    def by_engine(self) -> Self:
        return self._by("engine")

    def by_status(self) -> Self:
        return self._by("status")

    def by_code(self) -> Self:
        return self._by("error_code")

    def failures(self) -> Self:
        """What failed, by why."""
        return self.filter(status=Status.FAILED).by_code()

    def rows(self) -> Iterator[Row]:
        """The groups, for type checkers."""
        return cast(Iterator[Row], iter(self))

    def _by(self, key: str, **annotation: Combinable) -> Self:
        if any(a.contains_aggregate for a in self.query.annotations.values()):
            raise TypeError("say by what before you ask for figures")
        keys = (*self.keys, key)
        grouped = self.annotate(**annotation).values(*keys).order_by(*keys)
        grouped = cast(Self, grouped)
        grouped.keys = keys
        return grouped

    def _with(self, **figures: Combinable) -> Self:
        if not self.keys:
            raise TypeError("say by what first: in_all(), by_day(), by_type(), …")
        return self.annotate(**figures)

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone.keys = self.keys
        return cast(Self, clone)


def share(part: str, *rest: str) -> Combinable:
    """The part that one count is of several; null where there is nothing."""
    whole: Any = F(part)
    for other in rest:
        whole = whole + F(other)
    return Cast(F(part), FloatField()) / NullIf(whole, Value(0))


def total_cost() -> Combinable:
    """To eight decimals; SQLite adds up floating-point numbers."""
    exact = DecimalField(max_digits=20, decimal_places=8)
    return Round(Sum("cost", default=0, output_field=exact), precision=8)


def as_moment(given: date) -> datetime:
    """A date as its beginning, a naive time as the site's."""
    if not isinstance(given, datetime):
        given = datetime.combine(given, time())
    if timezone.is_aware(given):
        return given
    return timezone.make_aware(given, timezone.get_default_timezone())
