"""Tasks that were chosen on the list or named in a form, by their ids."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest

from tasks_app.admin.deeds import AT_MOST
from tasks_app.errors import PulseWeaveError
from tasks_app.models import Task


class TooManyChosen(PulseWeaveError):
    """More than one act may concern."""


def ids_of(tasks: QuerySet[Task]) -> list[UUID]:
    """The ids of what was selected, be it all that the filters match.

    Raises:
        TooManyChosen
    """
    found = list(tasks.values_list("pk", flat=True)[: AT_MOST + 1])
    if len(found) > AT_MOST:
        raise TooManyChosen
    return found


def as_field(task_ids: Iterable[UUID]) -> str:
    """One field for all: Django takes only so many."""
    return ",".join(task_id.hex for task_id in task_ids)


def from_field(request: HttpRequest) -> Sequence[UUID]:
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
    if len(task_ids) > AT_MOST:
        raise BadRequest("too many tasks")
    return task_ids
