"""How far an inference is, told now and then."""

import asyncio
from collections.abc import Callable

_GAP_S = 1.0


class ProgressTeller:
    """What an engine reports, thinned: the latest, once a second at most.

    The first is told when the inference has run for as long: most have ended by then.
    To be used on the loop; call `close` at the end of the inference.
    """

    def __init__(self, tell: Callable[[float, str], None]) -> None:
        self._tell = tell
        self._latest: tuple[float, str] | None = None
        self._told: tuple[float, str] | None = None
        self._timer = self._later()

    def __call__(self, fraction: float, stage: str) -> None:
        self._latest = (min(max(fraction, 0.0), 1.0), stage)

    def close(self) -> None:
        self._timer.cancel()

    def _later(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(_GAP_S, self._wake)

    def _wake(self) -> None:
        if self._latest is not None and self._latest != self._told:
            self._told = self._latest
            self._tell(*self._latest)
        self._timer = self._later()
