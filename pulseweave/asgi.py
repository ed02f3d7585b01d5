"""The ASGI application: HTTP to Django, `/ws` to the consumer."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

from pulseweave import closing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulseweave.settings")

http = get_asgi_application()

# Models can be imported only after get_asgi_application() has set Django up.
from tasks_app.routing import websocket_urlpatterns  # noqa: E402

closing.install()

application = ProtocolTypeRouter(
    {"http": http, "websocket": URLRouter(websocket_urlpatterns)}
)
