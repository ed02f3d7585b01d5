"""The promise, checked: what a stack's database holds against what clients saw."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg

from tests.client import FINAL, Client
from tests.stack import Stack

_TASKS = "SELECT id, owner, status, revision, attempt FROM tasks_app_task"
_EVENTS = (
    "SELECT task_id, revision, status, attempt FROM tasks_app_taskevent"
    " ORDER BY task_id, revision"
)


def check_promise(stack: Stack, *clients: Client) -> None:
    """Every acknowledged submission has one row and one final status, its events are
    revisions 1..n without holes, and its owner was told exactly these.
    """
    rows = {_uuid(row[0]): row for row in _query(stack, _TASKS)}
    events = _events(stack)
    assert events.keys() == rows.keys()
    for task_id, (_, _, status, revision, attempt) in rows.items():
        moves = events[task_id]
        assert status in FINAL, f"{task_id} is left {status}"
        assert [move[0] for move in moves] == list(range(1, revision + 1))
        assert [move[1] in FINAL for move in moves] == [False] * (revision - 1) + [True]
        assert moves[-1][1:] == (status, attempt)
    for client in clients:
        _check_told(client, rows, events)


def _check_told(
    client: Client,
    rows: dict[str, tuple[Any, ...]],
    events: dict[str, list[tuple[int, str, int]]],
) -> None:
    owner = f"client:{client.client_id}"
    owned = {task_id for task_id, row in rows.items() if row[1] == owner}
    assert owned == client.lives.keys()
    for task_id, life in client.lives.items():
        assert life[0]["type"] == "task_submitted"
        told = [(one["revision"], one["status"]) for one in life]
        assert told == [move[:2] for move in events[task_id]]


def _events(stack: Stack) -> dict[str, list[tuple[int, str, int]]]:
    events: defaultdict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for task_id, *move in _query(stack, _EVENTS):
        events[_uuid(task_id)].append((move[0], move[1], move[2]))
    return events


def _uuid(value: object) -> str:
    """A key as its text: SQLite keeps it as hexadecimal digits."""
    return str(value if isinstance(value, UUID) else UUID(str(value)))


def _query(stack: Stack, statement: str) -> Iterable[tuple[Any, ...]]:
    if url := stack.env.get("DATABASE_URL"):
        with psycopg.connect(url) as server:
            return server.execute(statement.encode()).fetchall()
    with closing(sqlite3.connect(stack.data_dir / "db.sqlite3")) as database:
        return database.execute(statement).fetchall()
