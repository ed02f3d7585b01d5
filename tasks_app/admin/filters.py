"""Ways to narrow the list of tasks."""

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import DateField
from django.http import HttpRequest
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from tasks_app.admin.names import PRIORITIES, TASK_TYPES
from tasks_app.models import Task
from tasks_app.states import Status

if TYPE_CHECKING:
    # Unfold has no types; its filters take and give what Django's do.
    from django.contrib.admin import FieldListFilter as RangeDateFilter
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin import SimpleListFilter as DropdownFilter
else:
    from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter

_ENGINES_AMONG = 1000
"""Engines are looked for among so many newest tasks; all would be too many to read."""


class _ColumnFilter(DropdownFilter):
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


class StatusFilter(_ColumnFilter):
    title = _("状态")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Any:
        return Status.choices


class TaskTypeFilter(_ColumnFilter):
    title = _("类型")
    parameter_name = "task_type"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Any:
        return TASK_TYPES.items()


class PriorityFilter(_ColumnFilter):
    title = _("优先级")
    parameter_name = "priority_level"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Any:
        return PRIORITIES.items()


class EngineFilter(_ColumnFilter):
    title = _("引擎")
    parameter_name = "engine"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Any:
        newest = Task.objects.order_by("-created_at").values("pk")[:_ENGINES_AMONG]
        used = Task.objects.filter(pk__in=newest).exclude(engine="")
        names = used.order_by("engine").values_list("engine", flat=True).distinct()
        return [(name, name) for name in names]


class DayRangeFilter(RangeDateFilter):
    """Whole days of the active time zone, the first and the last included.

    Days are read as the active language writes them, which is how the calendar of
    the form fills them in; what is no day does not narrow.
    """

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        first = _moment_of(self._given("from"), time.min)
        last = _moment_of(self._given("to"), time.max)
        if first:
            queryset = queryset.filter(**{f"{self.field_path}__gte": first})
        if last:
            queryset = queryset.filter(**{f"{self.field_path}__lte": last})
        return queryset

    def _given(self, end: str) -> object:
        return self.used_parameters.get(f"{self.field_path}_{end}")


def _moment_of(day: object, at: time) -> datetime | None:
    try:
        date = DateField(required=False).clean(day)
        if date is None:
            return None
        local = datetime.combine(date, at, tzinfo=get_current_timezone())
        return local.astimezone(UTC)
    except (ValidationError, OverflowError):
        return None
