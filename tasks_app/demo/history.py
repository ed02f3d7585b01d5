"""Very many simulated tasks, the same for the same plan."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from tasks_app.demo.arrivals import arrivals
from tasks_app.demo.events import event_of
from tasks_app.demo.outcomes import Outcomes
from tasks_app.demo.phrases import Kind, Phrasebook
from tasks_app.demo.reviews import Reviewers
from tasks_app.demo.simulation import QUEUE_DEADLINE, Simulation
from tasks_app.models import EVENT_ID_LENGTH, Task
from tasks_app.states import Status

_TASKS_PER_OWNER = 60
_EVENTS = 0.35
"""The part of what is said that comes as an event."""
_KEYED = 0.3
_RETRIED = 0.1
"""The part of the failures that staff try anew."""
_LONGEST = timedelta(minutes=10)
"""No task lasts longer, but for those that no worker claims."""


@dataclass(frozen=True)
class Plan:
    """What history to make: of `tasks`, over `days` until then."""

    tasks: int
    until: datetime
    days: float = 30
    seed: int = 1
    unfinished: int = 0
    """Of the tasks, the latest, which are left pending or processing."""
    reviewers: Sequence[int] = ()
    """User ids of staff; without them nothing is reviewed or tried anew."""

    def key(self) -> str:
        """What chance begins with: two plans of one seed must share no ids."""
        until = self.until.timestamp()
        return f"{self.seed} {self.tasks} {float(self.days)} {until} {self.unfinished}"


class History:
    """The tasks of a plan, in the order of their submission."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._random = Random(plan.key())  # noqa: S311 - it is to be foreseeable
        self._since = plan.until - timedelta(days=plan.days)
        self._owners = _owners(plan.tasks, self._random)
        self._phrases = Phrasebook()
        self._outcomes = Outcomes(self._random, self._since, plan.until)
        self._reviewers = Reviewers(self._random, plan.reviewers, plan.until)
        self._to_retry: deque[tuple[datetime, Simulation, Kind]] = deque()

    def first_id(self) -> UUID:
        """By which another run of the same plan is recognised."""
        return next(self.simulations()).task.pk

    def simulations(self) -> Iterator[Simulation]:
        plan = self._plan
        final = plan.tasks - plan.unfinished
        latest = max(self._since, plan.until - _LONGEST)
        for moment in arrivals(final, self._since, latest, self._random):
            yield self._finished(moment)
        for moment in arrivals(plan.unfinished, latest, plan.until, self._random):
            yield self._unfinished(moment)

    def _finished(self, moment: datetime) -> Simulation:
        simulation, kind = self._retry(moment) or self._submission(moment)
        age = self._plan.until - moment
        self._outcomes.run(simulation, kind, may_expire=age > 2 * QUEUE_DEADLINE)
        task = simulation.task
        if task.status == Status.COMPLETED:
            simulation.review = self._reviewers.review(task, kind)
        elif task.status == Status.FAILED and self._random.random() < _RETRIED:
            pause = timedelta(hours=self._random.expovariate(1 / 3))
            self._to_retry.append((simulation.now + pause, simulation, kind))
        return simulation

    def _unfinished(self, moment: datetime) -> Simulation:
        simulation, _kind = self._submission(moment)
        if self._random.random() < 0.5:
            self._outcomes.claim(simulation, self._plan.until)
        return simulation

    def _submission(self, moment: datetime) -> tuple[Simulation, Kind]:
        random = self._random
        kind = self._phrases.kind(random)
        said = kind.say(random)
        # The cube makes a few of them very busy.
        owner, source = self._owners[int(len(self._owners) * random.random() ** 3)]
        event = (
            event_of(said.text, moment, random) if random.random() < _EVENTS else None
        )
        key = f"{random.getrandbits(64):016x}" if random.random() < _KEYED else None
        task = Task(
            id=_uuid(random),
            owner=owner,
            source=source,
            text=said.text,
            event=event,
            event_id=str(event["event_id"])[:EVENT_ID_LENGTH] if event else "",
            idempotency_key=key,
            created_at=moment,
        )
        return Simulation(task, summary=said.summary), kind

    def _retry(self, moment: datetime) -> tuple[Simulation, Kind] | None:
        """What staff try anew about now, instead of something new."""
        if not self._plan.reviewers or not self._to_retry:
            return None
        due_at, failed, kind = self._to_retry[0]
        if due_at > moment:
            return None
        self._to_retry.popleft()
        old = failed.task
        task = Task(
            id=_uuid(self._random),
            owner=old.owner,
            text=old.text,
            event=old.event,
            event_id=old.event_id,
            retry_of=old,
            created_at=moment,
        )
        staff = self._random.choice(self._plan.reviewers)
        simulation = Simulation(
            task, summary=failed.summary, submitter=f"staff:{staff}"
        )
        return simulation, kind


def _owners(tasks: int, random: Random) -> list[tuple[str, str]]:
    """Owners and the sources that they submit from."""
    count = max(1, tasks // _TASKS_PER_OWNER)
    return [
        (f"client:{_uuid(random)}", f"{random.getrandbits(64):016x}")
        for _ in range(count)
    ]


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
