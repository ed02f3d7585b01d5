"""The only module that knows httpx: one exchange with a provider.

Silence is measured here, on top of httpx: its read timeout starts anew with every
byte, so that trickled keep-alive lines would hold a request open for ever. Leaving
an exchange in any way, cancellation included, closes its connection.
"""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Protocol

import httpx

from tasks_app.inference.contract import TokenUsage
from tasks_app.inference.llm.config import LlmConfig
from tasks_app.inference.llm.failures import Failure, LlmError, fault_of_status
from tasks_app.inference.llm.stream import Answer, SseReader

_MAX_ERROR_BYTES = 64 * 1024
_TAIL_S = 0.5
"""How long to wait, after the model's last word, for the token counts and for the
end of the body, without which the connection could not be used again."""


class Listener(Protocol):
    """Is told how an exchange goes."""

    def wrote(self, length: int) -> None:
        """There are so many characters so far."""

    def charged(self, usage: TokenUsage) -> None:
        """What is known of the costs; told once, whatever the end, even cancelling."""


class Transport:
    """Calls of chat/completions, many at once, over one pool of connections.

    The pool is made in the loop of its first call. Proxies of the environment are not
    used (`trust_env`): a key must not travel by a route that nobody configured here,
    and a local model must not be sought behind a proxy. A company's own certificate
    authority is found where OpenSSL looks for it, in `SSL_CERT_FILE`.
    """

    def __init__(self, config: LlmConfig) -> None:
        self._config = config
        self._pool: httpx.AsyncClient | None = None

    async def complete(self, payload: object, listener: Listener) -> Answer:
        """One request, streamed to its end. Raises `LlmError`."""
        answer = Answer()
        try:
            await self._stream(payload, answer, listener)
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            # After the model's last word only its token counts can be missing.
            if not answer.is_finished:
                raise _fault_of(error, answer) from None
        finally:
            listener.charged(answer.usage)
        answer.check_finish()
        return answer

    async def aclose(self) -> None:
        """Close the pool; calls in flight end with a fault."""
        if self._pool is not None:
            await self._pool.aclose()

    async def _stream(
        self, payload: object, answer: Answer, listener: Listener
    ) -> None:
        """Fill `answer`; silence for too long is a `TimeoutError`."""
        # Making the pool takes a moment that is not the provider's.
        client = self._client()
        async with asyncio.timeout(self._config.first_content_s) as patience:
            async with self._post(client, payload) as response:
                await self._read(response, answer, patience, listener)

    @asynccontextmanager
    async def _post(
        self, client: httpx.AsyncClient, payload: object
    ) -> AsyncIterator[httpx.Response]:
        """The response to read, once its status says that there is one."""
        request = client.stream("POST", self._config.url, json=payload)
        async with request as response:
            if response.status_code != httpx.codes.OK:
                said = await _beginning(response)
                wait = _retry_after_s(response.headers.get("retry-after", ""))
                raise fault_of_status(response.status_code, said, wait)
            yield response

    async def _read(
        self,
        response: httpx.Response,
        answer: Answer,
        patience: asyncio.Timeout,
        listener: Listener,
    ) -> None:
        reader, received = SseReader(), 0
        async for chunk in response.aiter_bytes():
            received += len(chunk)
            if received > self._config.max_body_bytes:
                raise LlmError(Failure.TOO_LARGE)
            before = answer.progress
            for payload in reader.feed(chunk):
                answer.take(payload)
            if answer.progress != before:
                listener.wrote(len(answer.content))
                self._extend(patience, answer)
        _finish(reader, answer)

    def _extend(self, patience: asyncio.Timeout, answer: Answer) -> None:
        gap = self._config.content_gap_s
        if answer.is_finished:
            gap = min(gap, _TAIL_S)
        patience.reschedule(asyncio.get_running_loop().time() + gap)

    def _client(self) -> httpx.AsyncClient:
        if self._pool is None:
            config = self._config
            self._pool = httpx.AsyncClient(
                headers={
                    "Authorization": f"Bearer {config.api_key.get_secret_value()}",
                    # A small compressed body could unpack to any size.
                    "Accept-Encoding": "identity",
                },
                timeout=httpx.Timeout(
                    max(config.first_content_s, config.content_gap_s),
                    connect=config.connect_s,
                    # Waiting for a free connection counts as silence, like the rest.
                    pool=None,
                ),
                limits=httpx.Limits(
                    max_connections=config.max_connections,
                    max_keepalive_connections=128,
                    keepalive_expiry=30,
                ),
                follow_redirects=False,
                trust_env=False,
                verify=_authorities(),
            )
        return self._pool


@cache
def _authorities() -> ssl.SSLContext:
    """Read once: it takes longer than a request."""
    return httpx.create_ssl_context()


def _fault_of(error: Exception, answer: Answer) -> LlmError:
    """A silence, or a connection that ended or never was.

    Repeated are connection attempts, and exchanges that broke before any content.
    """
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        was_connecting = isinstance(error, httpx.ConnectTimeout)
        return LlmError(Failure.TIMEOUT, is_transient=was_connecting)
    return LlmError(Failure.NETWORK, is_transient=not answer.signs)


def _finish(reader: SseReader, answer: Answer) -> None:
    """The connection is at its end: was the answer, too?"""
    for payload in reader.end():
        answer.take(payload)
    if answer.is_finished:
        return
    if reader.plain.strip() and not answer.signs:
        answer.take_body(reader.plain.decode(errors="replace"))
    elif not answer.signs:
        raise LlmError(Failure.EMPTY, is_transient=True)
    else:
        raise LlmError(Failure.NETWORK)


async def _beginning(response: httpx.Response) -> str:
    """Enough of an error's body to tell what it is about."""
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) >= _MAX_ERROR_BYTES:
            break
    return body[:_MAX_ERROR_BYTES].decode(errors="replace")


def _retry_after_s(value: str) -> float | None:
    """Seconds, or an HTTP date; None for neither."""
    if value.strip().isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        aware = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
        return max((aware - dt.datetime.now(dt.UTC)).total_seconds(), 0.0)
    except (ValueError, OverflowError):
        return None
