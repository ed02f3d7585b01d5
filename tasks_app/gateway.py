"""What the sockets of one web process share; it lives as long as its event loop."""

import asyncio

from django.conf import settings

from tasks_app.background import keep_running
from tasks_app.batching import Orm
from tasks_app.feed import Hub
from tasks_app.intake import Intake
from tasks_app.presence import Presence
from tasks_app.submit_rate import SubmitRate

_ORM_THREADS = 6
"""Fewer than the pool of settings has connections, so that none is waited for."""


class Gateway:
    """Started by the first socket: Daphne tells an application of no other start."""

    def __init__(self) -> None:
        self.orm = Orm(_ORM_THREADS)
        self.hub = Hub(self.orm)
        self.intake = Intake(self.orm)
        self.presence = Presence(self.orm)
        self.submit_rate = SubmitRate(settings.SUBMIT_RATE)
        parts = (self.hub, self.intake, self.presence)
        self._tasks = [asyncio.create_task(keep_running(part.run)) for part in parts]


_gateways: dict[asyncio.AbstractEventLoop, Gateway] = {}


def get_gateway() -> Gateway:
    """The gateway of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _gateways:
        _gateways[loop] = Gateway()
    return _gateways[loop]
