"""What is added up over tasks that are alike."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from tasks_app.models import HourlyDurations, HourlyRollup, Task
from tasks_app.rollups.histogram import Histogram
from tasks_app.rollups.hours import begin_of_hour


class Key(NamedTuple):
    """What tasks of one rollup have in common."""

    hour: datetime
    status: str
    task_type: str
    engine: str
    error_code: str

    @classmethod
    def of(cls, task: Task) -> "Key":
        return cls(begin_of_hour(task.created_at), *_alike(task))

    @classmethod
    def of_rollup(cls, rollup: HourlyRollup) -> "Key":
        return cls(rollup.hour, *_alike(rollup))


def _alike(row: Task | HourlyRollup) -> tuple[str, str, str, str]:
    return row.status, row.task_type, row.engine, row.error_code


@dataclass
class Sums:
    """Over any number of tasks of one key."""

    tasks: int = 0
    waits: Histogram = field(default_factory=Histogram)
    runs: Histogram = field(default_factory=Histogram)
    prompt_tokens: int = 0
    cached_prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: Decimal = Decimal(0)

    def add(self, task: Task) -> None:
        self.tasks += 1
        if (wait := task.wait) is not None:
            self.waits.add(wait)
        if (run_time := task.run_time) is not None:
            self.runs.add(run_time)
        self.prompt_tokens += task.prompt_tokens or 0
        self.cached_prompt_tokens += task.cached_prompt_tokens or 0
        self.completion_tokens += task.completion_tokens or 0
        self.cost += task.cost or 0

    def add_durations(self, row: HourlyRollup | HourlyDurations) -> None:
        self.waits.merge(row.waits)
        self.runs.merge(row.runs)

    def add_rollup(self, rollup: HourlyRollup) -> None:
        self.tasks += rollup.tasks
        self.add_durations(rollup)
        self.prompt_tokens += rollup.prompt_tokens
        self.cached_prompt_tokens += rollup.cached_prompt_tokens
        self.completion_tokens += rollup.completion_tokens
        self.cost += rollup.cost

    def as_rollup(self, key: Key) -> HourlyRollup:
        return HourlyRollup(
            **key._asdict(),
            tasks=self.tasks,
            waits=self.waits.as_json(),
            runs=self.runs.as_json(),
            prompt_tokens=self.prompt_tokens,
            cached_prompt_tokens=self.cached_prompt_tokens,
            completion_tokens=self.completion_tokens,
            cost=self.cost,
        )

    def as_durations(self, hour: datetime) -> HourlyDurations:
        return HourlyDurations(
            hour=hour, waits=self.waits.as_json(), runs=self.runs.as_json()
        )


SUMMED = (
    "tasks",
    "waits",
    "runs",
    "prompt_tokens",
    "cached_prompt_tokens",
    "completion_tokens",
    "cost",
)
"""The columns of a rollup that `Sums` writes."""
