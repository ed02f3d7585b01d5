"""What one connection is told, whatever becomes of the rings."""

import time
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_app.feed import Feed
from tasks_app.notify import Update

ANNA = "client:anna"
property_test = settings(deadline=None, database=None, max_examples=300)


def update(task_id: UUID, revision: int, last: int = 3) -> Update:
    """One of the moves of a task that ends with revision `last`."""
    frame = f"{task_id} {revision}"
    return Update(ANNA, task_id, revision, revision == last, frame)


@pytest.fixture
def told() -> list[str]:
    """The frames delivered so far."""
    return []


@pytest.fixture
def feed(told: list[str]) -> Feed:
    return Feed(ANNA, told.append)


# --- In order -----------------------------------------------------------------------


def test_updates_are_told_as_they_come(feed: Feed, told: list[str]) -> None:
    task = uuid4()
    assert all(feed.offer(update(task, revision)) for revision in (1, 2, 3))
    assert told == [f"{task} 1", f"{task} 2", f"{task} 3"]


def test_an_old_update_is_dropped(feed: Feed, told: list[str]) -> None:
    task = uuid4()
    for revision in (1, 2, 1, 2):
        assert feed.offer(update(task, revision))
    assert told == [f"{task} 1", f"{task} 2"]


def test_an_update_past_a_hole_is_refused_and_not_told(
    feed: Feed, told: list[str]
) -> None:
    task = uuid4()
    assert feed.offer(update(task, 1))
    assert not feed.offer(update(task, 3))
    assert told == [f"{task} 1"]
    assert feed.lags(task, 3)


def test_a_task_heard_of_first_in_the_middle_has_a_hole(
    feed: Feed, told: list[str]
) -> None:
    assert not feed.offer(update(uuid4(), 2))
    assert told == []


def test_an_end_is_told_once(feed: Feed, told: list[str]) -> None:
    task = uuid4()
    for revision in (1, 2, 3, 3, 2, 3):
        assert feed.offer(update(task, revision))
    assert told == [f"{task} 1", f"{task} 2", f"{task} 3"]
    assert feed.is_idle
    assert not feed.lags(task, 3)


