"""WebSocket addresses, behind the Origin rule."""

from typing import Any

from channels.middleware import BaseMiddleware
from django.conf import settings
from django.urls import re_path

from tasks_app.consumers import TaskConsumer


class OriginGuard(BaseMiddleware):
    """Lets in pages of the allowed origins, and programs, which send no Origin.

    Channels' own validator refuses programs and takes a host on any port.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        allowed = {origin.lower().encode() for origin in settings.ALLOWED_ORIGINS}
        if all(origin.lower() in allowed for origin in origins):
            return await super().__call__(scope, receive, send)
        return await refuse(scope, receive, send)


async def refuse(_scope: Any, _receive: Any, send: Any) -> None:
    """Answer 403: that is what closing a socket does before it is accepted."""
    await send({"type": "websocket.close"})


websocket_urlpatterns: list[Any] = [
    re_path(r"^ws/?$", OriginGuard(TaskConsumer.as_asgi())),
]
"""Django types its patterns for HTTP views only; Channels takes them for sockets."""
