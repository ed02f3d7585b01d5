"""What an export tells of a task, column by column; each takes the row."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks_app.models import Review, Task

Value = object
"""A text, a number, a document, or None."""


class Column(NamedTuple):
    name: str
    title: str | Promise
    value: Callable[[Task], Value]


def _plain(name: str) -> Column:
    """A column of the row, as it is; an empty text is none."""
    title = Task._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return Column(name, title, lambda task: getattr(task, name) or None)


def _count(name: str) -> Column:
    title = Task._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return Column(name, title, lambda task: getattr(task, name))


def _moment(name: str) -> Column:
    title = Task._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return Column(name, title, lambda task: _local(getattr(task, name)))


def _of_review(
    name: str, title: str | Promise, value: Callable[[Review], Value]
) -> Column:
    def value_or_none(task: Task) -> Value:
        # Django knows that there is none: it was read with the task.
        review = getattr(task, "review", None)
        return None if review is None else value(review) or None

    return Column(name, title, value_or_none)


def _local(moment: datetime | None) -> str | None:
    """In the site's time zone, ISO 8601."""
    if moment is None:
        return None
    site = timezone.get_default_timezone()
    return moment.astimezone(site).isoformat(timespec="milliseconds")


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else round(duration.total_seconds(), 3)


def _result(task: Task) -> Mapping[str, object]:
    return task.result if isinstance(task.result, Mapping) else {}


def _omissions(task: Task) -> str | None:
    found = _result(task).get("potential_omissions")
    return "、".join(map(str, found)) if isinstance(found, list) else None


def _event_text(task: Task) -> str | None:
    return None if task.event is None else json.dumps(task.event, ensure_ascii=False)


_OF_EVERY_FORMAT = (
    Column("task_id", _("任务编号"), lambda task: str(task.pk)),
    _plain("text"),
    _plain("status"),
    _plain("task_type"),
    _count("confidence"),
    _plain("priority_level"),
    _plain("owner"),
    Column("user", _("用户"), lambda task: task.user and task.user.get_username()),
    _moment("created_at"),
    _moment("started_at"),
    _moment("completed_at"),
    Column("wait_s", _("等待秒数"), lambda task: _seconds(task.wait)),
    Column("run_s", _("运行秒数"), lambda task: _seconds(task.run_time)),
    _count("attempt"),
    _plain("engine"),
    _plain("model_version"),
    _plain("error_code"),
    _plain("error"),
    _count("prompt_tokens"),
    _count("cached_prompt_tokens"),
    _count("completion_tokens"),
    _count("cost"),
    _plain("event_id"),
    Column(
        "retry_of",
        _("重试自"),
        lambda task: str(task.retry_of_id) if task.retry_of_id else None,
    ),
    _of_review("verdict", _("结论"), lambda review: review.verdict),
    _of_review("corrected_type", _("更正类型"), lambda review: review.corrected_type),
    _of_review("note", _("备注"), lambda review: review.note),
    _of_review(
        "reviewer",
        _("复核人"),
        lambda review: review.reviewer and review.reviewer.get_username(),
    ),
    _of_review("reviewed_at", _("复核时间"), lambda review: _local(review.reviewed_at)),
)
OF_SHEETS = (
    *_OF_EVERY_FORMAT,
    Column("summary", _("概括"), lambda task: _result(task).get("summary_text")),
    Column("plan", _("建议安排"), lambda task: _result(task).get("suggested_plan")),
    Column("omissions", _("可能遗漏"), _omissions),
    Column("event", _("事件"), _event_text),
)
OF_JSON = (
    *_OF_EVERY_FORMAT,
    Column("result", _("结果"), lambda task: task.result),
    Column("event", _("事件"), lambda task: task.event),
)
