"""What one connection is answered, on the real database."""

from functools import partial

import pytest

from tasks_app.identity import Identity
from tasks_app.models import Task
from tests.db.concurrency import let_others_run, until, until_row
from tests.db.conversations import Server
from tests.db.examples import pending

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("services_in_process"),
]

MOST_QUESTIONS = 100
MOST_RESUMES = 10


# --- Submitting ---------------------------------------------------------------------


async def test_a_task_is_told_of_from_its_acknowledgement_to_its_end(
    server: Server,
) -> None:
    conversation = server.connect()
    conversation.submit("买牛奶", "r1")
    answer = await conversation.hear(request_id="r1")
    await server.finish(await server.claim())
    await conversation.hear("task_status_update", status="completed")
    told = conversation.heard(task_id=answer["task_id"])
    assert [m["status"] for m in told] == ["pending", "processing", "completed"]
    assert [m["revision"] for m in told] == [1, 2, 3]
    assert told[2]["result"]["summary_text"] == "买牛奶。"


# --- Resuming -----------------------------------------------------------------------


async def test_what_is_sent_again_under_its_key_is_no_submission_too_many(
    server: Server,
) -> None:
    conversation = server.connect()
    burst = [f"k{number}" for number in range(20)]
    for request_id in ("first", "again"):
        for key in burst:
            conversation.say(
                "submit_task",
                data={"text": "买牛奶"},
                idempotency_key=key,
                request_id=f"{request_id} {key}",
            )
    for key in burst:
        answer = await conversation.hear(request_id=f"again {key}")
        assert answer.get("duplicate"), answer


async def test_a_question_too_many_is_refused_and_the_others_are_answered(
    server: Server,
) -> None:
    conversation = server.connect(is_answering=False)
    for n in range(MOST_QUESTIONS + 1):
        conversation.say("get_my_tasks", request_id=f"question {n}")
    [refusal] = conversation.heard("error")
    assert refusal["code"] == "rate_limited"
    assert refusal["retry_after"] > 0
    assert refusal["request_id"] == f"question {MOST_QUESTIONS}"
    server.answer(conversation)
    await conversation.hear("my_tasks", request_id=f"question {MOST_QUESTIONS - 1}")
    assert len(conversation.heard("my_tasks")) == MOST_QUESTIONS


async def test_a_resume_too_many_is_refused_and_changes_nothing(
    server: Server,
) -> None:
    conversation = server.connect(is_answering=False)
    client_id, token = (
        conversation.greeting[name] for name in ("client_id", "resume_token")
    )
    for _ in range(MOST_RESUMES):
        conversation.resume(Identity.resumed(client_id, token))
    conversation.resume(Identity.fresh(), "refused")
    [refusal] = conversation.heard(request_id="refused")
    assert refusal["code"] == "rate_limited"
    assert refusal["retry_after"] > 0

    server.answer(conversation)
    conversation.submit("买牛奶", "later")
    acknowledged = await conversation.hear("task_submitted", request_id="later")
    task = await server.gateway.orm.run(Task.objects.get)
    assert task.owner == conversation.owner
    await server.finish(await server.claim())
    await conversation.hear(status="completed")
    told = conversation.statuses(acknowledged["task_id"])
    assert told == ["processing", "completed"]
    assert len(conversation.heard("resumed")) == MOST_RESUMES


@pytest.mark.parametrize("is_hasty", [True, False])
async def test_whoever_resumes_one_another_and_the_first_again_is_told_once(
    server: Server, is_hasty: bool
) -> None:
    bert, cleo = Identity.fresh(), Identity.fresh()
    orm = server.gateway.orm
    [berts] = await orm.run(pending, 1, bert.owner)
    [cleos] = await orm.run(pending, 1, cleo.owner)
    conversation = server.connect(is_answering=not is_hasty)
    for identity, task in ((bert, berts), (cleo, cleos), (bert, berts)):
        conversation.resume(identity)
        if not is_hasty:
            await until(partial(conversation.statuses, task.pk))
    if is_hasty:
        server.answer(conversation)
    await until(lambda: conversation.statuses(berts.pk))
    await server.finish(await server.claim())
    await conversation.hear(task_id=str(berts.pk), status="completed")
    await server.settle(conversation)
    assert len(conversation.heard("resumed")) == 3
    assert conversation.statuses(berts.pk) == ["pending", "processing", "completed"]
    assert conversation.statuses(cleos.pk) == ["pending", "processing", "completed"]


async def test_what_was_submitted_between_two_resumes_is_acknowledged(
    server: Server,
) -> None:
    conversation = server.connect(is_answering=False)
    client_id, token = (
        conversation.greeting[name] for name in ("client_id", "resume_token")
    )
    bert = Identity.fresh()
    conversation.resume(bert)
    conversation.resume(Identity.resumed(client_id, token))
    conversation.submit("买牛奶", "between")
    await until_row(server.gateway.orm, Task.objects.exists)
    conversation.resume(bert)
    server.answer(conversation)
    await conversation.hear("task_submitted", request_id="between")


async def test_a_connection_that_ends_before_it_caught_up_is_followed_no_more(
    server: Server,
) -> None:
    conversation = server.connect(is_answering=False)
    conversation.resume(Identity.fresh())
    await conversation.session.close()
    server.answer(conversation)
    await let_others_run()
    assert not server.gateway.hub._feeds


async def test_whoever_comes_back_to_an_idle_identity_at_once_is_told_of_its_tasks(
    server: Server,
) -> None:
    conversation = server.connect(is_answering=False)
    bert, cleo = Identity.fresh(), Identity.fresh()
    for identity in (bert, cleo, bert):
        conversation.resume(identity)
    conversation.say("get_my_tasks", request_id="last")
    server.answer(conversation)
    await conversation.hear("my_tasks", request_id="last")
    task_id = await conversation.submitted()
    await server.finish(await server.claim())
    await conversation.hear(task_id=task_id, status="completed")
    assert conversation.statuses(task_id) == ["processing", "completed"]


async def test_what_was_submitted_before_a_resume_is_still_told(
    server: Server,
) -> None:
    conversation = server.connect()
    task_id = await conversation.submitted()
    conversation.resume(Identity.fresh())
    await conversation.hear("resumed")
    await server.finish(await server.claim())
    await conversation.hear(task_id=task_id, status="completed")
    await server.settle(conversation)
    assert conversation.statuses(task_id) == ["processing", "completed"]


async def test_a_question_is_answered_for_who_asked_it_though_it_resumed_since(
    server: Server,
) -> None:
    bert = Identity.fresh()
    await server.gateway.orm.run(pending, 2, bert.owner)
    conversation = server.connect()
    task_id = await conversation.submitted()
    conversation.say("get_my_tasks", request_id="before")
    conversation.resume(bert)
    conversation.say("get_my_tasks", request_id="after")
    before = await conversation.hear("my_tasks", request_id="before")
    after = await conversation.hear("my_tasks", request_id="after")
    assert [item["task_id"] for item in before["tasks"]] == [task_id]
    assert len(after["tasks"]) == 2


async def test_a_token_of_another_is_refused_and_changes_nothing(
    server: Server,
) -> None:
    conversation, anna, ben = server.connect(), Identity.fresh(), Identity.fresh()
    conversation.say(
        "resume",
        client_id=anna.client_id,
        resume_token=ben.resume_token(),
        request_id="forged",
    )
    [refusal] = conversation.heard(request_id="forged")
    assert refusal["code"] == "invalid_token"
    await conversation.submitted()
    task = await server.gateway.orm.run(Task.objects.get)
    assert task.owner == conversation.owner
