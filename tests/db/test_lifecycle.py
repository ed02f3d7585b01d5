"""Every verb that moves a task, and what it writes."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from tasks_app import lifecycle
from tasks_app.inference.contract import (
    EventAnalysis,
    EventInsights,
    TokenUsage,
    dump_result,
)
from tasks_app.lifecycle import Completed, Failed
from tasks_app.models import TaskEvent
from tasks_app.states import Status
from tests.db.examples import (
    LEASE_S,
    MAX_ATTEMPTS,
    claimed,
    completed,
    copy_of,
    end_leases,
    failed,
    history,
    pending,
    result,
    row,
)

pytestmark = pytest.mark.django_db


# --- Claiming -----------------------------------------------------------------------


def test_the_oldest_are_claimed_first_up_to_the_limit() -> None:
    tasks = pending(5)
    events = lifecycle.claim(3, "w1", LEASE_S)
    assert [event.task.pk for event in events] == [task.pk for task in tasks[:3]]
    assert [event.task.pk for event in lifecycle.claim(9, "w2", LEASE_S)] == [
        task.pk for task in tasks[3:]
    ]
    assert lifecycle.claim(9, "w3", LEASE_S) == []


def test_a_claim_is_written_and_what_it_returns_is_what_it_wrote() -> None:
    [task] = pending()
    before = timezone.now()
    [event] = lifecycle.claim(1, "w1", LEASE_S)
    stored = copy_of(task)
    assert (stored.status, stored.revision) == (Status.PROCESSING, 2)
    assert (stored.attempt, stored.worker) == (1, "w1")
    assert stored.started_at is not None
    assert before <= stored.started_at <= timezone.now()
    assert stored.lease_expires_at == stored.started_at + timedelta(seconds=LEASE_S)
    for name in ("status", "revision", "attempt", "worker", "lease_expires_at"):
        assert getattr(event.task, name) == getattr(stored, name)
    assert (event.revision, event.attempt, event.actor) == (2, 1, "worker:w1")
    assert event.at == event.task.started_at == stored.started_at
    assert TaskEvent.objects.get(task=task, revision=2).pk == event.pk


def test_nothing_is_claimed_with_a_limit_of_zero() -> None:
    [task] = pending()
    assert lifecycle.claim(0, "w1", LEASE_S) == []
    assert history(task) == [(1, "pending")]


# --- Finishing ----------------------------------------------------------------------


def test_a_result_is_stored_with_its_columns() -> None:
    [task] = claimed()
    insights = EventInsights(
        extracted_entities=[],
        suggested_tags=["购物"],
        priority_level="high",
        reminder_suggestions=[],
        event_analysis=EventAnalysis(
            has_speakers=False,
            speaker_count=0,
            has_audio_features=False,
            contains_pii=False,
        ),
    )
    cost = Decimal("0.00012345")
    usage = TokenUsage(prompt=100, prompt_cached=60, completion=20, cost=cost)
    found = result().model_copy(
        update={
            "insights": insights,
            "usage": usage,
            "model_version": "deepseek:deepseek-flash",
        }
    )
    [event] = lifecycle.finish([Completed(task, found, "llm")])
    stored = copy_of(task)
    assert (stored.status, stored.revision) == (Status.COMPLETED, 3)
    assert stored.result == dump_result(found)
    assert stored.result["suggested_tags"] == ["购物"]
    assert (stored.task_type, stored.confidence) == ("shopping", 0.75)
    assert stored.priority_level == "high"
    assert (stored.engine, stored.model_version) == ("llm", "deepseek:deepseek-flash")
    assert (stored.prompt_tokens, stored.completion_tokens) == (100, 20)
    assert (stored.cached_prompt_tokens, stored.cost) == (60, cost)
    assert (stored.error, stored.error_code) == ("", "")
    assert stored.lease_expires_at is None
    assert stored.completed_at == event.at
    assert (event.revision, event.attempt, event.actor) == (3, 1, "worker:w1")


def test_a_failure_is_stored_with_its_reason() -> None:
    [task] = claimed()
    [event] = lifecycle.finish([failed(task, "超" * 500)])
    stored = copy_of(task)
    assert (stored.status, stored.revision) == (Status.FAILED, 3)
    assert (stored.error, stored.error_code) == ("超" * 200, "llm_timeout")
    assert stored.engine == "llm"
    # As its text, 买牛奶, tells.
    assert stored.task_type == "shopping"
    assert (stored.result, stored.confidence) == (None, None)
    assert stored.lease_expires_at is None
    assert stored.completed_at == event.at
    assert (event.actor, event.detail) == ("worker:w1", "llm_timeout")


def test_a_failure_ends_its_task_even_where_the_rules_fail(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object) -> None:
        raise RecursionError

    monkeypatch.setattr("tasks_app.inference.local.likely_type", fail)
    [task] = claimed()
    lifecycle.finish([failed(task)])
    stored = copy_of(task)
    assert (stored.status, stored.task_type) == (Status.FAILED, "")
    assert str(task.pk) in caplog.text
    assert task.text not in caplog.text


def test_a_failure_that_was_charged_for_is_stored_with_its_cost() -> None:
    [task] = claimed()
    usage = TokenUsage(prompt=100, completion=20, cost=Decimal("0.5"))
    lifecycle.finish([Failed(task, "llm_bad_json", "返回的JSON无法解析", usage)])
    stored = copy_of(task)
    assert (stored.prompt_tokens, stored.completion_tokens) == (100, 20)
    assert (stored.cached_prompt_tokens, stored.cost) == (0, Decimal("0.5"))


def test_a_batch_of_ends_tells_of_those_that_count() -> None:
    tasks = claimed(4)
    lifecycle.finish([completed(copy_of(tasks[1]))])
    events = lifecycle.finish(
        [completed(tasks[0]), failed(tasks[1]), failed(tasks[2]), completed(tasks[3])]
    )
    moved = {event.task_id: event.status for event in events}
    assert moved == {
        tasks[0].pk: Status.COMPLETED,
        tasks[2].pk: Status.FAILED,
        tasks[3].pk: Status.COMPLETED,
    }
    assert history(tasks[1])[-1] == (3, "completed")


def test_an_end_told_twice_is_recorded_once() -> None:
    [task] = claimed()
    lifecycle.finish([completed(copy_of(task))])
    before = row(task)
    assert lifecycle.finish([completed(task)]) == []
    assert row(task) == before
    assert len(history(task)) == 3


def test_a_batch_that_was_rolled_back_can_be_finished_after_all() -> None:
    good, faulty = sorted(claimed(2), key=lambda task: task.pk)
    unstorable = failed(faulty, message="\ud800")
    with pytest.raises(ValueError, match="surrogates"):
        lifecycle.finish([completed(good), unstorable])
    assert row(good)["status"] == Status.PROCESSING
    [event] = lifecycle.finish([completed(good)])
    assert (event.task_id, event.revision) == (good.pk, 3)
    assert history(good)[-1] == (3, "completed")


# --- Giving back --------------------------------------------------------------------


def test_a_released_task_waits_again_and_keeps_its_attempt() -> None:
    [task] = claimed()
    [event] = lifecycle.release([task], "worker_stopped")
    stored = copy_of(task)
    assert (stored.status, stored.revision) == (Status.PENDING, 3)
    assert (stored.attempt, stored.lease_expires_at) == (1, None)
    assert stored.completed_at is None
    assert (event.actor, event.detail) == ("worker:w1", "worker_stopped")
    [again] = lifecycle.claim(1, "w2", LEASE_S)
    assert (again.attempt, again.revision) == (2, 4)


def test_a_live_lease_is_left_alone() -> None:
    [task] = claimed()
    before = row(task)
    assert lifecycle.recover(MAX_ATTEMPTS) == []
    assert row(task) == before


def test_a_dead_worker_s_task_waits_again() -> None:
    [task] = claimed()
    end_leases()
    [event] = lifecycle.recover(MAX_ATTEMPTS)
    stored = copy_of(task)
    assert (stored.status, stored.revision, stored.attempt) == (Status.PENDING, 3, 1)
    assert stored.lease_expires_at is None
    assert (event.actor, event.detail) == ("sweeper", "worker_lost")


def test_a_task_that_kills_its_workers_is_given_up() -> None:
    [task] = pending()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        [event] = lifecycle.claim(1, f"w{attempt}", LEASE_S)
        assert event.attempt == attempt
        end_leases()
        lifecycle.recover(MAX_ATTEMPTS)
    stored = copy_of(task)
    assert (stored.status, stored.error_code) == (Status.FAILED, "worker_lost")
    assert stored.task_type == "shopping"
    assert stored.error
    assert stored.completed_at is not None
    assert lifecycle.claim(1, "w9", LEASE_S) == []
    assert [revision for revision, _ in history(task)] == list(range(1, 8))


def test_a_sweep_takes_no_more_than_its_limit() -> None:
    claimed(5)
    end_leases()
    assert len(lifecycle.recover(MAX_ATTEMPTS, limit=3)) == 3
    assert len(lifecycle.recover(MAX_ATTEMPTS, limit=3)) == 2


# --- Leases -------------------------------------------------------------------------


def test_a_worker_renews_what_is_still_its_own() -> None:
    mine, ended, lost = claimed(3, "w1")
    [foreign] = claimed(1, "w2")
    lifecycle.finish([completed(ended)])
    lifecycle.release([lost], "test")
    lifecycle.claim(1, "w2", LEASE_S)
    end_leases()
    foreign_lease = row(foreign)["lease_expires_at"]
    asked = {(task.pk, 1) for task in (mine, ended, lost, foreign)}
    asked.add((uuid4(), 1))
    lifecycle.renew(asked, "w1", LEASE_S)
    assert lifecycle.held(asked, "w1") == {(mine.pk, 1)}
    assert row(mine)["lease_expires_at"] > timezone.now()
    assert row(ended)["lease_expires_at"] is None
    assert row(foreign)["lease_expires_at"] == foreign_lease


def test_a_claim_that_the_same_worker_has_claimed_again_is_no_longer_its_own() -> None:
    [task] = claimed(1, "w1")
    end_leases()
    lifecycle.recover(MAX_ATTEMPTS)
    lifecycle.claim(1, "w1", LEASE_S)
    both = {(task.pk, 1), (task.pk, 2)}
    assert lifecycle.held(both, "w1") == {(task.pk, 2)}


def test_a_renewal_is_no_move() -> None:
    [task] = claimed()
    before = history(task)
    lifecycle.renew([(task.pk, 1)], "w1", LEASE_S)
    assert history(task) == before
    assert row(task)["revision"] == 2
