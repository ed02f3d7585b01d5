"""Work that goes on for as long as its event loop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

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
