"""Ways to narrow the list of tasks."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce
from django.forms import DateField
from django.http import HttpRequest
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from tasks_app.admin.labels import PRIORITIES, TASK_TYPES
from tasks_app.models import Review, Task
from tasks_app.reports import as_moment
from tasks_app.states import Status

if TYPE_CHECKING:
    # Unfold has no types; its filters take and give what Django's do.
    from django.contrib.admin import FieldListFilter as RangeDateFilter
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin import SimpleListFilter as DropdownFilter
else:
    from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter

_MOST_VALUES = 100
"""That a filter offers."""


class ChoiceFilter(DropdownFilter):
    """One of several values, or none of them."""

    @property
    def shown(self) -> object:
        """What the chosen value is called."""
        return dict[str | None, object](self.lookup_choices).get(self.value())


class ColumnFilter(ChoiceFilter):
    """The rows whose column `parameter_name` has the chosen value."""

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        value = self.value()
        if not value:
            return None
        if value not in dict(self.lookup_choices):
            return queryset.none()
        return queryset.filter(**{str(self.parameter_name): value})


class StatusFilter(ColumnFilter):
    title = _("状态")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Any:
        return Status.choices


class TaskTypeFilter(ColumnFilter):
    title = _("类型")
    parameter_name = "task_type"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Any:
        return TASK_TYPES.items()


class PriorityFilter(ColumnFilter):
    title = _("优先级")
    parameter_name = "priority_level"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Any:
        return PRIORITIES.items()


class EngineFilter(ColumnFilter):
    title = _("引擎")
    parameter_name = "engine"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Any:
        return [(engine, engine) for engine in _values_of("engine")]


class ErrorCodeFilter(ColumnFilter):
    title = _("错误代码")
    parameter_name = "error_code"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Any:
        return [(code, code) for code in _values_of("error_code")]


def _values_of(column: str) -> Iterator[str]:
    """The values of an indexed column, each by one look-up: all rows are too many."""
    value: str | None = ""
    for _turn in range(_MOST_VALUES):
        # For SQLite: the index is of those that have a value.
        named = Task.objects.exclude(**{column: ""}).order_by(column)
        further = named.filter(**{f"{column}__gt": value})
        value = further.values_list(column, flat=True).first()
        if value is None:
            return
        yield value


class ReviewFilter(ChoiceFilter):
    title = _("复核")
    parameter_name = "reviewed"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Any:
        return [("yes", _("已复核")), ("no", _("未复核"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        if self.value() not in dict(self.lookup_choices):
            return None
        if self.is_reviewed:
            return queryset.filter(review__isnull=False)
        # As a value, not as a join: PostgreSQL would take that for one of few rows,
        # and read all reviews for each of many.
        review = Review.objects.filter(task=OuterRef("pk"))
        marked: QuerySet[Any] = queryset.alias(
            has_review=Coalesce(Exists(review), Value(False))
        )
        return marked.filter(has_review=False)

    @property
    def is_reviewed(self) -> bool:
        return self.value() == "yes"


class DayRangeFilter(RangeDateFilter):
    """Whole days of the active time zone, the first and the last included. Addresses
    may give moments instead.

    Days are read as the active language writes them, which is how the calendar of
    the form fills them in; what is no day does not narrow.
    """

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        if self.first:
            queryset = queryset.filter(**{f"{self.field_path}__gte": self.first})
        if self.last:
            queryset = queryset.filter(**{f"{self.field_path}__lte": self.last})
        return queryset

    @property
    def first(self) -> datetime | None:
        return _moment_of(self._given("from"), time.min)

    @property
    def last(self) -> datetime | None:
        return _moment_of(self._given("to"), time.max)

    def _given(self, end: str) -> object:
        return self.used_parameters.get(f"{self.field_path}_{end}")


def _moment_of(day: object, at: time) -> datetime | None:
    try:
        if "T" in str(day):
            return as_moment(datetime.fromisoformat(str(day))).astimezone(UTC)
        date = DateField(required=False).clean(day)
        if date is None:
            return None
        local = datetime.combine(date, at, tzinfo=get_current_timezone())
        return local.astimezone(UTC)
    except (ValidationError, OverflowError, ValueError):
        return None
