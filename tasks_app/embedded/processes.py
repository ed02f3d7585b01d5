"""One part of the stack, and the child process that runs it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self, cast

from tasks_app.embedded import leash
from tasks_app.embedded.console import relay

_KEPT_LINES = 15


@dataclass(frozen=True)
class Part:
    """What runs as one process.

    `is_ready` is asked again and again until it says that the part answers.
    `stops_within_s` is how long it may take to end after SIGTERM. What starts after a
    part that `is_awaited` needs its answer.
    """

    name: str
    command: tuple[str, ...]
    stops_within_s: float
    is_ready: Callable[[], Awaitable[bool]]
    is_relayed: bool = True
    is_awaited: bool = False


class Child:
    """A started part: in a session of its own, so that Ctrl-C reaches only us."""

    def __init__(self, part: Part, process: Process) -> None:
        self.part = part
        self.last_lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._process = process
        self._output = asyncio.create_task(self._read_output())
        self._end = asyncio.create_task(self._wait_for_end())

    @classmethod
    async def start(
        cls, part: Part, *, directory: Path, environment: Mapping[str, str]
    ) -> Self:
        """Start the part on a leash; call it on the main thread (see `leash`)."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", leash.__file__, str(os.getpid())),
            *part.command,
            cwd=directory,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,
        )
        return cls(part, process)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ended(self) -> str:
        """Wait until it and all it started have ended; say how."""
        return await asyncio.shield(self._end)

    async def stop(self, haste: asyncio.Event) -> bool:
        """End it: SIGTERM, and SIGKILL at `haste` or when its time is up.

        Returns whether it ended by itself.
        """
        with suppress(ProcessLookupError):
            self._process.terminate()
        hastening = asyncio.create_task(haste.wait())
        await asyncio.wait(
            {self._end, hastening},
            timeout=self.part.stops_within_s,
            return_when=asyncio.FIRST_COMPLETED,
        )
        hastening.cancel()
        is_clean = self._end.done()
        if not is_clean:
            self._kill_session()
        await self._end
        return is_clean

    async def _wait_for_end(self) -> str:
        code = await self._process.wait()
        self._kill_session()
        await self._output
        return f"信号 {-code}" if code < 0 else f"退出码 {code}"

    def _kill_session(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    async def _read_output(self) -> None:
        stream = cast("asyncio.StreamReader", self._process.stdout)  # is a PIPE
        while True:
            try:
                line = await stream.readline()
            except ValueError:
                continue  # asyncio has dropped a line longer than its buffer
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            self.last_lines.append(text)
            if text and self.part.is_relayed:
                relay(self.part.name, text)
