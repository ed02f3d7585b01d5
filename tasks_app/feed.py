"""What one connection is told of its owner's tasks: everything, in order."""

import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from uuid import UUID

from tasks_app.notify import Update


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
        self._is_catching_up = False
        self._acknowledgements: defaultdict[UUID, list[str]] = defaultdict(list)
        """Those that have to wait until it has caught up."""
        self._unheard: set[UUID] = set()
        """Tasks of which something came while it could not be told."""

    @property
    def unacknowledged(self) -> int:
        """Submissions whose answer is still to be told."""
        return len(self._held) + sum(map(len, self._acknowledgements.values()))

    @property
    def is_idle(self) -> bool:
        """Whether nothing of its owner is under way, as far as it knows."""
        return not self._told and not self.unacknowledged

    @property
    def is_catching_up(self) -> bool:
        return self._is_catching_up

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
        if self._is_catching_up:
            self._acknowledgements[task_id].append(frame)
        else:
            self._tell_acknowledgement(task_id, frame)

    def begin_catch_up(self) -> None:
        """Tell nothing new before `end_catch_up`, only what was missed.

        The latest time that a client was told is up to when it knows everything:
        were the line cut in between, it would ask for the rest in vain.
        """
        self._is_catching_up = True

    def tell_missed(self, update: Update) -> None:
        """Tell this if it is the next; what cannot be told yet is read again later."""
        task_id = update.task_id
        for frame in self._acknowledgements.pop(task_id, ()):
            self._tell_acknowledgement(task_id, frame)
        if task_id in self._held or not self._tell_next(update):
            self._unheard.add(task_id)

    def end_catch_up(self) -> set[UUID]:
        """Acknowledge what has come meanwhile; the tasks that are to be read again."""
        self._is_catching_up = False
        for task_id, frames in self._acknowledgements.items():
            for frame in frames:
                self._tell_acknowledgement(task_id, frame)
        self._acknowledgements.clear()
        unheard, self._unheard = self._unheard, set()
        return unheard

    def forget_ends(self, told_before: float) -> None:
        """Know no longer that these ends were told: nothing asks for them any more.

        `told_before` is of the monotonic clock.
        """
        while self._ended and next(iter(self._ended.values())) < told_before:
            self._ended.popitem(last=False)

    def forget(self, task_id: UUID) -> None:
        """Follow this task no longer: it is gone."""
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
            if is_current and not self._is_catching_up:
                self._deliver(update.frame)
            return True
        if update.task_id in self._held:
            self._held[update.task_id] = True
            return True
        if self._is_catching_up:
            self._unheard.add(update.task_id)
            return True
        return self._tell_next(update)

    def _tell_acknowledgement(self, task_id: UUID, frame: str) -> None:
        self._deliver(frame)
        if task_id not in self._ended:
            self._told.setdefault(task_id, 1)

    def _tell_next(self, update: Update) -> bool:
        if not self.lags(update.task_id, update.revision):
            return True
        if update.revision > self._told.get(update.task_id, 0) + 1:
            return False
        self._deliver(update.frame)
        if update.is_final:
            self._told.pop(update.task_id, None)
            self._unheard.discard(update.task_id)
            self._ended[update.task_id] = time.monotonic()
        else:
            self._told[update.task_id] = update.revision
        return True
