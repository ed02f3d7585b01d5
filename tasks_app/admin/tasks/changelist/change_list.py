"""Django's list of rows, for tasks: what narrows it, and which page it shows."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext

from tasks_app.admin.tasks.changelist.date_hierarchy import (
    FIELD,
    Link,
    Period,
    date_links,
)
from tasks_app.admin.tasks.changelist.filters import (
    ChoiceFilter,
    ColumnFilter,
    DayRangeFilter,
    ReviewFilter,
)
from tasks_app.admin.tasks.changelist.keyset import Cursor, Direction, first_ids
from tasks_app.admin.tasks.changelist.pagination import KeysetPaginator, Position
from tasks_app.admin.tasks.changelist.search import Criteria, parse_search
from tasks_app.models import TaskQuerySet

if TYPE_CHECKING:
    # It takes no parameters at run time, and Unfold has no types.
    from django.contrib.admin.views.main import ChangeList
else:
    from unfold.views import ChangeList


class TaskChangeList(ChangeList):
    criteria: Criteria

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        given = {name: str(values[-1]) for name, values in found.items()}
        try:
            self.period = Period.parse(given)
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error
        return found

    def get_filters(self, request: HttpRequest) -> Any:
        filters = super().get_filters(request)
        specs, _has_filters, lookups, *_rest = filters
        self.criteria = _criteria(self.query, specs, lookups)
        return filters

    def get_results(self, request: HttpRequest) -> None:
        self.paginator = KeysetPaginator(
            Position.parse(request.GET.get(PAGE_VAR, "")),
            self.list_per_page,
            self._first_ids,
            self.get_query_string,
        )
        self.result_list = self.paginator.tasks
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = True
        self.date_links = date_links(self.period, self.get_query_string)

    @property
    def description(self) -> str:
        """What the list is narrowed by, for people; "" if it shows all."""
        parts = [self.period.name] if self.period else []
        parts += [condition.title for condition in self.conditions]
        if self.query:
            title = gettext("搜索")
            parts.append(f"{title}: {self.query}")
        return " · ".join(parts)

    @property
    def conditions(self) -> Iterator[Link]:
        """What the list is narrowed by, each with the way to drop it."""
        for spec in self.filter_specs:
            if isinstance(spec, ChoiceFilter) and spec.value():
                shown = spec.shown or spec.value()
                yield self._condition(spec.title, shown, str(spec.parameter_name))
            if isinstance(spec, DayRangeFilter) and (spec.first or spec.last):
                ends = (spec.first, spec.last)
                named = "–".join(map(_named, ends))
                yield self._condition(spec.title, named, f"{FIELD}_")
        if owner := self.params.get("owner"):
            yield self._condition(gettext("所有者"), owner, "owner")

    def _condition(self, title: object, value: object, prefix: str) -> Link:
        return Link(f"{title}: {value}", self.get_query_string(remove=[prefix]))

    def _first_ids(
        self, direction: Direction, limit: int, cursor: Cursor | None
    ) -> list[UUID]:
        tasks = cast("TaskQuerySet", self.queryset)
        return first_ids(tasks, self.criteria, direction, limit, cursor)


def _named(end: datetime | None) -> str:
    """A day by its date, anything else to the minute."""
    if end is None:
        return ""
    local = localtime(end)
    is_of_day = local.time() in (time.min, time.max)
    return f"{local:%Y-%m-%d}" if is_of_day else f"{local:%Y-%m-%d %H:%M}"


def _criteria(search: str, specs: list[Any], lookups: dict[str, Any]) -> Criteria:
    used = (spec for spec in specs if isinstance(spec, ColumnFilter) and spec.value())
    ranges = [spec for spec in specs if isinstance(spec, DayRangeFilter)]
    since = [spec.first for spec in ranges] + lookups.get("created_at__gte", [])
    until = [spec.last for spec in ranges] + lookups.get("created_at__lt", [])
    return Criteria(
        words=parse_search(search).words,
        facets={str(spec.parameter_name): str(spec.value()) for spec in used},
        since=max((moment for moment in since if moment), default=None),
        until=min((moment for moment in until if moment), default=None),
        is_reviewed=any(
            isinstance(spec, ReviewFilter) and spec.is_reviewed for spec in specs
        ),
    )
