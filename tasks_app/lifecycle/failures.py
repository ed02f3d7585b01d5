"""How a task fails: with a code, a text for its owner, and a type to be found by."""

import logging

from django.utils import timezone

from tasks_app.lifecycle.moves import Columns, Move
from tasks_app.models import Task
from tasks_app.states import Status

log = logging.getLogger(__name__)


def failure(
    task: Task, actor: str, code: str, message: str, columns: Columns | None = None
) -> Move:
    """The move of a task without a result; `columns` are what else it writes."""
    return Move(
        task,
        Status.FAILED,
        actor,
        detail=code[:200],
        columns={
            "error": message[:200],
            "error_code": code[:40],
            "task_type": _type_heard(task),
            **(columns or {}),
        },
    )


def _type_heard(task: Task) -> str:
    """What kind of plan failed, as far as the text alone tells."""
    # Web processes, where nothing fails, have no use for the engine's data.
    from tasks_app.inference.local import likely_type  # noqa: PLC0415

    try:
        return likely_type(task.text, timezone.localtime(task.created_at))
    except Exception:
        # A task must be able to end, whatever its text does to the rules.
        log.exception("cannot tell the type of task %s", task.pk)
        return ""
