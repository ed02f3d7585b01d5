"""Tasks. Rows move only by the verbs of lifecycle."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from tasks_app.states import FINAL, UNFINISHED, Status

EVENT_ID_LENGTH = 200


class TaskQuerySet(models.QuerySet["Task"]):
    def owned_by(self, *owners: str) -> Self:
        return self.filter(owner__in=owners)

    def pending(self) -> Self:
        return self.filter(status=Status.PENDING)

    def processing(self) -> Self:
        return self.filter(status=Status.PROCESSING)

    def unfinished(self) -> Self:
        return self.filter(completed_at__isnull=True)

    def beyond(self, moment: datetime, task_id: uuid.UUID, *, order: str) -> Self:
        """What comes after this time and id, in the order of a time and then of ids.

        `order` is as in `order_by`, such as `-created_at`.
        """
        column, past = order.removeprefix("-"), "lt" if order[0] == "-" else "gt"
        further = Q(**{f"{column}__{past}": moment})
        tied = Q(**{column: moment, f"pk__{past}": task_id})
        # For the index: an OR alone would be looked up in all of a history.
        bound = Q(**{f"{column}__{past}e": moment})
        return self.filter(bound, further | tied)

    def ended_after(self, moment: datetime, task_id: uuid.UUID) -> Self:
        """Finished later, or then and of a greater id; in this order."""
        later = self.beyond(moment, task_id, order="completed_at")
        return later.order_by("completed_at", "pk")

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
    event_id = models.CharField(
        _("事件编号"),
        max_length=EVENT_ID_LENGTH,
        blank=True,
        help_text="The beginning of the id that the event came with; to be found by.",
    )
    retry_of = models.ForeignKey(
        "self",
        verbose_name=_("重试自"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="retries",
        # Few tasks are retries: a partial index below.
        db_index=False,
        help_text="The task that staff had tried anew by this one.",
    )

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
    # The result's; of a failed task, what the local engine hears in its text.
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
    is_rolled_up = models.BooleanField(
        _("已汇总"),
        default=False,
        help_text="Whether the rollups count it; only what is final is rolled up.",
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        ordering: ClassVar = ["-created_at"]
        permissions: ClassVar = [
            ("review_task", _("可以复核任务")),
            ("cancel_task", _("可以取消任务")),
            ("retry_task", _("可以重试任务")),
            ("export_task", _("可以导出任务")),
            ("purge_task", _("可以清除任务")),
        ]
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
            models.Index(
                fields=["status", "completed_at"],
                name="task_not_rolled_up",
                condition=Q(is_rolled_up=False),
            ),
            # For staff. Each holds only the rows that are looked for by it.
            models.Index(
                fields=["status", "created_at"],
                name="task_unsuccessful",
                condition=Q(status__in=["failed", "cancelled"]),
            ),
            models.Index(
                fields=["error_code", "created_at"],
                name="task_error_by_time",
                condition=~Q(error_code=""),
            ),
            models.Index(
                fields=["engine", "created_at"],
                name="task_engine_by_time",
                condition=~Q(engine=""),
            ),
            models.Index(
                fields=["priority_level", "created_at"],
                name="task_priority_by_time",
                condition=~Q(priority_level=""),
            ),
            models.Index(
                fields=["confidence"],
                name="task_least_sure",
                condition=Q(status="completed"),
            ),
            models.Index(
                fields=["event_id"], name="task_event_id", condition=~Q(event_id="")
            ),
            models.Index(
                fields=["retry_of"],
                name="task_retries",
                condition=Q(retry_of__isnull=False),
            ),
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
