"""What stacks have to themselves of the services given for a run of tests."""

import atexit
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit

import psycopg
from celery.app import app_or_default
from django.conf import settings
from kombu import Exchange, Queue
from psycopg import sql

from tests.environment import SERVICES

_FILE = "db.sqlite3"


class Services:
    """The share of one stack.

    A database of its own on the server of `DATABASE_URL`, and names of its own on
    those of `REDIS_URL` and `BROKER_URL`. Without these variables the stack brings
    its own.
    """

    def __init__(self) -> None:
        self.name = _new_name()
        self._urls = {name: os.environ[name] for name in SERVICES if name in os.environ}

    def create(self, data_dir: Path, is_migrated: bool) -> dict[str, str]:
        """Make them; returns the environment that leads a stack to them."""
        environment = {
            **self._urls,
            "PULSEWEAVE_QUEUE": self.name,
            "PULSEWEAVE_CHANNEL_PREFIX": self.name,
        }
        if url := self._urls.get("DATABASE_URL"):
            model = _migrated_database(url) if is_migrated else "template1"
            _create_database(url, self.name, model)
            environment["DATABASE_URL"] = _url_of(url, self.name)
        elif is_migrated:
            shutil.copyfile(_migrated_file(), data_dir / _FILE)
        return environment

    def remove(self) -> None:
        if url := self._urls.get("DATABASE_URL"):
            _drop_database(url, self.name)
        if url := self._urls.get("BROKER_URL") or self._urls.get("REDIS_URL"):
            connection = app_or_default().connection_for_write(url)
            with connection, connection.channel() as channel:
                exchange = Exchange(self.name, channel=channel)
                queue = Queue(self.name, exchange, self.name, channel=channel)
                # On Redis, only who has declared a queue can delete its bindings.
                queue.declare()
                queue.delete()
                exchange.delete()


# --- Databases with their tables, made once to be copied --------------------------


@cache
def _migrated_file() -> Path:
    data_dir = tempfile.mkdtemp(prefix="pulseweave-migrated-")
    atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
    _migrate({"PULSEWEAVE_DATA_DIR": data_dir})
    return Path(data_dir) / _FILE


@cache
def _migrated_database(url: str) -> str:
    name = _new_name()
    _create_database(url, name, "template1")
    atexit.register(_drop_database, url, name)
    _migrate(
        {
            "PULSEWEAVE_DATA_DIR": str(settings.DATA_DIR),
            "DATABASE_URL": _url_of(url, name),
        }
    )
    return name


def _migrate(environment: Mapping[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
    )


def _new_name() -> str:
    return f"pulseweave_test_{secrets.token_hex(6)}"


def _url_of(url: str, name: str) -> str:
    """The database of this name on the server of `url`."""
    return urlsplit(url)._replace(path=name).geturl()


def _create_database(url: str, name: str, model: str) -> None:
    _administer(url, "CREATE DATABASE {} TEMPLATE {}", name, model)


def _drop_database(url: str, name: str) -> None:
    _administer(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _administer(url: str, statement: LiteralString, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
