"""An owner calls a task off."""

from uuid import UUID

from tasks_app.errors import NotCancellable, TaskNotFound
from tasks_app.lifecycle.moves import Move, make_moves
from tasks_app.models import Task, TaskEvent
from tasks_app.states import Status


def cancel(owner: str, task_id: UUID, actor: str) -> TaskEvent:
    """Cancel the owner's task, pending or processing.

    Raises:
        TaskNotFound: the owner has no such task.
        NotCancellable: it is final already; carries its status.
    """
    while True:
        task = Task.objects.owned_by(owner).filter(pk=task_id).first()
        if task is None:
            raise TaskNotFound(task_id=str(task_id))
        if task.is_final:
            raise NotCancellable(task_id=str(task_id), status=task.status)
        if events := make_moves([Move(task, Status.CANCELLED, actor)]):
            return events[0]
        # It moved between reading and locking. A task has few moves left to make.
