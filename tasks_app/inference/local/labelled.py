"""The labelled sentences: what the engine learns from and is measured on."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from tasks_app.inference.contract import TaskType
from tasks_app.inference.local.wordlists import DATA

LABELLED = DATA / "labelled.tsv"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row of labelled.tsv; `types` are accepted, the most fitting first."""

    text: str
    types: tuple[TaskType, ...]
    is_measured: bool


def read_labelled() -> Iterator[Labelled]:
    """The rows of labelled.tsv."""
    with LABELLED.open(encoding="utf-8", newline="") as lines:
        content = (line for line in lines if not line.startswith("#"))
        for row in csv.DictReader(content, delimiter="\t", quoting=csv.QUOTE_NONE):
            types = tuple(map(TaskType, row["types"].split("|")))
            yield Labelled(row["text"], types, row["use"] == "measure")
