"""What can be done to a stack's own database without harm to the others."""

import os
import sqlite3
import time
from contextlib import closing
from urllib.parse import urlsplit

import psycopg

from tests.stack import Stack

SERVER_URL = os.environ.get("DATABASE_URL", "")
_PATIENCE_S = 20.0


def cut_connections(stack: Stack) -> None:
    """Returns when the PostgreSQL server has ended them all."""
    cut = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = %s"
    )
    with psycopg.connect(SERVER_URL, autocommit=True) as server:
        server.execute(cut, [name_of_database(stack)])


def name_of_database(stack: Stack) -> str:
    return urlsplit(stack.env["DATABASE_URL"]).path[1:]


def lock_database(stack: Stack, seconds: float) -> None:
    """Somebody else writes to the SQLite file for so long."""
    path = stack.data_dir / "db.sqlite3"
    with closing(
        sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE_S)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("COMMIT")
