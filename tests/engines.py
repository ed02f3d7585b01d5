"""Engines for tests that start the real application (`PULSEWEAVE_ENGINE`)."""

import asyncio
import os
import signal

from tasks_app.inference.contract import Progress, Request, Result, TaskType


class PacedEngine:
    """Takes as many seconds as the text says."""

    name = "paced"

    async def analyze(self, request: Request, progress: Progress) -> Result:
        seconds = float(request.text)
        await asyncio.sleep(seconds)
        return Result(
            task_type=TaskType.OTHER,
            confidence=0.5,
            potential_omissions=[],
            summary_text=f"{seconds:g} 秒",
            suggested_plan="等待",
            latency_ms=round(seconds * 1000),
            model_version="paced:1",
        )

    async def aclose(self) -> None:
        """Nothing is held."""


class DeadlyEngine(PacedEngine):
    """Kills the worker it runs in."""

    async def analyze(self, request: Request, progress: Progress) -> Result:
        os.kill(os.getpid(), signal.SIGKILL)
        return await super().analyze(request, progress)
