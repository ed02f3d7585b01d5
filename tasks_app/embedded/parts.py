"""The parts of the stack: their commands, and how each shows that it answers.

The times that they are given to stop, stage after stage, add up to 13 s with the
default grace of a worker: nobody waits longer after Ctrl-C.
"""

import asyncio
import os
import socket
import sys

import httpx
from celery import Celery
from celery.app import app_or_default
from django.conf import settings

from tasks_app.embedded import broker, valkey
from tasks_app.embedded.processes import Part

_PING_S = 0.5
_GIVE_BACK_S = 2
"""What a worker needs after its grace, to give back what did not end."""
_WEBSOCKET_HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "cHVsc2V3ZWF2ZS1yZWFkeQ==",
}


def stages() -> list[list[Part]]:
    """What to start, stage after stage; to be stopped in reverse."""
    celery = app_or_default()
    stages = [[worker(celery), beat(celery)], [web()]]
    if settings.IS_REDIS_EMBEDDED:
        stages.insert(0, [valkey.part(settings.VALKEY_SOCKET, settings.DATA_DIR)])
    return stages


def beat(celery: Celery) -> Part:
    """The clock. A process of its own: embedded in a worker it outlives its SIGKILL."""

    async def is_ready() -> bool:
        return True  # it answers nobody

    command = _celery(celery, "beat")
    stops_within_s = settings.STOP_GRACE_S + _GIVE_BACK_S
    return Part("beat", command, stops_within_s, is_ready)


def worker(celery: Celery) -> Part:
    """Runs inferences; its SIGTERM lets those in flight end."""
    node = f"{celery.main}-{os.getpid()}@{socket.gethostname()}"

    def answers_ping() -> bool:
        try:
            return broker.has_worker(celery, node, _PING_S)
        except broker.BrokerError:
            return False

    async def is_ready() -> bool:
        return await asyncio.to_thread(answers_ping)

    # Workers need not know of each other: the database settles who has what.
    # Its heartbeat stays: on RabbitMQ nothing else wakes an idle worker to its SIGTERM.
    alone = ("--without-mingle", "--without-gossip")
    command = _celery(celery, "worker", "--pool=threads", f"--hostname={node}", *alone)
    stops_within_s = settings.STOP_GRACE_S + _GIVE_BACK_S
    return Part("worker", command, stops_within_s, is_ready)


def _celery(celery: Celery, *arguments: str) -> tuple[str, ...]:
    python = (sys.executable, "-m", "celery", "--quiet", f"--app={celery.main}")
    return (*python, *arguments, f"--loglevel={settings.LOG_LEVEL}")


def web() -> Part:
    """Daphne. It drops connections over its size limit without a word, so that the
    limit leaves the consumer room to refuse a message with one."""
    module, _, name = settings.ASGI_APPLICATION.rpartition(".")
    frame_bytes = max(2**20, 4 * settings.MAX_MESSAGE_BYTES)
    command = (
        *(sys.executable, "-m", "daphne", "--verbosity=0", "--no-server-name"),
        *(f"--bind={settings.BIND}", f"--port={settings.PORT}"),
        f"--websocket-max-message-size={frame_bytes}",
        f"--websocket-max-frame-size={frame_bytes}",
        f"{module}:{name}",
    )
    return Part("web", command, stops_within_s=3, is_ready=web_answers)


async def web_answers() -> bool:
    """Whether the page, the admin's login and the socket all answer.

    Only an accepted handshake shows the socket: the first one builds what all sockets
    share, and HTTP goes on answering where that fails.
    """
    # A loopback host is always allowed; behind HTTPS, plain HTTP would be redirected.
    headers = {"Host": f"localhost:{settings.PORT}", "X-Forwarded-Proto": "https"}
    async with httpx.AsyncClient(
        base_url=f"http://{reachable_host()}:{settings.PORT}",
        headers=headers,
        trust_env=False,
        # It asks often while the parts start, and to load certificates each time, which
        # plain HTTP does not need, would slow them down.
        verify=False,  # noqa: S501
        timeout=5,
    ) as client:
        try:
            page = await client.get("/")
            login = await client.get("/admin/login/")
            handshake = await client.get("/ws", headers=_WEBSOCKET_HANDSHAKE)
        except httpx.HTTPError:
            return False
    answers = (page.status_code, login.status_code, handshake.status_code)
    return answers == (200, 200, 101)


def reachable_host() -> str:
    """The host of the web server's addresses, as a browser on this machine takes it."""
    if settings.BIND == "0.0.0.0":  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    if settings.BIND == "::":
        return "[::1]"
    return f"[{settings.BIND}]" if ":" in settings.BIND else settings.BIND
