"""What staff think of the type of a task."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from tasks_app.models.tasks import Task


class Verdict(models.TextChoices):
    """Whether the type that a task has is the right one."""

    RIGHT = "right", _("正确")
    """A careful person would have given it too."""
    WRONG = "wrong", _("不正确")
    """Another type is right; `corrected_type` says which, where it is known."""
    UNSURE = "unsure", _("不确定")
    """The text does not tell; counts neither way."""


class Review(models.Model):
    """A member of staff's latest judgement of one task's type."""

    task = models.OneToOneField(
        Task,
        verbose_name=_("任务"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="review",
    )
    verdict = models.CharField(_("结论"), max_length=10, choices=Verdict.choices)
    corrected_type = models.CharField(_("更正类型"), max_length=20, blank=True)
    note = models.TextField(_("备注"), blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("复核人"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    reviewed_at = models.DateTimeField(_("复核时间"), db_index=True)

    class Meta:
        verbose_name = _("复核")
        verbose_name_plural = _("复核")
        constraints = (
            CheckConstraint(
                condition=Q(verdict=Verdict.WRONG) | Q(corrected_type=""),
                name="review_corrects_only_what_is_wrong",
            ),
        )

    def __str__(self) -> str:
        return f"{self.task_id}: {self.get_verdict_display()}"
