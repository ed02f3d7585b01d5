"""Sessions on a real gateway, without sockets, and a worker that the test plays."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

from tasks_app import lifecycle
from tasks_app.background import cancelled
from tasks_app.gateway import Gateway
from tasks_app.identity import Identity
from tasks_app.models import TaskEvent
from tasks_app.presentation import as_update
from tasks_app.protocol.requests import Bounds
from tasks_app.session import Session
from tests.db.concurrency import end_threads, until
from tests.db.examples import LEASE_S, completed

Message = dict[str, Any]


class Conversation:
    """A session and all that it said."""

    def __init__(self, gateway: Gateway) -> None:
        self.frames: list[str] = []
        bounds = Bounds(message_bytes=65_536, text_length=2000)
        self.session = Session(
            gateway,
            self.frames.append,
            bounds,
            "zh-hans",
            on_refusal=lambda: None,
            drained=self._drained,
        )
        self.session.open()
        [self.greeting] = self.heard("connection_established")

    async def _drained(self) -> None:
        """It reads at once what it is sent."""

    @property
    def owner(self) -> str:
        """Of its first identity."""
        return f"client:{self.greeting['client_id']}"

    def say(self, kind: str, **fields: object) -> None:
        self.session.receive(json.dumps({"type": kind, **fields}))

    def submit(self, text: str, request_id: str) -> None:
        self.say("submit_task", data={"text": text}, request_id=request_id)

    async def submitted(self) -> str:
        """The id of a task that it has just submitted."""
        request_id = str(uuid4())
        self.submit("买牛奶", request_id)
        answer = await self.hear("task_submitted", request_id=request_id)
        return str(answer["task_id"])

    def resume(self, identity: Identity, request_id: str = "resume") -> None:
        self.say(
            "resume",
            client_id=identity.client_id,
            resume_token=identity.resume_token(),
            request_id=request_id,
        )

    def heard(self, kind: str | None = None, **facts: object) -> list[Message]:
        """The messages of a kind that carry these facts."""
        messages: list[Message] = [json.loads(frame) for frame in self.frames]
        return [
            message
            for message in messages
            if (kind is None or message["type"] == kind)
            and all(message.get(name) == fact for name, fact in facts.items())
        ]

    async def hear(self, kind: str | None = None, **facts: object) -> Message:
        """The first such message, as soon as it comes."""
        await until(lambda: self.heard(kind, **facts))
        return self.heard(kind, **facts)[0]

    def statuses(self, task_id: object) -> list[str]:
        """The updates of a task, in order."""
        updates = self.heard("task_status_update", task_id=str(task_id))
        return [update["status"] for update in updates]


class Server:
    """A gateway and its conversations; the worker is played by the test."""

    def __init__(self) -> None:
        self.gateway = Gateway()
        self._answering: list[asyncio.Task[None]] = []
        self._conversations: list[Conversation] = []

    def connect(self, *, is_answering: bool = True) -> Conversation:
        conversation = Conversation(self.gateway)
        self._conversations.append(conversation)
        if is_answering:
            self.answer(conversation)
        return conversation

    def answer(self, conversation: Conversation) -> None:
        """Answer its questions from now on, and let it catch up."""
        session = conversation.session
        self.begin(session.answer_questions)
        self.begin(session.tell_missed)

    def begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do one part of a session's work from now on."""
        self._answering.append(asyncio.create_task(work()))

    async def do(self, work: Callable[[], list[TaskEvent]]) -> list[TaskEvent]:
        """Move tasks and announce it, as a worker does."""
        events = await self.gateway.orm.run(work)
        self.gateway.announcer.announce([as_update(event) for event in events])
        return events

    async def claim(self) -> list[TaskEvent]:
        return await self.do(lambda: lifecycle.claim(50, "w1", LEASE_S))

    async def finish(self, claims: list[TaskEvent]) -> None:
        outcomes = [completed(event.task) for event in claims]
        await self.do(lambda: lifecycle.finish(outcomes))

    async def settle(self, conversation: Conversation) -> None:
        """Wait until all that was announced so far has been told."""
        rid = str(uuid4())
        conversation.submit("最后一件", rid)
        last = await conversation.hear("task_submitted", request_id=rid)
        await self.claim()
        await conversation.hear(task_id=last["task_id"], status="processing")

    async def end(self) -> None:
        for conversation in self._conversations:
            await conversation.session.close()
        await cancelled(*self._answering, *self.gateway._tasks)
        end_threads(self.gateway.orm)
