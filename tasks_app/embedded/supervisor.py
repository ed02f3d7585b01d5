"""Starts parts, restarts those that die, stops them stage by stage."""

import asyncio
import itertools
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tasks_app.embedded.console import say
from tasks_app.embedded.errors import StartError
from tasks_app.embedded.processes import Child, Part

START_WITHIN_S = 60.0
_ASK_EVERY_S = 0.05
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_SOUND_AFTER_S = 60.0
"""A part that ran for so long was sound: its next restart is quick again."""
_SAME_KEYSTROKE_S = 0.5
"""`timeout` and others send one signal twice, to the process and to its group."""


class Supervisor:
    """Runs `stages` until SIGINT, SIGTERM or SIGHUP; a second signal hastens the end.

    All start at once, but for those before which another `is_awaited`. The parts of one
    stage end together, when those after have ended.
    """

    def __init__(self, stages: Sequence[Sequence[Part]], directory: Path) -> None:
        self._stages = stages
        self._directory = directory
        self._environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self._children: dict[str, Child] = {}
        self._work: asyncio.Task[None]
        self._stop_asked_at: float | None = None
        self._haste = asyncio.Event()

    async def run(
        self, prepare: Callable[[], None], on_ready: Callable[[], None]
    ) -> None:
        """Call `prepare` on a thread, start all, call `on_ready`, keep all running.

        Returns when asked to stop; `StartError` if something cannot start.
        """
        self._work = asyncio.create_task(self._work_through(prepare, on_ready))
        self._heed_signals()
        try:
            with suppress(asyncio.CancelledError):
                await self._work
        finally:
            await self._stop()

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            is_under_nohup = (
                number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN
            )
            if not is_under_nohup:
                loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        now = time.monotonic()
        if self._stop_asked_at is None:
            self._stop_asked_at = now
            self._work.cancel()
        elif now - self._stop_asked_at > _SAME_KEYSTROKE_S:
            self._haste.set()

    async def _work_through(
        self, prepare: Callable[[], None], on_ready: Callable[[], None]
    ) -> None:
        await asyncio.to_thread(prepare)
        for stage in self._stages:
            for part in stage:
                await self._start(part)
            awaited = [part for part in stage if part.is_awaited]
            await _until_ready(awaited, self._children.values())
        parts = list(itertools.chain.from_iterable(self._stages))
        await _until_ready(parts, self._children.values())
        on_ready()
        await asyncio.gather(*map(self._keep, parts))

    async def _start(self, part: Part) -> None:
        child = await Child.start(
            part, directory=self._directory, environment=self._environment
        )
        self._children[part.name] = child
        say(f"· {part.name} 已启动 (pid {child.pid})")

    async def _keep(self, part: Part) -> None:
        """Restart the part whenever it ends, after a pause that grows."""
        pauses = _pauses()
        while True:
            watched_since = time.monotonic()
            how = await self._children[part.name].ended()
            if time.monotonic() - watched_since > _SOUND_AFTER_S:
                pauses = _pauses()
            pause_s = next(pauses)
            say(f"! {part.name} 意外结束（{how}），{pause_s:g} 秒后重启")
            await asyncio.sleep(pause_s)
            with suppress(OSError, StartError):  # the next round tries again
                await self._start(part)
                await _until_ready([part], [self._children[part.name]])
                say(f"· {part.name} 已恢复")

    async def _stop(self) -> None:
        for stage in reversed(self._stages):
            await asyncio.gather(*map(self._stop_part, stage))

    async def _stop_part(self, part: Part) -> None:
        if child := self._children.get(part.name):
            is_clean = await child.stop(self._haste)
            say(f"· {part.name} 已停止" if is_clean else f"! {part.name} 已强制结束")


async def _until_ready(parts: Iterable[Part], children: Iterable[Child]) -> None:
    """Wait until all `parts` answer; `StartError` if one of `children` ends before."""
    ready = asyncio.create_task(_until_all_answer(parts))
    ends = [asyncio.create_task(_fail_at_end(child)) for child in children]
    outcomes = {ready, *ends}
    try:
        done, _ = await asyncio.wait(
            outcomes, timeout=START_WITHIN_S, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        for outcome in outcomes:
            outcome.cancel()
    for outcome in done:
        outcome.result()
    if not done:
        names = "、".join(part.name for part in parts)
        raise StartError(f"{names} 未能在 {START_WITHIN_S:.0f} 秒内就绪。")


async def _until_all_answer(parts: Iterable[Part]) -> None:
    await asyncio.gather(*map(_until_answers, parts))


async def _until_answers(part: Part) -> None:
    while True:
        if await part.is_ready():
            return
        await asyncio.sleep(_ASK_EVERY_S)


async def _fail_at_end(child: Child) -> None:
    how = await child.ended()
    lines = "\n".join(f"    {line}" for line in child.last_lines)
    raise StartError(f"{child.part.name} 启动失败（{how}）：\n{lines}")


def _pauses() -> Iterator[float]:
    """Seconds before each restart in a row: 0.5, 1, 2 … 30, 30 …"""
    return (min(_FIRST_PAUSE_S * 2**n, _LONGEST_PAUSE_S) for n in itertools.count())
