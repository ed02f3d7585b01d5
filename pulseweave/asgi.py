"""The ASGI application: HTTP to Django, `/ws` to the consumer."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import re_path

from pulseweave import sockets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulseweave.settings")

http = get_asgi_application()

# Models can be imported only after get_asgi_application() has set Django up.
from tasks_app.gateway import end_gateway  # noqa: E402
from tasks_app.routing import refuse, websocket_urlpatterns  # noqa: E402

sockets.install(on_stop=end_gateway)

# Channels would answer an unknown address with a fault of ours.
elsewhere: Any = re_path(r"", refuse)  # type: ignore[arg-type]
addresses = URLRouter([*websocket_urlpatterns, elsewhere])

application = ProtocolTypeRouter({"http": http, "websocket": addresses})
