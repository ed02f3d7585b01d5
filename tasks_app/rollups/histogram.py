"""Durations counted in buckets, each a little wider than the one before.

So a histogram stays small whatever it counts, two can be added up, and any percentile
comes out within `ERROR` of a duration that was counted.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import accumulate
from math import ceil, log

_GROWTH = 1.04
_FIRST_US = 100
"""Bucket 0 ends here; bucket n at this times growth to the power of n."""
_LOG_GROWTH = log(_GROWTH)
ERROR = (_GROWTH - 1) / (_GROWTH + 1)
"""The largest relative error of a percentile; of those below 0.1 ms, 0.1 ms."""

PERCENTILES: Mapping[str, float] = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
"""The percentiles that are told."""


class Histogram:
    """How many durations fell into each bucket."""

    def __init__(self, counts: Mapping[str, int] | None = None) -> None:
        """`counts` as `as_json` gave them."""
        # No Counter: a year of hours is added up while somebody waits.
        self._counts: dict[str, int] = dict(counts or {})

    def add(self, duration: timedelta) -> None:
        self.merge({str(_bucket_of(duration)): 1})

    def merge(self, counts: Mapping[str, int]) -> None:
        """Add what another one counted, as its `as_json` gave it."""
        own = self._counts
        for bucket, count in counts.items():
            own[bucket] = own.get(bucket, 0) + count

    def as_json(self) -> dict[str, int]:
        return dict(self._counts)

    def percentile(self, fraction: float) -> timedelta | None:
        """By the nearest rank: as long as the smallest duration that is not exceeded
        by this fraction of all; None of nothing.
        """
        return self.percentiles([fraction])[0]

    def percentiles(self, fractions: Iterable[float]) -> list[timedelta | None]:
        """The same of several, in one go."""
        if not self._counts:
            return [None for _fraction in fractions]
        buckets = sorted(map(int, self._counts))
        reached = list(accumulate(self._counts[str(bucket)] for bucket in buckets))
        ranks = (max(1, ceil(fraction * reached[-1])) for fraction in fractions)
        return [_duration_of(buckets[bisect_left(reached, rank)]) for rank in ranks]


def _bucket_of(duration: timedelta) -> int:
    # Clocks of two machines differ: a wait may seem to be negative.
    microseconds = max(_FIRST_US, duration // timedelta(microseconds=1))
    return ceil(log(microseconds / _FIRST_US) / _LOG_GROWTH)


def _duration_of(bucket: int) -> timedelta:
    """Equally far, in proportion, from both ends of the bucket."""
    microseconds = _FIRST_US * _GROWTH**bucket * 2 / (_GROWTH + 1)
    return timedelta(microseconds=microseconds)
