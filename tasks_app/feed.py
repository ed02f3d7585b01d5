"""What one connection is told of its owner's tasks: everything, in order, once."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from tasks_app.notify import Update

_REMEMBERED_S = 60.0
"""How long a feed knows that it told of an end; rings do not come later."""


class Feed:
    """One connection's ordered view of its owner's tasks.

    `deliver` takes a text frame and never waits.
    """

    def __init__(self, owner: str, deliver: Callable[[str], None]) -> None:
        self.owner = owner
        self._deliver = deliver
        self._told: dict[UUID, int] = {}
        """The last revision told of each unfinished task."""
        self._ended: OrderedDict[UUID, float] = OrderedDict()
        """When the end of a task was told, the oldest first."""
        self._held: dict[UUID, bool] = {}
        """Submissions not acknowledged yet; True when something was held back."""
        self._news: list[Update | tuple[UUID, str]] | None = None
        """While it catches up: what has to wait, updates and acknowledgements."""
        self._own_news: set[UUID] = set()
        """Submissions acknowledged while it catches up."""

    @property
    def unacknowledged(self) -> int:
        return len(self._held)

    @property
    def is_idle(self) -> bool:
        """Whether nothing of its owner is under way, as far as it knows."""
        return not self._told and not self._held

    @property
    def is_catching_up(self) -> bool:
        return self._news is not None

    @property
    def following(self) -> Mapping[UUID, int]:
        """The unfinished tasks, with the last revision told of each."""
        return self._told

    def hold(self, task_id: UUID) -> None:
        """Tell nothing of this task before `acknowledge`."""
        self._held[task_id] = False

    def release(self, task_id: UUID) -> bool:
        """End a hold; whether something was held back meanwhile."""
        if self.is_catching_up:
            self._own_news.add(task_id)
        return self._held.pop(task_id, False)

    def acknowledge(self, task_id: UUID, frame: str) -> None:
        """Tell of revision 1 with this frame and follow the task from there."""
        if self._news is not None:
            self._news.append((task_id, frame))
            return
        self._deliver(frame)
        if task_id not in self._ended:
            self._told.setdefault(task_id, 1)

    def begin_catch_up(self) -> None:
        """Tell nothing new before `end_catch_up`, only what was missed.

        The latest time that a client was told is up to when it knows everything:
        were the line cut in between, it would ask for the rest in vain.
        """
        if self._news is None:
            self._news = []

    def expect(self, seen: Mapping[UUID, int]) -> None:
        """Follow these tasks from the revisions that the client has seen."""
        for task_id, revision in seen.items():
            if not (task_id in self._ended or self._is_own_news(task_id)):
                self._told.setdefault(task_id, revision)

    def tell_missed(self, updates: Iterable[Update]) -> list[UUID]:
        """Tell these, the oldest first; the tasks that are to be read again."""
        return [
            update.task_id
            for update in updates
            if self._is_own_news(update.task_id) or not self._tell_next(update)
        ]

    def end_catch_up(self) -> list[UUID]:
        """Tell what has come meanwhile; the tasks that are to be read again."""
        news, self._news = self._news or [], None
        self._own_news.clear()
        incomplete = []
        for new in news:
            if not isinstance(new, Update):
                self.acknowledge(*new)
            elif not self.offer(new):
                incomplete.append(new.task_id)
        return incomplete

    def _is_own_news(self, task_id: UUID) -> bool:
        """Whether its acknowledgement has to come before all else of it."""
        return task_id in self._held or task_id in self._own_news

    def forget(self, task_ids: Iterable[UUID]) -> None:
        """Follow these tasks no longer: they are gone."""
        for task_id in task_ids:
            self._told.pop(task_id, None)

    def lags(self, task_id: UUID, revision: int) -> bool:
        """Whether this revision is still to be told."""
        if task_id in self._held or task_id in self._ended:
            return False
        return self._told.get(task_id, 0) < revision

    def offer(self, update: Update) -> bool:
        """Tell of an update if it is the next; False when those before are missing.

        Progress is told while the move before it is the last that was told.
        """
        if update.is_progress:
            is_current = self._told.get(update.task_id) == update.revision
            # While it catches up, its time is later than that of what was missed.
            if is_current and not self.is_catching_up:
                self._deliver(update.frame)
            return True
        if update.task_id in self._held:
            self._held[update.task_id] = True
            return True
        if self._news is not None:
            self._news.append(update)
            return True
        return self._tell_next(update)

    def _tell_next(self, update: Update) -> bool:
        if not self.lags(update.task_id, update.revision):
            return True
        if update.revision > self._told.get(update.task_id, 0) + 1:
            return False
        self._deliver(update.frame)
        if update.is_final:
            self._told.pop(update.task_id, None)
            self._remember_end(update.task_id)
        else:
            self._told[update.task_id] = update.revision
        return True

    def _remember_end(self, task_id: UUID) -> None:
        now = time.monotonic()
        self._ended[task_id] = now
        while next(iter(self._ended.values())) < now - _REMEMBERED_S:
            self._ended.popitem(last=False)
