"""Tasks, each with the story of how it went."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tasks_app.admin.tasks import columns
from tasks_app.admin.tasks.actions.task_actions import TaskActionsAdmin
from tasks_app.admin.tasks.changelist import date_hierarchy
from tasks_app.admin.tasks.changelist.change_list import TaskChangeList
from tasks_app.admin.tasks.changelist.filters import (
    DayRangeFilter,
    EngineFilter,
    ErrorCodeFilter,
    PriorityFilter,
    ReviewFilter,
    StatusFilter,
    TaskTypeFilter,
)
from tasks_app.admin.tasks.changelist.search import parse_search
from tasks_app.admin.tasks.detail.page import TaskPage
from tasks_app.models import Task, TaskQuerySet

_COLUMN_FILTERS = (
    StatusFilter,
    TaskTypeFilter,
    EngineFilter,
    ErrorCodeFilter,
    PriorityFilter,
    ReviewFilter,
)
_PARAMETERS = {
    "owner",
    f"{date_hierarchy.FIELD}_from",
    f"{date_hierarchy.FIELD}_to",
    *date_hierarchy.PARAMETERS,
    *(narrowing.parameter_name for narrowing in _COLUMN_FILTERS),
}
"""What an address may ask for; Django would let it ask whatever a model can tell."""


@admin.register(Task)
class TaskAdmin(TaskActionsAdmin):
    """Every task there is, in full, for whoever may view tasks."""

    list_display = (
        columns.status,
        columns.task_type,
        columns.excerpt,
        columns.owner_name,
        columns.engine,
        columns.wait,
        columns.run_time,
        columns.attempts,
        columns.brief_created,
    )
    # The first column, too: on narrow screens it has its own heading only as a link.
    list_display_links = (columns.status, columns.excerpt)
    list_filter = (*_COLUMN_FILTERS, (date_hierarchy.FIELD, DayRangeFilter))
    list_filter_submit = True
    list_fullwidth = True
    # Any other order, and a count for each choice of each filter, would read all.
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    date_hierarchy = date_hierarchy.FIELD
    search_fields = ("text",)
    search_help_text = _("文本，或任务、事件、所有者的编号")
    change_form_template = "tasks_app/admin/tasks/detail/page.html"
    change_list_template = "tasks_app/admin/tasks/changelist/change_list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return TaskChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Task], search_term: str
    ) -> tuple[QuerySet[Task], bool]:
        return parse_search(search_term).apply(cast("TaskQuerySet", queryset)), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["page"] = TaskPage(context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Task | None = None) -> Any:
        """None: the page has its own template."""
        return []

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in _PARAMETERS and super().lookup_allowed(lookup, value, request)
