"""Tasks, each with the story of how it went."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tasks_app.admin import columns, formats
from tasks_app.admin.acting import ActingAdmin
from tasks_app.admin.filters import (
    DayRangeFilter,
    EngineFilter,
    PriorityFilter,
    StatusFilter,
    TaskTypeFilter,
)
from tasks_app.admin.names import actor_name
from tasks_app.admin.pagination import BoundedChangeList, BoundedPaginator
from tasks_app.admin.read_only import EMPTY
from tasks_app.models import Task, TaskEvent

if TYPE_CHECKING:
    # Unfold has no types; its class takes and gives what Django's does.
    from django.contrib.admin import TabularInline as DjangoTabularInline

    TabularInline = DjangoTabularInline[TaskEvent, Task]
else:
    from unfold.admin import TabularInline

_SECTIONS: list[tuple[Promise, tuple[Any, ...], Callable[[Task], bool]]] = [
    (
        _("任务"),
        (columns.full_text, columns.status, columns.full_owner, columns.task_id),
        lambda task: True,
    ),
    (
        _("结果"),
        (
            (columns.task_type, columns.confidence, columns.priority),
            columns.summary,
            columns.plan,
            columns.omissions,
        ),
        lambda task: task.result is not None,
    ),
    (_("失败原因"), (("error", "error_code"),), lambda task: bool(task.error_code)),
    (
        _("时间"),
        (
            (columns.created, columns.started, columns.completed),
            (columns.wait, columns.run_time),
        ),
        lambda task: True,
    ),
    (
        _("处理"),
        (
            ("engine", "model_version", columns.tokens, columns.cost),
            (columns.attempts, "worker", columns.lease),
            (columns.revision_number, "idempotency_key"),
        ),
        lambda task: True,
    ),
    (_("事件"), (columns.event_json,), lambda task: task.event is not None),
    (_("完整结果"), (columns.result_json,), lambda task: task.result is not None),
]
"""Title, rows of fields, and of which tasks the detail page has them."""

_SEARCHED_CHARACTERS = 200
"""Every word of a search is a condition, and a database takes only so many."""


class TimelineInline(TabularInline):
    """Every move of one task, the first at the top."""

    model = TaskEvent
    verbose_name_plural = _("经过")
    ordering = ("revision",)
    fields = ("revision", "status_label", "actor_name", "turn", "moment", "reason")
    readonly_fields = fields
    extra = 0
    can_delete = False
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whoever may see a task may see what became of it."""
        verbs = ("view", "change")
        return any(request.user.has_perm(f"tasks_app.{verb}_task") for verb in verbs)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description=_("状态"))
    def status_label(self, event: TaskEvent) -> SafeString:
        return formats.status_label(event.status)

    @admin.display(description=_("执行者"))
    def actor_name(self, event: TaskEvent) -> str:
        return actor_name(event.actor)

    @admin.display(description=_("尝试次数"))
    def turn(self, event: TaskEvent) -> str:
        return str(event.attempt or EMPTY)

    @admin.display(description=_("时间"))
    def moment(self, event: TaskEvent) -> str:
        return formats.moment(event.at)

    @admin.display(description=_("说明"))
    def reason(self, event: TaskEvent) -> str:
        return event.detail or EMPTY


@admin.register(Task)
class TaskAdmin(ActingAdmin):
    """Every task there is, in full, for whoever may view tasks."""

    list_display = (
        columns.excerpt,
        columns.status,
        columns.task_type,
        columns.owner_name,
        columns.attempts,
        columns.brief_created,
        columns.brief_started,
        columns.brief_completed,
        columns.wait,
        columns.run_time,
    )
    list_display_links = (columns.excerpt,)
    list_filter = (
        StatusFilter,
        TaskTypeFilter,
        EngineFilter,
        PriorityFilter,
        ("created_at", DayRangeFilter),
    )
    list_filter_submit = True
    # A count for each choice of each filter would read the whole history.
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ("user",)
    show_full_result_count = False
    search_fields = ("text", "owner", "error_code")
    search_help_text = _("文本、任务编号、所有者或错误代码")
    paginator = BoundedPaginator
    inlines = (TimelineInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        # The documents are large, and the list does not show them.
        return super().get_queryset(request).defer("event", "result")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return BoundedChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Task], search_term: str
    ) -> tuple[QuerySet[Task], bool]:
        """A whole id finds its task or its owner's tasks; else what has the words."""
        try:
            found = UUID(search_term.strip())
        except ValueError:
            words = search_term[:_SEARCHED_CHARACTERS]
            return super().get_search_results(request, queryset, words)
        return queryset.filter(Q(pk=found) | Q(owner=f"client:{found}")), False

    def get_fieldsets(self, request: HttpRequest, obj: Task | None = None) -> Any:
        return [
            (title, {"fields": fields})
            for title, fields, is_shown in _SECTIONS
            if obj is not None and is_shown(obj)
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Task | None = None
    ) -> list[Any]:
        return flatten([fields for _title, fields, _is_shown in _SECTIONS])
