"""Tasks whose whole course is given, for reports that are computed by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from tasks_app.models import Review, Task
from tests.db.examples import ANNA


@dataclass(frozen=True)
class RecordedTask:
    """Seconds are from one step to the next; None = never."""

    at: str
    """On the site's clock, such as 2026-03-02T10:30."""
    status: str = "completed"
    wait_s: float | None = 1
    run_s: float | None = 1
    owner: str = ANNA
    engine: str = "local"
    task_type: str = ""
    confidence: float | None = None
    error_code: str = ""
    tokens: tuple[int, int, int] | None = None
    """Input, cached of these, output."""
    cost: str | None = None
    verdict: str | None = None

    def store(self) -> Task:
        zone = timezone.get_default_timezone()
        created = timezone.make_aware(datetime.fromisoformat(self.at), zone)
        started = _after(created, self.wait_s)
        prompt, cached, completion = self.tokens or (None, None, None)
        task = Task.objects.create(
            id=uuid4(),
            owner=self.owner,
            text="x",
            status=self.status,
            created_at=created,
            started_at=started,
            completed_at=_after(started or created, self.run_s),
            engine=self.engine,
            task_type=self.task_type,
            confidence=self.confidence,
            error_code=self.error_code,
            prompt_tokens=prompt,
            cached_prompt_tokens=cached,
            completion_tokens=completion,
            cost=None if self.cost is None else Decimal(self.cost),
        )
        if self.verdict:
            Review.objects.create(task=task, verdict=self.verdict, reviewed_at=created)
        return task


def _after(moment: datetime, seconds: float | None) -> datetime | None:
    return None if seconds is None else moment + timedelta(seconds=seconds)


WEEK = [
    RecordedTask(
        "2026-03-02T00:00",
        task_type="trip",
        engine="llm",
        wait_s=0.5,
        run_s=2,
        confidence=0.9,
        tokens=(100, 60, 20),
        cost="0.0005",
        verdict="right",
    ),
    RecordedTask(
        "2026-03-02T09:59:59",
        "failed",
        task_type="trip",
        engine="llm",
        wait_s=1.5,
        run_s=15,
        error_code="llm_timeout",
        tokens=(50, 0, 0),
        cost="0.0001",
    ),
    RecordedTask(
        "2026-03-02T10:00",
        task_type="trip",
        engine="llm",
        wait_s=2.5,
        run_s=4,
        confidence=0.8,
        tokens=(300, 0, 40),
        cost="0.0015",
        verdict="wrong",
    ),
    RecordedTask(
        "2026-03-03T23:59:59",
        task_type="work",
        wait_s=0.1,
        run_s=0.004,
        confidence=0.6,
        owner="client:ben",
        verdict="unsure",
    ),
]
"""Of Monday and Tuesday; computed by hand in tests, and in the docstring of reports."""
