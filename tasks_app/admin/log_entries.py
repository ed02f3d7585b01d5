"""The log of what staff did: to look at, for superusers."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tasks_app.admin import audit_log, formatting
from tasks_app.admin.formatting import EMPTY
from tasks_app.admin.read_only import ReadOnlyAdmin
from tasks_app.models import Task


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ("moment", "user", "subject", "message")
    fields = readonly_fields = list_display
    list_filter = ("action_flag", ("user", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "content_type")
    search_fields = ("object_id", "change_message")
    search_help_text = _("任务编号或内容")
    ordering = ("-action_time", "-pk")
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=_("时间"), ordering="action_time")
    def moment(self, entry: LogEntry) -> str:
        return formatting.moment(entry.action_time)

    @admin.display(description=_("对象"))
    def subject(self, entry: LogEntry) -> SafeString | str:
        if not entry.object_id or entry.content_type is None:
            return EMPTY
        if entry.content_type.model_class() is not Task:
            return f"{entry.content_type.name} {entry.object_repr}"
        # The history is there also of what is purged.
        history = reverse("admin:tasks_app_task_history", args=[entry.object_id])
        return format_html('<a href="{}">{}</a>', history, entry.object_id)

    @admin.display(description=_("操作"))
    def message(self, entry: LogEntry) -> str:
        return audit_log.message_of(entry) or entry.get_action_flag_display()
