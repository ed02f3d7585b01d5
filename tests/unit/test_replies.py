"""The exact JSON of everything that the server says."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tasks_app.errors import IdempotencyConflict, InvalidJson, RateLimited, RequestError
from tasks_app.protocol.replies import (
    REPLIES,
    ConnectionEstablished,
    Error,
    MyTasks,
    Pong,
    Reply,
    Resumed,
    Stats,
    StatsData,
    TaskStatusUpdate,
    TaskSubmitted,
    dump,
)
from tasks_app.states import Status

T = 1704441600.123
ID = "8c6ad1f4-6a3d-4d0e-9f0f-0d3f6b8a1c11"


def said(reply: Reply) -> Any:
    return json.loads(dump(reply))


# --- Of the connection --------------------------------------------------------------


def test_connection_established() -> None:
    reply = ConnectionEstablished(client_id="c", resume_token="t", timestamp=T)
    assert said(reply) == {
        "type": "connection_established",
        "client_id": "c",
        "resume_token": "t",
        "timestamp": T,
    }


def test_resumed() -> None:
    reply = Resumed(client_id="c", resume_token="t", timestamp=T, request_id="r")
    assert said(reply) == {
        "type": "resumed",
        "client_id": "c",
        "resume_token": "t",
        "timestamp": T,
        "request_id": "r",
    }


def test_pong() -> None:
    assert said(Pong(timestamp=T)) == {"type": "pong", "timestamp": T}


# --- Of tasks -----------------------------------------------------------------------


def test_task_submitted() -> None:
    assert said(TaskSubmitted(task_id=ID, timestamp=T)) == {
        "type": "task_submitted",
        "task_id": ID,
        "status": "pending",
        "revision": 1,
        "timestamp": T,
    }


def test_a_resent_submission_is_called_a_duplicate() -> None:
    reply = TaskSubmitted(task_id=ID, timestamp=T, duplicate=True)
    assert said(reply)["duplicate"] is True


@pytest.mark.parametrize(
    "place", [TaskSubmitted, partial(TaskStatusUpdate, status=Status.PENDING)]
)
def test_a_time_that_is_not_known_is_null_beside_a_place_and_else_left_out(
    place: Callable[..., Reply],
) -> None:
    waiting = place(task_id=ID, timestamp=T, queue_position=3)
    assert (said(waiting)["queue_position"], said(waiting)["eta_seconds"]) == (3, None)
    known = place(task_id=ID, timestamp=T, queue_position=1, eta_seconds=0.0)
    assert said(known)["eta_seconds"] == 0.0
    assert {"queue_position", "eta_seconds"}.isdisjoint(
        said(place(task_id=ID, timestamp=T))
    )


def test_nothing_else_is_told_though_it_is_null() -> None:
    waiting = TaskStatusUpdate(
        task_id=ID, status=Status.PENDING, revision=3, timestamp=T, queue_position=1
    )
    assert said(waiting) == {
        "type": "task_status_update",
        "task_id": ID,
        "status": "pending",
        "revision": 3,
        "timestamp": T,
        "queue_position": 1,
        "eta_seconds": None,
    }


def test_progress() -> None:
    reply = TaskStatusUpdate(
        task_id=ID,
        status=Status.PROCESSING,
        timestamp=T,
        progress=0.0,
        stage="waiting",
    )
    assert said(reply) == {
        "type": "task_status_update",
        "task_id": ID,
        "status": "processing",
        "timestamp": T,
        "progress": 0.0,
        "stage": "waiting",
    }


def test_an_empty_list_is_a_list() -> None:
    assert said(MyTasks(tasks=[])) == {"type": "my_tasks", "tasks": []}


def test_nothing_inside_a_result_is_left_out() -> None:
    result: dict[str, Any] = {"a": None, "b": [None, {"c": None}], "d": {}, "e": []}
    reply = TaskStatusUpdate(
        task_id=ID, status=Status.COMPLETED, revision=3, timestamp=T, result=result
    )
    assert said(reply)["result"] == result


# --- Of the service -----------------------------------------------------------------


def test_stats() -> None:
    data = StatsData(
        active_connections=5,
        total_tasks=150,
        active_tasks=3,
        completed_tasks=140,
        failed_tasks=7,
        queue_size=2,
        processing_tasks=1,
        cancelled_tasks=0,
    )
    assert said(Stats(data=data, timestamp=T)) == {
        "type": "stats",
        "timestamp": T,
        "data": {
            "active_connections": 5,
            "total_tasks": 150,
            "active_tasks": 3,
            "completed_tasks": 140,
            "failed_tasks": 7,
            "queue_size": 2,
            "processing_tasks": 1,
            "cancelled_tasks": 0,
        },
    }


def test_an_error_says_what_the_documents_say() -> None:
    assert said(Error.of(InvalidJson(), T)) == {
        "type": "error",
        "message": "无效的JSON格式",
        "code": "invalid_json",
        "timestamp": T,
    }


def test_an_error_has_its_particulars() -> None:
    error = RateLimited(retry_after=1.5, field="data.text", task_id=ID)
    error.request_id = "r"
    assert said(Error.of(error, T)) == {
        "type": "error",
        "message": "提交过于频繁，请稍后再试",
        "code": "rate_limited",
        "timestamp": T,
        "request_id": "r",
        "task_id": ID,
        "field": "data.text",
        "retry_after": 1.5,
    }


def test_an_error_may_speak_for_itself() -> None:
    error = IdempotencyConflict("字段不正确", task_id=ID)
    assert said(Error.of(error, T))["message"] == "字段不正确"


def _all_errors(base: type[RequestError] = RequestError) -> list[type[RequestError]]:
    below = base.__subclasses__()
    return below + [error for kind in below for error in _all_errors(kind)]


def test_the_codes_never_change() -> None:
    codes = [error.code for error in _all_errors()]
    assert sorted(codes) == sorted(
        [
            "invalid_json",
            "invalid_message",
            "unknown_type",
            "message_too_large",
            "text_required",
            "text_too_long",
            "rate_limited",
            "queue_full",
            "task_not_found",
            "not_cancellable",
            "idempotency_conflict",
            "invalid_token",
            "unauthorized",
            "unavailable",
            "internal",
        ]
    )


def test_every_kind_of_reply_has_a_type_of_its_own() -> None:
    kinds = [reply.model_fields["type"].default for reply in REPLIES]
    assert sorted(kinds) == [
        "connection_established",
        "error",
        "my_tasks",
        "pong",
        "resumed",
        "stats",
        "task_status_update",
        "task_submitted",
    ]


# --- Of text ---------------------------------------------------------------


def test_a_frame_is_compact_utf_8() -> None:
    frame = dump(Error(message="买牛奶\u2028</script>", code="internal", timestamp=T))
    assert "买牛奶" in frame
    assert "\n" not in frame
    assert json.loads(frame)["message"] == "买牛奶\u2028</script>"
