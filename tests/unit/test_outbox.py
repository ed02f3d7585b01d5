"""What one connection is still to be sent."""

import asyncio

import pytest

from tasks_app import outbox as outbox_module
from tasks_app.background import cancelled
from tasks_app.outbox import Outbox


class Peer:
    """The other side of a connection, which takes a frame when it has time."""

    def __init__(self) -> None:
        self.frames: list[str] = []
        self.has_time = asyncio.Event()
        self.has_time.set()
        self.overflows = 0
        self.outbox = Outbox(self._overflow)

    def _overflow(self) -> None:
        self.overflows += 1

    async def take(self, frame: str) -> None:
        await self.has_time.wait()
        self.frames.append(frame)


async def test_frames_are_sent_in_order_and_then_the_close_code() -> None:
    peer = Peer()
    peer.outbox.put("a")
    peer.outbox.put("b")
    peer.outbox.close(1008)
    peer.outbox.put("late")
    peer.outbox.close(4429)
    assert await peer.outbox.send_all(peer.take) == 1008
    assert peer.frames == ["a", "b"]


async def test_it_is_drained_when_all_has_been_taken() -> None:
    peer = Peer()
    await peer.outbox.drained()
    sending = asyncio.create_task(peer.outbox.send_all(peer.take))
    peer.has_time.clear()
    peer.outbox.put("a")
    waiting = asyncio.create_task(peer.outbox.drained())
    done, _ = await asyncio.wait([waiting], timeout=0.05)
    assert not done
    peer.has_time.set()
    await asyncio.wait_for(waiting, 5)
    assert peer.frames == ["a"]
    await cancelled(sending)


async def test_too_much_owed_is_said_once_and_nothing_more_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox_module, "_MAX_OWED", 10)
    peer = Peer()
    sending = asyncio.create_task(peer.outbox.send_all(peer.take))
    for _ in range(5):
        peer.outbox.put("123456")
        await peer.outbox.drained()
    # What has been read is owed no longer.
    assert peer.overflows == 0
    peer.has_time.clear()
    for _ in range(5):
        peer.outbox.put("123456")
    assert peer.overflows == 1
    peer.has_time.set()
    await peer.outbox.drained()
    assert len(peer.frames) == 5 + 2
    await cancelled(sending)
