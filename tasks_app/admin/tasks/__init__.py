"""Tasks: the list of all, the page of one, and what may be done to them.

columns     a task's values, as list and page show them
changelist  the list: search, filters, pages
detail      the page of one task
actions     review, cancel, retry, export, purge, and their history
"""

from tasks_app.admin.tasks.model_admin import TaskAdmin

__all__ = ["TaskAdmin"]
