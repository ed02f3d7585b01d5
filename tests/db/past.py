"""A random history, stored bit by bit while it is swept, purged and reviewed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from tasks_app import lifecycle, rollups
from tasks_app.models import Review, Task
from tests.db.oracle import FINAL, Fact

_LONGEST = timedelta(hours=40)
_MICROSECOND = timedelta(microseconds=1)
_VERDICTS = ("right", "wrong", "unsure", None)
_STATUSES = ("completed", "completed", "failed", "cancelled", "pending", "processing")


class Past:
    """Tasks as they are stored, and the list of all that there have ever been."""

    def __init__(self, seed: str, day: date, zone: ZoneInfo) -> None:
        self._random = Random(seed)
        self.day, self.zone = day, zone
        self.kept: dict[UUID, Fact] = {}
        self.deleted: list[Fact] = []

    @property
    def ever(self) -> list[Fact]:
        return [*self.kept.values(), *self.deleted]

    @property
    def ended(self) -> list[Fact]:
        return [fact for fact in self.ever if fact.is_final]

    def live(self, count: int) -> None:
        facts = {uuid4(): self._fact() for _ in range(count)}
        Task.objects.bulk_create(_task_of(pk, fact) for pk, fact in facts.items())
        self.kept |= facts
        self._review(list(facts))

    def sweep(self) -> None:
        rollups.roll_up(limit=self._random.randrange(1, 20))

    def purge(self) -> None:
        """By staff, whether rolled up or not, or by retention, only what is."""
        if self._random.random() < 0.5:
            lifecycle.erase(self._random.sample(sorted(self.kept), 5))
        else:
            lifecycle.purge(-(10**8), limit=4)
        left = set(Task.objects.values_list("pk", flat=True))
        self.deleted += [fact for pk, fact in self.kept.items() if pk not in left]
        self.kept = {pk: fact for pk, fact in self.kept.items() if pk in left}

    def judge_anew(self) -> None:
        """Verdicts are changed, made and withdrawn, long after the end."""
        random = self._random
        judged = [
            pk
            for pk, fact in self.kept.items()
            if fact.status == "completed" and random.random() < 0.2
        ]
        Review.objects.filter(pk__in=judged).delete()
        for pk in judged:
            self.kept[pk] = replace(self.kept[pk], verdict=random.choice(_VERDICTS))
        self._review(judged)

    def _review(self, task_ids: Sequence[UUID]) -> None:
        Review.objects.bulk_create(
            Review(
                task_id=pk,
                verdict=verdict,
                reviewed_at=self.kept[pk].created
                + timedelta(days=self._random.uniform(-0.001, 1)),
            )
            for pk in task_ids
            if (verdict := self.kept[pk].verdict)
        )

    def _moment(self) -> datetime:
        """Mostly on or about the borders of the hours."""
        random = self._random
        midnight = datetime.combine(self.day, time(), self.zone).astimezone(UTC)
        hour = midnight + timedelta(hours=random.randrange(-3, 29))
        within = timedelta(seconds=random.uniform(0, 3600))
        return hour + random.choice((timedelta(), -_MICROSECOND, within))

    def _fact(self) -> Fact:
        random = self._random
        created = self._moment()
        status = random.choice(_STATUSES)
        is_completed = status == "completed"
        is_begun = is_completed or status in ("failed", "processing")
        # A negative wait is that of clocks that differ.
        wait = random.choice([random.uniform(-2, 2), random.lognormvariate(0, 3)])
        started = created + timedelta(seconds=wait)
        begun = started if is_begun or random.random() < 0.3 else None
        run = min(_LONGEST, timedelta(seconds=random.lognormvariate(0, 4)))
        tokens = random.randrange(9**6), random.randrange(9**5), random.randrange(999)
        cost = Decimal(random.randrange(10**9)).scaleb(-8)
        is_charged, has_price = random.random() < 0.5, random.random() < 0.7
        return Fact(
            created=created,
            status=status,
            started=None if status == "pending" else begun,
            ended=(begun or created) + run if status in FINAL else None,
            owner=random.choice(["client:anna", "client:ben", "user:7"]),
            engine=random.choice(["llm", "local", "renamed", ""]),
            task_type=random.choice(["trip", "work"]) if is_completed else "",
            code=random.choice(["busy", "lost"]) if status == "failed" else "",
            tokens=tokens if is_charged else None,
            cost=cost if is_charged and has_price else None,
            confidence=random.randrange(101) / 100 if is_completed else None,
            verdict=random.choice(_VERDICTS) if is_completed else None,
        )


def _task_of(pk: UUID, fact: Fact) -> Task:
    prompt, cached, completion = fact.tokens or (None, None, None)
    return Task(
        id=pk,
        owner=fact.owner,
        text="x",
        status=fact.status,
        created_at=fact.created,
        started_at=fact.started,
        completed_at=fact.ended,
        engine=fact.engine,
        task_type=fact.task_type,
        error_code=fact.code,
        confidence=fact.confidence,
        prompt_tokens=prompt,
        cached_prompt_tokens=cached,
        completion_tokens=completion,
        cost=fact.cost,
    )
