"""Engines for tests that start the real application (`PULSEWEAVE_ENGINE`)."""

import asyncio
import os
import signal

from django.conf import settings

from tasks_app.inference.contract import Progress, Request, Result, TaskType
from tasks_app.inference.llm import LlmConfig, LlmEngine


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


class ReportingEngine(PacedEngine):
    """Says all the while how far it is."""

    async def analyze(self, request: Request, progress: Progress) -> Result:
        gap_s = float(request.text) / 100

        async def report() -> None:
            for hundredth in range(100):
                progress(hundredth / 100, "waiting" if hundredth < 50 else "writing")
                await asyncio.sleep(gap_s)

        reporting = asyncio.create_task(report())
        try:
            return await super().analyze(request, progress)
        finally:
            reporting.cancel()


class DeadlyEngine(PacedEngine):
    """Kills the worker it runs in."""

    async def analyze(self, request: Request, progress: Progress) -> Result:
        os.kill(os.getpid(), signal.SIGKILL)
        return await super().analyze(request, progress)


class WordyEngine(PacedEngine):
    """Takes no time and says as many KiB as the text says."""

    async def analyze(self, request: Request, progress: Progress) -> Result:
        result = await super().analyze(Request(text="0", now=request.now), progress)
        plan = "x" * 1024 * int(request.text)
        return result.model_copy(update={"suggested_plan": plan})


class SlowProgressEngine(PacedEngine):
    """Takes as long, and says how far it is ten times on the way."""

    async def analyze(self, request: Request, progress: Progress) -> Result:
        stages = ("waiting", "writing", "checking", "unheard-of")
        for tenth in range(10):
            progress(tenth / 10, stages[tenth * len(stages) // 10])
            await asyncio.sleep(float(request.text) / 10)
        return await super().analyze(request.model_copy(update={"text": "0"}), progress)


class ImpatientLlmEngine(LlmEngine):
    """Leaves a failing provider alone for moments only, and after three faults."""

    def __init__(self) -> None:
        super().__init__(
            LlmConfig(
                api_key=settings.LLM_API_KEY,
                base_url=settings.LLM_BASE_URL,
                retries=0,
                account_pause_s=6,
                outage_pause_s=1,
                longest_pause_s=6,
                outage_run=3,
            )
        )
