"""How the service fares at this moment, in the words of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app import reports
from tasks_app.admin import formatting
from tasks_app.admin.dashboard.links import task_list
from tasks_app.admin.formatting import EMPTY
from tasks_app.health import Health, read_health
from tasks_app.models import WorkerProcess
from tasks_app.states import Status

_MOST_WORKERS = 50


@dataclass(frozen=True)
class LiveTile:
    """A number that changes while somebody looks."""

    name: str
    title: str | Promise
    tone: str = ""
    facets: Mapping[str, str] | None = None
    """Of the list that it counts; None = it counts no tasks."""

    @property
    def href(self) -> str:
        return "" if self.facets is None else task_list(None, **self.facets)


def _of_status(name: str, status: Status) -> LiveTile:
    colour = formatting.STATUS_COLOURS[status]
    return LiveTile(name, status.label, colour, {"status": status.value})


TILES = (
    _of_status("queue_size", Status.PENDING),
    _of_status("processing_tasks", Status.PROCESSING),
    LiveTile("oldest_waiting", _("等得最久")),
    LiveTile("load", _("运行 / 容量")),
    LiveTile("workers", _("在线工作进程")),
    LiveTile("active_connections", _("在线连接")),
    LiveTile("total_tasks", _("全部任务"), "", {}),
    _of_status("completed_tasks", Status.COMPLETED),
    _of_status("failed_tasks", Status.FAILED),
    _of_status("cancelled_tasks", Status.CANCELLED),
)


def read_live() -> dict[str, Any]:
    """`texts` by the names of their places on the page, `workers`, and `alert`: what
    somebody should look after, or nothing.
    """
    now = timezone.now()
    health = read_health()
    return {
        "texts": _texts(health),
        "workers": _workers(now),
        "alert": _alert(health),
    }


def _texts(health: Health) -> dict[str, str]:
    counts = reports.stats().model_dump()
    return {name: f"{count:,}" for name, count in counts.items()} | {
        "oldest_waiting": _age(health.oldest_pending_age_s),
        "load": f"{health.running:,} / {health.capacity:,}",
        "workers": f"{health.workers:,}",
    }


def _alert(health: Health) -> str:
    if not health.workers:
        return gettext("没有在线的工作进程：提交会被保存，但无人处理。")
    if not health.is_claiming:
        return gettext("有任务在等待，却没有工作进程领取。")
    if health.provider_pauses:
        return gettext("有工作进程暂停了对服务商的调用。")
    return ""


def _workers(now: datetime) -> list[dict[str, Any]]:
    """Those that are alive; the paused ones first."""
    alive = WorkerProcess.objects.alive(now).order_by("name")[:_MOST_WORKERS]
    workers = [_worker(worker, now) for worker in alive]
    return sorted(workers, key=lambda worker: not worker["is_paused"])


def _worker(worker: WorkerProcess, now: datetime) -> dict[str, Any]:
    is_paused = worker.paused_until is not None and worker.paused_until > now
    return {
        "name": worker.name,
        "engine": worker.engine,
        "in_flight": worker.in_flight,
        "capacity": worker.capacity,
        "load": f"{worker.in_flight:,} / {worker.capacity:,}",
        "is_paused": is_paused,
        "state": _pause(worker) if is_paused else gettext("在线"),
    }


def _pause(worker: WorkerProcess) -> str:
    until = formatting.moment(worker.paused_until)
    said = gettext("暂停至 {until}").format(until=until)
    return f"{said} · {worker.pause_reason}" if worker.pause_reason else said


def _age(seconds: float | None) -> str:
    return (
        EMPTY
        if seconds is None
        else formatting.duration_text(timedelta(seconds=seconds))
    )
