"""Simulated tasks as rows."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import AutoField, Model
from psycopg.sql import SQL, Identifier

from tasks_app.demo.simulation import Simulation
from tasks_app.models import Review, Task, TaskEvent
from tasks_app.rollups import roll_up_new

_BATCH = 2000
_REVIEWERS = ("demo-anna", "demo-bo", "demo-chen")


def create_reviewers() -> list[int]:
    """Staff who have reviewed what there is; nobody can log in as one of them."""
    users = get_user_model().objects
    ids = []
    for name in _REVIEWERS:
        user, is_new = users.get_or_create(
            username=name, defaults={"is_staff": True, "is_active": False}
        )
        if is_new:
            user.set_unusable_password()
            user.save()
        ids.append(user.pk)
    return ids


def store(simulations: Iterable[Simulation]) -> Iterator[int]:
    """Write them, some at a time; yields how many have been written."""
    source = iter(simulations)
    written = 0
    while batch := list(islice(source, _BATCH)):
        with transaction.atomic():
            roll_up_new(
                [simulation.task for simulation in batch if simulation.task.is_final]
            )
            _insert(Task, [simulation.task for simulation in batch])
            _insert(
                TaskEvent,
                [event for simulation in batch for event in simulation.events],
            )
            _insert(
                Review, [simulation.review for simulation in batch if simulation.review]
            )
        written += len(batch)
        yield written
    if written:
        _analyze()


def _analyze() -> None:
    """Tell PostgreSQL's planner at once what it would find out in a while."""
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("ANALYZE")


def _insert(model: type[Model], rows: list[Model]) -> None:
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        _copy(model, rows)
    else:
        model._default_manager.bulk_create(rows)


def _copy(model: type[Model], rows: list[Model]) -> None:
    """As PostgreSQL takes a million of them in minutes."""
    database = connections[DEFAULT_DB_ALIAS]
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]
    columns = [Identifier(field.column or "") for field in fields]
    statement = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(model._meta.db_table),
        SQL(", ").join(columns),
    )
    with database.cursor() as cursor:
        # The server waits for the rows, which a busy machine makes slowly.
        cursor.execute("SET LOCAL statement_timeout = 0")
        with cursor.copy(statement) as copy:
            for row in rows:
                values = (getattr(row, field.attname) for field in fields)
                copy.write_row(
                    [
                        field.get_db_prep_save(value, database)
                        for field, value in zip(fields, values, strict=True)
                    ]
                )
