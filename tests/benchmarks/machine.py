"""What a measurement was made on."""

import os
import platform
import sqlite3

import psycopg
from celery.app import app_or_default
from redis import Redis

from tests.stack import Stack


def describe_ground(stack: Stack) -> str:
    """What a stack stands on, in three lines."""
    database = describe_database(stack.env.get("DATABASE_URL"))
    broker = describe_broker(stack.broker_url)
    return f"机器    {describe_machine()}\n数据库  {database}\n代理    {broker}\n"


def describe_machine() -> str:
    """Cores that this process may use, system and Python."""
    return (
        f"{_cores()} 核，{platform.system()} {platform.machine()}，"
        f"Python {platform.python_version()}"
    )


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def describe_database(url: str | None) -> str:
    """The server at `url`, or SQLite without one."""
    if url is None or url.startswith("sqlite"):
        return f"SQLite {sqlite3.sqlite_version}"
    with psycopg.connect(url) as server:
        major, minor = divmod(server.info.server_version, 10_000)
    return f"PostgreSQL {major}.{minor}"


def describe_broker(url: str) -> str:
    """The message broker at `url`."""
    if not url.startswith("redis"):
        with app_or_default().connection_for_read(url) as broker:
            about = broker.connection.server_properties
            return f"{about['product']} {about['version']}"
    with Redis.from_url(url.replace("redis+socket://", "unix://")) as server:
        about = server.info("server")
    is_valkey = about.get("server_name") == "valkey"
    return (
        f"Valkey {about['valkey_version']}"
        if is_valkey
        else f"Redis {about['redis_version']}"
    )
