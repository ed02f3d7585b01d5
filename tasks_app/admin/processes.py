"""The processes of the service: which still live, and how busy they are."""

from django.contrib import admin
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app.admin import formatting
from tasks_app.admin.read_only import ReadOnlyAdmin
from tasks_app.models import STALE_AFTER, ServerProcess, WorkerProcess


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
            return formatting.label(gettext("在线"), "success")
        return formatting.label(gettext("失联"), "danger")

    @admin.display(description=_("启动时间"), ordering="started_at")
    def started(self, process: ServerProcess) -> str:
        return formatting.moment(process.started_at)

    @admin.display(description=_("心跳时间"), ordering="heartbeat_at")
    def heartbeat(self, process: ServerProcess) -> str:
        return formatting.moment(process.heartbeat_at)


@admin.register(WorkerProcess)
class WorkerProcessAdmin(ReadOnlyAdmin):
    list_display = (
        *("name", "state", "engine", "in_flight", "capacity"),
        *("claimed", "swept", "started", "heartbeat", "paused", "pause_reason"),
    )
    fields = readonly_fields = list_display
    ordering = ("-heartbeat_at",)

    @admin.display(description=_("状态"))
    def state(self, worker: WorkerProcess) -> SafeString:
        now = timezone.now()
        if worker.heartbeat_at < now - STALE_AFTER:
            return formatting.label(gettext("失联"), "danger")
        if worker.paused_until is not None:
            is_over = worker.paused_until <= now
            shown = gettext("试探") if is_over else gettext("暂停")
            return formatting.label(shown, "warning")
        return formatting.label(gettext("在线"), "success")

    @admin.display(description=_("最近领取"), ordering="claimed_at")
    def claimed(self, worker: WorkerProcess) -> str:
        return formatting.moment(worker.claimed_at)

    @admin.display(description=_("最近清扫"), ordering="swept_at")
    def swept(self, worker: WorkerProcess) -> str:
        return formatting.moment(worker.swept_at)

    @admin.display(description=_("启动时间"), ordering="started_at")
    def started(self, worker: WorkerProcess) -> str:
        return formatting.moment(worker.started_at)

    @admin.display(description=_("心跳时间"), ordering="heartbeat_at")
    def heartbeat(self, worker: WorkerProcess) -> str:
        return formatting.moment(worker.heartbeat_at)

    @admin.display(description=_("暂停至"), ordering="paused_until")
    def paused(self, worker: WorkerProcess) -> str:
        return formatting.moment(worker.paused_until)
