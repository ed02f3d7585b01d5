"""`manage.py seed_demo`: what it makes could have happened."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Model

from tasks_app import reports
from tasks_app.demo import History, Plan, storage
from tasks_app.demo.simulation import Simulation
from tasks_app.models import Review, Task, TaskEvent
from tasks_app.presentation import as_update
from tasks_app.states import FINAL, Status, is_legal
from tests.db.examples import pending

UNTIL = datetime(2026, 3, 1, 4, tzinfo=UTC)
PLAN = Plan(tasks=1500, until=UNTIL, days=20, seed=7, unfinished=20, reviewers=[1])


@pytest.fixture(scope="module")
def simulations() -> list[Simulation]:
    return list(History(PLAN).simulations())


def seed(*arguments: str) -> str:
    out = io.StringIO()
    options = ("--seed=7", "--days=20", f"--until={UNTIL.isoformat()}", *arguments)
    call_command("seed_demo", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def columns(
    simulations: Iterator[Simulation] | list[Simulation],
) -> list[tuple[object, ...]]:
    return [
        (
            *(getattr(simulation.task, f.attname) for f in Task._meta.fields),
            len(simulation.events),
        )
        for simulation in simulations
    ]


# --- Tasks, which need no database --------------------------------------------------


def test_the_same_plan_makes_the_same_history(simulations: list[Simulation]) -> None:
    assert columns(simulations) == columns(History(PLAN).simulations())
    other = Plan(tasks=1500, until=UNTIL, days=20, seed=8)
    assert columns(simulations) != columns(History(other).simulations())


def test_moves_are_legal_counted_and_in_order(simulations: list[Simulation]) -> None:
    for simulation in simulations:
        events = simulation.events
        assert [e.revision for e in events] == list(
            range(1, simulation.task.revision + 1)
        )
        assert [e.at for e in events] == sorted(e.at for e in events)
        for old, new in pairwise(events):
            assert is_legal(Status(old.status), Status(new.status))


def test_rows_say_what_their_moves_say(simulations: list[Simulation]) -> None:
    for simulation in simulations:
        task, first, last = simulation.task, simulation.events[0], simulation.events[-1]
        claims = [e.at for e in simulation.events if e.status == Status.PROCESSING]
        assert (task.created_at, task.status) == (first.at, last.status)
        assert (task.attempt, task.started_at) == (
            len(claims),
            claims[-1] if claims else None,
        )
        assert task.completed_at == (last.at if task.status in FINAL else None)


def test_it_lies_in_its_time_and_ends_before_now(simulations: list[Simulation]) -> None:
    for simulation in simulations:
        assert all(event.at <= UNTIL for event in simulation.events)
        assert (UNTIL - simulation.task.created_at).days < 20


def test_there_is_some_of_all(simulations: list[Simulation]) -> None:
    tasks = [simulation.task for simulation in simulations]
    share = sum(task.status == Status.COMPLETED for task in tasks) / len(tasks)
    assert 0.85 < share < 0.95
    assert sum(not task.is_final for task in tasks) == 20
    assert len({task.task_type for task in tasks if task.task_type}) == 10
    assert {task.engine for task in tasks if task.result} == {"llm", "local"}
    assert any(task.retry_of for task in tasks)
    assert any(task.text.isascii() for task in tasks)
    assert any(task.attempt > 1 for task in tasks)
    for task in tasks:
        assert bool(task.result) == (task.status == Status.COMPLETED)
        assert bool(task.error_code) == (task.status == Status.FAILED)
        assert bool(task.priority_level) == bool(task.result and task.event)
        if task.result:
            assert (task.cost is not None) == (task.engine == "llm")


def test_a_review_knows_what_was_meant(simulations: list[Simulation]) -> None:
    reviews = [simulation.review for simulation in simulations if simulation.review]
    assert {review.verdict for review in reviews} == {"right", "wrong", "unsure"}
    for review in reviews:
        assert bool(review.corrected_type) == (review.verdict == "wrong")
        assert review.corrected_type != review.task.task_type


# --- The command ---------------------------------------------------------------------


@pytest.mark.django_db
def test_what_it_made_is_stored() -> None:
    assert "300" in seed("--tasks=300", "--unfinished=10")
    assert Task.objects.count() == 300
    assert Task.objects.unfinished().count() == 10
    assert Review.objects.exclude(reviewer=None).exists()
    last = TaskEvent.objects.filter(revision=F("task__revision"))
    assert last.count() == 300
    for event in last.select_related("task"):
        assert as_update(event).is_final == (event.task.status in FINAL)


@pytest.mark.django_db
def test_it_refuses_to_mix_with_what_is_there() -> None:
    pending()
    with pytest.raises(CommandError, match="--append"):
        seed("--tasks=10")
    seed("--tasks=10", "--append")
    assert Task.objects.count() == 11
    with pytest.raises(CommandError, match="--seed"):
        seed("--tasks=10", "--append")
    assert Task.objects.count() == 11


@pytest.mark.django_db
def test_what_was_made_before_an_interrupt_is_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C comes within the second batch."""
    insert = storage._insert

    def insert_until_interrupted(model: type[Model], rows: list[Model]) -> None:
        insert(model, rows)
        if model is TaskEvent and Task.objects.count() > 200:
            raise KeyboardInterrupt

    monkeypatch.setattr(storage, "_BATCH", 200)
    monkeypatch.setattr(storage, "_insert", insert_until_interrupted)
    with pytest.raises(CommandError, match="200") as ended:
        seed("--tasks=1000")
    assert ended.value.returncode == 130
    assert Task.objects.count() == reports.stats().total_tasks == 200
    last = TaskEvent.objects.filter(revision=F("task__revision"))
    assert last.count() == 200


@pytest.mark.django_db
def test_histories_of_one_seed_may_follow_each_other() -> None:
    later = UNTIL + timedelta(days=1)
    for more in ("--tasks=400", "--tasks=410", "--tasks=400 --days=19",
                 f"--tasks=400 --until={later.isoformat()}"):  # fmt: skip
        seed("--append", *more.split())
    assert Task.objects.count() == 1610


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        "--tasks=0",
        "--tasks=x",
        "--days=0",
        "--days=nan",
        "--until=then",
        "--until=0001-01-01T00:00",
    ],
)
def test_wrong_arguments_are_refused(wrong: str) -> None:
    with pytest.raises(CommandError):
        seed("--tasks=5", wrong)
    with pytest.raises(CommandError):
        seed("--tasks=5", "--unfinished=6")
    assert not Task.objects.exists()
