"""The door for staff: who did what, when, and what came of it.

Nothing of a task is changed here. Tasks move by the verbs of lifecycle alone, so that
even a superuser may only look.
"""

from tasks_app.admin import accounts, server_processes, tasks, worker_processes

__all__ = ["accounts", "server_processes", "tasks", "worker_processes"]
