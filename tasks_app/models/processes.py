"""The processes of the service, as their heartbeats tell."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

STALE_AFTER = timedelta(seconds=25)
"""A process whose heartbeat is older is gone, and what it held with it."""


class ProcessQuerySet(models.QuerySet[Any]):
    def alive(self, now: datetime) -> Self:
        """Those whose heartbeat is recent; the others are gone."""
        return self.filter(heartbeat_at__gte=now - STALE_AFTER)


class WorkerProcessQuerySet(ProcessQuerySet):
    def unpaused(self) -> Self:
        """Those whose provider, if they have one, is well.

        The others claim nothing at first, and then one task at a time.
        """
        return self.filter(paused_until=None)


class ServerProcess(models.Model):
    """A web process and how many sockets it holds; stale once its heartbeat stops."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connections = models.PositiveIntegerField(_("连接数"), default=0)
    connections_by_source = models.JSONField(
        default=dict, help_text="Of the sources that have many; see Task.source."
    )
    started_at = models.DateTimeField(_("启动时间"))
    heartbeat_at = models.DateTimeField(_("心跳时间"), db_index=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务进程")
        verbose_name_plural = _("服务进程")

    def __str__(self) -> str:
        return f"{self.id} ({self.connections})"


class WorkerProcess(models.Model):
    """A worker process and how it fares; stale once its heartbeat stops."""

    name = models.CharField(_("名称"), max_length=80, primary_key=True)
    engine = models.CharField(_("引擎"), max_length=40)
    capacity = models.PositiveIntegerField(
        _("容量"), help_text="Inferences it runs at once."
    )
    in_flight = models.PositiveIntegerField(_("处理中"), default=0)
    started_at = models.DateTimeField(_("启动时间"))
    heartbeat_at = models.DateTimeField(_("心跳时间"), db_index=True)
    claimed_at = models.DateTimeField(
        _("最近领取"), null=True, blank=True, help_text="When it last claimed a task."
    )
    swept_at = models.DateTimeField(_("最近清扫"), null=True, blank=True)
    paused_until = models.DateTimeField(
        _("暂停至"),
        null=True,
        blank=True,
        help_text="Until then it leaves its failing provider alone.",
    )
    pause_reason = models.CharField(_("暂停原因"), max_length=200, blank=True)

    objects = WorkerProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作进程")
        verbose_name_plural = _("工作进程")

    def __str__(self) -> str:
        return f"{self.name} ({self.in_flight}/{self.capacity})"
