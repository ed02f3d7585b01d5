"""A task that nobody submitted: its row, and the moves that made it what it is."""

from dataclasses import dataclass, field
from datetime import timedelta

from tasks_app.models import Review, Task, TaskEvent
from tasks_app.states import FINAL, Status, is_legal

LEASE_S = 30.0
MAX_ATTEMPTS = 3
QUEUE_DEADLINE = timedelta(hours=1)


@dataclass
class Simulation:
    """A task, its moves so far, and the time that it has come to."""

    task: Task
    summary: str
    """What its text comes to."""
    submitter: str = "client"
    events: list[TaskEvent] = field(default_factory=list)
    review: Review | None = None

    def __post_init__(self) -> None:
        task = self.task
        self.now = task.created_at
        origin = f"retry_of:{task.retry_of_id}" if task.retry_of_id else ""
        self._record(self.submitter, origin)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def claim(self, worker: str) -> None:
        self.task.attempt += 1
        self.task.worker = worker
        self.task.started_at = self.now
        self.task.lease_expires_at = self.now + timedelta(seconds=LEASE_S)
        self._move(Status.PROCESSING, f"worker:{worker}")

    def lose_worker(self) -> None:
        """The sweep gives it back when the lease has ended."""
        self.wait(LEASE_S)
        self._move(Status.PENDING, "sweeper", "worker_lost")

    def complete(self) -> None:
        self._move(Status.COMPLETED, f"worker:{self.task.worker}")

    def fail(self, code: str, error: str, actor: str = "") -> None:
        self.task.error_code, self.task.error = code, error
        self._move(Status.FAILED, actor or f"worker:{self.task.worker}", code)

    def cancel(self, actor: str) -> None:
        self._move(Status.CANCELLED, actor)

    def _move(self, status: Status, actor: str, detail: str = "") -> None:
        if not is_legal(Status(self.task.status), status):
            raise ValueError(f"no task moves from {self.task.status} to {status}")
        self.task.status = status
        self.task.revision += 1
        if status is not Status.PROCESSING:
            self.task.lease_expires_at = None
        if status in FINAL:
            self.task.completed_at = self.now
        self._record(actor, detail)

    def _record(self, actor: str, detail: str) -> None:
        task = self.task
        self.events.append(
            TaskEvent(
                task=task,
                revision=task.revision,
                status=task.status,
                at=self.now,
                attempt=task.attempt,
                actor=actor,
                detail=detail,
            )
        )
