"""An engine that costs nothing, to measure everything around it."""

from tasks_app.inference.contract import Progress, Request, Result, TaskType


class NoopEngine:
    """Answers every request with the same sentence."""

    name = "noop"

    async def analyze(self, request: Request, progress: Progress) -> Result:
        return Result(
            task_type=TaskType.OTHER,
            confidence=0.5,
            potential_omissions=[],
            summary_text="测量用结果",
            suggested_plan="无需准备",
            latency_ms=0,
            model_version="noop:1",
        )

    async def aclose(self) -> None:
        """Nothing is held."""
