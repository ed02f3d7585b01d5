"""Deletion of final tasks, for good, after a question."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib.admin import action
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app.admin.permissions import (
    has_task_permission,
    staff_user,
    task_permission_required,
)
from tasks_app.admin.read_only import ReadOnlyAdmin
from tasks_app.admin.tasks.actions import operations
from tasks_app.admin.tasks.actions.messages import (
    message_done,
    message_left_out,
    message_nothing_done,
)
from tasks_app.admin.tasks.actions.selection import (
    ids_from_field,
    ids_to_field,
    selected_ids,
)
from tasks_app.models import Task

_LIST = "admin:tasks_app_task_changelist"
_NAMED = 20
"""Tasks whose texts are shown before they are purged."""


class PurgeAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(self.purge_view)
        own = [path("purge/", view, name="tasks_app_task_purge")]
        return own + super().get_urls()

    def has_purge_permission(self, request: HttpRequest) -> bool:
        return has_task_permission(request.user, "purge")

    @action(description=_("永久清除…"), permissions=["purge"])
    def purge_selected(
        self, request: HttpRequest, tasks: QuerySet[Task]
    ) -> HttpResponseBase:
        return self._ask_before_purging(request, selected_ids(request, tasks))

    @task_permission_required("purge")
    def purge_view(self, request: HttpRequest) -> HttpResponseBase:
        """Ask first, naming the tasks; then purge just those."""
        if request.method != "POST":
            message_nothing_done(request)
            return HttpResponseRedirect(self.address(request, _LIST))
        task_ids = ids_from_field(request)
        if not task_ids:
            raise BadRequest("no tasks are named")
        if "confirmed" not in request.POST:
            return self._ask_before_purging(request, task_ids)
        done = operations.purge(staff_user(request), task_ids)
        message_done(request, gettext("已永久清除 {n} 个任务"), done)
        text = gettext("{n} 个任务未结束或已不存在，没有清除")
        message_left_out(request, text, len(task_ids) - done)
        return HttpResponseRedirect(self.address(request, _LIST))

    def _ask_before_purging(
        self, request: HttpRequest, task_ids: Sequence[UUID]
    ) -> HttpResponse:
        selected = Task.objects.filter(pk__in=task_ids)
        final = selected.filter(completed_at__isnull=False).order_by("-created_at")
        final_ids = list(final.values_list("pk", flat=True))
        context = {
            **self.page_context(request, gettext("永久清除任务")),
            "task_ids": ids_to_field(final_ids),
            "count": len(final_ids),
            "left_out": len(task_ids) - len(final_ids),
            "shown": final[:_NAMED],
            "more": max(0, len(final_ids) - _NAMED),
        }
        return TemplateResponse(
            request, "tasks_app/admin/tasks/actions/purge.html", context
        )
