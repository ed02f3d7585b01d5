"""Messages of clients: what is taken, and how the rest is refused."""

import json

import pytest

from tasks_app.errors import (
    InvalidMessage,
    RequestError,
    TaskNotFound,
    TextRequired,
    TextTooLong,
    UnknownType,
)
from tasks_app.protocol.requests import (
    REQUESTS,
    Bounds,
    ClientRequest,
    GetTaskStatus,
    Ping,
    Resume,
    SubmitTask,
    parse,
)
from tests.corpus import BOUNDS, REFUSED


def message(kind: str, **fields: object) -> str:
    return json.dumps({"type": kind, **fields})


def taken(frame: str) -> ClientRequest:
    return parse(frame, BOUNDS)[0]


def refused(frame: str | bytes, bounds: Bounds = BOUNDS) -> RequestError:
    with pytest.raises(RequestError) as refusal:
        parse(frame, bounds)
    return refusal.value


def submitted(**data: object) -> str:
    """The text that a submission asks to analyse."""
    request = taken(message("submit_task", data=data))
    assert isinstance(request, SubmitTask)
    return request.text


# --- The kinds of messages ----------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("submit_task", {"data": {"text": "买牛奶"}}),
        ("get_task_status", {"task_id": "x"}),
        ("get_my_tasks", {}),
        ("get_stats", {}),
        ("ping", {}),
        ("resume", {"client_id": "x", "resume_token": "y"}),
    ],
)
def test_every_kind_of_message_is_taken(kind: str, fields: dict[str, object]) -> None:
    request = taken(message(kind, **fields))
    assert request.type == kind
    assert request.request_id is None
    assert isinstance(request, REQUESTS[kind])


def test_fields_that_nobody_knows_are_ignored() -> None:
    assert taken(message("ping", data={"a": 1}, timestamp=1.5, further=[])) == Ping(
        type="ping"
    )


def test_an_unknown_type_is_named() -> None:
    error = refused(message("dance"))
    assert isinstance(error, UnknownType)
    assert str(error.message) == "未知消息类型: dance"


def test_a_long_unknown_type_is_named_in_part() -> None:
    assert len(str(refused(message("x" * 50_000)).message)) < 100


@pytest.mark.parametrize("kind", ["PING", " ping", "error", "pong", ""])
def test_a_type_is_taken_literally(kind: str) -> None:
    assert isinstance(refused(message(kind)), UnknownType)


@pytest.mark.parametrize("kind", [None, 1, True, ["ping"], {"ping": 1}])
def test_a_type_that_is_no_string_is_refused(kind: object) -> None:
    error = refused(json.dumps({"type": kind}))
    assert (type(error), error.field) == (InvalidMessage, "type")


def test_a_message_without_a_type_is_refused() -> None:
    error = refused("{}")
    assert (type(error), error.field) == (InvalidMessage, "type")


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("get_task_status", {}, "task_id"),
        ("get_task_status", {"task_id": None}, "task_id"),
        ("get_task_status", {"task_id": 5}, "task_id"),
        ("resume", {"resume_token": "y"}, "client_id"),
        ("resume", {"client_id": "x"}, "resume_token"),
        ("resume", {"client_id": 1, "resume_token": "y"}, "client_id"),
        ("resume", {"client_id": "x", "resume_token": []}, "resume_token"),
        ("resume", {"client_id": "x", "resume_token": "y", "since": "1"}, "since"),
        ("resume", {"client_id": "x", "resume_token": "y", "since": True}, "since"),
        ("submit_task", {"data": None}, "data"),
        ("submit_task", {"data": "买牛奶"}, "data"),
        ("submit_task", {"data": [1]}, "data"),
        ("submit_task", {"data": {"text": 5}}, "data.text"),
        ("submit_task", {"data": {"text": ["买牛奶"]}}, "data.text"),
        ("submit_task", {"data": {"event": "买牛奶"}}, "data.event"),
        ("submit_task", {"data": {"event": [{}]}}, "data.event"),
    ],
)
def test_a_field_that_is_missing_or_wrong_is_named(
    kind: str, fields: dict[str, object], field: str
) -> None:
    error = refused(message(kind, **fields))
    assert (type(error), error.field) == (InvalidMessage, field)
    assert field in str(error.message)


def test_a_whole_number_is_a_timestamp_too() -> None:
    request = taken(
        message("resume", client_id="x", resume_token="y", since=1704441600)
    )
    assert isinstance(request, Resume)
    assert request.since == 1704441600.0


@pytest.mark.parametrize("task_id", ["", "x", "123", "0" * 33, "-" * 32, "é" * 32])
def test_an_id_that_no_task_can_have_is_not_found(task_id: str) -> None:
    request = taken(message("get_task_status", task_id=task_id))
    assert isinstance(request, GetTaskStatus)
    with pytest.raises(TaskNotFound) as refusal:
        _ = request.task_uuid
    assert refusal.value.task_id == task_id


