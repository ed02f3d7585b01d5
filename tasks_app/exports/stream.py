"""Reads an export page by page, each by a short query of its own.

So neither the rows of a large one are ever in memory together, nor does a slow client
hold a transaction open; what changes meanwhile is told as it is when its page is read.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from uuid import UUID

from tasks_app.batching import Orm
from tasks_app.exports.formats import FORMATS
from tasks_app.models import Task, TaskQuerySet

_PAGE = 200
_orm = Orm(threads=2)
"""Of its own: exports take turns with one another, not with the sockets."""

_Cursor = tuple[datetime, UUID]
"""Creation time and id of the task sent last."""


class Export:
    """The tasks of a queryset as a file, the newest first.

    `on_end` is told how many rows were sent, and whether these were all.
    """

    def __init__(
        self,
        tasks: TaskQuerySet,
        file_format: str,
        on_end: Callable[[int, bool], None],
    ) -> None:
        self._tasks = tasks
        self._writer = FORMATS[file_format].writer()
        self._head = self._writer.head()
        self._on_end = on_end
        self._rows = 0
        self._is_whole = False
        self._cursor: _Cursor | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._head
        while (page := await _orm.run(self._next_page)) is not None:
            yield page
        yield await _orm.run(self._writer.tail)
        self._is_whole = True

    def close(self) -> None:
        """Django's, at the end of a response, also of one that is cut off."""
        self._on_end(self._rows, self._is_whole)

    def _next_page(self) -> bytes | None:
        """May be empty, where the writer compresses; None at the end."""
        following = self._tasks.order_by("-created_at", "-pk")
        if self._cursor is not None:
            following = following.beyond(*self._cursor, order="-created_at")
        keys = list(following.values_list("created_at", "pk")[:_PAGE])
        if not keys:
            return None
        self._cursor = keys[-1]
        # Read by their ids: the queryset may leave columns out, for a list.
        rows = Task.objects.filter(pk__in=[pk for _, pk in keys])
        found = rows.select_related("user", "review__reviewer").in_bulk()
        tasks = [found[pk] for _, pk in keys if pk in found]
        self._rows += len(tasks)
        return self._writer.page(tasks)
