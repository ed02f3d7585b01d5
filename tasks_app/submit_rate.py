"""How often one owner may submit."""

import math
import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from tasks_app.errors import RateLimited

_SHORTEST_WINDOW_S = 2
"""A window of two seconds allows bursts of twice the rate."""


class SubmitRate:
    """Counts the submissions of each owner in this process; 0 = no limit."""

    def __init__(self, per_second: float) -> None:
        self._limit = _limit(per_second) if per_second else None
        self._seen: dict[str, float] = {}
        """When each owner last submitted, the longest ago first."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, owner: str) -> None:
        """Count one submission.

        Raises:
            RateLimited: it is one too many; says when the next may come.
        """
        if self._limit is None:
            return
        self._forget_the_idle()
        self._seen.pop(owner, None)
        self._seen[owner] = time.monotonic()
        if self._limiter.hit(self._limit, owner):
            return
        window = self._limiter.get_window_stats(self._limit, owner)
        wait_s = max(0.0, window.reset_time - time.time())
        # Rounded up: whoever comes back when told is let in.
        raise RateLimited(retry_after=math.ceil(wait_s * 10 + 1) / 10)

    def _forget_the_idle(self) -> None:
        """Free what is remembered of idle owners; the storage itself never does."""
        now = time.monotonic()
        while self._seen and (limit := self._limit) is not None:
            owner, seen_at = next(iter(self._seen.items()))
            if now - seen_at <= limit.get_expiry():
                return
            del self._seen[owner]
            self._limiter.clear(limit, owner)


def _limit(per_second: float) -> RateLimitItemPerSecond:
    """As many submissions as a window of whole seconds has room for, one at least."""
    window_s = max(_SHORTEST_WINDOW_S, math.ceil(1 / per_second))
    return RateLimitItemPerSecond(max(1, math.floor(per_second * window_s)), window_s)
