"""How many refused messages a connection is allowed."""

import time
from collections import deque

_WINDOW_S = 60.0


class Patience:
    """With one connection: so many refusals within a minute; 0 = endless."""

    def __init__(self, per_minute: int) -> None:
        self._refusals: deque[float] = deque(maxlen=per_minute + 1)

    def is_lost(self) -> bool:
        """Count a refusal; whether it is one too many."""
        limit = (self._refusals.maxlen or 1) - 1
        if not limit:
            return False
        now = time.monotonic()
        self._refusals.append(now)
        return len(self._refusals) > limit and now - self._refusals[0] < _WINDOW_S
