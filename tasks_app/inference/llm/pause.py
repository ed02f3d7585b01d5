"""Leaving a failing provider alone for a while, instead of burning every task.

    open ──a refused account, or a run of faults──▶ paused ◀──a fault──┐
     ▲                                                │ time passes    │
     └───────────────────an answer───────────────── probing ───────────┘

While paused, nothing new is asked; while probing, one request at a time is (the worker
sees to both, by claiming accordingly). Each pause that a probe did not end is twice as
long as the last, up to a limit.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from tasks_app.inference.llm.config import LlmConfig
from tasks_app.inference.llm.failures import Failure

_ACCOUNT = frozenset({Failure.UNAUTHORIZED, Failure.BALANCE})
_ANSWERS = frozenset(
    {
        Failure.BAD_REQUEST,
        Failure.EMPTY,
        Failure.BAD_JSON,
        Failure.BAD_FIELDS,
        Failure.TRUNCATED,
        Failure.CONTENT_FILTER,
    }
)
"""What may be due to one text: nobody is to pause the service for all by his words."""


@dataclass(frozen=True)
class Pause:
    """Nothing is asked until then (UTC), and afterwards one thing at a time."""

    paused_until: dt.datetime
    reason: str


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Breaker:
    """Learns how each request ended, all its retries spent."""

    def __init__(
        self, config: LlmConfig, clock: Callable[[], dt.datetime] = _utc_now
    ) -> None:
        self._config = config
        self._clock = clock
        self._run = 0
        """Faults since the last answer."""
        self._length_s = 0.0
        """Of the last pause, if there was no answer since."""
        self.pause: Pause | None = None
        """None while the provider is well."""

    def succeeded(self) -> None:
        """The provider has answered."""
        if not self._is_paused():
            self._run, self._length_s = 0, 0.0
            self.pause = None

    def failed(self, failure: Failure) -> None:
        if failure in _ANSWERS:
            self.succeeded()
        elif not self._is_paused():
            self._run += 1
            is_run = self._run >= self._config.outage_run
            if self.pause or is_run or failure in _ACCOUNT:
                self._begin(failure)

    def _is_paused(self) -> bool:
        """What ends during a pause was asked before it, and says nothing new."""
        return self.pause is not None and self._clock() < self.pause.paused_until

    def _begin(self, failure: Failure) -> None:
        config = self._config
        is_account = failure in _ACCOUNT
        first_s = config.account_pause_s if is_account else config.outage_pause_s
        self._length_s = min(max(first_s, 2 * self._length_s), config.longest_pause_s)
        until = self._clock() + dt.timedelta(seconds=self._length_s)
        self.pause = Pause(until, failure.text)
