"""A channel layer that is as slow, broken or orderly as a test wants."""

import asyncio
from typing import Any

from channels.layers import InMemoryChannelLayer

from tasks_app.notify import group_of


class TroubledLayer(InMemoryChannelLayer):
    """Subscribes when the test lets it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.is_up = asyncio.Event()
        self.is_up.set()
        self.is_broken = False
        self.is_asked = asyncio.Event()
        self.is_orderly = False
        """Whether an unsubscription waits its turn, as it does with Redis."""
        self._turn = asyncio.Lock()

    async def group_add(self, group: str, channel: str) -> None:
        self.is_asked.set()
        if self.is_broken:
            raise ConnectionError("the layer is down")
        async with self._turn:
            await self.is_up.wait()
            await super().group_add(group, channel)

    async def group_discard(self, group: str, channel: str) -> None:
        if self.is_orderly:
            async with self._turn:
                await super().group_discard(group, channel)
        else:
            await super().group_discard(group, channel)

    def subscribers(self, owner: str) -> list[str]:
        return list(self.groups.get(group_of(owner), ()))
