"""Watching the application's own loops and threads at work on the real database."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tasks_app.batching import Orm

PATIENCE_S = 10.0


async def until(is_so: Callable[[], object]) -> None:
    """Wait for what nothing announces."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110 - there is no event
            await asyncio.sleep(0.01)


async def until_row(orm: Orm, is_so: Callable[[], object]) -> None:
    """Wait until the database says so."""
    async with asyncio.timeout(PATIENCE_S):
        while not await orm.run(is_so):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)


async def let_others_run() -> None:
    """Let the loop come to rest, but for what waits for threads."""
    for _ in range(20):
        await asyncio.sleep(0)


def end_threads(orm: Orm) -> None:
    """Let no statement be under way when the database is emptied."""
    orm._executor.shutdown()


Execute = Callable[..., Any]


class HeldStatement:
    """Lets a kind of statement wait, inside its transaction, until it is let go."""

    def __init__(self, beginning: str) -> None:
        self._beginning = beginning
        self._loop = asyncio.get_running_loop()
        self._may_go = threading.Event()
        self.is_waiting = asyncio.Event()

    def let_go(self) -> None:
        self._may_go.set()

    def __call__(
        self, execute: Execute, sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if sql.startswith(self._beginning) and not self._may_go.is_set():
            self._loop.call_soon_threadsafe(self.is_waiting.set)
            self._may_go.wait(PATIENCE_S)
        return execute(sql, params, many, context)


class FailingStatement:
    """Lets a kind of statement fail, as if the database had gone."""

    def __init__(self, beginning: str) -> None:
        self._beginning = beginning
        self.has_failed = False

    def __call__(
        self, execute: Execute, sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if sql.startswith(self._beginning):
            self.has_failed = True
            raise OperationalError("the connection is lost")
        return execute(sql, params, many, context)


@contextmanager
def statements_through(wrapper: Execute) -> Iterator[None]:
    """Send the statements of every connection made from now on through `wrapper`."""
    wrapped: list[BaseDatabaseWrapper] = []

    def wrap(connection: BaseDatabaseWrapper, **_: object) -> None:
        # A thread's connection is made anew for each piece of work.
        if wrapper not in connection.execute_wrappers:
            connection.execute_wrappers.append(wrapper)
            wrapped.append(connection)

    connection_created.connect(wrap)
    try:
        yield
    finally:
        connection_created.disconnect(wrap)
        for connection in wrapped:
            connection.execute_wrappers.remove(wrapper)
