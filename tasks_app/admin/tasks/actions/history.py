"""What staff did to one task, also when it is gone."""

from typing import Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from tasks_app.admin import audit_log
from tasks_app.admin.read_only import ReadOnlyAdmin


class HistoryAdmin(ReadOnlyAdmin):
    has_history = True

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        task = self.get_object(request, object_id)
        found = _entries_of(object_id)
        entries = [(entry, audit_log.message_of(entry)) for entry in found]
        if task is None and not entries:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        title = gettext("任务 {id} 的操作记录").format(id=object_id[:8])
        context = {
            **self.page_context(request, title),
            "entries": entries,
            "object": task,
        }
        return TemplateResponse(
            request, "tasks_app/admin/tasks/actions/history.html", context
        )


def _entries_of(task_id: str) -> list[LogEntry]:
    """However the id is spelled; none of what is no id."""
    try:
        return audit_log.entries_of(str(UUID(task_id)))
    except ValueError:
        return []
