"""Whether engines are as sure as they are right, as far as staff has judged."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from tasks_app.models import Verdict
from tasks_app.reports.grouping import Row, as_moment
from tasks_app.reports.tasks import tasks
from tasks_app.states import Status

_CLOCKS_DIFFER = timedelta(days=1)
"""At most so much: one machine submits, another reviews."""


@dataclass(frozen=True)
class Band:
    """The judged results whose confidence is in [`low`, `high`), and 1 in the last."""

    low: float
    high: float
    right: int
    wrong: int
    mean_confidence: float

    @property
    def judged(self) -> int:
        return self.right + self.wrong

    @property
    def accuracy(self) -> float:
        return self.right / self.judged


@dataclass(frozen=True)
class Calibration:
    """One engine's bands, the least confident first; no band is empty."""

    engine: str
    bands: list[Band]

    @property
    def judged(self) -> int:
        return sum(band.judged for band in self.bands)

    @property
    def accuracy(self) -> float:
        return sum(band.right for band in self.bands) / self.judged

    @property
    def error(self) -> float:
        """How far confidence and accuracy are apart, on average over the results."""
        gaps = (
            band.judged * abs(band.mean_confidence - band.accuracy)
            for band in self.bands
        )
        return sum(gaps) / self.judged


def calibration(since: date, until: date) -> list[Calibration]:
    """Of each engine whose results, submitted in this period, were judged.

    It reads reviews, and so costs the same however many tasks have none.
    """
    judged = tasks().filter(
        status=Status.COMPLETED,
        review__verdict__in=[Verdict.RIGHT, Verdict.WRONG],
        # As all are, but an index finds them without reading the tasks of the period.
        review__reviewed_at__gte=as_moment(since) - _CLOCKS_DIFFER,
    )
    groups = judged.submitted_between(since, until).by_engine().by_confidence()
    bands: defaultdict[str, list[Band]] = defaultdict(list)
    for row in groups.with_accuracy().rows():
        bands[row["engine"]].append(_band(row))
    return [Calibration(engine, some) for engine, some in bands.items()]


def _band(row: Row) -> Band:
    return Band(
        low=row["band"] / 10,
        high=(row["band"] + 1) / 10,
        right=row["right"],
        wrong=row["wrong"],
        mean_confidence=row["mean_confidence"],
    )
