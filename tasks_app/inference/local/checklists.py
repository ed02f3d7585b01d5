"""What a plan usually needs and this sentence does not settle."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from tasks_app.inference.contract import Entity, TaskType
from tasks_app.inference.local.groups import expand
from tasks_app.inference.local.language import Language
from tasks_app.inference.local.matching import WordIndex
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.timing import has_hour, says_same_hour, says_when
from tasks_app.inference.local.wordlists import load_data

_AMOUNTS = {
    kind: re.compile(pattern)
    for kind, pattern in load_data("checklists.toml")["amounts"].items()
}
_FETCH = re.compile(load_data("checklists.toml")["fetching"]["before"])
_LONGEST_FETCH = 16
_PART_OF_DAY = re.compile(load_data("checklists.toml")["habit"]["part_of_day"])
ENDS_IN = "~"
"""Before a character of a checklist: any word that ends in it."""
MOST = 4
"""More than this many omissions would not be read."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One point of a checklist (the fields are explained in checklists.toml)."""

    label: str
    """In the language of the list, like `advice`."""
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
        for slot in load_checklists(sentence.language)[task_type]
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
    kinds |= {"clock" for span in sentence.times if says_same_hour(span)}
    kinds |= {"interval" for span in sentence.times if _is_interval(span)}
    kinds |= {"occasion"} if says_when(sentence.plain) else set()
    kinds |= {"occasion" for span in sentence.times if span.kind is Kind.VAGUE}
    kinds |= {"fetching" for entity in entities if _is_fetched(sentence, entity)}
    untimed = "".join(
        " " if position in sentence.timed else char
        for position, char in enumerate(sentence.plain)
    )
    kinds |= {kind for kind, form in _AMOUNTS.items() if form.search(untimed)}
    return frozenset(kinds)


def _is_interval(span: TimeSpan) -> bool:
    """Every two hours or each evening: no hour of the day is to be asked for."""
    if span.kind is not Kind.RECURRING:
        return False
    return span.begins is None or _PART_OF_DAY.search(span.text) is not None


def _is_fetched(sentence: Sentence, entity: Entity) -> bool:
    """Whether somebody is picked up or seen off: 接我表弟, drop off Tom."""
    if entity.type != "person" or entity.start is None:
        return False
    start = max(0, entity.start - _LONGEST_FETCH)
    return _FETCH.search(sentence.plain, start, entity.start) is not None


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
    for language in Language:
        for slot in chain.from_iterable(load_checklists(language).values()):
            words |= slot.satisfied_by | slot.when | slot.unless
    return WordIndex(words)


@cache
def load_checklists(language: Language) -> dict[TaskType, tuple[Slot, ...]]:
    """The checklists by type, of what the data file has in the language."""
    rows = load_data("checklists.toml")
    return {
        task_type: tuple(
            _slot(row, language)
            for row in rows[task_type]
            if language in row["label"] and language in row["advice"]
        )
        for task_type in TaskType
    }


def _slot(row: dict[str, Any], language: Language) -> Slot:
    return Slot(
        label=row["label"][language],
        weight=float(row["weight"]),
        advice=row["advice"][language],
        satisfied_by=frozenset(expand(row.get("satisfied_by", ""))),
        settled_by=frozenset(row.get("settled_by", ())),
        when=frozenset(expand(row.get("when", ""))),
        unless=frozenset(expand(row.get("unless", ""))),
        is_for_unclear=bool(row.get("unclear", False)),
        is_thing=bool(row.get("thing", False)),
    )