# --- The text -----------------------------------------------------------------------


def test_the_text_is_trimmed() -> None:
    assert submitted(text=" \t\r\n\u3000买牛奶\u00a0\n") == "买牛奶"


def test_the_text_is_analysed_though_an_event_came_with_it() -> None:
    assert submitted(text="买牛奶", event={"transcript": "买面包"}) == "买牛奶"


@pytest.mark.parametrize("text", [None, "", "  ", "\u3000\n"])
def test_without_text_the_transcript_is_analysed(text: str | None) -> None:
    assert submitted(text=text, event={"transcript": " 买面包 "}) == "买面包"


def test_a_transcript_alone_is_enough() -> None:
    assert submitted(event={"transcript": "买面包"}) == "买面包"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"data": {}},
        {"data": {"text": None}},
        {"data": {"text": ""}},
        {"data": {"text": " \n\t\u3000"}},
        {"data": {"event": None}},
        {"data": {"event": {}}},
        {"data": {"event": {"transcript": None}}},
        {"data": {"event": {"transcript": "  "}}},
        {"data": {"text": " ", "event": {"transcript": " ", "tags": ["x"]}}},
        {"text": "beside data"},
    ],
)
def test_a_submission_without_text_is_refused(fields: dict[str, object]) -> None:
    error = refused(message("submit_task", **fields))
    assert isinstance(error, TextRequired)
    assert str(error.message) == "必须提供 text 字段或 event.transcript 字段"


@pytest.mark.parametrize("letter", ["x", "买", "😀"])
def test_the_limit_of_a_text_counts_characters_after_trimming(letter: str) -> None:
    bounds = Bounds(message_bytes=65_536, text_length=100)
    for data in (
        {"text": f" {letter * 100} "},
        {"event": {"transcript": letter * 100}},
    ):
        parse(message("submit_task", data=data), bounds)
    for data in ({"text": letter * 101}, {"event": {"transcript": letter * 101}}):
        error = refused(message("submit_task", data=data), bounds)
        assert isinstance(error, TextTooLong)
        assert "100" in str(error.message)


# --- Request ids and keys -----------------------------------------------------------


@pytest.mark.parametrize("request_id", ["", "r", "编号" * 32])
def test_a_request_id_is_kept(request_id: str) -> None:
    assert taken(message("ping", request_id=request_id)).request_id == request_id


@pytest.mark.parametrize("request_id", ["r" * 65, 5, 1.5, True, ["r"], {}])
def test_a_request_id_that_cannot_be_echoed_is_refused(request_id: object) -> None:
    error = refused(message("ping", request_id=request_id))
    assert (type(error), error.field) == (InvalidMessage, "request_id")
    assert error.request_id is None


@pytest.mark.parametrize(
    "rest",
    [
        '"type":"dance"',
        '"type":5',
        '"further":1',
        '"type":"get_task_status"',
        '"type":"submit_task"',
        '"type":"submit_task","data":{"text":"  "}',
        '"type":"submit_task","data":{"text":"' + "x" * 2001 + '"}',
        '"type":"submit_task","data":{"text":"x","event":{"tags":1}}',
        '"type":"submit_task","data":{"text":"a\\u0000b"}',
        '"type":"submit_task","data":{"text":"\\ud800"}',
        '"type":"submit_task","data":{"text":"x","event":{"x":'
        + "[" * 30
        + "]" * 30
        + "}}",
    ],
)
def test_an_error_carries_the_request_id(rest: str) -> None:
    assert refused(f'{{"request_id":"r-1",{rest}}}').request_id == "r-1"


@pytest.mark.parametrize("key", [None, "k", "k" * 128, "键" * 128])
def test_an_idempotency_key_is_kept(key: str | None) -> None:
    frame = message("submit_task", data={"text": "x"}, idempotency_key=key)
    request = taken(frame)
    assert isinstance(request, SubmitTask)
    assert request.idempotency_key == key


@pytest.mark.parametrize("key", ["", "k" * 129, 5, True, ["k"]])
def test_an_idempotency_key_out_of_bounds_is_refused(key: object) -> None:
    error = refused(message("submit_task", data={"text": "x"}, idempotency_key=key))
    assert (type(error), error.field) == (InvalidMessage, "idempotency_key")


# --- Whatever comes -----------------------------------------------------------------


@pytest.mark.parametrize(("frame", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_what_the_decoder_refuses_is_refused(
    frame: str | bytes, error: type[RequestError]
) -> None:
    assert type(refused(frame)) is error
