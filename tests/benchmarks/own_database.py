# ruff: noqa: T201 - it prints what it finds
"""A database for one measurement, on the server of `DATABASE_URL` (SQLite without)."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from tests.benchmarks.machine import describe_database, describe_machine


@contextmanager
def own_database(
    description: str | None, arguments: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Tell where it is measured; yields how many tasks of how many days it is to have.

    The database has its tables, and is dropped in the end.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=90)
    options = parser.parse_args(arguments)
    print(f"机器    {describe_machine()}")
    print(f"数据库  {describe_database(os.environ.get('DATABASE_URL'))}", flush=True)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield options.tasks, options.days
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
