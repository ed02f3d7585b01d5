"""The door for staff: who did what, when, and what came of it.

Nothing of a task is edited here. Tasks move by the verbs of lifecycle alone, called
from `tasks.actions.operations`, which log them.
"""

from tasks_app.admin import accounts, log_entries, processes, tasks

__all__ = ["accounts", "log_entries", "processes", "tasks"]
