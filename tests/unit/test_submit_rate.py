"""How often one owner may submit, on a clock that the test moves."""

import time
from dataclasses import dataclass

import pytest

from tasks_app.errors import RateLimited
from tasks_app.submit_rate import SubmitRate

ANNA, BEN = "client:anna", "client:ben"


@dataclass
class Clock:
    now: float = 1_704_441_600.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


def allowed(rate: SubmitRate, times: int, owner: str = ANNA) -> int:
    """How many of so many submissions at once are let through."""
    count = 0
    for _ in range(times):
        try:
            rate.count(owner)
        except RateLimited:
            continue
        count += 1
    return count


def retry_after(rate: SubmitRate) -> float:
    with pytest.raises(RateLimited) as refusal:
        rate.count(ANNA)
    assert refusal.value.retry_after is not None
    return refusal.value.retry_after


@pytest.mark.parametrize(
    ("per_second", "burst"), [(10, 20), (1, 2), (0.5, 1), (2.5, 5)]
)
def test_a_burst_is_twice_the_rate(clock: Clock, per_second: float, burst: int) -> None:
    assert allowed(SubmitRate(per_second), 100) == burst


def test_owners_are_counted_apart(clock: Clock) -> None:
    rate = SubmitRate(1)
    assert allowed(rate, 5, ANNA) == 2
    assert allowed(rate, 5, BEN) == 2


def test_zero_is_no_limit(clock: Clock) -> None:
    assert allowed(SubmitRate(0), 10_000) == 10_000


@pytest.mark.parametrize("per_second", [10.0, 1.0, 0.5, 0.2, 0.1])
def test_over_a_minute_no_more_pass_than_the_rate_allows(
    clock: Clock, per_second: float
) -> None:
    rate, count = SubmitRate(per_second), 0
    for _ in range(600):
        count += allowed(rate, 3)
        clock.now += 0.1
    burst = max(1, 2 * per_second)
    assert 60 * per_second * 0.9 <= count <= 60 * per_second + burst


def test_what_is_refused_does_not_count(clock: Clock) -> None:
    rate = SubmitRate(1)
    assert allowed(rate, 1000) == 2
    clock.now += 2.01
    assert allowed(rate, 1000) == 2


@pytest.mark.parametrize("moment", [0.0, 0.01, 0.33, 0.66, 1.04, 1.86, 1.96, 1.999])
def test_who_waits_as_long_as_told_is_let_through(clock: Clock, moment: float) -> None:
    rate = SubmitRate(10)
    allowed(rate, 20)
    clock.now += moment
    wait = retry_after(rate)
    assert 0 < wait <= 2.1
    # Somewhat later in any case: the answer and the next message travel.
    clock.now += wait + 0.001
    rate.count(ANNA)
