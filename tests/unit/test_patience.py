"""How many refused messages a connection is allowed, on a clock the test moves."""

import time

import pytest

from tasks_app.patience import Patience


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


def test_it_is_lost_with_one_refusal_too_many(clock: Clock) -> None:
    patience = Patience(3)
    assert [patience.is_lost() for _ in range(4)] == [False, False, False, True]


def test_what_is_a_minute_old_is_forgiven(clock: Clock) -> None:
    patience = Patience(3)
    for _ in range(50):
        assert not patience.is_lost()
        clock.now += 20


def test_it_is_endless_where_none_is_set(clock: Clock) -> None:
    patience = Patience(0)
    assert not any(patience.is_lost() for _ in range(10_000))
