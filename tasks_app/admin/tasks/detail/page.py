"""All that the page of one task shows."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tasks_app.admin import formatting
from tasks_app.admin.formatting import EMPTY
from tasks_app.admin.tasks import columns
from tasks_app.admin.tasks.detail import documents
from tasks_app.admin.tasks.detail.documents import Fact
from tasks_app.admin.tasks.detail.highlight import Piece, highlight
from tasks_app.admin.tasks.detail.timeline import Timeline, timeline
from tasks_app.models import Task

_OTHERS = 5
"""Tasks of the same owner that are shown."""


@dataclass(frozen=True)
class TaskPage:
    task: Task

    @property
    def status(self) -> SafeString:
        return columns.status(self.task)

    @property
    def task_type(self) -> str:
        return columns.task_type(self.task)

    @property
    def priority(self) -> str:
        return columns.priority(self.task)

    @property
    def confidence(self) -> str:
        return columns.confidence(self.task)

    @property
    def confidence_percent(self) -> str:
        return f"{100 * (self.task.confidence or 0):.0f}"

    @property
    def owner_query(self) -> str:
        address = reverse("admin:tasks_app_task_changelist")
        return f"{address}?{urlencode({'owner': self.task.owner})}"

    @cached_property
    def timeline(self) -> Timeline:
        return timeline(self.task)

    @cached_property
    def event(self) -> documents.Event | None:
        event = self.task.event
        return None if event is None else documents.lay_out_event(event)

    @cached_property
    def result(self) -> documents.Result | None:
        result = self.task.result
        return None if result is None else documents.lay_out_result(result)

    @cached_property
    def text(self) -> list[Piece]:
        result = self.task.result
        found = result.get("extracted_entities") if isinstance(result, dict) else None
        return highlight(self.task.text, found)

    @property
    def has_other_transcript(self) -> bool:
        """Whether the event says other words than those that were analysed."""
        heard = self.event.transcript.strip() if self.event else ""
        return bool(heard) and heard != self.task.text.strip()

    @cached_property
    def times(self) -> list[Fact]:
        task = self.task
        whole = task.completed_at - task.created_at if task.completed_at else None
        return _given(
            (_("创建"), formatting.moment(task.created_at)),
            (_("开始"), formatting.moment(task.started_at)),
            (_("结束"), formatting.moment(task.completed_at)),
            (_("等待"), formatting.duration_text(task.wait)),
            (_("运行"), formatting.duration_text(task.run_time)),
            (_("总共"), formatting.duration_text(whole)),
        )

    @cached_property
    def processing(self) -> list[Fact]:
        task = self.task
        return _given(
            (_("引擎"), task.engine),
            (_("模型"), task.model_version),
            (_("尝试次数"), columns.attempts(task)),
            (_("工作进程"), task.worker),
            (_("租约到期"), formatting.moment(task.lease_expires_at)),
            (_("词元"), columns.tokens(task)),
            (_("费用"), columns.cost(task)),
        )

    @cached_property
    def identifiers(self) -> list[Fact]:
        task = self.task
        return _given(
            (_("任务"), str(task.pk)),
            (_("事件"), task.event_id),
            (_("所有者"), columns.full_owner(task)),
            (_("来源"), task.source),
            (_("幂等键"), task.idempotency_key or ""),
            (_("版本"), str(task.revision)),
        )

    @cached_property
    def retries(self) -> list[Task]:
        return list(_briefly(self.task.retries.order_by("created_at")))

    @cached_property
    def retried(self) -> Task | None:
        return self.task.retry_of

    @cached_property
    def others(self) -> list[Task]:
        """The newest of the same owner."""
        alike = Task.objects.owned_by(self.task.owner).exclude(pk=self.task.pk)
        return list(_briefly(alike).order_by("-created_at")[:_OTHERS])


def _briefly(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.defer("event", "result")


def _given(*facts: tuple[str, str]) -> list[Fact]:
    return [
        Fact(capfirst(label), value)
        for label, value in facts
        if value not in ("", EMPTY)
    ]
