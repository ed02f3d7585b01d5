"""What a plan usually needs and this sentence does not settle."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from tasks_app.inference.contract import Entity, TaskType
from tasks_app.inference.local.groups import expand
from tasks_app.inference.local.matching import WordIndex
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.wordlists import load_data

_AMOUNTS = {
    kind: re.compile(pattern)
    for kind, pattern in load_data("checklists.toml")["amounts"].items()
}
ENDS_IN = "~"
"""Before a character of a checklist: any word that ends in it."""
MOST = 4
"""More than this many omissions would not be read."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One point of a checklist (the fields are explained in checklists.toml)."""

    label: str
    weight: float
    advice: str
    satisfied_by: frozenset[str]
    settled_by: frozenset[str]
    when: frozenset[str]
    unless: frozenset[str]
    is_for_unclear: bool
    is_thing: bool


@dataclass(frozen=True, slots=True)
class Mentions:
    """The words of all checklists that a sentence says."""

    wanted: frozenset[str]
    unwanted: frozenset[str]


def omissions(
    task_type: TaskType, sentence: Sentence, entities: list[Entity], *, is_unclear: bool
) -> list[Slot]:
    """The open points, the weightiest first, at most `MOST`."""
    mentions = _mentions(sentence)
    settled = _settled(sentence, entities)
    open_slots = [
        slot
        for slot in load_checklists()[task_type]
        if _is_asked(slot, mentions, is_unclear)
        and not _is_settled(slot, mentions, settled)
    ]
    open_slots.sort(key=lambda slot: -slot.weight)
    return open_slots[:MOST]


def _is_asked(slot: Slot, mentions: Mentions, is_unclear: bool) -> bool:
    if slot.is_for_unclear and not is_unclear:
        return False
    if slot.when and not slot.when & mentions.wanted:
        return False
    return not slot.unless & mentions.wanted


def _is_settled(slot: Slot, mentions: Mentions, settled: frozenset[str]) -> bool:
    """Also by saying that it is not needed: 不用带行李."""
    said = mentions.wanted | mentions.unwanted
    return bool(slot.satisfied_by & said or slot.settled_by & settled)


def _settled(sentence: Sentence, entities: list[Entity]) -> frozenset[str]:
    kinds = {entity.type for entity in entities}
    kinds |= {"clock" for span in sentence.times if has_hour(span)}
    kinds |= {"interval" for span in sentence.times if _is_interval(span)}
    untimed = "".join(
        " " if position in sentence.timed else char
        for position, char in enumerate(sentence.plain)
    )
    kinds |= {kind for kind, form in _AMOUNTS.items() if form.search(untimed)}
    return frozenset(kinds)


def _is_interval(span: TimeSpan) -> bool:
    """Every two hours: no hour of the day is to be asked for."""
    return span.kind is Kind.RECURRING and span.begins is None


def has_hour(span: TimeSpan) -> bool:
    """Whether an hour is said, as a time of day or by the distance from now."""
    return span.has_clock and span.kind is not Kind.DURATION


def _mentions(sentence: Sentence) -> Mentions:
    wanted: set[str] = set()
    unwanted: set[str] = set()
    for match in _index().find_all(sentence):
        side = unwanted if match.start in sentence.negated else wanted
        side.add(match.word)
    for token in sentence.tokens:
        if len(token.text) > 1 and ENDS_IN + token.text[-1] in _index():
            side = unwanted if token.start in sentence.negated else wanted
            side.add(ENDS_IN + token.text[-1])
    return Mentions(frozenset(wanted), frozenset(unwanted))


@cache
def _index() -> WordIndex:
    words: set[str] = set()
    for slots in load_checklists().values():
        for slot in slots:
            words |= slot.satisfied_by | slot.when | slot.unless
    return WordIndex(words)


@cache
def load_checklists() -> dict[TaskType, tuple[Slot, ...]]:
    """The checklists of the data file, by type."""
    rows = load_data("checklists.toml")
    return {task_type: tuple(map(_slot, rows[task_type])) for task_type in TaskType}


def _slot(row: dict[str, Any]) -> Slot:
    return Slot(
        label=row["label"],
        weight=float(row["weight"]),
        advice=row["advice"],
        satisfied_by=frozenset(expand(row.get("satisfied_by", ""))),
        settled_by=frozenset(row.get("settled_by", ())),
        when=frozenset(expand(row.get("when", ""))),
        unless=frozenset(expand(row.get("unless", ""))),
        is_for_unclear=bool(row.get("unclear", False)),
        is_thing=bool(row.get("thing", False)),
    )
