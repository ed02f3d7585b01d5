"""What the test server can do with a request: well, badly, or not at all."""

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

REPLY: dict[str, object] = {
    "task_type": "trip",
    "confidence": 0.9,
    "potential_omissions": ["行李", "交通工具"],
    "summary_text": "明天早上七点出发去机场。",
    "suggested_plan": "今晚收好行李，约好明早的车。",
    "extracted_entities": [
        {"type": "time", "value": "明早七点", "confidence": 0.9},
        {"type": "place", "value": "机场", "confidence": 0.9},
    ],
    "suggested_tags": ["出行"],
    "priority_level": "high",
    "reminder_suggestions": ["今晚九点：收拾行李"],
}
USAGE = {
    "prompt_tokens": 700,
    "prompt_cache_hit_tokens": 640,
    "prompt_cache_miss_tokens": 60,
    "completion_tokens": 120,
}


def reply(**changes: object) -> str:
    """What a good model writes, or one that differs in some fields."""
    return json.dumps(REPLY | changes, ensure_ascii=False)


@dataclass
class Exchange:
    """One request as it came, and the means to answer it."""

    path: str
    payload: dict[str, Any]
    headers: Mapping[str, str]
    writer: asyncio.StreamWriter
    is_abandoned: asyncio.Event = field(default_factory=asyncio.Event)
    is_reusable: bool = False
    """Whether the connection is good for one more request."""

    @property
    def user_message(self) -> str:
        message: str = self.payload["messages"][1]["content"]
        return message

    async def start(self, status: int = 200, **headers: str) -> None:
        """Status line and headers; unless chunked, the connection ends the body."""
        fields = {"Content-Type": "text/event-stream"}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        await self.send(f"HTTP/1.1 {status} Status\r\n{head}\r\n")

    async def send(self, data: str | bytes) -> None:
        self.writer.write(data.encode() if isinstance(data, str) else data)
        await self.writer.drain()

    async def start_chunked(self) -> None:
        """As a body with a marked end, so that a cut can be told from an end."""
        await self.start(Transfer_Encoding="chunked")

    async def chunk(self, data: str) -> None:
        raw = data.encode()
        await self.send(b"%x\r\n%s\r\n" % (len(raw), raw))

    async def event(self, **body: object) -> None:
        await self.chunk(f"data: {json.dumps(body)}\n\n")

    async def delta(
        self, content: str | None, finish: str | None = None, **more: object
    ) -> None:
        choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
        await self.event(choices=[choice], **more)

    async def done(self) -> None:
        await self.chunk("data: [DONE]\n\n")
        await self.end()

    async def end(self) -> None:
        await self.send("0\r\n\r\n")
        self.is_reusable = True

    def reset(self) -> None:
        """End with a TCP reset instead of a farewell."""
        endpoint = self.writer.get_extra_info("socket")
        endpoint.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.writer.transport.abort()


Behaviour = Callable[[Exchange], Awaitable[None]]


def says(content: str, finish: str = "stop") -> Behaviour:
    """An orderly stream with this content."""

    async def behave(exchange: Exchange) -> None:
        await exchange.start_chunked()
        await exchange.delta("")
        await exchange.chunk(": keep-alive\n\n")
        for start in range(0, len(content), 40):
            await exchange.delta(content[start : start + 40])
        await exchange.delta(None, finish)
        await exchange.event(choices=[], usage=USAGE)
        await exchange.done()

    return behave


def refuses(status: int, body: object = "", **headers: str) -> Behaviour:
    """An HTTP status with a body."""

    async def behave(exchange: Exchange) -> None:
        await exchange.start(status, Content_Type="application/json", **headers)
        await exchange.send(body if isinstance(body, str | bytes) else json.dumps(body))

    return behave


def reports(error: object) -> Behaviour:
    """An error as an event of a stream that began well."""

    async def behave(exchange: Exchange) -> None:
        await exchange.start_chunked()
        await exchange.event(error=error)
        await exchange.done()

    return behave


def breaks_off(error: object) -> Behaviour:
    """An error where the rest of the content should be."""

    async def behave(exchange: Exchange) -> None:
        await exchange.start_chunked()
        await exchange.delta('{"task_type"')
        await exchange.event(error=error)
        await exchange.done()

    return behave


def ignores_streaming(content: str) -> Behaviour:
    """One JSON body, whatever was asked for, after some blank lines."""
    choice = {"message": {"content": content}, "finish_reason": "stop"}
    body = json.dumps({"choices": [choice], "usage": USAGE}, indent=1)
    return refuses(200, f"\n\n{body}")


def repeats(line: str, interval_s: float = 0.02) -> Behaviour:
    """The same line for ever, in a body that has begun."""

    async def behave(exchange: Exchange) -> None:
        while True:
            await exchange.chunk(line)
            await asyncio.sleep(interval_s)

    return behave


def stops_after(
    *contents: str, then: Callable[[Exchange], Awaitable[None]]
) -> Behaviour:
    """A stream that says this much and then does something else than end."""

    async def behave(exchange: Exchange) -> None:
        await exchange.start_chunked()
        for content in contents:
            await exchange.delta(content)
        await then(exchange)

    return behave


def takes_only(*formats: str | None) -> Behaviour:
    """Refuses every other `response_format`, as servers without it do."""

    async def behave(exchange: Exchange) -> None:
        wanted = exchange.payload.get("response_format", {}).get("type")
        message = f"This response_format type {wanted} is unavailable now"
        refusal = refuses(400, {"error": {"message": message}})
        await (says(reply()) if wanted in formats else refusal)(exchange)

    return behave


async def hangs(exchange: Exchange) -> None:
    await asyncio.Event().wait()


async def resets(exchange: Exchange) -> None:
    exchange.reset()


async def closes(exchange: Exchange) -> None:
    """The connection ends in the middle of a chunked body."""


async def ends(exchange: Exchange) -> None:
    await exchange.end()


async def floods(exchange: Exchange) -> None:
    """Ten megabytes of one line."""
    await exchange.start()
    with contextlib.suppress(ConnectionError):
        for _ in range(160):
            await exchange.send(b"x" * 65_536)


ok = says(reply())
BEHAVIOURS: dict[str, Behaviour] = {
    "ok": ok,
    "fenced": says(f"```json\n{reply()}\n```"),
    "plain": ignores_streaming(reply()),
    "blank": says(""),
    "bad-json": says('{"task_type": '),
    "bad-fields": says(reply(task_type="travel")),
    "truncated": says(reply()[:80], finish="length"),
    "filtered": says("", finish="content_filter"),
    "overloaded": says("", finish="insufficient_system_resource"),
    "keep-alive": stops_after(then=repeats(": keep-alive\n\n")),
    "hang": hangs,
    "reset": resets,
    "cut": stops_after(reply()[:40], then=closes),
    "flood": floods,
    "401": refuses(401),
    "402": refuses(402),
    "429": refuses(429, Retry_After="1"),
    "500": refuses(500),
    "503": refuses(503),
}
