"""Pages marked by a task, not by a number: none of them counts what there is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.contrib.admin.views.main import PAGE_VAR

from tasks_app.admin.tasks.changelist.keyset import (
    NEWEST_FIRST,
    OLDEST_FIRST,
    Cursor,
    Direction,
)
from tasks_app.models import Task

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Side(StrEnum):
    """Which page is meant; BEFORE and AFTER a task."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Position:
    """Where a page is, as its address has it: `before.<microseconds>.<task id>`."""

    side: Side = Side.NEWEST
    cursor: Cursor | None = None

    @classmethod
    def parse(cls, given: str) -> "Position":
        """The newest page, where this is no position."""
        side, *cursor = given.split(".")
        try:
            if not cursor:
                return cls(Side.OLDEST if side == Side.OLDEST else Side.NEWEST)
            microseconds, task_id = cursor
            created_at = _EPOCH + int(microseconds) * _MICROSECOND
            return cls(Side(side), Cursor(created_at, UUID(task_id)))
        except (ValueError, OverflowError):
            return cls()

    def __str__(self) -> str:
        if self.cursor is None:
            return self.side
        microseconds = (self.cursor.created_at - _EPOCH) // _MICROSECOND
        return f"{self.side}.{microseconds}.{self.cursor.task_id.hex}"


class KeysetPaginator:
    """One page of tasks and the way to the others.

    `first_ids` gives so many ids beyond a cursor; `query_of` takes new parameters of
    an address.
    """

    template_name = "tasks_app/admin/tasks/changelist/pagination.html"

    def __init__(
        self,
        position: Position,
        size: int,
        first_ids: Callable[[Direction, int, Cursor | None], list[UUID]],
        query_of: Callable[..., str],
    ) -> None:
        self._size = size
        self._first_ids = first_ids
        self._query_of = query_of
        self._turn_to(position)

    @property
    def newest_query(self) -> str:
        return self._query(Position(Side.NEWEST))

    @property
    def oldest_query(self) -> str:
        return self._query(Position(Side.OLDEST))

    @property
    def newer_query(self) -> str:
        return self._query(Position(Side.AFTER, _cursor_at(self.tasks[0])))

    @property
    def older_query(self) -> str:
        return self._query(Position(Side.BEFORE, _cursor_at(self.tasks[-1])))

    def _query(self, position: Position) -> str:
        return self._query_of({PAGE_VAR: str(position)})

    def _turn_to(self, position: Position) -> None:
        side, size = position.side, self._size
        is_backward = side in (Side.NEWEST, Side.BEFORE)
        direction = NEWEST_FIRST if is_backward else OLDEST_FIRST
        found = self._first_ids(direction, size + 1, position.cursor)
        has_more = len(found) > size
        if side is Side.AFTER and not has_more:
            # The newest page is a full one, wherever one comes from.
            self._turn_to(Position())
            return
        self.tasks = _rows(found[:size])
        self.has_newer = side is Side.BEFORE or (has_more and not is_backward)
        self.has_older = side is Side.AFTER or (has_more and is_backward)


def _rows(task_ids: list[UUID]) -> list[Task]:
    """The newest first, without the documents, which are large and not shown."""
    tasks = Task.objects.filter(pk__in=task_ids).defer("event", "result")
    return list(tasks.select_related("user").order_by("-created_at", "-pk"))


def _cursor_at(task: Task) -> Cursor:
    return Cursor(task.created_at, task.pk)
