"""The WebSocket door: carries frames between Channels and a session."""

import asyncio
import logging
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from tasks_app.address import source_of
from tasks_app.background import cancelled
from tasks_app.errors import RateLimited
from tasks_app.gateway import get_gateway
from tasks_app.outbox import Outbox
from tasks_app.patience import Patience
from tasks_app.presence import Visit
from tasks_app.protocol.requests import Bounds
from tasks_app.session import Session

log = logging.getLogger(__name__)

_POLICY_VIOLATION = 1008
_INTERNAL_ERROR = 1011
_TOO_MANY_CONNECTIONS = 4429


class TaskConsumer(AsyncWebsocketConsumer):
    """One connection; all that it is sent goes through one outbox, in order."""

    # The hub listens for the whole process; a socket opens though Redis is down.
    channel_layer_alias = "none"

    _session: Session | None = None
    _visit: Visit | None = None
    _works: tuple[asyncio.Task[None], ...] = ()
    _is_closing = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            # Not in `disconnect`: a cancelled connection never gets there.
            if self._visit is not None:
                get_gateway().presence.leave(self._visit)
            try:
                if self._session is not None:
                    await self._session.close()
            finally:
                await cancelled(*self._works)

    async def dispatch(self, message: dict[str, Any]) -> None:
        # The base class first hops through the process's one synchronous thread to
        # close database connections; no handler here uses that thread.
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def connect(self) -> None:
        self._outbox = Outbox(on_overflow=self._drop)
        self._patience = Patience(settings.MAX_BAD_MESSAGES)
        source = source_of(self.scope)
        session = self._new_session(source)
        await self.accept()
        self._works = (
            asyncio.create_task(self._send_outbox()),
            asyncio.create_task(session.answer_questions()),
            asyncio.create_task(session.tell_missed()),
        )
        for work in self._works:
            work.add_done_callback(self._on_end_of_work)
        visit = Visit(source, partial(self._turn_away, session))
        try:
            get_gateway().presence.enter(visit)
        except RateLimited as error:
            self._turn_away(session, error)
        else:
            self._visit, self._session = visit, session
            session.open()

    def _new_session(self, source: str) -> Session:
        return Session(
            get_gateway(),
            self._outbox.put,
            Bounds(settings.MAX_MESSAGE_BYTES, settings.MAX_TEXT_LENGTH),
            _language(self.scope["query_string"]),
            on_refusal=self._on_refusal,
            drained=self._outbox.drained,
            source=source,
        )

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None
    ) -> None:
        if self._session is not None and not self._is_closing:
            self._session.receive(bytes_data or b"" if text_data is None else text_data)

    def _on_refusal(self) -> None:
        """Close once all that was said before has been sent, if it is one too many."""
        if self._patience.is_lost() and not self._is_closing:
            self._is_closing = True
            self._outbox.close(_POLICY_VIOLATION)

    def _turn_away(self, session: Session, error: RateLimited) -> None:
        self._is_closing = True
        session.refuse(error)
        self._outbox.close(_TOO_MANY_CONNECTIONS)

    def _drop(self) -> None:
        """Close at once: what the client is owed it will not read."""
        self._is_closing = True
        for work in self._works:
            work.cancel()
        self._farewell = asyncio.create_task(self.close(_POLICY_VIOLATION))

    def _on_end_of_work(self, work: asyncio.Task[None]) -> None:
        """A connection that can answer no more is closed."""
        if not work.cancelled() and work.exception() is not None:
            log.error("a connection failed", exc_info=work.exception())
            self._farewell = asyncio.create_task(self.close(_INTERNAL_ERROR))

    async def _send_outbox(self) -> None:
        await self.close(await self._outbox.send_all(self.send))


def _language(query_string: bytes) -> str:
    """English for those who ask for it, the default for all others."""
    asked = parse_qs(query_string.decode("latin-1")).get("lang")
    return "en" if asked == ["en"] else str(settings.LANGUAGE_CODE)
