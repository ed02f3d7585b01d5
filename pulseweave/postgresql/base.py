"""Django's PostgreSQL backend, over outages of the server at once.

The pool's own check, which Django can switch on, lets a caller wait a second after the
first broken connection it meets, two after the second, and so on.
"""

from time import monotonic
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, Error

_PATIENCE_S = 10.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Gives out no connection that is broken, and drops others that are at once."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        give_up_at = monotonic() + _PATIENCE_S
        while True:
            connection: Connection[Any] = super().get_new_connection(conn_params)
            if self.pool is None:
                return connection
            try:
                self.pool.check_connection(connection)
            except BaseException as error:
                self.pool.putconn(connection)
                if not isinstance(error, Error) or monotonic() > give_up_at:
                    raise
                self.pool.check()
            else:
                return connection
