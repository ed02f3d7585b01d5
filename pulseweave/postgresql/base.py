"""Django's PostgreSQL backend, over outages of the server at once.

The pool's own check lets a caller wait a second after the first broken connection it
meets, two after the second, and so on, though the server has long been back.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, Error


class DatabaseWrapper(base.DatabaseWrapper):
    """Gives out no connection that is broken, and no second one of the same outage."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection: Connection[Any] = super().get_new_connection(conn_params)
        pool = self.pool
        if pool is None:
            return connection
        try:
            pool.check_connection(connection)
        except Error:
            pool.putconn(connection)
            pool.check()
            return super().get_new_connection(conn_params)
        return connection
