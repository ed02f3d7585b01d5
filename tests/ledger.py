"""The promise, checked: what a stack's database holds against what clients saw."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg
from psycopg import IsolationLevel

from tests.client import FINAL, Client, Message
from tests.stack import Stack

_TASKS = "SELECT id, owner, status, revision, attempt, error_code FROM tasks_app_task"
_EVENTS = (
    "SELECT task_id, revision, status, attempt FROM tasks_app_taskevent"
    " ORDER BY task_id, revision"
)

Row = tuple[Any, ...]
Moves = list[tuple[int, str, int]]
"""(revision, status, attempt) of each event."""


def check_promise(stack: Stack, *clients: Client) -> None:
    """Of these clients: every acknowledged submission has one row and one final
    status, its events are revisions 1..n without holes, and they are what it was told.
    """
    tasks, events = _read(stack)
    for client in clients:
        owner = f"client:{client.client_id}"
        owned = {_uuid(row[0]): row for row in tasks if row[1] == owner}
        assert owned.keys() == client.lives.keys()
        for task_id, row in owned.items():
            _check_history(row, events[task_id])
            _check_told(row, events[task_id], client.lives[task_id])


def _check_history(row: Row, moves: Moves) -> None:
    task_id, _, status, revision, attempt, _ = row
    assert status in FINAL, f"{task_id} is left {status}"
    assert [move[0] for move in moves] == list(range(1, revision + 1))
    assert [move[1] in FINAL for move in moves] == [False] * (revision - 1) + [True]
    assert moves[-1][1:] == (status, attempt)


def _check_told(row: Row, moves: Moves, life: list[Message]) -> None:
    assert life[0]["type"] == "task_submitted"
    told = [(one["revision"], one["status"]) for one in life]
    assert told == [(revision, status) for revision, status, _ in moves]
    for one, (_, _, attempt) in zip(life[1:], moves[1:], strict=True):
        assert one.get("attempt", min(attempt, 1)) == attempt
    assert life[-1].get("error_code", "") == row[5]
    assert ("result" in life[-1]) == (row[2] == "completed")


def _read(stack: Stack) -> tuple[list[Row], dict[str, Moves]]:
    """All tasks and the events of each, at one moment."""
    if url := stack.env.get("DATABASE_URL"):
        with psycopg.connect(url) as server:
            server.isolation_level = IsolationLevel.REPEATABLE_READ
            tasks = server.execute(_TASKS.encode()).fetchall()
            events = server.execute(_EVENTS.encode()).fetchall()
    else:
        with closing(sqlite3.connect(stack.data_dir / "db.sqlite3")) as database:
            database.execute("BEGIN")
            tasks = database.execute(_TASKS).fetchall()
            events = database.execute(_EVENTS).fetchall()
    by_task: defaultdict[str, Moves] = defaultdict(list)
    for task_id, revision, status, attempt in events:
        by_task[_uuid(task_id)].append((revision, status, attempt))
    return tasks, by_task


def _uuid(value: object) -> str:
    """A key as its text: SQLite keeps it as hexadecimal digits."""
    return str(value if isinstance(value, UUID) else UUID(str(value)))
