"""The promise, checked: what a stack's database holds against what clients saw."""

import sqlite3
import time
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import psycopg
from psycopg import IsolationLevel

from tests.client import FINAL, Client, Message
from tests.stack import Stack

_TASKS = (
    "SELECT id, owner, status, revision, attempt, error_code, idempotency_key,"
    " lease_expires_at, worker FROM tasks_app_task"
)
_EVENTS = (
    "SELECT task_id, revision, status, attempt, actor FROM tasks_app_taskevent"
    " ORDER BY task_id, revision"
)
_SWEPT_WITHIN_S = 15.0


class Task(NamedTuple):
    id: str
    owner: str
    status: str
    revision: int
    attempt: int
    error_code: str
    idempotency_key: str | None
    lease_expires_at: datetime | None
    worker: str


class Move(NamedTuple):
    revision: int
    status: str
    attempt: int
    actor: str


class Books(NamedTuple):
    """All tasks and the moves of each, at one moment."""

    tasks: dict[str, Task]
    moves: dict[str, list[Move]]


def check_promise(stack: Stack, *clients: Client) -> None:
    """Of these clients: every acknowledged submission and idempotency key has one row
    and one final status, and its moves are what the client was told. Of all tasks: the
    moves are revisions 1..n without holes, and no claim is left past its lease.
    """
    books = _swept_books(stack)
    for task in books.tasks.values():
        _check_history(task, books.moves[task.id])
    for client in clients:
        owner = f"client:{client.client_id}"
        owned = {task.id: task for task in books.tasks.values() if task.owner == owner}
        assert owned.keys() == client.lives.keys()
        stored = {task.idempotency_key: task.id for task in owned.values()}
        assert stored.items() >= client.keys.items()
        for task in owned.values():
            assert task.status in FINAL, f"{task.id} is left {task.status}"
            check_told(client, task, books.moves[task.id])


def _check_history(task: Task, moves: list[Move]) -> None:
    assert [move.revision for move in moves] == list(range(1, task.revision + 1))
    assert not {move.status for move in moves[:-1]} & FINAL
    assert moves[-1][1:3] == (task.status, task.attempt)
    for move, following in pairwise(moves):
        if move.status == "processing" and following.actor.startswith("worker:"):
            assert following.actor == move.actor, f"{task.id}: a late result counted"


def check_told(client: Client, task: Task, moves: list[Move]) -> None:
    """The client was told all moves of this task, in order, and their outcome."""
    life = _news(client, client.lives[task.id])
    told = [(one["revision"], one["status"]) for one in life]
    assert told == [(move.revision, move.status) for move in moves]
    for one, move in zip(life[1:], moves[1:], strict=True):
        assert one.get("attempt", min(move.attempt, 1)) == move.attempt
    assert life[-1].get("error_code", "") == task.error_code
    assert ("result" in life[-1]) == (task.status == "completed")


def _news(client: Client, life: list[Message]) -> list[Message]:
    """The messages that brought the next revision; others need a reason to be there:
    the client asked, sent a submission twice or resumed.
    """
    news: list[Message] = []
    may_repeat = client.has_resumed or any("duplicate" in one for one in life)
    # What staff had tried anew was not submitted.
    is_begun = life[0]["type"] == "task_submitted" or "retry_of" in life[0]
    assert may_repeat or is_begun
    for one in life:
        known = news[: one["revision"]]
        if one["revision"] == len(news) + 1:
            news.append(one)
        elif "request_id" not in one:
            # It was asked for and answered before it was told.
            was_asked = len(known) == one["revision"] and "request_id" in known[-1]
            assert may_repeat or was_asked, f"told twice or too early: {one}"
    return news


def _swept_books(stack: Stack) -> Books:
    """The books, once no claim is past its lease."""
    deadline = time.monotonic() + _SWEPT_WITHIN_S
    while True:
        books = read_books(stack)
        overdue = [task for task in books.tasks.values() if _is_overdue(task)]
        if not overdue:
            return books
        assert time.monotonic() < deadline, f"processing past their leases: {overdue}"
        time.sleep(0.2)


def _is_overdue(task: Task) -> bool:
    if task.status != "processing":
        return False
    lease = task.lease_expires_at
    return lease is None or lease < datetime.now(UTC)


def query(stack: Stack, *statements: LiteralString) -> list[list[tuple[Any, ...]]]:
    """What these find in the stack's database, all at one moment."""
    if url := stack.env.get("DATABASE_URL"):
        with psycopg.connect(url) as server:
            server.isolation_level = IsolationLevel.REPEATABLE_READ
            return [server.execute(statement).fetchall() for statement in statements]
    with closing(sqlite3.connect(stack.data_dir / "db.sqlite3")) as database:
        database.execute("BEGIN")
        return [database.execute(statement).fetchall() for statement in statements]


def read_books(stack: Stack) -> Books:
    tasks, events = query(stack, _TASKS, _EVENTS)
    moves: defaultdict[str, list[Move]] = defaultdict(list)
    for task_id, *move in events:
        moves[_uuid(task_id)].append(Move(*move))
    return Books({_uuid(row[0]): _task(row) for row in tasks}, moves)


def _task(row: tuple[Any, ...]) -> Task:
    """A row as both databases mean it: SQLite keeps keys and times as text, in UTC."""
    task = Task(*row)
    lease: Any = task.lease_expires_at
    if isinstance(lease, str):
        lease = datetime.fromisoformat(lease).replace(tzinfo=UTC)
    return task._replace(id=_uuid(task.id), lease_expires_at=lease)


def _uuid(value: object) -> str:
    return str(value if isinstance(value, UUID) else UUID(str(value)))
