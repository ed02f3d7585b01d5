"""How often one owner may submit."""

import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from tasks_app.errors import RateLimited

_WINDOW_S = 2
"""A window of two seconds allows bursts of twice the rate."""


class SubmitRate:
    """Counts the submissions of each owner in this process; 0 = no limit."""

    def __init__(self, per_second: float) -> None:
        self._limit = (
            RateLimitItemPerSecond(max(1, round(per_second * _WINDOW_S)), _WINDOW_S)
            if per_second
            else None
        )
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, owner: str) -> None:
        """Count one submission.

        Raises:
            RateLimited: it is one too many; says when the next may come.
        """
        if self._limit is None or self._limiter.hit(self._limit, owner):
            return
        window = self._limiter.get_window_stats(self._limit, owner)
        raise RateLimited(
            retry_after=round(max(0.1, window.reset_time - time.time()), 1)
        )
