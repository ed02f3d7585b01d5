"""Leaving a failing provider alone for a while, instead of burning every task.

       open ──refused account, or a run of outages──▶ paused
        ▲                                               │ time passes
        └────────────success──────── probing ◀──────────┘
                                        └──one more outage──▶ paused

"Probing" is the run left one short of its limit, so that one failure is enough.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from tasks_app.inference.llm.failures import Failure

_ACCOUNT = frozenset({Failure.UNAUTHORIZED, Failure.BALANCE})
_OUTAGE = frozenset(
    {
        Failure.NETWORK,
        Failure.TIMEOUT,
        Failure.DEADLINE,
        Failure.SERVER_ERROR,
        Failure.BUSY,
    }
)


@dataclass(frozen=True)
class Pause:
    """Until when (UTC) nothing is sent, and the failure that every request gets."""

    paused_until: dt.datetime
    failure: Failure

    @property
    def reason(self) -> str:
        return self.failure.text


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Breaker:
    """Counts how a provider fares; `current` is the pause it is in, if any."""

    def __init__(
        self,
        *,
        account_pause_s: float,
        outage_pause_s: float,
        outage_run: int,
        clock: Callable[[], dt.datetime] = _utc_now,
    ) -> None:
        self._account_pause = dt.timedelta(seconds=account_pause_s)
        self._outage_pause = dt.timedelta(seconds=outage_pause_s)
        self._outage_run = outage_run
        self._clock = clock
        self._run = 0
        self._pause: Pause | None = None

    @property
    def current(self) -> Pause | None:
        pause = self._pause
        return pause if pause and self._clock() < pause.paused_until else None

    def succeeded(self) -> None:
        self._run = 0
        self._pause = None

    def failed(self, failure: Failure) -> None:
        """A request ended with this failure, all its retries spent."""
        if failure in _ACCOUNT:
            self._trip(failure, self._account_pause)
        elif failure in _OUTAGE:
            self._run += 1
            if self._run >= self._outage_run:
                self._run = self._outage_run - 1
                self._trip(failure, self._outage_pause)
        else:
            self._run = 0

    def _trip(self, failure: Failure, length: dt.timedelta) -> None:
        self._pause = Pause(self._clock() + length, failure)
