"""Where the tasks are that a number counts."""

from urllib.parse import urlencode

from django.urls import reverse

from tasks_app.admin.dashboard.periods import Period


def task_list(period: Period | None = None, **facets: str) -> str:
    """The list narrowed to what these columns say, and to a period."""
    if period is not None:
        first, last = period.ends()
        facets["created_at_from"] = first.isoformat()
        facets["created_at_to"] = last.isoformat()
    address = reverse("admin:tasks_app_task_changelist")
    return f"{address}?{urlencode(facets)}" if facets else address
