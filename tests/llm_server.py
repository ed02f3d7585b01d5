"""A chat/completions server on loopback that answers as badly as it is told to.

    python -m tests.llm_server --port 8900 --behaviour ok --delay 1

While it answers, it also reads: the end of what a client sends is the moment when
the client has gone, and anything else is the next request of a kept connection.
"""

import argparse
import asyncio
import contextlib
import json
import ssl
from typing import Self

from tests.llm_behaviours import BEHAVIOURS, Behaviour, Exchange, ok


class LlmServer:
    """Serves while its context lasts.

    Each request meets the next behaviour, and all further ones the last.
    """

    def __init__(
        self,
        *behaviours: Behaviour,
        delay_s: float = 0,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._behaviours = behaviours or (ok,)
        self._delay_s = delay_s
        self._port = port
        self._tls = tls
        self.exchanges: list[Exchange] = []
        self.connections = 0
        self._received = asyncio.Condition()
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", self._port, backlog=1024, ssl=self._tls
        )
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._server.wait_closed()

    async def exchange(self, number: int) -> Exchange:
        """The request of that number (from 1), once it has come."""
        async with self._received:
            await self._received.wait_for(lambda: len(self.exchanges) >= number)
        return self.exchanges[number - 1]

    async def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        task.add_done_callback(lambda _: writer.close())

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            first = await reader.read(1)
            while first:
                exchange = await _receive(first, reader, writer)
                following = asyncio.create_task(reader.read(1))
                try:
                    await self._answer(exchange, following)
                    first = await following if exchange.is_reusable else b""
                finally:
                    following.cancel()

    async def _answer(self, exchange: Exchange, following: asyncio.Task[bytes]) -> None:
        """Until the behaviour is over, or the client is gone."""
        async with self._received:
            self.exchanges.append(exchange)
            number = len(self.exchanges)
            self._received.notify_all()
        work = asyncio.create_task(self._behave(exchange, number))
        try:
            await asyncio.wait({work, following}, return_when=asyncio.FIRST_COMPLETED)
            if work.done() or not _is_end(following):
                await work
            else:
                exchange.is_abandoned.set()
        finally:
            work.cancel()

    async def _behave(self, exchange: Exchange, number: int) -> None:
        await asyncio.sleep(self._delay_s)
        await self._behaviours[min(number, len(self._behaviours)) - 1](exchange)


def _is_end(following: asyncio.Task[bytes]) -> bool:
    return following.exception() is not None or not following.result()


async def _receive(
    first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Exchange:
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
    request_line, *lines = head.splitlines()
    fields = (line.partition(": ") for line in lines if line)
    headers = {name.lower(): value for name, _, value in fields}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Exchange(request_line.split()[1], json.loads(body), headers, writer)


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--behaviour", choices=sorted(BEHAVIOURS), nargs="+")
    parser.add_argument("--delay", type=float, default=0, help="seconds")
    options = parser.parse_args()
    behaviours = [BEHAVIOURS[name] for name in options.behaviour or ["ok"]]
    server = LlmServer(*behaviours, delay_s=options.delay, port=options.port)
    async with server:
        print(server.url, flush=True)  # noqa: T201 - the one who started it reads this
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main())
