"""Cancelling over one connection, while others listen, on the real database."""

import asyncio

import pytest

from tasks_app import lifecycle
from tasks_app.identity import Identity
from tasks_app.models import Task
from tests.db.concurrency import until
from tests.db.conversations import Conversation, Server
from tests.db.examples import LEASE_S, copy_of, history, pending

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("services_in_process"),
]


async def joined_by_phone(server: Server, conversation: Conversation) -> Conversation:
    """Another connection of the same owner."""
    phone = server.connect()
    greeting = conversation.greeting
    phone.say(
        "resume",
        client_id=greeting["client_id"],
        resume_token=greeting["resume_token"],
        since=0,
    )
    return phone


@pytest.mark.parametrize("is_processing", [False, True])
async def test_a_cancellation_is_told_once_to_each_and_answered_to_who_asked(
    server: Server, is_processing: bool
) -> None:
    conversation = server.connect()
    task_id = await conversation.submitted()
    phone = await joined_by_phone(server, conversation)
    await phone.hear(task_id=task_id, status="pending")
    if is_processing:
        await server.claim()
        for each in (conversation, phone):
            await each.hear(task_id=task_id, status="processing")
    conversation.say("cancel_task", task_id=task_id, request_id="stop")
    await phone.hear(task_id=task_id, status="cancelled")
    await server.settle(conversation)
    await server.settle(phone)
    [answer] = conversation.heard("task_status_update", status="cancelled")
    [news] = phone.heard("task_status_update", status="cancelled")
    assert answer.pop("request_id") == "stop"
    assert answer == news


async def test_a_cancellation_that_overtakes_an_unheard_start_is_answered_once(
    server: Server,
) -> None:
    conversation = server.connect()
    task_id = await conversation.submitted()
    await server.gateway.orm.run(lifecycle.claim, 1, "w1", LEASE_S)
    conversation.say("cancel_task", task_id=task_id, request_id="stop")
    answer = await conversation.hear(request_id="stop")
    assert answer["status"] == "cancelled"
    await until(lambda: len(conversation.statuses(task_id)) == 3)
    await server.settle(conversation)
    told = conversation.heard("task_status_update", task_id=task_id, request_id=None)
    assert [update["status"] for update in told] == ["processing", "cancelled"]
    assert len(conversation.heard(request_id="stop")) == 1


async def test_a_cancellation_that_a_resume_overtakes_is_answered_all_the_same(
    server: Server,
) -> None:
    conversation = server.connect(is_answering=False)
    task_id = await conversation.submitted()
    conversation.say("cancel_task", task_id=task_id, request_id="stop")
    client_id, token = (
        conversation.greeting[name] for name in ("client_id", "resume_token")
    )
    conversation.resume(Identity.resumed(client_id, token))
    server.begin(conversation.session.answer_questions)
    answer = await conversation.hear(request_id="stop")
    assert answer["status"] == "cancelled"
    server.begin(conversation.session.tell_missed)
    await until(lambda: len(conversation.statuses(task_id)) == 2)
    await server.settle(conversation)
    told = conversation.heard("task_status_update", task_id=task_id, request_id=None)
    assert [update["status"] for update in told] == ["cancelled"]


async def test_what_is_cancelled_already_cannot_be_cancelled(server: Server) -> None:
    conversation = server.connect()
    task_id = await conversation.submitted()
    for request_id in ("first", "second"):
        conversation.say("cancel_task", task_id=task_id, request_id=request_id)
    refusal = await conversation.hear("error", request_id="second")
    assert refusal["code"] == "not_cancellable"
    assert refusal["status"] == "cancelled"
    assert refusal["task_id"] == task_id
    assert conversation.statuses(task_id) == ["cancelled"]


async def test_a_task_of_somebody_else_is_not_there_to_cancel(server: Server) -> None:
    [task] = await server.gateway.orm.run(pending)
    conversation = server.connect()
    conversation.say("cancel_task", task_id=str(task.pk), request_id="theirs")
    refusal = await conversation.hear(request_id="theirs")
    assert (refusal["type"], refusal["code"]) == ("error", "task_not_found")
    assert (await server.gateway.orm.run(copy_of, task)).status == "pending"


async def test_of_a_cancellation_and_a_result_at_once_one_counts(
    server: Server,
) -> None:
    conversation = server.connect()
    for _ in range(20):
        await conversation.submitted()
    claims = await server.claim()
    for event in claims:
        conversation.say(
            "cancel_task", task_id=str(event.task_id), request_id=str(event.task_id)
        )
    # The last cancelled is the first to end: they meet in the middle.
    await asyncio.gather(*[server.finish([claim]) for claim in reversed(claims)])
    for event in claims:
        await conversation.hear(request_id=str(event.task_id))
    await server.settle(conversation)
    for event in claims:
        await check_one_end(server, conversation, event.task)


async def check_one_end(server: Server, conversation: Conversation, task: Task) -> None:
    *_, (revision, end) = await server.gateway.orm.run(history, task)
    assert revision == 3
    [answer] = conversation.heard(request_id=str(task.pk))
    assert conversation.statuses(task.pk) == ["processing", end]
    assert answer["status"] == end
    assert answer.get("code") == (None if end == "cancelled" else "not_cancellable")
