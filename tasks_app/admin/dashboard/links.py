"""Where the tasks are that a number counts."""

from urllib.parse import urlencode

from django.urls import reverse

from tasks_app.admin.dashboard.spans import Span


def task_list(span: Span | None = None, **facets: str) -> str:
    """The list narrowed to what these columns say, on the days of a span."""
    if span is not None:
        facets["created_at_from"] = span.first_day.isoformat()
        facets["created_at_to"] = span.last_day.isoformat()
    address = reverse("admin:tasks_app_task_changelist")
    return f"{address}?{urlencode(facets)}" if facets else address
