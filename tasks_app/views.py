"""The page that people see."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tasks_app.states import Status


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Submit reminders, watch them live; all data comes over the socket."""
    context = {
        "statuses": Status.choices,
        "max_text_length": settings.MAX_TEXT_LENGTH,
        "max_message_bytes": settings.MAX_MESSAGE_BYTES,
    }
    return render(request, "tasks_app/page.html", context)
