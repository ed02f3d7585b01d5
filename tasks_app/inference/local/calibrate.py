"""How often each class of evidence is right, measured on the labelled sentences."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from tasks_app.inference.local.classify import Evidence, classify
from tasks_app.inference.local.sentence import prepare
from tasks_app.inference.local.wordlists import DATA

MOST = 0.95
"""No class is ever claimed to be surer than this."""
TABLE = DATA / "calibration.toml"
LABELLED = DATA / "labelled.tsv"

_NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
_HEADER = """\
# How often each class of evidence names an accepted type; written by
# python manage.py calibrate

[precision]
"""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row of labelled.tsv."""

    text: str
    types: frozenset[str]
    is_held_out: bool


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


def read_labelled() -> Iterator[Labelled]:
    """The rows of labelled.tsv."""
    with LABELLED.open(encoding="utf-8", newline="") as lines:
        content = (line for line in lines if not line.startswith("#"))
        for row in csv.DictReader(content, delimiter="\t", quoting=csv.QUOTE_NONE):
            types = frozenset(row["types"].split("|"))
            yield Labelled(row["text"], types, row["use"] == "measure")


def measure() -> dict[Evidence, Share]:
    """The share of accepted answers by class of evidence, over the held-out rows."""
    right: Counter[Evidence] = Counter()
    total: Counter[Evidence] = Counter()
    for row in read_labelled():
        if row.is_held_out:
            verdict = classify(prepare(row.text, _NOW))
            total[verdict.evidence] += 1
            right[verdict.evidence] += verdict.task_type in row.types
    return {evidence: Share(right[evidence], total[evidence]) for evidence in Evidence}


def render(shares: dict[Evidence, Share]) -> str:
    """The content of calibration.toml."""
    return _HEADER + "".join(
        f"{evidence} = {share.precision}  # {share.right} of {share.total}\n"
        for evidence, share in shares.items()
    )
