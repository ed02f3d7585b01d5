"""Work beside other work on an event loop, and its end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

log = logging.getLogger(__name__)

_REST_S = 1.0


async def keep_running(work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` for ever; when it fails, say so and begin again."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("%s failed and is started again", work)
            await asyncio.sleep(_REST_S)


async def cancelled(*tasks: asyncio.Task[Any]) -> None:
    """Cancel until all have ended: what crosses an answer of the database is lost."""
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=_REST_S)
