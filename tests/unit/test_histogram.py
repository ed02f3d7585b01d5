"""Durations in buckets: what comes out is near to what went in."""

from datetime import timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.rollups import Histogram
from tasks_app.rollups.histogram import ERROR

FINEST = timedelta(microseconds=100)
ROUNDING = timedelta(microseconds=1)
durations = st.timedeltas(min_value=FINEST, max_value=timedelta(days=30))
fractions = st.sampled_from([0.01, 0.5, 0.9, 0.99, 1.0])


def histogram(values: list[timedelta]) -> Histogram:
    made = Histogram()
    for value in values:
        made.add(value)
    return made


@given(st.lists(durations, min_size=1), fractions)
def test_a_percentile_is_within_the_error_of_the_nearest_rank(
    values: list[timedelta], fraction: float
) -> None:
    exact = sorted(values)[ceil(fraction * len(values)) - 1]
    told = histogram(values).percentile(fraction)
    assert told is not None
    assert abs(told - exact) <= exact * ERROR + ROUNDING


def test_the_error_is_less_than_two_percent() -> None:
    assert ERROR < 0.02


@given(st.lists(durations), st.lists(durations), fractions)
def test_two_added_up_are_one_of_all(
    some: list[timedelta], others: list[timedelta], fraction: float
) -> None:
    total = Histogram(histogram(some).as_json())
    total.merge(histogram(others).as_json())
    whole = histogram(some + others)
    assert total.as_json() == whole.as_json()
    assert total.percentile(fraction) == whole.percentile(fraction)


@pytest.mark.parametrize(
    "duration", [timedelta(), timedelta(seconds=-5), timedelta(microseconds=1)]
)
def test_what_is_too_short_to_measure_counts_as_the_shortest(
    duration: timedelta,
) -> None:
    told = histogram([duration]).percentile(0.5)
    assert told is not None
    assert timedelta() < told <= FINEST


def test_nothing_has_no_percentile() -> None:
    assert Histogram().percentile(0.5) is None
