"""Rows as their owners see them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tasks_app.models import Task, TaskEvent
from tasks_app.notify import from_ring, to_ring
from tasks_app.outlook import Forecast
from tasks_app.presentation import (
    as_item,
    as_progress,
    as_status,
    as_update,
    to_timestamp,
)
from tasks_app.protocol.replies import MyTasks, Reply, dump
from tasks_app.states import Status

T = 1704441600.123
CREATED = datetime(2024, 1, 5, 8, 0, 0, 123_456, tzinfo=UTC)
ID = "8c6ad1f4-6a3d-4d0e-9f0f-0d3f6b8a1c11"
RESULT = {"task_type": "trip", "confidence": 0.85, "potential_omissions": ["行李"]}


def said(reply: Reply) -> Any:
    return json.loads(dump(reply))


def task(status: Status, **columns: Any) -> Task:
    values = {"revision": 1, "attempt": 0, **columns}
    return Task(
        id=UUID(ID),
        owner="client:anna",
        text="买牛奶",
        status=status,
        created_at=CREATED,
        **values,
    )


def completed_task() -> Task:
    return task(
        Status.COMPLETED,
        revision=3,
        attempt=1,
        started_at=CREATED + timedelta(seconds=1),
        completed_at=CREATED + timedelta(seconds=2),
        result=RESULT,
    )


def failed_task(attempt: int = 1) -> Task:
    return task(
        Status.FAILED,
        revision=3,
        attempt=attempt,
        started_at=CREATED + timedelta(seconds=1),
        completed_at=CREATED + timedelta(seconds=2),
        error="DeepSeek API调用失败: 网络超时",
        error_code="llm_timeout",
    )


def update_of(task: Task, status: Status, revision: int) -> Any:
    event = TaskEvent(
        task=task, revision=revision, status=status, at=CREATED, attempt=task.attempt
    )
    return json.loads(as_update(event).frame)


def test_an_update_of_a_pending_task() -> None:
    assert update_of(task(Status.PENDING), Status.PENDING, 1) == {
        "type": "task_status_update",
        "task_id": ID,
        "status": "pending",
        "revision": 1,
        "timestamp": T,
    }


def test_an_update_of_a_completed_task_has_its_result() -> None:
    assert update_of(completed_task(), Status.COMPLETED, 3) == {
        "type": "task_status_update",
        "task_id": ID,
        "status": "completed",
        "revision": 3,
        "timestamp": T,
        "result": RESULT,
    }


def test_an_update_of_a_failed_task_says_why() -> None:
    assert update_of(failed_task(attempt=2), Status.FAILED, 3) == {
        "type": "task_status_update",
        "task_id": ID,
        "status": "failed",
        "revision": 3,
        "timestamp": T,
        "attempt": 2,
        "error": "DeepSeek API调用失败: 网络超时",
        "error_code": "llm_timeout",
    }


@pytest.mark.parametrize("ended", [completed_task(), failed_task()])
def test_an_earlier_update_does_not_give_away_the_end(ended: Task) -> None:
    assert update_of(ended, Status.PROCESSING, 2) == {
        "type": "task_status_update",
        "task_id": ID,
        "status": "processing",
        "revision": 2,
        "timestamp": T,
    }


@pytest.mark.parametrize("status", Status)
def test_an_update_is_final_if_its_status_is(status: Status) -> None:
    event = TaskEvent(task=completed_task(), revision=3, status=status, at=CREATED)
    event.attempt = 1
    update = as_update(event)
    assert update.is_final is (status not in (Status.PENDING, Status.PROCESSING))
    assert (update.owner, update.task_id, update.revision) == (
        "client:anna",
        UUID(ID),
        3,
    )


def test_a_status_that_was_asked_for_has_the_times_and_the_time_of_the_answer() -> None:
    now = CREATED + timedelta(seconds=9)
    assert said(as_status(completed_task(), now, "r")) == {
        "type": "task_status_update",
        "request_id": "r",
        "task_id": ID,
        "status": "completed",
        "revision": 3,
        "timestamp": T + 9,
        "created_at": T,
        "started_at": T + 1,
        "completed_at": T + 2,
        "result": RESULT,
    }


def test_a_task_that_waits_again_is_told_its_place() -> None:
    again = task(Status.PENDING, revision=3, attempt=1)
    event = TaskEvent(
        task=again, revision=3, status=Status.PENDING, at=CREATED, attempt=1
    )
    event.queue_position, event.eta_s = 2, 1.5
    told = json.loads(as_update(event).frame)
    assert (told["queue_position"], told["eta_seconds"]) == (2, 1.5)


def test_a_pending_task_that_was_asked_for_has_its_place_now() -> None:
    reply = as_status(task(Status.PENDING), CREATED, "r", Forecast(7, None))
    assert (said(reply)["queue_position"], said(reply)["eta_seconds"]) == (7, None)


def test_progress_survives_its_ring_and_is_no_move() -> None:
    claimed = task(Status.PROCESSING, revision=4, attempt=2)
    progress = as_progress(claimed, CREATED, 0.45, "writing")
    assert from_ring(to_ring("client:anna", [progress])) == [progress]
    assert (progress.revision, progress.is_final, progress.is_progress) == (
        4,
        False,
        True,
    )
    assert json.loads(progress.frame) == {
        "type": "task_status_update",
        "task_id": ID,
        "status": "processing",
        "timestamp": T,
        "attempt": 2,
        "progress": 0.45,
        "stage": "writing",
    }


def test_a_list_leaves_out_what_has_no_value() -> None:
    reply = MyTasks(
        tasks=[as_item(task(Status.PENDING)), as_item(failed_task())], request_id="r"
    )
    assert said(reply) == {
        "type": "my_tasks",
        "request_id": "r",
        "tasks": [
            {
                "task_id": ID,
                "status": "pending",
                "revision": 1,
                "text": "买牛奶",
                "created_at": T,
            },
            {
                "task_id": ID,
                "status": "failed",
                "revision": 3,
                "text": "买牛奶",
                "created_at": T,
                "started_at": T + 1,
                "completed_at": T + 2,
                "error": "DeepSeek API调用失败: 网络超时",
                "error_code": "llm_timeout",
            },
        ],
    }


@pytest.mark.parametrize(
    ("microsecond", "seconds"), [(0, 0.0), (123_456, 0.123), (999_600, 1.0)]
)
def test_a_timestamp_has_milliseconds(microsecond: int, seconds: float) -> None:
    moment = CREATED.replace(microsecond=microsecond)
    assert to_timestamp(moment) == 1704441600 + seconds
