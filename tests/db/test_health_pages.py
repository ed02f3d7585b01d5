"""What monitors and load balancers are answered."""

import asyncio

import pytest
from django.db import close_old_connections
from django.test import AsyncClient, Client

from tasks_app import views
from tests.db.concurrency import (
    PATIENCE_S,
    FailingStatement,
    HeldStatement,
    statements_through,
)
from tests.db.examples import draft, pending, store, worker_row

pytestmark = pytest.mark.django_db(transaction=True)

LIVE, READY = "/health/live", "/health/ready"


def test_a_process_that_answers_is_alive(client: Client) -> None:
    answer = client.get(LIVE)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_process_is_alive_though_its_database_is_not(client: Client) -> None:
    with statements_through(FailingStatement("")):
        assert client.get(LIVE).status_code == 200


def test_who_can_store_submissions_is_ready_and_says_how_the_parts_fare(
    client: Client,
) -> None:
    pending(2)
    worker_row(capacity=4)
    answer = client.get(READY)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    told = answer.json()
    assert 0 < told.pop("oldest_pending_age_s") < 10
    assert told == {
        "status": "ok",
        "workers": 1,
        "capacity": 4,
        "running": 0,
        "pending": 2,
        "last_claim_age_s": None,
        "is_claiming": True,
        "sweep_age_s": None,
        "provider_pauses": [],
    }


def test_who_has_a_backlog_that_nobody_works_on_is_still_ready(client: Client) -> None:
    store(draft(age_s=60))
    answer = client.get(READY)
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


def test_who_cannot_reach_the_database_is_not_ready_until_it_can(
    client: Client,
) -> None:
    failing = FailingStatement("SELECT")
    with statements_through(failing):
        answer = client.get(READY)
    assert failing.has_failed
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})
    assert client.get(READY).status_code == 200


async def test_who_waits_for_a_database_that_hangs_is_not_ready(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_HEALTH_S", 0.2)
    held = HeldStatement("SELECT")
    with statements_through(held):
        asking = asyncio.ensure_future(async_client.get(READY))
        await held.is_waiting.wait()
        async with asyncio.timeout(PATIENCE_S / 2):
            answer = await asking
        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})
        assert (await async_client.get(LIVE)).status_code == 200
        held.let_go()
        await views._health_orm.run(close_old_connections)


@pytest.mark.parametrize("path", [LIVE, READY])
def test_they_are_read_only(client: Client, path: str) -> None:
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405
