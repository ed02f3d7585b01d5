"""A line to a service that a test may cut: the service itself is shared.

It runs in a thread with a loop of its own, so that it goes on while a test waits.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_CHUNK = 65_536


class Proxy:
    """Forwards to the service of `target`; `url` is that service by way of it."""

    def __init__(self, target: str) -> None:
        self._parts = urlsplit(target)
        self._loop = asyncio.new_event_loop()
        self._is_passing = asyncio.Event()
        self._is_passing.set()
        self._calls: set[asyncio.Task[None]] = set()
        self._port = 0
        self._loop.run_until_complete(self._listen())
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        user, _, _ = self._parts.netloc.rpartition("@")
        address = f"127.0.0.1:{self._port}"
        return self._parts._replace(netloc=f"{user}@{address}".lstrip("@")).geturl()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Meanwhile, all connections are cut and new ones refused."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result()
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Meanwhile, connections stay and are accepted, but nothing gets through."""
        self._loop.call_soon_threadsafe(self._is_passing.clear)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._is_passing.set)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._call, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        self._server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    async def _call(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One connection, until either side ends it or it is cut."""
        call = asyncio.create_task(self._connect(reader, writer))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host, port = self._parts.hostname, self._parts.port
        service_reader, service = await asyncio.open_connection(host, port)
        ways = {
            asyncio.create_task(self._forward(reader, service)),
            asyncio.create_task(self._forward(service_reader, writer)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            service.transport.abort()
            writer.transport.abort()

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(_CHUNK):
                await self._is_passing.wait()
                writer.write(data)
                await writer.drain()


@contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
