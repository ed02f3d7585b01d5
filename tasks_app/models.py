"""The rows, and querysets as adjectives. Rows move only by the verbs of lifecycle."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from tasks_app.states import FINAL, UNFINISHED, Status

STALE_AFTER = timedelta(seconds=25)
"""A process whose heartbeat is older is gone, and what it held with it."""


class TaskQuerySet(models.QuerySet["Task"]):
    def owned_by(self, *owners: str) -> Self:
        return self.filter(owner__in=owners)

    def pending(self) -> Self:
        return self.filter(status=Status.PENDING)

    def processing(self) -> Self:
        return self.filter(status=Status.PROCESSING)

    def unfinished(self) -> Self:
        return self.filter(completed_at__isnull=True)

    def ended_after(self, moment: datetime, task_id: uuid.UUID) -> Self:
        """Finished later, or then and of a greater id; in this order."""
        tied = Q(completed_at=moment, pk__gt=task_id)
        later = self.filter(Q(completed_at__gt=moment) | tied)
        # For the index: an OR alone would be looked up in all of a history.
        return later.filter(completed_at__gte=moment).order_by("completed_at", "pk")

    def abandoned(self, now: datetime) -> Self:
        """Claimed by a worker that has not renewed its lease."""
        return self.processing().filter(lease_expires_at__lt=now)


class Task(models.Model):
    """One reminder on its way to help; the row is the truth about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(
        _("所有者"),
        max_length=64,
        help_text="Who sees it: client:<uuid> (anonymous) or user:<id>.",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("用户"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    source = models.CharField(
        _("来源"),
        max_length=16,
        blank=True,
        help_text="A keyed hash of the address it came from; the address is not kept.",
    )
    text = models.TextField(_("文本"), help_text="What is analysed, trimmed.")
    event = models.JSONField(_("事件"), null=True, blank=True)

    status = models.CharField(
        _("状态"), max_length=10, choices=Status.choices, default=Status.PENDING
    )
    revision = models.PositiveIntegerField(
        _("版本"), default=1, help_text="1 at creation, one more with every move."
    )
    attempt = models.PositiveSmallIntegerField(
        _("尝试次数"), default=0, help_text="How often a worker has claimed it."
    )
    worker = models.CharField(_("工作进程"), max_length=80, blank=True)
    lease_expires_at = models.DateTimeField(_("租约到期"), null=True, blank=True)

    created_at = models.DateTimeField(_("创建时间"))
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    completed_at = models.DateTimeField(
        _("结束时间"), null=True, blank=True, help_text="When it became final."
    )

    result = models.JSONField(_("结果"), null=True, blank=True)
    task_type = models.CharField(_("类型"), max_length=20, blank=True)
    confidence = models.FloatField(_("置信度"), null=True, blank=True)
    priority_level = models.CharField(_("优先级"), max_length=10, blank=True)
    error = models.CharField(_("错误"), max_length=200, blank=True)
    error_code = models.CharField(_("错误代码"), max_length=40, blank=True)
    engine = models.CharField(_("引擎"), max_length=40, blank=True)
    model_version = models.CharField(_("模型版本"), max_length=120, blank=True)
    prompt_tokens = models.PositiveIntegerField(_("输入词元"), null=True, blank=True)
    cached_prompt_tokens = models.PositiveIntegerField(
        _("其中命中缓存"),
        null=True,
        blank=True,
        help_text="The part of the prompt that the provider had in its cache.",
    )
    completion_tokens = models.PositiveIntegerField(
        _("输出词元"), null=True, blank=True
    )
    cost = models.DecimalField(
        _("费用"),
        max_digits=14,
        decimal_places=8,
        null=True,
        blank=True,
        help_text="In the currency of the prices in the settings; null without prices.",
    )
    # Null, not blank: the unique constraint is for tasks that have a key.
    idempotency_key = models.CharField(  # noqa: DJ001
        _("幂等键"), max_length=128, null=True, blank=True
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["owner", "idempotency_key"], name="task_idempotency"
            ),
            CheckConstraint(
                condition=Q(status__in=sorted(UNFINISHED), completed_at__isnull=True)
                | Q(status__in=sorted(FINAL), completed_at__isnull=False),
                name="task_end_is_dated",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-created_at"], name="task_newest_of_owner"),
            models.Index(fields=["source", "created_at"], name="task_newest_of_source"),
            models.Index(
                fields=["created_at"],
                name="task_pending",
                condition=Q(status="pending"),
            ),
            models.Index(
                fields=["lease_expires_at"],
                name="task_leases",
                condition=Q(status="processing"),
            ),
            # Unfinished is what has no end.
            models.Index(fields=["owner", "completed_at"], name="task_ends_of_owner"),
            models.Index(fields=["created_at"], name="task_created_at"),
            models.Index(fields=["completed_at"], name="task_completed_at"),
            models.Index(fields=["task_type", "created_at"], name="task_type_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.text[:40]} ({self.get_status_display()})"

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def wait(self) -> timedelta | None:
        """From creation to the latest start."""
        return self.started_at - self.created_at if self.started_at else None

    @property
    def run_time(self) -> timedelta | None:
        """From the latest start to the end."""
        if self.started_at is None or self.completed_at is None:
            return None
        return self.completed_at - self.started_at


class TaskEvent(models.Model):
    """One move of one task. Append-only: the audit trail, and what clients are told."""

    task = models.ForeignKey(
        Task,
        verbose_name=_("任务"),
        on_delete=models.CASCADE,
        related_name="events",
        # The unique constraint's index begins with the task.
        db_index=False,
    )
    revision = models.PositiveIntegerField(_("版本"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices)
    at = models.DateTimeField(_("时间"))
    attempt = models.PositiveSmallIntegerField(_("尝试次数"))
    actor = models.CharField(
        _("执行者"),
        max_length=90,
        help_text="client, worker:<name>, staff:<id> or sweeper.",
    )
    detail = models.CharField(_("说明"), max_length=200, blank=True)
    queue_position = models.PositiveIntegerField(
        _("排队位置"), null=True, blank=True, help_text="As predicted; 1 is the next."
    )
    eta_s = models.FloatField(
        _("预计用时"),
        null=True,
        blank=True,
        help_text="Seconds until its end, as predicted; null when nothing was known.",
    )

    class Meta:
        verbose_name = _("任务事件")
        verbose_name_plural = _("任务事件")
        ordering: ClassVar = ["task", "revision"]
        constraints: ClassVar = [
            UniqueConstraint(fields=["task", "revision"], name="task_event_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} #{self.revision} {self.status}"


class ProcessQuerySet(models.QuerySet[Any]):
    def alive(self, now: datetime) -> Self:
        """Those whose heartbeat is recent; the others are gone."""
        return self.filter(heartbeat_at__gte=now - STALE_AFTER)


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

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作进程")
        verbose_name_plural = _("工作进程")

    def __str__(self) -> str:
        return f"{self.name} ({self.in_flight}/{self.capacity})"
