"""Web processes, and which of them still live."""

from django.contrib import admin
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app.admin import formats
from tasks_app.admin.read_only import ReadOnlyAdmin
from tasks_app.models import STALE_AFTER, ServerProcess


@admin.register(ServerProcess)
class ServerProcessAdmin(ReadOnlyAdmin):
    list_display = ("process_id", "state", "connections", "started", "heartbeat")
    fields = readonly_fields = list_display
    ordering = ("-heartbeat_at",)

    @admin.display(description=_("进程编号"))
    def process_id(self, process: ServerProcess) -> str:
        return str(process.pk)

    @admin.display(description=_("状态"))
    def state(self, process: ServerProcess) -> SafeString:
        if process.heartbeat_at >= timezone.now() - STALE_AFTER:
            return formats.label(gettext("在线"), "success")
        return formats.label(gettext("失联"), "danger")

    @admin.display(description=_("启动时间"), ordering="started_at")
    def started(self, process: ServerProcess) -> str:
        return formats.moment(process.started_at)

    @admin.display(description=_("心跳时间"), ordering="heartbeat_at")
    def heartbeat(self, process: ServerProcess) -> str:
        return formats.moment(process.heartbeat_at)
