"""When tasks come in: by the hour of the day, by the day of the week, ever more."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from django.utils import timezone

_OF_HOUR = (3, 2, 1, 1, 1, 3, 10, 28, 44, 48, 42, 34, 38, 30, 32, 36, 38, 44, 52, 50)
_OF_LATE_HOUR = (46, 40, 24, 10)
_BY_HOUR = _OF_HOUR + _OF_LATE_HOUR
_BY_WEEKDAY = (11, 10, 10, 10, 12, 8, 7)
_GROWTH = 2.0
"""How many times as much comes in at the end as in the beginning."""
_HOUR = timedelta(hours=1)


def arrivals(
    count: int, since: datetime, until: datetime, random: Random
) -> Iterator[datetime]:
    """`count` moments in this period, in order."""
    hours = max(1, round((until - since) / _HOUR))
    step = (until - since) / hours
    weights = [_weight(since + step * n, n / hours) for n in range(hours)]
    total = sum(weights)
    told = 0
    for n, reached in enumerate(accumulate(weights)):
        due = count if n == hours - 1 else round(count * reached / total)
        offsets = sorted(random.random() for _ in range(due - told))
        yield from (since + step * (n + offset) for offset in offsets)
        told = due


def _weight(moment: datetime, age: float) -> float:
    local = timezone.localtime(moment)
    rhythm = _BY_HOUR[local.hour] * _BY_WEEKDAY[local.weekday()]
    return rhythm * (1 + (_GROWTH - 1) * age)
