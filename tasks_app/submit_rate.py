"""How often one owner, or one address, may submit."""

import math
from typing import NamedTuple

from tasks_app.errors import RateLimited

_SHORTEST_WINDOW_S = 2
"""A window of two seconds allows bursts of twice the rate."""


class Quota(NamedTuple):
    """So many submissions in any window of so many seconds."""

    submissions: int
    window_s: int

    @classmethod
    def of_rate(cls, per_second: float) -> "Quota | None":
        """What a window of whole seconds has room for, one at least; 0 = no limit."""
        if not per_second:
            return None
        window_s = max(_SHORTEST_WINDOW_S, math.ceil(1 / per_second))
        return cls(max(1, math.floor(per_second * window_s)), window_s)


def too_often(wait_s: float) -> RateLimited:
    """The refusal of a submission that has to wait; whoever comes then is let in."""
    return RateLimited(retry_after=math.ceil(max(0.0, wait_s) * 10 + 1) / 10)
