"""What a client says and is answered, over a real socket."""

import asyncio
import json
import uuid
from collections.abc import Callable

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.client import EXAMPLE, WHOLE_LIFE, Message, connected
from tests.stack import Stack

pytestmark = pytest.mark.flow

EVENT = {
    "event_id": "evt_1",
    "transcript": "后天下午三点跟王总开会，别忘了带合同",
    "speakers": [{"speaker_id": "s1", "is_user": True, "speaker_confidence": 0.9}],
    "audio_features": {"snr_db": 21.5, "asr_confidence": 0.93, "language": "zh"},
    "tags": ["客户"],
    "device": {"model": "glasses"},
}


async def test_the_first_frame_establishes_the_connection(stack: Stack) -> None:
    async with connect(stack.ws_url) as socket:
        first = json.loads(await socket.recv())
    assert first["type"] == "connection_established"
    assert uuid.UUID(first["client_id"])
    assert isinstance(first["timestamp"], float)


async def test_the_address_with_a_slash_works_too(stack: Stack) -> None:
    async with connected(f"{stack.ws_url}/") as client:
        assert client.client_id


async def test_a_submission_is_acknowledged_and_completes(stack: Stack) -> None:
    async with connected(stack.ws_url) as client:
        await client.submit()
        await client.wait_for_ends(1)
        [life] = client.lives.values()
    assert [told["type"] for told in life] == [
        "task_submitted",
        "task_status_update",
        "task_status_update",
    ]
    assert [told["status"] for told in life] == WHOLE_LIFE
    assert [told["revision"] for told in life] == [1, 2, 3]
    result = life[-1]["result"]
    assert result["task_type"] == "trip"
    assert result["potential_omissions"] == ["行李", "交通工具"]
    assert 0 < result["confidence"] <= 1
    assert result["summary_text"]
    assert result["suggested_plan"]


async def test_an_event_is_enriched(stack: Stack) -> None:
    async with connected(stack.ws_url) as client:
        await client.send({"type": "submit_task", "data": {"event": EVENT}})
        await client.wait_for_ends(1)
        [life] = client.lives.values()
    result = life[-1]["result"]
    assert result["task_type"] == "meeting"
    assert "客户" in result["suggested_tags"]
    assert result["priority_level"] in ("high", "medium", "low")
    assert result["extracted_entities"]


async def test_a_client_that_only_listens_works(stack: Stack) -> None:
    """It sends no request id and waits for nothing but messages."""
    completed: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    async with connect(stack.ws_url) as socket:
        first = json.loads(await socket.recv())
        assert first["type"] == "connection_established"

        async def listen() -> None:
            async for frame in socket:
                message = json.loads(frame)
                if message.get("status") == "completed":
                    completed.set_result(message)

        reader = asyncio.create_task(listen())
        submission = {"type": "submit_task", "data": {"text": "明天开会记得带资料"}}
        await socket.send(json.dumps(submission))
        message = await asyncio.wait_for(completed, 30)
        reader.cancel()
    assert message["result"]["task_type"] == "meeting"


async def test_questions_are_answered(stack: Stack) -> None:
    async with connected(stack.ws_url) as client:
        await client.submit()
        await client.wait_for_ends(1)
        [task_id] = client.lives

        pong = await client.ask(type="ping")
        status = await client.ask(type="get_task_status", task_id=task_id)
        tasks = await client.ask(type="get_my_tasks")
        stats = await client.ask(type="get_stats")

    assert pong["type"] == "pong"
    assert status["type"] == "task_status_update"
    assert status["status"] == "completed"
    assert status["created_at"] <= status["started_at"] <= status["completed_at"]
    [item] = tasks["tasks"]
    assert item["task_id"] == task_id
    assert item["result"] == status["result"]
    assert "error" not in item
    data = stats["data"]
    assert data["active_connections"] >= 1
    assert data["active_tasks"] == data["queue_size"] + data["processing_tasks"]
    finished = ("completed_tasks", "failed_tasks", "cancelled_tasks")
    total = data["active_tasks"] + sum(data[name] for name in finished)
    assert data["total_tasks"] == total


