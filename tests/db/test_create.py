"""Submissions become tasks, and a key used again does not."""

import pytest

from tasks_app import lifecycle
from tasks_app.lifecycle import Draft, Stored
from tasks_app.models import Task, TaskEvent
from tasks_app.states import Status
from tests.db.examples import ANNA, BEN, LEASE_S, completed, copy_of, draft

pytestmark = pytest.mark.django_db


def is_new(stored: Stored) -> bool:
    return not stored.is_duplicate and not stored.is_conflict


def test_a_submission_is_stored_as_a_pending_task_with_its_first_event() -> None:
    submission = draft("买牛奶", event={"transcript": "买牛奶", "x": [1]}, key="k")
    [stored] = lifecycle.create([submission])
    task = copy_of(stored.task)
    assert is_new(stored)
    assert (task.pk, task.owner, task.text) == (submission.id, ANNA, "买牛奶")
    assert task.event == {"transcript": "买牛奶", "x": [1]}
    assert (task.status, task.revision, task.attempt) == (Status.PENDING, 1, 0)
    assert task.created_at == submission.created_at
    assert task.idempotency_key == "k"
    assert task.started_at is task.completed_at is task.lease_expires_at is None
    event = TaskEvent.objects.get(task=task)
    assert (event.revision, event.status, event.attempt) == (1, Status.PENDING, 0)
    assert (event.actor, event.at) == ("client", submission.created_at)


def test_a_batch_gives_one_answer_for_each_submission_in_its_order() -> None:
    drafts = [draft(f"第{n}件", owner=owner) for n in range(5) for owner in (ANNA, BEN)]
    stored = lifecycle.create(drafts)
    assert [s.task.pk for s in stored] == [d.id for d in drafts]
    assert Task.objects.count() == TaskEvent.objects.count() == 10


def test_an_empty_batch_is_no_fault() -> None:
    assert lifecycle.create([]) == []


def test_submissions_without_a_key_are_never_the_same() -> None:
    stored = lifecycle.create([draft(), draft()]) + lifecycle.create([draft()])
    assert all(map(is_new, stored))
    assert Task.objects.count() == 3


def test_a_key_used_again_for_the_same_gives_the_first_task() -> None:
    [first] = lifecycle.create([draft(key="k", event={"a": 1, "b": [2]})])
    [again] = lifecycle.create([draft(key="k", event={"b": [2], "a": 1})])
    assert again.is_duplicate
    assert again.task.pk == first.task.pk
    assert Task.objects.count() == TaskEvent.objects.count() == 1


def test_a_duplicate_shows_its_task_as_it_is_now() -> None:
    lifecycle.create([draft(key="k")])
    [event] = lifecycle.claim(1, "w1", LEASE_S)
    lifecycle.finish([completed(event.task)])
    [again] = lifecycle.create([draft(key="k")])
    assert (again.task.status, again.task.revision) == (Status.COMPLETED, 3)


@pytest.mark.parametrize(
    "other",
    [
        draft("买面包", key="k"),
        draft("买牛奶 ", key="k"),
        draft("买牛奶", key="k", event={}),
        draft("买牛奶", key="k", event={"transcript": "买牛奶"}),
    ],
)
def test_a_key_used_for_another_payload_conflicts(other: Draft) -> None:
    [first] = lifecycle.create([draft("买牛奶", key="k")])
    [stored] = lifecycle.create([other])
    assert (stored.is_conflict, stored.is_duplicate) == (True, False)
    assert stored.task.pk == first.task.pk
    assert copy_of(first.task).text == "买牛奶"
    assert Task.objects.count() == 1


def test_a_key_used_twice_in_one_batch_makes_one_task() -> None:
    drafts = [draft("a", key="k"), draft("a", key="k"), draft("b", key="k"), draft("c")]
    first, again, conflict, other = lifecycle.create(drafts)
    assert not first.is_duplicate
    assert again.is_duplicate
    assert conflict.is_conflict
    assert again.task.pk == conflict.task.pk == first.task.pk
    assert not other.is_duplicate
    assert Task.objects.count() == TaskEvent.objects.count() == 2


def test_a_key_belongs_to_its_owner() -> None:
    drafts = [draft("a", key="k", owner=ANNA), draft("b", key="k", owner=BEN)]
    lifecycle.create(drafts[:1])
    [stored] = lifecycle.create(drafts[1:])
    assert is_new(stored)
    # In one query for both owners, the keys of one must not be taken for the other's.
    lifecycle.create([draft("c", key="k2", owner=ANNA)])
    both = [draft("d", key="k2", owner=BEN), draft("e", key="k3", owner=ANNA)]
    assert all(map(is_new, lifecycle.create(both)))


@pytest.mark.parametrize("key", ["K", "k ", "ｋ", "é"])
def test_a_key_is_taken_literally(key: str) -> None:
    lifecycle.create([draft(key="k"), draft(key="e\u0301")])
    [stored] = lifecycle.create([draft("别的", key=key)])
    assert is_new(stored)
