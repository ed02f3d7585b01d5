"""Which type of plan a sentence is, and on what evidence.

Two witnesses are heard: the word lists, which know what a word means where it stands,
and the labelled sentences, which have heard more words than any list holds.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from heapq import nlargest
from operator import itemgetter
from types import MappingProxyType

from tasks_app.inference.contract import TaskType
from tasks_app.inference.local.language import has_words
from tasks_app.inference.local.lexicon import (
    ENDING_WEIGHT,
    WEIGHTS,
    Lexicon,
    load_lexicon,
)
from tasks_app.inference.local.matching import Match
from tasks_app.inference.local.naive_bayes import (
    ComplementNaiveBayes,
    Weights,
    load_naive_bayes,
)
from tasks_app.inference.local.sentence import Sentence, without_excuses
from tasks_app.inference.local.wordlists import load_data

_CARRY = re.compile(
    r"(?:带上|带好|带齐|带|拿上|拿好|备好|(?<=\w[，,；;])(?:先|提前|记得)?准备"
    r"|\b(?:bring|take(?! (?:photos|pictures|notes|minutes|over|part|care)))\b)"
    r"(?:(?!去|到| to )[^，。,；;！!]){0,30}"
)
_CARRIED_FACTOR = 0.4
"""What one takes along says little about what one is going to do."""
_OCCASION = re.compile(
    r"(?:结束|完)?了?(?:的时候|[之以]?[前后](?![天年日面排台背门轮续期来半果代]))"
)
_OCCASION_AHEAD = re.compile(r"\b(?:before|after) (?:the |my |our |a )?$")
_LONGEST_AHEAD = 12
_OCCASION_FACTOR = 0.4
"""What comes before or after the plan is only its time: 打球前买两瓶水."""
_NEGATED_FACTOR = 0.3
_MOST_HELP = 2.5
"""However many, words that only help do not make strong evidence."""
_MOSTLY = 2.5
"""So many times as much evidence with what is declined makes it the plan itself."""
_ENOUGH = 1.0
"""So many points of what is wanted make a plan."""
_LEARNED_FACTOR = 0.4
"""What the labelled sentences teach, against the words of the lists."""

Vote = tuple[int, TaskType, float]
"""Where in the text, for which type, how loudly."""


class Evidence(StrEnum):
    """How much speaks for the type that was chosen."""

    NONE = "none"
    WEAK = "weak"
    MEDIUM = "medium"
    STRONG = "strong"

    @property
    def precision(self) -> float:
        """How often it led to an accepted type (see `manage.py calibrate`)."""
        return float(load_data("calibration.toml")["precision"][self])


_LEADS = MappingProxyType(
    {
        Evidence.NONE: 1.0,
        Evidence.WEAK: 2.0,
        Evidence.MEDIUM: 4.0,
        Evidence.STRONG: math.inf,
    }
)
"""Below which lead over the next type the evidence is no better than that."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The type, how well it is supported, and how right such verdicts have been."""

    task_type: TaskType
    evidence: Evidence
    is_declined: bool = False
    """Whether all that speaks for it is not to be done: 取消周三的例会."""

    @property
    def confidence(self) -> float:
        return self.evidence.precision


def classify(sentence: Sentence, bayes: ComplementNaiveBayes | None = None) -> Verdict:
    """The type with the most evidence; `other` when there is too little.

    `bayes` is by default the one that all labelled sentences have taught.
    """
    if not has_words(sentence.plain):
        return Verdict(TaskType.OTHER, Evidence.NONE)
    bayes = bayes or load_naive_bayes()
    sentence = without_excuses(sentence)
    if not sentence.negated or _is_something_wanted(sentence):
        return _verdict(_evidence_for(sentence, bayes, _NEGATED_FACTOR))
    verdict = _verdict(_evidence_for(sentence, bayes, 1))
    is_declined = verdict.evidence is not Evidence.NONE and not _is_planned(sentence)
    return replace(verdict, is_declined=is_declined)


def _is_something_wanted(sentence: Sentence) -> bool:
    """Whether what is not declined is a plan by itself: 不用准备，明天开个短会."""
    wanted = max(score(sentence, 0).values(), default=0)
    declined_too = max(score(sentence, 1).values(), default=0)
    return wanted >= _ENOUGH and declined_too < _MOSTLY * wanted


def _evidence_for(
    sentence: Sentence, bayes: ComplementNaiveBayes, negated_factor: float
) -> dict[TaskType, float]:
    """Listed words and what labelled sentences teach, in the units of `WEIGHTS`."""
    listed = score(sentence, negated_factor)
    learned = _log_odds(sentence, bayes, negated_factor)
    return {
        task_type: listed.get(task_type, 0) + _LEARNED_FACTOR * odds
        for task_type, odds in zip(TaskType, learned, strict=True)
    }


