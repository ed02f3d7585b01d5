"""What staff did, in Django's admin log.

A message is kept as its source text and its facts, so that each reader has it in the
language of the page. The log names tasks by their ids only: it outlives them.
"""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from tasks_app.models import Task

CANCELLED = gettext_noop("取消了任务")
RETRIED = gettext_noop("重试，新任务为 {task}")
RETRY = gettext_noop("由任务 {task} 重试而来")
REVIEWED = gettext_noop("复核为{verdict}")
CORRECTED = gettext_noop("复核为{verdict}，应为{type}")
PURGED = gettext_noop("永久清除了任务")
EXPORT_BEGUN = gettext_noop("开始导出（{format}；{which}）")
EXPORTED = gettext_noop("导出了 {rows} 个任务（{format}；{which}）")
EXPORT_CUT = gettext_noop("导出中断，已送出 {rows} 个任务（{format}；{which}）")


class LoggedAction(NamedTuple):
    """What was done to one task."""

    task_id: UUID
    text: str
    facts: Mapping[str, object] = {}


def write(user_id: int, actions: Iterable[LoggedAction]) -> None:
    """Log actions; to be called in the transaction of what they did."""
    task_type = ContentType.objects.get_for_model(Task)
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=user_id,
            content_type=task_type,
            object_id=str(action.task_id),
            object_repr=str(action.task_id),
            action_flag=DELETION if action.text == PURGED else CHANGE,
            change_message=_as_json(action.text, action.facts),
        )
        for action in actions
    )


def write_export(user_id: int, facts: Mapping[str, object]) -> LogEntry:
    """Log that an export begins; how it went is told by `end_export`."""
    return LogEntry.objects.create(
        user_id=user_id,
        content_type=ContentType.objects.get_for_model(Task),
        object_repr="—",
        action_flag=CHANGE,
        change_message=_as_json(EXPORT_BEGUN, facts),
    )


def end_export(
    entry: LogEntry, facts: Mapping[str, object], rows: int, is_whole: bool
) -> None:
    text = EXPORTED if is_whole else EXPORT_CUT
    message = _as_json(text, {**facts, "rows": rows})
    LogEntry.objects.filter(pk=entry.pk).update(change_message=message)


def entries_of(task_id: str) -> list[LogEntry]:
    """What was done to a task, the first at the top; also when it is gone."""
    task_type = ContentType.objects.get_for_model(Task)
    entries = LogEntry.objects.filter(content_type=task_type, object_id=task_id)
    return list(entries.select_related("user").order_by("action_time", "pk"))


def message_of(entry: LogEntry) -> str:
    """What an entry says, in the active language."""
    try:
        kept = json.loads(entry.change_message)
        text, facts = kept["text"], kept["facts"]
    except (ValueError, TypeError, KeyError):
        # Django's own, of accounts.
        return entry.get_change_message()
    told = {name: gettext(fact) if fact else fact for name, fact in facts.items()}
    return gettext(text).format(**told)


def _as_json(text: str, facts: Mapping[str, object]) -> str:
    # Without a language, texts that wait for one give their source.
    with translation.override(None):
        told = {name: str(fact) for name, fact in facts.items()}
    return json.dumps({"text": text, "facts": told}, ensure_ascii=False)
