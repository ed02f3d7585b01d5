"""What must be so before the first part starts."""

import fcntl
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery.app import app_or_default
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections
from django.db.utils import Error as DatabaseError
from redis import Redis, RedisError

from tasks_app.embedded import broker
from tasks_app.embedded.console import say
from tasks_app.embedded.errors import StartError
from tasks_app.inference.registry import check_engine


@contextmanager
def sole_owner(data_dir: Path) -> Iterator[None]:
    """Hold `data_dir` against a second `up`; the kernel lets go when we die."""
    path = data_dir / "up.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(
                f"PulseWeave 已在 {data_dir} 上运行；先停止它，"
                "或用 PULSEWEAVE_DATA_DIR 指定另一个目录。"
            ) from None
        yield


def check_port(host: str, port: int) -> None:
    """`StartError` unless `host`:`port` can be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as listener:
            # As the web server does: connections of an earlier run may linger.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except OSError as error:
        raise StartError(
            f"无法在 {host}:{port} 上监听（{error.strerror}）；用 PORT=<端口> 换一个。"
        ) from None


def prepare() -> None:
    """Reach the services that are not ours, migrate, create the first staff user.

    Raises:
        StartError: something is missing or set wrong; says what to do.
    """
    try:
        check_engine()
    except ImproperlyConfigured as error:
        raise StartError(str(error)) from error
    if not settings.IS_REDIS_EMBEDDED:
        _reach_redis()
    if str(settings.VALKEY_SOCKET) not in settings.BROKER_URL:
        _reach_broker()
    try:
        _prepare_database()
    except DatabaseError as error:
        raise StartError(f"数据库无法使用，请检查 DATABASE_URL：{error}") from error


def _prepare_database() -> None:
    database: Any = connections["default"]
    is_pooled = database.vendor == "postgresql"
    if is_pooled:
        _reach(database)
    call_command("migrate", interactive=False, verbosity=0)
    _create_first_admin()
    database.close()
    if is_pooled:
        database.close_pool()


def _reach_redis() -> None:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=5) as client:
            client.ping()
    except RedisError as error:
        raise StartError(f"Redis 无法使用，请检查 REDIS_URL：{error}") from error


def _reach_broker() -> None:
    try:
        broker.reach(app_or_default())
    except broker.BrokerError as error:
        raise StartError(f"消息代理无法使用，请检查 BROKER_URL：{error}") from error


def _reach(database: Any) -> None:
    """Connect once without the pool, which would try for long and not say why."""
    with database.wrap_database_errors:
        database.Database.connect(**database.get_connection_params()).close()


def _create_first_admin() -> None:
    """Make the first staff user and show the password, this one time only."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return
    name = "admin"
    if users.filter(username=name).exists():
        name = f"admin-{secrets.token_hex(3)}"
    password = secrets.token_urlsafe(12)
    users.create_superuser(name, password=password)
    say(f"· 已创建管理员 {name}，密码 {password} （只显示这一次）")
