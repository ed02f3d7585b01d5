"""Sums over tasks that are final, so that history need not be read to be counted.

A rollup outlives the tasks that it counts: what retention deletes stays counted.
"""

from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from tasks_app.states import Status


class HourlyRollup(models.Model):
    """The final tasks that were submitted in one hour and are alike in four columns."""

    hour = models.DateTimeField(
        _("小时"), help_text="Its beginning; tasks belong to the hour they came in."
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices)
    task_type = models.CharField(_("类型"), max_length=20, blank=True)
    engine = models.CharField(_("引擎"), max_length=40, blank=True)
    error_code = models.CharField(_("错误代码"), max_length=40, blank=True)

    tasks = models.PositiveBigIntegerField(_("任务数"), default=0)
    waits = models.JSONField(
        _("等待时间分布"),
        default=dict,
        help_text="How many tasks by duration bucket; see rollups.",
    )
    runs = models.JSONField(
        _("运行时间分布"), default=dict, help_text="The same of run times."
    )
    prompt_tokens = models.PositiveBigIntegerField(_("输入词元"), default=0)
    cached_prompt_tokens = models.PositiveBigIntegerField(_("其中命中缓存"), default=0)
    completion_tokens = models.PositiveBigIntegerField(_("输出词元"), default=0)
    cost = models.DecimalField(_("费用"), max_digits=20, decimal_places=8, default=0)

    class Meta:
        verbose_name = _("每小时汇总")
        verbose_name_plural = _("每小时汇总")
        constraints = (
            UniqueConstraint(
                fields=["hour", "status", "task_type", "engine", "error_code"],
                name="hourly_rollup_key",
            ),
        )

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.status}: {self.tasks}"


class HourlyDurations(models.Model):
    """How long all final tasks took that were submitted in one hour.

    The rollups of the hour say the same of each kind of task; to add up all kinds of a
    month, tens of thousands of histograms would have to be read.
    """

    hour = models.DateTimeField(_("小时"), primary_key=True)
    waits = models.JSONField(_("等待时间分布"), default=dict)
    runs = models.JSONField(_("运行时间分布"), default=dict)

    class Meta:
        verbose_name = _("每小时用时")
        verbose_name_plural = _("每小时用时")

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}"


class StatusTotal(models.Model):
    """How many tasks of a final status have ever been rolled up."""

    status = models.CharField(
        _("状态"), max_length=10, choices=Status.choices, primary_key=True
    )
    tasks = models.PositiveBigIntegerField(_("任务数"), default=0)

    class Meta:
        verbose_name = _("状态总计")
        verbose_name_plural = _("状态总计")

    def __str__(self) -> str:
        return f"{self.status}: {self.tasks}"
