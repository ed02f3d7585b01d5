"""Submissions become tasks, and a key used again does not."""

import pytest

from tasks_app import lifecycle
from tasks_app.errors import IdempotencyConflict
from tasks_app.lifecycle import Draft, Stored
from tasks_app.models import Task, TaskEvent
from tasks_app.states import Status
from tests.db.examples import ANNA, BEN, LEASE_S, completed, copy_of, draft, store

pytestmark = pytest.mark.django_db


def is_new(stored: Stored) -> bool:
    return not stored.is_duplicate


def test_a_submission_is_stored_as_a_pending_task_with_its_first_event() -> None:
    submission = draft("买牛奶", event={"transcript": "买牛奶", "x": [1]}, key="k")
    [stored] = store(submission)
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
    stored = store(*drafts)
    assert [s.task.pk for s in stored] == [d.id for d in drafts]
    assert Task.objects.count() == TaskEvent.objects.count() == 10


def test_an_empty_batch_is_no_fault() -> None:
    assert lifecycle.create([]) == []


def test_submissions_without_a_key_are_never_the_same() -> None:
    stored = store(draft(), draft()) + store(draft())
    assert all(map(is_new, stored))
    assert Task.objects.count() == 3


def test_a_key_used_again_for_the_same_gives_the_first_task() -> None:
    [first] = store(draft(key="k", event={"a": 1, "b": [2]}))
    [again] = store(draft(key="k", event={"b": [2], "a": 1}))
    assert again.is_duplicate
    assert again.task.pk == first.task.pk
    assert Task.objects.count() == TaskEvent.objects.count() == 1


def test_a_duplicate_shows_its_task_as_it_is_now() -> None:
    store(draft(key="k"))
    [event] = lifecycle.claim(1, "w1", LEASE_S)
    lifecycle.finish([completed(event.task)])
    [again] = store(draft(key="k"))
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
    [first] = store(draft("买牛奶", key="k"))
    [refusal] = lifecycle.create([other])
    assert isinstance(refusal, IdempotencyConflict)
    assert refusal.task_id == str(first.task.pk)
    assert copy_of(first.task).text == "买牛奶"
    assert Task.objects.count() == 1


def test_a_key_used_twice_in_one_batch_makes_one_task() -> None:
    drafts = [draft("a", key="k"), draft("a", key="k"), draft("b", key="k"), draft("c")]
    first, again, conflict, other = lifecycle.create(drafts)
    assert isinstance(first, Stored)
    assert isinstance(again, Stored)
    assert isinstance(conflict, IdempotencyConflict)
    assert isinstance(other, Stored)
    assert [is_new(first), is_new(again), is_new(other)] == [True, False, True]
    assert again.task.pk == first.task.pk
    assert conflict.task_id == str(first.task.pk)
    assert Task.objects.count() == TaskEvent.objects.count() == 2


def test_a_key_belongs_to_its_owner() -> None:
    drafts = [draft("a", key="k", owner=ANNA), draft("b", key="k", owner=BEN)]
    store(*drafts[:1])
    [stored] = store(*drafts[1:])
    assert is_new(stored)
    # In one query for both owners, the keys of one must not be taken for the other's.
    store(draft("c", key="k2", owner=ANNA))
    both = [draft("d", key="k2", owner=BEN), draft("e", key="k3", owner=ANNA)]
    assert all(map(is_new, store(*both)))


@pytest.mark.parametrize("key", ["K", "k ", "ｋ", "é"])
def test_a_key_is_taken_literally(key: str) -> None:
    store(draft(key="k"), draft(key="e\u0301"))
    [stored] = store(draft("别的", key=key))
    assert is_new(stored)
