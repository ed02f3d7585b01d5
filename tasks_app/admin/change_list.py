"""The list of tasks, page by page: any of them can be reached, and none is counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext

from tasks_app.admin import days
from tasks_app.admin.filters import (
    ChoiceFilter,
    ColumnFilter,
    DayRangeFilter,
    ReviewFilter,
)
from tasks_app.admin.question import Question, read_search
from tasks_app.admin.reading import BACK, FORTH, Mark, read
from tasks_app.models import Task, TaskQuerySet

if TYPE_CHECKING:
    # It takes no parameters at run time, and Unfold has no types.
    from django.contrib.admin.views.main import ChangeList
else:
    from unfold.views import ChangeList

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Side(StrEnum):
    """Which page is meant; BEFORE and AFTER a task."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Place:
    """Where a page is, as its address has it: `before.<microseconds>.<task id>`."""

    side: Side = Side.NEWEST
    mark: Mark | None = None

    @classmethod
    def parse(cls, given: str) -> "Place":
        """The newest page, where this is no place."""
        side, *mark = given.split(".")
        try:
            if not mark:
                return cls(Side.OLDEST if side == Side.OLDEST else Side.NEWEST)
            microseconds, task_id = mark
            at = _EPOCH + int(microseconds) * _MICROSECOND
            return cls(Side(side), Mark(at, UUID(task_id)))
        except (ValueError, OverflowError):
            return cls()

    def __str__(self) -> str:
        if self.mark is None:
            return self.side
        microseconds = (self.mark.at - _EPOCH) // _MICROSECOND
        return f"{self.side}.{microseconds}.{self.mark.task_id.hex}"


class Pages:
    """One page of tasks and the way to the others."""

    template_name = "tasks_app/admin/pagination.html"

    def __init__(self, change_list: "TaskChangeList", place: Place) -> None:
        self._change_list = change_list
        self.has_newer = self.has_older = False
        self._turn_to(place)

    @property
    def newest_query(self) -> str:
        return self._query(Place(Side.NEWEST))

    @property
    def oldest_query(self) -> str:
        return self._query(Place(Side.OLDEST))

    @property
    def newer_query(self) -> str:
        return self._query(Place(Side.AFTER, _mark(self.tasks[0])))

    @property
    def older_query(self) -> str:
        return self._query(Place(Side.BEFORE, _mark(self.tasks[-1])))

    def _query(self, place: Place) -> str:
        return self._change_list.get_query_string({PAGE_VAR: str(place)})

    def _turn_to(self, place: Place) -> None:
        size = self._change_list.list_per_page
        way = BACK if place.side in (Side.NEWEST, Side.BEFORE) else FORTH
        found = self._change_list.read(way, size + 1, place.mark)
        has_more = len(found) > size
        if place.side is Side.AFTER and not has_more:
            # The newest page is a full one, wherever one comes from.
            return self._turn_to(Place())
        self.tasks = self._rows(found[:size])
        self.has_newer = place.side is Side.BEFORE or (way is FORTH and has_more)
        self.has_older = place.side is Side.AFTER or (way is BACK and has_more)
        return None

    def _rows(self, task_ids: list[UUID]) -> list[Task]:
        """The newest first, without the documents, which are large and not shown."""
        tasks = Task.objects.filter(pk__in=task_ids).defer("event", "result")
        return list(tasks.select_related("user").order_by("-created_at", "-pk"))


def _mark(task: Task) -> Mark:
    return Mark(task.created_at, task.pk)


class TaskChangeList(ChangeList):
    question: Question

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        given = {name: str(values[-1]) for name, values in found.items()}
        try:
            self.span = days.Span.chosen(given)
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error
        return found

    def get_filters(self, request: HttpRequest) -> Any:
        filters = super().get_filters(request)
        specs, _has_filters, lookups, *_rest = filters
        self.question = _question(self.query, specs, lookups)
        return filters

    def get_results(self, request: HttpRequest) -> None:
        self.paginator = Pages(self, Place.parse(request.GET.get(PAGE_VAR, "")))
        self.result_list = self.paginator.tasks
        self.result_count = self.full_result_count = len(self.result_list)
        # To actions, all of the list are more than those of the page.
        self.result_count += self.paginator.has_newer or self.paginator.has_older
        self.full_result_count = self.result_count
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = True
        self.day_bar = days.day_bar(self.span, self.get_query_string)

    @property
    def conditions(self) -> Iterator[days.Link]:
        """What the list is narrowed by, each with the way to drop it."""
        for spec in self.filter_specs:
            if isinstance(spec, ChoiceFilter) and spec.value():
                shown = spec.shown or spec.value()
                yield self._condition(spec.title, shown, str(spec.parameter_name))
            if isinstance(spec, DayRangeFilter) and (spec.first or spec.last):
                ends = (spec.first, spec.last)
                named = "–".join(
                    f"{localtime(at):%Y-%m-%d}" if at else "" for at in ends
                )
                yield self._condition(spec.title, named, f"{days.FIELD}_")
        if owner := self.params.get("owner"):
            yield self._condition(gettext("所有者"), owner, "owner")

    def _condition(self, title: object, value: object, prefix: str) -> days.Link:
        query = self.get_query_string(remove=[prefix])
        return days.Link(f"{title}: {value}", query)

    def read(self, way: Any, limit: int, mark: Mark | None) -> list[UUID]:
        tasks = cast("TaskQuerySet", self.queryset)
        return read(tasks, self.question, way, limit, mark)


def _question(search: str, specs: list[Any], lookups: dict[str, Any]) -> Question:
    chosen = (spec for spec in specs if isinstance(spec, ColumnFilter) and spec.value())
    ranges = [spec for spec in specs if isinstance(spec, DayRangeFilter)]
    since = [spec.first for spec in ranges] + lookups.get("created_at__gte", [])
    until = [spec.last for spec in ranges] + lookups.get("created_at__lt", [])
    return Question(
        words=read_search(search).words,
        facets={str(spec.parameter_name): str(spec.value()) for spec in chosen},
        since=max((moment for moment in since if moment), default=None),
        until=min((moment for moment in until if moment), default=None),
        is_reviewed=any(
            isinstance(spec, ReviewFilter) and spec.is_reviewed for spec in specs
        ),
    )