async def test_clients_see_only_their_own_tasks(stack: Stack) -> None:
    async with connected(stack.ws_url) as mine, connected(stack.ws_url) as other:
        await mine.submit()
        await mine.wait_for_ends(1)
        [task_id] = mine.lives

        foreign = await other.ask(type="get_task_status", task_id=task_id)
        missing_id = str(uuid.uuid4())
        missing = await other.ask(type="get_task_status", task_id=missing_id)
        tasks = await other.ask(type="get_my_tasks")

    assert tasks["tasks"] == []
    assert not other.lives
    assert foreign["code"] == missing["code"] == "task_not_found"
    assert foreign["message"] == missing["message"]
    assert foreign["task_id"] == task_id


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "invalid_json"),
        ('{"type": NaN}', "invalid_json"),
        ("[]", "invalid_message"),
        (b"\x00\x01", "invalid_message"),
        ('{"type":"dance"}', "unknown_type"),
        ('{"type":"submit_task"}', "text_required"),
        ('{"type":"submit_task","data":{"text":" \\n"}}', "text_required"),
        ('{"type":"submit_task","data":{"text":7}}', "invalid_message"),
        ('{"type":"submit_task","data":{"text":"a\\u0000"}}', "invalid_message"),
        ('{"type":"submit_task","data":{"text":"\\ud800"}}', "invalid_message"),
        (
            json.dumps({"type": "submit_task", "data": {"text": "长" * 2001}}),
            "text_too_long",
        ),
        (json.dumps({"type": "ping", "pad": "x" * 70_000}), "message_too_large"),
        ("[" * 60_000, "invalid_message"),
        ('{"type":"ping","n":' + "9" * 5000 + "}", "invalid_message"),
        ('{"type":"ping","type":"ping"}', "invalid_message"),
        ('{"type":"get_task_status","task_id":"no-uuid"}', "task_not_found"),
        ('{"type":"get_task_status"}', "invalid_message"),
        (
            '{"type":"resume","client_id":"x","resume_token":"forged"}',
            "invalid_token",
        ),
    ],
)
async def test_bad_input_gets_an_error_and_the_socket_stays_usable(
    stack: Stack, frame: str | bytes, code: str
) -> None:
    async with connected(stack.ws_url) as client:
        await client.send(frame)
        error = await client.wait_for_type("error")
        assert error["code"] == code
        assert error["message"]
        assert (await client.ask(type="ping"))["type"] == "pong"
        assert (await client.ask(type="get_my_tasks"))["tasks"] == []
    assert "Traceback" not in stack.output


async def test_invalid_json_is_told_in_the_exact_words(stack: Stack) -> None:
    async with connected(stack.ws_url) as client:
        await client.send("not json")
        assert (await client.wait_for_type("error"))["message"] == "无效的JSON格式"


async def test_errors_are_english_on_request(stack: Stack) -> None:
    async with connected(f"{stack.ws_url}?lang=en") as client:
        await client.send("not json")
        assert (await client.wait_for_type("error"))["message"].isascii()


async def test_a_client_comes_back_as_itself(stack: Stack) -> None:
    async with connected(stack.ws_url) as before:
        await before.submit()
        await before.wait_for_ends(1)
        token = before.received[0]["resume_token"]
    async with connected(stack.ws_url) as after:
        resumed = await after.ask(
            type="resume",
            client_id=before.client_id,
            resume_token=token,
            since=before.received[0]["timestamp"],
        )
        assert resumed["type"] == "resumed"
        assert resumed["client_id"] == before.client_id
        await after.wait_for_ends(1)
        tasks = await after.ask(type="get_my_tasks")
    assert after.statuses() == [WHOLE_LIFE]
    assert [task["task_id"] for task in tasks["tasks"]] == list(before.lives)


async def test_a_key_sent_twice_makes_one_task(stack: Stack) -> None:
    async with connected(stack.ws_url) as client:
        await client.submit(idempotency_key="k1", request_id="first")
        await client.submit(idempotency_key="k1", request_id="second")
        second = await client.wait_for(lambda m: m.get("request_id") == "second")
        await client.wait_for_ends(1)
        await client.submit("别的内容", idempotency_key="k1")
        conflict = await client.wait_for_type("error")
    assert second["duplicate"] is True
    assert list(client.lives) == [second["task_id"]]
    assert conflict["code"] == "idempotency_conflict"
    assert conflict["task_id"] == second["task_id"]


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_pages_of_other_origins_are_refused(stack: Stack, scheme: str) -> None:
    for origin in (f"{scheme}://evil.example", f"{scheme}://127.0.0.1:1", "null"):
        with pytest.raises(InvalidStatus, match="403"):
            async with connect(stack.ws_url, origin=origin):  # type: ignore[arg-type]
                pass


async def test_the_page_of_this_server_is_let_in(stack: Stack) -> None:
    async with connected(stack.ws_url, origin=stack.http_url) as client:
        await client.submit(EXAMPLE)
        await client.wait_for_ends(1)


async def test_submissions_past_the_rate_are_refused(
    make_stack: Callable[..., Stack],
) -> None:
    stack = make_stack(PULSEWEAVE_SUBMIT_RATE="0.05").start()
    async with connected(stack.ws_url) as client:
        for _ in range(10):
            await client.submit()
        error = await client.wait_for_type("error")
        await client.wait_for_ends(1)
    assert error["code"] == "rate_limited"
    assert error["retry_after"] > 0
    assert len(client.lives) == 1
