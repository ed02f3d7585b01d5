"""Reads an export page by page, each by a short query of its own.

So neither the rows of a large one are ever in memory together, nor does a slow client
hold a transaction open; what changes meanwhile is told as it is when its page is read.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tasks_app.batching import Orm
from tasks_app.exports.formats import FORMATS
from tasks_app.models import Task

_PAGE = 200
_orm = Orm(threads=2)
"""Of its own: exports take turns with one another, not with the sockets."""

_Place = tuple[datetime, UUID]


class Export:
    """The tasks of a queryset as a file, the newest first.

    `on_end` is told how many rows were sent, and whether these were all.
    """

    def __init__(
        self,
        tasks: QuerySet[Task],
        file_format: str,
        on_end: Callable[[int, bool], None],
    ) -> None:
        self._tasks = tasks
        self._writer = FORMATS[file_format].writer()
        self._head = self._writer.head()
        self._on_end = on_end
        self._rows = 0
        self._is_whole = False
        self._place: _Place | None = None

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
        if self._place is not None:
            following = following.filter(_after(*self._place))
        keys = list(following.values_list("created_at", "pk")[:_PAGE])
        if not keys:
            return None
        self._place = keys[-1]
        # Read by their ids: the queryset may leave columns out, for a list.
        rows = Task.objects.filter(pk__in=[pk for _, pk in keys])
        found = rows.select_related("user", "review__reviewer").in_bulk()
        tasks = [found[pk] for _, pk in keys if pk in found]
        self._rows += len(tasks)
        return self._writer.page(tasks)


def _after(moment: datetime, task_id: UUID) -> Q:
    """Of the rows in this order, those that come later."""
    tied = Q(created_at=moment, pk__lt=task_id)
    # The bound alone is for the index.
    return Q(created_at__lte=moment) & (Q(created_at__lt=moment) | tied)
