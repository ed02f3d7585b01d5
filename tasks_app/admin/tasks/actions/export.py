"""Export of tasks: those selected, or all that the filters of the list match."""

from functools import partial
from typing import cast
from urllib.parse import parse_qsl

from django.contrib.admin import action
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app.admin import audit_log
from tasks_app.admin.permissions import (
    has_task_permission,
    staff_user,
    task_permission_required,
)
from tasks_app.admin.read_only import ReadOnlyAdmin
from tasks_app.admin.tasks.actions.selection import (
    ids_from_field,
    ids_to_field,
    is_all_selected,
    selected_ids,
)
from tasks_app.admin.tasks.changelist.change_list import TaskChangeList
from tasks_app.exports import FORMATS, Export
from tasks_app.models import Task, TaskQuerySet

_ALL = _("全部任务")
_NOT_FILTERS = {"p", "o", "all", "e"}
_EXPORT = "admin:tasks_app_task_export"


class ExportAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(self.export_view)
        own = [path("export/", view, name="tasks_app_task_export")]
        return own + super().get_urls()

    def has_export_permission(self, request: HttpRequest) -> bool:
        return has_task_permission(request.user, "export")

    @action(description=_("导出…"), permissions=["export"])
    def export_selected(
        self, request: HttpRequest, tasks: QuerySet[Task]
    ) -> HttpResponse:
        if is_all_selected(request):
            query = request.GET.urlencode()
            return HttpResponseRedirect(f"{reverse(_EXPORT)}?{query}")
        return self._ask_for_format(request, ids_to_field(selected_ids(request, tasks)))

    @task_permission_required("export")
    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for the format, then send the file."""
        if request.method != "POST":
            return self._ask_for_format(request)
        file_format = request.POST.get("format", "")
        if file_format not in FORMATS:
            raise BadRequest("no such format")
        tasks: TaskQuerySet
        which: str | Promise
        if task_ids := ids_from_field(request):
            tasks, which = Task.objects.filter(pk__in=task_ids), _("所选任务")
        else:
            matching = self._list(request).get_queryset(request)
            tasks, which = cast("TaskQuerySet", matching), _query_of(request)
        return _file(request, tasks, file_format, which)

    def _list(self, request: HttpRequest) -> TaskChangeList:
        """The list, under the filters in the address."""
        try:
            return cast("TaskChangeList", self.get_changelist_instance(request))
        except IncorrectLookupParameters:
            raise BadRequest("no such filters") from None

    def _ask_for_format(self, request: HttpRequest, task_ids: str = "") -> HttpResponse:
        context = {
            **self.page_context(request, gettext("导出任务")),
            "task_ids": task_ids,
            "chosen": task_ids.count(",") + 1 if task_ids else 0,
            "which": "" if task_ids else self._list(request).description or _ALL,
            "formats": FORMATS,
            "action": f"{reverse(_EXPORT)}?{request.GET.urlencode()}",
        }
        return TemplateResponse(
            request, "tasks_app/admin/tasks/actions/export.html", context
        )


def _query_of(request: HttpRequest) -> str | Promise:
    """The filters and the search in the address, in no reader's language."""
    given = parse_qsl(request.GET.urlencode())
    narrowing = [(name, value) for name, value in given if name not in _NOT_FILTERS]
    shown = ", ".join(f"{name}={value}" for name, value in narrowing)
    return shown[:500] or _ALL


def _file(
    request: HttpRequest, tasks: TaskQuerySet, file_format: str, which: str | Promise
) -> StreamingHttpResponse:
    facts = {"format": file_format.upper(), "which": which}
    entry = audit_log.write_export(staff_user(request).pk, facts)
    export = Export(
        tasks, file_format, on_end=partial(audit_log.end_export, entry, facts)
    )
    name = timezone.localtime().strftime("tasks-%Y%m%d-%H%M%S")
    response = StreamingHttpResponse(
        export, content_type=FORMATS[file_format].content_type
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    # Personal, and a proxy that buffers would undo the stream.
    response["Cache-Control"] = "private, no-store"
    response["X-Accel-Buffering"] = "no"
    return response
