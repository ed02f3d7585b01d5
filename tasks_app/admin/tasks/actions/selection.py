"""Tasks that were selected on the list or named in a form, by their ids."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.forms import BooleanField
from django.http import HttpRequest

from tasks_app.admin.tasks.actions.operations import MAX_TASKS
from tasks_app.errors import PulseWeaveError
from tasks_app.models import Task


class TooManySelected(PulseWeaveError):
    """More than one action may concern."""


def is_all_selected(request: HttpRequest) -> bool:
    """Whether it is all pages of the list; read as Django reads it."""
    field = BooleanField(required=False)
    return bool(field.clean(request.POST.get("select_across")))


def selected_ids(request: HttpRequest, tasks: QuerySet[Task]) -> list[UUID]:
    """The ids of what was selected: those of `tasks`, if it is all pages; else of what
    was ticked, also if it has moved on since and the filters match it no more.

    Raises:
        TooManySelected
    """
    if not is_all_selected(request):
        return parse_ids(request.POST.getlist(ACTION_CHECKBOX_NAME))
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
        # Each once, however often it is named.
        task_ids = list(dict.fromkeys(UUID(text) for text in given))
    except ValueError:
        raise BadRequest("not the ids of tasks") from None
    if len(task_ids) > MAX_TASKS:
        raise BadRequest("too many tasks")
    return task_ids