def _log_odds(
    sentence: Sentence, bayes: ComplementNaiveBayes, negated_factor: float
) -> Weights:
    whole = bayes.log_odds(sentence.plain)
    if not sentence.negated:
        return whole
    wanted = bayes.log_odds(
        "".join(
            " " if position in sentence.negated else char
            for position, char in enumerate(sentence.plain)
        )
    )
    return tuple(
        negated_factor * all_odds + (1 - negated_factor) * odds
        for all_odds, odds in zip(whole, wanted, strict=True)
    )


def _is_planned(sentence: Sentence) -> bool:
    """Whether a time is left of which nothing is declined: 不用准备，明天开个短会."""
    return any(
        not span.is_past
        and span.begins is not None
        and span.start not in sentence.declined
        for span in sentence.times
    )


def _verdict(points: Mapping[TaskType, float]) -> Verdict:
    """By the lead over the next type, which tells more than the points themselves."""
    (best, most), (_, next_most) = nlargest(2, points.items(), key=itemgetter(1))
    lead = most - next_most
    evidence = next(evidence for evidence in Evidence if lead < _LEADS[evidence])
    return Verdict(TaskType.OTHER if evidence is Evidence.NONE else best, evidence)


def score(
    sentence: Sentence, negated_factor: float = _NEGATED_FACTOR
) -> Mapping[TaskType, float]:
    """The evidence for each type, in the units of `WEIGHTS`."""
    lexicon = load_lexicon()
    carried = _carried(sentence)
    telling: defaultdict[TaskType, float] = defaultdict(float)
    helping: defaultdict[TaskType, float] = defaultdict(float)
    for start, task_type, weight in _votes(sentence, lexicon):
        side = telling if weight >= WEIGHTS["strong"] else helping
        factor = _CARRIED_FACTOR if start in carried else 1.0
        side[task_type] += weight * (
            negated_factor if start in sentence.negated else factor
        )
    for task_type, weight in helping.items():
        telling[task_type] += min(weight, _MOST_HELP)
    return telling


def _carried(sentence: Sentence) -> frozenset[int]:
    return frozenset(
        position
        for match in _CARRY.finditer(sentence.plain)
        for position in range(*match.span())
    )


def _votes(sentence: Sentence, lexicon: Lexicon) -> Iterator[Vote]:
    matches = lexicon.index.find(sentence)
    for match in matches:
        for task_type, weight in lexicon.votes[match.word]:
            yield (
                match.start,
                task_type,
                _heard(sentence, match.start, match.end, weight),
            )
    yield from _combinations(sentence, lexicon)
    yield from _endings(sentence, lexicon, matches)


def _heard(sentence: Sentence, start: int, end: int, weight: float) -> float:
    """How much a word from `start` to `end` counts there."""
    is_occasion = _OCCASION.match(sentence.plain, end) or _OCCASION_AHEAD.search(
        sentence.plain, max(0, start - _LONGEST_AHEAD), start
    )
    return weight * _OCCASION_FACTOR if is_occasion else weight


def _combinations(sentence: Sentence, lexicon: Lexicon) -> list[Vote]:
    """Each combination counts once, whatever the number of its words."""
    members = lexicon.combination_index.find(sentence)
    found: dict[int, Vote] = {}
    for index, first in enumerate(members):
        for then in members[index + 1 : index + 4]:
            gap = then.start - first.end
            for number, pair in enumerate(lexicon.combinations):
                if (
                    gap <= pair.gap
                    and first.word in pair.first
                    and then.word in pair.then
                ):
                    weight = _heard(sentence, first.start, then.end, pair.weight)
                    found.setdefault(number, (then.start, pair.task_type, weight))
    return list(found.values())


def _endings(sentence: Sentence, lexicon: Lexicon, matches: list[Match]) -> list[Vote]:
    """Words that are not listed, by their last characters."""
    covered = {
        position for match in matches for position in range(match.start, match.end)
    }
    found: list[Vote] = []
    for token in sentence.tokens:
        if len(token.text) < 2 or token.end - 1 in covered:
            continue
        for size in range(min(4, len(token.text)), 0, -1):
            task_type = lexicon.endings.get(token.text[-size:])
            if task_type is not None:
                weight = _heard(sentence, token.start, token.end, ENDING_WEIGHT)
                found.append((token.start, task_type, weight))
                break
    return found
