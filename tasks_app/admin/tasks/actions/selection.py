"""Tasks that were selected on the list or named in a form, by their ids."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest

from tasks_app.admin.tasks.actions.operations import MAX_TASKS
from tasks_app.errors import PulseWeaveError
from tasks_app.models import Task


class TooManySelected(PulseWeaveError):
    """More than one action may concern."""


def selected_ids(tasks: QuerySet[Task]) -> list[UUID]:
    """The ids of what was selected, be it all that the filters match.

    Raises:
        TooManySelected
    """
    found = list(tasks.values_list("pk", flat=True)[: MAX_TASKS + 1])
    if len(found) > MAX_TASKS:
        raise TooManySelected
    return found


def ids_to_field(task_ids: Iterable[UUID]) -> str:
    """One field for all: Django takes only so many."""
    return ",".join(task_id.hex for task_id in task_ids)


def ids_from_field(request: HttpRequest) -> Sequence[UUID]:
    """What a form names in `task_ids`.

    Raises:
        BadRequest: not ids, or too many.
    """
    return parse_ids(filter(None, request.POST.get("task_ids", "").split(",")))


def parse_ids(given: Iterable[str]) -> list[UUID]:
    try:
        task_ids = [UUID(text) for text in given]
    except ValueError:
        raise BadRequest("not the ids of tasks") from None
    if len(task_ids) > MAX_TASKS:
        raise BadRequest("too many tasks")
    return task_ids
