"""The words that speak for a task type, and how loudly."""

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from tasks_app.inference.contract import TaskType
from tasks_app.inference.local.groups import expand
from tasks_app.inference.local.matching import WordIndex
from tasks_app.inference.local.wordlists import load_data, split_words

WEIGHTS = MappingProxyType({"strong": 3.0, "medium": 1.5, "weak": 0.5})
"""What one word of each list adds to the score of its type."""

ENDING_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Combination:
    """Two groups of words that together speak for a type."""

    task_type: TaskType
    weight: float
    first: frozenset[str]
    then: frozenset[str]
    gap: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All evidence; a word may speak for several types."""

    votes: dict[str, tuple[tuple[TaskType, float], ...]]
    endings: dict[str, TaskType]
    combinations: tuple[Combination, ...]
    index: WordIndex
    combination_index: WordIndex


@cache
def load_lexicon() -> Lexicon:
    """The lexicon of the data files."""
    votes: dict[str, list[tuple[TaskType, float]]] = {}
    endings: dict[str, TaskType] = {}
    for task_type in TaskType:
        lists = load_data(f"lexicon/{task_type}.toml")
        for strength, weight in WEIGHTS.items():
            for word in split_words(lists[strength]):
                for form in _forms(word):
                    votes.setdefault(form, []).append((task_type, weight))
        endings |= dict.fromkeys(split_words(lists["endings"]), task_type)
    combinations = tuple(
        map(_combination, load_data("combinations.toml")["combination"])
    )
    members = {word for pair in combinations for word in pair.first | pair.then}
    return Lexicon(
        {word: tuple(said) for word, said in votes.items()},
        endings,
        combinations,
        WordIndex(votes),
        WordIndex(members),
    )


def _forms(word: str) -> list[str]:
    """The word, and with something in between if it can be parted: 开个会."""
    separable, between = _separable()
    if word not in separable:
        return [word]
    return [word, *(word[0] + middle + word[1] for middle in between)]


@cache
def _separable() -> tuple[frozenset[str], tuple[str, ...]]:
    rules = load_data("separable.toml")
    return frozenset(split_words(rules["words"])), split_words(rules["between"])


def _combination(row: dict[str, str | float]) -> Combination:
    return Combination(
        TaskType(str(row["type"])),
        float(row["weight"]),
        frozenset(expand(str(row["first"]))),
        frozenset(expand(str(row["then"]))),
        int(row["gap"]),
    )
