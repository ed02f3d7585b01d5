"""What a connection is told while it catches up, and in which order."""

from uuid import UUID, uuid4

import pytest

from tasks_app.feed import Feed
from tasks_app.notify import Update

ANNA = "client:anna"


def update(task_id: UUID, revision: int) -> Update:
    """One of the three moves of a task."""
    return Update(ANNA, task_id, revision, revision == 3, f"{task_id} {revision}")


@pytest.fixture
def told() -> list[str]:
    """The frames delivered so far."""
    return []


@pytest.fixture
def feed(told: list[str]) -> Feed:
    """A feed that catches up."""
    feed = Feed(ANNA, told.append)
    feed.begin_catch_up()
    return feed


def test_what_was_missed_is_told_at_once(feed: Feed, told: list[str]) -> None:
    task = uuid4()
    for revision in (1, 2, 3):
        feed.tell_missed(update(task, revision))
    assert told == [f"{task} 1", f"{task} 2", f"{task} 3"]
    assert feed.end_catch_up() == set()
    assert feed.is_idle


def test_what_is_new_is_read_again_afterwards(feed: Feed, told: list[str]) -> None:
    old, elsewhere = uuid4(), uuid4()
    feed.tell_missed(update(old, 1))
    assert feed.offer(update(old, 2))
    assert feed.offer(update(elsewhere, 1))
    feed.begin_catch_up()
    assert told == [f"{old} 1"]
    assert feed.end_catch_up() == {old, elsewhere}
    assert feed.offer(update(old, 2))
    assert feed.offer(update(elsewhere, 1))
    assert told == [f"{old} 1", f"{old} 2", f"{elsewhere} 1"]


def test_progress_is_not_told_meanwhile(feed: Feed, told: list[str]) -> None:
    task = uuid4()
    feed.tell_missed(update(task, 1))
    progress = Update(ANNA, task, 1, False, "progress", is_progress=True)
    assert feed.offer(progress)
    assert feed.end_catch_up() == set()
    assert told == [f"{task} 1"]


def test_an_acknowledgement_waits_until_all_before_it_has_been_told(
    feed: Feed, told: list[str]
) -> None:
    old, own = uuid4(), uuid4()
    feed.acknowledge(own, f"{own} ack")
    feed.offer(update(own, 2))
    feed.tell_missed(update(old, 1))
    assert told == [f"{old} 1"]
    assert feed.unacknowledged == 1
    assert feed.end_catch_up() == {own}
    assert told == [f"{old} 1", f"{own} ack"]
    assert feed.unacknowledged == 0
    assert feed.following == {old: 1, own: 1}


def test_an_acknowledgement_comes_before_all_else_of_its_task(
    feed: Feed, told: list[str]
) -> None:
    own = uuid4()
    feed.hold(own)
    feed.tell_missed(update(own, 1))
    feed.release(own)
    feed.acknowledge(own, f"{own} ack")
    assert told == []
    for revision in (1, 2, 3):
        feed.tell_missed(update(own, revision))
    # It is in its place in the order of ends: what ended later comes after it.
    assert told == [f"{own} ack", f"{own} 2", f"{own} 3"]
    assert feed.end_catch_up() == set()
    assert feed.is_idle


def test_a_feed_that_owes_an_acknowledgement_is_not_idle(feed: Feed) -> None:
    assert feed.is_idle
    feed.acknowledge(uuid4(), "ack")
    assert not feed.is_idle


def test_every_answer_to_a_submission_sent_twice_is_told(
    feed: Feed, told: list[str]
) -> None:
    own = uuid4()
    feed.acknowledge(own, "first")
    feed.acknowledge(own, "again")
    assert told == []
    feed.end_catch_up()
    assert told == ["first", "again"]


def test_a_submission_that_is_not_acknowledged_yet_goes_on_waiting(
    feed: Feed, told: list[str]
) -> None:
    own = uuid4()
    feed.hold(own)
    feed.tell_missed(update(own, 1))
    assert feed.end_catch_up() == {own}
    assert feed.offer(update(own, 1))
    assert told == []
    assert feed.release(own)


def test_what_has_a_hole_is_read_again(feed: Feed, told: list[str]) -> None:
    task = uuid4()
    feed.tell_missed(update(task, 2))
    assert told == []
    assert feed.end_catch_up() == {task}


def test_what_was_told_before_is_not_told_again(told: list[str]) -> None:
    feed = Feed(ANNA, told.append)
    ended, unfinished = uuid4(), uuid4()
    before = [update(ended, n) for n in (1, 2, 3)] + [update(unfinished, 1)]
    for one in before:
        feed.offer(one)
    feed.begin_catch_up()
    for one in before:
        feed.tell_missed(one)
    feed.tell_missed(update(unfinished, 2))
    assert told == [one.frame for one in before] + [f"{unfinished} 2"]
    assert feed.end_catch_up() == set()


def test_nothing_of_one_catching_up_is_left_for_the_next(feed: Feed) -> None:
    task = uuid4()
    feed.offer(update(task, 1))
    feed.acknowledge(task, "ack")
    feed.end_catch_up()
    feed.begin_catch_up()
    assert feed.end_catch_up() == set()
