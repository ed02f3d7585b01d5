"""Fixtures for what runs on an event loop."""

from collections.abc import AsyncIterator

import pytest
from celery import current_app
from pytest_django import Settings

from tasks_app.batching import Orm
from tests.db.concurrency import end_threads
from tests.db.conversations import Server


@pytest.fixture
def services_in_process(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A channel layer and a broker that need no server."""
    backend = "channels.layers.InMemoryChannelLayer"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend}}
    monkeypatch.setattr(current_app.conf, "broker_url", "memory://")


@pytest.fixture
async def orm(transactional_db: None) -> AsyncIterator[Orm]:
    """The test's own way to the database, beside that of what it tests."""
    orm = Orm(2)
    yield orm
    end_threads(orm)


@pytest.fixture
async def server(
    transactional_db: None, services_in_process: None, settings: Settings
) -> AsyncIterator[Server]:
    """A gateway for conversations, and no limit of what they submit."""
    settings.SUBMIT_RATE = 0
    server = Server()
    yield server
    await server.end()
