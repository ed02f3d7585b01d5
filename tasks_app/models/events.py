"""The moves of tasks, as they were made."""

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from tasks_app.models.tasks import Task
from tasks_app.states import Status


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
