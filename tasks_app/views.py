"""The page that people see, and what monitors ask."""

import asyncio
import logging

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tasks_app.batching import Orm
from tasks_app.health import read_health
from tasks_app.states import Status

log = logging.getLogger(__name__)

_health_orm = Orm(threads=1)
"""Of its own: the answer must not wait behind submissions."""
_HEALTH_S = 3.0


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Submit reminders, watch them live; all data comes over the socket."""
    context = {
        "statuses": Status.choices,
        "max_text_length": settings.MAX_TEXT_LENGTH,
        "max_message_bytes": settings.MAX_MESSAGE_BYTES,
    }
    return render(request, "tasks_app/page.html", context)


@never_cache
@require_safe
async def live(request: HttpRequest) -> JsonResponse:
    """This web process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
async def ready(request: HttpRequest) -> JsonResponse:
    """Submissions can be stored; the body says how the parts behind fare.

    A backlog that nobody works on is `degraded` and still 200: what is submitted is
    kept, and to take this process away would not help.
    """
    try:
        async with asyncio.timeout(_HEALTH_S):
            health = await _health_orm.run(read_health)
    except (DatabaseError, TimeoutError) as error:
        log.warning("not ready: %s", type(error).__name__)
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse(health.model_dump(mode="json"))
