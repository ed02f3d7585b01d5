"""How long before its time one wants to be reminded of a plan."""

import re
from dataclasses import dataclass
from functools import cache

from tasks_app.inference.contract import TaskType
from tasks_app.inference.local.matching import WordIndex
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.times import TimeSpan
from tasks_app.inference.local.wordlists import load_data, split_words

_CLAUSE = re.compile(r"[^，,。；;！!？?\n]+")


def lead_minutes(sentence: Sentence, task_type: TaskType, span: TimeSpan) -> int:
    """By the first list of planning.toml that has a word of the clause of `span`, else
    one of the sentence, else by type: 七点出门，十点的飞机 is about leaving.

    0 means at the time itself.
    """
    found = [
        match
        for match in _index().find_all(sentence)
        if match.start not in sentence.negated
    ]
    clause = _clause_of(sentence, span)
    near = {match.word for match in found if match.start in clause}
    fitting = (
        lead.minutes
        for said in (near, {match.word for match in found})
        for lead in _leads()
        if task_type in lead.types and not lead.words.isdisjoint(said)
    )
    by_type = load_data("planning.toml")["lead_minutes"][task_type]
    return next(fitting, int(by_type))


def _clause_of(sentence: Sentence, span: TimeSpan) -> range:
    clauses = (match.span() for match in _CLAUSE.finditer(sentence.plain))
    whole = next(clause for clause in clauses if clause[0] <= span.start < clause[1])
    return range(*whole)


@dataclass(frozen=True, slots=True)
class _Lead:
    minutes: int
    words: frozenset[str]
    types: frozenset[str]


@cache
def _leads() -> tuple[_Lead, ...]:
    return tuple(
        _Lead(
            int(row["minutes"]),
            frozenset(split_words(row["words"])),
            frozenset(split_words(row.get("types", "")) or TaskType),
        )
        for row in load_data("planning.toml")["lead"]
    )


@cache
def _index() -> WordIndex:
    return WordIndex(word for lead in _leads() for word in lead.words)
