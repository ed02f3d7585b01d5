"""One connection's conversation: who it is, what it asks, what it is answered.

It knows nothing of Channels; frames come in by `receive`, go out by `deliver`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

from django.db import Error as DatabaseError
from django.utils import timezone, translation

from tasks_app import lifecycle
from tasks_app.answers import answer, owned_task
from tasks_app.errors import (
    InternalError,
    RateLimited,
    RequestError,
    Unavailable,
)
from tasks_app.feed import Feed
from tasks_app.gateway import Gateway
from tasks_app.identity import Identity
from tasks_app.intake import Submission
from tasks_app.lifecycle import Draft
from tasks_app.models import TaskEvent
from tasks_app.presentation import as_status, as_update, to_timestamp
from tasks_app.protocol.decode import JsonObject
from tasks_app.protocol.replies import (
    ConnectionEstablished,
    Error,
    Pong,
    Reply,
    Resumed,
    TaskSubmitted,
    dump,
)
from tasks_app.protocol.requests import (
    Bounds,
    CancelTask,
    ClientRequest,
    Ping,
    Resume,
    SubmitTask,
    parse,
)

log = logging.getLogger(__name__)

_MAX_UNACKNOWLEDGED = 1000
"""Submissions of one connection that wait for their commit."""
_MAX_QUESTIONS = 100
"""Requests of one connection that wait for the database."""
_MAX_CATCH_UPS = 10
_RETRY_AFTER_S = 2.0

Question = Callable[[], Awaitable[Reply | None]]
Questions = asyncio.Queue[tuple[str | None, Question]]
"""Each with the id of its request."""


class Session:
    """Takes frames without ever waiting: they queue without bound behind a busy taker.

    Submissions go to the intake; questions to the database, one after the other; what
    was missed is told beside them.
    `deliver` takes a text frame and never waits; `drained` waits until the client has
    taken what was delivered. Texts for people are in `language`; `source` stands for
    the client's address (see `address`). `on_refusal` hears of every error answered.
    """

    def __init__(
        self,
        gateway: Gateway,
        deliver: Callable[[str], None],
        bounds: Bounds,
        language: str,
        *,
        on_refusal: Callable[[], None],
        drained: Callable[[], Awaitable[None]],
        source: str = "",
    ) -> None:
        self._gateway = gateway
        self._deliver = deliver
        self._bounds = bounds
        self._language = language
        self._on_refusal = on_refusal
        self._drained = drained
        self._source = source
        self._identity = Identity.fresh()
        self._feed = Feed(self._identity.owner, deliver)
        self._feeds = [self._feed]
        self._questions: Questions = asyncio.Queue(_MAX_QUESTIONS)
        self._catch_ups: Questions = asyncio.Queue(_MAX_CATCH_UPS)

    def open(self) -> None:
        """Follow the tasks of a fresh identity and say who it is."""
        self._gateway.hub.join(self._feed)
        self._reply(
            ConnectionEstablished(
                client_id=self._identity.client_id,
                resume_token=self._identity.resume_token(),
                timestamp=_now(),
            )
        )

    async def close(self) -> None:
        # Nothing joins any more.
        feeds, self._feeds = self._feeds, []
        await self._gateway.hub.leave(feeds)

    def refuse(self, error: RequestError) -> None:
        """Say why the connection itself is refused."""
        self._reply_error(error)

    def receive(self, frame: str | bytes) -> None:
        """Serve one frame, or answer why not."""
        try:
            with translation.override(self._language):
                request, message = parse(frame, self._bounds)
                self._serve(request, message)
        except RequestError as error:
            self._reply_error(error)
        except Exception:
            log.exception("a request failed")
            self._reply_error(InternalError())

    def _serve(self, request: ClientRequest, message: JsonObject) -> None:
        """Do at once what needs no database; queue what does.

        Raises:
            RequestError: refused; it carries the request id.
        """
        owner = self._identity.owner
        try:
            match request:
                case Ping():
                    self._reply(Pong(request_id=request.request_id, timestamp=_now()))
                case SubmitTask():
                    self._submit(request, message)
                case Resume():
                    self._resume(request)
                case CancelTask():
                    cancel = partial(self._cancel, self._feed, request)
                    _put(self._questions, request, cancel)
                case _:
                    answering = partial(answer, self._gateway, owner, request)
                    _put(self._questions, request, answering)
        except RequestError as error:
            error.request_id = request.request_id
            raise

    def _reply(self, reply: Reply) -> None:
        self._deliver(dump(reply))

    def _reply_error(self, error: RequestError, request_id: str | None = None) -> None:
        error.request_id = error.request_id or request_id
        with translation.override(self._language):
            self._reply(Error.of(error, _now()))
        self._on_refusal()

    # --- Submitting -----------------------------------------------------------------

    def _submit(self, request: SubmitTask, message: JsonObject) -> None:
        feed = self._feed
        if feed.unacknowledged >= _MAX_UNACKNOWLEDGED:
            raise RateLimited(retry_after=_RETRY_AFTER_S)
        draft = Draft(
            id=uuid4(),
            owner=feed.owner,
            text=request.text,
            event=_event_of(message),
            idempotency_key=request.idempotency_key,
            source=self._source,
        )
        feed.hold(draft.id)
        stored = self._gateway.intake.submit(draft)
        stored.add_done_callback(
            partial(self._submitted, feed, draft, request.request_id)
        )

    def _submitted(
        self,
        feed: Feed,
        draft: Draft,
        request_id: str | None,
        future: asyncio.Future[Submission],
    ) -> None:
        """Acknowledge, now that it is committed, or say that it is not."""
        was_held_back = feed.release(draft.id)
        if future.cancelled():
            return
        if (error := future.exception()) is not None:
            self._reply_error(_as_request_error(error), request_id)
            return
        stored = future.result()
        if isinstance(stored, RequestError):
            self._reply_error(stored, request_id)
            return
        task, forecast = stored.task, stored.forecast
        acknowledgement = TaskSubmitted(
            request_id=request_id,
            task_id=str(task.pk),
            duplicate=True if stored.is_duplicate else None,
            queue_position=forecast.position if forecast else None,
            eta_seconds=forecast.eta_s if forecast else None,
            timestamp=to_timestamp(task.created_at),
        )
        feed.acknowledge(task.pk, dump(acknowledgement))
        if was_held_back or feed.lags(task.pk, task.revision):
            self._gateway.hub.mark_stale(feed, [task.pk])

    # --- Resuming -------------------------------------------------------------------

    def _resume(self, request: Resume) -> None:
        identity = Identity.resumed(request.client_id, request.resume_token)
        known = {feed.owner: feed for feed in self._feeds}
        feed = known.get(identity.owner) or Feed(identity.owner, self._deliver)
        since = identity.connected_at if request.since is None else _at(request.since)
        # First: when it is refused, nothing has changed.
        catch_up = partial(self._catch_up, self._feed, feed, since)
        _put(self._catch_ups, request, catch_up)
        feed.begin_catch_up()
        self._identity, self._feed = identity, feed
        if identity.owner not in known:
            self._feeds.append(feed)
        self._reply(
            Resumed(
                request_id=request.request_id,
                client_id=identity.client_id,
                resume_token=identity.resume_token(),
                timestamp=_now(),
            )
        )

    async def tell_missed(self) -> None:
        """Catch up after each resume, for as long as the connection lasts."""
        await self._serve_all(self._catch_ups)

    async def _catch_up(self, previous: Feed, feed: Feed, since: datetime) -> None:
        # Otherwise it has been left for yet another meanwhile.
        if feed in self._feeds:
            self._gateway.hub.join(feed)
            await self._gateway.hub.resume(feed, since, self._drained)
        is_left = previous in self._feeds and previous is not self._feed
        if is_left and previous.is_idle:
            self._feeds.remove(previous)
            await self._gateway.hub.leave([previous])

    # --- Questions ------------------------------------------------------------------

    async def answer_questions(self) -> None:
        """Answer for as long as the connection lasts."""
        await self._serve_all(self._questions)

    async def _serve_all(self, questions: Questions) -> None:
        while True:
            request_id, question = await questions.get()
            try:
                if (reply := await question()) is not None:
                    self._reply(reply)
            except Exception as error:  # noqa: BLE001 - the asker is told
                self._reply_error(_as_request_error(error), request_id)

    async def _cancel(self, feed: Feed, request: CancelTask) -> Reply | None:
        event = await self._gateway.orm.run(
            _cancel_owned, feed.owner, request.task_uuid
        )
        update = as_update(event, request.request_id)
        is_news = feed.lags(update.task_id, update.revision)
        is_next = not feed.is_catching_up and feed.offer(update)
        self._gateway.announcer.announce([as_update(event)])
        if is_news and is_next:
            return None
        # The feed has told it without the request's id, or is about to.
        return as_status(event.task, timezone.now(), request.request_id)


def _cancel_owned(owner: str, task_id: UUID) -> TaskEvent:
    return lifecycle.cancel(owned_task(owner, task_id), "client")


def _put(questions: Questions, request: ClientRequest, question: Question) -> None:
    try:
        questions.put_nowait((request.request_id, question))
    except asyncio.QueueFull:
        raise RateLimited(retry_after=_RETRY_AFTER_S) from None


def _now() -> float:
    return to_timestamp(timezone.now())


def _at(timestamp: float) -> datetime:
    """A client's timestamp; a future one is taken for now."""
    return datetime.fromtimestamp(min(max(timestamp, 0.0), _now()), UTC)


def _event_of(message: JsonObject) -> JsonObject | None:
    """The event as it came: further fields and all."""
    data = message["data"]
    event = data.get("event") if isinstance(data, dict) else None
    return event if isinstance(event, dict) else None


def _as_request_error(error: BaseException) -> RequestError:
    if isinstance(error, RequestError):
        return error
    if isinstance(error, DatabaseError):
        log.warning("the database does not answer: %s", type(error).__name__)
        return Unavailable(retry_after=_RETRY_AFTER_S)
    log.error("a request failed", exc_info=error)
    return InternalError()
