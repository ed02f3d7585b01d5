"""Whatever the verbs are called with, and in whatever order, the history is whole."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks_app import lifecycle
from tasks_app.models import Task, TaskEvent
from tasks_app.states import FINAL, Status, is_legal
from tests.db.examples import (
    LEASE_S,
    completed,
    copy_of,
    draft,
    end_leases,
    failed,
    pending,
    store,
)

pytestmark = pytest.mark.django_db


class World:
    """Some tasks, and every claim that any worker ever got, stale ones too."""

    def __init__(self) -> None:
        Task.objects.all().delete()
        self.tasks = pending(2)
        self.claims: list[Task] = []

    def claim(self, number: int) -> None:
        events = lifecycle.claim(1 + number % 2, f"w{number}", LEASE_S)
        self.claims += [event.task for event in events]

    def complete(self, number: int) -> None:
        self._with_claim(number, lambda task: lifecycle.finish([completed(task)]))

    def fail(self, number: int) -> None:
        self._with_claim(number, lambda task: lifecycle.finish([failed(task)]))

    def release(self, number: int) -> None:
        self._with_claim(number, lambda task: lifecycle.release([task], "test"))

    def sweep(self, number: int) -> None:
        if number % 2:
            end_leases()
        lifecycle.recover(max_attempts=3)

    def submit(self, number: int) -> None:
        [stored] = store(draft(key=f"k{number}"))
        if not stored.is_duplicate:
            self.tasks.append(stored.task)

    def _with_claim(self, number: int, verb: Callable[[Task], list[TaskEvent]]) -> None:
        if not self.claims:
            return
        # A copy, so that the claim stays what its worker believed when it got it.
        believed = self.claims[number % len(self.claims)]
        columns = {f.attname: getattr(believed, f.attname) for f in Task._meta.fields}
        verb(Task(**columns))

    def check(self) -> None:
        for task in self.tasks:
            _check_history(copy_of(task))


def _check_history(task: Task) -> None:
    events = list(TaskEvent.objects.filter(task=task).order_by("revision"))
    assert [event.revision for event in events] == list(range(1, task.revision + 1))
    assert events[0].status == Status.PENDING
    for before, after in pairwise(events):
        assert is_legal(Status(before.status), Status(after.status))
        assert before.at <= after.at
        assert before.attempt <= after.attempt
    assert (events[-1].status, events[-1].attempt) == (task.status, task.attempt)
    assert (task.completed_at is not None) is (task.status in FINAL)
    assert (task.lease_expires_at is not None) is (task.status == Status.PROCESSING)
    assert (task.result is not None) is (task.status == Status.COMPLETED)
    assert bool(task.error_code) is (task.status == Status.FAILED)


VERBS = [
    World.claim,
    World.complete,
    World.fail,
    World.release,
    World.sweep,
    World.submit,
]


@settings(
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 5)), max_size=15))
def test_every_history_is_without_holes_and_ends_once(
    steps: list[tuple[Callable[[World, int], None], int]],
) -> None:
    world = World()
    for verb, number in steps:
        verb(world, number)
    world.check()
