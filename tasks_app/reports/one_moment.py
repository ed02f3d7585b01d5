"""Several questions about the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is asked within is answered as of one moment, whatever is committed
    meanwhile; nothing may be written. A transaction that has begun stays as it is.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.in_atomic_block:
        yield
    elif database.vendor == "postgresql":
        with transaction.atomic(), database.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with database.cursor() as cursor:
            # Django's own would be immediate, and hold up all that write.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
