"""An LLM engine whose provider is the test server."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from tasks_app.inference.contract import Request
from tasks_app.inference.llm import LlmConfig, LlmEngine
from tasks_app.protocol.events import Event
from tests.llm_behaviours import Behaviour
from tests.llm_server import LlmServer

KEY = "sk-a-very-secret-key"
TEXT = "明早七点去机场，记得身份证和充电宝"
NOW = dt.datetime(2026, 3, 2, 9, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def about(text: str = TEXT, event: Event | None = None) -> Request:
    return Request(text=text, now=NOW, event=event)


def ignore(fraction: float, stage: str) -> None:
    """Where progress is not what a test is about."""


@asynccontextmanager
async def provider(
    *behaviours: Behaviour, **limits: object
) -> AsyncIterator[tuple[LlmServer, LlmEngine]]:
    """A server with these behaviours, and an engine that asks it.

    Limits are short, so that a test waits no longer than it must; `limits` overrides.
    """
    quick: dict[str, object] = {
        "deadline_s": 20,
        "first_content_s": 5,
        "content_gap_s": 5,
        "backoff_s": 0.01,
    }
    async with LlmServer(*behaviours) as server:
        config = LlmConfig.model_validate(
            {"api_key": KEY, "base_url": server.url} | quick | limits
        )
        engine = LlmEngine(config)
        try:
            yield server, engine
        finally:
            await engine.aclose()
