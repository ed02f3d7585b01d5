"""A RabbitMQ of a test's own, which it may kill: the given one is shared."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stack import free_port

_PATH = ":".join(
    ["/usr/lib/rabbitmq/bin", os.environ.get("PATH", os.defpath), "/usr/sbin"]
)
"""Debian's command in `/usr/sbin` runs it as another user, or not at all; the first
place has the program itself.
"""
_SERVER = shutil.which("rabbitmq-server", path=_PATH)
_NAMES = shutil.which("epmd", path=_PATH)
_ERLANG_FLAGS = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"
_STARTS_WITHIN_S = 60.0

IS_INSTALLED = bool(_SERVER and _NAMES)


class RabbitMQ:
    """One node without plugins, on loopback; all that it keeps is in `directory`."""

    def __init__(self, directory: Path, names_port: int, news: socket.socket) -> None:
        self._news = news
        self._database = directory / "mnesia"
        self._process: subprocess.Popen[bytes] | None = None
        port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{port}//"
        self._environment = {
            "PATH": _PATH,
            # Where Erlang looks for its cookie, or makes one.
            "HOME": str(directory),
            "ERL_EPMD_PORT": str(names_port),
            "ERL_FLAGS": _ERLANG_FLAGS,
            # It says there when it answers. With this the script becomes the server,
            # instead of waiting for it: what is killed is the server itself.
            "NOTIFY_SOCKET": news.getsockname(),
            "RABBITMQ_NODENAME": "test@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self._database),
            "RABBITMQ_LOG_BASE": str(directory),
            # Not there: else it would take those of the machine's own server.
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(directory / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(directory / "advanced.config"),
        }

    def start(self) -> None:
        """Start it, with what it kept, and wait until it answers."""
        assert _SERVER is not None, "no rabbitmq-server is installed"
        self._process = subprocess.Popen(
            [_SERVER], env=self._environment, stdin=subprocess.DEVNULL
        )
        while b"READY=1" not in self._news.recv(4096).splitlines():
            pass

    def kill(self) -> None:
        """End it, if it runs, before it can write anything more."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """Lose all that it kept, while it is gone."""
        shutil.rmtree(self._database)


@contextmanager
def own_rabbitmq(directory: Path) -> Iterator[RabbitMQ]:
    """A node that answers, and the server of names that Erlang wants beside it."""
    assert _NAMES is not None, "no epmd is installed"
    port = free_port()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as news:
        news.bind(str(directory / "news"))
        news.settimeout(_STARTS_WITHIN_S)
        rabbitmq = RabbitMQ(directory, port, news)
        names = subprocess.Popen([_NAMES, "-address", "127.0.0.1", "-port", str(port)])
        try:
            rabbitmq.start()
            yield rabbitmq
        finally:
            rabbitmq.kill()
            names.kill()
            names.wait()
