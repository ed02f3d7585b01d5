"""What a text has in common with the labelled sentences of each type.

A complement naive Bayes classifier (Rennie et al., ICML 2003) over words and runs of
one or two characters. It knows nothing of order or negation, but it has heard words
that no list has, and turns of phrase that no list could have.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from math import log

from tasks_app.inference.contract import TaskType
from tasks_app.inference.local.labelled import Labelled, read_labelled
from tasks_app.inference.local.normalize import normalize
from tasks_app.inference.local.segmenter import words

_SMOOTHING = 0.3
"""Added to every count, so that what was never seen is not impossible."""

_SILENCE = re.compile(r"[\W_]+")

Weights = tuple[float, ...]
"""For each TaskType, in the order of the enumeration."""

NOTHING: Weights = (0.0,) * len(TaskType)


class ComplementNaiveBayes:
    """Learns from labelled sentences; each teaches its first, most fitting type."""

    def __init__(self, rows: Iterable[Labelled]) -> None:
        counts = {task_type: Counter[str]() for task_type in TaskType}
        for row in rows:
            counts[row.types[0]].update(_features(normalize(row.text)))
        self._counts = tuple(counts.values())
        self._all = Counter[str]()
        for own in self._counts:
            self._all.update(own)
        size = self._all.total()
        self._others = tuple(
            size - own.total() + _SMOOTHING * len(self._all) for own in self._counts
        )
        self._weights: dict[str, Weights] = {}

    def log_odds(self, plain: str) -> Weights:
        """How much more likely the text is of each type than of the others.

        `plain` is normalised. In natural logarithms, about 0 on the average of all
        types; what was never seen says nothing.
        """
        weights = [self._weights_of(feature) for feature in _features(plain)]
        return tuple(map(sum, zip(*weights, strict=True))) if weights else NOTHING

    def _weights_of(self, feature: str) -> Weights:
        if feature not in self._all:
            return NOTHING
        if feature not in self._weights:
            self._weights[feature] = self._weigh(feature)
        return self._weights[feature]

    def _weigh(self, feature: str) -> Weights:
        """By how rare the feature is in the complement of each type."""
        seen = self._all[feature]
        rarities = [
            log(others / (seen - own[feature] + _SMOOTHING))
            for own, others in zip(self._counts, self._others, strict=True)
        ]
        mean = sum(rarities) / len(rarities)
        return tuple(rarity - mean for rarity in rarities)


@cache
def load_naive_bayes() -> ComplementNaiveBayes:
    """Taught by all labelled sentences."""
    return ComplementNaiveBayes(read_labelled())


def _features(plain: str) -> set[str]:
    """The words, characters and pairs of neighbours; ^ and $ are the text's ends."""
    said = _SILENCE.sub(" ", plain).strip()
    if not said:
        return set()
    framed = f"^{said}$"
    pairs = {first + second for first, second in pairwise(framed)}
    # A word of two characters is another feature than a pair that may cross words.
    return {*framed[1:-1], *pairs, *(f"={word}" for word in words(said))}
