"""Fixtures that start the real application."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.stack import Stack, prepared_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One running application for all tests that leave it as they found it.

    It was started on nothing, as a person starts it first.
    """
    environment = {"PULSEWEAVE_SUBMIT_RATE": "0"}
    data_dir = tmp_path_factory.mktemp("stack")
    with prepared_stack(data_dir, environment, is_migrated=False) as stack:
        yield stack.start()


@pytest.fixture
def make_stack(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Stack]]:
    """Make an application of one's own: `make_stack(PULSEWEAVE_LEASE_S="2").start()`.

    Keyword arguments go to its environment.
    """
    with ExitStack() as cleanup:

        def make(**environment: str) -> Stack:
            data_dir = tmp_path_factory.mktemp("stack")
            return cleanup.enter_context(prepared_stack(data_dir, environment))

        yield make
