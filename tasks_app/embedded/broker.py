"""The broker, as the one who starts its clients sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery import Celery
from kombu import Connection
from kombu.exceptions import OperationalError


class BrokerError(Exception):
    """The broker cannot be used now."""


def reach(celery: Celery) -> None:
    """Connect once; `BrokerError` says why that is not possible."""
    with _connection(celery) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0)


def has_worker(celery: Celery, node: str, timeout_s: float) -> bool:
    """Whether the worker called `node` answers in time."""
    with _connection(celery) as connection:
        return bool(
            celery.control.ping(
                destination=[node], timeout=timeout_s, connection=connection
            )
        )


@contextmanager
def _connection(celery: Celery) -> Iterator[Connection]:
    """A new connection: a pooled one may be broken since the broker restarted."""
    with celery.connection_for_write() as connection:
        refusals: tuple[type[BaseException], ...] = (
            OperationalError,
            *connection.connection_errors,
            *connection.channel_errors,
        )
        try:
            yield connection
        except refusals as error:
            raise BrokerError(str(error)) from error