def test_an_end_is_remembered_for_as_long_as_rings_may_come(
    feed: Feed, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, now = uuid4(), uuid4(), time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    feed.offer(update(first, 1, last=1))
    monkeypatch.setattr(time, "monotonic", lambda: now + 59)
    feed.offer(update(second, 1, last=1))
    feed.forget_ends(now)
    feed.offer(update(first, 1, last=1))
    assert told == [f"{first} 1", f"{second} 1"]
    feed.forget_ends(now + 1)
    feed.offer(update(first, 1, last=1))
    feed.offer(update(second, 1, last=1))
    assert told == [f"{first} 1", f"{second} 1", f"{first} 1"]


# --- The acknowledgement first ------------------------------------------------------


def test_nothing_is_told_of_a_held_task_before_it_is_acknowledged(
    feed: Feed, told: list[str]
) -> None:
    task = uuid4()
    feed.hold(task)
    assert feed.unacknowledged == 1
    assert feed.offer(update(task, 2))
    assert told == []
    assert feed.release(task)
    feed.acknowledge(task, "ack")
    assert told == ["ack"]
    assert feed.lags(task, 2)
    assert feed.unacknowledged == 0


def test_a_release_says_when_nothing_was_held_back(feed: Feed) -> None:
    task = uuid4()
    feed.hold(task)
    assert not feed.release(task)
    assert not feed.release(task)


def test_a_held_task_does_not_hold_back_another(feed: Feed, told: list[str]) -> None:
    held, other = uuid4(), uuid4()
    feed.hold(held)
    feed.offer(update(other, 1))
    assert told == [f"{other} 1"]


def test_an_acknowledgement_stands_for_the_first_revision(
    feed: Feed, told: list[str]
) -> None:
    task = uuid4()
    feed.acknowledge(task, "ack")
    assert feed.offer(update(task, 1))
    assert feed.offer(update(task, 2))
    assert told == ["ack", f"{task} 2"]


def test_a_task_that_was_refused_is_not_followed(feed: Feed) -> None:
    task = uuid4()
    feed.hold(task)
    feed.release(task)
    assert feed.is_idle


def test_a_duplicate_of_an_ended_task_is_acknowledged_but_not_followed(
    feed: Feed, told: list[str]
) -> None:
    task = uuid4()
    feed.offer(update(task, 1, last=1))
    feed.acknowledge(task, "duplicate")
    assert told == [f"{task} 1", "duplicate"]
    assert feed.is_idle


def test_a_duplicate_does_not_set_a_task_back(feed: Feed, told: list[str]) -> None:
    task = uuid4()
    feed.offer(update(task, 1))
    feed.offer(update(task, 2))
    feed.acknowledge(task, "duplicate")
    feed.offer(update(task, 2))
    assert told == [f"{task} 1", f"{task} 2", "duplicate"]


# --- Progress -----------------------------------------------------------------------


def progress(task_id: UUID, since: int = 2) -> Update:
    """How far a task is since its move to a revision."""
    frame = f"{task_id} progress {since}"
    return Update(ANNA, task_id, since, False, frame, is_progress=True)


def test_progress_is_told_while_its_move_is_the_last(
    feed: Feed, told: list[str]
) -> None:
    task = uuid4()
    feed.offer(update(task, 1))
    feed.offer(update(task, 2))
    assert feed.offer(progress(task))
    assert feed.offer(progress(task))
    feed.offer(update(task, 3))
    progressed = f"{task} progress 2"
    assert told == [f"{task} 1", f"{task} 2", progressed, progressed, f"{task} 3"]


@pytest.mark.parametrize("told_before", [0, 1])
def test_progress_before_the_start_was_told_is_dropped_and_no_hole(
    feed: Feed, told: list[str], told_before: int
) -> None:
    task = uuid4()
    for revision in range(1, told_before + 1):
        feed.offer(update(task, revision))
    assert feed.offer(progress(task))
    assert feed.offer(update(task, told_before + 1))
    assert told == [f"{task} {n}" for n in range(1, told_before + 2)]


def test_progress_after_the_end_is_dropped(feed: Feed, told: list[str]) -> None:
    task = uuid4()
    for revision in (1, 2, 3):
        feed.offer(update(task, revision))
    assert feed.offer(progress(task))
    assert told[-1] == f"{task} 3"
    assert feed.is_idle


def test_progress_of_a_task_that_is_not_acknowledged_is_dropped(
    feed: Feed, told: list[str]
) -> None:
    task = uuid4()
    feed.hold(task)
    assert feed.offer(progress(task))
    # Nothing has to be read for it.
    assert not feed.release(task)
    assert told == []


def test_progress_of_a_worker_that_lost_its_claim_is_dropped(
    feed: Feed, told: list[str]
) -> None:
    task = uuid4()
    for revision in (1, 2, 3):
        feed.offer(update(task, revision, last=5))
    feed.offer(progress(task, since=2))
    feed.offer(update(task, 4, last=5))
    feed.offer(progress(task, since=2))
    feed.offer(progress(task, since=4))
    assert told[3:] == [f"{task} 4", f"{task} progress 4"]


def test_progress_does_not_hide_a_hole(feed: Feed) -> None:
    task = uuid4()
    feed.offer(update(task, 1))
    feed.offer(progress(task))
    assert feed.following == {task: 1}
    assert not feed.offer(update(task, 3))


# --- Whatever happens ---------------------------------------------------------------


@dataclass
class Life:
    """One task of the database, and how its owner learns of it."""

    is_own: bool
    """Submitted on this connection, hence acknowledged there."""
    last: int
    task_id: UUID = field(default_factory=uuid4)
    committed: int = 1

    @property
    def due(self) -> list[str]:
        """What the connection is to be told in all."""
        first = "ack" if self.is_own else "1"
        rest = [str(revision) for revision in range(2, self.last + 1)]
        return [f"{self.task_id} {what}" for what in (first, *rest)]


class Connection:
    """A feed, between rings and a database that can be read at any time."""

    def __init__(self, lives: list[Life]) -> None:
        self.lives = lives
        self.told: list[str] = []
        self.feed = Feed(ANNA, self.told.append)
        self._unacknowledged = {life.task_id for life in lives if life.is_own}
        for task_id in self._unacknowledged:
            self.feed.hold(task_id)

    def ring(self, life: Life, revision: int, *, is_hole_filled: bool = True) -> None:
        life.committed = max(life.committed, revision)
        is_settled = self.feed.offer(update(life.task_id, revision, life.last))
        if not is_settled and is_hole_filled:
            self.reread(life)

    def reread(self, life: Life) -> None:
        for revision in range(1, life.committed + 1):
            self.feed.offer(update(life.task_id, revision, life.last))

    def acknowledge(self, life: Life) -> None:
        if life.task_id not in self._unacknowledged:
            return
        self._unacknowledged.remove(life.task_id)
        was_held_back = self.feed.release(life.task_id)
        self.feed.acknowledge(life.task_id, f"{life.task_id} ack")
        if was_held_back:
            self.reread(life)

    def told_of(self, life: Life) -> list[str]:
        return [frame for frame in self.told if frame.startswith(str(life.task_id))]


lives_strategy = st.lists(
    st.builds(Life, is_own=st.booleans(), last=st.integers(2, 6)),
    min_size=1,
    max_size=3,
)


def _check(connection: Connection) -> None:
    for life in connection.lives:
        assert connection.told_of(life) == life.due
    assert connection.feed.is_idle


@property_test
@given(lives=lives_strategy, data=st.data())
def test_each_revision_is_told_once_in_order_though_rings_are_lost(
    lives: list[Life], data: st.DataObject
) -> None:
    connection = Connection(lives)
    rings = [(life, n) for life in lives for n in range(1, life.last + 1)]
    steps = st.sampled_from(["ring", "ring", "ring", "reread", "acknowledge"])
    for step in data.draw(st.lists(steps, max_size=30)):
        life, revision = data.draw(st.sampled_from(rings))
        if step == "ring":
            is_hole_filled = data.draw(st.booleans())
            connection.ring(life, revision, is_hole_filled=is_hole_filled)
        elif step == "reread":
            connection.reread(life)
        else:
            connection.acknowledge(life)
    for life in lives:
        life.committed = life.last
        connection.acknowledge(life)
        connection.reread(life)
    _check(connection)


@property_test
@given(lives=lives_strategy, data=st.data())
def test_rings_that_all_come_in_any_order_need_no_timer(
    lives: list[Life], data: st.DataObject
) -> None:
    connection = Connection(lives)
    rings = [(life, n) for life in lives for n in range(1, life.last + 1)]
    acknowledgements = [(life, 0) for life in lives if life.is_own]
    doubled = data.draw(st.lists(st.sampled_from(rings), max_size=10))
    for life, revision in data.draw(
        st.permutations(rings + acknowledgements + doubled)
    ):
        if revision:
            connection.ring(life, revision)
        else:
            connection.acknowledge(life)
    _check(connection)
