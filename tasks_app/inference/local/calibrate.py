"""How often each class of evidence is right, measured on the labelled sentences."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from tasks_app.inference.local.classify import Evidence, classify
from tasks_app.inference.local.labelled import read_labelled
from tasks_app.inference.local.naive_bayes import ComplementNaiveBayes
from tasks_app.inference.local.sentence import prepare
from tasks_app.inference.local.wordlists import DATA

MOST = 0.95
"""No class is ever claimed to be surer than this."""
TABLE = DATA / "calibration.toml"

_FOLDS = 10
_NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
_HEADER = """\
# How often each class of evidence names an accepted type; written by
# python manage.py calibrate

[precision]
"""


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many."""

    right: int
    total: int

    @property
    def precision(self) -> float:
        """By the rule of succession, so that a few rows never claim certainty."""
        return min(MOST, round((self.right + 1) / (self.total + 2), 2))

    @property
    def rate(self) -> float | None:
        """As counted; None of nothing."""
        return self.right / self.total if self.total else None

    def __add__(self, other: "Share") -> "Share":
        return Share(self.right + other.right, self.total + other.total)


def measure() -> dict[Evidence, Share]:
    """The share of accepted answers by class of evidence, over the measured rows.

    By cross-validation: each is judged by what all the others teach.
    """
    rows = list(read_labelled())
    right: Counter[Evidence] = Counter()
    total: Counter[Evidence] = Counter()
    for fold in range(_FOLDS):
        bayes = ComplementNaiveBayes(
            row for number, row in enumerate(rows) if number % _FOLDS != fold
        )
        for row in rows[fold::_FOLDS]:
            if row.is_measured:
                verdict = classify(prepare(row.text, _NOW), bayes)
                total[verdict.evidence] += 1
                right[verdict.evidence] += verdict.task_type in row.types
    return {evidence: Share(right[evidence], total[evidence]) for evidence in Evidence}


def render(shares: dict[Evidence, Share]) -> str:
    """The content of calibration.toml."""
    return _HEADER + "".join(
        f"{evidence} = {share.precision}  # {share.right} of {share.total}\n"
        for evidence, share in shares.items()
    )
