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

    @property
    def unacknowledged(self) -> int:
        return len(self._held)

    @property
    def is_idle(self) -> bool:
        """Whether nothing of its owner is under way, as far as it knows."""
        return not self._told and not self._held

    @property
    def following(self) -> Mapping[UUID, int]:
        """The unfinished tasks, with the last revision told of each."""
        return self._told

    def hold(self, task_id: UUID) -> None:
        """Tell nothing of this task before `acknowledge`."""
        self._held[task_id] = False

    def release(self, task_id: UUID) -> bool:
        """End a hold; whether something was held back meanwhile."""
        return self._held.pop(task_id, False)

    def acknowledge(self, task_id: UUID, frame: str) -> None:
        """Tell of revision 1 with this frame and follow the task from there."""
        self._deliver(frame)
        if task_id not in self._ended:
            self._told.setdefault(task_id, 1)

    def expect(self, seen: Mapping[UUID, int]) -> None:
        """Follow these tasks from the revisions that the client has seen."""
        for task_id, revision in seen.items():
            if task_id not in self._ended:
                self._told.setdefault(task_id, revision)

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
        """Tell of an update if it is the next; False when those before are missing."""
        if update.task_id in self._held:
            self._held[update.task_id] = True
            return True
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
